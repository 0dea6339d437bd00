//! What a rule sees (`Case`, read-only) and what it writes into (`Report`).

use super::passages::Texts;
use super::projects::Projects;
use crate::rulebook::Rulebook;
use crate::words::Words;
use jiheng_model::finding::{Finding, Place, PlaceKind};
use jiheng_model::form::{Form, Indicator};
use jiheng_model::narrative::Fact;
use jiheng_model::origin::{At, Origin};
use jiheng_model::{Document, Filing, FormScore, RuleInfo, Scorecard, Severity};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The files as read.
    pub documents: &'a [Document],
    /// Stated values.
    pub filing: &'a Filing,
    /// Computed values.
    pub scorecard: &'a Scorecard,
    /// The rulebook in force.
    pub rulebook: &'a Rulebook,
    /// All texts of the package with the lexicons they have words of.
    pub texts: &'a Texts<'a>,
    /// What the words of its indicators say.
    pub words: &'a Words,
    /// Which project form belongs to which line of the baseline form.
    pub projects: &'a Projects<'a>,
}

/// What a rule writes: findings, comparisons made, material that is missing.
#[derive(Debug)]
pub struct Report<'a> {
    /// The case, for places.
    pub case: Case<'a>,
    /// The rule that runs.
    pub rule: &'a RuleInfo,
    /// Drafts so far, those of the rules before this one first.
    pub drafts: Vec<Draft>,
    /// Comparisons made.
    pub checked: u32,
    /// Why something could not be compared.
    pub lacking: Vec<String>,
    /// Cells of each sum, rate or copy that came out right, in this rule or one before it; they speak for these cells.
    pub held: Vec<Vec<Origin>>,
    /// The bases of the rule as they are cited, once a finding needed them.
    cited: Option<Arc<str>>,
}

/// A finding under construction.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The finding so far.
    pub finding: Finding,
    /// Cells whose values entered the computation: if one of them has a finding of its own, this one follows from it.
    pub inputs: Vec<Origin>,
    /// Any of the places may be the wrong one: other identities decide which is marked first.
    pub identity: bool,
    /// Places by how well each alone would explain the gap, best first: of equally suspicious ones the first is marked.
    pub likely: Vec<Origin>,
    /// Cells that look wrong by themselves: they tip the balance of identities over them.
    pub doubted: Vec<Origin>,
}

impl<'a> Case<'a> {
    /// Forms of a kind with their index in the filing.
    pub fn forms(&self, kind: &'a str) -> impl Iterator<Item = (usize, &'a Form)> {
        self.filing
            .forms
            .iter()
            .enumerate()
            .filter(move |(_, f)| f.kind() == kind)
    }

    /// Forms that have indicators with their index in the filing, as the rulebook lists their kinds.
    pub fn forms_with_indicators(&self) -> impl Iterator<Item = (usize, &'a Form)> + use<'a> {
        let kinds = self.rulebook.words("forms_with_indicators");
        let forms = self.filing.forms.iter().enumerate();
        forms.filter(move |(_, form)| kinds.iter().any(|kind| kind == form.kind()))
    }

    /// The first form of a kind with its index.
    pub fn one(&self, kind: &'a str) -> Option<(usize, &'a Form)> {
        self.forms(kind).next()
    }

    /// The computed scores of a form.
    pub fn scores(&self, form: usize) -> Option<&'a FormScore> {
        self.scorecard.forms.iter().find(|s| s.form == form)
    }

    /// The form's name for people: "附件3 项目支出绩效自评表 · 山水项目".
    pub fn form_name(&self, form: usize) -> String {
        let f = &self.filing.forms[form];
        let mut name = String::new();
        if let Some(annex) = f
            .annex
            .as_ref()
            .map(|a| a.text.as_str())
            .or(f.def.annex.as_deref())
        {
            name.push_str(annex);
            name.push(' ');
        }
        name.push_str(&f.def.title);
        if let Some(project) = f.project_name() {
            name.push_str(" · ");
            name.push_str(&project.text.replace('\n', ""));
        }
        name
    }

