//! A server that is killed (kill -9) at random moments under load comes in, again and again; that every save it had
//! acknowledged is there, and that the audit chain holds, goes out.
//!
//! Twenty times here; `cargo xtask chaos` sets JIHENG_CRASH_ROUNDS to 200.

mod on;

use jiheng_server::people::Permission;
use jiheng_server::store::{Change, Outcome, PersonId, SheetId, Store};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How many tasks save at once, each its own cell.
const SAVERS: usize = 12;

#[test]
fn acknowledged_saves_survive_kill_9_on_sqlite() {
    let folder = on::Folder::new("crash");
    rounds(&folder.path("jiheng.db"), wanted(20));
}

#[test]
fn acknowledged_saves_survive_kill_9_on_postgresql() {
    let Some(url) = on::cluster::database() else {
        return;
    };
    rounds(&url, wanted(20).div_ceil(4));
}

/// The database goes away under the server, in the middle of everything.
#[test]
fn acknowledged_saves_survive_a_crash_of_postgresql() {
    let Some(cluster) = on::cluster::own() else {
        return;
    };
    let url = cluster.database();
    let ended = |child: &mut Child| {
        cluster.crash();
        child.kill().expect("SIGKILL");
        cluster.go();
    };
    rounds_ended_by(&url, wanted(20).div_ceil(10), ended);
}

/// The server itself goes on when PostgreSQL was restarted.
#[test]
fn a_server_outlives_a_restart_of_postgresql() {
    let Some(cluster) = on::cluster::own() else {
        return;
    };
    block_on(async {
        let store = Store::open(&cluster.database()).await.expect("opens");
        let city = on::city(&store).await;
        cluster.crash();
        assert!(store.answers().await.is_err(), "said so while it is down");
        cluster.go();
        let sheets = store.sheets(&on::program(), &city.filing).await;
        assert_eq!(sheets.expect("read").len(), 1);
        let renamed = store
            .rename_unit(&on::program(), &city.unit, "又一名")
            .await;
        assert_eq!(renamed, Ok(()), "the first change after it");
        store.close().await;
    });
}

fn wanted(usual: u32) -> u32 {
    let set = std::env::var("JIHENG_CRASH_ROUNDS").ok();
    set.and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn rounds(place: &str, rounds: u32) {
    rounds_ended_by(place, rounds, |child| child.kill().expect("SIGKILL"));
}

fn rounds_ended_by(place: &str, rounds: u32, end: impl Fn(&mut Child)) {
    let (city, mut seen) = block_on(async {
        let store = Store::open(place).await.expect("opens");
        let city = on::city(&store).await;
        store.close().await;
        (city, HashMap::new())
    });
    let mut random = Random(u64::from(std::process::id()) | 1);
    let mut acknowledged = 0;
    for round in 0..rounds {
        let wait = Duration::from_micros(random.below(150_000));
        let acks = killed_after(
            place,
            city.sheet.as_str(),
            city.preparer.as_str(),
            round,
            wait,
            &end,
        );
        assert!(!acks.is_empty(), "round {round}: nothing was saved at all");
        acknowledged += acks.len();
        for (cell, revision, value) in acks {
            let before = seen.insert((cell.clone(), revision), value.clone());
            assert_eq!(
                before, None,
                "round {round}: {cell} revision {revision} was given twice"
            );
        }
        block_on(all_there(place, &city.sheet, &city.preparer, &seen));
    }
    eprintln!("{rounds} kills, {acknowledged} acknowledged saves, none lost");
}

/// Runs a server under load, kills it a while after its first acknowledgement, and gives all that it had acknowledged.
fn killed_after(
    place: &str,
    sheet: &str,
    person: &str,
    round: u32,
    wait: Duration,
    end: &impl Fn(&mut Child),
) -> Vec<(String, i64, String)> {
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .args(["the_server_to_be_killed", "--exact", "--nocapture"])
        .env("JIHENG_CRASH_PLACE", place)
        .env("JIHENG_CRASH_SHEET", sheet)
        .env("JIHENG_CRASH_PERSON", person)
        .env("JIHENG_CRASH_ROUND", round.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let out = child.stdout.take().expect("its output");
    let (first, began) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut acks = Vec::new();
        let mut out = BufReader::new(out);
        let mut line = Vec::new();
        while out.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            // The kill may cut the last line short.
            let whole = line.pop() == Some(b'\n');
            let text = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            let mut words = text.split(' ');
            if !whole || words.next() != Some("ack") {
                continue;
            }
            if let (Some(cell), Some(revision), Some(value)) =
                (words.next(), words.next(), words.next())
            {
                let revision = revision.parse().expect("a revision");
                acks.push((cell.to_string(), revision, value.to_string()));
                let _ = first.send(());
            }
        }
        acks
    });
    let _ = began.recv_timeout(Duration::from_secs(60));
    std::thread::sleep(wait);
    end(&mut child);
    child.wait().expect("its end");
    reader.join().expect("its output, read")
}

