//! `jiheng render`: material comes in; the official documents of the package are written into a folder.

use crate::args::{RenderArgs, Target, Whose};
use crate::output::{self, reason};
use crate::report::no_sentences;
use crate::{CLEAN, Refusal, Verdict, view};
use jiheng_engine::compose::compose;
use jiheng_render::{composed, official};
use std::path::Path;

/// Writes one file for each format asked for.
pub fn run(args: &RenderArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let evaluation = &view.evaluation;
    let filing = &evaluation.filing;
    let report = match args.report {
        Whose::Kept => official::report_of(&evaluation.documents, filing),
        Whose::Written => {
            let written =
                compose(evaluation).ok_or_else(|| no_sentences(&evaluation.rulebook.id))?;
            Some(composed::text(&written, &evaluation.documents, filing))
        }
    };
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
                let book = official::workbook(&package);
                let book = book.map_err(|e| Refusal(format!("写不了 package.xlsx：{e}")))?;
                ("package.xlsx", book)
            }
            Target::Html => ("package.html", official::html(&package).into_bytes()),
            Target::Pdf => ("package.pdf", pdf(&package, args.faces.folder())?),
        };
        let path = args.out.join(name);
        output::write(&path, &bytes)?;
        if !args.look.quiet {
            output::print(&format!("{}\n", path.display()));
        }
    }
    Ok(CLEAN)
}

/// A document in the format that its file name ends with: docx, html or pdf.
pub fn paper(
    printed: &official::Official,
    out: &Path,
    font_dir: Option<&Path>,
) -> Result<Vec<u8>, Refusal> {
    let ending = out.extension().map(|e| e.to_ascii_lowercase());
    match ending.as_deref().and_then(|e| e.to_str()) {
        Some("docx") => Ok(official::docx(printed)),
        Some("html") => Ok(official::html(printed).into_bytes()),
        Some("pdf") => pdf(printed, font_dir),
        _ => Err(Refusal(format!(
            "--out 应是 .docx、.html 或 .pdf 文件，写的是 {}。",
            out.display()
        ))),
    }
}

/// The package as PDF; what faces and characters are lacking is said in one line each.
#[cfg(feature = "pdf")]
pub fn pdf(package: &official::Official, font_dir: Option<&Path>) -> Result<Vec<u8>, Refusal> {
    use jiheng_render_pdf::{Fonts, Press};
    let fonts = match font_dir {
        Some(folder) => Fonts::in_folder(folder).map_err(|why| Refusal(format!("{why}。")))?,
        None => Fonts::of_system(),
    };
    let lacking: Vec<&str> = fonts.lacking().iter().map(|role| role.label()).collect();
    if !lacking.is_empty() {
        eprintln!(
            "没有找到{}，PDF 里用内嵌的宋体代替；有这些字体时，用 --font-dir 指出它们的文件夹。",
            lacking.join("、")
        );
    }
    let pdf = Press::new(fonts).print(package);
    let pdf = pdf.map_err(|why| Refusal(format!("{why}。")))?;
    if !pdf.missing.is_empty() {
        let named: Vec<String> = pdf.missing.iter().map(char::to_string).collect();
        eprintln!(
            "字体里没有这些字，PDF 里印作“〓”：{}。请用 --font-dir 指出有这些字的字体。",
            named.join("、")
        );
    }
    Ok(pdf.bytes)
}

/// This program was built without the typesetter.
#[cfg(not(feature = "pdf"))]
pub fn pdf(_: &official::Official, _: Option<&Path>) -> Result<Vec<u8>, Refusal> {
    Err(Refusal(
        "这个程序没有带 PDF 排版。请用发行版，或者编译时加上 --features pdf；也可以先用 --to docx。".into(),
    ))
}
