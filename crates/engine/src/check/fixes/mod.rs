//! Findings come in; what can be set right without judgement goes out as replacements (修订).
//!
//! Never an amount, a count, a target or an actual value: only what a form's own formula gives from
//! cells of the same form, and plain writing. Which rules, and how, is a property of each rule. Words
//! and headings are set right at all places of a finding or not at all; marks one by one.

mod marks;
mod readings;

pub use readings::drifted;

use jiheng_model::finding::{Finding, Place, PlaceKind, Replacement};
use jiheng_model::narrative::{MarkStyle, Section};
use jiheng_model::origin::At;
use jiheng_model::{Document, Filing, Fix, RuleInfo, Severity, label};

/// The replacements for all findings that nobody has explained, in their order.
pub fn replacements(
    findings: &[Finding],
    filing: &Filing,
    documents: &[Document],
    rules: &[RuleInfo],
) -> Vec<Replacement> {
    let open = findings
        .iter()
        .enumerate()
        .filter(|(_, f)| f.suppressed.is_none());
    open.filter_map(|(index, finding)| {
        let answers = match fix(rules, &finding.code)? {
            Fix::Formula(field) => {
                let (place, part) = formula(finding, field)?;
                let replacement = replacement(finding, index, place, part, true);
                return Some(vec![replacement]);
            }
            Fix::Doubled => doubled(finding)?.into_iter().map(Some).collect(),
            Fix::Heading => headings(finding, filing)?.into_iter().map(Some).collect(),
            Fix::Width => marks::widths(documents, &finding.places),
            Fix::Pair => marks::pairs(documents, &finding.places),
        };
        let settles = answers.iter().all(Option::is_some) && names_all(finding);
        let answers = answers.into_iter().enumerate();
        let answered = answers.filter_map(|(place, part)| {
            let part = part.filter(|(after, _)| *after != finding.places[place].text)?;
            Some(replacement(finding, index, place, part, settles))
        });
        Some(answered.collect())
    })
    .flatten()
    .collect()
}

/// How the findings of the rule with this code are set right, if they can be.
pub fn fix<'r>(rules: &'r [RuleInfo], code: &str) -> Option<&'r Fix> {
    rules.iter().find(|r| r.code == code)?.fix.as_ref()
}

/// The finding has a place for each of those it counts.
fn names_all(finding: &Finding) -> bool {
    let count = finding.args.iter().find(|a| a.0 == "count");
    count.is_none_or(|(_, count)| *count == finding.places.len().to_string())
}

fn replacement(
    finding: &Finding,
    index: usize,
    place: usize,
    (after, derivation): Part,
    settles: bool,
) -> Replacement {
    Replacement {
        finding: index,
        place,
        before: finding.places[place].text.clone(),
        after,
        derivation,
        settles,
    }
}

/// What is to stand at a place and why.
type Part = (String, String);

fn formula(finding: &Finding, field: &str) -> Option<(usize, Part)> {
    let form = finding.places.first()?.form_index?;
    let same_form = |p: &Place| p.kind == PlaceKind::Cell && p.form_index == Some(form);
    // Which place is marked first is a matter of suspicion; the result of the formula is known by its field.
    let index = finding.places.iter().position(|p| {
        let own = p.field.as_deref().and_then(|f| f.strip_suffix(field));
        own.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })?;
    let stated = finding.places[index].text.as_str();
    let proven = finding.severity == Severity::Error && finding.stated.as_deref() == Some(stated);
    let computed = shaped(finding.computed.as_deref()?.trim(), stated);
    let alike = is_number(stated)
        && is_number(computed.as_str())
        && stated.ends_with('%') == computed.ends_with('%');
    if !finding.places.iter().all(same_form) || !proven || !alike || stated == computed {
        return None;
    }
    let steps = finding.derivation.clone()?;
    let steps = match steps.contains('=') {
        true => steps,
        false => format!("{steps} = {computed}"),
    };
    Some((index, (computed, steps)))
}

/// "95%", "9.5": digits, at most one point, at most one percent sign.
fn is_number(text: &str) -> bool {
    let digits = text.strip_suffix('%').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
}

/// A computed number without the zeros behind the point that the printed one has not ("90.00%" beside "95%" is "90%").
fn shaped(computed: &str, stated: &str) -> String {
    let places = |text: &str| {
        let digits = text.trim_end_matches('%');
        digits.split_once('.').map_or(0, |(_, after)| after.len())
    };
    let (mut number, sign) = match computed.strip_suffix('%') {
        Some(number) => (number, "%"),
        None => (computed, ""),
    };
    while places(number) > places(stated) && number.ends_with('0') {
        number = number.strip_suffix('0').unwrap_or(number);
    }
    let number = number.strip_suffix('.').unwrap_or(number);
    format!("{number}{sign}")
}

