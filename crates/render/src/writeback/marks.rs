//! Characters of a flow and markup to stand before or behind them come in; splices of the part go out.
//!
//! Runs are cut where markup must stand between two of their characters; both halves keep their properties.

use super::story::{Dialect, Flow, Paragraph, offset_of};
use jiheng_office::splice::Splice;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A place in the part where markup may stand, once what must be closed there is closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    at: usize,
    /// Bytes that the markup replaces (the end of `<w:p/>`).
    over: usize,
    before: String,
    behind: String,
    /// The start tag that must now keep white space.
    keep: Option<usize>,
}

/// What stands at one spot: ends of ranges first, then points, then beginnings.
#[derive(Debug, Default)]
struct Marks {
    ends: String,
    points: String,
    starts: String,
}

/// Markup collected for one part.
#[derive(Debug, Default)]
pub(super) struct Collected {
    marks: BTreeMap<Spot, Marks>,
    keep: BTreeSet<usize>,
}

impl Collected {
    /// Markup that begins a range at a spot and that ends it at another.
    pub fn range(&mut self, start: Spot, end: Spot, begins: &str, ends: &str) {
        self.keep.extend(start.keep.iter().chain(&end.keep));
        if start == end {
            let marks = self.marks.entry(start).or_default();
            marks.points.push_str(begins);
            marks.points.push_str(ends);
            return;
        }
        self.marks.entry(start).or_default().starts.push_str(begins);
        self.marks.entry(end).or_default().ends.push_str(ends);
    }

    /// The splices in the order of the part.
    pub fn splices(self) -> Vec<Splice> {
        let keep = self.keep.into_iter();
        let kept = keep.map(|at| Splice::at(at, " xml:space=\"preserve\""));
        let marked = self.marks.into_iter().map(|(spot, marks)| {
            let text = [
                spot.before.as_str(),
                &marks.ends,
                &marks.points,
                &marks.starts,
                &spot.behind,
            ]
            .concat();
            Splice::over(spot.at..spot.at + spot.over, text)
        });
        kept.chain(marked).collect()
    }
}

fn plain(at: usize) -> Spot {
    Spot {
        at,
        over: 0,
        before: String::new(),
        behind: String::new(),
        keep: None,
    }
}

/// A flow with the part it lies in.
pub(super) struct Cutter<'a> {
    pub part: &'a [u8],
    pub dialect: &'a Dialect,
    pub flow: &'a Flow,
}

impl Cutter<'_> {
    /// The beginning and the end of everything in the flow; `None` when it holds no paragraph.
    pub fn whole(&self) -> Option<(Spot, Spot)> {
        let (first, last) = (self.flow.paragraphs.first()?, self.flow.paragraphs.last()?);
        Some((self.edge(first, false), self.edge(last, true)))
    }

    /// The spots around characters `[from, to)`; `None` when there are no such characters.
    pub fn around(&self, chars: Range<usize>) -> Option<(Spot, Spot)> {
        let first = self
            .flow
            .pieces
            .iter()
            .position(|p| p.chars.end > chars.start)?;
        let last = self
            .flow
            .pieces
            .iter()
            .rposition(|p| p.chars.start < chars.end)?;
        if last < first {
            return None;
        }
        Some((
            self.before(first, chars.start),
            self.behind(last, chars.end),
        ))
    }

    /// Run properties at the end of a range, for the mark that follows it.
    pub fn properties_before(&self, to: usize) -> &str {
        let piece = self.flow.pieces.iter().rev().find(|p| p.chars.start < to);
        let of_run = piece.and_then(|p| self.flow.units.get(p.unit)?.properties.clone());
        let range = match piece {
            Some(_) => of_run,
            None => self.flow.paragraphs.last().and_then(|p| p.mark.clone()),
        };
        let text = range.map_or("", |r| self.text(&r));
        // What is tracked of the mark of a paragraph cannot be said of a run.
        let tracked = ["ins ", "del ", "moveFrom ", "moveTo ", "rPrChange "];
        match tracked
            .iter()
            .any(|t| text.contains(&format!("<{}{t}", self.dialect.prefix)))
        {
            true => "",
            false => text,
        }
    }

    fn edge(&self, paragraph: &Paragraph, end: bool) -> Spot {
        match (paragraph.empty, end) {
            (true, _) => Spot {
                at: paragraph.tag.end - 2,
                over: 2,
                before: ">".into(),
                behind: format!("</{}p>", self.dialect.prefix),
                keep: None,
            },
            (false, false) => plain(paragraph.inside.start),
            (false, true) => plain(paragraph.inside.end),
        }
    }

    fn before(&self, index: usize, from: usize) -> Spot {
        let piece = &self.flow.pieces[index];
        if from > piece.chars.start
            && let Some(spot) = self.inside(index, from)
        {
            return spot;
        }
        let unit = &self.flow.units[piece.unit];
        let first = index == 0 || self.flow.pieces[index - 1].unit != piece.unit;
        match first || unit.tag.is_none() {
            true => plain(unit.range.start),
            false => self.between(index, piece.child.start),
        }
    }

    fn behind(&self, index: usize, to: usize) -> Spot {
        let piece = &self.flow.pieces[index];
        if to < piece.chars.end
            && let Some(spot) = self.inside(index, to)
        {
            return spot;
        }
        let unit = &self.flow.units[piece.unit];
        let next = self.flow.pieces.get(index + 1);
        let last = next.is_none_or(|n| n.unit != piece.unit);
        match last || unit.tag.is_none() {
            true => plain(unit.range.end),
            false => self.between(index, piece.child.end),
        }
    }

    /// Between two children of a run.
    fn between(&self, index: usize, at: usize) -> Spot {
        let (close, open) = self.halves(index);
        Spot {
            before: close,
            behind: open,
            ..plain(at)
        }
    }

    /// Between two characters of a text.
    fn inside(&self, index: usize, number: usize) -> Option<Spot> {
        let piece = &self.flow.pieces[index];
        let raw = piece.text.clone()?;
        let at = offset_of(self.part, &raw, number - piece.chars.start)?;
        let (close, open) = self.halves(index);
        let w = &self.dialect.prefix;
        let tag = self.text(&piece.tag);
        let left = self.text(&(raw.start..at));
        let preserves = tag.contains("xml:space");
        let ends_blank = left.ends_with([' ', '\t', '\n', '\r']);
        Some(Spot {
            at,
            over: 0,
            before: format!("</{w}t>{close}"),
            behind: format!("{open}<{w}t xml:space=\"preserve\">"),
            keep: (ends_blank && !preserves).then(|| piece.tag.end - 1),
        })
    }

    /// The end tag of a piece's run, and its start tag and properties again.
    fn halves(&self, index: usize) -> (String, String) {
        let unit = &self.flow.units[self.flow.pieces[index].unit];
        let part = |r: &Option<Range<usize>>| r.as_ref().map_or("", |r| self.text(r));
        (
            format!("</{}r>", self.dialect.prefix),
            format!("{}{}", part(&unit.tag), part(&unit.properties)),
        )
    }

    fn text(&self, range: &Range<usize>) -> &str {
        let bytes = self.part.get(range.clone()).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}
