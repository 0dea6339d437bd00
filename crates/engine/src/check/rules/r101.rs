//! R101–R108: what the readers said about the files comes in; what was not read, or read otherwise than it looks, goes out.
//!
//! A part that was not read was not checked. These rules say so at its place, so that a quiet
//! result is never taken for a good one.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::document::{Notice, NoticeKind};
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::origin::Origin;
use jiheng_model::{Document, Severity};

/// A table or part is broken.
pub static BROKEN: Rule = Rule {
    code: "R101",
    slug: "broken-part",
    title: "文件有一部分已损坏",
    severity: Severity::Warning,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "文件里的表格和部件是否完整。损坏的一处能读多少读多少，其余照常核对。",
    why: "损坏处以外的内容没有读到，也就没有核对。",
    advice: "在 Word 或 WPS 中打开，核对这一处后另存一份，再核对",
    fix: None,
    run: |case, report| each(case, report, NoticeKind::Broken),
};

/// A limit on size or depth was reached.
pub static OVER_BUDGET: Rule = Rule {
    code: "R102",
    slug: "too-large",
    title: "内容太多，有一部分没有读",
    severity: Severity::Warning,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "文件、表格和表格套表格的层数是否在能读的范围以内。",
    why: "超出的部分没有读到，也就没有核对。",
    advice: "删去表末的空行空列，或拆成几个文件，再核对",
    fix: None,
    run: |case, report| each(case, report, NoticeKind::OverBudget),
};

/// A file of the package was not read.
pub static NOT_READ: Rule = Rule {
    code: "R103",
    slug: "file-not-read",
    title: "有一个文件没有读",
    severity: Severity::Warning,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "放进来的每个文件是否都读到了。",
    why: "没有读到的文件没有核对，里面的表也不会出现在结果里。",
    advice: "换成能打开的 Word、Excel、网页或文本文件，再核对",
    fix: None,
    run: |case, report| each(case, report, NoticeKind::NotRead),
};

/// Tracked changes were not accepted.
pub static TRACKED: Rule = Rule {
    code: "R104",
    slug: "tracked-changes",
    title: "文件里有没接受的修订",
    severity: Severity::Hint,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "文件里是否还有没接受、没拒绝的修订。核对时插入的字算在内，删除的字不算。",
    why: "打印或公开时修订的痕迹可能露出来，核对的也未必是定稿。",
    advice: "在“审阅”中接受或拒绝全部修订，另存定稿",
    fix: None,
    run: |case, report| grouped(case, report, NoticeKind::TrackedChanges),
};

/// Hidden sheets, rows or columns were read too.
pub static HIDDEN: Rule = Rule {
    code: "R105",
    slug: "hidden-content",
    title: "文件里有隐藏的内容",
    severity: Severity::Hint,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "文件里是否有隐藏的工作表、行、列或文字。核对时一并读入。",
    why: "看不见的内容也会随文件报出去，还可能是旧稿。",
    advice: "取消隐藏看一看，不用的删去",
    fix: None,
    run: |case, report| grouped(case, report, NoticeKind::Hidden),
};

/// A number format is not known.
pub static NUMBER_FORMAT: Rule = Rule {
    code: "R106",
    slug: "number-format-unknown",
    title: "有数字格式没有认出",
    severity: Severity::Hint,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "Excel 单元格的数字格式是否认得。没有认出的，按数本身写出。",
    why: "核对用的写法与屏幕上看到的可能不同，如位数、百分号。",
    advice: "把这些单元格改为“数值”或“百分比”格式，再核对",
    fix: None,
    run: |case, report| grouped(case, report, NoticeKind::NumberFormat),
};

/// A PDF was read by its lines and places.
pub static TEXT_LAYER: Rule = Rule {
    code: "R108",
    slug: "read-from-layout",
    title: "PDF 按版面读出",
    severity: Severity::Hint,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "文件是不是 PDF。PDF 里没有表格和段落的标记，表格按框线认，段落按行的位置认。",
    why: "跨页的一行会成为两行，没有框线的表可能认不全，自动换行与另起一段有时分不开。",
    advice: "有 Word 或 Excel 原件的，请核对原件",
    fix: None,
    run: |case, report| grouped(case, report, NoticeKind::TextLayer),
};

/// Tables, rows or columns are not known to the rulebook.
pub static UNRECOGNISED: Rule = Rule {
    code: "R107",
    slug: "not-recognised",
    title: "有表格或行列没有认出",
    severity: Severity::Hint,
    covers: &[],
    basis: &["reading-not-checked"],
    what: "每张表、每个行名和列名是否是规程包里有的。",
    why: "没有认出的内容没有读入，也就没有核对。",
    advice: "是规定的表，就把标题和表头改回印发的样子；是自己加的表，不用改",
    fix: None,
    run: unrecognised,
};

/// One finding for each notice of a kind: what was not read is said piece by piece.
fn each(case: &Case<'_>, report: &mut Report<'_>, kind: NoticeKind) {
    for (file, document) in case.documents.iter().enumerate() {
        report.checked();
        for notice in of_kind(document, kind) {
            let (message, advice) = halves(&notice.message);
            let draft = report.find(message, place(case, file, document, notice.table));
            if !advice.is_empty() {
                draft.advice(advice);
            }
        }
    }
}

/// One finding for each file: how it was read is said once.
fn grouped(case: &Case<'_>, report: &mut Report<'_>, kind: NoticeKind) {
    for (file, document) in case.documents.iter().enumerate() {
        report.checked();
        let mut notices = of_kind(document, kind);
        let Some(first) = notices.next() else {
            continue;
        };
        let mut places = vec![place(case, file, document, first.table)];
        for place in notices.map(|n| place(case, file, document, n.table)) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let (message, _) = halves(&first.message);
        report.together(report.rule.severity, message, places);
    }
}

