//! The kinds of defects that are injected: each changes one thing of a sound package and says what must be found.

mod anywhere;
mod beside;
mod indicators;
mod package;
mod prose;
mod tables;
mod wording;

use crate::draft::Draft;
use jiheng_model::Severity;

/// A kind of defect.
#[derive(Clone, Copy)]
pub struct Kind {
    /// "D03-total-score-off".
    pub name: &'static str,
    /// Rows of the catalogue and identities it breaks.
    pub covers: &'static [&'static str],
    /// What is changed, for people.
    pub what: &'static str,
    /// Rules of which one must speak first; none named: any.
    pub codes: &'static [&'static str],
    /// At what severity.
    pub severity: Severity,
    /// What `inject` is told: a path, a word.
    pub about: &'static str,
    /// Makes the change; `None` when the package has nothing of this kind to break.
    pub inject: fn(&mut Draft<'_>, &str) -> Option<()>,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// All kinds, by name.
pub fn kinds() -> Vec<Kind> {
    let families = [
        tables::KINDS,
        indicators::KINDS,
        prose::KINDS,
        package::KINDS,
        anywhere::KINDS,
        wording::KINDS,
        beside::KINDS,
    ];
    let mut kinds: Vec<Kind> = families.into_iter().flatten().copied().collect();
    kinds.sort_by_key(|k| k.name);
    kinds
}

/// Whether a kind changes a file beside the package ([`crate::companions`]).
pub fn is_beside(kind: &Kind) -> bool {
    beside::is_beside(kind)
}

/// A row of a table of kinds, short enough to be read as one.
const fn kind(
    name: &'static str,
    covers: &'static [&'static str],
    what: &'static str,
    codes: &'static [&'static str],
    severity: Severity,
    about: &'static str,
    inject: fn(&mut Draft<'_>, &str) -> Option<()>,
) -> Kind {
    Kind {
        name,
        covers,
        what,
        codes,
        severity,
        about,
        inject,
    }
}
