//! The workspace in a real browser: `tests/browser/desk.js` comes in with a served city, and passes or tells what went wrong.
//!
//! Needs Chromium and `npm install` in `tests/browser`; skips with a line when they are not there.

mod desk_site;

use desk_site::{city, serve};
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_fills_the_forms_in_a_browser() {
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
    let city = city("browser").await;
    let address = serve(&city).await;
    let sample = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    );
    // Pictures go beside the guide only when that is asked for: a test changes no file of the repository.
    let pictures = match std::env::var_os("DESK_PICTURES") {
        Some(_) => concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/pictures").to_string(),
        None => std::env::temp_dir()
            .join(format!("jiheng-pictures-{}", std::process::id()))
            .display()
            .to_string(),
    };
    let ran = tokio::process::Command::new("node")
        .current_dir(folder)
        .arg("desk.js")
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
