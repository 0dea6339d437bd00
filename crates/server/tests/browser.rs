//! The platform in a real browser: the scripts of `tests/browser` come in with a served city, and pass or tell what went wrong.
//!
//! Needs Chromium and `npm install` in `tests/browser`; skips with a line when they are not there.

mod desk_site;

use desk_site::{city, serve};
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_fills_the_forms_in_a_browser() {
    run("desk").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_an_account_checks_a_file_in_a_browser() {
    run("front").await;
}

/// Runs a script of `tests/browser` against a city of its own.
async fn run(script: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");
    let browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    let browser = browsers.iter().find(|b| Path::new(b).exists());
    let ready = Path::new(folder)
        .join("node_modules/playwright-core")
        .exists();
    let (Some(browser), true) = (browser, ready) else {
        eprintln!("skipped: no Chromium, or no `npm install` in {folder}");
        return;
    };
    let city = city(&format!("browser-{script}")).await;
    let address = serve(&city).await;
    let sample = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    );
    // Pictures go beside the guide only when that is asked for: a test changes no file of the repository.
    let pictures = match std::env::var_os("DESK_PICTURES") {
        Some(_) => concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/pictures").to_string(),
        None => std::env::temp_dir()
            .join(format!("jiheng-pictures-{script}-{}", std::process::id()))
            .display()
            .to_string(),
    };
    let ran = tokio::process::Command::new("node")
        .current_dir(folder)
        .arg(format!("{script}.js"))
        .env("ADDRESS", &address)
        .env("BROWSER", browser)
        .env("SAMPLE", sample)
        .env("PICTURES", &pictures)
        .env("FILING", city.filing.as_str())
        .env("LI", &city.li.token)
        .env("WANG", &city.wang.token)
        .output()
        .await
        .expect("node runs");
    let told = format!(
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(ran.status.success(), "{told}");
    eprintln!("{told}");
}
