//! The id of a filing and who asks come in; the filing with all its cells, checked as it stands now, goes out.
//!
//! The last check of each filing is kept, so that a save reads only the cells that changed since.

use super::filing::{Checked, Held, Kept, Opened, REPORT};
use crate::store::{CampaignState, Context, FilingId, PersonId, Result, Store, StoreError};
use jiheng_engine::rulebook::Shelf;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// So many checked filings are kept.
const KEPT: usize = 512;

/// The workspace of all units: the store, the rulebooks and the last checks. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    /// Where cells are kept.
    pub store: Store,
    /// The rulebooks.
    pub shelf: &'static Shelf,
    last: Arc<Mutex<HashMap<FilingId, Arc<Checked>>>>,
}

impl Desk {
    /// The workspace over a store.
    pub fn new(store: Store) -> Desk {
        Desk {
            store,
            shelf: Shelf::embedded(),
            last: Arc::default(),
        }
    }

    /// A filing in scope, checked as it stands now; the reading is recorded. `None` where it is out of scope.
    pub async fn read(&self, ctx: &Context, id: &FilingId) -> Result<Option<Arc<Checked>>> {
        let found = self.check(ctx, id).await?;
        if found.is_some() {
            self.store
                .record_reading(ctx, "filing.read", "filing", id.as_str())
                .await?;
        }
        Ok(found)
    }

    /// [`Desk::read`] for who has just written in it.
    pub async fn check(&self, ctx: &Context, id: &FilingId) -> Result<Option<Arc<Checked>>> {
        let Some(filing) = self.store.filing(ctx, id).await? else {
            return Ok(None);
        };
        let campaign = self.store.campaign(&filing.campaign).await?;
        let campaign = campaign.ok_or(StoreError::Missing)?;
        let open = campaign.state == CampaignState::Open && filing.stage.is_filled_now();
        let before = self.last(id);
        if let Some(same) = &before
            && same.opened.revision == filing.revision
            && same.opened.open == open
            && same.opened.due == campaign.due
        {
            return Ok(before);
        }
        let after = before.as_ref().map_or(0, |b| b.opened.revision);
        let Some((revision, news)) = self.store.cells_of_filing(ctx, id, after).await? else {
            return Ok(None);
        };
        let mut opened = Opened {
            id: id.to_string(),
            unit: filing.unit_name,
            title: campaign.title,
            year: i16::try_from(campaign.year).unwrap_or_default(),
            rulebook: campaign.rulebook,
            due: campaign.due,
            stage: filing.stage.label().into(),
            open,
            revision,
            sheets: Vec::new(),
        };
        let mut numbers: HashMap<String, u32> = HashMap::new();
        for sheet in self.store.sheets(ctx, id).await? {
            let number = numbers.entry(sheet.form.clone()).or_default();
            *number += 1;
            let kept = before.as_ref().and_then(|b| {
                let mut sheets = b.opened.sheets.iter();
                sheets.find(|s| s.id == sheet.id.as_str())
            });
            opened.sheets.push(Kept {
                id: sheet.id.to_string(),
                form: sheet.form,
                name: sheet.name,
                ordinal: *number,
                parent: sheet.parent.map(|p| p.to_string()),
                cells: kept.map(|k| k.cells.clone()).unwrap_or_default(),
            });
        }
        // Forms first, the report behind them, as they are bound.
        opened.sheets.sort_by_key(|s| s.form == REPORT);
        for (sheet, cell) in news {
            let mut sheets = opened.sheets.iter_mut();
            let Some(kept) = sheets.find(|s| s.id == sheet.as_str()) else {
                continue;
            };
            let held = Held {
                text: cell.value.unwrap_or_default(),
                revision: cell.revision,
                moment: cell.moment,
                by: cell.by.to_string(),
                at: cell.at,
            };
            kept.cells.insert(cell.cell, held);
        }
        let shelf = self.shelf;
        let checked =
            tokio::task::spawn_blocking(move || opened.check(shelf, before.as_deref())).await;
        let checked = checked.map_err(|e| StoreError::Database(e.to_string()))?;
        let checked = checked.ok_or_else(|| {
            StoreError::Invalid("没有这次布置所用的规程包，请告诉财政局的管理员。".into())
        })?;
        let checked = Arc::new(checked);
        self.keep(id, &checked);
        Ok(Some(checked))
    }

    /// The name of a person for those who see what that person wrote.
    pub async fn name(&self, id: &str) -> String {
        let id = PersonId::from(id);
        let names = self.store.names(std::slice::from_ref(&id)).await;
        let name = names.ok().and_then(|mut names| names.remove(&id));
        name.unwrap_or_else(|| "已注销的人员".into())
    }

    fn last(&self, id: &FilingId) -> Option<Arc<Checked>> {
        let last = self.last.lock().unwrap_or_else(|e| e.into_inner());
        last.get(id).cloned()
    }

    fn keep(&self, id: &FilingId, checked: &Arc<Checked>) {
        let mut last = self.last.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(newer) = last.get(id)
            && newer.opened.revision > checked.opened.revision
        {
            return;
        }
        if last.len() >= KEPT && !last.contains_key(id) {
            // Any of them will do: what is asked for again is read again.
            let victim = last.keys().next().cloned();
            victim.and_then(|v| last.remove(&v));
        }
        last.insert(id.clone(), checked.clone());
    }
}
