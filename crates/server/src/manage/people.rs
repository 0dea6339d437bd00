//! The system administrator's requests about people come in; who is there, and one-time links for them, go out.

use super::tree::{Node, tree};
use crate::account::broken;
use crate::chrome::{Chrome, ours};
use crate::people::{Allowed, People, permits};
use crate::store::{Context, NewPerson, Person, PersonId, PersonState, UnitId};
use crate::trouble::{Trouble, page_of};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::collections::HashMap;

type May = Allowed<permits::ManagePeople>;

pub(super) struct Row {
    pub person: Person,
    pub unit: String,
    pub active: bool,
}

/// The people in scope with the names of their units.
pub(super) async fn rows(people: &People, ctx: &Context) -> Result<(Vec<Row>, Vec<Node>), Trouble> {
    let units = people.store.units(ctx).await.map_err(broken)?;
    let names: HashMap<UnitId, String> = units
        .iter()
        .map(|u| (u.id.clone(), u.name.clone()))
        .collect();
    let all = people.store.people(ctx).await.map_err(broken)?;
    let rows = all
        .into_iter()
        .filter(|p| p.name.is_some())
        .map(|person| Row {
            unit: names.get(&person.unit).cloned().unwrap_or_default(),
            active: person.state == PersonState::Active,
            person,
        });
    Ok((rows.collect(), tree(units)))
}

#[derive(Template)]
#[template(path = "manage/people.html")]
struct Page {
    chrome: Chrome,
    rows: Vec<Row>,
    nodes: Vec<Node>,
    link: String,
    whose: String,
}

async fn page(
    people: &People,
    allowed: &May,
    link: String,
    whose: String,
) -> Result<Response, Trouble> {
    let (rows, nodes) = rows(people, &allowed.ctx).await?;
    Ok(page_of(&Page {
        chrome: Chrome::at("/manage/people", Some(&allowed.session)),
        rows,
        nodes,
        link,
        whose,
    }))
}

pub(super) async fn list(allowed: May, State(people): State<People>) -> Result<Response, Trouble> {
    page(&people, &allowed, String::new(), String::new()).await
}

#[derive(Deserialize)]
pub(super) struct Added {
    csrf: String,
    name: String,
    login: String,
    unit: UnitId,
}

pub(super) async fn add(
    allowed: May,
    State(people): State<People>,
    headers: HeaderMap,
    Form(form): Form<Added>,
) -> Result<Response, Trouble> {
    ours(&allowed.session, &form.csrf)?;
    let new = NewPerson {
        unit: form.unit,
        login: form.login,
        name: form.name.clone(),
    };
    let person = people
        .store
        .add_person(&allowed.ctx, new)
        .await
        .map_err(broken)?;
    invite(&people, &allowed, &headers, &person, form.name).await
}

/// A link, shown this once.
async fn invite(
    people: &People,
    allowed: &May,
    headers: &HeaderMap,
    person: &PersonId,
    name: String,
) -> Result<Response, Trouble> {
    let invited = people.invite(&allowed.ctx, person).await.map_err(broken)?;
    let host = headers
        .get(header::HOST)
        .and_then(|h| h.to_str().ok())
        .unwrap_or_default();
    let relayed = headers
        .get("x-forwarded-proto")
        .and_then(|h| h.to_str().ok());
    let scheme = if relayed == Some("https") {
        "https"
    } else {
        "http"
    };
    let link = format!("{scheme}://{host}/welcome/{}", invited.token);
    page(people, allowed, link, name).await
}

#[derive(Deserialize)]
pub(super) struct Changed {
    csrf: String,
    #[serde(rename = "do")]
    what: String,
}

pub(super) async fn change(
    allowed: May,
    State(people): State<People>,
    Path(id): Path<PersonId>,
    headers: HeaderMap,
    Form(form): Form<Changed>,
) -> Result<Response, Trouble> {
    ours(&allowed.session, &form.csrf)?;
    let (store, ctx) = (&people.store, &allowed.ctx);
    match form.what.as_str() {
        "suspend" => store
            .set_person_active(ctx, &id, false)
            .await
            .map_err(broken)?,
        "resume" => store
            .set_person_active(ctx, &id, true)
            .await
            .map_err(broken)?,
        "invite" => {
            let person = store.person(ctx, &id).await.map_err(broken)?;
            let name = person.and_then(|p| p.name).unwrap_or_default();
            return invite(&people, &allowed, &headers, &id, name).await;
        }
        _ => {}
    }
    Ok(Redirect::to("/manage/people").into_response())
}
