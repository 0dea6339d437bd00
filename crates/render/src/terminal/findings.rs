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
        if results.stands_alone(index) && finding.suppressed.is_none() {
            match style.plain {
                true => plain(&mut out, results, index, finding),
                false => framed(&mut out, results, index, finding, style),
            }
            out.push('\n');
        }
    }
    for (index, finding) in results.findings.iter().enumerate() {
        if let Some(explained) = finding
            .suppressed
            .as_ref()
            .filter(|_| results.stands_alone(index))
        {
            let head = format!("已说明[{}]", finding.code);
            let place = finding.places.first();
            let place = place.map_or(String::new(), |p| {
                format!("{}，{}", results.place_name(p), results.position(&p.origin))
            });
            let _ = writeln!(
                out,
                "{} {}（{place}）\n  {}\n",
                style.paint(Ink::Unchecked, &head),
                one_line(&finding.message),
                one_line(&explained.sentence())
            );
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
    if counts.suppressed > 0 {
        let _ = write!(out, "   已说明 {}", counts.suppressed);
    }
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
        file.map(|d| one_line(&d.name)).unwrap_or_default()
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
    /// Digits after the point to which values are filled up with blanks, when all are plain numbers.
    scale: usize,
    stacked: bool,
}

impl Columns {
    fn of(sides: &[Side], style: &Style) -> Columns {
        let short = || sides.iter().filter(|s| width(&s.value) <= LONG_VALUE);
        let numbers = short().all(|s| {
            s.value
                .chars()
                .all(|c| c.is_ascii_digit() || ".,−-".contains(c))
        });
        let scale = if numbers {
            short().map(|s| decimals(&s.value)).max().unwrap_or(0)
        } else {
            0
        };
        let value = short()
            .map(|s| width(&aligned(&s.value, scale)))
            .max()
            .unwrap_or(0);
        let places = || {
            sides
                .iter()
                .filter(|s| matches!(s.kind, SideKind::Stated | SideKind::Absent))
        };
        let spot = places().map(|s| width(&s.position)).max().unwrap_or(0);
        let limit = style.columns.saturating_sub(value + spot + 9);
        let name = sides
            .iter()
            .map(|s| width(&s.name))
            .filter(|w| *w <= limit)
            .max()
            .unwrap_or(0);
        let room = style.columns.saturating_sub(name + value + 9);
        let position = sides
            .iter()
            .map(|s| width(&s.position))
            .filter(|w| *w <= room)
            .max()
            .unwrap_or(0);
        let stacked = style.columns < NARROW || !places().any(|s| width(&s.name) <= name);
        Columns {
            name,
            position,
            value,
            scale,
            stacked,
        }
    }

    fn write(&self, out: &mut String, side: &Side, severity: Severity, bar: &str, style: &Style) {
        let paint_value = |text: &str| match side.kind {
            SideKind::Stated => style.paint(Ink::Bold, text),
            SideKind::Absent | SideKind::Gap => style.paint(Ink::Mark(severity), text),
            SideKind::Computed => text.to_string(),
        };
        let dim = |text: &str| style.paint(Ink::Dim, text);
        let inner = style.columns.saturating_sub(6);
        let shown = aligned(&side.value, self.scale);
        let right =
            |room: usize, used: usize| paint_value(&pad_left(&shown, room.saturating_sub(used)));
        if width(&side.value) > LONG_VALUE {
            let _ = writeln!(out, "{bar} {}  {}", side.name, dim(&side.position));
            for line in wrap(&side.value, inner) {
                let _ = writeln!(out, "{bar}   {}", paint_value(&line));
            }
        } else if !self.stacked
            && width(&side.position) <= self.position
            && width(&side.name) <= self.name
        {
            let (name, position) = (
                pad(&side.name, self.name),
                dim(&pad(&side.position, self.position)),
            );
            let _ = writeln!(out, "{bar} {name}  {position}  {}", right(self.value, 0));
        } else {
            let edge = if self.stacked {
                inner
            } else {
                self.name + self.position + self.value + 4
            };
            let mut lines = Vec::new();
            let room = inner.saturating_sub(width(&side.name) + 2);
            if matches!(side.kind, SideKind::Computed | SideKind::Gap) && room >= 20 {
                let steps = wrap(&side.position, room);
                for (i, step) in steps.iter().filter(|s| !s.is_empty()).enumerate() {
                    let name = if i == 0 {
                        side.name.clone()
                    } else {
                        " ".repeat(width(&side.name))
                    };
                    lines.push((
                        format!("{name}  {}", dim(step)),
                        width(&name) + 2 + width(step),
                    ));
                }
                if lines.is_empty() {
                    lines.push((side.name.clone(), width(&side.name)));
                }
            } else {
                lines.push((side.name.clone(), width(&side.name)));
                if !side.position.is_empty() {
                    lines.push((
                        format!("  {}", dim(&side.position)),
                        width(&side.position) + 2,
                    ));
                }
            }
            let fits = lines
                .iter()
                .position(|(_, used)| used + width(&shown) + 2 <= edge);
            for (i, (line, used)) in lines.iter().enumerate() {
                let value = if fits == Some(i) {
                    right(edge, *used)
                } else {
                    String::new()
                };
                let _ = writeln!(out, "{bar} {line}{value}");
            }
            if fits.is_none() {
                let _ = writeln!(out, "{bar} {}", right(edge, 0));
            }
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
            let under = line.repeat(width(marked));
            let _ = writeln!(
                out,
                "{bar}   {}{}",
                " ".repeat(width(before)),
                style.paint(Ink::Mark(severity), &under)
            );
        }
    }
}

/// Digits after the point.
fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// A number filled up with blanks so that points stand below each other.
fn aligned(value: &str, scale: usize) -> String {
    let mut out = value.to_string();
    if scale > 0 {
        let missing = if value.contains('.') {
            scale - decimals(value).min(scale)
        } else {
            scale + 1
        };
        out.extend(std::iter::repeat_n(' ', missing));
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &str, position: &str, value: &str, kind: SideKind) -> Side {
        Side {
            name: name.into(),
            position: position.into(),
            value: value.into(),
            kind,
            excerpt: None,
        }
    }

    fn drawn(sides: &[Side], columns: usize) -> Vec<String> {
        let style = Style {
            columns,
            ..Style::default()
        };
        let layout = Columns::of(sides, &style);
        let mut out = String::new();
        for side in sides {
            layout.write(&mut out, side, Severity::Error, "  │", &style);
        }
        out.lines().map(String::from).collect()
    }

    #[test]
    fn values_end_in_one_column_and_points_stand_below_each_other() {
        let sides = [
            side(
                "附件1 · 公用经费 · 2023年决算数",
                "表1 行28 列6",
                "999.14",
                SideKind::Stated,
            ),
            side(
                "自评报告 二（一）③ 商品和服务支出",
                "段47 字85–97",
                "1117.9",
                SideKind::Stated,
            ),
            side("相差", "", "118.76", SideKind::Gap),
        ];
        assert_eq!(
            drawn(&sides, 80),
            [
                "  │ 附件1 · 公用经费 · 2023年决算数    表1 行28 列6   999.14",
                "  │ 自评报告 二（一）③ 商品和服务支出  段47 字85–97  1117.9 ",
                "  │ 相差                                              118.76",
            ]
        );
    }

    #[test]
    fn on_a_narrow_terminal_positions_move_below_and_nothing_is_cut() {
        let sides = [
            side(
                "附件1 · 公用经费 · 2023年决算数",
                "表1 行28 列6",
                "999.14",
                SideKind::Stated,
            ),
            side("相差", "1117.90 − 999.14", "118.76", SideKind::Gap),
        ];
        let lines = drawn(&sides, 50);
        assert_eq!(lines[1], "  │   表1 行28 列6");
        assert!(lines[0].ends_with("999.14") && lines[2].ends_with("118.76"));
        assert_eq!(width(&lines[0]), width(&lines[2]));
        assert!(lines.iter().all(|l| width(l) <= 50), "{lines:?}");
    }

    #[test]
    fn running_text_is_wrapped_below_its_place() {
        let words = "绩效目标申报工作有待加强。年初进行绩效目标申报时，仅申报了一个项目，指标可细化、可量化。";
        let lines = drawn(&[side("自评报告 七", "段109", words, SideKind::Stated)], 72);
        assert!(
            lines.len() > 2 && lines.iter().all(|l| width(l) <= 72),
            "{lines:?}"
        );
        let all: String = lines[1..]
            .iter()
            .map(|l| l.trim_start_matches("  │").trim())
            .collect();
        assert_eq!(all, words);
    }
}
