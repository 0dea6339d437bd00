//! A rate and a time come in; the server in a process of its own is asked at that rate, and its answers' times go out.
//!
//! Open loop: a request is due at its time whether or not the one before was answered, and its time is
//! counted from when it was due. `cargo bench -p jiheng-server --bench load -- SECONDS [SAVES READS] [ramp]`

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_server::desk::entries;
use jiheng_server::people::{People, Permission, Role, Scope, Settings, SignIn};
use jiheng_server::start::{Choices, start};
use jiheng_server::store::{
    CampaignState, Change, Context, NewPerson, NewUnit, PersonId, Store, UnitKind, now,
};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Names the folder in the process that serves.
const SERVES: &str = "JIHENG_LOAD_SERVES";
const ADDRESS: &str = "127.0.0.1:8197";
const PEOPLE: usize = 400;
const UNITS: usize = 300;
const PASSWORD: &str = "load-load-load-7";

fn main() {
    if let Ok(folder) = std::env::var(SERVES) {
        let choices = Choices {
            demo: false,
            data: Some(PathBuf::from(folder)),
            database: None,
            listen: ADDRESS.parse().ok(),
            behind_proxy: false,
        };
        if let Err(why) = start(&choices) {
            eprintln!("{why}");
        }
        return;
    }
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    let number = |at: usize, usual: u64| args.get(at).and_then(|a| a.parse().ok()).unwrap_or(usual);
    let (seconds, saves, reads) = (number(0, 180), number(1, 100), number(2, 200));
    let ramp = args.iter().any(|a| a == "ramp");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(run(seconds, saves, reads, ramp));
}

