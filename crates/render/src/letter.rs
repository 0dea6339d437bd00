//! Findings of a package come in; the bureau's letter that returns it (意见书) goes out for print: what must be changed, what should be, and what is worth a look.

use crate::official::{Align, Block, Official, Part, PartKind};
use crate::place::one_line;
use crate::results::Results;
use jiheng_model::{Finding, Severity};

/// Places of a finding that are written out; of more, the number is given.
const PLACES: usize = 4;

/// What the letter says beside the findings.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms<'a> {
    /// The unit that filed; as printed in its material when it is not given.
    pub unit: Option<&'a str>,
    /// The day of the letter ("2024年5月10日").
    pub date: Option<&'a str>,
    /// The day by which the material comes back.
    pub due: Option<&'a str>,
    /// Codes of the findings that are written; all when empty.
    pub only: &'a [String],
}

/// The three parts of the letter, with the number of findings in each.
const PARTS: [(Severity, &str, &str); 3] = [
    (
        Severity::Error,
        "必须修改",
        "以下各项，数字或材料与规定不符，请改正后再报：",
    ),
    (
        Severity::Warning,
        "建议修改",
        "以下各项，请核实；属实的写明理由，不属实的改正：",
    ),
    (Severity::Hint, "提示", "以下各项供修改时参考："),
];

/// The findings that the letter writes: first causes that are not explained, of the codes asked for.
pub fn chosen<'a>(results: &Results<'a>, terms: &Terms<'_>) -> Vec<&'a Finding> {
    let findings = results.findings.iter();
    findings
        .filter(|f| f.caused_by.is_none() && f.suppressed.is_none())
        .filter(|f| terms.only.is_empty() || terms.only.contains(&f.code))
        .collect()
}

/// The letter.
pub fn official(results: &Results<'_>, terms: &Terms<'_>) -> Official {
    let findings = chosen(results, terms);
    let year = match results.filing.year {
        Some(year) => format!("{year}年度"),
        None => String::new(),
    };
    let printed = results
        .filing
        .one("department")
        .and_then(|form| form.text("unit_name"))
        .or(results
            .filing
            .narrative
            .unit_name
            .as_ref()
            .map(|u| u.text.as_str()));
    let unit = terms.unit.or(printed).map(one_line);
    let unit = unit.map(|u| u.trim().to_string()).unwrap_or_default();
    let title = format!("关于{year}绩效自评材料的审核意见");
    let line = |text: String, align| Block::Line {
        text,
        align,
        small: false,
    };
    let mut blocks = vec![
        Block::Title {
            lines: vec![title.clone()],
            form: false,
        },
        line(format!("{unit}："), Align::Left),
    ];
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let counts: Vec<String> = PARTS
        .iter()
        .filter(|part| count(part.0) > 0)
        .map(|part| format!("{} {} 项", part.1, count(part.0)))
        .collect();
    let opening = match counts.is_empty() {
        true => format!("你单位报送的{year}绩效自评材料已经核对，没有需要修改的内容。"),
        false => format!(
            "你单位报送的{year}绩效自评材料已经核对，提出意见如下：{}。",
            counts.join("，")
        ),
    };
    blocks.push(Block::Paragraph(opening));
    let marks = ["一", "二", "三"];
    let mut mark = marks.iter();
    for (severity, name, lead) in PARTS {
        if count(severity) == 0 {
            continue;
        }
        let mark = mark.next().copied().unwrap_or_default();
        blocks.push(Block::Heading {
            level: 1,
            text: format!("{mark}、{name}"),
        });
        blocks.push(Block::Paragraph(lead.into()));
        let of = findings.iter().filter(|f| f.severity == severity);
        for (number, finding) in of.enumerate() {
            blocks.push(Block::Paragraph(item(results, finding, number + 1)));
        }
    }
    if !findings.is_empty() {
        let until = match terms.due {
            Some(due) => format!("请于{due}前"),
            None => "请".into(),
        };
        blocks.push(Block::Paragraph(format!(
            "{until}按以上意见修改，重新报送；对意见有不同看法的，附书面说明。"
        )));
    }
    blocks.push(line("（审核单位盖章）".into(), Align::Right));
    let date = terms.date.unwrap_or("　　年　　月　　日");
    blocks.push(line(date.into(), Align::Right));
    Official {
        title,
        parts: vec![Part {
            kind: PartKind::Report,
            name: "意见书".into(),
            landscape: false,
            blocks,
        }],
    }
}

/// "1.　三项明细相加 172.75，大于合计 149.75。位置：附件1 · …。依据：…。请核对…。"
fn item(results: &Results<'_>, finding: &Finding, number: usize) -> String {
    let mut text = format!("{number}.{}", sentence(&one_line(&finding.message)));
    if let Some(derivation) = &finding.derivation {
        text.push_str(&format!("算式：{}", sentence(&one_line(derivation))));
    }
    let places: Vec<String> = finding
        .places
        .iter()
        .take(PLACES)
        .map(|place| {
            format!(
                "{}（{}）",
                results.place_name(place),
                results.position(&place.origin)
            )
        })
        .collect();
    if !places.is_empty() {
        let more = finding.places.len().saturating_sub(PLACES);
        let more = match more {
            0 => String::new(),
            n => format!("等 {} 处", n + PLACES),
        };
        text.push_str(&format!("位置：{}{more}。", places.join("，")));
    }
    if !finding.basis.is_empty() {
        text.push_str(&format!("依据：{}", sentence(&one_line(&finding.basis))));
    }
    if !finding.advice.is_empty() {
        text.push_str(&sentence(&one_line(&finding.advice)));
    }
    text
}

/// With one full stop at its end.
fn sentence(text: &str) -> String {
    format!("{}。", text.trim_end_matches(['。', '；', ' ']))
}
