//! PDF files that loop or swell go in; a sentence comes out, from a worker that is ended if need be.

use crate::bomb::{check, deflated};

/// A PDF of these objects, the first of them the catalogue; the table of places is right.
fn pdf(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).into_bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .into_bytes(),
    );
    out
}

fn stream(head: &str, content: &str) -> String {
    format!(
        "<< {head} /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

fn page(resources: &str, content: &str) -> Vec<String> {
    vec![
        "<< /Type /Catalog /Pages 2 0 R >>".into(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> {resources} >> >>"
        ),
        stream("", content),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".into(),
    ]
}

#[test]
fn forms_that_draw_themselves_end() {
    let mut objects = page(
        "/XObject << /A 6 0 R >>",
        "/A Do BT /F 12 Tf 72 700 Td (100) Tj ET",
    );
    let form = |other: &str| {
        stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /B {other} 0 R >> >>"
            ),
            &"/B Do ".repeat(50),
        )
    };
    objects.push(form("7"));
    objects.push(form("6"));
    check("自画.pdf", &pdf(&objects));
}

#[test]
fn forms_that_draw_a_hundred_others_each_end() {
    // Without a circle: ten levels, each drawing the next a hundred times.
    let mut objects = page(
        "/XObject << /B 6 0 R >>",
        "/B Do BT /F 12 Tf 72 700 Td (100) Tj ET",
    );
    for level in 0..10 {
        objects.push(stream(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /B {} 0 R >> >>", level + 7),
            &"/B Do ".repeat(100),
        ));
    }
    objects.push(stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 595 842]",
        "0 0 m 9 9 l S",
    ));
    check("十层百画.pdf", &pdf(&objects));
}

#[test]
fn a_tree_of_pages_that_comes_back_to_itself_ends() {
    let mut objects = page("", "BT /F 12 Tf 72 700 Td (100) Tj ET");
    objects[1] = "<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 1000000 /Parent 2 0 R >>".into();
    check("页成环.pdf", &pdf(&objects));
}

#[test]
fn tables_of_places_that_come_back_to_themselves_end() {
    let mut file = pdf(&page("", "BT /F 12 Tf 72 700 Td (100) Tj ET"));
    let text = String::from_utf8_lossy(&file).into_owned();
    let table = text.find("xref\n").expect("a table");
    let looped = text.replace("/Root 1 0 R", &format!("/Root 1 0 R /Prev {table}"));
    file = looped.into_bytes();
    check("前表成环.pdf", &file);
}

#[test]
fn lengths_and_references_to_themselves_end() {
    let mut objects = page("", "");
    objects[3] = "<< /Length 4 0 R >>\nstream\nBT ET\nendstream".into();
    objects[4] = "5 0 R".into();
    check("自指.pdf", &pdf(&objects));
    let deep = "[".repeat(1_000_000);
    let mut objects = page("", "BT ET");
    objects[3] = stream("", &deep);
    objects[4] = deep;
    check("深套.pdf", &pdf(&objects));
}

#[test]
fn a_page_that_unfolds_beyond_the_budget_is_stopped() {
    // Twice deflated, a quarter of a gigabyte is a few kilobytes.
    let inner = deflated(&deflated(&vec![b' '; 1 << 28]));
    let hex: String = inner.iter().map(|b| format!("{b:02x}")).collect();
    let mut objects = page("", "");
    objects[3] = stream("/Filter [/ASCIIHexDecode /FlateDecode /FlateDecode]", &hex);
    check("吹大.pdf", &pdf(&objects));
}
