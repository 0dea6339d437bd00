//! Places of marks and numbers in the wrong width or without their half come in; how each is to be written goes out.
//!
//! Only where one reading is left: what could be meant otherwise gets no answer.

use jiheng_model::Document;
use jiheng_model::finding::Place;
use jiheng_model::label::{half_width, is_han};
use jiheng_model::origin::At;

/// What is to stand at a place and why; `None` where it stays.
pub type Answer = Option<(String, String)>;

/// Characters between two quotes of one direction, at most.
const QUOTED: usize = 20;

/// The characters of the paragraph or cell that a place lies in, and which of them are meant.
struct Context {
    chars: Vec<char>,
    from: usize,
    to: usize,
}

impl Context {
    fn of(documents: &[Document], place: &Place) -> Option<Context> {
        let document = documents.get(place.origin.file as usize)?;
        let (text, (from, to)) = match place.origin.at {
            At::Text { paragraph, chars } => (document.paragraph_text(paragraph), chars),
            At::Cell { chars, .. } => {
                let cell = document.cell_at(&place.origin)?;
                (document.cell_text(cell), chars?)
            }
        };
        let chars: Vec<char> = text.chars().collect();
        let (from, to) = (from as usize, to as usize);
        let words: String = chars.get(from..to)?.iter().collect();
        (words == place.text).then_some(Context { chars, from, to })
    }

    fn before(&self) -> Option<char> {
        Some(self.chars[self.from.checked_sub(1)?])
    }

    fn after(&self) -> Option<char> {
        self.chars.get(self.to).copied()
    }

    fn only(&self) -> Option<char> {
        (self.to == self.from + 1).then(|| self.chars[self.from])
    }
}

/// Places in the wrong width, in their order.
pub fn widths(documents: &[Document], places: &[Place]) -> Vec<Answer> {
    let one = |place| width(&Context::of(documents, place)?);
    places.iter().map(one).collect()
}

fn width(at: &Context) -> Answer {
    let words: String = at.chars[at.from..at.to].iter().collect();
    if words.chars().all(|c| ('０'..='９').contains(&c)) {
        // A sign in the other width beside it may be a part of the number, or not.
        let unsure =
            |c: Option<char>| c.is_some_and(|c| matches!(c, '．' | '，' | ',' | '／' | '：'));
        if unsure(at.before()) || unsure(at.after()) {
            return None;
        }
        let digits = words.chars().map(half_width);
        return Some((digits.collect(), "数字用半角，数不变".into()));
    }
    let full = match at.only()? {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '?' => '？',
        '!' => '！',
        '(' => '（',
        ')' => '）',
        _ => return None,
    };
    let chinese = |c: Option<char>| c.is_some_and(is_han);
    let beside = chinese(at.before()) || chinese(at.after());
    beside.then(|| (full.to_string(), "汉字旁的标点用全角".into()))
}

/// Places of halves without a partner, in their order; `Some` with the same words where the other place settles it.
pub fn pairs(documents: &[Document], places: &[Place]) -> Vec<Answer> {
    let contexts: Vec<Option<Context>> = places.iter().map(|p| Context::of(documents, p)).collect();
    let mut out: Vec<Answer> = vec![None; places.len()];
    for (index, place) in places.iter().enumerate() {
        let Some(at) = &contexts[index] else { continue };
        let Some(mark) = at.only().filter(|_| out[index].is_none()) else {
            continue;
        };
        if at.before() == Some(mark) || at.after() == Some(mark) {
            // Brackets lie in brackets: the half that is missing may be another one.
            let nests = matches!(mark, '（' | '(' | '）' | ')' | '[' | ']');
            // The other of the two has its partner, or both would be named.
            let named = |from: usize| {
                let words = place.origin.at.words((from as u32, from as u32 + 1));
                places.iter().any(|p| p.origin.at == words)
            };
            if !nests && !named(at.to) && !at.from.checked_sub(1).is_some_and(named) {
                out[index] = Some((String::new(), format!("“{mark}”连着写了两个，删去一个")));
            }
            continue;
        }
        // The next half without a partner in the same paragraph.
        let Some((next, then)) = next_of(places, &contexts, index) else {
            continue;
        };
        let Some(other) = then.only() else { continue };
        let between = &at.chars[at.to..then.from];
        let answers = match (mark, other) {
            ('”', '”') if is_quoted(between) => Some(("“", "”", "引号应是前半")),
            ('“', '“') if is_quoted(between) => Some(("“", "”", "引号应是后半")),
            ('〔', '）') if is_year(between) => Some(("〔", "〕", "文号的年份用六角括号")),
            ('（', '〕') if is_year(between) => Some(("〔", "〕", "文号的年份用六角括号")),
            _ => None,
        };
        if let Some((left, right, why)) = answers {
            out[index] = Some((left.into(), why.into()));
            out[next] = Some((right.into(), why.into()));
        }
    }
    out
}

