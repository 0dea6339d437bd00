//! A checked filing, a person and the time come in; the pages of the workspace go out as HTML.

use super::begin;
use super::filing::{Checked, Kept, REPORT};
use super::view::{self, Field, Line, RemarkView, Tab};
use super::when;
use askama::Template;
use std::collections::BTreeMap;

/// Who looks at a page.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// A name for what is kept in the browser; unlike any other person's.
    pub person: String,
    /// The token that posts must carry.
    pub csrf: String,
    /// Who it is, for people.
    pub name: String,
    /// The person fills this filing and may change it.
    pub fills: bool,
    /// Milliseconds since 1970 (UTC).
    pub now: i64,
}

/// What stands above and below every page of a filing.
#[derive(Debug)]
pub struct Top {
    pub(super) who: String,
    pub(super) filing: String,
    pub(super) title: String,
    pub(super) unit: String,
    pub(super) rulebook: String,
    pub(super) stage: String,
    pub(super) due: Option<Due>,
    pub(super) revision: i64,
    pub(super) saved: String,
    pub(super) editor: bool,
    pub(super) open: bool,
    pub(super) tabs: Vec<Tab>,
    pub(super) steps: Vec<Step>,
    pub(super) why: String,
    pub(super) ready: bool,
}

/// The time that is left.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) before: &'static str,
    pub(super) days: u32,
    pub(super) squares: Vec<bool>,
    pub(super) until: String,
}

/// A step of handing in.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) state: String,
    pub(super) now: bool,
}

/// The editor of one sheet.
#[derive(Template)]
#[template(path = "desk/editor.html")]
struct Editor {
    page: EditorPage,
}

struct EditorPage {
    top: Top,
    name: String,
    title: String,
    annex: Option<String>,
    sheet: String,
    person: String,
    csrf: String,
    was: String,
    shape: String,
    told: String,
    took: u128,
    report: bool,
    wide: bool,
    widths: Vec<u32>,
    lines: Vec<Line>,
    foot: Vec<Field>,
    foot_margin: String,
    paragraphs: Vec<(Field, String)>,
    lists: Vec<(String, String)>,
    list: String,
}

/// The sheets of a filing, or its projects only.
#[derive(Template)]
#[template(path = "desk/filing.html")]
struct Overview {
    top: Top,
    csrf: String,
    told: String,
    projects_only: bool,
    fresh: bool,
    filled: usize,
    missing: usize,
    rows: Vec<SheetRow>,
    sum: String,
    sum_says: String,
}

/// A row of the list of sheets.
struct SheetRow {
    number: usize,
    id: String,
    name: String,
    second: bool,
    outturn: String,
    class: &'static str,
    state: String,
    counts: String,
    score: String,
    changed: String,
}

/// All findings.
#[derive(Template)]
#[template(path = "desk/results.html")]
struct Results<'c> {
    top: Top,
    summary: String,
    remarks: Vec<RemarkView<'c>>,
}

/// The filings a person fills.
#[derive(Template)]
#[template(path = "desk/home.html")]
struct Home {
    who: String,
    filings: Vec<HomeRow>,
}

/// A filing in the list.
#[derive(Clone, Debug)]
pub struct HomeRow {
    /// Its id.
    pub id: String,
    /// The campaign.
    pub title: String,
    /// The unit.
    pub unit: String,
    /// What is going on with it.
    pub stage: String,
    /// Until when.
    pub due: String,
}

/// The page that lists the filings of a person.
pub fn home(filings: Vec<HomeRow>, viewer: &Viewer) -> askama::Result<String> {
    let who = viewer.name.clone();
    Home { who, filings }.render()
}

/// The page of one sheet. `None` when the filing has no such sheet.
pub fn editor(checked: &Checked, sheet: &str, viewer: &Viewer, told: &str) -> Option<String> {
    let place = checked.place(sheet)?;
    let kept = checked.at(place)?;
    let report = kept.form == REPORT;
    let drawn = checked.package.sheets.get(place);
    let def = checked.rulebook.form(&kept.form);
    let lists = match report {
        true => vec![(super::package::PARAGRAPHS.to_string(), String::new())],
        false => (def.iter().flat_map(|d| &d.lists))
            .map(|l| (l.key.clone(), format!("“{}”", l.label)))
            .collect(),
    };
    let widths = drawn.map_or_else(Vec::new, |s| percents(&s.widths));
    let page = EditorPage {
        top: top(checked, sheet, viewer, true),
        name: name(checked, kept),
        title: drawn.map_or_else(|| "自评报告".to_string(), |s| s.title.clone()),
        annex: drawn.and_then(|s| s.annex.clone()),
        sheet: sheet.to_string(),
        person: viewer.person.clone(),
        csrf: viewer.csrf.clone(),
        was: was(checked, place, kept),
        shape: view::shape(checked, place),
        told: told.to_string(),
        took: checked.took,
        report,
        wide: widths.len() > 8,
        widths,
        lines: view::lines(checked, place, kept),
        foot: view::foot(checked, place, kept),
        foot_margin: view::foot_margin(checked, place),
        paragraphs: match report {
            true => view::paragraphs(checked, place, kept),
            false => Vec::new(),
        },
        lists,
        list: view::list(checked, place),
    };
    Editor { page }.render().ok()
}

