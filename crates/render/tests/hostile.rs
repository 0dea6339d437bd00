//! Text of a document is data in every output: it never becomes markup, a formula or an escape sequence.

use jiheng_model::document::{Block, Cell, Format, Paragraph, Table};
use jiheng_model::finding::{Finding, Outcome, OutcomeKind, Place, PlaceKind};
use jiheng_model::{Basis, Document, Filing, Origin, RuleInfo, Scorecard, Severity, Status};
use jiheng_render::terminal::Style;
use jiheng_render::{InForce, Results, html, json, sarif, terminal, xlsx};
use std::collections::BTreeMap;

const SCRIPT: &str = "<script>alert(1)</script>";
const FORMULA: &str = "=1+1";
const ESCAPE: &str = "\u{1b}[31m红\u{202e}";

/// A document with one table of two cells and one paragraph.
fn document() -> Document {
    let mut document = Document::empty(format!("{SCRIPT}{ESCAPE}.docx"), Format::Docx);
    let mut range = |text: &str| {
        let from = document.text.len() as u32;
        document.text.push_str(text);
        from..document.text.len() as u32
    };
    let (label, value, words) = (
        range(&format!("{SCRIPT}{ESCAPE}")),
        range(FORMULA),
        range(&format!("{SCRIPT}{ESCAPE}1117.90万元")),
    );
    let cell = |col: u32, text| Cell {
        row: 1,
        col,
        row_span: 1,
        col_span: 1,
        text,
        bytes: 0..0,
    };
    document.tables.push(Table {
        number: 1,
        sheet: None,
        rows: 1,
        cols: 2,
        cells: vec![cell(1, label), cell(2, value)],
        grid: vec![0, 1],
        parent: None,
        hidden: false,
    });
    document.paragraphs.push(Paragraph {
        text: words,
        numbering: 0,
        level: None,
        bytes: 0..0,
    });
    document
        .blocks
        .extend([Block::Table(1), Block::Paragraph(1)]);
    document
}

fn place(kind: PlaceKind, form: &str, origin: Origin, text: &str) -> Place {
    Place {
        kind,
        form: form.into(),
        form_index: None,
        field: None,
        label: SCRIPT.into(),
        origin,
        text: text.into(),
    }
}

fn finding() -> Finding {
    Finding {
        code: "X301".into(),
        slug: "two-amounts".into(),
        severity: Severity::Error,
        message: format!("两处金额不同 {SCRIPT}{ESCAPE}"),
        why: SCRIPT.into(),
        basis: SCRIPT.into(),
        advice: "更正其一".into(),
        covers: ["D30".to_string()].into(),
        args: BTreeMap::from([("gap".into(), "118.76".into())]),
        stated: Some(FORMULA.into()),
        computed: None,
        derivation: Some("1117.90 − 999.14 = 118.76".into()),
        caused_by: None,
        places: vec![
            place(PlaceKind::Cell, "table", Origin::cell(0, 1, 1, 2), FORMULA),
            place(
                PlaceKind::Text,
                "narrative",
                Origin::text(0, 1, 25, 33),
                "1117.90万元",
            ),
            place(PlaceKind::Absent, "narrative", Origin::text(0, 1, 0, 0), ""),
        ],
        suppressed: None,
    }
}

/// Runs `then` over the results made of these parts.
fn with<T>(then: impl FnOnce(&Results<'_>) -> T) -> T {
    let documents = [document()];
    let (filing, scorecard) = (Filing::default(), Scorecard::default());
    let findings = [finding()];
    let outcome = |code: &str, outcome, checked, note: &str| Outcome {
        code: code.into(),
        outcome,
        checked,
        note: note.into(),
    };
    let outcomes = [
        outcome("X301", OutcomeKind::Fail, 1, ""),
        outcome("X401", OutcomeKind::NotEnoughData, 0, "没有放入决算文件"),
    ];
    let rules = [RuleInfo {
        code: "X301".into(),
        slug: "two-amounts".into(),
        title: "同一事项两处金额不同".into(),
        severity: Severity::Error,
        status: Status::Stable,
        since: "0.1.0".into(),
        covers: ["D30".to_string()].into(),
        basis: vec![],
        what: "查".into(),
        why: "因".into(),
        advice: "办".into(),
        fix: None,
        rulebook: "built-in".into(),
    }];
    let bases: BTreeMap<String, Basis> = BTreeMap::new();
    let rulebook = InForce {
        id: "cn/x",
        version: "1",
        title: SCRIPT,
        why: SCRIPT,
        fallback: false,
    };
    then(&Results {
        documents: &documents,
        filing: &filing,
        scorecard: &scorecard,
        findings: &findings,
        outcomes: &outcomes,
        rules: &rules,
        bases: &bases,
        rulebook,
    })
}

#[test]
fn the_page_holds_no_markup_of_the_document() {
    let page = with(html::findings);
    assert!(
        !page.contains(SCRIPT),
        "a script of the document reached the page"
    );
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
    assert_eq!(
        page.matches("<script>").count(),
        1,
        "only the page's own script"
    );
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    assert!(page.contains("1117.90万元") && page.contains("<mark class=\"hit E\""));
    assert!(page.contains("缺："), "what is missing is drawn");
    assert!(
        page.contains("没有放入决算文件"),
        "what was not checked is named"
    );
    for outside in ["http://", "https://", "<link", "<img", "@import", "url("] {
        assert!(!page.contains(outside), "the page loads {outside}");
    }
}

#[test]
fn every_mark_leads_to_a_card_and_every_link_to_a_mark() {
    let page = with(html::findings);
    let ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|s| s.split('"').next())
        .collect();
    let unique: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id stands twice");
    for link in page
        .split("href=\"#")
        .skip(1)
        .filter_map(|s| s.split('"').next())
    {
        assert!(unique.contains(link), "#{link} leads nowhere");
    }
}

