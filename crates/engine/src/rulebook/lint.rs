//! A merged rulebook comes in; what contradicts itself in it goes out as problems.

use super::declared::RuleText;
use super::layer::{Item, Layer};
use super::problem::Problem;
use super::source::{At, Folder};
use super::table::Placed;
use super::{Band, ParameterValue, Rulebook, extend};
use crate::expr::{self, Call, Expr, Kind, Operator};
use jiheng_model::{Decimal, Severity};

/// Lints one rulebook: `own` is the layer that its folder defines, `rules` all rules in force.
pub fn lint(
    rulebook: &Rulebook,
    own: &Layer,
    rules: &[&Item<RuleText>],
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) {
    let mut lint = Lint {
        rulebook,
        folders,
        problems,
    };
    for parameter in &own.parameters {
        lint.basis("参数", parameter);
        if let ParameterValue::Bands(bands) = &parameter.value.value {
            lint.bands(&parameter.label, bands, &parameter.at);
        }
    }
    for rule in &own.rules {
        lint.basis("规则", rule);
        lint.binding(rule);
    }
    lint.weights(own);
    lint.contradictory_words(own);
    lint.contradictory_rules(own, rules);
}

struct Lint<'a> {
    rulebook: &'a Rulebook,
    folders: &'a [Folder],
    problems: &'a mut Vec<Problem>,
}

impl Lint<'_> {
    fn report(&mut self, code: &'static str, message: String, at: &At) {
        let spot = extend::spot(self.folders, at);
        self.problems.push(Problem::new(code, message, spot));
    }

    /// Every definition names its bases, and each can be resolved.
    fn basis<T>(&mut self, kind: &str, item: &Item<T>) {
        if item.basis.is_empty() {
            self.report(
                "K105",
                format!("{kind} {} 没有写依据", item.label),
                &item.at,
            );
        }
        for key in &item.basis {
            if self.rulebook.basis(&key.text).is_none() {
                let message = format!("{kind} {} 的依据 {} 找不到", item.label, key.text);
                self.report("K104", message, &key.at);
            }
        }
    }

    /// An error is provable by arithmetic, or rests on a clause or a printed form.
    fn binding(&mut self, rule: &Item<RuleText>) {
        let bases: Vec<_> = rule
            .basis
            .iter()
            .filter_map(|k| self.rulebook.basis(&k.text))
            .collect();
        let practice_only = !bases.is_empty() && bases.iter().all(|b| !b.binds());
        let arithmetic = expr::parse(&rule.value.require.text).is_ok_and(|e| is_arithmetic(&e));
        if rule.value.info.severity == Severity::Error && practice_only && !arithmetic {
            let message = format!(
                "规则 {} 是错误级，依据都是通行做法，又不是算术；改为警告，或补上条款、表样",
                rule.label
            );
            self.report("K107", message, &rule.at);
        }
    }

    /// Bands go down without meeting; the scale of grades reaches from 0 to the full points.
    fn bands(&mut self, name: &str, bands: &[Band], at: &At) {
        for pair in bands.windows(2) {
            if pair[1].min >= pair[0].min {
                let message = format!(
                    "{name} 的“{}”从 {} 起，不低于前一档“{}”的 {}，这一档达不到",
                    pair[1].is, pair[1].min, pair[0].is, pair[0].min
                );
                self.report("K120", message, at);
            }
        }
        if name != "rating" {
            return;
        }
        let full = self.rulebook.number("total_points");
        if let (Some(first), Some(full)) = (bands.first(), full)
            && first.min > full
        {
            let message = format!(
                "“{}”从 {} 分起，超过满分 {full}，这一档达不到",
                first.is, first.min
            );
            self.report("K120", message, at);
        }
        if let Some(last) = bands.last()
            && last.min > Decimal::ZERO
        {
            let message = format!("{} 分以下没有等次；最低一档应从 0 起", last.min);
            self.report("K120", message, at);
        }
        let mut names: Vec<&str> = bands.iter().map(|b| b.is.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|p| p[0] == p[1]) {
            self.report("K120", format!("等次“{}”写了两次", pair[0]), at);
        }
    }

    /// The points of the dimensions, the execution rate among them, make up the full points.
    fn weights(&mut self, own: &Layer) {
        const PARTS: &[&str] = &["dimension_points", "execution_points", "total_points"];
        let Some(item) = own
            .parameters
            .iter()
            .find(|p| PARTS.contains(&p.label.as_str()))
        else {
            return;
        };
        let (Some(points), Some(full)) = (
            self.rulebook.dictionary("dimension_points"),
            self.rulebook.number("total_points"),
        ) else {
            return;
        };
        let mut sum = match (
            points.get("execution"),
            self.rulebook.number("execution_points"),
        ) {
            (None, Some(execution)) => execution,
            _ => Decimal::ZERO,
        };
        for (dimension, word) in points
            .iter()
            .flat_map(|(d, words)| words.iter().map(move |w| (d, w)))
        {
            match Decimal::from_str_exact(word) {
                Ok(n) => sum = sum.checked_add(n).unwrap_or(Decimal::MAX),
                Err(_) => {
                    let message = format!("{dimension} 的分值“{word}”不是数");
                    self.report("K102", message, &item.at);
                    return;
                }
            }
        }
        if sum != full {
            let message = format!("各项权重相加 {sum} 分，满分 {full} 分，到不了");
            self.report("K121", message, &item.at);
        }
    }

    /// Words that one parameter requires and another forbids: `required_x` and `forbidden_x`.
    fn contradictory_words(&mut self, own: &Layer) {
        for parameter in &own.parameters {
            let (name, required) = (&parameter.label, "required");
            let (Some(other), forbidden) = (
                name.contains(required)
                    .then(|| name.replace(required, "forbidden")),
                self.rulebook.words(&name.replace(required, "forbidden")),
            ) else {
                continue;
            };
            let mut words = self.rulebook.words(name).iter();
            if let Some(word) = words.find(|w| forbidden.contains(w)) {
                let message = format!("“{word}”在 {name} 里要求有，在 {other} 里要求没有");
                self.report("K122", message, &parameter.at);
            }
        }
    }

    /// Two rules over the same forms under the same guard, one wanting a field filled and one wanting it blank.
    fn contradictory_rules(&mut self, own: &Layer, rules: &[&Item<RuleText>]) {
        for rule in &own.rules {
            let Some((wants, field)) = demand(&rule.value) else {
                continue;
            };
            let against = rules
                .iter()
                .filter(|r| r.label != rule.label)
                .find(|other| {
                    let same = |a: &Option<Placed>, b: &Option<Placed>| {
                        a.as_ref().map(|p| &p.text) == b.as_ref().map(|p| &p.text)
                    };
                    let shared = rule
                        .value
                        .on
                        .iter()
                        .any(|on| other.value.on.iter().any(|o| o.text == on.text));
                    shared
                        && same(&rule.value.when, &other.value.when)
                        && demand(&other.value).is_some_and(|(w, f)| w != wants && f == field)
                });
            if let Some(other) = against {
                let message = format!(
                    "规则 {} 和 {} 对 {field} 的要求相反",
                    rule.label, other.label
                );
                let spot = extend::spot(self.folders, &rule.at);
                let also = extend::spot(self.folders, &other.at);
                self.problems
                    .push(Problem::new("K122", message, spot).and(also));
            }
        }
    }
}

