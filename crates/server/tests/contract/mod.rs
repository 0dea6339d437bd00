//! A store of either kind comes in; what every store keeps to goes out.

mod cells;
mod filings;
mod people;
mod trail;

pub use cells::*;
pub use filings::*;
pub use people::*;
pub use trail::*;
