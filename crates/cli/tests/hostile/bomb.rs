//! Sizes and texts come in; small files that claim to be large, and the measured run of the program on them, go out.

use crate::measured;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// What one file may take; code that was not optimised takes about ten times as long.
fn time() -> Duration {
    let named = std::env::var_os("JIHENG").is_some();
    Duration::from_secs(if cfg!(debug_assertions) && !named {
        20
    } else {
        2
    })
}
const MEMORY: u64 = 256 << 20;
/// What stands still by the clock is stopped; the clock of a busy machine says nothing finer.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the program said to a file.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    /// Standard output and standard error.
    pub text: String,
}

/// The program as it was built with this test, or another build of it that is named.
fn program() -> PathBuf {
    std::env::var_os("JIHENG").map_or(env!("CARGO_BIN_EXE_jiheng").into(), PathBuf::from)
}

/// Checks a file in a process of its own; fails when it took too much or ended in a way that the contract does not know.
pub fn check(name: &str, bytes: &[u8]) -> Said {
    check_with(name, bytes, &[])
}

/// Like [`check`], with further arguments.
pub fn check_with(name: &str, bytes: &[u8], more: &[&str]) -> Said {
    let folder = std::env::temp_dir().join(format!("jiheng-hostile-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    let mut command = Command::new(program());
    command
        .arg("check")
        .arg(&path)
        .args(["--plain", "--color", "never"])
        .args(more);
    let run = measured::run(&mut command, PATIENCE).expect("the program starts");
    let _ = std::fs::remove_file(&path);
    let said = Said {
        code: run.status.and_then(|s| s.code()).unwrap_or(-1),
        text: String::from_utf8_lossy(&run.out).into_owned() + &run.err,
    };
    let figures = format!(
        "{name}: exit {}, {:.2} s ({:.2} s by the clock), {} MB",
        said.code,
        run.cpu.as_secs_f64(),
        run.wall.as_secs_f64(),
        run.memory >> 20
    );
    eprintln!("{figures}");
    let head: String = said.text.chars().take(600).collect();
    assert!(matches!(said.code, 0..=2), "{figures}\n{head}");
    assert!(!said.text.contains("panicked"), "{figures}\n{head}");
    assert!(run.cpu <= time(), "{figures}\n{head}");
    assert!(run.memory <= MEMORY, "{figures}\n{head}");
    said
}

impl Said {
    /// Fails unless the program said this to the file.
    pub fn says(&self, words: &str) {
        let head: String = self.text.chars().take(900).collect();
        assert!(self.text.contains(words), "“{words}” is not said:\n{head}");
    }
}

/// Bits as deflate packs them, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    fn put(&mut self, value: u32, width: usize) {
        for bit in 0..width {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if value >> bit & 1 == 1 {
                let last = self.bytes.len() - 1;
                self.bytes[last] |= 1 << (self.count % 8);
            }
            self.count += 1;
        }
    }
}

/// A deflate stream that unfolds to spaces, each of its bytes to 1032 of them; and to how many.
///
/// Its code book gives one bit to "258 bytes as before" and one to "as the last": all zero.
pub fn spaces(about: u64) -> (Vec<u8>, u64) {
    let mut bits = Bits::default();
    bits.put(1, 1); // the last block
    bits.put(2, 2); // with a code book
    bits.put(29, 5); // 286 codes for literals and lengths
    bits.put(0, 5); // one for distances
    bits.put(14, 4); // 18 code lengths of the code lengths: 18 has 1 bit; 1 and 2 have 2
    for length in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2] {
        bits.put(length, 3);
    }
    let zeros = |bits: &mut Bits, run: u32| {
        bits.put(0, 1);
        bits.put(run - 11, 7);
    };
    let one = |bits: &mut Bits| bits.put(0b01, 2); // the code 10, its first bit first
    let two = |bits: &mut Bits| bits.put(0b11, 2);
    zeros(&mut bits, 32);
    two(&mut bits); // the space
    zeros(&mut bits, 138);
    zeros(&mut bits, 85);
    two(&mut bits); // the end
    zeros(&mut bits, 28);
    one(&mut bits); // 258 bytes
    one(&mut bits); // distance 1
    bits.put(0b01, 2); // a space
    // Pairs of zero bits, as many whole bytes of them as are asked for.
    let begin = bits.count;
    bits.count += about.div_ceil(258).next_multiple_of(4) as usize * 2;
    bits.bytes.resize(bits.count.div_ceil(8), 0);
    let unfolded = 1 + (bits.count - begin) as u64 / 2 * 258;
    bits.put(0b11, 2); // the end
    (bits.bytes, unfolded)
}

/// An entry of a zip as it is written, true or not.
pub struct Entry<'a> {
    pub name: &'a str,
    pub deflated: &'a [u8],
    /// What its header says that it unfolds to.
    pub claims: u64,
    /// It lies on the bytes of the entry before.
    pub same: bool,
}

/// A zip of such entries.
pub fn zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    let mut at = 0;
    for entry in entries {
        if !entry.same {
            at = out.len() as u32;
            out.extend(header(entry, true));
            out.extend(entry.name.as_bytes());
            out.extend(extra(entry));
            out.extend(entry.deflated);
        }
        directory.extend(header(entry, false));
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(entry.name.as_bytes());
        directory.extend(extra(entry));
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(0x0605_4b50_u32.to_le_bytes());
    out.extend([0; 4]);
    for _ in 0..2 {
        out.extend((entries.len() as u16).to_le_bytes());
    }
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn header(entry: &Entry<'_>, local: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mark: u32 = if local { 0x0403_4b50 } else { 0x0201_4b50 };
    out.extend(mark.to_le_bytes());
    if !local {
        out.extend([20, 0]);
    }
    out.extend([45, 0, 0, 8, 8, 0]); // version, UTF-8, deflate
    out.extend([0; 8]); // time and checksum
    out.extend((entry.deflated.len() as u32).to_le_bytes());
    out.extend(
        u32::try_from(entry.claims)
            .unwrap_or(u32::MAX)
            .to_le_bytes(),
    );
    out.extend((entry.name.len() as u16).to_le_bytes());
    out.extend((extra(entry).len() as u16).to_le_bytes());
    out
}

/// Sizes of more than four gigabytes stand behind the name.
fn extra(entry: &Entry<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    if entry.claims >= u64::from(u32::MAX) {
        out.extend([1, 0, 8, 0]);
        out.extend(entry.claims.to_le_bytes());
    }
    out
}

/// Deflates bytes.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let level = libdeflater::CompressionLvl::fastest();
    let mut deflate = libdeflater::Compressor::new(level);
    let mut out = vec![0; deflate.deflate_compress_bound(bytes.len())];
    let len = deflate.deflate_compress(bytes, &mut out).expect("room");
    out.truncate(len);
    out
}

/// A zip of deflated parts that says the truth.
pub fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let packed: Vec<Vec<u8>> = parts.iter().map(|p| deflated(p.1)).collect();
    let entries: Vec<Entry<'_>> = parts
        .iter()
        .zip(&packed)
        .map(|((name, bytes), deflated)| Entry {
            name,
            deflated,
            claims: bytes.len() as u64,
            same: false,
        })
        .collect();
    zip(&entries)
}
