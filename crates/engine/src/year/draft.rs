//! Projects, figures and last year's filing come in; the forms of the new year with what is known in them, and a note for each filled or open cell, go out.

use super::before::{bare, before};
use super::import::{Amount, Figures, Project};
use crate::check::projects::same_name;
use crate::rulebook::Rulebook;
use jiheng_model::form::{Copies, FieldType, Form, FormDef, Row, Slot};
use jiheng_model::parse::parse_as;
use jiheng_model::value::{Recognised, Stated, Value, ValueKind};
use jiheng_model::{Decimal, Filing, Origin, Unit, label};
use std::sync::Arc;

/// Where a note belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A field of the form.
    Field(Slot),
    /// A cell of a list: list, row, column.
    Cell(usize, usize, Slot),
}

/// What the clerk should know about a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Index of the form.
    pub form: usize,
    /// The cell.
    pub spot: Spot,
    /// Plain Chinese.
    pub text: String,
}

/// What the draft is made of.
pub struct Materials<'a> {
    /// The rulebook in force.
    pub rulebook: &'a Rulebook,
    /// The year to begin.
    pub year: i16,
    /// The list of projects.
    pub projects: &'a [Project],
    /// Figures of the accounts.
    pub figures: &'a Figures,
    /// Last year's filing.
    pub last: Option<&'a Filing>,
}

/// The forms and notes of the new year.
#[derive(Debug, Default)]
pub struct Draft {
    /// The filing.
    pub filing: Filing,
    /// Notes.
    pub notes: Vec<Note>,
    /// Projects of which last year has no form.
    pub fresh: Vec<String>,
}

/// Makes the forms of the new year.
pub fn draft(materials: &Materials<'_>) -> Draft {
    let mut draft = Draft::default();
    draft.filing.year = Some(materials.year);
    for id in materials.rulebook.words("forms_to_fill") {
        let Some(def) = materials.rulebook.form(id) else {
            continue;
        };
        match def.copies {
            Copies::PerProject => {
                for (number, project) in materials.projects.iter().enumerate() {
                    project_form(materials, def, number, project, &mut draft);
                }
            }
            _ => single_form(materials, def, &mut draft),
        }
    }
    draft
}

/// A form being filled.
struct Filler<'d> {
    form: Form,
    number: usize,
    notes: &'d mut Vec<Note>,
}

impl Filler<'_> {
    fn put(&mut self, path: &str, text: &str, note: Option<String>) {
        let Some(slot) = self.form.def.slot(path) else {
            return;
        };
        let ty = self.form.def.fields[slot as usize].ty;
        if let Some(value) = self.form.values.get_mut(slot as usize) {
            *value = Some(stated(text, ty));
        }
        self.note(Spot::Field(slot), note);
    }

    fn note(&mut self, spot: Spot, text: Option<String>) {
        let form = self.number;
        if let Some(text) = text {
            self.notes.push(Note { form, spot, text });
        }
    }

    fn row(&mut self, list: &str, cells: &[(&str, String, Option<String>)]) {
        let def = self.form.def.clone();
        let Some((number, def)) = def.list(list) else {
            return;
        };
        let mut row = Row {
            values: vec![None; def.columns.len()],
            origin: nowhere(),
        };
        let at = self.form.lists.get(number).map_or(0, Vec::len);
        for (column, text, note) in cells {
            let Some(slot) = def.slot(column) else {
                continue;
            };
            if let Some(cell) = row.values.get_mut(slot as usize) {
                *cell = Some(stated(text, def.columns[slot as usize].ty));
            }
            self.note(Spot::Cell(number, at, slot), note.clone());
        }
        if let Some(rows) = self.form.lists.get_mut(number) {
            rows.push(row);
        }
    }
}

/// A blank copy of a form with its title, annex, and the cells that are printed in it.
fn begin<'d>(
    materials: &Materials<'_>,
    def: &Arc<FormDef>,
    annex: Option<String>,
    before: Option<&Form>,
    number: usize,
    notes: &'d mut Vec<Note>,
) -> Filler<'d> {
    let mut form = Form::empty(def.clone(), 0);
    form.year = Some(materials.year);
    form.title = Some(stated(
        &format!("{}年度{}", materials.year, def.title),
        FieldType::Text,
    ));
    form.annex = annex.map(|a| stated(&a, FieldType::Text));
    form.money_unit = Some(Unit::wan_yuan());
    let without = materials.rulebook.dictionary("start_without");
    let without = without.and_then(|d| d.get(&def.id));
    for (slot, field) in def.fields.iter().enumerate() {
        let own = before.is_some_and(|f| f.values.get(slot).is_some_and(Option::is_some));
        let layout = def.layout.as_ref();
        let printed = layout.is_none_or(|l| l.prints(def, slot as Slot))
            || def.recognition.inline.iter().any(|i| i.1 == slot as Slot);
        let carried = own && field.ty == FieldType::Text;
        let closed = without.is_some_and(|p| p.contains(&field.path));
        if (printed || carried) && !closed {
            form.values[slot] = Some(stated("", field.ty));
        }
    }
    Filler {
        form,
        number,
        notes,
    }
}

