//! A list of 15 projects, exported figures and last year's package come in; the year's workbook, filled in as a clerk would, is checked without an error.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::{Rulebook, Shelf};
use jiheng_model::form::{Form, INDICATOR_COLUMNS};
use jiheng_model::origin::At;
use jiheng_model::{Decimal, Document, Origin, Stated};
use jiheng_office::zip::Inflater;
use jiheng_office::{Budget, Zip};
#[path = "desk/formula.rs"]
mod formula;

use formula::Outcome;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples");

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("jiheng-new-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn jiheng(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The beginning of 2024 in a folder: the sample's list and figures, and the package of 2023.
fn begin(folder: &Path) -> PathBuf {
    for name in ["projects.xlsx", "accounts.csv"] {
        let from = Path::new(SAMPLES).join("yueyang-2024-start").join(name);
        std::fs::copy(from, folder.join(name)).expect("the sample");
    }
    let out = folder.join("2024.xlsx");
    let last = Path::new(SAMPLES).join("yueyang-2023/package.docx");
    let output = jiheng(&[
        "new",
        "--projects",
        &folder.join("projects.xlsx").display().to_string(),
        "--accounts",
        &folder.join("accounts.csv").display().to_string(),
        "--from",
        &last.display().to_string(),
        "--out",
        &out.display().to_string(),
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    out
}

fn documents(path: &Path) -> Vec<Document> {
    let file = SourceFile {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        bytes: std::fs::read(path).expect("the workbook"),
    };
    jiheng_engine::read::read(&Package { files: vec![file] })
}

fn rulebook() -> &'static Rulebook {
    &Shelf::embedded().rulebooks["cn/hunan/yueyang/2023"]
}

#[test]
fn what_is_known_is_filled_in_and_read_back() {
    let folder = folder("known");
    let documents = documents(&begin(&folder));
    let filing = jiheng_engine::recognize::recognize(&documents, rulebook());
    assert_eq!(filing.forms.len(), 17);
    assert_eq!(filing.year, Some(2024));
    let baseline = filing.one("baseline").unwrap();
    for (path, text) in [
        // 2023's 本年决算数 is 2024's 上年决算数.
        ("three_publics.prior_outturn", "7.56"),
        ("projects.prior_outturn", "4063.14"),
        ("operating.prior_outturn", "999.14"),
        // Exported in 元.
        ("three_publics.outturn", "6.80"),
        ("operating.outturn", "968.30"),
        ("operating.utilities.outturn", "209.40"),
        ("projects.outturn", "3089.58"),
        ("staff.in_post", "60"),
        ("staff.control_rate", "98.36%"),
    ] {
        assert_eq!(baseline.text(path), Some(text), "{path}");
    }
    // Two projects are new; two of last year's with spending have no successor.
    assert_eq!(baseline.rows("projects").len(), 17);
    let department = filing.one("department").unwrap();
    assert_eq!(
        department.text("unit_name"),
        Some("岳阳市自然资源和规划局本级")
    );
    assert_eq!(department.text("funds.total.outturn"), Some("5788.00"));
    assert_eq!(department.indicators().count(), 21);
    assert!(
        department
            .indicators()
            .all(|i| i.actual().is_some_and(|a| a.value.is_blank()))
    );
    let shan = filing
        .of("project")
        .find(|f| f.text("project_name") == Some("2022至2024年山水项目"))
        .unwrap();
    let target = |name: &str| {
        let found = shan
            .indicators()
            .find(|i| i.name().is_some_and(|n| n.text == name));
        found.unwrap().target().unwrap().text.clone()
    };
    // The deadline was moved, the area was not touched.
    assert_eq!(target("按时完成年度总目标"), "2024/12/31");
    assert!(target("矿山修复面积").contains("公顷"));
    assert_eq!(shan.text("funds.total.execution_rate"), Some("98.54%"));
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn the_workbook_is_the_same_on_a_second_run_and_the_columns_are_remembered() {
    let folder = folder("again");
    let first = std::fs::read(begin(&folder)).unwrap();
    let kept = folder.join("jiheng-sources.toml");
    let sources = std::fs::read_to_string(&kept).unwrap();
    assert!(
        sources.contains("\"年初预算数\" = \"2024年预算安排\""),
        "{sources}"
    );
    let second = std::fs::read(begin(&folder)).unwrap();
    assert!(first == second);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), sources);
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn an_ambiguous_column_is_a_question_that_the_clerk_answers_in_the_file() {
    let folder = folder("asked");
    let list = folder.join("清单.csv");
    let text = "项目名称,年初预算（万元）,预算安排（万元）\n渠道清淤,100,120\n";
    std::fs::write(&list, text).unwrap();
    let out = folder.join("2024.xlsx");
    let arguments = [
        "new",
        "--year",
        "2024",
        "--projects",
        &list.display().to_string(),
        "--out",
        &out.display().to_string(),
    ];
    let output = jiheng(&arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("“预算安排(万元)”"),
        "{}",
        said(&output)
    );
    assert!(!out.exists());
    let kept = folder.join("jiheng-sources.toml");
    let sources = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&kept, sources.replace("？", "预算安排（万元）")).unwrap();
    let output = jiheng(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let rulebook = &Shelf::embedded().rulebooks["cn/mof/2020"];
    let filing = jiheng_engine::recognize::recognize(&documents(&out), rulebook);
    assert_eq!(
        filing
            .one("project")
            .unwrap()
            .text("funds.total.original_budget"),
        Some("120.00")
    );
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn a_filled_workbook_is_a_complete_package_without_an_error() {
    let folder = folder("filled");
    let path = begin(&folder);
    let mut clerk = Clerk::open(&path);
    clerk.fill();
    clerk.save(&path);
    let output = jiheng(&["check", &path.display().to_string(), "--plain", "--quiet"]);
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors: Vec<&str> = found.lines().filter(|l| l.starts_with("错误")).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert_eq!(output.status.code(), Some(0), "{found}");
    let out = folder.join("结果");
    let output = jiheng(&[
        "evaluate",
        &path.display().to_string(),
        "--out",
        &out.display().to_string(),
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(out.join("findings.html").is_file());
    let output = jiheng(&[
        "render",
        &path.display().to_string(),
        "--to",
        "docx",
        "--out",
        &out.display().to_string(),
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let printed = documents(&out.join("package.docx"));
    let printed = jiheng_engine::recognize::recognize(&printed, rulebook());
    let written = jiheng_engine::recognize::recognize(&documents(&path), rulebook());
    let totals = |filing: &jiheng_model::Filing| -> Vec<Option<String>> {
        let forms = filing.forms.iter();
        let total = forms.map(|f| f.text("total_score").map(str::to_string));
        total.collect()
    };
    assert_eq!(printed.forms.len(), 17);
    assert_eq!(totals(&printed), totals(&written));
    if let Ok(keep) = std::env::var("KEEP_FILLED") {
        std::fs::copy(&path, keep).unwrap();
    }
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn the_workbook_is_drawn_as_the_place_draws_its_forms() {
    let folder = folder("drawn");
    let clerk = Clerk::open(&begin(&folder));
    let sheets = clerk.sheets();
    let at = |name: &str| {
        sheets
            .iter()
            .position(|s| s.contains(name))
            .expect("a sheet")
            + 1
    };
    let sheet = |name: &str| clerk.text(&format!("xl/worksheets/sheet{}.xml", at(name)));
    let department = sheet("附件2");
    // Amounts behind their labels have cells of their own, and their sums are formulas.
    for formula in ["ROUND(SUM(", "ROUND(MIN(", "ISNUMBER("] {
        assert!(department.contains(formula), "{formula}");
    }
    // What may be chosen is chosen from a list, other entries are warned of and not refused.
    assert!(department.contains("产出指标,效益指标,满意度指标"));
    assert!(
        !department.contains("errorStyle=\"stop\"")
            && department.contains("errorStyle=\"warning\"")
    );
    // A new project is offered the names of the library.
    assert!(sheet("控违").contains("指标库!$D$"));
    // The rate, its points and the total score follow; totals that are known wait for their parts.
    let project = cells(&sheet("控违"));
    let formulas = project.values().filter_map(|c| inner(c, "f"));
    let rounded: Vec<&str> = formulas.filter(|f| f.contains("ROUND(")).collect();
    assert!(rounded.len() >= 3, "{rounded:?}");
    let _ = std::fs::remove_dir_all(folder);
}

/// Writes into the open cells of a workbook.
struct Clerk {
    parts: Vec<(String, Vec<u8>)>,
    documents: Vec<Document>,
    /// What is typed, by sheet, row and column from 0.
    typed: BTreeMap<(usize, u32, u16), String>,
}

impl Clerk {
    fn open(path: &Path) -> Clerk {
        let bytes = std::fs::read(path).unwrap();
        let budget = Budget::default();
        let zip = Zip::open(&bytes, &budget).expect("a zip");
        let mut inflater = Inflater::new(&budget);
        let part = |e: &jiheng_office::zip::Entry<'_>| {
            let bytes = zip.inflate(e, &mut inflater).expect("a part");
            (e.name.to_string(), bytes.into_owned())
        };
        Clerk {
            parts: zip.entries().iter().map(part).collect(),
            documents: documents(path),
            typed: BTreeMap::new(),
        }
    }

    /// The sheet (from 0), row and column (from 0) of an address.
    fn place(&self, origin: &Origin) -> (usize, u32, u16) {
        let At::Cell {
            table, row, col, ..
        } = origin.at
        else {
            panic!("no cell");
        };
        let table = self.documents[0].table(table).unwrap();
        let sheets: Vec<&str> = self.sheets();
        let sheet = sheets
            .iter()
            .position(|s| Some(*s) == table.sheet.as_deref());
        (sheet.unwrap(), row - 1, col as u16 - 1)
    }

    fn sheets(&self) -> Vec<&str> {
        let workbook = self.parts.iter().find(|(n, _)| n == "xl/workbook.xml");
        let text = std::str::from_utf8(&workbook.unwrap().1).unwrap();
        text.split("<sheet name=\"")
            .skip(1)
            .filter_map(|s| s.split('"').next())
            .collect()
    }

    fn write(&mut self, stated: Option<&Stated>, text: &str) {
        if let Some(stated) = stated.filter(|s| s.value.is_blank()) {
            let place = self.place(&stated.origin);
            self.typed.insert(place, text.to_string());
        }
    }

    fn field(&mut self, form: &Form, path: &str, text: &str) {
        self.write(form.get(path), text);
    }

    fn fill(&mut self) {
        let filing = jiheng_engine::recognize::recognize(&self.documents, rulebook());
        for form in &filing.forms {
            for (path, text) in [
                ("filler", "李某某"),
                ("filled_on", "2025/3/10"),
                ("phone", "07308000000"),
                ("signatory", "王某某"),
            ] {
                self.field(form, path, text);
            }
            match form.kind() {
                "baseline" => self.baseline(form),
                "department" => self.department(form),
                _ => self.project(form),
            }
        }
        self.report();
    }

    fn baseline(&mut self, form: &Form) {
        self.field(
            form,
            "thrift",
            "执行公务接待公函制，公务用车集中调度，会议培训按年度计划安排。",
        );
        // 基本支出执行 2698.42 − 年初基本支出预算 1380.00.
        self.field(form, "basic_adjustment.budget", "1318.42");
        for path in [
            "approved_area",
            "actual_area",
            "budget_investment",
            "actual_investment",
        ] {
            self.field(form, &format!("buildings.{path}"), "—");
        }
        for row in form.rows("projects").to_vec() {
            for column in ["prior_outturn", "budget", "outturn"] {
                self.write(form.cell("projects", &row, column), "0");
            }
        }
        self.field(form, "operating.budget", "152");
    }

    fn department(&mut self, form: &Form) {
        self.field(form, "goal_actual", "全年各项重点工作按计划完成，地灾隐患点零死亡，禁拆治违行动按期完成，廉政教育片观看2次。");
        for indicator in form.indicators() {
            let target = indicator.target().map_or(String::new(), |t| t.text.clone());
            let points = indicator.points().map_or(String::new(), |t| t.text.clone());
            self.write(
                indicator.actual(),
                target.trim_start_matches(['≥', '≤', '=']),
            );
            self.write(indicator.score(), &points);
        }
    }

    fn project(&mut self, form: &Form) {
        self.field(form, "goal_expected", "按批复的实施方案完成年度任务。");
        self.field(form, "goal_actual", "按批复的实施方案完成了年度任务。");
        for column in ["original_budget", "final_budget", "outturn"] {
            let total = form.get(&format!("funds.total.{column}"));
            let total = total.map_or("0".into(), |t| t.text.clone());
            self.field(form, &format!("funds.appropriation.{column}"), &total);
            self.field(form, &format!("funds.carry_over.{column}"), "0");
            self.field(form, &format!("funds.other.{column}"), "0");
        }
        let is_new = form
            .indicators()
            .any(|i| i.name().is_some_and(|n| n.value.is_blank()));
        if !is_new {
            self.department(form);
            return;
        }
        let name = form.text("project_name").unwrap_or_default().to_string();
        self.choose(form, &name);
    }

    /// Fills the blank rows from the library, as the drop-down offers.
    fn choose(&mut self, form: &Form, project: &str) {
        let rulebook = rulebook();
        let kinds = rulebook.project_kinds(project);
        let offered = kinds
            .first()
            .into_iter()
            .flat_map(|k| rulebook.indicators_for(k));
        let offered: Vec<_> = offered.chain(rulebook.indicators_for("通用")).collect();
        // Where the rows stand: every blank row of the list, also those that reading leaves out.
        let Some(head) = form.indicators().next().and_then(|i| i.name()) else {
            panic!("no rows");
        };
        let (sheet, first, named) = self.place(&head.origin);
        let at_name = INDICATOR_COLUMNS.iter().position(|c| *c == "name");
        let left_of_list = named - at_name.unwrap() as u16;
        let criteria = rulebook.words("start_indicators");
        let mut left: HashMap<&str, i64> = [("产出", 50), ("效益", 30), ("满意", 10)].into();
        let mut used: Vec<&str> = Vec::new();
        let mut rows: Vec<(u32, &str, Option<_>)> = Vec::new();
        for (number, line) in criteria.iter().enumerate() {
            let (dimension, criterion) = line.split_once('|').unwrap();
            let entry = offered
                .iter()
                .find(|e| e.criterion == criterion && !used.contains(&e.name.as_str()));
            if let Some(entry) = entry {
                used.push(&entry.name);
            }
            rows.push((first + number as u32, &dimension[..6], entry));
        }
        for (at, (row, dimension, entry)) in rows.iter().enumerate() {
            let mut put = |column: &str, text: String| {
                let col = INDICATOR_COLUMNS.iter().position(|c| *c == column).unwrap();
                self.typed
                    .insert((sheet, *row, left_of_list + col as u16), text);
            };
            let Some(entry) = entry else {
                put("name", "无".into());
                continue;
            };
            let later = rows[at + 1..]
                .iter()
                .any(|(_, d, e)| d == dimension && e.is_some());
            let rest = left.get_mut(dimension).unwrap();
            let points = if later { 8.min(*rest) } else { *rest };
            *rest -= points;
            let value = match (entry.value.as_str(), entry.unit.as_str()) {
                ("", "%") => "95",
                ("", "月") => "12",
                ("", "万元") => "900",
                ("", _) => "12",
                (value, _) => value,
            };
            put("name", entry.name.clone());
            put("target", format!("{}{value}{}", entry.operator, entry.unit));
            put("actual", format!("{value}{}", entry.unit));
            put("points", points.to_string());
            put("score", points.to_string());
        }
    }

    /// Writes a paragraph into each open cell of the report's sheet.
    fn report(&mut self) {
        let sheet = self.sheets().iter().position(|s| *s == "报告").unwrap();
        let headings = self.headings(sheet);
        for (row, heading) in headings {
            let text = match heading.as_str() {
                h if h.contains("部门基本情况") => "本部门核定编制61人，实际在职60人。",
                h if h.contains("基本支出") => {
                    "2024年基本支出2698.42万元，用于人员经费和公用经费。"
                }
                h if h.contains("项目支出") => "2024年项目支出3089.58万元，共15个项目。",
                h if h.contains("政府性基金") => "2024年没有政府性基金预算支出。",
                h if h.contains("国有资本") => "2024年没有国有资本经营预算支出。",
                h if h.contains("社会保险") => "2024年没有社会保险基金预算支出。",
                h if h.contains("绩效情况") => {
                    "各项目按计划实施，年度目标基本实现。回收有效问卷300份，满意270份，群众满意度90%。"
                }
                h if h.contains("问题") => "预算编制不够细，部分项目年中调整较多。",
                h if h.contains("措施") => "提前谋划项目，细化预算编制，减少年中调整。",
                h if h.contains("公开") => "自评结果作为安排下年预算的依据，并随部门决算公开。",
                _ => "无。",
            };
            self.typed
                .entry((sheet, row + 1, 0))
                .or_insert_with(|| text.into());
        }
    }

    /// The rows of a sheet above whose next row is blank, with their words.
    fn headings(&self, sheet: usize) -> Vec<(u32, String)> {
        let strings = self.text("xl/sharedStrings.xml");
        let strings: Vec<String> = strings
            .split("<si>")
            .skip(1)
            .map(|s| {
                let t = s.split("<t").nth(1).unwrap_or_default();
                let t = t.split_once('>').map_or("", |(_, t)| t);
                t.split("</t>").next().unwrap_or_default().to_string()
            })
            .collect();
        let xml = self.text(&format!("xl/worksheets/sheet{}.xml", sheet + 1));
        let cells = cells(&xml);
        cells
            .iter()
            .filter(|(_, c)| c.contains("t=\"s\""))
            .filter_map(|((row, col), c)| {
                let next = cells.get(&(row + 1, *col))?;
                let number: usize = inner(c, "v")?.parse().ok()?;
                (!next.contains("<v>")).then(|| (*row, strings[number].clone()))
            })
            .collect()
    }

    fn text(&self, part: &str) -> String {
        let part = self.parts.iter().find(|(n, _)| n == part).expect("a part");
        String::from_utf8(part.1.clone()).unwrap()
    }

    /// Writes what was typed and what the formulas come to.
    fn save(mut self, path: &Path) {
        for number in 0..self.sheets().len() {
            let name = format!("xl/worksheets/sheet{}.xml", number + 1);
            let xml = calculated(&typed(&self.text(&name), number, &self.typed));
            let part = self.parts.iter_mut().find(|(n, _)| *n == name).unwrap();
            part.1 = xml.into_bytes();
        }
        let parts: Vec<(&str, &[u8])> = (self.parts.iter())
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect();
        std::fs::write(path, jiheng_office::write::zip(&parts)).unwrap();
    }
}

/// The cells of a sheet's XML by row and column from 0.
fn cells(xml: &str) -> BTreeMap<(u32, u16), String> {
    let mut cells = BTreeMap::new();
    for cell in xml.split("<c r=\"").skip(1) {
        let end = match (cell.find("/>"), cell.find("</c>"), cell.find('>')) {
            (Some(short), _, Some(open)) if short + 1 == open => short + 2,
            (_, Some(long), _) => long + 4,
            _ => continue,
        };
        let reference = cell.split('"').next().unwrap();
        cells.insert(address(reference), format!("<c r=\"{}", &cell[..end]));
    }
    cells
}

fn address(reference: &str) -> (u32, u16) {
    let letters: String = reference
        .chars()
        .take_while(char::is_ascii_uppercase)
        .collect();
    let col = letters
        .bytes()
        .fold(0, |n, b| n * 26 + u16::from(b - b'A') + 1);
    (
        reference[letters.len()..].parse::<u32>().unwrap() - 1,
        col - 1,
    )
}

fn inner<'t>(cell: &'t str, tag: &str) -> Option<&'t str> {
    let rest = cell.split_once(&format!("<{tag}>"))?.1;
    Some(rest.split_once(&format!("</{tag}>"))?.0)
}

fn head(cell: &str) -> String {
    let open = cell.split('>').next().unwrap().trim_end_matches('/');
    open.replace(" t=\"str\"", "").replace(" t=\"s\"", "")
}

fn typed(xml: &str, sheet: usize, typed: &BTreeMap<(usize, u32, u16), String>) -> String {
    let mut xml = xml.to_string();
    for (at, cell) in cells(&xml.clone()) {
        let Some(text) = typed.get(&(sheet, at.0, at.1)) else {
            continue;
        };
        assert!(!cell.contains("<f>"), "a formula is locked: {cell}");
        assert!(!cell.contains("<v>"), "nothing is written over: {cell}");
        let new = match Decimal::from_str_exact(text) {
            Ok(number) => format!("{}><v>{number}</v></c>", head(&cell)),
            Err(_) => format!("{} t=\"inlineStr\"><is><t>{text}</t></is></c>", head(&cell)),
        };
        xml = xml.replacen(&cell, &new, 1);
    }
    xml
}

/// The sheet after calculation, as a spreadsheet program saves it.
fn calculated(xml: &str) -> String {
    let mut xml = xml.to_string();
    let all = cells(&xml);
    let mut numbers: HashMap<(u32, u16), Decimal> = all
        .iter()
        .filter(|(_, c)| !c.contains(" t=\"s\"") && !c.contains("<f>"))
        .filter_map(|(at, c)| Some((*at, Decimal::from_str_exact(inner(c, "v")?).ok()?)))
        .collect();
    let formulas: Vec<_> = all
        .iter()
        .filter_map(|(at, c)| Some((*at, inner(c, "f")?, c)))
        .collect();
    for _ in 0..formulas.len() {
        for (at, formula, _) in &formulas {
            let held = |row, col| numbers.get(&(row, col)).copied();
            match formula::evaluate(&formula.replace("&quot;", "\""), &held) {
                Outcome::Number(n) => numbers.insert(*at, n),
                _ => numbers.remove(at),
            };
        }
    }
    for (at, formula, cell) in formulas {
        let new = match numbers.get(&at) {
            Some(n) => format!("{}><f>{formula}</f><v>{n}</v></c>", head(cell)),
            None => format!("{} t=\"str\"><f>{formula}</f><v> </v></c>", head(cell)),
        };
        xml = xml.replacen(cell.as_str(), &new, 1);
    }
    xml
}
