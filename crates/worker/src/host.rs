//! A file and a budget come in; the document that a worker made of it, or why it made none, goes out.

use crate::{Answer, Limits, Request};
use jiheng_engine::read::foreign::{Failure, ForeignReader, Kind};
use jiheng_model::Document;
use jiheng_office::Budget;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;

/// Longest answer that is taken; a document of the default budget stays far below.
const MAX_ANSWER: u64 = 256 << 20;

/// Worker processes, started when there is work and kept for the next file.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    /// Workers are this program called with these arguments, and bound by these limits.
    pub fn new(program: PathBuf, arguments: Vec<OsString>, limits: Limits) -> Workers {
        Workers {
            program,
            arguments,
            limits,
            idle: Mutex::new(Vec::new()),
        }
    }

    fn take(&self) -> io::Result<Worker> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        match idle {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.program, &self.arguments),
        }
    }

    fn keep(&self, worker: Worker) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(worker);
        }
    }
}

impl ForeignReader for Workers {
    fn read(
        &self,
        kind: Kind,
        name: &str,
        bytes: &[u8],
        budget: &Budget,
    ) -> Result<Document, Failure> {
        let request = Request::new(kind, name, bytes.len(), budget);
        // One that died while it was idle is replaced; one that dies of this file is not asked again.
        for _ in 0..2 {
            let Ok(mut worker) = self.take() else {
                return Err(Failure::NoReader);
            };
            if worker.ask(&request, bytes).is_err() {
                continue;
            }
            let answer = worker.answers.recv_timeout(self.limits.wall);
            return match answer {
                Ok(line) => {
                    self.keep(worker);
                    match serde_json::from_slice(&line) {
                        Ok(Answer::Read(document)) => Ok(*document),
                        Ok(Answer::Broken) | Err(_) => Err(Failure::Broken),
                    }
                }
                Err(RecvTimeoutError::Timeout) => Err(Failure::TooLong),
                Err(RecvTimeoutError::Disconnected) => Err(Failure::Died),
            };
        }
        Err(Failure::Died)
    }
}

/// One process; it ends with this value.
#[derive(Debug)]
struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<Vec<u8>>,
}

impl Worker {
    fn start(program: &PathBuf, arguments: &[OsString]) -> io::Result<Worker> {
        let mut child = Command::new(program)
            .args(arguments)
            // The allocator would map a gigabyte ahead, which is all that the limit sees.
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take();
        let (send, answers) = sync_channel(1);
        thread::Builder::new()
            .name("worker answers".into())
            .spawn(move || {
                let Some(output) = output else { return };
                let mut output = BufReader::new(output);
                loop {
                    let mut line = Vec::new();
                    let read = (&mut output).take(MAX_ANSWER).read_until(b'\n', &mut line);
                    if !matches!(read, Ok(n) if n > 0)
                        || line.last() != Some(&b'\n')
                        || send.send(line).is_err()
                    {
                        return;
                    }
                }
            })?;
        Ok(Worker {
            child,
            input,
            answers,
        })
    }

    fn ask(&mut self, request: &Request, bytes: &[u8]) -> io::Result<()> {
        let input = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        input.write_all(&line)?;
        input.write_all(bytes)?;
        input.flush()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
