//! A table comes in; which of its columns holds what goes out, or a question to the clerk.
//!
//! A head is known by the synonyms of the rulebook (`import_columns`) after its year and the unit in
//! its brackets are taken off. What the clerk wrote down for the source is above all of that.

use super::sheet::Sheet;
use super::sources::{self, OPEN, Source, Sources};
use crate::recognize::{money_unit, year_in};
use crate::rulebook::Rulebook;
use jiheng_model::{Unit, label};
use std::collections::BTreeMap;

/// So many rows at the top may stand above the heads.
const HEAD_ROWS: usize = 15;
/// Heads named in a question.
const NAMED: usize = 12;

/// A column that was recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its number, from 0.
    pub at: usize,
    /// Its head as printed.
    pub head: String,
    /// The unit of its amounts; `None` for words and when nothing names one.
    pub unit: Option<Unit>,
}

/// The columns of a table.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The first row below the heads, from 0.
    pub first: usize,
    /// Columns by what they hold ("original_budget").
    pub of: BTreeMap<String, Column>,
    /// What the heads come to.
    pub fingerprint: String,
}

/// What the clerk is asked: which file, what is the matter, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Plain Chinese.
    pub text: String,
}

/// The Chinese name of what a column holds: the first of its words.
pub fn term<'r>(rulebook: &'r Rulebook, key: &'r str) -> &'r str {
    let words = rulebook
        .dictionary("import_columns")
        .and_then(|d| d.get(key));
    words.and_then(|w| w.first()).map_or(key, |w| w)
}

/// Finds the columns of a table; `None` when no row of it looks like heads.
///
/// `year` is the year to begin: "2023年决算数" is last year's when 2024 begins.
///
/// # Errors
/// A question, when a head may mean two things or the clerk has left one open.
pub fn find(
    sheet: &Sheet,
    year: Option<i16>,
    rulebook: &Rulebook,
    sources: &mut Sources,
) -> Result<Option<Columns>, Question> {
    let Some(heads) = heads(sheet, rulebook) else {
        return Ok(None);
    };
    let fingerprint = sources::fingerprint(heads.own.iter().chain(&heads.over));
    let mut found = Columns {
        first: heads.row + 1,
        of: BTreeMap::new(),
        fingerprint: fingerprint.clone(),
    };
    if let Some(source) = sources.of(&fingerprint).cloned() {
        by_source(&source, &heads, sheet, rulebook, &mut found)?;
        return Ok(Some(found));
    }
    let mut open = BTreeMap::new();
    let keys = rulebook.dictionary("import_columns").into_iter().flatten();
    for key in keys.map(|(key, _)| key) {
        let fits = |at: &usize| heads.means(*at, year, rulebook).as_deref() == Some(key.as_str());
        let columns: Vec<usize> = (0..heads.own.len()).filter(fits).collect();
        match columns.as_slice() {
            [] => {}
            [at] => {
                found.of.insert(key.clone(), heads.column(*at, sheet));
            }
            several => {
                open.insert(key.clone(), several.to_vec());
            }
        }
    }
    let mut unit = None;
    let without = found.of.iter().find(|(key, column)| {
        rulebook.words("import_amounts").contains(key) && column.unit.is_none()
    });
    if let Some((_, column)) = without.filter(|(_, c)| !units_in_cells(sheet, heads.row, c.at)) {
        unit = Some(column.head.clone());
    }
    let mut remarks = BTreeMap::new();
    let mut columns: BTreeMap<String, String> = BTreeMap::new();
    for (key, column) in &found.of {
        columns.insert(term(rulebook, key).to_string(), heads.printed(column.at));
    }
    for (key, several) in &open {
        let names: Vec<String> = several.iter().map(|at| heads.printed(*at)).collect();
        let name = term(rulebook, key).to_string();
        remarks.insert(name.clone(), format!("写其中一列：{}", names.join("、")));
        columns.insert(name, OPEN.to_string());
    }
    if unit.is_some() {
        remarks.insert("unit".into(), "写 元 或 万元".into());
    }
    let question = question(&open, unit.as_deref(), &heads, sheet, rulebook);
    sources.learn(
        Source {
            fingerprint,
            about: about(sheet),
            unit: unit.map(|_| OPEN.to_string()),
            columns,
        },
        &remarks,
    );
    match question {
        Some(question) => Err(question),
        None => Ok(Some(found)),
    }
}

