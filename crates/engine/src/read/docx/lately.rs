//! Properties as they are written come in; what was read of the same ones before goes out.

/// Properties met lately, as they are written up to behind their end tag, with what was read of them.
///
/// Cells and paragraphs of a table say the same properties in the same order, row after row: the ones that
/// followed last time are most likely to follow again, or else the same ones once more.
pub(super) struct Lately<'a, T> {
    known: Vec<Known<'a, T>>,
    /// The one that was met last.
    last: usize,
    /// The one that gives way next.
    oldest: usize,
}

#[derive(Clone, Copy)]
struct Known<'a, T> {
    telling: Option<[u8; 4]>,
    raw: &'a [u8],
    found: T,
}

impl<'a, T: Copy> Lately<'a, T> {
    /// A wide table has so many columns.
    const MOST: usize = 16;
    /// Shorter and longer properties are read anew.
    const LONGEST: usize = 1024;

    /// None met yet.
    pub fn new() -> Self {
        Lately {
            known: Vec::new(),
            last: 0,
            oldest: 0,
        }
    }

    /// The properties that the bytes begin with, and their length.
    #[inline]
    pub fn at(&mut self, bytes: &[u8]) -> Option<(usize, T)> {
        let count = self.known.len();
        let telling = Self::telling(bytes);
        for ahead in [1, 0].into_iter().chain(2..count) {
            let place = self.last + ahead;
            let place = if place < count {
                place
            } else {
                place.checked_sub(count).filter(|p| *p < count)?
            };
            let known = self.known[place];
            if known.telling == telling && bytes.starts_with(known.raw) {
                self.last = place;
                return Some((known.raw.len(), known.found));
            }
        }
        None
    }

    /// The letters in which properties differ most: the width of a cell stands there.
    #[inline]
    fn telling(bytes: &[u8]) -> Option<[u8; 4]> {
        bytes.get(12..16)?.try_into().ok()
    }

    /// Keeps what was read of properties, written up to behind their end tag.
    pub fn keep(&mut self, raw: &'a [u8], found: T) {
        let telling = Self::telling(raw);
        let known = Known {
            telling,
            raw,
            found,
        };
        if telling.is_none() || raw.len() > Self::LONGEST {
            return;
        }
        if self.known.len() < Self::MOST {
            self.last = self.known.len();
            self.known.push(known);
        } else {
            self.last = self.oldest;
            self.known[self.oldest] = known;
            self.oldest = (self.oldest + 1) % Self::MOST;
        }
    }
}
