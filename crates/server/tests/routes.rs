//! Every route and every role come in; who gets in, as the one list says, goes out. And the ways around it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use jiheng_server::limits::Limits;
use jiheng_server::people::{People, Role, Settings, SignIn, roles_of};
use jiheng_server::route::Who;
use jiheng_server::site::Site;
use jiheng_server::store::{Context, NewPerson, NewUnit, Store, UnitId, UnitKind, now};
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt as _;

struct Here {
    site: Site,
    bureau: UnitId,
    folder: PathBuf,
}

impl Drop for Here {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Somebody who is signed in.
struct Someone {
    cookie: String,
    csrf: String,
    token: String,
}

const PASSWORD: &str = "一句记得住的话，够长了";

impl Here {
    async fn new(name: &str) -> Here {
        let folder =
            std::env::temp_dir().join(format!("jiheng-routes-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let store = Store::open(&folder.join("s.db").to_string_lossy())
            .await
            .expect("a store");
        let limits = Limits {
            attempts: 1000.0,
            burst: 1000.0,
            ..Limits::default()
        };
        let mut site = Site::new(store.clone(), limits, false);
        // The second factor has its own test; here it would hide who may do what.
        let settings = Settings {
            admins_need_second_factor: false,
            ..Settings::default()
        };
        site.people = People {
            settings: Arc::new(settings),
            ..site.people
        };
        let new = NewUnit {
            kind: UnitKind::Bureau,
            name: "某市财政局".into(),
            code: Some("1".into()),
            parent: None,
        };
        let bureau = store
            .add_unit(&Context::program(now()), new)
            .await
            .expect("a unit");
        Here {
            site,
            bureau,
            folder,
        }
    }

    fn app(&self) -> Router {
        self.site.clone().app()
    }

    async fn person(&self, login: &str, role: Option<Role>) -> Someone {
        let (people, ctx) = (&self.site.people, Context::program(now()));
        let new = NewPerson {
            unit: self.bureau.clone(),
            login: login.into(),
            name: format!("{login} 某"),
        };
        let id = people.store.add_person(&ctx, new).await.expect("a person");
        if let Some(role) = role {
            people
                .store
                .grant(&ctx, &id, &self.bureau, role)
                .await
                .expect("a role");
        }
        let invited = people.invite(&ctx, &id).await.expect("a link");
        people
            .redeem(&invited.token, PASSWORD, now())
            .await
            .expect("a password");
        let made = people
            .sign_in(login, PASSWORD, None, now())
            .await
            .expect("signed in");
        let SignIn::Done(made) = made else {
            panic!("not signed in")
        };
        let session = people
            .session(&made.token, now())
            .await
            .expect("read")
            .expect("a session");
        Someone {
            cookie: format!("jiheng={}", made.token),
            csrf: session.csrf,
            token: made.token,
        }
    }

    async fn ask(
        &self,
        request: axum::http::request::Builder,
        body: String,
    ) -> (StatusCode, String, String) {
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.app().oneshot(request).await.expect("an answer");
        let status = response.status();
        let to = response
            .headers()
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok());
        let to = to.unwrap_or_default().to_string();
        let text = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body");
        (status, to, String::from_utf8_lossy(&text).into_owned())
    }
}

fn request(method: &str, path: &str, who: Option<&Someone>) -> axum::http::request::Builder {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).expect("a method"))
        .uri(path)
        .header(header::ACCEPT, "text/html")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(who) = who {
        request = request.header(header::COOKIE, &who.cookie);
    }
    request
}

