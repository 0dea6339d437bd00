//! A merged rulebook comes in; what contradicts itself in it goes out as problems.

use super::layer::{Item, Layer};
use super::problem::Problem;
use super::source::Folder;
use super::{Rulebook, extend};

/// Lints one rulebook: `own` is the layer that its folder defines.
pub fn lint(rulebook: &Rulebook, own: &Layer, folders: &[Folder], problems: &mut Vec<Problem>) {
    let mut judge = |what: String, item_basis: BasisOf<'_>| {
        basis(rulebook, &what, item_basis, folders, problems)
    };
    for p in &own.parameters {
        judge(format!("参数 {}", p.label), BasisOf::of(p));
    }
    for r in &own.rules {
        judge(format!("规则 {}", r.label), BasisOf::of(r));
    }
    for s in &own.sections {
        judge(format!("提纲 {}", s.label), BasisOf::of(s));
    }
}

/// The bases that an item names, and where it stands.
struct BasisOf<'a> {
    at: &'a super::source::At,
    keys: &'a [super::table::Placed],
}

impl<'a> BasisOf<'a> {
    fn of<T>(item: &'a Item<T>) -> Self {
        BasisOf {
            at: &item.at,
            keys: &item.basis,
        }
    }
}

/// Every definition names its bases, and each can be resolved.
fn basis(
    rulebook: &Rulebook,
    what: &str,
    item: BasisOf<'_>,
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) {
    if item.keys.is_empty() {
        problems.push(Problem::new(
            "K105",
            format!("{what} 没有写依据"),
            extend::spot(folders, item.at),
        ));
    }
    for key in item.keys {
        if rulebook.basis(&key.text).is_none() {
            let message = format!("{what} 的依据 {} 找不到", key.text);
            problems.push(Problem::new(
                "K104",
                message,
                extend::spot(folders, &key.at),
            ));
        }
    }
}
