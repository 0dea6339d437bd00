//! `[policy.NAME]` tables come in; named scoring policies (赋分办法), completed along `like`, go out.
//!
//! A policy says how a score follows from a target and an actual value. What it does not say, it
//! takes from the policy it is `like`; what none says is plain proportion without thresholds or caps.

use super::extend::{self, Merged};
use super::layer::Item;
use super::problem::Problem;
use super::source::Folder;
use super::table::{self, Placed, Table};
use super::{Band, Rulebook};
use jiheng_model::Decimal;
use std::collections::BTreeMap;
use toml::de::DeValue;

/// A value of a policy and the bases it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// The value.
    pub is: T,
    /// Keys of its bases.
    pub basis: Vec<String>,
}

/// A named scoring policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scoring {
    /// "mof-2020-10".
    pub name: String,
    /// Chinese title, shown in explanations.
    pub title: String,
    /// The rulebook that defines it.
    pub from: String,
    /// Keys of the bases of the policy as a whole.
    pub basis: Vec<String>,
    /// Completion below which nothing is given (及格门槛); above it, by the share beyond it.
    pub pass: Option<Part<Decimal>>,
    /// Shares of the points by execution rate; none: by proportion.
    pub execution: Option<Part<Vec<Band>>>,
    /// Points of 预算执行率 in forms that do not print them.
    pub execution_points: Option<Part<Decimal>>,
    /// Shares of the points by 满意度.
    pub satisfaction: Option<Part<Vec<Band>>>,
    /// Grades of a qualitative target: the lowest share of each, highest first.
    pub qualitative: Option<Part<Vec<Band>>>,
    /// What becomes of points when far more was done than the target asked.
    pub over: Option<Part<Over>>,
    /// The highest total by execution rate (封顶).
    pub cap: Option<Part<Vec<Band>>>,
    /// The column whose percentage folds a single score into the total (折算得分).
    pub folded: Option<Part<String>>,
    /// Ids of the forms it holds for; none: all.
    pub forms: Vec<String>,
    /// Words of a printed rule (评分标准, 说明) by which a form or a row says that it holds.
    pub said: Vec<String>,
}

/// Over-achievement (完成值高于指标值较多).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// From this completion on (1.3 = 130 %).
    pub from: Decimal,
    /// How much of the points goes for each whole by which the completion is beyond `from`; none: the judge decides.
    pub less: Option<Decimal>,
    /// The deduction holds by itself; else a person must find first that the target was set too low.
    pub automatic: bool,
}

/// A policy as written.
#[derive(Clone, Debug)]
pub struct PolicyText {
    /// What it says itself.
    pub own: Scoring,
    /// The policy it takes the rest from.
    pub like: Option<Placed>,
    /// The places of its parts, by their keys.
    pub parts: BTreeMap<String, Placed>,
    /// The bases of its parts, with their places.
    pub bases: Vec<Placed>,
    /// The words and forms by which it is chosen, with their places.
    pub when: Vec<Placed>,
    /// The bands of its parts with their places, by key.
    pub bands: BTreeMap<String, Vec<Placed>>,
}

/// The parts that are bands by execution rate, satisfaction, grade.
pub const BANDS: [&str; 4] = ["execution", "satisfaction", "qualitative", "cap"];

impl Rulebook {
    /// The policy of this name.
    pub fn policy(&self, name: &str) -> Option<&Scoring> {
        self.policies.get(name)
    }

    /// The policy that holds for forms of a kind that say nothing of their own.
    ///
    /// The rulebook nearest to the place speaks first; of its policies one that names the form.
    pub fn policy_of_form(&self, form: &str) -> Option<&Scoring> {
        let holds = |p: &&Scoring| p.said.is_empty() && self.of_form(p, form);
        self.policies
            .values()
            .filter(holds)
            .max_by_key(|p| (self.nearness(p), !p.forms.is_empty()))
    }

    /// The policy that a printed rule names, by the longest of its words.
    pub fn policy_said(&self, form: &str, text: &str) -> Option<&Scoring> {
        let mut best: Option<(usize, Option<usize>, &Scoring)> = None;
        for policy in self.policies.values().filter(|p| self.of_form(p, form)) {
            let words = policy.said.iter().filter(|w| text.contains(w.as_str()));
            let Some(longest) = words.map(|w| w.chars().count()).max() else {
                continue;
            };
            let rank = (longest, self.nearness(policy));
            if best.is_none_or(|(length, near, _)| rank > (length, near)) {
                best = Some((rank.0, rank.1, policy));
            }
        }
        best.map(|(_, _, policy)| policy)
    }

