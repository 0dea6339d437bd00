//! A package comes in; the values that the report's sentences name, each with the words it is written in, go out.
//!
//! A value is a cell's, a figure of the final accounts that the forms do not contradict, or follows
//! from such by a sum, a difference or a rate. Nothing else is ever written.

use crate::check::remedies::remedies;
use crate::check::report::Case;
use crate::check::rules::x308;
use crate::rulebook::sentences::OF_KIND;
use jiheng_model::narrative::FactRole;
use jiheng_model::scorecard::round;
use jiheng_model::{
    AccountFigure, Accounts, Decimal, Dimension, Form, Stated, Unit, ValueKind, label,
};

/// A value with the words it is written in, without the unit that the sentence itself prints.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// The number, money in 万元; `None` for words.
    pub number: Option<Decimal>,
    /// As a sentence says it.
    pub words: String,
}

/// Names with their amounts in 万元.
pub(super) type Amounts = Vec<(String, Decimal)>;

/// The values of a package.
pub(super) struct Values<'c, 'a> {
    case: &'c Case<'a>,
    accounts: Vec<&'a Accounts>,
}

impl Value {
    fn words(words: impl Into<String>) -> Value {
        Value {
            number: None,
            words: words.into(),
        }
    }

    fn money(number: Decimal) -> Value {
        Value {
            number: Some(number),
            words: money(number),
        }
    }

    fn plain(number: Decimal) -> Value {
        Value {
            number: Some(number),
            words: number.normalize().to_string(),
        }
    }

    fn count(count: usize) -> Value {
        Value::plain(Decimal::from(count as u64))
    }
}

impl<'c, 'a> Values<'c, 'a> {
    pub fn of(case: &'c Case<'a>) -> Self {
        let accounts = case.filing.accounts.iter();
        Values {
            accounts: accounts.filter(|a| is_of(case, a)).collect(),
            case,
        }
    }

    /// The value of an item.
    pub fn value(&self, item: &str) -> Option<Value> {
        let filing = self.case.filing;
        match item {
            "year" => filing.year.map(|y| Value::words(y.to_string())),
            "unit" => self.unit().map(Value::words),
            "date" => filing
                .narrative
                .dated
                .as_ref()
                .map(|(d, _)| Value::words(d.to_string())),
            "filler" => {
                let mut forms = filing.forms.iter();
                let name = forms.find_map(|f| f.text("filler"));
                name.map(|n| Value::words(label::normalise(n)))
            }
            "grade" => {
                let total = filing.one("department")?.number("total_score")?;
                self.grade(total).map(Value::words)
            }
            "problems.count" => remedies(self.case).problems?.count().map(Value::count),
            "indicators.count" => {
                let count = filing.one("department")?.indicators().count();
                (count > 0).then(|| Value::count(count))
            }
            "satisfaction" => self.satisfaction(),
            item => self
                .of_kind(item)
                .or_else(|| self.stated(item))
                .or_else(|| self.scored(item))
                .or_else(|| self.told(item))
                .or_else(|| self.rate(item))
                .or_else(|| self.account(item)),
        }
    }

    /// The number of an item.
    pub fn number(&self, item: &str) -> Option<Decimal> {
        self.value(item)?.number
    }

