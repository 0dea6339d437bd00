//! A form, a name, a date or a signature is taken away or changed.

use super::{Kind, kind};
use crate::draft::Draft;
use jiheng_model::Form;
use jiheng_model::Severity::{Error, Warning};

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("I10-project-form-missing", &["I-10", "D52", "D51"], "少一张附件3", &["F201", "X203", "X309"], Error, "project", cut),
    kind("D52-baseline-missing", &["D52", "I-28"], "没有附件1", &["F101"], Error, "baseline", cut),
    kind("D52-department-missing", &["D52", "I-28"], "没有附件2", &["F101"], Error, "department", cut),
    kind("D52-required-blank", &["D52"], "附件1 在职人数空着", &["F103"], Error, "staff.in_post", blank),
    kind("D52-outturn-blank", &["D52"], "附件1 公用经费决算数空着", &["F103", "X301"], Error, "operating.outturn", blank),
    kind("D61-signature-missing", &["D61"], "表末没有负责人签字", &["F301"], Error, "signatory", unsigned),
    kind("D61-filler-missing", &["D61"], "表末没有填表人", &["F301"], Error, "filler", unsigned),
    kind("D61-date-missing", &["D61"], "表末没有填报日期", &["F301"], Error, "filled_on", unsigned),
    kind("D61-phone-missing", &["D61"], "表末没有联系电话", &["F301"], Error, "phone", unsigned),
    kind("D61-cover-date-missing", &["D61"], "报告封面没有日期", &["F302"], Error, "", cover_date),
    kind("D61-cover-unit-missing", &["D61"], "报告封面没有单位名称", &["F302"], Error, "", cover_unit),
    kind("I21-year-of-form-off", &["I-21", "D37"], "附件3 标题的年度错", &["X111"], Error, "project", year_of_title),
    kind("I21-year-of-department-off", &["I-21", "D37"], "附件2 标题的年度错", &["X111"], Error, "department", year_of_title),
    kind("I21-filled-too-early", &["I-21"], "填报日期在年度结束之前", &["X113"], Warning, "", too_early),
    kind("I21-report-before-forms", &["I-21"], "报告日期早于填报日期", &["X113"], Warning, "", report_early),
    kind("I22-unit-of-department-off", &["I-22", "D37"], "附件2 的单位名称不同", &["X112"], Error, "unit_name", unit),
    kind("I22-unit-of-project-off", &["I-22", "D37"], "几张附件3 中一张的主管部门写成别的局", &["X112"], Error, "line_department", unit),
    kind("D37-unit-of-only-project-off", &["D37"], "唯一一张附件3 的主管部门写成别的局", &["X112"], Warning, "line_department", unit_of_only),
    kind("I09-name-off", &["I-09"], "附件3 的项目名称在附件1 中找不到", &["X206", "F201"], Error, "", project_name),
];

fn cut(draft: &mut Draft<'_>, kind: &str) -> Option<()> {
    let forms = draft.forms(kind);
    if kind == "project" && forms.len() < 2 {
        return None;
    }
    let form = *(!forms.is_empty()).then(|| draft.dice.pick(&forms))?;
    draft.cut_form(form)
}

fn blank(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    let stated = draft.form("baseline")?.get(path)?;
    draft.put(stated, "")
}

fn any<'a>(draft: &mut Draft<'a>) -> Option<&'a Form> {
    let kind = *draft.dice.pick(&["baseline", "department", "project"]);
    draft.form(kind)
}

fn unsigned(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    let stated = any(draft)?.get(path)?;
    stated.value.is_present().then_some(())?;
    draft.put(stated, "")
}

fn cover_date(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let prose = draft.prose();
    let first = prose.iter().position(|l| l.text.contains("（盖章）"))?;
    let line = prose.get(first + 1)?;
    draft.spots.push(prose[first].origin);
    draft.rewrite(line, 0..line.text.len(), "")
}

fn cover_unit(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let prose = draft.prose();
    let line = prose.iter().find(|l| l.text.contains("（盖章）"))?;
    let from = line.text.find('：')? + '：'.len_utf8();
    let to = line.text.find("（盖章）")?;
    draft.rewrite(line, from..to, "")
}

fn year_of_title(draft: &mut Draft<'_>, kind: &str) -> Option<()> {
    let form = draft.form(kind)?;
    let year = form.year?;
    let title = form.title.as_ref()?;
    let text = title
        .text
        .replacen(&year.to_string(), &(year - 1).to_string(), 1);
    (text != title.text).then_some(())?;
    draft.put(title, &text)
}

fn too_early(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let form = any(draft)?;
    let stated = form.get("filled_on")?;
    let year = draft.subject.filing.year?;
    draft.put(stated, &format!("{year}年6月3日"))
}

fn report_early(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let year = draft.subject.filing.year? + 1;
    let prose = draft.prose();
    let dated: Vec<_> = prose
        .iter()
        .filter(|l| {
            l.text.trim().starts_with(&format!("{year}年")) && l.text.trim().ends_with('日')
        })
        .collect();
    for line in &dated {
        draft.rewrite(line, 0..line.text.len(), &format!("{year}年1月2日"))?;
    }
    (!dated.is_empty()).then_some(())
}

/// One form alone does not prove which name is the department's.
fn unit_of_only(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    (draft.forms("project").len() == 1).then_some(())?;
    rename(draft, "project", path)
}

fn unit(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    let kind = if path == "unit_name" {
        "department"
    } else {
        "project"
    };
    (kind == "department" || draft.forms(kind).len() > 1).then_some(())?;
    rename(draft, kind, path)
}

fn rename(draft: &mut Draft<'_>, kind: &str, path: &str) -> Option<()> {
    let stated = draft.form(kind)?.get(path)?;
    let city: String = stated.text.chars().take_while(|c| *c != '市').collect();
    draft.put(stated, &format!("{city}市海洋渔业局"))
}

fn project_name(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let stated = draft.form("project")?.get("project_name")?;
    draft.put(stated, "海岸线巡护与远洋渔船补助")
}
