//! A418 `rate-blank-but-scored`: the funds of scored forms come in; scores for an execution rate that nobody filled in go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "A418",
    slug: "rate-blank-but-scored",
    title: "执行率空着却填了得分",
    severity: Severity::Warning,
    covers: &["I-11"],
    basis: &["scoring-form-execution-rate"],
    what: "预算执行填了得分的，执行率也应填写。",
    why: "得分由执行率算出；执行率空着，看不出得分从何而来。",
    advice: "按全年执行数除以全年预算数填执行率，再核对得分",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        for field in &scored.form.def.fields {
            let Some(row) = field.path.strip_suffix(".execution_rate") else {
                continue;
            };
            let score_path = format!("{row}.score");
            let (Some(rate), Some(score)) = (
                scored.form.get(&field.path),
                scored
                    .form
                    .get(&score_path)
                    .filter(|s| s.number().is_some()),
            ) else {
                continue;
            };
            report.checked();
            if rate.value.is_blank() {
                let message = format!("执行率空着，得分填 {} 分", score.text);
                let place = case.place(scored.index, &field.path);
                report
                    .find(message, place)
                    .against(case.place(scored.index, &score_path));
            }
        }
    }
}
