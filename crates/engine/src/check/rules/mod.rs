//! One file per built-in rule or tight family of rules, named by its code; each is entered in `check::list`.

pub mod a109;
pub mod a201;
pub mod a203;
pub mod a205;
pub mod a208;
pub mod a401;
pub mod a403;
pub mod a405;
pub mod a407;
pub mod a411;
pub mod f201;
pub mod f301;
pub mod f303;
pub mod n111;
pub mod n112;
pub mod n113;
pub mod p101;
pub mod x203;
pub mod x205;
pub mod x401;
pub mod x402;
pub mod x405;
