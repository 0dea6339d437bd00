//! What a batch of packages adds up to comes in; `overview.html` goes out: one self-contained page, charts as SVG, no script.
//!
//! Everything that comes from a document passes the template's escaping; charts are made of numbers only.

mod charts;

use crate::html::class;
use askama::Template;
use jiheng_model::{Decimal, Severity};
use std::collections::BTreeMap;

/// What the page shows. Lists are as long as they are to be shown.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Name of the folder or zip.
    pub title: String,
    /// Packages that were found.
    pub packages: usize,
    /// Packages that were checked.
    pub checked: usize,
    /// Checked packages with an error.
    pub with_errors: usize,
    /// Checked packages without an error but with a warning.
    pub with_warnings: usize,
    /// Counts of all packages: errors, warnings, hints.
    pub counts: [u64; 3],
    /// Rulebooks in force with how many packages each has.
    pub rulebooks: Vec<(String, usize)>,
    /// The ranking.
    pub ranking: Ranking,
    /// The distribution of total scores of forms.
    pub scores: Scores,
    /// Codes found most often.
    pub common: Vec<Common>,
    /// Execution rate against score rate, in half percents, with the number of project forms there.
    pub points: BTreeMap<(u16, u16), Spot>,
    /// The list of units that should have filed.
    pub units: Option<Units>,
    /// Packages that were not checked: path and why.
    pub unchecked: Vec<(String, String)>,
    /// Where the tables lie besides.
    pub tables: Vec<String>,
}

/// Packages by their recomputed total.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// Rows from the first on.
    pub first: Vec<Ranked>,
    /// Rows up to the last, when not all are shown.
    pub last: Vec<Ranked>,
    /// Packages with a total.
    pub ranked: usize,
    /// Checked packages without one.
    pub without: usize,
}

/// A row of the ranking.
#[derive(Clone, Debug, Default)]
pub struct Ranked {
    /// 名次; equal totals share one.
    pub place: usize,
    /// The unit, or the path where none is named.
    pub name: String,
    /// The path.
    pub path: String,
    /// The findings page, a link below the page.
    pub page: Option<String>,
    /// 填报总分.
    pub stated: Option<Decimal>,
    /// 复算总分.
    pub computed: Option<Decimal>,
    /// The grade the computed total falls in.
    pub rating: Option<String>,
    /// Errors and warnings.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
}

/// Numbers of forms by their total in percent of its points: below 70, five by five, 100.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scores {
    /// As stated.
    pub stated: [u64; BINS],
    /// As computed.
    pub computed: [u64; BINS],
}

/// Bins of the distribution.
pub const BINS: usize = 8;

/// A code and how often it was found.
#[derive(Clone, Debug)]
pub struct Common {
    /// The rule's code.
    pub code: String,
    /// The rule's title.
    pub title: String,
    /// Its gravest finding.
    pub severity: Severity,
    /// Packages in which it was found.
    pub packages: u64,
    /// Findings.
    pub findings: u64,
}

/// Project forms with the same rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Forms.
    pub forms: u64,
    /// Those whose score is far above their execution, as the rule says.
    pub above: u64,
}

/// The list of units against the packages.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// Units on the list.
    pub listed: usize,
    /// Listed units without a package, in the order of the list.
    pub missing: Vec<String>,
    /// Packages of units that are not on the list, the first ones.
    pub extra: Vec<String>,
    /// All of them.
    pub extra_count: usize,
}

impl Scores {
    /// The bin of a score in percent.
    pub fn bin(percent: Decimal) -> usize {
        let steps = [70, 75, 80, 85, 90, 95, 100];
        steps
            .iter()
            .filter(|s| percent >= Decimal::from(**s))
            .count()
    }
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'a> {
    o: &'a Overview,
    tokens: &'static str,
    css: &'static str,
    tiles: Vec<Tile>,
    bars: Vec<Bar<'a>>,
    scores: String,
    scores_said: String,
    points: String,
    points_said: String,
    forms: u64,
    above: u64,
    rows: Vec<Row<'a>>,
}

/// A count at the head of the page.
struct Tile {
    word: &'static str,
    count: usize,
    of: usize,
    class: &'static str,
}

/// A bar of the most frequent findings.
struct Bar<'a> {
    class: &'static str,
    word: &'static str,
    code: &'a str,
    title: &'a str,
    width: u64,
    packages: u64,
    findings: u64,
}

/// A row of the ranking as it is printed, or the gap between the first and the last.
struct Row<'a> {
    gap: usize,
    ranked: Option<&'a Ranked>,
    stated: String,
    computed: String,
    difference: String,
    /// 填报 and 复算 differ.
    differs: bool,
}

