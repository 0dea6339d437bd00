//! Two evaluated packages come in, the older and the newer; what they differ in, as forms, goes out.
//!
//! Forms are matched by kind and project name, rows by name or by names that say the same, cells by
//! their path. Text is compared without white space and widths, numbers by value.

mod forms;
mod report;

use crate::Evaluation;
use jiheng_model::Finding;
use jiheng_model::difference::{Difference, Said};

/// Compares an older package with a newer one.
pub fn differ(old: &Evaluation, new: &Evaluation) -> Difference {
    let years = (old.filing.year, new.filing.year);
    let two_years = matches!(years, (Some(a), Some(b)) if a.checked_add(1) == Some(b));
    let (was, is) = (said(old), said(new));
    let without = |these: &[Said], those: &[Said]| -> Vec<Said> {
        let mut left = those.to_vec();
        let mut only = Vec::new();
        for one in these {
            match left.iter().position(|other| other == one) {
                Some(at) => {
                    left.swap_remove(at);
                }
                None => only.push(one.clone()),
            }
        }
        only
    };
    let gone = without(&was, &is);
    Difference {
        years,
        two_years,
        carried: match two_years {
            true => forms::carried(&old.filing, &new.filing),
            false => Vec::new(),
        },
        forms: forms::forms(old, new),
        sections: report::sections(old, new),
        kept: was.len() - gone.len(),
        new: without(&is, &was),
        gone,
    }
}

/// The findings that stand by themselves and are not explained.
fn said(evaluation: &Evaluation) -> Vec<Said> {
    let own = |f: &&Finding| f.caused_by.is_none() && f.suppressed.is_none();
    let findings = evaluation.checked.findings.iter().filter(own);
    findings
        .map(|f| Said {
            code: f.code.clone(),
            severity: f.severity,
            message: f.message.clone(),
            label: f
                .places
                .first()
                .map_or_else(String::new, |p| p.label.clone()),
        })
        .collect()
}

#[cfg(test)]
mod tests;
