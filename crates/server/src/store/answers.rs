//! A request's key comes in; the answer that was given to it before, if any, goes out.

use super::sql::args;
use super::writer::Tx;
use super::{PersonId, Result, StoreError};

/// The answer given before to this very request; `KeyReused` where the key belongs to another one.
pub(super) async fn stored(
    tx: &mut Tx,
    person: &PersonId,
    key: &str,
    request: &str,
) -> Result<Option<String>> {
    let row = tx
        .link
        .row(
            "SELECT request, answer FROM stored_answer WHERE person = $1 AND key = $2",
            args![person, key],
        )
        .await?;
    match row {
        None => Ok(None),
        Some(row) if row.text(0)? == request => Ok(Some(row.text(1)?)),
        Some(_) => Err(StoreError::KeyReused),
    }
}

/// Keeps an answer, in the change that it answers.
pub(super) async fn store(
    tx: &mut Tx,
    person: &PersonId,
    key: &str,
    request: &str,
    answer: &str,
    now: i64,
) -> Result<()> {
    tx.link
        .run(
            "INSERT INTO stored_answer (person, key, request, answer, at) VALUES ($1, $2, $3, $4, $5)",
            args![person, key, request, answer, now],
        )
        .await?;
    Ok(())
}
