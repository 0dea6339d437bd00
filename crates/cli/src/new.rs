//! `jiheng new`: a list of projects, exported figures and last year's material come in; the new year's half-filled workbook is written.

use crate::args::{Material, NewArgs, Ocr};
use crate::output::{self, reason};
use crate::view::{self, Books, View};
use crate::{CLEAN, Refusal, Verdict};
use jiheng_batch::disk;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Rulebook;
use jiheng_engine::year::{self, Sources, Spot, Start, Wish, sources};
use jiheng_render::official::{ByHand, Passage, ReportText, SectionText};
use jiheng_render::year::{Beginning, Offer, Remark, workbook};
use std::path::Path;
use std::sync::Arc;

/// Writes the workbook, and what was learnt of the sources beside the list of projects.
pub fn run(args: &NewArgs) -> Verdict {
    if args
        .out
        .extension()
        .is_none_or(|e| !e.eq_ignore_ascii_case("xlsx"))
    {
        return Err(Refusal(format!(
            "--out 应是 .xlsx 文件，写的是 {}。",
            args.out.display()
        )));
    }
    let projects = read(&args.projects)?;
    let accounts = args.accounts.as_deref().map(read).transpose()?;
    let last = match &args.from {
        Some(path) => Some(view::evaluate(&material(path, args.rulebook.clone()))?),
        None => None,
    };
    let books = view::books(args.rulebook.as_deref())?;
    let rulebook = match &last {
        Some(last) => last.evaluation.rulebook.clone(),
        None => chosen(&books, &projects)?,
    };
    let kept = args.projects.with_file_name(sources::FILE);
    let text = match std::fs::read_to_string(&kept) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Refusal(format!(
                "读不了  {}：{}。",
                kept.display(),
                reason(&error)
            )));
        }
    };
    let mut sources = Sources::read(&text).map_err(Refusal)?;
    let wish = Wish {
        projects: &projects,
        accounts: accounts.as_ref(),
        last: last.as_ref().map(|l| &l.evaluation.filing),
        year: args.year,
        rulebook,
    };
    let begun = year::begin(&wish, books.shelf(), &mut sources);
    // What was learnt is kept even when there is a question: the clerk answers it there.
    if let Some(text) = sources.text() {
        output::write(&kept, text.as_bytes())?;
    }
    let start = begun.map_err(|question| Refusal(question.text))?;
    let bytes = workbook(&beginning(&start, last.as_ref()))
        .map_err(|e| Refusal(format!("写不了 {}：{e}", args.out.display())))?;
    output::write(&args.out, &bytes)?;
    for line in &start.said {
        output::message(line);
    }
    if !args.quiet {
        output::print(&told(
            &start,
            args,
            sources.text().is_some().then_some(kept.as_path()),
        ));
    }
    Ok(CLEAN)
}

/// The file of a list, in memory.
fn read(path: &Path) -> Result<SourceFile, Refusal> {
    let package = disk::read(&[path.to_path_buf()]).map_err(Refusal)?;
    let several = package.files.len() != 1 || path.is_dir();
    let file = package.files.into_iter().next().filter(|_| !several);
    file.ok_or_else(|| {
        Refusal(format!(
            "{} 应是一个文件（xlsx 或 csv），不是文件夹。",
            path.display()
        ))
    })
}

fn material(path: &Path, rulebook: Option<String>) -> Material {
    Material {
        paths: vec![path.to_path_buf()],
        rulebook,
        config: None,
        ocr: Ocr::default(),
        today: None,
    }
}

/// The rulebook that was asked for, or that the list points to.
fn chosen(books: &Books, projects: &SourceFile) -> Result<Arc<Rulebook>, Refusal> {
    let package = Package {
        files: vec![projects.clone()],
    };
    let documents = jiheng_engine::read::read(&package);
    let chosen = books.shelf().choose(&documents, books.id());
    chosen
        .map(|(rulebook, _)| rulebook)
        .map_err(|unknown| Refusal(view::no_rulebook(&unknown)))
}

