//! F301 `footer-blank`: the feet of the forms come in; signatures, dates and telephones that are printed as labels and left blank go out, one finding a field.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::form::Form;
use jiheng_model::{Severity, Stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "F301",
    slug: "footer-blank",
    title: "表末签字、日期或电话没有填",
    severity: Severity::Error,
    covers: &["D61"],
    basis: &["footer-of-forms", "art21-truth"],
    what: "每张自评表末行的填表人、填报日期、联系电话、单位负责人签字都应填写。",
    why: "自评结果由单位对真实性和准确性负责；没有签字和日期，看不出由谁、在何时确认。",
    advice: "补签或补填后再报送；同一人填多张表的，每张都要填",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let always = case.rulebook.words("footer_printed");
    // The foot is an error where the place's own forms print it; elsewhere nobody knows that they do.
    let severity = match case.rulebook.basis("footer-of-forms") {
        Some(_) => Severity::Error,
        None => Severity::Warning,
    };
    for path in case.rulebook.words("footer_fields") {
        // A label that no form here and none of the place's own forms prints is not missing.
        let printed = always.contains(path)
            || case
                .filing
                .forms
                .iter()
                .any(|form| form.get(path).is_some());
        let mut blank: Vec<Place> = Vec::new();
        for (index, form) in case.filing.forms.iter().enumerate() {
            if !has_footer(case, form) {
                continue;
            }
            if !printed {
                continue;
            }
            report.checked();
            let filled = form.get(path).is_some_and(|s| is_filled(path, s));
            if !filled {
                let mut place = case.place(index, path);
                place.label = format!("{} · {}", case.form_name(index), form.def.label(path));
                blank.push(place);
            }
        }
        let label = case
            .filing
            .forms
            .iter()
            .find(|f| f.def.slot(path).is_some())
            .map_or(path.as_str(), |f| f.def.label(path))
            .to_string();
        let count = blank.len();
        let mut places = blank.into_iter();
        if let Some(first) = places.next() {
            let message = format!("{count} 张表没有填“{label}”");
            let draft = report.find_as(severity, message, first);
            draft.arg("field", &label).arg("count", count);
            draft.finding.stated = None;
            for place in places {
                draft.against(place);
            }
        }
    }
}

/// The form prints at least one of the labels of the foot, and its definition knows them.
pub(super) fn has_footer(case: &Case<'_>, form: &Form) -> bool {
    case.rulebook
        .words("footer_fields")
        .iter()
        .any(|path| form.get(path).is_some())
}

/// Something stands there that is not only lines, blanks or the words of an unfilled date.
fn is_filled(path: &str, stated: &Stated) -> bool {
    if !stated.value.is_present() {
        return false;
    }
    if path == "filled_on" {
        return stated
            .text
            .chars()
            .any(|c| c.is_ascii_digit() || is_chinese_digit(c));
    }
    stated.text.chars().any(char::is_alphanumeric)
}

fn is_chinese_digit(c: char) -> bool {
    matches!(
        c,
        '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '０'..='９'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    const FIELDS: &[&str] = &["filler", "filled_on", "phone", "signatory"];

    fn foot<'a>(date: &'a str, phone: &'a str, signatory: &'a str) -> [(&'a str, &'a str); 4] {
        [
            ("filler", "甲"),
            ("filled_on", date),
            ("phone", phone),
            ("signatory", signatory),
        ]
    }

    #[test]
    fn three_blank_signatures_are_one_finding_with_three_places() {
        let said = Specimen::default()
            .words("footer_fields", FIELDS)
            .form("baseline", &foot("2024.5.8", "局办公室", ""), &[])
            .form("project", &foot("2024.5.8", "局办公室", " ____ "), &[])
            .form("project", &foot("2024.5.8", "局办公室", ""), &[])
            .run(&RULE);
        assert_eq!(said.messages(), ["3 张表没有填“signatory”"]);
        assert_eq!(said.findings[0].places.len(), 3);
    }

    #[test]
    fn a_date_without_digits_is_blank() {
        let said = Specimen::default()
            .words("footer_fields", FIELDS)
            .form("baseline", &foot("年  月  日", "1", "乙"), &[])
            .run(&RULE);
        assert_eq!(said.messages(), ["1 张表没有填“filled_on”"]);
        let chinese = Specimen::default()
            .words("footer_fields", FIELDS)
            .form("baseline", &foot("二〇二四年五月", "1", "乙"), &[])
            .run(&RULE);
        assert!(chinese.findings.is_empty());
    }

    #[test]
    fn a_form_without_any_label_at_its_foot_is_not_for_this_rule() {
        let said = Specimen::default()
            .words("footer_fields", FIELDS)
            .form("department", &[("unit_name", "甲局")], &[])
            .run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 0);
    }

    #[test]
    fn a_label_that_only_this_form_lacks_is_missing_too() {
        let said = Specimen::default()
            .words("footer_fields", FIELDS)
            .form("baseline", &foot("2024.5.8", "1", "乙"), &[])
            .form(
                "project",
                &[("filler", "甲"), ("filled_on", "2024.5.8"), ("phone", "1")],
                &[],
            )
            .run(&RULE);
        assert_eq!(said.messages(), ["1 张表没有填“signatory”"]);
    }
}