    /// The unit that stands behind the item's number in a list: 万元, 分, 人, 个.
    pub fn unit_of(&self, item: &str) -> &'static str {
        let kinds = self.case.rulebook.dictionary("item_kinds");
        let is = |kind: &str| {
            let items = kinds.and_then(|k| k.get(kind));
            items.is_some_and(|items| items.iter().any(|i| i == item))
        };
        match () {
            _ if is("points") => "分",
            _ if is("person") => "人",
            _ if is("count") => "个",
            _ if is("ratio") => "",
            _ => "万元",
        }
    }

    /// The cell of a form and the figure of the accounts that should be one and are not, as a question.
    pub fn conflict(&self, item: &str) -> Option<String> {
        self.stated(item).is_none().then_some(())?;
        let figure = self.figure(item)?;
        let fields = self.case.rulebook.dictionary("accounts_fields")?;
        for (field, items) in fields.iter().filter(|(_, i)| i.iter().any(|i| i == item)) {
            let Some(cell) = self.cell(field) else {
                continue;
            };
            let cell = cell.number_in(&Unit::wan_yuan());
            let mut numbers = items.iter().filter_map(|i| wan(self.figure(i)?)).peekable();
            let any = numbers.peek().is_some();
            if let (Some(cell), true) = (cell, any)
                && !numbers.any(|n| n == cell)
            {
                return Some(format!(
                    "{}：附件是 {} 万元，决算是 {} 万元，核对后改一处",
                    self.name(item),
                    money(cell),
                    wan(figure).map(money)?
                ));
            }
        }
        None
    }

    /// Classes of the accounts below a name ("functional.project.*") with their amounts, table by table.
    pub fn classes(&self, family: &str) -> Vec<Amounts> {
        let mut tables: Vec<(u16, Option<u32>, Amounts)> = Vec::new();
        for accounts in &self.accounts {
            for figure in &accounts.figures {
                let code = figure.item.strip_prefix(family);
                let (Some(code), Some(amount)) = (code, wan(figure)) else {
                    continue;
                };
                if amount.is_zero() {
                    continue;
                }
                let year = accounts.year.or(self.case.filing.year);
                let known = self
                    .case
                    .rulebook
                    .class_name("functional_classes", code, year);
                let Some(name) = known else { continue };
                let place = (figure.origin.file, figure.origin.table());
                match tables.iter_mut().find(|t| (t.0, t.1) == place) {
                    Some(table) => table.2.push((name.text.to_string(), amount)),
                    None => {
                        tables.push((place.0, place.1, vec![(name.text.to_string(), amount)]));
                    }
                }
            }
        }
        tables.into_iter().map(|t| t.2).collect()
    }

    /// The lines of a list of the baseline form ("project_lines.*") with their amounts.
    pub fn project_lines(&self) -> Amounts {
        let lines = self.case.projects.lines.iter();
        lines
            .filter_map(|line| {
                let amount = line.outturn?.number_in(&Unit::wan_yuan())?;
                (!amount.is_zero() && !line.name.is_empty())
                    .then(|| (label::normalise(&line.name), amount))
            })
            .collect()
    }

    /// The name of a slot for people: the rulebook's own, or that of the item with what qualifies it.
    pub fn name(&self, item: &str) -> String {
        let name = self.case.rulebook.slot_name(item);
        name.unwrap_or_else(|| item.to_string())
    }

    fn unit(&self) -> Option<String> {
        let filing = self.case.filing;
        let form = filing.one("department");
        let printed = form.and_then(|f| f.text("unit_name"));
        let narrative = filing.narrative.unit_name.as_ref();
        let printed = printed.or_else(|| narrative.map(|u| u.text.as_str()));
        printed.map(label::normalise)
    }

    /// The grade of a total. A scale that the report itself prints comes before the rulebook's.
    fn grade(&self, total: Decimal) -> Option<String> {
        let printed = x308::printed_scale(self.case);
        let own = printed.into_iter().find(|(_, min)| total >= *min);
        own.map(|(name, _)| name)
            .or_else(|| self.case.rulebook.grade(total).map(str::to_string))
    }

    /// Count, amount, average or grades of all forms of a kind: "projects.count".
    fn of_kind(&self, item: &str) -> Option<Value> {
        let (name, what) = item.split_once('.')?;
        let kinds = self.case.rulebook.dictionary("report_kinds")?;
        let [kind, amount] = kinds
            .get(name)
            .filter(|_| OF_KIND.contains(&what))?
            .as_slice()
        else {
            return None;
        };
        let forms: Vec<&Form> = self.case.filing.of(kind).collect();
        let count = Decimal::from(forms.len() as u64);
        if forms.is_empty() {
            return None;
        }
        let sum = |number: &dyn Fn(&Form) -> Option<Decimal>| {
            let mut forms = forms.iter();
            forms.try_fold(Decimal::ZERO, |sum, f| sum.checked_add(number(f)?))
        };
        match what {
            "count" => Some(Value::plain(count)),
            "amount" => sum(&|f| f.amount(amount)).map(Value::money),
            "average" => {
                let sum = sum(&|f| f.number("total_score"))?;
                Some(Value::plain(round(sum.checked_div(count)?, 2)))
            }
            _ => {
                let totals: Option<Vec<Decimal>> =
                    forms.iter().map(|f| f.number("total_score")).collect();
                let totals = totals?;
                let bands = self.case.rulebook.bands("rating");
                let of = |name: &str| {
                    let grades = totals.iter().map(|t| self.case.rulebook.grade(*t));
                    grades.filter(|g| *g == Some(name)).count()
                };
                let parts = bands.iter().map(|b| format!("“{}”{}个", b.is, of(&b.is)));
                let parts: Vec<String> = parts.collect();
                (!parts.is_empty()).then(|| Value::words(parts.join("、")))
            }
        }
    }

    /// The rates of satisfaction of the department's form: "群众满意度98%、信访满意率95%".
    fn satisfaction(&self) -> Option<Value> {
        let words = self.case.rulebook.words("satisfaction_rate_words");
        let form = self.case.filing.one("department")?;
        let rates: Vec<String> = form
            .indicators()
            .filter_map(|i| {
                let name = label::normalise(&i.name()?.text);
                let named = words.iter().any(|w| name.ends_with(w.as_str()));
                match i.actual()?.value.kind {
                    ValueKind::Percent(n) if named => Some(format!("{name}{n}%")),
                    _ => None,
                }
            })
            .collect();
        (!rates.is_empty()).then(|| Value::words(rates.join("、")))
    }

    /// The cell that says an item.
    fn stated(&self, item: &str) -> Option<Value> {
        let of = |dictionary: &str| {
            let fields = self.case.rulebook.dictionary(dictionary)?.get(item)?;
            let mut cells = fields.iter().filter_map(|f| self.cell(f));
            cells.find_map(shown)
        };
        of("item_fields").or_else(|| of("report_fields"))
    }

    /// The cell "department.funds.total.outturn", when a number is printed in it.
    fn cell(&self, field: &str) -> Option<&'a Stated> {
        let (kind, path) = field.split_once('.')?;
        let stated = self.case.filing.one(kind)?.get(path)?;
        stated.number().is_some().then_some(stated)
    }

    /// The points that the indicators of a first-level dimension got.
    fn scored(&self, item: &str) -> Option<Value> {
        let words = self
            .case
            .rulebook
            .dictionary("score_dimensions")?
            .get(item)?;
        let form = self.case.filing.one("department")?;
        let mut sum: Option<Decimal> = None;
        for indicator in form.indicators() {
            let dimension = indicator.dimension()?.text.trim_start();
            if !words.iter().any(|w| dimension.starts_with(w.as_str())) {
                continue;
            }
            // A row without points says nothing; a row with points and no score leaves the sum open.
            let points = indicator.points().and_then(Stated::number);
            match (points, indicator.score().and_then(Stated::number)) {
                (_, Some(score)) => sum = Some(sum.unwrap_or_default().checked_add(score)?),
                (None, None) => {}
                (Some(_), None) => return None,
            }
        }
        sum.map(Value::plain)
    }

    /// What only the report itself tells (`report_facts`: copies of a questionnaire), when it tells one number.
    fn told(&self, item: &str) -> Option<Value> {
        let told = self.case.rulebook.words("report_facts");
        if !told.iter().any(|t| t == item) {
            return None;
        }
        let mut facts = self.case.filing.narrative.facts_of(item);
        let (_, first) = facts.find(|(_, f)| f.role == FactRole::Count)?;
        facts
            .all(|(_, f)| f.role != FactRole::Count || f.value == first.value)
            .then(|| Value::plain(first.value))
    }

    /// A rate recomputed from its parts (`rate_parts`), where a part may be a difference (`adjustment_parts`).
    fn rate(&self, item: &str) -> Option<Value> {
        let rulebook = self.case.rulebook;
        if let Some([now, before]) = rulebook
            .dictionary("adjustment_parts")
            .and_then(|d| d.get(item))
            .map(Vec::as_slice)
        {
            let difference = self.number(now)?.checked_sub(self.number(before)?)?;
            return Some(Value::money(difference));
        }
        let [part, whole] = rulebook.dictionary("rate_parts")?.get(item)?.as_slice() else {
            return None;
        };
        share(self.number(part)?, self.number(whole)?)
    }

    /// The figure of the accounts, when all that speak of the item say one number.
    fn figure(&self, item: &str) -> Option<&'a AccountFigure> {
        let figures = self.accounts.iter().flat_map(|a| &a.figures);
        let mut figures = figures.filter(|f| f.item == item);
        let first = figures.next()?;
        let amount = wan(first)?;
        figures.all(|f| wan(f) == Some(amount)).then_some(first)
    }

    fn account(&self, item: &str) -> Option<Value> {
        if self.conflict(item).is_some() {
            return None;
        }
        self.figure(item).and_then(wan).map(Value::money)
    }
}

