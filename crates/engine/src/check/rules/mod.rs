//! One file per built-in rule or tight family of rules, named by its code; each is entered in `check::list`.

pub mod f201;
pub mod f301;
pub mod f303;
pub mod n111;
pub mod n112;
pub mod n113;
pub mod p101;
