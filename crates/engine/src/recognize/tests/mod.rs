//! Packages of the corpus and made-up tables come in; what is recognised is compared with what is printed.

mod elsewhere;
mod foreign;
mod moved;

use super::*;
use crate::read::{Package, SourceFile, read};
use jiheng_model::form::{Form, Row};
use std::path::{Path, PathBuf};

/// The forms of Yueyang, compiled once.
fn yueyang() -> Vec<Arc<FormDef>> {
    static FORMS: std::sync::OnceLock<Vec<Arc<FormDef>>> = std::sync::OnceLock::new();
    FORMS
        .get_or_init(crate::rulebook::forms::tests::yueyang)
        .clone()
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(path);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

fn recognised(path: &Path) -> Filing {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let documents = read(&Package {
        files: vec![SourceFile { name, bytes }],
    });
    forms(&documents, &yueyang())
}

fn shown(stated: Option<&Stated>) -> String {
    stated.map_or("∅".into(), |s| s.text.clone())
}

fn column(form: &Form, list: &str, row: &Row, column: &str) -> String {
    shown(form.cell(list, row, column))
}

/// Every printed string of a truth file as (what, expected, recognised).
fn compare(truth: &serde_json::Value, filing: &Filing) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    let Some(fields) = truth["fields"].as_object() else {
        return out;
    };
    // Project lines are numbered by identity there; here they come in printed order.
    let mut ids: Vec<&str> = Vec::new();
    for key in fields.keys() {
        if let ["a1", "pj", id, "name"] = key.split('.').collect::<Vec<_>>().as_slice()
            && *id != "total"
        {
            ids.push(id);
        }
    }
    let one = |kind: &str, path: &str| shown(filing.one(kind).and_then(|f| f.get(path)));
    for (key, value) in fields {
        let expected = value.as_str().unwrap_or_default();
        let parts: Vec<&str> = key.split('.').collect();
        let got = match parts.as_slice() {
            ["a1", rest @ ..] => baseline(filing, rest, &ids),
            ["a2", "unit"] => Some(one("department", "unit_name")),
            ["a2", rest @ ..] => filing.one("department").and_then(|f| scored(f, rest)),
            ["a3", id, rest @ ..] => {
                let number: usize = id.trim_start_matches('p').parse().unwrap_or(0);
                match filing.of("project").nth(number.wrapping_sub(1)) {
                    Some(form) => scored(form, rest),
                    None => Some("∅ form".into()),
                }
            }
            _ => None,
        };
        if let Some(got) = got {
            let expected = match parts.last() {
                Some(&"note") => expected.split_once('：').map_or(expected, |p| p.1),
                Some(&"foot") => expected,
                Some(&"name") if parts[0] == "a1" => {
                    expected.split_once('、').map_or(expected, |p| p.1)
                }
                _ if parts.contains(&"inc") || parts.contains(&"out") => {
                    expected.rsplit_once('：').map_or("", |p| p.1)
                }
                _ => expected,
            };
            out.push((key.clone(), trim(expected).to_string(), got));
        }
    }
    out
}

fn baseline(filing: &Filing, rest: &[&str], ids: &[&str]) -> Option<String> {
    let form = filing.one("baseline")?;
    let col = |c: &str| match c {
        "last" => "prior_outturn",
        "bud" => "budget",
        _ => "outturn",
    };
    let path = match rest {
        ["label"] => return Some(shown(form.annex.as_ref())),
        ["title"] => return Some(shown(form.title.as_ref())),
        ["bianzhi"] => "staff.authorized_posts".into(),
        ["zaizhi"] => "staff.in_post".into(),
        ["staff_rate"] => "staff.control_rate".into(),
        ["pj", id, c] if *id != "total" => {
            let number = ids.iter().position(|i| i == id)?;
            let name = if *c == "name" { "name" } else { col(c) };
            return Some(
                form.rows("projects")
                    .get(number)
                    .map_or("∅ row".into(), |r| column(form, "projects", r, name)),
            );
        }
        [_, _, "name"] | ["proc", "name"] => return None,
        ["sg", row, c] => {
            let row = match *row {
                "total" => "three_publics",
                "car" => "three_publics.vehicles",
                "buy" => "three_publics.vehicles.purchase",
                "run" => "three_publics.vehicles.operation",
                "abroad" => "three_publics.abroad",
                _ => "three_publics.reception",
            };
            format!("{row}.{}", col(c))
        }
        ["pj", "total", c] => format!("projects.{}", col(c)),
        ["pub", row, c] => {
            let row = match *row {
                "total" => "operating",
                "office" => "operating.office",
                "util" => "operating.utilities",
                _ => "operating.meetings",
            };
            format!("{row}.{}", col(c))
        }
        ["proc", c] => format!("procurement.{}", col(c)),
        ["basic_adjust"] => "basic_adjustment.budget".into(),
        ["bld", c] => {
            let name = match *c {
                "area_plan" => "approved_area",
                "area_real" => "actual_area",
                "area_rate" => "area_rate",
                "invest_plan" => "budget_investment",
                "invest_real" => "actual_investment",
                _ => "investment_rate",
            };
            format!("buildings.{name}")
        }
        ["thrift"] => "thrift".into(),
        ["note"] => "note".into(),
        ["foot"] => return Some(foot(form)),
        _ => return None,
    };
    Some(shown(form.get(&path)))
}