/// 附件1 and 附件2: last year's columns, the figures of the accounts, the list of projects.
fn single_form(materials: &Materials<'_>, def: &Arc<FormDef>, draft: &mut Draft) {
    let rulebook = materials.rulebook;
    let last = materials.last.and_then(|l| l.one(&def.id));
    let number = draft.filing.forms.len();
    let mut filler = begin(
        materials,
        def,
        def.annex.clone(),
        last,
        number,
        &mut draft.notes,
    );
    carry(materials, last, &mut filler);
    // 上年决算数 = 上年这张表的本年决算数.
    for field in &def.fields {
        let Some(row) = field.path.strip_suffix(".prior_outturn") else {
            continue;
        };
        let known = last.and_then(|l| l.get(&format!("{row}.outturn")));
        if let Some(known) = known.filter(|s| !s.value.is_blank()) {
            let note = format!("取自上年同一张表的本年决算数：{}。", known.text);
            filler.put(&field.path, &known.text, Some(note));
        }
    }
    for field in &def.fields {
        let path = format!("{}.{}", def.id, field.path);
        if let Some(amount) = materials.figures.fields.get(&path) {
            filler.put(&field.path, &amount.value.to_string(), Some(from(amount)));
        }
    }
    if def.list("projects").is_some() {
        baseline_projects(materials, last, &mut filler);
    }
    if def.list("indicators").is_some() {
        indicators(materials, last, &mut filler);
    }
    if let Some(points) = rulebook.number("execution_points") {
        filler.put("funds.total.points", &points.to_string(), None);
    }
    open(&mut filler, last);
    draft.filing.forms.push(filler.form);
}

/// 附件3 of one project.
fn project_form(
    materials: &Materials<'_>,
    def: &Arc<FormDef>,
    number: usize,
    project: &Project,
    draft: &mut Draft,
) {
    let rulebook = materials.rulebook;
    let before = before(materials.rulebook, materials.last, &project.name, def);
    let last = before.form;
    let annex = def.annex.as_ref().map(|a| match materials.projects.len() {
        1 => a.clone(),
        _ => format!("{a}-{}", number + 1),
    });
    let index = draft.filing.forms.len();
    let mut filler = begin(materials, def, annex, last, index, &mut draft.notes);
    filler.form.ordinal = u16::try_from(number + 1).unwrap_or(u16::MAX);
    carry(materials, last, &mut filler);
    let renamed = last
        .and_then(|l| l.project_name())
        .filter(|n| label::normalise(&n.text) != label::normalise(&project.name));
    filler.put(
        "project_name",
        &project.name,
        renamed.map(|n| {
            format!(
                "上年的表里叫“{}”，当作同一个项目；不是的话，把从上年带来的目标和指标改掉。",
                label::normalise(&n.text)
            )
        }),
    );
    let unit = unit_name(materials);
    for path in ["line_department", "implementing_unit"] {
        if let (None, Some(unit)) = (last, unit) {
            let note = "按本单位填的，不是本单位实施的请改。";
            filler.put(path, unit, Some(note.into()));
        }
    }
    for (key, words) in &project.words {
        if def.slot(key).is_some() {
            filler.put(key, words, Some("取自项目清单。".into()));
        }
    }
    let accounted = find(&materials.figures.projects, &project.name);
    for source in [Some(project), accounted].into_iter().flatten() {
        for (key, amount) in &source.amounts {
            let path = match key.as_str() {
                "appropriation" | "carry_over" | "other" => {
                    format!("funds.{key}.original_budget")
                }
                key => format!("funds.total.{key}"),
            };
            filler.put(&path, &amount.value.to_string(), Some(from(amount)));
        }
    }
    if let Some(points) = rulebook.number("execution_points") {
        filler.put("funds.total.points", &points.to_string(), None);
    }
    indicators(materials, last, &mut filler);
    open(&mut filler, last);
    let new = last.is_none();
    draft.filing.forms.push(filler.form);
    if new && materials.last.is_some() {
        draft.fresh.push(project.name.clone());
    }
}

