//! A request comes in; proof that its sender may do what the handler does, or a refusal, goes out.
//!
//! A handler that takes [`Allowed<P>`] cannot be reached without the permission `P`, and the [`Context`] inside reaches
//! only the units where a role gives that very permission. [`TABLE`] is the one list of who may do what.

use super::{People, Role, Scope, Session};
use crate::store::{Context, StoreError, now, words};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::marker::PhantomData;

words! {
    /// Something that not everybody may do.
    Permission {
        /// Changes one's own password and second factor.
        OwnAccount = "own-account", "管理本人账号";
        /// Opens filings, their history and their evidence.
        SeeFiling = "see-filing", "查看填报材料";
        /// Fills forms and hands in evidence.
        FillForms = "fill-forms", "填报";
        /// Writes remarks on cells and resolves them.
        WriteRemarks = "write-remarks", "批注";
        /// Signs and hands in.
        SignFiling = "sign-filing", "签署报送";
        /// Passes or returns what was handed in.
        ReviewFiling = "review-filing", "审核";
        /// Sets the year's task and who takes part.
        ManageCampaigns = "manage-campaigns", "布置年度自评";
        /// Keeps the tree of units.
        ManageUnits = "manage-units", "管理单位";
        /// Adds, suspends and erases people, and invites them.
        ManagePeople = "manage-people", "管理人员";
        /// Grants and takes away roles, unlocks accounts.
        GrantRoles = "grant-roles", "授权";
        /// Reads and exports the audit chain.
        ReadAudit = "read-audit", "查看审计记录";
        /// Makes backups and sees the state of the server.
        Operate = "operate", "运行维护";
    }
}

/// Who may do what. Routes, their tests and the documentation read this list.
pub const TABLE: &[(Permission, &[Role])] = {
    use Role::*;
    &[
        (
            Permission::OwnAccount,
            &[
                Preparer,
                UnitHead,
                DepartmentFinance,
                Reviewer,
                Expert,
                SystemAdmin,
                SecurityAdmin,
                AuditAdmin,
            ],
        ),
        (
            Permission::SeeFiling,
            &[Preparer, UnitHead, DepartmentFinance, Reviewer, Expert],
        ),
        (Permission::FillForms, &[Preparer]),
        (
            Permission::WriteRemarks,
            &[Preparer, UnitHead, DepartmentFinance, Reviewer, Expert],
        ),
        (Permission::SignFiling, &[UnitHead]),
        (Permission::ReviewFiling, &[DepartmentFinance, Reviewer]),
        (Permission::ManageCampaigns, &[Reviewer]),
        (Permission::ManageUnits, &[SystemAdmin]),
        (Permission::ManagePeople, &[SystemAdmin]),
        (Permission::GrantRoles, &[SecurityAdmin]),
        (Permission::ReadAudit, &[AuditAdmin]),
        (Permission::Operate, &[SystemAdmin]),
    ]
};

/// The roles that give a permission.
pub fn roles_of(permission: Permission) -> &'static [Role] {
    TABLE
        .iter()
        .find(|(p, _)| *p == permission)
        .map_or(&[], |(_, roles)| roles)
}

/// A permission as a type.
pub trait Permit: Send + Sync + 'static {
    /// Which one it is.
    const PERMISSION: Permission;
}

/// The permissions as types, one for each [`Permission`], for use in handlers' signatures.
pub mod permits {
    use super::{Permission, Permit};

    macro_rules! permits {
        ($($name:ident),* $(,)?) => {$(
            #[doc = concat!("[`Permission::", stringify!($name), "`] as a type.")]
            #[derive(Debug)]
            pub struct $name;

            impl Permit for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )*};
    }

    permits! {
        OwnAccount,
        SeeFiling,
        FillForms,
        WriteRemarks,
        SignFiling,
        ReviewFiling,
        ManageCampaigns,
        ManageUnits,
        ManagePeople,
        GrantRoles,
        ReadAudit,
        Operate,
    }
}

/// Proof that the sender of a request holds permission `P` somewhere.
pub struct Allowed<P> {
    /// Who asks, reaching only where `P` holds.
    pub ctx: Context,
    /// The session.
    pub session: Session,
    of: PhantomData<P>,
}