fn foot(form: &Form) -> String {
    let get = |p: &str| shown(form.get(p));
    format!(
        "填表人：{}  填报日期：{}  联系电话：{}  单位负责人签字：{}",
        get("filler"),
        get("filled_on"),
        get("phone"),
        get("signatory")
    )
}

fn scored(form: &Form, rest: &[&str]) -> Option<String> {
    let path = match rest {
        ["label"] => return Some(shown(form.annex.as_ref())),
        ["title"] => return Some(shown(form.title.as_ref())),
        ["name"] => "project_name",
        ["dept"] => "line_department",
        ["unit"] => "implementing_unit",
        ["init"] => "funds.total.original_budget",
        ["full"] => "funds.total.final_budget",
        ["exec"] => "funds.total.outturn",
        ["exec_weight"] => "funds.total.points",
        ["exec_rate"] => "funds.total.execution_rate",
        ["exec_score"] => "funds.total.score",
        ["goal"] => "goal_expected",
        ["done"] => "goal_actual",
        ["weight_total"] => "total_points",
        ["total"] => "total_score",
        ["foot"] => return Some(foot(form)),
        ["inc", r] | ["out", r] => {
            let income = rest[0] == "inc";
            let row = match *r {
                "total" if income => "by_source",
                "total" => "by_nature",
                "gen" => "general_public",
                "fund" => "government_fund",
                "special" => "special_account",
                "basic" => "basic",
                "project" => "project",
                _ => "other",
            };
            return Some(shown(form.get(&format!("funds.{row}.outturn"))));
        }
        [source @ ("fin" | "car" | "oth"), col] => {
            let row = match *source {
                "fin" => "appropriation",
                "car" => "carry_over",
                _ => "other",
            };
            let col = match *col {
                "init" => "original_budget",
                "full" => "final_budget",
                _ => "outturn",
            };
            return Some(shown(form.get(&format!("funds.{row}.{col}"))));
        }
        ["ind", number, col] => {
            let number: usize = number.parse().ok()?;
            let col = if *col == "weight" { "points" } else { col };
            return Some(
                form.rows("indicators")
                    .get(number)
                    .map_or("∅ row".into(), |r| column(form, "indicators", r, col)),
            );
        }
        _ => return None,
    };
    Some(shown(form.get(path)))
}