    /// The cell of a path in a form; falls back to "absent" at the form's last value when the form has no such cell.
    pub fn place(&self, form: usize, path: &str) -> Place {
        let f = &self.filing.forms[form];
        cell_place(form, f, path).unwrap_or_else(|| self.absent(form, f.def.label(path)))
    }

    /// A cell of a list row: "indicators[3].score".
    pub fn row_place(&self, form: usize, list: &str, row: usize, column: &str) -> Place {
        let f = &self.filing.forms[form];
        let Some((number, def)) = f.def.list(list) else {
            return self.absent(form, column);
        };
        let Some(r) = f.lists[number].get(row) else {
            return self.absent(form, column);
        };
        let column_label = def
            .slot(column)
            .map_or(column, |s| def.columns[s as usize].label.as_str());
        let name = f.cell(list, r, "name").map_or("", |n| n.text.as_str());
        let mut label = String::with_capacity(name.len() + column_label.len() + 4);
        match memchr::memchr(b'\n', name.as_bytes()) {
            None => label.push_str(name),
            Some(_) => label.extend(name.split('\n')),
        }
        if !label.is_empty() {
            label.push_str(" · ");
        }
        label.push_str(column_label);
        let (origin, text, kind) = match f.cell(list, r, column) {
            Some(s) => (s.origin, s.text.clone(), PlaceKind::Cell),
            None => (r.origin, String::new(), PlaceKind::Absent),
        };
        Place {
            kind,
            form: f.kind().into(),
            form_index: Some(form),
            field: Some(cell_path(list, row, column)),
            label,
            origin,
            text,
        }
    }

    /// A column of an indicator.
    pub fn indicator_place(&self, form: usize, indicator: &Indicator<'_>, column: &str) -> Place {
        self.row_place(form, "indicators", indicator.number, column)
    }

    /// The words of a fact in the report.
    pub fn fact_place(&self, fact: &Fact) -> Place {
        Place {
            kind: PlaceKind::Text,
            form: "narrative".into(),
            form_index: None,
            field: fact.item.clone(),
            label: fact.label.clone(),
            origin: fact.origin,
            text: fact.text.clone(),
        }
    }

