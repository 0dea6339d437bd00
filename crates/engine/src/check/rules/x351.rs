//! X351 `credit-code`, X352 `division-code`, X353 `class-code`: the cells and paragraphs of a package come in; printed codes that cannot be right go out.

use crate::check::passages::{Passage, passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::narrative::terms::comparable;
use crate::rulebook::codes::CreditCode;
use jiheng_model::label::{half_width, is_blank};
use jiheng_model::origin::At;
use jiheng_model::{Place, Severity};

/// 统一社会信用代码 against its check digit.
pub static CREDIT: Rule = Rule {
    code: "X351",
    slug: "credit-code",
    title: "统一社会信用代码校验不符",
    severity: Severity::Error,
    covers: &["D37"],
    basis: &["practice-credit-code"],
    what: "材料里印出的统一社会信用代码是否为 18 位，最后一位校验码是否与前 17 位相符。",
    why: "校验码由前 17 位算出；不符的，一定有一位写错了。",
    advice: "对照登记证书核对代码",
    fix: None,
    run: credit,
};

/// 行政区划代码 against the place of the unit.
pub static DIVISION: Rule = Rule {
    code: "X352",
    slug: "division-code",
    title: "行政区划代码与所在地不符",
    severity: Severity::Warning,
    covers: &["D37"],
    basis: &["practice-divisions"],
    what: "材料里印出的行政区划代码是否存在，是否是单位所在的省、市。",
    why: "代码写错，材料会归到别的地方。",
    advice: "核对行政区划代码和单位名称",
    fix: None,
    run: division,
};

/// 科目编码 against 科目名称.
pub static CLASS: Rule = Rule {
    code: "X353",
    slug: "class-code",
    title: "科目编码与名称不符",
    severity: Severity::Warning,
    covers: &["D36"],
    basis: &[
        "practice-classification-codes",
        "practice-economic-classification",
    ],
    what: "列出科目编码的表，编码旁的名称是否是这个编码在当年的名称。只核规程包列出的编码。",
    why: "编码和名称对不上，不知道数是哪个科目的。",
    advice: "对照当年的政府收支分类科目核对编码和名称",
    fix: None,
    run: class,
};

/// A code that stands behind its label, with its place.
struct Printed {
    code: String,
    place: Place,
}

/// The codes that stand behind a word of a lexicon: in the same text, or in the cell to the right.
fn printed(case: &Case<'_>, lexicon: &str, label: &str) -> Vec<Printed> {
    let (words, mark) = (case.rulebook.words(lexicon), case.rulebook.mark(lexicon));
    let all = passages(case);
    let mut found = Vec::new();
    let named = all.iter().enumerate().filter(|(_, p)| p.marks & mark != 0);
    for (number, passage) in named {
        // The longest of the words that stand there: the others are parts of it.
        let named = words
            .iter()
            .filter_map(|w| Some((passage.text.find(w.as_str())? + w.len(), w.len())));
        let Some((end, _)) = named.max_by_key(|(_, length)| *length) else {
            continue;
        };
        let rest = passage.text.get(end..).unwrap_or_default();
        let own = code_at(rest).map(|(code, from, to)| (code, passage, (end + from, end + to)));
        let beside = || {
            let next = all
                .get(number + 1)
                .filter(|next| is_right_of(passage, next))?;
            let (code, from, to) = code_at(next.text)?;
            Some((code, next, (from, to)))
        };
        if let Some((code, passage, bytes)) = own.or_else(|| rest_is_blank(rest).then(beside)?) {
            let place = passage.place(case, bytes, label);
            found.push(Printed { code, place });
        }
    }
    found
}

fn rest_is_blank(rest: &str) -> bool {
    rest.chars().all(|c| is_blank(c) || is_mark(c))
}

fn is_mark(c: char) -> bool {
    matches!(
        half_width(c),
        ':' | '(' | ')' | '“' | '”' | '"' | '为' | '是'
    )
}

/// Both are cells of one row of one table.
fn is_right_of(left: &Passage<'_>, right: &Passage<'_>) -> bool {
    match (left.origin.at, right.origin.at) {
        (
            At::Cell { table, row, .. },
            At::Cell {
                table: t, row: r, ..
            },
        ) => left.origin.file == right.origin.file && table == t && row == r,
        _ => false,
    }
}

/// The letters and digits at the start of a text, marks before them skipped, in capitals, with their bytes.
fn code_at(text: &str) -> Option<(String, usize, usize)> {
    let start = text
        .char_indices()
        .find(|(_, c)| !is_blank(*c) && !is_mark(*c))
        .map(|(at, _)| at)?;
    let mut code = String::new();
    let mut end = start;
    for (at, c) in text.get(start..)?.char_indices() {
        let half = half_width(c);
        match half {
            // A masked code is shown in part.
            '*' => return None,
            _ if half.is_ascii_alphanumeric() => code.push(half.to_ascii_uppercase()),
            _ => break,
        }
        end = start + at + c.len_utf8();
    }
    // "XXXXXX" stands for a code that is still to come.
    let first = code.chars().next()?;
    let same = code.chars().all(|c| c == first);
    (code.len() >= 6 && !same).then_some((code, start, end))
}

fn credit(case: &Case<'_>, report: &mut Report<'_>) {
    for Printed { code, place } in printed(case, "credit_code_words", "统一社会信用代码") {
        let Some(said) = case.rulebook.credit_code(&code) else {
            report.lacks("规程包没有统一社会信用代码的校验办法");
            continue;
        };
        report.checked();
        match said {
            CreditCode::Sound => {}
            CreditCode::Length { printed, full } => {
                let message = format!("统一社会信用代码 {printed} 位，应为 {full} 位");
                report.find_as(Severity::Warning, message, place);
            }
            CreditCode::Character(c) => {
                let message = format!("统一社会信用代码里有“{c}”，代码不用这个字母");
                report.find_as(Severity::Warning, message, place);
            }
            CreditCode::Digit { printed, computed } => {
                report
                    .find(
                        format!("校验码印作“{printed}”，按前 17 位算出为“{computed}”"),
                        place,
                    )
                    .computed(computed);
            }
        }
    }
}

fn division(case: &Case<'_>, report: &mut Report<'_>) {
    let book = case.rulebook;
    let reported = case.filing.narrative.unit_name.as_ref();
    let named = || case.filing.forms.iter().find_map(|f| f.text("unit_name"));
    let unit = match reported.filter(|s| s.value.is_present()) {
        Some(stated) => &stated.text,
        None => named().unwrap_or_default(),
    };
    for Printed { code, place } in printed(case, "division_code_words", "行政区划代码") {
        if !code.bytes().all(|b| b.is_ascii_digit()) || ![6, 9, 12].contains(&code.len()) {
            continue;
        }
        let part = |length| code.get(..length).unwrap_or_default();
        let (province, city) = (part(2), part(4));
        report.checked();
        if book.divisions().count() == 0 {
            report.lacks("规程包没有行政区划代码");
        } else if book.division(province).is_none() {
            let message = format!("行政区划代码 {code} 的前两位不是省级代码");
            report.find(message, place);
        } else if let Some((other, name)) = seat(case, unit).filter(|(other, _)| {
            // A province's unit may stand under any code of it; a city's only under its own.
            !code.starts_with(other) && (other.len() == 2 || !city.ends_with("00"))
        }) {
            let own = book.division(city).or_else(|| book.division(province));
            let message = format!(
                "行政区划代码 {code} 是{}，单位“{unit}”在{name}（{other}）",
                own.unwrap_or_default()
            );
            report.find(message, place);
        }
    }
}

/// The province or city with whose whole name a unit's name begins.
fn seat<'a>(case: &Case<'a>, unit: &str) -> Option<(&'a str, &'a str)> {
    let begins = case.rulebook.divisions().filter(|(code, name)| {
        code.len() <= 4 && name.chars().count() > 2 && unit.starts_with(name)
    });
    begins.max_by_key(|(code, _)| code.len())
}

