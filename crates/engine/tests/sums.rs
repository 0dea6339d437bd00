//! The sample and the faultless packages go through the corridor; what the rules of sums, of budget execution and of amounts between forms say goes out.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_model::Severity;
use jiheng_model::finding::{Finding, OutcomeKind};
use std::path::{Path, PathBuf};

fn shared() -> Option<PathBuf> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    if !root.is_dir() {
        eprintln!("skipped: no shared material beside the repository");
        return None;
    }
    Some(root.to_path_buf())
}

fn run(path: &Path) -> Evaluation {
    let bytes = std::fs::read(path).expect("a file of the repository or of the corpus");
    evaluated(path.display().to_string(), bytes)
}

fn evaluated(name: String, bytes: Vec<u8>) -> Evaluation {
    let files = vec![SourceFile { name, bytes }];
    evaluate(
        &Package { files },
        Shelf::embedded(),
        Some("cn/hunan/yueyang/2023"),
    )
    .expect("a rulebook of the program")
}

/// Findings of the families of this file.
fn ours(evaluation: &Evaluation) -> Vec<&Finding> {
    let family = |f: &Finding| {
        ["A1", "A4", "X2", "X4"]
            .iter()
            .any(|p| f.code.starts_with(p))
    };
    evaluation
        .checked
        .findings
        .iter()
        .filter(|f| family(f))
        .collect()
}

#[test]
fn the_sample_has_these_findings() {
    let sample = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    ));
    let evaluation = run(sample);
    let mut said: Vec<(&str, Severity)> = ours(&evaluation)
        .iter()
        .map(|f| (f.code.as_str(), f.severity))
        .collect();
    said.sort_unstable();
    let warning = Severity::Warning;
    assert_eq!(
        said,
        [
            ("A104", Severity::Error),
            ("A108", Severity::Hint),
            ("A112", warning),
            ("A401", warning),
            ("A401", warning),
            ("A402", warning),
            ("A402", warning),
            ("A402", warning),
            ("A407", warning),
            ("A408", warning),
            ("A411", warning),
            ("X206", Severity::Error),
        ]
    );
}

#[test]
fn faultless_packages_have_none_and_were_checked() {
    let Some(shared) = shared() else { return };
    let mut packages = 0;
    for entry in std::fs::read_dir(shared.join("corpus/consistent")).expect("the corpus") {
        let path = entry.expect("an entry").path();
        if !path
            .extension()
            .is_some_and(|e| e == "docx" || e == "xlsx" || e == "txt")
        {
            continue;
        }
        packages += 1;
        let evaluation = run(&path);
        let said: Vec<&str> = ours(&evaluation)
            .iter()
            .map(|f| f.message.as_str())
            .collect();
        assert!(said.is_empty(), "{}: {said:?}", path.display());
        for code in [
            "A102", "A103", "A105", "A108", "A109", "A110", "A402", "X201", "X202", "X203", "X205",
        ] {
            let outcome = evaluation.checked.outcomes.iter().find(|o| o.code == code);
            assert_eq!(
                outcome.map(|o| o.outcome),
                Some(OutcomeKind::Pass),
                "{code} {}",
                path.display()
            );
        }
    }
    assert!(packages > 0);
}

/// One changed cell is found there, and one of the graver findings is the cause of the others.
#[test]
fn one_changed_cell_has_one_first_cause() {
    let Some(shared) = shared() else { return };
    let text =
        std::fs::read_to_string(shared.join("corpus/consistent/000201.txt")).expect("the corpus");
    let changes = [
        // 三公经费合计, a project line, the project total, 年度资金总额 and 项目支出 of 附件2.
        ("\t44.80\n", "\t45.80\n", "A103"),
        ("\t88.24\n", "\t89.24\n", "X205"),
        ("\t387.11\n", "\t397.11\n", "A105"),
        (
            "\t按支出性质分：3951.66\n",
            "\t按支出性质分：3351.66\n",
            "A108",
        ),
        ("\t项目支出：387.11\n", "\t项目支出：397.11\n", "X202"),
    ];
    for (from, to, code) in changes {
        assert!(text.contains(from), "{from}");
        let evaluation = evaluated(
            "package.txt".into(),
            text.replacen(from, to, 1).into_bytes(),
        );
        let findings = &evaluation.checked.findings;
        let printed = to.trim().trim_start_matches(|c: char| !c.is_ascii_digit());
        let found = findings.iter().find(|f| f.code == code);
        let found = found.unwrap_or_else(|| panic!("{code} is silent on {from}"));
        assert!(
            found.places.iter().any(|p| p.text.contains(printed)),
            "{code} {from}"
        );
        let first: Vec<&Finding> = findings
            .iter()
            .filter(|f| f.caused_by.is_none() && f.severity == Severity::Error)
            .collect();
        assert_eq!(first.len(), 1, "{from}: {first:?}");
        assert!(
            first[0].places[0].text.contains(printed),
            "{from}: {first:?}"
        );
    }
}
