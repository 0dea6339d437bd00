//! A file beside the package (final accounts, last year's form, approved goals, the notice) says something else.

use super::{Kind, kind};
use crate::draft::{Draft, plus};
use jiheng_model::Origin;
use jiheng_model::Severity::Error;

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("I25-outturn-differs", &["I-25", "D67"], "部门决算的本年支出合计多 3 万元", &["X401"], Error, "本年支出合计", amount),
    kind("I25-basic-differs", &["I-25", "D67"], "部门决算的基本支出多 3 万元", &["X401"], Error, "其中：基本支出", amount),
    kind("I25-three-publics-differ", &["I-25", "D67"], "部门决算的三公经费多 3 万元", &["X401"], Error, "万元，支出决算为", amount),
    kind("I25-procurement-differs", &["I-25", "D67"], "部门决算的政府采购多 3 万元", &["X401"], Error, "政府采购支出总额", amount),
    kind("I26-prior-differs", &["I-26"], "上年材料的决算数多 3 万元", &["X402"], Error, "三公经费|   3、公务接待|政府采购金额", prior),
    kind("D58-target-changed", &["D58", "D57"], "批复的绩效目标中指标值不同", &["X405"], Error, "", approved_target),
    kind("D58-indicator-absent", &["D58", "D57"], "批复的绩效目标中没有这个指标", &["X405"], Error, "", approved_name),
    kind("D62-late-by-notice", &["D62"], "报告日期晚于通知的期限", &["X406"], Error, "", notice),
];

/// The number after these words in a paragraph of a file beside the package.
fn amount(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let mut found = None;
    for (file, document) in draft.subject.documents.iter().enumerate().skip(1) {
        for number in 1..=document.paragraphs.len() as u32 {
            let text = document.paragraph_text(number);
            let Some(at) = text.find(words) else { continue };
            let from = at + words.len();
            let digits = text[from..]
                .bytes()
                .take_while(|b| b.is_ascii_digit() || *b == b'.')
                .count();
            if digits > 0 && found.is_none() {
                let chars = |to: usize| text[..to].chars().count() as u32;
                let place = Origin::text(file as u16, number, chars(from), chars(from + digits));
                found = Some((place, text[from..from + digits].to_string()));
            }
        }
    }
    let (place, old) = found?;
    let new = plus(&old, 300)?;
    draft.write(place, &new)?;
    draft.spots.push(place);
    Some(())
}

/// A cell of a table of a file beside the package, by the text of the first cell of its row.
fn cell(draft: &Draft<'_>, words: &str, col: u32) -> Option<(Origin, String)> {
    for (file, document) in draft.subject.documents.iter().enumerate().skip(1) {
        for table in &document.tables {
            let rows = table.cells.iter().filter(|c| c.col == 1);
            for first in rows {
                if document.slice(&first.text).trim() != words.trim() {
                    continue;
                }
                if let Some(found) = table.at(first.row, col) {
                    let place = Origin::cell(file as u16, table.number, first.row, col);
                    return Some((place, document.cell_text(found).to_string()));
                }
            }
        }
    }
    None
}

fn prior(draft: &mut Draft<'_>, rows: &str) -> Option<()> {
    let rows: Vec<&str> = rows.split('|').collect();
    let row = *draft.dice.pick(&rows);
    let (place, old) = cell(draft, row, 4)?;
    let new = plus(&old, 300)?;
    draft.write(place, &new)?;
    draft.spots.push(place);
    Some(())
}

/// A row of the approved goals: the place of its cell in a column, with its text.
fn approved(draft: &mut Draft<'_>, column: &str) -> Option<(Origin, String)> {
    let forms = draft.subject.filing.forms.iter();
    let form = forms.into_iter().find(|f| f.kind() == "objective")?;
    let rows: Vec<_> = form
        .indicators()
        .filter(|i| {
            i.target()
                .is_some_and(|t| t.number().is_some() && !t.text.contains('%'))
        })
        .collect();
    let row = *(!rows.is_empty()).then(|| draft.dice.pick(&rows))?;
    let stated = form.cell("indicators", row.row, column)?;
    Some((stated.origin, stated.text.clone()))
}

fn approved_target(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let (place, old) = approved(draft, "target")?;
    let new = plus(&old, 300)?;
    draft.write(place, &new)?;
    draft.spots.push(place);
    Some(())
}

/// The approved goals name another indicator: the row of the self-evaluation has none.
fn approved_name(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let (place, old) = approved(draft, "name")?;
    draft.write(place, "会议纪要归档份数")?;
    let forms = draft.subject.filing.forms.iter();
    let own = forms
        .filter(|f| f.kind() == "project")
        .flat_map(|f| f.indicators())
        .filter_map(|i| i.name())
        .filter(|n| n.text == old);
    draft.spots.extend(own.map(|n| n.origin));
    draft.spots.push(place);
    Some(())
}

fn notice(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let next = draft.subject.filing.year? + 1;
    let old = format!("{next}年12月20日");
    let mut found = None;
    for (file, document) in draft.subject.documents.iter().enumerate().skip(1) {
        for number in 1..=document.paragraphs.len() as u32 {
            if let Some(at) = document.paragraph_text(number).find(&old) {
                let from = document.paragraph_text(number)[..at].chars().count() as u32;
                let to = from + old.chars().count() as u32;
                found = Some(Origin::text(file as u16, number, from, to));
            }
        }
    }
    let place = found?;
    draft.write(place, &format!("{next}年1月8日"))?;
    draft.spots.push(place);
    Some(())
}
