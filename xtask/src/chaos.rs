//! How often to kill comes in; a server killed that often under load, and whether anything acknowledged was lost, goes out.

use crate::root;
use std::process::Command;

/// `cargo xtask chaos [--rounds N]`: the crash tests of the server with many rounds.
pub fn chaos(args: &[&str]) -> Result<(), String> {
    let at = args.iter().position(|a| *a == "--rounds");
    let rounds = at.and_then(|i| args.get(i + 1)).unwrap_or(&"200");
    let rounds: u32 = rounds
        .parse()
        .map_err(|_| format!("--rounds takes a number, not {rounds}"))?;
    eprintln!("$ JIHENG_CRASH_ROUNDS={rounds} cargo test -p jiheng-server --test crash");
    let status = Command::new("cargo")
        .args([
            "test",
            "-p",
            "jiheng-server",
            "--test",
            "crash",
            "--",
            "--nocapture",
        ])
        .env("JIHENG_CRASH_ROUNDS", rounds.to_string())
        .current_dir(root())
        .status()
        .map_err(|e| e.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the crash tests ended with {status}"))
    }
}
