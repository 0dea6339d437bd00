//! The tree of an expression, and the way back from the tree to the text.

use jiheng_model::Decimal;
use std::fmt;
use std::ops::Range;

/// An expression and the bytes of the text it was read from.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Bytes of the text.
    pub span: Range<usize>,
}

/// Kinds of expressions.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `100`, `0.5`
    Number(Decimal),
    /// `95%`; the number before the sign.
    Percent(Decimal),
    /// `"text"`
    Text(String),
    /// `true`, `false`
    Truth(bool),
    /// `three_publics.{col}`, `department.funds.total.outturn`, `param.execution_points`
    Name(String),
    /// `sum(projects.outturn)`
    Call(Call, Vec<Expr>),
    /// `-x`
    Minus(Box<Expr>),
    /// `not x`
    Not(Box<Expr>),
    /// `a + b`
    Binary(Operator, Box<Expr>, Box<Expr>),
}

/// The functions there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Sum over the rows of a list or over all forms of a kind.
    Sum,
    /// Number of rows or forms for which something is printed (or true).
    Count,
    /// The smallest of its arguments.
    Min,
    /// The largest of its arguments.
    Max,
    /// Without its sign.
    Abs,
    /// Rounded half up to so many digits.
    Round,
    /// A recomputed rate: compared within half a unit of the printed rate's last place.
    Rate,
    /// Shown as a percentage.
    Percent,
    /// The cell is there and blank.
    Blank,
    /// Something is printed that is not 不适用.
    Present,
}

/// Operators with two sides, from the loosest to the tightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Either side.
    Or,
    /// Both sides.
    And,
    /// A total and its parts, or a rate and its recomputation.
    Equal,
    /// Not equal.
    Differs,
    /// A copied figure.
    Is,
    /// Less.
    Less,
    /// Not more, beyond rounding.
    AtMost,
    /// More.
    More,
    /// Not less, beyond rounding.
    AtLeast,
    /// Sum.
    Plus,
    /// Difference.
    Minus,
    /// Product.
    Times,
    /// Quotient.
    Over,
}

impl Operator {
    /// How tightly it binds.
    pub fn power(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Plus | Operator::Minus => 5,
            Operator::Times | Operator::Over => 6,
            _ => 4,
        }
    }

    /// It says something about two values.
    pub fn compares(self) -> bool {
        self.power() == 4
    }

    /// As written.
    pub fn text(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::Equal => "==",
            Operator::Differs => "!=",
            Operator::Is => "is",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::More => ">",
            Operator::AtLeast => ">=",
            Operator::Plus => "+",
            Operator::Minus => "-",
            Operator::Times => "*",
            Operator::Over => "/",
        }
    }
}

/// Names of the functions.
const CALLS: &[(&str, Call)] = &[
    ("sum", Call::Sum),
    ("count", Call::Count),
    ("min", Call::Min),
    ("max", Call::Max),
    ("abs", Call::Abs),
    ("round", Call::Round),
    ("rate", Call::Rate),
    ("percent", Call::Percent),
    ("blank", Call::Blank),
    ("present", Call::Present),
];

impl Call {
    /// The function of this name.
    pub fn of(name: &str) -> Option<Call> {
        CALLS.iter().find(|c| c.0 == name).map(|c| c.1)
    }

    /// As written.
    pub fn text(self) -> &'static str {
        CALLS.iter().find(|c| c.1 == self).map_or("", |c| c.0)
    }

    /// All names, for messages.
    pub fn names() -> String {
        CALLS.iter().map(|c| c.0).collect::<Vec<_>>().join("、")
    }
}

impl PartialEq for Expr {
    /// Equal trees, wherever they were read from.
    fn eq(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Number(a), Kind::Number(b)) | (Kind::Percent(a), Kind::Percent(b)) => a == b,
            (Kind::Text(a), Kind::Text(b)) | (Kind::Name(a), Kind::Name(b)) => a == b,
            (Kind::Truth(a), Kind::Truth(b)) => a == b,
            (Kind::Call(f, a), Kind::Call(g, b)) => f == g && a == b,
            (Kind::Minus(a), Kind::Minus(b)) | (Kind::Not(a), Kind::Not(b)) => a == b,
            (Kind::Binary(o, a, b), Kind::Binary(p, c, d)) => o == p && a == c && b == d,
            _ => false,
        }
    }
}

/// How tightly the whole of an expression binds.
fn power(expr: &Expr) -> u8 {
    match &expr.kind {
        Kind::Binary(operator, ..) => operator.power(),
        Kind::Not(_) => 3,
        Kind::Minus(_) => 7,
        _ => 9,
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Writes `inner`, in brackets when it binds more loosely than `least`.
        fn within(f: &mut fmt::Formatter<'_>, inner: &Expr, least: u8) -> fmt::Result {
            if power(inner) < least {
                write!(f, "({inner})")
            } else {
                write!(f, "{inner}")
            }
        }
        match &self.kind {
            Kind::Number(n) => write!(f, "{n}"),
            Kind::Percent(n) => write!(f, "{n}%"),
            Kind::Text(t) => write!(f, "\"{}\"", t.replace('\\', "\\\\").replace('"', "\\\"")),
            Kind::Truth(t) => write!(f, "{t}"),
            Kind::Name(n) => write!(f, "{n}"),
            Kind::Call(call, arguments) => {
                write!(f, "{}(", call.text())?;
                for (i, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if i == 0 { "" } else { ", " })?;
                }
                write!(f, ")")
            }
            Kind::Minus(inner) => {
                write!(f, "-")?;
                within(f, inner, 7)
            }
            Kind::Not(inner) => {
                write!(f, "not ")?;
                within(f, inner, 3)
            }
            Kind::Binary(operator, left, right) => {
                let power = operator.power();
                // Comparisons do not chain; everything else leans to the left.
                within(
                    f,
                    left,
                    if operator.compares() {
                        power + 1
                    } else {
                        power
                    },
                )?;
                write!(f, " {} ", operator.text())?;
                within(f, right, power + 1)
            }
        }
    }
}
