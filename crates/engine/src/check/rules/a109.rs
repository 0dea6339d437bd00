//! A109 `project-funds-sum`: the funds of each form come in; columns whose sources do not add up to 年度资金总额, or one of which exceeds it, go out.
//!
//! Places print different sources (当年财政拨款, 单位资金, 中央补助 …), and rows that break another
//! one down. A column is right when one reading of its rows makes the total. A form of a kind whose
//! sources may be printed in part is only wrong below its total where 其他资金 closes its list.

use crate::check::figures::amount;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::form::Form;
use jiheng_model::origin::{At, Origin};
use jiheng_model::unit::Dimension;
use jiheng_model::{Decimal, Severity, Stated, Unit};

/// The rule.
pub static RULE: Rule = Rule {
    code: "A109",
    slug: "project-funds-sum",
    title: "项目资金总额不等于各来源之和",
    severity: Severity::Error,
    covers: &["I-09", "D28"],
    basis: &["project-funds"],
    what: "附件3，以及绩效目标、绩效监控、转移支付自评和复核表：年度资金总额每一列是否等于当年财政拨款、上年结转资金、其他资金等来源之和，有没有一项来源大于总额。空格不计；各来源都空着的列不比；各级财政资金已算在财政资金里的，不重复加。",
    why: "“其中”各项是年度资金总额的全部来源，相加应等于总额，每一项都不会大于总额。",
    advice: "核对各项来源和总额，更正不符的一格",
    fix: None,
    run,
};

/// Columns of money, by the grid they stand in.
const COLUMNS: [(&str, &str); 5] = [
    ("funds", "original_budget"),
    ("funds", "final_budget"),
    ("funds", "outturn"),
    ("funds", "expected_outturn"),
    ("period", "amount"),
];
/// Rows that hold what comes from all levels of government.
const WHOLES: [&str; 2] = ["appropriation", "fiscal"];
/// Rows that break such a row down, by level of government or by budget.
const BREAKDOWN: [&str; 8] = [
    "central",
    "province",
    "local",
    "own",
    "subsidy",
    "general_public",
    "government_fund",
    "state_capital",
];
/// Rows that cut the total in another way than by source.
const ASIDE: [&str; 2] = ["basic", "project"];
/// Rows that may stand beside 财政资金 or be part of it.
const DOUBTFUL: [&str; 3] = ["appropriation", "carry_over", "special_account"];

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for kind in case.rulebook.words("funds_sum_forms") {
        for (index, form) in case.forms(kind) {
            for (grid, column) in COLUMNS {
                if let Some(funds) = Column::of(form, grid, column) {
                    compare(case, report, index, &funds);
                }
            }
        }
    }
}

/// One printed source with its amount.
struct Source<'a> {
    row: &'a str,
    path: &'a str,
    stated: &'a Stated,
    value: Decimal,
}

/// A column of the funds of a form; all amounts in the unit of the total.
struct Column<'a> {
    form: &'a Form,
    key: &'a str,
    path: String,
    total: &'a Stated,
    value: Decimal,
    unit: Unit,
    /// Rows that are printed, blank ones too.
    printed: usize,
    sources: Vec<Source<'a>>,
}

