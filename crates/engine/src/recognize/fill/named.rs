//! Names with a sign and a unit in brackets ("项目总投资（≥万元）", "补助村数（个）") come in; the bare numbers beside them get both.
//!
//! What is printed stays as it is printed; the value says that its sign and unit were found by position.

use jiheng_model::form::{FieldType, ListDef};
use jiheng_model::label::normalise;
use jiheng_model::parse::parse_as;
use jiheng_model::{Dimension, Recognised, Stated, Unit, ValueKind};

/// Signs that say how a number compares, as they are printed and after normalising.
const SIGNS: [char; 14] = [
    '≥', '≤', '≧', '≦', '>', '<', '=', '═', '﹦', '﹥', '﹤', '⩾', '⩽', '＝',
];

/// Gives bare numbers of a row the sign and the unit that stand in the brackets after its name.
pub(super) fn signed(list: &ListDef, values: &mut [Option<Stated>]) {
    let name = list
        .slot("name")
        .and_then(|s| values.get(s as usize)?.as_ref());
    let Some((sign, unit)) = name.and_then(|n| sign_and_unit(&n.text)) else {
        return;
    };
    for (column, sign) in [("target", sign.as_str()), ("actual", "")] {
        let stated = list
            .slot(column)
            .filter(|s| list.columns[*s as usize].ty == FieldType::Any)
            .and_then(|s| values.get_mut(s as usize)?.as_mut());
        let Some(stated) = stated else { continue };
        let old = &stated.value;
        let bare = matches!(old.kind, ValueKind::Number(_)) && old.unit.is_none();
        if !bare || old.operator.is_some() || sign.is_empty() && unit.is_empty() {
            continue;
        }
        let new = parse_as(
            &format!("{sign}{}{unit}", stated.text),
            FieldType::Any,
            None,
        );
        if matches!(new.kind, ValueKind::Number(n) | ValueKind::Percent(n) if Some(n) == old.number())
        {
            stated.value = new;
            stated.value.unit_printed = false;
            stated.how = Recognised::Position;
        }
    }
}

/// Sign and unit in the brackets at the end of a name; `None` when the brackets hold anything else.
pub fn sign_and_unit(name: &str) -> Option<(String, String)> {
    let key = normalise(name);
    let inside = key.strip_suffix(')')?;
    let (_, inside) = inside.rsplit_once('(')?;
    let inside = inside.strip_prefix("单位:").unwrap_or(inside);
    let unit = inside.trim_start_matches(SIGNS);
    let sign = &inside[..inside.len() - unit.len()];
    let known = Unit::of(unit).dimension != Dimension::Other;
    (!unit.is_empty() && known || unit.is_empty() && !sign.is_empty())
        .then(|| (sign.to_string(), unit.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_with_a_sign_or_a_unit_are_told_from_others() {
        let of = |name| sign_and_unit(name).map(|(s, u)| format!("{s}|{u}"));
        assert_eq!(of("项目总投资（≥万元）").as_deref(), Some("≥|万元"));
        assert_eq!(of("项目区群众满意度（≥%）").as_deref(), Some("≥|%"));
        assert_eq!(of("补助村数(个)").as_deref(), Some("|个"));
        assert_eq!(of("总投资（单位：万元）").as_deref(), Some("|万元"));
        assert_eq!(of("到位率（≤）").as_deref(), Some("≤|"));
        for other in [
            "立项（2分）",
            "数量指标（必填）",
            "建成（2022年）",
            "投资",
            "（）",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
