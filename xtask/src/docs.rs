//! The rules and their cases come in; docs/rules (a page for each), docs/coverage.md and docs/accuracy.md go out.

use crate::{corpus, root};
use jiheng_engine::casebook::{self, CaseFile, Kind, Part};
use jiheng_engine::check::listing;
use jiheng_engine::rulebook::Shelf;
use jiheng_model::{Basis, RuleInfo, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Why a catalogue id that nothing in a package can answer has no rule.
const NO_DATA: &[(&str, &str)] = &[
    ("D45", "支出很小而产出很大：要有产出明细，材料里没有"),
    ("D46", "数量没有明细清单：要有佐证材料，材料里没有"),
    (
        "D47",
        "未验收的项目数量、质量得满分：要有验收文件，材料里没有",
    ),
    ("D48", "填报日期与实际验收日期：要有验收文件，材料里没有"),
    ("D50", "受益人重复、联系不上：要有受益人名单，材料里没有"),
    ("D68", "复核得分：要有财政部门的复核表，材料里没有"),
    ("D69", "上年问题今年又有：要有整改台账，材料里没有"),
];

/// Numbers of the catalogue: defects D01–D75, identities I-01–I-28.
const DEFECTS: u32 = 75;
const IDENTITIES: u32 = 28;

/// Writes the pages, or compares them with what is checked in.
pub fn docs(check: bool) -> Result<(), String> {
    let shelf = Shelf::embedded();
    let mut rules: BTreeMap<String, RuleInfo> = BTreeMap::new();
    let mut bases: BTreeMap<String, Basis> = BTreeMap::new();
    for rulebook in shelf.rulebooks.values() {
        for rule in listing::rules(rulebook) {
            rules.entry(rule.code.clone()).or_insert(rule);
        }
        bases.extend(rulebook.bases.clone());
    }
    let cases: Vec<(String, CaseFile)> = casebook::embedded();
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for rule in rules.values() {
        let own: Vec<_> = cases.iter().filter(|(_, c)| c.code == rule.code).collect();
        pages.insert(
            format!("docs/rules/{}.md", rule.code),
            page(rule, &bases, &own),
        );
    }
    pages.insert("docs/rules/README.md".into(), index(&rules));
    pages.insert("docs/coverage.md".into(), coverage(&rules, &cases));
    if let Some(accuracy) = corpus::accuracy()? {
        pages.insert("docs/accuracy.md".into(), accuracy);
    }
    write(&pages, check)
}

fn page(rule: &RuleInfo, bases: &BTreeMap<String, Basis>, cases: &[&(String, CaseFile)]) -> String {
    let mut out = format!("# {} {}\n\n", rule.code, rule.title);
    let covers = if rule.covers.is_empty() {
        "—".into()
    } else {
        rule.covers.join("、")
    };
    let _ = writeln!(
        out,
        "{} · `{}` · 自 {} 版 · 目录 {} · {}\n",
        rule.severity.chinese(),
        rule.slug,
        rule.since,
        covers,
        rule.rulebook
    );
    let _ = writeln!(
        out,
        "**查什么** {}\n\n**为什么** {}\n\n**怎么办** {}\n",
        rule.what, rule.why, rule.advice
    );
    if let Some(fix) = &rule.fix {
        let _ = writeln!(out, "**直接改** `jiheng fix`：{}（修订）\n", fix.chinese());
    }
    for basis in rule.basis.iter().filter_map(|key| bases.get(key)) {
        let sentence = match basis {
            Basis::Clause { sentence, .. }
            | Basis::Form { sentence, .. }
            | Basis::Practice { sentence, .. } => sentence,
        };
        let _ = writeln!(
            out,
            "**依据** {}：“{}”\n",
            basis.cite(),
            sentence.replace('\n', " ")
        );
    }
    for (rulebook, file) in cases {
        for case in &file.cases {
            let _ = writeln!(out, "## {}\n\n规程包 `{rulebook}`\n", case.title);
            for part in &case.parts {
                match part {
                    Part::Form { text, .. } | Part::Report { text, .. } => {
                        let _ = writeln!(out, "{}\n", text.trim());
                    }
                }
            }
            let _ = writeln!(out, "```\n{}\n```\n", case.expect.join("\n"));
        }
    }
    out.trim_end().to_string() + "\n"
}

fn index(rules: &BTreeMap<String, RuleInfo>) -> String {
    let mut out = String::from(
        "# 规则\n\n由 `cargo xtask docs` 从规则生成。\n\n| 编码 | 级别 | 标题 | 目录 |\n|---|---|---|---|\n",
    );
    for rule in rules.values() {
        let _ = writeln!(
            out,
            "| [{0}]({0}.md) | {1} | {2} | {3} |",
            rule.code,
            rule.severity.chinese(),
            rule.title,
            rule.covers.join(" ")
        );
    }
    out
}

fn coverage(rules: &BTreeMap<String, RuleInfo>, cases: &[(String, CaseFile)]) -> String {
    let mut out = String::from(
        "# 覆盖\n\n缺陷目录 D01—D75 和勾稽关系 I-01—I-28 由哪些规则核对。由 `cargo xtask docs` 生成。\n\n| 目录 | 规则 | 会报的案例 | 不报的案例 |\n|---|---|---|---|\n",
    );
    let ids = (1..=DEFECTS)
        .map(|n| format!("D{n:02}"))
        .chain((1..=IDENTITIES).map(|n| format!("I-{n:02}")));
    for id in ids {
        let of: Vec<&RuleInfo> = rules.values().filter(|r| r.covers.contains(&id)).collect();
        let reason = NO_DATA
            .iter()
            .find(|(no, _)| *no == id)
            .map(|(_, why)| *why);
        let names = match (of.is_empty(), reason) {
            (true, Some(why)) => why.to_string(),
            (true, None) => "还没有规则".to_string(),
            _ => of
                .iter()
                .map(|r| format!("[{0}](rules/{0}.md)", r.code))
                .collect::<Vec<_>>()
                .join(" "),
        };
        let count = |kind: Kind| {
            let files = cases
                .iter()
                .filter(|(_, f)| of.iter().any(|r| r.code == f.code));
            files
                .flat_map(|(_, f)| &f.cases)
                .filter(|c| c.kind == kind)
                .count()
        };
        let _ = writeln!(
            out,
            "| {id} | {names} | {} | {} |",
            count(Kind::Firing),
            count(Kind::Quiet)
        );
    }
    let errors = rules
        .values()
        .filter(|r| r.severity == Severity::Error)
        .count();
    let _ = writeln!(
        out,
        "\n{} 条规则，其中最重为错误的 {errors} 条；案例 {} 个。",
        rules.len(),
        cases.iter().map(|(_, f)| f.cases.len()).sum::<usize>()
    );
    out
}

fn write(pages: &BTreeMap<String, String>, check: bool) -> Result<(), String> {
    let root = root();
    let mut stale = Vec::new();
    for (path, text) in pages {
        let file = root.join(path);
        if fs::read_to_string(&file).is_ok_and(|old| &old == text) {
            continue;
        }
        if check {
            stale.push(path.clone());
            continue;
        }
        fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).map_err(|e| e.to_string())?;
        fs::write(&file, text).map_err(|e| format!("{path}: {e}"))?;
    }
    let kept = fs::read_dir(root.join("docs/rules"))
        .into_iter()
        .flatten()
        .flatten();
    for orphan in kept
        .map(|e| format!("docs/rules/{}", e.file_name().to_string_lossy()))
        .filter(|p| !pages.contains_key(p))
    {
        if check {
            stale.push(format!("{orphan} belongs to no rule"));
        } else {
            fs::remove_file(root.join(&orphan)).map_err(|e| e.to_string())?;
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "run cargo xtask docs; out of date: {}",
            stale.join(", ")
        ))
    }
}
