//! What the program asks of the kernel comes in, as strace sees it; that every save is synced before it is acknowledged
//! goes out.
//!
//! It proves the order: after the last write to the log of the database, and before the acknowledgement, fdatasync came
//! back with success. That the disk keeps what it said it has is not proved here. The same run with synchronous=OFF
//! must fail the same question, so that the question is shown to be one.

mod on;

use jiheng_server::people::Permission;
use jiheng_server::store::{Change, Opening, PersonId, SheetId, Store};
use std::io::Write;
use std::process::{Command, Stdio};

const SAVES: usize = 20;

#[test]
fn a_save_is_synced_before_it_is_acknowledged() {
    let mut probe = Command::new("strace");
    probe.args(["-qq", "true"]).stderr(Stdio::null());
    if !probe.status().is_ok_and(|s| s.success()) {
        eprintln!(
            "skipped: strace is not installed or may not trace here (Debian: apt-get install strace)"
        );
        return;
    }
    assert_eq!(unsynced(true), (0, SAVES), "synchronous=FULL");
    let (unsynced, saves) = unsynced(false);
    assert_eq!(saves, SAVES);
    assert!(
        unsynced > SAVES / 2,
        "synchronous=OFF is not noticed: {unsynced}"
    );
}

/// How many acknowledgements were given before the log was synced, and how many there were.
fn unsynced(durable: bool) -> (usize, usize) {
    let folder = on::Folder::new("strace");
    let (trace, place) = (folder.path("trace"), folder.path("jiheng.db"));
    let ids = block_on(async {
        let store = Store::open(&place).await.expect("opens");
        let city = on::city(&store).await;
        store.close().await;
        (city.sheet.to_string(), city.preparer.to_string())
    });
    let program = std::env::current_exe().expect("this program");
    let status = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-y",
            "-e",
            "trace=pwrite64,write,fdatasync,fsync",
            "-o",
            &trace,
        ])
        .arg(program)
        .args(["the_program_that_is_watched", "--exact", "--nocapture"])
        .env("JIHENG_WATCHED_PLACE", &place)
        .env("JIHENG_WATCHED_SHEET", ids.0)
        .env("JIHENG_WATCHED_PERSON", ids.1)
        .env("JIHENG_WATCHED_DURABLE", durable.to_string())
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("strace runs").success());
    let trace = std::fs::read_to_string(&trace).expect("what was traced");
    let (mut dirty, mut written) = (false, false);
    let (mut early, mut all) = (0, 0);
    for line in trace.lines() {
        if line.contains("pwrite64(") && line.contains("jiheng.db-wal>") {
            (dirty, written) = (true, true);
        } else if (line.contains("fdatasync") || line.contains("fsync"))
            && line.trim_end().ends_with("= 0")
        {
            dirty = false;
        } else if line.contains("write(1<") && line.contains("\"ACK ") {
            assert!(written, "an acknowledgement without anything written");
            all += 1;
            early += usize::from(dirty);
            written = false;
        }
    }
    (early, all)
}

/// Not a test of its own: what the test above runs under strace.
#[test]
fn the_program_that_is_watched() {
    let Ok(place) = std::env::var("JIHENG_WATCHED_PLACE") else {
        return;
    };
    let word = |name: &str| std::env::var(name).expect(name);
    let sheet = SheetId::from(word("JIHENG_WATCHED_SHEET"));
    let person = PersonId::from(word("JIHENG_WATCHED_PERSON"));
    let opening = Opening {
        durable: word("JIHENG_WATCHED_DURABLE") == "true",
        ..Opening::default()
    };
    block_on(async move {
        let store = Store::open_with(&place, &opening).await.expect("opens");
        let me = on::ctx(&store, &person, Permission::FillForms).await;
        for n in 0..SAVES {
            let changes = vec![Change {
                cell: format!("cell/{n}"),
                base_revision: 0,
                value: Some(n.to_string()),
            }];
            let saved = store.save_cells(&me, &sheet, changes, &n.to_string()).await;
            saved.expect("saved");
            let mut out = std::io::stdout().lock();
            out.write_all(format!("ACK {n}\n").as_bytes())
                .expect("acknowledged");
            out.flush().expect("acknowledged");
        }
    });
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}