/// The file and sheet, for people.
pub fn about(sheet: &Sheet) -> String {
    match &sheet.name {
        Some(name) => format!("{} 的工作表“{name}”", sheet.file),
        None => sheet.file.clone(),
    }
}

fn question(
    open: &BTreeMap<String, Vec<usize>>,
    unit: Option<&str>,
    heads: &Heads,
    sheet: &Sheet,
    rulebook: &Rulebook,
) -> Option<Question> {
    let place = about(sheet);
    if let Some((key, several)) = open.iter().next() {
        let name = term(rulebook, key);
        let columns: Vec<String> = several
            .iter()
            .map(|at| format!("“{}”", heads.printed(*at)))
            .collect();
        return Some(Question {
            text: format!(
                "{place}：{}这 {} 列都像“{name}”，不知道用哪一列。\n在 {} 里把 \"{name}\" 后面的 {OPEN} 改成要用的列名，再运行一次；没有这一列就写 \"\"。",
                columns.join("、"),
                columns.len(),
                sources::FILE
            ),
        });
    }
    let head = unit?;
    Some(Question {
        text: format!(
            "{place}：“{head}”没有写明是元还是万元，差一万倍，不能猜。\n在表头写成“{head}（元）”或“{head}（万元）”，或在 {} 里把 unit 后面的 {OPEN} 改成 元 或 万元，再运行一次。",
            sources::FILE
        ),
    })
}

/// The columns as they are written down.
fn by_source(
    source: &Source,
    heads: &Heads,
    sheet: &Sheet,
    rulebook: &Rulebook,
    found: &mut Columns,
) -> Result<(), Question> {
    let place = about(sheet);
    let unit = match source.unit.as_deref().map(label::trim) {
        None | Some("") => None,
        Some(symbol) => match Unit::of(symbol) {
            unit if unit.dimension == jiheng_model::Dimension::Money => Some(unit),
            _ => {
                return Err(Question {
                    text: format!(
                        "{place}：{} 里的单位写的是“{symbol}”，金额不知道是元还是万元。\n把 unit 后面改成 元 或 万元，再运行一次。",
                        sources::FILE
                    ),
                });
            }
        },
    };
    let keys = rulebook.dictionary("import_columns");
    for (name, head) in &source.columns {
        let key = keys
            .into_iter()
            .flatten()
            .find(|(key, words)| *key == name || words.iter().any(|w| w == name));
        let Some((key, _)) = key else {
            return Err(Question {
                text: format!(
                    "{} 里的“{name}”不是能填的栏目。\n可以写的有：{}。",
                    sources::FILE,
                    keys.into_iter()
                        .flatten()
                        .filter_map(|(_, w)| w.first().map(String::as_str))
                        .collect::<Vec<_>>()
                        .join("、")
                ),
            });
        };
        if label::trim(head).is_empty() {
            continue;
        }
        let at = (0..heads.own.len()).find(|at| {
            let wanted = sources::comparable(head);
            wanted == sources::comparable(&heads.printed(*at))
        });
        let Some(at) = at else {
            let columns: Vec<String> = (0..heads.own.len())
                .map(|at| heads.printed(at))
                .filter(|h| !h.is_empty())
                .take(NAMED)
                .collect();
            return Err(Question {
                text: format!(
                    "{place}：{} 里写“{name}”用“{head}”这一列，表里没有这一列。\n有的列：{}。改成其中一列，再运行一次；没有就写 \"\"。",
                    sources::FILE,
                    columns.join("、")
                ),
            });
        };
        let mut column = heads.column(at, sheet);
        column.unit = column.unit.or_else(|| unit.clone());
        found.of.insert(key.clone(), column);
    }
    Ok(())
}

/// The row of heads, with the row above it where that groups them.
struct Heads {
    row: usize,
    own: Vec<String>,
    over: Vec<String>,
}

