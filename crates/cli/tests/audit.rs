//! Exported audit chains come in, whole and changed; what `jiheng audit verify` says of each goes out.
#![cfg(feature = "server")]

use jiheng_server::audit::Signer;
use jiheng_server::store::{Context, NewUnit, Store, UnitKind};
use jiheng_server::upkeep::{DATABASE, KEY};
use std::path::Path;
use std::process::Command;

const NOW: i64 = 1_778_200_000_000;
const DAY: i64 = 24 * 3_600_000;

fn jiheng(file: &Path, rest: &[&str]) -> (i32, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(["audit", "verify"])
        .arg(file)
        .args(rest)
        .output()
        .expect("runs");
    let text = String::from_utf8(out.stdout).expect("text");
    (out.status.code().unwrap_or(-1), text)
}

#[test]
fn an_export_is_checked_without_the_server() {
    let folder = std::env::temp_dir().join(format!("jiheng-audit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("audit.jsonl");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let key = runtime.block_on(async {
        let place = folder.join(DATABASE);
        let store = Store::open(&place.to_string_lossy()).await.expect("opens");
        let new = NewUnit {
            kind: UnitKind::Bureau,
            name: "青禾市财政局".into(),
            code: None,
            parent: None,
        };
        store
            .add_unit(&Context::program(NOW), new)
            .await
            .expect("added");
        let signer = Signer::open(&folder.join(KEY)).expect("a key");
        let later = Context::program(NOW + DAY);
        store.sign_days(&later, &signer).await.expect("signed");
        store.close().await;
        signer.public()
    });
    let data = folder.to_string_lossy().into_owned();
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jiheng"));
        let status = command.args(args).status().expect("runs");
        status.code().unwrap_or(-1)
    };
    let out = file.to_string_lossy().into_owned();
    let export = ["audit", "export", "--data", &data, "--out", &out];
    assert_eq!(run(&export), 0);
    assert_eq!(run(&export), 2, "what was exported is not overwritten");
    let copy = folder.join("copy.sqlite").to_string_lossy().into_owned();
    let elsewhere = folder.join("elsewhere").to_string_lossy().into_owned();
    assert_eq!(run(&["backup", "--data", &data, "--out", &copy]), 0);
    assert_eq!(run(&["backup", "--data", &data, "--out", &copy]), 2);
    assert_eq!(run(&["backup", "--data", &elsewhere, "--out", &copy]), 2);
    assert_eq!(run(&["restore", &copy, "--data", &elsewhere]), 0);
    assert_eq!(run(&["restore", &copy, "--data", &elsewhere]), 2);
    let (code, said) = jiheng(&file, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("完整：3 条记录，编号 1 至 3；日签 1 个") && said.contains(&key));
    assert_eq!(jiheng(&file, &["--key", &key]).0, 0);
    assert_eq!(jiheng(&file, &["--key", "00"]).0, 1);
    let text = std::fs::read_to_string(&file).expect("text");
    std::fs::write(&file, text.replacen("unit.added", "unit.closed", 1)).expect("changed");
    let (code, said) = jiheng(&file, &[]);
    assert_eq!(code, 1);
    assert!(
        said.contains("第 1 行，编号 1") && said.contains("改过"),
        "{said}"
    );
    assert_eq!(jiheng(&folder.join("nothing"), &[]).0, 2);
    let _ = std::fs::remove_dir_all(&folder);
}