/// What per cent a part is of a whole, with two places.
pub(super) fn share(part: Decimal, whole: Decimal) -> Option<Value> {
    let share = part
        .checked_mul(Decimal::ONE_HUNDRED)?
        .checked_div(whole)
        .map(|s| round(s, 2))?;
    Some(Value {
        number: Some(share),
        words: format!("{share:.2}%"),
    })
}

/// Final accounts of the year, with at least one total that the forms print too and none that they print otherwise.
fn is_of(case: &Case<'_>, accounts: &Accounts) -> bool {
    let year = case.filing.year;
    if accounts.year.is_some() && year.is_some() && accounts.year != year {
        return false;
    }
    let fields = case.rulebook.dictionary("accounts_fields");
    let mut agreed = false;
    for (field, items) in fields.into_iter().flatten() {
        let Some(path) = field.strip_prefix("department.") else {
            continue;
        };
        let cell = case.filing.one("department").and_then(|f| f.amount(path));
        let figures = accounts.figures.iter();
        let mut figures = figures.filter(|f| items.contains(&f.item)).peekable();
        if let (Some(cell), Some(_)) = (cell, figures.peek()) {
            if !figures.any(|f| wan(f) == Some(cell)) {
                return false;
            }
            agreed = true;
        }
    }
    agreed
}

fn wan(figure: &AccountFigure) -> Option<Decimal> {
    match &figure.unit {
        Some(unit) => unit.convert(figure.value, &Unit::wan_yuan()),
        None => None,
    }
}

/// A printed number as a sentence says it: money in 万元, a rate with its sign.
fn shown(stated: &Stated) -> Option<Value> {
    let unit = stated.value.unit.as_ref();
    let money_unit = unit.is_some_and(|u| u.dimension == Dimension::Money);
    match stated.value.kind {
        ValueKind::Percent(n) => Some(Value {
            number: Some(n),
            words: format!("{n}%"),
        }),
        ValueKind::Number(n) if !money_unit => Some(Value {
            number: Some(n),
            words: n.to_string(),
        }),
        ValueKind::Number(_) => stated.number_in(&Unit::wan_yuan()).map(Value::money),
        _ => None,
    }
}

/// At least two digits behind the point.
pub(super) fn money(value: Decimal) -> String {
    let mut value = value.normalize();
    if value.scale() < 2 {
        value.rescale(2);
    }
    value.to_string()
}
