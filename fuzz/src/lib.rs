//! Any bytes come in at a door of the corridor; nothing goes out, and nothing may panic.
//!
//! One function for every reader of ours, for the expression language and for rulebooks. The targets
//! of cargo-fuzz and the steady harness (`src/bin/steady.rs`) call the same functions.

use jiheng_engine::read::foreign::{self, InProcess};
use jiheng_engine::read::{self, Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{evaluate, expr};
use jiheng_office::xml::{self, Token, Tokens};
use jiheng_office::{Budget, Inflater, Ole, Zip, write};

/// A door: its name, and what it does with bytes.
pub type Door = (&'static str, fn(&[u8]));

/// All doors, by the name of their target.
pub const DOORS: &[Door] = &[
    ("zip", zip),
    ("xml", tokens),
    ("docx", docx),
    ("xlsx", xlsx),
    ("ole", ole),
    ("html", html),
    ("text", text),
    ("markdown", markdown),
    ("pdf", pdf),
    ("expression", expression),
    ("rulebook", rulebook),
];

/// Small, so that a found case is a bug and not a large file.
fn budget() -> Budget {
    Budget {
        part_bytes: 4 << 20,
        total_bytes: 8 << 20,
        parts: 200,
        places: 200_000,
        ..Budget::default()
    }
}

fn whole(name: &str, bytes: Vec<u8>) {
    foreign::choose(Box::new(InProcess));
    let package = Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes,
        }],
    };
    let documents = read::read_within(&package, &budget());
    for document in &documents {
        assert!(
            document.is_sound(),
            "a reader made a document that contradicts itself"
        );
    }
}

/// Zip: the directory and every entry; then whatever the file is.
pub fn zip(bytes: &[u8]) {
    let budget = budget();
    if let Ok(zip) = Zip::open(bytes, &budget) {
        let mut inflater = Inflater::new(&budget);
        for entry in zip.entries() {
            let _ = zip.inflate(entry, &mut inflater);
        }
    }
    whole("包", bytes.to_vec());
}

/// XML: every token, its attributes and its text.
pub fn tokens(bytes: &[u8]) {
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) => {
                let _ = tag.value(b"w:val");
                let _ = xml::attributes(tag.attributes).count();
            }
            Token::Text(text) => {
                let _ = xml::decode(text);
            }
            Token::Close(_) | Token::Cdata(_) => {}
        }
    }
    assert_eq!(tokens.offset(), bytes.len());
}

/// A docx around this main part, through the whole corridor.
pub fn docx(bytes: &[u8]) {
    let file = write::zip(&[("word/document.xml", bytes)]);
    let files = vec![SourceFile {
        name: "自评.docx".into(),
        bytes: file.clone(),
    }];
    let _ = evaluate(&Package { files }, Shelf::embedded(), None);
    whole("自评.docx", file);
}

/// An xlsx around this sheet.
pub fn xlsx(bytes: &[u8]) {
    let file = write::zip(&[
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s.xml\"/><Relationship Id=\"r2\" Type=\"x/styles\" Target=\"s.xml\"/><Relationship Id=\"r3\" Type=\"x/sharedStrings\" Target=\"s.xml\"/></Relationships>",
        ),
        ("xl/s.xml", bytes),
    ]);
    whole("自评.xlsx", file);
}

/// OLE2, and the .doc or .xls in it.
pub fn ole(bytes: &[u8]) {
    let _ = Ole::open(bytes, &budget());
    whole("自评.doc", bytes.to_vec());
}

/// A page, through the whole corridor.
pub fn html(bytes: &[u8]) {
    let mut page = b"<html><body>".to_vec();
    page.extend(bytes);
    let files = vec![SourceFile {
        name: "自评.html".into(),
        bytes: page.clone(),
    }];
    let _ = evaluate(&Package { files }, Shelf::embedded(), None);
    whole("自评.html", page);
}

/// Plain text, through the whole corridor.
pub fn text(bytes: &[u8]) {
    let files = vec![SourceFile {
        name: "自评.txt".into(),
        bytes: bytes.to_vec(),
    }];
    let _ = evaluate(&Package { files }, Shelf::embedded(), None);
    whole("自评.txt", bytes.to_vec());
}

/// Markdown with tables.
pub fn markdown(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let document = read::markdown::read("自评.md", &text, &budget());
    assert!(document.is_sound());
}

/// PDF, here in this process.
pub fn pdf(bytes: &[u8]) {
    let limits = jiheng_pdf::Limits {
        pages: 20,
        operators: 100_000,
        glyphs: 100_000,
        stream_bytes: 2 << 20,
        total_bytes: 8 << 20,
        places: 100_000,
    };
    let _ = jiheng_pdf::read(bytes.to_vec(), &limits);
}

/// The expression language: every text is an expression or a reason why not.
pub fn expression(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(trouble) = expr::parse(&text) {
        assert!(!trouble.message.is_empty());
        assert!(
            text.get(trouble.span.clone()).is_some(),
            "a place inside the text"
        );
    }
}

/// A rulebook of one file: it loads, or has problems with places.
pub fn rulebook(bytes: &[u8]) {
    let folder = std::env::temp_dir().join(format!("jiheng-fuzz-{}", std::process::id()));
    let written = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(folder.join("rulebook.toml"), bytes));
    if written.is_ok() {
        let shelf = Shelf::from_folder(&folder);
        let _: Vec<String> = shelf.problems.iter().map(ToString::to_string).collect();
    }
}