/// The row of which most cells are known heads.
fn heads(sheet: &Sheet, rulebook: &Rulebook) -> Option<Heads> {
    let rows = sheet.rows.iter().take(HEAD_ROWS).enumerate();
    let known = |row: &Vec<String>| {
        let mut keys: Vec<String> = row.iter().filter_map(|c| key_of(c, rulebook)).collect();
        keys.sort();
        keys.dedup();
        let named = keys.iter().any(|k| k == "project_name" || k == "item");
        // A title that is merged across the table is one word, however many cells it fills.
        named.then_some(keys.len()).filter(|n| *n > 1)
    };
    let (row, _) = rows
        .filter_map(|(at, row)| Some((at, known(row)?)))
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))?;
    // Under a row of groups stands the row of heads proper: it has totals and no number.
    let parts = sheet.rows.get(row + 1).filter(|next| {
        let total = |c: &String| {
            rulebook
                .words("import_totals")
                .contains(&label::normalise(c))
        };
        let digits = next.iter().flat_map(|c| c.chars());
        let twice = |c: &String| !c.is_empty() && next.iter().filter(|o| *o == c).count() > 1;
        next.iter().any(|c| total(c) && twice(c)) && !digits.into_iter().any(|c| c.is_ascii_digit())
    });
    let row = row + usize::from(parts.is_some());
    let mut own = sheet.rows.get(row)?.clone();
    if let Some(groups) = parts.and_then(|_| sheet.rows.get(row - 1)) {
        for (own, group) in own.iter_mut().zip(groups) {
            if own.is_empty() {
                own.clone_from(group);
            }
        }
    }
    let above = row.checked_sub(1).and_then(|r| sheet.rows.get(r));
    let over = own.iter().enumerate().map(|(at, own)| {
        let over = above.and_then(|a| a.get(at)).cloned().unwrap_or_default();
        let title = above.is_some_and(|a| a.iter().all(|c| *c == over));
        if over == *own || title {
            String::new()
        } else {
            over
        }
    });
    let over = over.collect();
    Some(Heads { row, own, over })
}

impl Heads {
    /// A head as it is named in messages: with the group it stands under.
    fn printed(&self, at: usize) -> String {
        let own = self.own.get(at).map(String::as_str).unwrap_or_default();
        let over = self.over.get(at).map(String::as_str).unwrap_or_default();
        let twice = self.own.iter().filter(|o| *o == own).count() > 1;
        let own = jiheng_model::label::normalise(own);
        match twice && !over.is_empty() {
            true => format!("{}·{own}", label::normalise(over)),
            false => own,
        }
    }

    fn column(&self, at: usize, sheet: &Sheet) -> Column {
        let texts = [self.own.get(at), self.over.get(at)];
        let unit = texts
            .into_iter()
            .flatten()
            .find_map(|text| money_unit(text))
            .or_else(|| unit_above(sheet, self.row));
        Column {
            at,
            head: self.printed(at),
            unit,
        }
    }

    /// What a column holds by its head; under a group head ("年初预算数" over "合计") what the group says.
    fn means(&self, at: usize, year: Option<i16>, rulebook: &Rulebook) -> Option<String> {
        let own = self.own.get(at)?;
        let over = self.over.get(at)?;
        let total = |text: &str| {
            let text = label::normalise(text);
            rulebook.words("import_totals").contains(&text)
        };
        let by_own = key_of(own, rulebook);
        let grouped = key_of(over, rulebook).filter(|_| total(own));
        let key = grouped.or(by_own)?;
        // A part under another amount's group is not the amount itself.
        let other = key_of(over, rulebook).filter(|k| *k != key && !total(own));
        let amounts = rulebook.words("import_amounts");
        if other.is_some_and(|k| amounts.contains(&k)) && amounts.contains(&key) {
            return None;
        }
        let printed = year_in(own).or_else(|| year_in(over));
        match (printed, year) {
            (Some(printed), Some(year)) if printed + 1 == year && key == "outturn" => {
                Some("prior_outturn".into())
            }
            (Some(printed), Some(year)) if printed != year && amounts.contains(&key) => None,
            _ => Some(key),
        }
    }
}

/// The unit that a line above the heads names for all amounts.
fn unit_above(sheet: &Sheet, row: usize) -> Option<Unit> {
    let rows = sheet.rows.iter().take(row).flatten();
    sheet.above.iter().chain(rows).find_map(|t| money_unit(t))
}

/// The cells of a column name their unit themselves ("12.5万元").
fn units_in_cells(sheet: &Sheet, row: usize, at: usize) -> bool {
    let cells = sheet.rows.iter().skip(row + 1).filter_map(|r| r.get(at));
    let mut filled = cells.filter(|c| c.chars().any(|c| c.is_ascii_digit()));
    let mut any = false;
    filled.all(|c| {
        any = true;
        c.ends_with('元')
    }) && any
}

/// What a head says, by the words of the rulebook.
fn key_of(head: &str, rulebook: &Rulebook) -> Option<String> {
    let bare = bare(head);
    if bare.is_empty() {
        return None;
    }
    let keys = rulebook.dictionary("import_columns")?;
    let found = keys
        .iter()
        .find(|(_, words)| words.iter().any(|w| label::normalise(w) == bare));
    found.map(|(key, _)| key.clone())
}

