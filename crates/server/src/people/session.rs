//! A login and a password, then six digits, come in; a session that ends by itself goes out.

use super::totp::same;
use super::{Hasher, Permission, Role, Scope, Settings, Totp};
use crate::audit::{Trace, sha256_hex};
use crate::store::{
    Attempt, Context, Grant, PersonId, Result, SessionRow, Store, StoreError, UnitId, id,
};
use serde_json::json;
use std::sync::Arc;

/// The store with all that signing in needs. Cheap to clone.
#[derive(Clone)]
pub struct People {
    /// Where people and sessions are kept.
    pub store: Store,
    /// Limits.
    pub settings: Arc<Settings>,
    /// Hashes passwords.
    pub hasher: Hasher,
}

/// Whether the second factor was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// The account has one, and this session gave it.
    Given,
    /// The account has one, and this session has not given it yet.
    Awaited,
    /// The account has none.
    None,
}

impl Factor {
    /// Whether a session with these roles may go on.
    pub fn suffices(self, grants: &[Grant], settings: &Settings) -> bool {
        match self {
            Factor::Given => true,
            Factor::Awaited => false,
            Factor::None => {
                !(settings.admins_need_second_factor && grants.iter().any(|g| g.role.is_admin()))
            }
        }
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// The person.
    pub person: PersonId,
    /// The person's name in the audit chain.
    pub pseudonym: String,
    /// The person's name.
    pub name: String,
    /// The unit the person belongs to.
    pub unit: UnitId,
    /// The word that forms must bring back.
    pub csrf: String,
    /// Whether the second factor was given.
    pub factor: Factor,
    /// The roles the person holds, and where.
    pub grants: Vec<Grant>,
    /// SHA-256 of the session's token.
    pub digest: String,
}

impl Session {
    /// Whether a form brought the right word back.
    pub fn csrf_fits(&self, given: &str) -> bool {
        same(self.csrf.as_bytes(), given.as_bytes())
    }

    /// Whether some role of this person gives a permission.
    pub fn may(&self, permission: Permission) -> bool {
        Scope::of(&self.grants, permission) != Scope::nothing()
    }

    /// Whether this person holds a role anywhere.
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role)
    }
}

/// What came of an attempt to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// A session was made.
    Done(SignedIn),
    /// Login and password do not belong together, or the code is wrong. Says no more than that.
    Wrong,
    /// Too many attempts; again after this time (milliseconds since 1970).
    Locked(i64),
}

/// A session that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The token for the cookie; only its digest is stored.
    pub token: String,
    /// Whether the second factor is still to be given.
    pub second_factor: bool,
}

/// A one-time link that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The token for the address; only its digest is stored.
    pub token: String,
    /// Until when it holds.
    pub until: i64,
}

/// What is stored of a token.
pub fn token_digest(token: &str) -> String {
    sha256_hex(format!("jiheng session 1\n{token}").as_bytes())
}

/// Under what failed passwords of a login are counted: whether it exists shows in nothing.
pub(crate) fn login_subject(login: &str) -> String {
    sha256_hex(format!("login\n{login}").as_bytes())
}

/// Under what wrong codes of a person are counted.
pub(crate) fn code_subject(person: &PersonId) -> String {
    sha256_hex(format!("code\n{person}").as_bytes())
}

impl People {
    /// A store with settings; at most two passwords are hashed at once.
    pub fn new(store: Store, settings: Settings) -> People {
        People {
            store,
            settings: Arc::new(settings),
            hasher: Hasher::new(2),
        }
    }

