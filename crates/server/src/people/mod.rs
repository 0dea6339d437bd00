//! Names and passwords come in; sessions, roles and what a person may see go out.

mod password;
mod permit;
mod role;
mod scope;
mod session;
mod settings;
mod totp;

pub use password::Hasher;
pub use permit::{
    Allowed, COOKIE, Permission, Permit, Refused, TABLE, is_ours, permits, roles_of, token_of,
};
pub use role::Role;
pub use scope::Scope;
pub use session::{Factor, Invited, People, Session, SignIn, SignedIn, token_digest};
pub(crate) use session::{code_subject, login_subject};
pub use settings::Settings;
pub use totp::Totp;
