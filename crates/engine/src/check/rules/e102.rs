//! E102 `survey-counts-disagree`: survey statements come in; counts that exceed what they are counted of, and rates that do not follow from the counts, go out.

use crate::check::passages::chars;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::surveys::{counted, surveys};
use jiheng_model::origin::At;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Origin, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "E102",
    slug: "survey-counts-disagree",
    title: "问卷份数与满意度算不拢",
    severity: Severity::Error,
    covers: &["D49"],
    basis: &["art21-truth"],
    what: "回收份数不多于发放份数，满意份数不多于有效份数；回收率、满意度按份数复算。",
    why: "满意度由份数得来；算不拢，说明份数或满意度有一个写错。",
    advice: "按问卷统计表核对份数和满意度",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for survey in surveys(case) {
        let mut start = 0;
        for line in survey.passage.text.split_inclusive('\n') {
            let counts = Counts::read(line, case);
            for gap in counts.gaps(report) {
                let (from, to) = gap.bytes;
                let place = survey
                    .passage
                    .place(case, (start + from, start + to), gap.label);
                let line = chars(survey.passage.text, (start, start + line.len()));
                let facts = told(case, survey.passage.origin, line);
                let draft = report.find(gap.message, place);
                draft.inputs.extend(facts);
                draft.derivation(gap.derivation);
                if let Some(computed) = gap.computed {
                    draft.computed(computed);
                }
            }
            start += line.len();
        }
    }
}

/// The report's facts in characters `[from, to)` of a passage: another rule may know which of them is wrong.
fn told(case: &Case<'_>, passage: Origin, (from, to): (u32, u32)) -> Vec<Origin> {
    let inside = |origin: &Origin| {
        let (own, chars) = match (origin.at, passage.at) {
            (At::Text { paragraph, chars }, At::Text { paragraph: p, .. }) => {
                (paragraph == p, Some(chars))
            }
            (
                At::Cell {
                    table,
                    row,
                    col,
                    chars,
                },
                At::Cell {
                    table: t,
                    row: r,
                    col: c,
                    ..
                },
            ) => ((table, row, col) == (t, r, c), chars),
            _ => (false, None),
        };
        let within = chars.is_some_and(|(start, end)| from <= start && end <= to);
        own && within && origin.file == passage.file
    };
    let facts = case.filing.narrative.facts.iter().map(|f| f.origin);
    facts.filter(inside).collect()
}

/// A number and its bytes in the line.
type Printed = (Decimal, (usize, usize));

/// The counts and rates of one statement.
#[derive(Debug, Default)]
struct Counts {
    sent: Option<Printed>,
    returned: Option<Printed>,
    satisfied: Option<Printed>,
    return_rate: Option<Printed>,
    satisfaction: Option<Printed>,
}

struct Gap {
    bytes: (usize, usize),
    label: &'static str,
    message: String,
    derivation: String,
    computed: Option<String>,
}

impl Counts {
    fn read(line: &str, case: &Case<'_>) -> Counts {
        let words = |name| case.rulebook.words(name);
        let count = |name| {
            words(name)
                .iter()
                .find_map(|w| counted(line, w))
                .and_then(|(bytes, digits)| Some((digits.replace(',', "").parse().ok()?, bytes)))
                .filter(|(_, (_, to)): &Printed| !line[*to..].starts_with(['%', '％', '.']))
        };
        Counts {
            sent: count("survey_sent"),
            returned: count("survey_returned"),
            satisfied: words("survey_satisfied")
                .iter()
                .find_map(|w| directly(line, w, false)),
            return_rate: words("survey_return_rate")
                .iter()
                .find_map(|w| directly(line, w, true)),
            satisfaction: words("satisfaction_words")
                .iter()
                .find_map(|w| directly(line, w, true)),
        }
    }

