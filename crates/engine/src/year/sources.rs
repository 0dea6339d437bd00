//! The text of `jiheng-sources.toml` comes in; which column of which source means what, and the text with what was learnt, go out.
//!
//! A source is known by its heads: the same export of another year has the same fingerprint. What
//! stands in the file is the clerk's word: it is never changed, only added to.

use jiheng_model::label;
use std::collections::BTreeMap;

/// The name of the file.
pub const FILE: &str = "jiheng-sources.toml";
/// Stands for a column that the clerk has still to name.
pub const OPEN: &str = "？";

/// The columns of a source, as the clerk or the program wrote them down.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Source {
    /// What its heads come to.
    pub fingerprint: String,
    /// A file it was learnt from.
    #[serde(default)]
    pub about: String,
    /// The unit of its amounts ("元"), for all columns that do not name one.
    #[serde(default)]
    pub unit: Option<String>,
    /// The head of its column by the name of what it holds; empty when it has none.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
}

/// What is known of sources.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    text: String,
    known: Vec<Source>,
    added: usize,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    source: Vec<Source>,
}

/// Said at the top of a new file.
const HEAD: &str = "# 各来源的表头：绩衡认出后记在这里，下次同样的表照此读。\n# 左边是要填的栏目，右边是这个来源里的列名；认错了就改右边，没有这一列写 \"\"。\n";

impl Sources {
    /// Reads the file's text; an empty text knows nothing.
    ///
    /// # Errors
    /// One Chinese sentence when it is no such file.
    pub fn read(text: &str) -> Result<Sources, String> {
        let file: File = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start).min(text.len());
            let line = text.as_bytes()[..at]
                .iter()
                .filter(|b| **b == b'\n')
                .count()
                + 1;
            format!("{FILE} 第 {line} 行写法不对。改正这一行，或删去这个文件，程序会重新认一遍。")
        })?;
        Ok(Sources {
            text: text.to_string(),
            known: file.source,
            added: 0,
        })
    }

    /// What is written of a source; of two with the same fingerprint the later.
    pub fn of(&self, fingerprint: &str) -> Option<&Source> {
        self.known
            .iter()
            .rev()
            .find(|s| s.fingerprint == fingerprint)
    }

    /// Writes a source down, with words for the clerk beside columns; one that is known stays as it is.
    pub fn learn(&mut self, source: Source, remarks: &BTreeMap<String, String>) {
        if self.of(&source.fingerprint).is_some() {
            return;
        }
        if self.text.is_empty() {
            self.text.push_str(HEAD);
        }
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        let mut block = format!(
            "\n[[source]]\nfingerprint = {}\nabout = {}\n",
            quoted(&source.fingerprint),
            quoted(&source.about)
        );
        if let Some(unit) = &source.unit {
            block.push_str(&format!("unit = {}", quoted(unit)));
            block.push_str(&remark(remarks.get("unit")));
        }
        block.push_str("\n[source.columns]\n");
        for (name, head) in &source.columns {
            block.push_str(&format!("{} = {}", quoted(name), quoted(head)));
            block.push_str(&remark(remarks.get(name)));
        }
        self.text.push_str(&block);
        self.known.push(source);
        self.added += 1;
    }

    /// The text to write; `None` when nothing was added.
    pub fn text(&self) -> Option<&str> {
        (self.added > 0).then_some(self.text.as_str())
    }
}

fn remark(words: Option<&String>) -> String {
    words.map_or_else(
        || "\n".into(),
        |w| format!("    # {}\n", w.replace('\n', " ")),
    )
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A head as heads are compared: without white space, and "2024年" as "YYYY年", so that next year's is the same.
pub fn comparable(head: &str) -> String {
    let text = label::normalise(head);
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let year = chars.get(at..at + 5).filter(|five| {
            matches!(five[0], '1' | '2')
                && five[..4].iter().all(char::is_ascii_digit)
                && five[4] == '年'
        });
        let first = at == 0 || !chars[at - 1].is_ascii_digit();
        if year.is_some() && first {
            out.push_str("YYYY年");
            at += 5;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

/// What heads come to: the same for the same heads of any year.
pub fn fingerprint<'a>(heads: impl Iterator<Item = &'a String>) -> String {
    // FNV-1a: the file must read the same on every machine and with every version.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for head in heads {
        for byte in comparable(head).bytes().chain([b'|']) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_export_of_another_year_has_the_same_fingerprint() {
        let of = |heads: &[&str]| {
            let heads: Vec<String> = heads.iter().map(|h| h.to_string()).collect();
            fingerprint(heads.iter())
        };
        let this = of(&["项目名称", "2024年预算数（元）"]);
        assert_eq!(this, of(&["项目 名称", "2025年预算数(元)"]));
        assert_ne!(this, of(&["项目名称", "2024年预算数（万元）"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(comparable("12024年"), "12024年");
        assert_eq!(comparable("2024年度决算数"), "YYYY年度决算数");
    }

    #[test]
    fn what_is_learnt_is_read_again_and_what_the_clerk_wrote_stays() {
        let own =
            "# 我的\n[[source]]\nfingerprint = \"aa\"\n[source.columns]\n\"项目名称\" = \"项目\"";
        let mut sources = Sources::read(own).unwrap();
        assert!(sources.text().is_none());
        let source = Source {
            fingerprint: "bb".into(),
            about: "清单 \"一\".csv".into(),
            unit: Some("元".into()),
            columns: [("年初预算数".to_string(), OPEN.to_string())].into(),
        };
        let remarks = [("年初预算数".to_string(), "甲 或 乙".to_string())].into();
        sources.learn(source.clone(), &remarks);
        sources.learn(source.clone(), &remarks);
        let text = sources.text().unwrap();
        assert!(
            text.starts_with(own) && text.contains("# 甲 或 乙"),
            "{text}"
        );
        let again = Sources::read(text).unwrap();
        assert_eq!(again.of("bb"), Some(&source));
        assert_eq!(again.of("aa").unwrap().columns["项目名称"], "项目");
    }

    #[test]
    fn a_file_that_is_no_such_file_names_its_line() {
        let said = Sources::read("[[source]]\nfingerprint = 1\n").unwrap_err();
        assert!(said.contains("第 2 行"), "{said}");
    }
}