/// Not a test of its own: what the tests above start and kill.
#[test]
fn the_server_to_be_killed() {
    let Ok(place) = std::env::var("JIHENG_CRASH_PLACE") else {
        return;
    };
    let word = |name: &str| std::env::var(name).expect(name);
    let sheet = SheetId::from(word("JIHENG_CRASH_SHEET"));
    let person = PersonId::from(word("JIHENG_CRASH_PERSON"));
    let round = word("JIHENG_CRASH_ROUND");
    block_on(async move {
        let store = Store::open(&place).await.expect("opens");
        let me = on::ctx(&store, &person, Permission::FillForms).await;
        let there = store.cells(&me, &sheet, 0).await.expect("read");
        let there = there.expect("in scope").1;
        let mut savers = Vec::new();
        for saver in 0..SAVERS {
            let (store, me, sheet, round) =
                (store.clone(), me.clone(), sheet.clone(), round.clone());
            let cell = format!("cell/{saver}");
            let found = there.iter().find(|c| c.cell == cell);
            let mut revision = found.map_or(0, |c| c.revision);
            savers.push(tokio::spawn(async move {
                for n in 0.. {
                    let value = format!("{round}-{saver}-{n}");
                    let changes = vec![Change {
                        cell: cell.clone(),
                        base_revision: revision,
                        value: Some(value.clone()),
                    }];
                    let saved = store.save_cells(&me, &sheet, changes, &value).await;
                    let saved = saved.expect("saved").cells.remove(0).outcome;
                    let Outcome::Saved { revision: now } = saved else {
                        panic!("{saved:?}");
                    };
                    revision = now;
                    let line = format!("ack {cell} {revision} {value}\n");
                    let mut out = std::io::stdout().lock();
                    out.write_all(line.as_bytes()).expect("acknowledged");
                    out.flush().expect("acknowledged");
                }
            }));
        }
        for saver in savers {
            saver.await.expect("saves until killed");
        }
    });
}

async fn all_there(
    place: &str,
    sheet: &SheetId,
    person: &PersonId,
    seen: &HashMap<(String, i64), String>,
) {
    let store = Store::open(place).await.expect("opens after a kill");
    assert!(
        store.check_chain().await.expect("read").is_ok(),
        "the audit chain holds"
    );
    let me = on::ctx(&store, person, Permission::FillForms).await;
    for saver in 0..SAVERS {
        let cell = format!("cell/{saver}");
        let past = store.history(&me, sheet, &cell).await.expect("read");
        let past = past.expect("in scope");
        let stored: HashMap<i64, Option<String>> =
            past.into_iter().map(|p| (p.revision, p.value)).collect();
        for ((_, revision), value) in seen.iter().filter(|((c, _), _)| *c == cell) {
            assert_eq!(
                stored.get(revision),
                Some(&Some(value.clone())),
                "{cell} revision {revision} was acknowledged"
            );
        }
    }
    store.close().await;
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

/// Xorshift: which moments are tried differs from run to run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
