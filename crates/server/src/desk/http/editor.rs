//! A person opens the workspace or posts a form of it without scripts; pages go out, and the posted cells are saved.

use super::save::change;
use super::{Answer, missing, ours, page, viewer};
use crate::desk::filing::{Checked, Kept, REPORT};
use crate::desk::import::Move;
use crate::desk::pages::{self, HomeRow};
use crate::desk::state::Desk;
use crate::desk::{begin, key, when};
use crate::people::{Allowed, permits};
use crate::store::{Change, Context, FilingId, Outcome, SheetId, StoreError, id};
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The code of a sentence that a page shows once.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    #[serde(default)]
    told: String,
    #[serde(default)]
    n: usize,
}

impl Told {
    fn sentence(&self) -> String {
        match self.told.as_str() {
            "saved" => format!("已保存 {} 格。", self.n),
            "same" => "没有改动，不用保存。".into(),
            "filled" => format!("已填入 {} 格。", self.n),
            "made" => format!("建好了 {} 张表。", self.n),
            _ => String::new(),
        }
    }
}

/// The filings a person fills or sees.
pub async fn home(allowed: Allowed<permits::SeeFiling>, State(desk): State<Desk>) -> Answer {
    let campaigns = desk.store.campaigns().await?;
    let mut rows = Vec::new();
    for filing in desk.store.filings(&allowed.ctx, None).await? {
        let Some(campaign) = campaigns.iter().find(|c| c.id == filing.campaign) else {
            continue;
        };
        rows.push(HomeRow {
            id: filing.id.to_string(),
            title: campaign.title.clone(),
            unit: filing.unit_name,
            stage: filing.stage.label().into(),
            due: campaign.due.map_or_else(String::new, |due| {
                format!("{} {}", when::day(due), when::minute(due))
            }),
        });
    }
    if let [only] = rows.as_slice() {
        return Ok(Redirect::to(&format!("/desk/{}", only.id)).into_response());
    }
    Ok(page(pages::home(rows, &viewer(&allowed))?))
}

async fn open(desk: &Desk, ctx: &Context, id: &FilingId) -> Result<Arc<Checked>, super::Failure> {
    desk.read(ctx, id).await?.ok_or_else(missing)
}

/// All sheets of a filing.
pub async fn filing(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
    Query(told): Query<Told>,
) -> Answer {
    let checked = open(&desk, &allowed.ctx, &id).await?;
    let html = pages::overview(&checked, false, &viewer(&allowed), &told.sentence())?;
    Ok(page(html))
}

/// The projects of a filing.
pub async fn projects(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
    Query(told): Query<Told>,
) -> Answer {
    let checked = open(&desk, &allowed.ctx, &id).await?;
    let html = pages::overview(&checked, true, &viewer(&allowed), &told.sentence())?;
    Ok(page(html))
}

/// All findings of a filing.
pub async fn results(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
) -> Answer {
    let checked = open(&desk, &allowed.ctx, &id).await?;
    Ok(page(pages::results(&checked, &viewer(&allowed))?))
}

/// The editor of a sheet.
pub async fn sheet(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path((id, sheet)): Path<(FilingId, String)>,
    Query(told): Query<Told>,
) -> Answer {
    let checked = open(&desk, &allowed.ctx, &id).await?;
    let html = pages::editor(&checked, &sheet, &viewer(&allowed), &told.sentence());
    Ok(page(html.ok_or_else(missing)?))
}

/// A posted token and nothing else.
#[derive(Debug, Deserialize)]
pub struct Token {
    csrf: String,
}

/// Makes blank forms for the projects of the baseline form that have none.
pub async fn make_projects(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
    Form(token): Form<Token>,
) -> Answer {
    ours(&allowed, &token.csrf)?;
    let checked = open(&desk, &allowed.ctx, &id).await?;
    let lines = begin::without_form(&checked.opened).into_iter();
    let names: Vec<String> = lines.map(|line| line.name).collect();
    let last = last_year(&desk, &allowed.ctx, &id, &checked).await?;
    let filing = last.as_ref().map(|l| &l.package.filing);
    let moves = begin::begin(&checked.opened, &checked.rulebook, &names, false, filing);
    apply(&desk, &allowed.ctx, &id, &checked, moves).await?;
    let to = format!("/desk/{id}/projects?told=made&n={}", names.len());
    Ok(Redirect::to(&to).into_response())
}

