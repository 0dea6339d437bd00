//! The security administrator's requests come in; who holds which role where, and the changes made, go out.

use super::people::{Row, rows};
use super::tree::Node;
use crate::account::broken;
use crate::chrome::{Chrome, ours};
use crate::people::{Allowed, People, Role, permits};
use crate::store::{PersonId, UnitId};
use crate::trouble::{Trouble, page_of};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

type May = Allowed<permits::GrantRoles>;

struct Held {
    role: Role,
    unit: UnitId,
    unit_name: String,
}

struct Holder {
    row: Row,
    held: Vec<Held>,
}

#[derive(Template)]
#[template(path = "manage/roles.html")]
struct Page {
    chrome: Chrome,
    holders: Vec<Holder>,
    nodes: Vec<Node>,
    roles: Vec<Role>,
}

pub(super) async fn list(allowed: May, State(people): State<People>) -> Result<Response, Trouble> {
    let (rows, nodes) = rows(&people, &allowed.ctx).await?;
    let mut holders = Vec::with_capacity(rows.len());
    for row in rows {
        let grants = people
            .store
            .grants_of(&row.person.id)
            .await
            .map_err(broken)?;
        let held = grants.into_iter().map(|g| Held {
            role: g.role,
            unit_name: nodes
                .iter()
                .find(|n| n.unit.id == g.unit)
                .map_or_else(String::new, |n| n.unit.name.clone()),
            unit: g.unit,
        });
        let held = held.collect();
        holders.push(Holder { row, held });
    }
    Ok(page_of(&Page {
        chrome: Chrome::at("/manage/roles", Some(&allowed.session)),
        holders,
        nodes,
        roles: Role::ALL
            .iter()
            .copied()
            .filter(|r| *r != Role::Public)
            .collect(),
    }))
}

#[derive(Deserialize)]
pub(super) struct Granted {
    csrf: String,
    person: PersonId,
    role: String,
    unit: UnitId,
}

pub(super) async fn grant(
    allowed: May,
    State(people): State<People>,
    Form(form): Form<Granted>,
) -> Result<Redirect, Trouble> {
    ours(&allowed.session, &form.csrf)?;
    if let Some(role) = Role::from_word(&form.role).filter(|r| *r != Role::Public) {
        let granted = people
            .store
            .grant(&allowed.ctx, &form.person, &form.unit, role);
        granted.await.map_err(broken)?;
    }
    Ok(Redirect::to("/manage/roles"))
}

#[derive(Deserialize)]
pub(super) struct Changed {
    csrf: String,
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    unit: String,
}

pub(super) async fn change(
    allowed: May,
    State(people): State<People>,
    Path(id): Path<PersonId>,
    Form(form): Form<Changed>,
) -> Result<Redirect, Trouble> {
    ours(&allowed.session, &form.csrf)?;
    let (store, ctx) = (&people.store, &allowed.ctx);
    match (form.what.as_str(), Role::from_word(&form.role)) {
        ("revoke", Some(role)) => {
            let unit = UnitId::from(form.unit.as_str());
            store.revoke(ctx, &id, &unit, role).await.map_err(broken)?;
        }
        ("unlock", _) => store.unlock(ctx, &id).await.map_err(broken)?,
        ("reset-factor", _) => store.reset_second_factor(ctx, &id).await.map_err(broken)?,
        _ => {}
    }
    Ok(Redirect::to("/manage/roles"))
}
