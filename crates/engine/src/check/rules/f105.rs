//! F105 `form-empty`: the forms come in; one without a single value, where nothing says that there is none, goes out.

use super::f103::is_empty;
use crate::check::passages::passages;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "F105",
    slug: "form-empty",
    title: "整张表没有填",
    severity: Severity::Warning,
    covers: &["D38"],
    basis: &["empty-tables"],
    what: "表中一个数也没有，又没有“本表无数据”之类的说明。",
    why: "空表看不出是没有发生，还是忘了填。",
    advice: "填报；确实没有的，在表下写明“本单位没有此项，本表无数据”",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let kinds = case.rulebook.words("forms_to_fill");
    let statements = case.rulebook.words("empty_form_statements");
    for (index, form) in case.filing.forms.iter().enumerate() {
        if !kinds.iter().any(|k| k == form.kind()) {
            continue;
        }
        report.checked();
        if is_empty(form) && !stated(case, statements) {
            let place = case.absent(index, case.form_name(index));
            report.find(format!("{}没有填", form.def.title), place);
        }
    }
}

fn stated(case: &Case<'_>, statements: &[String]) -> bool {
    passages(case).iter().any(|p| {
        let text = label::normalise(p.text);
        statements.iter().any(|s| text.contains(s.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(outturn: &str) -> Specimen {
        Specimen::default()
            .words("forms_to_fill", &["project"])
            .words("empty_form_statements", &["本表无数据"])
            .form(
                "project",
                &[("funds.total.outturn", outturn)],
                &[(
                    "indicators",
                    &["criterion", "name", "target"],
                    &[&["数量指标", "指标1", ""]],
                )],
            )
    }

    #[test]
    fn a_form_without_values_is_found_unless_a_statement_explains_it() {
        assert_eq!(specimen("").run(&RULE).messages(), ["project没有填"]);
        let explained = specimen("").prose(&["说明：本表 无数据。"]).run(&RULE);
        assert!(explained.findings.is_empty());
    }

    #[test]
    fn one_value_is_enough() {
        let said = specimen("0").run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 1);
    }
}
