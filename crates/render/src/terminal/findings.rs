//! Results come in; the findings of `jiheng check` as a person reads them go out.

use super::paint::{Ink, Style};
use crate::place::one_line;
use crate::results::Results;
use crate::sides::{Side, SideKind};
use crate::width::{pad, pad_left, width, wrap};
use jiheng_model::Severity;
use jiheng_model::finding::Finding;
use std::fmt::Write as _;

/// Below this width positions move to a line of their own.
const NARROW: usize = 72;
/// Values wider than this stand on lines of their own.
const LONG_VALUE: usize = 28;

/// All findings that follow from no other, each with those that follow from it, then what was not checked.
pub fn findings(results: &Results<'_>, style: &Style) -> String {
    let mut out = String::new();
    for (index, finding) in results.findings.iter().enumerate() {
        if results.stands_alone(index) {
            match style.plain {
                true => plain(&mut out, results, index, finding),
                false => framed(&mut out, results, index, finding, style),
            }
            out.push('\n');
        }
    }
    for outcome in results.unchecked() {
        let head = style.paint(Ink::Unchecked, &format!("未核[{}]", outcome.code));
        let why = if outcome.note.is_empty() {
            "材料不足"
        } else {
            outcome.note.as_str()
        };
        let _ = writeln!(
            out,
            "{head} {}：{}（不等于通过）",
            one_line(results.rule_title(&outcome.code)),
            one_line(why)
        );
    }
    if results.unchecked().next().is_some() {
        out.push('\n');
    }
    out
}

/// Counts, what was read, the rulebook and why it was chosen.
pub fn footer(results: &Results<'_>, style: &Style) -> String {
    let counts = results.summary();
    let mut out = String::new();
    if !style.plain {
        let _ = writeln!(
            out,
            "{}",
            style.paint(Ink::Dim, &"─".repeat(style.columns.min(NARROW)))
        );
    }
    let level = |severity: Severity, n: usize| {
        style.paint(Ink::Level(severity), &format!("{} {n}", severity.chinese()))
    };
    let _ = write!(
        out,
        "{}   {}   {}",
        level(Severity::Error, counts.errors),
        level(Severity::Warning, counts.warnings),
        level(Severity::Hint, counts.hints)
    );
    if counts.folded > 0 {
        let _ = write!(out, "   另有 {} 条随首因而来，已并入", counts.folded);
    }
    let report = if results.filing.narrative.exists() {
        "、报告 1 篇"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "\n{} {} 条规则（{} 次比较）   未核 {} 条   {} 张表{report}、{} 格",
        style.paint(Ink::Passed, "通过"),
        counts.passed,
        counts.comparisons,
        counts.unchecked,
        counts.forms,
        counts.cells
    );
    let why = if results.rulebook.why.is_empty() {
        String::new()
    } else {
        format!("（{}）", one_line(results.rulebook.why))
    };
    let _ = writeln!(out, "规程包 {}{why}", results.rulebook_label());
    out
}

fn framed(out: &mut String, results: &Results<'_>, index: usize, finding: &Finding, style: &Style) {
    let head = format!("{}[{}]", finding.severity.chinese(), finding.code);
    let _ = writeln!(
        out,
        "{} {}",
        style.paint(Ink::Level(finding.severity), &head),
        style.paint(Ink::Bold, &one_line(&finding.message))
    );
    let bar = style.paint(Ink::Dim, "  │");
    let file = finding
        .places
        .first()
        .and_then(|p| results.documents.get(p.origin.file as usize));
    let _ = writeln!(
        out,
        "{} {}",
        style.paint(Ink::Dim, "  ┌─"),
        file.map_or("", |d| d.name.as_str())
    );
    let _ = writeln!(out, "{bar}");
    let sides = results.sides(finding);
    let columns = Columns::of(&sides, style);
    for side in &sides {
        columns.write(out, side, finding.severity, &bar, style);
    }
    let _ = writeln!(out, "{bar}");
    let mut notes: Vec<(&str, String)> = Vec::new();
    if !finding.why.is_empty() {
        notes.push(("为什么", one_line(&finding.why)));
    }
    if !finding.basis.is_empty() {
        notes.push(("依　据", one_line(&finding.basis)));
    }
    if !finding.advice.is_empty() {
        notes.push(("怎么办", one_line(&finding.advice)));
    }
    for follower in results.followers(index) {
        let f = &results.findings[follower];
        notes.push((
            "随之而来",
            format!(
                "{}[{}] {}",
                f.severity.chinese(),
                f.code,
                one_line(&f.message)
            ),
        ));
    }
    let last = notes.len().saturating_sub(1);
    for (n, (word, text)) in notes.iter().enumerate() {
        let corner = style.paint(Ink::Dim, if n == last { "  └" } else { "  ├" });
        let lead = width(word) + 2;
        let lines = wrap(text, style.columns.saturating_sub(4 + lead));
        for (i, line) in lines.iter().enumerate() {
            if i == 0 {
                let _ = writeln!(out, "{corner} {}  {line}", style.paint(Ink::Dim, word));
            } else {
                let rail = style.paint(Ink::Dim, if n == last { "   " } else { "  │" });
                let _ = writeln!(out, "{rail} {}{line}", " ".repeat(lead));
            }
        }
    }
}

