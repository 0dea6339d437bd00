//! A chain comes in, whole or changed in one place; what verification says of each goes out.

use crate::on::{Folder, NOW, city, ctx, program};
use jiheng_server::audit::{Signer, verify};
use jiheng_server::people::Permission;
use jiheng_server::store::{Context, Keep, Store};
use std::os::unix::fs::PermissionsExt as _;

use super::cells::change;

const DAY: i64 = 24 * 3_600_000;

async fn export(store: &Store) -> String {
    let mut file = Vec::new();
    store
        .export_audit(&Context::program(NOW + 2 * DAY), &mut file)
        .await
        .expect("exported");
    String::from_utf8(file).expect("JSON lines")
}

fn check(text: &str) -> Result<i64, (u64, String)> {
    match verify(text.as_bytes()).expect("read") {
        Ok(report) => Ok(report.rows as i64),
        Err(broken) => Err((broken.line, broken.why)),
    }
}

pub async fn a_changed_chain_is_found_out(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let changes = vec![change("a", 0, Some("1")), change("b", 0, Some("2"))];
    store
        .save_cells(&me, &city.sheet, changes, "k")
        .await
        .expect("saved");
    let folder = Folder::new("key");
    let path = folder.0.join("audit.key");
    let signer = Signer::open(&path).expect("a new key");
    let mode = std::fs::metadata(&path)
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(Signer::open(&path).expect("read").public(), signer.public());
    let today = store.sign_days(&program(), &signer).await.expect("signed");
    assert_eq!(today, [], "a day that is not over is not signed");
    let tomorrow = Context::program(NOW + DAY);
    let days = store.sign_days(&tomorrow, &signer).await.expect("signed");
    assert_eq!(days.len(), 1);
    assert!(days[0].holds());
    assert_eq!(
        store.sign_days(&tomorrow, &signer).await,
        Ok(vec![]),
        "once"
    );

    let text = export(&store).await;
    let report = verify(text.as_bytes()).expect("read").expect("whole");
    assert_eq!((report.first, report.rows as i64), (1, report.last));
    assert_eq!(report.days, days);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len() as u64, report.rows + 1);
    let join = |lines: &[String]| lines.join("\n");
    let all: Vec<String> = lines.iter().map(|l| l.to_string()).collect();
    for n in 0..lines.len() {
        // One line taken out; the last one is missed only by who knows the head.
        let mut without = all.clone();
        without.remove(n);
        let last = n + 1 == lines.len();
        let signature = lines[n].contains("\"signature\"");
        assert_eq!(
            check(&join(&without)).is_err(),
            !last && !signature,
            "line {n} taken out"
        );
        // Two lines exchanged.
        if n > 0 {
            let mut exchanged = all.clone();
            exchanged.swap(n - 1, n);
            assert!(check(&join(&exchanged)).is_err(), "lines {n} exchanged");
        }
        // One letter of one field changed.
        for field in [
            "\"seq\":",
            "\"at\":",
            "\"actor\":\"",
            "\"action\":\"",
            "\"detail\":\"{",
            "\"hash\":\"",
        ] {
            let Some(at) = lines[n].find(field).map(|i| i + field.len()) else {
                continue;
            };
            let mut bytes = lines[n].as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            let mut changed = all.clone();
            changed[n] = String::from_utf8(bytes).expect("text");
            let (line, _) = check(&join(&changed)).expect_err("changed");
            let signed_after = lines
                .get(n + 1)
                .is_some_and(|l| l.contains("\"signature\""));
            assert!(
                line == n as u64 + 1 || (signed_after && line == n as u64 + 2),
                "{field} of line {} changed, found at {line}",
                n + 1
            );
        }
    }
    // A chain made up anew after the change: every hash fits, the signature does not.
    let mut forged: Vec<String> = Vec::new();
    let mut prev = jiheng_server::audit::ZERO.to_string();
    for line in &lines {
        if let Ok(mut row) = serde_json::from_str::<jiheng_server::audit::Row>(line) {
            if row.action == "cells.saved" {
                row.actor = "p-somebody-else".into();
            }
            row.prev = prev;
            row.hash = jiheng_server::audit::row_hash(&row);
            prev = row.hash.clone();
            forged.push(serde_json::to_string(&row).expect("a line"));
        } else {
            forged.push(line.to_string());
        }
    }
    let (_, why) = check(&join(&forged)).expect_err("forged");
    assert!(why.contains("日签"), "{why}");
    assert!(check("").is_err() && check("{}").is_err() && check("\u{0}\n").is_err());
}

pub async fn whole_signed_days_are_released_and_the_rest_verifies(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    store
        .save_cells(&me, &city.sheet, vec![change("a", 0, Some("1"))], "k")
        .await
        .expect("saved");
    let keep = Keep {
        answers: 7,
        audit: 180,
    };
    let later = Context::program(NOW + 200 * DAY);
    let released = store.release(&later, &keep).await.expect("released");
    assert_eq!(
        (released.answers, released.audit),
        (1, 0),
        "no day is signed yet"
    );
    let folder = Folder::new("key");
    let signer = Signer::open(&folder.0.join("audit.key")).expect("a key");
    let days = store.sign_days(&later, &signer).await.expect("signed");
    assert_eq!(days.len(), 1);
    let released = store.release(&later, &keep).await.expect("released");
    assert_eq!(released.audit, days[0].seq as u64);
    assert!(store.check_chain().await.expect("read").is_ok());
    let text = export(&store).await;
    let report = verify(text.as_bytes()).expect("read").expect("whole");
    assert_eq!(report.first, days[0].seq + 1);
    assert_eq!(report.days, days, "what is gone was signed");
    let cut: Vec<&str> = text.lines().skip(1).collect();
    assert!(
        check(&cut.join(
            "
"
        ))
        .is_err(),
        "a beginning that nobody signed"
    );
    let past = store.history(&me, &city.sheet, "a").await.expect("read");
    assert_eq!(past.expect("there").len(), 1, "cells are never released");
}

/// Every kind of change and of protected reading leaves its row.
pub async fn everything_done_stands_in_the_chain(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    store
        .save_cells(&me, &city.sheet, vec![change("a", 0, Some("1"))], "k")
        .await
        .expect("saved");
    store.cells(&me, &city.sheet, 0).await.expect("read");
    store.history(&me, &city.sheet, "a").await.expect("read");
    let remark = store
        .add_remark(&me, &city.sheet, "a", "请核对")
        .await
        .expect("written");
    store
        .resolve_remark(&me, &remark, true)
        .await
        .expect("resolved");
    let file = store
        .add_evidence(&me, &city.filing, "问卷.docx", vec![1, 2, 3])
        .await;
    let file = file.expect("taken in");
    store.open_evidence(&me, &file).await.expect("read");
    store.remove_evidence(&me, &file).await.expect("removed");
    store.people(&program()).await.expect("listed");
    let rows = store.audit_rows(&program(), None, 200).await.expect("read");
    let mut done: Vec<&str> = rows.iter().map(|r| r.action.as_str()).collect();
    done.reverse();
    assert_eq!(
        done[done.len() - 9..],
        [
            "cells.saved",
            "sheet.read",
            "history.read",
            "remark.written",
            "remark.resolved",
            "evidence.added",
            "evidence.read",
            "evidence.removed",
            "people.listed",
        ]
    );
    let text = export(&store).await;
    assert!(text.contains("\"audit.read\"") && text.contains("\"audit.exported\""));
    assert!(
        !text.contains("请核对") && !text.contains("问卷"),
        "what was written is not in it"
    );
}
