//! The hidden verb `worker`: requests of a host on standard input come in, documents on standard output go out.

use crate::{CLEAN, Refusal, Verdict};
use jiheng_engine::read::foreign;
use jiheng_worker::{Limits, Workers, serve};

/// Files for readers that are not ours are read by this program, started again under limits.
pub fn choose() {
    if let Ok(program) = std::env::current_exe() {
        let workers = Workers::new(program, vec!["worker".into()], Limits::default());
        foreign::choose(Box::new(workers));
    }
}

/// Serves until the host closes the input.
pub fn run() -> Verdict {
    serve(&Limits::default())
        .map(|()| CLEAN)
        .map_err(|_| Refusal("这个命令由程序自己启动。".into()))
}
