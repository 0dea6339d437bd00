//! HTTP requests come in; pages, findings and saved cells go out. The only crate that knows HTTP and SQL.

pub mod audit;
pub mod desk;
pub mod people;
pub mod store;
