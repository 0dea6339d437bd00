//! The operator's choices come in; limits for passwords and sessions go out.

/// Limits for passwords and sessions; times in milliseconds.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Failed attempts after which an account is locked.
    pub failures: i64,
    /// How long it stays locked.
    pub lock: i64,
    /// After this long without a failure the count begins anew.
    pub forget_failures: i64,
    /// A session ends after this long without a request.
    pub idle: i64,
    /// A session ends after this long in any case.
    pub absolute: i64,
    /// How long a one-time link holds.
    pub invitation: i64,
    /// Fewest characters of a password.
    pub shortest_password: usize,
    /// Whether administrators need the second factor.
    pub admins_need_second_factor: bool,
}

const MINUTE: i64 = 60_000;

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            failures: 5,
            lock: 15 * MINUTE,
            forget_failures: 60 * MINUTE,
            idle: 30 * MINUTE,
            absolute: 12 * 60 * MINUTE,
            invitation: 3 * 24 * 60 * MINUTE,
            shortest_password: 10,
            admins_need_second_factor: true,
        }
    }
}
