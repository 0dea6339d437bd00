//! The file of labelled indicators comes in; how often their words are judged right goes out as tables.
//!
//! Half of the file may be looked at when lexicons are changed, the other half only measures them.

use jiheng_engine::rulebook::{Rulebook, Shelf};
use jiheng_engine::words::{Kind, kind, measure, name};
use jiheng_model::{label, parse};
use std::fmt::Write as _;

/// The labelled names, from the root of the repository.
const FILE: &str = "rulebooks/cn/mof/2020/words/indicators.tsv";
/// The rulebook whose lexicons are measured.
const RULEBOOK: &str = "cn/mof/2020";

/// A name with what it truly is.
struct Label {
    held: bool,
    kind: Kind,
    measurable: Option<bool>,
    name: String,
    target: String,
}

/// What was judged of a name.
struct Judged {
    kind: Option<Kind>,
    sure: bool,
    measurable: Option<bool>,
    because: String,
}

/// Counts of one half of the file.
#[derive(Default)]
struct Counts {
    /// Truth by row, judgement by column, the last column for none.
    kinds: [[usize; 7]; 6],
    sure: usize,
    sure_right: usize,
    /// Measurable: rightly yes, wrongly yes, rightly no, wrongly no, not said.
    measure: [usize; 5],
}

/// Prints the tables; `--examples` adds what the tuning half gets wrong.
pub fn words(args: &[&str]) -> Result<(), String> {
    print!("{}", page()?);
    if args.contains(&"--examples") {
        let (labels, rulebook) = (labels()?, rulebook()?);
        for label in labels.iter().filter(|l| !l.held) {
            let judged = judge(rulebook, label);
            if judged.kind != Some(label.kind) {
                let said = judged.kind.map_or("不知", Kind::chinese);
                let sure = if judged.sure { "（确定）" } else { "" };
                println!(
                    "{} → {said}{sure} {}: {} {}",
                    label.kind.chinese(),
                    judged.because,
                    label.name,
                    label.target
                );
            }
            if label.measurable.is_some() && judged.measurable != label.measurable {
                println!(
                    "measurable {:?} → {:?}: {} {}",
                    label.measurable, judged.measurable, label.name, label.target
                );
            }
        }
    }
    Ok(())
}

/// The section of docs/accuracy.md on the words of indicators.
pub fn page() -> Result<String, String> {
    let (labels, rulebook) = (labels()?, rulebook()?);
    let [mut tuned, mut held] = [Counts::default(), Counts::default()];
    for label in &labels {
        let half = if label.held { &mut held } else { &mut tuned };
        half.count(label, &judge(rulebook, label));
    }
    let mut page = String::from("\n## 按用语判断指标\n\n");
    let _ = writeln!(
        page,
        "{} 个三级指标的名称，类由人标注（`{FILE}`）。“用来衡量”的一半在修改词表时不看。\
“说对”是判断出的类与标注相同；“不说”是没有词可依；只有“确定”的判断会成为发现。\n",
        labels.len()
    );
    for (title, counts) in [("用来衡量的一半", &held), ("可对照的一半", &tuned)] {
        counts.write(&mut page, title);
    }
    Ok(page)
}

impl Counts {
    fn count(&mut self, label: &Label, judged: &Judged) {
        let row = number(label.kind);
        let column = judged.kind.map_or(Kind::ALL.len(), number);
        self.kinds[row][column] += 1;
        if judged.sure {
            self.sure += 1;
            self.sure_right += usize::from(judged.kind == Some(label.kind));
        }
        match (label.measurable, judged.measurable) {
            (Some(true), Some(true)) => self.measure[0] += 1,
            (Some(false), Some(true)) => self.measure[1] += 1,
            (Some(false), Some(false)) => self.measure[2] += 1,
            (Some(true), Some(false)) => self.measure[3] += 1,
            (Some(_), None) => self.measure[4] += 1,
            (None, _) => {}
        }
    }

    fn right(&self) -> usize {
        (0..Kind::ALL.len()).map(|k| self.kinds[k][k]).sum()
    }

    fn total(&self) -> usize {
        self.kinds.iter().flatten().sum()
    }

