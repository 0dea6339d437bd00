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
}
