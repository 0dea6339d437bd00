//! A `[[rule]]` block comes in; the rule, bound to the forms of a rulebook, goes out.

use super::layer::Item;
use super::problem::Problem;
use super::source::{At, Folder};
use super::table::{Placed, Table, raw_offset};
use super::{Rulebook, extend};
use crate::expr::{self, Bound, On, Scope, Template, Trouble, Type};
use jiheng_model::{Fix, FormDef, RuleInfo, Severity, Status};
use std::borrow::Cow;
use std::sync::Arc;

/// A rule of the rulebook, ready to run.
#[derive(Clone, Debug)]
pub struct DeclaredRule {
    /// What the rule's page says.
    pub info: RuleInfo,
    /// What it runs over: one for each kind of form and each column.
    pub runs: Vec<Run>,
}

/// One condition of a declared rule.
#[derive(Clone, Debug)]
pub struct Run {
    /// The forms or rows it runs over.
    pub on: On,
    /// The column it is about, for rules with `each`.
    pub col: Option<String>,
    /// It only applies where this holds.
    pub when: Option<Bound>,
    /// What must hold.
    pub require: Bound,
    /// The message.
    pub say: Template,
    /// What to do.
    pub advise: Template,
}

/// Names that the evaluator fills in.
pub const GIVEN: &[&str] = &["left", "right", "gap", "unit", "col", "col.label"];

/// A declared rule as written.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// What the rule's page says.
    pub info: RuleInfo,
    /// "baseline", "baseline.projects", "package"; one or several.
    pub on: Vec<Placed>,
    /// Columns it runs over; `{col}` in texts and expressions.
    pub each: Vec<Placed>,
    /// Guard expression.
    pub when: Option<Placed>,
    /// The requirement.
    pub require: Placed,
    /// Message template.
    pub say: Placed,
    /// Advice template.
    pub advise: Placed,
    /// The field whose formula the requirement is: `fix` writes its computed value.
    pub fix: Option<Placed>,
}

const KEYS: &[&str] = &[
    "code",
    "slug",
    "title",
    "on",
    "each",
    "when",
    "require",
    "severity",
    "covers",
    "basis",
    "what",
    "why",
    "advise",
    "say",
    "since",
    "status",
    "overrides",
    "about",
    "fix",
];

/// Reads one block.
pub fn read(table: &Table<'_>, rulebook: &str, problems: &mut Vec<Problem>) -> Item<RuleText> {
    table.only(KEYS, problems);
    let mut need = |key: &str| table.required(key, problems);
    let code = need("code");
    let (slug, title, require) = (need("slug"), need("title"), need("require"));
    let (what, why, advise, say) = (need("what"), need("why"), need("advise"), need("say"));
    let severity = match need("severity") {
        s if s.text == "error" => Severity::Error,
        s if s.text == "warning" => Severity::Warning,
        s if s.text == "hint" => Severity::Hint,
        s => {
            table.problem(
                "K102",
                "severity 应是 error、warning 或 hint",
                &s.at.span,
                problems,
            );
            Severity::Hint
        }
    };
    if !well_formed(&code.text) {
        table.problem(
            "K102",
            "code 应是一个字母加三位数字，例如 A103",
            &code.at.span,
            problems,
        );
    }
    let status = match table.string("status", problems).map(|s| s.text).as_deref() {
        Some("preview") => Status::Preview,
        Some("deprecated") => Status::Deprecated,
        _ => Status::Stable,
    };
    let on = table.strings("on", problems).unwrap_or_default();
    if on.is_empty() {
        table.problem("K102", "缺少 on", &table.span, problems);
    }
    let basis = table.strings("basis", problems).unwrap_or_default();
    let formula = table.string("fix", problems);
    let texts = |list: &[Placed]| list.iter().map(|p| p.text.clone()).collect::<Vec<_>>();
    let info = RuleInfo {
        code: code.text.clone(),
        slug: slug.text.into(),
        title: title.text,
        severity,
        status,
        since: table
            .string("since", problems)
            .map_or_else(|| "0.1.0".into(), |s| s.text),
        covers: texts(&table.strings("covers", problems).unwrap_or_default()).into(),
        basis: texts(&basis),
        what: what.text,
        why: why.text.into(),
        advice: advise.text.as_str().into(),
        fix: formula
            .as_ref()
            .map(|f| Fix::Formula(Cow::Owned(f.text.clone()))),
        rulebook: rulebook.into(),
    };
    let value = RuleText {
        info,
        on,
        each: table.strings("each", problems).unwrap_or_default(),
        when: table.string("when", problems),
        require,
        say,
        advise,
        fix: formula,
    };
    Item {
        label: code.text,
        value,
        at: code.at,
        overrides: table.string("overrides", problems),
        basis,
        parts: Vec::new(),
    }
}

