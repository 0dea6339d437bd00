//! The hidden verbs `worker` and `recogniser`: files come in on standard input, documents or text go out under limits.

use crate::args::Ocr;
use crate::{CLEAN, Refusal, Verdict};
use jiheng_engine::read::{foreign, recogniser};
use jiheng_worker::{Limits, Recogniser, Workers, become_command, serve};
use std::path::Path;
use std::time::Duration;

/// Files for readers that are not ours are read by this program, started again under limits.
pub fn choose() {
    if let Ok(program) = std::env::current_exe() {
        let workers = Workers::new(program, vec!["worker".into()], Limits::default());
        foreign::choose(Box::new(workers));
    }
}

/// Serves until the host closes the input.
pub fn run() -> Verdict {
    serve(&Limits::default())
        .map(|()| CLEAN)
        .map_err(|_| Refusal("这个命令由程序自己启动。".into()))
}

/// Pictures and scans are given to the program that the command line names, if it names one.
pub fn choose_recogniser(ocr: &Ocr) {
    let (Some(command), Ok(program)) = (&ocr.program, std::env::current_exe()) else {
        return;
    };
    let usual = Limits::default();
    let (seconds, megabytes) = ocr
        .limits
        .unwrap_or((usual.cpu_seconds, usual.memory_bytes >> 20));
    let arguments = vec![
        "recogniser".into(),
        seconds.to_string().into(),
        megabytes.to_string().into(),
        command.into(),
    ];
    let limits = recogniser_limits(seconds, megabytes);
    recogniser::choose(Box::new(Recogniser::new(program, arguments, limits)));
}

/// Becomes the recogniser; comes back when that fails.
pub fn become_recogniser(command: &Path, seconds: u64, megabytes: u64) -> Verdict {
    Ok(become_command(
        command.as_os_str(),
        &recogniser_limits(seconds, megabytes),
    ))
}

fn recogniser_limits(seconds: u64, megabytes: u64) -> Limits {
    Limits {
        memory_bytes: megabytes << 20,
        cpu_seconds: seconds,
        wall: Duration::from_secs(seconds),
    }
}
