//! A finding comes in; its card goes out: both sides with links to their places, why, what to do, what follows.

use super::marks::{id, spot};
use super::page::class;
use super::segments::Segment;
use crate::place::{one_line, shorten};
use crate::results::Results;
use crate::sides::SideKind;
use jiheng_model::Severity;

/// Places listed in a card; the rest is counted.
const PLACES: usize = 24;
/// Values longer than this are set as running text.
const LONG: usize = 12;
/// Values are cut here; the cell itself shows all of it.
const CUT: usize = 160;

/// A card.
pub struct Card {
    pub number: usize,
    pub index: usize,
    pub class: &'static str,
    pub word: &'static str,
    pub title: String,
    pub code: String,
    pub open: bool,
    /// Id of the place to mark.
    pub at: String,
    pub sides: Vec<SideView>,
    pub why: String,
    pub basis: String,
    pub advice: String,
    pub follows: Vec<Follow>,
}

/// A row of a card.
pub struct SideView {
    pub class: &'static str,
    pub name: String,
    pub position: String,
    pub href: String,
    pub quote: Vec<Segment>,
    pub value: String,
    pub long: bool,
}

/// A finding that follows from the card's.
pub struct Follow {
    pub code: String,
    pub text: String,
}

/// The card of a finding under its number.
pub fn card(results: &Results<'_>, index: usize, number: usize) -> Option<Card> {
    let finding = results.findings.get(index)?;
    let mut sides: Vec<SideView> = Vec::new();
    let mut left_out = 0;
    for (position, side) in results.sides(finding).into_iter().enumerate() {
        let place = finding.places.get(position);
        if place.is_some() && position >= PLACES {
            left_out += 1;
            continue;
        }
        let value = shorten(&side.value, CUT);
        sides.push(SideView {
            class: match side.kind {
                SideKind::Gap => "gap",
                SideKind::Computed => "sum",
                SideKind::Stated | SideKind::Absent => "",
            },
            name: side.name,
            position: side.position,
            href: place
                .filter(|p| p.form != "package")
                .map(|p| id(spot(&p.origin, results)))
                .unwrap_or_default(),
            quote: side
                .excerpt
                .map(|[before, marked, after]| {
                    vec![
                        Segment::bare(before),
                        Segment {
                            text: marked,
                            class: class(finding.severity),
                            id: String::new(),
                        },
                        Segment::bare(after),
                    ]
                })
                .unwrap_or_default(),
            long: value.chars().count() > LONG,
            value,
        });
    }
    if left_out > 0 {
        let rest = SideView {
            class: "",
            name: format!("另 {left_out} 处，见 findings.json"),
            position: String::new(),
            href: String::new(),
            quote: Vec::new(),
            value: String::new(),
            long: false,
        };
        sides.insert(PLACES.min(sides.len()), rest);
    }
    Some(Card {
        number,
        index,
        class: match finding.suppressed {
            Some(_) => "S",
            None => class(finding.severity),
        },
        word: match finding.suppressed {
            Some(_) => "已说明",
            None => finding.severity.chinese(),
        },
        title: one_line(&finding.message),
        code: finding.code.clone(),
        open: finding.severity == Severity::Error && finding.suppressed.is_none(),
        at: finding
            .places
            .first()
            .map(|p| id(spot(&p.origin, results)))
            .unwrap_or_default(),
        sides,
        why: match &finding.suppressed {
            Some(s) => one_line(&format!("{}。{}", s.sentence(), finding.why)),
            None => one_line(&finding.why),
        },
        basis: one_line(&finding.basis),
        advice: one_line(&finding.advice),
        follows: results
            .followers(index)
            .map(|i| Follow {
                code: results.findings[i].code.clone(),
                text: one_line(&results.findings[i].message),
            })
            .collect(),
    })
}
