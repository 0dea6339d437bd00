//! The folders of rulebooks come in; the shelf of merged and linted rulebooks goes out.

use super::declared::RuleText;
use super::layer::Item;
use super::problem::Problem;
use super::source::{self, Folder};
use super::table::Placed;
use super::{Shelf, declared, extend, form_files, forms, layer, lint};
use jiheng_model::FormDef;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

impl Shelf {
    /// The rulebooks that are part of the program; loaded at the first call.
    pub fn embedded() -> &'static Shelf {
        static SHELF: OnceLock<Shelf> = OnceLock::new();
        SHELF.get_or_init(|| shelve(&source::embedded(), Vec::new()))
    }

    /// The rulebooks in a folder: a shelf of them, or a single one.
    ///
    /// A rulebook that extends one of the program's own finds it. Nothing fails: what cannot be
    /// read is among the problems.
    pub fn from_folder(path: &Path) -> Shelf {
        let mut problems = Vec::new();
        let mut folders = source::from_disk(path, &mut problems);
        if folders.is_empty() && problems.is_empty() {
            let spot = super::Spot {
                file: path.display().to_string(),
                ..super::Spot::default()
            };
            problems.push(Problem::new("K101", "这个文件夹里没有 rulebook.toml", spot));
        }
        if let [only] = folders.as_mut_slice()
            && only.id.is_empty()
        {
            only.id = stated_id(only).unwrap_or_default();
            let id = only.id.clone();
            for source in &mut only.sources {
                source.path = format!("{id}/{}", source.path);
            }
        }
        let own: Vec<String> = folders.iter().map(|f| f.id.clone()).collect();
        let files: Vec<String> = (folders.iter().flat_map(|f| &f.sources))
            .map(|s| s.path.clone())
            .collect();
        let single = match own.as_slice() {
            [only] if path.join("rulebook.toml").is_file() => format!("{only}/"),
            _ => String::new(),
        };
        folders.extend(
            source::embedded()
                .into_iter()
                .filter(|f| !own.contains(&f.id)),
        );
        let mut shelf = shelve(&folders, problems);
        let named = |file: &mut String| {
            if files.contains(file) {
                let below = file.strip_prefix(&single).unwrap_or(file);
                *file = path.join(below).display().to_string();
            } else if folders
                .iter()
                .flat_map(|f| &f.sources)
                .any(|s| s.path == *file)
            {
                *file = format!("随程序带的 {file}");
            }
        };
        for problem in &mut shelf.problems {
            named(&mut problem.file);
            problem.also.iter_mut().for_each(|s| named(&mut s.file));
        }
        shelf.own = own;
        shelf
    }
}

/// The id a single rulebook states, before it is read in earnest.
fn stated_id(folder: &Folder) -> Option<String> {
    let head = folder.sources.iter().find(|s| s.path == "rulebook.toml")?;
    let (root, _) = toml::de::DeTable::parse_recoverable(&head.text);
    super::table::word(root.get_ref().get("id")?.get_ref())
}

/// Reads, merges and lints.
fn shelve(folders: &[Folder], mut problems: Vec<Problem>) -> Shelf {
    let layers: Vec<_> = folders
        .iter()
        .map(|f| layer::read(f, &mut problems))
        .collect();
    let form_files: Vec<_> = folders
        .iter()
        .map(|f| form_files::read(f, &mut problems))
        .collect();
    let mut shelf = Shelf::default();
    let mut compiled = Compiled::new();
    for (index, own) in layers.iter().enumerate() {
        let chain = extend::chain(index, &layers, folders, &mut problems);
        let mut merged = extend::merge(&chain, &layers, folders, &mut problems);
        merged.rulebook.forms = forms_of(&chain, folders, &mut compiled, &mut problems);
        let resolves = |rule: &&&Item<RuleText>| {
            let known = |key: &Placed| merged.rulebook.basis(&key.text).is_some();
            !rule.basis.is_empty() && rule.basis.iter().all(known)
        };
        // A rule whose basis nobody can look up does not judge anyone's material.
        let rules = (merged.rules.iter().filter(resolves))
            .map(|r| Arc::new(declared::bind(r, &merged.rulebook, folders, &mut problems)))
            .collect();
        merged.rulebook.rules = rules;
        let forms: Vec<_> = chain.iter().flat_map(|i| &form_files[*i]).collect();
        let files = lint::Forms {
            own: &form_files[index],
            all: &forms,
        };
        lint::lint(&merged, own, &files, folders, &mut problems);
        let rulebook = merged.rulebook;
        shelf
            .rulebooks
            .insert(rulebook.id.clone(), Arc::new(rulebook));
    }
    problems.sort_by(|a, b| {
        (&a.file, a.line, a.col, a.code, &a.message)
            .cmp(&(&b.file, b.line, b.col, b.code, &b.message))
    });
    problems.dedup();
    shelf.problems = problems;
    shelf
}