/// Makes the sheets that every filing has, with what last year's filing knows.
pub async fn begin(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
    Form(token): Form<Token>,
) -> Answer {
    ours(&allowed, &token.csrf)?;
    let checked = open(&desk, &allowed.ctx, &id).await?;
    let last = last_year(&desk, &allowed.ctx, &id, &checked).await?;
    let names = last
        .as_ref()
        .map_or_else(Vec::new, |l| begin::projects(&l.opened));
    let filing = last.as_ref().map(|l| &l.package.filing);
    let mut moves = begin::begin(&checked.opened, &checked.rulebook, &names, true, filing);
    if !checked.opened.sheets.iter().any(|s| s.form == REPORT) {
        moves.push(Move {
            form: REPORT.into(),
            name: "自评报告".into(),
            ..Move::default()
        });
    }
    let filled = apply(&desk, &allowed.ctx, &id, &checked, moves).await?;
    Ok(Redirect::to(&format!("/desk/{id}?told=filled&n={filled}")).into_response())
}

/// The unit's filing of the year before.
async fn last_year(
    desk: &Desk,
    ctx: &Context,
    id: &FilingId,
    checked: &Checked,
) -> Result<Option<Arc<Checked>>, StoreError> {
    let Some(own) = desk.store.filing(ctx, id).await? else {
        return Ok(None);
    };
    let before = i64::from(checked.opened.year) - 1;
    let campaigns = desk.store.campaigns().await?;
    for filing in desk.store.filings(ctx, None).await? {
        let of_year = campaigns
            .iter()
            .any(|c| c.id == filing.campaign && c.year == before);
        if filing.unit == own.unit && of_year {
            return desk.read(ctx, &filing.id).await;
        }
    }
    Ok(None)
}

/// Writes planned cells, making the sheets that are not there; hands back how many cells were filled.
pub async fn apply(
    desk: &Desk,
    ctx: &Context,
    filing: &FilingId,
    checked: &Checked,
    moves: Vec<Move>,
) -> Result<usize, StoreError> {
    let mut filled = 0;
    for planned in moves {
        let there = planned.sheet.as_ref().and_then(|id| {
            let sheets = &checked.opened.sheets;
            sheets.iter().find(|s| s.id == *id)
        });
        let sheet = match (there, &planned.sheet) {
            (Some(sheet), _) => SheetId::from(sheet.id.as_str()),
            // A sheet of another filing is nobody's to name here.
            (None, Some(_)) => return Err(StoreError::Missing),
            (None, None) => {
                let known =
                    planned.form == REPORT || checked.rulebook.form(&planned.form).is_some();
                if !known {
                    return Err(StoreError::Missing);
                }
                let name: String = planned.name.chars().take(100).collect();
                let add = desk
                    .store
                    .add_sheet(ctx, filing, &planned.form, &name, None);
                add.await?
            }
        };
        let cells = planned.cells.into_iter().filter(|c| key::is_sound(&c.key));
        let changes: Result<Vec<Change>, _> =
            cells.map(|c| change(c.key, c.base, &c.new)).collect();
        let changes = changes?;
        if changes.is_empty() {
            continue;
        }
        let saved = desk
            .store
            .save_cells(ctx, &sheet, changes, &id::random())
            .await?;
        let done = |o: &Outcome| matches!(o, Outcome::Saved { .. });
        filled += saved.cells.iter().filter(|c| done(&c.outcome)).count();
    }
    Ok(filled)
}

