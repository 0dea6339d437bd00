//! Every permission, every role and every kind of request come in, through axum as in the server; who is let in goes out.

mod on;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::any;
use jiheng_server::people::{
    Allowed, Hasher, People, Permission, Role, Settings, SignIn, TABLE, permits, roles_of,
};
use jiheng_server::store::{Store, UnitId, now};
use std::sync::Arc;
use tower::ServiceExt as _;

#[test]
fn the_table_names_each_permission_once_and_the_public_nowhere() {
    for permission in Permission::ALL {
        let lines = TABLE.iter().filter(|(p, _)| p == permission).count();
        assert_eq!(lines, 1, "{}", permission.word());
        assert!(!roles_of(*permission).contains(&Role::Public));
        assert!(!roles_of(*permission).is_empty());
    }
    // Who grants roles adds no people, who keeps people grants none, and neither reads the chain or a filing.
    for admin in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
        let may = |p| roles_of(p).contains(&admin);
        let powers = [
            Permission::ManagePeople,
            Permission::GrantRoles,
            Permission::ReadAudit,
        ];
        assert_eq!(powers.into_iter().filter(|p| may(*p)).count(), 1);
        assert!(!may(Permission::SeeFiling) && !may(Permission::FillForms));
    }
}

/// One route for each permission, under its word.
fn routes(people: People) -> Router {
    macro_rules! routes {
        ($($name:ident),*) => {
            Router::new()$(.route(
                &format!("/{}", Permission::$name.word()),
                any(|allowed: Allowed<permits::$name>| async move {
                    allowed.ctx.person.map(|p| p.to_string()).unwrap_or_default()
                }),
            ))*
        };
    }
    routes!(
        OwnAccount,
        SeeFiling,
        FillForms,
        WriteRemarks,
        SignFiling,
        ReviewFiling,
        ManageCampaigns,
        ManageUnits,
        ManagePeople,
        GrantRoles,
        ReadAudit,
        Operate
    )
    .with_state(people)
}

async fn signed_in(people: &People, unit: &UnitId, role: Role) -> String {
    let store = &people.store;
    let login = format!("the-{}", role.word());
    let id = on::person(store, unit, &login, Some(role)).await;
    let ctx = jiheng_server::store::Context::program(now());
    let invited = people.invite(&ctx, &id).await.expect("invited");
    let password = "a long enough password";
    people
        .redeem(&invited.token, password, now())
        .await
        .expect("redeemed");
    match people.sign_in(&login, password, None, now()).await {
        Ok(SignIn::Done(done)) => done.token,
        other => panic!("{other:?}"),
    }
}

fn ask(path: &str, token: Option<&str>) -> axum::http::request::Builder {
    let request = Request::builder().uri(format!("/{path}"));
    match token {
        Some(token) => request.header(header::COOKIE, format!("other=1; jiheng={token}")),
        None => request,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_reaches_what_the_table_says() {
    let folder = on::Folder::new("permits");
    let store = Store::open(&folder.path("jiheng.db")).await.expect("opens");
    let city = on::city(&store).await;
    let mut people = People {
        store,
        settings: Arc::new(Settings {
            admins_need_second_factor: false,
            ..Settings::default()
        }),
        hasher: Hasher::new(2),
    };
    let router = routes(people.clone());
    let answer = async |router: &Router, request: axum::http::request::Builder| {
        let request = request.body(Body::empty()).expect("a request");
        router.clone().oneshot(request).await.expect("an answer")
    };
    for role in Role::ALL.iter().copied().filter(|r| *r != Role::Public) {
        let token = signed_in(&people, &city.unit, role).await;
        for (permission, roles) in TABLE {
            let path = permission.word();
            let got = answer(&router, ask(path, Some(&token))).await.status();
            let expected = if roles.contains(&role) {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(got, expected, "{} asks for {path}", role.word());
            // A page of somebody else's may not act in this person's name.
            let foreign = ask(path, Some(&token))
                .method("POST")
                .header("sec-fetch-site", "cross-site");
            assert_eq!(
                answer(&router, foreign).await.status(),
                StatusCode::FORBIDDEN
            );
            let foreign = ask(path, Some(&token))
                .method("POST")
                .header("host", "jiheng.example")
                .header("origin", "https://elsewhere.example");
            assert_eq!(
                answer(&router, foreign).await.status(),
                StatusCode::FORBIDDEN
            );
        }
        if role.is_admin() {
            // The same session where administrators need the second factor.
            people.settings = Arc::new(Settings::default());
            let strict = routes(people.clone());
            for (permission, roles) in TABLE.iter().filter(|(_, r)| r.contains(&role)) {
                let got = answer(&strict, ask(permission.word(), Some(&token))).await;
                let expected = if *permission == Permission::OwnAccount {
                    StatusCode::OK
                } else {
                    StatusCode::SEE_OTHER
                };
                assert_eq!(got.status(), expected, "{} {roles:?}", permission.word());
            }
        }
    }
    for (permission, _) in TABLE {
        let path = permission.word();
        for token in [None, Some("made-up"), Some("")] {
            let got = answer(&router, ask(path, token)).await;
            assert_eq!(got.status(), StatusCode::UNAUTHORIZED);
        }
        let page = ask(&format!("{path}?a=1&b=//x"), None).header(header::ACCEPT, "text/html,*/*");
        let got = answer(&router, page).await;
        assert_eq!(got.status(), StatusCode::SEE_OTHER);
        let to = got.headers()[header::LOCATION]
            .to_str()
            .expect("text")
            .to_string();
        assert_eq!(to, format!("/sign-in?to=/{path}%3Fa%3D1%26b%3D//x"));
    }
}