/// Forms compiled so far, by the chain of layers they were compiled along.
type Compiled = HashMap<Vec<usize>, Vec<Arc<FormDef>>>;

/// Compiles the form files of each layer of a chain on top of those before it.
fn forms_of(
    chain: &[usize],
    folders: &[Folder],
    compiled: &mut Compiled,
    problems: &mut Vec<Problem>,
) -> Vec<Arc<FormDef>> {
    let Some((last, before)) = chain.split_last() else {
        return Vec::new();
    };
    if let Some(forms) = compiled.get(chain) {
        return forms.clone();
    }
    let parent = forms_of(before, folders, compiled, problems);
    let files: Vec<_> = folders[*last]
        .form_sources()
        .map(|s| (s.path.clone(), s.text.to_string()))
        .collect();
    let (forms, found) = forms::load(&files, &parent);
    for problem in found {
        // A file that is no TOML has been reported with its line.
        let read = |s: &&source::Source| s.path == problem.path && !is_broken(s);
        if let Some(source) = folders[*last].form_sources().find(read) {
            problems.push(Problem::new("K102", problem.message, head(source)));
        }
    }
    compiled.insert(chain.to_vec(), forms.clone());
    forms
}

fn is_broken(source: &source::Source) -> bool {
    source.text.parse::<toml::Table>().is_err()
}

