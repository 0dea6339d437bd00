//! A unit's forms for one campaign come in and go out, as far as one's scope reaches.

use super::sql::{Row, args, made};
use super::writer::Tx;
use super::{
    CampaignId, Context, FilingId, Result, SheetId, Store, StoreError, UnitId, bounded, words,
};
use crate::audit::Trace;
use serde_json::json;

words! {
    /// Where a filing stands (环节).
    Stage {
        /// The unit fills (填报).
        Filling = "filling", "填报中";
        /// Handed in, and not read yet (已送审).
        Submitted = "submitted", "已送审";
        /// Sent back with an opinion (被退回).
        Returned = "returned", "被退回";
        /// Passed by the department (部门已审).
        DepartmentPassed = "department-passed", "部门已审";
        /// Passed by the bureau (已审核).
        Passed = "passed", "已审核";
    }
}

impl Stage {
    /// Whether cells may be changed.
    pub fn is_filled_now(self) -> bool {
        matches!(self, Stage::Filling | Stage::Returned)
    }
}

/// A unit's material for one campaign.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Filing {
    /// Its identifier.
    pub id: FilingId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// Where it stands.
    pub stage: Stage,
    /// Grows with every change of a cell, a sheet, a remark or evidence.
    pub revision: i64,
}

/// One form of a filing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Sheet {
    /// Its identifier.
    pub id: SheetId,
    /// The filing it is part of.
    pub filing: FilingId,
    /// The form of the rulebook that it fills.
    pub form: String,
    /// Its place among the others.
    pub ordinal: i64,
    /// Its name: of the form, or of the project.
    pub name: String,
    /// The sheet that it belongs to: second-level projects to their first-level one.
    pub parent: Option<SheetId>,
}

const FILING: &str = "SELECT f.id, f.campaign, f.unit, u.name, f.stage, f.revision \
    FROM filing f JOIN unit u ON u.id = f.unit";
const SHEET: &str = "SELECT s.id, s.filing, s.form, s.ordinal, s.name, s.parent \
    FROM sheet s JOIN filing f ON f.id = s.filing";

fn filing(row: &Row) -> Result<Filing> {
    Ok(Filing {
        id: row.text(0)?.into(),
        campaign: row.text(1)?.into(),
        unit: row.text(2)?.into(),
        unit_name: row.text(3)?,
        stage: Stage::stored(&row.text(4)?)?,
        revision: row.int(5)?,
    })
}

fn sheet(row: &Row) -> Result<Sheet> {
    Ok(Sheet {
        id: row.text(0)?.into(),
        filing: row.text(1)?.into(),
        form: row.text(2)?,
        ordinal: row.int(3)?,
        name: row.text(4)?,
        parent: row.opt_text(5)?.map(SheetId::from),
    })
}

fn deed(
    action: &'static str,
    kind: &'static str,
    subject: &str,
    detail: serde_json::Value,
) -> Trace {
    Trace {
        action,
        kind,
        subject: subject.to_string(),
        detail,
    }
}

impl Store {
    /// The unit's filing for a campaign, made where there is none.
    pub async fn begin_filing(
        &self,
        ctx: &Context,
        campaign: &CampaignId,
        unit: &UnitId,
    ) -> Result<FilingId> {
        let (ctx, campaign, unit) = (ctx.clone(), campaign.clone(), unit.clone());
        self.write(move |tx| {
            Box::pin(async move {
                tx.unit_in_scope(&ctx, &unit).await?;
                let there = tx
                    .link
                    .row(
                        "SELECT id FROM filing WHERE campaign = $1 AND unit = $2",
                        args![&campaign, &unit],
                    )
                    .await?;
                if let Some(row) = there {
                    let id = FilingId::from(row.text(0)?);
                    tx.trace(&ctx, deed("filing.opened", "filing", id.as_str(), json!({})))
                        .await?;
                    return Ok(id);
                }
                let id = FilingId::random();
                tx.link
                    .run(
                        "INSERT INTO filing (id, campaign, unit, stage, revision) VALUES ($1, $2, $3, 'filling', 0)",
                        args![&id, &campaign, &unit],
                    )
                    .await?;
                let detail = json!({ "campaign": campaign, "unit": unit });
                tx.trace(&ctx, deed("filing.begun", "filing", id.as_str(), detail)).await?;
                Ok(id)
            })
        })
        .await
    }

