//! A finding comes in; its sides go out as rows: name, position, value, and the difference below them.

use crate::place::{is_hidden_control, one_line};
use crate::results::Results;
use jiheng_model::Decimal;
use jiheng_model::finding::{Finding, PlaceKind};
use jiheng_model::origin::At;

/// Characters of context on each side of marked words.
const CONTEXT: usize = 18;
/// Marked words longer than this need no context.
const QUOTED: usize = 30;

/// One row of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// "附件1 · 公用经费 · 2023年决算数"; "相差"; "复算".
    pub name: String,
    /// "表1 行28 列6"; for computed values their derivation.
    pub position: String,
    /// The value.
    pub value: String,
    /// What kind of row it is.
    pub kind: SideKind,
    /// The words around marked text: before, marked, after.
    pub excerpt: Option<[String; 3]>,
}

/// Kinds of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideKind {
    /// A place of the material.
    Stated,
    /// Something that should stand there.
    Absent,
    /// What we computed.
    Computed,
    /// The difference.
    Gap,
}

impl Results<'_> {
    /// The rows of a finding: its places, then the computed value, then the difference.
    pub fn sides(&self, finding: &Finding) -> Vec<Side> {
        let mut sides: Vec<Side> = finding
            .places
            .iter()
            .map(|place| Side {
                name: self.place_name(place),
                position: match place.kind {
                    PlaceKind::Absent => format!("{} 之后", self.position(&place.origin)),
                    _ => self.position(&place.origin),
                },
                value: match place.kind {
                    PlaceKind::Absent => "缺".into(),
                    _ if one_line(&place.text).is_empty() => "空".into(),
                    _ => one_line(&place.text),
                },
                kind: if place.kind == PlaceKind::Absent {
                    SideKind::Absent
                } else {
                    SideKind::Stated
                },
                excerpt: match place.origin.at {
                    At::Text { paragraph, chars } if place.kind == PlaceKind::Text => self
                        .documents
                        .get(place.origin.file as usize)
                        .and_then(|d| excerpt(d.paragraph_text(paragraph), chars)),
                    _ => None,
                },
            })
            .collect();
        let parts = finding.derivation.as_deref().map(|d| {
            d.rsplit_once('=')
                .map_or((d.trim(), ""), |(a, b)| (a.trim(), b.trim()))
        });
        match (&finding.computed, parts) {
            (Some(computed), parts) => {
                let steps = parts.map_or("", |(left, right)| {
                    if right.is_empty() || right == computed {
                        left
                    } else {
                        finding.derivation.as_deref().unwrap_or("")
                    }
                });
                sides.push(Side {
                    name: "复算".into(),
                    position: one_line(steps),
                    value: one_line(computed),
                    kind: SideKind::Computed,
                    excerpt: None,
                });
                if let Some(gap) = finding
                    .stated
                    .as_deref()
                    .filter(|stated| !told(finding.derivation.as_deref().unwrap_or(""), stated))
                    .and_then(|stated| gap(stated, computed))
                {
                    sides.push(Side {
                        name: "相差".into(),
                        position: String::new(),
                        value: gap,
                        kind: SideKind::Gap,
                        excerpt: None,
                    });
                }
            }
            (None, Some((steps, result))) => {
                let (steps, result) = match steps.strip_prefix("相差") {
                    Some(gap) if result.is_empty() => ("", gap.trim()),
                    _ => (steps, result),
                };
                let name = match steps {
                    "" => "相差",
                    _ if result.is_empty() => "算式",
                    s if s.contains('÷') => "相比",
                    s if s.contains(['−', '－']) => "相差",
                    s if s.contains('+') => "相加",
                    _ => "算式",
                };
                sides.push(Side {
                    name: name.into(),
                    position: one_line(steps),
                    value: one_line(result).replacen('-', "−", 1),
                    kind: SideKind::Gap,
                    excerpt: None,
                });
            }
            (None, None) => {}
        }
        sides
    }
}

/// The words around `[from, to)` of a paragraph, cut at about [`CONTEXT`] characters on each side.
pub fn excerpt(paragraph: &str, (from, to): (u32, u32)) -> Option<[String; 3]> {
    let chars: Vec<char> = paragraph
        .chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c })
        .filter(|c| !is_hidden_control(*c))
        .collect();
    let (from, to) = (from as usize, to as usize);
    if from >= to || to > chars.len() || to - from > QUOTED || to - from == chars.len() {
        return None;
    }
    let start = from.saturating_sub(CONTEXT);
    let end = (to + CONTEXT).min(chars.len());
    let mut before: String = chars[start..from].iter().collect();
    let mut after: String = chars[to..end].iter().collect();
    if start > 0 {
        before.insert(0, '…');
    }
    if end < chars.len() {
        after.push('…');
    }
    Some([before, chars[from..to].iter().collect(), after])
}

/// The difference of two printed numbers of the same unit; nothing where they are no plain numbers.
fn gap(stated: &str, computed: &str) -> Option<String> {
    let (a, unit_a) = number(stated)?;
    let (b, unit_b) = number(computed)?;
    if unit_a != unit_b && !unit_a.is_empty() && !unit_b.is_empty() {
        return None;
    }
    let unit = if unit_a.is_empty() { unit_b } else { unit_a };
    let gap = a.checked_sub(b)?.abs();
    if gap.is_zero() {
        return None;
    }
    Some(match unit {
        "%" | "％" => format!("{gap} 个百分点"),
        "" => gap.to_string(),
        unit => format!("{gap} {unit}"),
    })
}

/// The derivation names the difference itself, or the stated number is one of its operands.
fn told(derivation: &str, stated: &str) -> bool {
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let number = stated.trim_end_matches(|c: char| !c.is_ascii_digit());
    let (steps, _) = derivation.rsplit_once('=').unwrap_or((derivation, ""));
    derivation.contains('差')
        || steps
            .split(|c| !digits(c))
            .any(|operand| !operand.is_empty() && operand == number)
}

/// "1,117.90 万元" → the number and "万元".
fn number(text: &str) -> Option<(Decimal, &str)> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '−')))
        .unwrap_or(text.len());
    let digits: String = text[..end]
        .chars()
        .filter(|c| *c != ',')
        .map(|c| if c == '−' { '-' } else { c })
        .collect();
    Some((digits.parse().ok()?, text[end..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_need_one_unit() {
        assert_eq!(gap("149.75", "172.75").as_deref(), Some("23.00"));
        assert_eq!(gap("100%", "93.85%").as_deref(), Some("6.15 个百分点"));
        assert_eq!(gap("61 人", "65 人").as_deref(), Some("4 人"));
        assert_eq!(gap("519.84万亩", "100%"), None);
        assert_eq!(gap("无", "1"), None);
    }

    #[test]
    fn an_operand_of_the_derivation_is_not_compared_with_its_result() {
        assert!(told("2727.38 + 4063.14 = 6790.52", "2727.38万元"));
        assert!(told(
            "149.75 + 22.00 = 171.75，与 149.00 相差 22.75",
            "149.00"
        ));
        assert!(!told("4.85 + 2.71 = 7.56", "7.50"));
    }

    #[test]
    fn excerpts_mark_exactly_the_words() {
        let [before, marked, after] =
            excerpt("局机关人员编制数65人（行政编制61人）", (8, 11)).expect("in range");
        assert_eq!(
            (before.as_str(), marked.as_str()),
            ("局机关人员编制数", "65人")
        );
        assert!(after.starts_with('（'));
        assert_eq!(excerpt("短", (0, 9)), None);
    }
}
