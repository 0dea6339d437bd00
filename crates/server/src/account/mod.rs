//! Somebody at the door comes in by password and code, or by a one-time link; a session in a cookie goes out.

use crate::chrome::{Chrome, home, ours};
use crate::people::{
    Allowed, COOKIE, Factor, People, Refused, Session, SignIn, SignedIn, Totp, is_ours, permits,
    token_of,
};
use crate::route::{Route, Who};
use crate::site::{Peer, Site};
use crate::store::{StoreError, now};
use crate::trouble::{Trouble, page_of};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use std::time::Instant;

/// The routes of the door.
pub fn routes() -> Vec<Route> {
    use crate::people::Permission::OwnAccount;
    vec![
        Route::page("/sign-in", Who::Anybody, "登录", get(ask)),
        Route::post("/sign-in", Who::Anybody, "登录", post(sign_in)),
        Route::page(
            "/sign-in/second",
            Who::SignedIn,
            "第二重验证",
            get(ask_second),
        ),
        Route::post("/sign-in/second", Who::SignedIn, "第二重验证", post(second)),
        Route::post("/sign-out", Who::SignedIn, "退出", post(sign_out)),
        Route::page("/work", Who::SignedIn, "到本人的工作页", get(work)),
        Route::page(
            "/welcome/{token}",
            Who::Anybody,
            "用一次性链接设密码",
            get(welcome),
        ),
        Route::post(
            "/welcome/{token}",
            Who::Anybody,
            "用一次性链接设密码",
            post(redeem),
        ),
        Route::page("/account", Who::May(OwnAccount), "本人账号", get(account)),
        Route::post(
            "/account",
            Who::May(OwnAccount),
            "改密码",
            post(change_password),
        ),
    ]
}

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    login: String,
    to: String,
    wrong: String,
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
struct To {
    #[serde(default)]
    to: String,
}

/// A path of this site, or nothing: nobody is sent elsewhere from here.
fn inside(to: &str) -> Option<&str> {
    let path = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']);
    path.then_some(to)
}

async fn ask(session: Result<Session, Refused>, Query(to): Query<To>) -> Response {
    if let Ok(session) = session {
        return Redirect::to(inside(&to.to).unwrap_or(home(&session))).into_response();
    }
    page_of(&SignInPage {
        chrome: Chrome::at("/sign-in", None),
        login: String::new(),
        to: to.to,
        wrong: String::new(),
    })
}

#[derive(Deserialize)]
struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    to: String,
}

