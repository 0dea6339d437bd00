//! What was recognised in a package: forms, report, and what was not recognised. Stated values only.

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

    /// The only form of a kind (the first, when there are more).
    pub fn one(&self, kind: &str) -> Option<&Form> {
        self.forms.iter().find(|f| f.kind() == kind)
    }
}