fn next_of<'c>(
    places: &[Place],
    contexts: &'c [Option<Context>],
    index: usize,
) -> Option<(usize, &'c Context)> {
    let here = places[index].origin.at.words((0, 0));
    let at = contexts[index].as_ref()?;
    let after = contexts.iter().enumerate().filter_map(|(i, c)| {
        let c = c.as_ref()?;
        (places[i].origin.at.words((0, 0)) == here && c.from >= at.to).then_some((i, c))
    });
    after.min_by_key(|(_, c)| c.from)
}

/// Words that quotes may enclose: no sentence ends in them and no other quote stands there.
fn is_quoted(between: &[char]) -> bool {
    (1..=QUOTED).contains(&between.len())
        && !between
            .iter()
            .any(|c| matches!(c, '。' | '；' | '！' | '？' | '\n' | '“' | '”' | '，'))
}

fn is_year(between: &[char]) -> bool {
    between.len() == 4 && between.iter().all(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiheng_model::document::Block;
    use jiheng_model::finding::PlaceKind;
    use jiheng_model::{Format, Origin, document};

    /// A document of one paragraph and places of the characters at these positions.
    fn stand(text: &str, at: &[(u32, u32)]) -> (Vec<Document>, Vec<Place>) {
        let mut document = Document::empty("甲", Format::Docx);
        document.text = text.into();
        document.paragraphs.push(document::Paragraph {
            text: 0..text.len() as u32,
            numbering: 0,
            level: None,
            bytes: 0..0,
        });
        document.blocks.push(Block::Paragraph(1));
        let place = |(from, to): &(u32, u32)| Place {
            form: String::new(),
            form_index: None,
            field: None,
            label: String::new(),
            text: text
                .chars()
                .skip(*from as usize)
                .take((to - from) as usize)
                .collect(),
            origin: Origin::text(0, 1, *from, *to),
            kind: PlaceKind::Text,
        };
        (vec![document], at.iter().map(place).collect())
    }

    fn written(answers: Vec<Answer>) -> Vec<Option<String>> {
        answers.into_iter().map(|a| a.map(|a| a.0)).collect()
    }

    #[test]
    fn numbers_and_marks_take_the_usual_width_where_nothing_else_can_be_meant() {
        for (text, at, to) in [
            ("共２３个", (1, 3), Some("23")),
            ("共２．５个", (1, 2), None),
            ("共２，５００个", (1, 2), None),
            ("履职,完成", (2, 3), Some("，")),
            ("（甲)", (2, 3), Some("）")),
            ("f（1)+2", (3, 4), None),
        ] {
            let (documents, places) = stand(text, &[at]);
            let answer = written(widths(&documents, &places)).remove(0);
            assert_eq!(answer.as_deref(), to, "{text}");
        }
    }

    #[test]
    fn halves_are_put_right_only_where_one_reading_is_left() {
        for (text, at, to) in [
            ("《甲》》乙", vec![(3, 4)], vec![Some("")]),
            ("（甲））乙", vec![(3, 4)], vec![None]),
            (
                "甲”乙丙”丁",
                vec![(1, 2), (4, 5)],
                vec![Some("“"), Some("”")],
            ),
            (
                "财预〔2020）10号",
                vec![(2, 3), (7, 8)],
                vec![Some("〔"), Some("〕")],
            ),
            ("《甲的通知，乙", vec![(0, 1)], vec![None]),
            ("甲）乙", vec![(1, 2)], vec![None]),
            ("甲“乙。丙“丁", vec![(1, 2), (4, 5)], vec![None, None]),
            ("甲》》乙", vec![(1, 2), (2, 3)], vec![None, None]),
        ] {
            let (documents, places) = stand(text, &at);
            let answers = written(pairs(&documents, &places));
            let answers: Vec<Option<&str>> = answers.iter().map(Option::as_deref).collect();
            assert_eq!(answers, to, "{text}");
        }
    }
}
