//! The scoring policies of a merged rulebook come in; what contradicts itself in them goes out as problems.

use super::extend::{self, Merged};
use super::layer::{Item, Layer};
use super::policies::{BANDS, PolicyText, Scoring};
use super::problem::Problem;
use super::source::{At, Folder};
use super::table::Placed;
use jiheng_model::Decimal;

/// Lints the policies that a folder defines.
pub fn lint(merged: &Merged<'_>, own: &Layer, folders: &[Folder], problems: &mut Vec<Problem>) {
    let mut lint = Lint {
        merged,
        folders,
        problems,
    };
    for policy in &own.policies {
        lint.bases(policy);
        lint.thresholds(policy);
        for key in BANDS {
            lint.bands(policy, key);
        }
        lint.execution_points(policy, own);
    }
    lint.choice(own);
}

struct Lint<'a> {
    merged: &'a Merged<'a>,
    folders: &'a [Folder],
    problems: &'a mut Vec<Problem>,
}

impl Lint<'_> {
    fn report(&mut self, code: &'static str, message: String, at: &At, others: &[&At]) {
        let problem = extend::problem(self.folders, code, message, at, others);
        self.problems.push(problem);
    }

    /// Every policy names its bases, and each can be resolved.
    fn bases(&mut self, item: &Item<PolicyText>) {
        if item.basis.is_empty() {
            let message = format!("赋分办法 {} 没有写依据", item.label);
            self.report("K105", message, &item.at, &[]);
        }
        for key in item.basis.iter().chain(&item.value.bases) {
            if self.merged.rulebook.basis(&key.text).is_none() {
                let message = format!("赋分办法 {} 的依据 {} 找不到", item.label, key.text);
                self.report("K104", message, &key.at, &[&item.at]);
            }
        }
    }

    /// A threshold lies below full completion, an excess above it.
    fn thresholds(&mut self, item: &Item<PolicyText>) {
        let own = &item.value.own;
        let at = |key: &str| item.value.parts.get(key).map_or(&item.at, |p| &p.at);
        if let Some(pass) = &own.pass
            && (pass.is.is_sign_negative() || pass.is > Decimal::ONE)
        {
            let message = format!("{} 的及格门槛 {} 应在 0 到 1 之间", item.label, pass.is);
            self.report("K124", message, at("pass"), &[&item.at]);
        }
        if let Some(over) = &own.over {
            if over.is.from < Decimal::ONE {
                let message = format!(
                    "{} 从完成率 {} 起按超额扣分，没有完成的也扣，前后矛盾",
                    item.label, over.is.from
                );
                self.report("K124", message, at("over"), &[&item.at]);
            }
            if over.is.less.is_some_and(|less| less.is_sign_negative()) {
                let message = format!("{} 的超额扣分写成了加分", item.label);
                self.report("K124", message, at("over"), &[&item.at]);
            }
        }
    }

    /// Shares go down with the bands, from the full points at most to the lowest band at 0.
    fn bands(&mut self, item: &Item<PolicyText>, key: &str) {
        let bands = item.value.own.bands(key);
        let places = item.value.bands.get(key).map_or(&[][..], |p| p);
        let at = |i: usize| places.get(i).map_or(&item.at, |p: &Placed| &p.at);
        // Grades of a qualitative target have names; the other bands give numbers.
        let share = |i: usize| bands.get(i).and_then(|b| b.is.parse::<Decimal>().ok());
        let named = key == "qualitative";
        for (i, band) in bands.iter().enumerate() {
            let most = match key {
                "cap" => None,
                _ => Some(Decimal::ONE),
            };
            let fits = share(i)
                .is_some_and(|s| !s.is_sign_negative() && most.is_none_or(|most| s <= most));
            if !named && !fits {
                let message = format!(
                    "{} 的 {key} 有一档是“{}”，应是 0 到 1 的比例",
                    item.label, band.is
                );
                self.report("K102", message, at(i), &[]);
            }
        }
        for i in 1..bands.len() {
            let (upper, lower) = (&bands[i - 1], &bands[i]);
            if lower.min >= upper.min {
                let message = format!(
                    "{} 的 {key} 中 {} 起的一档不低于前一档的 {}，这一档达不到",
                    item.label, lower.min, upper.min
                );
                self.report("K120", message, at(i), &[at(i - 1)]);
            } else if let (false, Some(more), Some(less)) = (named, share(i), share(i - 1))
                && more > less
            {
                let message = format!(
                    "{} 的 {key} 中 {} 起得 {more}，{} 起反而只得 {less}",
                    item.label, lower.min, upper.min
                );
                self.report("K124", message, at(i - 1), &[at(i)]);
            }
        }
        if let Some(last) = bands.last()
            && last.min > Decimal::ZERO
        {
            let message = format!(
                "{} 的 {key} 有空档：{} 以下没有档，最低一档应从 0 起",
                item.label, last.min
            );
            self.report("K120", message, at(bands.len() - 1), &[&item.at]);
        }
    }

    /// The points of 预算执行率 are the same wherever one folder states them.
    fn execution_points(&mut self, item: &Item<PolicyText>, own: &Layer) {
        let Some(points) = &item.value.own.execution_points else {
            return;
        };
        let stated = own.parameters.iter().find_map(|p| {
            let super::ParameterValue::Dictionary(d) = &p.value.value else {
                return None;
            };
            let word = d.get("execution")?.first()?;
            (p.label == "dimension_points").then_some((p, word.parse::<Decimal>().ok()?))
        });
        if let Some((parameter, other)) = stated.filter(|(_, other)| *other != points.is) {
            let message = format!(
                "预算执行率的分值在赋分办法 {} 里是 {}，在 dimension_points 里是 {other}",
                item.label, points.is
            );
            let at = item.value.parts.get("execution_points");
            let at = at.map_or(&item.at, |p| &p.at);
            self.report("K123", message, at, &[&parameter.at]);
        }
    }

    /// Of the policies of one folder, no two hold for the same form by the same words.
    fn choice(&mut self, own: &Layer) {
        let shared = |a: &Scoring, b: &Scoring| {
            a.forms.is_empty() == b.forms.is_empty()
                && (a.forms.is_empty() || a.forms.iter().any(|f| b.forms.contains(f)))
        };
        for (i, second) in own.policies.iter().enumerate() {
            for first in &own.policies[..i] {
                let (a, b) = (&first.value.own, &second.value.own);
                if a.name == b.name || !shared(a, b) {
                    continue;
                }
                if a.said.is_empty() && b.said.is_empty() {
                    let form = b.forms.iter().find(|f| a.forms.contains(f));
                    let message = match form {
                        Some(form) => format!(
                            "赋分办法 {} 和 {} 都用于 {form} 表，不知道以哪个为准",
                            a.name, b.name
                        ),
                        None => format!(
                            "赋分办法 {} 和 {} 都用于全部表，不知道以哪个为准；写明 forms 或 said",
                            a.name, b.name
                        ),
                    };
                    self.report("K123", message, &second.at, &[&first.at]);
                } else if let Some(word) = b.said.iter().find(|w| a.said.contains(w)) {
                    let place = |item: &Item<PolicyText>| {
                        let places = item.value.when.iter();
                        let mut found = places.filter(|p| p.text == *word).map(|p| p.at.clone());
                        found.next_back().unwrap_or_else(|| item.at.clone())
                    };
                    let message = format!(
                        "印有“{word}”的，赋分办法 {} 和 {} 都说用自己，不知道以哪个为准",
                        a.name, b.name
                    );
                    self.report("K123", message, &place(second), &[&place(first)]);
                }
            }
        }
    }
}
