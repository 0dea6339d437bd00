//! Reports of runs on odd files come in; a line for each, the table of all and docs/robustness.md go out.

use super::{Outcome, Report, Text, read_with_text};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// A file in one line.
pub fn line(report: &Report) -> String {
    let outcome = match &report.outcome {
        Outcome::Read => "read".to_string(),
        Outcome::Refused(why) => format!("refused: {why}"),
        Outcome::Broke(how) => format!("BROKE: {how}"),
        Outcome::Hung => "HUNG".into(),
    };
    let same = if report.same {
        ""
    } else {
        " NOT THE SAME TWICE"
    };
    let text = match &report.text {
        Text::NoPeer => String::new(),
        Text::NotOpened => " (peer does not open it)".into(),
        Text::Whole => " whole text".into(),
        Text::Missing(n, of, first) => format!(" missing {n} of {of}, first {first}"),
    };
    format!(
        "{}: {:.2} s ({:.2} s by the clock), {} MB, {outcome}{same}{text}",
        report.name,
        report.cpu.as_secs_f64(),
        report.wall.as_secs_f64(),
        report.memory >> 20
    )
}

/// Counts by kind of file.
pub fn table(reports: &[Report]) -> String {
    let mut kinds: BTreeMap<String, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        let kind = report.name.rsplit('.').next().unwrap_or_default();
        kinds.entry(kind.to_lowercase()).or_default().push(report);
    }
    let mut out = String::from(
        "| 格式 | 文件 | 读了 | 说明原因、没读 | 崩溃或卡住 | 两次不同 | 最长用时 | 最多内存 | 同类能打开 | 文字读全 |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (kind, reports) in &kinds {
        row(&mut out, &format!(".{kind}"), reports);
    }
    row(&mut out, "合计", &reports.iter().collect::<Vec<_>>());
    out
}

fn row(out: &mut String, name: &str, reports: &[&Report]) {
    let count = |is: &dyn Fn(&Report) -> bool| reports.iter().filter(|r| is(r)).count();
    let longest = reports
        .iter()
        .map(|r| r.cpu)
        .max()
        .unwrap_or(Duration::ZERO);
    let most = reports.iter().map(|r| r.memory).max().unwrap_or(0);
    let whole = count(&|r| r.text == Text::Whole);
    let opened = whole + count(&|r| matches!(r.text, Text::Missing(..)));
    let _ = writeln!(
        out,
        "| {name} | {} | {} | {} | {} | {} | {:.2} 秒 | {} MB | {opened} | {whole} |",
        reports.len(),
        count(&|r| r.outcome == Outcome::Read),
        count(&|r| matches!(r.outcome, Outcome::Refused(_))),
        count(&|r| matches!(r.outcome, Outcome::Broke(_) | Outcome::Hung)),
        count(&|r| !r.same),
        longest.as_secs_f64(),
        most >> 20,
    );
}

/// docs/robustness.md.
pub fn page(reports: &[Report]) -> String {
    let (whole, opened) = read_with_text(reports);
    let mut out = format!(
        "# 怪文件、坏文件\n\n其他读表程序的测试文件（缺件、截断、加密、少见的写法）逐个用程序核对两次，每次单独一个进程。由 `cargo xtask corpus --robustness --write` 生成。\n\n\
         用时是处理器时间，内存是程序和它的受限进程各自最多时之和；两次的输出逐字节比对。\
         “文字读全”是 python-docx 读出的每一段都读到了（不计空白），openpyxl 读出的每一格在同一行同一列显示同一个值（数按显示的位数四舍五入后逐位相等，文字不计空白长短）：{whole}/{opened}。\n\n\
         同类程序自己读得不对的，不按它的比：python-docx 丢掉段落中间的插入修订、域和内容控件，剩下的各段按先后找；openpyxl 把超链接的地址写进空白格，并把 `_x000D_` 这类转义原样留着。\n\n{}",
        table(reports)
    );
    let missing: Vec<&Report> = reports
        .iter()
        .filter(|r| matches!(r.text, Text::Missing(..)))
        .collect();
    if !missing.is_empty() {
        out.push_str("\n没有读全的：\n\n");
        for report in missing {
            if let Text::Missing(n, of, first) = &report.text {
                let _ = writeln!(
                    out,
                    "- `{}`：{of} 处少 {n} 处，如 {}",
                    report.name,
                    first.replace(['\n', '|', '<', '>', '`'], " ")
                );
            }
        }
    }
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for report in reports {
        if let Outcome::Refused(why) = &report.outcome {
            let file = report.name.rsplit('/').next().unwrap_or_default();
            let why = why.replace(file, "…").replace("读不了  ", "");
            *reasons.entry(why.replace('\n', " ")).or_default() += 1;
        }
    }
    if !reasons.is_empty() {
        out.push_str("\n没有读的，程序怎么说：\n\n| 文件 | 原因 |\n|---|---|\n");
        for (why, count) in reasons {
            let _ = writeln!(out, "| {count} | {} |", why.replace('|', "\\|"));
        }
    }
    out
}
