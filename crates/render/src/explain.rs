//! Results and a few words come in; the computed numbers they point to, and the tree of one of them, go out.
//!
//! Each word is matched in order within form title or annex, project name, row label, column label.

use crate::place::one_line;
use crate::results::Results;
use crate::terminal::{Ink, Style};
use crate::width::{pad, width, wrap};
use jiheng_model::label::normalise;
use jiheng_model::scorecard::{Computed, Trace};
use jiheng_model::value::Stated;
use jiheng_model::{Basis, FieldType, Form, Origin};
use std::fmt::Write as _;

/// A computed number that can be explained.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// "附件3 山水项目 · 执行率得分".
    pub name: String,
    /// The number with its tree.
    pub computed: &'a Computed,
    /// What the form states for it.
    pub stated: Option<&'a Stated>,
    /// Why this policy applied, for indicators.
    pub why: &'a str,
    /// The lowest and highest score, for qualitative targets.
    pub band: Option<(String, String)>,
    /// Form titles and annexes, project name, row labels, column labels; comparable.
    fields: [Vec<String>; 4],
}

/// Every computed number of a package in the order of its forms.
pub fn subjects<'a>(results: &Results<'a>) -> Vec<Subject<'a>> {
    let mut out = Vec::new();
    for score in &results.scorecard.forms {
        let Some(form) = results.filing.forms.get(score.form) else {
            continue;
        };
        let name = results.form_name(score.form);
        let plain = |computed: &'a Computed, path: &str, rows: &[&str], columns: &[&str]| Subject {
            name: format!("{name} · {}", computed.label),
            computed,
            stated: form.get(path),
            why: "",
            band: None,
            fields: fields(form, rows, &[columns, &[computed.label.as_str()]].concat()),
        };
        let total = form
            .def
            .label("funds.total.score")
            .split(" · ")
            .next()
            .unwrap_or_default()
            .to_string();
        let rows = [total.as_str(), "预算执行率"];
        out.push(plain(
            &score.execution_rate,
            "funds.total.execution_rate",
            &rows,
            &["执行率"],
        ));
        out.push(plain(
            &score.execution_points,
            "funds.total.score",
            &rows,
            &["执行率得分", "得分"],
        ));
        for indicator in &score.indicators {
            let Some(row) = form.rows("indicators").get(indicator.row) else {
                continue;
            };
            let cell = |column: &str| {
                form.cell("indicators", row, column)
                    .map(|s| one_line(&s.text))
                    .unwrap_or_default()
            };
            let (dimension, criterion, title) =
                (cell("dimension"), cell("criterion"), cell("name"));
            out.push(Subject {
                name: format!("{name} · {title} · 得分"),
                computed: &indicator.score,
                stated: form.cell("indicators", row, "score"),
                why: &indicator.why,
                band: indicator
                    .band
                    .map(|(low, high)| (low.normalize().to_string(), high.normalize().to_string())),
                fields: fields(
                    form,
                    &[&dimension, &criterion, &title],
                    &["得分", "指标得分"],
                ),
            });
        }
        out.push(plain(
            &score.total,
            "total_score",
            &["总分", "合计"],
            &["得分", "总分"],
        ));
    }
    let baseline = results.filing.one("baseline");
    for ratio in &results.scorecard.ratios {
        let form = origin_form(&ratio.trace, results).or(baseline);
        let printed = form.and_then(|f| printed_rate(f, &ratio.trace));
        out.push(Subject {
            name: ratio.label.clone(),
            computed: ratio,
            stated: form.and_then(|f| f.get(printed?)),
            why: "",
            band: None,
            fields: match form {
                Some(form) => {
                    let own = printed.map_or("", |path| form.def.label(path));
                    fields(form, &[&ratio.label], &[&ratio.label, "比率", own])
                }
                None => [
                    Vec::new(),
                    Vec::new(),
                    vec![normalise(&ratio.label)],
                    vec!["比率".into()],
                ],
            },
        });
    }
    out
}

/// The numbers the words point to. Where the last word is the whole label of one of them, only that one.
pub fn find<'a>(results: &Results<'a>, words: &str) -> Vec<Subject<'a>> {
    let words: Vec<String> = words
        .split_whitespace()
        .map(normalise)
        .filter(|w| !w.is_empty())
        .collect();
    let mut found: Vec<Subject<'a>> = subjects(results)
        .into_iter()
        .filter(|s| !words.is_empty() && matches(s, &words))
        .collect();
    if let Some(last) = words.last() {
        let whole = |s: &Subject<'a>| s.fields[2..].iter().flatten().any(|f| f == last);
        let labelled = |s: &Subject<'a>| normalise(&s.computed.label) == *last;
        if found.iter().filter(|s| labelled(s)).count() == 1 {
            found.retain(labelled);
        } else if found.len() > 1 && found.iter().filter(|s| whole(s)).count() == 1 {
            found.retain(whole);
        }
    }
    found
}

