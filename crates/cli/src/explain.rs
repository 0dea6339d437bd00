//! `jiheng explain`: material and a few words come in; the tree of one number goes out.

use crate::args::ExplainArgs;
use crate::{CLEAN, Refusal, Verdict, output, view};
use jiheng_render::explain;

/// Matches listed when the words point to several numbers.
const LISTED: usize = 40;

/// Prints the tree of the number the words point to; lists the numbers when there are several.
pub fn run(args: &ExplainArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let results = view.results();
    let found = explain::find(&results, &args.at);
    match found.as_slice() {
        [] => Err(Refusal(format!(
            "没有找到“{}”指的数。词依次写表名或附件号、项目名、行名、列名，如“附件3 山水 执行率得分”。",
            args.at
        ))),
        [one] => {
            output::print(&explain::tree(&results, one, &output::style(&args.look)));
            Ok(CLEAN)
        }
        several => {
            let mut text = format!("“{}”指到 {} 个数，请再写一个词：", args.at, several.len());
            for subject in several.iter().take(LISTED) {
                text.push_str(&format!("\n  {}", subject.name));
            }
            if several.len() > LISTED {
                text.push_str(&format!("\n  另 {} 个", several.len() - LISTED));
            }
            Err(Refusal(text))
        }
    }
}
