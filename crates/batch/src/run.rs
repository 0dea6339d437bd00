//! An order comes in; all its packages are examined and the files of the result written, or the run stops where it is told to.

use crate::across::Across;
use crate::disk::reason;
use crate::examine::{Corridor, Examiner, Material};
use crate::journal::{self, Journal, Trouble};
use crate::record::{Record, Status};
use crate::source::{Found, Source};
use crate::tables::Tables;
use crate::tally::{self, Tally};
use crate::units::List;
use crate::{Order, Pages};
use jiheng_render::overview::overview;
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Folder of the findings pages.
const PAGES: &str = "pages";
/// The overview.
pub const OVERVIEW: &str = "overview.html";
/// How often progress is told.
const TICK: Duration = Duration::from_millis(200);
/// Stack of a thread that reads; as large as the main thread's.
const STACK: usize = 8 << 20;
/// Sentences about packages that were not checked that are kept for the report.
const REASONS: usize = 20;

/// How far a run is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Packages that were found.
    pub total: usize,
    /// Packages that are finished, those of earlier runs included.
    pub done: usize,
    /// Packages that an earlier run had finished.
    pub kept: usize,
    /// Packages that were not read or not checked.
    pub unchecked: usize,
    /// Errors found in this run.
    pub errors: u64,
    /// Time since the run began.
    pub elapsed: Duration,
}

impl Progress {
    /// Packages a second that were examined in this run.
    pub fn rate(&self) -> f64 {
        let examined = self.done.saturating_sub(self.kept) as f64;
        examined / self.elapsed.as_secs_f64().max(0.001)
    }

    /// Time to go at this rate.
    pub fn remaining(&self) -> Option<Duration> {
        let left = self.total.saturating_sub(self.done) as f64;
        let seconds = left / self.rate();
        (seconds.is_finite() && seconds < 1e7).then(|| Duration::from_secs_f64(seconds))
    }
}

/// How a run ended.
#[derive(Debug)]
pub enum Ending {
    /// It was told to stop; it goes on from here when it is resumed.
    Stopped(Progress),
    /// All packages are finished and the files written.
    Finished(Report),
}

/// What a finished run has to say.
#[derive(Debug, Default)]
pub struct Report {
    /// Packages and time.
    pub progress: Progress,
    /// Packages that were checked.
    pub checked: usize,
    /// Packages with at least one error.
    pub with_errors: usize,
    /// Counts of all packages: errors, warnings, hints.
    pub counts: [u64; 3],
    /// Why packages were not checked: path and sentence, the first ones.
    pub reasons: Vec<(String, String)>,
    /// Findings pages in the folder of results.
    pub pages: usize,
}

/// What a thread tells of a package.
enum Told {
    Kept,
    Examined { errors: u64, checked: bool },
    Disk(io::Error),
}

/// Ends of units' names, of the rulebook asked for or of all.
fn suffixes(order: &Order<'_>) -> Vec<String> {
    let books = order.shelf.rulebooks.iter();
    books
        .filter(|(id, _)| order.rulebook.is_none_or(|asked| asked == id.as_str()))
        .flat_map(|(_, book)| book.words("unit_suffixes").iter().cloned())
        .collect()
}

/// Examines all packages and writes the files of the result.
///
/// # Errors
/// One Chinese sentence when there is nothing to read or the disk refuses.
pub fn run(order: &Order<'_>, tell: &mut dyn FnMut(&Progress)) -> Result<Ending, String> {
    run_through(jiheng_engine::evaluate, order, tell)
}