/// The page of all sheets, or of the projects only.
pub fn overview(
    checked: &Checked,
    projects_only: bool,
    viewer: &Viewer,
    told: &str,
) -> askama::Result<String> {
    let sheets = checked.opened.sheets.iter();
    let shown: Vec<&Kept> = sheets
        .filter(|s| !projects_only || s.form == "project")
        .collect();
    let mut rows: Vec<SheetRow> = (shown.iter().enumerate())
        .map(|(at, kept)| row(checked, kept, at + 1, viewer.now))
        .collect();
    let missing = match projects_only {
        true => begin::without_form(&checked.opened),
        false => Vec::new(),
    };
    rows.extend(missing.iter().enumerate().map(|(at, line)| SheetRow {
        number: shown.len() + at + 1,
        id: String::new(),
        name: line.name.clone(),
        second: false,
        outturn: line.outturn.clone(),
        class: "N",
        state: "未建表".into(),
        counts: String::new(),
        score: "—".into(),
        changed: String::new(),
    }));
    let missing = missing.len();
    let baseline = checked
        .package
        .sheets
        .iter()
        .find_map(|s| s.cell("projects.outturn"));
    let baseline = baseline.map(|c| c.text.clone()).unwrap_or_default();
    let own = sum(&rows);
    let sum_says = match (&own, baseline.parse::<jiheng_model::Decimal>()) {
        (Some(own), Ok(there)) if *own == there => "与基础数据表“项目支出”相等".to_string(),
        (Some(own), Ok(there)) => format!(
            "与基础数据表“项目支出”{there} 相差 {} 万元",
            (own - there).abs()
        ),
        _ => String::new(),
    };
    Overview {
        top: top(
            checked,
            if projects_only { "projects" } else { "" },
            viewer,
            false,
        ),
        csrf: viewer.csrf.clone(),
        told: told.to_string(),
        projects_only,
        fresh: checked.opened.open && checked.opened.sheets.iter().all(Kept::is_blank),
        filled: shown.iter().filter(|s| !s.is_blank()).count(),
        missing,
        sum: own.map_or_else(String::new, |d| d.to_string()),
        sum_says,
        rows,
    }
    .render()
}

/// The page of all findings.
pub fn results(checked: &Checked, viewer: &Viewer) -> askama::Result<String> {
    let all = checked.all();
    let outcome = |kind| {
        let outcomes = checked.package.checked.outcomes.iter();
        outcomes.filter(|o| o.outcome == kind).count()
    };
    use jiheng_model::finding::OutcomeKind;
    Results {
        top: top(checked, "results", viewer, false),
        summary: format!(
            "错误 {} 项，警告 {} 项，提示 {} 项；通过 {} 项，未核 {} 项。",
            all.errors,
            all.warnings,
            all.hints,
            outcome(OutcomeKind::Pass),
            outcome(OutcomeKind::NotEnoughData),
        ),
        remarks: view::all(checked),
    }
    .render()
}

/// Why the filing cannot be handed in, as one line.
pub fn why(checked: &Checked) -> String {
    let why = checked.why_not();
    match why.is_empty() {
        true => "没有错误，各表都填了。请单位负责人看过以后签字报送。".into(),
        false => format!("还不能报送：{}", why.join("，")),
    }
}

/// What stands above and below a page.
pub fn top(checked: &Checked, current: &str, viewer: &Viewer, editor: bool) -> Top {
    let opened = &checked.opened;
    let last = opened
        .sheets
        .iter()
        .filter_map(Kept::last)
        .map(|h| h.at)
        .max();
    Top {
        who: viewer.name.clone(),
        filing: opened.id.clone(),
        title: opened.title.clone(),
        unit: opened.unit.clone(),
        rulebook: checked.rulebook.title.clone(),
        stage: opened.stage.clone(),
        due: opened
            .due
            .and_then(|due| self::due(checked, due, viewer.now)),
        revision: opened.revision,
        saved: last.map_or_else(
            || "还没有保存过".into(),
            |at| format!("已保存 {}", when::clock(at)),
        ),
        editor,
        open: opened.open && viewer.fills,
        tabs: view::tabs(checked, current),
        steps: steps(opened.open, &opened.stage),
        why: why(checked),
        ready: checked.why_not().is_empty(),
    }
}