fn doubled(finding: &Finding) -> Option<Vec<Part>> {
    finding
        .places
        .iter()
        .map(|place| {
            let chars: Vec<char> = place.text.chars().collect();
            let (left, right) = chars.split_at_checked(chars.len() / 2)?;
            let once: String = left.iter().collect();
            (left == right && !left.is_empty())
                .then(|| (once.clone(), format!("“{once}”写了两遍，删去一遍")))
        })
        .collect()
}

fn headings(finding: &Finding, filing: &Filing) -> Option<Vec<Part>> {
    let sections = &filing.narrative.sections;
    finding
        .places
        .iter()
        .map(|place| {
            let At::Text { paragraph, .. } = place.origin.at else {
                return None;
            };
            let at = sections.iter().position(|s| s.paragraph == paragraph)?;
            let section = &sections[at];
            if label::trim(&section.mark) != place.text {
                return None;
            }
            let before = sections[..at].iter().rev();
            let before = before
                .take_while(|s| s.level >= section.level)
                .find(|s| s.level == section.level)?;
            let mark = follow(before, section)?;
            let derivation = format!("“{}”之后是“{mark}”", label::trim(&before.mark));
            Some((mark, derivation))
        })
        .collect()
}

/// The mark of the heading before, one further; only where the number is right and the style alone is not.
fn follow(before: &Section, section: &Section) -> Option<String> {
    let (last, own) = (before.ordinal?, section.ordinal?);
    if own != last.checked_add(1)? || before.style == section.style {
        return None;
    }
    let mark = label::trim(&before.mark);
    let (old, new) = match before.style {
        MarkStyle::Chinese | MarkStyle::ChineseBracketed => (chinese(last)?, chinese(own)?),
        MarkStyle::Arabic | MarkStyle::ArabicBracketed => (last.to_string(), own.to_string()),
        MarkStyle::Circled => (circled(last)?, circled(own)?),
        MarkStyle::None => return None,
    };
    (mark.matches(old.as_str()).count() == 1).then(|| mark.replacen(&old, &new, 1))
}

/// 1 to 99 as headings are numbered.
fn chinese(n: u32) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = ((n / 10) as usize, (n % 10) as usize);
    let digit = |i: usize| DIGITS.get(i).copied();
    Some(match tens {
        0 if ones == 0 => return None,
        0 => digit(ones)?.to_string(),
        1 => format!("十{}", digit(ones)?),
        _ => format!("{}十{}", digit(tens)?, digit(ones)?),
    })
}

fn circled(n: u32) -> Option<String> {
    let c = (1..=20)
        .contains(&n)
        .then(|| char::from_u32(0x2460 + n - 1))?;
    c.map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(mark: &str, ordinal: u32, style: MarkStyle) -> Section {
        Section {
            mark: mark.into(),
            ordinal: Some(ordinal),
            style,
            title: "甲".into(),
            level: 1,
            paragraph: ordinal,
            key: None,
            last: ordinal,
        }
    }

    #[test]
    fn a_number_in_another_style_is_written_as_the_one_before() {
        let two = section("二、", 2, MarkStyle::Chinese);
        let three = section("3、", 3, MarkStyle::Arabic);
        assert_eq!(follow(&two, &three).as_deref(), Some("三、"));
        let ten = section("（十）", 10, MarkStyle::ChineseBracketed);
        let eleven = section("(11)", 11, MarkStyle::ArabicBracketed);
        assert_eq!(follow(&ten, &eleven).as_deref(), Some("（十一）"));
    }

    #[test]
    fn a_computed_number_takes_the_shape_of_the_printed_one() {
        assert_eq!(shaped("90.00%", "95%"), "90%");
        assert_eq!(shaped("93.85%", "100%"), "93.85%");
        assert_eq!(shaped("98.50", "98.00"), "98.50");
        assert!(is_number("9.5") && !is_number("约9") && !is_number("9."));
    }

    #[test]
    fn gaps_need_judgement() {
        let two = section("二、", 2, MarkStyle::Chinese);
        let four = section("四、", 4, MarkStyle::Chinese);
        assert_eq!(follow(&two, &four), None);
        assert_eq!(follow(&two, &section("4、", 4, MarkStyle::Arabic)), None);
    }
}
