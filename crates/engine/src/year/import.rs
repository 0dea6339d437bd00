//! Exported files come in; the projects they list and the figures they give, in 万元 and with their places, go out.

use super::columns::{self, Column, Columns, Question};
use super::sheet::{self, Sheet};
use super::sources::{self, Sources};
use crate::accounts;
use crate::check::projects::same_name;
use crate::read::SourceFile;
use crate::recognize::year_in;
use crate::rulebook::Rulebook;
use jiheng_model::form::{FieldType, Role};
use jiheng_model::parse::parse_as;
use jiheng_model::{Decimal, Unit, ValueKind, label};
use rust_decimal::RoundingStrategy;
use std::collections::BTreeMap;

/// An amount that was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// In 万元, or persons; rounded to the rulebook's places when it was exported in another unit.
    pub value: Decimal,
    /// As it stood there, with its unit ("1234567.89 元").
    pub printed: String,
    /// Where it stood ("决算导出.csv 第 7 行“支出数”").
    pub place: String,
}

/// A project of the list.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Its name as printed.
    pub name: String,
    /// Words by what they are ("line_department").
    pub words: BTreeMap<String, String>,
    /// Amounts by what they are ("original_budget").
    pub amounts: BTreeMap<String, Amount>,
    /// Its row, as a person counts.
    pub row: usize,
}

/// What a file of projects says.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The projects in order.
    pub projects: Vec<Project>,
    /// The fiscal year that a title or the file's name names.
    pub year: Option<i16>,
    /// Sentences for the clerk.
    pub said: Vec<String>,
}

/// Figures of final accounts or of the budget system.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// By form and field ("baseline.three_publics.outturn").
    pub fields: BTreeMap<String, Amount>,
    /// Amounts of projects.
    pub projects: Vec<Project>,
    /// Sentences for the clerk.
    pub said: Vec<String>,
}

/// The projects of a list.
///
/// # Errors
/// A question: no list in it, a column that may mean two things, an amount that is none, a name that stands twice.
pub fn projects(
    file: &SourceFile,
    year: Option<i16>,
    rulebook: &Rulebook,
    sources: &mut Sources,
) -> Result<Listed, Question> {
    let ask = |text: String| Question { text };
    let (sheets, _) = sheet::sheets(file).map_err(ask)?;
    let mut listed = Listed {
        year: titled(file, &sheets),
        ..Listed::default()
    };
    let year = year.or(listed.year);
    for sheet in &sheets {
        let Some(columns) = columns::find(sheet, year, rulebook, sources)? else {
            continue;
        };
        let Some(name) = columns.of.get("project_name").or(columns.of.get("item")) else {
            continue;
        };
        listed.projects = rows(sheet, &columns, name, rulebook, &mut listed.said)?;
        if !listed.projects.is_empty() {
            break;
        }
    }
    if listed.projects.is_empty() {
        let first: Vec<&str> = sheets
            .iter()
            .flat_map(|s| s.rows.iter())
            .find(|row| row.iter().filter(|c| !c.is_empty()).count() > 1)
            .map(|row| {
                row.iter()
                    .map(String::as_str)
                    .filter(|c| !c.is_empty())
                    .collect()
            })
            .unwrap_or_default();
        return Err(ask(format!(
            "{} 里没有认出“{}”这一列，不知道有哪些项目。表头读到的是：{}。\n把项目那一列的表头写成“{}”，再运行一次。",
            file.name,
            columns::term(rulebook, "project_name"),
            first.join("、"),
            columns::term(rulebook, "project_name"),
        )));
    }
    for (at, project) in listed.projects.iter().enumerate() {
        let earlier = &listed.projects[..at];
        if let Some(twin) = earlier.iter().find(|p| same_name(&p.name, &project.name)) {
            return Err(ask(format!(
                "{} 第 {} 行和第 {} 行是同一个项目“{}”，一个项目只能有一行。\n合并成一行，或把名称写得有区别，再运行一次。",
                file.name, twin.row, project.row, project.name
            )));
        }
    }
    Ok(listed)
}

