//! `jiheng report`: material comes in; its report, with the sentences that carry numbers written from the forms, goes out as docx.

use crate::args::Material;
use crate::{CLEAN, Refusal, Verdict, output, view};
use clap::Args;
use jiheng_engine::compose::compose;
use jiheng_render::composed;
use std::path::PathBuf;

/// `report`.
#[derive(Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub material: Material,
    /// 写出的报告（.docx）
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub out: PathBuf,
    /// 不列生成了什么、还要填什么
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
}

/// Writes the report and says what was generated.
pub fn run(args: &ReportArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let Some(report) = compose(&view.evaluation) else {
        return Err(Refusal(format!(
            "规程包 {} 没有报告的句子，不能生成报告。",
            view.evaluation.rulebook.id
        )));
    };
    output::write(&args.out, &composed::docx(&report))?;
    if !args.quiet {
        output::print(&composed::account(&report));
        output::message(&format!("写好了 {}", args.out.display()));
    }
    Ok(CLEAN)
}
