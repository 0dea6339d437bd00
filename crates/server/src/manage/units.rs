//! The system administrator's requests about the organisation come in; its tree, and a list taken in whole, go out.

use super::tree::{Node, tree};
use crate::account::broken;
use crate::chrome::{Chrome, ours};
use crate::people::{Allowed, permits};
use crate::store::{NewUnit, Store, UnitId, UnitKind, UnitLine};
use crate::trouble::{Trouble, page_of};
use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiheng_engine::read::SourceFile;
use jiheng_engine::year::sheet;
use serde::Deserialize;

type May = Allowed<permits::ManageUnits>;

#[derive(Template)]
#[template(path = "manage/units.html")]
struct Page {
    chrome: Chrome,
    nodes: Vec<Node>,
    kinds: &'static [UnitKind],
    told: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    added: Option<u64>,
    #[serde(default)]
    renamed: Option<u64>,
}

pub(super) async fn list(
    allowed: May,
    State(store): State<Store>,
    Query(told): Query<Told>,
) -> Result<Response, Trouble> {
    let units = store.units(&allowed.ctx).await.map_err(broken)?;
    let told = match (told.added, told.renamed) {
        (None, None) => String::new(),
        (added, renamed) => format!(
            "导入好了：新加 {} 个单位，改名 {} 个。",
            added.unwrap_or(0),
            renamed.unwrap_or(0)
        ),
    };
    Ok(page_of(&Page {
        chrome: Chrome::at("/manage/units", Some(&allowed.session)),
        nodes: tree(units),
        kinds: UnitKind::ALL,
        told,
    }))
}

#[derive(Deserialize)]
pub(super) struct Added {
    csrf: String,
    kind: String,
    name: String,
    #[serde(default)]
    code: String,
    parent: UnitId,
}

pub(super) async fn add(
    allowed: May,
    State(store): State<Store>,
    Form(form): Form<Added>,
) -> Result<Redirect, Trouble> {
    ours(&allowed.session, &form.csrf)?;
    let code = form.code.trim();
    let new = NewUnit {
        kind: UnitKind::from_word(&form.kind).unwrap_or(UnitKind::Unit),
        name: form.name.trim().into(),
        code: (!code.is_empty()).then(|| code.into()),
        parent: Some(form.parent),
    };
    store.add_unit(&allowed.ctx, new).await.map_err(broken)?;
    Ok(Redirect::to("/manage/units"))
}

#[derive(Deserialize)]
pub(super) struct Renamed {
    csrf: String,
    name: String,
}

pub(super) async fn rename(
    allowed: May,
    State(store): State<Store>,
    Path(id): Path<UnitId>,
    Form(form): Form<Renamed>,
) -> Result<Redirect, Trouble> {
    ours(&allowed.session, &form.csrf)?;
    let renamed = store.rename_unit(&allowed.ctx, &id, form.name.trim());
    renamed.await.map_err(broken)?;
    Ok(Redirect::to("/manage/units"))
}

/// A list of units, all or nothing.
pub(super) async fn import(
    allowed: May,
    State(store): State<Store>,
    mut form: Multipart,
) -> Result<Response, Trouble> {
    let (mut csrf, mut file) = (String::new(), None);
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|_| unread("没有收全，再放一次。"))?
    {
        match field.name() {
            Some("csrf") => csrf = field.text().await.unwrap_or_default(),
            Some("file") => {
                let bytes = field
                    .bytes()
                    .await
                    .map_err(|_| unread("没有收全，再放一次。"))?;
                file = Some(bytes.to_vec());
            }
            _ => {}
        }
    }
    ours(&allowed.session, &csrf)?;
    let bytes = file
        .filter(|b| !b.is_empty())
        .ok_or_else(|| unread("还没有选文件。"))?;
    let lines = tokio::task::spawn_blocking(move || lines(bytes)).await;
    let lines = lines.map_err(|_| Trouble::broken())?.map_err(unread)?;
    let done = store
        .import_units(&allowed.ctx, lines)
        .await
        .map_err(broken)?;
    let to = format!("/manage/units?added={}&renamed={}", done.0, done.1);
    Ok(Redirect::to(&to).into_response())
}

fn unread(why: impl Into<String>) -> Trouble {
    Trouble::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "unread",
        "没有导入",
        "表头要有：单位名称、单位编码、上级编码、类别（财政局、主管部门、所属单位、县区）。",
    )
    .because(why)
}

/// The lines of the first table that has the heads.
fn lines(bytes: Vec<u8>) -> Result<Vec<UnitLine>, String> {
    let name = "单位清单".to_string();
    let (sheets, _) = sheet::sheets(&SourceFile { name, bytes })?;
    let mut found = sheets.iter().filter_map(of_table);
    found
        .next()
        .filter(|l| !l.is_empty())
        .ok_or_else(|| "没有找到单位清单的表头。".into())
}

fn of_table(sheet: &sheet::Sheet) -> Option<Vec<UnitLine>> {
    let column =
        |row: &[String], names: &[&str]| row.iter().position(|c| names.contains(&c.as_str()));
    let head = sheet
        .rows
        .iter()
        .take(10)
        .position(|row| column(row, &NAME).is_some() && column(row, &CODE).is_some())?;
    let [name, code, above, kind] =
        [&NAME[..], &CODE, &ABOVE, &KIND].map(|names| column(&sheet.rows[head], names));
    let text = |row: &[String], col: Option<usize>| {
        col.and_then(|col| row.get(col))
            .cloned()
            .unwrap_or_default()
    };
    let rows = sheet.rows[head + 1..].iter();
    let rows = rows.filter(|row| !text(row, name).is_empty());
    Some(
        rows.map(|row| {
            let word = text(row, kind);
            let above = text(row, above);
            let mut kinds = UnitKind::ALL.iter().copied();
            let usual = match above.is_empty() {
                true => UnitKind::Department,
                false => UnitKind::Unit,
            };
            UnitLine {
                kind: kinds.find(|k| k.label() == word).unwrap_or(usual),
                name: text(row, name),
                code: text(row, code),
                parent_code: above,
            }
        })
        .collect(),
    )
}

const NAME: [&str; 3] = ["单位名称", "名称", "单位"];
const CODE: [&str; 3] = ["单位编码", "编码", "预算代码"];
const ABOVE: [&str; 3] = ["上级编码", "主管部门编码", "上级"];
const KIND: [&str; 2] = ["类别", "单位类别"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_from_csv() {
        let csv = "单位编码,单位名称,上级编码,类别\n101,市水利局,100,主管部门\n101001,市水利局本级,101,所属单位\n";
        let lines = lines(csv.as_bytes().to_vec()).expect("a list");
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (lines[0].kind, lines[0].code.as_str()),
            (UnitKind::Department, "101")
        );
        assert_eq!(
            (lines[1].name.as_str(), lines[1].parent_code.as_str()),
            ("市水利局本级", "101")
        );
        assert!(super::lines(b"a,b\n1,2\n".to_vec()).is_err());
    }
}
