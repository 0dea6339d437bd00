//! Requests on standard input come in; answers on standard output go out, until the input ends.

use crate::{Answer, Limits, Request};
use jiheng_engine::read::foreign::{self, Kind};
use jiheng_model::Document;
use jiheng_office::Budget;
use std::io::{self, BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Reads files for a host until it closes the input; the body of the hidden verb.
///
/// # Errors
/// When the host is gone or does not speak as expected.
pub fn serve(limits: &Limits) -> io::Result<()> {
    serve_with(limits, foreign::read_here)
}

/// Like [`serve`], with another reader.
///
/// # Errors
/// When the host is gone or does not speak as expected.
pub fn serve_with(
    limits: &Limits,
    reader: impl Fn(Kind, &str, &[u8], &Budget) -> Document,
) -> io::Result<()> {
    // A trace of a panic costs more than the file, and nobody sees it.
    std::panic::set_hook(Box::new(|_| {}));
    limits.bound_memory();
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let request: Request = serde_json::from_str(&line)?;
        limits.bound_time();
        let mut bytes = Vec::new();
        (&mut input).take(request.len).read_to_end(&mut bytes)?;
        let budget = request.budget();
        let read = catch_unwind(AssertUnwindSafe(|| {
            reader(request.kind, &request.name, &bytes, &budget)
        }));
        let answer = read.map_or(Answer::Broken, |d| Answer::Read(Box::new(d)));
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
}