/// Each word stands in a field that is not before the field of the word before it.
fn matches(subject: &Subject<'_>, words: &[String]) -> bool {
    let mut from = 0;
    words.iter().all(|word| {
        let hit = (from..subject.fields.len()).find(|i| {
            subject.fields[*i]
                .iter()
                .any(|text| text.contains(word.as_str()))
        });
        match hit {
            Some(index) => {
                from = index;
                true
            }
            None => false,
        }
    })
}

/// The number with its formula, the cells that entered, what the form states, and the articles.
pub fn tree(results: &Results<'_>, subject: &Subject<'_>, style: &Style) -> String {
    let mut out = String::new();
    let value = match (&subject.computed.value, &subject.band) {
        (Some(_), _) => crate::score_sheet::shown(subject.computed),
        (None, Some((low, high))) => format!("{low}–{high}"),
        (None, None) => "不能复算".into(),
    };
    let _ = writeln!(
        out,
        "{}  {}",
        style.paint(Ink::Bold, &subject.name),
        style.paint(Ink::Bold, &value)
    );
    branch(&mut out, results, &subject.computed.trace, "  ", style);
    if !subject.why.is_empty() {
        note(&mut out, "说明", subject.why, style);
    }
    if let Some(stated) = subject.stated {
        let text = if stated.value.is_blank() {
            "空".to_string()
        } else {
            one_line(&stated.text)
        };
        note(
            &mut out,
            "填报",
            &format!("{text}（{}）", results.position(&stated.origin)),
            style,
        );
    }
    let keys = bases(subject.computed);
    for key in &keys {
        if let Some(basis) = results.bases.get(*key) {
            note(&mut out, "依据", &quote(basis), style);
        }
    }
    out
}

/// "财预〔2020〕10号 第十六条：“…”".
pub fn quote(basis: &Basis) -> String {
    let sentence = match basis {
        Basis::Clause { sentence, .. }
        | Basis::Form { sentence, .. }
        | Basis::Practice { sentence, .. } => sentence,
    };
    // Field notes are written in English for the makers of rulebooks; people read printed sentences only.
    let chinese = sentence
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        .count();
    let printed = chinese > sentence.chars().filter(char::is_ascii_alphabetic).count();
    match !printed {
        true => basis.cite(),
        false => format!(
            "{}：“{}”",
            basis.cite(),
            one_line(sentence).trim_end_matches('。')
        ),
    }
}

fn branch(out: &mut String, results: &Results<'_>, trace: &Trace, indent: &str, style: &Style) {
    match trace {
        Trace::Formula {
            formula,
            numbers,
            result,
            inputs,
        } => {
            let _ = writeln!(out, "{indent}= {}", one_line(formula));
            let _ = writeln!(out, "{indent}= {}", one_line(numbers));
            let _ = writeln!(out, "{indent}= {}", one_line(result));
            leaves(out, results, inputs, indent, style);
        }
        other => leaves(out, results, std::slice::from_ref(other), indent, style),
    }
}

fn leaves(out: &mut String, results: &Results<'_>, inputs: &[Trace], indent: &str, style: &Style) {
    let name = |trace: &Trace| match trace {
        Trace::Stated { label, .. } => one_line(label),
        Trace::Parameter { name, .. } => format!("规程包参数 {name}"),
        Trace::Formula { formula, .. } => one_line(formula),
        Trace::Missing { .. } => "不能复算".into(),
    };
    let widest = inputs
        .iter()
        .map(|t| width(&name(t)))
        .filter(|w| *w <= 40)
        .max()
        .unwrap_or(0);
    for (i, input) in inputs.iter().enumerate() {
        let last = i + 1 == inputs.len();
        let corner = style.paint(Ink::Dim, if last { "└" } else { "├" });
        let label = pad(&name(input), widest);
        let deeper = format!("{indent}{} ", if last { " " } else { "│" });
        match input {
            Trace::Stated { text, origin, .. } => {
                let place = style.paint(Ink::Dim, &results.position(origin));
                let text = if text.trim().is_empty() {
                    "空".to_string()
                } else {
                    one_line(text)
                };
                let _ = writeln!(
                    out,
                    "{indent}{corner} {label}  {}  {place}",
                    style.paint(Ink::Bold, &text)
                );
            }
            Trace::Parameter { text, basis, .. } => {
                let cites: Vec<String> = basis
                    .iter()
                    .filter_map(|k| results.bases.get(k))
                    .map(Basis::cite)
                    .collect();
                let _ = writeln!(
                    out,
                    "{indent}{corner} {label}  {}  {}",
                    one_line(text),
                    style.paint(Ink::Dim, &cites.join("；"))
                );
            }
            Trace::Formula {
                numbers,
                result,
                inputs,
                ..
            } => {
                let _ = writeln!(
                    out,
                    "{indent}{corner} {label}  = {} = {}",
                    one_line(numbers),
                    one_line(result)
                );
                leaves(out, results, inputs, &deeper, style);
            }
            Trace::Missing { why } => {
                let _ = writeln!(out, "{indent}{corner} {label}  {}", one_line(why));
            }
        }
    }
}

