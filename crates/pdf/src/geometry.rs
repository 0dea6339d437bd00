//! Numbers of a page come in; points, boxes and transforms in points, y downwards, go out.

/// An affine transform `[a b c d e f]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub(crate) const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `inner`, then `self`.
    pub(crate) fn after(&self, inner: &Matrix) -> Matrix {
        let (m, n) = (&self.0, &inner.0);
        Matrix([
            m[0] * n[0] + m[2] * n[1],
            m[1] * n[0] + m[3] * n[1],
            m[0] * n[2] + m[2] * n[3],
            m[1] * n[2] + m[3] * n[3],
            m[0] * n[4] + m[2] * n[5] + m[4],
            m[1] * n[4] + m[3] * n[5] + m[5],
        ])
    }

    pub(crate) fn shift(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    pub(crate) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
    }

    /// The length that the unit upwards gets.
    pub(crate) fn height(&self) -> f64 {
        self.0[2].hypot(self.0[3])
    }

    /// A width of a line under this transform, roughly.
    pub(crate) fn scale(&self) -> f64 {
        (self.0[0] * self.0[3] - self.0[1] * self.0[2]).abs().sqrt()
    }
}

/// A box with its sides parallel to the page's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

impl Area {
    pub(crate) const ALL: Area = Area {
        x0: f64::NEG_INFINITY,
        y0: f64::NEG_INFINITY,
        x1: f64::INFINITY,
        y1: f64::INFINITY,
    };

    /// The smallest box around points.
    pub(crate) fn around(points: &[(f64, f64)]) -> Area {
        let mut area = Area {
            x0: f64::INFINITY,
            y0: f64::INFINITY,
            x1: f64::NEG_INFINITY,
            y1: f64::NEG_INFINITY,
        };
        for &(x, y) in points {
            area.x0 = area.x0.min(x);
            area.y0 = area.y0.min(y);
            area.x1 = area.x1.max(x);
            area.y1 = area.y1.max(y);
        }
        area
    }

    pub(crate) fn within(&self, other: &Area) -> Area {
        Area {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    pub(crate) fn holds(&self, x: f64, y: f64) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.x1 < self.x0 || self.y1 < self.y0
    }
}

/// A character, or several that one code stands for, where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    pub text: Box<str>,
    /// Left end of its base line.
    pub x0: f64,
    /// Right end of its base line.
    pub x1: f64,
    /// Its base line.
    pub y: f64,
    /// Height of the type.
    pub size: f64,
    /// The point that says in which cell it stands.
    pub anchor: (f64, f64),
}

/// A horizontal (`along` is x) or vertical (`along` is y) ruling line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rule {
    /// The coordinate that all of it shares.
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// A page as the interpreter leaves it; its text runs from left to right.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub page: u32,
    pub width: f64,
    pub height: f64,
    pub glyphs: Vec<Glyph>,
    pub horizontal: Vec<Rule>,
    pub vertical: Vec<Rule>,
    /// Pictures of some size.
    pub pictures: usize,
    /// All its text is invisible.
    pub invisible: bool,
}
