//! Who asks, how often and how much come in; a place in the line, or a polite no, goes out.

use crate::trouble::Trouble;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one request, one address and all of them together may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one upload.
    pub upload: usize,
    /// Bytes of all uploads that are being received or checked.
    pub uploads: usize,
    /// Files of one upload.
    pub files: usize,
    /// A package up to this size travels inside its result page, so that downloads need no second choice of files.
    pub carried: usize,
    /// Checks at the same time.
    pub checks: usize,
    /// Checks that wait for their turn.
    pub waiting: usize,
    /// How long a check waits for its turn.
    pub patience: Duration,
    /// How long receiving an upload may take.
    pub receiving: Duration,
    /// How long a check may take.
    pub checking: Duration,
    /// Checks an address may make at once …
    pub burst: f64,
    /// … and then in a minute.
    pub per_minute: f64,
    /// Attempts to sign in that an address may make at once, and then in a minute.
    pub attempts: f64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            upload: 64 << 20,
            uploads: 384 << 20,
            files: 400,
            carried: 12 << 20,
            checks: std::thread::available_parallelism().map_or(2, usize::from),
            waiting: 64,
            patience: Duration::from_secs(20),
            receiving: Duration::from_secs(120),
            checking: Duration::from_secs(60),
            // A whole office may stand behind one address.
            burst: 60.0,
            per_minute: 120.0,
            attempts: 40.0,
        }
    }
}

/// The turnstile of checks: some run, some wait, the rest is told when to come back.
#[derive(Debug)]
pub struct Gate {
    running: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    waiting: AtomicUsize,
    limits: Limits,
}

/// Bytes that one permit of the upload budget stands for.
const PORTION: usize = 64 << 10;

impl Gate {
    /// A gate with these limits.
    pub fn new(limits: &Limits) -> Gate {
        Gate {
            running: Arc::new(Semaphore::new(limits.checks.max(1))),
            uploads: Arc::new(Semaphore::new(limits.uploads / PORTION)),
            waiting: AtomicUsize::new(0),
            limits: limits.clone(),
        }
    }

    /// Memory for an upload of this size; as long as the value lives, it is taken.
    ///
    /// # Errors
    /// When uploads together are too large already, or this one alone is.
    pub fn memory(&self, announced: Option<usize>) -> Result<OwnedSemaphorePermit, Trouble> {
        let bytes = announced.unwrap_or(self.limits.upload);
        if bytes > self.limits.upload * 3 / 2 {
            return Err(Trouble::too_large(self.limits.upload));
        }
        let portions = u32::try_from(bytes / PORTION + 1).unwrap_or(u32::MAX);
        let uploads = Arc::clone(&self.uploads);
        uploads
            .try_acquire_many_owned(portions)
            .map_err(|_| Trouble::busy(10))
    }

    /// A turn to check; the next one begins when the value is dropped.
    ///
    /// # Errors
    /// When too many wait already, or waiting took too long.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, Trouble> {
        let running = Arc::clone(&self.running);
        if let Ok(permit) = Arc::clone(&running).try_acquire_owned() {
            return Ok(permit);
        }
        let _counted = Counted::enter(&self.waiting);
        if self.waiting.load(Ordering::Relaxed) > self.limits.waiting {
            return Err(Trouble::busy(10));
        }
        match tokio::time::timeout(self.limits.patience, running.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Trouble::busy(20)),
        }
    }

    /// Checks that run, and those that wait.
    pub fn load(&self) -> (usize, usize) {
        let free = self.running.available_permits();
        let running = self.limits.checks.max(1).saturating_sub(free);
        (running, self.waiting.load(Ordering::Relaxed))
    }
}

/// One that waits, for as long as the value lives: a browser that goes away is counted no more.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn enter(count: &'a AtomicUsize) -> Counted<'a> {
        count.fetch_add(1, Ordering::Relaxed);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A bucket of tokens for each address, in memory only.
#[derive(Debug)]
pub struct Buckets {
    burst: f64,
    per_second: f64,
    levels: Mutex<HashMap<IpAddr, (f64, Instant)>>,
}

/// Addresses that are remembered; full buckets are forgotten first.
const REMEMBERED: usize = 20_000;

impl Buckets {
    /// Buckets that hold `burst` and fill by `per_minute`.
    pub fn new(burst: f64, per_minute: f64) -> Buckets {
        Buckets {
            burst,
            per_second: per_minute / 60.0,
            levels: Mutex::default(),
        }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// When none is left; says in how many seconds there is one.
    pub fn take(&self, address: IpAddr, now: Instant) -> Result<(), Trouble> {
        let Ok(mut levels) = self.levels.lock() else {
            return Ok(());
        };
        let (burst, per_second) = (self.burst, self.per_second);
        let filled = move |(level, since): (f64, Instant)| {
            (level + now.saturating_duration_since(since).as_secs_f64() * per_second).min(burst)
        };
        if levels.len() >= REMEMBERED {
            levels.retain(|_, level| filled(*level) < burst);
            if levels.len() >= REMEMBERED {
                levels.clear();
            }
        }
        let level = levels.entry(network(address)).or_insert((burst, now));
        *level = (filled(*level), now);
        if level.0 >= 1.0 {
            level.0 -= 1.0;
            return Ok(());
        }
        let seconds = ((1.0 - level.0) / per_second.max(f64::EPSILON)).ceil();
        Err(Trouble::too_often(seconds.clamp(1.0, 3600.0) as u32))
    }
}

/// What counts as one address: of IPv6 the network that a household or office gets.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let buckets = Buckets::new(3.0, 60.0);
        let here: IpAddr = [10, 0, 0, 1].into();
        let start = Instant::now();
        for _ in 0..3 {
            assert!(buckets.take(here, start).is_ok());
        }
        let no = buckets
            .take(here, start)
            .expect_err("the fourth is refused");
        assert_eq!(no.retry, Some(1));
        assert!(buckets.take([10, 0, 0, 2].into(), start).is_ok());
        assert!(buckets.take(here, start + Duration::from_secs(1)).is_ok());
    }

    #[test]
    fn neighbours_in_ipv6_share_a_bucket() {
        let buckets = Buckets::new(1.0, 60.0);
        let now = Instant::now();
        let one: IpAddr = "2001:db8:1:2:3::4".parse().expect("an address");
        let other: IpAddr = "2001:db8:1:2:9::9".parse().expect("an address");
        assert!(buckets.take(one, now).is_ok());
        assert!(buckets.take(other, now).is_err());
    }

    #[tokio::test]
    async fn those_beyond_the_line_are_sent_away() {
        let limits = Limits {
            checks: 1,
            waiting: 1,
            patience: Duration::from_millis(50),
            ..Limits::default()
        };
        let gate = Gate::new(&limits);
        let turn = gate.turn().await.expect("nobody else is here");
        let (second, third) = tokio::join!(gate.turn(), gate.turn());
        assert!(second.is_err() && third.is_err());
        assert_eq!(gate.load(), (1, 0));
        drop(turn);
        assert!(gate.turn().await.is_ok());
    }
}
