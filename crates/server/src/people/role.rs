//! The word for a role comes in; what it may reach and what it excludes goes out.

use crate::store::words;

words! {
    /// What a person does here (角色); held in a unit.
    Role {
        /// Fills the forms of a unit (填表人).
        Preparer = "preparer", "填表人";
        /// Signs what the unit hands in (单位负责人).
        UnitHead = "unit-head", "单位负责人";
        /// Reviews what the units of a department hand in (部门财务).
        DepartmentFinance = "department-finance", "部门财务";
        /// Reviews for the bureau (绩效科审核).
        Reviewer = "reviewer", "绩效科审核";
        /// Looks again at chosen filings (复核专家).
        Expert = "expert", "复核专家";
        /// Keeps units and people (系统管理员).
        SystemAdmin = "system-admin", "系统管理员";
        /// Grants roles and unlocks accounts (安全管理员).
        SecurityAdmin = "security-admin", "安全管理员";
        /// Reads the audit chain (审计管理员).
        AuditAdmin = "audit-admin", "审计管理员";
        /// Reads what is published, without signing in (公众).
        Public = "public", "公众";
    }
}

impl Role {
    /// Whether the role reaches the units below the one it is held in.
    pub fn reaches_below(self) -> bool {
        match self {
            Role::Preparer | Role::UnitHead | Role::Expert | Role::Public => false,
            Role::DepartmentFinance
            | Role::Reviewer
            | Role::SystemAdmin
            | Role::SecurityAdmin
            | Role::AuditAdmin => true,
        }
    }

    /// Whether this is one of the three administrators (三员).
    pub fn is_admin(self) -> bool {
        matches!(
            self,
            Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin
        )
    }

    /// Whether one person must not hold both (三员分立).
    pub fn excludes(self, other: Role) -> bool {
        self != other && self.is_admin() && other.is_admin()
    }
}
