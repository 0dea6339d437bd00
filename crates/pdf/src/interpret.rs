//! A page comes in; its characters and ruling lines, where they stand, go out.
//!
//! Only what places text and lines is interpreted. Forms drawn inside forms are followed to a depth,
//! and every operator and character is counted against the limits, so that a file that draws itself
//! comes to an end.

use crate::Limits;
use crate::fonts::{Font, Tables};
use crate::geometry::{Area, Glyph, Matrix, Rule, Sheet};
use crate::streams::unpack;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::{Page, Resources};
use std::collections::HashMap;
use std::rc::Rc;

/// Forms in forms are followed to this depth.
const DEPTH: usize = 12;
/// Saved graphics states.
const SAVED: usize = 512;
/// Fonts of a file.
const FONTS: usize = 2000;
/// A filled shape not thicker than this is a ruling line, in points.
const THIN: f64 = 2.6;
/// A picture that covers this part of a page makes it a scanned one.
const PICTURE: f64 = 0.3;

/// What reading has cost so far.
pub(crate) struct Work {
    limits: Limits,
    operators: usize,
    glyphs: usize,
    bytes: usize,
    fonts: HashMap<(usize, usize), Rc<Font>>,
    tables: Tables,
    /// Characters without a meaning.
    pub unknown: usize,
    /// The first page with one.
    pub unknown_page: u32,
    out: bool,
}

impl Work {
    pub(crate) fn new(limits: &Limits) -> Work {
        Work {
            limits: *limits,
            operators: 0,
            glyphs: 0,
            bytes: 0,
            fonts: HashMap::new(),
            tables: Tables::default(),
            unknown: 0,
            unknown_page: 0,
            out: false,
        }
    }

    /// A limit ran out.
    pub(crate) fn exhausted(&self) -> bool {
        self.out
    }

    fn unpack(&mut self, stream: &Stream<'_>) -> Option<Vec<u8>> {
        let left = self.limits.total_bytes.saturating_sub(self.bytes);
        let data = unpack(stream, self.limits.stream_bytes.min(left));
        match &data {
            Some(data) => self.bytes += data.len(),
            None => self.out |= left < self.limits.stream_bytes,
        }
        data
    }

    fn font(&mut self, dict: &Dict<'_>) -> Option<Rc<Font>> {
        let key = (dict.data().as_ptr() as usize, dict.data().len());
        if let Some(font) = self.fonts.get(&key) {
            return Some(font.clone());
        }
        if self.fonts.len() >= FONTS {
            self.out = true;
            return None;
        }
        let font = Rc::new(Font::new(dict, &mut self.tables));
        self.fonts.insert(key, font.clone());
        Some(font)
    }
}

/// Interprets a page.
pub(crate) fn page(page: &Page<'_>, number: u32, work: &mut Work) -> Sheet {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let mut walk = Walk {
        work,
        number,
        state: State::new(Matrix(page.initial_transform(true).as_coeffs())),
        saved: Vec::new(),
        marks: Vec::new(),
        path: Vec::new(),
        clip_pending: false,
        line: Matrix::IDENTITY,
        text: Matrix::IDENTITY,
        area: Area {
            x0: -1.0,
            y0: -1.0,
            x1: width + 1.0,
            y1: height + 1.0,
        },
        letters: Vec::new(),
        rules: Vec::new(),
        pictures: 0,
    };
    for data in contents(page, walk.work) {
        walk.run(&data, page.resources(), 0);
    }
    let Walk {
        letters,
        rules,
        pictures,
        ..
    } = walk;
    turned(letters, &rules, pictures, number, width, height)
}

/// The page's streams, joined: an operator may begin in one and end in the next.
fn contents(page: &Page<'_>, work: &mut Work) -> Vec<Vec<u8>> {
    let raw = page.raw();
    if let Some(stream) = raw.get::<Stream<'_>>("Contents") {
        return work.unpack(&stream).into_iter().collect();
    }
    let mut joined = Vec::new();
    if let Some(list) = raw.get::<Array<'_>>("Contents") {
        for stream in list.iter::<Stream<'_>>() {
            if let Some(data) = work.unpack(&stream) {
                joined.extend_from_slice(&data);
                joined.push(b'\n');
            }
            if work.exhausted() {
                break;
            }
        }
    }
    vec![joined]
}