impl<'a> Column<'a> {
    /// `None` without a total.
    fn of(form: &'a Form, grid: &str, key: &'a str) -> Option<Column<'a>> {
        let path = format!("{grid}.total.{key}");
        let total = form.get(&path)?;
        let unit = match &total.value.unit {
            Some(unit) if unit.dimension == Dimension::Money => unit.clone(),
            _ => Unit::wan_yuan(),
        };
        let value = total.number_in(&unit)?;
        let row = |path: &'a str| {
            // The letter before the key and the one behind the grid tell most other cells.
            let (behind, before) = (
                path.as_bytes().get(grid.len()),
                path.len().checked_sub(key.len() + 1)?,
            );
            if behind != Some(&b'.') || path.as_bytes()[before] != b'.' {
                return None;
            }
            path.strip_prefix(grid)?
                .strip_prefix('.')?
                .strip_suffix(key)?
                .strip_suffix('.')
        };
        let mut printed = 0;
        let mut sources = Vec::new();
        for field in &form.def.fields {
            let Some(row) = row(&field.path).filter(|row| *row != "total") else {
                continue;
            };
            let Some(stated) = form.get(&field.path) else {
                continue;
            };
            printed += usize::from(!ASIDE.contains(&row));
            if let Some(value) = stated.number_in(&unit) {
                sources.push(Source {
                    row,
                    path: &field.path,
                    stated,
                    value,
                });
            }
        }
        Some(Column {
            form,
            key,
            path,
            total,
            value,
            unit,
            printed,
            sources,
        })
    }

    fn has(&self, row: &str) -> bool {
        self.sources.iter().any(|s| s.row == row)
    }

    /// The head of the column as printed.
    fn label(&self) -> String {
        let head = self.form.heads.iter().find(|(key, _)| key == self.key);
        head.map(|(_, head)| head.text.replace('\n', ""))
            .unwrap_or_else(|| self.form.def.label(&self.path).to_string())
    }

    /// A source that is larger than the total by more than rounding, where no other is below zero.
    fn excess(&self) -> Option<&Source<'a>> {
        let own = self.total.half_unit()?;
        if self.sources.iter().any(|s| s.value.is_sign_negative()) {
            return None;
        }
        self.sources.iter().find(|s| {
            let allowed = s.stated.half_unit().and_then(|h| h.checked_add(own));
            let over = s.value.checked_sub(self.value);
            matches!((over, allowed), (Some(over), Some(allowed)) if over > allowed)
        })
    }

    /// The sources that are added, and those that another reading adds or leaves out.
    fn reading(&self) -> (Vec<&Source<'a>>, Vec<&Source<'a>>) {
        let broken_down = WHOLES.iter().any(|row| self.has(row));
        let (mut added, mut either) = (Vec::new(), Vec::new());
        for source in &self.sources {
            let inside = broken_down && BREAKDOWN.contains(&source.row);
            let left_out = inside || ASIDE.contains(&source.row) || source.row == "debt";
            if !left_out {
                added.push(source);
            }
            let doubtful = self.has("fiscal") && DOUBTFUL.contains(&source.row);
            if inside || doubtful || source.row == "debt" {
                either.push(source);
            }
        }
        (added, either)
    }

    /// Whether a list of rows that falls short of the total must be wrong, and not merely incomplete.
    fn is_closed(&self, case: &Case<'_>) -> bool {
        let whole = self.form.kind() == "project" || self.form.get(&self.with("other")).is_some();
        whole && !self.has_unknown_rows(case)
    }

    fn with(&self, row: &str) -> String {
        self.path.replacen("total", row, 1)
    }

    /// A row between the first and the last of these was not recognised.
    fn has_unknown_rows(&self, case: &Case<'_>) -> bool {
        let place = |origin: &Origin| match origin.at {
            At::Cell { table, row, .. } => Some((origin.file, table, row)),
            At::Text { .. } => None,
        };
        let places = self.sources.iter().map(|s| &s.stated.origin);
        let rows = || places.clone().chain([&self.total.origin]).filter_map(place);
        let (Some(first), Some(last)) = (rows().min(), rows().max()) else {
            return false;
        };
        let unknown = case.filing.unrecognised.iter();
        unknown
            .filter_map(|u| place(&u.origin))
            .any(|at| first < at && at < last)
    }
}

/// The sum of amounts; `None` when it is too large.
fn sum<'s>(sources: impl IntoIterator<Item = &'s Source<'s>>) -> Option<Decimal> {
    let mut sources = sources.into_iter();
    sources.try_fold(Decimal::ZERO, |sum, s| sum.checked_add(s.value))
}