impl<P: Permit> Allowed<P> {
    /// What a session that is signed in may do at a time, if it may do `P` at all.
    pub fn by(session: Session, people: &People, now: i64) -> Result<Allowed<P>, Refused> {
        let scope = Scope::of(&session.grants, P::PERMISSION);
        if scope == Scope::nothing() {
            return Err(Refused::NotAllowed);
        }
        let own = P::PERMISSION == Permission::OwnAccount;
        if !own && !session.factor.suffices(&session.grants, &people.settings) {
            return Err(Refused::SecondFactor);
        }
        Ok(Allowed {
            ctx: Context {
                person: Some(session.person.clone()),
                pseudonym: session.pseudonym.clone(),
                scope,
                now,
            },
            session,
            of: PhantomData,
        })
    }
}

/// Why a request is turned away before its handler runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody is signed in, or no longer; the address that was asked for, where a page was.
    NotSignedIn(Option<String>),
    /// Signed in, but the second factor is still to be given or set up.
    SecondFactor,
    /// No role of this person gives the permission.
    NotAllowed,
    /// The request was made by a page of somebody else's.
    Foreign,
    /// The store did not answer.
    Store(StoreError),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, sentence) = match self {
            Refused::NotSignedIn(Some(path)) => {
                let to: String = path
                    .bytes()
                    .map(|b| match b {
                        b if b.is_ascii_alphanumeric() || b"/-_.".contains(&b) => {
                            (b as char).to_string()
                        }
                        b => format!("%{b:02X}"),
                    })
                    .collect();
                return Redirect::to(&format!("/sign-in?to={to}")).into_response();
            }
            Refused::NotSignedIn(None) => (
                StatusCode::UNAUTHORIZED,
                "登录已过期。请重新登录，未保存的内容仍在本机。",
            ),
            Refused::SecondFactor => return Redirect::to("/sign-in/second").into_response(),
            Refused::NotAllowed => (
                StatusCode::FORBIDDEN,
                "您的角色不能做这一步。需要时请联系本单位或财政局的管理员。",
            ),
            Refused::Foreign => (
                StatusCode::FORBIDDEN,
                "这个请求来自别的网页，没有执行。请在本站页面上重做一次。",
            ),
            Refused::Store(e) => {
                tracing::error!(error = ?e, "session not read");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "服务器暂时没有答复，请稍后再试。",
                )
            }
        };
        (status, sentence).into_response()
    }
}

/// The name of the session's cookie.
pub const COOKIE: &str = "jiheng";

/// The session token that a request carries.
pub fn token_of(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// Whether a request that changes something was made by a page of this site, as far as the browser says.
pub fn is_ours(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, rest)| rest == host),
        // Neither header: not a browser of today, and the cookie is SameSite.
        (None, _) => true,
        _ => false,
    }
}

impl<S> FromRequestParts<S> for Session
where
    S: Send + Sync,
    People: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Session, Refused> {
        if let Some(session) = parts.extensions.get::<Session>() {
            return Ok(session.clone());
        }
        if !is_ours(&parts.method, &parts.headers) {
            return Err(Refused::Foreign);
        }
        let wants_page = parts.method == Method::GET
            && parts
                .headers
                .get(header::ACCEPT)
                .and_then(|v| v.to_str().ok())
                .is_some_and(|v| v.contains("text/html"));
        let nobody = || {
            let path = parts.uri.path_and_query().map(|p| p.as_str().to_string());
            Refused::NotSignedIn(path.filter(|_| wants_page))
        };
        let Some(token) = token_of(&parts.headers) else {
            return Err(nobody());
        };
        let found = People::from_ref(state).session(token, now()).await;
        let session = found.map_err(Refused::Store)?.ok_or_else(nobody)?;
        parts.extensions.insert(session.clone());
        Ok(session)
    }
}

impl<S, P> FromRequestParts<S> for Allowed<P>
where
    S: Send + Sync,
    P: Permit,
    People: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Allowed<P>, Refused> {
        let session = Session::from_request_parts(parts, state).await?;
        Allowed::by(session, &People::from_ref(state), now())
    }
}
