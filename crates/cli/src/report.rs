//! `jiheng report`: material comes in; its report, with the sentences that carry numbers written from the forms, goes out as docx, html or PDF.

use crate::args::{Faces, Material};
use crate::{CLEAN, Refusal, Verdict, output, render, view};
use clap::Args;
use jiheng_engine::compose::compose;
use jiheng_render::composed;
use std::path::PathBuf;

/// `report`.
#[derive(Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub material: Material,
    /// 写出的报告：.docx、.html 或 .pdf
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub out: PathBuf,
    #[command(flatten)]
    pub faces: Faces,
    /// 不列生成了什么、还要填什么
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
}

/// Writes the report and says what was generated.
pub fn run(args: &ReportArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let Some(report) = compose(&view.evaluation) else {
        return Err(no_sentences(&view.evaluation.rulebook.id));
    };
    let (documents, filing) = (&view.evaluation.documents, &view.evaluation.filing);
    let printed = composed::official(&report, documents, filing);
    let bytes = render::paper(&printed, &args.out, args.faces.folder())?;
    output::write(&args.out, &bytes)?;
    if !args.quiet {
        output::print(&composed::account(&report));
        output::message(&format!("写好了 {}", args.out.display()));
    }
    Ok(CLEAN)
}

/// The rulebook cannot write a report.
pub fn no_sentences(rulebook: &str) -> Refusal {
    Refusal(format!("规程包 {rulebook} 没有报告的句子，不能生成报告。"))
}
