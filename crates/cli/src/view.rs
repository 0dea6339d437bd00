//! An evaluation of the engine comes in; the view that the renderers draw from goes out.

use crate::Refusal;
use crate::args::Material;
use crate::output::reason;
use jiheng_batch::disk;
use jiheng_engine::check::suppress;
use jiheng_engine::read::{Package, is_readable, why_unreadable};
use jiheng_engine::rulebook::{Rulebook, Shelf, Unknown};
use jiheng_engine::{Evaluation, check::listing};
use jiheng_model::RuleInfo;
use jiheng_render::Results;
use std::path::Path;

/// An evaluation with the facts about its rules.
pub struct View {
    /// What the corridor said.
    pub evaluation: Evaluation,
    /// Built-in and declared rules of the rulebook in force.
    pub rules: Vec<RuleInfo>,
    /// The files as they came in.
    pub package: Package,
}

/// The shelf to choose from, and the id asked for: of the program's own rulebooks, or of a folder on the disk.
pub enum Books {
    /// The program's own.
    Own(Option<String>),
    /// A folder that was named; the id when it holds one rulebook.
    Folder(Box<Shelf>, Option<String>),
}

impl Books {
    /// The shelf.
    pub fn shelf(&self) -> &Shelf {
        match self {
            Books::Own(_) => Shelf::embedded(),
            Books::Folder(shelf, _) => shelf,
        }
    }

    /// The rulebook asked for.
    pub fn id(&self) -> Option<&str> {
        match self {
            Books::Own(id) | Books::Folder(_, id) => id.as_deref(),
        }
    }
}

/// What `--rulebook` names: an id of the program's own shelf, or a folder, which is refused when anything is wrong in it.
pub fn books(named: Option<&str>) -> Result<Books, Refusal> {
    let own = named.is_none_or(|id| Shelf::embedded().rulebooks.contains_key(id));
    let folder = named.map(Path::new).filter(|p| !own && p.is_dir());
    let Some(folder) = folder else {
        return Ok(Books::Own(named.map(str::to_string)));
    };
    let mut shelf = Shelf::from_folder(folder);
    if !shelf.problems.is_empty() {
        let mut sentence = format!(
            "没有载入规程包 {}：有 {} 处问题，改好后再用。",
            folder.display(),
            shelf.problems.len()
        );
        for problem in &shelf.problems {
            sentence.push_str(&format!("\n\n{problem}"));
        }
        return Err(Refusal(sentence));
    }
    let own = shelf.own.clone();
    if let [only] = own.as_slice() {
        return Ok(Books::Folder(Box::new(shelf), Some(only.clone())));
    }
    // A shelf of one's own takes the place of the program's: the material chooses among its rulebooks.
    shelf.rulebooks.retain(|id, _| own.contains(id));
    Ok(Books::Folder(Box::new(shelf), None))
}

/// Reads, recognises, scores and checks the material.
pub fn evaluate(material: &Material) -> Result<View, Refusal> {
    crate::worker::choose_recogniser(&material.ocr);
    let package = disk::read(&material.paths).map_err(Refusal)?;
    let books = books(material.rulebook.as_deref())?;
    // A mistake of the program on one package is one clear sentence, not a trace.
    let mut evaluation =
        std::panic::catch_unwind(|| jiheng_engine::evaluate(&package, books.shelf(), books.id()))
            .map_err(|_| {
                Refusal(
            "程序在这份材料上出了错，没有核完；错在程序，不在材料。请把上面的英文发给维护者。"
                .into(),
        )
            })?
            .map_err(|unknown| Refusal(no_rulebook(&unknown)))?;
    let reasons = why_unreadable(&evaluation.documents);
    if !is_readable(&evaluation.documents) {
        let reasons = if reasons.is_empty() {
            vec!["没有可读的文件。"]
        } else {
            reasons
        };
        return Err(Refusal(format!("读不了  {}", reasons.join("\n读不了  "))));
    }
    suppress(material, &mut evaluation)?;
    let rules = rules(&evaluation.rulebook);
    Ok(View {
        evaluation,
        rules,
        package,
    })
}

/// Marks what `jiheng.toml` explains: the file named, or the one beside the material.
fn suppress(material: &Material, evaluation: &mut Evaluation) -> Result<(), Refusal> {
    let beside = material.paths.first().map(|path| match path.is_dir() {
        true => path.join("jiheng.toml"),
        false => path.with_file_name("jiheng.toml"),
    });
    let Some(path) = (material.config.clone()).or_else(|| beside.filter(|p| p.is_file())) else {
        return Ok(());
    };
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Refusal(format!("读不了  {}：{}。", path.display(), reason(&e))))?;
    let today = day(material.today.as_deref())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    suppress::apply(
        &name,
        &text,
        today,
        &mut evaluation.documents,
        &evaluation.filing,
        &mut evaluation.checked,
    )
    .map_err(Refusal)
}

/// The day on which explanations are judged: the one named, or today's.
pub fn day(named: Option<&str>) -> Result<suppress::Day, Refusal> {
    match named {
        Some(text) => suppress::day(text)
            .ok_or_else(|| Refusal(format!("--today 不能是“{text}”，应写作 2026-12-31。"))),
        None => Ok(today()),
    }
}

/// The day in China.
fn today() -> suppress::Day {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mut days = since.map_or(0, |s| (s.as_secs() + 8 * 3600) / 86_400) as i64;
    let (mut year, mut month) = (1970, 1);
    loop {
        let length = i64::from(jiheng_model::value::days_in(year, month)).max(1);
        if days < length || year > 9000 {
            return (year, month, days as u8 + 1);
        }
        days -= length;
        month += 1;
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
}

/// The sentence for a rulebook that is not there.
pub fn no_rulebook(unknown: &Unknown) -> String {
    let known = unknown.known.join("、");
    match unknown.id.as_str() {
        "" => format!(
            "材料没有指明用哪一个规程包。有：{known}；请把 --rulebook 写到其中一个的文件夹。"
        ),
        id => format!("没有规程包 {id}。有：{known}。"),
    }
}

/// Built-in and declared rules, by code.
pub fn rules(rulebook: &Rulebook) -> Vec<RuleInfo> {
    listing::rules(rulebook)
}

impl View {
    /// The view for the renderers.
    pub fn results(&self) -> Results<'_> {
        jiheng_batch::results(&self.evaluation, &self.rules)
    }

    /// Whether a finding is provably wrong, as an exit code.
    pub fn exit(&self) -> u8 {
        let wrong = self
            .evaluation
            .checked
            .findings
            .iter()
            .any(|f| f.suppressed.is_none() && f.severity == jiheng_model::Severity::Error);
        if wrong {
            crate::ERRORS_FOUND
        } else {
            crate::CLEAN
        }
    }
}
