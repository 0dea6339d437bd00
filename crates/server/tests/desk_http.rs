//! The workspace over HTTP: begin, fill, import, save, two people at one cell, files, documents, and strangers.

mod desk_site;

use axum::http::StatusCode;
use desk_site::city;

fn sample() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    );
    std::fs::read(path).expect("the sample")
}

/// The plan in the hidden field of a preview.
fn plan_of(page: &str) -> String {
    let at = page.find("name=\"plan\" value=\"").expect("a plan") + "name=\"plan\" value=\"".len();
    let rest = &page[at..];
    let coded = &rest[..rest.find('"').expect("an end")];
    coded
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

#[tokio::test]
async fn a_unit_begins_imports_its_own_file_and_downloads_the_package() {
    let city = city("import").await;
    let (li, id) = (&city.li, &city.filing);
    let (status, to) = city.get(li, "/desk").await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, format!("/desk/{id}").as_str())
    );
    let (status, _) = city.post(li, &format!("/desk/{id}/begin"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = city.get(li, &format!("/desk/{id}")).await;
    assert!(
        page.contains("基础数据表") && page.contains("自评报告"),
        "{page}"
    );
    let (status, page) = city
        .upload(
            li,
            &format!("/desk/{id}/import"),
            "自评材料.docx",
            &sample(),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("没有认出的"));
    let plan = plan_of(&page);
    let (status, to) = city
        .post(li, &format!("/desk/{id}/import/apply"), &[("plan", &plan)])
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
    assert_eq!(city.sheets("project").await.len(), 2);
    let baseline = &city.sheets("baseline").await[0];
    let (_, page) = city.get(li, &format!("/desk/{id}/{baseline}")).await;
    assert!(page.contains("value=\"999.14\""));
    assert!(
        page.contains("公用经费两处金额不同"),
        "findings between forms and report"
    );
    // The same file again fills nothing and destroys nothing.
    let (_, page) = city
        .upload(
            li,
            &format!("/desk/{id}/import"),
            "自评材料.docx",
            &sample(),
        )
        .await;
    assert!(
        page.contains("会填上 <b>0</b> 格"),
        "{}",
        &page[page.find("会填上").unwrap_or(0)..][..200]
    );
    for file in [
        "package.docx",
        "package.xlsx",
        "package.html",
        "report.docx",
        "annotated.docx",
        "findings.html",
        "findings.json",
    ] {
        let (headers, bytes) = city.bytes(li, &format!("/desk/{id}/download/{file}")).await;
        assert!(
            bytes.len() > 2000,
            "{file}: {}",
            String::from_utf8_lossy(&bytes)
        );
        let told = headers["content-disposition"].to_str().expect("text");
        assert!(told.starts_with("attachment"), "{file}");
    }
    for page in ["projects", "results", "evidence", "download", "import"] {
        let (status, _) = city.get(li, &format!("/desk/{id}/{page}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
    }
}

#[tokio::test]
async fn an_error_comes_with_the_save_that_makes_it_and_goes_with_the_next() {
    let city = city("errors").await;
    let (li, id) = (&city.li, &city.filing);
    city.post(li, &format!("/desk/{id}/begin"), &[]).await;
    let sheet = &city.sheets("baseline").await[0];
    let cells = [
        ("operating.budget", 0, "149.75"),
        ("operating.office.budget", 0, "149.75"),
        ("operating.utilities.budget", 0, "22.00"),
        ("three_publics.reception.outturn", 0, "2.71"),
        ("three_publics.vehicles.operation.outturn", 0, "4.85"),
    ];
    let (status, answer) = city.save(li, sheet, "one", &cells).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["saved"].as_array().map(Vec::len), Some(5));
    assert_eq!(answer["computed"]["three_publics.outturn"]["gives"], "7.56");
    assert_eq!(answer["hits"]["operating.budget"]["class"], "E", "{answer}");
    // The same request again is answered and changes nothing.
    let (_, again) = city.save(li, sheet, "one", &cells).await;
    assert_eq!(again["saved"], answer["saved"]);
    let (_, answer) = city
        .save(li, sheet, "two", &[("operating.budget", 1, "171.75")])
        .await;
    assert!(answer["hits"].get("operating.budget").is_none(), "{answer}");
}

#[tokio::test]
async fn two_people_at_one_cell_lose_neither_value() {
    let city = city("both").await;
    let id = &city.filing;
    city.post(&city.li, &format!("/desk/{id}/begin"), &[]).await;
    let sheet = &city.sheets("baseline").await[0];
    let (_, first) = city
        .save(
            &city.wang,
            sheet,
            "w",
            &[("operating.outturn", 0, "1117.90")],
        )
        .await;
    assert_eq!(first["saved"][0]["revision"], 1);
    let (_, second) = city
        .save(&city.li, sheet, "l", &[("operating.outturn", 0, "999.14")])
        .await;
    let conflict = &second["conflicts"][0];
    assert_eq!(
        (conflict["theirs"].as_str(), conflict["by"].as_str()),
        (Some("1117.90"), Some("王某某"))
    );
    // Without scripts both values are shown, and the cell is left.
    let was = "{\"operating.outturn\":[0,\"\"]}";
    let fields = [("was", was), ("c:operating.outturn", "999.14")];
    let (status, page) = city
        .post(&city.li, &format!("/desk/{id}/{sheet}"), &fields)
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        page.contains("他填 1117.90，您填的 999.14 没有写入"),
        "{page}"
    );
    // The choice is based on what was seen.
    let (_, chosen) = city
        .save(&city.li, sheet, "c", &[("operating.outturn", 1, "999.14")])
        .await;
    assert_eq!(chosen["saved"][0]["revision"], 2);
    let (_, page) = city
        .get(
            &city.li,
            &format!("/desk/{id}/{sheet}/cell?cell=operating.outturn"),
        )
        .await;
    assert!(page.contains("1117.90") && page.contains("999.14") && page.contains("王某某"));
    // An earlier value is put back.
    let fields = [("cell", "operating.outturn"), ("restore", "1")];
    let (status, _) = city
        .post(&city.li, &format!("/desk/{id}/{sheet}/cell"), &fields)
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = city.get(&city.li, &format!("/desk/{id}/{sheet}")).await;
    assert!(page.contains("value=\"1117.90\""));
}

#[tokio::test]
async fn rows_come_and_go_without_scripts_and_projects_get_their_forms() {
    let city = city("rows").await;
    let (li, id) = (&city.li, &city.filing);
    city.post(li, &format!("/desk/{id}/begin"), &[]).await;
    let sheet = city.sheets("baseline").await[0].clone();
    let path = format!("/desk/{id}/{sheet}");
    for name in ["山水项目", "测绘"] {
        let (status, to) = city.post(li, &path, &[("row", "last:projects")]).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let key = to.split_once("#c-").expect("the new cell").1.to_string();
        let (_, answer) = city.save(li, &sheet, &key, &[(&key, 0, name)]).await;
        assert_eq!(answer["saved"][0]["revision"], 1, "{answer}");
    }
    let (_, page) = city.get(li, &format!("/desk/{id}/projects")).await;
    assert!(page.contains("为 2 个项目建空表"), "{page}");
    city.post(li, &format!("/desk/{id}/projects"), &[]).await;
    let projects = city.sheets("project").await;
    assert_eq!(projects.len(), 2);
    let (_, page) = city.get(li, &format!("/desk/{id}/{}", projects[0])).await;
    assert!(page.contains("山水项目") && page.contains("产出指标"));
    let (_, page) = city.get(li, &path).await;
    let row = page
        .split("remove:projects/")
        .nth(1)
        .and_then(|r| r.split('"').next())
        .expect("a row");
    city.post(li, &path, &[("row", &format!("remove:projects/{row}"))])
        .await;
    let (_, page) = city.get(li, &path).await;
    assert!(!page.contains("data-shown=\"山水项目\"") && page.contains("data-shown=\"测绘\""));
}

#[tokio::test]
async fn evidence_and_remarks_come_and_go() {
    let city = city("evidence").await;
    let (li, id) = (&city.li, &city.filing);
    city.post(li, &format!("/desk/{id}/begin"), &[]).await;
    let (status, _) = city
        .upload(
            li,
            &format!("/desk/{id}/evidence"),
            "../<b>问卷.html",
            b"<script>alert(1)</script>",
        )
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = city.get(li, &format!("/desk/{id}/evidence")).await;
    assert!(!page.contains("<b>问卷"));
    let file = page
        .split(&format!("/desk/{id}/evidence/"))
        .nth(1)
        .and_then(|r| r.split('"').next())
        .expect("a file");
    let (headers, bytes) = city.bytes(li, &format!("/desk/{id}/evidence/{file}")).await;
    assert_eq!(bytes, b"<script>alert(1)</script>");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert!(
        headers["content-disposition"]
            .to_str()
            .expect("text")
            .starts_with("attachment")
    );
    // Through the address of another filing it is not there.
    let (headers, _) = city
        .bytes(
            &city.zhao,
            &format!("/desk/{}/evidence/{file}", city.strange),
        )
        .await;
    assert!(headers.get("content-disposition").is_none());
    let sheet = &city.sheets("baseline").await[0];
    let path = format!("/desk/{id}/{sheet}/cell");
    city.post(li, &path, &[("cell", "thrift"), ("remark", "请补上依据")])
        .await;
    let (_, page) = city.get(&city.wang, &format!("{path}?cell=thrift")).await;
    assert!(page.contains("请补上依据"));
    let remark = page
        .split("name=\"resolve\" value=\"")
        .nth(1)
        .and_then(|r| r.split('"').next())
        .expect("a remark");
    city.post(
        &city.wang,
        &path,
        &[("cell", "thrift"), ("resolve", remark)],
    )
    .await;
    let (_, page) = city.get(li, &format!("{path}?cell=thrift")).await;
    assert!(page.contains("已解决：王某某"), "{page}");
}

#[tokio::test]
async fn a_stranger_finds_nothing_and_a_foreign_page_does_nothing() {
    let city = city("stranger").await;
    let (li, id) = (&city.li, &city.filing);
    city.post(li, &format!("/desk/{id}/begin"), &[]).await;
    let sheet = &city.sheets("baseline").await[0];
    for path in [
        String::new(),
        "/projects".into(),
        "/results".into(),
        "/evidence".into(),
        "/download/package.docx".into(),
        format!("/{sheet}"),
        format!("/{sheet}/cell?cell=thrift"),
    ] {
        let (status, _) = city.get(&city.zhao, &format!("/desk/{id}{path}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    // A sheet of another filing, under one's own.
    let (status, _) = city
        .get(&city.zhao, &format!("/desk/{}/{sheet}", city.strange))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = city
        .save(&city.zhao, sheet, "z", &[("thrift", 0, "无")])
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let forged = desk_site::Who {
        csrf: "wrong".into(),
        ..li.clone()
    };
    let (status, _) = city.save(&forged, sheet, "f", &[("thrift", 0, "无")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = city
        .post(
            &forged,
            &format!("/desk/{id}/{sheet}"),
            &[("row", "last:projects")],
        )
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, answer) = city.save(li, sheet, "k", &[("<script>", 0, "x")]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    // A plan that names a sheet of someone else's.
    let strange = "{\"moves\":[{\"sheet\":\"nothing\",\"form\":\"baseline\",\"name\":\"\",\"cells\":[],\"kept\":[]}],\"unrecognised\":[]}";
    let (status, _) = city
        .post(
            li,
            &format!("/desk/{id}/import/apply"),
            &[("plan", strange)],
        )
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_formula_that_was_typed_leaves_the_workbook_as_text() {
    let city = city("formula").await;
    let (li, id) = (&city.li, &city.filing);
    city.post(li, &format!("/desk/{id}/begin"), &[]).await;
    let sheet = &city.sheets("baseline").await[0];
    let evil = "=HYPERLINK(\"http://example.com\",\"点\")";
    city.save(
        li,
        sheet,
        "e",
        &[("thrift", 0, evil), ("operating.outturn", 0, evil)],
    )
    .await;
    let (_, bytes) = city
        .bytes(li, &format!("/desk/{id}/download/package.xlsx"))
        .await;
    let package = jiheng_engine::read::Package {
        files: vec![jiheng_engine::read::SourceFile {
            name: "package.xlsx".into(),
            bytes: bytes.clone(),
        }],
    };
    let documents = jiheng_engine::read::read(&package);
    assert!(
        documents[0].text.contains("=HYPERLINK("),
        "kept as it was typed"
    );
    let budget = jiheng_office::Budget::default();
    let zip = jiheng_office::Zip::open(&bytes, &budget).expect("a zip");
    let mut inflater = jiheng_office::Inflater::new(&budget);
    for entry in zip.entries() {
        if entry.name.starts_with("xl/worksheets/") {
            let part = zip.inflate(entry, &mut inflater).expect("a part");
            let text = String::from_utf8_lossy(&part);
            assert!(
                !text.contains("<f>HYPERLINK") && !text.contains("<f>=HYPERLINK"),
                "{}",
                entry.name
            );
        }
    }
}
