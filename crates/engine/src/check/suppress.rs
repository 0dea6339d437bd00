//! `jiheng.toml`, a result and the day come in; findings that someone explained in writing go out marked with the reason, and what is wrong with the explanations (K301–K303) beside them.

use super::Checked;
use jiheng_model::document::{Block, Paragraph};
use jiheng_model::finding::{Finding, PlaceKind, Suppression};
use jiheng_model::{Document, Filing, Format, Origin, Place, RuleInfo, Severity, Status};
use toml::de::{DeTable, DeValue};

/// A day: year, month, day.
pub type Day = (i16, u8, u8);

/// Code, slug, severity, title, 查什么, 为什么, 怎么办.
type Page = [&'static str; 6];

const PAGES: [(Page, Severity); 3] = [
    (
        [
            "K301",
            "suppression-expired",
            "不再提示的说明已到期",
            "jiheng.toml 里的说明有没有过到期日。",
            "到期的说明不再起作用，发现照常列出。",
            "情况没有变的，核实后重写到期日；已经改好的，删去这一条。",
        ],
        Severity::Warning,
    ),
    (
        [
            "K302",
            "suppression-unused",
            "不再提示的说明没有用上",
            "jiheng.toml 里的说明是否对得上材料里的发现。",
            "对不上的说明可能写错了位置，或问题已经改好。",
            "核对编码和位置，或删去这一条。",
        ],
        Severity::Hint,
    ),
    (
        [
            "K303",
            "suppression-incomplete",
            "不再提示的说明写得不全",
            "jiheng.toml 里每条说明写了编码、位置、理由和到期日。",
            "没有理由、位置或到期日的说明不起作用，发现照常列出。",
            "补写缺少的一项；到期日写作 \"2026-12-31\"。",
        ],
        Severity::Warning,
    ),
];

/// What is known of K301–K303.
pub fn infos() -> Vec<RuleInfo> {
    let info = |([code, slug, title, what, why, advice], severity): &(Page, Severity)| RuleInfo {
        code: (*code).into(),
        slug: (*slug).into(),
        title: (*title).into(),
        severity: *severity,
        status: Status::Stable,
        since: "0.1.0".into(),
        covers: Default::default(),
        basis: Vec::new(),
        what: (*what).into(),
        why: (*why).into(),
        advice: (*advice).into(),
        fix: None,
        rulebook: "built-in".into(),
    };
    PAGES.iter().map(info).collect()
}

struct Entry {
    code: String,
    place: [Option<String>; 3],
    text: Option<String>,
    reason: String,
    until: Day,
    line: u32,
}

/// Marks what is explained; `text` is the file `name`. Its lines become a document of the package.
///
/// # Errors
/// A Chinese sentence when the file is no TOML.
pub fn apply(
    name: &str,
    text: &str,
    today: Day,
    documents: &mut Vec<Document>,
    filing: &Filing,
    checked: &mut Checked,
) -> Result<(), String> {
    let root = DeTable::parse(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start);
        format!("{name} 第{}行读不成：{}", line(text, at), e.message())
    })?;
    let file = u16::try_from(documents.len()).map_err(|_| "材料的文件太多".to_string())?;
    let mut said: Vec<(usize, String, u32)> = Vec::new();
    let mut entries = Vec::new();
    for (key, value) in root.get_ref().iter() {
        match value.get_ref() {
            DeValue::Array(items) if key.get_ref() == "suppress" => {
                for item in items.iter() {
                    let at = line(text, item.span().start);
                    match entry(item.get_ref(), at) {
                        Ok(entry) => entries.push(entry),
                        Err(why) => said.push((2, why, at)),
                    }
                }
            }
            _ => {
                let why = format!("不认识的键 {}，可用的是 [[suppress]]", key.get_ref());
                said.push((2, why, line(text, key.span().start)));
            }
        }
    }
    for entry in &entries {
        let (y, m, d) = entry.until;
        let until = format!("{y:04}-{m:02}-{d:02}");
        let mut used = false;
        for finding in &mut checked.findings {
            if !entry.meets(finding, filing) {
                continue;
            }
            used = true;
            if entry.until >= today && finding.suppressed.is_none() {
                finding.suppressed = Some(Suppression {
                    reason: entry.reason.clone(),
                    until: until.clone(),
                    from: format!("{name} 第{}行", entry.line),
                });
            }
        }
        if entry.until < today {
            said.push((0, format!("{} 的说明 {until} 到期", entry.code), entry.line));
        } else if !used {
            said.push((1, format!("{} 的说明没有对上发现", entry.code), entry.line));
        }
    }
    // What follows from an explained finding is explained with it.
    for index in 0..checked.findings.len() {
        let mut at = index;
        for _ in 0..checked.findings.len() {
            match checked.findings[at].caused_by {
                Some(cause) if cause < checked.findings.len() => at = cause,
                _ => break,
            }
        }
        if checked.findings[index].suppressed.is_none() {
            checked.findings[index].suppressed = checked.findings[at].suppressed.clone();
        }
    }
    let infos = infos();
    for (which, message, line) in said {
        let info = &infos[which];
        checked.findings.push(Finding {
            code: info.code.clone(),
            slug: info.slug.clone(),
            severity: info.severity,
            message,
            why: info.why.clone(),
            basis: "".into(),
            advice: info.advice.clone(),
            covers: Default::default(),
            args: Default::default(),
            stated: None,
            computed: None,
            derivation: None,
            caused_by: None,
            places: vec![Place {
                kind: PlaceKind::Text,
                form: "package".into(),
                form_index: None,
                field: None,
                label: format!("{name} 第{line}行"),
                origin: Origin::text(file, line, 0, 0),
                text: text.lines().nth(line as usize - 1).unwrap_or("").into(),
            }],
            suppressed: None,
        });
    }
    documents.push(document(name, text));
    Ok(())
}

