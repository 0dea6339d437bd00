//! The parts of the site come in; the one list of routes, with who may use each, goes out.
//!
//! The router is built from it, `/openapi.json` is written from it, and the table of routes and roles is tested by it.

use crate::people::Permission;
use crate::site::Site;
use axum::Router;
use axum::routing::MethodRouter;
use serde_json::{Value, json};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Anybody,
    /// Whoever is signed in, even before the second factor is given.
    SignedIn,
    /// Whoever has a role that gives this permission.
    May(Permission),
    /// Programs on this machine.
    ThisMachine,
}

/// What is known of a route without what answers.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// GET, POST, …
    pub method: &'static str,
    /// The path as axum matches it.
    pub path: &'static str,
    /// Who may use it.
    pub who: Who,
    /// What it does, in Chinese.
    pub about: &'static str,
    /// The field with files, of a multipart form.
    pub form: Option<&'static str>,
}

/// A route.
pub struct Route {
    /// What is known of it.
    pub line: Line,
    /// What answers.
    pub answer: MethodRouter<Site>,
}

impl Route {
    /// A route by GET.
    pub fn page(
        path: &'static str,
        who: Who,
        about: &'static str,
        answer: MethodRouter<Site>,
    ) -> Route {
        Route::by("GET", path, who, about, answer)
    }

    /// A route by POST.
    pub fn post(
        path: &'static str,
        who: Who,
        about: &'static str,
        answer: MethodRouter<Site>,
    ) -> Route {
        Route::by("POST", path, who, about, answer)
    }

    fn by(
        method: &'static str,
        path: &'static str,
        who: Who,
        about: &'static str,
        answer: MethodRouter<Site>,
    ) -> Route {
        let form = None;
        let line = Line {
            method,
            path,
            who,
            about,
            form,
        };
        Route { line, answer }
    }

    /// Takes a multipart form with files in this field.
    #[must_use]
    pub fn api(mut self, field: &'static str) -> Route {
        self.line.form = Some(field);
        self
    }
}

/// The router of these routes.
pub fn router(routes: Vec<Route>) -> Router<Site> {
    routes.into_iter().fold(Router::new(), |router, route| {
        router.route(route.line.path, route.answer)
    })
}

/// The OpenAPI 3.1 document of these routes.
pub fn openapi(routes: &[Line]) -> Value {
    let mut paths = serde_json::Map::new();
    for route in routes {
        let mut operation = json!({
            "summary": route.about,
            "responses": { "default": { "description": "结果，或说明原因的页面（要 JSON 时为 {schema, error}）" } },
        });
        match route.who {
            Who::Anybody => {}
            Who::ThisMachine => operation["description"] = json!("只对本机开放。"),
            Who::SignedIn => operation["security"] = json!([{ "session": [] }]),
            Who::May(permission) => {
                operation["security"] = json!([{ "session": [] }]);
                operation["x-permission"] = json!(permission.word());
                operation["description"] = json!(format!("需要“{}”的权限。", permission.label()));
            }
        }
        if let Some(field) = route.form {
            operation["requestBody"] = json!({
                "required": true,
                "content": { "multipart/form-data": { "schema": {
                    "type": "object",
                    "required": [field],
                    "properties": { field: { "type": "array", "items": { "type": "string", "format": "binary" } } },
                } } },
            });
        }
        let parameters: Vec<Value> = route
            .path
            .split('/')
            .filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| name.trim_start_matches('*'))
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        if !parameters.is_empty() {
            operation["parameters"] = json!(parameters);
        }
        let path = paths
            .entry(route.path.replace("{*", "{"))
            .or_insert_with(|| json!({}));
        path[route.method.to_ascii_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "绩衡", "version": env!("CARGO_PKG_VERSION") },
        "paths": paths,
        "components": { "securitySchemes": {
            "session": { "type": "apiKey", "in": "cookie", "name": "jiheng" },
        } },
    })
}
