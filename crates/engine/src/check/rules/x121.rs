//! X121 `years-of-one-heading`: the years printed above a form come in; headings that name two years go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::origin::At;

/// The rule.
pub static RULE: Rule = Rule {
    code: "X121",
    slug: "years-of-one-heading",
    title: "标题和副标题写了两个年度",
    severity: Severity::Warning,
    covers: &["I-21"],
    basis: &["mof-2020-10-art25-true"],
    what: "一张表的标题和标题下面括号里的年度是否相同。",
    why: "一张表只说一个年度；两处不同，看不出自评的是哪一年。",
    advice: "更正标题或副标题里的年度",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.filing.forms.iter().enumerate() {
        let years: Vec<(i16, Place)> = form
            .heads
            .iter()
            .filter(|(key, _)| key == "fiscal_year")
            .filter_map(|(_, head)| {
                let year = crate::recognize::year_in(&head.text)?;
                let place = Place {
                    kind: match head.origin.at {
                        At::Cell { .. } => PlaceKind::Cell,
                        At::Text { .. } => PlaceKind::Text,
                    },
                    form: form.kind().into(),
                    form_index: Some(index),
                    field: None,
                    label: head.text.clone(),
                    origin: head.origin,
                    text: head.text.clone(),
                };
                Some((year, place))
            })
            .collect();
        let Some(((first, place), rest)) = years.split_first() else {
            continue;
        };
        report.checked();
        for (year, other) in rest.iter().filter(|(year, _)| year != first) {
            report
                .find(
                    format!("标题两处年度不同：{first} 年度、{year} 年度"),
                    place.clone(),
                )
                .against(other.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::{Specimen, stated};
    use jiheng_model::Origin;

    #[test]
    fn two_years_above_one_form_are_found() {
        let said = |texts: &[&str]| {
            let mut specimen = Specimen::default().form("project", &[], &[]);
            let heads = texts.iter().enumerate().map(|(at, text)| {
                let origin = Origin::text(0, at as u32 + 1, 0, 0);
                ("fiscal_year".to_string(), stated(text, origin))
            });
            specimen.filing.forms[0].heads = heads.collect();
            specimen.run(&RULE)
        };
        let two = said(&["2023年度自评表", "（2022年度）"]);
        assert_eq!(two.messages(), ["标题两处年度不同：2023 年度、2022 年度"]);
        assert!(
            said(&["2023年度自评表", "（2023年度）"])
                .findings
                .is_empty()
        );
        assert_eq!(said(&[]).checked, 0);
    }
}
