//! A seed comes in; the same row of choices goes out on every machine.

/// A small seeded source of choices (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Begins a row of choices; neighbouring seeds give unrelated rows.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number of `from..=to`; `from` when the range is empty.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = to.saturating_sub(from).max(0) as u64 + 1;
        from + (self.next() % span) as i64
    }

    /// True in `percent` of a hundred throws.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of these; panics on an empty list, which the word stock never has.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.between(0, list.len() as i64 - 1) as usize]
    }

    /// One of these words; empty on an empty list.
    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.between(0, words.len() as i64 - 1) as usize;
        words.get(at).copied().unwrap_or_default()
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.between(0, i as i64) as usize);
        }
    }
}