    fn of_form(&self, policy: &Scoring, form: &str) -> bool {
        policy.forms.is_empty() || policy.forms.iter().any(|f| f == form)
    }

    fn nearness(&self, policy: &Scoring) -> Option<usize> {
        self.chain.iter().position(|id| *id == policy.from)
    }
}

/// Reads the policies of one file.
pub fn read(root: &Table<'_>, from: &str, problems: &mut Vec<Problem>) -> Vec<Item<PolicyText>> {
    root.named("policy", problems)
        .into_iter()
        .map(|(name, table)| policy(name, &table, from, problems))
        .collect()
}

fn policy(
    name: Placed,
    table: &Table<'_>,
    from: &str,
    problems: &mut Vec<Problem>,
) -> Item<PolicyText> {
    let known = [
        "title",
        "like",
        "basis",
        "pass",
        "execution",
        "execution_points",
        "satisfaction",
        "qualitative",
        "over",
        "cap",
        "folded",
        "forms",
        "said",
        "overrides",
        "about",
    ];
    table.only(&known, problems);
    let basis = table.strings("basis", problems).unwrap_or_default();
    let keys: Vec<String> = basis.iter().map(|b| b.text.clone()).collect();
    let forms = table.strings("forms", problems).unwrap_or_default();
    let said = table.strings("said", problems).unwrap_or_default();
    let mut reader = Parts {
        table,
        keys: &keys,
        problems,
        parts: BTreeMap::new(),
        bases: Vec::new(),
        bands: BTreeMap::new(),
    };
    let own = Scoring {
        name: name.text.clone(),
        title: String::new(),
        from: from.to_string(),
        basis: keys.clone(),
        pass: reader.number("pass"),
        execution: reader.bands("execution"),
        execution_points: reader.number("execution_points"),
        satisfaction: reader.bands("satisfaction"),
        qualitative: reader.bands("qualitative"),
        over: reader.over(),
        cap: reader.bands("cap"),
        folded: reader.word("folded"),
        forms: forms.iter().map(|p| p.text.clone()).collect(),
        said: said.iter().map(|p| p.text.clone()).collect(),
    };
    let (parts, bases, bands) = (reader.parts, reader.bases, reader.bands);
    let title = table.required("title", problems).text;
    Item {
        label: name.text,
        value: PolicyText {
            own: Scoring { title, ..own },
            like: table.string("like", problems),
            parts,
            bases,
            when: said.into_iter().chain(forms).collect(),
            bands,
        },
        at: name.at,
        overrides: table.string("overrides", problems),
        basis,
        parts: Vec::new(),
    }
}

/// Reads the parts of a policy: a value alone, or a table with the value under `is` and its own `basis`.
struct Parts<'a, 'b> {
    table: &'b Table<'a>,
    keys: &'b [String],
    problems: &'b mut Vec<Problem>,
    parts: BTreeMap<String, Placed>,
    bases: Vec<Placed>,
    bands: BTreeMap<String, Vec<Placed>>,
}

