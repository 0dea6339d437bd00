//! Rows of totals come in; the sums of points and scores and the grade go out.

use super::{Filler, Head, Place};
use crate::recognize::keys::{self, Found, Sheet, any};
use crate::recognize::place;
use jiheng_model::Recognised;
use jiheng_model::form::{FieldType, ListLayout, Role, Slot};
use jiheng_model::parse::parse_as;
use std::ops::Range;

impl Filler {
    /// Is a row of the list a row of its totals? Its first cell is a label of totals, or that of the score
    /// ("自评得分 96.75"), with a number behind it.
    pub(super) fn is_total(
        &self,
        sheet: &Sheet<'_>,
        own: Range<u32>,
        first: u32,
        found: &Found<'_>,
        list: u16,
    ) -> bool {
        let score = (self.def.lists.get(list as usize)).and_then(|l| l.slot("score"));
        let cell = sheet.cell(first);
        let name_from = self.heads.iter().map(|h| h.from).min().unwrap_or(1);
        if cell.col > name_from {
            return false;
        }
        let behind = found.colons.map(|n| {
            let raw = sheet.raw(cell);
            let range = keys::after_colon(raw, n);
            (
                range.is_empty(),
                parse_as(raw.get(range).unwrap_or(""), FieldType::Points, None),
            )
        });
        if any(found.senses, |r| r == Role::Total { list }) {
            return behind.is_none_or(|(empty, value)| empty || value.number().is_some());
        }
        let scored = any(
            found.senses,
            |r| matches!(r, Role::Head { list: l, slot } if l == list && Some(slot) == score),
        );
        let labels = own.clone().filter(|i| {
            sheet.find(&self.def, *i).is_some_and(|f| {
                any(f.senses, |r| {
                    matches!(r, Role::Head { .. } | Role::Col { .. })
                })
            })
        });
        let numbers = own
            .clone()
            .filter(|i| *i != first && self.is_number(sheet, *i));
        scored && behind.is_none() && labels.count() == 1 && numbers.count() >= 1
    }

    fn is_number(&self, sheet: &Sheet<'_>, index: u32) -> bool {
        parse_as(sheet.raw(sheet.cell(index)), FieldType::Points, None)
            .number()
            .is_some()
    }

    pub(super) fn total_row(&mut self, sheet: &Sheet<'_>, own: Range<u32>, label: u32, list: u16) {
        let def = self.def.clone();
        let Some(layout) = def.recognition.lists.get(list as usize) else {
            return;
        };
        let score = (def.lists.get(list as usize)).and_then(|l| l.slot("score"));
        let score = layout
            .totals
            .iter()
            .find(|(column, _)| Some(*column) == score);
        let row = sheet.cell(label).row;
        let mut seen = vec![label];
        let mut missing = false;
        let inside = self.total_inside(sheet, label, score.map(|(_, field)| *field));
        let headed: Vec<(Slot, Slot, Option<Head>)> = layout
            .totals
            .iter()
            .map(|(column, field)| {
                let head = self.heads.iter().find(|h| h.target == *column).copied();
                (*column, *field, head)
            })
            .collect();
        for (_, field, head) in headed.iter().filter(|_| !inside) {
            let Some(head) = *head else { continue };
            // Words under a head of points are the grade or another label.
            let under = self.under(sheet, row, head, &seen);
            match under.filter(|i| sheet.is_blank(*i) || self.is_number(sheet, *i)) {
                Some(index) => {
                    seen.push(index);
                    let stated = self.stated(sheet, index, FieldType::Points, None, head.how);
                    self.set(*field, stated);
                }
                None => missing = true,
            }
        }
        let one = self
            .one_number(sheet, own.clone(), label)
            .filter(|i| !seen.contains(i));
        if let (Some(index), Some((_, field))) = (one, score)
            && !inside
        {
            // One number alone is the score.
            seen.push(index);
            let stated = self.stated(sheet, index, FieldType::Points, None, Recognised::Position);
            self.set(*field, stated);
        } else if (missing || seen.len() == 1) && !inside {
            // The label reaches over the columns: the numbers follow in the order of the columns.
            let rest: Vec<u32> = own
                .clone()
                .filter(|i| *i != label && (sheet.is_blank(*i) || self.is_number(sheet, *i)))
                .collect();
            let none = headed.iter().all(|(_, _, head)| head.is_none());
            let fields = headed.iter().filter(|(_, _, head)| none || head.is_some());
            for ((_, field, _), index) in fields.zip(rest) {
                seen.push(index);
                let stated =
                    self.stated(sheet, index, FieldType::Points, None, Recognised::Position);
                self.form.values[*field as usize] = Some(stated);
            }
        }
        self.total_words(sheet, own, label, &seen, (layout, inside));
        self.place = Place::After(list);
        self.started = true;
    }

