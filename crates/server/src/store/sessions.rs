//! Digests of tokens and passwords come in; sessions, invitations and counted failures go out. What they mean is decided in `people`.

use super::sql::args;
use super::{Attempt, Context, PersonId, Result, Store, StoreError, UnitId};
use crate::audit::Trace;
use crate::people::Scope;
use serde_json::json;

/// What signing in needs to know of an account.
pub(crate) struct Credentials {
    pub person: PersonId,
    pub pseudonym: String,
    pub password: Option<String>,
    pub totp: Option<String>,
}

impl Credentials {
    /// This person, with nothing in scope.
    pub fn context(&self, now: i64) -> Context {
        Context {
            person: Some(self.person.clone()),
            pseudonym: self.pseudonym.clone(),
            scope: Scope::nothing(),
            now,
        }
    }
}

/// A session to be stored.
pub(crate) struct SessionRow {
    pub digest: String,
    pub person: PersonId,
    pub csrf: String,
    pub until: i64,
    pub second_factor: bool,
}

/// A session with its person, as stored.
pub(crate) struct FoundSession {
    pub person: PersonId,
    pub pseudonym: String,
    pub name: String,
    pub unit: UnitId,
    pub csrf: String,
    pub seen: i64,
    pub until: i64,
    pub second_factor: bool,
    pub has_totp: bool,
    pub active: bool,
}

/// Somebody of whom nothing is known yet.
pub(super) fn nobody(now: i64) -> Context {
    Context {
        person: None,
        pseudonym: "nobody".into(),
        scope: Scope::nothing(),
        now,
    }
}

impl Store {
    pub(crate) async fn credentials(&self, login: &str) -> Result<Option<Credentials>> {
        let row = self
            .reader()
            .await?
            .row(
                "SELECT p.id, p.pseudonym, i.password, i.totp FROM identity i \
                 JOIN person p ON p.id = i.person WHERE i.login = $1 AND p.state = 'active'",
                args![login],
            )
            .await?;
        row.map(|r| {
            Ok(Credentials {
                person: r.text(0)?.into(),
                pseudonym: r.text(1)?,
                password: r.opt_text(2)?,
                totp: r.opt_text(3)?,
            })
        })
        .transpose()
    }

    pub(crate) async fn password_of(&self, person: &PersonId) -> Result<Option<String>> {
        let row = self
            .reader()
            .await?
            .row(
                "SELECT password FROM identity WHERE person = $1",
                args![person],
            )
            .await?;
        row.map_or(Ok(None), |r| r.opt_text(0))
    }

    /// Begins a session in place of the one before, unless the `subject` of the attempt was locked meanwhile.
    pub(crate) async fn begin_session(
        &self,
        ctx: &Context,
        row: SessionRow,
        previous: Option<String>,
        subject: String,
        trace: Trace,
    ) -> Result<Attempt> {
        let ctx = ctx.clone();
        self.write(move |tx| {
            Box::pin(async move {
                if let Some(until) = tx.locked(&subject, ctx.now).await? {
                    let action = "session.refused";
                    tx.trace(&ctx, Trace { action, ..trace }).await?;
                    return Ok(Attempt::Locked(until));
                }
                if let Some(previous) = previous {
                    tx.link
                        .run("DELETE FROM session WHERE token = $1", args![previous])
                        .await?;
                }
                tx.link
                    .run("DELETE FROM attempt WHERE subject = $1", args![subject])
                    .await?;
                tx.link
                    .run(
                        "INSERT INTO session (token, person, csrf, created, seen, until, second_factor) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7)",
                        args![
                            row.digest,
                            &row.person,
                            row.csrf,
                            ctx.now,
                            ctx.now,
                            row.until,
                            i64::from(row.second_factor)
                        ],
                    )
                    .await?;
                tx.trace(&ctx, trace).await?;
                Ok(Attempt::Right)
            })
        })
        .await
    }

    pub(crate) async fn session_row(&self, digest: &str) -> Result<Option<FoundSession>> {
        let row = self
            .reader()
            .await?
            .row(
                "SELECT p.id, p.pseudonym, i.name, p.unit, s.csrf, s.seen, s.until, s.second_factor, \
                 CAST(CASE WHEN i.totp IS NULL THEN 0 ELSE 1 END AS BIGINT), p.state \
                 FROM session s JOIN person p ON p.id = s.person JOIN identity i ON i.person = p.id \
                 WHERE s.token = $1",
                args![digest],
            )
            .await?;
        row.map(|r| {
            Ok(FoundSession {
                person: r.text(0)?.into(),
                pseudonym: r.text(1)?,
                name: r.text(2)?,
                unit: r.text(3)?.into(),
                csrf: r.text(4)?,
                seen: r.int(5)?,
                until: r.int(6)?,
                second_factor: r.int(7)? != 0,
                has_totp: r.int(8)? != 0,
                active: r.text(9)? == "active",
            })
        })
        .transpose()
    }

    pub(crate) async fn session_seen(&self, digest: &str, now: i64) -> Result<()> {
        let digest = digest.to_string();
        self.write_silently(move |tx| {
            Box::pin(async move {
                tx.link
                    .run(
                        "UPDATE session SET seen = $2 WHERE token = $1",
                        args![digest, now],
                    )
                    .await?;
                Ok(())
            })
        })
        .await
    }