/// A character as it was shown: both ends of its base line.
struct Letter {
    text: Box<str>,
    from: (f64, f64),
    to: (f64, f64),
    size: f64,
    anchor: (f64, f64),
    invisible: bool,
}

/// The graphics state as far as it places text and lines.
#[derive(Clone)]
struct State {
    ctm: Matrix,
    clip: Area,
    font: Option<Rc<Font>>,
    size: f64,
    spacing: f64,
    word_spacing: f64,
    scaling: f64,
    leading: f64,
    rise: f64,
    mode: i64,
    line_width: f64,
    white_fill: bool,
    white_stroke: bool,
}

impl State {
    fn new(ctm: Matrix) -> State {
        State {
            ctm,
            clip: Area::ALL,
            font: None,
            size: 0.0,
            spacing: 0.0,
            word_spacing: 0.0,
            scaling: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            line_width: 1.0,
            white_fill: false,
            white_stroke: false,
        }
    }
}

/// A piece of marked content.
enum Mark {
    Plain,
    /// Header, footer or page number.
    Pagination,
    /// What the characters inside really say; taken by the first of them.
    Actual(Option<Box<str>>),
}

struct Walk<'w> {
    work: &'w mut Work,
    number: u32,
    state: State,
    saved: Vec<State>,
    marks: Vec<Mark>,
    /// Subpaths; whether one has a curve.
    path: Vec<(Vec<(f64, f64)>, bool)>,
    clip_pending: bool,
    line: Matrix,
    text: Matrix,
    area: Area,
    letters: Vec<Letter>,
    rules: Vec<((f64, f64), (f64, f64))>,
    pictures: usize,
}

