//! The command line's choices come in; a running platform, or one sentence why it does not run, goes out.

use crate::demo;
use crate::limits::Limits;
use crate::people::Role;
use crate::site::Site;
use crate::store::{Context, Keep, NewPerson, NewUnit, Store, StoreError, UnitKind, now};
use crate::upkeep::{self, Place};
use std::fmt::Write as _;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;

/// What `jiheng serve` was told.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Make a demonstration city.
    pub demo: bool,
    /// The folder of data.
    pub data: Option<PathBuf>,
    /// `postgres://…`, or nothing for SQLite in the folder.
    pub database: Option<String>,
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// A proxy stands in front.
    pub behind_proxy: bool,
}

/// Runs the platform until the process is told to stop.
///
/// # Errors
/// One Chinese sentence when it cannot begin.
pub fn start(choices: &Choices) -> Result<(), String> {
    speak();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|e| format!("启动不了：{e}。"))?;
    runtime.block_on(run(choices))
}

async fn run(choices: &Choices) -> Result<(), String> {
    let listen = choices
        .listen
        .unwrap_or_else(|| ([127, 0, 0, 1], 8080).into());
    if choices.demo && !listen.ip().is_loopback() {
        return Err("演示只在本机开放：--listen 写 127.0.0.1 的端口，或不写。".into());
    }
    let usual = if choices.demo {
        "jiheng-demo"
    } else {
        "jiheng-data"
    };
    let folder = choices.data.clone().unwrap_or_else(|| usual.into());
    if choices.demo {
        demo::admit(&folder, choices.database.as_deref())?;
    } else if demo::is_demo(&folder) {
        return Err(format!(
            "{} 里是演示数据。演示请加 --demo；正式使用请换一个文件夹：--data 文件夹。",
            folder.display()
        ));
    }
    std::fs::create_dir_all(&folder)
        .map_err(|e| format!("建不了数据文件夹 {}：{e}。", folder.display()))?;
    let place = Place {
        data: folder.clone(),
        database: choices.database.clone(),
    };
    let store = Store::open(&place.address())
        .await
        .map_err(|e| format!("打不开数据库：{e}"))?;
    upkeep::keep_up(store.clone(), place, Keep::default())?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|e| format!("不能在 {listen} 上听：{e}。换一个端口：--listen 127.0.0.1:8081。"))?;
    let address = listener.local_addr().unwrap_or(listen);
    let site = Site::new(store, Limits::default(), choices.behind_proxy);
    let mut words = format!("绩衡在 http://{address}/ 上，按 Ctrl+C 停止。\n");
    let told = match choices.demo {
        true => demo::city(&site, &folder).await,
        false => first_links(&site, &format!("http://{address}")).await,
    };
    words.push_str(&told.map_err(|e| format!("没有准备好：{e}"))?);
    let mut out = std::io::stdout();
    let _ = write!(out, "{words}").and_then(|()| out.flush());
    site.serve(listener)
        .await
        .map_err(|e| format!("服务中断：{e}。"))
}

/// The first three, one for each office: no one holds two.
const ADMINS: [(&str, Role); 3] = [
    ("system", Role::SystemAdmin),
    ("security", Role::SecurityAdmin),
    ("audit", Role::AuditAdmin),
];

/// One-time links for the three administrators, as long as none of them has set a password.
async fn first_links(site: &Site, address: &str) -> Result<String, StoreError> {
    let (people, store) = (&site.people, &site.people.store);
    let ctx = Context::program(now());
    if !store.has_people().await? {
        let bureau = NewUnit {
            kind: UnitKind::Bureau,
            name: "财政局".into(),
            code: None,
            parent: None,
        };
        let bureau = store.add_unit(&ctx, bureau).await?;
        for (login, role) in ADMINS {
            let (unit, login) = (bureau.clone(), login.to_string());
            let name = role.label().to_string();
            let person = store
                .add_person(&ctx, NewPerson { unit, login, name })
                .await?;
            store.grant(&ctx, &person, &bureau, role).await?;
        }
    }
    let all = store.people(&ctx).await?;
    if all.iter().any(|p| p.has_password) {
        return Ok(String::new());
    }
    let mut out = String::from(
        "第一次启动。三位管理员各用一个链接设密码（三天内有效，只能用一次；重新启动会换新的）：\n",
    );
    for person in all {
        let name = person.name.unwrap_or_default();
        let login = person.login.unwrap_or_default();
        let invited = people.invite(&ctx, &person.id).await?;
        let _ = writeln!(
            out,
            "  {name}（登录名 {login}）  {address}/welcome/{}",
            invited.token
        );
    }
    Ok(out)
}

/// Log lines as JSON on standard error; a panic says where, never what, because a message may quote a document.
fn speak() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("JIHENG_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    let lines = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false);
    let _ = lines
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|l| format!("{}:{}", l.file(), l.line()));
        tracing::error!(place, "panic");
    }));
}
