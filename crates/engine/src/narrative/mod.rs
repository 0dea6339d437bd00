//! The paragraphs outside forms come in; the report's sections, facts and annex list go out.

mod cover;
mod facts;
pub mod lines;
pub mod numbers;
pub mod sections;
pub mod subject;
pub mod terms;

use crate::rulebook::Rulebook;
use facts::Collector;
use jiheng_model::origin::At;
use jiheng_model::{Document, Fact, Form, Narrative, Section};
use lines::Line;
use subject::Names;
use terms::{Terms, comparable};

/// Reads the report of a package: sections by their headings, facts by their sentences.
pub fn narrative(documents: &[Document], forms: &[Form], rulebook: &Rulebook) -> Narrative {
    let terms = rulebook.terms();
    match lines::report(documents, forms, terms) {
        Some(lines) => read(lines, forms, rulebook),
        None => Narrative::default(),
    }
}

/// Reads the report that stands in one of some files, of a package with these forms of its own.
pub fn narrative_in(
    documents: &[Document],
    files: &[u16],
    forms: &[Form],
    own: &[Form],
    rulebook: &Rulebook,
) -> Narrative {
    let lines = files.iter().find_map(|file| {
        let document = documents.get(*file as usize)?;
        lines::report_of(document, *file, forms, rulebook.terms())
    });
    lines.map_or_else(Narrative::default, |l| read(l, own, rulebook))
}

/// Unit and year that the report in a file names; `None` when no report stands in it.
pub fn cover_of(
    document: &Document,
    file: u16,
    forms: &[Form],
    rulebook: &Rulebook,
) -> Option<(Option<String>, Option<i16>)> {
    let terms = rulebook.terms();
    let (lines, list) = cover::split(lines::report_of(document, file, forms, terms)?);
    let sections = sections::sections(&lines, terms);
    let cover = cover::cover(&lines, &list, &sections, terms);
    Some((cover.unit_name.map(|u| u.text), cover.year))
}

fn read(lines: Vec<Line<'_>>, forms: &[Form], rulebook: &Rulebook) -> Narrative {
    let terms = rulebook.terms();
    let (Some(&first), Some(&last)) = (lines.first(), lines.last()) else {
        return Narrative::default();
    };
    let (lines, list) = cover::split(lines);
    let sections = sections::sections(&lines, terms);
    let cover = cover::cover(&lines, &list, &sections, terms);
    let year = cover.year;
    let names = Names::of(
        forms,
        units(
            &lines,
            forms,
            cover.unit_name.as_ref().map(|u| u.text.as_str()),
        ),
    );
    let facts = facts_of(&lines, &sections, &names, year, terms);
    let sheet = last.cell.map(|(table, _)| table);
    let begin = lines
        .iter()
        .find(|l| l.cell.map(|(t, _)| t) == sheet)
        .map_or(first.number, |l| l.number);
    Narrative {
        file: first.file,
        sheet,
        title: cover.title,
        unit_name: cover.unit_name,
        dated: cover.dated,
        year,
        annexes: cover::annexes(&list),
        sections,
        facts,
        span: Some((begin, last.number)),
    }
}

/// How the numbers of a text are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// They say what was spent and done.
    Stating,
    /// They say what is planned: a number beside an indicator's name is its target.
    Planning,
    /// They belong to weights, procedure and intentions and state nothing.
    Silent,
}

/// The facts of a text that is no part of the report (goals and their fulfilment in forms), with
/// the same meaning of words. Their places are characters of the whole text.
pub fn facts_in(
    text: &str,
    names: &Names,
    year: Option<i16>,
    terms: &Terms,
    reading: Reading,
) -> Vec<Fact> {
    let mut collector = Collector::new(terms, names, year);
    let mut before = 0;
    for part in text.split('\n') {
        let first = collector.facts.len();
        let line = Line {
            text: part,
            number: 1,
            cell: None,
            file: 0,
            numbering: 0,
        };
        collector.line(&line, None, reading);
        for fact in &mut collector.facts[first..] {
            if let At::Text { chars, .. } = &mut fact.origin.at {
                *chars = (chars.0 + before, chars.1 + before);
            }
        }
        before += part.chars().count() as u32 + 1;
    }
    collector.facts
}

fn facts_of(
    lines: &[Line<'_>],
    sections: &[Section],
    names: &Names,
    year: Option<i16>,
    terms: &Terms,
) -> Vec<Fact> {
    let mut collector = Collector::new(terms, names, year);
    let mut next = 0;
    // The open section of each level, so that a numbered paragraph knows the chapter it stands in.
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        while sections
            .get(next)
            .is_some_and(|s| s.paragraph == line.number)
        {
            open.retain(|s| sections[*s].level < sections[next].level);
            open.push(next);
            next += 1;
        }
        collector.line(line, open.last().copied(), reading(&open, sections, terms));
    }
    collector.facts
}

/// How a line is meant, by the sections it stands in.
fn reading(open: &[usize], sections: &[Section], terms: &Terms) -> Reading {
    let within = |keys: &[String]| {
        open.iter()
            .any(|s| sections[*s].key.as_ref().is_some_and(|k| keys.contains(k)))
    };
    if within(&terms.plans) {
        Reading::Planning
    } else if within(&terms.without_facts) {
        Reading::Silent
    } else {
        Reading::Stating
    }
}

/// Names by which the report may call its unit: as on the cover and forms, every shorter end of it, and "以下简称".
fn units(lines: &[Line<'_>], forms: &[Form], title: Option<&str>) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    let full = title.into_iter().map(comparable);
    let stated = forms
        .iter()
        .filter_map(|f| f.text("unit_name").or_else(|| f.text("implementing_unit")))
        .map(comparable);
    for name in full.chain(stated) {
        // "青渚市住房和城乡建设局" is also called "市住房和城乡建设局".
        for (at, c) in name.char_indices() {
            if at == 0 || c == '市' || c == '县' || c == '区' || c == '省' {
                units.push(name[at..].to_string());
            }
        }
    }
    for line in lines {
        for (at, word) in line.text.match_indices("以下简称") {
            let rest = line.text[at + word.len()..].trim_start_matches(terms::is_quote);
            if let Some(end) = rest.find(['”', '"', '）', ')', '’', '」']) {
                units.push(comparable(&rest[..end]));
            }
        }
    }
    units.retain(|u| u.chars().count() >= 2);
    units.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    units.dedup();
    units
}

#[cfg(test)]
mod tests;
