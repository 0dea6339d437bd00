//! Findings and the user's own file come in; a copy of that file with comments (批注) at the places goes out.
//!
//! All text and every part of the file that needs no comment stay byte for byte. No clock: comments bear no date.
//! Comments of an earlier run are taken out first ([`bare`]), so that the second run gives what the first gave.

pub mod docx;
mod draft;
mod earlier;
mod marks;
mod story;
pub mod xlsx;

use crate::place::one_line;
use crate::results::Results;
use crate::sides::SideKind;
use jiheng_model::finding::{Finding, PlaceKind};
use jiheng_model::origin::At;
use jiheng_model::{Format, Severity};
use jiheng_office::ZipError;
use std::fmt;

/// The author of comments and tracked changes.
pub const AUTHOR: &str = "绩衡";
/// Between the parts of a comment's heading.
const BETWEEN: char = '\u{3000}';
/// Characters of a side's value that are shown.
const SHOWN: usize = 60;
/// Sides that are listed; the rest is counted.
const SIDES: usize = 8;

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The place it hangs on; `None` is the beginning of the file.
    pub at: Option<At>,
    /// Its lines; the first one is the heading.
    pub lines: Vec<String>,
}

/// Words that a tracked change puts in place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The words; a whole cell when no characters are named.
    pub at: At,
    /// What stands there.
    pub before: String,
    /// What is to stand there.
    pub after: String,
}

/// Why a file was not written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// The container cannot be read or written again.
    Container(ZipError),
    /// The text of the file is not kept in a way that can be added to.
    Form,
}

impl From<ZipError> for Unwritable {
    fn from(error: ZipError) -> Self {
        Unwritable::Container(error)
    }
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unwritable::Container(_) => f.write_str("文件的压缩结构不能原样改写"),
            Unwritable::Form => f.write_str("文件的正文不是能加批注的写法"),
        }
    }
}

/// Findings that get a comment of their own: those that follow from none and that nobody has explained.
pub fn first_causes<'r>(results: &'r Results<'_>) -> impl Iterator<Item = usize> + 'r {
    (0..results.findings.len()).filter(|i| {
        results.stands_alone(*i)
            && results
                .findings
                .get(*i)
                .is_some_and(|f| f.suppressed.is_none())
    })
}

/// The lines of a finding's comment: what it is, both sides, why, what to do, what follows from it.
pub fn lines(results: &Results<'_>, index: usize) -> Vec<String> {
    let Some(finding) = results.findings.get(index) else {
        return Vec::new();
    };
    let mut lines = vec![format!(
        "{}{BETWEEN}{}{BETWEEN}{}",
        finding.severity.chinese(),
        one_line(&finding.message),
        finding.code
    )];
    lines.extend(sides(results, finding));
    let add = |lines: &mut Vec<String>, head: &str, text: &str| {
        if !one_line(text).is_empty() {
            lines.push(format!("{head}：{}", one_line(text)));
        }
    };
    add(&mut lines, "为什么", &finding.why);
    add(&mut lines, "依据", &finding.basis);
    add(&mut lines, "怎么办", &finding.advice);
    for follower in results.followers(index) {
        if let Some(f) = results
            .findings
            .get(follower)
            .filter(|f| f.suppressed.is_none())
        {
            add(
                &mut lines,
                "随之而来",
                &format!("{}　{}", one_line(&f.message), f.code),
            );
        }
    }
    lines
}

/// Each side on a line, long values shortened.
fn sides(results: &Results<'_>, finding: &Finding) -> Vec<String> {
    let all = results.sides(finding);
    let mut out: Vec<String> = all
        .iter()
        .take(SIDES)
        .map(|side| {
            let value = crate::place::shorten(&side.value, SHOWN);
            match (side.kind, side.position.is_empty()) {
                (SideKind::Stated | SideKind::Absent, _) | (_, true) => {
                    format!("{}：{value}", side.name)
                }
                (_, false) if value.is_empty() => format!("{}：{}", side.name, side.position),
                (_, false) => format!("{}：{} → {value}", side.name, side.position),
            }
        })
        .collect();
    if all.len() > SIDES {
        out.push(format!("……共 {} 处", all.len()));
    }
    out
}

/// The file without comments that an earlier run wrote for findings; nothing when it has none.
///
/// # Errors
/// When it cannot be written again.
pub fn bare(bytes: &[u8], format: Format) -> Result<Option<Vec<u8>>, Unwritable> {
    match format {
        Format::Docx => earlier::bare(bytes),
        Format::Xlsx => xlsx::bare(bytes),
        _ => Ok(None),
    }
}

/// The first line of a comment for a finding: severity, words, code.
fn is_heading(line: &str) -> bool {
    let severities = [Severity::Error, Severity::Warning, Severity::Hint];
    let begins = |s: Severity| {
        let rest = line.strip_prefix(s.chinese());
        rest.is_some_and(|r| r.starts_with(BETWEEN))
    };
    let code = line.rsplit(BETWEEN).next().unwrap_or_default();
    let mut code = code.trim_end().chars();
    severities.into_iter().any(begins)
        && code.next().is_some_and(|c| c.is_ascii_uppercase())
        && code.clone().count() == 3
        && code.all(|c| c.is_ascii_digit())
}

/// The lines of the sheet 检查结果 for one file: its first causes, each followed by what follows from it.
pub fn listing(results: &Results<'_>, file: usize, others: &[usize]) -> Vec<xlsx::Line> {
    let mut out = Vec::new();
    for index in first_causes(results) {
        let Some(finding) = results.findings.get(index) else {
            continue;
        };
        let Some(place) = finding.places.first() else {
            continue;
        };
        let home = place.origin.file as usize;
        if home != file && !others.contains(&home) {
            continue;
        }
        let followers = results.followers(index);
        let open = |i: &usize| results.findings[*i].suppressed.is_none();
        for i in std::iter::once(index).chain(followers.filter(open)) {
            out.push(line(
                results,
                i,
                file,
                (i != index).then_some(&finding.code),
            ));
        }
    }
    out
}

fn line(results: &Results<'_>, index: usize, file: usize, cause: Option<&String>) -> xlsx::Line {
    let finding = &results.findings[index];
    let first = finding.places.first();
    let message = one_line(&finding.message);
    xlsx::Line {
        cells: [
            finding.severity.chinese().to_string(),
            finding.code.clone(),
            cause.map_or(message.clone(), |c| format!("{message}（随 {c} 而来）")),
            first.map_or(String::new(), |p| {
                format!(
                    "{}（{}）",
                    results.place_name(p),
                    results.position(&p.origin)
                )
            }),
            sides(results, finding).join("；"),
            one_line(&finding.why),
            one_line(&finding.advice),
        ],
        at: first
            .filter(|p| p.origin.file as usize == file)
            .map(|p| p.origin.at),
    }
}

/// The remarks for one file: findings whose first place lies in it; with `others`, those of all other files too, at its beginning.
pub fn remarks(results: &Results<'_>, file: usize, others: &[usize]) -> Vec<Remark> {
    first_causes(results)
        .filter_map(|index| {
            let place = results.findings.get(index)?.places.first()?;
            let home = place.origin.file as usize;
            if home != file && !others.contains(&home) {
                return None;
            }
            let mut lines = lines(results, index);
            if home != file {
                let name = results.documents.get(home).map_or("", |d| &d.name);
                lines.push(format!("位置：另一个文件 {}", one_line(name)));
            } else if place.kind == PlaceKind::Absent {
                lines.push("位置：应在此处之后".into());
            }
            Some(Remark {
                at: (home == file).then_some(place.origin.at),
                lines,
            })
        })
        .collect()
}
