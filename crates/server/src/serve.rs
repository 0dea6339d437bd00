//! A folder, a database and an address come in; a server that runs until it is told to stop goes out.

use crate::front::Front;
use crate::people::{People, Settings};
use crate::site::{self, Site};
use crate::store::Store;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;

/// What the server is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the database, keys and backups lie.
    pub data: PathBuf,
    /// `postgres://…`; none for SQLite in the folder.
    pub database: Option<String>,
    /// Where it listens.
    pub listen: SocketAddr,
}

/// Runs the server until it is interrupted.
///
/// # Errors
/// A plain Chinese sentence when it cannot start.
pub fn serve(options: &Options, say: impl Fn(&str)) -> Result<(), String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|e| format!("不能启动：{e}。"))?;
    runtime.block_on(run(options, say))
}

async fn run(options: &Options, say: impl Fn(&str)) -> Result<(), String> {
    std::fs::create_dir_all(&options.data)
        .map_err(|e| format!("不能用文件夹 {}：{e}。", options.data.display()))?;
    let place = match &options.database {
        Some(url) => url.clone(),
        None => options.data.join("jiheng.sqlite").display().to_string(),
    };
    let store = Store::open(&place)
        .await
        .map_err(|e| format!("打不开数据库：{e}"))?;
    let site = Site {
        people: People::new(store.clone(), Settings::default()),
        store: store.clone(),
        front: Front::new(),
        meter: crate::health::Meter::default(),
    };
    let listener = TcpListener::bind(options.listen).await.map_err(|e| {
        format!(
            "不能在 {} 上接收请求：{e}。换一个 --listen 再试。",
            options.listen
        )
    })?;
    let address = listener.local_addr().unwrap_or(options.listen);
    say(&format!("绩衡已启动  http://{address}/　按 Ctrl+C 停止"));
    let router = site::router(site);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(told_to_stop())
        .await
        .map_err(|e| format!("服务中断：{e}。"))?;
    // Whatever was acknowledged is on the disk; this only closes the files.
    store.close().await;
    say("已停止，数据都已写好。");
    Ok(())
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