/// Whether adding or leaving out some of the doubtful rows makes the total, within rounding.
fn another_reading(
    sum: Decimal,
    added: &[&Source<'_>],
    either: &[&Source<'_>],
    total: Decimal,
    tolerance: Decimal,
) -> bool {
    let either = either.get(..either.len().min(8)).unwrap_or_default();
    (1_u32..1 << either.len()).any(|choice| {
        let chosen = either
            .iter()
            .enumerate()
            .filter(|(i, _)| choice >> i & 1 == 1);
        let other = chosen.map(|(_, s)| s).try_fold(sum, |sum, source| {
            match added.iter().any(|a| a.path == source.path) {
                true => sum.checked_sub(source.value),
                false => sum.checked_add(source.value),
            }
        });
        other
            .and_then(|other| other.checked_sub(total))
            .is_some_and(|gap| gap.abs() <= tolerance)
    })
}

fn compare(case: &Case<'_>, report: &mut Report<'_>, index: usize, funds: &Column<'_>) {
    if let Some(source) = funds.excess() {
        return exceeds(case, report, index, funds, source);
    }
    let (added, either) = funds.reading();
    // One printed source may be a part only; a list ends with 其他资金 or has several rows.
    if funds.printed < 2 {
        return;
    }
    if added.is_empty() {
        if !funds.value.is_zero() && funds.sources.is_empty() {
            report.lacks(format!(
                "{}没有填资金来源，总额没有比",
                case.form_name(index)
            ));
        }
        return;
    }
    let Some((sum, gap)) =
        sum(added.iter().copied()).and_then(|sum| Some((sum, funds.value.checked_sub(sum)?)))
    else {
        return;
    };
    // Sources share the finest place printed among them: "0" beside 34.66 is no whole number of 万元.
    let halves = added.iter().filter_map(|source| source.stated.half_unit());
    let finest = halves.min().unwrap_or_default();
    let tolerance =
        funds.total.half_unit().unwrap_or_default() + finest * Decimal::from(added.len());
    let cells = || {
        let sources = added.iter().map(|source| source.stated.origin);
        std::iter::once(funds.total.origin).chain(sources)
    };
    if gap.is_zero() {
        return report.holds(cells());
    }
    if another_reading(sum, &added, &either, funds.value, tolerance) {
        return report.checked();
    }
    let label = funds.label();
    let unit = &funds.unit.symbol;
    let (severity, message) = if gap.abs() <= tolerance {
        report.holds(cells());
        let gap = amount(gap.abs());
        let message = format!("{label}：资金来源相加差 {gap} {unit}，属四舍五入，不必改");
        (Severity::Hint, message)
    } else if gap.is_sign_positive() && !funds.is_closed(case) {
        return report.lacks(format!(
            "{}印出的资金来源相加小于总额，可能没有印全，没有比",
            case.form_name(index)
        ));
    } else {
        report.checked();
        let message = format!(
            "{label}：总额填 {}，各来源相加 {}，相差 {} {unit}",
            amount(funds.value),
            amount(sum),
            amount(gap.abs())
        );
        (Severity::Error, message)
    };
    let addends: Vec<String> = added.iter().map(|s| amount(s.value)).collect();
    let draft = report.find_as(severity, message, case.place(index, &funds.path));
    draft.identity().computed(amount(sum)).derivation(format!(
        "{} = {}",
        addends.join(" + "),
        amount(sum)
    ));
    for source in &added {
        draft.against(case.place(index, source.path));
    }
}

/// One source alone is more than all together.
fn exceeds(
    case: &Case<'_>,
    report: &mut Report<'_>,
    index: usize,
    funds: &Column<'_>,
    source: &Source<'_>,
) {
    report.checked();
    let Some(gap) = source.value.checked_sub(funds.value) else {
        return;
    };
    let label = funds.form.def.label(source.path);
    let name = label.split('·').next().unwrap_or(label).trim();
    let message = format!(
        "{}：总额填 {}，{} {}，比总额多 {} {}",
        funds.label(),
        funds.total.text,
        name.trim_start_matches("其中："),
        source.stated.text,
        amount(gap),
        funds.unit.symbol
    );
    let draft = report.find(message, case.place(index, &funds.path));
    draft.identity().derivation(format!(
        "{} − {} = {}",
        amount(source.value),
        amount(funds.value),
        amount(gap)
    ));
    draft.against(case.place(index, source.path));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn said(rows: &[(&str, &str)]) -> crate::check::specimen::Said {
        let paths: Vec<(String, &str)> = rows
            .iter()
            .map(|(row, text)| (format!("funds.{row}.outturn"), *text))
            .collect();
        let values: Vec<(&str, &str)> = paths
            .iter()
            .map(|(path, text)| (path.as_str(), *text))
            .collect();
        of(Specimen::default().form("project", &values, &[]))
    }

    fn of(specimen: Specimen) -> crate::check::specimen::Said {
        let kinds = ["project", "objective", "monitoring"];
        specimen.words("funds_sum_forms", &kinds).run(&RULE)
    }

    fn objective(rows: &[(&str, &str)]) -> crate::check::specimen::Said {
        of(Specimen::default().form("objective", rows, &[]))
    }

    #[test]
    fn a_part_larger_than_its_total_is_an_error_of_its_own() {
        let said = objective(&[
            ("funds.total.original_budget", "10,903,043.00元"),
            ("funds.appropriation.original_budget", "11,419,043.00元"),
            ("funds.carry_over.original_budget", "0.00元"),
            ("funds.other.original_budget", "0.00元"),
        ]);
        assert_eq!(
            said.messages(),
            ["funds.total.original_budget：总额填 10,903,043.00元，\
                 funds.appropriation.original_budget 11,419,043.00元，比总额多 516000.00 元"]
        );
        assert_eq!(said.findings[0].places.len(), 2);
        assert_eq!(said.findings[0].severity, Severity::Error);
        // Alone, it needs no other row.
        let alone = objective(&[
            ("funds.total.original_budget", "1.00"),
            ("funds.project.original_budget", "2.00"),
        ]);
        assert_eq!(alone.findings.len(), 1);
        // A source below zero may make up for it, and then the sum decides.
        let offset = objective(&[
            ("funds.total.original_budget", "10.00"),
            ("funds.appropriation.original_budget", "12.00"),
            ("funds.other.original_budget", "-2.00"),
        ]);
        assert_eq!((offset.findings.len(), offset.checked), (0, 1));
    }

    #[test]
    fn rows_that_may_be_read_in_two_ways_are_an_error_in_neither() {
        for rows in [
            // 财政资金 with what it consists of, or beside 当年财政拨款.
            [
                ("total", "10"),
                ("fiscal", "10"),
                ("appropriation", "8"),
                ("carry_over", "2"),
            ],
            [
                ("total", "10"),
                ("fiscal", "4"),
                ("appropriation", "4"),
                ("carry_over", "2"),
            ],
            [
                ("total", "10"),
                ("fiscal", "8"),
                ("debt", "2"),
                ("other", "0"),
            ],
            [
                ("total", "10"),
                ("fiscal", "10"),
                ("debt", "2"),
                ("general_public", "8"),
            ],
            [
                ("total", "10"),
                ("appropriation", "8"),
                ("other", "2"),
                ("project", "6"),
            ],
        ] {
            let said = said(&rows);
            assert!(said.findings.is_empty(), "{rows:?} {:?}", said.messages());
            assert_eq!(said.checked, 1, "{rows:?}");
        }
    }

    #[test]
    fn below_its_total_a_list_without_other_funds_is_not_proven_wrong() {
        let rows = [
            ("funds.total.outturn", "10"),
            ("funds.central.outturn", "4"),
            ("funds.local.outturn", "3"),
        ];
        let open = of(Specimen::default().form("monitoring", &rows, &[]));
        assert_eq!((open.findings.len(), open.lacking.len()), (0, 1));
        let mut closed = rows.to_vec();
        closed.push(("funds.other.outturn", "1"));
        let closed = of(Specimen::default().form("monitoring", &closed, &[]));
        assert_eq!(closed.findings.len(), 1);
        // Above the total it is wrong, whatever is not printed.
        let above = [
            ("funds.total.outturn", "10"),
            ("funds.central.outturn", "8"),
            ("funds.local.outturn", "3"),
        ];
        let above = of(Specimen::default().form("monitoring", &above, &[]));
        assert_eq!(above.findings.len(), 1);
    }

    #[test]
    fn a_row_that_was_not_recognised_may_be_what_is_missing() {
        let mut specimen = Specimen::default().form(
            "project",
            &[
                ("funds.total.outturn", "10.00"),
                ("funds.appropriation.outturn", "4.00"),
                ("funds.carry_over.outturn", "3.00"),
                ("funds.other.outturn", "1.00"),
            ],
            &[],
        );
        let total = specimen.filing.forms[0].get("funds.total.outturn").unwrap();
        let mut between = total.origin;
        if let At::Cell { row, .. } = &mut between.at {
            *row += 1;
        }
        specimen
            .filing
            .unrecognised
            .push(jiheng_model::filing::Unrecognised {
                origin: between,
                why: "贷款".into(),
            });
        let said = of(specimen);
        assert_eq!((said.findings.len(), said.lacking.len()), (0, 1));
    }

    #[test]
    fn the_sources_make_the_total_and_blank_ones_count_as_nothing() {
        let wrong = said(&[
            ("total", "10.00"),
            ("appropriation", "8.00"),
            ("carry_over", ""),
            ("other", "1.50"),
        ]);
        assert_eq!(
            wrong.messages(),
            ["funds.total.outturn：总额填 10.00，各来源相加 9.50，相差 0.50 万元"]
        );
        assert_eq!(
            wrong.findings[0].derivation.as_deref(),
            Some("8.00 + 1.50 = 9.50")
        );
        let right = said(&[
            ("total", "10"),
            ("appropriation", "8.00"),
            ("carry_over", "—"),
            ("other", "2.00"),
        ]);
        assert_eq!((right.findings.len(), right.checked), (0, 1));
    }

    #[test]
    fn rounding_is_a_hint_up_to_half_a_unit_for_each_figure() {
        let hint = said(&[
            ("total", "10.01"),
            ("appropriation", "8.00"),
            ("other", "2.00"),
        ]);
        assert_eq!(hint.findings[0].severity, Severity::Hint);
        let error = said(&[
            ("total", "10.02"),
            ("appropriation", "8.00"),
            ("other", "2.00"),
        ]);
        assert_eq!(error.findings[0].severity, Severity::Error);
    }

    #[test]
    fn what_is_blank_or_only_a_part_is_not_compared() {
        let blank = said(&[
            ("total", "10.00"),
            ("appropriation", ""),
            ("carry_over", ""),
            ("other", ""),
        ]);
        assert_eq!(
            (blank.findings.len(), blank.checked, blank.lacking.len()),
            (0, 0, 1)
        );
        let part = said(&[("total", "10.00"), ("appropriation", "8.00")]);
        assert_eq!((part.findings.len(), part.checked), (0, 0));
        let nothing = said(&[("total", "0"), ("appropriation", ""), ("other", "")]);
        assert_eq!((nothing.findings.len(), nothing.lacking.len()), (0, 0));
    }

    #[test]
    fn a_breakdown_by_level_is_not_added_twice() {
        let twice = said(&[
            ("total", "10.00"),
            ("appropriation", "10.00"),
            ("central", "6.00"),
            ("local", "4.00"),
        ]);
        assert!(twice.findings.is_empty());
        let levels = said(&[("total", "10.00"), ("central", "6.00"), ("local", "3.00")]);
        assert_eq!(levels.findings.len(), 1);
    }
}
