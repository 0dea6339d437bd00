//! An exported chain (JSON lines) comes in; whether it is whole, or the first row that is not, goes out.

use super::root::DayRoot;
use super::{Row, ZERO, row_hash};
use std::io::{self, BufRead};

/// What a chain that is whole holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many rows.
    pub rows: u64,
    /// Number of the first row; more than 1 where retention has taken earlier days away, the last of them signed.
    pub first: i64,
    /// Number of the last row.
    pub last: i64,
    /// Hash of the last row: who knows it from elsewhere knows that nothing was cut off the end.
    pub hash: String,
    /// The signed days of the file; rows and signatures agree. Whose key it is, is for the reader to compare.
    pub days: Vec<DayRoot>,
}

/// Where and why a chain breaks, for the reader of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line of the file, from 1.
    pub line: u64,
    /// The number of the row, where it could be read.
    pub seq: Option<i64>,
    /// What does not hold, in a Chinese sentence.
    pub why: String,
}

/// Checks a file as [`crate::store::Store::export_audit`] writes it; `Err` is for reading the file only.
pub fn verify(file: impl BufRead) -> io::Result<Result<Report, Broken>> {
    let mut report = Report {
        rows: 0,
        first: 0,
        last: 0,
        hash: ZERO.to_string(),
        days: Vec::new(),
    };
    for (number, line) in file.split(b'\n').enumerate() {
        let line = line?;
        let number = number as u64 + 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if let Err((seq, why)) = follow(&mut report, &line) {
            return Ok(Err(Broken {
                line: number,
                seq,
                why,
            }));
        }
    }
    if report.rows == 0 {
        return Ok(Err(Broken {
            line: 0,
            seq: None,
            why: "文件里没有审计记录。请导出后再核对。".into(),
        }));
    }
    Ok(Ok(report))
}

fn follow(report: &mut Report, line: &[u8]) -> Result<(), (Option<i64>, String)> {
    if let Ok(day) = serde_json::from_slice::<DayRoot>(line) {
        return follow_day(report, day);
    }
    let row: Row = serde_json::from_slice(line)
        .map_err(|_| (None, "这一行不是审计记录，读不出来。".to_string()))?;
    let seq = Some(row.seq);
    if row.seq != report.last + 1 {
        let why = format!(
            "编号应为 {}，这里是 {}：少了或多了记录。",
            report.last + 1,
            row.seq
        );
        return Err((seq, why));
    }
    if row.prev != report.hash {
        return Err((
            seq,
            "记着的前一条哈希与前一条不符：前面有记录被改过。".into(),
        ));
    }
    if report.rows == 0 {
        report.first = row.seq;
    }
    if row_hash(&row) != row.hash {
        return Err((seq, "内容与哈希不符：这一条被改过。".into()));
    }
    report.rows += 1;
    report.last = row.seq;
    report.hash = row.hash;
    Ok(())
}

/// A signed day stands behind the row that it signs; before all rows, it is the last that retention has taken away.
fn follow_day(report: &mut Report, day: DayRoot) -> Result<(), (Option<i64>, String)> {
    let seq = Some(day.seq);
    if report.rows == 0 && report.days.is_empty() {
        (report.last, report.hash) = (day.seq, day.hash.clone());
    }
    if day.seq != report.last || day.hash != report.hash {
        let why = format!("{} 的日签与它所签的记录不符。", day.day);
        return Err((seq, why));
    }
    if !day.holds() {
        return Err((seq, format!("{} 的日签名不成立。", day.day)));
    }
    report.days.push(day);
    Ok(())
}
