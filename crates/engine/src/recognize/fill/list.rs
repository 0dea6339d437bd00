//! Heads and rows of lists (绩效指标) come in; rows with a value for each column go out.

use super::cells::{across, origin};
use super::{Filler, Head, Place};
use crate::recognize::keys::{Found, Sheet, any};
use crate::recognize::place;
use jiheng_model::form::{FieldType, Role, Row, Slot};
use jiheng_model::label::trim;
use jiheng_model::parse::parse_as;
use jiheng_model::{Origin, Recognised, Stated, Unrecognised};

impl Filler {
    pub(super) fn open_list(
        &mut self,
        sheet: &Sheet<'_>,
        row: u32,
        founds: &[(u32, Option<Found<'_>>)],
    ) {
        let def = self.def.clone();
        let mut votes = vec![0u32; def.lists.len()];
        for (_, f) in founds {
            for s in f.iter().flat_map(|f| f.senses) {
                if let Role::Head { list, .. } = s.role {
                    votes[list as usize] += 1;
                }
            }
        }
        let Some(list) = (0..votes.len())
            .max_by_key(|i| (votes[*i], std::cmp::Reverse(*i)))
            .map(|i| i as u16)
        else {
            return;
        };
        // A second row of heads under the first splits or explains some of its columns.
        let refines = self.place == Place::List(list)
            && self.head_row > 0
            && row == self.head_row + 1
            && across(sheet, row)
                .iter()
                .any(|i| sheet.cell(*i).row == self.head_row);
        if !refines {
            // Heads repeated on the next page: the levels of the last row go on.
            let levels = if self.place == Place::List(list) {
                std::mem::take(&mut self.levels)
            } else {
                Vec::new()
            };
            self.begin_heads(sheet, row);
            self.levels = levels;
        }
        let (Some(list_def), Some(layout)) = (
            def.lists.get(list as usize),
            def.recognition.lists.get(list as usize),
        ) else {
            return;
        };
        let mut unknown = Vec::new();
        // Cells of the row that are no heads of the list by their labels.
        let mut beside = Vec::new();
        let mut before: Option<Slot> = None;
        if !refines {
            self.aside.clear();
        }
        // Heads of the row above that reach into this one are heads of the same columns.
        let from_above = across(sheet, row)
            .into_iter()
            .filter(|i| !refines && sheet.cell(*i).row < row)
            .map(|i| (i, sheet.find(&def, i)))
            .filter(|(_, f)| {
                f.is_some_and(|f| {
                    any(
                        f.senses,
                        |r| matches!(r, Role::Head { list: l, .. } if l == list),
                    )
                })
            });
        let mut founds: Vec<(u32, Option<Found<'_>>)> =
            founds.iter().copied().chain(from_above).collect();
        founds.sort_by_key(|(i, _)| sheet.cell(*i).col);
        let founds = founds.as_slice();
        let halved = self.heads_of_the_year(sheet, list, founds);
        let founds = halved.as_deref().unwrap_or(founds);
        let only: Vec<Slot> = founds
            .iter()
            .filter_map(|(_, f)| only_slot(f, list))
            .collect();
        for (index, found) in founds {
            let cell = sheet.cell(*index);
            let (from, to) = (cell.col, cell.col + cell.col_span);
            let senses = found
                .iter()
                .flat_map(|f| f.senses)
                .filter_map(|s| match s.role {
                    Role::Head { list: l, slot } if l == list => Some((slot, s.own)),
                    _ => None,
                });
            let alone = only_slot(found, list).is_some();
            let mut chosen = None;
            for (slot, own) in senses {
                // "年度目标" beside "指标值": the label that means nothing else has the column.
                if !alone && only.contains(&slot) {
                    continue;
                }
                let taken = self
                    .heads
                    .iter()
                    .any(|h| h.target == slot && !(refines && h.from <= from && to <= h.to));
                // "一级指标 分值 二级指标 分值 三级指标 分值": the points of a level stand beside it.
                let points_of_level = layout
                    .levels
                    .iter()
                    .find(|(l, _)| Some(*l) == before)
                    .and_then(|(_, p)| *p);
                let points_again = points_of_level.filter(|_| {
                    list_def.columns[slot as usize].ty == FieldType::Points
                        && founds
                            .iter()
                            .filter(|(i, f)| {
                                i > index
                                    && f.is_some_and(|f| {
                                        any(f.senses, |r| r == Role::Head { list, slot })
                                    })
                            })
                            .count()
                            > 0
                });
                if let Some(points) = points_again {
                    chosen = Some((points, false));
                    break;
                }
                if !taken {
                    chosen = Some((slot, own));
                    break;
                }
            }
            match chosen {
                Some((slot, own)) => {
                    if refines {
                        self.heads
                            .retain(|h| !(h.from <= from && to <= h.to) || h.to <= from);
                    }
                    let from_right = self.columns_right_of(sheet, *index);
                    let own = own && found.is_some_and(|f| f.whole);
                    self.heads.push(Head {
                        from,
                        to,
                        target: slot,
                        from_right,
                        line: None,
                        how: match own {
                            true => Recognised::Exact,
                            false => Recognised::Synonym,
                        },
                    });
                    self.head_text(
                        sheet,
                        *index,
                        list_def.columns[slot as usize].path.clone(),
                        own,
                    );
                    before = Some(slot);
                }
                None => {
                    before = None;
                    beside.push(*index);
                    let block = found.is_some_and(|f| any(f.senses, |r| r == Role::Block));
                    if !block && !sheet.is_blank(*index) && !refines {
                        unknown.push(*index);
                    }
                }
            }
        }
        self.heads.sort_by_key(|h| h.from);
        if let Some(index) = self.name_between(sheet, list, &beside) {
            unknown.retain(|i| *i != index);
        }
        let first_head = self.heads.first().map_or(0, |h| h.from);
        for index in unknown {
            let cell = sheet.cell(index);
            // A side head to the left of all heads ("绩效指标" in other words) is no column.
            if cell.col >= first_head {
                let name = trim(sheet.raw(cell)).replace('\n', "");
                self.unrecognised.push(Unrecognised {
                    origin: origin(sheet, cell),
                    why: format!(
                        "{}有一列“{name}”，规程包里没有这个列名，这一列没有读入",
                        list_def.label
                    ),
                });
            }
        }
        self.place = Place::List(list);
    }

    /// A head in other words ("绩效指标") between the levels and the target is the head of the names.
    fn name_between(&mut self, sheet: &Sheet<'_>, list: u16, beside: &[u32]) -> Option<u32> {
        let def = self.def.clone();
        let list_def = def.lists.get(list as usize)?;
        let layout = def.recognition.lists.get(list as usize)?;
        let (name, target) = (list_def.slot("name")?, list_def.slot("target")?);
        let at = |slot: Slot| self.heads.iter().find(|h| h.target == slot);
        let levels = layout.levels.iter().filter_map(|(l, _)| at(*l));
        let from = levels.map(|h| h.to).max()?;
        let to = at(target)?.from;
        if at(name).is_some() {
            return None;
        }
        let mut between = beside.iter().copied().filter(|i| {
            let cell = sheet.cell(*i);
            cell.col >= from && cell.col + cell.col_span <= to && !sheet.is_blank(*i)
        });
        let (index, None) = (between.next()?, between.next()) else {
            return None;
        };
        let cell = sheet.cell(index);
        self.heads.push(Head {
            from: cell.col,
            to: cell.col + cell.col_span,
            target: name,
            from_right: self.columns_right_of(sheet, index),
            line: None,
            how: Recognised::Position,
        });
        self.heads.sort_by_key(|h| h.from);
        self.head_text(
            sheet,
            index,
            list_def.columns[name as usize].path.clone(),
            false,
        );
        Some(index)
    }

    pub(super) fn list_row(&mut self, sheet: &Sheet<'_>, row: u32, list: u16) {
        let def = self.def.clone();
        let (Some(list_def), Some(layout)) = (
            def.lists.get(list as usize),
            def.recognition.lists.get(list as usize),
        ) else {
            return;
        };
        let mut values: Vec<Option<Stated>> = vec![None; list_def.columns.len()];
        let mut seen: Vec<u32> = Vec::with_capacity(self.heads.len());
        let mut filled = false;
        for h in 0..self.heads.len() {
            let head = self.heads[h];
            let Some(index) = self.under(sheet, row, head, &seen) else {
                continue;
            };
            let cell = sheet.cell(index);
            let column = &list_def.columns[head.target as usize];
            let level = layout.levels.iter().find(|(l, _)| *l == head.target);
            if cell.row < row && level.is_none() && column.ty == FieldType::Points {
                // Points of a cell that reaches over several rows count once.
                let is_level = layout.levels.iter().any(|(_, p)| *p == Some(head.target));
                if !is_level {
                    continue;
                }
            }
            seen.push(index);
            let unit = (column.ty == FieldType::Money).then(|| self.money_unit());
            let mut stated = self.stated(sheet, index, column.ty, unit.as_ref(), head.how);
            // A row with nothing but the project's name or goal is no indicator.
            let carried = level.is_some_and(|(_, points)| points.is_none());
            filled |= cell.row == row && !carried && !stated.value.is_blank();
            if let Some((slot, points)) = level {
                let raw = sheet.raw(cell);
                let mut printed = None;
                if let (Some(points), Some((number, name))) = (points, place::level_points(raw)) {
                    let how = head.how;
                    let part = self.part(sheet, cell, &number, FieldType::Points, None, how);
                    stated = self.part(sheet, cell, &name, column.ty, None, how);
                    values[*points as usize] = Some(part.clone());
                    printed = Some(part);
                }
                if stated.value.is_blank() {
                    // An unmerged level cell is printed once and left blank below.
                    if let Some((_, last, points_before)) =
                        self.levels.iter().find(|(l, _, _)| l == slot)
                    {
                        stated = Stated {
                            how: Recognised::Position,
                            ..last.clone()
                        };
                        if let (Some(p), Some(before)) = (points, points_before) {
                            values[*p as usize] = Some(Stated {
                                how: Recognised::Position,
                                ..before.clone()
                            });
                        }
                    }
                } else {
                    // A new first level ends what the second level carried on.
                    let rank = layout
                        .levels
                        .iter()
                        .position(|(l, _)| l == slot)
                        .unwrap_or(0);
                    let changed = self
                        .levels
                        .iter()
                        .find(|(l, _, _)| l == slot)
                        .is_none_or(|(_, s, _)| s.origin != stated.origin);
                    if changed {
                        self.levels.retain(|(l, _, _)| {
                            layout
                                .levels
                                .iter()
                                .position(|(x, _)| x == l)
                                .is_some_and(|r| r < rank)
                        });
                        self.levels.push((*slot, stated.clone(), printed));
                    }
                }
            }
            values[head.target as usize] = Some(stated);
        }
        for (name, held) in &layout.held {
            self.held(sheet, &mut values, *name, *held);
        }
        self.row_aside(sheet, row, list);
        if !filled {
            return;
        }
        if let Some(joined) = layout.joined {
            self.join(&mut values, joined);
        }
        super::named::signed(list_def, &mut values);
        let from = sheet.own(row).next().map_or(1, |i| sheet.cell(i).col);
        self.form.lists[list as usize].push(Row {
            values,
            origin: Origin::cell(sheet.file, sheet.table.number, row, from),
        });
        self.started = true;
    }

    /// Points in the brackets of a name ("立项依据充分性（2分）") when no column holds them.
    fn held(&self, sheet: &Sheet<'_>, values: &mut [Option<Stated>], name: Slot, held: Slot) {
        if self.heads.iter().any(|h| h.target == held) {
            return;
        }
        let Some(Some(stated)) = values.get(name as usize) else {
            return;
        };
        let Some(index) = sheet.at(&stated.origin) else {
            return;
        };
        let cell = sheet.cell(index);
        let Some((number, bare)) = place::level_points(sheet.raw(cell)) else {
            return;
        };
        let how = Recognised::Position;
        let number = place::without_points(&number);
        let points = self.part(sheet, cell, &number, FieldType::Points, None, how);
        let bare = self.part(sheet, cell, &bare, FieldType::Text, None, stated.how);
        values[held as usize] = Some(points);
        values[name as usize] = Some(bare);
    }

    /// 指标性质 + 指标值 + 度量单位 → 年度指标值.
    pub(super) fn join(&self, values: &mut [Option<Stated>], joined: jiheng_model::form::Joined) {
        let get =
            |values: &[Option<Stated>], slot: Slot| values.get(slot as usize).cloned().flatten();
        let (operator, unit) = (get(values, joined.operator), get(values, joined.unit));
        if operator.is_none() && unit.is_none() {
            return;
        }
        let Some(value) = get(values, joined.whole) else {
            return;
        };
        let mut text = String::new();
        for part in [operator.as_ref(), Some(&value), unit.as_ref()]
            .into_iter()
            .flatten()
        {
            if part.value.is_present() {
                // "定性" says that no sign stands before the value; it is no part of it.
                if part.origin == value.origin
                    || !matches!(part.text.as_str(), "定性" | "定性指标" | "定量" | "其他")
                {
                    text.push_str(&part.text);
                }
            }
        }
        let whole = Stated {
            value: parse_as(&text, FieldType::Any, None),
            text,
            origin: value.origin,
            how: value.how,
        };
        if let Some(v) = values.get_mut(joined.value as usize) {
            *v = Some(value);
        }
        if let Some(v) = values.get_mut(joined.whole as usize) {
            *v = Some(whole);
        }
    }

    /// Is a row after the totals one more row of the list? It has a name and values under other heads.
    pub(super) fn goes_on(&self, sheet: &Sheet<'_>, row: u32, list: u16) -> bool {
        let Some(name) = self
            .def
            .lists
            .get(list as usize)
            .and_then(|l| l.slot("name"))
        else {
            return false;
        };
        let filled = |head: &Head| {
            self.under(sheet, row, *head, &[])
                .is_some_and(|i| sheet.cell(i).row == row && !sheet.is_blank(i))
        };
        let named = self.heads.iter().any(|h| h.target == name && filled(h));
        named && self.heads.iter().filter(|h| filled(h)).count() >= 4
    }
}

/// The one column of a list that a label can mean; `None` when it means several or none.
fn only_slot(found: &Option<Found<'_>>, list: u16) -> Option<Slot> {
    let mut slots = found
        .iter()
        .flat_map(|f| f.senses)
        .filter_map(|s| match s.role {
            Role::Head { list: l, slot } if l == list => Some(slot),
            _ => None,
        });
    let first = slots.next()?;
    slots.all(|s| s == first).then_some(first)
}
