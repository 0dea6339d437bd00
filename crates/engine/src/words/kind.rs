//! The name of an indicator and its target come in; what kind of indicator it is goes out, with the words that say so.
//!
//! Chinese names of indicators put what is measured last ("工程验收合格率"), so the word at the end
//! decides. A rate that says nothing by itself ("办结率") is decided by the word before it ("及时").
//! Words elsewhere in the name only hint.

use super::measure::Says;
use super::vocabulary::Vocabulary;
use jiheng_model::value::Value;
use jiheng_model::{Dimension, ValueKind};
use std::sync::Arc;

/// What an indicator measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// 数量.
    Quantity,
    /// 质量.
    Quality,
    /// 时效.
    Timeliness,
    /// 成本.
    Cost,
    /// 效益, of whichever sort.
    Effect,
    /// 满意度.
    Satisfaction,
}

/// What a word of the lexicon says of the name that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// At the end of a name it decides.
    Ending(Kind),
    /// At the beginning of a name it decides.
    Opening(Kind),
    /// Anywhere it hints.
    Hint(Kind),
    /// At the end of a name it decides nothing; the hint before it does, and its own hint if there is none.
    Open,
    /// Anywhere it turns an amount at the end into this kind: "受益…人数" is an effect.
    Turn(Kind),
}

/// The target of an indicator.
#[derive(Clone, Copy, Debug)]
pub struct Target<'t> {
    /// As printed.
    pub text: &'t str,
    /// What it means.
    pub value: &'t Value,
}

/// The judgement on an indicator's kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindOf {
    /// The kind; `None` when no word tells.
    pub kind: Option<Kind>,
    /// The word at the end of the name says it and nothing speaks against it.
    pub sure: bool,
    /// The words that led to it, as the lexicon has them.
    pub words: Vec<Arc<str>>,
    /// Every kind that some word of the name speaks for.
    pub hinted: Vec<(Kind, Arc<str>)>,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] = [
        Kind::Quantity,
        Kind::Quality,
        Kind::Timeliness,
        Kind::Cost,
        Kind::Effect,
        Kind::Satisfaction,
    ];

    /// The key in a rulebook.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Quantity => "quantity",
            Kind::Quality => "quality",
            Kind::Timeliness => "timeliness",
            Kind::Cost => "cost",
            Kind::Effect => "effect",
            Kind::Satisfaction => "satisfaction",
        }
    }

    /// The kind of a key.
    pub fn of_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.key() == key)
    }

    /// The kind that indicators under a 二级指标 have, by the key of the 二级指标.
    pub fn of_criterion(key: &str) -> Option<Kind> {
        match key {
            "economic" | "social" | "environmental" | "sustainability" => Some(Kind::Effect),
            other => Kind::of_key(other),
        }
    }

    /// In Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Kind::Quantity => "数量",
            Kind::Quality => "质量",
            Kind::Timeliness => "时效",
            Kind::Cost => "成本",
            Kind::Effect => "效益",
            Kind::Satisfaction => "满意度",
        }
    }

    /// Whether an amount of this kind, at the end of a name, may be how much of `other` there is: "节约…成本" is an effect.
    fn can_be_of(self, other: Kind) -> bool {
        self != other && matches!(self, Kind::Quantity | Kind::Timeliness | Kind::Cost)
    }

    /// Whether a target can be the target of an indicator of this kind; a target of words can be of any.
    pub fn admits(self, target: &Value) -> bool {
        use Dimension::*;
        let unit = target.unit.as_ref().map(|u| u.dimension);
        match &target.kind {
            ValueKind::Date(_) => self == Kind::Timeliness,
            ValueKind::Percent(_) => self != Kind::Quantity,
            ValueKind::Number(_) => match (self, unit) {
                (_, None) => self != Kind::Timeliness,
                (Kind::Quantity, Some(u)) => !matches!(u, Money | Ratio | Duration),
                (Kind::Quality | Kind::Satisfaction, Some(u)) => matches!(u, Ratio | Points),
                (Kind::Timeliness, Some(u)) => matches!(u, Duration | Ratio | Other),
                (Kind::Cost, Some(u)) => matches!(u, Money | Ratio | Other),
                (Kind::Effect, Some(_)) => true,
            },
            _ => true,
        }
    }
}

impl KindOf {
    /// The words that led to the judgement, in quotation marks.
    pub fn because(&self) -> String {
        let words: Vec<String> = self.words.iter().map(|w| format!("“{w}”")).collect();
        words.join("")
    }

    /// A word of the name that speaks for a kind.
    pub fn hint(&self, kind: Kind) -> Option<&str> {
        let mut hinted = self.hinted.iter();
        hinted.find(|(k, _)| *k == kind).map(|(_, word)| &**word)
    }
}