#[test]
fn faultless_packages_are_read_as_printed() {
    let Some(folder) = shared("corpus/consistent") else {
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the corpus")
        .map(|f| f.expect("an entry").path())
        .collect();
    files.sort();
    let (mut right, mut wrong) = (0, 0);
    for path in files.iter().filter(|p| {
        matches!(
            p.extension().and_then(|e| e.to_str()),
            Some("docx" | "xlsx" | "txt")
        )
    }) {
        let truth =
            std::fs::read_to_string(path.with_extension("truth.json")).expect("a truth file");
        let truth: serde_json::Value = serde_json::from_str(&truth).expect("truth in JSON");
        let filing = recognised(path);
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if filing.forms.is_empty() {
            eprintln!("{name}: nothing read");
            continue;
        }
        for unknown in &filing.unrecognised {
            wrong += 1;
            eprintln!("{name}: {}", unknown.why);
        }
        for (key, expected, got) in compare(&truth, &filing) {
            // A workbook prints stored numbers through their formats.
            let same_number = |a: &str, b: &str| {
                path.extension().is_some_and(|e| e == "xlsx")
                    && jiheng_model::parse::parse(a).number()
                        == jiheng_model::parse::parse(b).number()
            };
            if expected == got || same_number(&expected, &got) {
                right += 1;
            } else {
                wrong += 1;
                if wrong < 60 {
                    eprintln!("{name} {key}: {expected:?} read as {got:?}");
                }
            }
        }
    }
    eprintln!("{right} strings right, {wrong} wrong");
    assert!(right > 10_000);
    assert_eq!(wrong, 0);
}

/// A filing as lines, without addresses.
fn lines(filing: &Filing) -> Vec<String> {
    let mut out = Vec::new();
    for form in &filing.forms {
        let text = |s: &Option<Stated>| s.as_ref().map_or("∅".into(), |s| s.text.clone());
        out.push(format!(
            "# {} {} {} {:?} {:?} {:?}",
            form.kind(),
            text(&form.annex),
            text(&form.title),
            form.year,
            form.ordinal,
            form.money_unit.as_ref().map(|u| u.symbol.clone())
        ));
        for (field, value) in form.def.fields.iter().zip(&form.values) {
            if let Some(v) = value {
                out.push(format!(
                    "{} = {:?} {:?} {:?}",
                    field.path,
                    v.text,
                    v.value.kind,
                    v.value.unit.as_ref().map(|u| u.symbol.clone())
                ));
            }
        }
        for (list, rows) in form.def.lists.iter().zip(&form.lists) {
            for (number, row) in rows.iter().enumerate() {
                for (column, value) in list.columns.iter().zip(&row.values) {
                    if let Some(v) = value {
                        out.push(format!(
                            "{}[{}].{} = {:?} {:?}",
                            list.key,
                            number + 1,
                            column.path,
                            v.text,
                            v.value.kind
                        ));
                    }
                }
            }
        }
    }
    out
}

#[test]
fn the_sample_reads_the_same_from_word_and_from_text() {
    let (Some(docx), Some(txt)) = (
        shared("corpus/seed/package.docx"),
        shared("corpus/seed/package.txt"),
    ) else {
        return;
    };
    let (word, text) = (recognised(&docx), recognised(&txt));
    if std::env::var_os("SHOW").is_some() {
        for line in lines(&word) {
            eprintln!("{line}");
        }
        for form in &word.forms {
            for (key, head) in &form.heads {
                eprintln!("{key}: {:?} {:?}", head.text, head.origin);
            }
        }
        for u in word.unrecognised.iter().chain(&text.unrecognised) {
            eprintln!("{:?} {}", u.origin, u.why);
        }
    }
    let (left, right) = (lines(&word), lines(&text));
    // A text dump does not say which merged cell ends a short row: the last columns of 附件5 stay unsure there.
    let sure = |lines: Vec<String>| -> Vec<String> {
        lines
            .into_iter()
            .filter(|l| !l.contains("].standard") && !l.contains("].evidence"))
            .collect()
    };
    let (left, right) = (sure(left), sure(right));
    let differing: Vec<_> = left
        .iter()
        .filter(|l| !right.contains(l))
        .chain(right.iter().filter(|r| !left.contains(r)))
        .collect();
    assert_eq!(differing, Vec::<&String>::new());
    assert_eq!(left.len(), right.len());
    let kinds: Vec<&str> = word.forms.iter().map(|f| f.kind()).collect();
    assert_eq!(
        kinds,
        ["baseline", "department", "project", "project", "assessment"]
    );
    assert_eq!(word.year, Some(2023));
    assert!(word.unrecognised.is_empty() && text.unrecognised.is_empty());
}

/// Strings of a layout's truth file as (what, expected, recognised); `null` is blank or no such cell.
fn compare_layout(truth: &serde_json::Value, filing: &Filing) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    let kind = truth["form"].as_str().unwrap_or_default();
    let Some(form) = filing.one(kind) else {
        return vec![(
            "form".into(),
            kind.into(),
            filing
                .forms
                .iter()
                .map(|f| f.kind())
                .collect::<Vec<_>>()
                .join(","),
        )];
    };
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_string();
    let bare = |s: String| if s == "∅" { String::new() } else { s };
    for (key, path) in [
        ("project_name", "project_name"),
        ("parent_dept", "line_department"),
        ("goal_expected", "goal_expected"),
        ("goal_actual", "goal_actual"),
        ("total_points", "total_points"),
        ("total_score", "total_score"),
    ] {
        out.push((key.into(), text(&truth[key]), bare(shown(form.get(path)))));
    }
    let unit = form
        .get("implementing_unit")
        .or_else(|| form.get("unit_name"));
    out.push((
        "unit_name".into(),
        text(&truth["unit_name"]),
        bare(shown(unit)),
    ));
    out.push((
        "year".into(),
        truth["year"].to_string(),
        form.year.map_or("null".into(), |y| y.to_string()),
    ));
    let money = form
        .money_unit
        .as_ref()
        .map_or("万元".into(), |u| u.symbol.to_string());
    if truth["money_unit"].is_string() {
        out.push(("money_unit".into(), text(&truth["money_unit"]), money));
    }
    for row in truth["funds"].as_array().into_iter().flatten() {
        for col in [
            "original_budget",
            "final_budget",
            "outturn",
            "points",
            "execution_rate",
            "score",
        ] {
            let path = format!("funds.{}.{col}", text(&row["row"]));
            out.push((path.clone(), text(&row[col]), bare(shown(form.get(&path)))));
        }
    }
    let rows: Vec<&Row> = form
        .indicators()
        .filter(|i| {
            !i.is_filler()
                || i.name()
                    .is_some_and(|n| n.value.kind == ValueKind::NotApplicable)
        })
        .map(|i| i.row)
        .collect();
    let expected: Vec<_> = truth["indicators"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|r| r["name"].is_string())
        .collect();
    out.push((
        "indicators".into(),
        expected.len().to_string(),
        rows.len().to_string(),
    ));
    for (number, row) in expected.iter().enumerate() {
        for col in [
            "dimension_bare",
            "criterion",
            "name",
            "target",
            "actual",
            "points",
            "score",
            "reason",
        ] {
            let key = if col == "dimension_bare" {
                "dimension"
            } else {
                col
            };
            let expected = if row[col].is_string() {
                text(&row[col])
            } else {
                text(&row[key])
            };
            let got = rows.get(number).map_or("∅ row".into(), |r| {
                bare(column(form, "indicators", r, key))
            });
            out.push((
                format!("indicators[{}].{col}", number + 1),
                expected,
                got.replace('\n', ""),
            ));
        }
    }
    out
}