fn due(checked: &Checked, due: i64, now: i64) -> Option<Due> {
    let (today, last) = (when::date(now), when::date(due));
    let late = due < now;
    let (from, to) = if late { (last, today) } else { (today, last) };
    let days = checked.rulebook.working_days(from, to)?;
    Some(Due {
        before: if late { "已过" } else { "还剩" },
        days,
        squares: (0..10).map(|at| at < days.min(10)).collect(),
        until: format!("{} {} 截止", when::day(due), when::minute(due)),
    })
}

fn steps(open: bool, stage: &str) -> Vec<Step> {
    let names = ["填报", "单位负责人签字", "部门财务审核", "市财政局绩效科"];
    let first = if open { "未完成" } else { stage };
    let states = [first, "未签", "—", "—"];
    (names.into_iter().zip(states).enumerate())
        .map(|(at, (name, state))| Step {
            name,
            state: state.into(),
            now: at == 0 && open,
        })
        .collect()
}

fn name(checked: &Checked, kept: &Kept) -> String {
    if kept.form == REPORT {
        return "自评报告".into();
    }
    let typed = kept.cells.get("project_name").map(|h| h.text.as_str());
    match typed.filter(|t| !t.is_empty()) {
        Some(name) => name.to_string(),
        None if !kept.name.is_empty() => kept.name.clone(),
        None => {
            let def = checked.rulebook.form(&kept.form);
            def.map_or_else(|| kept.form.clone(), |d| d.title.clone())
        }
    }
}

fn row(checked: &Checked, kept: &Kept, number: usize, now: i64) -> SheetRow {
    let place = checked.place(&kept.id);
    let sheet = place.and_then(|p| checked.package.sheets.get(p));
    let text = |path: &str| {
        let cell = sheet.and_then(|s| s.cell(path));
        cell.map(|c| c.text.clone()).unwrap_or_default()
    };
    let (done, all) = sheet.map_or((0, 0), |s| s.progress());
    let (class, state) = if kept.is_blank() {
        ("N", "未开始".to_string())
    } else if done < all {
        ("H", format!("填报中 {}%", done * 100 / all.max(1)))
    } else {
        ("P", "已填完".to_string())
    };
    let score = text("total_score");
    SheetRow {
        number,
        id: kept.id.clone(),
        name: name(checked, kept),
        second: kept.parent.is_some(),
        outturn: text("funds.total.outturn"),
        class,
        state,
        counts: match kept.is_blank() {
            true => String::new(),
            false => view::counts(checked.counts(&kept.id)),
        },
        score: if score.is_empty() {
            "—".into()
        } else {
            score
        },
        changed: kept
            .last()
            .map_or_else(String::new, |h| when::recent(h.at, now)),
    }
}

/// The sum of what the rows show; `None` when one of them shows no number.
fn sum(rows: &[SheetRow]) -> Option<jiheng_model::Decimal> {
    let shown = rows.iter().filter(|r| !r.outturn.is_empty() && !r.second);
    let mut numbers = shown.map(|r| jiheng_model::parse::parse(&r.outturn).number());
    numbers.try_fold(jiheng_model::Decimal::ZERO, |sum, n| sum.checked_add(n?))
}

/// Widths as whole percents.
fn percents(widths: &[u32]) -> Vec<u32> {
    let whole = widths.iter().sum::<u32>().max(1);
    widths.iter().map(|w| (w * 100 / whole).max(3)).collect()
}

/// What the form shows, so that a post without scripts tells what was changed: address → revision and text.
fn was(checked: &Checked, place: usize, kept: &Kept) -> String {
    let revision = |key: &str| kept.cells.get(key).map_or(0, |h| h.revision);
    let mut shown: BTreeMap<String, (i64, String)> = BTreeMap::new();
    match checked.package.sheets.get(place) {
        Some(sheet) => {
            for cell in sheet.cells.iter().chain(&sheet.foot) {
                for key in &cell.keys {
                    shown.insert(key.clone(), (revision(key), cell.text.clone()));
                }
            }
        }
        None => {
            let report = checked.opened.report();
            for (key, text) in report.iter().flat_map(super::package::lines) {
                shown.insert(key.clone(), (revision(&key), text));
            }
        }
    }
    serde_json::to_string(&shown).unwrap_or_default()
}
