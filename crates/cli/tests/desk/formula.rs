//! The text of a workbook's formula and the values of its cells come in; its exact result goes out.
//!
//! Only what our workbooks write is understood: `+ - * / ( )`, SUM, MIN, ROUND, COUNT, `""`, and IF
//! of `a=b` or `AND(ISNUMBER(…),…)`. It stands for the spreadsheet program with which a clerk works.

use jiheng_model::Decimal;
use rust_decimal::RoundingStrategy;

/// What a formula or a part of it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A number.
    Number(Decimal),
    /// `""` or a blank cell.
    Blank,
    /// Division by nothing, overflow, a word where a number is needed.
    Error,
}

/// Evaluates a formula without its `=`; `cell` gives the number in a cell by row and column from 0.
pub fn evaluate(formula: &str, cell: &dyn Fn(u32, u16) -> Option<Decimal>) -> Outcome {
    let mut parser = Parser {
        rest: formula.as_bytes(),
        cell,
        depth: 0,
    };
    let outcome = parser.sum();
    match parser.rest.is_empty() {
        true => outcome,
        false => Outcome::Error,
    }
}

/// Formulas nest no deeper.
const DEPTH: usize = 40;

struct Parser<'a> {
    rest: &'a [u8],
    cell: &'a dyn Fn(u32, u16) -> Option<Decimal>,
    depth: usize,
}

impl Parser<'_> {
    fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text.as_bytes()) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> Outcome {
        let mut left = self.product();
        loop {
            let minus = match self.rest.first() {
                Some(b'+') => false,
                Some(b'-') => true,
                _ => return left,
            };
            self.rest = &self.rest[1..];
            let right = self.product();
            left = join(left, right, |a, b| match minus {
                true => a.checked_sub(b),
                false => a.checked_add(b),
            });
        }
    }

    fn product(&mut self) -> Outcome {
        let mut left = self.part();
        loop {
            let over = match self.rest.first() {
                Some(b'*') => false,
                Some(b'/') => true,
                _ => return left,
            };
            self.rest = &self.rest[1..];
            let right = self.part();
            left = join(left, right, |a, b| match over {
                true => a.checked_div(b),
                false => a.checked_mul(b),
            });
        }
    }

    fn part(&mut self) -> Outcome {
        self.depth += 1;
        let outcome = match self.depth > DEPTH {
            true => Outcome::Error,
            false => self.part_within(),
        };
        self.depth -= 1;
        outcome
    }

    fn part_within(&mut self) -> Outcome {
        if self.eat("\"\"") {
            return Outcome::Blank;
        }
        if self.eat("(") {
            let inner = self.sum();
            return self.close(inner);
        }
        if self.eat("SUM(") {
            let total = self
                .numbers()
                .into_iter()
                .try_fold(Decimal::ZERO, Decimal::checked_add);
            let total = total.map_or(Outcome::Error, Outcome::Number);
            return self.close(total);
        }
        if self.eat("COUNT(") {
            let count = self.numbers().len();
            return self.close(Outcome::Number(Decimal::from(count as u64)));
        }
        if self.eat("MIN(") {
            let (a, b) = self.two();
            let least = join(a, b, |a, b| Some(a.min(b)));
            return self.close(least);
        }
        if self.eat("ROUND(") {
            let (a, places) = self.two();
            let rounded = join(a, places, |a, places| {
                let places = u32::try_from(places).ok()?;
                let away = RoundingStrategy::MidpointAwayFromZero;
                Some(a.round_dp_with_strategy(places.min(20), away))
            });
            return self.close(rounded);
        }
        if self.eat("IF(") {
            let holds = self.condition();
            let comma = self.eat(",");
            let (then, otherwise) = self.two();
            let outcome = match holds.filter(|_| comma) {
                None => Outcome::Error,
                Some(true) => then,
                Some(false) => otherwise,
            };
            return self.close(outcome);
        }
        if let Some((row, col)) = self.reference() {
            return (self.cell)(row, col).map_or(Outcome::Blank, Outcome::Number);
        }
        self.number()
    }

    /// `a=b`, or that all these cells hold numbers.
    fn condition(&mut self) -> Option<bool> {
        if self.eat("AND(") {
            let mut all = true;
            while self.eat("ISNUMBER(") {
                let (row, col) = self.reference()?;
                all &= (self.cell)(row, col).is_some();
                if !self.eat("),") {
                    return self.eat("))").then_some(all);
                }
            }
            return None;
        }
        let left = self.sum();
        let equal = self.eat("=");
        let right = self.sum();
        equal.then_some(left == right)
    }

    fn close(&mut self, outcome: Outcome) -> Outcome {
        match self.eat(")") {
            true => outcome,
            false => Outcome::Error,
        }
    }

    fn two(&mut self) -> (Outcome, Outcome) {
        let first = self.sum();
        match self.eat(",") {
            true => (first, self.sum()),
            false => (Outcome::Error, Outcome::Error),
        }
    }

    /// The numbers in references and ranges separated by commas.
    fn numbers(&mut self) -> Vec<Decimal> {
        let mut numbers = Vec::new();
        while let Some(from) = self.reference() {
            let to = match self.eat(":") {
                true => self.reference().unwrap_or(from),
                false => from,
            };
            for row in from.0..=to.0 {
                numbers.extend((from.1..=to.1).filter_map(|col| (self.cell)(row, col)));
            }
            if !self.eat(",") {
                break;
            }
        }
        numbers
    }

    fn reference(&mut self) -> Option<(u32, u16)> {
        let letters = self
            .rest
            .iter()
            .take_while(|b| b.is_ascii_uppercase())
            .count();
        let digits = self.rest.get(letters..)?;
        let length = digits.iter().take_while(|b| b.is_ascii_digit()).count();
        if letters == 0 || letters > 2 || length == 0 || length > 7 {
            return None;
        }
        let col = self.rest[..letters]
            .iter()
            .fold(0u16, |n, b| n * 26 + u16::from(b - b'A') + 1);
        let row: u32 = std::str::from_utf8(&digits[..length]).ok()?.parse().ok()?;
        self.rest = &digits[length..];
        Some((row.checked_sub(1)?, col.checked_sub(1)?))
    }

    fn number(&mut self) -> Outcome {
        let digits = self
            .rest
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'.');
        let (number, rest) = self.rest.split_at(digits.count());
        self.rest = rest;
        let number = std::str::from_utf8(number).ok();
        let number = number.and_then(|n| Decimal::from_str_exact(n).ok());
        number.map_or(Outcome::Error, Outcome::Number)
    }
}

