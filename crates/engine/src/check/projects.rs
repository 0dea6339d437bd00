//! Project forms (附件3) and the baseline form's project lines (附件1 项目支出) come in; which belongs to which goes out.
//!
//! First equal names; then, among what is left, equal amounts together with names that are alike;
//! then equal amounts that only one line and one form have. What is still alone stays alone.

use super::report::Case;
use jiheng_model::form::{Form, Row};
use jiheng_model::label;
use jiheng_model::{Decimal, Stated, Unit};

/// How the project forms of a package and the lines of its baseline form belong together.
#[derive(Clone, Debug, Default)]
pub struct Projects<'a> {
    /// Index of the baseline form in the filing, if there is one.
    pub baseline: Option<usize>,
    /// The lines of the baseline form in order.
    pub lines: Vec<Line<'a>>,
    /// The project forms in order.
    pub sheets: Vec<Sheet<'a>>,
}

/// A first-level project in the baseline form's list.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Number of its row in the list `projects`, from 0.
    pub row: usize,
    /// Its name without the number before it; empty when none is printed.
    pub name: String,
    /// What of its name is compared.
    core: String,
    /// 上年决算数.
    pub prior_outturn: Option<&'a Stated>,
    /// 本年预算数.
    pub budget: Option<&'a Stated>,
    /// 本年决算数.
    pub outturn: Option<&'a Stated>,
    /// Index in [`Projects::sheets`] of its form.
    pub sheet: Option<usize>,
}

/// A project form.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// Its index in the filing.
    pub form: usize,
    /// The project's name; empty when none is printed.
    pub name: String,
    /// What of its name is compared.
    core: String,
    /// 年度资金总额 · 年初预算数.
    pub original_budget: Option<&'a Stated>,
    /// 年度资金总额 · 全年执行数.
    pub outturn: Option<&'a Stated>,
    /// Index in [`Projects::lines`] of its line.
    pub line: Option<usize>,
    /// How the two were matched.
    pub how: Match,
}

/// How a project form was matched with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The names are equal.
    Name,
    /// The names differ and are alike; the amounts are equal.
    Alike,
    /// Only the amounts are equal, and nothing else has them.
    Amounts,
    /// Nothing belongs to it.
    None,
}

impl Line<'_> {
    /// Money was spent on it this year (本年决算数 above zero).
    pub fn is_executed(&self) -> bool {
        self.outturn
            .and_then(wan_yuan)
            .is_some_and(|n| n > Decimal::ZERO)
    }
}

/// The matches of a case, made once for all rules.
pub fn projects<'a>(case: &Case<'a>) -> &'a Projects<'a> {
    case.projects
}

/// Matches the project forms of a case's own year with the lines of its baseline form.
///
/// A form of another year belongs to another package only when that package's baseline form is
/// here too; else its title is wrong (X111), and it still is the project's form.
fn matched<'a>(case: &Case<'a>) -> Projects<'a> {
    let now = |form: &Form| {
        let year = case.filing.year;
        let elsewhere = |year| case.forms("baseline").any(|(_, b)| b.year == Some(year));
        form.year
            .is_none_or(|own| year.is_none_or(|y| y == own) || !elsewhere(own))
    };
    let baseline = case.forms("baseline").find(|(_, form)| now(form));
    let mut found = Projects {
        baseline: baseline.map(|(index, _)| index),
        lines: baseline.map_or_else(Vec::new, |(_, form)| lines(form)),
        sheets: case
            .forms("project")
            .filter(|(_, form)| now(form))
            .map(|(index, form)| sheet(index, form))
            .collect(),
    };
    let alike = case.rulebook.number("project_names_alike");
    found.pair(Match::Name, |sheet, line| {
        (!sheet.core.is_empty() && sheet.core == line.core).then_some(Decimal::ONE)
    });
    if let Some(least) = alike {
        found.pair(Match::Alike, |sheet, line| {
            let likeness = same_amounts(sheet, line).then(|| likeness(&sheet.name, &line.name));
            likeness.filter(|l| *l >= least)
        });
    }
    found.pair_lone(Match::Amounts, same_amounts);
    found
}

/// Two project names are the same: equal without numbers before them, punctuation and a final "项目".
pub fn same_name(a: &str, b: &str) -> bool {
    let a = core(a);
    !a.is_empty() && a == core(b)
}

/// A text names the project: its distinguishing characters occur in it, whatever stands between them.
pub fn mentions(text: &str, name: &str) -> bool {
    let name = core(name);
    // Most texts lack even the name's first character; a Latin one may be written full-width.
    let first = name.chars().next();
    first.is_some_and(|c| c.is_ascii() || text.contains(c))
        && text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .map(label::half_width)
            .collect::<String>()
            .contains(&name)
}