/// The line of a form file that names the form.
fn head(source: &source::Source) -> super::Spot {
    let (root, _) = toml::de::DeTable::parse_recoverable(&source.text);
    let root = root.get_ref();
    let name = root.get("id").or_else(|| root.get("part"));
    source.spot(&name.map_or(0..0, |n| n.span()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiheng_model::{Basis, Decimal};

    #[test]
    fn the_programs_own_rulebooks_have_no_problems() {
        let problems: Vec<_> = Shelf::embedded()
            .problems
            .iter()
            .map(|p| p.to_string())
            .collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn grades_differ_by_place_and_the_rest_is_inherited() {
        let grade = |id: &str, total: i64| {
            Shelf::embedded().rulebooks[id]
                .grade(Decimal::from(total))
                .map(str::to_string)
        };
        assert_eq!(grade("cn/mof/2020", 65).as_deref(), Some("中"));
        assert_eq!(
            grade("cn/hunan/yueyang/2023", 65).as_deref(),
            Some("不合格")
        );
        let yueyang = &Shelf::embedded().rulebooks["cn/hunan/yueyang/2023"];
        assert_eq!(yueyang.number("execution_points"), Some(Decimal::TEN));
        assert_eq!(yueyang.parameters["execution_points"].from, "cn/mof/2020");
        assert_eq!(
            yueyang.chain,
            [
                "cn/mof/2013-common",
                "cn/mof/2020",
                "cn/municipal/2023",
                "cn/hunan/yueyang/2023"
            ]
        );
    }

    /// The text as it is compared: the compendium prints formulas as TeX and breaks lines anywhere.
    fn bare(text: &str) -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '$' | '\\'))
            .map(|c| if c == '－' { '-' } else { c })
            .collect()
    }

    #[test]
    fn every_clause_stands_in_the_regulations() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/domain/regulations.md"
        );
        let Ok(regulations) = std::fs::read_to_string(path) else {
            eprintln!("skipped: no {path}");
            return;
        };
        let regulations = bare(&regulations);
        for (id, rulebook) in &Shelf::embedded().rulebooks {
            for (key, basis) in &rulebook.bases {
                if let Basis::Clause {
                    document, sentence, ..
                } = basis
                {
                    assert!(
                        regulations.contains(&bare(sentence)),
                        "{id}: {key}: {sentence}"
                    );
                    assert!(
                        regulations.contains(&bare(document)),
                        "{id}: {key}: {document}"
                    );
                }
            }
        }
    }

    #[test]
    fn two_definitions_at_one_level_show_both_places() {
        let shelf = of(&[
            (
                "a/rulebook.toml",
                "id = 'a'\ntitle = 't'\nversion = '1'\n[basis.b]\nkind = 'practice'\nsource = 's'\nsentence = 'x'\n",
            ),
            (
                "a/parameters/one.toml",
                "[parameter.p]\nvalue = 1\nbasis = ['b']\n",
            ),
            (
                "a/parameters/two.toml",
                "\n[parameter.p]\nvalue = 2\nbasis = ['b']\n",
            ),
        ]);
        let [problem] = shelf.problems.as_slice() else {
            panic!("{:?}", shelf.problems)
        };
        assert_eq!(
            (problem.code, problem.file.as_str(), problem.line),
            ("K201", "a/parameters/two.toml", 2)
        );
        assert_eq!(
            (problem.also[0].file.as_str(), problem.also[0].line),
            ("a/parameters/one.toml", 1)
        );
    }

    #[test]
    fn overriding_is_explicit() {
        let base = "id = 'a'\ntitle = 't'\nversion = '1'\n[basis.b]\nkind = 'practice'\nsource = 's'\nsentence = 'x'\n[parameter.p]\nvalue = 1\nbasis = ['b']\n";
        let child = |overrides: &str| {
            format!(
                "id = 'b'\ntitle = 't'\nversion = '1'\nextends = 'a'\n[parameter.p]\nvalue = 2\nbasis = ['b']\n{overrides}\n"
            )
        };
        let codes = |overrides: &str| {
            let shelf = of(&[
                ("a/rulebook.toml", base),
                ("b/rulebook.toml", &child(overrides)),
            ]);
            assert_eq!(shelf.rulebooks["b"].number("p"), Some(Decimal::TWO));
            shelf.problems.iter().map(|p| p.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("overrides = 'a:p'"), [""; 0]);
        assert_eq!(codes(""), ["K202"]);
        assert_eq!(codes("overrides = 'a:q'"), ["K203"]);
    }

    #[test]
    fn broken_files_are_problems_and_the_rest_is_loaded() {
        let shelf = of(&[
            (
                "a/rulebook.toml",
                "id = 'a'\ntitle = 't'\nversion = '1'\nextends = ['gone', 'a']\nwrong = 1\n",
            ),
            ("a/bases/b.toml", "[basis.b]\nkind = 'rumour'\n"),
            (
                "a/parameters/p.toml",
                "[parameter.p]\nvalue = 0.5\nbasis = ['nowhere']\n[parameter.q]\nvalue = '0.5'\n[parameter.r\n",
            ),
        ]);
        let mut codes: Vec<_> = shelf.problems.iter().map(|p| p.code).collect();
        codes.sort_unstable();
        assert!(
            ["K101", "K102", "K103", "K105", "K106"]
                .iter()
                .all(|c| codes.contains(c)),
            "{codes:?}"
        );
        assert_eq!(
            shelf.rulebooks["a"].number("q"),
            Decimal::from_str_exact("0.5").ok()
        );
    }

    fn of(files: &[(&str, &str)]) -> Shelf {
        let source = |(path, text): &(&str, &str)| source::Source {
            path: path.to_string(),
            text: text.to_string().into(),
        };
        shelve(
            &source::folders(files.iter().map(source).collect()),
            Vec::new(),
        )
    }
}
