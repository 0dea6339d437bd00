//! The administrators' requests come in; units, people and roles as they stand, and the changes made, go out.

mod people;
mod roles;
mod tree;
mod units;

use crate::route::{Route, Who};
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Bytes of a list of units.
const LIST: usize = 8 << 20;

/// The routes of the administrators.
pub fn routes() -> Vec<Route> {
    use crate::people::Permission::{GrantRoles, ManagePeople, ManageUnits};
    let (units, persons, grants) = (
        Who::May(ManageUnits),
        Who::May(ManagePeople),
        Who::May(GrantRoles),
    );
    vec![
        Route::page("/manage/units", units, "单位一览", get(units::list)),
        Route::post("/manage/units", units, "加一个单位", post(units::add)),
        Route::post(
            "/manage/units/import",
            units,
            "导入单位清单（xlsx、csv）",
            post(units::import).layer(DefaultBodyLimit::max(LIST)),
        )
        .api("file"),
        Route::post("/manage/units/{id}", units, "改名", post(units::rename)),
        Route::page("/manage/people", persons, "人员一览", get(people::list)),
        Route::post("/manage/people", persons, "加一个人", post(people::add)),
        Route::post(
            "/manage/people/{id}",
            persons,
            "停用、启用、重发链接",
            post(people::change),
        ),
        Route::page("/manage/roles", grants, "角色一览", get(roles::list)),
        Route::post("/manage/roles", grants, "授予角色", post(roles::grant)),
        Route::post(
            "/manage/roles/{id}",
            grants,
            "收回角色、解锁、清除第二重验证",
            post(roles::change),
        ),
    ]
}