/// The figures of final accounts and budget systems; a line with the name of a listed project is the project's.
///
/// # Errors
/// A question, as for [`projects`].
pub fn figures(
    file: &SourceFile,
    listed: &[Project],
    year: Option<i16>,
    rulebook: &Rulebook,
    sources: &mut Sources,
) -> Result<Figures, Question> {
    let (sheets, documents) = sheet::sheets(file).map_err(|text| Question { text })?;
    let mut figures = Figures::default();
    let mut ranked: BTreeMap<String, (usize, Amount)> = BTreeMap::new();
    let official = accounts::accounts(&documents, rulebook);
    for accounts in &official {
        if let (Some(own), Some(year)) = (accounts.year, year)
            && own != year
        {
            figures.said.push(format!(
                "{} 是 {own} 年度的决算，不是 {year} 年度的，没有用。",
                file.name
            ));
            continue;
        }
        for figure in &accounts.figures {
            let place = format!("{}：{}", file.name, figure.label);
            let Some(amount) = amount(
                figure.value,
                figure.unit.as_ref(),
                &figure.text,
                place,
                rulebook,
            ) else {
                continue;
            };
            for (field, rank) in fields_of(&figure.item, rulebook) {
                keep(&mut ranked, field, rank, amount.clone());
            }
        }
    }
    let tables: usize = official.iter().map(|a| a.tables.len()).sum();
    let mut understood = tables > 0;
    for sheet in sheets.iter().filter(|_| tables == 0) {
        let Some(columns) = columns::find(sheet, year, rulebook, sources)? else {
            continue;
        };
        if let Some(name) = columns.of.get("project_name") {
            let rows = rows(sheet, &columns, name, rulebook, &mut figures.said)?;
            understood |= !rows.is_empty();
            figures.projects.extend(rows);
        } else if let Some(item) = columns.of.get("item") {
            let rows = rows(sheet, &columns, item, rulebook, &mut Vec::new())?;
            understood |= !rows.is_empty();
            for row in rows {
                // A project may be called like a line of the forms (机关运行经费).
                let project = listed.iter().any(|p| same_name(&p.name, &row.name));
                if project || (!fill(&row, rulebook, &mut ranked) && !row.amounts.is_empty()) {
                    figures.projects.push(row);
                }
            }
        }
    }
    if !understood {
        return Err(Question {
            text: format!(
                "{} 里没有认出决算表，也没有“{}”或“{}”这样的列。\n从系统导出部门决算表或项目支出明细（xlsx 或 csv），再运行一次。",
                file.name,
                columns::term(rulebook, "project_name"),
                columns::term(rulebook, "item"),
            ),
        });
    }
    figures.fields = ranked.into_iter().map(|(k, (_, a))| (k, a)).collect();
    Ok(figures)
}

/// Keeps the figure that says best what a field asks for.
fn keep(
    ranked: &mut BTreeMap<String, (usize, Amount)>,
    field: String,
    rank: usize,
    amount: Amount,
) {
    let better = ranked.get(&field).is_none_or(|(held, _)| rank < *held);
    if better {
        ranked.insert(field, (rank, amount));
    }
}

/// The fields that an item of the accounts fills, the better the smaller the number.
fn fields_of(item: &str, rulebook: &Rulebook) -> Vec<(String, usize)> {
    let fields = rulebook.dictionary("accounts_fields").into_iter().flatten();
    fields
        .filter_map(|(field, items)| {
            let rank = items.iter().position(|i| i == item)?;
            Some((field.clone(), rank))
        })
        .collect()
}

/// The rank of a figure that was found by the form's own label, after those of the accounts.
const BY_LABEL: usize = 8;