impl Walk<'_> {
    fn run(&mut self, data: &[u8], resources: &Resources<'_>, depth: usize) {
        let mut operators = TypedIter::new(data);
        while let Some(op) = operators.next() {
            self.work.operators += 1;
            if self.work.operators > self.work.limits.operators
                || self.work.glyphs > self.work.limits.glyphs
            {
                self.work.out = true;
            }
            if self.work.out {
                return;
            }
            self.operator(&op, resources, depth);
        }
    }

    fn operator(&mut self, op: &Op<'_, '_>, resources: &Resources<'_>, depth: usize) {
        match op {
            Op::SaveState(_) if self.saved.len() < SAVED => self.saved.push(self.state.clone()),
            Op::RestoreState(_) => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            Op::Transform(t) => {
                let m = matrix([t.0, t.1, t.2, t.3, t.4, t.5]);
                self.state.ctm = self.state.ctm.after(&m);
            }
            Op::LineWidth(w) => self.state.line_width = w.0.as_f64(),
            Op::NonStrokeColorDeviceGray(g) => self.state.white_fill = g.0.as_f64() > 0.99,
            Op::StrokeColorDeviceGray(g) => self.state.white_stroke = g.0.as_f64() > 0.99,
            Op::NonStrokeColorDeviceRgb(c) => self.state.white_fill = white(&[c.0, c.1, c.2]),
            Op::StrokeColorDeviceRgb(c) => self.state.white_stroke = white(&[c.0, c.1, c.2]),
            Op::ColorSpaceNonStroke(_) | Op::NonStrokeColorCmyk(_) => self.state.white_fill = false,
            Op::ColorSpaceStroke(_) | Op::StrokeColorCmyk(_) => self.state.white_stroke = false,
            Op::NonStrokeColor(c) => self.state.white_fill = c.0.len() == 3 && white(&c.0),
            Op::StrokeColor(c) => self.state.white_stroke = c.0.len() == 3 && white(&c.0),

            Op::MoveTo(p) => {
                let point = self.point(p.0, p.1);
                self.path.push((vec![point], false));
            }
            Op::LineTo(p) => self.line_to(p.0, p.1),
            Op::CubicTo(p) => self.curve_to(p.4, p.5),
            Op::CubicStartTo(p) => self.curve_to(p.2, p.3),
            Op::CubicEndTo(p) => self.curve_to(p.2, p.3),
            Op::ClosePath(_) => self.close(),
            Op::RectPath(r) => self.rectangle(r.0, r.1, r.2, r.3),
            Op::StrokePath(_) => self.paint(true, false),
            Op::CloseAndStrokePath(_) => {
                self.close();
                self.paint(true, false);
            }
            Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_) => self.paint(false, true),
            Op::FillAndStrokeNonZero(_) | Op::FillAndStrokeEvenOdd(_) => self.paint(true, true),
            Op::CloseFillAndStrokeNonZero(_) | Op::CloseFillAndStrokeEvenOdd(_) => {
                self.close();
                self.paint(true, true);
            }
            Op::EndPath(_) => self.paint(false, false),
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.clip_pending = true,

            Op::XObject(x) => self.object(x.0, resources, depth),
            Op::InlineImage(_) => self.picture(),

            Op::CharacterSpacing(v) => self.state.spacing = v.0.as_f64(),
            Op::WordSpacing(v) => self.state.word_spacing = v.0.as_f64(),
            Op::HorizontalScaling(v) => self.state.scaling = v.0.as_f64() / 100.0,
            Op::TextLeading(v) => self.state.leading = v.0.as_f64(),
            Op::TextRise(v) => self.state.rise = v.0.as_f64(),
            Op::TextRenderingMode(v) => self.state.mode = v.0.as_i64(),
            Op::TextFont(f) => {
                self.state.size = f.1.as_f64();
                let dict = resources.get_font(f.0);
                self.state.font = dict.and_then(|d| self.work.font(&d));
            }
            Op::SetGraphicsState(name) => self.graphics_state(name.0, resources),
            Op::BeginText(_) => {
                self.line = Matrix::IDENTITY;
                self.text = Matrix::IDENTITY;
            }
            Op::NextLine(p) => self.next_line(p.0.as_f64(), p.1.as_f64()),
            Op::NextLineAndSetLeading(p) => {
                self.state.leading = -p.1.as_f64();
                self.next_line(p.0.as_f64(), p.1.as_f64());
            }
            Op::SetTextMatrix(m) => {
                self.line = matrix([m.0, m.1, m.2, m.3, m.4, m.5]);
                self.text = self.line;
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::ShowText(s) => self.show(s.0),
            Op::NextLineAndShowText(s) => {
                self.next_line(0.0, -self.state.leading);
                self.show(s.0);
            }
            Op::ShowTextWithParameters(s) => {
                self.state.word_spacing = s.0.as_f64();
                self.state.spacing = s.1.as_f64();
                self.next_line(0.0, -self.state.leading);
                self.show(s.2);
            }
            Op::ShowTexts(list) => {
                for item in list.0.iter::<Object<'_>>() {
                    match item {
                        Object::String(s) => self.show(&s),
                        Object::Number(n) => self.kern(n.as_f64()),
                        _ => {}
                    }
                }
            }

            Op::BeginMarkedContent(_) => self.mark(Mark::Plain),
            Op::BeginMarkedContentWithProperties(m) => {
                let mark = marked(m.0, m.1, resources);
                self.mark(mark);
            }
            Op::EndMarkedContent(_) => {
                self.marks.pop();
            }
            _ => {}
        }
    }

    fn graphics_state(&mut self, name: &Name<'_>, resources: &Resources<'_>) {
        let Some(dict) = resources.get_ext_g_state(name) else {
            return;
        };
        let Some(list) = dict.get::<Array<'_>>("Font") else {
            return;
        };
        let mut items = list.flex_iter();
        if let (Some(font), Some(size)) = (items.next::<Dict<'_>>(), items.next::<f64>()) {
            self.state.font = self.work.font(&font);
            self.state.size = size;
        }
    }

    // Paths

    fn point(&self, x: Number, y: Number) -> (f64, f64) {
        self.state.ctm.apply(x.as_f64(), y.as_f64())
    }

    fn line_to(&mut self, x: Number, y: Number) {
        let point = self.point(x, y);
        match self.path.last_mut() {
            Some((points, _)) => points.push(point),
            None => self.path.push((vec![point], false)),
        }
    }

    fn curve_to(&mut self, x: Number, y: Number) {
        self.line_to(x, y);
        if let Some((_, curved)) = self.path.last_mut() {
            *curved = true;
        }
    }

    fn close(&mut self) {
        if let Some((points, _)) = self.path.last_mut()
            && let Some(first) = points.first().copied()
        {
            points.push(first);
        }
    }

    fn rectangle(&mut self, x: Number, y: Number, w: Number, h: Number) {
        let (x, y, w, h) = (x.as_f64(), y.as_f64(), w.as_f64(), h.as_f64());
        let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
        let points = corners
            .iter()
            .map(|&(x, y)| self.state.ctm.apply(x, y))
            .collect();
        self.path.push((points, false));
    }

    /// Ends the path: what of it is a ruling line is kept, and a clip that waits for it is set.
    fn paint(&mut self, stroke: bool, fill: bool) {
        let path = std::mem::take(&mut self.path);
        let thin = self.state.line_width * self.state.ctm.scale() <= 2.0 * THIN;
        for (points, curved) in &path {
            if *curved {
                continue;
            }
            if stroke && thin && !self.state.white_stroke {
                for pair in points.windows(2) {
                    if let [a, b] = pair {
                        self.rule(*a, *b);
                    }
                }
            }
            if fill && !self.state.white_fill {
                self.bar(&Area::around(points));
            }
        }
        if std::mem::take(&mut self.clip_pending) {
            let points: Vec<(f64, f64)> = path.into_iter().flat_map(|(p, _)| p).collect();
            self.state.clip = self.state.clip.within(&Area::around(&points));
        }
    }

    /// A filled box: a ruling line when it is thin.
    fn bar(&mut self, area: &Area) {
        let (w, h) = (area.x1 - area.x0, area.y1 - area.y0);
        if h <= THIN && w > h && w > 1.5 {
            let y = (area.y0 + area.y1) / 2.0;
            self.rule((area.x0, y), (area.x1, y));
        } else if w <= THIN && h > w && h > 1.5 {
            let x = (area.x0 + area.x1) / 2.0;
            self.rule((x, area.y0), (x, area.y1));
        }
    }

    fn rule(&mut self, a: (f64, f64), b: (f64, f64)) {
        let clip = self.state.clip.within(&self.area);
        let grown = Area {
            x0: clip.x0 - 1.0,
            y0: clip.y0 - 1.0,
            x1: clip.x1 + 1.0,
            y1: clip.y1 + 1.0,
        };
        let line = Area::around(&[a, b]).within(&grown);
        if !line.is_empty() {
            self.rules.push(((line.x0, line.y0), (line.x1, line.y1)));
        }
    }

    // Forms and pictures

    fn object(&mut self, name: &Name<'_>, resources: &Resources<'_>, depth: usize) {
        let Some(stream) = resources.get_x_object(name) else {
            return;
        };
        let dict = stream.dict();
        match dict.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.picture(),
            Some(b"Form") => {
                if depth >= DEPTH {
                    return;
                }
                let Some(data) = self.work.unpack(&stream) else {
                    return;
                };
                let outer = self.state.clone();
                let saved = std::mem::take(&mut self.saved);
                let (line, text) = (self.line, self.text);
                if let Some(m) = dict.get::<[f64; 6]>("Matrix") {
                    self.state.ctm = self.state.ctm.after(&Matrix(m));
                }
                if let Some([x0, y0, x1, y1]) = dict.get::<[f64; 4]>("BBox") {
                    let corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)];
                    let corners = corners.map(|(x, y)| self.state.ctm.apply(x, y));
                    self.state.clip = self.state.clip.within(&Area::around(&corners));
                }
                let own = dict.get::<Dict<'_>>("Resources").map(Resources::new);
                self.run(&data, own.as_ref().unwrap_or(resources), depth + 1);
                self.state = outer;
                self.saved = saved;
                (self.line, self.text) = (line, text);
            }
            _ => {}
        }
    }

    fn picture(&mut self) {
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        let area = Area::around(&corners.map(|(x, y)| self.state.ctm.apply(x, y)));
        let shown = area.within(&self.area).within(&self.state.clip);
        if shown.is_empty() {
            return;
        }
        let of = |a: &Area| (a.x1 - a.x0) * (a.y1 - a.y0);
        if of(&shown) > PICTURE * of(&self.area) {
            self.pictures += 1;
        } else {
            self.bar(&shown);
        }
    }

    // Text

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = self.line.after(&Matrix::shift(x, y));
        self.text = self.line;
    }

    fn advance(&mut self, by: f64, vertical: bool) {
        let shift = match vertical {
            true => Matrix::shift(0.0, by),
            false => Matrix::shift(by, 0.0),
        };
        self.text = self.text.after(&shift);
    }

    fn kern(&mut self, thousandths: f64) {
        let by = -thousandths / 1000.0 * self.state.size;
        match self.state.font.as_ref().is_some_and(|f| f.vertical) {
            true => self.advance(by, true),
            false => self.advance(by * self.state.scaling, false),
        }
    }

    fn mark(&mut self, mark: Mark) {
        // What lies deeper is unbalanced or hostile; it is counted so that the ends still match.
        if self.marks.len() < 100_000 {
            self.marks.push(mark);
        }
    }

    fn show(&mut self, bytes: &[u8]) {
        let Some(font) = self.state.font.clone() else {
            return;
        };
        let size = self.state.size;
        let first = self.letters.len();
        let mut inside = false;
        let mut rest = bytes;
        while !rest.is_empty() {
            let shown = font.next(rest);
            rest = rest.get(shown.bytes..).unwrap_or_default();
            self.work.glyphs += 1;
            let matrix = self.state.ctm.after(&self.text);
            let spacing = self.state.spacing
                + if shown.is_space {
                    self.state.word_spacing
                } else {
                    0.0
                };
            let rise = self.state.rise;
            let height = (matrix.height() * size).abs();
            let (from, to) = match font.vertical {
                true => {
                    // The base line of a character that hangs from its top centre.
                    let half = size / 2.0;
                    let y = rise - 0.88 * size;
                    (matrix.apply(-half, y), matrix.apply(half, y))
                }
                false => (
                    matrix.apply(0.0, rise),
                    matrix.apply(shown.width * size * self.state.scaling, rise),
                ),
            };
            match font.vertical {
                true => self.advance(-size + spacing, true),
                false => {
                    let by = (shown.width * size + spacing) * self.state.scaling;
                    self.advance(by, false);
                }
            }
            inside |= self.letter(shown.text, from, to, height);
        }
        // A run no character of which can be seen is not there; of one that is cut off all is kept.
        if !inside {
            self.letters.truncate(first);
        }
    }

    /// Keeps a character; whether it can be seen.
    fn letter(
        &mut self,
        text: Option<Box<str>>,
        from: (f64, f64),
        to: (f64, f64),
        size: f64,
    ) -> bool {
        if self.marks.iter().any(|m| matches!(m, Mark::Pagination)) {
            return false;
        }
        let actual = self.marks.iter_mut().rev().find_map(|m| match m {
            Mark::Actual(text) => Some(text.take().unwrap_or_default()),
            _ => None,
        });
        let finite = [from.0, from.1, to.0, to.1, size]
            .iter()
            .all(|n| n.is_finite());
        // Half up the body of the character, across its base line.
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy).max(1e-6);
        let (cx, cy) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        let (cx, cy) = (
            cx + dy / length * 0.35 * size,
            cy - dx / length * 0.35 * size,
        );
        if !finite || !self.area.holds(cx, cy) {
            return false;
        }
        let Some(text) = actual.or(text) else {
            if self.work.unknown == 0 {
                self.work.unknown_page = self.number;
            }
            self.work.unknown += 1;
            return false;
        };
        let clip = self.state.clip;
        if clip.is_empty() {
            return false;
        }
        let inside = clip.holds(cx, cy);
        let anchor = (cx.clamp(clip.x0, clip.x1), cy.clamp(clip.y0, clip.y1));
        if !text.is_empty() {
            self.letters.push(Letter {
                text: plain(&text),
                from,
                to,
                size,
                anchor,
                invisible: matches!(self.state.mode, 3 | 7),
            });
        }
        inside
    }
}

