//! The specimen package is printed as PDF: the same bytes twice and no empty box.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_render::official::{self, Block, Official, Part, PartKind};
use jiheng_render_pdf::{Fonts, Press};
use std::path::Path;

fn read(name: &str, bytes: Vec<u8>) -> Evaluation {
    let file = SourceFile {
        name: name.into(),
        bytes,
    };
    let package = Package { files: vec![file] };
    evaluate(&package, Shelf::embedded(), None).expect("a rulebook of the shelf")
}

fn specimen() -> Evaluation {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023/package.docx");
    read("package.docx", std::fs::read(path).expect("the specimen"))
}

fn package(evaluation: &Evaluation) -> Official {
    let report = official::report_of(&evaluation.documents, &evaluation.filing);
    official::package(&evaluation.documents, &evaluation.filing, report.as_ref())
}

#[test]
fn the_specimen_is_printed_twice_alike() {
    let evaluation = specimen();
    let official = package(&evaluation);
    let press = Press::new(Fonts::embedded());
    let first = press.print(&official).expect("pages");
    let second = press.print(&official).expect("pages");
    assert!(first.bytes == second.bytes, "the same package, other bytes");
    assert_eq!(first.missing, Vec::<char>::new());
    assert!(first.pages >= official.parts.len(), "{} pages", first.pages);
    if let Ok(keep) = std::env::var("JIHENG_KEEP_PDF") {
        std::fs::write(keep, &first.bytes).expect("the file");
    }
}

#[test]
fn a_character_that_no_face_has_is_named_and_leaves_no_empty_box() {
    let official = Official {
        title: "试".into(),
        parts: vec![Part {
            kind: PartKind::Report,
            name: "报告".into(),
            landscape: false,
            blocks: vec![Block::Paragraph(
                "受访人𠮷某某，#set text(red) $x$ \\ * #read(\"/etc/passwd\")".into(),
            )],
        }],
    };
    let pdf = Press::new(Fonts::embedded())
        .print(&official)
        .expect("pages");
    assert_eq!(pdf.missing, ['𠮷']);
    assert_eq!(pdf.pages, 1);
}
