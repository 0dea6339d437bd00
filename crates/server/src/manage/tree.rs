//! Units in any order come in; the same as a tree, each below the one it belongs to, goes out.

use crate::store::{Unit, UnitId};
use std::collections::HashSet;

/// A unit with its depth in the tree.
pub struct Node {
    /// The unit.
    pub unit: Unit,
    /// 0 at the top of what may be seen.
    pub depth: usize,
}

impl Node {
    /// How far its name is indented: deeper ones no further.
    pub fn step(&self) -> usize {
        self.depth.min(4)
    }
}

/// Units below those they belong to; one whose superior may not be seen stands at the top.
pub fn tree(units: Vec<Unit>) -> Vec<Node> {
    let known: HashSet<UnitId> = units.iter().map(|u| u.id.clone()).collect();
    let mut out = Vec::with_capacity(units.len());
    let tops = units
        .iter()
        .filter(|u| u.parent.as_ref().is_none_or(|p| !known.contains(p)));
    let mut stack: Vec<(usize, &Unit)> = tops.map(|u| (0, u)).collect();
    stack.reverse();
    while let Some((depth, unit)) = stack.pop() {
        out.push(Node {
            unit: unit.clone(),
            depth,
        });
        let below = units.iter().filter(|u| u.parent.as_ref() == Some(&unit.id));
        let at = stack.len();
        stack.extend(below.map(|u| (depth + 1, u)));
        stack[at..].reverse();
    }
    out
}