/// Fills the fields that a line of a list is of; false when it is of none.
fn fill(
    row: &Project,
    rulebook: &Rulebook,
    ranked: &mut BTreeMap<String, (usize, Amount)>,
) -> bool {
    let line = accounts::line_label(&row.name);
    let whole = label::normalise(&row.name);
    let mut found = false;
    let subjects = rulebook
        .dictionary("accounts_subjects")
        .into_iter()
        .flatten();
    let items: Vec<&String> = subjects
        .filter(|(_, words)| words.contains(&line))
        .map(|(item, _)| item)
        .chain(class_item(&line, rulebook))
        .collect();
    for item in &items {
        found = true;
        for (field, rank) in fields_of(item, rulebook) {
            let Some(amount) = row.amounts.get("outturn") else {
                continue;
            };
            match rulebook.words("accounts_persons").contains(*item) {
                true => keep(ranked, field, rank, persons(amount)),
                false => keep(ranked, field, rank, amount.clone()),
            }
        }
    }
    for form in rulebook.words("forms_to_fill") {
        let Some(def) = rulebook
            .form(form)
            .filter(|d| d.copies == jiheng_model::form::Copies::One)
        else {
            continue;
        };
        let senses = def
            .recognition
            .senses(&whole)
            .or(def.recognition.senses(&line));
        for sense in senses.into_iter().flatten() {
            match sense.role {
                Role::Row { grid, row: number } => {
                    let Some(grid) = def.recognition.grids.get(grid as usize) else {
                        continue;
                    };
                    for (key, amount) in &row.amounts {
                        let col = if form == "baseline" && key == "original_budget" {
                            "budget"
                        } else {
                            key
                        };
                        let col = grid.cols.iter().position(|(k, _)| k == col);
                        let slot = col.and_then(|c| {
                            grid.slots
                                .get(number as usize * grid.cols.len() + c)
                                .copied()
                        });
                        let field = slot.and_then(|s| def.fields.get(s as usize));
                        if let Some(field) = field {
                            found = true;
                            let path = format!("{form}.{}", field.path);
                            keep(ranked, path, BY_LABEL, amount.clone());
                        }
                    }
                    break;
                }
                Role::Field { slot, .. } => {
                    let field = def.fields.get(slot as usize);
                    let staff = field.filter(|f| f.ty == FieldType::Persons);
                    let number = row.amounts.get("outturn").or(row.amounts.values().next());
                    if let (Some(field), Some(amount)) = (staff, number) {
                        found = true;
                        let path = format!("{form}.{}", field.path);
                        keep(ranked, path, BY_LABEL, persons(amount));
                    }
                    break;
                }
                _ => {}
            }
        }
    }
    found
}

/// A number of persons that stood in a column of amounts: as printed, whatever unit the column has.
fn persons(amount: &Amount) -> Amount {
    let digits = amount.printed.chars().take_while(|c| c.is_ascii_digit());
    let count = Decimal::from_str_exact(&digits.collect::<String>());
    Amount {
        value: count.unwrap_or(amount.value).normalize(),
        ..amount.clone()
    }
}

/// The item of an economic class by its name ("商品和服务支出": econ.302).
fn class_item<'r>(line: &str, rulebook: &'r Rulebook) -> Option<&'r String> {
    let items = rulebook.dictionary("accounts_cells")?;
    let named = |cell: &String| cell.split('|').map(str::trim).nth(1) == Some(line);
    let mut of_class = items.iter().filter(|(item, _)| item.starts_with("econ."));
    of_class
        .find(|(_, cells)| cells.iter().any(named))
        .map(|(item, _)| item)
}

