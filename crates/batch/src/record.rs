//! What a batch keeps of a package once it is evaluated: its rows in the tables, small enough to be read back.

use jiheng_model::{Decimal, Severity};
use serde::{Deserialize, Serialize};

/// What became of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read and checked.
    Checked,
    /// Nothing in it could be read; `why` says why.
    Unreadable,
    /// The program made a mistake on it; the others went on.
    Failed,
}

impl Status {
    /// The word in the tables.
    pub fn word(self) -> &'static str {
        match self {
            Status::Checked => "checked",
            Status::Unreadable => "unreadable",
            Status::Failed => "failed",
        }
    }
}

/// Everything the tables and the overview say of one package.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Its path in the batch.
    pub path: String,
    /// Fingerprint of its bytes.
    pub fingerprint: u64,
    /// What became of it.
    pub status: Status,
    /// Why it was not checked; a Chinese sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// "cn/hunan/yueyang/2023@0.1.0".
    pub rulebook: String,
    /// The unit it is of, as printed.
    pub unit: Option<String>,
    /// Recognised forms.
    pub forms: u64,
    /// Cells read.
    pub cells: u64,
    /// Errors that follow from no other finding.
    pub errors: u64,
    /// Warnings likewise.
    pub warnings: u64,
    /// Hints likewise.
    pub hints: u64,
    /// Time in millionths of a second.
    pub micros: u64,
    /// Its findings page was written under this name.
    pub page: Option<String>,
    /// Its findings.
    pub findings: Vec<FindingRow>,
    /// Its forms that carry scores.
    pub scores: Vec<ScoreRow>,
    /// What is held against other packages.
    #[serde(default, skip_serializing_if = "Throughout::is_empty")]
    pub across: Throughout,
}

/// What of a package is held against the others of the batch.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Throughout {
    /// Units with a department form.
    pub units: Vec<UnitRow>,
    /// Project forms.
    pub projects: Vec<ProjectRow>,
}

/// A unit's spending, and the departments that it names as its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnitRow {
    /// Its name in comparable form.
    pub name: String,
    /// Fiscal year.
    pub year: Option<i16>,
    /// 全年执行数 in 万元.
    pub spent: Decimal,
    /// Departments in comparable form.
    pub departments: Vec<String>,
    /// Only its own level, which is no summary.
    pub own_level: bool,
    /// Where the amount stands.
    pub at: Spot,
}

/// A project's indicators as numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProjectRow {
    /// Its name.
    pub name: String,
    /// The same for the same project.
    pub key: u64,
    /// A number for each indicator with its target.
    pub list: Vec<u64>,
    /// Where the name stands.
    pub at: Spot,
}

/// A place, as the table of findings shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spot {
    /// Kind of the form.
    pub form: String,
    /// What stands there.
    pub text: String,
    /// The place for people.
    pub place: String,
    /// The file of the package.
    pub file: String,
    /// The position for people.
    pub position: String,
    /// Table, row and column from 1.
    pub cell: Option<[u32; 3]>,
    /// Paragraph from 1.
    pub paragraph: Option<u32>,
}

impl Throughout {
    fn is_empty(&self) -> bool {
        self.units.is_empty() && self.projects.is_empty()
    }
}

/// A row of `findings.csv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindingRow {
    /// Code of the rule.
    pub code: String,
    /// Title of the rule.
    pub title: String,
    /// How grave.
    pub severity: Severity,
    /// What is the matter.
    pub message: String,
    /// The stated value.
    pub stated: Option<String>,
    /// The computed value.
    pub computed: Option<String>,
    /// "4.85 + 2.71 = 7.56".
    pub derivation: Option<String>,
    /// Kind of the form, "narrative" or "package".
    pub form: String,
    /// The place for people.
    pub place: String,
    /// The file of the package.
    pub file: String,
    /// The position for people.
    pub position: String,
    /// Table, row and column from 1.
    pub cell: Option<[u32; 3]>,
    /// Paragraph from 1.
    pub paragraph: Option<u32>,
    /// Citation of the basis.
    pub basis: String,
    /// What to do.
    pub advice: String,
    /// Number (from 1) of the finding of this package that it follows from.
    pub caused_by: Option<u32>,
    /// It is explained in writing.
    pub explained: bool,
}

/// A row of `scores.csv`: a form that carries scores. Stated and computed values are never mixed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScoreRow {
    /// Kind of the form.
    pub form: String,
    /// Annex as printed or as the rulebook has it.
    pub annex: Option<String>,
    /// The unit the form names.
    pub unit_name: Option<String>,
    /// The project the form names.
    pub project_name: Option<String>,
    /// 执行率 in percent.
    pub execution_rate: Sides,
    /// 预算执行率 分值.
    pub execution_points: Option<Decimal>,
    /// 预算执行率 得分.
    pub execution_score: Sides,
    /// Indicators.
    pub indicators: u64,
    /// Indicators whose score could be computed.
    pub indicators_computed: u64,
    /// Total of 分值.
    pub total_points: Option<Decimal>,
    /// 总分.
    pub total: Sides,
    /// The grade the report states.
    pub rating_stated: Option<String>,
    /// The grade the computed total falls in.
    pub rating_computed: Option<String>,
    /// The grade the stated total falls in.
    pub rating_of_stated: Option<String>,
    /// Its score is far above its execution, as a rule says.
    pub above_execution: bool,
}

/// Both sides of a number.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Sides {
    /// 填报.
    pub stated: Option<Decimal>,
    /// 复算.
    pub computed: Option<Decimal>,
}

impl Record {
    /// The form whose total is the package's: the department form's, else the only form with a total.
    pub fn main_score(&self) -> Option<&ScoreRow> {
        let department = self.scores.iter().find(|s| s.form == "department");
        department.or(match self.scores.as_slice() {
            [only] => Some(only),
            _ => None,
        })
    }
}
