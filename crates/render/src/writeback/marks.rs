//! Characters of a flow and markup to stand before or behind them come in; splices of the part go out.
//!
//! Runs are cut where markup must stand between two of their characters; both halves keep their properties.

use super::story::{Dialect, Flow, Paragraph, offset_of};
use jiheng_office::splice::Splice;
use jiheng_office::xml::{Token, Tokens};
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

/// What stands at one spot: ends of changes and of ranges first, then points, then beginnings of ranges and of changes.
#[derive(Debug, Default)]
struct Marks {
    closes: String,
    ends: String,
    points: String,
    starts: String,
    opens: String,
}

/// Markup collected for one part.
#[derive(Debug, Default)]
pub(super) struct Collected {
    marks: BTreeMap<Spot, Marks>,
    keep: BTreeSet<usize>,
    /// Spots around what is changed; nothing else may be cut between them.
    changed: Vec<(Spot, Spot)>,
    renamed: Vec<Splice>,
}

impl Collected {
    /// Markup that begins a range at a spot and that ends it at another.
    pub fn range(&mut self, start: Spot, end: Spot, begins: &str, ends: &str) {
        let (start, end) = (self.settle(start, true), self.settle(end, false));
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

    /// Changes the characters between two spots as a tracked change; the spots are those of [`Cutter::change`].
    pub fn change(&mut self, change: Change, begins: &str, ends: &str) {
        let Change {
            start,
            end,
            renamed,
        } = change;
        self.renamed.extend(renamed);
        self.keep.extend(start.keep.iter().chain(&end.keep));
        self.marks
            .entry(start.clone())
            .or_default()
            .opens
            .push_str(begins);
        self.marks
            .entry(end.clone())
            .or_default()
            .closes
            .push_str(ends);
        self.changed.push((start, end));
    }

    /// Whether a change would overlap one that was made.
    pub fn is_free(&self, change: &Change) -> bool {
        let apart =
            |(start, end): &(Spot, Spot)| change.end.at < start.at || end.at < change.start.at;
        self.changed.iter().all(apart)
    }

    /// A spot that does not cut what is changed.
    fn settle(&self, spot: Spot, begins: bool) -> Spot {
        for (start, end) in &self.changed {
            if (start.at..=end.at).contains(&spot.at) {
                let first = spot.at == start.at || (begins && spot.at < end.at);
                return if first { start.clone() } else { end.clone() };
            }
        }
        spot
    }

    /// The splices in the order of the part.
    pub fn splices(self) -> Vec<Splice> {
        let keep = self.keep.into_iter();
        let kept = keep.map(|at| Splice::at(at, " xml:space=\"preserve\""));
        let marked = self.marks.into_iter().map(|(spot, marks)| {
            let text = [
                spot.before.as_str(),
                &marks.closes,
                &marks.ends,
                &marks.points,
                &marks.starts,
                &marks.opens,
                &spot.behind,
            ]
            .concat();
            Splice::over(spot.at..spot.at + spot.over, text)
        });
        kept.chain(self.renamed).chain(marked).collect()
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

/// Characters that can be marked as deleted.
#[derive(Debug)]
pub(super) struct Change {
    start: Spot,
    end: Spot,
    renamed: Vec<Splice>,
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

    /// What marks characters `[from, to)` as deleted; `None` where they are more than plain text of runs.
    pub fn change(&self, chars: Range<usize>) -> Option<Change> {
        let inside =
            |p: &&super::story::Piece| p.chars.end > chars.start && p.chars.start < chars.end;
        let plain = self.flow.pieces.iter().filter(inside).all(|p| {
            let unit = &self.flow.units[p.unit];
            p.text.is_some() && unit.tag.is_some() && !unit.tracked
        });
        let (mut start, mut end) = self.around(chars).filter(|_| plain)?;
        let w = &self.dialect.prefix;
        let (text, deleted) = (format!("{w}t"), format!("{w}delText"));
        let allowed = |name: &[u8]| {
            let local = name.strip_prefix(w.as_bytes());
            matches!(
                local,
                Some(
                    b"r" | b"t"
                        | b"proofErr"
                        | b"bookmarkStart"
                        | b"bookmarkEnd"
                        | b"lastRenderedPageBreak"
                )
            )
        };
        let mut renamed = Vec::new();
        let mut tokens = Tokens::from(self.part, start.at);
        while tokens.offset() < end.at {
            let token = tokens.next()?;
            let from = tokens.range().start;
            match token {
                Token::Open(tag) if tag.name == format!("{w}rPr").as_bytes() => tokens.leave(&tag),
                Token::Open(tag) if allowed(tag.name) => {
                    if tag.name == text.as_bytes() {
                        let name = from + 1..from + 1 + text.len();
                        renamed.push(Splice::over(name, deleted.as_str()));
                    }
                }
                Token::Close(name) if allowed(name) => {
                    if name == text.as_bytes() {
                        let name = from + 2..from + 2 + text.len();
                        renamed.push(Splice::over(name, deleted.as_str()));
                    }
                }
                Token::Text(_) => {}
                _ => return None,
            }
        }
        let (open, close) = (format!("<{text} xml"), format!("</{text}>"));
        start.behind = start.behind.replace(&open, &format!("<{deleted} xml"));
        end.before = end.before.replace(&close, &format!("</{deleted}>"));
        (start.at < end.at).then_some(Change {
            start,
            end,
            renamed,
        })
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
