//! `jiheng serve`: a data folder and an address come in; the platform runs until it is told to stop.

use crate::args::ServeArgs;
use crate::{CLEAN, Refusal, Verdict};
use jiheng_server::start::{Choices, start};

/// Serves until the process is told to stop.
pub fn run(args: &ServeArgs) -> Verdict {
    let choices = Choices {
        demo: args.demo,
        data: args.data.clone(),
        database: args.database.clone(),
        listen: args.listen,
        behind_proxy: args.behind_proxy,
    };
    start(&choices).map(|()| CLEAN).map_err(Refusal)
}
