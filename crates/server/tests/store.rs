//! Every test comes in once and runs unchanged on SQLite and on PostgreSQL; what both keep to goes out.

mod on;

/// Runs each function on both databases.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let folder = super::on::Folder::new(stringify!($test));
                let store = jiheng_server::store::Store::open(&folder.path("jiheng.db"))
                    .await
                    .expect("SQLite opens");
                super::contract::$test(store.clone()).await;
                store.close().await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let Some(url) = super::on::cluster::database() else { return };
                let store = jiheng_server::store::Store::open(&url)
                    .await
                    .expect("PostgreSQL opens");
                super::contract::$test(store.clone()).await;
                store.close().await;
            })*
        }
    };
}

#[path = "contract/mod.rs"]
mod contract;

on_both! {
    a_saved_cell_is_read_back,
    nobody_overwrites_what_he_has_not_seen,
    the_same_key_is_the_same_save,
    another_units_things_are_not_there,
    a_cell_keeps_its_history,
    what_was_handed_in_is_not_changed,
    sheets_are_a_tree_and_come_back,
    strangers_find_neither_remarks_nor_evidence,
    a_list_of_units_is_taken_whole_or_not_at_all,
    one_failure_in_a_batch_is_its_own,
    a_session_ends_by_itself_and_is_made_anew,
    repeated_failures_lock,
    a_burst_of_guesses_is_no_way_round_the_lock,
    a_code_is_taken_once,
    a_password_is_changed_by_who_knows_it,
    one_person_is_one_of_the_three_administrators,
    a_name_is_erased_and_the_chain_holds,
    people_are_seen_within_ones_reach,
    a_changed_chain_is_found_out,
    whole_signed_days_are_released_and_the_rest_verifies,
    everything_done_stands_in_the_chain,
}

/// Two servers on one database save at once; there is one chain, and no value is lost.
async fn two_servers_share_one_chain(place: &str) {
    use jiheng_server::people::Permission;
    use jiheng_server::store::{Outcome, Store};
    let first = Store::open(place).await.expect("opens");
    let second = Store::open(place).await.expect("opens again");
    let city = on::city(&first).await;
    let me = on::ctx(&first, &city.preparer, Permission::FillForms).await;
    let mut savers = Vec::new();
    for n in 0..40i64 {
        let store = if n % 2 == 0 { &first } else { &second };
        let (store, me, sheet) = (store.clone(), me.clone(), city.sheet.clone());
        savers.push(tokio::spawn(async move {
            // All want the same cell, and one each.
            let changes = vec![
                contract::change("all", 0, Some(&n.to_string())),
                contract::change(&format!("own/{n}"), 0, Some("1")),
            ];
            let saved = store.save_cells(&me, &sheet, changes, &n.to_string()).await;
            let outcomes = saved.expect("saved").cells.into_iter().map(|c| c.outcome);
            let saved = outcomes.filter(|o| matches!(o, Outcome::Saved { .. }));
            saved.count()
        }));
    }
    let mut saved = 0;
    for saver in savers {
        saved += saver.await.expect("ran");
    }
    assert_eq!(saved, 41, "one got the cell that all wanted");
    assert_eq!(second.check_chain().await.expect("read"), Ok(11 + 40));
    assert_eq!(first.check_values().await.expect("read"), Ok(41));
    first.close().await;
    second.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_share_one_chain_on_sqlite() {
    let folder = on::Folder::new("two");
    two_servers_share_one_chain(&folder.path("jiheng.db")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_share_one_chain_on_postgresql() {
    if let Some(url) = on::cluster::database() {
        two_servers_share_one_chain(&url).await;
    }
}