fn note(out: &mut String, word: &str, text: &str, style: &Style) {
    for (i, line) in wrap(text, style.columns.saturating_sub(8))
        .iter()
        .enumerate()
    {
        let head = if i == 0 {
            style.paint(Ink::Dim, word)
        } else {
            "    ".into()
        };
        let _ = writeln!(out, "  {head}  {line}");
    }
}

/// Keys of the bases of a number and of the parameters that entered it, each once.
fn bases(computed: &Computed) -> Vec<&str> {
    fn walk<'a>(trace: &'a Trace, keys: &mut Vec<&'a str>) {
        match trace {
            Trace::Parameter { basis, .. } => keys.extend(basis.iter().map(String::as_str)),
            Trace::Formula { inputs, .. } => inputs.iter().for_each(|i| walk(i, keys)),
            Trace::Stated { .. } | Trace::Missing { .. } => {}
        }
    }
    let mut keys: Vec<&str> = computed.basis.iter().map(String::as_str).collect();
    walk(&computed.trace, &mut keys);
    let mut seen = std::collections::BTreeSet::new();
    keys.retain(|k| seen.insert(*k));
    keys
}

/// The rate that a form prints beside the numbers of a ratio: the only one in the group of all of them
/// ("staff.control_rate" for "staff.in_post" and "staff.authorized_posts").
fn printed_rate<'a>(form: &'a Form, trace: &Trace) -> Option<&'a str> {
    fn walk<'t>(trace: &'t Trace, origins: &mut Vec<&'t Origin>) {
        match trace {
            Trace::Stated { origin, .. } => origins.push(origin),
            Trace::Formula { inputs, .. } => inputs.iter().for_each(|i| walk(i, origins)),
            Trace::Parameter { .. } | Trace::Missing { .. } => {}
        }
    }
    let mut origins = Vec::new();
    walk(trace, &mut origins);
    let group = |path: &'a str| path.rsplit_once('.').map(|(group, _)| group);
    let fields = || form.def.fields.iter().map(|f| (f, group(f.path.as_str())));
    let mut groups = origins.iter().map(|o| {
        fields()
            .find(|(f, _)| form.get(&f.path).is_some_and(|s| s.origin == **o))?
            .1
    });
    let first = groups.next()??;
    if !groups.all(|g| g == Some(first)) {
        return None;
    }
    let mut rates = fields().filter(|(f, g)| f.ty == FieldType::Rate && *g == Some(first));
    let (rate, _) = rates.next()?;
    rates.next().is_none().then_some(rate.path.as_str())
}

/// The form the first stated input of a tree stands in.
fn origin_form<'a>(trace: &Trace, results: &Results<'a>) -> Option<&'a Form> {
    match trace {
        Trace::Stated { origin, .. } => results.filing.forms.iter().find(|f| {
            f.file == origin.file && origin.table().is_some_and(|t| f.tables.contains(&t))
        }),
        Trace::Formula { inputs, .. } => inputs.iter().find_map(|i| origin_form(i, results)),
        Trace::Parameter { .. } | Trace::Missing { .. } => None,
    }
}

/// The four fields in which words are looked for.
fn fields(form: &Form, rows: &[&str], columns: &[&str]) -> [Vec<String>; 4] {
    let comparable = |texts: &[&str]| {
        texts
            .iter()
            .map(|t| normalise(t))
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
    };
    let printed =
        |stated: &Option<Stated>| stated.as_ref().map(|s| s.text.clone()).unwrap_or_default();
    let (title, annex) = (printed(&form.title), printed(&form.annex));
    let own = form.def.annex.clone().unwrap_or_default();
    let project = form
        .project_name()
        .map(|s| s.text.clone())
        .unwrap_or_default();
    [
        comparable(&[&annex, &own, &title, &form.def.title]),
        comparable(&[&project]),
        comparable(rows),
        comparable(columns),
    ]
}
