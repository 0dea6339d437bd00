//! N302 `annex-numbers-broken`: the printed annex numbers of the forms and the report's annex list come in; wrong, repeated and missing numbers, and a list that does not match the forms, go out.

use crate::check::projects::projects;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::narrative::Annex;
use jiheng_model::{Severity, Stated, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N302",
    slug: "annex-numbers-broken",
    title: "附件编号或附件目录不对",
    severity: Severity::Warning,
    covers: &["D63", "I-28"],
    basis: &["list-of-annexes", "annex-numbering", "annexes-attached"],
    what: "每张表的附件号应与规程一致、不重不缺；报告末的附件目录应列出全部附件，张数与所附相同。",
    why: "附件号重复或跳号，引用“附件3”时不知是哪张；目录与所附不同，会以为缺表。",
    advice: "多张项目表编为附件3-1、附件3-2……；目录按实际所附更正",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let missing = missing_forms(case);
    labels(case, report, missing);
    list(case, report, missing);
}

/// Project forms that F201 says are missing: gaps they leave are not told twice.
fn missing_forms(case: &Case<'_>) -> usize {
    let found = projects(case);
    let lines = found.lines.iter();
    lines
        .filter(|l| l.is_executed() && l.sheet.is_none())
        .count()
}

/// A printed annex number: 附件3-2 is (3, Some(2)).
type Number = (u32, Option<u32>);

fn labels(case: &Case<'_>, report: &mut Report<'_>, missing: usize) {
    let prescribed = case.rulebook.dictionary("annex_numbers");
    let mut printed: Vec<(usize, &Stated, Number)> = Vec::new();
    let mut wrong: Vec<Place> = Vec::new();
    for (index, form) in case.filing.forms.iter().enumerate() {
        let Some((stated, number)) = form
            .annex
            .as_ref()
            .and_then(|a| Some((a, number(&a.text)?)))
        else {
            continue;
        };
        report.checked();
        let expected = prescribed
            .and_then(|p| p.get(form.kind())?.first())
            .and_then(|n| number_of(n));
        if expected.is_some_and(|(annex, _)| annex != number.0) {
            wrong.push(place(case, index, stated));
        } else {
            printed.push((index, stated, number));
        }
    }
    say(report, wrong, |first, n| {
        format!("{n} 张表的附件号与规程不同：“{}”", first.text)
    });
    let mut twice: Vec<Place> = Vec::new();
    for (index, stated, number) in &printed {
        let same = |other: &&(usize, &Stated, Number)| other.2 == *number;
        if printed.iter().filter(same).count() > 1 {
            twice.push(place(case, *index, stated));
        }
    }
    let repeated = !twice.is_empty();
    say(report, twice, |first, n| {
        format!("{n} 张表的附件号都是“{}”", first.text)
    });
    // A gap in 附件3-1, 附件3-2 … that no missing form explains.
    let mut before: Option<u32> = None;
    let mut gaps: Vec<Place> = Vec::new();
    for (index, stated, (_, sub)) in &printed {
        let Some(sub) = sub else { continue };
        let expected = before.map_or(1, |b| b + 1);
        if *sub != expected {
            gaps.push(place(case, *index, stated));
        }
        before = Some(*sub);
    }
    // One form by itself is a leaf taken from a set: its number follows on nothing.
    let alone = printed.iter().filter(|p| p.2.1.is_some()).count() < 2;
    if missing == 0 && !repeated && !alone {
        say(report, gaps, |first, n| {
            format!("附件号不连续，共 {n} 处：“{}”", first.text)
        });
    }
}

fn list(case: &Case<'_>, report: &mut Report<'_>, missing: usize) {
    let annexes = &case.filing.narrative.annexes;
    if !case.filing.narrative.exists() || annexes.is_empty() {
        return;
    }
    report.checked();
    let mut gaps: Vec<Place> = Vec::new();
    let mut before = 0;
    for annex in annexes.iter().filter(|a| a.ordinal.is_some()) {
        let ordinal = annex.ordinal.unwrap_or_default();
        if ordinal != before + 1 {
            gaps.push(item(annex));
        }
        before = ordinal;
    }
    let unlisted: Vec<String> = unlisted(case, annexes);
    // An item taken out leaves a gap in the numbers: the item is what is missing.
    if unlisted.is_empty() {
        say(report, gaps, |first, n| {
            format!("附件目录编号不连续，共 {n} 处：“{}”", first.label)
        });
    }
    if let (Some(first), Some(place)) = (unlisted.first(), annexes.first().map(item)) {
        let message = match unlisted.len() {
            1 => format!("附件目录没有列“{first}”"),
            n => format!("附件目录少列 {n} 种表"),
        };
        let absent = Place {
            kind: PlaceKind::Absent,
            label: unlisted.join("、"),
            text: String::new(),
            ..place
        };
        report
            .find(message, absent)
            .arg("forms", unlisted.join("、"));
    }
    counts(case, report, annexes, missing);
}

/// Titles of forms that are attached, must be listed, and are not.
fn unlisted(case: &Case<'_>, annexes: &[Annex]) -> Vec<String> {
    let titles: Vec<String> = annexes.iter().map(|a| label::normalise(&a.title)).collect();
    let mut found: Vec<String> = Vec::new();
    for kind in case.rulebook.words("annexes_listed") {
        let Some(form) = case.filing.one(kind) else {
            continue;
        };
        let title = label::normalise(&form.def.title);
        if !titles.iter().any(|t| t.contains(&title)) {
            found.push(form.def.title.clone());
        }
    }
    found
}

