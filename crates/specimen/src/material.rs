//! A seed and a setting come in; the bytes of a sound package, as it is handed to the checker, go out.

use crate::companions::companions;
use crate::print::{Format, print};
use crate::sheet::Piece;
use crate::{folded, invent, pieces, units};
use jiheng_engine::read::{Package, SourceFile};

/// What a package consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// All forms and the report, in one file.
    Whole,
    /// The same, with the files that may lie beside it: notice, final accounts, approved goals, last year's form.
    Beside,
    /// The same, with the material of a unit of the department and of another department.
    Units,
    /// One project's form whose scores are folded by a weight.
    Folded,
}

impl Setting {
    /// All of them.
    pub const ALL: [Setting; 4] = [
        Setting::Whole,
        Setting::Beside,
        Setting::Units,
        Setting::Folded,
    ];
}

/// A sound package; formats take turns with the seeds.
pub fn material(seed: u64, setting: Setting) -> Package {
    let plan = invent::plan(seed);
    let format = Format::ALL[(seed % 4) as usize];
    let file = |name: String, pieces: &[Piece], format: Format| SourceFile {
        name: format!("{name}.{}", format.ending()),
        bytes: print(pieces, format),
    };
    let own = |folder: &str| file(format!("{folder}{seed:06}"), &pieces(&plan), format);
    let files = match setting {
        Setting::Whole => vec![own("")],
        Setting::Beside => {
            let beside = companions(&plan).into_iter();
            let beside = beside.map(|(name, pieces)| file(name.into(), &pieces, Format::Docx));
            std::iter::once(own("")).chain(beside).collect()
        }
        Setting::Units => {
            let beside = units::beside(&plan).into_iter();
            let beside = beside.map(|u| file(format!("{}/自评材料", u.unit), &pieces(&u), format));
            std::iter::once(own(&format!("{}/", plan.unit)))
                .chain(beside)
                .collect()
        }
        Setting::Folded => {
            // A text dump does not say how many columns a cell covers, which this layout lives by.
            let format = match format {
                Format::Text => Format::Docx,
                other => other,
            };
            vec![file(format!("{seed:06}"), &folded::project(&plan), format)]
        }
    };
    Package { files }
}