/// The file as a document: a paragraph for each line.
fn document(name: &str, text: &str) -> Document {
    let mut document = Document::empty(name, Format::Text);
    document.text = text.into();
    let mut start = 0;
    for (number, whole) in text.split_inclusive('\n').enumerate() {
        let end = start + whole.trim_end().len() as u32;
        document.paragraphs.push(Paragraph {
            text: start..end,
            numbering: 0,
            level: None,
            bytes: 0..0,
        });
        document.blocks.push(Block::Paragraph(number as u32 + 1));
        start += whole.len() as u32;
    }
    document
}

impl Entry {
    /// The code, and one place at which everything written about the place holds.
    fn meets(&self, finding: &Finding, filing: &Filing) -> bool {
        let [form, field, label] = &self.place;
        let of_form = |place: &Place, wanted: &String| {
            let def = place
                .form_index
                .and_then(|i| filing.forms.get(i))
                .map(|f| &f.def);
            place.form == *wanted
                || def.is_some_and(|d| d.title == *wanted || d.annex.as_ref() == Some(wanted))
        };
        finding.code == self.code
            && finding.places.iter().any(|place| {
                form.as_ref().is_none_or(|w| of_form(place, w))
                    && field
                        .as_ref()
                        .is_none_or(|w| place.field.as_ref() == Some(w))
                    && label
                        .as_ref()
                        .is_none_or(|w| place.label.contains(w.as_str()))
                    && (self.text.as_ref()).is_none_or(|w| {
                        place.text.contains(w.as_str()) || finding.message.contains(w.as_str())
                    })
            })
    }
}

fn entry(value: &DeValue<'_>, line: u32) -> Result<Entry, String> {
    const KEYS: [&str; 7] = ["code", "form", "field", "label", "text", "reason", "until"];
    let DeValue::Table(table) = value else {
        return Err("suppress 应写作 [[suppress]]".into());
    };
    if let Some((key, _)) = table
        .iter()
        .find(|(k, _)| !KEYS.contains(&k.get_ref().as_ref()))
    {
        return Err(format!("说明里有不认识的键 {}", key.get_ref()));
    }
    let word = |key: &str| match table.get(key).map(|v| v.get_ref()) {
        Some(DeValue::String(s)) if !s.trim().is_empty() => Some(s.trim().to_string()),
        Some(DeValue::Datetime(d)) => Some(d.to_string()),
        _ => None,
    };
    let need =
        |key: &str, what: &str| word(key).ok_or_else(|| format!("说明没有写{what}（{key}）"));
    let code = need("code", "编码")?;
    let reason = need("reason", "理由")?;
    let until = need("until", "到期日")?;
    let until = day(&until).ok_or_else(|| format!("到期日“{until}”不是日期"))?;
    let place = ["form", "field", "label"].map(word);
    let text = word("text");
    if place.iter().all(Option::is_none) && text.is_none() {
        return Err("说明没有写位置（form、field、label 或 text）".into());
    }
    Ok(Entry {
        code,
        place,
        text,
        reason,
        until,
        line,
    })
}

/// "2026-12-31".
pub fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let year: i16 = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day: u8 = parts.next()?.parse().ok()?;
    let exists = (1..=jiheng_model::value::days_in(year, month)).contains(&day);
    (exists && parts.next().is_none()).then_some((year, month, day))
}

fn line(text: &str, at: usize) -> u32 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().filter(|b| **b == b'\n').count() as u32 + 1
}
