//! Files for readers that are not ours come in; documents that other processes read, under limits, go out.
//!
//! A thread cannot be ended and a stack that overflows ends its process. So such a reader runs in a
//! worker: the same program, started with a hidden verb, bounded in memory, in processor time and by
//! the clock. A worker is used again and again, and replaced when it dies.

mod host;
mod limits;
mod recogniser;
mod serve;

pub use host::Workers;
pub use limits::Limits;
pub use recogniser::{Recogniser, become_command};
pub use serve::{serve, serve_with};

use jiheng_engine::read::foreign::Kind;
use jiheng_model::Document;
use jiheng_office::Budget;
use serde::{Deserialize, Serialize};

/// What a worker is asked, in one line; the bytes of the file follow it.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    kind: Kind,
    name: String,
    /// Bytes of the file.
    len: u64,
    /// The budget: bytes of a part, bytes together, parts, depth, places.
    budget: [usize; 5],
}

/// What a worker answers, in one line.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Read(Box<Document>),
    /// The reader gave up in a way that only a bug in it explains.
    Broken,
}

impl Request {
    fn new(kind: Kind, name: &str, len: usize, budget: &Budget) -> Request {
        Request {
            kind,
            name: name.into(),
            len: len as u64,
            budget: [
                budget.part_bytes,
                budget.total_bytes,
                budget.parts,
                budget.depth,
                budget.places,
            ],
        }
    }

    fn budget(&self) -> Budget {
        let [part_bytes, total_bytes, parts, depth, places] = self.budget;
        Budget {
            part_bytes,
            total_bytes,
            parts,
            depth,
            places,
        }
    }
}