/// Spaces of other widths as the usual one, no soft hyphens, ligatures as letters.
fn plain(text: &str) -> Box<str> {
    let ordinary = |c: char| !matches!(c, '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{202f}' | '\u{feff}' | '\u{fb00}'..='\u{fb04}' | '\0'..='\u{1f}');
    if text.chars().all(ordinary) {
        return text.into();
    }
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\t' => out.push(' '),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\0'..='\u{1f}' => {}
            'ﬀ' => out.push_str("ff"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            c => out.push(c),
        }
    }
    out.into_boxed_str()
}

fn matrix(n: [Number; 6]) -> Matrix {
    Matrix(n.map(|n| n.as_f64()))
}

fn white(components: &[Number]) -> bool {
    components.iter().all(|c| c.as_f64() > 0.99)
}

fn marked(tag: &Name<'_>, properties: &Object<'_>, resources: &Resources<'_>) -> Mark {
    let dict = match properties {
        Object::Dict(dict) => Some(dict.clone()),
        Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
        _ => None,
    };
    let Some(dict) = dict else {
        return Mark::Plain;
    };
    if **tag == *b"Artifact" && dict.get::<Name<'_>>("Type").as_deref() == Some(b"Pagination") {
        return Mark::Pagination;
    }
    let actual = dict.get::<hayro_syntax::object::String<'_>>("ActualText");
    match actual {
        Some(text) => Mark::Actual(Some(text_string(&text).into_boxed_str())),
        None => Mark::Plain,
    }
}

