//! Units, sheets, remarks and evidence come in; what is kept, and from whom it is kept, goes out.

use super::cells::change;
use crate::on::{city, ctx, person, program};
use jiheng_server::people::{Permission, Role};
use jiheng_server::store::{CampaignState, Stage, Store, StoreError, UnitKind, UnitLine};

pub async fn what_was_handed_in_is_not_changed(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let saves = async |key: &str, base, value| {
        let changes = vec![change("a", base, Some(value))];
        store
            .save_cells(&me, &city.sheet, changes, key)
            .await
            .map(|_| ())
    };
    assert_eq!(saves("k1", 0, "1").await, Ok(()));
    store
        .move_filing(&me, &city.filing, Stage::Filling, Stage::Submitted)
        .await
        .expect("handed in");
    let twice = store
        .move_filing(&me, &city.filing, Stage::Filling, Stage::Submitted)
        .await;
    assert_eq!(twice, Err(StoreError::Closed));
    assert_eq!(saves("k2", 1, "2").await, Err(StoreError::Closed));
    let closed = Err(StoreError::Closed);
    assert_eq!(store.remove_sheet(&me, &city.sheet).await, closed);
    let added = store
        .add_sheet(&me, &city.filing, "project", "项目", None)
        .await;
    assert_eq!(added, Err(StoreError::Closed));
    let file = store
        .add_evidence(&me, &city.filing, "a.docx", vec![])
        .await;
    assert_eq!(file, Err(StoreError::Closed));
    store
        .move_filing(&program(), &city.filing, Stage::Submitted, Stage::Returned)
        .await
        .expect("sent back");
    assert_eq!(saves("k3", 1, "2").await, Ok(()));
    store
        .set_campaign_state(&program(), &city.campaign, CampaignState::Closed)
        .await
        .expect("closed");
    assert_eq!(saves("k4", 2, "3").await, Err(StoreError::Closed));
    let again = store
        .save_cells(&me, &city.sheet, vec![change("a", 1, Some("2"))], "k3")
        .await;
    assert!(again.is_ok(), "an answer that was given is given again");
}

pub async fn sheets_are_a_tree_and_come_back(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let add = async |name: &str, parent| {
        let added = store
            .add_sheet(&me, &city.filing, "project", name, parent)
            .await;
        added.expect("added")
    };
    let first = add("一级项目", None).await;
    let second = add("二级项目", Some(&first)).await;
    let elsewhere = store
        .add_sheet(&me, &city.filing, "project", "x", Some(&"nothing".into()))
        .await;
    assert_eq!(elsewhere, Err(StoreError::Missing));
    store
        .rename_sheet(&me, &second, "河道清淤")
        .await
        .expect("renamed");
    let sheets = store.sheets(&me, &city.filing).await.expect("listed");
    let listed: Vec<(i64, &str)> = sheets
        .iter()
        .map(|s| (s.ordinal, s.name.as_str()))
        .collect();
    assert_eq!(listed, [(1, "整体表"), (2, "一级项目"), (3, "河道清淤")]);
    assert_eq!(sheets[2].parent.as_ref(), Some(&first));
    store
        .save_cells(&me, &second, vec![change("a", 0, Some("1"))], "k")
        .await
        .expect("saved");
    store.remove_sheet(&me, &first).await.expect("removed");
    assert_eq!(
        store.sheets(&me, &city.filing).await.expect("listed").len(),
        1
    );
    let gone = store
        .save_cells(&me, &second, vec![change("a", 1, Some("2"))], "k2")
        .await;
    assert_eq!(gone, Err(StoreError::Missing));
    assert_eq!(store.cells(&me, &second, 0).await, Ok(None));
    store.restore_sheet(&me, &first).await.expect("put back");
    let cells = store
        .cells(&me, &second, 0)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(cells.1.len(), 1);
}

