//! A picture comes in; the text that the operator's command found in it, under limits, goes out.
//!
//! The command is started by this program, which bounds itself first and then becomes the command:
//! no shell reads it, and nothing of the picture or its name stands on its command line.

use crate::Limits;
use jiheng_engine::read::recogniser::{Failure, MAX_TEXT, TextRecogniser};
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;

/// A fixed command that reads a picture or PDF on standard input and writes UTF-8 text on standard output.
#[derive(Debug)]
pub struct Recogniser {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
}

impl Recogniser {
    /// A recogniser that is started by this program called with these arguments, which end in [`become_command`].
    pub fn new(program: PathBuf, arguments: Vec<OsString>, limits: Limits) -> Recogniser {
        Recogniser {
            program,
            arguments,
            limits,
        }
    }
}

impl TextRecogniser for Recogniser {
    fn recognise(&self, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| Failure::NotStarted)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (send, text) = sync_channel(1);
        let reading = thread::Builder::new().name("recognised text".into());
        let started = reading.spawn(move || {
            let mut text = Vec::new();
            if let Some(output) = output {
                let _ = output.take(MAX_TEXT as u64).read_to_end(&mut text);
            }
            let _ = send.send(text);
        });
        let sent: Vec<u8> = bytes.to_vec();
        // A command that does not read to the end must not hold this program up.
        let writing = thread::Builder::new().name("picture".into());
        let wrote = writing.spawn(move || {
            if let Some(mut input) = input {
                let _ = input.write_all(&sent);
            }
        });
        let found = match (started, wrote) {
            (Ok(_), Ok(_)) => text.recv_timeout(self.limits.wall),
            _ => return Err(stop(child, Failure::NotStarted)),
        };
        let Ok(found) = found else {
            return Err(stop(child, Failure::TooLong));
        };
        if found.len() >= MAX_TEXT {
            return Err(stop(child, Failure::Ended));
        }
        match child.wait().map(|status| status.code()) {
            Ok(Some(0)) => Ok(found),
            Ok(Some(NOT_STARTED)) => Err(Failure::NotStarted),
            _ => Err(Failure::Ended),
        }
    }
}

fn stop(mut child: std::process::Child, why: Failure) -> Failure {
    let _ = child.kill();
    let _ = child.wait();
    why
}

/// The exit code for a command that does not start; shells use it too.
const NOT_STARTED: i32 = 127;

/// Bounds this process and becomes the command; comes back, with an exit code, only when that fails.
pub fn become_command(command: &OsStr, limits: &Limits) -> u8 {
    limits.bound_memory();
    limits.bound_time();
    start(Command::new(command));
    NOT_STARTED as u8
}

#[cfg(unix)]
fn start(mut command: Command) {
    use std::os::unix::process::CommandExt;
    let _ = command.exec();
}

#[cfg(not(unix))]
fn start(mut command: Command) {
    if let Ok(status) = command.status() {
        std::process::exit(status.code().unwrap_or(1));
    }
}