/// A text string of the file: UTF-16 with a mark, or Latin letters.
fn text_string(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xfe\xff") {
        Some(rest) => {
            let units = rest.chunks_exact(2).map(|p| match p {
                [high, low] => u16::from(*high) << 8 | u16::from(*low),
                _ => 0,
            });
            char::decode_utf16(units).filter_map(Result::ok).collect()
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A drawn line before it is turned: where it begins and ends.
type Stroke = ((f64, f64), (f64, f64));

/// Turns a page so that most of its text runs from left to right.
fn turned(
    letters: Vec<Letter>,
    rules: &[Stroke],
    pictures: usize,
    page: u32,
    width: f64,
    height: f64,
) -> Sheet {
    let invisible = !letters.is_empty() && letters.iter().all(|l| l.invisible);
    // Quarter turns clockwise of each character's base line; others lie askew, as watermarks do.
    let quarter = |l: &Letter| {
        let (dx, dy) = (l.to.0 - l.from.0, l.to.1 - l.from.1);
        let askew = dx.abs().min(dy.abs()) > 0.1 * dx.abs().max(dy.abs());
        match (askew, dx.abs() >= dy.abs(), dx >= 0.0, dy >= 0.0) {
            (true, ..) => None,
            (_, true, true, _) => Some(0_usize),
            (_, false, _, true) => Some(1),
            (_, true, false, _) => Some(2),
            (_, false, _, false) => Some(3),
        }
    };
    let mut counts = [0_usize; 4];
    for letter in &letters {
        if let Some(count) = quarter(letter).and_then(|q| counts.get_mut(q)) {
            *count += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let turn = counts.iter().position(|c| *c == most).unwrap_or(0);
    let back = |(x, y): (f64, f64)| match turn {
        1 => (y, width - x),
        2 => (width - x, height - y),
        3 => (height - y, x),
        _ => (x, y),
    };
    let (width, height) = match turn {
        1 | 3 => (height, width),
        _ => (width, height),
    };
    let mut sheet = Sheet {
        page,
        width,
        height,
        pictures,
        invisible,
        ..Sheet::default()
    };
    for letter in letters {
        if quarter(&letter).is_none() || (letter.invisible && !invisible) {
            continue;
        }
        let (from, to) = (back(letter.from), back(letter.to));
        sheet.glyphs.push(Glyph {
            text: letter.text,
            x0: from.0.min(to.0),
            x1: from.0.max(to.0),
            y: from.1,
            size: letter.size,
            anchor: back(letter.anchor),
        });
    }
    for (a, b) in rules {
        let (a, b) = (back(*a), back(*b));
        let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        if dy <= 0.7 && dx > dy {
            sheet.horizontal.push(Rule {
                at: (a.1 + b.1) / 2.0,
                from: a.0.min(b.0),
                to: a.0.max(b.0),
            });
        } else if dx <= 0.7 && dy > dx {
            sheet.vertical.push(Rule {
                at: (a.0 + b.0) / 2.0,
                from: a.1.min(b.1),
                to: a.1.max(b.1),
            });
        }
    }
    sheet
}
