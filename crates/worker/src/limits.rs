//! Limits of a worker come in; the operating system is told to keep them.

use std::time::Duration;

/// How much of the machine one file may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of memory beyond what an idle worker holds.
    pub memory_bytes: u64,
    /// Processor time of one file; the system counts whole seconds and may end a worker one second sooner.
    pub cpu_seconds: u64,
    /// Time of one file by the clock.
    pub wall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        // Code that was not optimised takes about ten times as long.
        let times = if cfg!(debug_assertions) { 10 } else { 1 };
        Limits {
            memory_bytes: 224 << 20,
            cpu_seconds: 2 * times,
            wall: Duration::from_millis(1800 * times),
        }
    }
}

#[cfg(unix)]
impl Limits {
    /// Bounds the memory of this process, once, before the first file.
    pub(crate) fn bound_memory(&self) {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // What is mapped already (program, stacks) does not count as the file's.
        let mapped = std::fs::read_to_string("/proc/self/statm")
            .ok()
            .and_then(|s| s.split_whitespace().next()?.parse::<u64>().ok())
            .map_or(256 << 20, |pages| pages * rustix::param::page_size() as u64);
        let limit = Some(mapped + self.memory_bytes);
        let maximum = getrlimit(Resource::As).maximum;
        let current = match maximum {
            Some(maximum) => limit.map(|l| l.min(maximum)),
            None => limit,
        };
        // A system that knows no such limit leaves the clock as the bound.
        let _ = setrlimit(Resource::As, Rlimit { current, maximum });
    }

    /// Bounds the processor time of the next file.
    pub(crate) fn bound_time(&self) {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        use rustix::time::{ClockId, clock_gettime};
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.max(0) as u64;
        let maximum = getrlimit(Resource::Cpu).maximum;
        let wanted = used + self.cpu_seconds;
        let current = Some(maximum.map_or(wanted, |m| wanted.min(m)));
        let _ = setrlimit(Resource::Cpu, Rlimit { current, maximum });
    }
}

#[cfg(not(unix))]
impl Limits {
    /// Such limits are not at hand here; the clock bounds a worker.
    pub(crate) fn bound_memory(&self) {}

    /// Such limits are not at hand here; the clock bounds a worker.
    pub(crate) fn bound_time(&self) {}
}