/// Widths that a finding's rows share.
struct Columns {
    name: usize,
    position: usize,
    value: usize,
    stacked: bool,
}

impl Columns {
    fn of(sides: &[Side], style: &Style) -> Columns {
        let widest = |f: fn(&Side) -> &str| {
            sides
                .iter()
                .map(|s| width(f(s)))
                .filter(|w| *w <= 44)
                .max()
                .unwrap_or(0)
        };
        let name = widest(|s| &s.name);
        let position = widest(|s| &s.position);
        let value = sides
            .iter()
            .map(|s| width(&s.value))
            .filter(|w| *w <= LONG_VALUE)
            .max()
            .unwrap_or(0);
        let stacked =
            style.columns < NARROW || name + position + value + 9 > style.columns.max(NARROW) + 8;
        Columns {
            name,
            position,
            value,
            stacked,
        }
    }

    fn write(&self, out: &mut String, side: &Side, severity: Severity, bar: &str, style: &Style) {
        let value_ink = match side.kind {
            SideKind::Stated => Ink::Bold,
            SideKind::Absent | SideKind::Gap => Ink::Mark(severity),
            SideKind::Computed => Ink::Passed,
        };
        let paint_value = |text: &str| match side.kind {
            SideKind::Computed => text.to_string(),
            _ => style.paint(value_ink, text),
        };
        let long = width(&side.value) > LONG_VALUE;
        if long || width(&side.name) > 44 || width(&side.position) > 44 {
            let _ = writeln!(
                out,
                "{bar} {}  {}",
                side.name,
                style.paint(Ink::Dim, &side.position)
            );
            for line in wrap(&side.value, style.columns.saturating_sub(8)) {
                let _ = writeln!(out, "{bar}   {}", paint_value(&line));
            }
        } else if self.stacked {
            let room = self.name + 2;
            let _ = writeln!(
                out,
                "{bar} {}  {}",
                pad(&side.name, room),
                paint_value(&pad_left(&side.value, self.value))
            );
            if !side.position.is_empty() {
                let _ = writeln!(out, "{bar}   {}", style.paint(Ink::Dim, &side.position));
            }
        } else {
            let position = style.paint(Ink::Dim, &pad(&side.position, self.position));
            let _ = writeln!(
                out,
                "{bar} {}  {position}  {}",
                pad(&side.name, self.name),
                paint_value(&pad_left(&side.value, self.value))
            );
        }
        if let Some([before, marked, after]) = &side.excerpt {
            let _ = writeln!(
                out,
                "{bar}   {before}{}{after}",
                style.paint(Ink::Bold, marked)
            );
            let line = match severity {
                Severity::Error => "━",
                Severity::Warning => "╍",
                Severity::Hint => "┈",
            };
            let under = line.repeat(width(marked) / width(line).max(1));
            let _ = writeln!(
                out,
                "{bar}   {}{}",
                " ".repeat(width(before)),
                style.paint(Ink::Mark(severity), &under)
            );
        }
    }
}

/// One paragraph: level, code, title, places and values, basis, what to do.
fn plain(out: &mut String, results: &Results<'_>, index: usize, finding: &Finding) {
    let _ = write!(
        out,
        "{} {} {}。",
        finding.severity.chinese(),
        finding.code,
        one_line(&finding.message)
    );
    for side in results.sides(finding) {
        let position = if side.position.is_empty() {
            String::new()
        } else {
            format!("，{}", side.position)
        };
        let _ = write!(out, "{}{position}：{}。", side.name, side.value);
    }
    for (word, text) in [
        ("为什么", &finding.why),
        ("依据", &finding.basis),
        ("怎么办", &finding.advice),
    ] {
        if !text.is_empty() {
            let _ = write!(out, "{word}：{}。", one_line(text).trim_end_matches('。'));
        }
    }
    for follower in results.followers(index) {
        let f = &results.findings[follower];
        let _ = write!(out, "随之而来：{} {}。", f.code, one_line(&f.message));
    }
    out.push('\n');
}
