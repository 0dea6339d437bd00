//! Broken and held identities come in; each broken one goes out with its most suspicious place first.
//!
//! A sum that does not come out says only that one of its cells is wrong. A cell that other
//! identities confirm is less suspicious than one they all trip over: a project's amount that breaks
//! both the total of its list and the comparison with its own form is the odd one, while the total,
//! which agrees with another form, is not. Nothing is claimed by this; it only decides where the
//! finding is marked and which finding follows from which.

use super::report::Draft;
use foldhash::HashMap;
use jiheng_model::Severity;
use jiheng_model::origin::Origin;

/// What one broken or held identity counts beside a hint.
const WEIGHT: i32 = 2;

/// Moves the most suspicious place of each broken identity to the front; its other places keep their order.
pub fn blame(drafts: &mut [Draft], held: &[Vec<Origin>]) {
    let mut suspicion = Suspicion::default();
    for draft in drafts.iter().filter(|d| d.identity) {
        // A hint only tips the balance.
        let weight = if is_broken(draft) { WEIGHT } else { 1 };
        suspicion.add(draft.finding.places.iter().map(|p| p.origin), weight);
    }
    for draft in drafts.iter_mut() {
        suspicion.add(draft.doubted.iter().copied(), 1);
        // With several such cells none of them alone is the cause.
        if let [only] = draft.doubted[..] {
            draft.inputs.push(only);
        }
    }
    for identity in held {
        suspicion.add(identity.iter().copied(), -WEIGHT);
    }
    // A hint is not marked elsewhere, but it follows from what is wrong with any of its cells.
    for draft in drafts.iter_mut().filter(|d| d.identity && !is_broken(d)) {
        let origins: Vec<Origin> = draft.finding.places.iter().map(|p| p.origin).collect();
        draft.inputs.extend(origins);
    }
    let of = |origin: &Origin| suspicion.sums.get(origin).copied().unwrap_or(0);
    for draft in drafts.iter_mut().filter(|d| is_broken(d)) {
        let places = &mut draft.finding.places;
        let most = places
            .iter()
            .map(|p| of(&p.origin))
            .max()
            .unwrap_or_default();
        let suspects: Vec<usize> = (0..places.len())
            .filter(|i| of(&places[*i].origin) == most)
            .collect();
        let odd = match suspects[..] {
            [odd] => Some(odd),
            // Of several equally suspicious cells none is the odd one: the identity's own place stays
            // first, unless it is less suspicious than they are and the gap speaks for one of them.
            [0, ..] => None,
            _ => draft
                .likely
                .iter()
                .find_map(|o| suspects.iter().find(|i| places[**i].origin == *o))
                .copied(),
        };
        if let Some(odd) = odd {
            places[..=odd].rotate_right(1);
        }
        let origins: Vec<Origin> = places.iter().map(|p| p.origin).collect();
        if draft.finding.computed.is_none() && draft.finding.stated.is_some() {
            draft.finding.stated = Some(places[0].text.clone());
        }
        draft.inputs.extend(origins);
    }
}

/// Whether other identities decide where the finding is marked; a hint keeps its own place.
fn is_broken(draft: &Draft) -> bool {
    draft.identity && draft.finding.severity != Severity::Hint
}

/// What is counted for and against cells.
#[derive(Default)]
struct Suspicion {
    sums: HashMap<Origin, i32>,
    /// Cells of one identity, kept for its memory.
    cells: Vec<Origin>,
}

impl Suspicion {
    /// Counts an identity for each of its cells once.
    fn add(&mut self, origins: impl Iterator<Item = Origin>, weight: i32) {
        self.cells.clear();
        for origin in origins {
            if !self.cells.contains(&origin) {
                self.cells.push(origin);
                *self.sums.entry(origin).or_default() += weight;
            }
        }
    }
}
