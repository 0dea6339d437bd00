//! A host with workers of this very program comes in: they are reused, bounded, and replaced after a death.
//!
//! Without the usual test harness, since the program must be its own worker.

use jiheng_engine::read::foreign::{Failure, ForeignReader, Kind};
use jiheng_model::{Document, Format};
use jiheng_office::Budget;
use jiheng_worker::{Limits, Workers, serve_with};
use std::time::{Duration, Instant};

const LIMITS: Limits = Limits {
    memory_bytes: 64 << 20,
    cpu_seconds: 2,
    wall: Duration::from_secs(20),
};

fn main() {
    if std::env::args().nth(1).as_deref() == Some("worker") {
        let _ = serve_with(&LIMITS, misbehave);
        return;
    }
    let program = std::env::current_exe().expect("a path");
    let arguments = vec!["worker".into()];
    let workers = Workers::new(program.clone(), arguments.clone(), LIMITS);
    let ask = |what: &str, bytes: &[u8]| workers.read(Kind::Pdf, what, bytes, &Budget::default());
    let text = |what: &str, bytes: &[u8]| ask(what, bytes).expect("it was read").text;

    let first = text("say", "你好".as_bytes());
    assert_eq!(first.split(' ').nth(1), Some("你好"));
    assert_eq!(
        text("say", "你好".as_bytes()),
        first,
        "the worker is used again"
    );

    assert_eq!(ask("panic", b"").err(), Some(Failure::Broken));
    assert_eq!(
        text("say", "你好".as_bytes()),
        first,
        "a panic ends no worker"
    );

    #[cfg(target_os = "linux")]
    for what in ["eat", "spin", "overflow", "abort"] {
        let start = Instant::now();
        assert_eq!(
            ask(what, &[0; 1 << 20]).err(),
            Some(Failure::Died),
            "{what}"
        );
        assert!(start.elapsed() < Duration::from_secs(15), "{what}");
        assert_ne!(
            text("say", "你好".as_bytes()),
            first,
            "a new worker after {what}"
        );
    }

    let short = Limits {
        wall: Duration::from_millis(300),
        ..LIMITS
    };
    let workers = Workers::new(program, arguments, short);
    let start = Instant::now();
    let read = workers.read(Kind::Pdf, "sleep", b"", &Budget::default());
    assert_eq!(read.err(), Some(Failure::TooLong));
    assert!(start.elapsed() < Duration::from_secs(5));

    let nobody = Workers::new("/no/such/program".into(), Vec::new(), LIMITS);
    let read = nobody.read(Kind::Pdf, "say", b"", &Budget::default());
    assert_eq!(read.err(), Some(Failure::NoReader));
    println!("workers are reused, bounded and replaced: ok");
}

/// Does what the name of the file says.
fn misbehave(_: Kind, name: &str, bytes: &[u8], _: &Budget) -> Document {
    match name {
        "panic" => panic!("a bug of the reader"),
        "eat" => {
            let mut eaten = Vec::new();
            loop {
                eaten.push(vec![1_u8; 1 << 20]);
                std::hint::black_box(&eaten);
            }
        }
        "spin" => loop {
            std::hint::black_box(0);
        },
        "overflow" => {
            std::hint::black_box(deeper(1));
        }
        "abort" => std::process::abort(),
        "sleep" => std::thread::sleep(Duration::from_secs(60)),
        _ => {}
    }
    let mut document = Document::empty(name, Format::Pdf);
    document.text = format!("{} {}", std::process::id(), String::from_utf8_lossy(bytes));
    document
}

fn deeper(n: u64) -> u64 {
    let block = std::hint::black_box([n; 512]);
    if n == 0 {
        0
    } else {
        deeper(n + 1) + block[(n % 512) as usize]
    }
}
