//! A composed report comes in; a docx on official paper, and an account of what was generated and what is open, go out.

use crate::paper::{self, Element, Lies};
use crate::place::{one_line, shorten};
use jiheng_model::Composed;
use jiheng_model::composed::LineKind;
use std::fmt::Write as _;

/// Title over the paragraph for the published final accounts.
const PUBLICATION: &str = "附：部门决算公开“预算绩效管理情况”段落";

/// The report as docx.
pub fn docx(composed: &Composed) -> Vec<u8> {
    let mut elements = vec![Element::Title(composed.title.clone())];
    elements.extend(composed.lines.iter().map(|line| match line.kind {
        LineKind::Heading(level) => Element::Heading(level, line.text.clone()),
        LineKind::Generated | LineKind::Author => Element::Text(line.text.clone()),
    }));
    if !composed.publication.is_empty() {
        elements.push(Element::Heading(1, PUBLICATION.into()));
        elements.push(Element::Text(composed.publication.concat()));
    }
    paper::docx(&elements, Lies::Portrait)
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
