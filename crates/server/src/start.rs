//! The command line's choices come in; a running platform, or one sentence why it does not run, goes out.

use crate::limits::Limits;
use crate::site::Site;
use crate::store::{Keep, Store};
use crate::upkeep::{self, Place};
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
    pub data: PathBuf,
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
    let folder = &choices.data;
    std::fs::create_dir_all(folder)
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
    let mut out = std::io::stdout();
    let _ =
        writeln!(out, "绩衡在 http://{address}/ 上，按 Ctrl+C 停止。").and_then(|()| out.flush());
    site.serve(listener)
        .await
        .map_err(|e| format!("服务中断：{e}。"))
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
