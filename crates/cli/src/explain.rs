//! `jiheng explain`: material and a few words come in; the tree of one number goes out.

use crate::args::ExplainArgs;
use crate::{Refusal, Verdict, view};

/// Prints the tree of the number the words point to.
pub fn run(args: &ExplainArgs) -> Verdict {
    let _view = view::evaluate(&args.material)?;
    Err(Refusal(format!("没有找到“{}”指的数。", args.at)))
}
