//! A command line comes in; its success, or what it was and how it ended, goes out.

use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a command in a folder with its output shown.
pub fn run(folder: &Path, program: &str, args: &[&str]) -> Result<(), String> {
    match status(folder, program, args)? {
        0 => Ok(()),
        code => Err(format!("`{program} {}` ended with {code}", args.join(" "))),
    }
}

/// Runs a command with its output shown and gives its exit code.
pub fn status(folder: &Path, program: &str, args: &[&str]) -> Result<i32, String> {
    eprintln!("$ {program} {}", args.join(" "));
    let status = Command::new(program)
        .args(args)
        .current_dir(folder)
        .status();
    status
        .map(|s| s.code().unwrap_or(-1))
        .map_err(|e| format!("`{program}` did not start: {e}"))
}

/// Runs a command and gives its standard output; stderr is shown.
pub fn output(folder: &Path, program: &str, args: &[&str]) -> Result<String, String> {
    let out = Command::new(program)
        .args(args)
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("`{program}` did not start: {e}"))?;
    if !out.status.success() {
        return Err(format!(
            "`{program} {}` ended with {}",
            args.join(" "),
            out.status
        ));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}
