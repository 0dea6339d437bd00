//! Exported audit chains come in, whole and changed; what `jiheng audit verify` says of each goes out.
#![cfg(feature = "server")]

use jiheng_server::audit::Signer;
use jiheng_server::store::{Context, NewUnit, Store, UnitKind};
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
        let place = folder.join("jiheng.db");
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
        let signer = Signer::open(&folder.join("audit.key")).expect("a key");
        let later = Context::program(NOW + DAY);
        store.sign_days(&later, &signer).await.expect("signed");
        let mut out = std::fs::File::create(&file).expect("a file");
        store
            .export_audit(&later, &mut out)
            .await
            .expect("exported");
        store.close().await;
        signer.public()
    });
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
