//! `jiheng diff`: an older and a newer package come in; what they differ in, in words or as JSON, goes out.

use crate::args::{Look, Material, Ocr, Plain};
use crate::{CLEAN, Verdict, output, view};
use clap::Args;
use jiheng_engine::differ::differ;
use jiheng_render::{json, terminal};
use std::path::PathBuf;

/// `diff`.
#[derive(Args)]
pub struct DiffArgs {
    /// 原来的材料：文件、文件夹或 zip
    #[arg(value_name = "原材料", help_heading = "参数")]
    pub old: PathBuf,
    /// 现在的材料：改过的一版，或下一年的
    #[arg(value_name = "新材料", help_heading = "参数")]
    pub new: PathBuf,
    /// 规程包编号或文件夹；不写则由材料判断
    #[arg(long, value_name = "编号", help_heading = "选项")]
    pub rulebook: Option<String>,
    /// 输出：terminal 或 json
    #[arg(
        long,
        value_name = "格式",
        default_value = "terminal",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub format: Plain,
    #[command(flatten)]
    pub look: Look,
}

/// Prints what changed.
pub fn run(args: &DiffArgs) -> Verdict {
    let read = |path: &PathBuf| {
        view::evaluate(&Material {
            paths: vec![path.clone()],
            rulebook: args.rulebook.clone(),
            config: None,
            ocr: Ocr::default(),
            today: None,
        })
    };
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let difference = differ(&old.evaluation, &new.evaluation);
    output::print(&match args.format {
        Plain::Json => json::diff(&difference),
        Plain::Terminal => terminal::diff(&difference, &output::style(&args.look)),
    });
    Ok(CLEAN)
}
