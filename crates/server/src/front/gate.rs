//! Requests to check come in from addresses; a turn, a place in the queue or a polite no goes out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Checks that an address may ask for at once.
const BURST: f64 = 30.0;
/// Checks a second that an address gets back.
const RATE: f64 = 2.0;
/// Checks that wait for a turn; more are sent away.
const WAITING: usize = 64;
/// Addresses that are remembered.
const ADDRESSES: usize = 50_000;

/// Who may check now. Cheap to clone.
#[derive(Clone)]
pub(super) struct Gate {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    buckets: Arc<Mutex<HashMap<IpAddr, (f64, Instant)>>>,
}

impl Gate {
    /// As many turns as there are processors.
    pub fn new() -> Gate {
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Gate {
            turns: Arc::new(Semaphore::new(processors)),
            waiting: Arc::default(),
            buckets: Arc::default(),
        }
    }

    /// Whether an address has not asked too often.
    pub fn admits(&self, from: IpAddr) -> bool {
        self.admits_at(from, Instant::now())
    }

    fn admits_at(&self, from: IpAddr, now: Instant) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(|e| e.into_inner());
        let full = |left: f64, since: Instant| {
            (left + now.saturating_duration_since(since).as_secs_f64() * RATE).min(BURST)
        };
        if buckets.len() >= ADDRESSES {
            buckets.retain(|_, (left, since)| full(*left, *since) < BURST);
        }
        let (left, since) = buckets.entry(from).or_insert((BURST, now));
        *left = full(*left, *since);
        *since = now;
        let admitted = *left >= 1.0;
        if admitted {
            *left -= 1.0;
        }
        admitted
    }

    /// A turn to check, kept until it is dropped; `None` when too many wait already.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        let waits = Waits::new(&self.waiting)?;
        let turn = self.turns.clone().acquire_owned().await.ok();
        drop(waits);
        turn
    }
}

/// Somebody waits; a request that is given up no longer does.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(waiting: &'a AtomicUsize) -> Option<Waits<'a>> {
        let waits = Waits(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < WAITING).then_some(waits)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_address_that_asks_too_often_waits_and_others_do_not() {
        let gate = Gate::new();
        let (one, other) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let now = Instant::now();
        let admitted = (0..100).filter(|_| gate.admits_at(one, now)).count();
        assert_eq!(admitted, BURST as usize);
        assert!(gate.admits_at(other, now));
        assert!(gate.admits_at(one, now + Duration::from_secs(1)));
    }
}