/// The same, each package through this corridor.
fn run_through(
    corridor: Corridor,
    order: &Order<'_>,
    tell: &mut dyn FnMut(&Progress),
) -> Result<Ending, String> {
    let begun = Instant::now();
    apart(order)?;
    let units = order.units.map(|path| List::read(path, &suffixes(order)));
    let units = units.transpose()?;
    let source = Source::open(order.material, order.grouping, order.out)?;
    let refused = |e: io::Error| format!("写不了 {}：{}。", order.out.display(), reason(&e));
    fs::create_dir_all(order.out).map_err(refused)?;
    let journal = Journal::open(order.out, &conditions(order), order.resume);
    let journal = journal.map_err(|trouble| match trouble {
        Trouble::Taken => format!(
            "另一个 jiheng batch 正在写 {}。等它结束再运行。",
            order.out.display()
        ),
        Trouble::Disk(error) => refused(error),
    })?;
    if journal.kept == 0 {
        clear(order.out).map_err(refused)?;
    }
    let journal = Mutex::new(journal);
    let mut progress = Progress {
        total: source.packages().len(),
        ..Progress::default()
    };
    let examiner = Examiner::new(
        corridor,
        order.shelf,
        order.rulebook,
        order.pages,
        order.today,
    );
    examine(order, &examiner, &source, &journal, &mut progress, tell).map_err(refused)?;
    progress.elapsed = begun.elapsed();
    tell(&progress);
    let Ok(mut journal) = journal.into_inner() else {
        return Err("程序出了错，没有核完。加 --resume 再运行一次。".into());
    };
    if progress.done < progress.total {
        return Ok(Ending::Stopped(progress));
    }
    let mut report = assemble(order, &source, &mut journal, units).map_err(refused)?;
    progress.elapsed = begun.elapsed();
    report.progress = progress;
    Ok(Ending::Finished(report))
}

/// Results never lie among the material itself.
fn apart(order: &Order<'_>) -> Result<(), String> {
    let same = match (order.material.canonicalize(), order.out.canonicalize()) {
        (Ok(material), Ok(out)) => material == out,
        _ => false,
    };
    match same {
        true => Err("--out 不能是材料所在的文件夹。换一个文件夹放结果。".into()),
        false => Ok(()),
    }
}

/// What records depend on besides the material: a record made under other conditions is made again.
fn conditions(order: &Order<'_>) -> String {
    let mut hasher = DefaultHasher::new();
    for source in jiheng_engine::rulebook::embedded_files(".toml") {
        (source.path, source.text).hash(&mut hasher);
    }
    for rulebook in order.shelf.rulebooks.values() {
        // A rulebook of one's own is what it was loaded as.
        if order.shelf.own.contains(&rulebook.id) {
            format!(
                "{:?}",
                (&rulebook.parameters, &rulebook.bases, &rulebook.rules)
            )
            .hash(&mut hasher);
            for form in &rulebook.forms {
                form.recognition.source.hash(&mut hasher);
            }
        }
    }
    let pages = match order.pages {
        Pages::All => "all",
        Pages::Errors => "errors",
        Pages::None => "none",
    };
    serde_json::json!({
        "journal": 2,
        "version": env!("CARGO_PKG_VERSION"),
        "rulebook": order.rulebook,
        "rulebooks": format!("{:016x}", hasher.finish()),
        "pages": pages,
        "recogniser": order.recogniser,
    })
    .to_string()
}

/// A run that begins anew takes away what an earlier one left.
fn clear(out: &Path) -> io::Result<()> {
    let pages = out.join(PAGES);
    if pages.is_dir() {
        fs::remove_dir_all(pages)?;
    }
    let _ = fs::remove_file(out.join(OVERVIEW));
    for name in crate::tables::NAMES {
        for ending in ["csv", "parquet"] {
            let _ = fs::remove_file(out.join(format!("{name}.{ending}")));
        }
    }
    Ok(())
}