    /// The only number of a row besides its label.
    fn one_number(&self, sheet: &Sheet<'_>, own: Range<u32>, label: u32) -> Option<u32> {
        let mut numbers = own.filter(|i| *i != label && self.is_number(sheet, *i));
        let first = numbers.next()?;
        numbers.next().is_none().then_some(first)
    }

    /// "自评总分：99.8分": the score stands behind its label.
    fn total_inside(&mut self, sheet: &Sheet<'_>, label: u32, field: Option<Slot>) -> bool {
        let cell = sheet.cell(label);
        let raw = sheet.raw(cell);
        let Some(field) = field.filter(|_| raw.contains([':', '：'])) else {
            return false;
        };
        let range = keys::after_colon(raw, 1);
        let stated = self.part(
            sheet,
            cell,
            &range,
            FieldType::Points,
            None,
            Recognised::Exact,
        );
        let numeric = stated.value.number().is_some();
        if numeric {
            self.set(field, stated);
        }
        numeric
    }

    /// "自评总分" beside other fields at the top of the form.
    pub(super) fn total_in_head(&mut self, sheet: &Sheet<'_>, index: u32, list: u16) {
        let def = self.def.clone();
        let (Some(layout), Some(score)) = (
            def.recognition.lists.get(list as usize),
            def.lists.get(list as usize).and_then(|l| l.slot("score")),
        ) else {
            return;
        };
        let field = layout.totals.iter().find(|(column, _)| *column == score);
        if let (Some((_, field)), Some(value)) = (field, self.right_of(sheet, index)) {
            let stated = self.stated(sheet, value, FieldType::Points, None, Recognised::Synonym);
            if stated.value.number().is_some() {
                self.set(*field, stated);
            }
        }
    }

    /// What else the row of totals says: points in the label's brackets ("合计（100分）"), the grade in another cell.
    fn total_words(
        &mut self,
        sheet: &Sheet<'_>,
        own: Range<u32>,
        label: u32,
        seen: &[u32],
        (layout, inside): (&ListLayout, bool),
    ) {
        let cell = sheet.cell(label);
        let points = layout.totals.iter().find(|(column, _)| {
            layout.held.iter().any(|(_, held)| held == column)
                && !self.heads.iter().any(|h| h.target == *column)
        });
        if let (Some((_, field)), Some((number, _)), false) =
            (points, place::level_points(sheet.raw(cell)), inside)
        {
            let stated = self.part(
                sheet,
                cell,
                &place::without_points(&number),
                FieldType::Points,
                None,
                Recognised::Position,
            );
            self.set(*field, stated);
        }
        let Some(field) = layout.total_words else {
            return;
        };
        let words: Vec<u32> = own
            .filter(|i| *i != label && !seen.contains(i) && !sheet.is_blank(*i))
            .filter(|i| {
                let key = sheet.key(*i);
                !key.is_empty() && !key.contains(|c: char| c.is_ascii_digit())
            })
            .collect();
        // "自评等级 优": a longer word before the grade is its label.
        let word = match words.as_slice() {
            [one, next, ..] if sheet.key(*next).len() < sheet.key(*one).len() => Some(*next),
            [one, ..] => Some(*one),
            [] => None,
        };
        if let Some(index) = word {
            let stated = self.stated(sheet, index, FieldType::Text, None, Recognised::Position);
            self.set(field, stated);
        }
    }
}
