//! The seed and the faultless packages go through the corridor; only the findings of sums, execution and amounts between forms are looked at.

use jiheng_engine::evaluate;
use jiheng_engine::read::Package;
use jiheng_engine::rulebook::Shelf;
use std::path::Path;

#[test]
fn look() {
    let shelf = Shelf::embedded();
    for p in &shelf.problems {
        eprintln!("{p:?}");
    }
    for arg in std::env::var("LOOK").unwrap_or_default().split_whitespace() {
        let bytes = std::fs::read(arg).unwrap();
        let name = Path::new(arg).file_name().unwrap().to_string_lossy().to_string();
        let package = Package { files: vec![jiheng_engine::read::SourceFile { name, bytes }] };
        let e = evaluate(&package, shelf, Some("cn/hunan/yueyang/2023")).unwrap();
        println!("== {arg} forms {:?}", e.filing.forms.iter().map(|f| f.kind()).collect::<Vec<_>>());
        for f in &e.checked.findings {
            println!("{:?} {} {} | {} | {:?} | by {:?}", f.severity, f.code, f.message, f.places[0].label, f.derivation, f.caused_by);
        }
        for o in &e.checked.outcomes {
            println!("  {} {:?} {} {}", o.code, o.outcome, o.checked, o.note);
        }
    }
}

#[test]
fn mutate() {
    let shelf = Shelf::embedded();
    for arg in std::env::var("MUTATE").unwrap_or_default().split_whitespace() {
        let text = std::fs::read_to_string(arg).unwrap();
        let lines: Vec<&str> = text.split('\n').collect();
        let run = |text: String| {
            let file = jiheng_engine::read::SourceFile { name: "p.txt".into(), bytes: text.into_bytes() };
            evaluate(&Package { files: vec![file] }, shelf, Some("cn/hunan/yueyang/2023")).unwrap()
        };
        let from: usize = std::env::var("FROM").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
        let to: usize = std::env::var("TO").ok().and_then(|n| n.parse().ok()).unwrap_or(lines.len());
        let (mut all, mut found, mut right, mut single) = (0, 0, 0, 0);
        for n in from..to.min(lines.len()) {
            let line = lines[n];
            let cell = line.strip_prefix('\t').unwrap_or("");
            let (label, number) = match cell.rsplit_once('：') {
                Some((label, number)) => (format!("{label}："), number),
                None => (String::new(), cell),
            };
            let bare = number.trim_end_matches('%');
            let digits = bare.replace('.', "");
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || !bare.contains('.') && !number.ends_with('%') && bare.len() < 3 {
                continue;
            }
            // One digit changes: the first after a leading one.
            let mut chars: Vec<char> = number.chars().collect();
            let at = if chars.len() > 1 && chars[1].is_ascii_digit() { 1 } else { 0 };
            chars[at] = if chars[at] == '9' { '3' } else { char::from(chars[at] as u8 + 1) };
            let new: String = chars.iter().collect();
            let mut mutated: Vec<String> = lines.iter().map(|l| l.to_string()).collect();
            mutated[n] = format!("\t{label}{new}");
            let e = run(mutated.join("\n"));
            all += 1;
            let has = |f: &jiheng_model::Finding| f.places.iter().any(|p| p.text.contains(new.as_str()));
            let first: Vec<_> = e.checked.findings.iter().filter(|f| f.caused_by.is_none()).collect();
            let at_right = first.iter().any(|f| f.places[0].text.contains(new.as_str()));
            found += usize::from(e.checked.findings.iter().any(has));
            right += usize::from(at_right);
            single += usize::from(first.len() == 1);
            if !at_right || first.len() != 1 {
                println!("line {n}: {label}{number} -> {new}");
                for f in &e.checked.findings {
                    println!("   {:?} {} {} | {} | by {:?}", f.severity, f.code, f.message, f.places[0].label, f.caused_by);
                }
            }
        }
        println!("{arg}: cells {all}, found {found}, marked first {right}, one first cause {single}");
    }
}