/// A path with something in place of what it names.
fn filled(path: &str) -> String {
    let steps = path.split('/').map(|step| match step.starts_with('{') {
        true => "0123456789abcdef0123456789abcdef",
        false => step,
    });
    steps.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_lets_in_whom_the_list_names_and_nobody_else() {
    let here = Here::new("table").await;
    let mut all: Vec<(Option<Role>, Option<Someone>)> = vec![(None, None)];
    for role in Role::ALL.iter().filter(|r| **r != Role::Public) {
        let someone = here.person(role.word(), Some(*role)).await;
        all.push((Some(*role), Some(someone)));
    }
    let table = here.site.table();
    assert!(table.len() > 40, "{}", table.len());
    let mut tried = 0;
    for line in &table {
        // A session that ends tells nothing of the next role.
        if line.path == "/sign-out" {
            continue;
        }
        for (role, someone) in &all {
            let path = filled(line.path);
            let csrf = someone.as_ref().map(|s| format!("csrf={}", s.csrf));
            let body = csrf.filter(|_| line.method == "POST").unwrap_or_default();
            let (status, to, _) = here
                .ask(request(line.method, &path, someone.as_ref()), body)
                .await;
            let asked_to_sign_in =
                status == StatusCode::UNAUTHORIZED || to.starts_with("/sign-in?");
            let refused = status == StatusCode::FORBIDDEN;
            let (may_enter, signed_in) = match line.who {
                Who::Anybody | Who::ThisMachine => (true, true),
                Who::SignedIn => (role.is_some(), role.is_some()),
                Who::May(p) => (
                    role.is_some_and(|r| roles_of(p).contains(&r)),
                    role.is_some(),
                ),
            };
            let what = format!("{} {path} as {role:?}: {status} {to}", line.method);
            match (may_enter, signed_in) {
                (true, _) => assert!(
                    !asked_to_sign_in && !refused || line.path == "/sign-in",
                    "{what}"
                ),
                (false, false) => assert!(asked_to_sign_in, "{what}"),
                (false, true) => assert!(refused, "{what}"),
            }
            assert!(!status.is_server_error(), "{what}");
            tried += 1;
        }
    }
    eprintln!(
        "{} routes × {} kinds of people: {tried} requests",
        table.len(),
        all.len()
    );
}

#[tokio::test]
async fn a_form_without_the_word_or_from_elsewhere_changes_nothing() {
    let here = Here::new("csrf").await;
    let admin = here.person("admin", Some(Role::SystemAdmin)).await;
    let form = |csrf: &str| format!("csrf={csrf}&kind=unit&name=X&code=9&parent={}", here.bureau);
    let (status, ..) = here
        .ask(
            request("POST", "/manage/units", Some(&admin)),
            form("wrong"),
        )
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let foreign = Request::post("/manage/units")
        .header(header::COOKIE, &admin.cookie)
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, ..) = here.ask(foreign, form(&admin.csrf)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let elsewhere = Request::post("/manage/units")
        .header(header::COOKIE, &admin.cookie)
        .header(header::HOST, "jiheng.example")
        .header(header::ORIGIN, "https://evil.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let (status, ..) = here.ask(elsewhere, form(&admin.csrf)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let program = Context::program(now());
    assert_eq!(
        here.site
            .people
            .store
            .units(&program)
            .await
            .expect("units")
            .len(),
        1
    );
    let (status, to, _) = here
        .ask(
            request("POST", "/manage/units", Some(&admin)),
            form(&admin.csrf),
        )
        .await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/manage/units")
    );
    assert_eq!(
        here.site
            .people
            .store
            .units(&program)
            .await
            .expect("units")
            .len(),
        2
    );
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_leads_nowhere_else() {
    let here = Here::new("door").await;
    let before = here.person("clerk", Some(Role::Preparer)).await;
    let password: String = PASSWORD.bytes().map(|b| format!("%{b:02X}")).collect();
    let body = |to: &str| format!("login=clerk&password={password}&to={to}");
    for (to, leads) in [
        ("/account", "/account"),
        ("//evil.example", "/work"),
        ("https://evil.example", "/work"),
        ("/%5Cevil.example", "/work"),
    ] {
        let (status, went, _) = here.ask(request("POST", "/sign-in", None), body(to)).await;
        assert_eq!(
            (status, went.as_str()),
            (StatusCode::SEE_OTHER, leads),
            "{to}"
        );
    }
    // Fixation: the token that the browser came with is worth nothing afterwards.
    let response = here
        .app()
        .oneshot(
            request("POST", "/sign-in", Some(&before))
                .body(Body::from(body("")))
                .expect("a request"),
        )
        .await
        .expect("an answer");
    let cookie = response
        .headers()
        .get(header::SET_COOKIE)
        .and_then(|v| v.to_str().ok());
    let cookie = cookie.expect("a cookie");
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && !cookie.contains(&before.token)
    );
    let old = here
        .site
        .people
        .session(&before.token, now())
        .await
        .expect("read");
    assert!(old.is_none());
    // A wrong password and an unknown name are told alike, and a script's page is asked back.
    let (status, _, unknown) = here
        .ask(
            request("POST", "/sign-in", None),
            "login=nobody&password=x".into(),
        )
        .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (_, _, wrong) = here
        .ask(
            request("POST", "/sign-in", None),
            "login=clerk&password=x".into(),
        )
        .await;
    assert_eq!(unknown.replace("nobody", "clerk"), wrong);
    let (_, _, shown) = here
        .ask(
            request("POST", "/sign-in", None),
            "login=%3Cscript%3E&password=x".into(),
        )
        .await;
    assert!(!shown.contains("<script>") && shown.contains("&#60;script&#62;"));
}

#[tokio::test]
async fn a_link_sets_a_password_once() {
    let here = Here::new("link").await;
    let admin = here.person("admin", Some(Role::SystemAdmin)).await;
    let form = format!(
        "csrf={}&name=%3Cb%3E&login=new&unit={}",
        admin.csrf, here.bureau
    );
    let (status, _, page) = here
        .ask(request("POST", "/manage/people", Some(&admin)), form)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(!page.contains("<b>&#") && page.contains("&#60;b&#62;"));
    let token = page.split("/welcome/").nth(1).expect("a link");
    let token = token.split('<').next().expect("its end").to_string();
    let path = format!("/welcome/{token}");
    let (status, ..) = here.ask(request("GET", &path, None), String::new()).await;
    assert_eq!(status, StatusCode::OK);
    let (_, _, short) = here
        .ask(
            request("POST", &path, None),
            "password=short&again=short".into(),
        )
        .await;
    assert!(short.contains("至少"));
    let body = "password=long-enough-1234&again=long-enough-1234";
    let (status, to, _) = here.ask(request("POST", &path, None), body.into()).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/sign-in"));
    for method in ["GET", "POST"] {
        let (status, ..) = here.ask(request(method, &path, None), body.into()).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{method}");
    }
}

#[tokio::test]
async fn administrators_give_a_second_factor_first() {
    let mut here = Here::new("factor").await;
    here.site.people.settings = Arc::new(Settings::default());
    let admin = here.person("admin", Some(Role::SystemAdmin)).await;
    let (status, to, _) = here
        .ask(request("GET", "/manage/units", Some(&admin)), String::new())
        .await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/sign-in/second")
    );
    let (_, _, page) = here
        .ask(
            request("GET", "/sign-in/second", Some(&admin)),
            String::new(),
        )
        .await;
    let secret = page
        .split("name=\"secret\" value=\"")
        .nth(1)
        .expect("a secret");
    let secret = secret.split('"').next().expect("its end").to_string();
    let totp = jiheng_server::people::Totp::from_letters(&secret).expect("letters");
    let wrong = format!("csrf={}&secret={secret}&code=000000", admin.csrf);
    let (status, ..) = here
        .ask(request("POST", "/sign-in/second", Some(&admin)), wrong)
        .await;
    assert_eq!(status, StatusCode::OK);
    let right = format!(
        "csrf={}&secret={secret}&code={}",
        admin.csrf,
        totp.code(now())
    );
    let (status, to, _) = here
        .ask(request("POST", "/sign-in/second", Some(&admin)), right)
        .await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/work"));
}

#[tokio::test]
async fn the_interface_document_names_every_route() {
    let here = Here::new("openapi").await;
    let (_, _, text) = here
        .ask(request("GET", "/openapi.json", None), String::new())
        .await;
    let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    for line in here.site.table() {
        let path = line.path.replace("{*", "{");
        let operation = &document["paths"][path.as_str()][line.method.to_ascii_lowercase()];
        assert!(operation.is_object(), "{} {}", line.method, line.path);
        if let Who::May(permission) = line.who {
            assert_eq!(operation["x-permission"], permission.word());
        }
    }
}
