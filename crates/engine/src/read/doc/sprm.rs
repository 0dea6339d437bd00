//! A run of property modifiers (`grpprl`) comes in; each modifier with its operand goes out.

use jiheng_office::le::{u8_at, u16_at};

/// Modifiers of a byte run, in order; stops at the first that does not fit.
pub(super) struct Modifiers<'a> {
    bytes: &'a [u8],
}

impl<'a> Modifiers<'a> {
    pub fn new(bytes: &'a [u8]) -> Modifiers<'a> {
        Modifiers { bytes }
    }
}

impl<'a> Iterator for Modifiers<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let code = u16_at(self.bytes, 0)?;
        let rest = self.bytes.get(2..)?;
        let (skip, len) = match code >> 13 {
            0 | 1 => (0, 1),
            2 | 4 | 5 => (0, 2),
            3 => (0, 4),
            7 => (0, 3),
            _ => variable(code, rest)?,
        };
        let operand = rest.get(skip..skip + len)?;
        self.bytes = rest.get(skip + len..)?;
        Some((code, operand))
    }
}

/// Operands that say their length themselves: bytes of the length, and bytes that follow.
fn variable(code: u16, rest: &[u8]) -> Option<(usize, usize)> {
    match code {
        T_DEF_TABLE => Some((2, (u16_at(rest, 0)? as usize).saturating_sub(1))),
        P_CHANGE_TABS if u8_at(rest, 0)? == 255 => {
            let deleted = usize::from(u8_at(rest, 1)?) * 4;
            let added = usize::from(u8_at(rest, 2 + deleted)?) * 3;
            Some((1, 2 + deleted + added))
        }
        _ => Some((1, u8_at(rest, 0)? as usize)),
    }
}

pub(super) const P_IN_TABLE: u16 = 0x2416;
pub(super) const P_ROW_END: u16 = 0x2417;
pub(super) const P_DEPTH: u16 = 0x6649;
pub(super) const P_DEPTH_MORE: u16 = 0x664a;
pub(super) const P_INNER_CELL: u16 = 0x244b;
pub(super) const P_INNER_ROW_END: u16 = 0x244c;
pub(super) const P_LEVEL: u16 = 0x260a;
pub(super) const P_LIST: u16 = 0x460b;
pub(super) const P_OUTLINE: u16 = 0x2640;
pub(super) const P_HUGE: u16 = 0x6646;
pub(super) const P_HUGE_OLD: u16 = 0x6645;
pub(super) const P_CHANGE_TABS: u16 = 0xc615;
pub(super) const C_DELETED: u16 = 0x0800;
pub(super) const C_INSERTED: u16 = 0x0801;
pub(super) const C_HIDDEN: u16 = 0x083c;
pub(super) const C_SYMBOL: u16 = 0x6a09;
pub(super) const T_DEF_TABLE: u16 = 0xd608;
pub(super) const T_VERTICAL: u16 = 0xd62b;
pub(super) const T_MERGE: u16 = 0x5624;
pub(super) const T_SPLIT: u16 = 0x5625;
pub(super) const T_INSERT: u16 = 0x7621;
pub(super) const T_DELETE: u16 = 0x5622;
pub(super) const T_WIDTH: u16 = 0x7623;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_are_cut_by_their_operand_sizes() {
        let bytes = [
            0x16, 0x24, 1, // in table
            0x0b, 0x46, 3, 0, // list
            0x08, 0xd6, 4, 0, 1, 2, 3, // table definition: length counts one more
            0x15, 0xc6, 255, 1, 0, 0, 0, 0, 1, 0, 0, 0, // tabs with an implied length
            0x49, 0x66, 1, 0, 0, 0, // depth
            0x16, 0x24, // cut off
        ];
        let codes: Vec<_> = Modifiers::new(&bytes).map(|(c, o)| (c, o.len())).collect();
        assert_eq!(
            codes,
            [
                (P_IN_TABLE, 1),
                (P_LIST, 2),
                (T_DEF_TABLE, 3),
                (P_CHANGE_TABS, 9),
                (P_DEPTH, 4)
            ]
        );
    }
}
