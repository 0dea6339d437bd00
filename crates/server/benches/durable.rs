//! Savers come in; how many durable saves a second they get, many to one sync and one sync each, in the same run, goes out.
//!
//! `cargo bench -p jiheng-server --bench durable --profile dev`: what is measured is the disk's syncs.

#[path = "../tests/on/mod.rs"]
mod on;

use jiheng_server::people::Permission;
use jiheng_server::store::{Change, Opening, Store};
use std::time::{Duration, Instant};

const SAVERS: usize = 64;
const SECONDS: u64 = 4;
const ROUNDS: usize = 3;

/// Saves a second, and how long each took.
type Measured = (f64, Vec<Duration>);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    println!("| database | together | saves a second | p50 | p95 | p99 |");
    println!("|---|---|---|---|---|---|");
    let folder = on::Folder::new("bench");
    let mut runs: Vec<(&str, usize, Vec<Measured>)> = vec![
        ("SQLite", 256, vec![]),
        ("SQLite", 1, vec![]),
        ("PostgreSQL", 256, vec![]),
        ("PostgreSQL", 1, vec![]),
    ];
    for round in 0..ROUNDS {
        for (n, (name, together, results)) in runs.iter_mut().enumerate() {
            let place = if *name == "SQLite" {
                folder.path(&format!("{n}-{round}.db"))
            } else {
                match on::cluster::database() {
                    Some(url) => url,
                    None => continue,
                }
            };
            results.push(runtime.block_on(measure(&place, *together)));
        }
    }
    for (name, together, mut results) in runs {
        results.sort_by(|a, b| a.0.total_cmp(&b.0));
        let Some((rate, times)) = results.get(results.len() / 2) else {
            continue;
        };
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
        println!(
            "| {name} | {together} | {rate:.0} | {:.1} ms | {:.1} ms | {:.1} ms |",
            at(50),
            at(95),
            at(99)
        );
    }
}

async fn measure(place: &str, together: usize) -> Measured {
    let opening = Opening {
        together,
        ..Opening::default()
    };
    let store = Store::open_with(place, &opening).await.expect("opens");
    let city = on::city(&store).await;
    let me = on::ctx(&store, &city.preparer, Permission::FillForms).await;
    let begun = Instant::now();
    let end = begun + Duration::from_secs(SECONDS);
    let mut savers = Vec::new();
    for saver in 0..SAVERS {
        let (store, me, sheet) = (store.clone(), me.clone(), city.sheet.clone());
        savers.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < end {
                let n = times.len() as i64;
                let changes = vec![Change {
                    cell: format!("cell/{saver}"),
                    base_revision: n,
                    value: Some(n.to_string()),
                }];
                let asked = Instant::now();
                let saved = store
                    .save_cells(&me, &sheet, changes, &format!("{saver}-{n}"))
                    .await;
                saved.expect("saved");
                times.push(asked.elapsed());
            }
            times
        }));
    }
    let mut times = Vec::new();
    for saver in savers {
        times.extend(saver.await.expect("a saver"));
    }
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    store.close().await;
    times.sort();
    (rate, times)
}
