//! The report's sections on problems and on measures come in; their items, and which measure answers which problem, go out.

use super::projects::likeness;
use super::report::Case;
use crate::narrative::sections::mark;
use jiheng_model::narrative::Section;
use jiheng_model::{Decimal, label};

/// The items of the two sections; `None` where the report has no such section.
#[derive(Clone, Debug, Default)]
pub struct Remedies {
    /// 存在的问题.
    pub problems: Option<Items>,
    /// 改进措施.
    pub measures: Option<Items>,
}

/// What a section consists of.
#[derive(Clone, Debug)]
pub struct Items {
    /// Paragraph of the heading.
    pub heading: u32,
    /// Title of the heading.
    pub title: String,
    /// The items in order; empty when the section says nothing.
    pub items: Vec<Item>,
    /// It is clear what an item is: they are numbered, or there is only one paragraph.
    pub countable: bool,
}

/// A problem or a measure.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its paragraph.
    pub paragraph: u32,
    /// Characters `[from, to)` of its title in the paragraph.
    pub chars: (u32, u32),
    /// Its text without the number, with the paragraphs that follow up to the next item.
    pub text: String,
    /// Its first sentence without the number.
    pub title: String,
}

impl Items {
    /// Number of items, where it is clear what an item is.
    pub fn count(&self) -> Option<usize> {
        self.countable.then_some(self.items.len())
    }
}

/// Splits both sections of the report of a case.
pub fn remedies(case: &Case<'_>) -> Remedies {
    let narrative = &case.filing.narrative;
    let items = |key| narrative.section(key).map(|s| items(case, s));
    Remedies {
        problems: items("problems"),
        measures: items("measures"),
    }
}

/// For each measure the number of the problem it quotes by name, if it quotes one.
pub fn quoted(problems: &Items, measures: &Items) -> Vec<Option<usize>> {
    measures
        .items
        .iter()
        .map(|measure| {
            let text = label::normalise(&measure.text);
            problems.items.iter().position(|problem| {
                let title = label::normalise(&problem.title);
                title.chars().count() >= SHORTEST_QUOTE && text.contains(&title)
            })
        })
        .collect()
}

/// For each measure the number of the problem it answers: by quotes and, failing those, by likeness of at least `least`.
pub fn paired(problems: &Items, measures: &Items, least: Decimal) -> Vec<Option<usize>> {
    let mut partner: Vec<Option<usize>> = quoted(problems, measures);
    let mut taken: Vec<bool> = vec![false; problems.items.len()];
    for problem in partner.iter().flatten() {
        if let Some(t) = taken.get_mut(*problem) {
            *t = true;
        }
    }
    for (number, measure) in measures.items.iter().enumerate() {
        if partner[number].is_some() {
            continue;
        }
        let best = problems
            .items
            .iter()
            .enumerate()
            .filter(|(p, _)| !taken[*p])
            .map(|(p, problem)| (p, likeness(&problem.title, &measure.title)))
            .filter(|(_, like)| *like >= least)
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((p, _)) = best {
            taken[p] = true;
            partner[number] = Some(p);
        }
    }
    partner
}

/// Numbers of the problems without a measure and of the measures without a problem.
pub fn unpaired(problems: &Items, measures: &Items, least: Decimal) -> (Vec<usize>, Vec<usize>) {
    let partner = paired(problems, measures, least);
    let answered = |p: &usize| partner.contains(&Some(*p));
    let problems = (0..problems.items.len()).filter(|p| !answered(p));
    let measures = partner.iter().enumerate().filter(|(_, p)| p.is_none());
    (problems.collect(), measures.map(|(m, _)| m).collect())
}

/// A quoted title is at least this many characters, or it is no quote.
const SHORTEST_QUOTE: usize = 5;

fn items(case: &Case<'_>, section: &Section) -> Items {
    let body: Vec<(u32, &str)> = (section.paragraph + 1..=section.last)
        .map(|n| (n, case.report_line(n)))
        .filter(|(_, text)| !label::trim(text).is_empty())
        .collect();
    let (items, countable) = split(&body, case.rulebook.words("enumeration_words"));
    let silent = case.rulebook.words("nothing_to_report");
    let says_nothing = items.len() == 1
        && items
            .iter()
            .all(|i| silent.contains(&label::normalise(&i.text)));
    Items {
        heading: section.paragraph,
        title: section.title.clone(),
        items: if says_nothing { Vec::new() } else { items },
        countable,
    }
}