    /// The filings in scope, of one campaign or of all, by the unit's name.
    pub async fn filings(
        &self,
        ctx: &Context,
        campaign: Option<&CampaignId>,
    ) -> Result<Vec<Filing>> {
        let mut args = vec![];
        let mut only = String::new();
        if let Some(campaign) = campaign {
            args.push(campaign.into());
            only = "f.campaign = $1 AND ".into();
        }
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!("{FILING} WHERE {only}{within} ORDER BY u.code, u.name, f.id");
        let rows = self.reader().await?.rows(made(sql), args).await?;
        rows.iter().map(filing).collect()
    }

    /// One filing in scope, without its content.
    pub async fn filing(&self, ctx: &Context, id: &FilingId) -> Result<Option<Filing>> {
        let mut args = args![id];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!("{FILING} WHERE f.id = $1 AND {within}");
        let row = self.reader().await?.row(made(sql), args).await?;
        row.as_ref().map(filing).transpose()
    }

    /// Moves a filing from one stage to another; `Closed` where it is not at the first one (any more).
    pub async fn move_filing(
        &self,
        ctx: &Context,
        id: &FilingId,
        from: Stage,
        to: Stage,
    ) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                tx.filing_in_scope(&ctx, &id).await?;
                let moved = tx
                    .link
                    .run(
                        "UPDATE filing SET stage = $3, revision = revision + 1 WHERE id = $1 AND stage = $2",
                        args![&id, from.word(), to.word()],
                    )
                    .await?;
                if moved == 0 {
                    return Err(StoreError::Closed);
                }
                let detail = json!({ "from": from.word(), "to": to.word() });
                tx.trace(&ctx, deed("filing.moved", "filing", id.as_str(), detail)).await
            })
        })
        .await
    }

    /// The sheets of a filing in scope, in order; none where the filing is out of it.
    pub async fn sheets(&self, ctx: &Context, filing: &FilingId) -> Result<Vec<Sheet>> {
        let mut args = args![filing];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!(
            "{SHEET} WHERE s.filing = $1 AND s.removed IS NULL AND {within} ORDER BY s.ordinal, s.id"
        );
        let rows = self.reader().await?.rows(made(sql), args).await?;
        rows.iter().map(sheet).collect()
    }

    /// One sheet in scope.
    pub async fn sheet(&self, ctx: &Context, id: &SheetId) -> Result<Option<Sheet>> {
        let mut args = args![id];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!("{SHEET} WHERE s.id = $1 AND s.removed IS NULL AND {within}");
        let row = self.reader().await?.row(made(sql), args).await?;
        row.as_ref().map(sheet).transpose()
    }

    /// Adds a sheet behind the others of its filing.
    pub async fn add_sheet(
        &self,
        ctx: &Context,
        filing: &FilingId,
        form: &str,
        name: &str,
        parent: Option<&SheetId>,
    ) -> Result<SheetId> {
        bounded("表的种类", form, 100)?;
        bounded("表名", name, 200)?;
        let (ctx, filing, parent) = (ctx.clone(), filing.clone(), parent.cloned());
        let (form, name) = (form.to_string(), name.trim().to_string());
        self.write(move |tx| {
            Box::pin(async move {
                tx.filled_filing(&ctx, &filing).await?;
                if let Some(parent) = &parent {
                    let row = tx
                        .link
                        .row(
                            "SELECT id FROM sheet WHERE id = $1 AND filing = $2 AND removed IS NULL",
                            args![parent, &filing],
                        )
                        .await?;
                    row.ok_or(StoreError::Missing)?;
                }
                let id = SheetId::random();
                tx.link
                    .run(
                        "INSERT INTO sheet (id, filing, form, ordinal, name, parent) VALUES ($1, $2, $3, \
                         (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM sheet WHERE filing = $2), $4, $5)",
                        args![
                            &id,
                            &filing,
                            &form,
                            name,
                            parent.as_ref().map(|p| p.as_str().to_string())
                        ],
                    )
                    .await?;
                tx.filing_moved_on(&filing).await?;
                let detail = json!({ "filing": filing, "form": form, "parent": parent });
                tx.trace(&ctx, deed("sheet.added", "sheet", id.as_str(), detail)).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Gives a sheet another name.
    pub async fn rename_sheet(&self, ctx: &Context, id: &SheetId, name: &str) -> Result<()> {
        bounded("表名", name, 200)?;
        let (ctx, id, name) = (ctx.clone(), id.clone(), name.trim().to_string());
        self.write(move |tx| {
            Box::pin(async move {
                let filing = tx.filled_sheet(&ctx, &id).await?.filing;
                tx.link
                    .run("UPDATE sheet SET name = $2 WHERE id = $1", args![&id, name])
                    .await?;
                tx.filing_moved_on(&filing).await?;
                tx.trace(&ctx, deed("sheet.renamed", "sheet", id.as_str(), json!({})))
                    .await
            })
        })
        .await
    }

    /// Takes a sheet, and those that belong to it, out of its filing; its cells and their history are kept.
    pub async fn remove_sheet(&self, ctx: &Context, id: &SheetId) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let filing = tx.filled_sheet(&ctx, &id).await?.filing;
                tx.link
                    .run(
                        "UPDATE sheet SET removed = $2 WHERE (id = $1 OR parent = $1) AND removed IS NULL",
                        args![&id, ctx.now],
                    )
                    .await?;
                tx.filing_moved_on(&filing).await?;
                tx.trace(&ctx, deed("sheet.removed", "sheet", id.as_str(), json!({}))).await
            })
        })
        .await
    }

    /// Puts a removed sheet back.
    pub async fn restore_sheet(&self, ctx: &Context, id: &SheetId) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let row = tx
                    .link
                    .row("SELECT filing FROM sheet WHERE id = $1", args![&id])
                    .await?
                    .ok_or(StoreError::Missing)?;
                let filing = FilingId::from(row.text(0)?);
                tx.filled_filing(&ctx, &filing).await?;
                tx.link
                    .run(
                        "UPDATE sheet SET removed = NULL WHERE id = $1 OR parent = $1",
                        args![&id],
                    )
                    .await?;
                tx.filing_moved_on(&filing).await?;
                tx.trace(
                    &ctx,
                    deed("sheet.restored", "sheet", id.as_str(), json!({})),
                )
                .await
            })
        })
        .await
    }
}

