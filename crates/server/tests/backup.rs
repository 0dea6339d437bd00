//! A database under load comes in; a copy of one moment, restored elsewhere and checked, goes out.

mod on;

use jiheng_server::audit::{Signer, verify};
use jiheng_server::people::Permission;
use jiheng_server::store::{Change, Keep, Store, StoreError, restore};
use jiheng_server::upkeep::{self, Place};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

const SAVERS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_restored_elsewhere() {
    let folder = on::Folder::new("backup");
    let store = Store::open(&folder.path("jiheng.db")).await.expect("opens");
    let city = on::city(&store).await;
    let me = on::ctx(&store, &city.preparer, Permission::FillForms).await;
    let stop = Arc::new(AtomicBool::new(false));
    let done: Arc<Vec<AtomicI64>> = Arc::new((0..SAVERS).map(|_| AtomicI64::new(0)).collect());
    let mut savers = Vec::new();
    for saver in 0..SAVERS {
        let (store, me, sheet) = (store.clone(), me.clone(), city.sheet.clone());
        let (stop, done) = (stop.clone(), done.clone());
        savers.push(tokio::spawn(async move {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                let changes = vec![Change {
                    cell: format!("cell/{saver}"),
                    base_revision: n,
                    value: Some(n.to_string()),
                }];
                let key = format!("{saver}-{n}");
                store
                    .save_cells(&me, &sheet, changes, &key)
                    .await
                    .expect("saved");
                n += 1;
                done[saver].store(n, Ordering::SeqCst);
            }
        }));
    }
    let acknowledged = || -> Vec<i64> { done.iter().map(|n| n.load(Ordering::SeqCst)).collect() };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = acknowledged();
    assert!(before.iter().all(|n| *n > 0), "under load: {before:?}");
    let copy = folder.0.join("copy.db");
    let rows = store.backup(&on::program(), &copy).await.expect("a backup");
    let after_backup = acknowledged();
    let again = store.backup(&on::program(), &copy).await;
    assert!(
        matches!(again, Err(StoreError::Invalid(_))),
        "an old backup is not overwritten"
    );
    stop.store(true, Ordering::Relaxed);
    for saver in savers {
        saver.await.expect("a saver");
    }
    assert!(!folder.0.join("copy.part").exists());
    assert!(after_backup > before, "saving went on meanwhile");

    let elsewhere = folder.0.join("elsewhere");
    assert_eq!(restore(&copy, &elsewhere, "jiheng.db").await, Ok(rows));
    let full = restore(&copy, &elsewhere, "jiheng.db").await;
    assert!(
        matches!(full, Err(StoreError::Invalid(_))),
        "nothing is overwritten"
    );
    let restored = Store::open(&elsewhere.join("jiheng.db").to_string_lossy()).await;
    let restored = restored.expect("opens");
    let (_, cells) = restored
        .cells(&me, &city.sheet, 0)
        .await
        .expect("read")
        .expect("there");
    for (saver, least) in before.iter().enumerate() {
        let cell = cells.iter().find(|c| c.cell == format!("cell/{saver}"));
        let revision = cell.expect("saved before the backup").revision;
        assert!(revision >= *least, "saver {saver}: {revision} of {least}");
    }
    let mut exported = Vec::new();
    restored
        .export_audit(&on::program(), &mut exported)
        .await
        .expect("exported");
    let report = verify(exported.as_slice()).expect("read").expect("whole");
    assert_eq!(report.rows as i64, rows + 2, "the two readings since");
    let saved = restored
        .save_cells(
            &me,
            &city.sheet,
            vec![Change {
                cell: "new".into(),
                base_revision: 0,
                value: Some("1".into()),
            }],
            "after",
        )
        .await;
    assert!(saved.is_ok(), "and work goes on there");
    restored.close().await;
    store.close().await;
}

#[tokio::test]
async fn a_damaged_backup_is_refused() {
    let folder = on::Folder::new("damaged");
    let store = Store::open(&folder.path("jiheng.db")).await.expect("opens");
    let city = on::city(&store).await;
    let copy = folder.0.join("copy.db");
    store.backup(&on::program(), &copy).await.expect("a backup");
    store.close().await;
    let sound = std::fs::read(&copy).expect("the backup");
    // One pseudonym in the chain changed, at the same length: SQLite itself sees nothing.
    let mut changed = sound.clone();
    let needle = city.bureau.as_str().as_bytes();
    let mut places = Vec::new();
    for at in 0..changed.len() - needle.len() {
        if &changed[at..at + needle.len()] == needle {
            places.push(at);
        }
    }
    for at in places {
        changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
    }
    let cut = sound[..sound.len() / 2].to_vec();
    for (n, bytes) in [changed, cut, b"not a database".to_vec()]
        .into_iter()
        .enumerate()
    {
        let bad = folder.0.join(format!("bad{n}.db"));
        std::fs::write(&bad, bytes).expect("written");
        let to = folder.0.join(format!("to{n}"));
        let refused = restore(&bad, &to, "jiheng.db").await;
        assert!(refused.is_err(), "damage {n}: {refused:?}");
        let left = std::fs::read_dir(&to).expect("a folder").count();
        assert_eq!(left, 0, "nothing half restored stays ({n})");
    }
}

#[tokio::test]
async fn a_day_is_signed_and_backed_up_by_itself() {
    const DAY: i64 = 24 * 3_600_000;
    let folder = on::Folder::new("upkeep");
    let place = Place {
        data: folder.0.clone(),
        database: None,
    };
    let store = Store::open(&place.address()).await.expect("opens");
    on::city(&store).await;
    let signer = Signer::open(&folder.0.join(upkeep::KEY)).expect("a key");
    let backups = || {
        let there = std::fs::read_dir(folder.0.join("backups")).expect("a folder");
        let mut names: Vec<String> = there
            .map(|e| {
                e.expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    };
    for hour in [0, 1, 2] {
        let now = on::NOW + hour * 3_600_000;
        let done = upkeep::once(&store, &signer, &place, &Keep::default(), now).await;
        done.expect("done");
    }
    assert_eq!(backups(), ["2026-05-08.sqlite"], "one a day");
    for day in 1..20 {
        let now = on::NOW + day * DAY;
        let done = upkeep::once(&store, &signer, &place, &Keep::default(), now).await;
        done.expect("done");
    }
    let names = backups();
    assert_eq!(names.len(), 14);
    assert_eq!(names[13], "2026-05-27.sqlite");
    let mut exported = Vec::new();
    let exporting = store.export_audit(&on::program(), &mut exported).await;
    exporting.expect("exported");
    let report = verify(exported.as_slice()).expect("read").expect("whole");
    assert_eq!(report.days.len(), 19, "each day that is over");
    store.close().await;
}