    /// Signs in by login and password. A session that the browser held before ends with it.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        previous: Option<&str>,
        now: i64,
    ) -> Result<SignIn> {
        let subject = login_subject(login.trim());
        if let Some(until) = self.store.locked(&subject, now).await? {
            return Ok(SignIn::Locked(until));
        }
        let known = self.store.credentials(login.trim()).await?;
        let hash = known.as_ref().and_then(|k| k.password.clone());
        let fits = self.hasher.fits(password, hash.as_deref()).await?;
        let Some(known) = known.filter(|_| fits) else {
            let counted = self.store.wrong_password(&subject, &self.settings, now);
            return Ok(refused(counted.await?));
        };
        let ctx = known.context(now);
        let awaited = known.totp.is_some();
        self.begin(
            &ctx,
            known.person,
            previous,
            subject,
            Begun {
                given: false,
                awaited,
            },
        )
        .await
    }

    /// Gives the six digits; the session goes on under a new token.
    pub async fn second_factor(&self, token: &str, code: &str, now: i64) -> Result<SignIn> {
        let Some(session) = self.session(token, now).await? else {
            return Ok(SignIn::Wrong);
        };
        let subject = code_subject(&session.person);
        let (store, settings) = (&self.store, &self.settings);
        let tried = store.try_code(&session.person, code, &subject, settings, now);
        match tried.await? {
            Attempt::Right => {
                let ctx = session.context(now);
                let begun = Begun {
                    given: true,
                    awaited: false,
                };
                self.begin(&ctx, session.person, Some(token), subject, begun)
                    .await
            }
            other => Ok(refused(other)),
        }
    }

    /// The session of a token, unless it has ended.
    pub async fn session(&self, token: &str, now: i64) -> Result<Option<Session>> {
        let digest = token_digest(token);
        let Some(row) = self.store.session_row(&digest).await? else {
            return Ok(None);
        };
        if now >= row.until || now >= row.seen + self.settings.idle || !row.active {
            self.store.end_session(&digest).await?;
            return Ok(None);
        }
        // Not every request is a write: a tenth of the idle time is near enough.
        if now > row.seen + self.settings.idle / 10 {
            self.store.session_seen(&digest, now).await?;
        }
        let grants = self.store.grants_of(&row.person).await?;
        Ok(Some(Session {
            factor: match (row.has_totp, row.second_factor) {
                (false, _) => Factor::None,
                (true, true) => Factor::Given,
                (true, false) => Factor::Awaited,
            },
            person: row.person,
            pseudonym: row.pseudonym,
            name: row.name,
            unit: row.unit,
            csrf: row.csrf,
            grants,
            digest,
        }))
    }

    /// Ends a session.
    pub async fn sign_out(&self, session: &Session, now: i64) -> Result<()> {
        let ctx = session.context(now);
        self.store.sign_out(&ctx, &session.digest).await
    }

    /// Makes a one-time link by which a person sets a password.
    pub async fn invite(&self, ctx: &Context, person: &PersonId) -> Result<Invited> {
        let token = id::secret();
        let until = ctx.now + self.settings.invitation;
        self.store
            .keep_invitation(ctx, person, &token_digest(&token), until)
            .await?;
        Ok(Invited { token, until })
    }

    /// Uses a one-time link: sets the password and ends all sessions of the person. `Missing` where the link does not hold.
    pub async fn redeem(&self, token: &str, password: &str, now: i64) -> Result<PersonId> {
        self.check_password(password)?;
        let hash = self.hasher.hash(password).await?;
        self.store
            .use_invitation(&token_digest(token), hash, now)
            .await
    }

    /// Whether a one-time link holds.
    pub async fn invitation_holds(&self, token: &str, now: i64) -> Result<bool> {
        self.store.invitation_holds(&token_digest(token), now).await
    }

    /// Sets one's own password; all other sessions end. `false` where the present one is wrong.
    pub async fn change_password(
        &self,
        session: &Session,
        present: &str,
        new: &str,
        now: i64,
    ) -> Result<bool> {
        self.check_password(new)?;
        let hash = self.store.password_of(&session.person).await?;
        if !self.hasher.fits(present, hash.as_deref()).await? {
            return Ok(false);
        }
        let hash = self.hasher.hash(new).await?;
        let ctx = session.context(now);
        self.store
            .set_password(&ctx, &session.person, hash, Some(&session.digest))
            .await?;
        Ok(true)
    }

    /// Sets up the second factor with a code that proves the authenticator has it; `false` where the code is wrong.
    pub async fn set_totp(
        &self,
        session: &Session,
        totp: &Totp,
        code: &str,
        now: i64,
    ) -> Result<bool> {
        let Some(step) = totp.accepts(code, now, -1) else {
            return Ok(false);
        };
        // A session that owes its second factor must not replace it.
        if session.factor == Factor::Awaited {
            return Ok(false);
        }
        let ctx = session.context(now);
        self.store
            .set_totp(&ctx, &session.person, totp.letters(), step, &session.digest)
            .await?;
        Ok(true)
    }

    fn check_password(&self, password: &str) -> Result<()> {
        let n = password.chars().count();
        let least = self.settings.shortest_password;
        if n < least {
            return Err(StoreError::Invalid(format!(
                "密码有 {n} 个字符，至少要 {least} 个。可以用一句自己记得住的话。"
            )));
        }
        if n > 256 {
            return Err(StoreError::Invalid(
                "密码太长，最多 256 个字符。".to_string(),
            ));
        }
        Ok(())
    }

    /// A new session in place of the one before, unless the subject was locked meanwhile.
    async fn begin(
        &self,
        ctx: &Context,
        person: PersonId,
        previous: Option<&str>,
        subject: String,
        begun: Begun,
    ) -> Result<SignIn> {
        let token = id::secret();
        let row = SessionRow {
            digest: token_digest(&token),
            csrf: id::secret(),
            until: ctx.now + self.settings.absolute,
            second_factor: begun.given,
            person,
        };
        let trace = Trace {
            action: "session.began",
            kind: "person",
            subject: ctx.pseudonym.clone(),
            detail: json!({ "second_factor": begun.given }),
        };
        let previous = previous.map(token_digest);
        let made = self.store.begin_session(ctx, row, previous, subject, trace);
        Ok(match made.await? {
            Attempt::Right => SignIn::Done(SignedIn {
                token,
                second_factor: begun.awaited,
            }),
            other => refused(other),
        })
    }
}

/// Where a session begins: whether the second factor was given, or is still to be.
struct Begun {
    given: bool,
    awaited: bool,
}

/// What somebody who is not let in is told.
fn refused(attempt: Attempt) -> SignIn {
    match attempt {
        Attempt::Locked(until) => SignIn::Locked(until),
        Attempt::Right | Attempt::Wrong => SignIn::Wrong,
    }
}

impl Session {
    /// This person, with nothing in scope: for one's own account.
    fn context(&self, now: i64) -> Context {
        Context {
            person: Some(self.person.clone()),
            pseudonym: self.pseudonym.clone(),
            scope: Scope::nothing(),
            now,
        }
    }
}