/// A form of the editor, posted without scripts or by one of its buttons.
pub async fn post(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path((filing, sheet)): Path<(FilingId, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Answer {
    let of = |name: &str| {
        let found = pairs.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    ours(&allowed, of("csrf"))?;
    let checked = open(&desk, &allowed.ctx, &filing).await?;
    let place = checked.place(&sheet).ok_or_else(missing)?;
    let kept = checked.at(place).ok_or_else(missing)?;
    let was: HashMap<String, (i64, String)> = serde_json::from_str(of("was")).unwrap_or_default();
    let mut wanted: BTreeMap<String, (i64, String)> = BTreeMap::new();
    for (name, value) in &pairs {
        let Some(first) = name.strip_prefix("c:").filter(|k| key::is_sound(k)) else {
            continue;
        };
        let drawn = checked
            .package
            .sheets
            .get(place)
            .and_then(|s| s.cell(first));
        let keys = drawn.map_or_else(|| vec![first.to_string()], |c| c.keys.clone());
        let value = value.replace("\r\n", "\n");
        for key in keys {
            let Some((base, text)) = was.get(&key) else {
                continue;
            };
            if *text != value {
                wanted.insert(key, (*base, value.clone()));
            }
        }
    }
    if let Some((key, value)) = of("adopt")
        .split_once('=')
        .filter(|(k, _)| key::is_sound(k))
    {
        let base = kept.cells.get(key).map_or(0, |h| h.revision);
        wanted.insert(key.to_string(), (base, value.to_string()));
    }
    let mut row = None;
    if let Some((what, at)) = of("row").split_once(':') {
        let (cells, new) = rows(&checked, kept, what, at, allowed.ctx.now);
        row = new;
        wanted.extend(cells);
    }
    let back = format!("/desk/{filing}/{sheet}");
    if wanted.is_empty() {
        return Ok(Redirect::to(&format!("{back}?told=same")).into_response());
    }
    let changes: Result<Vec<Change>, _> = (wanted.iter())
        .map(|(key, (base, value))| change(key.clone(), *base, value))
        .collect();
    let id = SheetId::from(sheet.as_str());
    let saved = desk
        .store
        .save_cells(&allowed.ctx, &id, changes?, &id::random())
        .await?;
    let mut both = Vec::new();
    for cell in &saved.cells {
        if let Outcome::Conflict { theirs, by, at, .. } = &cell.outcome {
            let mine = wanted.get(&cell.cell).map_or("", |(_, v)| v.as_str());
            both.push(format!(
                "{} {} 也改了“{}”：他填 {}，您填的 {mine} 没有写入。",
                desk.name(by.as_str()).await,
                when::minute(*at),
                label(&checked, place, &cell.cell),
                theirs.as_deref().unwrap_or("空"),
            ));
        }
    }
    if !both.is_empty() {
        let now = open(&desk, &allowed.ctx, &filing).await?;
        let html = pages::editor(&now, &sheet, &viewer(&allowed), &both.join("\n"));
        let html = html.ok_or_else(missing)?;
        return Ok((StatusCode::CONFLICT, page(html)).into_response());
    }
    let jump = row.map(|r| format!("#c-{r}")).unwrap_or_default();
    let to = format!("{back}?told=saved&n={}{jump}", saved.cells.len());
    Ok(Redirect::to(&to).into_response())
}

fn label(checked: &Checked, place: usize, key: &str) -> String {
    let cell = checked.package.sheets.get(place).and_then(|s| s.cell(key));
    cell.map_or_else(|| "这一格".into(), |c| c.label.clone())
}

/// The cells by which a row comes or goes, and the address of the new row's first cell.
fn rows(
    checked: &Checked,
    kept: &Kept,
    what: &str,
    at: &str,
    now: i64,
) -> (BTreeMap<String, (i64, String)>, Option<String>) {
    let (list, row) = at.split_once('/').unwrap_or((at, ""));
    let entries = kept.entries();
    let there = key::rows(&entries, list);
    let base = |key: &str| kept.cells.get(key).map_or(0, |h| h.revision);
    let mut cells = BTreeMap::new();
    if what == "remove" && there.iter().any(|r| r == row) {
        let key = key::presence(list, row);
        cells.insert(key.clone(), (base(&key), key::GONE.to_string()));
        return (cells, None);
    }
    let def = checked.rulebook.form(&kept.form);
    let known = kept.form == REPORT && list == crate::desk::package::PARAGRAPHS
        || def.is_some_and(|d| d.list(list).is_some());
    if !matches!(what, "after" | "last") || !known {
        return (cells, None);
    }
    let before = match what {
        "last" => there.last(),
        _ => there.iter().find(|r| *r == row),
    };
    let next = before.and_then(|b| {
        // Rows that were taken out keep their place too: nothing may fall between two of the same id.
        let at = there.iter().position(|r| r == b)?;
        there.get(at + 1)
    });
    let salt = u32::try_from(now.rem_euclid(1296)).unwrap_or(0);
    let id = key::between(before.map(String::as_str), next.map(String::as_str), salt);
    cells.insert(key::presence(list, &id), (0, key::THERE.to_string()));
    let mut first = None;
    if let Some((number, def)) = def.and_then(|d| Some((d.list(list)?.0, d))) {
        let levels = &def.recognition.lists[number].levels;
        let of_list = &def.lists[number];
        for (slot, _) in levels {
            // 一级指标 and 二级指标 go on in the new row.
            let column = &of_list.columns[*slot as usize].path;
            let text = before.and_then(|b| entries.get(&key::cell(list, b, column)));
            if let Some(text) = text {
                cells.insert(key::cell(list, &id, column), (0, text.clone()));
            }
        }
        let open = (0..of_list.columns.len()).find(|s| !levels.iter().any(|l| l.0 as usize == *s));
        first = open.map(|s| key::cell(list, &id, &of_list.columns[s].path));
    } else if kept.form == REPORT {
        first = Some(key::cell(list, &id, crate::desk::package::TEXT));
    }
    (cells, first)
}
