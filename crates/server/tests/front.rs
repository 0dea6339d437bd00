//! Files of every kind come in at the front page; what is answered, and what is not kept or logged, goes out.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use jiheng_office::write;
use jiheng_server::limits::Limits;
use jiheng_server::site::Site;
use jiheng_server::store::Store;
use std::path::{Path, PathBuf};
use tower::ServiceExt as _;

const SEED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../samples/yueyang-2023/package.docx"
);
const BOUNDARY: &str = "x-boundary-x";

/// A site over an empty store in a folder of its own.
struct Here {
    site: Site,
    folder: PathBuf,
}

impl Drop for Here {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Here {
    async fn new(name: &str, limits: Limits) -> Here {
        let folder =
            std::env::temp_dir().join(format!("jiheng-front-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let store = Store::open(&folder.join("s.db").to_string_lossy())
            .await
            .expect("a store");
        Here {
            site: Site::new(store, limits, false),
            folder,
        }
    }

    fn app(&self) -> Router {
        self.site.clone().app()
    }

    async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .body(Body::empty());
        Answer::of(self.app(), request.expect("a request")).await
    }

    async fn send(&self, path: &str, accept: &str, files: &[(&str, &[u8])]) -> Answer {
        let fields: Vec<(String, &[u8])> = files
            .iter()
            .map(|(name, bytes)| (format!("name=\"file\"; filename=\"{name}\""), *bytes))
            .collect();
        self.post(path, accept, &fields).await
    }

    async fn post(&self, path: &str, accept: &str, fields: &[(String, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (about, bytes) in fields {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {about}\r\n\r\n").bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        let request = Request::post(path)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_LENGTH, body.len())
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(body));
        Answer::of(self.app(), request.expect("a request")).await
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    async fn of(app: Router, request: Request<Body>) -> Answer {
        let response = app.oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX)
            .await
            .expect("a body")
            .to_vec();
        Answer {
            status,
            headers,
            bytes,
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    }
}

fn seed() -> Vec<u8> {
    std::fs::read(SEED).expect("the sample is part of the repository")
}

#[tokio::test]
async fn the_sample_is_checked_and_its_page_gives_the_commented_file_back() {
    let here = Here::new("sample", Limits::default()).await;
    let page = here
        .send("/check", "text/html", &[("材料.docx", &seed())])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    assert!(text.contains("X301") && text.contains("下载批注版 Word"));
    // No script or style stands in the page: the policy would not run it.
    assert!(!text.contains("<script>") && !text.contains("<style>"));
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self'")
    );

    // The page carries the file; giving it back needs neither scripts nor the server's memory.
    let held = text
        .split("name=\"held\" value=\"")
        .nth(1)
        .expect("carried");
    let held = held.split('"').next().expect("a value").to_string();
    let field = [("name=\"held\"".to_string(), held.as_bytes())];
    let copy = here.post("/check/annotated", "text/html", &field).await;
    assert_eq!(copy.status, StatusCode::OK);
    assert!(copy.header("content-disposition").starts_with("attachment"));
    assert!(copy.bytes.starts_with(b"PK") && copy.bytes.len() > seed().len());
    let list = here.post("/check/list", "text/html", &field).await;
    assert!(list.bytes.starts_with(b"PK"));

    // Chosen again, it is the same file to the byte.
    let again = here
        .send("/check/annotated", "text/html", &[("材料.docx", &seed())])
        .await;
    assert_eq!(again.bytes, copy.bytes);
}

#[tokio::test]
async fn programs_get_the_json_of_check_and_errors_as_json() {
    let here = Here::new("json", Limits::default()).await;
    let answer = here
        .send("/check", "application/json", &[("材料.docx", &seed())])
        .await;
    assert_eq!(answer.header("content-type"), "application/json");
    let value: serde_json::Value = serde_json::from_slice(&answer.bytes).expect("JSON");
    assert_eq!(value["schema"], 1);
    assert!(value["findings"].as_array().is_some_and(|f| !f.is_empty()));
    for (path, files) in [
        ("/check", vec![]),
        ("/check", vec![("空.docx", &b"PK\x03\x04"[..])]),
    ] {
        let answer = here.send(path, "application/json", &files).await;
        assert!(answer.status.is_client_error());
        let value: serde_json::Value = serde_json::from_slice(&answer.bytes).expect("JSON");
        assert!(
            value["error"]["message"]
                .as_str()
                .is_some_and(|m| !m.is_empty())
        );
    }
}

#[tokio::test]
async fn what_stands_in_a_cell_or_a_name_is_shown_and_never_run() {
    let here = Here::new("script", Limits::default()).await;
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    let html = format!(
        "<html><body><p>绩效自评</p><table><tr><td>项目名称</td><td>{evil}</td></tr></table></body></html>"
    );
    let sheet = write::Table {
        cols: 1,
        rows: 1,
        cells: vec![write::Cell {
            row: 1,
            col: 1,
            row_span: 1,
            col_span: 1,
            text: evil.into(),
        }],
    };
    let xlsx = write::xlsx(&[("表", &sheet)]);
    for (name, bytes) in [
        ("a.html", html.into_bytes()),
        ("<script>x</script>.xlsx", xlsx),
    ] {
        let answer = here.send("/check", "text/html", &[(name, &bytes)]).await;
        let text = answer.text();
        assert!(
            !text.contains("<script>") && !text.contains("<img"),
            "{name}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn a_file_with_a_secrecy_mark_is_refused_with_the_whole_package() {
    let here = Here::new("secret", Limits::default()).await;
    for mark in ["机密★5年", "绝密", "秘密★", "内部资料", "内部资料 注意保存"]
    {
        let secret = format!("{mark}\n部门整体支出绩效自评报告\n一、基本情况");
        let files = [("报告.txt", secret.as_bytes()), ("材料.docx", &seed())];
        let answer = here.send("/check", "text/html", &files).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{mark}");
        let text = answer.text();
        assert!(
            text.contains("密级标志") && !text.contains("X301"),
            "{mark}"
        );
        assert!(!text.contains("name=\"held\""), "nothing of it comes back");
    }
}

#[tokio::test]
async fn bombs_broken_files_and_large_ones_are_told_politely() {
    let limits = Limits {
        upload: 1 << 20,
        ..Limits::default()
    };
    let here = Here::new("bombs", limits).await;
    let zeros = vec![0u8; 400 << 20];
    let bomb = write::zip(&[
        ("word/document.xml", &zeros),
        ("[Content_Types].xml", b"<Types/>"),
    ]);
    drop(zeros);
    assert!(bomb.len() < 1 << 20);
    let mut nested = write::zip(&[("a.docx", &bomb)]);
    for _ in 0..8 {
        nested = write::zip(&[("a.zip", &nested)]);
    }
    for (name, bytes) in [("炸弹.docx", &bomb), ("套.zip", &nested)] {
        let answer = here.send("/check", "text/html", &[(name, bytes)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text().contains("没有读成"));
    }
    let large = vec![b'a'; 3 << 20];
    let answer = here
        .send("/check", "text/html", &[("大.txt", &large)])
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("一次最多 1 MB"));
    // Announced small, sent large.
    let large = vec![b'a'; (1 << 20) + 10];
    let answer = here
        .send("/check", "text/html", &[("大.txt", &large)])
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits() {
    let limits = Limits {
        burst: 2.0,
        per_minute: 1.0,
        ..Limits::default()
    };
    let here = Here::new("often", limits).await;
    let file = [("a.txt", "绩效自评报告".as_bytes())];
    for _ in 0..2 {
        let answer = here.send("/check", "text/html", &file).await;
        assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let answer = here.send("/check", "text/html", &file).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        answer
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|s| s > 0)
    );
}

#[tokio::test]
async fn every_answer_bears_the_headers_and_errors_are_pages() {
    let here = Here::new("headers", Limits::default()).await;
    for path in [
        "/",
        "/sample",
        "/nothing",
        "/sign-in",
        "/health",
        "/openapi.json",
        "/assets/tokens.css",
    ] {
        let answer = here.get(path).await;
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
    let missing = here.get("/nothing").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text().contains("没有这一页") && missing.text().contains("<main"));
    let wrong = Request::delete("/check")
        .header(header::ACCEPT, "text/html")
        .body(Body::empty());
    let wrong = Answer::of(here.app(), wrong.expect("a request")).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong.text().contains("<main"));
}

#[tokio::test]
async fn assets_are_kept_by_their_digest() {
    let here = Here::new("assets", Limits::default()).await;
    let front = here.get("/").await.text();
    let address = front
        .split("href=\"/assets/tokens.css")
        .nth(1)
        .expect("a link");
    let address = format!(
        "/assets/tokens.css{}",
        address.split('"').next().expect("its end")
    );
    let first = here.get(&address).await;
    assert!(first.header("cache-control").contains("immutable"));
    let tag = first.header("etag").to_string();
    let again = Request::get("/assets/tokens.css")
        .header(header::IF_NONE_MATCH, &tag)
        .body(Body::empty());
    let again = Answer::of(here.app(), again.expect("a request")).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    for path in [
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/Cargo.toml",
        "/assets/nothing",
    ] {
        assert_eq!(here.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn counters_name_routes_and_are_for_this_machine() {
    let here = Here::new("counters", Limits::default()).await;
    let app = here.app();
    let ask = |path: &str, relayed: bool| {
        let mut request = Request::get(path);
        if relayed {
            request = request.header("x-forwarded-for", "203.0.113.7");
        }
        app.clone()
            .oneshot(request.body(Body::empty()).expect("a request"))
    };
    ask("/welcome/a-secret-token", false)
        .await
        .expect("an answer");
    let answer = ask("/metrics", false).await.expect("an answer");
    let text = to_bytes(answer.into_body(), usize::MAX)
        .await
        .expect("a body");
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(text.contains("route=\"/welcome/{token}\"") && !text.contains("a-secret-token"));
    let relayed = ask("/metrics", true).await.expect("an answer");
    assert_eq!(relayed.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_of_an_upload_lies_on_the_disk() {
    let here = Here::new("disk", Limits::default()).await;
    let word = "独一无二的项目名称甲乙丙";
    let file = format!("绩效自评报告\n{word}");
    here.send("/check", "text/html", &[("某某某.txt", file.as_bytes())])
        .await;
    let mut seen = 0;
    for entry in files(&here.folder) {
        let bytes = std::fs::read(&entry).unwrap_or_default();
        seen += 1;
        for needle in [word, "某某某"] {
            let needle = needle.as_bytes();
            assert!(
                !bytes.windows(needle.len()).any(|w| w == needle),
                "{}",
                entry.display()
            );
        }
    }
    assert!(seen > 0, "the store lies there");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .map(|d| d.flatten().collect())
        .unwrap_or_else(|_| Vec::new());
    entries
        .into_iter()
        .map(|e| e.path())
        .filter(|p| p.is_file())
        .collect()
}
