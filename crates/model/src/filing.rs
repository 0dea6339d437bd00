//! What was recognised in a package: forms, report, and what was not recognised. Stated values only.

use crate::accounts::Accounts;
use crate::form::Form;
use crate::narrative::Narrative;
use crate::origin::Origin;

/// A package as filed (一套自评材料).
#[derive(Clone, Debug, Default)]
pub struct Filing {
    /// Forms in the order of the files and of the tables in them.
    pub forms: Vec<Form>,
    /// The report.
    pub narrative: Narrative,
    /// Tables that look like nothing the rulebook knows.
    pub unrecognised: Vec<Unrecognised>,
    /// The fiscal year most titles agree on.
    pub year: Option<i16>,
    /// The sets of material of a bundle that holds several, the one in question first; empty when there is one.
    pub materials: Vec<Material>,
    /// Final accounts that lie in the bundle.
    pub accounts: Vec<Accounts>,
    /// Files that are other material and hold neither form nor report, from 0.
    pub beside: Vec<u16>,
}

/// One of several sets of material (一套自评材料) in a bundle: of another unit, or of an earlier year.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// Indexes in [`Filing::forms`] of its forms.
    pub forms: Vec<usize>,
    /// Files of the bundle that belong to it, from 0.
    pub files: Vec<u16>,
    /// Its report.
    pub narrative: Narrative,
    /// The unit it is of, as printed.
    pub unit: Option<String>,
    /// Its fiscal year.
    pub year: Option<i16>,
    /// It is an earlier year's of this one (an index in [`Filing::materials`]): compared with, not checked itself.
    pub before: Option<usize>,
}

/// A table, row or column that was not recognised.
#[derive(Clone, Debug)]
pub struct Unrecognised {
    /// Where it begins.
    pub origin: Origin,
    /// Why, in plain Chinese.
    pub why: String,
}

impl Filing {
    /// Forms of a kind.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Form> {
        self.forms.iter().filter(move |f| f.kind() == kind)
    }

    /// One of the sets of material as a filing by itself; its forms are numbered anew.
    pub fn material(&self, number: usize) -> Option<Filing> {
        let material = self.materials.get(number)?;
        let forms = material.forms.iter();
        Some(Filing {
            forms: forms
                .filter_map(|index| self.forms.get(*index))
                .cloned()
                .collect(),
            narrative: material.narrative.clone(),
            unrecognised: self
                .unrecognised
                .iter()
                .filter(|u| material.files.contains(&u.origin.file))
                .cloned()
                .collect(),
            year: material.year,
            ..Filing::default()
        })
    }

    /// The only form of a kind (the first, when there are more).
    pub fn one(&self, kind: &str) -> Option<&Form> {
        self.forms.iter().find(|f| f.kind() == kind)
    }
}
