//! The text of an expression comes in; its tree, or what is wrong with it and where, goes out.

use super::Trouble;
use super::ast::{Call, Expr, Kind, Operator};
use super::token::{Token, tokens};
use std::ops::Range;

/// Brackets and signs nested deeper than this are refused, so that no text exhausts the stack.
const DEPTH: usize = 60;

/// Reads a whole expression.
///
/// # Errors
/// K111 with the bytes that cannot be read.
pub fn parse(text: &str) -> Result<Expr, Trouble> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        end: text.len(),
        depth: 0,
    };
    let expr = parser.expr(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(Trouble::new("K111", "这里应是运算符或结尾", parser.span())),
    }
}

struct Parser<'a> {
    tokens: &'a [(Token, Range<usize>)],
    at: usize,
    end: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|t| &t.0)
    }

    /// The bytes of the next token; the end of the text when there is none.
    fn span(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(self.end..self.end, |t| t.1.clone())
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, sign: &str) -> Result<(), Trouble> {
        if self.sign(sign) {
            Ok(())
        } else {
            Err(Trouble::new(
                "K111",
                format!("这里应是“{sign}”"),
                self.span(),
            ))
        }
    }

    fn expr(&mut self, least: u8) -> Result<Expr, Trouble> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Trouble::new("K111", "括号套得太深", self.span()));
        }
        let mut left = self.operand()?;
        // Terms joined so far; long sums are fine, but the tree must not get too deep to walk.
        let mut joined = 0;
        while let Some(operator) = self.operator().filter(|o| o.power() >= least) {
            joined += 1;
            if joined > 4 * DEPTH {
                return Err(Trouble::new("K111", "算式太长", self.span()));
            }
            self.at += 1;
            let right = self.expr(operator.power() + 1)?;
            let span = left.span.start..right.span.end;
            left = Expr {
                kind: Kind::Binary(operator, Box::new(left), Box::new(right)),
                span,
            };
            if operator.compares() && self.operator().is_some_and(Operator::compares) {
                return Err(Trouble::new(
                    "K111",
                    "比较不能连写，用 and 分开",
                    self.span(),
                ));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<Operator> {
        Some(match self.peek()? {
            Token::Sign("==") => Operator::Equal,
            Token::Sign("!=") => Operator::Differs,
            Token::Sign("<") => Operator::Less,
            Token::Sign("<=") => Operator::AtMost,
            Token::Sign(">") => Operator::More,
            Token::Sign(">=") => Operator::AtLeast,
            Token::Sign("+") => Operator::Plus,
            Token::Sign("-") => Operator::Minus,
            Token::Sign("*") => Operator::Times,
            Token::Sign("/") => Operator::Over,
            Token::Name(n) if n == "is" => Operator::Is,
            Token::Name(n) if n == "and" => Operator::And,
            Token::Name(n) if n == "or" => Operator::Or,
            _ => return None,
        })
    }

    fn operand(&mut self) -> Result<Expr, Trouble> {
        let span = self.span();
        let Some(token) = self.peek().cloned() else {
            return Err(Trouble::new("K111", "算式不完整", span));
        };
        self.at += 1;
        let kind = match token {
            Token::Number(n) => Kind::Number(n),
            Token::Percent(n) => Kind::Percent(n),
            Token::Text(t) => Kind::Text(t),
            Token::Sign("(") => {
                let inner = self.expr(0)?;
                self.need(")")?;
                return Ok(inner);
            }
            Token::Sign("-") => Kind::Minus(Box::new(self.expr(7)?)),
            Token::Name(n) if n == "not" => Kind::Not(Box::new(self.expr(3)?)),
            Token::Name(n) if n == "true" || n == "false" => Kind::Truth(n == "true"),
            Token::Name(n) if matches!(n.as_str(), "and" | "or" | "is") => {
                return Err(Trouble::new("K111", format!("{n} 的左边没有内容"), span));
            }
            Token::Name(n) if self.sign("(") => return self.call(&n, span),
            Token::Name(n) => Kind::Name(n),
            Token::Sign(s) => return Err(Trouble::new("K111", format!("这里不应是“{s}”"), span)),
        };
        let end = self
            .tokens
            .get(self.at.saturating_sub(1))
            .map_or(span.end, |t| t.1.end);
        Ok(Expr {
            kind,
            span: span.start..end.max(span.end),
        })
    }

    fn call(&mut self, name: &str, span: Range<usize>) -> Result<Expr, Trouble> {
        let Some(call) = Call::of(name) else {
            return Err(Trouble::new(
                "K112",
                format!("没有函数 {name}，可用的有：{}", Call::names()),
                span,
            ));
        };
        let mut arguments = Vec::new();
        if !self.sign(")") {
            loop {
                arguments.push(self.expr(0)?);
                if !self.sign(",") {
                    break;
                }
            }
            self.need(")")?;
        }
        let end = self
            .tokens
            .get(self.at.saturating_sub(1))
            .map_or(span.end, |t| t.1.end);
        Ok(Expr {
            kind: Kind::Call(call, arguments),
            span: span.start..end,
        })
    }
}
