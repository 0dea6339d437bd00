//! A line of running text comes in; its numbers as facts (what each is said of, of which item, against what) go out.
//!
//! One pass from number to number. The words before a number name its item, or qualify the item
//! named before ("决算44.80万元"), or compare with it ("比上年减少1.41万元"), or are a share of one.

use super::Reading;
use super::lines::Line;
use super::numbers::{self, Number};
use super::sections::mark;
use super::subject::{Named, Names, Resolved, Subject, bare};
use super::terms::{Kind, Terms, comparable};
use jiheng_model::label::half_width;
use jiheng_model::narrative::{Fact, FactRole};
use jiheng_model::origin::At;
use jiheng_model::{Decimal, Unit};

/// Collects facts line by line.
#[derive(Debug)]
pub struct Collector<'a> {
    terms: &'a Terms,
    names: &'a Names,
    year: Option<i16>,
    /// Facts so far.
    pub facts: Vec<Fact>,
    sentence: u32,
}

/// The text with ASCII digits, character by character, where it has full-width ones; `None` where it has none.
fn half_width_digits(text: &str) -> Option<String> {
    let wide = |c: char| ('０'..='９').contains(&c);
    if !text.contains(wide) {
        return None;
    }
    let mut before = ' ';
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let digit = |c: char| wide(c) || c.is_ascii_digit();
        let inner = digit(before) && chars.peek().is_some_and(|n| digit(*n));
        plain.push(match c {
            '．' if inner => '.',
            _ if wide(c) => half_width(c),
            _ => c,
        });
        before = c;
    }
    Some(plain)
}

/// Where the collector is inside a line.
struct Cursor {
    /// First fact of the sentence.
    sentence_first: usize,
    sentence_start: usize,
    /// Byte after the last number.
    after: usize,
    subject: Subject,
    /// The whole of which the next numbers are parts ("其中").
    whole: Option<usize>,
    /// What the last change was against.
    base: Option<String>,
    /// Bytes and characters counted so far.
    counted: (usize, u32),
}

/// A number, or a statement that stands for one.
struct Token<'t> {
    number: Number,
    /// Key of a statement without a number ("上年无此项支出").
    statement: Option<&'t str>,
}

impl<'a> Collector<'a> {
    /// A collector without facts.
    pub fn new(terms: &'a Terms, names: &'a Names, year: Option<i16>) -> Self {
        Collector {
            terms,
            names,
            year,
            facts: Vec::new(),
            sentence: 0,
        }
    }

    /// Adds the facts of a line. Numbers of a text that states nothing name no items.
    pub fn line(&mut self, line: &Line<'_>, section: Option<usize>, reading: Reading) {
        let Some(plain) = half_width_digits(line.text) else {
            return self.plain_line(line, section, reading);
        };
        let first = self.facts.len();
        self.plain_line(
            &Line {
                text: &plain,
                ..*line
            },
            section,
            reading,
        );
        // A fact keeps its words as they are printed.
        for fact in &mut self.facts[first..] {
            let (from, to) = match fact.origin.at {
                At::Text { chars, .. } => chars,
                At::Cell { chars, .. } => chars.unwrap_or_default(),
            };
            let length = to.saturating_sub(from) as usize;
            let printed = line.text.chars().skip(from as usize).take(length);
            fact.text = printed.collect();
        }
    }

    fn plain_line(&mut self, line: &Line<'_>, section: Option<usize>, reading: Reading) {
        let text = line.text;
        let start = mark(text).map_or(line.numbering.min(text.len()), |m| {
            m.length.max(line.numbering.min(text.len()))
        });
        let statements = self.statements(text);
        let mut statements = statements.into_iter().peekable();
        let first = self.facts.len();
        let mut cursor = Cursor {
            sentence_first: first,
            sentence_start: start,
            after: start,
            subject: Subject::None,
            whole: None,
            base: None,
            counted: (0, 0),
        };
        self.sentence += 1;
        let mut at = start;
        let mut number = numbers::next(text, at);
        loop {
            let token = match (&number, statements.peek()) {
                (Some(n), Some((s, _))) if n.start > s.start => statements.next(),
                (None, Some(_)) => statements.next(),
                (Some(_), _) => None,
                (None, None) => break,
            };
            let token = match token {
                Some((number, key)) => Token {
                    number,
                    statement: Some(key),
                },
                None => match number.take() {
                    Some(n) => {
                        number = numbers::next(text, n.end);
                        Token {
                            number: n,
                            statement: None,
                        }
                    }
                    None => break,
                },
            };
            at = at.max(token.number.end);
            self.token(line, &token, &mut cursor, section, reading);
        }
        self.grade(line, section);
    }

