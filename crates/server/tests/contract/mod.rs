//! A store of either kind comes in; what every store keeps to goes out.

mod cells;

pub use cells::*;
