//! People and the roles they hold come in; those within one's scope go out, and a name can be erased for good.

use super::sql::{Row, args, made};
use super::writer::Tx;
use super::{Context, PersonId, Result, Store, StoreError, UnitId, bounded, id, words};
use crate::audit::Trace;
use crate::people::{Role, code_subject, login_subject};
use serde_json::json;
use std::collections::HashMap;

words! {
    /// Whether a person may sign in.
    PersonState {
        /// May sign in.
        Active = "active", "在用";
        /// May not, for now.
        Suspended = "suspended", "停用";
        /// The name is gone; what was done stays.
        Erased = "erased", "已注销";
    }
}

/// A person as administrators see one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Person {
    /// Its identifier.
    pub id: PersonId,
    /// The name in the audit chain.
    pub pseudonym: String,
    /// The unit the person belongs to.
    pub unit: UnitId,
    /// Whether the person may sign in.
    pub state: PersonState,
    /// The name, unless erased.
    pub name: Option<String>,
    /// The login, unless erased.
    pub login: Option<String>,
    /// Whether a password was set.
    pub has_password: bool,
    /// Whether a second factor was set up.
    pub has_second_factor: bool,
}

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The unit the person belongs to.
    pub unit: UnitId,
    /// What the person signs in with.
    pub login: String,
    /// The name.
    pub name: String,
}

/// A role held in a unit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where.
    pub unit: UnitId,
}

const COLUMNS: &str = "p.id, p.pseudonym, p.unit, p.state, i.name, i.login, \
    CAST(CASE WHEN i.password IS NULL THEN 0 ELSE 1 END AS BIGINT), \
    CAST(CASE WHEN i.totp IS NULL THEN 0 ELSE 1 END AS BIGINT)";

fn person(row: &Row) -> Result<Person> {
    Ok(Person {
        id: row.text(0)?.into(),
        pseudonym: row.text(1)?,
        unit: row.text(2)?.into(),
        state: PersonState::stored(&row.text(3)?)?,
        name: row.opt_text(4)?,
        login: row.opt_text(5)?,
        has_password: row.int(6)? != 0,
        has_second_factor: row.int(7)? != 0,
    })
}

fn deed(action: &'static str, pseudonym: &str, detail: serde_json::Value) -> Trace {
    Trace {
        action,
        kind: "person",
        subject: pseudonym.to_string(),
        detail,
    }
}

