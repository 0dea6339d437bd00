//! The words of an indicator, a reason or a measure come in; a judgement with the words that led to it goes out.
//!
//! What kind an indicator is, whether its target can be measured, whether two indicators say the
//! same: the lexicons are parameters of the rulebook, the rules of judging are here, and no rule
//! judges words by itself. A judgement never proves anything: it warns or hints.

pub mod answer;
pub mod index;
pub mod kind;
pub mod lexicon;
pub mod measure;
pub mod name;
pub mod plan;
pub mod reason;
pub mod same;
pub mod vocabulary;

pub use index::{Judged, Words};
pub use kind::{Kind, KindOf};
pub use measure::Measure;
pub use name::Naming;
pub use vocabulary::Vocabulary;