/// Where a sheet stands.
pub(super) struct SheetPlace {
    pub filing: FilingId,
    pub revision: i64,
    filled_now: bool,
}

impl SheetPlace {
    /// Fails as `Closed` where the filing is not being filled.
    pub fn filled_now(&self) -> Result<()> {
        if self.filled_now {
            Ok(())
        } else {
            Err(StoreError::Closed)
        }
    }
}

impl Tx {
    /// Fails as `Missing` where a filing is not within reach.
    pub(super) async fn filing_in_scope(&mut self, ctx: &Context, id: &FilingId) -> Result<()> {
        let mut args = args![id];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!("SELECT f.id FROM filing f WHERE f.id = $1 AND {within}");
        let row = self.link.row(made(sql), args).await?;
        row.map(|_| ()).ok_or(StoreError::Missing)
    }

    /// A filing within reach that is being filled now; `Closed` where it is not.
    pub(super) async fn filled_filing(&mut self, ctx: &Context, id: &FilingId) -> Result<()> {
        let mut args = args![id];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!(
            "SELECT f.stage, c.state FROM filing f JOIN campaign c ON c.id = f.campaign \
             WHERE f.id = $1 AND {within}"
        );
        let row = self.link.row(made(sql), args).await?;
        let row = row.ok_or(StoreError::Missing)?;
        if !Stage::stored(&row.text(0)?)?.is_filled_now() || row.text(1)? != "open" {
            return Err(StoreError::Closed);
        }
        Ok(())
    }

    /// A sheet within reach.
    pub(super) async fn sheet_in_scope(
        &mut self,
        ctx: &Context,
        id: &SheetId,
    ) -> Result<SheetPlace> {
        let mut args = args![id];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!(
            "SELECT f.id, f.revision, f.stage, c.state FROM sheet s JOIN filing f ON f.id = s.filing \
             JOIN campaign c ON c.id = f.campaign WHERE s.id = $1 AND s.removed IS NULL AND {within}"
        );
        let row = self.link.row(made(sql), args).await?;
        let row = row.ok_or(StoreError::Missing)?;
        Ok(SheetPlace {
            filing: row.text(0)?.into(),
            revision: row.int(1)?,
            filled_now: Stage::stored(&row.text(2)?)?.is_filled_now() && row.text(3)? == "open",
        })
    }

    /// A sheet within reach that is being filled now; `Closed` where it is not.
    pub(super) async fn filled_sheet(&mut self, ctx: &Context, id: &SheetId) -> Result<SheetPlace> {
        let place = self.sheet_in_scope(ctx, id).await?;
        place.filled_now()?;
        Ok(place)
    }

    /// Counts the filing's revision on.
    pub(super) async fn filing_moved_on(&mut self, id: &FilingId) -> Result<()> {
        self.link
            .run(
                "UPDATE filing SET revision = revision + 1 WHERE id = $1",
                args![id],
            )
            .await?;
        Ok(())
    }
}
