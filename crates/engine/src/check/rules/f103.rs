//! F103 `field-blank`: the forms come in; required fields that are printed and left blank go out, one finding a form.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::finding::Place;
use jiheng_model::form::Form;

/// The rule.
pub static RULE: Rule = Rule {
    code: "F103",
    slug: "field-blank",
    title: "必填的格空着",
    severity: Severity::Error,
    covers: &["D52"],
    basis: &["art25-complete"],
    what: "单位名称、项目名称、资金总额等必填的格不能空。没有发生的填 0，不适用的填“—”。",
    why: "空格与 0 是两回事：空着看不出是没有还是没填，别的数也无从核对。",
    advice: "补填；确实没有的填 0，不适用的填“—”",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(required) = case.rulebook.dictionary("fields_required") else {
        return;
    };
    for (index, form) in case.filing.forms.iter().enumerate() {
        let Some(paths) = required.get(form.kind()) else {
            continue;
        };
        // A form without a single value is F105's.
        if is_empty(form) {
            continue;
        }
        let mut blank: Vec<Place> = Vec::new();
        for path in paths {
            let Some(stated) = form.get(path) else {
                continue;
            };
            report.checked();
            if stated.value.is_blank() {
                blank.push(case.place(index, path));
            }
        }
        let count = blank.len();
        let mut places = blank.into_iter();
        if let Some(first) = places.next() {
            let message = match count {
                1 => format!("“{}”没有填", first.label),
                n => format!("{n} 个必填的格空着"),
            };
            let draft = report.find(message, first);
            draft.arg("count", count);
            for place in places {
                draft.against(place);
            }
        }
    }
}

/// No field and no row of the form has a value; names of indicators and levels are the template's.
pub(super) fn is_empty(form: &Form) -> bool {
    const TEMPLATE: [&str; 5] = [
        "dimension",
        "criterion",
        "name",
        "dimension_points",
        "criterion_points",
    ];
    let fields = form.values.iter().flatten();
    let printed = |path: &str| TEMPLATE.contains(&path);
    let mut cells = form
        .def
        .lists
        .iter()
        .zip(&form.lists)
        .flat_map(|(list, rows)| {
            rows.iter().flat_map(move |row| {
                let columns = row.values.iter().zip(&list.columns);
                columns
                    .filter(move |(_, column)| !printed(&column.path))
                    .filter_map(|(value, _)| value.as_ref())
            })
        });
    fields.into_iter().all(|s| s.value.is_blank()) && cells.all(|s| s.value.is_blank())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen() -> Specimen {
        Specimen::default().dictionary(
            "fields_required",
            &[("department", &["unit_name", "funds.total.outturn"])],
        )
    }

    #[test]
    fn a_blank_field_is_named_and_several_are_one_finding() {
        let one = specimen()
            .form(
                "department",
                &[("unit_name", " "), ("funds.total.outturn", "3")],
                &[],
            )
            .run(&RULE);
        assert_eq!(one.messages(), ["“unit_name”没有填"]);
        let two = specimen()
            .form(
                "department",
                &[("unit_name", ""), ("funds.total.outturn", ""), ("x", "1")],
                &[],
            )
            .run(&RULE);
        assert_eq!(two.messages(), ["2 个必填的格空着"]);
        assert_eq!(two.findings[0].places.len(), 2);
    }

    #[test]
    fn zero_and_not_applicable_are_filled_in_and_absent_cells_belong_to_other_layouts() {
        let zero = specimen()
            .form(
                "department",
                &[("unit_name", "甲"), ("funds.total.outturn", "0")],
                &[],
            )
            .run(&RULE);
        assert!(zero.findings.is_empty());
        let dash = specimen()
            .form(
                "department",
                &[("unit_name", "甲"), ("funds.total.outturn", "—")],
                &[],
            )
            .run(&RULE);
        assert!(dash.findings.is_empty());
        let absent = specimen()
            .form("department", &[("unit_name", "甲")], &[])
            .run(&RULE);
        assert_eq!((absent.findings.len(), absent.checked), (0, 1));
    }
}