/// One finding for each file, naming the only piece or counting the pieces.
fn unrecognised(case: &Case<'_>, report: &mut Report<'_>) {
    for (file, document) in case.documents.iter().enumerate() {
        report.checked();
        let here = || {
            let all = case.filing.unrecognised.iter();
            all.filter(move |u| u.origin.file as usize == file)
        };
        let places: Vec<Place> = here()
            .map(|u| Place {
                origin: u.origin,
                label: u.why.clone(),
                ..place(case, file, document, u.origin.table())
            })
            .collect();
        match places.len() {
            0 => continue,
            1 => {
                let message: String = here().map(|u| u.why.as_str()).collect();
                report.together(report.rule.severity, message, places);
            }
            n => {
                let message = format!("{n} 处表格或行列没有认出");
                report.together(report.rule.severity, message, places);
            }
        }
    }
}

fn of_kind(document: &Document, kind: NoticeKind) -> impl Iterator<Item = &Notice> {
    document.notices.iter().filter(move |n| n.kind == kind)
}

/// A reader's sentence in two: what is the matter, and what it says to do about it.
fn halves(message: &str) -> (&str, &str) {
    let (what, todo) = message.split_once('。').unwrap_or((message, ""));
    (what, todo.trim_end_matches('。'))
}

/// The table a notice concerns, or the beginning of the file. What was not read has no text to show.
fn place(case: &Case<'_>, file: usize, document: &Document, table: Option<u32>) -> Place {
    let number = file as u16;
    let form = table.and_then(|t| {
        let mut forms = case.filing.forms.iter();
        forms.position(|f| f.file == number && f.tables.contains(&t))
    });
    Place {
        kind: PlaceKind::Absent,
        form: form.map_or("package".into(), |i| case.filing.forms[i].kind().into()),
        form_index: form,
        field: None,
        label: document.name.clone(),
        origin: match table {
            Some(table) => Origin::cell(number, table, 1, 1),
            None => Origin::text(number, 1, 0, 0),
        },
        text: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use jiheng_model::Format;
    use jiheng_model::filing::Unrecognised;

    const RULES: [(&Rule, NoticeKind); 7] = [
        (&BROKEN, NoticeKind::Broken),
        (&OVER_BUDGET, NoticeKind::OverBudget),
        (&NOT_READ, NoticeKind::NotRead),
        (&TRACKED, NoticeKind::TrackedChanges),
        (&HIDDEN, NoticeKind::Hidden),
        (&NUMBER_FORMAT, NoticeKind::NumberFormat),
        (&TEXT_LAYER, NoticeKind::TextLayer),
    ];

    fn specimen(notices: &[(NoticeKind, &str, Option<u32>)]) -> Specimen {
        let mut document = Document::empty("自评.docx", Format::Docx);
        for (kind, message, table) in notices {
            document.notices.push(Notice {
                kind: *kind,
                message: message.to_string(),
                table: *table,
            });
        }
        Specimen {
            documents: vec![document],
            ..Specimen::default()
        }
    }

    #[test]
    fn each_rule_speaks_of_its_own_kind_of_notice_and_is_quiet_of_others() {
        for (rule, own) in RULES {
            for (_, kind) in RULES {
                let said = specimen(&[(kind, "甲不全。另存一份。", None)]).run(rule);
                let expected: &[&str] = if kind == own { &["甲不全"] } else { &[] };
                assert_eq!(said.messages(), expected, "{} on {kind:?}", rule.code);
                assert_eq!(said.checked, 1);
            }
            assert!(specimen(&[]).run(rule).findings.is_empty());
        }
    }

    #[test]
    fn a_broken_table_is_marked_in_its_form_and_the_advice_of_the_reader_is_kept() {
        let notices = [(NoticeKind::Broken, "表1 不完整。打开另存。", Some(1))];
        let said = specimen(&notices)
            .form("project", &[("project_name", "甲")], &[])
            .run(&BROKEN);
        let found = &said.findings[0];
        assert_eq!(found.places[0].origin, Origin::cell(0, 1, 1, 1));
        assert_eq!(found.places[0].form_index, Some(0));
        assert_eq!(&*found.advice, "打开另存");
        let outside = specimen(&[(NoticeKind::Broken, "表9 不完整。", Some(9))]).run(&BROKEN);
        assert_eq!(outside.findings[0].places[0].form, "package");
        assert_eq!(&*outside.findings[0].advice, BROKEN.advice);
    }

    #[test]
    fn how_a_file_was_read_is_said_once_with_all_places() {
        let hidden = |table| (NoticeKind::Hidden, "有隐藏的行。", Some(table));
        let said = specimen(&[hidden(1), hidden(2), hidden(2)]).run(&HIDDEN);
        assert_eq!(said.findings.len(), 1);
        assert_eq!(said.findings[0].places.len(), 2);
    }

    #[test]
    fn what_was_not_recognised_is_named_when_single_and_counted_when_several() {
        let unknown = |row| Unrecognised {
            origin: Origin::cell(0, 1, row, 1),
            why: format!("第{row}行没有读入"),
        };
        let mut specimen = specimen(&[]);
        assert!(specimen.run(&UNRECOGNISED).findings.is_empty());
        specimen.filing.unrecognised = vec![unknown(4)];
        assert_eq!(specimen.run(&UNRECOGNISED).messages(), ["第4行没有读入"]);
        specimen.filing.unrecognised.push(unknown(6));
        let said = specimen.run(&UNRECOGNISED);
        assert_eq!(said.messages(), ["2 处表格或行列没有认出"]);
        assert_eq!(said.findings[0].places[1].origin, Origin::cell(0, 1, 6, 1));
    }
}
