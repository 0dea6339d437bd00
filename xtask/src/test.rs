//! The whole repository comes in; the first thing that does not hold, or nothing, goes out.

use crate::run::{run, status};
use crate::{docs, root, tidy};
use std::fs;
use std::path::Path;

/// All that is behind walls is tested too.
const FEATURES: &str = "jiheng-cli/pdf,jiheng-cli/server";

/// Installs what is missing, then format, lints, all tests, tidy, generated pages, and the README's first command.
pub fn test() -> Result<(), String> {
    let root = root();
    for (component, probe) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if status(&root, "cargo", &[probe, "--version"])? != 0 {
            run(&root, "rustup", &["component", "add", component])?;
        }
    }
    install_servers_tools();
    run(&root, "cargo", &["fmt", "--all", "--check"])?;
    run(
        &root,
        "cargo",
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            FEATURES,
            "--quiet",
            "--",
            "-D",
            "warnings",
        ],
    )?;
    let all = ["--workspace", "--features", FEATURES, "--quiet"];
    run(&root, "cargo", &[&["test"], &all[..]].concat())?;
    tidy::tidy()?;
    docs::docs(true)?;
    main_job()
}

/// PostgreSQL, strace and a browser with what drives it, for the tests of the server; where they cannot be installed those tests say that they are skipped.
fn install_servers_tools() {
    install_packages();
    let folder = root().join("crates/server/tests/browser");
    if folder.join("node_modules").exists() {
        return;
    }
    if let Err(why) = run(&folder, "npm", &["ci", "--silent"]) {
        eprintln!("what drives the browser is not installed: {why}");
    }
}

fn install_packages() {
    let postgres = fs::read_dir("/usr/lib/postgresql").is_ok_and(|mut d| d.next().is_some());
    let strace = Path::new("/usr/bin/strace").exists();
    let chromium = Path::new("/usr/bin/chromium").exists();
    let tools = [
        ("postgresql", postgres),
        ("strace", strace),
        ("chromium", chromium),
    ];
    let missing: Vec<&str> = tools
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(name, _)| name)
        .collect();
    if missing.is_empty() {
        return;
    }
    let install = [&["install", "-y", "--no-install-recommends"], &missing[..]].concat();
    let update = run(&root(), "apt-get", &["update", "-qq"]);
    if let Err(why) = update.and_then(|()| run(&root(), "apt-get", &install)) {
        eprintln!("{} not installed: {why}", missing.join(", "));
    }
}

/// The README's first command, in the dev profile: exit 1 (the specimen has errors) and four files.
fn main_job() -> Result<(), String> {
    let root = root();
    let out = root.join("target/readme-out");
    let _ = fs::remove_dir_all(&out);
    let path = out.to_string_lossy().into_owned();
    let code = status(
        &root,
        "cargo",
        &[
            "run",
            "--quiet",
            "--",
            "evaluate",
            "samples/yueyang-2023/package.docx",
            "--quiet",
            "--out",
            &path,
        ],
    )?;
    if code != 1 {
        return Err(format!(
            "the README's first command ended with {code}, not 1"
        ));
    }
    for name in [
        "findings.html",
        "findings.json",
        "findings.xlsx",
        "forms.json",
    ] {
        let size = fs::metadata(out.join(name)).map(|m| m.len()).unwrap_or(0);
        if size == 0 {
            return Err(format!("the README's first command wrote no {name}"));
        }
    }
    Ok(())
}
