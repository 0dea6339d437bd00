//! The kinds of defects that are injected: each changes one thing of a sound package and says what must be found.

mod anywhere;
mod beside;
mod copied;
mod folded;
mod indicators;
mod package;
mod prose;
mod tables;
mod units;
mod wording;

use crate::draft::Draft;
use crate::material::Setting;
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

/// The families of kinds, each with the packages that it breaks.
const FAMILIES: &[(Setting, &[Kind])] = &[
    (Setting::Whole, tables::KINDS),
    (Setting::Whole, indicators::KINDS),
    (Setting::Whole, prose::KINDS),
    (Setting::Whole, package::KINDS),
    (Setting::Whole, anywhere::KINDS),
    (Setting::Whole, wording::KINDS),
    (Setting::Beside, beside::KINDS),
    (Setting::Whole, copied::WITHIN),
    (Setting::Units, copied::BETWEEN),
    (Setting::Units, units::KINDS),
    (Setting::Folded, folded::KINDS),
];

/// All kinds, by name.
pub fn kinds() -> Vec<Kind> {
    let families = FAMILIES.iter().flat_map(|(_, family)| *family);
    let mut kinds: Vec<Kind> = families.copied().collect();
    kinds.sort_by_key(|k| k.name);
    kinds
}

/// The packages that a kind breaks.
pub fn setting(kind: &Kind) -> Setting {
    let mut families = FAMILIES.iter();
    let own = families.find(|(_, family)| family.iter().any(|k| k.name == kind.name));
    own.map_or(Setting::Whole, |(setting, _)| *setting)
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
