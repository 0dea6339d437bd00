//! The assessment of the self-evaluation work comes in; the sheet (附件5) as terminal text, for print and as xlsx goes out.
//!
//! The JSON stands with the other outputs of the contract, in [`crate::json`].

mod sheet;
mod terminal;

pub use sheet::{official, xlsx};
pub use terminal::terminal;

use jiheng_model::Decimal;
use jiheng_model::assessment::{DecidedBy, Item};

/// Points as they are written: without zeros behind the last digit.
pub fn points(value: Decimal) -> String {
    value.normalize().to_string()
}

/// What an item gives, for people: "7", "16–18（建议）", "缺材料".
pub(crate) fn given(item: &Item) -> String {
    match (item.decided_by(), item.score(), item.band()) {
        (DecidedBy::Computed, Some(score), _) => points(score),
        (DecidedBy::Grader, _, Some((low, high))) if low == high => {
            format!("{}（建议）", points(low))
        }
        (DecidedBy::Grader, _, Some((low, high))) => {
            format!("{}–{}（建议）", points(low), points(high))
        }
        _ => "缺材料".into(),
    }
}

/// Who decides, for people.
pub(crate) fn decided(item: &Item) -> &'static str {
    match item.decided_by() {
        DecidedBy::Computed => "程序计算",
        DecidedBy::Grader => "考核人评定",
        DecidedBy::NoMaterial => "缺材料",
    }
}
