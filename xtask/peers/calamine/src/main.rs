//! Workbooks named on the command line come in; the median time that calamine takes for all their cells goes out, one JSON line each.

use calamine::{Reader, Xlsx};
use std::hint::black_box;
use std::io::Cursor;
use std::time::{Duration, Instant};

/// The allocator that the program is measured with too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long one file is repeated for.
const BUDGET: Duration = Duration::from_millis(1500);

fn main() {
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("skipped, cannot be read: {path}");
            continue;
        };
        // Once to warm up.
        black_box(read(&bytes));
        let (mut times, began) = (Vec::new(), Instant::now());
        while began.elapsed() < BUDGET || times.len() < 5 {
            let one = Instant::now();
            black_box(read(&bytes));
            times.push(one.elapsed());
        }
        times.sort_unstable();
        let micros = times[times.len() / 2].as_micros();
        println!("{{\"peer\":\"calamine\",\"file\":{path:?},\"micros\":{micros}}}");
    }
}

/// All sheets, and the text of every cell, as our reader makes it too.
fn read(bytes: &[u8]) -> usize {
    let Ok(mut book) = Xlsx::new(Cursor::new(bytes)) else {
        return 0;
    };
    let mut text = String::new();
    for (_, sheet) in book.worksheets() {
        for (_, _, cell) in sheet.used_cells() {
            use std::fmt::Write;
            let _ = write!(text, "{cell}");
        }
    }
    text.len()
}
