//! A place of a finding comes in; its name and its position, as a person says them, go out.

use crate::results::Results;
use jiheng_model::Form;
use jiheng_model::finding::Place;
use jiheng_model::label::trim;
use jiheng_model::narrative::Section;
use jiheng_model::origin::{At, Origin};

impl Results<'_> {
    /// "附件1", or "附件3 山水项目" where several forms of the kind are in the package.
    pub fn form_name(&self, index: usize) -> String {
        let Some(form) = self.filing.forms.get(index) else {
            return "全套材料".into();
        };
        let mut name = annex(form);
        let several = self.filing.of(form.kind()).count() > 1;
        match form.project_name() {
            Some(project) if several => {
                name.push(' ');
                name.push_str(&one_line(&project.text));
            }
            None if several && self.same_annex(form) => {
                name.push_str(&format!("（第{}张）", form.ordinal))
            }
            _ => {}
        }
        name
    }

    /// "附件1 基础数据表": annex, title without year, project.
    pub fn form_title(&self, index: usize) -> String {
        let Some(form) = self.filing.forms.get(index) else {
            return "全套材料".into();
        };
        let mut name = annex(form);
        if name != form.def.title {
            name.push('　');
            name.push_str(&form.def.title);
        }
        if let Some(project) = form.project_name() {
            name.push_str(" · ");
            name.push_str(&one_line(&project.text));
        }
        name
    }

    fn same_annex(&self, form: &Form) -> bool {
        self.filing
            .of(form.kind())
            .filter(|other| annex(other) == annex(form))
            .count()
            > 1
    }

    /// The section marks down to a paragraph of the report: "二（一）③".
    pub fn section_marks(&self, paragraph: u32) -> String {
        let mut chain: Vec<&Section> = Vec::new();
        for section in &self.filing.narrative.sections {
            if section.paragraph <= paragraph && paragraph <= section.last.max(section.paragraph) {
                while chain.last().is_some_and(|s| s.level >= section.level) {
                    chain.pop();
                }
                chain.push(section);
            }
        }
        let mut marks = String::new();
        for section in chain {
            let mark = section.mark.trim_end_matches(['、', '.', '．', ' ', '，']);
            let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            if digits(marks.chars().last()) && digits(mark.chars().next()) {
                marks.push('.');
            }
            marks.push_str(mark);
        }
        marks
    }

    /// "附件1 · 公用经费 · 2023年决算数", "自评报告 二（一） 商品和服务支出".
    pub fn place_name(&self, place: &Place) -> String {
        let label = one_line(&place.label);
        match (place.form.as_str(), place.form_index) {
            (_, Some(index)) => {
                let own = self.filing.forms.get(index).map(annex).unwrap_or_default();
                match label.starts_with(&own) {
                    true => label,
                    false => format!("{} · {label}", self.form_name(index)),
                }
            }
            ("narrative", None) => {
                let marks = match place.origin.at {
                    At::Text { paragraph, .. } => self.section_marks(paragraph),
                    At::Cell { .. } => String::new(),
                };
                match marks.is_empty() {
                    true => format!("自评报告 {label}"),
                    false => format!("自评报告 {marks} {label}"),
                }
            }
            _ => format!("全套材料 · {label}"),
        }
    }

    /// "表1 行28 列6", "第3页 表2 行5 列1", "段47 字85–97"; the file's name first when the package has several.
    pub fn position(&self, origin: &Origin) -> String {
        let spot = match origin.at {
            At::Cell {
                table,
                row,
                col,
                chars,
            } => {
                let sheet = self
                    .documents
                    .get(origin.file as usize)
                    .and_then(|d| d.table(table))
                    .and_then(|t| t.sheet.as_deref());
                let table = match sheet {
                    Some(sheet) => format!("工作表“{}”", one_line(sheet)),
                    None => format!("表{table}"),
                };
                match chars {
                    Some((from, to)) if to > from => {
                        format!("{table} 行{row} 列{col} 字{}", span(from, to))
                    }
                    _ => format!("{table} 行{row} 列{col}"),
                }
            }
            At::Text {
                paragraph,
                chars: (from, to),
            } if to > from => format!("段{paragraph} 字{}", span(from, to)),
            At::Text { paragraph, .. } => format!("段{paragraph}"),
        };
        let document = self.documents.get(origin.file as usize);
        let spot = match document.and_then(|d| d.page_of(origin)) {
            Some(page) => format!("第{page}页 {spot}"),
            None => spot,
        };
        match document {
            Some(document) if self.documents.len() > 1 => {
                format!("{} {spot}", one_line(&document.name))
            }
            _ => spot,
        }
    }
}

/// Characters `[from, to)` as a person counts them, from 1.
fn span(from: u32, to: u32) -> String {
    match to - from {
        1 => format!("{to}"),
        _ => format!("{}–{to}", from + 1),
    }
}

/// The annex label as printed, as the rulebook has it, or the form's title.
fn annex(form: &Form) -> String {
    match form.annex.as_ref().filter(|a| a.value.is_present()) {
        Some(printed) => one_line(&printed.text),
        None => form
            .def
            .annex
            .clone()
            .unwrap_or_else(|| form.def.title.clone()),
    }
}

/// Text on one line: line breaks and runs of white space as one blank, both ends trimmed, no control characters.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in trim(text).chars() {
        let c = match c {
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => ' ',
            c if is_hidden_control(c) => continue,
            c => c,
        };
        if c == ' ' && out.ends_with(' ') {
            continue;
        }
        out.push(c);
    }
    out
}

/// Control characters that could steer a terminal or turn the direction of text around.
pub fn is_hidden_control(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// At most `most` characters, with "…" in place of the rest.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars()
        .take(most.saturating_sub(1))
        .chain(['…'])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_a_document_never_reach_the_output() {
        assert_eq!(one_line("公用\n经费\u{1b}[31m\u{202e}"), "公用 经费[31m");
    }

    #[test]
    fn characters_count_from_one_for_people() {
        assert_eq!(span(84, 97), "85–97");
        assert_eq!(span(4, 5), "5");
    }
}
