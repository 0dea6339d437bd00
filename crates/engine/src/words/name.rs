//! The printed name of an indicator comes in; the words that name the measure go out.

/// The name without marks (★, "其中：", "指标1："), numbers and what stands in brackets at its end.
pub fn bare(name: &str) -> &str {
    let mut name = name;
    loop {
        let before = name;
        name = name.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '★' | '☆' | '▲' | '●' | '·' | '.' | '、' | '-')
        });
        if let Some((first, rest)) = name.split_once([':', '：']) {
            let short = first.chars().count() <= SHORT_MARK;
            if short && !rest.is_empty() {
                name = rest;
            }
        }
        let bracket = name.rfind(['(', '（']).filter(|open| *open > 0);
        if let Some(open) = bracket.filter(|_| name.ends_with([')', '）'])) {
            name = &name[..open];
        }
        name = name.trim_end_matches(['。', '；', ';', '，', ',']);
        if name == before {
            return name;
        }
    }
}

/// "指标1", "其中", "其一": a mark before a colon is no longer than this.
const SHORT_MARK: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_units_are_no_part_of_a_name() {
        assert_eq!(bare("★新建渠道长度(≥公里)"), "新建渠道长度");
        assert_eq!(bare("其中:旱改水面积（≥亩）"), "旱改水面积");
        assert_eq!(bare("指标1:造林面积"), "造林面积");
        assert_eq!(bare("2.急救病历合格率(10分)"), "急救病历合格率");
        assert_eq!(bare("(一)"), "(一)");
        assert_eq!(bare(""), "");
    }
}
