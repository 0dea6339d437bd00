//! Files come in; the time of each room of the corridor and of each printer, beside the peers' times of the same run, goes out as tables.

mod formats;

use crate::root;
use crate::run::{output, run};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Packages that other readers are compared on.
const PEER_PACKAGES: &[&str] = &["python-docx", "lxml", "docling-rs"];

/// Times the corridor and the printers, with `--pdf` that of PDF too; with `--peers` also python-docx, lxml and docling's Rust wheel, and the peers of other formats, in one run.
pub fn bench(args: &[&str]) -> Result<(), String> {
    let root = root();
    let mut files: Vec<PathBuf> = args
        .iter()
        .filter(|a| !a.starts_with("--"))
        .map(PathBuf::from)
        .collect();
    if files.is_empty() {
        files.push(root.join("samples/yueyang-2023/package.docx"));
        let wps = root.join("../shared/corpus/bench/form_wps.docx");
        if wps.is_file() {
            files.push(wps);
        } else {
            eprintln!("skipped: ../shared/corpus/bench/form_wps.docx is not here");
        }
    }
    let names: Vec<String> = files
        .iter()
        .map(|f| {
            f.canonicalize()
                .unwrap_or(f.clone())
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let ours = timed("jiheng-engine", "corridor", &names)?;
    println!("| file | cells | read | recognize | score | check | corridor |");
    println!("|---|---|---|---|---|---|---|");
    for line in &ours {
        let ms = |key: &str| format!("{:.3} ms", line[key].as_f64().unwrap_or(0.0) / 1000.0);
        println!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            name(&line["file"]),
            line["cells"],
            ms("read"),
            ms("recognize"),
            ms("score"),
            ms("check"),
            ms("corridor")
        );
    }
    print(&names)?;
    if args.contains(&"--pdf") {
        pdf(&names)?;
    }
    if !args.contains(&"--peers") {
        return Ok(());
    }
    let python = peers(PEER_PACKAGES)?;
    let script = root
        .join("xtask/peers/peers.py")
        .to_string_lossy()
        .into_owned();
    let mut command = vec![script.as_str()];
    command.extend(names.iter().map(String::as_str));
    println!("\n| file | peer | its time | our read | ratio |\n|---|---|---|---|---|");
    for line in lines(&output(&root, &python.to_string_lossy(), &command)?) {
        let Some(own) = ours.iter().find(|o| o["file"] == line["file"]) else {
            continue;
        };
        let (theirs, read) = (
            line["micros"].as_f64().unwrap_or(0.0),
            own["read"].as_f64().unwrap_or(1.0),
        );
        println!(
            "| {} | {} | {:.2} ms | {:.3} ms | {:.0}× |",
            name(&line["file"]),
            line["peer"].as_str().unwrap_or_default(),
            theirs / 1000.0,
            read / 1000.0,
            theirs / read
        );
    }
    formats::formats()
}

/// Asks a server, in a process of its own, at a rate; see the bench for what the words mean.
pub fn load(args: &[&str]) -> Result<(), String> {
    let mut words = vec![
        "bench",
        "--quiet",
        "-p",
        "jiheng-server",
        "--bench",
        "load",
        "--",
    ];
    words.extend(args);
    crate::run::run(&crate::root(), "cargo", &words)
}

/// What a bench of a crate says of these files, a line of JSON each.
fn timed(package: &str, bench: &str, files: &[String]) -> Result<Vec<Value>, String> {
    let mut command = vec!["bench", "--quiet", "-p", package, "--bench", bench, "--"];
    command.extend(files.iter().map(String::as_str));
    Ok(lines(&output(&root(), "cargo", &command)?))
}

/// Times the printers of the official package.
fn print(names: &[String]) -> Result<(), String> {
    println!("\n| file | parts | describe | docx | html |\n|---|---|---|---|---|");
    for line in timed("jiheng-render", "print", names)? {
        let ms = |key: &str| format!("{:.3} ms", line[key].as_f64().unwrap_or(0.0) / 1000.0);
        println!(
            "| {} | {} | {} | {} | {} |",
            name(&line["file"]),
            line["parts"],
            ms("describe"),
            ms("docx"),
            ms("html")
        );
    }
    Ok(())
}

/// Times the PDF beside typst's own time for the same pages; building typst takes minutes.
fn pdf(names: &[String]) -> Result<(), String> {
    println!("\n| file | pages | PDF | typst alone | ratio |\n|---|---|---|---|---|");
    for line in timed("jiheng-render-pdf", "print", names)? {
        let ms = |key: &str| format!("{:.1} ms", line[key].as_f64().unwrap_or(0.0) / 1000.0);
        println!(
            "| {} | {} | {} | {} | {:.2}× |",
            name(&line["file"]),
            line["pages"],
            ms("whole"),
            ms("typst"),
            line["ratio"].as_f64().unwrap_or(0.0)
        );
    }
    Ok(())
}

/// The Python of `target/peers`, made when it is not there, with these packages installed.
pub fn peers(packages: &[&str]) -> Result<PathBuf, String> {
    let root = root();
    let venv = root.join("target/peers");
    let python = venv.join("bin/python");
    if !python.is_file() {
        run(&root, "python3", &["-m", "venv", &venv.to_string_lossy()])?;
    }
    let mut install = vec![
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    install.extend(packages);
    run(&root, &python.to_string_lossy(), &install)?;
    Ok(python)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .filter_map(|l| serde_json::from_str(l).ok())
        .collect()
}

fn name(file: &Value) -> String {
    Path::new(file.as_str().unwrap_or_default())
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}