/// The page.
pub fn overview(overview: &Overview) -> String {
    let spots = overview.points.values();
    let (forms, above) = spots.fold((0, 0), |(f, a), s| (f + s.forms, a + s.above));
    let stated: u64 = overview.scores.stated.iter().sum();
    let computed: u64 = overview.scores.computed.iter().sum();
    let most = overview.common.iter().map(|c| c.packages).max();
    let page = Page {
        o: overview,
        tokens: include_str!("../../assets/tokens.css"),
        css: include_str!("../../assets/overview.css"),
        tiles: tiles(overview),
        bars: (overview.common.iter())
            .map(|c| Bar {
                class: class(c.severity),
                word: c.severity.chinese(),
                code: &c.code,
                title: c.title.trim_end_matches('。'),
                width: c.packages.saturating_mul(150) / most.unwrap_or(1).max(1),
                packages: c.packages,
                findings: c.findings,
            })
            .collect(),
        scores: charts::scores(&overview.scores),
        scores_said: format!(
            "得分分布：{stated} 张表填报了总分，其中 {} 张在 95 分以上；{computed} 张表能复算总分，其中 {} 张在 95 分以上",
            overview.scores.stated[BINS - 2] + overview.scores.stated[BINS - 1],
            overview.scores.computed[BINS - 2] + overview.scores.computed[BINS - 1],
        ),
        points: charts::points(&overview.points),
        points_said: format!(
            "预算执行率与指标得分率：{forms} 张项目表，其中 {above} 张得分率远高于执行率"
        ),
        forms,
        above,
        rows: rows(&overview.ranking),
    };
    page.render()
        .unwrap_or_else(|error| format!("<!doctype html><meta charset=\"utf-8\"><p>{error}</p>"))
}

fn tiles(o: &Overview) -> Vec<Tile> {
    let tile = |word, count, class| Tile {
        word,
        count,
        of: o.packages.max(1),
        class,
    };
    let clean = o.checked.saturating_sub(o.with_errors + o.with_warnings);
    let mut tiles = vec![
        tile("材料（套）", o.packages, ""),
        tile("有错误", o.with_errors, "E"),
        tile("没有错误，有警告", o.with_warnings, "W"),
        tile("没有错误和警告", clean, "P"),
        tile("没有核", o.packages - o.checked.min(o.packages), "N"),
    ];
    if let Some(units) = &o.units {
        tiles.push(Tile {
            word: "名单上没有报",
            count: units.missing.len(),
            of: units.listed.max(1),
            class: "E",
        });
    }
    tiles
}

fn rows(ranking: &Ranking) -> Vec<Row<'_>> {
    let shown = ranking.first.len() + ranking.last.len();
    let gap = ranking.ranked.saturating_sub(shown);
    let mut rows: Vec<Row<'_>> = ranking.first.iter().map(row).collect();
    if gap > 0 {
        rows.push(Row {
            gap,
            ranked: None,
            stated: String::new(),
            computed: String::new(),
            difference: String::new(),
            differs: false,
        });
    }
    rows.extend(ranking.last.iter().map(row));
    rows
}

fn row(ranked: &Ranked) -> Row<'_> {
    let number = |n: Option<Decimal>| n.map_or_else(|| "—".into(), |n| n.to_string());
    let difference = (ranked.stated.zip(ranked.computed)).and_then(|(s, c)| c.checked_sub(s));
    Row {
        gap: 0,
        ranked: Some(ranked),
        stated: number(ranked.stated),
        computed: number(ranked.computed),
        difference: match difference {
            None => "—".into(),
            Some(d) if d.is_zero() => "0".into(),
            Some(d) if d.is_sign_negative() => format!("−{}", d.abs().normalize()),
            Some(d) => format!("+{}", d.normalize()),
        },
        differs: difference.is_some_and(|d| !d.is_zero()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_data_and_the_page_loads_nothing() {
        let name = "<script>alert(1)</script>";
        let page = overview(&Overview {
            title: name.into(),
            packages: 1,
            checked: 1,
            ranking: Ranking {
                first: vec![Ranked {
                    name: name.into(),
                    path: "a\"b".into(),
                    ..Ranked::default()
                }],
                ranked: 1,
                ..Ranking::default()
            },
            unchecked: vec![(name.into(), name.into())],
            units: Some(Units {
                listed: 1,
                missing: vec![name.into()],
                ..Units::default()
            }),
            ..Overview::default()
        });
        assert!(!page.contains("<script"));
        assert!(page.contains("&#60;script") || page.contains("&lt;script"));
        assert!(!page.contains("://"));
    }

    #[test]
    fn bins_hold_what_their_heads_say() {
        let bin = |n: &str| Scores::bin(n.parse().expect("a number"));
        assert_eq!(
            ["69.99", "70", "94.99", "95", "99.99", "100"].map(bin),
            [0, 1, 5, 6, 6, 7]
        );
    }
}
