//! Results come in; the sections of the page go out: each form, tables nobody recognised, the report, the whole package.

use super::cards::{Card, card};
use super::grid::{TableView, table};
use super::marks::{Gutter, Mark, Marks, Spot, id};
use super::page::{Level, class};
use super::segments::{Segment, cut};
use crate::place::{one_line, shorten};
use crate::results::Results;
use jiheng_model::document::Block;
use jiheng_model::finding::Finding;
use jiheng_model::origin::At;
use jiheng_model::{Document, Form, Severity};
use std::collections::BTreeSet;

/// Paragraphs drawn before and after the tables of a form.
const BESIDE: usize = 14;
/// Paragraphs of the report that are drawn at most.
const REPORT: usize = 400;

/// A part of the material with the findings in it.
pub struct Section {
    pub id: String,
    pub nav: String,
    pub heading: String,
    pub levels: Vec<Level>,
    pub before: Vec<ParagraphView>,
    pub tables: Vec<TableView>,
    pub after: Vec<ParagraphView>,
    pub cards: Vec<Card>,
}

/// A paragraph of the page.
#[derive(Default)]
pub struct ParagraphView {
    /// 2 for the title of a form.
    pub level: u8,
    pub class: String,
    pub id: String,
    pub gut: Gutter,
    pub segments: Vec<Segment>,
    /// Paragraphs are left out here.
    pub gap: bool,
}

/// What a section shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Form(usize),
    Table(u16, u32),
    Report,
    Package,
}

/// All sections in the order of the material; the numbers of the cards run through them.
pub fn sections(results: &Results<'_>) -> Vec<Section> {
    let parts: Vec<Part> = parts(results);
    let home: Vec<usize> = results
        .findings
        .iter()
        .map(|f| {
            parts
                .iter()
                .position(|p| *p == part_of(f, results))
                .unwrap_or(parts.len() - 1)
        })
        .collect();
    let mut order: Vec<usize> = (0..results.findings.len())
        .filter(|i| results.stands_alone(*i))
        .collect();
    order.sort_by_key(|i| (home[*i], *i));
    let marks = Marks::of(results, &order);
    parts
        .iter()
        .enumerate()
        .map(|(position, part)| {
            let cards: Vec<Card> = order
                .iter()
                .enumerate()
                .filter(|(_, index)| home[**index] == position)
                .filter_map(|(number, index)| card(results, *index, number + 1))
                .collect();
            section(*part, cards, results, &marks)
        })
        .filter(|s| !s.cards.is_empty() || !s.tables.is_empty() || !s.before.is_empty())
        .collect()
}

