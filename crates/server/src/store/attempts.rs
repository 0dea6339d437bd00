//! Attempts to sign in come in, right and wrong; what they came to, judged one after the other, goes out.
//!
//! They are judged by the writing task, so that a burst of guesses made at once gets no more answers than one after the other.

use super::sessions::nobody;
use super::sql::args;
use super::writer::Tx;
use super::{PersonId, Result, Store, StoreError};
use crate::audit::Trace;
use crate::people::{Settings, Totp};
use serde_json::json;

/// What an attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    Right,
    Wrong,
    /// Locked until then, whether it was right or wrong.
    Locked(i64),
}

impl Store {
    /// Until when a subject is locked, if it is now.
    pub(crate) async fn locked(&self, subject: &str, now: i64) -> Result<Option<i64>> {
        let row = self
            .reader()
            .await?
            .row(
                "SELECT locked_until FROM attempt WHERE subject = $1",
                args![subject],
            )
            .await?;
        let until = row.map(|r| r.int(0)).transpose()?;
        Ok(until.filter(|until| *until > now))
    }

    /// Counts a wrong password.
    pub(crate) async fn wrong_password(
        &self,
        subject: &str,
        settings: &Settings,
        now: i64,
    ) -> Result<Attempt> {
        let (subject, settings) = (subject.to_string(), settings.clone());
        self.write(move |tx| {
            Box::pin(async move {
                tx.count_failure("session.refused", subject, &settings, now)
                    .await
            })
        })
        .await
    }

    /// Accepts a code once: the step it belongs to is remembered in the same change. Counts a wrong one.
    pub(crate) async fn try_code(
        &self,
        person: &PersonId,
        code: &str,
        subject: &str,
        settings: &Settings,
        now: i64,
    ) -> Result<Attempt> {
        let (person, code, subject) = (person.clone(), code.to_string(), subject.to_string());
        let settings = settings.clone();
        // A right one leaves its audit row with the session that it begins.
        self.write_silently(move |tx| {
            Box::pin(async move {
                if let Some(until) = tx.locked(&subject, now).await? {
                    return Ok(Attempt::Locked(until));
                }
                let row = tx
                    .link
                    .row(
                        "SELECT totp, totp_step FROM identity WHERE person = $1",
                        args![&person],
                    )
                    .await?;
                let mut step = None;
                if let Some(row) = row
                    && let Some(totp) = row.opt_text(0)?.and_then(|t| Totp::from_letters(&t))
                {
                    step = totp.accepts(&code, now, row.int(1)?);
                }
                let Some(step) = step else {
                    return tx
                        .count_failure("code.refused", subject, &settings, now)
                        .await;
                };
                tx.link
                    .run(
                        "UPDATE identity SET totp_step = $2 WHERE person = $1",
                        args![&person, step],
                    )
                    .await?;
                Ok(Attempt::Right)
            })
        })
        .await
    }
}

impl Tx {
    /// Until when a subject is locked, if it is now.
    pub(super) async fn locked(&mut self, subject: &str, now: i64) -> Result<Option<i64>> {
        let row = self
            .link
            .row(
                "SELECT locked_until FROM attempt WHERE subject = $1",
                args![subject],
            )
            .await?;
        let until = row.map(|r| r.int(0)).transpose()?;
        Ok(until.filter(|until| *until > now))
    }

    async fn count_failure(
        &mut self,
        action: &'static str,
        subject: String,
        settings: &Settings,
        now: i64,
    ) -> Result<Attempt> {
        let mut locked = self.locked(&subject, now).await?;
        let mut failures = 0;
        if locked.is_none() {
            let row = self
                .link
                .row(
                    "INSERT INTO attempt (subject, failures, last, locked_until) VALUES ($1, 1, $2, 0) \
                     ON CONFLICT (subject) DO UPDATE SET last = excluded.last, failures = \
                     CASE WHEN attempt.last < $3 THEN 1 ELSE attempt.failures + 1 END \
                     RETURNING failures",
                    args![&subject, now, now - settings.forget_failures],
                )
                .await?
                .ok_or(StoreError::Missing)?;
            failures = row.int(0)?;
            locked = (failures >= settings.failures).then_some(now + settings.lock);
        }
        if let Some(until) = locked.filter(|_| failures > 0) {
            self.link
                .run(
                    "UPDATE attempt SET locked_until = $2, failures = 0 WHERE subject = $1",
                    args![&subject, until],
                )
                .await?;
        }
        let detail = json!({ "failures": failures, "locked": locked.is_some() });
        let trace = Trace {
            action,
            kind: "attempt",
            subject,
            detail,
        };
        self.trace(&nobody(now), trace).await?;
        Ok(locked.map_or(Attempt::Wrong, Attempt::Locked))
    }
}