#[test]
fn layouts_of_other_places_are_read() {
    let Some(folder) = shared("corpus/layouts") else {
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the corpus")
        .map(|f| f.expect("an entry").path())
        .collect();
    files.sort();
    let (mut right, mut wrong) = (0, 0);
    for path in files.iter().filter(|p| {
        matches!(
            p.extension().and_then(|e| e.to_str()),
            Some("docx" | "xlsx" | "html" | "xls" | "doc")
        )
    }) {
        let truth =
            std::fs::read_to_string(path.with_extension("truth.json")).expect("a truth file");
        let truth: serde_json::Value = serde_json::from_str(&truth).expect("truth in JSON");
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let filing = recognised(path);
        for u in &filing.unrecognised {
            eprintln!("{name}: {}", u.why);
        }
        let (mut r, mut w) = (0, 0);
        for (key, expected, got) in compare_layout(&truth, &filing) {
            if expected == got {
                r += 1
            } else {
                w += 1;
                eprintln!("{name} {key}: {expected:?} read as {got:?}");
            }
        }
        eprintln!("{name}: {r} right, {w} wrong");
        right += r;
        wrong += w;
    }
    eprintln!("{right} strings right, {wrong} wrong");
}

#[test]
#[ignore = "measures; run it with --release"]
fn the_sample_takes_little_time() {
    let Some(path) = shared("corpus/seed/package.docx") else {
        return;
    };
    let bytes = std::fs::read(path).expect("the sample");
    let documents = read(&Package {
        files: vec![SourceFile {
            name: "package.docx".into(),
            bytes,
        }],
    });
    let defs = yueyang();
    let mut best = std::time::Duration::MAX;
    for _ in 0..500 {
        let start = std::time::Instant::now();
        std::hint::black_box(forms(&documents, &defs));
        best = best.min(start.elapsed());
    }
    eprintln!("forms of the sample: {best:?}");
    assert!(best < std::time::Duration::from_micros(300));
}

#[test]
#[ignore = "prints the grid of a file: GRID=path cargo test … -- --ignored --nocapture"]
fn show_grid() {
    let Some(path) = std::env::var_os("GRID") else {
        return;
    };
    let bytes = std::fs::read(&path).expect("the file");
    let documents = read(&Package {
        files: vec![SourceFile {
            name: path.to_string_lossy().into_owned(),
            bytes,
        }],
    });
    for doc in &documents {
        for block in &doc.blocks {
            match *block {
                Block::Paragraph(n) => eprintln!("P{n} {:?}", doc.paragraph_text(n)),
                Block::Table(n) => {
                    let Some(table) = doc.table(n) else { continue };
                    eprintln!("TABLE {n} {}×{} {:?}", table.rows, table.cols, table.sheet);
                    for c in &table.cells {
                        eprintln!(
                            "  r{} c{} +{}+{} {:?}",
                            c.row,
                            c.col,
                            c.row_span,
                            c.col_span,
                            doc.cell_text(c).chars().take(30).collect::<String>()
                        );
                    }
                }
            }
        }
    }
    for line in lines(&forms(&documents, &yueyang())) {
        eprintln!("{line}");
    }
    for u in &forms(&documents, &yueyang()).unrecognised {
        eprintln!("UNRECOGNISED {:?} {}", u.origin, u.why);
    }
}