/// How far before a rate the word may stand that says what the rate is of, in bytes.
const NEAR: usize = 18;

/// Judges an indicator by its bare name (see [`super::name::bare`]) and its target.
pub fn kind(vocabulary: &Vocabulary, name: &str, target: Option<&Target<'_>>) -> KindOf {
    let lexicon = &vocabulary.kinds;
    let fits = |kind: Kind| target.is_none_or(|t| kind.admits(t.value));
    let mut judged = KindOf::default();
    let (mut nearest, mut turn) = (None, None);
    let head = lexicon
        .ending(name)
        .filter(|h| decided(h.senses).is_some() || h.senses.contains(&Sense::Open));
    let body = head.map_or(name.len(), |h| h.at);
    for found in lexicon.words(name) {
        for sense in found.senses {
            let kind = match sense {
                // What would decide at the end hints elsewhere.
                Sense::Hint(kind) | Sense::Ending(kind) => *kind,
                Sense::Opening(kind) if found.at == 0 => *kind,
                Sense::Turn(kind) => {
                    turn = turn.or(Some((*kind, found.word)));
                    *kind
                }
                _ => continue,
            };
            judged.hinted.push((kind, found.word.clone()));
        }
    }
    for found in lexicon.words(&name[..body]) {
        if let Some(kind) = hinted(found.senses) {
            nearest = Some((kind, found.word, found.end()));
        }
    }
    let opening = lexicon.opening(name).and_then(|found| {
        found.senses.iter().find_map(|s| match s {
            Sense::Opening(kind) => Some((*kind, found.word)),
            _ => None,
        })
    });
    let ending = head.and_then(|found| Some((decided(found.senses)?, found.word)));
    match (opening.or(turn), ending) {
        (Some((kind, word)), Some((other, last))) if other.can_be_of(kind) => {
            judged.kind = Some(kind);
            judged.words = vec![word.clone(), last.clone()];
            return judged;
        }
        (_, Some((kind, word))) => {
            judged.kind = Some(kind);
            judged.words = vec![word.clone()];
            judged.sure = fits(kind);
            return judged;
        }
        _ => {}
    }
    if let Some((kind, word)) = opening {
        judged.kind = Some(kind);
        judged.words = vec![word.clone()];
    } else if let Some(head) = head {
        // The word at the end is a rate of something.
        let near = nearest.filter(|(_, _, end)| body - end <= NEAR);
        if let Some((kind, word, _)) = near {
            judged.kind = Some(kind);
            judged.words = vec![word.clone()];
            let own = hinted(head.senses).is_none_or(|own| own == kind);
            judged.sure = kind == Kind::Timeliness && own && fits(kind);
        } else if let Some(kind) = hinted(head.senses) {
            judged.kind = Some(kind);
            judged.words = vec![head.word.clone()];
        }
    } else if let Some((kind, word, _)) = nearest.filter(|(kind, ..)| fits(*kind)) {
        judged.kind = Some(kind);
        judged.words = vec![word.clone()];
    }
    if judged.kind.is_none()
        && let Some((kind, word)) = target.and_then(|t| by_target(vocabulary, t))
    {
        judged.kind = Some(kind);
        judged.words = word.into_iter().collect();
    }
    judged
}

/// The kind that a word decides at the end of a name.
fn decided(senses: &[Sense]) -> Option<Kind> {
    senses.iter().find_map(|s| match s {
        Sense::Ending(kind) => Some(*kind),
        _ => None,
    })
}

/// The kind that a word hints.
fn hinted(senses: &[Sense]) -> Option<Kind> {
    senses.iter().find_map(|s| match s {
        Sense::Hint(kind) => Some(*kind),
        _ => None,
    })
}

/// The kind that a target alone suggests, with the word that does.
fn by_target(vocabulary: &Vocabulary, target: &Target<'_>) -> Option<(Kind, Option<Arc<str>>)> {
    let unit = target.value.unit.as_ref();
    let symbol = unit.map(|u| Arc::from(&*u.symbol));
    match &target.value.kind {
        ValueKind::Date(_) => Some((Kind::Timeliness, Some(target.text.into()))),
        ValueKind::Number(_) => match unit?.dimension {
            Dimension::Money => Some((Kind::Cost, symbol)),
            Dimension::Duration => Some((Kind::Timeliness, symbol)),
            Dimension::Ratio | Dimension::Points | Dimension::Other => None,
            _ => Some((Kind::Quantity, symbol)),
        },
        // What can only be told in words like "明显" is an effect.
        ValueKind::Text => {
            let mut words = vocabulary.targets.words(target.text);
            let vague = words.find(|found| found.senses.contains(&Says::Vague))?;
            Some((Kind::Effect, Some(vague.word.clone())))
        }
        _ => None,
    }
}