/// Binds a rule to the forms and parameters of a rulebook. What cannot be bound is left out and reported.
pub fn bind(
    item: &Item<RuleText>,
    rulebook: &Rulebook,
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) -> DeclaredRule {
    let text = &item.value;
    let mut runs = Vec::new();
    let columns: Vec<Option<&str>> = if text.each.is_empty() {
        vec![None]
    } else {
        text.each.iter().map(|c| Some(c.text.as_str())).collect()
    };
    for on in &text.on {
        let Some(over) = target(&on.text, &rulebook.forms) else {
            let message = format!("没有表或清单 {}", on.text);
            problems.push(Problem::new("K112", message, extend::spot(folders, &on.at)));
            continue;
        };
        if let Some(field) = &text.fix
            && !has_field(&over, &rulebook.forms, &field.text)
        {
            let message = format!("fix 说的栏 {} 不在 {} 里", field.text, on.text);
            problems.push(Problem::new(
                "K112",
                message,
                extend::spot(folders, &field.at),
            ));
        }
        for col in &columns {
            let scope = Scope {
                forms: &rulebook.forms,
                parameters: &rulebook.parameters,
                on: &over,
                col: *col,
            };
            runs.extend(run(text, &scope, folders, problems));
        }
    }
    DeclaredRule {
        info: text.info.clone(),
        runs,
    }
}

/// "package", "baseline" or "baseline.projects".
fn target(on: &str, forms: &[Arc<FormDef>]) -> Option<On> {
    if on == "package" {
        return Some(On::Package);
    }
    let form = |id: &str| forms.iter().find(|f| f.id == id);
    if form(on).is_some() {
        return Some(On::Form(on.into()));
    }
    let (id, list) = on.split_once('.')?;
    form(id)?.list(list)?;
    Some(On::Rows(id.into(), list.into()))
}

/// Whether a form has a field whose path ends so.
fn has_field(on: &On, forms: &[Arc<FormDef>], name: &str) -> bool {
    let On::Form(id) = on else { return false };
    let form = forms.iter().find(|f| *f.id == **id);
    let is = |path: &str| {
        path.strip_suffix(name)
            .is_some_and(|p| p.is_empty() || p.ends_with('.'))
    };
    form.is_some_and(|f| f.fields.iter().any(|f| is(&f.path)))
}

fn run(
    text: &RuleText,
    scope: &Scope<'_>,
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) -> Option<Run> {
    let before = problems.len();
    let require = condition(&text.require, scope, folders, problems);
    let when = text
        .when
        .as_ref()
        .map(|w| condition(w, scope, folders, problems));
    let mut template = |placed: &Placed| match Template::read(&placed.text, GIVEN, scope) {
        Ok(template) => Some(template),
        Err(trouble) => {
            problems.push(inside(&placed.at, trouble, folders));
            None
        }
    };
    let (say, advise) = (template(&text.say), template(&text.advise));
    if problems.len() > before {
        return None;
    }
    let when = match when {
        Some(bound) => Some(bound?),
        None => None,
    };
    Some(Run {
        on: scope.on.clone(),
        col: scope.col.map(str::to_string),
        when,
        require: require?,
        say: say?,
        advise: advise?,
    })
}

fn condition(
    placed: &Placed,
    scope: &Scope<'_>,
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) -> Option<Bound> {
    let bound = expr::parse(&placed.text).and_then(|tree| match expr::bind(&tree, scope)? {
        (bound, Type::Truth) => Ok(bound),
        (_, ty) => Err(Trouble::new(
            "K110",
            format!("这里应是一个条件，却是{}", ty.chinese()),
            tree.span,
        )),
    });
    match bound {
        Ok(bound) => Some(bound),
        Err(trouble) => {
            problems.push(inside(&placed.at, trouble, folders));
            None
        }
    }
}

/// A problem at bytes of a string's value: the places inside the string in the file.
fn inside(at: &At, trouble: Trouble, folders: &[Folder]) -> Problem {
    let raw = super::layer::source_of(folders, at).and_then(|s| s.text.get(at.span.clone()));
    let spot = |span: &std::ops::Range<usize>| {
        let mut at = at.clone();
        if let Some(raw) = raw {
            let start = at.span.start;
            at.span = start + raw_offset(raw, span.start)..start + raw_offset(raw, span.end);
        }
        extend::spot(folders, &at)
    };
    let problem = Problem::new(trouble.code, trouble.message, spot(&trouble.span));
    match &trouble.also {
        Some(other) => problem.and(spot(other)),
        None => problem,
    }
}

/// A letter of a family and three digits.
fn well_formed(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 4
        && b"RFAXINEPK".contains(&bytes[0])
        && bytes[1..].iter().all(u8::is_ascii_digit)
}
