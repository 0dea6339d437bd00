//! A command comes in; what it printed, how it ended, and the time and memory that it and its own children took go out.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use wait4::Wait4;

/// Ticks of the processor times in /proc; the same on every Linux that is in use.
const TICKS: u64 = 100;
/// How often the memory of the children is looked at.
const PACE: Duration = Duration::from_millis(4);

/// One run of a program.
#[derive(Debug)]
pub struct Run {
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: String,
    /// How it ended; `None` when it was stopped because it took longer than allowed.
    pub status: Option<ExitStatus>,
    /// Time by the clock.
    pub wall: Duration,
    /// Processor time of the program and its children.
    pub cpu: Duration,
    /// Largest memory in use, in bytes: the program's and its children's largest together.
    pub memory: u64,
}

/// Runs a command to its end, or until `patience` is over.
pub fn run(command: &mut Command, patience: Duration) -> Result<Run, String> {
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{command:?} did not start: {e}"))?;
    let out = drain(child.stdout.take());
    let err = drain(child.stderr.take());
    let watcher = watch(child.id());
    let (status, own_cpu) = wait(&mut child, began, patience)?;
    let wall = began.elapsed();
    watcher.0.store(true, std::sync::atomic::Ordering::Relaxed);
    let (child_cpu, memory) = watcher.1.join().unwrap_or_default();
    Ok(Run {
        out: out.join().unwrap_or_default(),
        err: String::from_utf8_lossy(&err.join().unwrap_or_default()).into_owned(),
        status,
        wall,
        cpu: own_cpu + child_cpu,
        memory,
    })
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Waits in another thread than the one that stops the program when it takes too long.
fn wait(
    child: &mut Child,
    began: Instant,
    patience: Duration,
) -> Result<(Option<ExitStatus>, Duration), String> {
    let pid = child.id();
    let (done, waiting) = std::sync::mpsc::channel::<()>();
    let stopper = thread::spawn(move || {
        let left = patience.saturating_sub(began.elapsed());
        let late = waiting.recv_timeout(left).is_err();
        if late {
            // By its own id; nobody else's process.
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
        }
        late
    });
    let used = child.wait4().map_err(|e| e.to_string())?;
    let _ = done.send(());
    let late = stopper.join().unwrap_or(false);
    Ok((
        (!late).then_some(used.status),
        used.rusage.utime + used.rusage.stime,
    ))
}

type Watcher = (
    std::sync::Arc<std::sync::atomic::AtomicBool>,
    thread::JoinHandle<(Duration, u64)>,
);

/// Looks at a process and its children until it is told to stop; gives the children's time and the memory of all.
///
/// The largest memory that the system reports at the end counts what this program held when it
/// started the other; what /proc says of a process is its own.
fn watch(pid: u32) -> Watcher {
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let told = stop.clone();
    let watch = thread::spawn(move || {
        let mut seen: Vec<(u32, u64, u64)> = Vec::new();
        let mut own = 0;
        while !told.load(std::sync::atomic::Ordering::Relaxed) {
            own = own.max(peak(pid));
            let list = format!("/proc/{pid}/task/{pid}/children");
            for child in std::fs::read_to_string(list)
                .unwrap_or_default()
                .split_whitespace()
                .filter_map(|c| c.parse().ok())
            {
                let (memory, ticks) = (peak(child), ticks(child));
                match seen.iter_mut().find(|s| s.0 == child) {
                    Some(s) => *s = (child, s.1.max(memory), s.2.max(ticks)),
                    None => seen.push((child, memory, ticks)),
                }
            }
            thread::sleep(PACE);
        }
        let ticks: u64 = seen.iter().map(|s| s.2).sum();
        // Workers follow each other, they do not live side by side.
        let memory = seen.iter().map(|s| s.1).max().unwrap_or(0);
        (Duration::from_millis(ticks * 1000 / TICKS), own + memory)
    });
    (stop, watch)
}

fn peak(pid: u32) -> u64 {
    std::fs::read_to_string(format!("/proc/{pid}/status"))
        .ok()
        .and_then(|s| {
            let line = s.lines().find(|l| l.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kib| kib << 10)
}

fn ticks(pid: u32) -> u64 {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .ok()
        .and_then(|s| {
            let behind_name = s.rsplit_once(')')?.1;
            let mut fields = behind_name.split_whitespace().skip(11);
            let user: u64 = fields.next()?.parse().ok()?;
            let system: u64 = fields.next()?.parse().ok()?;
            Some(user + system)
        })
        .unwrap_or(0)
}
