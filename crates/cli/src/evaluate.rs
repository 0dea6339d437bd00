//! `jiheng evaluate`: material comes in; findings and scores are printed, and the files of the result are written.

use crate::args::{EvaluateArgs, Report};
use crate::output::{self, reason};
use crate::{Refusal, Verdict, view};
use jiheng_render::{html, json, sarif, terminal, xlsx};

/// Checks, scores and writes the files of the result into a folder.
pub fn run(args: &EvaluateArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let results = view.results();
    std::fs::create_dir_all(&args.out).map_err(|e| {
        Refusal(format!(
            "建不了文件夹 {}：{}。",
            args.out.display(),
            reason(&e)
        ))
    })?;
    let check = json::check(&results);
    let put = |name: &str, bytes: &[u8]| output::write(&args.out.join(name), bytes);
    put("findings.html", html::findings(&results).as_bytes())?;
    put("findings.json", check.as_bytes())?;
    let list =
        xlsx::findings(&results).map_err(|e| Refusal(format!("写不了 findings.xlsx：{e}")))?;
    put("findings.xlsx", &list)?;
    put("forms.json", json::extract(&results).as_bytes())?;
    let text = match args.format {
        Report::Json => check,
        Report::Sarif => sarif::sarif(&results),
        Report::Terminal => {
            let style = output::style(&args.look);
            let mut text = terminal::findings(&results, &style);
            text.push_str(&terminal::score(&results, &style));
            if !style.quiet {
                text.push_str(&terminal::footer(&results, &style));
                let page = args.out.join("findings.html");
                text.push_str(&format!(
                    "结果页 {}    某条规则的说明 jiheng rule 编码\n",
                    page.display()
                ));
            }
            text
        }
    };
    output::print(&text);
    Ok(view.exit())
}
