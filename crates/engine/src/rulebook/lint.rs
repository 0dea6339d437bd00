//! A merged rulebook comes in; what contradicts itself in it goes out as problems.

use super::declared::RuleText;
use super::extend::{self, Merged};
use super::form_files::FormFile;
use super::layer::{Item, Layer};
use super::library::{self, Entry};
use super::problem::Problem;
use super::source::{At, Folder};
use super::table::Placed;
use super::{Band, Parameter, ParameterValue, Rulebook, calendar};
use crate::expr::{self, Call, Expr, Kind, Operator};
use jiheng_model::{Decimal, Severity};
use std::sync::Arc;

/// The form files of a rulebook, for places.
pub struct Forms<'a> {
    /// Those of its own folder.
    pub own: &'a [FormFile],
    /// Those of the whole chain, bases first.
    pub all: &'a [&'a FormFile],
}

/// Lints one rulebook: `own` is the layer that its folder defines.
pub fn lint(
    merged: &Merged<'_>,
    own: &Layer,
    forms: &Forms<'_>,
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) {
    let mut lint = Lint {
        merged,
        rulebook: &merged.rulebook,
        folders,
        problems,
    };
    for parameter in &own.parameters {
        lint.basis("参数", parameter);
        if let ParameterValue::Bands(bands) = &parameter.value.value {
            lint.bands(parameter, bands);
        }
        lint.calendar(parameter);
    }
    for rule in &own.rules {
        lint.basis("规则", rule);
        lint.binding(rule);
    }
    for form in forms.own {
        lint.form_basis(form);
    }
    lint.weights(own);
    lint.contradictory_words(own);
    lint.contradictory_rules(own);
    lint.contradictory_forms(own, forms);
    for entry in &own.library {
        lint.basis("指标", entry);
        lint.measurable(entry);
    }
    super::lint_policies::lint(merged, own, folders, problems);
    super::lint_words::lint(merged, own, folders, problems);
}

struct Lint<'a> {
    merged: &'a Merged<'a>,
    rulebook: &'a Rulebook,
    folders: &'a [Folder],
    problems: &'a mut Vec<Problem>,
}

