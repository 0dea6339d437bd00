//! Nothing comes in; a city with one open campaign, two units and their people, behind the workspace's routes, goes out.

#![allow(dead_code, reason = "each test uses a part of it")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiheng_server::limits::Limits;
use jiheng_server::people::{People, Role, Settings, SignIn};
use jiheng_server::site::Site;
use jiheng_server::store::{
    CampaignState, Context, FilingId, NewPerson, NewUnit, Store, UnitId, UnitKind, now,
};
use tower::ServiceExt as _;

/// The city.
pub struct City {
    pub router: Router,
    pub store: Store,
    /// The filing of the first unit.
    pub filing: FilingId,
    /// The filing of another unit.
    pub strange: FilingId,
    /// Cookies of two people who fill the first unit's forms, and of one of the other unit.
    pub li: Who,
    pub wang: Who,
    pub zhao: Who,
    folder: std::path::PathBuf,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Who {
    pub token: String,
    pub csrf: String,
}

impl Drop for City {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub async fn city(name: &str) -> City {
    let folder = std::env::temp_dir().join(format!("jiheng-desk-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("store.db").display().to_string();
    let store = Store::open(&file).await.expect("a store");
    let ctx = Context::program(now());
    let unit = |kind, name: &str, parent: Option<&UnitId>| {
        store_unit(&store, &ctx, kind, name.to_string(), parent.cloned())
    };
    let bureau = unit(UnitKind::Bureau, "岳阳市财政局", None).await;
    let department = unit(
        UnitKind::Department,
        "岳阳市自然资源和规划局",
        Some(&bureau),
    )
    .await;
    let own = unit(
        UnitKind::Unit,
        "岳阳市自然资源和规划局本级",
        Some(&department),
    )
    .await;
    let other = unit(UnitKind::Unit, "岳阳市不动产登记中心", Some(&department)).await;
    let campaign = store
        .add_campaign(
            &ctx,
            2023,
            "2023年度绩效自评",
            "cn/hunan/yueyang/2023",
            Some(now() + 6 * 24 * 3600 * 1000),
        )
        .await
        .expect("a campaign");
    let set = store.set_campaign_state(&ctx, &campaign, CampaignState::Open);
    set.await.expect("an open campaign");
    let people = People::new(store.clone(), Settings::default());
    let li = person(&store, &people, &own, "li", "李某某").await;
    let wang = person(&store, &people, &own, "wang", "王某某").await;
    let zhao = person(&store, &people, &other, "zhao", "赵某某").await;
    let filing = store
        .begin_filing(&ctx, &campaign, &own)
        .await
        .expect("a filing");
    let strange = store
        .begin_filing(&ctx, &campaign, &other)
        .await
        .expect("a filing");
    let site = Site::new(store.clone(), Limits::default(), false);
    City {
        router: site.app(),
        store,
        filing,
        strange,
        li,
        wang,
        zhao,
        folder,
    }
}

async fn store_unit(
    store: &Store,
    ctx: &Context,
    kind: UnitKind,
    name: String,
    parent: Option<UnitId>,
) -> UnitId {
    let new = NewUnit {
        kind,
        name,
        code: None,
        parent,
    };
    store.add_unit(ctx, new).await.expect("a unit")
}

async fn person(store: &Store, people: &People, unit: &UnitId, login: &str, name: &str) -> Who {
    let ctx = Context::program(now());
    let new = NewPerson {
        unit: unit.clone(),
        login: login.into(),
        name: name.into(),
    };
    let person = store.add_person(&ctx, new).await.expect("a person");
    store
        .grant(&ctx, &person, unit, Role::Preparer)
        .await
        .expect("a role");
    let invited = people.invite(&ctx, &person).await.expect("a link");
    let password = "十二个字的长口令放这里";
    people
        .redeem(&invited.token, password, now())
        .await
        .expect("a password");
    let signed = people
        .sign_in(login, password, None, now())
        .await
        .expect("an answer");
    let SignIn::Done(done) = signed else {
        panic!("{login} is not signed in")
    };
    let session = people.session(&done.token, now()).await.expect("an answer");
    Who {
        csrf: session.expect("a session").csrf,
        token: done.token,
    }
}

impl City {
    /// What a page of the site gets.
    pub async fn get(&self, who: &Who, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::COOKIE, format!("jiheng={}", who.token));
        self.send(request.body(Body::empty()).expect("a request"))
            .await
    }

    /// Posts a form; the token is added.
    pub async fn post(
        &self,
        who: &Who,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String) {
        let mut body = format!("csrf={}", coded(&who.csrf));
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", coded(name), coded(value)));
        }
        let request = Request::post(path)
            .header(header::COOKIE, format!("jiheng={}", who.token))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).expect("a request"))
            .await
    }

    /// Posts one file with the token.
    pub async fn upload(
        &self,
        who: &Who,
        path: &str,
        name: &str,
        bytes: &[u8],
    ) -> (StatusCode, String) {
        let mut body = format!(
            "--line\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n",
            who.csrf
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--line--\r\n");
        let request = Request::post(path)
            .header(header::COOKIE, format!("jiheng={}", who.token))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=line");
        self.send(request.body(Body::from(body)).expect("a request"))
            .await
    }

    /// Saves cells as the editor does.
    pub async fn save(
        &self,
        who: &Who,
        sheet: &str,
        key: &str,
        cells: &[(&str, i64, &str)],
    ) -> (StatusCode, serde_json::Value) {
        let cells: Vec<serde_json::Value> = (cells.iter())
            .map(|(key, base, value)| serde_json::json!({"key": key, "base": base, "value": value}))
            .collect();
        let body = serde_json::json!({"cells": cells, "seen": 0}).to_string();
        let request = Request::post(format!("/desk/{sheet}/cells"))
            .header(header::COOKIE, format!("jiheng={}", who.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .header("x-csrf", &who.csrf);
        let (status, body) = self
            .send(request.body(Body::from(body)).expect("a request"))
            .await;
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    /// The bytes of an answer and its headers.
    pub async fn bytes(&self, who: &Who, path: &str) -> (axum::http::HeaderMap, Vec<u8>) {
        let request = Request::get(path).header(header::COOKIE, format!("jiheng={}", who.token));
        let request = request.body(Body::empty()).expect("a request");
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
        (parts.headers, bytes.to_vec())
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION).cloned();
        let bytes = axum::body::to_bytes(answer.into_body(), 64 << 20)
            .await
            .expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match to {
            Some(to) => (status, to.to_str().unwrap_or_default().to_string()),
            None => (status, text),
        }
    }

    /// The ids of the sheets of a form, as the pages link to them.
    pub async fn sheets(&self, form: &str) -> Vec<String> {
        let ctx = Context::program(now());
        let sheets = self.store.sheets(&ctx, &self.filing).await.expect("sheets");
        let of_form = sheets.iter().filter(|s| s.form == form);
        of_form.map(|s| s.id.to_string()).collect()
    }
}

/// Percent-encoding of a form.
fn coded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
        out
    })
}

/// Serves the city on a free port of this machine; hands back the address.
pub async fn serve(city: &City) -> String {
    let router = city.router.clone();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    format!("http://{address}")
}
