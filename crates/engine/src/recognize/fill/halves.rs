//! Heads printed twice side by side, for the whole period (实施期) and for the year, come in; the year's go out and the others are kept aside.

use super::{Filler, Head};
use crate::recognize::keys::{Found, Sheet};
use jiheng_model::form::{FormDef, Role, Row, Slot};
use jiheng_model::{Origin, Recognised, Stated};

impl Filler {
    /// Reads the columns for the whole period that stand beside those for the year.
    pub(super) fn row_aside(&mut self, sheet: &Sheet<'_>, row: u32, list: u16) {
        let def = self.def.clone();
        let (false, Some(at)) = (self.aside.is_empty(), aside_list(&def, list)) else {
            return;
        };
        let columns = &def.lists[at].columns;
        let mut values: Vec<Option<Stated>> = vec![None; columns.len()];
        let mut filled = false;
        let heads = std::mem::replace(&mut self.heads, self.aside.clone());
        for head in self.aside.clone() {
            if let (Some(index), Some(column)) = (
                self.under(sheet, row, head, &[]),
                columns.get(head.target as usize),
            ) {
                let stated = self.stated(sheet, index, column.ty, None, Recognised::Exact);
                filled |= sheet.cell(index).row == row && !stated.value.is_blank();
                values[head.target as usize] = Some(stated);
            }
        }
        self.heads = heads;
        if filled {
            let from = sheet.own(row).next().map_or(1, |i| sheet.cell(i).col);
            self.form.lists[at].push(Row {
                values,
                origin: Origin::cell(sheet.file, sheet.table.number, row, from),
            });
        }
    }

    /// The heads of a list that is printed twice side by side, without those of the whole period, which are
    /// put aside. The year's columns stand under its goal, or to the right.
    pub(super) fn heads_of_the_year<'f>(
        &mut self,
        sheet: &Sheet<'_>,
        list: u16,
        founds: &[(u32, Option<Found<'f>>)],
    ) -> Option<Vec<(u32, Option<Found<'f>>)>> {
        let def = self.def.clone();
        let list_def = def.lists.get(list as usize)?;
        let name = list_def.slot("name")?;
        let other = def.lists.get(aside_list(&def, list)?)?;
        let slots = |f: &Option<Found<'f>>| -> Vec<Slot> {
            let slots = f
                .iter()
                .flat_map(|f| f.senses)
                .filter_map(|s| match s.role {
                    Role::Head { list: l, slot } if l == list => Some(slot),
                    _ => None,
                });
            slots.collect()
        };
        let names: Vec<usize> = (0..founds.len())
            .filter(|i| slots(&founds[*i].1).first() == Some(&name))
            .collect();
        let [first, second] = names.as_slice() else {
            return None;
        };
        // The second half begins with the first column that is printed for the second time.
        let split = (first + 1..=*second).find(|i| {
            let here = slots(&founds[*i].1);
            !here.is_empty() && founds[..*i].iter().any(|(_, f)| slots(f) == here)
        })?;
        let of = |path: &str| {
            let slot = def.slot(path)?;
            self.labelled
                .iter()
                .rev()
                .find(|l| l.0 == slot)
                .map(|l| l.1)
        };
        let right = match (of("goal_expected"), of("goal_period")) {
            (Some(year), Some(period)) => year >= period,
            _ => true,
        };
        let (left, rest) = founds.split_at(split);
        let (year, period) = if right { (rest, left) } else { (left, rest) };
        let mut kept: Vec<_> = year.to_vec();
        let mut aside = Vec::new();
        for (index, found) in period {
            let slots = slots(found);
            let shared = !slots.is_empty()
                && !rest.iter().any(|(_, f)| {
                    let theirs: Vec<Slot> = f
                        .iter()
                        .flat_map(|f| f.senses)
                        .filter_map(|s| match s.role {
                            Role::Head { list: l, slot } if l == list => Some(slot),
                            _ => None,
                        })
                        .collect();
                    theirs == slots
                });
            let cell = sheet.cell(*index);
            let target = slots
                .first()
                .and_then(|s| other.slot(&list_def.columns[*s as usize].path));
            if let Some(target) = target {
                aside.push(Head {
                    from: cell.col,
                    to: cell.col + cell.col_span,
                    target,
                    from_right: 0,
                    line: None,
                    how: Recognised::Synonym,
                });
            }
            // A level printed once stands for both halves.
            if slots.is_empty() || right && shared {
                kept.push((*index, *found));
            }
        }
        kept.sort_by_key(|(i, _)| *i);
        self.aside = aside;
        Some(kept)
    }
}

/// The list that holds for the whole period what a list holds for the year.
fn aside_list(def: &FormDef, list: u16) -> Option<usize> {
    let key = &def.lists.get(list as usize)?.key;
    def.lists
        .iter()
        .position(|l| l.key.strip_prefix("period_") == Some(key.as_str()))
}
