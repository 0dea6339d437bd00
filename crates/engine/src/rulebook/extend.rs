//! What each folder defines comes in; whole rulebooks, merged by label along `extends`, go out.

use super::declared::RuleText;
use super::layer::{Item, Layer};
use super::policies::{self, PolicyText};
use super::problem::Problem;
use super::source::{At, Folder};
use super::{Parameter, Rulebook, layer};
use jiheng_model::Basis;
use std::collections::BTreeMap;

/// A definition in force and the rulebook it comes from.
#[derive(Clone)]
struct Held<'a, T> {
    item: &'a Item<T>,
    from: usize,
}

/// A merged rulebook, and the definitions in force with their places.
#[derive(Default)]
pub struct Merged<'a> {
    /// The rulebook; its rules are not bound to forms yet.
    pub rulebook: Rulebook,
    /// Rules in force.
    pub rules: Vec<&'a Item<RuleText>>,
    /// Parameters in force, by name.
    pub parameters: BTreeMap<&'a str, &'a Item<Parameter>>,
    /// Scoring policies in force, by name.
    pub policies: BTreeMap<&'a str, &'a Item<PolicyText>>,
    /// Bases in force, by key.
    pub bases: BTreeMap<&'a str, &'a Item<Basis>>,
}

/// Merges the layers of a chain; the last one is the rulebook itself.
pub fn merge<'a>(
    chain: &[usize],
    layers: &'a [Layer],
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) -> Merged<'a> {
    let Some(own) = chain.last().map(|i| &layers[*i]) else {
        return Merged::default();
    };
    let merger = Merger {
        layers,
        folders,
        chain,
    };
    let parameters = items(merger.merge("参数", |l| &l.parameters, problems));
    let bases = items(merger.merge("依据", |l| &l.bases, problems));
    let policies = items(merger.merge("赋分办法", |l| &l.policies, problems));
    let rules = merger.merge("规则", |l| &l.rules, problems);
    let library = items(merger.merge("指标", |l| &l.library, problems));
    let rulebook = Rulebook {
        id: own.id.clone(),
        title: own.title.clone(),
        version: own.version.clone(),
        chain: chain.iter().map(|i| layers[*i].id.clone()).collect(),
        in_force: own.in_force,
        choose: own.choose.clone(),
        forms: Vec::new(),
        parameters: values(&parameters),
        bases: values(&bases),
        policies: BTreeMap::new(),
        rules: Vec::new(),
        library: library.values().map(|i| i.value.clone()).collect(),
        terms: std::sync::OnceLock::new(),
        vocabulary: std::sync::OnceLock::new(),
        lexicons: Default::default(),
    };
    let mut merged = Merged {
        rulebook,
        rules: rules.into_values().map(|h| h.item).collect(),
        parameters,
        policies,
        bases,
    };
    merged.rulebook.policies = policies::complete(&merged, &own.policies, folders, problems);
    merged
}

fn items<'a, T>(held: BTreeMap<&'a str, Held<'a, T>>) -> BTreeMap<&'a str, &'a Item<T>> {
    held.into_iter().map(|(k, h)| (k, h.item)).collect()
}

fn values<T: Clone>(items: &BTreeMap<&str, &Item<T>>) -> BTreeMap<String, T> {
    let value = |(k, item): (&&str, &&Item<T>)| (k.to_string(), item.value.clone());
    items.iter().map(value).collect()
}

/// The layers that make up a rulebook, bases first, itself last.
pub fn chain(
    index: usize,
    layers: &[Layer],
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) -> Vec<usize> {
    let mut chain = Vec::new();
    walk(
        index,
        layers,
        folders,
        &mut Vec::new(),
        &mut chain,
        problems,
    );
    chain
}

