//! P101 `name-with-telephone`: all texts of a package that will be published come in; telephone numbers of persons go out as one finding.

use crate::check::passages::{Passage, passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::finding::Place;

/// The rule.
pub static RULE: Rule = Rule {
    code: "P101",
    slug: "name-with-telephone",
    title: "拟公开的材料里有姓名和电话",
    severity: Severity::Warning,
    covers: &["D65"],
    basis: &["personal-data-in-published-files", "art28-publish"],
    what: "自评报告和自评表要向社会公开，其中不应留有个人的姓名与电话号码、手机号或身份证号。",
    why: "绩效自评结果依法公开，公开的文件里个人信息应先除去。",
    advice: "公开前把联系电话改为科室名称（如“局办公室”），删去手机号、身份证号；报送件与公开件可分开存",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let words = case.rulebook.words("telephone_words");
    let mut places: Vec<Place> = Vec::new();
    for passage in passages(case) {
        report.checked();
        if !passage.long_number {
            continue;
        }
        for (bytes, kind) in numbers(passage.text, words) {
            places.push(place(case, passage, bytes, kind));
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let draft = report.find(format!("{count} 处留有个人的电话或证件号"), first);
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

fn place(case: &Case<'_>, passage: &Passage<'_>, bytes: (usize, usize), kind: Kind) -> Place {
    let label = match kind {
        Kind::Identity => "身份证号",
        Kind::Mobile | Kind::Landline => "联系电话",
    };
    let mut place = passage.place(case, bytes, label);
    if place.form_index.is_none() && !passage.in_report {
        // The foot of a form stands outside its table: say which form it closes.
        let foot = case.filing.forms.iter().position(|f| {
            f.get("phone").is_some_and(|s| {
                s.origin.file == passage.origin.file && contains(s.origin, place.origin)
            })
        });
        if let Some(index) = foot {
            place.form = case.filing.forms[index].kind().into();
            place.form_index = Some(index);
            place.field = Some("phone".into());
        }
    }
    place
}

fn contains(outer: jiheng_model::Origin, inner: jiheng_model::Origin) -> bool {
    use jiheng_model::origin::At::Text;
    match (outer.at, inner.at) {
        (
            Text {
                paragraph: a,
                chars: (from, to),
            },
            Text {
                paragraph: b,
                chars: (start, end),
            },
        ) => a == b && from <= start && end <= to,
        _ => false,
    }
}

/// What a run of digits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Mobile,
    Landline,
    Identity,
}

/// Runs of digits in a text that are telephone or identity numbers; `words` are those that announce a telephone.
fn numbers(text: &str, words: &[String]) -> Vec<((usize, usize), Kind)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(start) = text[rest..]
        .find(|c: char| c.is_ascii_digit())
        .map(|i| i + rest)
    {
        let run = &text[start..];
        let len = run
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '—' | '－')))
            .unwrap_or(run.len());
        let mut end = start + len;
        while end > start && !text[..end].ends_with(|c: char| c.is_ascii_digit()) {
            end -= text[..end].chars().next_back().map_or(1, char::len_utf8);
        }
        rest = start + len;
        let after = text[end..].chars().next();
        let before = text[..start].chars().next_back();
        // A number with a decimal point, in a word of letters, or with thousands separators is none.
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ','))
            || after.is_some_and(|c| {
                matches!(c, '.' | ',') && text[end + 1..].starts_with(|d: char| d.is_ascii_digit())
            })
        {
            continue;
        }
        let announced = announced(&text[..start], words);
        if let Some(kind) = kind(&text[start..end], after, announced) {
            let end = if kind == Kind::Identity && matches!(after, Some('X' | 'x')) {
                end + 1
            } else {
                end
            };
            found.push(((start, end), kind));
        }
    }
    found
}

fn kind(printed: &str, after: Option<char>, announced: bool) -> Option<Kind> {
    let digits: String = printed.chars().filter(char::is_ascii_digit).collect();
    let grouped = digits.len() < printed.chars().count();
    let ends_in_x = matches!(after, Some('X' | 'x'));
    if after.is_some_and(|c| c.is_ascii_alphabetic()) && !ends_in_x {
        return None;
    }
    let born = digits.get(6..8).is_some_and(|c| c == "19" || c == "20");
    let month = digits.get(10..12).and_then(|m| m.parse::<u8>().ok());
    if !grouped
        && born
        && month.is_some_and(|m| (1..=12).contains(&m))
        && (digits.len() == 18 || (digits.len() == 17 && ends_in_x))
    {
        return Some(Kind::Identity);
    }
    let mobile = digits.len() == 11
        && digits.starts_with('1')
        && digits[1..].starts_with(|c: char| ('3'..='9').contains(&c));
    if mobile && !ends_in_x {
        return Some(Kind::Mobile);
    }
    let landline = match digits.len() {
        7 | 8 => !digits.starts_with('0') && !grouped,
        10..=12 => digits.starts_with('0'),
        _ => false,
    };
    (landline && announced).then_some(Kind::Landline)
}

/// The words just before a number say that it is a telephone number.
fn announced(before: &str, words: &[String]) -> bool {
    let near = before.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '（' | '(' | '为' | '是')
    });
    words.iter().any(|w| near.ends_with(w.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn found(text: &str) -> Vec<(String, Kind)> {
        let words = ["联系电话".to_string(), "电话".to_string()];
        numbers(text, &words)
            .into_iter()
            .map(|((from, to), kind)| (text[from..to].to_string(), kind))
            .collect()
    }

    #[test]
    fn telephone_numbers_are_told_from_other_numbers() {
        assert_eq!(
            found("填表人：甲  填报日期：2024.5.8  联系电话：07308000000 签字："),
            [("07308000000".into(), Kind::Landline)]
        );
        assert_eq!(
            found("联系人乙，13900001234。"),
            [("13900001234".into(), Kind::Mobile)]
        );
        assert_eq!(
            found("电话: 0730-8000000"),
            [("0730-8000000".into(), Kind::Landline)]
        );
        assert!(found("支出13900001234.50元，编号0730800000").is_empty());
        assert!(found("联系电话：局办公室  服务热线12345").is_empty());
        assert!(found("51000021R000000019951项目，2,279.05万元").is_empty());
        assert!(found("共13900001234A件").is_empty());
    }

    #[test]
    fn identity_numbers_are_found_by_their_date_of_birth() {
        assert_eq!(found("证号430600198001010012，")[0].1, Kind::Identity);
        assert_eq!(found("43060019800101001X")[0].0, "43060019800101001X");
        assert!(found("编码430600178001010012").is_empty());
    }

    #[test]
    fn all_numbers_are_one_finding() {
        let said = Specimen::default()
            .words("telephone_words", &["联系电话"])
            .prose(&["联系电话：07308000000", "正文", "联系人乙 13900001234"])
            .run(&RULE);
        assert_eq!(said.messages(), ["2 处留有个人的电话或证件号"]);
        assert_eq!(said.findings[0].places[1].text, "13900001234");
    }

    #[test]
    fn an_office_in_place_of_a_number_is_fine() {
        let said = Specimen::default()
            .words("telephone_words", &["联系电话"])
            .prose(&["填表人：甲  联系电话：局办公室"])
            .run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 1);
    }
}