pub async fn strangers_find_neither_remarks_nor_evidence(store: Store) {
    let city = city(&store).await;
    let stranger = person(&store, &city.other_unit, "stranger", Some(Role::Preparer)).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let you = ctx(&store, &stranger, Permission::FillForms).await;
    let text = "<script>alert(1)</script> =HYPERLINK(\"x\") ' OR 1=1 --";
    let remark = store
        .add_remark(&me, &city.sheet, "a", text)
        .await
        .expect("written");
    let bytes: Vec<u8> = (0..=255).collect();
    let file = store
        .add_evidence(&me, &city.filing, "../../问卷'.docx", bytes.clone())
        .await
        .expect("taken in");
    let remarks = store.remarks(&me, &city.sheet).await.expect("listed");
    assert_eq!(remarks[0].text, text, "kept as written; pages escape");
    let (evidence, read) = store
        .open_evidence(&me, &file)
        .await
        .expect("read")
        .expect("there");
    assert_eq!((read, evidence.size), (bytes, 256));
    assert_eq!(evidence.name, "../../问卷'.docx", "a name, not a path");

    assert_eq!(store.remarks(&you, &city.sheet).await, Ok(vec![]));
    assert_eq!(store.evidence_of(&you, &city.filing).await, Ok(vec![]));
    assert_eq!(store.open_evidence(&you, &file).await, Ok(None));
    let missing = Err(StoreError::Missing);
    assert_eq!(store.resolve_remark(&you, &remark, true).await, missing);
    assert_eq!(store.remove_evidence(&you, &file).await, missing);
    assert_eq!(store.remove_sheet(&you, &city.sheet).await, missing);
    assert_eq!(store.restore_sheet(&you, &city.sheet).await, missing);
    assert_eq!(store.rename_sheet(&you, &city.sheet, "x").await, missing);
    let moved = store
        .move_filing(&you, &city.filing, Stage::Filling, Stage::Submitted)
        .await;
    assert_eq!(moved, missing);
    let added = store
        .add_sheet(&you, &city.filing, "project", "x", None)
        .await;
    assert_eq!(added, Err(StoreError::Missing));
    let begun = store.begin_filing(&you, &city.campaign, &city.unit).await;
    assert_eq!(begun, Err(StoreError::Missing));
    let remarked = store.add_remark(&you, &city.sheet, "a", "x").await;
    assert_eq!(remarked, Err(StoreError::Missing));
    let handed = store.add_evidence(&you, &city.filing, "x", vec![]).await;
    assert_eq!(handed, Err(StoreError::Missing));
    store
        .resolve_remark(&me, &remark, true)
        .await
        .expect("resolved");
    let remarks = store.remarks(&me, &city.sheet).await.expect("listed");
    assert_eq!(
        remarks[0].resolved.as_ref().map(|r| &r.0),
        Some(&city.preparer)
    );
    store
        .resolve_remark(&me, &remark, false)
        .await
        .expect("opened again");
    assert_eq!(
        store.remarks(&me, &city.sheet).await.expect("listed")[0].resolved,
        None
    );
}

pub async fn a_list_of_units_is_taken_whole_or_not_at_all(store: Store) {
    let city = city(&store).await;
    let line = |kind, name: &str, code: &str, parent: &str| UnitLine {
        kind,
        name: name.into(),
        code: code.into(),
        parent_code: parent.into(),
    };
    let lines = vec![
        line(UnitKind::Unit, "青禾市第二中学", "102002", "102"),
        line(UnitKind::Unit, "清溪水库管理所", "103001", "103"),
        line(UnitKind::Department, "青禾市农业农村局", "103", "001"),
        line(UnitKind::Department, "青禾市水利和湖泊局", "101", "001"),
    ];
    let bad = [
        lines.clone(),
        vec![line(UnitKind::Unit, "无主", "999001", "999")],
    ]
    .concat();
    let refused = store.import_units(&program(), bad).await;
    assert!(
        matches!(&refused, Err(StoreError::Invalid(why)) if why.contains("999")),
        "{refused:?}"
    );
    assert_eq!(
        store.units(&program()).await.expect("listed").len(),
        5,
        "none was taken"
    );
    let taken = store.import_units(&program(), lines.clone()).await;
    assert_eq!(taken, Ok((3, 1)));
    assert_eq!(
        store.import_units(&program(), lines).await,
        Ok((0, 0)),
        "again changes nothing"
    );
    let finance = person(&store, &city.department, "f", Some(Role::DepartmentFinance)).await;
    let ctx = ctx(&store, &finance, Permission::SeeFiling).await;
    let seen = store.units(&ctx).await.expect("listed");
    let names: Vec<&str> = seen.iter().map(|u| u.name.as_str()).collect();
    assert_eq!(
        names,
        ["青禾市水利和湖泊局", "青禾市水文站"],
        "its own tree only"
    );
    assert_eq!(store.unit(&ctx, &city.other_unit).await, Ok(None));
    let renamed = store.rename_unit(&ctx, &city.other_unit, "x").await;
    assert_eq!(renamed, Err(StoreError::Missing));
    store
        .close_unit(&program(), &city.other_unit)
        .await
        .expect("closed");
    assert_eq!(store.units(&program()).await.expect("listed").len(), 7);
}

/// Many at once share commits; one that fails undoes itself alone.
pub async fn one_failure_in_a_batch_is_its_own(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let mut saves = Vec::new();
    for n in 0..60 {
        let (store, me, sheet) = (store.clone(), me.clone(), city.sheet.clone());
        saves.push(tokio::spawn(async move {
            // Every third one claims a revision that never was.
            let base = if n % 3 == 0 { 9 } else { 0 };
            let changes = vec![
                change(&format!("good/{n}"), 0, Some("1")),
                change(&format!("cell/{n}"), base, Some("1")),
            ];
            store
                .save_cells(&me, &sheet, changes, &format!("k{n}"))
                .await
                .is_ok()
        }));
    }
    let mut saved = Vec::new();
    for save in saves {
        saved.push(save.await.expect("ran"));
    }
    let expected: Vec<bool> = (0..60).map(|n| n % 3 != 0).collect();
    assert_eq!(saved, expected);
    let (_, cells) = store
        .cells(&me, &city.sheet, 0)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(cells.len(), 80, "nothing of a failed save stays");
    let rows = store.check_chain().await.expect("read").expect("whole");
    assert_eq!(rows, 11 + 40 + 1);
}