/// What the renderer needs of a beginning.
fn beginning<'s>(start: &'s Start, last: Option<&View>) -> Beginning<'s> {
    let (report, report_notes) = report(start, last).unzip();
    Beginning {
        filing: Some(&start.filing),
        notes: start
            .notes
            .iter()
            .map(|note| {
                let (field, cell) = match note.spot {
                    Spot::Field(slot) => (Some(slot), None),
                    Spot::Cell(list, row, slot) => (None, Some((list, row, slot))),
                };
                Remark {
                    form: note.form,
                    field,
                    cell,
                    text: note.text.clone(),
                }
            })
            .collect(),
        by_hand: by_hand(start),
        offers: offers(start),
        guide: guide(start),
        report,
        report_notes: report_notes.unwrap_or_default(),
    }
}

/// Points of the rate where the place gives them in steps, not in proportion.
fn by_hand(start: &Start) -> ByHand {
    let forms = start.filing.forms.iter().enumerate();
    let stepped = forms.filter(|(_, form)| {
        let policy = start.rulebook.policy_of_form(&form.def.id);
        policy.is_some_and(|p| !p.bands("execution").is_empty())
    });
    stepped
        .map(|(index, _)| (index, RATE_SCORE.to_string()))
        .collect()
}

/// The points of 预算执行率.
const RATE_SCORE: &str = "funds.total.score";

/// The library by kind of project, each kind once.
fn offers(start: &Start) -> Vec<Offer> {
    let mut kinds: Vec<(&str, Vec<String>)> = Vec::new();
    for offer in &start.offers {
        match kinds.iter_mut().find(|(kind, _)| *kind == offer.kind) {
            Some((_, projects)) => projects.push(offer.project.clone()),
            None => kinds.push((&offer.kind, vec![offer.project.clone()])),
        }
    }
    let mut offers = Vec::new();
    for (kind, projects) in &kinds {
        let entries = start.offers.iter().find(|o| o.kind == *kind);
        for entry in entries.map_or(&[][..], |o| &o.entries) {
            offers.push(Offer {
                kind: kind.to_string(),
                projects: projects.clone(),
                cells: [
                    entry.dimension.clone(),
                    entry.criterion.clone(),
                    entry.name.clone(),
                    entry.target(),
                    entry.measure.clone(),
                    entry.evidence.clone(),
                ],
            });
        }
    }
    offers
}

/// The lines of the first sheet.
fn guide(start: &Start) -> Vec<String> {
    let mut lines = vec![
        format!("这是 {} 年度的自评材料，一张表一个工作表，按《{}》的表样。", start.year, start.rulebook.title),
        "黄色的格子要您填写；白色的格子已经填好，可以改；灰蓝色的格子由算式得出，不用填。".into(),
        "格子右上角有红角的，放上鼠标能看到填什么、数从哪里来。".into(),
        "金额都是万元。没有发生填 0，不适用填 —，不知道的先空着：空着的不会当作 0。".into(),
        "指标值写符号、数字和单位，如 ≥90%、≤12月、=8个。没有上年指标的项目，三级名称可以从下拉框或“指标库”里选。".into(),
        "不用的指标行请删去；一级指标的分值加上预算执行率的分值应是 100 分。".into(),
        "填好以后存盘，把这个文件交给 jiheng check 核对，用 jiheng evaluate 写出结果。".into(),
    ];
    if !start.said.is_empty() {
        lines.push(String::new());
        lines.push("建表时要请您留意的：".into());
        lines.extend(start.said.iter().map(|s| format!("· {s}")));
    }
    lines
}

