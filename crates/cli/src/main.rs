//! Command line arguments come in; findings, scores and documents go out. Thin: one file per verb.

fn main() {}