impl Lint<'_> {
    fn report(&mut self, code: &'static str, message: String, at: &At, others: &[&At]) {
        let problem = extend::problem(self.folders, code, message, at, others);
        self.problems.push(problem);
    }

    /// Every definition names its bases, and each can be resolved.
    fn basis<T>(&mut self, kind: &str, item: &Item<T>) {
        if item.basis.is_empty() {
            let message = format!("{kind} {} 没有写依据", item.label);
            self.report("K105", message, &item.at, &[]);
        }
        for key in &item.basis {
            if self.rulebook.basis(&key.text).is_none() {
                let message = format!("{kind} {} 的依据 {} 找不到", item.label, key.text);
                self.report("K104", message, &key.at, &[&item.at]);
            }
        }
    }

    /// What the library offers can be measured, and its words do not say that it is of another kind.
    fn measurable(&mut self, entry: &Item<Arc<Entry>>) {
        if let Some(why) = library::fault(&entry.value, self.rulebook) {
            let message = format!("指标 {} {why}", entry.label);
            self.report("K125", message, &entry.at, &[]);
        }
    }

    fn form_basis(&mut self, form: &FormFile) {
        if let Some(key) = &form.basis
            && self.rulebook.basis(&key.text).is_none()
        {
            let message = format!("表 {} 的依据 {} 找不到", form.id.text, key.text);
            self.report("K104", message, &key.at, &[&form.id.at]);
        }
    }

    /// An error is provable by arithmetic, or rests on a clause or a printed form.
    fn binding(&mut self, rule: &Item<RuleText>) {
        let bases: Vec<_> = rule
            .basis
            .iter()
            .filter_map(|k| self.merged.bases.get(k.text.as_str()))
            .collect();
        let practice_only = !bases.is_empty() && bases.iter().all(|b| !b.value.binds());
        let arithmetic = expr::parse(&rule.value.require.text).is_ok_and(|e| is_arithmetic(&e));
        if rule.value.info.severity == Severity::Error && practice_only && !arithmetic {
            let message = format!(
                "规则 {} 是错误级，依据都是通行做法，又不是算术；改为警告，或补上条款、表样",
                rule.label
            );
            let others: Vec<&At> = bases.iter().map(|b| &b.at).collect();
            self.report("K107", message, &rule.at, &others);
        }
    }

    /// Bands go down without meeting and without a gap; the scale of grades reaches from 0 to the full points.
    fn bands(&mut self, item: &Item<Parameter>, bands: &[Band]) {
        let name = &item.label;
        let at = |i: usize| item.parts.get(i).map_or(&item.at, |p| &p.at);
        for (i, pair) in bands.windows(2).enumerate() {
            let (upper, lower) = (&pair[0], &pair[1]);
            if lower.min >= upper.min {
                let message = format!(
                    "{name} 的“{}”从 {} 起，不低于前一档“{}”的 {}，这一档达不到",
                    lower.is, lower.min, upper.is, upper.min
                );
                self.report("K120", message, at(i + 1), &[at(i)]);
                continue;
            }
            match lower.below {
                Some(below) if below < upper.min => {
                    let message = format!(
                        "{name} 有空档：“{}”到 {below} 为止，“{}”从 {} 起，{below} 到 {} 之间没有档",
                        lower.is, upper.is, upper.min, upper.min
                    );
                    self.report("K120", message, at(i + 1), &[at(i)]);
                }
                Some(below) if below > upper.min => {
                    let message = format!(
                        "{name} 有重叠：“{}”到 {below} 为止，“{}”从 {} 起",
                        lower.is, upper.is, upper.min
                    );
                    self.report("K120", message, at(i + 1), &[at(i)]);
                }
                _ => {}
            }
        }
        if name != "rating" {
            return;
        }
        let full = self.merged.parameters.get("total_points").copied();
        let points = self.rulebook.number("total_points");
        if let (Some(first), Some(full), Some(points)) = (bands.first(), full, points)
            && first.min > points
        {
            let message = format!(
                "“{}”从 {} 分起，超过满分 {points}，这一档达不到",
                first.is, first.min
            );
            self.report("K120", message, at(0), &[&full.at]);
        }
        if let Some(last) = bands.last()
            && last.min > Decimal::ZERO
        {
            let message = format!(
                "等次有空档：{} 分以下没有等次；最低一档“{}”应从 0 起",
                last.min, last.is
            );
            self.report("K120", message, at(bands.len() - 1), &[&item.at]);
        }
        for (i, band) in bands.iter().enumerate() {
            if let Some(first) = bands[..i].iter().position(|b| b.is == band.is) {
                let message = format!("等次“{}”写了两次", band.is);
                self.report("K120", message, at(i), &[at(first)]);
            }
        }
    }

    /// A calendar names days of its year, and none of them both off and worked.
    fn calendar(&mut self, item: &Item<Parameter>) {
        let year = item.label.strip_prefix(calendar::PARAMETER);
        let (Some(year), ParameterValue::Dictionary(lists)) =
            (year.and_then(|y| y.parse().ok()), &item.value.value)
        else {
            return;
        };
        let at = |key: &str| {
            let part = item.parts.iter().find(|p| p.text == key);
            part.map_or(&item.at, |p| &p.at)
        };
        match calendar::Year::of(year, lists) {
            Err(entry) => {
                let message =
                    format!("{year} 年的日历里“{entry}”不是“月-日”或“月-日/月-日”这样的日子");
                self.report("K102", message, &item.at, &[]);
            }
            Ok(days) => {
                if let Some((month, day)) = days.clash() {
                    let message = format!("{year} 年 {month} 月 {day} 日既放假又上班");
                    self.report("K122", message, at("workdays"), &[at("holidays")]);
                }
            }
        }
    }

    /// The points of the dimensions, the execution rate among them, make up the full points.
    fn weights(&mut self, own: &Layer) {
        const PARTS: &[&str] = &["dimension_points", "execution_points", "total_points"];
        let changed = |name: &&str| own.parameters.iter().any(|p| p.label == *name);
        let (Some(points), Some(full)) = (
            self.rulebook.dictionary("dimension_points"),
            self.rulebook.number("total_points"),
        ) else {
            return;
        };
        let in_force = |name: &str| self.merged.parameters.get(name).copied();
        let (Some(parts), Some(total), true) = (
            in_force("dimension_points"),
            in_force("total_points"),
            PARTS.iter().any(changed),
        ) else {
            return;
        };
        let (mut sum, mut shown, mut others) = (Decimal::ZERO, Vec::new(), vec![&total.at]);
        if let (None, Some(execution), Some(item)) = (
            points.get("execution"),
            self.rulebook.number("execution_points"),
            in_force("execution_points"),
        ) {
            sum = execution;
            shown.push(execution.to_string());
            others.push(&item.at);
        }
        for (dimension, word) in points
            .iter()
            .flat_map(|(d, words)| words.iter().map(move |w| (d, w)))
        {
            match Decimal::from_str_exact(word) {
                Ok(n) => {
                    sum = sum.checked_add(n).unwrap_or(Decimal::MAX);
                    shown.push(word.clone());
                }
                Err(_) => {
                    let place = parts.parts.iter().find(|p| p.text == *dimension);
                    let message = format!("{dimension} 的分值“{word}”不是数");
                    let at = place.map_or(&parts.at, |p| &p.at);
                    self.report("K102", message, at, &[]);
                    return;
                }
            }
        }
        if sum != full {
            let message = format!(
                "各项权重 {} = {sum} 分，满分 {full} 分，{}",
                shown.join(" + "),
                if sum < full { "到不了" } else { "超过了" }
            );
            self.report("K121", message, &parts.at, &others);
        }
    }

    /// Words that one parameter requires and another forbids: `required_x` and `forbidden_x`.
    fn contradictory_words(&mut self, own: &Layer) {
        for (name, parameter) in &self.merged.parameters {
            let other = name.replace("required", "forbidden");
            let Some(against) = self.merged.parameters.get(other.as_str()) else {
                continue;
            };
            let mine = |item: &Item<Parameter>| own.parameters.iter().any(|p| p.at == item.at);
            if other == *name || !(mine(parameter) || mine(against)) {
                continue;
            }
            let both = parameter.parts.iter().filter_map(|word| {
                let twin = against.parts.iter().find(|w| w.text == word.text)?;
                Some((word, twin))
            });
            for (word, twin) in both {
                let message = format!("“{}”在 {name} 里要求有，在 {other} 里要求没有", word.text);
                self.report("K122", message, &word.at, &[&twin.at]);
            }
        }
    }

    /// Two rules over the same forms under the same guard, one wanting a field filled and one wanting it blank.
    fn contradictory_rules(&mut self, own: &Layer) {
        for rule in &own.rules {
            let Some((wants, field)) = demand(&rule.value) else {
                continue;
            };
            let rules = self.merged.rules.iter();
            let against = rules.filter(|r| r.label != rule.label).find(|other| {
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
            // A pair within this folder is said once.
            let said = |other: &Item<RuleText>| {
                other.label < rule.label && own.rules.iter().any(|r| r.at == other.at)
            };
            if let Some(other) = against.filter(|o| !said(o)) {
                let message = format!(
                    "规则 {} 和 {} 对 {field} 的要求相反：一条要求有，一条要求没有",
                    rule.label, other.label
                );
                let (at, other) = (&rule.value.require.at, &other.value.require.at);
                self.report("K122", message, at, &[other]);
            }
        }
    }

    /// A rule wants a field blank in every form that the form file wants filled.
    fn contradictory_forms(&mut self, own: &Layer, forms: &Forms<'_>) {
        for rule in &self.merged.rules {
            let Some((false, field)) = demand(&rule.value) else {
                continue;
            };
            for on in rule.value.on.iter().filter(|_| rule.value.when.is_none()) {
                let (form, list) = on.text.split_once('.').unwrap_or((&on.text, ""));
                let dot = if list.is_empty() { "" } else { "." };
                let path = format!("{list}{dot}{field}");
                let wanted = forms.all.iter().rev().find_map(|file| {
                    let of_form = file.id.text == form
                        || forms
                            .all
                            .iter()
                            .any(|f| f.id.text == form && f.parts.contains(&file.id.text));
                    let mut required = file.required.iter();
                    let place = required.find(|p| of_form && covers(&p.text, &path))?;
                    Some((*file, place))
                });
                let Some((file, place)) = wanted else {
                    continue;
                };
                let new_rule = own.rules.iter().any(|r| r.label == rule.label);
                let new_form = forms.own.iter().any(|f| f.id.at == file.id.at);
                if new_rule || new_form {
                    let message = format!(
                        "规则 {} 要求 {path} 没有，表 {form} 又写它必须填",
                        rule.label
                    );
                    self.report("K122", message, &rule.value.require.at, &[&place.at]);
                }
            }
        }
    }
}

/// A required field is that field; a required row of a grid is each of its amounts.
fn covers(required: &str, path: &str) -> bool {
    path == required
        || path
            .strip_prefix(required)
            .is_some_and(|r| r.starts_with('.'))
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