async fn sign_in(
    State(site): State<Site>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Result<Response, Trouble> {
    if !is_ours(&Method::POST, &headers) {
        return Err(foreign());
    }
    site.attempts.take(peer, Instant::now())?;
    let previous = token_of(&headers);
    let made = site
        .people
        .sign_in(&given.login, &given.password, previous, now());
    let wrong = match made.await.map_err(broken)? {
        SignIn::Done(signed_in) => {
            let to = match signed_in.second_factor {
                true => "/sign-in/second",
                false => inside(&given.to).unwrap_or("/work"),
            };
            return Ok(with_cookie(&site, &signed_in, to));
        }
        SignIn::Wrong => "登录名和密码对不上。忘了密码，请单位管理员发一个重设链接。".to_string(),
        SignIn::Locked(until) => locked(until),
    };
    let mut page = page_of(&SignInPage {
        chrome: Chrome::at("/sign-in", None),
        login: given.login,
        to: given.to,
        wrong,
    });
    *page.status_mut() = StatusCode::UNAUTHORIZED;
    Ok(page)
}

fn locked(until: i64) -> String {
    let minutes = (until - now()).max(0) / 60_000 + 1;
    format!("试错次数太多，账号暂时锁住。过 {minutes} 分钟再试，或请安全管理员解锁。")
}

fn foreign() -> Trouble {
    Trouble::new(
        StatusCode::FORBIDDEN,
        "foreign",
        "这个请求来自别的网页，没有执行",
        "请在本站页面上重做一次。",
    )
}

/// What the store could not do, for the person who asked.
pub fn broken(error: StoreError) -> Trouble {
    let status = match &error {
        StoreError::Missing => StatusCode::NOT_FOUND,
        StoreError::Taken | StoreError::Closed | StoreError::KeyReused => StatusCode::CONFLICT,
        StoreError::Invalid(_) | StoreError::RolesApart => StatusCode::UNPROCESSABLE_ENTITY,
        StoreError::Newer(_) | StoreError::Lost | StoreError::Database(_) => {
            tracing::error!(?error, "store");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    Trouble::new(status, "store", "没有做成", "改好后再做一次。").because(error.to_string())
}

/// On with the new session.
fn with_cookie(site: &Site, signed_in: &SignedIn, to: &str) -> Response {
    let secure = if site.behind_proxy { "; Secure" } else { "" };
    let longest = site.people.settings.absolute / 1000;
    let token = &signed_in.token;
    let cookie =
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={longest}{secure}");
    let mut response = Redirect::to(to).into_response();
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

#[derive(Template)]
#[template(path = "account/second.html")]
struct SecondPage {
    chrome: Chrome,
    /// A new secret, where none is set up yet.
    secret: String,
    address: String,
    wrong: &'static str,
}

fn second_page(session: &Session, secret: Option<Totp>, wrong: &'static str) -> Response {
    let address = secret.as_ref().map(|s| s.address("绩衡", &session.name));
    page_of(&SecondPage {
        chrome: Chrome::at("/sign-in/second", Some(session)),
        secret: secret.map(|s| s.letters()).unwrap_or_default(),
        address: address.unwrap_or_default(),
        wrong,
    })
}

async fn ask_second(session: Session) -> Response {
    match session.factor {
        Factor::Awaited => second_page(&session, None, ""),
        Factor::None => second_page(&session, Some(Totp::random()), ""),
        Factor::Given => Redirect::to("/work").into_response(),
    }
}

#[derive(Deserialize)]
struct Code {
    csrf: String,
    code: String,
    #[serde(default)]
    secret: String,
}

async fn second(
    State(site): State<Site>,
    session: Session,
    headers: HeaderMap,
    Form(given): Form<Code>,
) -> Result<Response, Trouble> {
    ours(&session, &given.csrf)?;
    let wrong = "六位数字不对，或已过时。看手机上现在的六位数字，再填一次。";
    if session.factor == Factor::None {
        let Some(totp) = Totp::from_letters(&given.secret) else {
            return Ok(second_page(&session, Some(Totp::random()), wrong));
        };
        let set = site.people.set_totp(&session, &totp, &given.code, now());
        return Ok(match set.await.map_err(broken)? {
            true => Redirect::to("/work").into_response(),
            false => second_page(&session, Some(totp), wrong),
        });
    }
    let token = token_of(&headers).unwrap_or_default();
    let made = site.people.second_factor(token, &given.code, now());
    match made.await.map_err(broken)? {
        SignIn::Done(signed_in) => Ok(with_cookie(&site, &signed_in, "/work")),
        SignIn::Wrong => Ok(second_page(&session, None, wrong)),
        SignIn::Locked(until) => Err(Trouble::too_often(60).because(locked(until))),
    }
}

#[derive(Deserialize)]
struct Word {
    csrf: String,
}

async fn sign_out(
    State(people): State<People>,
    session: Session,
    Form(word): Form<Word>,
) -> Result<Response, Trouble> {
    ours(&session, &word.csrf)?;
    people.sign_out(&session, now()).await.map_err(broken)?;
    let gone = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    let mut response = Redirect::to("/").into_response();
    if let Ok(value) = HeaderValue::from_str(&gone) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

async fn work(State(people): State<People>, session: Session) -> Redirect {
    match session.factor.suffices(&session.grants, &people.settings) {
        true => Redirect::to(home(&session)),
        false => Redirect::to("/sign-in/second"),
    }
}

#[derive(Template)]
#[template(path = "account/welcome.html")]
struct WelcomePage {
    chrome: Chrome,
    least: usize,
    wrong: String,
}

fn gone() -> Trouble {
    Trouble::new(
        StatusCode::NOT_FOUND,
        "link_used",
        "这个链接已经用过，或过了期",
        "请管理员再发一个。一个链接只能用一次，三天内有效。",
    )
}

async fn welcome(
    State(people): State<People>,
    Path(token): Path<String>,
) -> Result<Response, Trouble> {
    let holds = people.invitation_holds(&token, now()).await;
    if !holds.map_err(broken)? {
        return Err(gone());
    }
    Ok(welcome_page(&people, String::new()))
}

fn welcome_page(people: &People, wrong: String) -> Response {
    page_of(&WelcomePage {
        chrome: Chrome::at("/welcome", None),
        least: people.settings.shortest_password,
        wrong,
    })
}

#[derive(Deserialize)]
struct NewPassword {
    password: String,
    again: String,
}

async fn redeem(
    State(site): State<Site>,
    Peer(peer): Peer,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(given): Form<NewPassword>,
) -> Result<Response, Trouble> {
    if !is_ours(&Method::POST, &headers) {
        return Err(foreign());
    }
    site.attempts.take(peer, Instant::now())?;
    if given.password != given.again {
        return Ok(welcome_page(
            &site.people,
            "两次填的不一样，再填一次。".into(),
        ));
    }
    match site.people.redeem(&token, &given.password, now()).await {
        Ok(_) => Ok(Redirect::to("/sign-in").into_response()),
        Err(StoreError::Missing) => Err(gone()),
        Err(StoreError::Invalid(why)) => Ok(welcome_page(&site.people, why)),
        Err(error) => Err(broken(error)),
    }
}

#[derive(Template)]
#[template(path = "account/account.html")]
struct AccountPage {
    chrome: Chrome,
    roles: Vec<&'static str>,
    factor: bool,
    least: usize,
    told: &'static str,
    wrong: String,
}

fn account_page(people: &People, session: &Session, told: &'static str, wrong: String) -> Response {
    page_of(&AccountPage {
        chrome: Chrome::at("/account", Some(session)),
        roles: session.grants.iter().map(|g| g.role.label()).collect(),
        factor: session.factor != Factor::None,
        least: people.settings.shortest_password,
        told,
        wrong,
    })
}

async fn account(State(people): State<People>, allowed: Allowed<permits::OwnAccount>) -> Response {
    if allowed.session.factor == Factor::Awaited {
        return Redirect::to("/sign-in/second").into_response();
    }
    account_page(&people, &allowed.session, "", String::new())
}

#[derive(Deserialize)]
struct Passwords {
    csrf: String,
    present: String,
    password: String,
    again: String,
}

async fn change_password(
    State(site): State<Site>,
    Peer(peer): Peer,
    allowed: Allowed<permits::OwnAccount>,
    Form(given): Form<Passwords>,
) -> Result<Response, Trouble> {
    let session = &allowed.session;
    ours(session, &given.csrf)?;
    if session.factor == Factor::Awaited {
        return Ok(Redirect::to("/sign-in/second").into_response());
    }
    site.attempts.take(peer, Instant::now())?;
    let people = &site.people;
    let say = |told, wrong: &str| Ok(account_page(people, session, told, wrong.to_string()));
    if given.password != given.again {
        return say("", "两次填的不一样，没有改。");
    }
    let changed = people.change_password(session, &given.present, &given.password, now());
    match changed.await {
        Ok(true) => say("密码改好了。其他地方的登录都已退出。", ""),
        Ok(false) => say("", "现在的密码不对，没有改。"),
        Err(StoreError::Invalid(why)) => say("", &why),
        Err(error) => Err(broken(error)),
    }
}