async fn run(seconds: u64, saves: u64, reads: u64, ramp: bool) {
    let folder = std::env::temp_dir().join(format!("jiheng-load-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let begin = Instant::now();
    let seats = Arc::new(city(&folder).await);
    eprintln!(
        "{} people of {UNITS} units signed in, {} cells each, in {:.1} s",
        seats.len(),
        seats[0].cells.len(),
        begin.elapsed().as_secs_f64()
    );
    let server = Server::start(&folder).await;
    println!(
        "| saves/s | reads/s | seconds | kind | answered | errors | p50 ms | p95 ms | p99 ms | worst ms | processor | memory MB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let first = ask(&seats, seconds, saves, reads, &server).await;
    if ramp {
        let (mut factor, mut p95) = (1.0, first);
        while p95 < 50.0 && factor < 40.0 {
            factor *= 1.25;
            let rate = |base: u64| (base as f64 * factor) as u64;
            p95 = ask(&seats, 20, rate(saves), rate(reads), &server).await;
        }
    }
    drop(server);
    let _ = std::fs::remove_dir_all(&folder);
}

/// One signed-in person with a sheet to fill.
struct Seat {
    cookie: String,
    csrf: String,
    filing: String,
    sheet: String,
    cells: Vec<String>,
}

/// A bureau, its units with a filing each that holds the sample package, and people who are signed in.
async fn city(folder: &Path) -> Vec<Seat> {
    let store = Store::open(&folder.join("jiheng.db").to_string_lossy())
        .await
        .expect("a database");
    let people = People::new(store.clone(), Settings::default());
    let program = Context::program(now());
    let unit = async |kind, name: String, parent| {
        let code = None;
        let new = NewUnit {
            kind,
            name,
            code,
            parent,
        };
        store.add_unit(&program, new).await.expect("a unit")
    };
    let bureau = unit(UnitKind::Bureau, "青禾市财政局".into(), None).await;
    let sample = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    );
    let file = SourceFile {
        name: "package.docx".into(),
        bytes: std::fs::read(sample).expect("the sample"),
    };
    let package = Package { files: vec![file] };
    let shelf = Shelf::embedded();
    let seen = jiheng_engine::evaluate(&package, shelf, None).expect("a rulebook");
    let campaign = store
        .add_campaign(&program, 2023, "2023年度绩效自评", &seen.rulebook.id, None)
        .await
        .expect("a campaign");
    let open = CampaignState::Open;
    store
        .set_campaign_state(&program, &campaign, open)
        .await
        .expect("opened");
    let forms: Vec<(String, Vec<(String, String)>)> = (0..seen.filing.forms.len())
        .filter(|i| ["baseline", "department", "project"].contains(&seen.filing.forms[*i].kind()))
        .map(|i| {
            let cells = entries::of_form(&seen.documents, &seen.filing, i);
            (
                seen.filing.forms[i].kind().to_string(),
                cells.into_iter().collect(),
            )
        })
        .collect();
    let mut seats = Vec::new();
    for number in 0..UNITS {
        let name = format!("青禾市第{number}单位");
        let own = unit(UnitKind::Department, name, Some(bureau.clone())).await;
        let filing = store
            .begin_filing(&program, &campaign, &own)
            .await
            .expect("a filing");
        let several = if number < PEOPLE - UNITS { 2 } else { 1 };
        let mut sheets = Vec::new();
        for seat in 0..several {
            let login = format!("p{number}-{seat}");
            let new = NewPerson {
                unit: own.clone(),
                login: login.clone(),
                name: login.clone(),
            };
            let person = store.add_person(&program, new).await.expect("a person");
            store
                .grant(&program, &person, &own, Role::Preparer)
                .await
                .expect("a role");
            let link = people.invite(&program, &person).await.expect("a link");
            people
                .redeem(&link.token, PASSWORD, now())
                .await
                .expect("a password");
            let signed = people
                .sign_in(&login, PASSWORD, None, now())
                .await
                .expect("an answer");
            let SignIn::Done(signed) = signed else {
                panic!("not signed in")
            };
            let session = people
                .session(&signed.token, now())
                .await
                .expect("an answer")
                .expect("a session");
            if sheets.is_empty() {
                let ctx = writes(&store, &person, &session.pseudonym).await;
                for (form, cells) in &forms {
                    let sheet = store
                        .add_sheet(&ctx, &filing, form, form, None)
                        .await
                        .expect("a sheet");
                    let changes = cells.iter().map(|(cell, value)| Change {
                        cell: cell.clone(),
                        base_revision: 0,
                        value: Some(value.clone()),
                    });
                    store
                        .save_cells(&ctx, &sheet, changes.collect(), sheet.as_str())
                        .await
                        .expect("saved");
                    sheets.push(sheet);
                }
            }
            // Amounts of the baseline form.
            let amounts = forms[0].1.iter().filter(|(_, v)| v.parse::<f64>().is_ok());
            seats.push(Seat {
                cookie: format!("jiheng={}", signed.token),
                csrf: session.csrf,
                filing: filing.to_string(),
                sheet: sheets[0].to_string(),
                cells: amounts.map(|(k, _)| k.clone()).collect(),
            });
        }
    }
    store.close().await;
    seats
}

async fn writes(store: &Store, person: &PersonId, pseudonym: &str) -> Context {
    let grants = store.grants_of(person).await.expect("grants");
    Context {
        person: Some(person.clone()),
        pseudonym: pseudonym.into(),
        scope: Scope::of(&grants, Permission::FillForms),
        now: now(),
    }
}

/// The process that serves.
struct Server(Child);

impl Server {
    async fn start(folder: &Path) -> Server {
        let program = std::env::current_exe().expect("this program");
        let child = Command::new(program)
            .env(SERVES, folder)
            .env("JIHENG_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .expect("a server");
        let server = Server(child);
        for _ in 0..200 {
            if TcpStream::connect(ADDRESS).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not answer");
    }

    /// Processor seconds so far, and megabytes held.
    fn used(&self) -> (f64, f64) {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or_default();
        let fields: Vec<f64> = after
            .split_whitespace()
            .map(|f| f.parse().unwrap_or(0.0))
            .collect();
        let at = |i: usize| fields.get(i).copied().unwrap_or_default();
        ((at(11) + at(12)) / 100.0, at(21) * 4096.0 / 1e6)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[derive(Default)]
struct Times {
    micros: Vec<u64>,
    errors: u64,
    first_error: Option<String>,
}

type Idle = Arc<Mutex<Vec<SendRequest<Full<Bytes>>>>>;
type Bases = Arc<Mutex<HashMap<(String, String), i64>>>;

/// Asks at the rates for a time; prints a line for saves and one for reads; p95 of saves, in milliseconds.
async fn ask(seats: &Arc<Vec<Seat>>, seconds: u64, saves: u64, reads: u64, server: &Server) -> f64 {
    let idle: Idle = Arc::default();
    let bases: Bases = Arc::default();
    let times: [Arc<Mutex<Times>>; 2] = Default::default();
    let before = server.used().0;
    let total = (saves + reads) * seconds;
    let gap = Duration::from_secs(seconds).as_nanos() as u64 / total.max(1);
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..total {
        let due = start + Duration::from_nanos(gap * number);
        tokio::time::sleep_until(due.into()).await;
        let save = number * saves / (saves + reads) != (number + 1) * saves / (saves + reads);
        let (seats, idle, bases) = (seats.clone(), idle.clone(), bases.clone());
        let kind = times[usize::from(!save)].clone();
        tasks.spawn(async move {
            // The same order in every run, all over the city.
            let dice = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let seat = &seats[(dice >> 33) as usize % seats.len()];
            let done = match save {
                true => one_save(seat, dice, number, &idle, &bases).await,
                false => one_read(seat, dice, &idle).await,
            };
            let micros = due.elapsed().as_micros() as u64;
            let mut kind = kind.lock().expect("times");
            match done {
                Ok(()) => kind.micros.push(micros),
                Err(why) => {
                    kind.errors += 1;
                    kind.first_error.get_or_insert(why);
                }
            }
        });
        while tasks.try_join_next().is_some() {}
    }
    while tasks.join_next().await.is_some() {}
    let (used, memory) = server.used();
    let busy = (used - before) / start.elapsed().as_secs_f64();
    let mut p95_of_saves = f64::MAX;
    for (name, kind) in ["saves", "reads"].into_iter().zip(&times) {
        let mut kind = kind.lock().expect("times");
        kind.micros.sort_unstable();
        let at = |part: f64| {
            let last = kind.micros.len().saturating_sub(1);
            let at = (last as f64 * part) as usize;
            kind.micros.get(at).map_or(f64::MAX, |m| *m as f64 / 1000.0)
        };
        println!(
            "| {saves} | {reads} | {seconds} | {name} | {} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} % | {memory:.0} |",
            kind.micros.len(),
            kind.errors,
            at(0.5),
            at(0.95),
            at(0.99),
            at(1.0),
            busy * 100.0
        );
        if name == "saves" {
            p95_of_saves = at(0.95);
        }
        if let Some(why) = &kind.first_error {
            eprintln!("{name}: {why}");
        }
    }
    p95_of_saves
}

async fn one_save(
    seat: &Seat,
    dice: u64,
    number: u64,
    idle: &Idle,
    bases: &Bases,
) -> Result<(), String> {
    let cell = &seat.cells[(dice >> 17) as usize % seat.cells.len()];
    let known = (seat.sheet.clone(), cell.clone());
    let base = bases
        .lock()
        .expect("bases")
        .get(&known)
        .copied()
        .unwrap_or(1);
    let value = format!("{}.{:02}", number % 5000, number % 100);
    let cells = serde_json::json!([{ "key": cell, "base": base, "value": value }]);
    // The page has seen what there is: it is told what changed since.
    let body = serde_json::json!({ "cells": cells, "seen": i64::MAX }).to_string();
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/desk/{}/cells", seat.sheet))
        .header("host", ADDRESS)
        .header("cookie", &seat.cookie)
        .header("x-csrf", &seat.csrf)
        .header("idempotency-key", format!("k{number}-{}", seat.csrf))
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|e| e.to_string())?;
    let answer = send(request, idle).await?;
    let answer: serde_json::Value = serde_json::from_slice(&answer).map_err(|e| e.to_string())?;
    let revision = ["saved", "conflicts"]
        .iter()
        .find_map(|kind| answer[kind][0]["revision"].as_i64());
    let revision = revision.ok_or_else(|| "neither saved nor a conflict".to_string())?;
    bases.lock().expect("bases").insert(known, revision);
    Ok(())
}

async fn one_read(seat: &Seat, dice: u64, idle: &Idle) -> Result<(), String> {
    let path = match dice >> 40 & 3 {
        0 => format!("/desk/{}", seat.filing),
        1 => format!("/desk/{}/results", seat.filing),
        _ => format!("/desk/{}/{}", seat.filing, seat.sheet),
    };
    let request = Request::builder()
        .uri(path)
        .header("host", ADDRESS)
        .header("cookie", &seat.cookie)
        .header("accept", "text/html")
        .body(Full::default())
        .map_err(|e| e.to_string())?;
    send(request, idle).await.map(drop)
}

/// One request over a connection that is idle, or a new one.
async fn send(request: Request<Full<Bytes>>, idle: &Idle) -> Result<Bytes, String> {
    let waiting = idle.lock().expect("connections").pop();
    let mut connection = match waiting.filter(|c| !c.is_closed()) {
        Some(connection) => connection,
        None => {
            let stream = TcpStream::connect(ADDRESS)
                .await
                .map_err(|e| e.to_string())?;
            stream.set_nodelay(true).map_err(|e| e.to_string())?;
            let (sender, driver) = handshake(TokioIo::new(stream))
                .await
                .map_err(|e| e.to_string())?;
            tokio::spawn(driver);
            sender
        }
    };
    connection.ready().await.map_err(|e| e.to_string())?;
    let answer = connection
        .send_request(request)
        .await
        .map_err(|e| e.to_string())?;
    let status = answer.status();
    let body = answer
        .into_body()
        .collect()
        .await
        .map_err(|e| e.to_string())?
        .to_bytes();
    idle.lock().expect("connections").push(connection);
    match status {
        StatusCode::OK => Ok(body),
        other => Err(format!(
            "{other}: {}",
            String::from_utf8_lossy(&body)
                .chars()
                .take(200)
                .collect::<String>()
        )),
    }
}