fn examine(
    order: &Order<'_>,
    examiner: &Examiner<'_>,
    source: &Source,
    journal: &Mutex<Journal>,
    progress: &mut Progress,
    tell: &mut dyn FnMut(&Progress),
) -> io::Result<()> {
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    let (send, told) = channel();
    thread::scope(|scope| {
        for number in 0..order.jobs.max(1) {
            let send = send.clone();
            let next = &next;
            thread::Builder::new()
                .name(format!("batch {number}"))
                .stack_size(STACK)
                .spawn_scoped(scope, move || {
                    worker(order, source, journal, examiner, next, &send);
                })?;
        }
        drop(send);
        let mut last = Instant::now();
        loop {
            match told.recv_timeout(TICK) {
                Ok(Told::Kept) => {
                    progress.kept += 1;
                    progress.done += 1;
                }
                Ok(Told::Examined { errors, checked }) => {
                    progress.done += 1;
                    progress.errors += errors;
                    progress.unchecked += usize::from(!checked);
                }
                Ok(Told::Disk(error)) => {
                    // A full disk does not get better: stop the others too.
                    next.store(usize::MAX / 2, Ordering::Relaxed);
                    return Err(error);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if last.elapsed() >= TICK {
                last = Instant::now();
                progress.elapsed = begun.elapsed();
                tell(progress);
            }
        }
    })
}

fn worker(
    order: &Order<'_>,
    source: &Source,
    journal: &Mutex<Journal>,
    examiner: &Examiner<'_>,
    next: &AtomicUsize,
    send: &Sender<Told>,
) {
    loop {
        if order.stop.load(Ordering::Relaxed) {
            return;
        }
        let Some(found) = source.packages().get(next.fetch_add(1, Ordering::Relaxed)) else {
            return;
        };
        let told = match one(order, source, journal, examiner, found) {
            Ok(told) => told,
            Err(error) => Told::Disk(error),
        };
        if send.send(told).is_err() {
            return;
        }
    }
}

fn one(
    order: &Order<'_>,
    source: &Source,
    journal: &Mutex<Journal>,
    examiner: &Examiner<'_>,
    found: &Found,
) -> io::Result<Told> {
    let begun = Instant::now();
    let explanations = source.explanations(found).map(|path| {
        fs::read_to_string(&path)
            .map_err(|e| format!("读不了  {}：{}。", path.display(), reason(&e)))
    });
    let material = Material {
        path: &found.path,
        package: source.load(found),
        explanations,
    };
    let fingerprint = material.fingerprint(order.today);
    let broken = || io::Error::other("journal");
    if journal
        .lock()
        .map_err(|_| broken())?
        .holds(&found.path, fingerprint)
    {
        return Ok(Told::Kept);
    }
    let (mut record, page) = examiner.examine(&material, fingerprint);
    if let Some(page) = page {
        let name = page_name(&found.path);
        let folder = order.out.join(PAGES);
        fs::create_dir_all(&folder)?;
        write(&folder.join(&name), page.as_bytes())?;
        record.page = Some(name);
    }
    record.micros = begun.elapsed().as_micros() as u64;
    let json = serde_json::to_string(&record)?;
    journal
        .lock()
        .map_err(|_| broken())?
        .add(&found.path, fingerprint, &json)?;
    Ok(Told::Examined {
        errors: record.errors,
        checked: record.status == Status::Checked,
    })
}

/// The name of a package's page: what of its path is harmless as a file name, and a number that tells it from others.
fn page_name(path: &str) -> String {
    let mut name: String = path
        .chars()
        .map(|c| match c.is_alphanumeric() || c == '-' {
            true => c,
            false => '_',
        })
        .take(40)
        .collect();
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    name.push_str(&format!("-{:08x}.html", hasher.finish() as u32));
    name
}

/// Writes the tables and the overview from the journal, in the order of the packages.
fn assemble(
    order: &Order<'_>,
    source: &Source,
    journal: &mut Journal,
    units: Option<List>,
) -> io::Result<Report> {
    let mut report = Report::default();
    let mut tables = Tables::create(order.out)?;
    let mut pages = HashSet::new();
    let mut tally = Tally::new(title(order.material), units);
    let mut across = Across::create(order.out, order.shelf)?;
    for (number, found) in source.packages().iter().enumerate() {
        across.note(number, &record(journal, found)?)?;
    }
    across.compare()?;
    let mut whole = |number: usize| {
        let packages = source.packages();
        let mut own: Record = record(journal, &packages[number])?;
        across.complete(number, &mut own, |other| record(journal, &packages[other]))?;
        io::Result::Ok(own)
    };
    for number in 0..source.packages().len() {
        let record = whole(number)?;
        tables.write(&record)?;
        add(&mut report, &record);
        tally.add(number, &record);
        pages.extend(record.page);
    }
    let mut rows = Vec::new();
    for (number, place) in tally.shown() {
        let record = whole(number)?;
        let page = record.page.as_ref().map(|name| format!("{PAGES}/{name}"));
        rows.push(tally::ranked(&record, place, page));
    }
    let overview = overview(&tally.finish(rows));
    tables.finish(order.out)?;
    write(&order.out.join(OVERVIEW), overview.as_bytes())?;
    report.pages = pages.len();
    sweep(order.out, &pages)?;
    Ok(report)
}

fn record<T: DeserializeOwned>(journal: &mut Journal, found: &Found) -> io::Result<T> {
    let lost = || {
        let what = format!("{}: {}", journal::NAME, found.path);
        io::Error::new(io::ErrorKind::InvalidData, what)
    };
    journal.record(&found.path)?.ok_or_else(lost)
}

/// The name of the folder or zip.
fn title(material: &Path) -> String {
    let whole = material.canonicalize().unwrap_or_else(|_| material.into());
    let name = match whole.is_dir() {
        true => whole.file_name(),
        false => whole.file_stem(),
    };
    name.map_or_else(|| "材料".into(), |n| n.to_string_lossy().into_owned())
}

/// Writes a file beside its final name and renames it, so that no half-written file is ever seen.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.part"));
    fs::write(&beside, bytes)?;
    fs::rename(beside, path)
}

fn add(report: &mut Report, record: &Record) {
    if record.status == Status::Checked {
        report.checked += 1;
    } else if report.reasons.len() < REASONS {
        report
            .reasons
            .push((record.path.clone(), record.why.clone()));
    }
    report.with_errors += usize::from(record.errors > 0);
    for (sum, count) in
        (report.counts.iter_mut()).zip([record.errors, record.warnings, record.hints])
    {
        *sum += count;
    }
}

/// Takes away pages of packages that are gone or have no page any more.
fn sweep(out: &Path, pages: &HashSet<String>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(out.join(PAGES)) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if !pages.contains(&*entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Grouping;
    use jiheng_engine::Evaluation;
    use jiheng_engine::read::Package;
    use jiheng_engine::rulebook::{Shelf, Unknown};
    use std::sync::atomic::AtomicBool;

    #[test]
    fn names_of_pages_never_lead_out_of_their_folder() {
        for path in [
            "../../etc/passwd",
            "/a",
            "C:\\a",
            "..",
            "con\0",
            "=1+1.docx",
        ] {
            let name = page_name(path);
            assert!(!name.contains(['/', '\\', ':', '\0']), "{name}");
            assert!(!name.trim_end_matches(".html").contains('.'), "{name}");
        }
        assert_ne!(page_name("a b"), page_name("a_b"));
    }

    /// The corridor, with a mistake in it.
    fn erring(
        package: &Package,
        shelf: &Shelf,
        rulebook: Option<&str>,
    ) -> Result<Evaluation, Unknown> {
        let name = package.files.first().map_or("", |f| f.name.as_str());
        assert!(name != "b.html", "a mistake of the program");
        jiheng_engine::evaluate(package, shelf, rulebook)
    }

    #[test]
    fn a_package_on_which_the_program_errs_has_its_row_and_ends_nothing() {
        let dir = std::env::temp_dir().join(format!("jiheng-erring-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let (material, out) = (dir.join("in"), dir.join("out"));
        fs::create_dir_all(&material).expect("made");
        let form = "<p>2023年度部门整体支出绩效评价基础数据表</p><table><tr><td>经费控制情况（万元）</td><td>2022年决算数</td><td>2023年预算数</td><td>2023年决算数</td></tr><tr><td>政府采购金额</td><td>6.00</td><td>6.00</td><td>6.00</td></tr></table>";
        for name in ["a.html", "b.html", "c.html"] {
            fs::write(material.join(name), form).expect("written");
        }
        let stop = AtomicBool::new(false);
        let order = |resume| Order {
            material: &material,
            out: &out,
            grouping: Grouping::Single,
            pages: Pages::All,
            units: None,
            jobs: 2,
            resume,
            shelf: Shelf::embedded(),
            rulebook: None,
            recogniser: None,
            today: (2024, 6, 1),
            stop: &stop,
        };
        let run = |resume| {
            let ending = run_through(erring, &order(resume), &mut |_| {});
            match ending.expect("run") {
                Ending::Finished(report) => report,
                Ending::Stopped(_) => panic!("stopped"),
            }
        };
        let report = run(false);
        assert_eq!((report.progress.total, report.checked), (3, 2));
        let [(path, why)] = report.reasons.as_slice() else {
            panic!("{:?}", report.reasons);
        };
        assert_eq!(path, "b.html");
        assert!(why.contains("错在程序，不在材料"), "{why}");
        let rows = fs::read_to_string(out.join("packages.csv")).expect("read");
        let status = |name: &str| {
            let mut lines = rows.lines();
            let row = lines.find(|l| l.starts_with(name)).unwrap_or_default();
            row.rsplit(',').next().unwrap_or_default().to_string()
        };
        let said = ["a.html", "b.html", "c.html"].map(status);
        assert_eq!(said, ["checked", "failed", "checked"]);
        let pages = fs::read_dir(out.join("pages")).expect("read").count();
        assert_eq!(pages, 2);
        // It is not tried again while nothing changes.
        assert_eq!(run(true).progress.kept, 3);
        let _ = fs::remove_dir_all(dir);
    }
}
