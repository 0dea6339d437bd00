//! Cells of forms and facts of the report come in; figures that can be compared, each with its place, go out.
//!
//! Money is compared in 万元, everything else in the unit it is printed in. A figure keeps the
//! precision it was printed with.

use super::report::{Case, Draft, Report};
use jiheng_model::finding::Place;
use jiheng_model::{Decimal, Dimension, Fact, FactRole, Severity, Stated, Unit};

/// A printed number that can be compared, with its place.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The number, money in 万元.
    pub value: Decimal,
    /// Half a unit of its last printed place, in the same unit.
    pub half: Decimal,
    /// What it measures.
    pub dimension: Option<Dimension>,
    /// Its unit for people: "万元", "人", "%".
    pub unit: String,
    /// Where it stands.
    pub place: Place,
}

impl Figure {
    /// A cell of a form; `None` when the form has no such cell or no number is printed in it.
    pub fn cell(case: &Case<'_>, form: usize, path: &str) -> Option<Figure> {
        let stated = case.filing.forms.get(form)?.get(path)?;
        Figure::stated(stated, case.place(form, path))
    }

    /// A cell of a list.
    pub fn row(
        case: &Case<'_>,
        form: usize,
        list: &str,
        row: usize,
        column: &str,
    ) -> Option<Figure> {
        let f = case.filing.forms.get(form)?;
        let stated = f.cell(list, f.rows(list).get(row)?, column)?;
        Figure::stated(stated, case.row_place(form, list, row, column))
    }

    /// A printed value at a place.
    pub fn stated(stated: &Stated, place: Place) -> Option<Figure> {
        let number = stated.number()?;
        let percent = matches!(stated.value.kind, jiheng_model::ValueKind::Percent(_));
        let unit = match (&stated.value.unit, percent) {
            (Some(unit), _) => Some(unit.clone()),
            (None, true) => Some(Unit::percent()),
            (None, false) => None,
        };
        Figure::new(number, unit, place)
    }

    /// A fact of the report.
    pub fn fact(case: &Case<'_>, fact: &Fact) -> Option<Figure> {
        Figure::new(fact.value, fact.unit.clone(), case.fact_place(fact))
    }

    /// A number with its printed unit at a place.
    pub fn new(number: Decimal, unit: Option<Unit>, place: Place) -> Option<Figure> {
        let half = Decimal::new(5, number.scale() + 1);
        let dimension = unit.as_ref().map(|u| u.dimension);
        let (value, half, unit) = match unit {
            Some(u) if u.dimension == Dimension::Money => {
                let wan = Unit::wan_yuan();
                (
                    u.convert(number, &wan)?,
                    u.convert(half, &wan)?,
                    wan.symbol.to_string(),
                )
            }
            Some(u) => (number, half, u.symbol.to_string()),
            None => (number, half, String::new()),
        };
        Some(Figure {
            value,
            half,
            dimension,
            unit,
            place,
        })
    }

    /// Both measure the same thing: equal dimensions, or one without a printed unit.
    pub fn comparable(&self, other: &Figure) -> bool {
        match (self.dimension, other.dimension) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    }

    /// The same number, printed perhaps with fewer places than the other.
    pub fn agrees(&self, other: &Figure) -> bool {
        if self.value == other.value {
            return true;
        }
        // "4063.1" or "0.41亿元" beside 4063.14 is the same figure, rounded.
        let coarser = self.half.max(other.half);
        self.half != other.half && (self.value - other.value).abs() <= coarser
    }

    /// The number as people read it, with its unit.
    pub fn shown(&self) -> String {
        format!(
            "{}{}{}",
            self.value.normalize_scale(self.half),
            if self.unit == "%" { "" } else { " " },
            self.unit
        )
        .trim_end()
        .to_string()
    }
}

trait NormalizeScale {
    fn normalize_scale(self, half: Decimal) -> Decimal;
}

impl NormalizeScale for Decimal {
    /// Converted numbers carry more places than were printed; those beyond the printed ones are zeros.
    fn normalize_scale(self, half: Decimal) -> Decimal {
        let places = half.normalize().scale().saturating_sub(1);
        let short = self.normalize();
        if short.scale() >= places {
            short
        } else {
            let mut s = short;
            s.rescale(places);
            s
        }
    }
}

/// Facts of an item that speak of the report's own year.
pub fn facts<'a>(case: &Case<'a>, item: &'a str) -> impl Iterator<Item = (usize, &'a Fact)> {
    let narrative = &case.filing.narrative;
    narrative
        .facts_of(item)
        .filter(move |(_, f)| current(case, f))
}

