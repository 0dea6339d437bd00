//! The model comes in; bytes for people and machines go out: terminal, json, sarif, html, xlsx.
//!
//! Knows the vocabulary, not the engine.