/// The rows below the heads, each with its name, words and amounts.
fn rows(
    sheet: &Sheet,
    columns: &Columns,
    name: &Column,
    rulebook: &Rulebook,
    said: &mut Vec<String>,
) -> Result<Vec<Project>, Question> {
    let amounts = rulebook.words("import_amounts");
    let totals = rulebook.words("import_totals");
    let mut projects: Vec<Project> = Vec::new();
    let mut total = None;
    for (at, cells) in sheet.rows.iter().enumerate().skip(columns.first) {
        let printed = cells
            .get(name.at)
            .map(|c| label::trim(c))
            .unwrap_or_default();
        let key = label::normalise(printed);
        // A total may stand in the column of numbers before the names.
        let first = cells
            .iter()
            .find(|c| !c.is_empty())
            .map(|c| label::normalise(c));
        let is_total = totals.contains(&key) || first.is_some_and(|f| totals.contains(&f));
        if key.is_empty() && !is_total {
            continue;
        }
        let mut project = Project {
            name: bare_number(printed).to_string(),
            row: at + 1,
            ..Project::default()
        };
        for (key, column) in &columns.of {
            let text = cells
                .get(column.at)
                .map(|c| label::trim(c))
                .unwrap_or_default();
            if text.is_empty() || column.at == name.at {
                continue;
            }
            if !amounts.contains(key) {
                project.words.insert(key.clone(), text.to_string());
                continue;
            }
            let value = parse_as(text, FieldType::Money, column.unit.as_ref());
            match value.kind {
                ValueKind::Blank | ValueKind::NotApplicable => continue,
                ValueKind::Number(number) => {
                    let place = format!(
                        "{} 第 {} 行“{}”",
                        columns::about(sheet),
                        at + 1,
                        column.head
                    );
                    let unit = value
                        .unit
                        .as_ref()
                        .filter(|_| value.unit_printed || column.unit.is_some());
                    if let Some(amount) = amount(number, unit, text, place, rulebook) {
                        project.amounts.insert(key.clone(), amount);
                        continue;
                    }
                }
                _ => {}
            }
            return Err(Question {
                text: format!(
                    "{} 第 {} 行“{}”写的是“{text}”，不是金额。\n这一列若不是“{}”，在 {} 里改成对的列名；是的话把这一格改成数，再运行一次。",
                    columns::about(sheet),
                    at + 1,
                    column.head,
                    columns::term(rulebook, key),
                    sources::FILE
                ),
            });
        }
        match is_total {
            true => total = total.or(Some(project)),
            false => projects.push(project),
        }
    }
    if let Some(total) = total {
        compare(&total, &projects, sheet, rulebook, said);
    }
    Ok(projects)
}

/// Says where a printed total is not the sum of the rows.
fn compare(
    total: &Project,
    projects: &[Project],
    sheet: &Sheet,
    rulebook: &Rulebook,
    said: &mut Vec<String>,
) {
    for (key, stated) in &total.amounts {
        let addends = projects.iter().filter_map(|p| p.amounts.get(key));
        let count = Decimal::from(projects.len() as u64 + 1);
        let sum = addends
            .map(|a| a.value)
            .try_fold(Decimal::ZERO, |sum, v| sum.checked_add(v));
        let half = Decimal::new(5, stated.value.scale() + 1);
        let slack = half.checked_mul(count);
        if let (Some(sum), Some(slack)) = (sum, slack)
            && sum
                .checked_sub(stated.value)
                .is_some_and(|gap| gap.abs() > slack)
        {
            said.push(format!(
                "{} 的合计行“{}”是 {} 万元，各项目相加是 {sum} 万元，请核对清单。",
                columns::about(sheet),
                columns::term(rulebook, key),
                stated.value
            ));
        }
    }
}

/// An amount in 万元; `None` when its unit is no money or it is too large.
fn amount(
    number: Decimal,
    unit: Option<&Unit>,
    text: &str,
    place: String,
    rulebook: &Rulebook,
) -> Option<Amount> {
    let wan = Unit::wan_yuan();
    let mut value = match unit {
        Some(unit) if *unit == wan => number,
        Some(unit) => {
            let places = rulebook.number("import_places");
            let places = places.and_then(|n| u32::try_from(n).ok()).unwrap_or(2);
            unit.convert(number, &wan)?
                .round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
        }
        None => number,
    };
    if value.scale() < 2 {
        value.rescale(2);
    }
    let unit = unit.map(|u| &*u.symbol).filter(|u| !text.ends_with(*u));
    let printed = match unit {
        Some(unit) => format!("{text} {unit}"),
        None => text.to_string(),
    };
    Some(Amount {
        value,
        printed,
        place,
    })
}

/// A name without the number before it ("3、清淤": "清淤").
fn bare_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < name.len();
    let rest = rest.trim_start_matches(['、', '.', '．']);
    match numbered
        && rest.len() < name.len()
        && !rest.starts_with(|c: char| c.is_alphanumeric() && c.is_ascii())
    {
        // "2024年…" and "5G…" begin with a number that belongs to the name.
        true if name
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(['、', '.', '．']) =>
        {
            label::trim(rest)
        }
        _ => name,
    }
}