/// A head without its year and the unit in its brackets.
fn bare(head: &str) -> String {
    let mut text = sources::comparable(head);
    for year in ["YYYY年度", "YYYY年"] {
        text = text.replace(year, "");
    }
    if let Some(open) = text.rfind('(')
        && text.ends_with(')')
        && (money_unit(&text[open..]).is_some() || text[open..].contains('元'))
    {
        text.truncate(open);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        Sheet {
            file: "清单.xlsx".into(),
            rows: rows
                .iter()
                .map(|row| row.iter().map(|c| c.to_string()).collect())
                .collect(),
            ..Sheet::default()
        }
    }

    fn found(sheet: &Sheet, sources: &mut Sources) -> Result<Columns, Question> {
        let rulebook = &Shelf::embedded().rulebooks["cn/mof/2020"];
        find(sheet, Some(2024), rulebook, sources).map(|c| c.expect("heads"))
    }

    #[test]
    fn heads_are_known_by_their_synonyms_with_year_and_unit() {
        let sheet = sheet(&[
            &[
                "2024年项目清单",
                "2024年项目清单",
                "2024年项目清单",
                "2024年项目清单",
            ],
            &[
                "序号",
                "项目名称",
                "2024年预算数（元）",
                "2023年决算数（万元）",
            ],
            &["1", "清淤", "100", "2"],
        ]);
        let mut sources = Sources::default();
        let columns = found(&sheet, &mut sources).unwrap();
        assert_eq!(columns.first, 2);
        assert_eq!(columns.of["project_name"].at, 1);
        let budget = &columns.of["original_budget"];
        assert_eq!(
            (budget.at, &*budget.unit.as_ref().unwrap().symbol),
            (2, "元")
        );
        assert_eq!(columns.of["prior_outturn"].at, 3);
        assert!(!columns.of.contains_key("outturn"));
        // The next year's export is read by what was learnt.
        let text = sources.text().unwrap().to_string();
        assert!(
            text.contains("\"年初预算数\" = \"2024年预算数(元)\""),
            "{text}"
        );
    }

    #[test]
    fn two_columns_for_one_thing_are_asked_about_and_the_answer_is_kept() {
        let sheet = sheet(&[
            &["项目名称", "年初预算（万元）", "预算安排（万元）"],
            &["清淤", "100", "120"],
        ]);
        let mut sources = Sources::default();
        let asked = found(&sheet, &mut sources).unwrap_err().text;
        assert!(
            asked.contains("“年初预算(万元)”、“预算安排(万元)”") && asked.contains("年初预算数"),
            "{asked}"
        );
        let text = sources.text().unwrap().to_string();
        // Left open it is asked again.
        let again = found(&sheet, &mut Sources::read(&text).unwrap()).unwrap_err();
        assert!(again.text.contains("表里没有这一列"), "{}", again.text);
        let answered = text.replace(OPEN, "预算安排（万元）");
        let columns = found(&sheet, &mut Sources::read(&answered).unwrap()).unwrap();
        assert_eq!(columns.of["original_budget"].at, 2);
    }

    #[test]
    fn an_amount_without_a_unit_is_asked_about() {
        let sheet = sheet(&[&["项目名称", "年初预算数"], &["清淤", "100"]]);
        let mut sources = Sources::default();
        let asked = found(&sheet, &mut sources).unwrap_err().text;
        assert!(
            asked.contains("年初预算数") && asked.contains("万元"),
            "{asked}"
        );
        let text = sources.text().unwrap().replace(OPEN, "元");
        let columns = found(&sheet, &mut Sources::read(&text).unwrap()).unwrap();
        let unit = columns.of["original_budget"].unit.as_ref().unwrap();
        assert_eq!(&*unit.symbol, "元");
    }

    #[test]
    fn a_group_head_says_what_its_total_is_of() {
        let mut sheet = sheet(&[
            &[
                "项目名称",
                "年初预算数",
                "年初预算数",
                "全年执行数",
                "全年执行数",
            ],
            &["项目名称", "合计", "财政拨款", "合计", "财政拨款"],
            &["清淤", "100", "80", "90", "70"],
        ]);
        sheet.above = vec!["单位：万元".into()];
        let columns = found(&sheet, &mut Sources::default()).unwrap();
        assert_eq!(columns.of["original_budget"].at, 1);
        assert_eq!(columns.of["outturn"].at, 3);
        assert!(!columns.of.contains_key("appropriation"));
    }
}