    /// Statements without a number in a line, by place.
    fn statements(&self, text: &str) -> Vec<(Number, &'a str)> {
        let mut found: Vec<(Number, &str)> = Vec::new();
        for (finder, key) in &self.terms.nils {
            if let Some(start) = finder.find(text.as_bytes()) {
                for start in std::iter::once(start).chain(
                    finder
                        .find_iter(&text.as_bytes()[start + 1..])
                        .map(|s| s + start + 1),
                ) {
                    let end = start + finder.needle().len();
                    let number = Number {
                        start,
                        end,
                        digits_end: end,
                        value: Decimal::ZERO,
                        unit: Some(Unit::wan_yuan()),
                        loose: false,
                    };
                    found.push((number, key.as_str()));
                }
            }
        }
        found.sort_by_key(|f| f.0.start);
        found
    }

    fn token(
        &mut self,
        line: &Line<'_>,
        token: &Token<'_>,
        cursor: &mut Cursor,
        section: Option<usize>,
        reading: Reading,
    ) {
        let text = line.text;
        let number = &token.number;
        if number.start < cursor.after {
            return;
        }
        let mut lead_start = cursor.after;
        if let Some(stop) = text[cursor.after..number.start].rfind(['。', '！', '？', '\n']) {
            lead_start = cursor.after
                + stop
                + text[cursor.after + stop..]
                    .chars()
                    .next()
                    .map_or(0, char::len_utf8);
            cursor.sentence_start = lead_start;
            cursor.sentence_first = self.facts.len();
            cursor.subject = Subject::None;
            cursor.whole = None;
            cursor.base = None;
            self.sentence += 1;
        }
        let lead = &text[lead_start..number.start];
        let label_at = label_start(lead);
        let mut raw = &lead[label_at..];
        let mut words = comparable(raw);
        if words.is_empty() && label_at > 0 {
            // "人员编制：65人": the label stands before the colon.
            let before = lead[..label_at].trim_end_matches(is_boundary);
            let earlier = label_start(before);
            raw = &before[earlier..];
            words = comparable(raw);
        }
        self.brackets(lead, cursor);
        self.open_list(text, lead, cursor);
        let mut kind = Kind::of(number.unit.as_ref());
        let period = period(&words, self.year);
        let mut analysis = match token.statement {
            Some(key) => self.statement(key, cursor),
            None => self.analyse(
                &words,
                kind,
                number.loose,
                &text[cursor.sentence_start..number.start],
                cursor,
            ),
        };
        if number.unit.is_none() {
            // A bare number is a fact only where a sign is missing: "占76.23", "增长13.95".
            if !matches!(analysis.role, FactRole::Share | FactRole::Change) {
                return;
            }
            kind = Kind::Other;
        }
        self.fit_into_list(&lead[..label_at], kind, cursor, &mut analysis);
        analysis.item = analysis
            .item
            .filter(|_| !number.loose)
            .and_then(|item| meant(item, reading));
        let index = self.facts.len();
        self.remember(&analysis, index, cursor);
        let chars = chars_at(text, number.start, &mut cursor.counted);
        let end = chars_at(text, number.end, &mut cursor.counted);
        self.facts.push(Fact {
            label: analysis.label,
            item: analysis.item,
            value: number.value,
            unit: number.unit.clone(),
            period,
            text: text[number.start..number.end].to_string(),
            origin: line.origin(chars, end),
            role: analysis.role,
            of: analysis.of,
            section,
            sentence: self.sentence,
        });
        cursor.after = number.end;
    }

