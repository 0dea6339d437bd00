//! `jiheng render`: material comes in; the official documents of the package are written into a folder.

use crate::args::{RenderArgs, Target};
use crate::output::{self, reason};
use crate::{CLEAN, Refusal, Verdict, view};
use jiheng_render::official;

/// Writes one file for each format asked for.
pub fn run(args: &RenderArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let evaluation = &view.evaluation;
    let filing = &evaluation.filing;
    let report = official::report_of(&evaluation.documents, filing);
    let package = official::package(&evaluation.documents, filing, report.as_ref());
    if package.parts.is_empty() {
        return Err(Refusal(
            "没有可以排印的内容：材料里没有认出表，也没有找到报告。".into(),
        ));
    }
    std::fs::create_dir_all(&args.out).map_err(|e| {
        Refusal(format!(
            "建不了文件夹 {}：{}。",
            args.out.display(),
            reason(&e)
        ))
    })?;
    for target in &args.to {
        let (name, bytes) = match target {
            Target::Docx => ("package.docx", official::docx(&package)),
            Target::Json => {
                let json = official::filing_json(&package, filing, report.as_ref());
                ("filing.json", json.into_bytes())
            }
            Target::Xlsx => {
                let book = official::workbook(&package, &[]);
                let book = book.map_err(|e| Refusal(format!("写不了 package.xlsx：{e}")))?;
                ("package.xlsx", book)
            }
            Target::Html => ("package.html", official::html(&package).into_bytes()),
        };
        let path = args.out.join(name);
        output::write(&path, &bytes)?;
        if !args.look.quiet {
            output::print(&format!("{}\n", path.display()));
        }
    }
    Ok(CLEAN)
}