impl<'a> Parts<'a, '_> {
    /// The value of a part, its bases, and the table it stands in when it is one.
    fn part(
        &mut self,
        key: &str,
        more: &[&str],
    ) -> Option<(&'a toml::Spanned<DeValue<'a>>, Vec<String>, Table<'a>)> {
        let value = self.table.get(key)?;
        let place = Placed {
            text: key.to_string(),
            at: self.table.place(&value.span()),
        };
        self.parts.insert(key.to_string(), place);
        let Some(inner) = table::as_table(self.table.source, value) else {
            return Some((value, self.keys.to_vec(), self.table.clone()));
        };
        inner.only(&[&["is", "basis"], more].concat(), self.problems);
        let own = inner.strings("basis", self.problems);
        let basis = match &own {
            Some(own) => own.iter().map(|b| b.text.clone()).collect(),
            None => self.keys.to_vec(),
        };
        self.bases.extend(own.into_iter().flatten());
        let is = inner.get("is").unwrap_or(value);
        Some((is, basis, inner))
    }

    fn number(&mut self, key: &str) -> Option<Part<Decimal>> {
        let (value, basis, _) = self.part(key, &[])?;
        match table::decimal(value.get_ref()) {
            Some(is) => Some(Part { is, basis }),
            None => self.malformed(key, "一个数，小数写成带引号的文字", value),
        }
    }

    fn word(&mut self, key: &str) -> Option<Part<String>> {
        let (value, basis, _) = self.part(key, &[])?;
        match table::word(value.get_ref()) {
            Some(is) => Some(Part { is, basis }),
            None => self.malformed(key, "一段文字", value),
        }
    }

    fn bands(&mut self, key: &str) -> Option<Part<Vec<Band>>> {
        let (value, basis, _) = self.part(key, &[])?;
        let DeValue::Array(items) = value.get_ref() else {
            return self.malformed(key, "一组分档 { min = …, is = … }", value);
        };
        let mut is = Vec::new();
        let mut places = Vec::new();
        for item in items.iter() {
            let read = table::as_table(self.table.source, item)
                .and_then(|table| super::layer::band(&table, self.problems));
            match read {
                Some(band) => {
                    places.push(Placed {
                        text: band.is.clone(),
                        at: self.table.place(&item.span()),
                    });
                    is.push(band);
                }
                None => return self.malformed(key, "一组分档 { min = …, is = … }", item),
            }
        }
        self.bands.insert(key.to_string(), places);
        Some(Part { is, basis })
    }

    fn over(&mut self) -> Option<Part<Over>> {
        let (value, basis, inner) = self.part("over", &["from", "less", "automatic"])?;
        let number = |key: &str| inner.get(key).map(|v| table::decimal(v.get_ref()));
        let automatic = inner.get("automatic").map(|v| match v.get_ref() {
            DeValue::Boolean(truth) => Some(*truth),
            _ => None,
        });
        match (number("from"), number("less"), automatic) {
            (Some(Some(from)), less @ (None | Some(Some(_))), automatic)
                if automatic != Some(None) =>
            {
                let is = Over {
                    from,
                    less: less.flatten(),
                    automatic: automatic.flatten().unwrap_or(false),
                };
                Some(Part { is, basis })
            }
            _ => self.malformed(
                "over",
                "{ from = \"1.3\", less = \"1\", automatic = false }",
                value,
            ),
        }
    }

    fn malformed<T>(
        &mut self,
        key: &str,
        shape: &str,
        value: &toml::Spanned<DeValue<'_>>,
    ) -> Option<T> {
        let message = format!("{key} 应是{shape}");
        self.table
            .problem("K102", message, &value.span(), self.problems);
        None
    }
}

/// Completes the policies in force: what one does not say comes from the one it is like.
pub fn complete(
    merged: &Merged<'_>,
    own: &[Item<PolicyText>],
    folders: &[Folder],
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Scoring> {
    let mut all = BTreeMap::new();
    for (name, item) in &merged.policies {
        let mut policy = item.value.own.clone();
        let mut seen = vec![*name];
        let mut at = *item;
        while let Some(like) = &at.value.like {
            let next = merged.policies.get(like.text.as_str());
            let message = match next {
                None => format!("赋分办法 {} 所仿照的 {} 找不到", at.label, like.text),
                Some(_) if seen.contains(&like.text.as_str()) => {
                    format!("赋分办法 {} 的仿照绕回了自己", at.label)
                }
                Some(next) => {
                    seen.push(like.text.as_str());
                    at = *next;
                    policy.take_from(&at.value.own);
                    continue;
                }
            };
            // Said where it is written, once.
            if own.iter().any(|o| o.at == at.at) {
                let spot = |at| extend::spot(folders, at);
                let problem = Problem::new("K123", message, spot(&like.at)).and(spot(&at.at));
                if !problems.contains(&problem) {
                    problems.push(problem);
                }
            }
            break;
        }
        all.insert(name.to_string(), policy);
    }
    all
}

impl Scoring {
    /// Fills what is not said from another policy.
    fn take_from(&mut self, other: &Scoring) {
        fn fill<T: Clone>(own: &mut Option<T>, other: &Option<T>) {
            if own.is_none() {
                own.clone_from(other);
            }
        }
        fill(&mut self.pass, &other.pass);
        fill(&mut self.execution, &other.execution);
        fill(&mut self.execution_points, &other.execution_points);
        fill(&mut self.satisfaction, &other.satisfaction);
        fill(&mut self.qualitative, &other.qualitative);
        fill(&mut self.over, &other.over);
        fill(&mut self.cap, &other.cap);
        fill(&mut self.folded, &other.folded);
    }

    /// The bands of a part.
    pub fn bands(&self, part: &str) -> &[Band] {
        let part = match part {
            "execution" => &self.execution,
            "satisfaction" => &self.satisfaction,
            "qualitative" => &self.qualitative,
            "cap" => &self.cap,
            _ => return &[],
        };
        part.as_ref().map_or(&[], |p| &p.is)
    }
}
