//! The organisation (bureau, departments, units, counties) comes in as lines; a tree within one's scope goes out.

use super::sql::{Row, args, made};
use super::writer::Tx;
use super::{Context, Result, Store, StoreError, UnitId, bounded, words};
use crate::audit::Trace;
use serde_json::json;
use std::collections::HashMap;

words! {
    /// What a unit is.
    UnitKind {
        /// The finance bureau (财政局).
        Bureau = "bureau", "财政局";
        /// A department (主管部门).
        Department = "department", "主管部门";
        /// A unit of a department (所属单位).
        Unit = "unit", "所属单位";
        /// A county or district (县区).
        County = "county", "县区";
    }
}

/// A place in the organisation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Unit {
    /// Its identifier.
    pub id: UnitId,
    /// What it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// Its budget code (预算代码), where it has one.
    pub code: Option<String>,
    /// The unit it belongs to.
    pub parent: Option<UnitId>,
}

/// A unit to be added.
#[derive(Clone, Debug)]
pub struct NewUnit {
    /// What it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// Its budget code.
    pub code: Option<String>,
    /// The unit it belongs to.
    pub parent: Option<UnitId>,
}

/// A line of a list of units; codes say which one it is and where it belongs.
#[derive(Clone, Debug)]
pub struct UnitLine {
    /// What it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: String,
    /// Its budget code.
    pub code: String,
    /// Code of the unit it belongs to; an empty one for the top.
    pub parent_code: String,
}

const COLUMNS: &str = "u.id, u.kind, u.name, u.code, u.parent";

fn unit(row: &Row) -> Result<Unit> {
    Ok(Unit {
        id: row.text(0)?.into(),
        kind: UnitKind::stored(&row.text(1)?)?,
        name: row.text(2)?,
        code: row.opt_text(3)?,
        parent: row.opt_text(4)?.map(UnitId::from),
    })
}

impl Store {
    /// Adds a unit below one in scope; only the program begins a tree.
    pub async fn add_unit(&self, ctx: &Context, new: NewUnit) -> Result<UnitId> {
        let ctx = ctx.clone();
        self.write(move |tx| Box::pin(async move { tx.add_unit(&ctx, new).await }))
            .await
    }

    /// The units in scope, by name.
    pub async fn units(&self, ctx: &Context) -> Result<Vec<Unit>> {
        let mut args = vec![];
        let within = ctx.scope.condition("u.id", &mut args);
        let sql = format!(
            "SELECT {COLUMNS} FROM unit u WHERE u.closed IS NULL AND {within} ORDER BY u.code, u.name, u.id"
        );
        let rows = self.reader().await?.rows(made(sql), args).await?;
        rows.iter().map(unit).collect()
    }

    /// One unit, if it is in scope.
    pub async fn unit(&self, ctx: &Context, id: &UnitId) -> Result<Option<Unit>> {
        let mut args = args![id];
        let within = ctx.scope.condition("u.id", &mut args);
        let sql = format!("SELECT {COLUMNS} FROM unit u WHERE u.id = $1 AND {within}");
        let row = self.reader().await?.row(made(sql), args).await?;
        row.as_ref().map(unit).transpose()
    }

    /// Gives a unit another name.
    pub async fn rename_unit(&self, ctx: &Context, id: &UnitId, name: &str) -> Result<()> {
        bounded("单位名称", name, 200)?;
        let (ctx, id, name) = (ctx.clone(), id.clone(), name.trim().to_string());
        self.write(move |tx| {
            Box::pin(async move {
                tx.unit_in_scope(&ctx, &id).await?;
                tx.link
                    .run("UPDATE unit SET name = $2 WHERE id = $1", args![&id, &name])
                    .await?;
                tx.trace(&ctx, deed("unit.renamed", &id, json!({ "name": name })))
                    .await
            })
        })
        .await
    }

    /// Takes a unit out of lists; what it filed stays.
    pub async fn close_unit(&self, ctx: &Context, id: &UnitId) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                tx.unit_in_scope(&ctx, &id).await?;
                tx.link
                    .run(
                        "UPDATE unit SET closed = $2 WHERE id = $1 AND closed IS NULL",
                        args![&id, ctx.now],
                    )
                    .await?;
                tx.trace(&ctx, deed("unit.closed", &id, json!({}))).await
            })
        })
        .await
    }

    /// Takes in a whole list: lines whose code is known rename their unit, others add one. All or nothing.
    ///
    /// Gives how many were added and how many renamed. A line may come before that of the unit it belongs to.
    pub async fn import_units(&self, ctx: &Context, lines: Vec<UnitLine>) -> Result<(u64, u64)> {
        let ctx = ctx.clone();
        self.write(move |tx| Box::pin(async move { tx.import_units(&ctx, lines).await }))
            .await
    }
}