/// How alike two names are, from 0 to 1: twice the pairs of characters they share over all their pairs.
pub fn likeness(a: &str, b: &str) -> Decimal {
    let pairs = |s: &str| -> Vec<(char, char)> {
        let chars: Vec<char> = core(s).chars().collect();
        chars
            .iter()
            .copied()
            .zip(chars.iter().copied().skip(1))
            .collect()
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    let mut shared = 0u32;
    for pair in a {
        if let Some(at) = b.iter().position(|other| *other == pair) {
            b.swap_remove(at);
            shared += 2;
        }
    }
    Decimal::from(shared)
        .checked_div(Decimal::from(all as u64))
        .unwrap_or(Decimal::ZERO)
}

/// A printed project name without the number before it ("3、", "（3）", "3.") and white space.
pub fn bare_name(printed: &str) -> String {
    let name = label::normalise(printed);
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')'));
    let number = &name[..name.len() - rest.len()];
    let mut after = rest.chars();
    match (number.chars().last(), after.next()) {
        (Some(')'), Some(_)) => rest.to_string(),
        (Some(_), Some('、')) => after.as_str().to_string(),
        (Some(_), Some('.' | ',')) if !after.as_str().starts_with(|c: char| c.is_ascii_digit()) => {
            after.as_str().to_string()
        }
        _ => name,
    }
}

impl<'a> Projects<'a> {
    /// The matches of a case that has none yet.
    pub fn of(case: &Case<'a>) -> Projects<'a> {
        matched(case)
    }

    /// The form of a line.
    pub fn sheet_of(&self, line: usize) -> Option<&Sheet<'a>> {
        self.sheets.get(self.lines.get(line)?.sheet?)
    }

    /// The line of a form, by the form's index in the filing.
    pub fn line_of(&self, form: usize) -> Option<&Line<'a>> {
        let sheet = self.sheets.iter().find(|s| s.form == form)?;
        self.lines.get(sheet.line?)
    }

    /// Pairs each lone form with the best lone line that `fits`.
    fn pair(&mut self, how: Match, fits: impl Fn(&Sheet<'a>, &Line<'a>) -> Option<Decimal>) {
        for s in 0..self.sheets.len() {
            if self.sheets[s].line.is_some() {
                continue;
            }
            let mut best: Option<(usize, Decimal)> = None;
            for (l, line) in self
                .lines
                .iter()
                .enumerate()
                .filter(|(_, l)| l.sheet.is_none())
            {
                if let Some(fit) = fits(&self.sheets[s], line)
                    && best.is_none_or(|(_, other)| fit > other)
                {
                    best = Some((l, fit));
                }
            }
            if let Some((l, _)) = best {
                self.join(s, l, how);
            }
        }
    }

    /// Pairs a lone form and a lone line that `fit` each other and nothing else.
    fn pair_lone(&mut self, how: Match, fits: impl Fn(&Sheet<'a>, &Line<'a>) -> bool) {
        for s in 0..self.sheets.len() {
            if self.sheets[s].line.is_some() {
                continue;
            }
            let lines: Vec<usize> = (0..self.lines.len())
                .filter(|l| fits(&self.sheets[s], &self.lines[*l]))
                .collect();
            let [l] = lines[..] else { continue };
            let rivals = self
                .sheets
                .iter()
                .filter(|other| fits(other, &self.lines[l]))
                .count();
            if self.lines[l].sheet.is_none() && rivals == 1 {
                self.join(s, l, how);
            }
        }
    }

    fn join(&mut self, sheet: usize, line: usize, how: Match) {
        self.sheets[sheet].line = Some(line);
        self.sheets[sheet].how = how;
        self.lines[line].sheet = Some(sheet);
    }
}

fn lines(form: &Form) -> Vec<Line<'_>> {
    let cell = |row, column| cell(form, row, column);
    form.rows("projects")
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let name = bare(cell(row, "name"));
            Line {
                row: number,
                core: core(&name),
                name,
                prior_outturn: cell(row, "prior_outturn"),
                budget: cell(row, "budget"),
                outturn: cell(row, "outturn"),
                sheet: None,
            }
        })
        .collect()
}

fn cell<'a>(form: &'a Form, row: &'a Row, column: &str) -> Option<&'a Stated> {
    form.cell("projects", row, column)
}

fn sheet(index: usize, form: &Form) -> Sheet<'_> {
    let name = bare(form.project_name());
    Sheet {
        form: index,
        core: core(&name),
        name,
        original_budget: form.get("funds.total.original_budget"),
        outturn: form.get("funds.total.outturn"),
        line: None,
        how: Match::None,
    }
}

fn bare(name: Option<&Stated>) -> String {
    name.map(|s| bare_name(&s.text)).unwrap_or_default()
}