#[test]
fn the_terminal_gets_no_escape_sequence_of_the_document() {
    let text = with(|r| {
        terminal::findings(r, &Style::default()) + &terminal::footer(r, &Style::default())
    });
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text}"
    );
    assert!(
        text.contains("错误[X301]")
            && text.contains("未核[X401]")
            && text.contains("（不等于通过）")
    );
    let colored = with(|r| {
        terminal::findings(
            r,
            &Style {
                color: true,
                ..Style::default()
            },
        )
    });
    assert!(colored.starts_with("\u{1b}[1;31m错误[X301]\u{1b}[0m"));
    let plain = with(|r| {
        terminal::findings(
            r,
            &Style {
                plain: true,
                ..Style::default()
            },
        )
    });
    assert!(!plain.contains('│') && !plain.contains('━') && plain.contains("错误 X301"));
}

#[test]
fn cells_that_begin_like_formulas_are_text_cells() {
    let bytes = with(xlsx::findings).expect("a workbook");
    assert_eq!(
        bytes,
        with(xlsx::findings).expect("a workbook"),
        "the same results give the same bytes"
    );
    let sheet = part_of(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "a formula was written");
    assert!(sheet.contains("t=\"s\""));
    let strings = part_of(&bytes, "xl/sharedStrings.xml");
    assert!(strings.contains(FORMULA));
}

#[test]
fn sarif_has_the_shape_of_the_standard() {
    let log: serde_json::Value = serde_json::from_str(&with(sarif::sarif)).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["level"], "error");
    let index = result["ruleIndex"].as_u64().expect("an index") as usize;
    assert_eq!(
        run["tool"]["driver"]["rules"][index]["id"],
        result["ruleId"]
    );
    let location = &result["locations"][0];
    let artifact = location["physicalLocation"]["artifactLocation"]["index"]
        .as_u64()
        .expect("an index") as usize;
    assert_eq!(
        run["artifacts"][artifact]["location"]["uri"],
        "%3Cscript%3Ealert%281%29%3C/script%3E%1B%5B31m%E7%BA%A2%E2%80%AE.docx"
    );
    assert_eq!(
        location["logicalLocations"][0]["fullyQualifiedName"],
        "表1 行1 列2"
    );
    assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(2));
}

#[test]
fn json_keeps_the_document_s_words_and_leaves_out_positions_that_do_not_apply() {
    let check: serde_json::Value = serde_json::from_str(&with(json::check)).expect("JSON");
    assert_eq!(check["schema"], 1);
    assert_eq!(check["summary"]["errors"], 1);
    let places = &check["findings"][0]["places"];
    assert_eq!(places[0]["text"], FORMULA);
    assert_eq!(
        (&places[0]["row"], &places[0]["col"], &places[0]["col_span"]),
        (&1.into(), &2.into(), &1.into())
    );
    assert_eq!(places[1]["chars"], serde_json::json!([25, 33]));
    assert!(places[1].get("row").is_none());
    assert_eq!(places[2]["kind"], "absent");
    assert_eq!(check["outcomes"][1]["outcome"], "not_enough_data");
}

/// A part of a package as text.
fn part_of(bytes: &[u8], name: &str) -> String {
    let budget = jiheng_office::Budget::default();
    let zip = jiheng_office::Zip::open(bytes, &budget).expect("a zip");
    let entry = zip.find(name).expect("the part");
    let mut inflater = jiheng_office::Inflater::new(&budget);
    let part = zip.inflate(entry, &mut inflater).expect("text");
    String::from_utf8_lossy(&part).into_owned()
}
