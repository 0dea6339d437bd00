//! Rebuilds the crate when a rulebook changes: all of them are embedded into the binary.

fn main() {
    println!("cargo:rerun-if-changed=../../rulebooks");
    println!("cargo:rerun-if-changed=build.rs");
}
