//! The difference of two packages comes in; words for a terminal go out, form by form.

use super::paint::{Ink, Style};
use crate::place::{one_line, shorten};
use crate::width::wrap;
use jiheng_model::Difference;
use jiheng_model::difference::{Change, Said, State};
use std::fmt::Write as _;

/// Characters of a value or paragraph that are shown.
const SHOWN: usize = 40;
/// Paragraphs of a section that are shown on each side.
const LINES: usize = 5;

/// What changed, in words.
pub fn diff(difference: &Difference, style: &Style) -> String {
    let mut out = String::new();
    let head = |out: &mut String, text: &str| {
        let _ = writeln!(out, "{}", style.paint(Ink::Bold, text));
    };
    if let ((Some(old), Some(new)), true) = (difference.years, difference.two_years) {
        head(&mut out, &format!("{old} 年度与 {new} 年度两套材料"));
        carried(&mut out, difference, style);
    }
    if difference.is_empty() {
        out.push_str("两份材料没有不同。\n");
        return out;
    }
    for form in &difference.forms {
        let what = match form.state {
            State::Added => "新增",
            State::Removed => "没有了",
            State::Changed => "有改动",
        };
        head(&mut out, &format!("{}　{what}", one_line(&form.name)));
        for change in &form.changes {
            for line in wrap(&told(change), style.columns.saturating_sub(2).max(30)) {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    for section in &difference.sections {
        let what = match section.state {
            State::Added => "新增",
            State::Removed => "没有了",
            State::Changed => "有改动",
        };
        head(
            &mut out,
            &format!("自评报告 {}　{what}", one_line(&section.title)),
        );
        for (sign, lines) in [("−", &section.removed), ("＋", &section.added)] {
            for line in lines.iter().take(LINES) {
                let _ = writeln!(out, "  {sign} {}", shorten(&one_line(line), SHOWN));
            }
            if lines.len() > LINES {
                let _ = writeln!(out, "  {sign} 还有 {} 段", lines.len() - LINES);
            }
        }
    }
    findings(&mut out, "不再有的发现", &difference.gone, style);
    findings(&mut out, "新出现的发现", &difference.new, style);
    if !style.quiet {
        let _ = writeln!(
            out,
            "发现：少了 {} 条，多了 {} 条，{} 条没有变",
            difference.gone.len(),
            difference.new.len(),
            difference.kept
        );
    }
    out
}

fn carried(out: &mut String, difference: &Difference, style: &Style) {
    if difference.carried.is_empty() {
        let _ = writeln!(out, "  没有可以对照的上年决算数");
        return;
    }
    let same = difference.carried.iter().filter(|c| c.same).count();
    let all = difference.carried.len();
    let _ = writeln!(
        out,
        "  上年的“本年决算数”与本年的“上年决算数”：{all} 行中 {same} 行相同"
    );
    for row in difference.carried.iter().filter(|c| !c.same) {
        let line = format!(
            "{}：上年本年决算数 {}，本年上年决算数 {}",
            one_line(&row.label),
            value(&row.before),
            value(&row.after)
        );
        let _ = writeln!(out, "  {}", style.paint(Ink::Bold, &line));
    }
}

fn told(change: &Change) -> String {
    match change {
        Change::Cell {
            label,
            before,
            after,
        } => format!("{}：{} → {}", one_line(label), value(before), value(after)),
        Change::RowAdded { list, name } => format!("{list} 增加一行“{}”", one_line(name)),
        Change::RowRemoved { list, name } => format!("{list} 去掉一行“{}”", one_line(name)),
        Change::RowRenamed {
            list,
            before,
            after,
            because,
        } => format!(
            "{list} “{}”改名为“{}”（{because}）",
            one_line(before),
            one_line(after)
        ),
    }
}

fn value(text: &str) -> String {
    match text.is_empty() {
        true => "（空白）".into(),
        false => shorten(&one_line(text), SHOWN),
    }
}

fn findings(out: &mut String, title: &str, said: &[Said], style: &Style) {
    if said.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", style.paint(Ink::Bold, title));
    for finding in said {
        let _ = writeln!(
            out,
            "  {} {}  {}（{}）",
            finding.code,
            finding.severity.chinese(),
            one_line(&finding.message),
            one_line(&finding.label)
        );
    }
}