/// What a rule demands of a single field: that it is filled (true) or blank (false).
fn demand(rule: &RuleText) -> Option<(bool, String)> {
    let mut tree = expr::parse(&rule.require.text).ok()?;
    let mut wants = true;
    while let Kind::Not(inner) = tree.kind {
        wants = !wants;
        tree = *inner;
    }
    let Kind::Call(call @ (Call::Blank | Call::Present), arguments) = tree.kind else {
        return None;
    };
    Some((
        wants == (call == Call::Present),
        arguments.first()?.to_string(),
    ))
}

/// It compares printed figures with each other, and no threshold of anyone's choice enters.
fn is_arithmetic(expr: &Expr) -> bool {
    fn chosen(expr: &Expr) -> bool {
        match &expr.kind {
            Kind::Number(n) | Kind::Percent(n) => !n.is_zero(),
            Kind::Name(name) => name.starts_with("param."),
            Kind::Call(Call::Round, arguments) => arguments.first().is_some_and(chosen),
            Kind::Call(_, arguments) => arguments.iter().any(chosen),
            Kind::Minus(inner) | Kind::Not(inner) => chosen(inner),
            Kind::Binary(_, left, right) => chosen(left) || chosen(right),
            Kind::Text(_) | Kind::Truth(_) => true,
        }
    }
    match &expr.kind {
        Kind::Binary(Operator::And, left, right) => is_arithmetic(left) && is_arithmetic(right),
        Kind::Binary(operator, left, right) if operator.compares() => {
            !chosen(left) && !chosen(right)
        }
        _ => false,
    }
}
