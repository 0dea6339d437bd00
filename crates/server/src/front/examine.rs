//! A package comes in; what the corridor says about it, with its rules, or why it says nothing, goes out.

use crate::trouble::Trouble;
use axum::http::StatusCode;
use jiheng_batch::commented;
use jiheng_engine::check::listing;
use jiheng_engine::read::{self, Package, original};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate_read};
use jiheng_model::RuleInfo;
use jiheng_render::{Results, html};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// A package that was checked.
pub struct Examined {
    /// The files as they came in.
    pub package: Package,
    /// How long it took.
    pub took: Duration,
    evaluation: Evaluation,
    rules: Arc<Vec<RuleInfo>>,
}

/// Reads and checks a package. Blocks; to be called where that is allowed.
///
/// # Errors
/// When a file bears a secrecy mark, nothing can be read, or the program breaks on it.
pub fn examine(package: Package) -> Result<Examined, Trouble> {
    let start = Instant::now();
    let walked = catch_unwind(AssertUnwindSafe(|| {
        let documents = read::read(&package);
        if let Some(sentence) = read::secrecy_mark(&documents) {
            return Err(marked(sentence));
        }
        if !read::is_readable(&documents) {
            return Err(unreadable(&documents));
        }
        evaluate_read(documents, Shelf::embedded(), None).map_err(|_| Trouble::broken())
    }));
    let evaluation = walked.unwrap_or_else(|_| Err(Trouble::broken()))?;
    let rules = rules(&evaluation);
    Ok(Examined {
        package,
        took: start.elapsed(),
        evaluation,
        rules,
    })
}

/// The rules of the rulebook in force; each book's are listed once.
fn rules(evaluation: &Evaluation) -> Arc<Vec<RuleInfo>> {
    static LISTED: OnceLock<Mutex<HashMap<String, Arc<Vec<RuleInfo>>>>> = OnceLock::new();
    let book = &evaluation.rulebook;
    let list = || Arc::new(listing::rules(book));
    let Ok(mut listed) = LISTED.get_or_init(Mutex::default).lock() else {
        return list();
    };
    Arc::clone(listed.entry(book.id.clone()).or_insert_with(list))
}

fn marked(sentence: &str) -> Trouble {
    Trouble::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "secrecy_mark",
        "没有核对：文件印有密级标志",
        "整套材料已从内存里清除，没有留存，也没有往下读。去掉这份文件，其余的可以再放一次。",
    )
    .because(sentence)
}

fn unreadable(documents: &[jiheng_model::Document]) -> Trouble {
    let mut trouble = Trouble::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "unreadable",
        "没有读成",
        "改好后再放一次。文件没有留存。",
    );
    let why = read::why_unreadable(documents);
    trouble.why = why.into_iter().map(str::to_string).collect();
    if trouble.why.is_empty() {
        trouble.why.push("里面没有可读的文件。".into());
    }
    trouble
}

/// A file to download.
pub struct Download {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Examined {
    /// The view for the renderers.
    pub fn results(&self) -> Results<'_> {
        jiheng_batch::results(&self.evaluation, &self.rules)
    }

    /// The user's own file with comments; of several files a zip; the findings page where no file bears comments.
    pub fn commented(&self) -> Download {
        let results = self.results();
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let all = 0..results.documents.len();
        let (able, others): (Vec<usize>, Vec<usize>) =
            all.partition(|i| commented::takes_comments(&results.documents[*i]));
        let mut needs_page = !others.is_empty();
        for &index in &able {
            let name = &results.documents[index].name;
            // What lies in files that take no comments stands at the beginning of the first one that does.
            let strangers: &[usize] = if files.is_empty() { &others } else { &[] };
            let copy = original(&self.package, name)
                .and_then(|b| commented::annotated(&b, &results, index, strangers).ok());
            match copy {
                Some((bytes, _)) => files.push((commented_name(name), bytes)),
                None => needs_page = true,
            }
        }
        if needs_page {
            let page = html::findings(&results).into_bytes();
            files.push(("核对结果.html".into(), page));
        }
        if let [_] = files.as_slice()
            && let Some((name, bytes)) = files.pop()
        {
            let name = name.rsplit('/').next().unwrap_or(&name).to_string();
            return Download { name, bytes };
        }
        let entries: Vec<(&str, &[u8])> = files
            .iter()
            .map(|(n, b)| (n.as_str(), b.as_slice()))
            .collect();
        Download {
            name: "批注版.zip".into(),
            bytes: jiheng_office::write::zip(&entries),
        }
    }

    /// What the first button gives, in words.
    pub fn commented_is(&self) -> &'static str {
        use jiheng_model::Format::{Docx, Xlsx};
        let documents = self.results().documents;
        let able = documents.iter().filter(|d| commented::takes_comments(d));
        let formats: Vec<_> = able.map(|d| d.format).collect();
        match (formats.as_slice(), documents.len()) {
            ([Docx], 1) => "下载批注版 Word",
            ([Xlsx], 1) => "下载批注版 Excel",
            ([], _) => "下载结果页",
            _ => "下载批注版（zip）",
        }
    }
}

/// 材料.docx → 材料（批注）.docx, below the folders it stood in.
fn commented_name(name: &str) -> String {
    let name = commented::safe(name).to_string_lossy().replace('\\', "/");
    match name.rfind('.') {
        Some(dot) => format!("{}（批注）{}", &name[..dot], &name[dot..]),
        None => format!("{name}（批注）"),
    }
}
