//! The word stock comes in as data; departments with their topics go out.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// All words.
#[derive(Debug, Deserialize)]
pub struct Stock {
    /// Made-up cities.
    pub cities: Vec<String>,
    /// Family names.
    pub surnames: Vec<String>,
    /// What stands for a given name.
    pub given: Vec<String>,
    /// Function classes: code and name.
    pub classes: BTreeMap<String, String>,
    /// Departments and their core topics.
    pub departments: Vec<Department>,
    /// Topics that any department may have.
    pub generic: Vec<Generic>,
}

/// A department of a city.
#[derive(Debug, Deserialize)]
pub struct Department {
    /// Name after the city's.
    pub name: String,
    /// The word for its field.
    pub field: String,
    /// A department of the government; otherwise an institution.
    #[serde(default = "yes")]
    pub bureau: bool,
    /// Sections.
    pub offices: Vec<String>,
    /// Subordinate units.
    pub subordinates: Vec<String>,
    /// Duties.
    pub functions: Vec<String>,
    /// Topics as written in the stock.
    topics: Vec<String>,
}

/// Topics with places to fill.
#[derive(Debug, Deserialize)]
pub struct Generic {
    topics: Vec<String>,
}

fn yes() -> bool {
    true
}

/// What a project is about.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Name of the project.
    pub name: String,
    /// Its task.
    pub task: String,
    /// Function class.
    pub class: String,
    /// Two counted outputs.
    pub outputs: [Measure; 2],
    /// A rate of quality and its least value.
    pub quality: (String, i64),
    /// Money saved or earned, in 万元.
    pub economic: Measure,
    /// A social effect.
    pub social: Measure,
    /// An ecological rate and its least value.
    pub ecological: (String, i64),
    /// A lasting effect.
    pub lasting: Measure,
    /// Name of the satisfaction indicator.
    pub satisfaction: String,
}

/// A quantity: name, unit and from where to where its targets reach.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Name of the indicator.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Least and greatest target.
    pub range: (i64, i64),
}

/// The embedded stock.
pub fn stock() -> &'static Stock {
    static STOCK: OnceLock<Stock> = OnceLock::new();
    STOCK.get_or_init(|| toml::from_str(include_str!("../stock.toml")).expect("a sound stock"))
}

impl Stock {
    /// The topics of a department, its own first.
    pub fn topics(&self, department: &Department) -> (Vec<Topic>, Vec<Topic>) {
        let own: Vec<Topic> = department.topics.iter().map(|t| topic(t)).collect();
        let class = own.first().map_or("201", |t| t.class.as_str());
        let generic = self.generic.iter().flat_map(|g| &g.topics);
        let generic = generic
            .map(|t| {
                topic(
                    &t.replace("{field}", &department.field)
                        .replace("{class}", class),
                )
            })
            .collect();
        (own, generic)
    }
}

fn topic(line: &str) -> Topic {
    let parts: Vec<&str> = line.split(';').collect();
    let [
        name,
        task,
        class,
        a,
        b,
        quality,
        money,
        social,
        eco,
        lasting,
        people,
    ] = parts.as_slice()
    else {
        panic!("a topic has eleven parts: {line}");
    };
    let measure = |text: &str, unit: Option<&str>| {
        let mut parts = text.split('|');
        let mut next = || parts.next().unwrap_or_default().to_string();
        let name = next();
        let unit = unit.map_or_else(&mut next, str::to_string);
        let number = |text: String| text.parse().expect("a whole number in the stock");
        let range = (number(next()), number(next()));
        Measure { name, unit, range }
    };
    let rate = |text: &str| {
        let (name, least) = text.split_once('|').expect("a rate and its least value");
        (name.to_string(), least.parse().expect("a whole number"))
    };
    Topic {
        name: (*name).to_string(),
        task: (*task).to_string(),
        class: (*class).to_string(),
        outputs: [measure(a, None), measure(b, None)],
        quality: rate(quality),
        economic: measure(money, Some("万元")),
        social: measure(social, None),
        ecological: rate(eco),
        lasting: measure(lasting, None),
        satisfaction: (*people).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_of_the_stock_can_be_taken_apart() {
        let stock = stock();
        for department in &stock.departments {
            let (own, generic) = stock.topics(department);
            assert!(own.len() >= 4 && generic.len() >= 5, "{}", department.name);
            for topic in own.iter().chain(&generic) {
                assert!(stock.classes.contains_key(&topic.class), "{}", topic.name);
                assert!(topic.outputs.iter().all(|m| m.range.0 < m.range.1));
            }
        }
    }
}