fn deed(action: &'static str, id: &UnitId, detail: serde_json::Value) -> Trace {
    Trace {
        action,
        kind: "unit",
        subject: id.to_string(),
        detail,
    }
}

impl Tx {
    /// Fails as `Missing` where a unit is not within reach.
    pub(super) async fn unit_in_scope(&mut self, ctx: &Context, id: &UnitId) -> Result<()> {
        let mut args = args![id];
        let within = ctx.scope.condition("u.id", &mut args);
        let sql = format!("SELECT u.id FROM unit u WHERE u.id = $1 AND {within}");
        let row = self.link.row(made(sql), args).await?;
        row.map(|_| ()).ok_or(StoreError::Missing)
    }

    async fn add_unit(&mut self, ctx: &Context, new: NewUnit) -> Result<UnitId> {
        bounded("单位名称", &new.name, 200)?;
        let code = new.code.map(|c| c.trim().to_string());
        let code = code.filter(|c| !c.is_empty());
        if let Some(code) = &code {
            bounded("单位编码", code, 60)?;
        }
        match &new.parent {
            Some(parent) => self.unit_in_scope(ctx, parent).await?,
            None if ctx.person.is_none() => {}
            None => {
                return Err(StoreError::Invalid(
                    "请写明上级单位：最上一级已经有了。".to_string(),
                ));
            }
        }
        let id = UnitId::random();
        self.link
            .run(
                "INSERT INTO unit (id, kind, name, code, parent, created) VALUES ($1, $2, $3, $4, $5, $6)",
                args![
                    &id,
                    new.kind.word(),
                    new.name.trim(),
                    code.clone(),
                    new.parent.as_ref().map(|p| p.as_str().to_string()),
                    ctx.now
                ],
            )
            .await?;
        self.link
            .run(
                "INSERT INTO unit_above (unit, above, depth) VALUES ($1, $1, 0)",
                args![&id],
            )
            .await?;
        if let Some(parent) = &new.parent {
            self.link
                .run(
                    "INSERT INTO unit_above (unit, above, depth) \
                     SELECT $1, above, depth + 1 FROM unit_above WHERE unit = $2",
                    args![&id, parent],
                )
                .await?;
        }
        let detail = json!({ "kind": new.kind.word(), "code": code, "parent": new.parent });
        self.trace(ctx, deed("unit.added", &id, detail)).await?;
        Ok(id)
    }

    async fn import_units(&mut self, ctx: &Context, lines: Vec<UnitLine>) -> Result<(u64, u64)> {
        let mut known: HashMap<String, UnitId> = HashMap::new();
        let mut args = vec![];
        let within = ctx.scope.condition("u.id", &mut args);
        let sql = format!("SELECT u.code, u.id FROM unit u WHERE u.code IS NOT NULL AND {within}");
        for row in self.link.rows(made(sql), args).await? {
            known.insert(row.text(0)?, row.text(1)?.into());
        }
        let (mut added, mut renamed) = (0, 0);
        let mut waiting = lines;
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut later = Vec::new();
            for line in waiting {
                let (code, above) = (line.code.trim(), line.parent_code.trim());
                if let Some(id) = known.get(code) {
                    bounded("单位名称", &line.name, 200)?;
                    renamed += self
                        .link
                        .run(
                            "UPDATE unit SET name = $2 WHERE id = $1 AND name <> $2",
                            args![id, line.name.trim()],
                        )
                        .await?;
                } else if above.is_empty() || known.contains_key(above) {
                    bounded("单位编码", code, 60)?;
                    let new = NewUnit {
                        kind: line.kind,
                        name: line.name.clone(),
                        code: Some(code.to_string()),
                        parent: known.get(above).cloned(),
                    };
                    let id = self.add_unit(ctx, new).await?;
                    known.insert(code.to_string(), id);
                    added += 1;
                } else {
                    later.push(line);
                }
            }
            if later.len() == before {
                let line = &later[0];
                return Err(StoreError::Invalid(format!(
                    "“{}”的上级编码 {} 没有对应的单位。请补上这一行，或改正编码后再导入；这次没有导入任何一行。",
                    line.name, line.parent_code
                )));
            }
            waiting = later;
        }
        let trace = Trace {
            action: "unit.imported",
            kind: "unit",
            subject: String::new(),
            detail: json!({ "added": added, "renamed": renamed }),
        };
        self.trace(ctx, trace).await?;
        Ok((added, renamed))
    }
}
