//! HTTP requests come in; pages, findings and saved cells go out. The only crate that knows HTTP and SQL.

pub mod desk;