    fn gaps(&self, report: &mut Report<'_>) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let bounds = [
            (self.returned, self.sent, "回收份数", "发放份数"),
            (self.satisfied, self.returned, "满意份数", "有效份数"),
        ];
        for (part, whole, name, of) in bounds {
            let (Some((part, bytes)), Some((whole, _))) = (part, whole) else {
                continue;
            };
            report.checked();
            if part > whole {
                gaps.push(Gap {
                    bytes,
                    label: name,
                    message: format!("{name} {part} 多于{of} {whole}"),
                    derivation: format!("{part} − {whole} = {}", part.saturating_sub(whole)),
                    computed: None,
                });
            }
        }
        if !gaps.is_empty() {
            return gaps;
        }
        let rates = [
            (self.return_rate, self.returned, self.sent, "回收率"),
            (self.satisfaction, self.satisfied, self.returned, "满意度"),
        ];
        for (rate, part, whole, name) in rates {
            let (Some((rate, bytes)), Some((part, _)), Some((whole, _))) = (rate, part, whole)
            else {
                continue;
            };
            let Some(exact) = part
                .checked_mul(Decimal::ONE_HUNDRED)
                .and_then(|p| p.checked_div(whole))
            else {
                continue;
            };
            report.checked();
            let Ok(half) = Decimal::try_new(5, rate.scale() + 1) else {
                continue;
            };
            if exact.saturating_sub(rate).abs() > half {
                let shown = round(exact, rate.scale().max(2)).normalize();
                gaps.push(Gap {
                    bytes,
                    label: name,
                    message: format!("{name}写 {rate}%，按份数为 {shown}%"),
                    derivation: format!("{part} ÷ {whole} = {shown}%"),
                    computed: Some(format!("{shown}%")),
                });
            }
        }
        gaps
    }
}

/// The number directly after a word ("满意384份", "满意度为94.12%"), with or without a percent sign after it.
fn directly(line: &str, word: &str, percent: bool) -> Option<Printed> {
    line.match_indices(word).find_map(|(at, word)| {
        let after = &line[at + word.len()..];
        let bare = after.trim_start_matches(['为', '达', '到', '的', '有', '：', ':', ' ']);
        let from = line.len() - bare.len();
        let len = bare
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(bare.len());
        let value: Decimal = bare[..len].parse().ok()?;
        let signed = bare[len..].starts_with(['%', '％']);
        (signed == percent).then_some((value, (from, from + len)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn said(lines: &[&str]) -> Vec<String> {
        let said = Specimen::default()
            .words("survey_count_words", &["发放", "回收"])
            .words("survey_sent", &["发放"])
            .words("survey_returned", &["有效问卷", "回收"])
            .words("survey_satisfied", &["满意"])
            .words("survey_return_rate", &["回收率"])
            .words("satisfaction_words", &["满意度"])
            .prose(lines)
            .run(&RULE);
        assert!(said.checked > 0);
        said.messages().iter().map(|m| m.to_string()).collect()
    }

    #[test]
    fn rates_follow_from_the_counts() {
        assert!(
            said(&["发放问卷440份，回收有效问卷408份，满意384份，群众满意度94.12%。"]).is_empty()
        );
        assert_eq!(
            said(&["发放问卷440份，回收有效问卷408份，满意384份，群众满意度96.12%。"]),
            ["满意度写 96.12%，按份数为 94.12%"]
        );
        assert_eq!(
            said(&["发放问卷806份，回收有效问卷776份，有效回收率97%，其中表示满意的723份。"]),
            ["回收率写 97%，按份数为 96.28%"]
        );
        assert!(said(&["发放问卷806份，回收有效问卷776份，回收率96.3%"]).is_empty());
    }

    #[test]
    fn rates_of_too_many_places_are_left_alone() {
        let rate = String::from("0.") + &"1".repeat(28);
        let line = format!("发放问卷400份，回收400份，满意384份，满意度{rate}%。");
        assert!(said(&[&line]).is_empty());
    }

    #[test]
    fn no_more_come_back_than_went_out() {
        assert_eq!(
            said(&["发放问卷400份，回收408份，满意384份，满意度94.12%。"]),
            ["回收份数 408 多于发放份数 400"]
        );
    }
}