/// Splits the paragraphs of a section into items: by their numbers, else by "一是 … 二是 …" inside one paragraph.
fn split(body: &[(u32, &str)], enumeration: &[String]) -> (Vec<Item>, bool) {
    let style = body
        .iter()
        .find_map(|(_, text)| mark(text).map(|m| m.style));
    if let Some(style) = style {
        let mut items: Vec<Item> = Vec::new();
        for (paragraph, text) in body {
            match mark(text) {
                Some(mark) if mark.style == style => {
                    items.push(item(*paragraph, text, mark.length, text.len()));
                }
                _ => {
                    if let Some(last) = items.last_mut() {
                        last.text.push_str(text);
                    }
                }
            }
        }
        return (items, true);
    }
    match body {
        [] => (Vec::new(), true),
        [(paragraph, text)] => {
            let starts: Vec<usize> = enumeration
                .iter()
                .map_while(|w| text.find(w.as_str()))
                .collect();
            let rising = starts.windows(2).all(|w| w[0] < w[1]);
            if starts.len() < 2 || !rising {
                return (vec![item(*paragraph, text, 0, text.len())], true);
            }
            let ends = starts.iter().skip(1).copied().chain([text.len()]);
            let items = starts.iter().zip(ends);
            (
                items
                    .map(|(from, to)| item(*paragraph, text, *from, to))
                    .collect(),
                true,
            )
        }
        many => {
            let items = many.iter().map(|(p, text)| item(*p, text, 0, text.len()));
            (items.collect(), false)
        }
    }
}

fn item(paragraph: u32, text: &str, from: usize, to: usize) -> Item {
    let own = text.get(from..to).unwrap_or(text);
    let end = own.find(['。', '：', '；', '，']).unwrap_or(own.len());
    let title = own.get(..end).unwrap_or(own);
    let blank = title.len() - title.trim_start_matches(label::is_blank).len();
    Item {
        paragraph,
        chars: super::passages::chars(text, (from + blank, from + end)),
        text: label::trim(own).into(),
        title: label::trim(title).into(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use jiheng_model::narrative::MarkStyle;

    /// A report with the two sections, each of the paragraphs given.
    pub fn report(problems: &[&str], measures: &[&str]) -> Specimen {
        let mut paragraphs = vec!["七、存在的问题"];
        paragraphs.extend(problems);
        paragraphs.push("八、改进措施");
        paragraphs.extend(measures);
        let mut specimen = Specimen::default()
            .words("enumeration_words", &["一是", "二是", "三是"])
            .words("nothing_to_report", &["无", "无。"])
            .number("remedies_alike", "0.2")
            .prose(&paragraphs);
        let middle = problems.len() as u32 + 1;
        let last = paragraphs.len() as u32;
        for (key, ordinal, first, last) in [
            ("problems", 7, 1, middle),
            ("measures", 8, middle + 1, last),
        ] {
            specimen.filing.narrative.sections.push(Section {
                mark: String::new(),
                ordinal: Some(ordinal),
                style: MarkStyle::Chinese,
                title: key.into(),
                level: 1,
                paragraph: first,
                key: Some(key.into()),
                last,
            });
        }
        specimen
    }

    #[test]
    fn items_are_numbered_paragraphs_or_enumerated_in_one() {
        let specimen = report(
            &["1.甲方面。原因是乙。", "（1）细节", "2.丙方面。"],
            &["一是加强甲方面；二是改进丙方面。"],
        );
        let found = specimen.with(remedies);
        let problems = found.problems.unwrap();
        assert_eq!(problems.count(), Some(2));
        assert_eq!(problems.items[0].title, "甲方面");
        assert_eq!(problems.items[0].text, "甲方面。原因是乙。（1）细节");
        let measures = found.measures.unwrap();
        assert_eq!(measures.count(), Some(2));
        assert_eq!(measures.items[1].title, "二是改进丙方面");
    }

    #[test]
    fn unnumbered_paragraphs_are_not_counted_and_nothing_is_nothing() {
        let specimen = report(&["甲。", "乙。"], &["无。"]);
        let found = specimen.with(remedies);
        assert_eq!(found.problems.unwrap().count(), None);
        assert_eq!(found.measures.unwrap().count(), Some(0));
    }

    #[test]
    fn pairs_are_found_by_quotes_and_then_by_likeness() {
        let specimen = report(
            &["1.预算编制不够细。", "2.支付进度偏慢。", "3.台账积累不足。"],
            &[
                "1.加快进度。针对“支付进度偏慢”的问题办理。",
                "2.把预算编制做细。",
            ],
        );
        let found = specimen.with(remedies);
        let (problems, measures) = (found.problems.unwrap(), found.measures.unwrap());
        assert_eq!(quoted(&problems, &measures), [Some(1), None]);
        let least = Decimal::new(2, 1);
        assert_eq!(unpaired(&problems, &measures, least), (vec![2], vec![]));
    }
}
