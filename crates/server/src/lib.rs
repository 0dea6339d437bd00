//! HTTP requests come in; pages, findings and saved cells go out. The only crate that knows HTTP and SQL.

pub mod assets;
pub mod audit;
pub mod desk;
pub mod front;
pub mod health;
pub mod people;
pub mod serve;
pub mod site;
pub mod store;
