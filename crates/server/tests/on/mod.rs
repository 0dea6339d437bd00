//! Nothing comes in; a database of either kind, and a small city in it, go out for tests.
#![allow(dead_code, reason = "each test file uses what it needs")]

pub mod cluster;

use jiheng_server::people::{Role, Scope};
use jiheng_server::store::{
    CampaignId, CampaignState, Context, FilingId, NewPerson, NewUnit, PersonId, SheetId, Store,
    UnitId, UnitKind,
};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// 2026-05-08 in China.
pub const NOW: i64 = 1_778_200_000_000;

/// A folder that is removed when dropped.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("jiheng-{name}-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A bureau, two departments with a unit each, one open campaign, one filing with one sheet, and a preparer.
pub struct City {
    pub bureau: UnitId,
    pub department: UnitId,
    pub unit: UnitId,
    pub other_department: UnitId,
    pub other_unit: UnitId,
    pub campaign: CampaignId,
    pub filing: FilingId,
    pub sheet: SheetId,
    pub preparer: PersonId,
}

pub fn program() -> Context {
    Context::program(NOW)
}

pub async fn person(store: &Store, unit: &UnitId, login: &str, role: Option<Role>) -> PersonId {
    let new = NewPerson {
        unit: unit.clone(),
        login: login.into(),
        name: format!("姓名{login}"),
    };
    let id = store.add_person(&program(), new).await.expect("a person");
    if let Some(role) = role {
        store
            .grant(&program(), &id, unit, role)
            .await
            .expect("a role");
    }
    id
}

/// What a person may do with one permission, as the extractor makes it.
pub async fn ctx(
    store: &Store,
    person: &PersonId,
    permission: jiheng_server::people::Permission,
) -> Context {
    let grants = store.grants_of(person).await.expect("grants");
    Context {
        person: Some(person.clone()),
        pseudonym: format!("p-of-{person}"),
        scope: Scope::of(&grants, permission),
        now: NOW,
    }
}

pub async fn city(store: &Store) -> City {
    let add = async |kind, name: &str, code: &str, parent: Option<&UnitId>| {
        let new = NewUnit {
            kind,
            name: name.into(),
            code: Some(code.into()),
            parent: parent.cloned(),
        };
        store.add_unit(&program(), new).await.expect("a unit")
    };
    let bureau = add(UnitKind::Bureau, "青禾市财政局", "001", None).await;
    let department = add(UnitKind::Department, "青禾市水利局", "101", Some(&bureau)).await;
    let unit = add(UnitKind::Unit, "青禾市水文站", "101001", Some(&department)).await;
    let other_department = add(UnitKind::Department, "青禾市教育局", "102", Some(&bureau)).await;
    let other_unit = add(
        UnitKind::Unit,
        "青禾市第一中学",
        "102001",
        Some(&other_department),
    )
    .await;
    let campaign = store
        .add_campaign(&program(), 2025, "2025年度绩效自评", "cn/mof/2020", None)
        .await
        .expect("a campaign");
    store
        .set_campaign_state(&program(), &campaign, CampaignState::Open)
        .await
        .expect("opened");
    let preparer = person(store, &unit, "preparer", Some(Role::Preparer)).await;
    let filing = store
        .begin_filing(&program(), &campaign, &unit)
        .await
        .expect("a filing");
    let sheet = store
        .add_sheet(&program(), &filing, "department", "整体表", None)
        .await
        .expect("a sheet");
    City {
        bureau,
        department,
        unit,
        other_department,
        other_unit,
        campaign,
        filing,
        sheet,
        preparer,
    }
}
