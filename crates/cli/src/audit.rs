//! `jiheng audit`: an exported audit chain (审计记录) comes in; whether it is whole, or its first broken row, goes out.

use crate::data::PlaceArgs;
use crate::{CLEAN, ERRORS_FOUND, Refusal, Verdict, output};
use clap::{Args, Subcommand};
use jiheng_server::audit::{Report, verify};
use jiheng_server::upkeep;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// `audit`.
#[derive(Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    pub what: What,
}

/// What to do with the records.
#[derive(Subcommand)]
pub enum What {
    /// 逐条核对导出的审计记录；不需要数据库，也不需要密钥
    #[command(
        override_usage = "jiheng audit verify <导出的文件> [选项]",
        help_template = crate::args::HELP
    )]
    Verify {
        /// 平台导出的审计记录（每行一条）
        #[arg(value_name = "文件", help_heading = "参数")]
        file: PathBuf,
        /// 平台公布的日签公钥；写了就核对每个日签是不是由它签的
        #[arg(long, value_name = "公钥", help_heading = "选项")]
        key: Option<String>,
    },
    /// 导出全部审计记录和日签，平台运行时也可以
    #[command(
        override_usage = "jiheng audit export --out <文件> [选项]",
        help_template = crate::args::HELP
    )]
    Export {
        #[command(flatten)]
        place: PlaceArgs,
        /// 写出的文件；已有的文件不会被覆盖
        #[arg(long, value_name = "文件", help_heading = "选项")]
        out: PathBuf,
    },
}

/// Does it.
pub fn run(args: &AuditArgs) -> Verdict {
    match &args.what {
        What::Verify { file, key } => check(file, key.as_deref()),
        What::Export { place, out } => {
            let rows = upkeep::export_audit(&place.place(), out).map_err(Refusal)?;
            output::message(&format!("已导出 {rows} 条审计记录到 {}。", out.display()));
            Ok(CLEAN)
        }
    }
}

/// 0 whole, 1 broken.
fn check(file: &Path, key: Option<&str>) -> Verdict {
    let unread = |e| {
        Refusal(format!(
            "读不了 {}：{}。",
            file.display(),
            output::reason(&e)
        ))
    };
    let opened = std::fs::File::open(file).map_err(unread)?;
    match verify(BufReader::new(opened)).map_err(unread)? {
        Ok(report) => whole(&report, key),
        Err(broken) => {
            let row = broken
                .seq
                .map(|s| format!("，编号 {s}"))
                .unwrap_or_default();
            output::print(&format!(
                "不完整：第 {} 行{row}。{}\n这一条之前的记录都对得上。请保留原文件，并与平台另存的备份对照。\n",
                broken.line, broken.why
            ));
            Ok(ERRORS_FOUND)
        }
    }
}

fn whole(report: &Report, key: Option<&str>) -> Verdict {
    if let Some(key) = key
        && let Some(day) = report
            .days
            .iter()
            .find(|d| !d.key.eq_ignore_ascii_case(key))
    {
        output::print(&format!(
            "不可信：{} 的日签不是由这把公钥签的，而是 {}。\n",
            day.day, day.key
        ));
        return Ok(ERRORS_FOUND);
    }
    let signed = match report.days.last() {
        Some(last) => format!("日签 {} 个，最近一个是 {}", report.days.len(), last.day),
        None => "没有日签".to_string(),
    };
    output::print(&format!(
        "完整：{} 条记录，编号 {} 至 {}；{signed}。\n末条哈希 {}\n",
        report.rows, report.first, report.last, report.hash
    ));
    if key.is_none() && !report.days.is_empty() {
        let keys: std::collections::BTreeSet<&str> =
            report.days.iter().map(|d| d.key.as_str()).collect();
        for key in keys {
            output::print(&format!("日签公钥 {key}\n"));
        }
        output::message("请把日签公钥与平台公布的对照，或用 --key 写出来由程序对照。");
    }
    Ok(CLEAN)
}
