//! Paragraphs and rows around a table come in; titles, annex labels, years, units and feet of forms go out.

use super::keys::trimmed;
use jiheng_model::Unit;
use jiheng_model::form::{FormDef, Slot};
use jiheng_model::label::{half_width, normalise, trim};
use std::ops::Range;
use std::sync::Arc;

/// Longer paragraphs (in bytes) are prose, not titles.
const LONGEST_TITLE: usize = 240;

/// A title found in a text.
pub(super) struct Title<'d> {
    pub def: &'d Arc<FormDef>,
    pub year: Option<i16>,
    /// Bytes of an annex label printed before the title in the same text.
    pub annex: Option<Range<usize>>,
    /// Bytes of the title itself.
    pub range: Range<usize>,
}

/// The form whose title a text is, the longest title first.
pub(super) fn title<'d>(forms: &'d [Arc<FormDef>], raw: &str) -> Option<Title<'d>> {
    if raw.len() > LONGEST_TITLE || !(raw.contains('表') || raw.contains("体系")) {
        return None;
    }
    let key = normalise(raw);
    let mut name = key.as_str();
    // What stands in brackets after the title: "（2023年度）", "（一个一级项目支出一张表）".
    while let Some(open) = name.strip_suffix(')').and_then(|n| n.rfind('(')) {
        if open == 0 {
            break;
        }
        name = name[..open].trim_end_matches(['-', '—']);
    }
    let mut best: Option<(&Arc<FormDef>, usize)> = None;
    for def in forms {
        for title in &def.recognition.titles {
            if name.ends_with(title.as_str()) && best.is_none_or(|(_, n)| title.len() > n) {
                best = Some((def, title.len()));
            }
        }
    }
    let (def, length) = best?;
    // Before the title may stand an annex label, a unit's name and a year, but no sentence.
    let before = &name[..name.len() - length];
    if before.len() > 120 || before.contains(['。', '，', ';', '；']) || before.contains("和《")
    {
        return None;
    }
    let annex = annex(raw).map(|r| r.start..r.end);
    let start = annex.as_ref().map_or(0, |a| a.end);
    let range = trimmed(
        raw,
        start + raw[start..].len()
            - raw[start..]
                .trim_start_matches([':', '：', ' ', '\u{3000}', '、', '.'])
                .len()..raw.len(),
    );
    Some(Title {
        def,
        year: year(&key),
        annex: annex.filter(|a| a.end < range.end && a.end <= range.start),
        range,
    })
}

/// The bytes of an annex label at the start of a text ("附件3-1"), white space before it left out.
pub(super) fn annex(raw: &str) -> Option<Range<usize>> {
    let body = raw.trim_start_matches(jiheng_model::label::is_blank);
    let from = raw.len() - body.len();
    let rest = body
        .strip_prefix("附件")
        .or_else(|| body.strip_prefix("附表"))
        .or_else(|| body.strip_prefix('附'))?;
    let mut end = body.len() - rest.len();
    let mut digits = false;
    for (at, c) in rest.char_indices() {
        let half = half_width(c);
        if half.is_ascii_digit() || "一二三四五六七八九十".contains(c) {
            digits = true;
        } else if !(half == '-' || c == '—' || c == '－' || c == '之' || (half == ' ' && !digits))
            || (!digits && half != ' ')
        {
            break;
        }
        end = body.len() - rest.len() + at + c.len_utf8();
    }
    digits.then_some(from..from + trim(&body[..end]).len())
}

/// Is the whole text an annex label?
pub(super) fn is_annex(raw: &str) -> bool {
    raw.len() <= 60
        && annex(raw).is_some_and(|r| {
            trim(&raw[r.end..])
                .trim_start_matches([':', '：'])
                .is_empty()
        })
}

/// The first year of the form "2023年" or "年度:2023" in a comparable text.
pub(super) fn year(key: &str) -> Option<i16> {
    if let Some((_, after)) = key.split_once("年度:")
        && let Some(digits) = after
            .get(..4)
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))
        && !after[4..].starts_with(|c: char| c.is_ascii_digit())
    {
        return digits.parse().ok().filter(|y| (1949..2200).contains(y));
    }
    let mut from = 0;
    while let Some(at) = key[from..].find('年').map(|a| a + from) {
        if let Some(digits) = at.checked_sub(4).and_then(|s| key.get(s..at))
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !key[..at - 4].ends_with(|c: char| c.is_ascii_digit())
        {
            return digits.parse().ok().filter(|y| (1949..2200).contains(y));
        }
        from = at + '年'.len_utf8();
    }
    None
}