    /// What the words before a number say.
    fn analyse(
        &self,
        words: &str,
        kind: Kind,
        loose: bool,
        sentence: &str,
        cursor: &mut Cursor,
    ) -> Analysis {
        let role = match kind {
            Kind::Money => FactRole::Amount,
            Kind::Ratio => FactRole::Rate,
            Kind::Points => FactRole::Score,
            _ => FactRole::Count,
        };
        let mut analysis = Analysis {
            label: bare(words).to_string(),
            item: None,
            role,
            of: None,
        };
        let trimmed = words.trim_end_matches(['≥', '≤', '≧', '≦', '>', '<', '=']);
        let bound = self.terms.bounds.first(trimmed);
        let bounded = trimmed.len() < words.len() || loose || bound.is_some();
        let trimmed = bound.map_or(trimmed, |(before, _)| before);
        if let Some(share) = self.share(trimmed, kind, cursor) {
            return share;
        }
        let candidates = self.without_verbs(trimmed);
        if let Some(change) = candidates.iter().find_map(|c| self.change(c, kind, cursor)) {
            return change;
        }
        if sentence.contains("权重") && kind == Kind::Points {
            return analysis;
        }
        for candidate in &candidates {
            let Some(Resolved { named, qualifier }) =
                Subject::resolve(candidate, kind, self.terms, self.names)
            else {
                continue;
            };
            let whole_sentence = !sentence.contains("项目") && !sentence.contains("专项");
            let subject = match named {
                Some((named, words)) => Subject::Named {
                    named,
                    words,
                    fact: None,
                },
                None => cursor.subject.clone(),
            };
            let key = subject.key(
                qualifier.as_deref(),
                kind,
                whole_sentence,
                candidate,
                sentence,
                self.terms,
            );
            if let Subject::Named { .. } = &subject
                && !cursor.subject.same(&subject)
            {
                cursor.subject = subject.clone();
                cursor.base = None;
            }
            // A bound is a fact only for an indicator's printed target.
            let key = match key.as_deref() {
                Some("indicator") if bounded => Some("indicator.target".to_string()),
                _ => key,
            };
            let target = key.as_deref().is_some_and(|k| k.ends_with(".target"));
            if key.is_some() && (!bounded || target) {
                analysis.label = subject.label(candidate);
                analysis.item = key;
            }
            return analysis;
        }
        if matches!(kind, Kind::Money | Kind::Ratio)
            && candidates.last().is_some_and(|c| !c.is_empty())
        {
            cursor.subject = Subject::Unknown;
        }
        analysis
    }

    /// "占基本支出57.63%".
    fn share(&self, words: &str, kind: Kind, cursor: &Cursor) -> Option<Analysis> {
        if !matches!(kind, Kind::Ratio | Kind::Other) {
            return None;
        }
        let at = words.find('占')?;
        let (before, share) = words.split_at(at);
        let word = self
            .terms
            .shares
            .iter()
            .find(|s| share.starts_with(s.as_str()))?;
        let whole_words =
            share[word.len()..].trim_end_matches(['的', '比', '例', '重', '为', '达']);
        let part = if before.is_empty() {
            self.facts[cursor.sentence_first..]
                .iter()
                .rev()
                .find(|f| f.role == FactRole::Amount || f.role == FactRole::Count)
        } else {
            None
        };
        let part_item = match part {
            Some(f) => f.item.clone(),
            None if before.is_empty() => None,
            None => self
                .without_verbs(before)
                .iter()
                .find_map(|c| Subject::resolve(c, Kind::Money, self.terms, self.names))
                .and_then(|r| r.named)
                .map(|(n, _)| n.item()),
        };
        let whole = if whole_words.is_empty() {
            part.and_then(|f| f.of)
        } else {
            let item = self
                .without_verbs(whole_words)
                .iter()
                .find_map(|c| Subject::resolve(c, Kind::Money, self.terms, self.names))
                .and_then(|r| r.named.filter(|_| r.qualifier.is_none()))
                .map(|(n, _)| n.item());
            item.and_then(|item| {
                self.facts.iter().rposition(|f| {
                    f.item.as_deref() == Some(item.as_str()) && f.role != FactRole::Share
                })
            })
        };
        let item = part_item.map(|i| format!("{i}.share"));
        Some(Analysis {
            label: words.to_string(),
            item,
            role: FactRole::Share,
            of: whole,
        })
    }

    /// "比上年减少1.41万元", "下降3.05%".
    fn change(&self, words: &str, kind: Kind, cursor: &mut Cursor) -> Option<Analysis> {
        if !matches!(
            kind,
            Kind::Money | Kind::Ratio | Kind::Person | Kind::Count | Kind::Other
        ) {
            return None;
        }
        let (rest, (word, _)) = self.terms.directions.first(words)?;
        let rest = rest.trim_end_matches(['净', '了', '共']);
        let base = self
            .terms
            .bases
            .iter()
            .filter_map(|(w, key)| rest.find(w.as_str()).map(|at| (at, key)))
            .min();
        let before = match base {
            Some((at, _)) => &rest[..at],
            None => rest,
        };
        let mut known = true;
        if !before.is_empty() {
            let named = self
                .without_verbs(before)
                .iter()
                .find_map(|c| Subject::resolve(c, Kind::Money, self.terms, self.names))
                .and_then(|r| r.named.filter(|_| r.qualifier.is_none()));
            match named {
                Some((named, words)) => {
                    let item = named.item();
                    let fact = self
                        .facts
                        .iter()
                        .rposition(|f| f.item.as_deref() == Some(item.as_str()));
                    let subject = Subject::Named { named, words, fact };
                    if !cursor.subject.same(&subject) {
                        cursor.subject = subject;
                    }
                    cursor.base = None;
                }
                None if !Subject::accepts(before, self.terms, self.names) => {
                    known = false;
                    cursor.subject = Subject::Unknown;
                }
                None => {}
            }
        }
        let base = match base {
            Some((_, key)) => Some(key.clone()),
            None if matches!(word.as_str(), "调增" | "调减") => Some("adjustment".to_string()),
            None => cursor.base.clone(),
        };
        cursor.base.clone_from(&base);
        let item = match (&base, known) {
            (Some(base), true) => cursor.subject.item_with(&format!("change.{base}")),
            _ => None,
        };
        Some(Analysis {
            label: cursor.subject.label(words),
            item,
            role: FactRole::Change,
            of: cursor.subject.fact(),
        })
    }

