//! What the program asks of the kernel comes in, as strace sees it; what a power cut would have left on the disk at each
//! acknowledgement is put together from it, and that every acknowledged save is there goes out.
//!
//! The model: a write that no sync of its file followed is lost, one that was synced is kept. That a disk keeps what it
//! said it has is not proved here. The same run with synchronous=OFF must lose saves, so that the question is shown to be
//! one.

mod on;

use jiheng_server::people::Permission;
use jiheng_server::store::{Change, Opening, PersonId, SheetId, Store};
use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};

const SAVES: usize = 20;

#[test]
fn an_acknowledged_save_outlives_a_power_cut() {
    let mut probe = Command::new("strace");
    probe.args(["-qq", "true"]).stderr(Stdio::null());
    if !probe.status().is_ok_and(|s| s.success()) {
        eprintln!(
            "skipped: strace is not installed or may not trace here (Debian: apt-get install strace)"
        );
        return;
    }
    assert_eq!(lost(true), 0, "synchronous=FULL");
    let lost = lost(false);
    assert!(lost > SAVES / 2, "synchronous=OFF loses nothing: {lost}");
}

/// How many of the saves would be gone if the power went at the moment of their acknowledgement.
fn lost(durable: bool) -> usize {
    let folder = on::Folder::new("power");
    let (trace, place) = (folder.path("trace"), folder.path("jiheng.db"));
    let city = block_on(async {
        let store = Store::open(&place).await.expect("opens");
        let city = on::city(&store).await;
        store.close().await;
        city
    });
    let mut disk = Disk {
        files: HashMap::from([(place.clone(), std::fs::read(&place).expect("the database"))]),
        ..Disk::default()
    };
    let program = std::env::current_exe().expect("this program");
    let calls = "trace=pwrite64,write,ftruncate,fdatasync,fsync";
    let status = Command::new("strace")
        .args([
            "-f", "-qq", "-y", "-xx", "-s", "100000", "-e", calls, "-o", &trace,
        ])
        .arg(program)
        .args(["the_program_that_is_watched", "--exact", "--nocapture"])
        .env("JIHENG_WATCHED_PLACE", &place)
        .env("JIHENG_WATCHED_SHEET", city.sheet.as_str())
        .env("JIHENG_WATCHED_PERSON", city.preparer.as_str())
        .env("JIHENG_WATCHED_DURABLE", durable.to_string())
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("strace runs").success());
    let trace = std::fs::read_to_string(&trace).expect("what was traced");
    let (mut acknowledged, mut lost) = (0, 0);
    for line in trace.lines() {
        if disk.follow(line) {
            let after = folder.path(&format!("cut-{acknowledged}.db"));
            for (ending, file) in [("", &place), ("-wal", &format!("{place}-wal"))] {
                let kept = disk.files.get(file).cloned().unwrap_or_default();
                std::fs::write(format!("{after}{ending}"), kept).expect("written");
            }
            let there = block_on(saved(&after, &city.sheet, &city.preparer));
            acknowledged += 1;
            lost += usize::from(there.is_none_or(|n| n < acknowledged));
        }
    }
    assert_eq!(acknowledged, SAVES, "all acknowledgements were seen");
    lost
}

/// How many saves are in a database, if it opens and its audit chain holds.
async fn saved(place: &str, sheet: &SheetId, person: &PersonId) -> Option<usize> {
    let store = Store::open(place).await.ok()?;
    let whole = store.check_chain().await.ok()?.is_ok();
    let me = on::ctx(&store, person, Permission::FillForms).await;
    let cells = store.cells(&me, sheet, 0).await.ok()??.1;
    store.close().await;
    whole.then_some(cells.len())
}

/// Where, and which bytes; without bytes it is a new length.
type Written = (usize, Option<Vec<u8>>);

/// A disk that keeps what was synced and nothing else.
#[derive(Default)]
struct Disk {
    files: HashMap<String, Vec<u8>>,
    /// Not synced yet, in order.
    pending: HashMap<String, Vec<Written>>,
    /// The file that a process is syncing, where strace saw the call begin and others go on.
    syncing: HashMap<String, String>,
}

impl Disk {
    /// Follows one line of strace; whether it is an acknowledgement.
    fn follow(&mut self, line: &str) -> bool {
        let Some((process, call)) = line.split_once(' ') else {
            return false;
        };
        let call = call.trim_start();
        let file = call
            .split_once('<')
            .and_then(|(_, rest)| Some(rest.split_once('>')?.0))
            // Some versions of strace escape the path too.
            .map(|path| match path.starts_with("\\x") {
                true => String::from_utf8_lossy(&unescaped(path)).into_owned(),
                false => path.to_string(),
            });
        if call.starts_with("<... f") && call.contains("sync resumed>") {
            if let Some(file) = self.syncing.remove(process)
                && call.trim_end().ends_with("= 0")
            {
                self.synced(&file);
            }
        } else if let (Some(rest), Some(file)) = (call.strip_prefix("pwrite64("), &file) {
            let mut parts = rest.split("\", ");
            let bytes = parts.next().and_then(|p| p.split_once(", \""));
            let numbers = parts.next().unwrap_or_default();
            let offset = numbers.split(", ").nth(1).unwrap_or_default();
            let digits: String = offset.chars().take_while(char::is_ascii_digit).collect();
            let (_, bytes) = bytes.expect("bytes in the trace");
            let write = (digits.parse().expect("an offset"), Some(unescaped(bytes)));
            self.pending.entry(file.clone()).or_default().push(write);
        } else if let (Some(rest), Some(file)) = (call.strip_prefix("ftruncate("), &file) {
            let length = rest.rsplit_once(", ").map_or("", |(_, l)| l);
            let digits: String = length.chars().take_while(char::is_ascii_digit).collect();
            let cut = (digits.parse().expect("a length"), None);
            self.pending.entry(file.clone()).or_default().push(cut);
        } else if let (true, Some(file)) = (
            call.starts_with("fdatasync(") || call.starts_with("fsync("),
            file,
        ) {
            if call.contains("<unfinished") {
                self.syncing.insert(process.to_string(), file);
            } else if call.trim_end().ends_with("= 0") {
                self.synced(&file);
            }
        } else if call.starts_with("write(1<") {
            // "ACK " as -xx writes it.
            return call.contains("\"\\x41\\x43\\x4b\\x20");
        }
        false
    }

    fn synced(&mut self, file: &str) {
        let kept = self.files.entry(file.to_string()).or_default();
        for (at, bytes) in self.pending.remove(file).unwrap_or_default() {
            match bytes {
                Some(bytes) => {
                    kept.resize(kept.len().max(at + bytes.len()), 0);
                    kept[at..at + bytes.len()].copy_from_slice(&bytes);
                }
                None => kept.resize(at, 0),
            }
        }
    }
}

/// The bytes of `\x41\x42…`.
fn unescaped(text: &str) -> Vec<u8> {
    text.split("\\x")
        .skip(1)
        .map(|two| u8::from_str_radix(two, 16).expect("two digits"))
        .collect()
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
