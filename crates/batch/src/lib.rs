//! A folder or zip of many packages comes in; tables, an overview and findings pages of all of them go out.
//!
//! Packages are evaluated on all cores, one at a time each; what is finished is written down at once,
//! so that an interrupted run goes on where it was. Results go to the disk as they come: memory does
//! not grow with the number of packages. The same material gives the same files, whatever the number
//! of threads; only the column `seconds` differs.

mod across;
pub mod commented;
pub mod disk;
mod examine;
mod journal;
mod lists;
mod record;
mod run;
mod source;
mod tables;
mod tally;
mod units;

pub use examine::results;
pub use run::{Ending, Progress, Report, run};
pub use source::Grouping;
pub use units::names;

use jiheng_engine::check::suppress::Day;
use jiheng_engine::rulebook::Shelf;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Whose findings pages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pages {
    /// Every checked package's.
    All,
    /// Those of packages with an error.
    #[default]
    Errors,
    /// None.
    None,
}

/// What a batch is asked to do.
pub struct Order<'a> {
    /// The folder or zip.
    pub material: &'a Path,
    /// The folder of results.
    pub out: &'a Path,
    /// How files that lie side by side make packages.
    pub grouping: Grouping,
    /// Whose findings pages are written.
    pub pages: Pages,
    /// The list of units that should have filed.
    pub units: Option<&'a Path>,
    /// Threads; at least one.
    pub jobs: usize,
    /// Go on where an interrupted run ended.
    pub resume: bool,
    /// Rulebooks to choose from.
    pub shelf: &'a Shelf,
    /// The rulebook asked for.
    pub rulebook: Option<&'a str>,
    /// What else reading depends on: the recogniser that was named, with its limits.
    pub recogniser: Option<String>,
    /// The day on which explanations are judged.
    pub today: Day,
    /// Becomes true when the run is to stop.
    pub stop: &'a AtomicBool,
}