/// The unit of money a head names: "金额单位：元", "（万元）".
pub(super) fn money_unit(raw: &str) -> Option<Unit> {
    if raw.len() > 120 || !raw.contains('元') {
        return None;
    }
    let key = normalise(raw);
    for symbol in ["万元", "亿元", "千元", "元"] {
        for shape in [
            format!("({symbol})"),
            format!("单位:{symbol}"),
            format!("单位{symbol}"),
            format!("(单位:{symbol})"),
        ] {
            if key.contains(&shape) {
                return Some(Unit::of(symbol));
            }
        }
    }
    None
}

/// The values of a running text at the foot of a form: slot and bytes, in printed order.
///
/// "填表人：李某  填报日期：2024.5.8  联系电话：…  单位负责人签字：" — each label with a colon ends the value before it.
pub(super) fn foot(labels: &[(String, Slot)], raw: &str) -> Vec<(Slot, Range<usize>)> {
    let mut out: Vec<(Slot, Range<usize>)> = Vec::new();
    let mut begun: Option<(Slot, usize)> = None;
    let mut at = 0;
    let mut fresh = true;
    while at < raw.len() {
        let rest = &raw[at..];
        let Some(c) = rest.chars().next() else { break };
        if (fresh || !is_word(c) || begun.is_none())
            && let Some((slot, length)) = label_at(labels, rest)
        {
            if let Some((before, from)) = begun {
                out.push((before, trimmed(raw, from..at)));
            }
            begun = Some((slot, at + length));
            at += length;
            fresh = true;
            continue;
        }
        fresh = !is_word(c);
        at += c.len_utf8();
    }
    if let Some((slot, from)) = begun {
        out.push((slot, trimmed(raw, from..raw.len())));
    }
    out
}

fn is_word(c: char) -> bool {
    !jiheng_model::label::is_blank(c)
        && !matches!(
            c,
            '，' | ',' | '；' | ';' | '。' | '（' | '）' | '(' | ')' | '：' | ':'
        )
}

/// A label of the foot with its colon at the start of a text; white space inside the label is passed over.
fn label_at(labels: &[(String, Slot)], text: &str) -> Option<(Slot, usize)> {
    'labels: for (label, slot) in labels {
        let mut wanted = label.chars();
        let mut next = wanted.next();
        for (at, c) in text.char_indices() {
            let half = half_width(c);
            match next {
                Some(w) if w == half => next = wanted.next(),
                Some(_) if at > 0 && jiheng_model::label::is_blank(c) => {}
                Some(_) => continue 'labels,
                None if half == ':' => return Some((*slot, at + c.len_utf8())),
                None if jiheng_model::label::is_blank(c) => {}
                // "单位负责人签字（盖章）："
                None if half == '(' => {
                    let close = text[at..].find([')', '）']).map(|i| at + i)?;
                    let after = close + text[close..].chars().next().map_or(0, char::len_utf8);
                    let colon = text[after..].trim_start();
                    if let Some(c) = colon.chars().next().filter(|c| matches!(c, ':' | '：')) {
                        return Some((*slot, text.len() - colon.len() + c.len_utf8()));
                    }
                    continue 'labels;
                }
                None => continue 'labels,
            }
        }
    }
    None
}

/// The points in the brackets of a level cell ("产出指标（50分）"): bytes of "50分" and of the name before the bracket.
pub(super) fn level_points(raw: &str) -> Option<(Range<usize>, Range<usize>)> {
    let at_digit = raw.find(|c| half_width(c).is_ascii_digit())?;
    let close = raw[at_digit..].find('分').map(|i| at_digit + i)?;
    let number = &raw[at_digit..close];
    if !number.chars().all(|c| {
        half_width(c).is_ascii_digit() || half_width(c) == '.' || jiheng_model::label::is_blank(c)
    }) {
        return None;
    }
    let end = close + '分'.len_utf8();
    let tail = trim(&raw[end..]);
    let before = raw[..at_digit].trim_end_matches(jiheng_model::label::is_blank);
    let bracketed = before.ends_with(['(', '（', '[', '【']);
    if !(tail.is_empty()
        || bracketed && tail.starts_with([')', '）', ']', '】']) && tail.chars().count() == 1)
    {
        return None;
    }
    let name_end = if bracketed {
        before.trim_end_matches(['(', '（', '[', '【']).len()
    } else {
        before.len()
    };
    Some((at_digit..end, trimmed(raw, 0..name_end)))
}

/// The bytes of "20" in the bytes of "20分".
pub(super) fn without_points(number: &Range<usize>) -> Range<usize> {
    number.start..number.end.saturating_sub('分'.len_utf8()).max(number.start)
}

/// Does a text begin with a label of the foot and its colon?
pub(super) fn starts_with_label(def: &FormDef, raw: &str) -> bool {
    label_at(
        &def.recognition.inline,
        raw.trim_start_matches(jiheng_model::label::is_blank),
    )
    .is_some()
}
