//! Last year's filing and the name of a project come in; the project's form and line of last year go out.
//!
//! The same name by letters or by meaning decides; else the one name that is most alike, if it is alike enough.

use crate::check::projects::{likeness, same_name};
use crate::rulebook::Rulebook;
use crate::words::same;
use jiheng_model::form::{Form, FormDef, Row};
use jiheng_model::{Filing, label};

/// Where last year's filing has a project.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before<'a> {
    /// Its own form.
    pub form: Option<&'a Form>,
    /// The baseline form and its row in it.
    pub line: Option<(&'a Form, &'a Row)>,
}

/// What last year's filing has of a project: the same name by letters or by meaning, else the one that is most alike.
pub(super) fn before<'a>(
    rulebook: &Rulebook,
    last: Option<&'a Filing>,
    name: &str,
    def: &FormDef,
) -> Before<'a> {
    let mut found = Before {
        form: None,
        line: None,
    };
    let Some(last) = last else {
        return found;
    };
    let forms: Vec<(String, &Form)> = last
        .forms
        .iter()
        .filter(|f| f.def.id == def.id)
        .filter_map(|f| Some((f.project_name()?.text.clone(), f)))
        .collect();
    found.form = the_same(rulebook, name, &forms).copied();
    let baselines = last
        .forms
        .iter()
        .filter(|f| f.def.list("projects").is_some());
    let lines: Vec<(String, (&Form, &Row))> = baselines
        .flat_map(|f| f.rows("projects").iter().map(move |r| (f, r)))
        .filter_map(|(f, r)| Some((bare(&f.cell("projects", r, "name")?.text), (f, r))))
        .collect();
    found.line = the_same(rulebook, name, &lines).copied();
    found
}

fn the_same<'t, T>(rulebook: &Rulebook, name: &str, named: &'t [(String, T)]) -> Option<&'t T> {
    if let Some((_, found)) = named.iter().find(|(n, _)| same_name(n, name)) {
        return Some(found);
    }
    let vocabulary = rulebook.vocabulary();
    let own = label::normalise(name);
    let core = same::core(vocabulary, &own);
    let mut meant = named.iter().filter(|(n, _)| {
        let n = label::normalise(n);
        same::same((&own, &core), (&n, &same::core(vocabulary, &n))).is_some()
    });
    if let (Some((_, found)), None) = (meant.next(), meant.next()) {
        return Some(found);
    }
    let least = rulebook.number("year_names_alike")?;
    let mut alike: Vec<_> = named
        .iter()
        .map(|(n, t)| (likeness(n, name), t))
        .filter(|(l, _)| *l >= least)
        .collect();
    alike.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    match alike.as_slice() {
        [(best, found), rest @ ..] if rest.first().is_none_or(|(l, _)| l < best) => Some(*found),
        _ => None,
    }
}

/// A name without the number before it ("3、 山水项目").
pub(super) fn bare(name: &str) -> String {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.len() < name.len() && rest.starts_with(['、', '.', '．']) {
        true => label::trim(rest.trim_start_matches(['、', '.', '．'])).to_string(),
        false => label::trim(name).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    #[test]
    fn a_project_is_found_by_letters_by_meaning_and_by_likeness_never_by_chance() {
        let rulebook = &Shelf::embedded().rulebooks["cn/mof/2020"];
        let named: Vec<(String, usize)> =
            ["渠道清淤", "2022至2024年山水项目", "甲村道路", "乙村道路"]
                .iter()
                .enumerate()
                .map(|(at, name)| (name.to_string(), at))
                .collect();
        let found = |name: &str| the_same(rulebook, name, &named).copied();
        assert_eq!(found("渠道清淤项目"), Some(0));
        assert_eq!(found("2022年至2024年山水项目"), Some(1));
        assert_eq!(found("丙村道路"), None);
        assert_eq!(found("普查"), None);
        assert_eq!(bare("3、 山水项目"), "山水项目");
        assert_eq!(bare("2024年普查"), "2024年普查");
    }
}
