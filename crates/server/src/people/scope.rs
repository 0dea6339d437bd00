//! The roles a person holds come in; the units whose things that person may see go out, as one condition in SQL.

use super::permit::Permission;
use super::roles_of;
use crate::store::sql::Value;
use crate::store::{Grant, UnitId};

/// The units that a question reaches. Computed here and nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    everything: bool,
    alone: Vec<UnitId>,
    below: Vec<UnitId>,
}

impl Scope {
    /// No unit at all.
    pub fn nothing() -> Scope {
        Scope::default()
    }

    /// All units: for the program itself.
    pub(crate) fn everything() -> Scope {
        Scope {
            everything: true,
            ..Scope::default()
        }
    }

    /// Where these roles give this permission.
    pub fn of(grants: &[Grant], permission: Permission) -> Scope {
        let roles = roles_of(permission);
        let mut scope = Scope::nothing();
        for grant in grants.iter().filter(|g| roles.contains(&g.role)) {
            let units = if grant.role.reaches_below() {
                &mut scope.below
            } else {
                &mut scope.alone
            };
            if !units.contains(&grant.unit) {
                units.push(grant.unit.clone());
            }
        }
        scope
    }

    /// The condition that a unit in this column is within reach; its arguments are added.
    pub(crate) fn condition(&self, column: &str, args: &mut Vec<Value>) -> String {
        if self.everything {
            return "1 = 1".into();
        }
        let mut either = Vec::new();
        for (units, depth) in [(&self.alone, " AND scope.depth = 0"), (&self.below, "")] {
            if units.is_empty() {
                continue;
            }
            let marks: Vec<String> = units
                .iter()
                .map(|unit| {
                    args.push(Value::from(unit));
                    format!("${}", args.len())
                })
                .collect();
            either.push(format!("(scope.above IN ({}){depth})", marks.join(", ")));
        }
        if either.is_empty() {
            return "1 = 0".into();
        }
        format!(
            "EXISTS (SELECT 1 FROM unit_above scope WHERE scope.unit = {column} AND ({}))",
            either.join(" OR ")
        )
    }
}