    /// "上年无此项支出", "与上年持平" after an item.
    fn statement(&self, key: &str, cursor: &Cursor) -> Analysis {
        let role = if key.starts_with("change") {
            FactRole::Change
        } else {
            FactRole::Amount
        };
        Analysis {
            label: cursor.subject.label(""),
            item: cursor.subject.item_with(key),
            role,
            of: cursor.subject.fact(),
        }
    }

    /// "名称（指标值≥500户，…": what stands before the bracket is the subject inside it, and no longer after it.
    fn brackets(&self, lead: &str, cursor: &mut Cursor) {
        let open = lead.rfind(['（', '(']);
        let closed = lead.rfind(['）', ')']);
        let of_indicator = matches!(
            &cursor.subject,
            Subject::Named {
                named: Named::Indicator(_),
                ..
            }
        );
        if of_indicator && closed.is_some() {
            cursor.subject = Subject::Unknown;
        }
        let Some(open) = open.filter(|o| closed.is_none_or(|c| c < *o)) else {
            return;
        };
        let before = &lead[..open];
        let words = comparable(&before[label_start(before)..]);
        match self.names.indicator_at_end(&words) {
            Some(name) => {
                cursor.subject = Subject::Named {
                    named: Named::Indicator(name.to_string()),
                    words: name.to_string(),
                    fact: None,
                };
            }
            None if of_indicator => cursor.subject = Subject::Unknown,
            None => {}
        }
    }

    /// "其中" or the head of a complete list makes the number before it the whole.
    fn open_list(&self, text: &str, lead: &str, cursor: &mut Cursor) {
        if lead.contains("其中") {
            let range = cursor.sentence_first..self.facts.len();
            cursor.whole = range.rev().find(|i| {
                !matches!(
                    self.facts[*i].role,
                    FactRole::Share | FactRole::Change | FactRole::Rate
                )
            });
        }
        if self.facts.len() == cursor.sentence_first {
            let sentence =
                text[cursor.sentence_start..].trim_start_matches(jiheng_model::label::is_blank);
            if let Some((_, item)) = self
                .terms
                .list_heads
                .iter()
                .find(|(head, _)| sentence.starts_with(head.as_str()))
            {
                cursor.whole = self
                    .facts
                    .iter()
                    .rposition(|f| f.item.as_deref() == Some(item.as_str()));
            }
        }
    }

    /// Makes a fact a part of the open list, or closes the list when the fact is none of its parts.
    fn fit_into_list(
        &self,
        before: &str,
        kind: Kind,
        cursor: &mut Cursor,
        analysis: &mut Analysis,
    ) {
        let Some(index) = cursor.whole else { return };
        let Some(whole) = self.facts.get(index) else {
            return;
        };
        if matches!(
            analysis.role,
            FactRole::Share | FactRole::Change | FactRole::Rate
        ) || Kind::of(whole.unit.as_ref()) != kind
        {
            return;
        }
        let parts = whole
            .item
            .as_deref()
            .and_then(|i| self.terms.partitions.get(i));
        let own = |item: &str| parts.is_some_and(|lists| lists.iter().flatten().any(|p| p == item));
        let nested = match (&analysis.item, &whole.item) {
            (Some(item), Some(whole)) => Some(format!("{whole}.{item}")).filter(|n| own(n)),
            _ => None,
        };
        match (&analysis.item, nested) {
            (_, Some(nested)) => analysis.item = Some(nested),
            (Some(item), None)
                if parts.is_some()
                    && !own(item)
                    && !item.starts_with("func.")
                    && !item.starts_with("project_line")
                    && before.contains(['；', ';']) =>
            {
                cursor.whole = None;
                return;
            }
            // A part of something unknown is no statement about the whole department.
            (Some(_), None) if whole.item.is_none() => analysis.item = None,
            _ => {}
        }
        if analysis.of.is_none() {
            analysis.of = Some(index);
        }
    }