    /// The text of a line of the report: a paragraph, or in a workbook a row of the report's sheet.
    pub fn report_line(&self, number: u32) -> &'a str {
        self.filing.narrative.line(self.documents, number)
    }

    /// The address of characters `[from, to)` of a line of the report.
    pub fn report_origin(&self, number: u32, chars: (u32, u32)) -> Origin {
        let narrative = &self.filing.narrative;
        let at = match narrative.sheet {
            Some(table) => At::Cell {
                table,
                row: number,
                col: 1,
                chars: Some(chars),
            },
            None => At::Text {
                paragraph: number,
                chars,
            },
        };
        Origin {
            file: narrative.file,
            at,
        }
    }

    /// Characters `[from, to)` of a paragraph of the report.
    pub fn text_place(
        &self,
        file: u16,
        paragraph: u32,
        chars: (u32, u32),
        label: impl Into<String>,
    ) -> Place {
        let in_report = file == self.filing.narrative.file;
        let (text, origin) = if in_report {
            (
                self.report_line(paragraph),
                self.report_origin(paragraph, chars),
            )
        } else {
            let text = self
                .documents
                .get(file as usize)
                .map_or("", |d| d.paragraph_text(paragraph));
            (
                text,
                Origin {
                    file,
                    at: At::Text { paragraph, chars },
                },
            )
        };
        let length = chars.1.saturating_sub(chars.0) as usize;
        Place {
            kind: PlaceKind::Text,
            form: "narrative".into(),
            form_index: None,
            field: None,
            label: label.into(),
            origin,
            text: text.chars().skip(chars.0 as usize).take(length).collect(),
        }
    }

    /// Something that a form lacks, placed at the last value the form has.
    pub fn absent(&self, form: usize, label: impl Into<String>) -> Place {
        let f = &self.filing.forms[form];
        let last = f.values.iter().flatten().map(|s| s.origin).max();
        let origin = last
            .or_else(|| f.title.as_ref().map(|t| t.origin))
            .unwrap_or_else(|| Origin::cell(f.file, f.tables.first().copied().unwrap_or(1), 1, 1));
        Place {
            kind: PlaceKind::Absent,
            form: f.kind().into(),
            form_index: Some(form),
            field: None,
            label: label.into(),
            origin,
            text: String::new(),
        }
    }

    /// Something that the report lacks, placed after a paragraph of it.
    pub fn absent_in_report(&self, after: u32, label: impl Into<String>) -> Place {
        let end = self.report_line(after).chars().count() as u32;
        Place {
            kind: PlaceKind::Absent,
            form: "narrative".into(),
            form_index: None,
            field: None,
            label: label.into(),
            origin: self.report_origin(after, (end, end)),
            text: String::new(),
        }
    }

    /// Something that the whole package lacks.
    pub fn absent_in_package(&self, label: impl Into<String>) -> Place {
        let origin = match self.filing.forms.last() {
            Some(f) => Origin::cell(f.file, f.tables.last().copied().unwrap_or(1), 1, 1),
            None => Origin::text(0, 1, 0, 0),
        };
        Place {
            kind: PlaceKind::Absent,
            form: "package".into(),
            form_index: None,
            field: None,
            label: label.into(),
            origin,
            text: String::new(),
        }
    }
}

impl<'a> Report<'a> {
    /// An empty report for a rule over a case.
    pub fn new(case: Case<'a>, rule: &'a RuleInfo) -> Self {
        Report {
            case,
            rule,
            drafts: Vec::new(),
            checked: 0,
            lacking: Vec::new(),
            held: Vec::new(),
            cited: None,
        }
    }

    /// Counts one comparison that was made.
    pub fn checked(&mut self) {
        self.checked += 1;
    }

    /// Counts an identity (a sum, a rate, a copied figure) that came out right over these cells.
    pub fn holds(&mut self, cells: impl IntoIterator<Item = Origin>) {
        self.checked += 1;
        self.held.push(cells.into_iter().collect());
    }

    /// Says that something could not be compared and why; not checked is never passed.
    pub fn lacks(&mut self, why: impl Into<String>) {
        let why = why.into();
        if !self.lacking.contains(&why) {
            self.lacking.push(why);
        }
    }

    /// Begins a finding of the rule's own severity at its first place.
    pub fn find(&mut self, message: impl Into<String>, place: Place) -> &mut Draft {
        self.find_as(self.rule.severity, message, place)
    }

    /// One finding for all places that have the same fault: ten rows make one warning, not ten.
    pub fn together(
        &mut self,
        severity: Severity,
        message: impl Into<String>,
        places: Vec<Place>,
    ) -> Option<&mut Draft> {
        let mut places = places.into_iter();
        let draft = self.find_as(severity, message, places.next()?);
        for place in places {
            draft.against(place);
        }
        Some(draft)
    }

    /// Begins a finding of a lesser severity (a rounding hint of an error rule).
    pub fn find_as(
        &mut self,
        severity: Severity,
        message: impl Into<String>,
        place: Place,
    ) -> &mut Draft {
        let cite = || cites(self.case.rulebook, &self.rule.basis).into();
        let basis = self.cited.get_or_insert_with(cite).clone();
        self.drafts.push(Draft {
            finding: Finding {
                code: self.rule.code.clone(),
                slug: self.rule.slug.clone(),
                severity: severity.max(self.rule.severity),
                message: message.into(),
                why: self.rule.why.clone(),
                basis,
                advice: self.rule.advice.clone(),
                covers: self.rule.covers.clone(),
                args: BTreeMap::new(),
                stated: (place.kind != PlaceKind::Absent).then(|| place.text.clone()),
                computed: None,
                derivation: None,
                caused_by: None,
                places: vec![place],
                suppressed: None,
            },
            inputs: Vec::new(),
            identity: false,
            likely: Vec::new(),
            doubted: Vec::new(),
        });
        self.drafts.last_mut().expect("a draft was just pushed")
    }
}