/// Words that stay from year to year, for the clerk to confirm.
fn carry(materials: &Materials<'_>, last: Option<&Form>, filler: &mut Filler<'_>) {
    let Some(last) = last else { return };
    for path in materials.rulebook.words("start_from") {
        if let Some(text) = last.text(path) {
            filler.put(path, text, Some("照抄上年的，有变动请改。".into()));
        }
    }
}

/// The open cells say what belongs there, and what last year's form had.
fn open(filler: &mut Filler<'_>, last: Option<&Form>) {
    let def = filler.form.def.clone();
    for (slot, field) in def.fields.iter().enumerate() {
        let blank = filler.form.values.get(slot).and_then(Option::as_ref);
        if !blank.is_some_and(|s| s.value.is_blank()) {
            continue;
        }
        let before = last.and_then(|l| l.text(&field.path));
        let short: Option<String> = before.map(|t| {
            let line = label::normalise(t);
            match line.chars().count() > SHOWN {
                true => line.chars().take(SHOWN).chain(['…']).collect(),
                false => line,
            }
        });
        let what = match field.ty {
            FieldType::Money => "填万元，没有发生填 0，不适用填 —",
            FieldType::Persons => "填人数",
            FieldType::Area => "填平方米；本年没有完工项目填 —",
            FieldType::Date => "填日期，如 2025-3-10",
            FieldType::Signature => "打印后签字",
            FieldType::Phone => "填联系电话",
            FieldType::Text => "填文字",
            _ => continue,
        };
        let tail = short.map_or_else(String::new, |s| format!("；上年填的是：{s}"));
        let text = format!("{}：{what}{tail}。", label::normalise(&field.label));
        let spot = Spot::Field(slot as Slot);
        filler.note(spot, Some(text));
    }
}

/// So many characters of last year's text are shown in a note.
const SHOWN: usize = 60;

/// The rows of the list of projects in 附件1: those of the list, then those that only last year had.
fn baseline_projects(materials: &Materials<'_>, last: Option<&Form>, filler: &mut Filler<'_>) {
    let project_def = materials.rulebook.form("project");
    let mut taken: Vec<*const Row> = Vec::new();
    let mut budget = Some(Decimal::ZERO);
    for project in materials.projects {
        let before =
            project_def.map(|def| before(materials.rulebook, materials.last, &project.name, def));
        let line = before.and_then(|b| b.line);
        let prior = line.and_then(|(form, row)| {
            taken.push(row);
            form.cell("projects", row, "outturn")
        });
        let listed = project.amounts.get("original_budget");
        budget = budget.and_then(|sum| sum.checked_add(listed.map_or(Decimal::ZERO, |a| a.value)));
        let prior_listed = project.amounts.get("prior_outturn");
        let accounted = find(&materials.figures.projects, &project.name);
        let outturn = accounted
            .and_then(|p| p.amounts.get("outturn"))
            .or_else(|| project.amounts.get("outturn"));
        let shown =
            |amount: Option<&Amount>| amount.map_or_else(String::new, |a| a.value.to_string());
        let (prior_text, prior_note) = match (prior, prior_listed) {
            (Some(prior), _) => (
                prior.text.clone(),
                Some("取自上年这个项目的本年决算数。".to_string()),
            ),
            (None, listed) => (shown(listed), listed.map(from)),
        };
        filler.row(
            "projects",
            &[
                ("name", project.name.clone(), None),
                ("prior_outturn", prior_text, prior_note),
                ("budget", shown(listed), listed.map(from)),
                (
                    "outturn",
                    shown(outturn),
                    Some(outturn.map_or_else(
                        || "填本年决算数（万元），与这个项目附件3的全年执行数相同。".into(),
                        from,
                    )),
                ),
            ],
        );
    }
    for row in last.map_or(&[][..], |l| l.rows("projects")) {
        let (Some(last), false) = (last, taken.contains(&(row as *const Row))) else {
            continue;
        };
        let name = last.cell("projects", row, "name");
        let prior = last.cell("projects", row, "outturn");
        let (Some(name), Some(prior)) = (name, prior.filter(|p| p.value.is_present())) else {
            continue;
        };
        let note = "只有上年有这个项目，列在这里，上年决算数的合计才对得上。";
        filler.row(
            "projects",
            &[
                ("name", bare(&name.text), Some(note.into())),
                ("prior_outturn", prior.text.clone(), None),
                ("budget", String::new(), None),
                ("outturn", String::new(), None),
            ],
        );
    }
    if let Some(budget) = budget.filter(|b| !b.is_zero()) {
        filler.put("projects.budget", &budget.to_string(), None);
    }
}

