//! `jiheng serve`: a folder for data and an address come in; the platform runs until it is interrupted.

use crate::args::ServeArgs;
use crate::output;
use crate::{CLEAN, Refusal, Verdict};
use jiheng_server::serve::{Options, serve};

/// Serves until it is told to stop.
pub fn run(args: &ServeArgs) -> Verdict {
    let options = Options {
        data: args.data.clone(),
        database: args.database.clone(),
        listen: args.listen,
    };
    serve(&options, output::message).map_err(Refusal)?;
    Ok(CLEAN)
}
