//! HTTP requests come in; pages, findings and saved cells go out. The only crate that knows HTTP and SQL.

pub mod account;
pub mod assets;
pub mod audit;
pub mod chrome;
pub mod demo;
pub mod desk;
pub mod front;
pub mod headers;
pub mod limits;
pub mod manage;
pub mod people;
pub mod route;
pub mod site;
pub mod start;
pub mod store;
pub mod trouble;
pub mod upkeep;
pub mod watch;
