//! The rule printed beside an indicator (评分标准) comes in; what it says of deductions goes out, or that it is not understood.
//!
//! "达到95%得满分，每低1个百分点扣1分" is read as it stands; its words are a lexicon of the rulebook.

use crate::rulebook::Rulebook;
use jiheng_model::parse::number_at;
use jiheng_model::{Decimal, label};

/// What a printed rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed<'a> {
    /// Nothing of scores, or nothing is printed.
    Nothing,
    /// So many points for each step by which the target is missed.
    Steps(Steps),
    /// It speaks of scores in words that are not read here.
    Unread(&'a str),
}

/// "每低1个百分点扣1分".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The target is missed by staying below it; `false`: by going beyond it.
    pub below: bool,
    /// The length of a step.
    pub each: Decimal,
    /// What it is measured in.
    pub unit: StepUnit,
    /// The points that go for a step.
    pub takes: Decimal,
}

/// What the steps of a deduction are measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepUnit {
    /// 个百分点: of a rate.
    Points,
    /// %: of a rate, or of the target.
    Percent,
    /// The unit of the target.
    Own,
}

/// Reads a printed rule with the words of the parameter `printed_scores`.
pub fn read<'a>(rulebook: &Rulebook, text: &'a str) -> Printed<'a> {
    let Some(words) = rulebook.dictionary("printed_scores") else {
        return Printed::Nothing;
    };
    let list = |key: &str| words.get(key).map_or(&[][..], |w| w);
    let plain = label::normalise(text);
    if !list("speaks").iter().any(|w| plain.contains(w.as_str())) && !names_points(&plain) {
        return Printed::Nothing;
    }
    let mut starts = list("each").iter().filter_map(|w| {
        let at = plain.find(w.as_str())?;
        Some((plain.matches(w.as_str()).count(), &plain[at + w.len()..]))
    });
    match (starts.next(), starts.next()) {
        // Of two steps it is not known which one holds.
        (Some((1, rest)), None) => {
            let read = steps(rest, list("short"), list("beyond"), list("takes"));
            read.map_or(Printed::Unread(text), Printed::Steps)
        }
        _ => Printed::Unread(text),
    }
}

/// The first clause of a form's note that takes points away: "偏差20%以上的扣2分".
pub fn takes_points<'a>(rulebook: &Rulebook, note: &'a str) -> Option<&'a str> {
    let takes = rulebook.dictionary("printed_scores")?.get("takes")?;
    let mut clauses = note.split(['。', '；', ';', '\n']).map(str::trim);
    clauses.find(|clause| {
        let plain = label::normalise(clause);
        takes.iter().any(|w| {
            let at = plain.find(w.as_str());
            at.is_some_and(|at| names_points(&plain[at..]))
        })
    })
}

/// "得2分": points are named.
fn names_points(plain: &str) -> bool {
    let mut before = None;
    plain.chars().any(|c| {
        let named = c == '分' && before.is_some_and(|b: char| b.is_ascii_digit());
        before = Some(c);
        named
    })
}

/// Reads "低1个百分点扣1分" behind "每".
fn steps(rest: &str, short: &[String], beyond: &[String], takes: &[String]) -> Option<Steps> {
    let longest = |words: &[String]| {
        let found = words.iter().filter(|w| rest.starts_with(w.as_str()));
        found.map(|w| w.len()).max()
    };
    let (below, length) = match (longest(short), longest(beyond)) {
        (Some(a), Some(b)) => (a > b, a.max(b)),
        (Some(a), None) => (true, a),
        (None, Some(b)) => (false, b),
        (None, None) => return None,
    };
    let rest = rest.get(length..)?;
    let (each, length) = number_at(rest)?;
    let rest = rest.get(length..)?;
    let (at, word) = takes
        .iter()
        .filter_map(|w| Some((rest.find(w.as_str())?, w.len())))
        .min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)))?;
    let unit = rest.get(..at)?.trim_end_matches([',', '，', '、']);
    let unit = match unit.trim_start_matches('个') {
        "百分点" => StepUnit::Points,
        "%" => StepUnit::Percent,
        own if own.chars().count() <= 4 => StepUnit::Own,
        _ => return None,
    };
    let (points, length) = number_at(rest.get(at + word..)?)?;
    let tail = rest.get(at + word + length..)?;
    let sound = tail.starts_with('分') && each > Decimal::ZERO && points > Decimal::ZERO;
    sound.then_some(Steps {
        below,
        each,
        unit,
        takes: points,
    })
}