    fn write(&self, page: &mut String, title: &str) {
        let (right, total) = (self.right(), self.total());
        let unsaid: usize = self.kinds.iter().map(|row| row[Kind::ALL.len()]).sum();
        let _ = writeln!(
            page,
            "{title}：{total} 个，说对 {right} 个（{}），不说 {unsaid} 个；确定的 {} 个，其中说对 {} 个（{}）。\n",
            percent(right, total),
            self.sure,
            self.sure_right,
            percent(self.sure_right, self.sure)
        );
        let _ = writeln!(
            page,
            "| 标注 \\ 判断 | {} | 不说 | 查全 | 查准 |",
            Kind::ALL.map(Kind::chinese).join(" | ")
        );
        let _ = writeln!(page, "|---{}|", "|---:".repeat(Kind::ALL.len() + 3));
        for kind in Kind::ALL {
            let row = self.kinds[number(kind)];
            let judged: usize = self.kinds.iter().map(|r| r[number(kind)]).sum();
            let cells = row.map(|n| n.to_string()).join(" | ");
            let own = row[number(kind)];
            let _ = writeln!(
                page,
                "| {} | {cells} | {} | {} |",
                kind.chinese(),
                percent(own, row.iter().sum()),
                percent(own, judged)
            );
        }
        let [yes, wrong_yes, no, wrong_no, unsaid] = self.measure;
        let _ = writeln!(
            page,
            "\n指标值能否衡量：不能衡量的 {} 个中找到 {no} 个，另误报 {wrong_no} 个；能衡量的说对 {yes} 个，错认为能的 {wrong_yes} 个，不说 {unsaid} 个。\n",
            no + wrong_yes,
        );
    }
}

fn number(kind: Kind) -> usize {
    Kind::ALL
        .iter()
        .position(|k| *k == kind)
        .unwrap_or_default()
}

fn percent(part: usize, all: usize) -> String {
    match all {
        0 => "—".into(),
        all => format!("{}.{}%", part * 100 / all, part * 1000 / all % 10),
    }
}

fn rulebook() -> Result<&'static Rulebook, String> {
    let found = Shelf::embedded().rulebooks.get(RULEBOOK);
    found
        .map(|rulebook| &**rulebook)
        .ok_or_else(|| format!("no rulebook {RULEBOOK}"))
}

fn judge(rulebook: &Rulebook, label: &Label) -> Judged {
    let vocabulary = rulebook.vocabulary();
    let name = label::normalise(&label.name);
    let target = kind::Target {
        text: &label.target,
        value: &parse::parse(&label.target),
    };
    let kind = kind::kind(vocabulary, name::bare(&name), Some(&target));
    let target = measure::measure(vocabulary, &name, &target);
    Judged {
        because: kind.because(),
        kind: kind.kind,
        sure: kind.sure,
        measurable: target.measurable(),
    }
}

fn labels() -> Result<Vec<Label>, String> {
    let path = crate::root().join(FILE);
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let lines = text.lines().filter(|l| !l.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [half, kind, measurable, name, target, _] = fields[..] else {
                return Err(format!("{FILE}: {line}"));
            };
            Ok(Label {
                held: half == "held",
                kind: Kind::of_key(kind).ok_or_else(|| format!("{FILE}: {line}"))?,
                measurable: match measurable {
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => None,
                },
                name: name.into(),
                target: target.into(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_half_that_only_measures_is_judged_well() {
        let (labels, rulebook) = (labels().unwrap(), rulebook().unwrap());
        let mut held = Counts::default();
        for label in labels.iter().filter(|l| l.held) {
            held.count(label, &judge(rulebook, label));
        }
        let mut page = String::new();
        held.write(&mut page, "held");
        eprintln!("{page}");
        assert!(held.total() >= 200, "{page}");
        // Of four names three are judged right, of sure judgements nineteen of twenty.
        assert!(held.right() * 4 >= held.total() * 3, "{page}");
        assert!(held.sure_right * 20 >= held.sure * 19, "{page}");
        // What is called not measurable is so.
        let [_, wrong_yes, no, wrong_no, _] = held.measure;
        assert!(wrong_no * 20 <= no, "{page}");
        assert!(no * 10 >= (no + wrong_yes) * 8, "{page}");
    }
}