    /// Keeps the last number of the subject, for changes against it.
    fn remember(&self, analysis: &Analysis, index: usize, cursor: &mut Cursor) {
        let Some(item) = &analysis.item else { return };
        if let Subject::Named { named, fact, .. } = &mut cursor.subject {
            let own = named.item();
            if *item == own || item.ends_with(&format!(".{own}")) {
                *fact = Some(index);
            }
        }
        if matches!(cursor.subject, Subject::None) && self.terms.total.values().any(|k| k == item) {
            cursor.subject = Subject::Total;
        }
    }

    /// `words` and the same with verbs and fillers at the end taken off, one after another.
    fn without_verbs<'w>(&self, words: &'w str) -> Vec<&'w str> {
        let mut list = vec![words];
        let mut rest = words;
        while let Some((before, _)) = self.terms.verbs.first(rest) {
            rest = before;
            list.push(rest);
        }
        list.extend(rest.strip_suffix(':'));
        list
    }

    /// "评价等级为“优秀”".
    fn grade(&mut self, line: &Line<'_>, section: Option<usize>) {
        let text = line.text;
        for finder in &self.terms.grade_words {
            let Some(at) = finder.find(text.as_bytes()) else {
                continue;
            };
            let from = at + finder.needle().len();
            let rest = text[from..].trim_start_matches(|c| {
                super::terms::is_quote(c) || jiheng_model::label::is_blank(c)
            });
            let start = text.len() - rest.len();
            let Some((grade, rank)) = self.terms.grade_at(rest) else {
                continue;
            };
            self.facts.push(Fact {
                label: "评价等级".into(),
                item: Some("grade".into()),
                value: Decimal::from(rank),
                unit: None,
                period: self.year,
                text: grade.to_string(),
                origin: line.origin_of_bytes(start, start + grade.len()),
                role: FactRole::Grade,
                of: None,
                section,
                sentence: self.sentence,
            });
            return;
        }
    }
}

/// What was understood of the words before a number.
struct Analysis {
    label: String,
    item: Option<String>,
    role: FactRole,
    of: Option<usize>,
}

/// The item a number is of, where texts are meant so.
fn meant(item: String, reading: Reading) -> Option<String> {
    match reading {
        Reading::Stating => Some(item),
        Reading::Planning if item == "indicator" || item == "indicator.target" => {
            Some("indicator.target".into())
        }
        _ => None,
    }
}

/// Byte at which the label before a number begins.
fn label_start(lead: &str) -> usize {
    let mut chars = lead.char_indices().rev().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(c, '）' | ')') {
            // "因公出国（境）费": a short bracket without digits belongs to the label.
            let inside = lead[..at].char_indices().rev().take(5);
            let open = inside
                .take_while(|(_, c)| !is_boundary(*c) || matches!(c, '（' | '('))
                .find(|(_, c)| matches!(c, '（' | '('));
            match open {
                Some((open, _)) => {
                    while chars.peek().is_some_and(|(i, _)| *i >= open) {
                        chars.next();
                    }
                    continue;
                }
                None => return at + c.len_utf8(),
            }
        }
        if is_boundary(c) {
            return at + c.len_utf8();
        }
    }
    // "37人、事业编制76人": the pause after a number is no part of the next label.

    lead.len() - lead.trim_start_matches('、').len()
}

fn is_boundary(c: char) -> bool {
    matches!(
        c,
        '，' | ',' | '；' | ';' | '：' | ':' | '（' | '(' | '）' | ')' | '。'
    )
}

/// The year a label speaks of: "2023年度基本支出".
fn period(words: &str, year: Option<i16>) -> Option<i16> {
    words
        .char_indices()
        .find_map(|(at, _)| super::lines::year_at(&words[at..]))
        .or_else(|| {
            let year = year?;
            Some(if words.starts_with("上年") || words.starts_with("去年") {
                year - 1
            } else {
                year
            })
        })
}

/// Characters before byte `at`, counted on from the last place asked.
fn chars_at(text: &str, at: usize, counted: &mut (usize, u32)) -> u32 {
    if at >= counted.0 {
        counted.1 += text[counted.0..at].chars().count() as u32;
    } else {
        counted.1 = text[..at].chars().count() as u32;
    }
    counted.0 = at;
    counted.1
}
