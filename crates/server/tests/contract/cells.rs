//! Saves of cells come in; that none is lost, overwritten unseen or shown to strangers goes out.

use crate::on::{city, ctx, person};
use jiheng_server::people::{Permission, Role};
use jiheng_server::store::{Change, Outcome, Store, StoreError};

pub fn change(cell: &str, base_revision: i64, value: Option<&str>) -> Change {
    Change {
        cell: cell.into(),
        base_revision,
        value: value.map(str::to_string),
    }
}

pub async fn a_saved_cell_is_read_back(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let changes = vec![
        change("funds/total/budget", 0, Some("100.00")),
        change("funds/total/outturn", 0, Some("—")),
        change("funds/total/rate", 0, None),
    ];
    let saved = store.save_cells(&me, &city.sheet, changes, "k1").await;
    let saved = saved.expect("saved");
    let revisions: Vec<&Outcome> = saved.cells.iter().map(|c| &c.outcome).collect();
    assert_eq!(
        revisions,
        [
            &Outcome::Saved { revision: 1 },
            &Outcome::Saved { revision: 1 },
            &Outcome::Saved { revision: 0 },
        ],
        "a blank cell that stays blank is no change"
    );
    let (revision, cells) = store
        .cells(&me, &city.sheet, 0)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(revision, saved.revision);
    let read: Vec<(&str, Option<&str>)> = cells
        .iter()
        .map(|c| (c.cell.as_str(), c.value.as_deref()))
        .collect();
    assert_eq!(
        read,
        [
            ("funds/total/budget", Some("100.00")),
            ("funds/total/outturn", Some("—")),
        ]
    );
    let changes = vec![change("funds/total/budget", 1, None)];
    let next = store
        .save_cells(&me, &city.sheet, changes, "k2")
        .await
        .expect("saved");
    let news = store.cells(&me, &city.sheet, revision).await.expect("read");
    let (later, cells) = news.expect("there");
    assert_eq!(later, next.revision);
    assert_eq!(cells.len(), 1, "only what is new");
    assert_eq!(cells[0].value, None);
    assert_eq!(cells[0].revision, 2);
}

pub async fn nobody_overwrites_what_he_has_not_seen(store: Store) {
    let city = city(&store).await;
    let other = person(&store, &city.unit, "second", Some(Role::Preparer)).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let you = ctx(&store, &other, Permission::FillForms).await;
    let save = async |who, base, value, key| {
        let changes = vec![change("a", base, value)];
        let saved = store.save_cells(who, &city.sheet, changes, key).await;
        saved.expect("answered").cells.remove(0).outcome
    };
    assert_eq!(
        save(&me, 0, Some("1"), "k1").await,
        Outcome::Saved { revision: 1 }
    );
    let Outcome::Conflict {
        theirs,
        revision,
        by,
        ..
    } = save(&you, 0, Some("2"), "k1").await
    else {
        panic!("a conflict");
    };
    assert_eq!((theirs.as_deref(), revision), (Some("1"), 1));
    assert_eq!(by, city.preparer);
    assert_eq!(
        save(&you, 0, Some("1"), "k2").await,
        Outcome::Saved { revision: 1 },
        "the same value is saved already"
    );
    assert_eq!(
        save(&you, 1, Some("2"), "k3").await,
        Outcome::Saved { revision: 2 }
    );
    assert!(matches!(
        save(&me, 1, None, "k4").await,
        Outcome::Conflict { revision: 2, .. }
    ));
    let unseen = vec![change("b", 3, Some("1"))];
    let refused = store.save_cells(&me, &city.sheet, unseen, "k5").await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))));
}

pub async fn the_same_key_is_the_same_save(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    let changes = vec![change("a", 0, Some("1"))];
    let first = store
        .save_cells(&me, &city.sheet, changes.clone(), "k")
        .await
        .expect("saved");
    let second = vec![change("a", 1, Some("2"))];
    store
        .save_cells(&me, &city.sheet, second.clone(), "k2")
        .await
        .expect("saved");
    let again = store
        .save_cells(&me, &city.sheet, changes, "k")
        .await
        .expect("answered");
    assert_eq!(first, again);
    let past = store.history(&me, &city.sheet, "a").await.expect("read");
    assert_eq!(past.expect("there").len(), 2, "nothing was saved again");
    let reused = store.save_cells(&me, &city.sheet, second, "k").await;
    assert_eq!(reused, Err(StoreError::KeyReused));
}

pub async fn another_units_things_are_not_there(store: Store) {
    let city = city(&store).await;
    let stranger = person(&store, &city.other_unit, "stranger", Some(Role::Preparer)).await;
    let reviewer = person(&store, &city.bureau, "reviewer", Some(Role::Reviewer)).await;
    let finance = person(
        &store,
        &city.department,
        "finance",
        Some(Role::DepartmentFinance),
    )
    .await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    store
        .save_cells(&me, &city.sheet, vec![change("a", 0, Some("1"))], "k")
        .await
        .expect("saved");
    let stranger_fills = ctx(&store, &stranger, Permission::FillForms).await;
    let changes = vec![change("a", 1, Some("2"))];
    let refused = store
        .save_cells(&stranger_fills, &city.sheet, changes.clone(), "k")
        .await;
    assert_eq!(refused, Err(StoreError::Missing));
    let unknown = store
        .save_cells(&stranger_fills, &"nothing".into(), changes, "k")
        .await;
    assert_eq!(unknown, Err(StoreError::Missing), "the same as for nothing");
    for (who, sees) in [
        (&city.preparer, true),
        (&reviewer, true),
        (&finance, true),
        (&stranger, false),
    ] {
        let ctx = ctx(&store, who, Permission::SeeFiling).await;
        let filings = store.filings(&ctx, Some(&city.campaign)).await;
        assert_eq!(filings.expect("listed").len(), usize::from(sees));
        let filing = store.filing(&ctx, &city.filing).await.expect("asked");
        assert_eq!(filing.is_some(), sees);
        let sheets = store.sheets(&ctx, &city.filing).await.expect("listed");
        assert_eq!(sheets.len(), usize::from(sees));
        let cells = store.cells(&ctx, &city.sheet, 0).await.expect("asked");
        assert_eq!(cells.is_some(), sees);
        let past = store.history(&ctx, &city.sheet, "a").await.expect("asked");
        assert_eq!(past.is_some(), sees);
    }
    let fills = ctx(&store, &reviewer, Permission::FillForms).await;
    let refused = store
        .save_cells(&fills, &city.sheet, vec![change("a", 1, Some("3"))], "k")
        .await;
    assert_eq!(refused, Err(StoreError::Missing), "seeing is not filling");
}

pub async fn a_cell_keeps_its_history(store: Store) {
    let city = city(&store).await;
    let me = ctx(&store, &city.preparer, Permission::FillForms).await;
    for (base, value) in [(0, Some("1")), (1, None), (2, Some("3"))] {
        store
            .save_cells(
                &me,
                &city.sheet,
                vec![change("a", base, value)],
                &format!("k{base}"),
            )
            .await
            .expect("saved");
    }
    let past = store
        .history(&me, &city.sheet, "a")
        .await
        .expect("read")
        .expect("there");
    let values: Vec<(i64, Option<&str>)> = past
        .iter()
        .map(|p| (p.revision, p.value.as_deref()))
        .collect();
    assert_eq!(values, [(3, Some("3")), (2, None), (1, Some("1"))]);
    assert_eq!(store.check_chain().await.expect("read"), Ok(15));
}