fn class(case: &Case<'_>, report: &mut Report<'_>) {
    let mark = case.rulebook.mark("class_code_words");
    let year = case.filing.year.or(case.filing.narrative.year);
    let all = passages(case);
    let table_of = |p: &Passage<'_>| match p.origin.at {
        At::Cell { table, .. } => Some((p.origin.file, table)),
        _ => None,
    };
    let mut listing = None;
    for (number, passage) in all.iter().enumerate() {
        let Some(table) = table_of(passage) else {
            continue;
        };
        if passage.marks & mark != 0 {
            listing = Some(table);
        }
        let next = all
            .get(number + 1)
            .filter(|next| is_right_of(passage, next));
        let (true, Some(next)) = (listing == Some(table), next) else {
            continue;
        };
        let code = comparable(passage.text);
        if ![3, 5, 7].contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let parameter = match code.starts_with('2') {
            true => "functional_classes",
            false => "economic_classes",
        };
        let printed = comparable(next.text);
        let Some(name) = case.rulebook.class_name(parameter, &code, year) else {
            continue;
        };
        if !printed
            .chars()
            .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
        {
            continue;
        }
        report.checked();
        let wanted = comparable(name.text);
        if printed.contains(&wanted) || wanted.contains(&printed) {
            continue;
        }
        let old = case.rulebook.class_named(parameter, next.text);
        let message = match old.filter(|old| old.code == code) {
            Some(_) => format!(
                "科目 {code} 已改名为“{}”，仍写“{}”",
                name.text,
                next.text.trim()
            ),
            None => format!(
                "科目 {code} 的名称是“{}”，写作“{}”",
                name.text,
                next.text.trim()
            ),
        };
        let place = next.place(case, (0, next.text.len()), "科目名称");
        let code_place = passage.place(case, (0, passage.text.len()), "科目编码");
        report.find(message, place).against(code_place);
    }
}
