//! The assessment of the self-evaluation work (附件5 考核): what each item can give, what it gave, and why.
//!
//! A score is only there where a count decides it. Where a person decides, there is a proposed band;
//! where nothing was handed in, there is neither.

use crate::finding::Place;
use rust_decimal::Decimal;

/// The sheet of one package.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    /// Title of the printed sheet.
    pub title: String,
    /// The unit that is assessed, as printed in its material.
    pub unit: Option<String>,
    /// Fiscal year of the material.
    pub year: Option<i16>,
    /// Items in printed order.
    pub items: Vec<Item>,
}

/// A second-level item (二级指标).
#[derive(Clone, Debug)]
pub struct Item {
    /// Its key in the rulebook ("submission").
    pub key: String,
    /// 一级指标 ("实施评价").
    pub dimension: String,
    /// Its name ("提交报告").
    pub name: String,
    /// The printed standard, one sentence each.
    pub standard: Vec<String>,
    /// What to hand in (所需佐证材料).
    pub hand_in: Vec<String>,
    /// Points it can give.
    pub max: Decimal,
    /// What it consists of.
    pub parts: Vec<Part>,
    /// Citation of its bases.
    pub basis: String,
}

/// What is measured for an item by itself.
#[derive(Clone, Debug)]
pub struct Part {
    /// Points it can give.
    pub max: Decimal,
    /// What came of it.
    pub verdict: Verdict,
    /// How the points came about, or why there are none; plain Chinese.
    pub why: String,
    /// Where it shows.
    pub places: Vec<Place>,
}

/// What came of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Counted: so many points.
    Computed(Decimal),
    /// A person decides; points from and to are proposed.
    Proposed(Decimal, Decimal),
    /// Nothing to decide it by.
    NoMaterial,
}

/// Who decided an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// A count.
    Computed,
    /// A person is to decide (考核人评定).
    Grader,
    /// Nobody: material is missing (没有材料).
    NoMaterial,
}

/// Points of several items: what can be had, what is certain, and what may come of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// Points that can be had.
    pub max: Decimal,
    /// Points of the items that are computed.
    pub decided: Decimal,
    /// Least and most, with the proposed bands; items without material give nothing or all.
    pub range: (Decimal, Decimal),
    /// The total, when every item is computed.
    pub score: Option<Decimal>,
}

impl Item {
    /// Who decides it: a person as soon as one part needs one.
    pub fn decided_by(&self) -> DecidedBy {
        let all = |f: fn(&Verdict) -> bool| self.parts.iter().all(|p| f(&p.verdict));
        if all(|v| matches!(v, Verdict::NoMaterial)) {
            DecidedBy::NoMaterial
        } else if all(|v| matches!(v, Verdict::Computed(_))) {
            DecidedBy::Computed
        } else {
            DecidedBy::Grader
        }
    }

    /// Its points, when all of it is computed.
    pub fn score(&self) -> Option<Decimal> {
        if self.parts.is_empty() {
            return None;
        }
        self.parts
            .iter()
            .try_fold(Decimal::ZERO, |sum, part| match part.verdict {
                Verdict::Computed(points) => sum.checked_add(points),
                _ => None,
            })
    }

    /// The proposed band, when a person decides.
    pub fn band(&self) -> Option<(Decimal, Decimal)> {
        (self.decided_by() == DecidedBy::Grader).then(|| self.range())
    }

    /// Least and most points.
    pub fn range(&self) -> (Decimal, Decimal) {
        let bounds = self.parts.iter().map(|part| match part.verdict {
            Verdict::Computed(points) => (points, points),
            Verdict::Proposed(low, high) => (low, high),
            Verdict::NoMaterial => (Decimal::ZERO, part.max),
        });
        bounds.fold((Decimal::ZERO, Decimal::ZERO), |sum, (low, high)| {
            (sum.0.saturating_add(low), sum.1.saturating_add(high))
        })
    }

    /// How its points came about, in one text.
    pub fn derivation(&self) -> String {
        let whys: Vec<&str> = self.parts.iter().map(|p| p.why.as_str()).collect();
        whys.join("；")
    }

    /// Where it shows.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.parts.iter().flat_map(|p| &p.places)
    }
}

impl Assessment {
    /// The totals of the sheet.
    pub fn total(&self) -> Total {
        let mut total = Total {
            max: Decimal::ZERO,
            decided: Decimal::ZERO,
            range: (Decimal::ZERO, Decimal::ZERO),
            score: None,
        };
        for item in &self.items {
            total.max = total.max.saturating_add(item.max);
            let decided = item.score().unwrap_or_default();
            total.decided = total.decided.saturating_add(decided);
            let (low, high) = item.range();
            total.range.0 = total.range.0.saturating_add(low);
            total.range.1 = total.range.1.saturating_add(high);
        }
        let all = self.items.iter().all(|item| item.score().is_some());
        total.score = (all && !self.items.is_empty()).then_some(total.decided);
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(parts: &[(i64, Verdict)]) -> Item {
        Item {
            key: String::new(),
            dimension: String::new(),
            name: String::new(),
            standard: Vec::new(),
            hand_in: Vec::new(),
            max: parts.iter().map(|p| Decimal::from(p.0)).sum(),
            parts: parts
                .iter()
                .map(|(max, verdict)| Part {
                    max: (*max).into(),
                    verdict: *verdict,
                    why: String::new(),
                    places: Vec::new(),
                })
                .collect(),
            basis: String::new(),
        }
    }

    #[test]
    fn a_part_without_material_gives_no_score_and_leaves_its_points_open() {
        let n = |n: i64| Decimal::from(n);
        let counted = item(&[(2, Verdict::Computed(n(2))), (6, Verdict::Computed(n(4)))]);
        assert_eq!(counted.score(), Some(n(6)));
        let mixed = item(&[
            (5, Verdict::Computed(n(5))),
            (5, Verdict::Proposed(n(1), n(3))),
        ]);
        assert_eq!(
            (mixed.score(), mixed.band(), mixed.decided_by()),
            (None, Some((n(6), n(8))), DecidedBy::Grader)
        );
        let none = item(&[(2, Verdict::NoMaterial)]);
        assert_eq!(
            (none.decided_by(), none.band()),
            (DecidedBy::NoMaterial, None)
        );
        let sheet = Assessment {
            items: vec![counted, mixed, none],
            ..Assessment::default()
        };
        let total = sheet.total();
        assert_eq!((total.max, total.decided), (n(20), n(6)));
        assert_eq!((total.range, total.score), ((n(12), n(16)), None));
    }
}
