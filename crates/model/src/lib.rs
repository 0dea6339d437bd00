//! The vocabulary of Jiheng: what every room of the corridor hands to the next one.
//!
//! Nothing comes in and nothing goes out: this crate has no IO, no clock, no file format and no rule
//! in it. `Document` is what was read, `Filing` what was recognised (stated values, 填报值),
//! `Scorecard` what was computed (复算值), `Finding` what the comparison of the two says.

pub mod accounts;
pub mod assessment;
pub mod composed;
pub mod difference;
pub mod document;
pub mod filing;
pub mod finding;
pub mod form;
pub mod label;
pub mod layout;
pub mod narrative;
pub mod origin;
pub mod parse;
pub mod rule;
pub mod scorecard;
pub mod unit;
pub mod value;

pub use accounts::{AccountFigure, Accounts};
pub use assessment::Assessment;
pub use composed::Composed;
pub use difference::Difference;
pub use document::{Cell, Document, Format, Notice, NoticeKind, Paragraph, Table};
pub use filing::{Filing, Material, Unrecognised};
pub use finding::{Finding, Outcome, OutcomeKind, Place};
pub use form::{FieldType, Form, FormDef, Row, Slot};
pub use narrative::{Fact, FactRole, Narrative, Section};
pub use origin::Origin;
pub use rule::{Basis, Family, Fix, RuleInfo, Severity, Status};
pub use rust_decimal::Decimal;
pub use scorecard::{Computed, FormScore, Scorecard, Trace};
pub use unit::{Dimension, Unit};
pub use value::{Date, Operator, Recognised, Stated, Value, ValueKind};
