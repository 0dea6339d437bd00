//! A composed report comes in; its text for print, and an account of what was generated and what is open, go out.

use crate::official::{self, Block, Official, Part, PartKind, Passage, ReportText, SectionText};
use crate::place::{one_line, shorten};
use jiheng_model::composed::LineKind;
use jiheng_model::{Composed, Document, Filing};
use std::fmt::Write as _;

/// Title over the paragraph for the published final accounts.
const PUBLICATION: &str = "附：部门决算公开“预算绩效管理情况”段落";

/// The report as text: cover and opening are the author's where he has them, tables stay behind the line they follow.
pub fn text(composed: &Composed, documents: &[Document], filing: &Filing) -> ReportText {
    let kept = official::report_of(documents, filing).unwrap_or_default();
    let mut tables = official::tables_of(documents, filing);
    let cover = match kept.cover.is_empty() {
        false => kept.cover,
        true => std::iter::once(composed.title.clone())
            .chain(composed.cover.iter().cloned())
            .collect(),
    };
    let mut text = ReportText {
        cover,
        title: vec![composed.title.clone()],
        opening: kept.opening,
        sections: Vec::new(),
        closing: composed.closing.clone(),
    };
    let mut lines = composed.lines.iter();
    while let Some(line) = lines.next() {
        match line.kind {
            LineKind::Heading(level) => text.sections.push(SectionText {
                level,
                heading: line.text.clone(),
                ..SectionText::default()
            }),
            LineKind::Generated | LineKind::Author => {
                push(&mut text, Passage::Text(line.text.clone()));
            }
        }
        let Some(at) = line.line else { continue };
        let next = lines.clone().find_map(|l| l.line).unwrap_or(u32::MAX);
        // Lines of measures may stand in another order than the author's.
        let until = if next > at { next } else { at + 1 };
        let (here, later): (Vec<_>, Vec<_>) = tables
            .into_iter()
            .partition(|(after, _)| (at..until).contains(after));
        tables = later;
        for (_, table) in here {
            push(&mut text, table);
        }
    }
    text
}

fn push(text: &mut ReportText, passage: Passage) {
    match text.sections.last_mut() {
        Some(section) => section.passages.push(passage),
        None => text.opening.push(passage),
    }
}

/// The report to be printed: cover, text, and the paragraph for the published final accounts on a page of its own.
pub fn official(composed: &Composed, documents: &[Document], filing: &Filing) -> Official {
    let mut official = official::of_report(&text(composed, documents, filing));
    if !composed.publication.is_empty() {
        official.parts.push(Part {
            kind: PartKind::Report,
            name: "决算公开段落".into(),
            landscape: false,
            blocks: vec![
                Block::Heading {
                    level: 1,
                    text: PUBLICATION.into(),
                },
                Block::Paragraph(composed.publication.concat()),
            ],
        });
    }
    official
}

/// What was generated, what it stands for, and what is still to be filled in.
pub fn account(composed: &Composed) -> String {
    let of = |kind: LineKind| composed.lines.iter().filter(move |l| l.kind == kind);
    let mut out = format!(
        "生成 {} 段，保留原文 {} 段\n",
        of(LineKind::Generated).count(),
        of(LineKind::Author).count()
    );
    let mut list = |title: &str, texts: &mut dyn Iterator<Item = String>| {
        let texts: Vec<String> = texts.collect();
        if !texts.is_empty() {
            let _ = writeln!(out, "\n{title}");
            for text in texts {
                let _ = writeln!(out, "  · {text}");
            }
        }
    };
    let generated = of(LineKind::Generated).map(|l| l.text.clone());
    list(
        "按附件里的数生成：",
        &mut generated.chain(composed.publication.iter().cloned()),
    );
    let replaced = composed.replaced.iter();
    list(
        "原文里由生成的句子代替的：",
        &mut replaced.map(|t| shorten(&one_line(t), 60)),
    );
    list("待填：", &mut composed.open.iter().map(|t| one_line(t)));
    out
}