/// The path of a cell of a list: "indicators[3].score" for row 2, counted from 0.
fn cell_path(list: &str, row: usize, column: &str) -> String {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = row + 1;
    while rest > 0 && at > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let mut path = String::with_capacity(list.len() + column.len() + 3 + digits.len() - at);
    path.push_str(list);
    path.push('[');
    path.extend(digits[at..].iter().map(|digit| char::from(*digit)));
    path.push_str("].");
    path.push_str(column);
    path
}

/// The place of a value of a form, by the form's number in the filing; `None` where nothing stands.
pub fn cell_place(number: usize, form: &Form, path: &str) -> Option<Place> {
    let stated = form.get(path)?;
    Some(Place {
        kind: PlaceKind::Cell,
        form: form.kind().into(),
        form_index: Some(number),
        field: Some(path.into()),
        label: form.def.label(path).to_string(),
        origin: stated.origin,
        text: stated.text.clone(),
    })
}

/// Bases as they are cited, each once.
pub fn cites(rulebook: &Rulebook, keys: &[String]) -> String {
    let mut cites: Vec<String> = Vec::new();
    for basis in keys.iter().filter_map(|key| rulebook.basis(key)) {
        let cite = basis.cite();
        if !cites.contains(&cite) {
            cites.push(cite);
        }
    }
    cites.join("；")
}

impl Draft {
    /// Cites the scoring policy by which it was computed, instead of the rule's own bases.
    pub fn by_policy(&mut self, rulebook: &Rulebook, name: &str, basis: &[String]) -> &mut Self {
        let cited = cites(rulebook, basis);
        if let Some(policy) = rulebook.policy(name).filter(|_| !cited.is_empty()) {
            self.finding.basis = cited.into();
            self.arg("policy", &policy.title);
        }
        self
    }

    /// Adds the other side.
    pub fn against(&mut self, place: Place) -> &mut Self {
        self.finding.places.push(place);
        self
    }

    /// The computed value as shown.
    pub fn computed(&mut self, value: impl ToString) -> &mut Self {
        self.finding.computed = Some(value.to_string());
        self
    }

    /// "4.85 + 2.71 = 7.56" or the difference of two stated values.
    pub fn derivation(&mut self, text: impl Into<String>) -> &mut Self {
        self.finding.derivation = Some(text.into());
        self
    }

    /// A named argument of the message.
    pub fn arg(&mut self, name: &str, value: impl ToString) -> &mut Self {
        self.finding.args.insert(name.into(), value.to_string());
        self
    }

    /// Why it matters here, instead of the rule's general reason.
    pub fn why(&mut self, text: impl Into<Arc<str>>) -> &mut Self {
        self.finding.why = text.into();
        self
    }

    /// What to do here, instead of the rule's general advice.
    pub fn advice(&mut self, text: impl Into<Arc<str>>) -> &mut Self {
        self.finding.advice = text.into();
        self
    }

    /// Says that an identity over all its places is broken: the place that other identities do not
    /// confirm is marked, and findings that share it follow from each other.
    pub fn identity(&mut self) -> &mut Self {
        self.identity = true;
        self
    }

    /// A cell whose value entered the computation, so that cascades fold under their first cause.
    pub fn input(&mut self, origin: Origin) -> &mut Self {
        self.inputs.push(origin);
        self
    }
}
