//! Developer tasks: `cargo xtask test` and its neighbours.

fn main() {}