/// The fact speaks of the report's own year, or of no year.
pub fn current(case: &Case<'_>, fact: &Fact) -> bool {
    fact.period.is_none() || fact.period == case.filing.narrative.year
}

/// The last fact of an item before fact `index` in its paragraph, else the first of the report.
pub fn nearest<'a>(case: &Case<'a>, item: &str, index: usize) -> Option<(usize, &'a Fact)> {
    let facts = &case.filing.narrative.facts;
    let own = facts.get(index)?;
    // "change.adjustment" asks for the amount by which something changed.
    let change = item.contains("change.");
    let role = |f: &Fact| match f.role {
        FactRole::Change => {
            change
                && f.unit
                    .as_ref()
                    .is_some_and(|u| u.dimension != Dimension::Ratio)
        }
        _ => !change,
    };
    let of = |f: &Fact| f.item.as_deref() == Some(item) && role(f) && current(case, f);
    let before = facts.get(..index)?.iter().enumerate().rev();
    before
        .take_while(|(_, f)| same_line(f, own))
        .find(|(_, f)| of(f))
        .or_else(|| facts.iter().enumerate().find(|(_, f)| of(f)))
}

/// Both stand in one paragraph.
pub fn same_line(a: &Fact, b: &Fact) -> bool {
    line(a) == line(b)
}

/// The paragraph or cell a fact stands in.
pub fn line(fact: &Fact) -> jiheng_model::Origin {
    use jiheng_model::origin::At;
    let at = match fact.origin.at {
        At::Cell {
            table, row, col, ..
        } => At::Cell {
            table,
            row,
            col,
            chars: None,
        },
        At::Text { paragraph, .. } => At::Text {
            paragraph,
            chars: (0, 0),
        },
    };
    jiheng_model::Origin {
        file: fact.origin.file,
        at,
    }
}

/// The cells of the forms that say the same as an item of the report.
pub fn cells(case: &Case<'_>, item: &str) -> Vec<Figure> {
    paths(case, item)
        .filter_map(|(form, path)| Figure::cell(case, form, path))
        .collect()
}

/// Forms and paths of the dictionary for an item, of the forms the package has.
pub fn paths<'a>(case: &Case<'a>, item: &str) -> impl Iterator<Item = (usize, &'a str)> {
    let case = *case;
    case.rulebook
        .dictionary("item_fields")
        .and_then(|d| d.get(item))
        .into_iter()
        .flatten()
        .filter_map(move |field| {
            let (kind, path) = field.split_once('.')?;
            let (form, _) = case.one(kind)?;
            Some((form, path))
        })
}

/// The number of an item: as the report has it near fact `index`, else as a form has it.
pub fn figure_of(case: &Case<'_>, item: &str, index: usize) -> Option<Figure> {
    nearest(case, item, index)
        .and_then(|(_, f)| Figure::fact(case, f))
        .or_else(|| cells(case, item).into_iter().next())
}

/// Compares two copies of one figure. True when they agree.
pub fn same(report: &mut Report<'_>, one: &Figure, other: &Figure, message: String) -> bool {
    report.checked();
    if one.agrees(other) {
        report.holds([one.place.origin, other.place.origin]);
        return true;
    }
    let gap = (one.value - other.value).abs();
    let (high, low) = if one.value > other.value {
        (one, other)
    } else {
        (other, one)
    };
    let draft = report.find(message, one.place.clone());
    draft
        .against(other.place.clone())
        .derivation(format!(
            "{} − {} = {}",
            high.value,
            low.value,
            gap.normalize()
        ))
        .arg("gap", gap.normalize());
    draft.identity = true;
    false
}

/// What a sum, rate or difference came to beside its printed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Equal.
    Equal,
    /// Within what rounding of the parts explains.
    Rounded,
    /// Different.
    Different,
}

/// Compares a printed figure with its recomputed value: equal, within `tolerance`, or different.
pub fn against(printed: &Figure, computed: Decimal, tolerance: Decimal) -> Outcome {
    let gap = (printed.value - computed).abs();
    if gap.is_zero() {
        Outcome::Equal
    } else if gap <= tolerance {
        Outcome::Rounded
    } else {
        Outcome::Different
    }
}

/// Reports a recomputed figure that differs: the printed figure first, its parts after it.
pub fn recomputed<'r>(
    report: &'r mut Report<'_>,
    severity: Severity,
    message: String,
    printed: &Figure,
    parts: &[Figure],
    computed: impl ToString,
    derivation: String,
) -> &'r mut Draft {
    let draft = report.find_as(severity, message, printed.place.clone());
    for part in parts {
        draft.against(part.place.clone());
    }
    draft.computed(computed).derivation(derivation);
    draft.identity = true;
    draft
}