/// Both spent the same, more than nothing, and their budgets are equal where both are printed.
fn same_amounts(sheet: &Sheet<'_>, line: &Line<'_>) -> bool {
    let spent = match (
        sheet.outturn.and_then(wan_yuan),
        line.outturn.and_then(wan_yuan),
    ) {
        (Some(a), Some(b)) => a == b && a > Decimal::ZERO,
        _ => false,
    };
    let budgeted = match (
        sheet.original_budget.and_then(wan_yuan),
        line.budget.and_then(wan_yuan),
    ) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    spent && budgeted
}

fn wan_yuan(stated: &Stated) -> Option<Decimal> {
    stated.number_in(&Unit::wan_yuan())
}

/// The letters, digits and characters of a name that distinguish it.
pub(super) fn core(name: &str) -> String {
    let mut bare = bare_name(name);
    bare.retain(char::is_alphanumeric);
    match bare.strip_suffix("项目").map(str::len) {
        Some(rest) if rest > 0 => bare.truncate(rest),
        _ => {}
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    const COLUMNS: &[&str] = &["name", "prior_outturn", "budget", "outturn"];

    fn package(lines: &[&[&str]], sheets: &[(&str, &str, &str)]) -> Specimen {
        let mut specimen = Specimen::default()
            .number("project_names_alike", "0.3")
            .form("baseline", &[], &[("projects", COLUMNS, lines)]);
        for (name, budget, outturn) in sheets {
            let values = [
                ("project_name", *name),
                ("funds.total.original_budget", *budget),
                ("funds.total.outturn", *outturn),
            ];
            specimen = specimen.form("project", &values, &[]);
        }
        specimen
    }

    fn matches(specimen: &Specimen) -> Vec<(Option<usize>, Match)> {
        specimen.with(|case| {
            projects(case)
                .sheets
                .iter()
                .map(|s| (s.line, s.how))
                .collect()
        })
    }

    #[test]
    fn equal_names_come_first_whatever_the_amounts_say() {
        let specimen = package(
            &[
                &["1、 甲河治理", "", "5.00", "4.00"],
                &["2、“乙湖” 监测", "", "", "9.00"],
            ],
            &[("乙湖监测项目", "", "4.00"), ("甲河治理", "5.00", "3.00")],
        );
        assert_eq!(
            matches(&specimen),
            [(Some(1), Match::Name), (Some(0), Match::Name)]
        );
    }

    #[test]
    fn names_that_are_alike_need_equal_amounts() {
        let lines: &[&[&str]] = &[
            &["1、“三线”统筹划定", "", "", "33.30"],
            &["2、农业用地入库", "", "", ""],
        ];
        let same = package(lines, &[("“三线”统筹编制", "0", "33.30")]);
        assert_eq!(matches(&same), [(Some(0), Match::Alike)]);
        let other = package(lines, &[("“三线”统筹编制", "0", "33.31")]);
        assert_eq!(matches(&other), [(None, Match::None)]);
    }

    #[test]
    fn equal_amounts_alone_pair_only_what_nothing_else_fits() {
        let one = package(
            &[&["甲", "", "", "7.00"], &["乙", "", "", "8.00"]],
            &[("丙丁戊", "", "7.00")],
        );
        assert_eq!(matches(&one), [(Some(0), Match::Amounts)]);
        let two = package(
            &[&["甲", "", "", "7.00"], &["乙", "", "", "7.00"]],
            &[("丙丁戊", "", "7.00")],
        );
        assert_eq!(matches(&two), [(None, Match::None)]);
        let nothing_spent = package(&[&["甲", "", "", "0.00"]], &[("丙丁戊", "", "0.00")]);
        assert_eq!(matches(&nothing_spent), [(None, Match::None)]);
    }

    #[test]
    fn numbers_before_a_name_go_and_numbers_of_a_name_stay() {
        assert_eq!(
            bare_name("3、 2022至2024年山水项目"),
            "2022至2024年山水项目"
        );
        assert_eq!(bare_name("2022至2024年山水项目"), "2022至2024年山水项目");
        assert_eq!(bare_name("（12）基础测绘"), "基础测绘");
        assert_eq!(bare_name("4.控违"), "控违");
        assert_eq!(bare_name("11.5公里岸线整治"), "11.5公里岸线整治");
    }

    #[test]
    fn a_line_is_executed_when_money_was_spent() {
        let specimen = package(
            &[
                &["甲", "3", "", "0.00"],
                &["乙", "", "", ""],
                &["丙", "", "", "0.01"],
            ],
            &[],
        );
        let executed: Vec<bool> =
            specimen.with(|case| projects(case).lines.iter().map(Line::is_executed).collect());
        assert_eq!(executed, [false, false, true]);
    }
}
