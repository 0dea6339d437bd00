//! `jiheng assess`: material and what was handed in beside it come in; the sheet of 附件5 goes out.

use crate::args::{AssessArgs, Paper};
use crate::output::{self};
use crate::{CLEAN, Refusal, Verdict, view};
use jiheng_batch::disk;
use jiheng_engine::assess::{self, Beside};
use jiheng_engine::read;
use jiheng_engine::rulebook::Shelf;
use jiheng_model::{Date, value::days_in};
use jiheng_render::{assess as sheet, json, official};

/// Prints or writes the sheet.
pub fn run(args: &AssessArgs) -> Verdict {
    let beside = Beside {
        due: day("--due", args.due.as_deref())?,
        submitted: day("--submitted", args.submitted.as_deref())?,
        units: match &args.units {
            Some(path) => Some(jiheng_batch::names(path).map_err(Refusal)?),
            None => None,
        },
        evidence: match &args.evidence {
            Some(path) => {
                let package = disk::read(std::slice::from_ref(path)).map_err(Refusal)?;
                read::read(&package)
            }
            None => Vec::new(),
        },
    };
    let view = view::evaluate(&args.material)?;
    let assessed = assess::assess(&view.evaluation, &beside);
    let assessment = assessed.map_err(|_| Refusal(without_sheet(&view)))?;
    let results = view.results();
    let bytes = match args.format {
        Paper::Terminal => {
            let style = output::style(&args.look);
            sheet::terminal(&assessment, &results, &style).into_bytes()
        }
        Paper::Json => json::assess(&assessment, &results).into_bytes(),
        Paper::Docx => official::docx(&sheet::official(&assessment)),
        Paper::Html => official::html(&sheet::official(&assessment)).into_bytes(),
        Paper::Xlsx => {
            sheet::xlsx(&assessment).map_err(|e| Refusal(format!("写不了考核评分表：{e}")))?
        }
    };
    match (&args.out, args.format) {
        (Some(path), _) => {
            output::write(path, &bytes)?;
            if !args.look.quiet {
                output::message(&format!("写好了 {}", path.display()));
            }
        }
        (None, Paper::Docx | Paper::Xlsx) => {
            return Err(Refusal(
                "docx 和 xlsx 要写到文件：加上 --out 文件名。".into(),
            ));
        }
        (None, _) => output::print(&String::from_utf8_lossy(&bytes)),
    }
    Ok(CLEAN)
}

/// A day as it is written: "2024-04-30", "2024.4.30" or "2024年4月30日".
pub fn day(name: &str, text: Option<&str>) -> Result<Option<Date>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let plain = text.trim().replace(['.', '/', '年', '月'], "-");
    let parts: Vec<&str> = plain.trim_end_matches('日').split('-').collect();
    let date = match parts.as_slice() {
        [year, month, day] => (|| {
            let (year, month, day) = (
                year.parse().ok()?,
                month.parse().ok()?,
                day.parse::<u8>().ok()?,
            );
            let sound = (1900..=2999).contains(&year)
                && (1..=12).contains(&month)
                && (1..=days_in(year, month)).contains(&day);
            sound.then_some(Date {
                year,
                month: Some(month),
                day: Some(day),
            })
        })(),
        _ => None,
    };
    match date {
        Some(date) => Ok(Some(date)),
        None => Err(Refusal(format!(
            "{name} 不能是“{text}”，应写作 2024-04-30。"
        ))),
    }
}

/// The rulebook in force has no sheet; which ones do.
fn without_sheet(view: &view::View) -> String {
    let rulebooks = Shelf::embedded().rulebooks.values();
    let with: Vec<&str> = rulebooks
        .filter(|r| !r.words(assess::standard::ITEMS).is_empty())
        .map(|r| r.id.as_str())
        .collect();
    format!(
        "规程包 {} 没有自评工作考核评分表（附件5），不能考核。有的：{}；材料用那里的表样的，请加 --rulebook。",
        view.evaluation.rulebook.id,
        with.join("、")
    )
}
