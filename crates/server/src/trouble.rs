//! Why a request got no answer comes in; a page in plain Chinese, or the same as JSON, goes out.

use crate::assets;
use askama::Template;
use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why there is no answer: what happened, why, and what to do.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The status.
    pub status: StatusCode,
    /// A word for machines.
    pub code: &'static str,
    /// What happened.
    pub title: String,
    /// Why; a line each.
    pub why: Vec<String>,
    /// What to do.
    pub advice: String,
    /// After how many seconds it may go better.
    pub retry: Option<u32>,
}

impl Trouble {
    /// A trouble of this status.
    pub fn new(status: StatusCode, code: &'static str, title: &str, advice: &str) -> Trouble {
        Trouble {
            status,
            code,
            title: title.into(),
            why: Vec::new(),
            advice: advice.into(),
            retry: None,
        }
    }

    /// With a reason.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Trouble {
        self.why.push(why.into());
        self
    }

    /// Too many at once.
    pub fn busy(seconds: u32) -> Trouble {
        let mut trouble = Trouble::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "现在核对的人多，还没有轮到",
            "过一会儿再放一次。文件没有留在服务器上。",
        );
        trouble.retry = Some(seconds);
        trouble
    }

    /// One address too often.
    pub fn too_often(seconds: u32) -> Trouble {
        let mut trouble = Trouble::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_often",
            "这个地址核对得太频繁",
            &format!("过 {seconds} 秒再来。许多套材料可以用命令行一次核完：jiheng batch。"),
        );
        trouble.retry = Some(seconds);
        trouble
    }

    /// Larger than is taken.
    pub fn too_large(limit: usize) -> Trouble {
        Trouble::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "文件太大，没有收",
            "请只放自评表和报告，不放影像和佐证；或拆成几份。",
        )
        .because(format!("一次最多 {} MB。", limit >> 20))
    }

    /// Something of ours broke.
    pub fn broken() -> Trouble {
        Trouble::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "broken",
            "程序出了错，没有做完",
            "再试一次；还是这样，请把时间和所做的步骤告诉管理员。",
        )
        .because("错在程序，不在您的材料。")
    }

    /// What a bare status means, in words.
    fn of(status: StatusCode, said: Option<String>) -> Trouble {
        let (code, title, advice) = match status {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                ("bad_request", "没有看懂这个请求", "请从页面上重做一次。")
            }
            StatusCode::UNAUTHORIZED => ("not_signed_in", "还没有登录", "登录后再来。"),
            StatusCode::FORBIDDEN => ("not_allowed", "这一步没有做", "需要时请联系管理员。"),
            StatusCode::NOT_FOUND => (
                "not_found",
                "没有这一页",
                "地址可能抄漏了，或者这份材料不归您看。从首页再进一次。",
            ),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method", "这个地址不能这样用", "请从首页的按钮进入。")
            }
            StatusCode::REQUEST_TIMEOUT => (
                "too_slow",
                "传得太慢，没有收完",
                "换个网络，或拆成几份再放一次。",
            ),
            StatusCode::CONFLICT => ("conflict", "刚才已有人改过", "刷新后再改一次。"),
            StatusCode::SERVICE_UNAVAILABLE => ("busy", "服务器暂时没有答复", "过一会儿再试。"),
            s if s.is_server_error() => return Trouble::broken(),
            _ => ("refused", "没有做成", "请从首页再进一次。"),
        };
        let mut trouble = Trouble::new(status, code, title, advice);
        trouble.why.extend(said);
        trouble
    }

    /// As the sender wants to read it.
    fn answer(&self, headers: &HeaderMap) -> Response {
        let mut response = if wants_json(headers) {
            let mut message = self.title.clone();
            for line in &self.why {
                message.push_str(&format!("。{line}"));
            }
            let body = json!({
                "schema": 1,
                "error": { "code": self.code, "message": message, "advice": self.advice },
            });
            (
                [(header::CONTENT_TYPE, "application/json")],
                format!("{body}\n"),
            )
                .into_response()
        } else {
            let page = Page {
                head: assets::head(),
                icons: jiheng_render::html::ICONS,
                trouble: self,
            };
            page_of(&page)
        };
        *response.status_mut() = self.status;
        if let Some(seconds) = self.retry
            && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

impl IntoResponse for Trouble {
    /// Bare; [`dress`] writes the page.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page<'a> {
    head: &'static str,
    icons: &'static str,
    trouble: &'a Trouble,
}

/// A template as a page.
pub fn page_of(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => axum::response::Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "page not drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether the sender is a program that wants JSON.
pub fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains("application/json") && !v.contains("text/html"))
}

/// Longest sentence that a bare answer may carry.
const SENTENCE: usize = 2048;

/// Gives every refusal that has no page yet its page, in the form that was asked for.
pub async fn dress(request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if let Some(trouble) = response.extensions_mut().remove::<Trouble>() {
        return trouble.answer(&headers);
    }
    let status = response.status();
    if head || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let bare = kind.is_none_or(|k| k.as_bytes().starts_with(b"text/plain"));
    // A script of ours reads the sentence itself.
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    let asked = accept.is_some_and(|a| a.contains("text/html") || a.contains("application/json"));
    let told = response.body().size_hint().lower() > 0;
    if !bare || (told && !asked) {
        return response;
    }
    let (parts, body) = response.into_parts();
    // Sentences of ours are Chinese; those of libraries are not for users.
    let said = to_bytes(body, SENTENCE).await.ok();
    let said = said.and_then(|b| String::from_utf8(b.to_vec()).ok());
    let said = said.filter(|s| s.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)));
    let mut dressed = Trouble::of(status, said).answer(&headers);
    for (name, value) in &parts.headers {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            dressed.headers_mut().insert(name.clone(), value.clone());
        }
    }
    dressed
}

/// The answer after a panic; the panic itself is in the log.
pub fn after_panic(_: Box<dyn std::any::Any + Send + 'static>) -> axum::http::Response<Body> {
    Trouble::broken().into_response()
}
