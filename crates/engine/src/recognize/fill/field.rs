//! Labels of single fields and running text at the foot come in; their values go out.

use super::Filler;
use crate::recognize::keys::{self, Found, Sheet, any};
use crate::recognize::place;
use jiheng_model::form::{FieldType, Role, Slot};
use jiheng_model::origin::At;
use jiheng_model::parse::parse_as;
use jiheng_model::{Origin, Recognised, Stated};
use std::ops::Range;

impl Filler {
    pub(super) fn field(
        &mut self,
        sheet: &Sheet<'_>,
        index: u32,
        found: &Found<'_>,
        slot: Slot,
        below: bool,
        how: Recognised,
    ) {
        let def = self.def.clone();
        let Some(field) = def.fields.get(slot as usize) else {
            return;
        };
        let cell = sheet.cell(index);
        self.labelled.push((slot, cell.col));
        let raw = sheet.raw(cell);
        let unit = match field.ty {
            FieldType::Money => Some(
                sheet
                    .unit(index, found)
                    .unwrap_or_else(|| self.money_unit()),
            ),
            FieldType::Area => sheet.unit(index, found),
            _ => None,
        };
        if let Some(colons) = found.colons {
            let range = keys::after_colon(raw, colons);
            if !range.is_empty() {
                let stated = self.part(sheet, cell, &range, field.ty, unit.as_ref(), how);
                self.set(slot, stated);
                return;
            }
        }
        let free = |at: Option<u32>| {
            at.filter(|i| {
                *i != index
                    && sheet
                        .find(&def, *i)
                        .is_none_or(|f| !any(f.senses, |r| !matches!(r, Role::Total { .. })))
            })
        };
        // "自评总分 99.1" under a label is a total with its number, no value of the label.
        let total = |i: u32| {
            let total = sheet
                .find(&def, i)
                .is_some_and(|f| any(f.senses, |r| matches!(r, Role::Total { .. })));
            let c = sheet.cell(i);
            total
                && sheet
                    .table
                    .index_at(c.row, c.col + c.col_span)
                    .is_some_and(|n| {
                        parse_as(sheet.raw(sheet.cell(n)), FieldType::Points, None)
                            .number()
                            .is_some()
                    })
        };
        let beside = sheet.table.index_at(cell.row, cell.col + cell.col_span);
        // "资金性质 一般公共预算": the name of a source is a value, where no amount follows it.
        let source = || {
            beside.filter(|i| {
                let c = sheet.cell(*i);
                let last = sheet.table.index_at(c.row, c.col + c.col_span).is_none();
                field.ty == FieldType::Text
                    && last
                    && sheet.find(&def, *i).is_some_and(|f| {
                        f.senses.iter().all(|s| matches!(s.role, Role::Row { .. }))
                    })
            })
        };
        let right = || free(beside).or_else(source);
        let under = || {
            free(sheet.table.index_at(cell.row + cell.row_span, cell.col)).filter(|i| !total(*i))
        };
        let value = if below {
            under().or_else(right)
        } else {
            right().or_else(|| {
                if raw.contains([':', '：']) {
                    None
                } else {
                    under()
                }
            })
        };
        match value {
            Some(value) => {
                let stated = self.stated(sheet, value, field.ty, unit.as_ref(), how);
                // The form's own label outweighs a synonym printed before it, and a blank cell one without any.
                let before = self.form.at(slot);
                let outweighs = before.is_some_and(|s| {
                    let better = stated.value.is_present() || s.value.is_blank();
                    s.how == Recognised::Synonym && better
                });
                if how == Recognised::Exact && outweighs {
                    self.form.values[slot as usize] = Some(stated);
                } else {
                    self.set(slot, stated);
                }
            }
            None => {
                let stated = self.part(
                    sheet,
                    cell,
                    &(raw.len()..raw.len()),
                    field.ty,
                    unit.as_ref(),
                    how,
                );
                self.set(slot, stated);
            }
        }
    }

    /// Reads "填表人：… 填报日期：…" in the cells of a row; false when there is nothing of the kind.
    pub(super) fn foot_row(&mut self, sheet: &Sheet<'_>, own: Range<u32>) -> bool {
        let mut any = false;
        for index in own {
            if sheet.is_blank(index) {
                continue;
            }
            let cell = sheet.cell(index);
            let raw = sheet.raw(cell);
            if raw.contains([':', '：']) {
                any |= self.foot(
                    raw,
                    |range| At::Cell {
                        table: sheet.table.number,
                        row: cell.row,
                        col: cell.col,
                        chars: Some(keys::chars(raw, range)),
                    },
                    sheet.file,
                );
            }
        }
        any
    }

    /// Reads a running text at the foot of the form; false when no label of the foot begins it.
    pub fn foot(&mut self, raw: &str, at: impl Fn(&Range<usize>) -> At, file: u16) -> bool {
        let def = self.def.clone();
        if !place::starts_with_label(&def, raw) {
            return false;
        }
        let found = place::foot(&def.recognition.inline, raw);
        self.running(found, raw, at, file);
        true
    }

    /// Reads a running text between title and table ("单位名称：… 评价年度：2022年").
    pub fn above(&mut self, raw: &str, at: impl Fn(&Range<usize>) -> At, file: u16) {
        if raw.contains([':', '：']) {
            let def = self.def.clone();
            let mut found = place::foot(&def.recognition.above, raw);
            for (_, range) in &mut found {
                // What stands behind a wide gap is no part of the value.
                let text = raw.get(range.clone()).unwrap_or("");
                let gaps = ["   ", "\u{3000}\u{3000}", "\t"];
                if let Some(gap) = gaps.iter().filter_map(|g| text.find(g)).min() {
                    range.end = range.start + gap;
                }
                // Nor what another label with its colon begins ("某县审计局 金额单位：元").
                let text = raw.get(range.clone()).unwrap_or("");
                if let Some(colon) = text.find([':', '：'])
                    && let Some(blank) = text[..colon].rfind(jiheng_model::label::is_blank)
                {
                    range.end = range.start + text[..blank].trim_end().len();
                }
            }
            // "申报单位：（盖章）" says where a seal belongs and nothing else.
            found.retain(|(_, range)| {
                let text = raw.get(range.clone()).unwrap_or("");
                !(text.is_empty() || text.starts_with(['(', '（']) && text.ends_with([')', '）']))
            });
            self.running(found, raw, at, file);
        }
    }

    fn running(
        &mut self,
        found: Vec<(Slot, Range<usize>)>,
        raw: &str,
        at: impl Fn(&Range<usize>) -> At,
        file: u16,
    ) {
        let def = self.def.clone();
        for (slot, range) in found {
            let text = &raw[range.clone()];
            let value = parse_as(text, def.fields[slot as usize].ty, None);
            self.set(
                slot,
                Stated {
                    text: text.to_string(),
                    value,
                    origin: Origin {
                        file,
                        at: at(&range),
                    },
                    how: Recognised::Exact,
                },
            );
        }
    }
}