fn walk(
    index: usize,
    layers: &[Layer],
    folders: &[Folder],
    open: &mut Vec<usize>,
    chain: &mut Vec<usize>,
    problems: &mut Vec<Problem>,
) {
    if chain.contains(&index) {
        return;
    }
    open.push(index);
    for parent in &layers[index].extends {
        let spot = || spot(folders, &parent.at);
        match layers.iter().position(|l| l.id == parent.text) {
            Some(p) if open.contains(&p) => problems.push(Problem::new(
                "K106",
                format!("{} 的继承绕回了自己", parent.text),
                spot(),
            )),
            Some(p) => walk(p, layers, folders, open, chain, problems),
            None => problems.push(Problem::new(
                "K106",
                format!("没有规程包 {}", parent.text),
                spot(),
            )),
        }
    }
    open.pop();
    chain.push(index);
}

struct Merger<'a, 'b> {
    layers: &'a [Layer],
    folders: &'b [Folder],
    chain: &'b [usize],
}

impl<'a> Merger<'a, '_> {
    /// Merges one kind of definition by label, bases first.
    fn merge<T: 'a>(
        &self,
        kind: &str,
        of: impl Fn(&'a Layer) -> &'a Vec<Item<T>>,
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<&'a str, Held<'a, T>> {
        let mut held: BTreeMap<&str, Held<'_, T>> = BTreeMap::new();
        for &index in self.chain {
            for item in of(&self.layers[index]) {
                let earlier = held.get(item.label.as_str());
                self.judge(kind, item, index, (earlier, &of), problems);
                let same_level = earlier.is_some_and(|e| !self.inherits(index, e.from));
                if !same_level {
                    held.insert(item.label.as_str(), Held { item, from: index });
                }
            }
        }
        held
    }

    /// Says what is wrong with a definition, given the one of the same label that holds so far.
    fn judge<T: 'a>(
        &self,
        kind: &str,
        item: &Item<T>,
        index: usize,
        (earlier, of): (
            Option<&Held<'_, T>>,
            &impl Fn(&'a Layer) -> &'a Vec<Item<T>>,
        ),
        problems: &mut Vec<Problem>,
    ) {
        let spot = |at: &At| spot(self.folders, at);
        if let Some(overrides) = &item.overrides {
            let names = |base: &&usize| {
                let layer = &self.layers[**base];
                let defined = || of(layer).iter().any(|i| i.label == item.label);
                format!("{}:{}", layer.id, item.label) == overrides.text && defined()
            };
            let bases = self
                .chain
                .iter()
                .filter(|base| self.inherits(index, **base));
            if bases.clone().find(names).is_none() {
                let message = format!(
                    "overrides 指的 {} 找不到；应写作“上级规程包:{}”",
                    overrides.text, item.label
                );
                problems.push(Problem::new("K203", message, spot(&overrides.at)));
            }
        }
        let Some(earlier) = earlier else { return };
        if !self.inherits(index, earlier.from) {
            let message = format!("{kind} {} 在同一级定义了两次，不知道以哪处为准", item.label);
            problems
                .push(Problem::new("K201", message, spot(&item.at)).and(spot(&earlier.item.at)));
        } else if item.overrides.is_none() {
            let from = &self.layers[earlier.from].id;
            let message = format!(
                "{kind} {} 改了 {from} 的定义，没有注明；有意改动的写 overrides = \"{from}:{}\"",
                item.label, item.label
            );
            problems
                .push(Problem::new("K202", message, spot(&item.at)).and(spot(&earlier.item.at)));
        }
    }

    /// `index` extends `base`, directly or not.
    fn inherits(&self, index: usize, base: usize) -> bool {
        index != base && chain(index, self.layers, self.folders, &mut Vec::new()).contains(&base)
    }
}

/// A problem at a place and at others that it has to do with.
pub fn problem(
    folders: &[Folder],
    code: &'static str,
    message: String,
    at: &At,
    others: &[&At],
) -> Problem {
    let problem = Problem::new(code, message, spot(folders, at));
    let others = others.iter().map(|at| spot(folders, at));
    others.fold(problem, Problem::and)
}

/// The spot of a place in any folder.
pub fn spot(folders: &[Folder], at: &At) -> super::Spot {
    match layer::source_of(folders, at) {
        Some(source) => source.spot(&at.span),
        None => super::Spot {
            file: at.path.clone(),
            ..super::Spot::default()
        },
    }
}
