//! A sound package and a kind of defect come in; whether the checker found it, where, and what else it said, go out.

use crate::draft::{Draft, Subject, checked};
use crate::kinds::Kind;
use jiheng_model::finding::PlaceKind;
use jiheng_model::origin::At;
use jiheng_model::{Finding, Origin, Severity};

/// What became of one defect in one package.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// A first cause of an expected rule stands at the place, with the expected severity.
    pub found: bool,
    /// Its first place is the place of the change.
    pub marked: bool,
    /// The rule that found it.
    pub code: Option<String>,
    /// Every rule that says something new, followed causes included.
    pub fired: Vec<String>,
    /// Other new first causes of severity error or warning.
    pub extra: Vec<String>,
    /// New first causes, for people, when it was not found.
    pub said: Vec<String>,
    /// What was changed, for people.
    pub edits: Vec<String>,
}

/// Injects a kind into a package; `None` when the package has nothing of this kind to break.
pub fn attempt(subject: &Subject, kind: &Kind, seed: u64) -> Option<Verdict> {
    let mut draft = Draft::of(subject, seed);
    (kind.inject)(&mut draft, kind.about)?;
    let (_, findings) = checked(&draft.documents, &subject.rulebook);
    let new: Vec<&Finding> = findings
        .iter()
        .filter(|f| !subject.findings.iter().any(|old| same(old, f)))
        .collect();
    let first: Vec<&&Finding> = new.iter().filter(|f| f.caused_by.is_none()).collect();
    let at_place = |f: &Finding| {
        draft.spots.is_empty()
            || f.places
                .iter()
                .any(|p| hits(&draft.spots, p.origin, p.kind))
    };
    let expected = |f: &Finding| {
        let named = kind.codes.is_empty() || kind.codes.contains(&f.code.as_str());
        named && f.severity == kind.severity && at_place(f)
    };
    let hit = first.iter().find(|f| expected(f));
    let mut verdict = Verdict {
        found: hit.is_some(),
        code: hit.map(|f| f.code.clone()),
        marked: hit.is_some_and(|f| {
            let place = f.places.first();
            draft.spots.is_empty() || place.is_some_and(|p| hits(&draft.spots, p.origin, p.kind))
        }),
        edits: draft.edits.clone(),
        ..Verdict::default()
    };
    for finding in &new {
        if !verdict.fired.contains(&finding.code) {
            verdict.fired.push(finding.code.clone());
        }
    }
    for finding in &first {
        let is_hit = hit.is_some_and(|h| std::ptr::eq(**h, **finding));
        if !is_hit && finding.severity != Severity::Hint {
            verdict.extra.push(line(finding));
        }
        if hit.is_none() {
            verdict.said.push(line(finding));
        }
    }
    Some(verdict)
}

fn same(a: &Finding, b: &Finding) -> bool {
    a.code == b.code && a.message == b.message && a.places.first() == b.places.first()
}

fn line(finding: &Finding) -> String {
    let place = finding.places.first();
    format!(
        "{} {} {} @ {}",
        finding.severity.chinese(),
        finding.code,
        finding.message,
        place.map_or("", |p| p.label.as_str())
    )
}

/// Whether a finding's place is one of the changed ones.
fn hits(spots: &[Origin], at: Origin, kind: PlaceKind) -> bool {
    spots.iter().any(|spot| {
        let absent = kind == PlaceKind::Absent;
        spot.file == at.file
            && match (spot.at, at.at) {
                (
                    At::Cell {
                        table: a,
                        row: b,
                        col: c,
                        chars: d,
                    },
                    At::Cell {
                        table: e,
                        row: f,
                        col: g,
                        chars: h,
                    },
                ) => (a, b, c) == (e, f, g) && overlap(d, h, absent),
                (
                    At::Text {
                        paragraph: a,
                        chars: b,
                    },
                    At::Text {
                        paragraph: c,
                        chars: d,
                    },
                ) => a == c && overlap(Some(b), Some(d), absent),
                _ => false,
            }
    })
}

/// Words overlap; nothing and a whole cell overlap with everything in it.
fn overlap(a: Option<(u32, u32)>, b: Option<(u32, u32)>, absent: bool) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => absent || a.0 == a.1 || b.0 == b.1 || a.0 < b.1 && b.0 < a.1,
        _ => true,
    }
}
