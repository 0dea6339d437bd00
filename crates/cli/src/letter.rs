//! `jiheng letter`: material comes in; the letter that returns it with the chosen findings (意见书) goes out as docx, html or PDF.

use crate::args::{Faces, Material};
use crate::{CLEAN, Refusal, Verdict, assess, output, render, view};
use clap::Args;
use jiheng_model::Date;
use jiheng_render::letter::{self, Terms};
use std::path::PathBuf;

/// `letter`.
#[derive(Args)]
pub struct LetterArgs {
    #[command(flatten)]
    pub material: Material,
    /// 写出的意见书：.docx、.html 或 .pdf
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub out: PathBuf,
    /// 意见书的日期，如 2024-05-10；不写则留空
    #[arg(long, value_name = "日期", help_heading = "选项")]
    pub date: Option<String>,
    /// 重新报送的期限，如 2024-05-20
    #[arg(long, value_name = "日期", help_heading = "选项")]
    pub due: Option<String>,
    /// 只写这些规则的发现，如 A103,X301；不写则全部
    #[arg(
        long,
        value_name = "编码",
        value_delimiter = ',',
        help_heading = "选项"
    )]
    pub only: Vec<String>,
    #[command(flatten)]
    pub faces: Faces,
    /// 不说写好了什么
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
}

/// Writes the letter.
pub fn run(args: &LetterArgs) -> Verdict {
    let date = assess::day("--date", args.date.as_deref())?.map(shown);
    let due = assess::day("--due", args.due.as_deref())?.map(shown);
    let only: Vec<String> = args
        .only
        .iter()
        .map(|code| code.trim().to_ascii_uppercase())
        .filter(|code| !code.is_empty())
        .collect();
    let view = view::evaluate(&args.material)?;
    if let Some(code) = only
        .iter()
        .find(|code| !view.rules.iter().any(|r| r.code == **code))
    {
        return Err(Refusal(format!(
            "没有编码是 {code} 的规则。写 jiheng rule 看全部编码。"
        )));
    }
    let terms = Terms {
        unit: None,
        date: date.as_deref(),
        due: due.as_deref(),
        only: &only,
    };
    let results = view.results();
    let letter = render::paper(
        &letter::official(&results, &terms),
        &args.out,
        args.faces.folder(),
    )?;
    output::write(&args.out, &letter)?;
    if !args.quiet {
        let count = letter::chosen(&results, &terms).len();
        output::message(&format!("写好了 {}，共 {count} 项意见", args.out.display()));
    }
    Ok(CLEAN)
}

fn shown(date: Date) -> String {
    jiheng_engine::check::dates::shown(date)
}