/// Two parts together; a blank cell counts as nothing in a sum, as in a workbook.
fn join(a: Outcome, b: Outcome, of: impl Fn(Decimal, Decimal) -> Option<Decimal>) -> Outcome {
    let number = |outcome| match outcome {
        Outcome::Number(n) => Some(n),
        Outcome::Blank => Some(Decimal::ZERO),
        Outcome::Error => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => of(a, b).map_or(Outcome::Error, Outcome::Number),
        _ => Outcome::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_rates_and_guards_come_out_exactly() {
        let cell = |row: u32, col: u16| match (row, col) {
            (0, 0) => Some(Decimal::new(485, 2)),
            (0, 1) => Some(Decimal::new(271, 2)),
            (2, 1) => Some(Decimal::from(3)),
            _ => None,
        };
        let number = |n: i64, scale| Outcome::Number(Decimal::new(n, scale));
        for (formula, outcome) in [
            ("A1+B1", number(756, 2)),
            ("SUM(A1:B3)+2*3", number(1656, 2)),
            ("IF(COUNT(A2:B2)=0,\"\",SUM(A2:B2))", Outcome::Blank),
            (
                "IF(AND(ISNUMBER(A1),ISNUMBER(B1)),IF(B1=0,\"\",ROUND(A1/B1,4)),\"\")",
                number(17897, 4),
            ),
            ("IF(AND(ISNUMBER(A1),ISNUMBER(B2)),1,\"\")", Outcome::Blank),
            ("MIN(A1/B1,1)*10", number(10, 0)),
            ("A1+", Outcome::Error),
            ("FOO(A1)", Outcome::Error),
            ("((((", Outcome::Error),
        ] {
            assert_eq!(evaluate(formula, &cell), outcome, "{formula}");
        }
    }
}
