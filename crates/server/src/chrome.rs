//! Who looks and where comes in; the bar above a page, with the ways that person may go, goes out.

use crate::assets;
use crate::people::{Permission, Session};
use crate::trouble::Trouble;
use axum::http::StatusCode;

/// What every page of ours has around its content.
pub struct Chrome {
    /// Links to style sheets and scripts.
    pub head: &'static str,
    /// Symbols.
    pub icons: &'static str,
    /// The person's name.
    pub name: Option<String>,
    /// The word that forms bring back.
    pub csrf: String,
    /// Ways to go: address, words, whether it is this page.
    pub ways: Vec<(&'static str, &'static str, bool)>,
}

/// The ways that a permission opens.
const WAYS: [(&str, &str, Permission); 4] = [
    ("/desk", "填报", Permission::SeeFiling),
    ("/manage/units", "单位", Permission::ManageUnits),
    ("/manage/people", "人员", Permission::ManagePeople),
    ("/manage/roles", "角色", Permission::GrantRoles),
];

impl Chrome {
    /// Around a page at this address, for whoever looks.
    pub fn at(here: &str, session: Option<&Session>) -> Chrome {
        let mut ways = vec![("/", "核对", here == "/")];
        if let Some(session) = session {
            let open = WAYS.iter().filter(|w| session.may(w.2));
            ways.extend(open.map(|(to, words, _)| (*to, *words, *to == here)));
        }
        Chrome {
            head: assets::head(),
            icons: jiheng_render::html::ICONS,
            name: session.map(|s| s.name.clone()),
            csrf: session.map(|s| s.csrf.clone()).unwrap_or_default(),
            ways,
        }
    }
}

/// Where somebody goes after signing in.
pub fn home(session: &Session) -> &'static str {
    let first = WAYS.iter().find(|w| session.may(w.2));
    first.map_or("/account", |w| w.0)
}

/// Refuses a form that did not bring the session's word back.
///
/// # Errors
/// When it did not.
pub fn ours(session: &Session, given: &str) -> Result<(), Trouble> {
    match session.csrf_fits(given) {
        true => Ok(()),
        false => Err(Trouble::new(
            StatusCode::FORBIDDEN,
            "old_page",
            "页面已经过期，没有执行",
            "回到上一页，刷新后再做一次。",
        )),
    }
}