/// The report with its headings in the rulebook's order and under each a paragraph to write, and a note for each; what said last year that there is nothing is kept.
fn report(start: &Start, last: Option<&View>) -> Option<(ReportText, Vec<String>)> {
    let rulebook = &start.rulebook;
    let titles = rulebook.dictionary("outline")?;
    let levels = rulebook.dictionary("outline_levels")?;
    let unit = start.filing.forms.iter().find_map(|f| f.text("unit_name"));
    let unit = unit.unwrap_or_default();
    let mut report = ReportText {
        title: vec![format!("{}年度{unit}部门整体支出绩效自评报告", start.year)],
        ..ReportText::default()
    };
    let mut notes = Vec::new();
    let mut counts = [0usize; 2];
    let required = rulebook.words("outline_required");
    for (at, key) in required.iter().enumerate() {
        let Some(title) = titles.get(key).and_then(|t| t.first()) else {
            continue;
        };
        let second = levels.get("2").is_some_and(|keys| keys.contains(key));
        let level = usize::from(second);
        if !second {
            counts[1] = 0;
        }
        counts[level] += 1;
        let number = NUMBERS.get(counts[level]).copied().unwrap_or_default();
        let parts = required
            .get(at + 1)
            .is_some_and(|next| !second && levels.get("2").is_some_and(|keys| keys.contains(next)));
        let mut passages = Vec::new();
        if !parts {
            let before = last.and_then(|l| nothing(l, key, rulebook));
            notes.push(match &before {
                Some(_) => "照抄上年的，今年有发生请改。".into(),
                None => format!("写“{title}”：数字与各表一致，一段写一件事。"),
            });
            passages.push(Passage::Text(before.unwrap_or_default()));
        }
        report.sections.push(SectionText {
            key: Some(key.clone()),
            level: 1 + u8::from(second),
            heading: match second {
                true => format!("（{number}）{title}"),
                false => format!("{number}、{title}"),
            },
            passages,
        });
    }
    Some((report, notes))
}

/// Chinese numbers of headings.
const NUMBERS: [&str; 13] = [
    "", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
];

/// Last year's text of a section when it says that there is nothing of the kind.
fn nothing(last: &View, key: &str, rulebook: &Rulebook) -> Option<String> {
    let narrative = &last.evaluation.filing.narrative;
    // In a workbook a paragraph is a row; only documents are looked through.
    if narrative.sheet.is_some() {
        return None;
    }
    let section = narrative
        .sections
        .iter()
        .find(|s| s.key.as_deref() == Some(key))?;
    let document = last.evaluation.documents.get(usize::from(narrative.file))?;
    let paragraphs = section.paragraph + 1..=section.last;
    let text: Vec<&str> = paragraphs
        .map(|number| document.paragraph_text(number).trim())
        .filter(|text| !text.is_empty())
        .collect();
    let only = match text.as_slice() {
        [only] if only.chars().count() < 60 => only,
        _ => return None,
    };
    let year = (last.evaluation.filing.year?).to_string();
    let denied = rulebook.has_word_of("denial_words", only) || *only == "无" || *only == "无。";
    denied.then(|| {
        only.replace(
            &year,
            &(last.evaluation.filing.year.unwrap_or_default() + 1).to_string(),
        )
    })
}

/// What was done, for the terminal.
fn told(start: &Start, args: &NewArgs, kept: Option<&Path>) -> String {
    let forms = start.filing.forms.len();
    let filled = |form: &jiheng_model::form::Form| {
        let fields = form.values.iter().flatten();
        let cells = form
            .lists
            .iter()
            .flatten()
            .flat_map(|r| r.values.iter().flatten());
        fields.chain(cells).filter(|s| !s.value.is_blank()).count()
    };
    let known: usize = start.filing.forms.iter().map(filled).sum();
    let mut text = format!(
        "写好了 {}\n{} 年度，{forms} 张表，{} 个项目，已填 {known} 格；规程包 {}\n",
        args.out.display(),
        start.year,
        start.offers.len(),
        start.rulebook.id
    );
    if let Some(kept) = kept {
        text.push_str(&format!(
            "各列怎么认的，记在 {}，下次照用\n",
            kept.display()
        ));
    }
    text.push_str(&format!(
        "填完黄色的格子，再核对 jiheng check {}\n",
        args.out.display()
    ));
    text
}
