//! A year's task comes in; the tasks there are go out.

use super::sql::{Row, args};
use super::{CampaignId, Context, Result, Store, bounded, words};
use crate::audit::Trace;
use serde_json::json;

words! {
    /// Where a campaign stands.
    CampaignState {
        /// Being prepared; units do not see it yet.
        Draft = "draft", "准备中";
        /// Units fill.
        Open = "open", "填报中";
        /// Over; read only.
        Closed = "closed", "已结束";
    }
}

/// A year's self-evaluation as the bureau set it (年度自评布置).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Campaign {
    /// Its identifier.
    pub id: CampaignId,
    /// The fiscal year that is evaluated.
    pub year: i64,
    /// Its title.
    pub title: String,
    /// The rulebook in force, as `cn/…`.
    pub rulebook: String,
    /// Until when units hand in (milliseconds since 1970).
    pub due: Option<i64>,
    /// Where it stands.
    pub state: CampaignState,
}

fn campaign(row: &Row) -> Result<Campaign> {
    Ok(Campaign {
        id: row.text(0)?.into(),
        year: row.int(1)?,
        title: row.text(2)?,
        rulebook: row.text(3)?,
        due: row.opt_int(4)?,
        state: CampaignState::stored(&row.text(5)?)?,
    })
}

fn deed(action: &'static str, id: &CampaignId, detail: serde_json::Value) -> Trace {
    Trace {
        action,
        kind: "campaign",
        subject: id.to_string(),
        detail,
    }
}

impl Store {
    /// Adds a campaign, not open yet.
    pub async fn add_campaign(
        &self,
        ctx: &Context,
        year: i64,
        title: &str,
        rulebook: &str,
        due: Option<i64>,
    ) -> Result<CampaignId> {
        bounded("标题", title, 200)?;
        bounded("规程包", rulebook, 200)?;
        self.whole_in_scope(ctx).await?;
        let (ctx, title, rulebook) = (ctx.clone(), title.to_string(), rulebook.to_string());
        self.write(move |tx| {
            Box::pin(async move {
                let id = CampaignId::random();
                tx.link
                    .run(
                        "INSERT INTO campaign (id, year, title, rulebook, due, state) \
                         VALUES ($1, $2, $3, $4, $5, 'draft')",
                        args![&id, year, title, &rulebook, due],
                    )
                    .await?;
                let detail = json!({ "year": year, "rulebook": rulebook, "due": due });
                tx.trace(&ctx, deed("campaign.added", &id, detail)).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Opens, closes or takes back a campaign.
    pub async fn set_campaign_state(
        &self,
        ctx: &Context,
        id: &CampaignId,
        state: CampaignState,
    ) -> Result<()> {
        self.whole_in_scope(ctx).await?;
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let touched = tx
                    .link
                    .run(
                        "UPDATE campaign SET state = $2 WHERE id = $1",
                        args![&id, state.word()],
                    )
                    .await?;
                if touched == 0 {
                    return Err(super::StoreError::Missing);
                }
                let detail = json!({ "state": state.word() });
                tx.trace(&ctx, deed("campaign.moved", &id, detail)).await
            })
        })
        .await
    }

    /// All campaigns, the newest year first. They hold nothing of a unit's.
    pub async fn campaigns(&self) -> Result<Vec<Campaign>> {
        let rows = self
            .reader()
            .await?
            .rows(
                "SELECT id, year, title, rulebook, due, state FROM campaign ORDER BY year DESC, title, id",
                vec![],
            )
            .await?;
        rows.iter().map(campaign).collect()
    }

    /// One campaign.
    pub async fn campaign(&self, id: &CampaignId) -> Result<Option<Campaign>> {
        let row = self
            .reader()
            .await?
            .row(
                "SELECT id, year, title, rulebook, due, state FROM campaign WHERE id = $1",
                args![id],
            )
            .await?;
        row.as_ref().map(campaign).transpose()
    }
}