/// "（共12张）" in an item of the list against the forms attached.
fn counts(case: &Case<'_>, report: &mut Report<'_>, annexes: &[Annex], missing: usize) {
    let attached = case.filing.of("project").count();
    let Some(title) = case
        .filing
        .one("project")
        .map(|f| label::normalise(&f.def.title))
    else {
        return;
    };
    for annex in annexes {
        let text = label::normalise(&annex.title);
        if !text.contains(&title) {
            continue;
        }
        let Some(said) = count_in(&text) else {
            continue;
        };
        report.checked();
        if said != attached && said != attached + missing {
            let message = format!("附件目录写 {said} 张项目表，所附 {attached} 张");
            report
                .find(message, item(annex))
                .arg("listed", said)
                .arg("attached", attached)
                .derivation(format!(
                    "|{said} − {attached}| = {}",
                    said.abs_diff(attached)
                ));
        }
    }
}

/// The number in "共12张".
fn count_in(text: &str) -> Option<usize> {
    let after = &text[text.find('共')? + '共'.len_utf8()..];
    let digits = after.find(|c: char| !c.is_ascii_digit())?;
    after[digits..]
        .starts_with(['张', '份', '个'])
        .then(|| after[..digits].parse().ok())?
}

fn say(report: &mut Report<'_>, places: Vec<Place>, message: impl Fn(&Place, usize) -> String) {
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let message = message(&first, count);
        let draft = report.find(message, first);
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

fn place(case: &Case<'_>, form: usize, stated: &Stated) -> Place {
    Place {
        kind: match stated.origin.table() {
            Some(_) => PlaceKind::Cell,
            None => PlaceKind::Text,
        },
        form: case.filing.forms[form].kind().into(),
        form_index: Some(form),
        field: None,
        label: case.form_name(form),
        origin: stated.origin,
        text: stated.text.clone(),
    }
}

fn item(annex: &Annex) -> Place {
    Place {
        kind: PlaceKind::Text,
        form: "narrative".into(),
        form_index: None,
        field: None,
        label: annex.title.clone(),
        origin: annex.origin,
        text: annex.title.clone(),
    }
}

/// The numbers of "附件3-2", "附件 3（2）", "附件3".
fn number(text: &str) -> Option<Number> {
    number_of(&label::normalise(text))
}

fn number_of(text: &str) -> Option<Number> {
    let rest = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let annex = rest[..end].parse().ok()?;
    let sub = rest[end..].trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = sub.find(|c: char| !c.is_ascii_digit()).unwrap_or(sub.len());
    Some((annex, sub[..end].parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::{Specimen, stated};
    use jiheng_model::Origin;

    fn package(annexes: &[(&str, &str)], listed: &[&str]) -> Specimen {
        let mut specimen = Specimen::default()
            .words("annexes_listed", &["baseline", "project"])
            .dictionary(
                "annex_numbers",
                &[("baseline", &["1"]), ("project", &["3"])],
            )
            .prose(&["报告"]);
        for (number, (kind, annex)) in annexes.iter().enumerate() {
            specimen = specimen.form(kind, &[], &[]);
            let form = specimen.filing.forms.last_mut().unwrap();
            form.annex = Some(stated(annex, Origin::text(0, number as u32 + 1, 0, 3)));
        }
        for (number, title) in listed.iter().enumerate() {
            specimen.filing.narrative.annexes.push(Annex {
                ordinal: Some(number as u32 + 1),
                title: title.to_string(),
                origin: Origin::text(0, 90 + number as u32, 0, 1),
            });
        }
        specimen
    }

    fn said(annexes: &[(&str, &str)], listed: &[&str]) -> Vec<String> {
        let said = package(annexes, listed).run(&RULE);
        said.messages().iter().map(|m| m.to_string()).collect()
    }

    #[test]
    fn repeated_wrong_and_skipped_numbers_are_found() {
        assert_eq!(
            said(
                &[
                    ("baseline", "附件1"),
                    ("project", "附件3"),
                    ("project", "附件 3")
                ],
                &[]
            ),
            ["2 张表的附件号都是“附件3”"]
        );
        assert_eq!(
            said(&[("baseline", "附件2"), ("project", "附件3")], &[]),
            ["1 张表的附件号与规程不同：“附件2”"]
        );
        assert_eq!(
            said(
                &[
                    ("project", "附件3-1"),
                    ("project", "附件3-4"),
                    ("project", "附件3-5")
                ],
                &[]
            ),
            ["附件号不连续，共 1 处：“附件3-4”"]
        );
    }

    #[test]
    fn the_list_names_all_forms_and_their_number() {
        let forms = [
            ("baseline", "附件1"),
            ("project", "附件3-1"),
            ("project", "附件3-2"),
        ];
        assert!(said(&forms, &["baseline", "project（共2张）"]).is_empty());
        assert_eq!(
            said(&forms, &["project（共3张，附件3-1至附件3-3）"]),
            [
                "附件目录没有列“baseline”",
                "附件目录写 3 张项目表，所附 2 张"
            ]
        );
    }

    #[test]
    fn a_gap_that_a_missing_form_explains_is_not_told_twice() {
        let forms = [("project", "附件3-1"), ("project", "附件3-3")];
        let lines: &[&[&str]] = &[&["甲", "1.00"], &["乙", "2.00"], &["丙", "3.00"]];
        let mut specimen = package(&forms, &["project（共3张）"])
            .number("project_names_alike", "0.3")
            .form(
                "baseline",
                &[],
                &[("projects", &["name", "outturn"], lines)],
            );
        specimen.rulebook.parameters.remove("annexes_listed");
        let unexplained = specimen.run(&RULE);
        // No form has a name, so all three lines lack one: 2 attached + 3 missing.
        assert!(unexplained.messages().iter().all(|m| !m.contains("不连续")));
    }
}
