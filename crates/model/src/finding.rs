//! A finding (发现): both sides, where they stand, why it matters, what to do.

use crate::origin::Origin;
use crate::rule::Severity;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One finding. What it has from its rule it shares with the rule's other findings. It shows both sides and does not claim which is wrong unless arithmetic proves it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Code of the rule.
    pub code: String,
    /// Slug of the rule.
    pub slug: Arc<str>,
    /// Severity of this finding; never graver than the rule's.
    pub severity: Severity,
    /// What is the matter, with numbers and units; plain Chinese, about 24 characters before the colon.
    pub message: String,
    /// Why it matters.
    pub why: Arc<str>,
    /// Citation of the basis.
    pub basis: Arc<str>,
    /// What to do; begins with a verb.
    pub advice: Arc<str>,
    /// Catalogue ids.
    pub covers: Arc<[String]>,
    /// Named arguments of the message.
    pub args: BTreeMap<String, String>,
    /// The stated value (the first place's).
    pub stated: Option<String>,
    /// The computed value, when one was computed.
    pub computed: Option<String>,
    /// "4.85 + 2.71 = 7.56".
    pub derivation: Option<String>,
    /// Index of the finding it follows from.
    pub caused_by: Option<usize>,
    /// Places, the first one being the one to mark.
    pub places: Vec<Place>,
    /// Someone explained it in writing: it is shown, but not counted.
    pub suppressed: Option<Suppression>,
}

/// Why a finding is not to be reported again (已说明).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The written reason.
    pub reason: String,
    /// The last day it holds ("2026-12-31").
    pub until: String,
    /// File and line ("jiheng.toml 第3行").
    pub from: String,
}

impl Suppression {
    /// "已说明：……（2026-12-31 到期，jiheng.toml 第3行）"
    pub fn sentence(&self) -> String {
        format!(
            "已说明，不再提示：{}（{} 到期，{}）",
            self.reason, self.until, self.from
        )
    }
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Cell, words, or something absent.
    pub kind: PlaceKind,
    /// The form's id, "narrative" for the report, "package" for the whole.
    pub form: String,
    /// Index in `Filing::forms`, for forms.
    pub form_index: Option<usize>,
    /// The field's path, for cells ("operating.outturn", "indicators[3].score").
    pub field: Option<String>,
    /// Label for people: "公用经费 · 2023年决算数"; for what is absent: its name.
    pub label: String,
    /// The address; for what is absent: the nearest thing before it.
    pub origin: Origin,
    /// The text there; empty for what is absent.
    pub text: String,
}

/// Kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// A cell of a table.
    Cell,
    /// Words in a paragraph.
    Text,
    /// Something that should stand after this place.
    Absent,
}

/// Words that follow from the form's own figures or from plain writing, to stand in place of others (修订).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Index of the finding that it settles.
    pub finding: usize,
    /// Which of the finding's places it is.
    pub place: usize,
    /// What stands there.
    pub before: String,
    /// What is to stand there.
    pub after: String,
    /// How it follows ("4063.14 ÷ 4063.14 = 100%").
    pub derivation: String,
    /// Nothing of the finding is left once all its replacements are made.
    pub settles: bool,
}

/// Result of one rule over one filing. Not checked is never passed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Code of the rule.
    pub code: String,
    /// What became of it.
    pub outcome: OutcomeKind,
    /// How many comparisons were made.
    pub checked: u32,
    /// What was compared or why it was not, plain Chinese ("没有放入决算文件").
    pub note: String,
}

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// Checked and nothing found.
    Pass,
    /// At least one finding.
    Fail,
    /// Nothing in this filing to check it on.
    NotApplicable,
    /// It would have to be checked, but material or values are missing.
    NotEnoughData,
}
