//! N105 `unit-name-variant`: the unit's full name and the report's lines come in; short names that were not introduced go out as one hint.

use crate::check::passages::{Passage, report_passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N105",
    slug: "unit-name-variant",
    title: "单位简称前后不同",
    severity: Severity::Hint,
    covers: &["D37"],
    basis: &["unit-name-variants"],
    what: "单位名称第一次用全称并写明“以下简称”，之后只用这个简称。",
    why: "同一单位几种叫法，读者分不清是不是同一个单位。",
    advice: "统一为写明的简称，或在第一次出现时补写“以下简称”",
    fix: None,
    run,
};

/// A short name has at least this many characters; "我局" and "该局" are not names.
const SHORTEST: usize = 3;

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(full) = full_name(case) else { return };
    let lines = report_passages(case);
    let introduced = introduced(case, lines);
    let letters: Vec<char> = full.chars().collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut places = Vec::new();
    for line in lines {
        report.checked();
        for (from, to) in variants(line.text, &letters) {
            let name = &line.text[from..to];
            let known = introduced.iter().any(|i| i.contains(name));
            if !known && !seen.contains(&name) {
                seen.push(name);
                places.push(line.place(case, (from, to), "单位简称"));
            }
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let draft = report.find(
            format!("{count} 种单位简称没有说明：“{}”", first.text),
            first,
        );
        draft
            .arg("count", count)
            .arg("full", &full)
            .arg("introduced", introduced.join("、"));
        for place in places {
            draft.against(place);
        }
    }
}

/// The unit's name on the cover, else on a form, without "本级".
fn full_name(case: &Case<'_>) -> Option<String> {
    let cover = case.filing.narrative.unit_name.as_ref();
    let form = case
        .filing
        .one("department")
        .and_then(|f| f.get("unit_name"));
    let name = cover.or(form).filter(|s| s.value.is_present())?;
    let name = label::normalise(&name.text);
    let name = name.strip_suffix("本级").unwrap_or(&name);
    (name.chars().count() > SHORTEST).then(|| name.to_string())
}

/// Names in quotation marks after "以下简称".
fn introduced(case: &Case<'_>, lines: &[Passage<'_>]) -> Vec<String> {
    let words = case.rulebook.words("short_name_words");
    let mark = case.rulebook.mark("short_name_words");
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.marks & mark != 0) {
        for word in words {
            for (at, w) in line.text.match_indices(word.as_str()) {
                let after = &line.text[at + w.len()..];
                let after = after.trim_start_matches(['“', '"', '「', '：', ':', '为', ' ']);
                let end = after.find(['”', '"', '」', '）', ')', '，', '。']);
                found.extend(end.map(|end| after[..end].to_string()));
            }
        }
    }
    found
}

/// Byte ranges of words that leave out characters from the middle of the full name: "市资规局" of "岳阳市自然资源和规划局".
fn variants(text: &str, full: &[char]) -> Vec<(usize, usize)> {
    let Some((last, _)) = full.split_last() else {
        return Vec::new();
    };
    // Most lines do not even have the last character.
    if !text.contains(*last) {
        return Vec::new();
    }
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    for (end, (byte, c)) in chars.iter().enumerate() {
        if c != last {
            continue;
        }
        let mut at = full.len() - 1;
        let mut start = end;
        let mut skipped = false;
        while let Some(before) = start.checked_sub(1) {
            let Some(next) = full[..at].iter().rposition(|f| *f == chars[before].1) else {
                break;
            };
            skipped |= next + 1 != at;
            at = next;
            start = before;
        }
        if skipped && end + 1 - start >= SHORTEST && !is_part(&chars[start..=end], full) {
            found.push((chars[start].0, byte + c.len_utf8()));
        }
    }
    found
}

fn is_part(word: &[(usize, char)], full: &[char]) -> bool {
    full.windows(word.len())
        .any(|w| w.iter().zip(word).all(|(a, (_, b))| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::{Said, Specimen};

    fn said(lines: &[&str]) -> Said {
        Specimen::default()
            .words("short_name_words", &["以下简称"])
            .form(
                "department",
                &[("unit_name", "甲阳市自然资源和规划局本级")],
                &[],
            )
            .prose(lines)
            .run(&RULE)
    }

    #[test]
    fn a_short_name_that_nobody_introduced_is_found_once() {
        let said = said(&[
            "甲阳市自然资源和规划局（以下简称“市自然资源和规划局”）成立。",
            "市资规局制定方案，资规局机关执行，市资规局总结。",
        ]);
        assert_eq!(said.messages(), ["2 种单位简称没有说明：“市资规局”"]);
        assert_eq!(said.findings[0].places[1].text, "资规局");
    }

    #[test]
    fn introduced_names_parts_of_the_full_name_and_other_units_are_fine() {
        let said = said(&[
            "甲阳市自然资源和规划局（以下简称“市资规局”）。资规局落实。",
            "自然资源和规划局会同市财政局、我局机关办理。",
        ]);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 2);
    }
}