impl Steps {
    /// The lowest and the highest score for missing a target by `gap`, a rate or not.
    ///
    /// Whether a step that was begun counts is not printed: both are allowed. Where "%" may be of the
    /// rate or of the target, both are as well.
    pub fn award(
        &self,
        points: Decimal,
        gap: Decimal,
        target: Decimal,
        rate: bool,
    ) -> Option<(Decimal, Decimal)> {
        let relative = || {
            gap.checked_mul(Decimal::ONE_HUNDRED)?
                .checked_div(target.abs())
        };
        let gaps = match (self.unit, rate) {
            (StepUnit::Points, true) => [gap, gap],
            (StepUnit::Points, false) => return None,
            (StepUnit::Percent, true) => [gap, relative()?],
            (StepUnit::Percent, false) => [relative()?; 2],
            (StepUnit::Own, _) => [gap, gap],
        };
        let mut low = points;
        let mut high = Decimal::ZERO;
        for gap in gaps {
            let steps = gap.checked_div(self.each)?;
            let given = |steps: Decimal| points.checked_sub(steps.checked_mul(self.takes)?);
            low = low.min(given(steps.ceil())?.max(Decimal::ZERO));
            high = high.max(given(steps.floor())?.max(Decimal::ZERO));
        }
        Some((low, high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    fn of(text: &str) -> Printed<'_> {
        read(&Shelf::embedded().rulebooks["cn/mof/2020"], text)
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_deduction_by_steps_is_read_as_it_is_printed() {
        let read = |text| match of(text) {
            Printed::Steps(s) => (s.below, s.each.to_string(), s.unit, s.takes.to_string()),
            other => panic!("{text}: {other:?}"),
        };
        let one = |below, unit, takes: &str| (below, "1".to_string(), unit, takes.to_string());
        assert_eq!(
            read("达到指标值得满分，每低1个百分点扣1分"),
            one(true, StepUnit::Points, "1")
        );
        assert_eq!(
            read("每降低１％，扣0.5分，扣完为止"),
            one(true, StepUnit::Percent, "0.5")
        );
        assert_eq!(read("每超过1天扣2分"), one(false, StepUnit::Own, "2"));
        assert_eq!(
            read("每少5个扣1分"),
            (true, "5".into(), StepUnit::Own, "1".into())
        );
    }

    #[test]
    fn other_rules_are_not_read_and_other_texts_say_nothing() {
        for text in [
            "发现一处不合规扣1分，扣完为止",
            "依据充分得2分，否则不得分",
            "每低1%扣1分，每超1%扣2分",
            "每有一项扣分",
        ] {
            assert_eq!(of(text), Printed::Unread(text));
        }
        for text in ["反映项目完成的数量", ""] {
            assert_eq!(of(text), Printed::Nothing, "{text}");
        }
    }

    #[test]
    fn a_step_that_was_begun_may_count_or_not_and_nothing_falls_below_zero() {
        let steps = |unit| Steps {
            below: true,
            each: decimal("1"),
            unit,
            takes: decimal("2"),
        };
        let award = |unit, gap: &str, target: &str, rate| {
            let (low, high) =
                steps(unit).award(decimal("10"), decimal(gap), decimal(target), rate)?;
            Some((low.normalize().to_string(), high.normalize().to_string()))
        };
        let both = |a: &str, b: &str| Some((a.to_string(), b.to_string()));
        assert_eq!(award(StepUnit::Points, "2", "95", true), both("6", "6"));
        assert_eq!(award(StepUnit::Points, "2.5", "95", true), both("4", "6"));
        assert_eq!(award(StepUnit::Points, "9", "95", true), both("0", "0"));
        assert_eq!(award(StepUnit::Points, "2", "95", false), None);
        assert_eq!(award(StepUnit::Percent, "2", "50", true), both("2", "6"));
        assert_eq!(award(StepUnit::Percent, "2", "0", false), None);
    }
}
