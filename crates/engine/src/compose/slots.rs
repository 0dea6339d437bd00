//! A sentence with slots and the forms of a package come in; the sentence with its numbers, or what it lacks, goes out.

use crate::check::remedies::remedies;
use crate::check::report::Case;
use crate::check::rules::x308;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Dimension, Stated, Unit, ValueKind, label};

/// A sentence after filling.
#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    /// Its text; slots without value are written as "＿＿".
    pub text: String,
    /// Items it says.
    pub items: Vec<String>,
    /// Names of the slots without value.
    pub missing: Vec<String>,
}

/// The values of a package.
pub(super) struct Slots<'c, 'a> {
    case: &'c Case<'a>,
}

impl<'c, 'a> Slots<'c, 'a> {
    pub fn of(case: &'c Case<'a>) -> Self {
        Slots { case }
    }

    /// Fills "{item}" and "{part%whole}".
    pub fn fill(&self, template: &str) -> Sentence {
        let mut sentence = Sentence::default();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((slot, behind)) = after.split_once('}') else {
                break;
            };
            sentence.text.push_str(before);
            match self.value(slot) {
                Some(value) => {
                    sentence.text.push_str(&value);
                    if !matches!(slot, "year" | "unit") && !slot.contains('%') {
                        sentence.items.push(slot.to_string());
                    }
                }
                None => {
                    sentence.text.push_str("＿＿");
                    sentence.missing.push(self.name(slot));
                }
            }
            rest = behind;
        }
        sentence.text.push_str(rest);
        sentence
    }

    /// The value of a slot as it is written.
    pub fn value(&self, slot: &str) -> Option<String> {
        let filing = self.case.filing;
        if let Some((part, whole)) = slot.split_once('%') {
            let (part, whole) = (self.amount(part)?, self.amount(whole)?);
            let share = part
                .checked_mul(Decimal::ONE_HUNDRED)?
                .checked_div(whole)
                .map(|s| round(s, 2))?;
            return Some(format!("{share:.2}%"));
        }
        match slot {
            "year" => filing.year.map(|y| y.to_string()),
            "unit" => {
                let form = filing.one("department");
                let printed = form.and_then(|f| f.text("unit_name"));
                printed.map(label::normalise)
            }
            "grade" => {
                let total = filing.one("department")?.number("total_score")?;
                // A scale that the report itself prints comes before the rulebook's.
                let printed = x308::printed_scale(self.case);
                let own = printed.into_iter().find(|(_, min)| total >= *min);
                own.map(|(name, _)| name)
                    .or_else(|| self.case.rulebook.grade(total).map(str::to_string))
            }
            "projects.count" => {
                let count = filing.of("project").count();
                (count > 0).then(|| count.to_string())
            }
            "projects.amount" => {
                let mut forms = filing.of("project").peekable();
                forms.peek()?;
                let sum = forms.try_fold(Decimal::ZERO, |sum, f| {
                    sum.checked_add(f.amount("funds.total.outturn")?)
                });
                sum.map(money)
            }
            "projects.average" => {
                let count = filing.of("project").count();
                let sum = filing.of("project").try_fold(Decimal::ZERO, |sum, f| {
                    sum.checked_add(f.number("total_score")?)
                })?;
                let mean = sum.checked_div(Decimal::from(count as u64))?;
                Some(round(mean, 2).normalize().to_string())
            }
            "problems.count" => {
                let problems = remedies(self.case).problems?;
                problems.count().map(|n| n.to_string())
            }
            item => self.stated(item).and_then(shown),
        }
    }

    /// The cell that says an item.
    fn stated(&self, item: &str) -> Option<&'a Stated> {
        let fields = self.case.rulebook.dictionary("item_fields")?.get(item)?;
        fields.iter().find_map(|field| {
            let (kind, path) = field.split_once('.')?;
            let stated = self.case.filing.one(kind)?.get(path)?;
            stated.number().is_some().then_some(stated)
        })
    }

    fn amount(&self, item: &str) -> Option<Decimal> {
        self.stated(item)?.number_in(&Unit::wan_yuan())
    }

    /// The name of a slot for people: the first word of the item.
    fn name(&self, slot: &str) -> String {
        let words = self.case.rulebook.dictionary("items");
        let name = words.and_then(|w| w.get(slot)).and_then(|w| w.first());
        name.cloned().unwrap_or_else(|| slot.to_string())
    }
}

/// A printed number as a sentence says it: money in 万元, a rate with its sign.
fn shown(stated: &Stated) -> Option<String> {
    let money_unit = stated
        .value
        .unit
        .as_ref()
        .is_some_and(|u| u.dimension == Dimension::Money);
    match stated.value.kind {
        ValueKind::Percent(n) => Some(format!("{n}%")),
        ValueKind::Number(n) if !money_unit => Some(n.to_string()),
        ValueKind::Number(_) => stated.number_in(&Unit::wan_yuan()).map(money),
        _ => None,
    }
}

/// At least two digits behind the point.
fn money(value: Decimal) -> String {
    let mut value = value.normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
}