/// Forms, tables that carry findings without being a form, report, package.
fn parts(results: &Results<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> = (0..results.filing.forms.len()).map(Part::Form).collect();
    for finding in results.findings {
        let part = part_of(finding, results);
        if matches!(part, Part::Table(..)) && !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.extend([Part::Report, Part::Package]);
    parts
}

/// Where a finding belongs: where its first place stands.
fn part_of(finding: &Finding, results: &Results<'_>) -> Part {
    let Some(place) = finding.places.first() else {
        return Part::Package;
    };
    if place.form == "package" {
        return Part::Package;
    }
    if let Some(index) = place.form_index.filter(|i| *i < results.filing.forms.len()) {
        return Part::Form(index);
    }
    let file = place.origin.file;
    match place.origin.at {
        At::Cell { table, .. } => {
            let form = results
                .filing
                .forms
                .iter()
                .position(|f| f.file == file && f.tables.contains(&table));
            let exists = results
                .documents
                .get(file as usize)
                .is_some_and(|d| d.table(table).is_some());
            match form {
                Some(index) => Part::Form(index),
                None if exists => Part::Table(file, table),
                None => Part::Package,
            }
        }
        At::Text { .. } if results.filing.narrative.exists() || place.form == "narrative" => {
            Part::Report
        }
        At::Text { .. } => Part::Package,
    }
}

fn section(part: Part, cards: Vec<Card>, results: &Results<'_>, marks: &Marks) -> Section {
    let levels = [Severity::Error, Severity::Warning, Severity::Hint]
        .into_iter()
        .map(|s| Level {
            class: class(s),
            word: s.chinese(),
            count: cards.iter().filter(|c| c.class == class(s)).count(),
        })
        .filter(|l| l.count > 0)
        .collect();
    let mut section = Section {
        id: String::new(),
        nav: String::new(),
        heading: String::new(),
        levels,
        before: Vec::new(),
        tables: Vec::new(),
        after: Vec::new(),
        cards,
    };
    match part {
        Part::Form(index) => {
            section.id = format!("a{}", index + 1);
            section.nav = results.form_name(index);
            section.heading = results.form_title(index);
            if let Some(form) = results.filing.forms.get(index) {
                draw_form(&mut section, index, form, results, marks);
            }
        }
        Part::Table(file, number) => {
            section.id = format!("u{file}.{number}");
            section.nav = format!("表{number}");
            section.heading = format!("没有认出的表　表{number}");
            if let Some((document, grid)) = results
                .documents
                .get(file as usize)
                .and_then(|d| Some((d, d.table(number)?)))
            {
                section.tables.push(table(
                    file,
                    document,
                    grid,
                    None,
                    format!("表{number}"),
                    marks,
                ));
            }
        }
        Part::Report => {
            section.id = "report".into();
            section.nav = "报告".into();
            section.heading = "自评报告".into();
            section.before = report(results, marks);
        }
        Part::Package => {
            section.id = "package".into();
            section.nav = "全套材料".into();
            section.heading = "全套材料".into();
            if !section.cards.is_empty() {
                section.before = contents(results);
            }
        }
    }
    section
}

/// Annex label and title, the tables, the paragraphs below them, and what is missing.
fn draw_form(
    section: &mut Section,
    index: usize,
    form: &Form,
    results: &Results<'_>,
    marks: &Marks,
) {
    let Some(document) = results.documents.get(form.file as usize) else {
        return;
    };
    let (before, after) = beside(form, document, results);
    let title = form.title.as_ref().and_then(|t| paragraph_of(t.origin.at));
    let annex = form.annex.as_ref().and_then(|t| paragraph_of(t.origin.at));
    for number in before {
        let mut view = paragraph(form.file, number, document, marks);
        if Some(number) == title && Some(number) != annex {
            view.level = 2;
        } else {
            view.class = if Some(number) == annex {
                "annex line".into()
            } else {
                "line".into()
            };
        }
        section.before.push(view);
    }
    if section.before.is_empty() {
        let title = form
            .title
            .as_ref()
            .map_or(form.def.title.as_str(), |t| t.text.as_str());
        section.before.push(ParagraphView {
            level: 2,
            segments: vec![Segment::bare(one_line(title))],
            ..ParagraphView::default()
        });
    }
    for number in &form.tables {
        if let Some(grid) = document.table(*number) {
            let caption = results.form_title(index);
            section
                .tables
                .push(table(form.file, document, grid, Some(form), caption, marks));
        }
    }
    for number in after {
        let mut view = paragraph(form.file, number, document, marks);
        view.class = "line".into();
        section.after.push(view);
    }
    let lost = marks.at.iter().filter(|(spot, _)| match spot {
        Spot::Cell(file, table, ..) => *file == form.file && form.tables.contains(table),
        Spot::Paragraph(..) => false,
    });
    section
        .after
        .extend(lost.flat_map(|(_, list)| list).filter_map(lost_view));
}

/// Paragraphs that belong to a form: between the last foreign block and its table, and after it up to the next title.
fn beside(form: &Form, document: &Document, results: &Results<'_>) -> (Vec<u32>, Vec<u32>) {
    let of_form = |block: &Block| matches!(block, Block::Table(t) if form.tables.contains(t));
    let (Some(first), Some(last)) = (
        document.blocks.iter().position(of_form),
        document.blocks.iter().rposition(of_form),
    ) else {
        return (Vec::new(), Vec::new());
    };
    let heads: Vec<u32> = [&form.title, &form.annex]
        .into_iter()
        .flatten()
        .filter_map(|s| paragraph_of(s.origin.at))
        .collect();
    let others: BTreeSet<u32> = results
        .filing
        .forms
        .iter()
        .filter(|f| f.file == form.file && f.tables != form.tables)
        .flat_map(|f| [&f.title, &f.annex])
        .flatten()
        .filter_map(|s| paragraph_of(s.origin.at))
        .collect();
    let report = results
        .filing
        .narrative
        .span
        .filter(|_| results.filing.narrative.file == form.file);
    let stops = |number: u32| {
        others.contains(&number) || report.is_some_and(|(from, to)| from <= number && number <= to)
    };
    let text = |number: u32| !one_line(document.paragraph_text(number)).is_empty();
    let mut before: Vec<u32> = Vec::new();
    for block in document.blocks[..first].iter().rev() {
        match block {
            Block::Paragraph(n) if !stops(*n) && heads.iter().any(|h| h <= n) => before.push(*n),
            _ => break,
        }
    }
    before.retain(|n| text(*n));
    before.truncate(BESIDE);
    before.reverse();
    let mut after: Vec<u32> = Vec::new();
    for block in &document.blocks[last + 1..] {
        match block {
            Block::Paragraph(n) if !stops(*n) && !heads.contains(n) => after.push(*n),
            _ => break,
        }
    }
    after.retain(|n| text(*n));
    after.truncate(BESIDE);
    (before, after)
}

/// The report: marked paragraphs whole, with the headings above them; "……" where paragraphs are left out.
fn report(results: &Results<'_>, marks: &Marks) -> Vec<ParagraphView> {
    let narrative = &results.filing.narrative;
    let file = narrative.file;
    let Some(document) = results.documents.get(file as usize) else {
        return Vec::new();
    };
    let (from, to) = narrative
        .span
        .unwrap_or((1, document.paragraphs.len() as u32));
    let marked: BTreeSet<u32> = marks
        .at
        .keys()
        .filter_map(|spot| match spot {
            Spot::Paragraph(f, n) if *f == file && from <= *n && *n <= to => Some(*n),
            _ => None,
        })
        .collect();
    let mut shown: BTreeSet<u32> = marked.clone();
    for number in &marked {
        let above = narrative
            .sections
            .iter()
            .filter(|s| s.paragraph <= *number && *number <= s.last.max(s.paragraph));
        shown.extend(above.map(|s| s.paragraph));
    }
    shown.extend(
        narrative
            .sections
            .iter()
            .filter(|s| s.level == 1)
            .map(|s| s.paragraph),
    );
    let headings: BTreeSet<u32> = narrative.sections.iter().map(|s| s.paragraph).collect();
    let mut out: Vec<ParagraphView> = Vec::new();
    if let Some(title) = &narrative.title {
        out.push(ParagraphView {
            level: 2,
            segments: vec![Segment::bare(one_line(&title.text))],
            ..ParagraphView::default()
        });
    }
    let mut previous = from.saturating_sub(1);
    for number in shown.into_iter().take(REPORT) {
        let text = |n: u32| !one_line(document.paragraph_text(n)).is_empty();
        if (previous + 1..number).any(text) && previous >= from {
            out.push(ParagraphView {
                gap: true,
                ..ParagraphView::default()
            });
        }
        let mut view = paragraph(file, number, document, marks);
        let text = document.paragraph_text(number);
        let short = text.chars().count() <= 30 && !text.trim_end().ends_with(['。', '；']);
        view.class = if headings.contains(&number) && short {
            "hd".into()
        } else {
            "para".into()
        };
        out.push(view);
        out.extend(
            marks
                .get(Spot::Paragraph(file, number))
                .iter()
                .filter_map(lost_view),
        );
        previous = number;
    }
    out
}

/// The files of the package, for findings about the whole.
fn contents(results: &Results<'_>) -> Vec<ParagraphView> {
    let mut out = vec![ParagraphView {
        level: 2,
        segments: vec![Segment::bare("材料目录")],
        ..ParagraphView::default()
    }];
    for (index, document) in results.documents.iter().enumerate() {
        let line = |text: String| ParagraphView {
            class: "line".into(),
            segments: vec![Segment::bare(text)],
            ..ParagraphView::default()
        };
        out.push(line(one_line(&document.name)));
        for (number, _) in results
            .filing
            .forms
            .iter()
            .enumerate()
            .filter(|(_, f)| f.file as usize == index)
            .take(200)
        {
            out.push(line(format!("　　{}", results.form_title(number))));
        }
        if results.filing.narrative.exists() && results.filing.narrative.file as usize == index {
            out.push(line("　　自评报告".into()));
        }
        for notice in document.notices.iter().take(40) {
            out.push(line(format!("　　读入说明：{}", one_line(&notice.message))));
        }
    }
    out
}

fn paragraph(file: u16, number: u32, document: &Document, marks: &Marks) -> ParagraphView {
    let spot = Spot::Paragraph(file, number);
    let list = marks.get(spot);
    let text = document.paragraph_text(number);
    ParagraphView {
        id: if list.is_empty() {
            String::new()
        } else {
            id(spot)
        },
        gut: Gutter::of(list.iter()),
        segments: cut(text.trim_end(), list),
        ..ParagraphView::default()
    }
}

/// "缺：单位负责人签字", after the place it should follow.
fn lost_view(mark: &Mark) -> Option<ParagraphView> {
    let label = mark.absent.as_ref()?;
    Some(ParagraphView {
        class: format!("lost {}", mark.class),
        gut: Gutter::of(std::iter::once(mark)),
        segments: vec![Segment::bare(format!("缺：{}", shorten(label, 60)))],
        ..ParagraphView::default()
    })
}

fn paragraph_of(at: At) -> Option<u32> {
    match at {
        At::Text { paragraph, .. } => Some(paragraph),
        At::Cell { .. } => None,
    }
}
