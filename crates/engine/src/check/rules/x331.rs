//! X331 `sum-in-goal`: the goals of every form come in; amounts whose parts after 其中 do not add up to them go out.

use crate::check::quantities::{Quantity, quantities};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Decimal, Dimension, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X331",
    slug: "sum-in-goal",
    title: "目标里各项金额相加不等于合计",
    severity: Severity::Warning,
    covers: &["D28"],
    basis: &["mof-2020-10-art25-true"],
    what: "预期目标、实际完成情况里，“其中”后面各项金额相加是否等于前面的合计。",
    why: "各项相加应等于合计；只列了一部分的，应写明其余。",
    advice: "核对合计和各项，更正其一；只列主要几项的，写明“等”",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let open = case.rulebook.words("open_list_words");
    for (index, form) in case.filing.forms.iter().enumerate() {
        for path in ["goal_expected", "goal_actual"] {
            let Some(goal) = form.get(path).filter(|g| g.value.is_present()) else {
                continue;
            };
            for (whole, parts, rest) in lists(&goal.text) {
                report.checked();
                let sum = parts.iter().try_fold(Decimal::ZERO, |sum, part| {
                    sum.checked_add(part.number_in(&whole.unit)?)
                });
                let Some(sum) = sum else { continue };
                let Some(gap) = sum.checked_sub(whole.number) else {
                    continue;
                };
                let partial = gap < Decimal::ZERO && open.iter().any(|w| rest.contains(w.as_str()));
                if gap.abs() <= tolerance(&whole, &parts) || partial {
                    continue;
                }
                let unit = &whole.unit.symbol;
                let addends: Vec<String> = parts.iter().map(|p| p.number.to_string()).collect();
                report
                    .find(
                        format!(
                            "合计写 {}{unit}，各项相加 {}{unit}，相差 {}{unit}",
                            whole.number,
                            sum,
                            gap.abs()
                        ),
                        case.place(index, path),
                    )
                    .computed(sum)
                    .derivation(format!("{} = {sum}", addends.join(" + ")));
            }
        }
    }
}

/// Half a unit of the last place of every number, in the unit of the whole.
fn tolerance(whole: &Quantity, parts: &[Quantity]) -> Decimal {
    let half = |q: &Quantity| {
        let step = Decimal::new(5, q.number.scale() + 1);
        q.unit.convert(step, &whole.unit).unwrap_or_default()
    };
    if whole.number.scale() == 0 && parts.iter().all(|p| p.number.scale() == 0) {
        return Decimal::ZERO;
    }
    parts.iter().chain([whole]).map(half).sum()
}

/// Amounts of money followed by 其中 and at least two amounts in the same sentence, with the words of the list.
fn lists(text: &str) -> Vec<(Quantity, Vec<Quantity>, &str)> {
    let mut found = Vec::new();
    for sentence in text.split_inclusive(['。', '；', '\n']) {
        let Some(at) = sentence.find("其中") else {
            continue;
        };
        let (before, rest) = sentence.split_at(at);
        if rest["其中".len()..].contains("其中") {
            continue;
        }
        let money = |q: &Quantity| q.unit.dimension == Dimension::Money;
        let (Some(whole), parts) = (quantities(before).pop().filter(money), quantities(rest))
        else {
            continue;
        };
        if parts.len() >= 2 && parts.iter().all(money) {
            found.push((whole, parts, rest));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn said(goal: &str) -> Vec<String> {
        let said = Specimen::default()
            .words("open_list_words", &["等"])
            .form("project", &[("goal_expected", goal)], &[])
            .run(&RULE);
        said.messages().iter().map(|m| m.to_string()).collect()
    }

    #[test]
    fn parts_that_do_not_make_the_whole_are_found() {
        assert_eq!(
            said("下达经费2026400元，其中：办公400000元，服务252000元，党建28000元。"),
            ["合计写 2026400元，各项相加 680000元，相差 1346400元"]
        );
        assert!(said("下达经费3万元，其中：办公10000元，服务2万元。").is_empty());
        assert!(said("下达经费3.01万元，其中：办公1.00万元，服务2.00万元。").is_empty());
        assert!(said("下达经费30万元，其中：办公1万元、服务2万元等。").is_empty());
        assert!(said("整治80000亩，其中旱改水30000亩、坡改梯5亩。").is_empty());
        assert!(said("安排经费30万元，其中办公1万元，培训2次。").is_empty());
    }
}
