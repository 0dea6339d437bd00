//! `jiheng batch`: a folder or zip of many packages comes in; tables, overview and findings pages are written, progress is told.

use crate::args::{BatchArgs, Group, PagesOf};
use crate::{CLEAN, COULD_NOT_RUN, ERRORS_FOUND, INTERRUPTED, Refusal, Verdict, output, view};
use jiheng_batch::{Ending, Grouping, Order, Pages, Progress, Report};
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often a line of progress is written where it cannot be overwritten.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Checks all packages of a folder or zip.
pub fn run(args: &BatchArgs) -> Verdict {
    crate::worker::choose_recogniser(&args.ocr);
    let books = view::books(args.rulebook.as_deref())?;
    if let Some(id) = books
        .id()
        .filter(|id| !books.shelf().rulebooks.contains_key(*id))
    {
        let known: Vec<&str> = (books.shelf().rulebooks.keys())
            .map(String::as_str)
            .collect();
        return Err(Refusal(format!(
            "没有规程包 {id}。有：{}。",
            known.join("、")
        )));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    let _ = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::SeqCst) {
            // Asked twice: what is finished is in the journal.
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
    // A trace for each package on which the program errs would bury the progress; the row says it.
    std::panic::set_hook(Box::new(|_| {}));
    let order = Order {
        material: &args.material,
        out: &args.out,
        grouping: match args.group {
            Some(Group::Name) => Grouping::ByName,
            None => Grouping::Single,
        },
        pages: match args.pages {
            PagesOf::All => Pages::All,
            PagesOf::Errors => Pages::Errors,
            PagesOf::None => Pages::None,
        },
        units: args.units.as_deref(),
        jobs: args.jobs.unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
        }),
        resume: args.resume,
        shelf: books.shelf(),
        rulebook: books.id(),
        recogniser: (args.ocr.program.as_ref())
            .map(|program| format!("{} {:?}", program.display(), args.ocr.limits)),
        today: view::day(args.today.as_deref())?,
        stop: &stop,
    };
    let mut line = Line::new(args.quiet);
    let ending = jiheng_batch::run(&order, &mut |progress| line.tell(progress));
    line.end();
    match ending.map_err(Refusal)? {
        Ending::Stopped(progress) => {
            output::message(&format!(
                "停下了：核了 {} 套，还有 {} 套。接着做，再运行一次并加 --resume。",
                progress.done,
                progress.total - progress.done
            ));
            Ok(INTERRUPTED)
        }
        Ending::Finished(report) => {
            if !args.quiet {
                summary(&report, args);
            }
            Ok(match report {
                Report { checked: 0, .. } => COULD_NOT_RUN,
                Report {
                    counts: [0, ..], ..
                } => CLEAN,
                _ => ERRORS_FOUND,
            })
        }
    }
}

/// What a finished batch has to say, on standard error.
fn summary(report: &Report, args: &BatchArgs) {
    let progress = &report.progress;
    for (path, why) in &report.reasons {
        output::message(&format!("没有核  {path}：{}", why));
    }
    let unchecked = progress.total - report.checked;
    let more = unchecked.saturating_sub(report.reasons.len());
    if more > 0 {
        output::message(&format!("没有核  另有 {more} 套，见 packages.csv"));
    }
    let [errors, warnings, hints] = report.counts;
    let kept = match progress.kept {
        0 => String::new(),
        kept => format!("（上次已核 {kept} 套，没有重做）"),
    };
    output::message(&format!(
        "共 {} 套{kept}：核了 {} 套，没有核 {unchecked} 套，有错误的 {} 套\n错误 {errors}   警告 {warnings}   提示 {hints}\n用时 {}，每秒 {:.1} 套",
        progress.total,
        report.checked,
        report.with_errors,
        length(progress.elapsed),
        progress.rate(),
    ));
    output::message(&format!(
        "总览 {}",
        args.out.join("overview.html").display()
    ));
}

/// The line of progress on standard error.
struct Line {
    quiet: bool,
    terminal: bool,
    written: bool,
    last: Instant,
}

impl Line {
    fn new(quiet: bool) -> Line {
        Line {
            quiet,
            terminal: std::io::stderr().is_terminal(),
            written: false,
            last: Instant::now(),
        }
    }

    fn tell(&mut self, progress: &Progress) {
        let due = self.terminal || self.last.elapsed() >= LINE_EVERY;
        if self.quiet || !due {
            return;
        }
        self.last = Instant::now();
        let left = match progress.remaining() {
            Some(left) if progress.done > progress.kept => format!("   还要 {}", length(left)),
            _ => String::new(),
        };
        let text = format!(
            "核对 {} / {} 套   每秒 {:.1} 套{left}   错误 {}",
            progress.done,
            progress.total,
            progress.rate(),
            progress.errors
        );
        let mut err = std::io::stderr().lock();
        let _ = match self.terminal {
            true => write!(err, "\r{text}\u{1b}[K"),
            false => writeln!(err, "{text}"),
        };
        let _ = err.flush();
        self.written = self.terminal;
    }

    fn end(&self) {
        if self.written {
            output::message("");
        }
    }
}

/// "1 小时 2 分", "2 分 3 秒", "4.1 秒".
fn length(time: Duration) -> String {
    match time.as_secs() {
        s if s >= 3600 => format!("{} 小时 {} 分", s / 3600, s % 3600 / 60),
        s if s >= 60 => format!("{} 分 {} 秒", s / 60, s % 60),
        _ => format!("{:.1} 秒", time.as_secs_f64()),
    }
}