/// The year that the file's name, a sheet's name or a line above the heads names.
fn titled(file: &SourceFile, sheets: &[Sheet]) -> Option<i16> {
    let lines = sheets.iter().flat_map(|s| {
        let rows = s.rows.iter().take(3).flatten();
        s.name.iter().chain(&s.above).chain(rows)
    });
    let titles = lines.filter(|l| l.contains("年度") && l.chars().count() < 60);
    let mut named = titles.filter_map(|l| year_in(l));
    named.next().or_else(|| year_in(&file.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    fn file(name: &str, text: &str) -> SourceFile {
        SourceFile {
            name: name.into(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    fn rulebook() -> &'static Rulebook {
        &Shelf::embedded().rulebooks["cn/hunan/yueyang/2023"]
    }

    fn listed(text: &str) -> Result<Listed, Question> {
        projects(
            &file("清单.csv", text),
            Some(2024),
            rulebook(),
            &mut Sources::default(),
        )
    }

    #[test]
    fn projects_have_exact_amounts_in_ten_thousands_and_their_places() {
        let listed = listed("2024年度项目清单,,\n序号,项目名称,预算数（元）\n1,1、渠道清淤,\"1,234,567.80\"\n2,2024年普查,0\n,合计,1234567.80\n").unwrap();
        assert_eq!(listed.year, Some(2024));
        let names: Vec<&str> = listed.projects.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["渠道清淤", "2024年普查"]);
        let budget = &listed.projects[0].amounts["original_budget"];
        assert_eq!(budget.value.to_string(), "123.46");
        assert_eq!(budget.printed, "1,234,567.80 元");
        assert!(budget.place.contains("第 3 行"), "{}", budget.place);
        assert_eq!(
            listed.projects[1].amounts["original_budget"]
                .value
                .to_string(),
            "0.00"
        );
        assert!(listed.said.is_empty(), "{:?}", listed.said);
    }

    #[test]
    fn a_wrong_cell_a_wrong_total_and_a_name_twice_are_named() {
        let asked = listed("项目名称,预算数（万元）\n清淤,待定\n")
            .unwrap_err()
            .text;
        assert!(
            asked.contains("第 2 行") && asked.contains("待定"),
            "{asked}"
        );
        let said = listed("项目名称,预算数（万元）\n清淤,1.00\n普查,2.00\n合计,4.00\n")
            .unwrap()
            .said;
        assert!(
            said[0].contains("4.00") && said[0].contains("3.00"),
            "{said:?}"
        );
        let asked = listed("项目名称,预算数（万元）\n清淤,1\n清淤项目,2\n")
            .unwrap_err()
            .text;
        assert!(asked.contains("第 2 行和第 3 行"), "{asked}");
        let asked = listed("名字,钱\n清淤,1\n").unwrap_err().text;
        assert!(asked.contains("名字、钱"), "{asked}");
    }

    #[test]
    fn a_list_of_accounts_fills_the_fields_of_the_forms() {
        let text = "科目,年初预算数（万元）,决算数（万元）\n“三公”经费,23.00,7.56\n公务接待费,17.00,2.71\n商品和服务支出,149.75,999.14\n公用经费,149.75,1117.90\n基本支出,,2727.38\n编制数,,61\n渠道清淤,,5.00\n";
        let got = figures(
            &file("决算.csv", text),
            &[],
            Some(2024),
            rulebook(),
            &mut Sources::default(),
        )
        .unwrap();
        let value = |field: &str| got.fields.get(field).map(|a| a.value.to_string());
        assert_eq!(
            value("baseline.three_publics.outturn").as_deref(),
            Some("7.56")
        );
        assert_eq!(
            value("baseline.three_publics.budget").as_deref(),
            Some("23.00")
        );
        assert_eq!(
            value("baseline.three_publics.reception.outturn").as_deref(),
            Some("2.71")
        );
        // 附件1 asks for the goods and services, not for all running costs.
        assert_eq!(
            value("baseline.operating.outturn").as_deref(),
            Some("999.14")
        );
        assert_eq!(
            value("department.funds.basic.outturn").as_deref(),
            Some("2727.38")
        );
        assert_eq!(
            value("baseline.staff.authorized_posts").as_deref(),
            Some("61")
        );
        assert_eq!(got.projects[0].name, "渠道清淤");
    }
}
