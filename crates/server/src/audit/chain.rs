//! One deed comes in; the next row of the chain goes out, in the transaction that did it.

use super::sha256_hex;
use crate::store::sql::{Link, args};
use crate::store::{Context, Result, writer::Tx};
use serde::{Deserialize, Serialize};

/// A row of the chain as it is stored and exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number, from 1 without gaps.
    pub seq: i64,
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// Who, as a pseudonym.
    pub actor: String,
    /// What was done, as `noun.verb`.
    pub action: String,
    /// What it was done to: the kind of thing.
    pub kind: String,
    /// What it was done to: which one.
    pub subject: String,
    /// More, as the JSON text that was hashed.
    pub detail: String,
    /// Hash of the row before.
    pub prev: String,
    /// Hash of this row.
    pub hash: String,
}

/// The bytes that a row's hash covers: each field behind its length, so that no two rows have the same bytes.
pub fn canonical(row: &Row) -> Vec<u8> {
    let mut bytes = b"jiheng audit 1\0".to_vec();
    bytes.extend(row.seq.to_be_bytes());
    bytes.extend(row.at.to_be_bytes());
    for field in [
        &row.prev,
        &row.actor,
        &row.action,
        &row.kind,
        &row.subject,
        &row.detail,
    ] {
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(field.as_bytes());
    }
    bytes
}

/// SHA-256 over [`canonical`].
pub fn row_hash(row: &Row) -> String {
    sha256_hex(&canonical(row))
}

/// Where the chain ends.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    seq: i64,
    hash: String,
    moved: bool,
}

impl Head {
    pub fn at(seq: i64, hash: String) -> Head {
        Head {
            seq,
            hash,
            moved: false,
        }
    }

    /// Writes the chain's end where rows were added.
    pub async fn keep(&self, link: &mut Link) -> Result<()> {
        if self.moved {
            link.run(
                "UPDATE chain SET seq = $1, hash = $2 WHERE one = 1",
                args![self.seq, &self.hash],
            )
            .await?;
        }
        Ok(())
    }
}

/// A deed to be recorded.
pub(crate) struct Trace {
    /// What was done, as `noun.verb`.
    pub action: &'static str,
    /// The kind of thing it was done to.
    pub kind: &'static str,
    /// Which one.
    pub subject: String,
    /// Nothing in it may name a person.
    pub detail: serde_json::Value,
}

impl Tx {
    /// Adds a row to the chain.
    pub async fn trace(&mut self, ctx: &Context, trace: Trace) -> Result<()> {
        let mut row = Row {
            seq: self.head.seq + 1,
            at: ctx.now,
            actor: ctx.pseudonym.clone(),
            action: trace.action.to_string(),
            kind: trace.kind.to_string(),
            subject: trace.subject,
            detail: trace.detail.to_string(),
            prev: self.head.hash.clone(),
            hash: String::new(),
        };
        row.hash = row_hash(&row);
        self.link
            .run(
                "INSERT INTO audit (seq, at, actor, action, kind, subject, detail, prev, hash) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                args![
                    row.seq,
                    row.at,
                    row.actor,
                    row.action,
                    row.kind,
                    row.subject,
                    row.detail,
                    row.prev,
                    &row.hash
                ],
            )
            .await?;
        self.head = Head {
            seq: row.seq,
            hash: row.hash,
            moved: true,
        };
        self.traces += 1;
        Ok(())
    }
}