    pub(crate) async fn end_session(&self, digest: &str) -> Result<()> {
        let digest = digest.to_string();
        self.write_silently(move |tx| {
            Box::pin(async move {
                tx.link
                    .run("DELETE FROM session WHERE token = $1", args![digest])
                    .await?;
                Ok(())
            })
        })
        .await
    }

    pub(crate) async fn sign_out(&self, ctx: &Context, digest: &str) -> Result<()> {
        let (ctx, digest) = (ctx.clone(), digest.to_string());
        self.write(move |tx| {
            Box::pin(async move {
                tx.link
                    .run("DELETE FROM session WHERE token = $1", args![digest])
                    .await?;
                let subject = ctx.pseudonym.clone();
                let trace = Trace {
                    action: "session.ended",
                    kind: "person",
                    subject,
                    detail: json!({}),
                };
                tx.trace(&ctx, trace).await
            })
        })
        .await
    }

    pub(crate) async fn keep_invitation(
        &self,
        ctx: &Context,
        person: &PersonId,
        digest: &str,
        until: i64,
    ) -> Result<()> {
        let (ctx, person, digest) = (ctx.clone(), person.clone(), digest.to_string());
        self.write(move |tx| {
            Box::pin(async move {
                let pseudonym = tx.person_in_scope(&ctx, &person).await?;
                tx.link
                    .run("DELETE FROM invitation WHERE person = $1", args![&person])
                    .await?;
                tx.link
                    .run(
                        "INSERT INTO invitation (token, person, until) VALUES ($1, $2, $3)",
                        args![digest, &person, until],
                    )
                    .await?;
                let trace = Trace {
                    action: "person.invited",
                    kind: "person",
                    subject: pseudonym,
                    detail: json!({ "until": until }),
                };
                tx.trace(&ctx, trace).await
            })
        })
        .await
    }

    pub(crate) async fn invitation_holds(&self, digest: &str, now: i64) -> Result<bool> {
        let row = self
            .reader()
            .await?
            .row(
                "SELECT until FROM invitation WHERE token = $1",
                args![digest],
            )
            .await?;
        Ok(match row {
            Some(row) => row.int(0)? > now,
            None => false,
        })
    }

    pub(crate) async fn use_invitation(
        &self,
        digest: &str,
        hash: String,
        now: i64,
    ) -> Result<PersonId> {
        let digest = digest.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                let row = tx
                    .link
                    .row(
                        "SELECT p.id, p.pseudonym FROM invitation v JOIN person p ON p.id = v.person \
                         WHERE v.token = $1 AND v.until > $2 AND p.state = 'active'",
                        args![&digest, now],
                    )
                    .await?
                    .ok_or(StoreError::Missing)?;
                let (person, pseudonym) = (PersonId::from(row.text(0)?), row.text(1)?);
                tx.link
                    .run("DELETE FROM invitation WHERE token = $1", args![&digest])
                    .await?;
                let ctx = Context { person: Some(person.clone()), pseudonym, ..nobody(now) };
                tx.password_set(&ctx, &person, hash, "").await?;
                Ok(person)
            })
        })
        .await
    }

    pub(crate) async fn set_password(
        &self,
        ctx: &Context,
        person: &PersonId,
        hash: String,
        spare: Option<&str>,
    ) -> Result<()> {
        let (ctx, person) = (ctx.clone(), person.clone());
        let spare = spare.unwrap_or("").to_string();
        self.write(move |tx| {
            Box::pin(async move { tx.password_set(&ctx, &person, hash, &spare).await })
        })
        .await
    }

    /// Stores the second factor; this session counts as having given it, all others of the person end.
    pub(crate) async fn set_totp(
        &self,
        ctx: &Context,
        person: &PersonId,
        letters: String,
        step: i64,
        digest: &str,
    ) -> Result<()> {
        let (ctx, person, digest) = (ctx.clone(), person.clone(), digest.to_string());
        self.write(move |tx| {
            Box::pin(async move {
                tx.link
                    .run(
                        "UPDATE identity SET totp = $2, totp_step = $3 WHERE person = $1",
                        args![&person, letters, step],
                    )
                    .await?;
                tx.link
                    .run(
                        "DELETE FROM session WHERE person = $1 AND token <> $2",
                        args![&person, &digest],
                    )
                    .await?;
                tx.link
                    .run(
                        "UPDATE session SET second_factor = 1 WHERE token = $1",
                        args![&digest],
                    )
                    .await?;
                let subject = ctx.pseudonym.clone();
                let trace = Trace {
                    action: "second-factor.set",
                    kind: "person",
                    subject,
                    detail: json!({}),
                };
                tx.trace(&ctx, trace).await
            })
        })
        .await
    }
}

impl super::writer::Tx {
    async fn password_set(
        &mut self,
        ctx: &Context,
        person: &PersonId,
        hash: String,
        spare: &str,
    ) -> Result<()> {
        self.link
            .run(
                "UPDATE identity SET password = $2, password_at = $3 WHERE person = $1",
                args![person, hash, ctx.now],
            )
            .await?;
        self.link
            .run(
                "DELETE FROM session WHERE person = $1 AND token <> $2",
                args![person, spare],
            )
            .await?;
        let trace = Trace {
            action: "password.set",
            kind: "person",
            subject: ctx.pseudonym.clone(),
            detail: json!({}),
        };
        self.trace(ctx, trace).await
    }
}