impl Store {
    /// Adds a person to a unit in scope. Without a password: that comes by a one-time link.
    pub async fn add_person(&self, ctx: &Context, new: NewPerson) -> Result<PersonId> {
        bounded("登录名", &new.login, 60)?;
        bounded("姓名", &new.name, 60)?;
        let ctx = ctx.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.unit_in_scope(&ctx, &new.unit).await?;
                let (person, pseudonym) = (PersonId::random(), format!("p-{}", &id::random()[..16]));
                tx.link
                    .run(
                        "INSERT INTO person (id, pseudonym, unit, state, created) VALUES ($1, $2, $3, 'active', $4)",
                        args![&person, &pseudonym, &new.unit, ctx.now],
                    )
                    .await?;
                tx.link
                    .run(
                        "INSERT INTO identity (person, login, name, totp_step) VALUES ($1, $2, $3, -1)",
                        args![&person, new.login.trim(), new.name.trim()],
                    )
                    .await?;
                tx.trace(&ctx, deed("person.added", &pseudonym, json!({ "unit": new.unit })))
                    .await?;
                Ok(person)
            })
        })
        .await
    }

    /// The people of units in scope, by name. The reading is recorded.
    pub async fn people(&self, ctx: &Context) -> Result<Vec<Person>> {
        let mut args = vec![];
        let within = ctx.scope.condition("p.unit", &mut args);
        let sql = format!(
            "SELECT {COLUMNS} FROM person p LEFT JOIN identity i ON i.person = p.id WHERE {within} \
             ORDER BY p.unit, i.name, p.id"
        );
        let rows = self.reader().await?.rows(made(sql), args).await?;
        self.record_reading(ctx, "people.listed", "person", "")
            .await?;
        rows.iter().map(person).collect()
    }

    /// One person of a unit in scope. The reading is recorded.
    pub async fn person(&self, ctx: &Context, id: &PersonId) -> Result<Option<Person>> {
        let mut args = args![id];
        let within = ctx.scope.condition("p.unit", &mut args);
        let sql = format!(
            "SELECT {COLUMNS} FROM person p LEFT JOIN identity i ON i.person = p.id \
             WHERE p.id = $1 AND {within}"
        );
        let row = self.reader().await?.row(made(sql), args).await?;
        let Some(found) = row.as_ref().map(person).transpose()? else {
            return Ok(None);
        };
        self.record_reading(ctx, "person.read", "person", &found.pseudonym)
            .await?;
        Ok(Some(found))
    }

    /// Names of people who wrote what one may see; an erased one has none.
    pub async fn names(&self, people: &[PersonId]) -> Result<HashMap<PersonId, String>> {
        let mut names = HashMap::new();
        let mut link = self.reader().await?;
        for id in people {
            if names.contains_key(id) {
                continue;
            }
            let row = link
                .row("SELECT name FROM identity WHERE person = $1", args![id])
                .await?;
            if let Some(row) = row {
                names.insert(id.clone(), row.text(0)?);
            }
        }
        Ok(names)
    }

    /// The roles a person holds, and where.
    pub async fn grants_of(&self, id: &PersonId) -> Result<Vec<Grant>> {
        let rows = self
            .reader()
            .await?
            .rows(
                "SELECT role, unit FROM person_grant WHERE person = $1 ORDER BY role, unit",
                args![id],
            )
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Grant {
                    role: Role::stored(&row.text(0)?)?,
                    unit: row.text(1)?.into(),
                })
            })
            .collect()
    }

    /// Gives a person a role in a unit; both in scope. One of the three administrators takes no other's role, and nobody grants to oneself.
    pub async fn grant(
        &self,
        ctx: &Context,
        id: &PersonId,
        unit: &UnitId,
        role: Role,
    ) -> Result<()> {
        if ctx.person.as_ref() == Some(id) {
            return Err(StoreError::Invalid(
                "不能给自己授权。请由另一位安全管理员来做。".into(),
            ));
        }
        let (ctx, id, unit) = (ctx.clone(), id.clone(), unit.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let pseudonym = tx.person_in_scope(&ctx, &id).await?;
                tx.unit_in_scope(&ctx, &unit).await?;
                let rows = tx
                    .link
                    .rows(
                        "SELECT role FROM person_grant WHERE person = $1",
                        args![&id],
                    )
                    .await?;
                for row in rows {
                    if Role::stored(&row.text(0)?)?.excludes(role) {
                        return Err(StoreError::RolesApart);
                    }
                }
                tx.link
                    .run(
                        "INSERT INTO person_grant (person, unit, role, at) VALUES ($1, $2, $3, $4) \
                         ON CONFLICT (person, unit, role) DO NOTHING",
                        args![&id, &unit, role.word(), ctx.now],
                    )
                    .await?;
                let detail = json!({ "role": role.word(), "unit": unit });
                tx.trace(&ctx, deed("role.granted", &pseudonym, detail))
                    .await
            })
        })
        .await
    }

    /// Takes a role away.
    pub async fn revoke(
        &self,
        ctx: &Context,
        id: &PersonId,
        unit: &UnitId,
        role: Role,
    ) -> Result<()> {
        let (ctx, id, unit) = (ctx.clone(), id.clone(), unit.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let pseudonym = tx.person_in_scope(&ctx, &id).await?;
                tx.link
                    .run(
                        "DELETE FROM person_grant WHERE person = $1 AND unit = $2 AND role = $3",
                        args![&id, &unit, role.word()],
                    )
                    .await?;
                let detail = json!({ "role": role.word(), "unit": unit });
                tx.trace(&ctx, deed("role.revoked", &pseudonym, detail))
                    .await
            })
        })
        .await
    }

    /// Lets a person sign in again, or not any more; sessions end.
    pub async fn set_person_active(
        &self,
        ctx: &Context,
        id: &PersonId,
        active: bool,
    ) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let pseudonym = tx.person_in_scope(&ctx, &id).await?;
                let (state, action) = if active {
                    (PersonState::Active, "person.resumed")
                } else {
                    (PersonState::Suspended, "person.suspended")
                };
                tx.link
                    .run(
                        "UPDATE person SET state = $2 WHERE id = $1 AND state <> 'erased'",
                        args![&id, state.word()],
                    )
                    .await?;
                if !active {
                    tx.end_sessions(&id).await?;
                }
                tx.trace(&ctx, deed(action, &pseudonym, json!({}))).await
            })
        })
        .await
    }

    /// Removes the second factor of somebody who lost the authenticator, and ends the sessions.
    pub async fn reset_second_factor(&self, ctx: &Context, id: &PersonId) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let pseudonym = tx.person_in_scope(&ctx, &id).await?;
                tx.link
                    .run(
                        "UPDATE identity SET totp = NULL WHERE person = $1",
                        args![&id],
                    )
                    .await?;
                tx.end_sessions(&id).await?;
                tx.trace(&ctx, deed("second-factor.reset", &pseudonym, json!({})))
                    .await
            })
        })
        .await
    }

    /// Takes off the lock that failed attempts have put on an account.
    pub async fn unlock(&self, ctx: &Context, id: &PersonId) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let pseudonym = tx.person_in_scope(&ctx, &id).await?;
                let row = tx
                    .link
                    .row("SELECT login FROM identity WHERE person = $1", args![&id])
                    .await?
                    .ok_or(StoreError::Missing)?;
                for subject in [login_subject(&row.text(0)?), code_subject(&id)] {
                    tx.link
                        .run("DELETE FROM attempt WHERE subject = $1", args![subject])
                        .await?;
                }
                tx.trace(&ctx, deed("account.unlocked", &pseudonym, json!({})))
                    .await
            })
        })
        .await
    }

    /// Erases name, login, password and second factor for good. What the person did stays under the pseudonym.
    pub async fn erase_person(&self, ctx: &Context, id: &PersonId) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let pseudonym = tx.person_in_scope(&ctx, &id).await?;
                tx.end_sessions(&id).await?;
                for sql in [
                    "DELETE FROM identity WHERE person = $1",
                    "DELETE FROM person_grant WHERE person = $1",
                    "DELETE FROM invitation WHERE person = $1",
                    "UPDATE person SET state = 'erased' WHERE id = $1",
                ] {
                    tx.link.run(sql, args![&id]).await?;
                }
                tx.trace(&ctx, deed("person.erased", &pseudonym, json!({})))
                    .await
            })
        })
        .await
    }

    /// Whether anybody is in the database at all: the first start has nobody.
    pub async fn has_people(&self) -> Result<bool> {
        let row = self
            .reader()
            .await?
            .row("SELECT id FROM person LIMIT 1", vec![])
            .await?;
        Ok(row.is_some())
    }
}

impl Tx {
    /// The pseudonym of a person whose unit is within reach; `Missing` otherwise.
    pub(super) async fn person_in_scope(&mut self, ctx: &Context, id: &PersonId) -> Result<String> {
        let mut args = args![id];
        let within = ctx.scope.condition("p.unit", &mut args);
        let sql = format!("SELECT p.pseudonym FROM person p WHERE p.id = $1 AND {within}");
        let row = self.link.row(made(sql), args).await?;
        row.ok_or(StoreError::Missing)?.text(0)
    }

    async fn end_sessions(&mut self, id: &PersonId) -> Result<()> {
        self.link
            .run("DELETE FROM session WHERE person = $1", args![id])
            .await?;
        Ok(())
    }
}