/// The indicators: last year's with their targets, or rows to fill.
fn indicators(materials: &Materials<'_>, last: Option<&Form>, filler: &mut Filler<'_>) {
    let rulebook = materials.rulebook;
    if let Some(total) = rulebook.number("total_points") {
        filler.put("total_points", &total.to_string(), None);
    }
    let mut any = false;
    for indicator in last.into_iter().flat_map(Form::indicators) {
        if indicator.is_filler() {
            continue;
        }
        any = true;
        let text = |s: Option<&Stated>| s.map_or_else(String::new, |s| s.text.clone());
        let column = |name: &str| {
            let cell = last.and_then(|l| l.cell("indicators", indicator.row, name));
            text(cell)
        };
        let (target, moved) = moved(indicator.target(), materials.year);
        let note = match moved {
            true => "取自上年的表，日期改成了本年；批复的指标值有变动请改。",
            false => "取自上年的表；今年批复的指标值有变动请改。",
        };
        filler.row(
            "indicators",
            &[
                ("dimension", text(indicator.dimension()), None),
                ("criterion", text(indicator.criterion()), None),
                ("name", text(indicator.name()), None),
                ("target", target, Some(note.into())),
                (
                    "actual",
                    String::new(),
                    Some("填实际完成的数，单位与指标值相同；没有完成的照实填。".into()),
                ),
                ("points", text(indicator.points()), None),
                (
                    "score",
                    String::new(),
                    Some("按完成比例计算，不超过分值。".into()),
                ),
                (
                    "reason",
                    String::new(),
                    Some("没有完成，或比指标值多三成以上的，写原因和改进措施。".into()),
                ),
                ("dimension_points", column("dimension_points"), None),
                ("criterion_points", column("criterion_points"), None),
            ],
        );
    }
    if any {
        return;
    }
    for line in rulebook.words("start_indicators") {
        let (dimension, criterion) = line.split_once('|').unwrap_or((line, ""));
        let points = rulebook.key_in("dimensions", dimension).and_then(|key| {
            let points = rulebook.dictionary("dimension_points")?.get(key)?;
            points.first().cloned()
        });
        filler.row(
            "indicators",
            &[
                ("dimension", dimension.to_string(), None),
                ("criterion", criterion.to_string(), None),
                (
                    "name",
                    String::new(),
                    Some("写能数出来、量出来的指标，可从工作表“指标库”里选；不用的行删去。".into()),
                ),
                (
                    "target",
                    String::new(),
                    Some("写符号、数字和单位，如 ≥90%、≤12月、=8个。".into()),
                ),
                (
                    "actual",
                    String::new(),
                    Some("填实际完成的数，单位与指标值相同。".into()),
                ),
                (
                    "points",
                    String::new(),
                    Some(format!(
                        "分值；“{dimension}”各行相加应是 {} 分。",
                        points.clone().unwrap_or_default()
                    )),
                ),
                (
                    "score",
                    String::new(),
                    Some("按完成比例计算，不超过分值。".into()),
                ),
                ("reason", String::new(), None),
                ("dimension_points", points.unwrap_or_default(), None),
            ],
        );
    }
}

/// A deadline of last year in the new one, and whether it was moved.
fn moved(target: Option<&Stated>, year: i16) -> (String, bool) {
    let Some(target) = target else {
        return (String::new(), false);
    };
    let before = year.saturating_sub(1).to_string();
    match target.value.kind {
        ValueKind::Date(date)
            if date.year.to_string() == before && target.text.contains(&before) =>
        {
            (target.text.replacen(&before, &year.to_string(), 1), true)
        }
        _ => (target.text.clone(), false),
    }
}

fn find<'p>(projects: &'p [Project], name: &str) -> Option<&'p Project> {
    projects.iter().find(|p| same_name(&p.name, name))
}

/// The department's name, by last year's forms.
fn unit_name<'a>(materials: &Materials<'a>) -> Option<&'a str> {
    let forms = materials.last?.forms.iter();
    forms.filter_map(|f| f.text("unit_name")).next()
}

fn from(amount: &Amount) -> String {
    format!("取自 {}：{}。", amount.place, amount.printed)
}

fn stated(text: &str, ty: FieldType) -> Stated {
    let value: Value = parse_as(text, ty, None);
    Stated {
        text: label::trim(text).to_string(),
        value,
        origin: nowhere(),
        how: Recognised::Exact,
    }
}

/// The draft is in no file yet.
fn nowhere() -> Origin {
    Origin::cell(0, 1, 1, 1)
}
