//! Problems and measures of the author's report come in; the measures in the order of the problems, each led by the problem it answers, go out.

use super::chinese;
use crate::check::remedies::{Items, paired, remedies};
use crate::check::report::Case;
use crate::narrative::sections::mark;
use jiheng_model::narrative::MarkStyle;
use jiheng_model::{Decimal, label};
use std::collections::BTreeMap;

/// Problems whose names are longer (in characters) are not quoted.
const LONGEST: usize = 40;

/// The measures as they are printed.
#[derive(Debug, Default)]
pub(super) struct Measures {
    /// First lines of the measures in their new order; empty when they stay as they are.
    order: Vec<u32>,
    /// By first line of a measure: its new number, and the problem it is led by.
    leads: BTreeMap<u32, (usize, Option<String>)>,
    /// Problems and measures without a counterpart.
    pub open: Vec<String>,
}

impl Measures {
    pub fn of(case: &Case<'_>) -> Measures {
        let found = remedies(case);
        let (Some(problems), Some(measures)) = (found.problems, found.measures) else {
            return Measures::default();
        };
        let least = case.rulebook.number("remedies_alike");
        let partners = paired(&problems, &measures, least.unwrap_or(Decimal::ONE));
        let mut own = Measures::default();
        for (number, problem) in problems.items.iter().enumerate() {
            if !partners.contains(&Some(number)) {
                own.open
                    .push(format!("问题“{}”没有对应的措施", problem.title));
            }
        }
        for (measure, partner) in measures.items.iter().zip(&partners) {
            if partner.is_none() {
                own.open
                    .push(format!("措施“{}”没有写明解决哪个问题", measure.title));
            }
        }
        if is_movable(case, &measures) {
            own.arrange(&problems, &measures, &partners);
        }
        own
    }

    /// Measures in the order of the problems they answer; those that answer none stay behind them.
    fn arrange(&mut self, problems: &Items, measures: &Items, partners: &[Option<usize>]) {
        let mut order: Vec<usize> = (0..measures.items.len()).collect();
        order.sort_by_key(|m| {
            partners
                .get(*m)
                .copied()
                .flatten()
                .unwrap_or(problems.items.len())
        });
        for (number, measure) in order.iter().enumerate() {
            let Some(item) = measures.items.get(*measure) else {
                continue;
            };
            let problem = partners.get(*measure).copied().flatten();
            let problem = problem.and_then(|p| problems.items.get(p));
            let text = label::normalise(&item.text);
            let quoted = problem.map(|p| p.title.as_str()).filter(|title| {
                title.chars().count() <= LONGEST && !text.contains(&label::normalise(title))
            });
            self.order.push(item.paragraph);
            let lead = (number + 1, quoted.map(str::to_string));
            self.leads.insert(item.paragraph, lead);
        }
    }

    /// The lines of the section in their new order; what stands above the first measure stays there.
    pub fn in_order(&self, lines: Vec<u32>) -> Vec<u32> {
        let Some(first) = self.order.iter().min() else {
            return lines;
        };
        let (above, rest): (Vec<u32>, Vec<u32>) = lines.into_iter().partition(|l| l < first);
        let mut blocks: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut own = *first;
        for line in rest {
            if self.leads.contains_key(&line) {
                own = line;
            }
            blocks.entry(own).or_default().push(line);
        }
        let ordered = self.order.iter().filter_map(|l| blocks.get(l));
        above
            .into_iter()
            .chain(ordered.flatten().copied())
            .collect()
    }

    /// A line of the author's; the first of a measure with its new number, led by the problem it answers.
    pub fn led(&self, line: u32, text: &str) -> String {
        let (Some((number, problem)), Some(mark)) = (self.leads.get(&line), mark(text)) else {
            return text.to_string();
        };
        let own = text.get(..mark.length).unwrap_or_default();
        let rest = label::trim(text.get(mark.length..).unwrap_or(text));
        let sign = own.chars().next_back().unwrap_or('、');
        let mark = match mark.style {
            MarkStyle::Chinese => format!("{}{sign}", chinese(*number)),
            MarkStyle::ChineseBracketed => format!("（{}）", chinese(*number)),
            MarkStyle::Arabic => format!("{number}{sign}"),
            MarkStyle::ArabicBracketed => format!("（{number}）"),
            MarkStyle::Circled | MarkStyle::None => own.to_string(),
        };
        match problem {
            Some(problem) => format!("{mark}针对“{problem}”，{rest}"),
            None => format!("{mark}{rest}"),
        }
    }
}

/// Every measure begins on a numbered line of its own, so that it can be moved whole.
fn is_movable(case: &Case<'_>, measures: &Items) -> bool {
    let lines: Vec<u32> = measures.items.iter().map(|i| i.paragraph).collect();
    let numbered =
        |line: &u32| mark(case.report_line(*line)).is_some_and(|m| m.style != MarkStyle::Circled);
    measures.countable
        && lines.len() > 1
        && lines.windows(2).all(|w| w[0] < w[1])
        && lines.iter().all(numbered)
}
