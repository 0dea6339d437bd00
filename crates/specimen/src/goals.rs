//! Indicators come in; the expected goal and what was reached, in words, go out.

use crate::plan::{Indicator, Plan, Project};

/// Goal and result of a project's form.
pub fn of_project(plan: &Plan, project: &Project) -> (String, String) {
    let groups: [&[&str]; 3] = [
        &["数量指标"],
        &["质量指标", "时效指标"],
        &[
            "经济效益指标",
            "社会效益指标",
            "生态效益指标",
            "可持续影响指标",
        ],
    ];
    let mut expected = Vec::new();
    let mut actual = Vec::new();
    for group in groups {
        let rows: Vec<&Indicator> = project
            .indicators
            .iter()
            .filter(|i| group.contains(&i.criterion))
            .collect();
        expected.push(said(&rows, |i| i.target_said(&plan.style)));
        actual.push(said(&rows, |i| i.actual_said(&plan.style)));
    }
    let satisfaction = project.indicators.iter().filter(|i| i.dimension == 2);
    for row in satisfaction {
        expected.push(row.target_said(&plan.style));
        let s = &project.survey;
        actual.push(format!(
            "通过问卷调查，发放问卷{}份，回收有效问卷{}份，满意{}份，{}",
            s.sent,
            s.valid,
            s.content,
            row.actual_said(&plan.style)
        ));
    }
    (numbered(&expected), numbered(&actual))
}

/// Goal and result of the department's form.
pub fn of_department(plan: &Plan) -> (String, String) {
    let expected = items(plan, |i| i.target_said(&plan.style));
    let actual = items(plan, |i| i.actual_said(&plan.style));
    (numbered(&expected), numbered(&actual))
}

/// The year's main tasks as the report lists them.
pub fn tasks(plan: &Plan) -> Vec<String> {
    items(plan, |i| i.target_said(&plan.style))
}

fn items(plan: &Plan, word: impl Fn(&Indicator) -> String) -> Vec<String> {
    let of = |criteria: &[&str]| -> Vec<&Indicator> {
        plan.indicators
            .iter()
            .filter(|i| criteria.contains(&i.criterion))
            .collect()
    };
    vec![
        format!("履职任务：{}", said(&of(&["数量指标", "质量指标"]), &word)),
        format!(
            "履职效益：{}",
            said(
                &of(&[
                    "经济效益指标",
                    "社会效益指标",
                    "生态效益指标",
                    "可持续影响指标"
                ]),
                &word
            )
        ),
        format!(
            "服务和满意度：{}",
            said(&of(&["服务对象满意度指标"]), &word)
        ),
    ]
}

fn said(rows: &[&Indicator], word: impl Fn(&Indicator) -> String) -> String {
    let words: Vec<String> = rows.iter().map(|i| word(i)).collect();
    words.join("，")
}

fn numbered(items: &[String]) -> String {
    let lines: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(i, item)| format!("{}.{item}。", i + 1))
        .collect();
    lines.join("\n")
}
