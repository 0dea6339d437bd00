//! A statement and its arguments come in; rows go out, the same for SQLite and PostgreSQL.
//!
//! Both dialects understand `$1`, so a statement is written once; only what differs (schema, locks, backup) is kept per dialect.

use super::{Result, StoreError};
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Postgres, Row as _, SqlSafeStr, Sqlite};

/// One argument of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Bytes(Vec<u8>),
}

impl From<&str> for Value {
    fn from(v: &str) -> Value {
        Value::Text(Some(v.to_string()))
    }
}

impl From<String> for Value {
    fn from(v: String) -> Value {
        Value::Text(Some(v))
    }
}

impl From<&String> for Value {
    fn from(v: &String) -> Value {
        Value::Text(Some(v.clone()))
    }
}

impl From<Option<String>> for Value {
    fn from(v: Option<String>) -> Value {
        Value::Text(v)
    }
}

impl From<i64> for Value {
    fn from(v: i64) -> Value {
        Value::Int(Some(v))
    }
}

impl From<Option<i64>> for Value {
    fn from(v: Option<i64>) -> Value {
        Value::Int(v)
    }
}

impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Value {
        Value::Bytes(v)
    }
}

/// The arguments of a statement, in order.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::sql::Value::from($value)),*] };
}
pub(crate) use args;

/// A connection to either database.
pub(crate) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A row of either database; columns are asked for by position.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! bound {
    ($sql:expr, $args:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $args {
            query = match value {
                Value::Text(v) => query.bind(v),
                Value::Int(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
            };
        }
        query
    }};
}

impl Link {
    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Link::Sqlite(c) => bound!(sql, args).execute(&mut **c).await?.rows_affected(),
            Link::Postgres(c) => bound!(sql, args).execute(&mut **c).await?.rows_affected(),
        })
    }

    /// All rows of a query.
    pub async fn rows(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Link::Sqlite(c) => {
                let rows = bound!(sql, args).fetch_all(&mut **c).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Link::Postgres(c) => {
                let rows = bound!(sql, args).fetch_all(&mut **c).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of a query, where there is one.
    pub async fn row(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Option<Row>> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Link::Sqlite(c) => {
                let row = bound!(sql, args).fetch_optional(&mut **c).await?;
                row.map(Row::Sqlite)
            }
            Link::Postgres(c) => {
                let row = bound!(sql, args).fetch_optional(&mut **c).await?;
                row.map(Row::Postgres)
            }
        })
    }

    /// Runs a script of several statements without arguments.
    pub async fn script(&mut self, sql: &str) -> Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_string()));
        match self {
            Link::Sqlite(c) => sql.execute(&mut **c).await?.rows_affected(),
            Link::Postgres(c) => sql.execute(&mut **c).await?.rows_affected(),
        };
        Ok(())
    }

    /// Whether this is SQLite.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Link::Sqlite(_))
    }
}

/// A statement made at run time from fixed pieces; values never stand in it.
pub(crate) fn made(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

impl Row {
    /// A text that is there.
    pub fn text(&self, at: usize) -> Result<String> {
        Ok(match self {
            Row::Sqlite(r) => r.try_get(at)?,
            Row::Postgres(r) => r.try_get(at)?,
        })
    }

    /// A text or nothing.
    pub fn opt_text(&self, at: usize) -> Result<Option<String>> {
        Ok(match self {
            Row::Sqlite(r) => r.try_get(at)?,
            Row::Postgres(r) => r.try_get(at)?,
        })
    }

    /// A whole number that is there.
    pub fn int(&self, at: usize) -> Result<i64> {
        Ok(match self {
            Row::Sqlite(r) => r.try_get(at)?,
            Row::Postgres(r) => r.try_get(at)?,
        })
    }

    /// A whole number or nothing.
    pub fn opt_int(&self, at: usize) -> Result<Option<i64>> {
        Ok(match self {
            Row::Sqlite(r) => r.try_get(at)?,
            Row::Postgres(r) => r.try_get(at)?,
        })
    }

    /// Bytes.
    pub fn bytes(&self, at: usize) -> Result<Vec<u8>> {
        Ok(match self {
            Row::Sqlite(r) => r.try_get(at)?,
            Row::Postgres(r) => r.try_get(at)?,
        })
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> StoreError {
        match &e {
            sqlx::Error::Database(d) if d.is_unique_violation() => StoreError::Taken,
            sqlx::Error::Database(d) if d.is_foreign_key_violation() => StoreError::Missing,
            _ => StoreError::Database(e.to_string()),
        }
    }
}
