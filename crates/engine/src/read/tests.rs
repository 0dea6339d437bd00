//! What holds for every document, whatever the bytes were.

use super::*;
use jiheng_model::document::{Block, NO_CELL};
use jiheng_office::write;

/// Every range lies in the text, every index in its list, and cells and grid agree.
pub(super) fn check(d: &Document) {
    let ok = |r: &std::ops::Range<u32>| {
        assert!(
            d.text.get(r.start as usize..r.end as usize).is_some(),
            "range {r:?} of {}",
            d.text.len()
        )
    };
    d.paragraphs.iter().for_each(|p| {
        ok(&p.text);
        assert!(p.numbering <= p.text.end - p.text.start);
    });
    for (i, t) in d.tables.iter().enumerate() {
        assert_eq!(t.number as usize, i + 1);
        assert_eq!(t.grid.len(), t.rows as usize * t.cols as usize);
        for (place, &index) in t.grid.iter().enumerate() {
            if index == NO_CELL {
                continue;
            }
            let c = &t.cells[index as usize];
            let (row, col) = (
                (place / t.cols as usize) as u32 + 1,
                (place % t.cols as usize) as u32 + 1,
            );
            assert!(
                (c.row..c.row + c.row_span).contains(&row)
                    && (c.col..c.col + c.col_span).contains(&col)
            );
        }
        for c in &t.cells {
            ok(&c.text);
            assert!(c.bytes.start <= c.bytes.end);
            assert!(c.row >= 1 && c.col >= 1 && c.row_span >= 1 && c.col_span >= 1);
            assert!(
                c.row + c.row_span - 1 <= t.rows && c.col + c.col_span - 1 <= t.cols,
                "{c:?} in {}x{}",
                t.rows,
                t.cols
            );
        }
        assert!(t.cells.is_sorted_by_key(|c| (c.row, c.col)));
        if let Some((parent, cell)) = t.parent {
            assert!(
                parent < t.number
                    && d.table(parent)
                        .is_some_and(|p| p.cells.is_empty() || (cell as usize) < p.cells.len())
            );
        }
    }
    for block in &d.blocks {
        match *block {
            Block::Paragraph(n) => assert!(n >= 1 && n as usize <= d.paragraphs.len()),
            Block::Table(n) => assert!(d.table(n).is_some_and(|t| t.parent.is_none())),
        }
    }
}

fn document(name: &str, bytes: Vec<u8>) -> Document {
    let package = Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes,
        }],
    };
    let mut documents = read(&package);
    documents.iter().for_each(check);
    documents.swap_remove(0)
}

fn word(body: &str) -> Document {
    document("a.docx", write::docx_of(body))
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

fn paragraphs(d: &Document) -> Vec<&str> {
    d.paragraphs.iter().map(|p| d.slice(&p.text)).collect()
}

/// Row, column, spans and text of every cell of a table.
fn cells(d: &Document, table: u32) -> Vec<(u32, u32, u32, u32, &str)> {
    let t = d.table(table).expect("the table");
    t.cells
        .iter()
        .map(|c| (c.row, c.col, c.row_span, c.col_span, d.cell_text(c)))
        .collect()
}

#[test]
fn tracked_changes_fields_and_controls_count_as_they_are_seen() {
    let d = word(
        "<w:p><w:r><w:t>一</w:t></w:r><w:ins><w:r><w:t>二</w:t></w:r></w:ins><w:del><w:r><w:delText>三</w:delText></w:r></w:del>\
         <w:moveFrom><w:r><w:t>四</w:t></w:r></w:moveFrom><w:bookmarkStart w:id=\"0\" w:name=\"_GoBack\"/>\
         <w:fldSimple w:instr=\" PAGE \"><w:r><w:t>5</w:t></w:r></w:fldSimple><w:r><w:instrText>DATE</w:instrText></w:r></w:p>\
         <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击此处输入</w:t></w:r></w:p></w:sdtContent></w:sdt>\
         <w:sdt><w:sdtContent><w:p><w:r><w:t>六&amp;&#x4e03;</w:t><w:tab/><w:t>八</w:t><w:br/><w:t>九</w:t></w:r></w:p></w:sdtContent></w:sdt>\
         <w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p><w:p><w:r><w:t>后</w:t></w:r></w:p>",
    );
    assert_eq!(paragraphs(&d), ["一二5", "", "六&七\t八\n九", "前后"]);
    assert_eq!(
        d.notices.iter().map(|n| n.kind).collect::<Vec<_>>(),
        [NoticeKind::TrackedChanges]
    );
}

#[test]
fn merged_cells_of_every_kind_stand_on_the_grid() {
    let d = word(&format!(
        "<w:tbl><w:tr><w:trPr><w:gridAfter w:val=\"1\"/></w:trPr>{}{}</w:tr>\
         <w:sdt><w:sdtContent><w:tr>{}<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>{}</w:tr></w:sdtContent></w:sdt>\
         <w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr>{}</w:tr>\
         <w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}{}</w:tr></w:tbl>",
        tc("<w:vMerge w:val=\"restart\"/>", "甲"),
        tc("", "乙"),
        tc("<w:vMerge/>", "看不见"),
        tc("<w:hMerge w:val=\"restart\"/>", "丙"),
        tc("<w:hMerge/>", ""),
        tc("", "删去的行"),
        tc("", "丁"),
        tc("", "戊"),
    ));
    assert_eq!(
        cells(&d, 1),
        [
            (1, 1, 2, 1, "甲"),
            (1, 2, 1, 1, "乙"),
            (2, 2, 1, 2, "丙"),
            (3, 2, 1, 1, "丁"),
            (3, 3, 1, 1, "戊")
        ]
    );
    assert!(d.tables[0].at(1, 3).is_none() && d.tables[0].at(3, 1).is_none());
}

#[test]
fn properties_that_come_again_are_read_like_the_first_time() {
    // More widths than are kept; the last of each row looks like the first of the next but spans two columns.
    let width = |n: usize| format!(r#"<w:tcW w:w="{}" w:type="dxa"/>"#, 1000 + n % 20);
    let span = |n: usize| match n % 20 {
        0 => r#"<w:gridSpan w:val="2"/>"#,
        _ => "",
    };
    let row = |first: usize| -> String {
        let cells = (first..first + 21).map(|n| {
            let properties = if n == first {
                width(n)
            } else {
                width(n) + span(n)
            };
            tc(&properties, "甲")
        });
        format!("<w:tr>{}</w:tr>", cells.collect::<String>())
    };
    let read = word(&format!("<w:tbl>{}</w:tbl>", row(0) + &row(0) + &row(5)));
    let spans: Vec<(u32, u32, u32)> = cells(&read, 1)
        .into_iter()
        .filter(|(_, _, _, wide, _)| *wide == 2)
        .map(|(row, col, _, wide, _)| (row, col, wide))
        .collect();
    assert_eq!(spans, [(1, 21, 2), (2, 21, 2), (3, 16, 2)]);
    assert_eq!(cells(&read, 1).len(), 63);
}

#[test]
fn nested_tables_and_text_boxes_keep_the_outer_text_in_one_piece() {
    let inner = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", tc("", "里"));
    let boxed = format!("<w:txbxContent>{}</w:txbxContent>", p("框"));
    let d = word(&format!(
        "<w:tbl><w:tr><w:tc>{}{inner}{}</w:tc></w:tr></w:tbl>\
         <w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{boxed}</mc:Choice><mc:Fallback>{boxed}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>外</w:t></w:r></w:p>",
        p("上"),
        p("下")
    ));
    assert_eq!(cells(&d, 1), [(1, 1, 1, 1, "上\n下")]);
    assert_eq!(cells(&d, 2), [(1, 1, 1, 1, "里")]);
    assert_eq!(d.tables[1].parent, Some((1, 0)));
    assert_eq!(paragraphs(&d), ["外", "框"]);
}

#[test]
fn automatic_numbers_footnotes_and_other_prefixes_are_restored() {
    let numbering = "<w:numbering><w:abstractNum w:abstractNumId=\"7\">\
        <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCountingThousand\"/><w:lvlText w:val=\"%1、\"/><w:suff w:val=\"nothing\"/></w:lvl>\
        <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"（%2）\"/></w:lvl>\
        <w:lvl w:ilvl=\"2\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%3.\"/></w:lvl>\
        </w:abstractNum><w:num w:numId=\"3\"><w:abstractNumId w:val=\"7\"/></w:num></w:numbering>";
    let styles = "<w:styles><w:style w:type=\"paragraph\" w:styleId=\"2\"><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:style></w:styles>";
    let notes = "<w:footnotes><w:footnote w:id=\"1\"><w:p><w:r><w:t>脚注</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let level = |n: u8, text: &str| {
        format!(
            "<x:p><x:pPr><x:numPr><x:ilvl x:val=\"{n}\"/><x:numId x:val=\"3\"/></x:numPr></x:pPr><x:r><x:t>{text}</x:t></x:r></x:p>"
        )
    };
    let main = format!(
        "<x:document xmlns:x=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><x:body>\
         <x:p><x:pPr><x:pStyle x:val=\"2\"/></x:pPr><x:r><x:t>概况</x:t></x:r></x:p>{}{}{}\
         <x:p><x:pPr><x:pStyle x:val=\"2\"/></x:pPr><x:r><x:t>支出</x:t></x:r></x:p>{}\
         <x:p><x:r><x:t>文</x:t><x:footnoteReference x:id=\"1\"/></x:r></x:p></x:body></x:document>",
        level(1, "职能"),
        level(2, "甲"),
        level(2, "乙"),
        level(1, "基本"),
    );
    let bytes = write::docx_parts(
        &main,
        &[
            ("numbering", "numbering.xml", numbering),
            ("styles", "styles.xml", styles),
            ("footnotes", "footnotes.xml", notes),
        ],
    );
    let d = document("a", bytes);
    assert_eq!(
        paragraphs(&d),
        [
            "一、概况",
            "（一）职能",
            "1. 甲",
            "2. 乙",
            "二、支出",
            "（一）基本",
            "文",
            "脚注"
        ]
    );
    assert_eq!(
        (d.paragraphs[0].level, d.paragraphs[0].numbering),
        (Some(1), "一、".len() as u32)
    );
    assert!(d.notices.is_empty());
}

#[test]
fn a_broken_table_costs_only_itself() {
    let good = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", tc("", "1"), tc("", "2"));
    let broken = format!(
        "<w:tbl><w:tr><w:tc>{}<w:tc>{}</w:tc></w:tr>",
        p("甲"),
        p("乙")
    );
    let d = word(&format!("{broken}{}{good}", p("中")));
    assert_eq!(cells(&d, 1), [(1, 1, 1, 1, "甲"), (1, 2, 1, 1, "乙")]);
    assert_eq!(cells(&d, 2), [(1, 1, 1, 1, "1"), (1, 2, 1, 1, "2")]);
    assert_eq!(paragraphs(&d), ["中"]);
    assert_eq!(
        d.notices
            .iter()
            .map(|n| (n.kind, n.table))
            .collect::<Vec<_>>(),
        [(NoticeKind::Broken, Some(1))]
    );
}

#[test]
fn a_file_that_cannot_be_read_says_why_in_one_sentence() {
    let whole = write::docx_of(&p("文"));
    let why = |bytes: Vec<u8>| {
        let documents = read(&Package {
            files: vec![SourceFile {
                name: "甲".into(),
                bytes,
            }],
        });
        why_unreadable(&documents).join("|")
    };
    assert!(why(whole[..whole.len() - 40].to_vec()).starts_with("甲 不完整，"));
    assert!(why(b"%PDF-1.7".to_vec()).starts_with("甲 是 PDF，"));
    assert!(why(Vec::new()).starts_with("甲 是空文件"));
    assert!(
        why(write::zip(&[("图.png", b"\x89PNG\r\n\x1a\n....")]))
            .ends_with("里没有 Word、Excel、网页或文本文件。")
    );
    assert_eq!(why(whole), "");
}

#[test]
fn a_bundle_is_opened_one_level_deep_and_one_bad_file_does_not_end_it() {
    let docx = write::docx_of(&p("文"));
    let inner = write::zip(&[
        ("b.docx", &docx),
        ("c.zip", &write::zip(&[("d.txt", b"x")])),
    ]);
    let bytes = write::zip(&[
        ("材料/a.docx", &docx),
        ("坏.docx", &docx[..docx.len() - 40]),
        ("内.zip", &inner),
        ("~$a.docx", b"x"),
    ]);
    let documents = read(&Package {
        files: vec![SourceFile {
            name: "p.zip".into(),
            bytes,
        }],
    });
    let names: Vec<_> = documents
        .iter()
        .map(|d| (d.name.as_str(), not_read(d)))
        .collect();
    assert_eq!(
        names,
        [
            ("p.zip/材料/a.docx", false),
            ("p.zip/坏.docx", true),
            ("p.zip/内.zip/b.docx", false),
            ("p.zip/内.zip/c.zip", true)
        ]
    );
}

/// Robustness corpus: no panic, nothing that hangs, every document sound.
#[test]
fn foreign_files_are_read_soundly() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus/robustness"
    );
    let Ok(folders) = std::fs::read_dir(root) else {
        eprintln!("skipped: {root} is absent");
        return;
    };
    let mut count = 0;
    for folder in folders.flatten() {
        for file in std::fs::read_dir(folder.path())
            .into_iter()
            .flatten()
            .flatten()
        {
            let Ok(bytes) = std::fs::read(file.path()) else {
                continue;
            };
            let start = std::time::Instant::now();
            let package = Package {
                files: vec![SourceFile {
                    name: file.file_name().to_string_lossy().into_owned(),
                    bytes,
                }],
            };
            let documents = read(&package);
            documents.iter().for_each(check);
            let limit = if cfg!(debug_assertions) { 60 } else { 2 };
            assert!(
                start.elapsed().as_secs() < limit,
                "{:?} took {:?}",
                file.path(),
                start.elapsed()
            );
            assert!(
                is_readable(&documents) || !why_unreadable(&documents).is_empty(),
                "{:?}",
                file.path()
            );
            count += 1;
        }
    }
    assert!(count > 500, "{count} files");
}

/// A grid of cells with spans: each place not yet covered gets a cell whose spans are drawn from the seeds.
fn table_of(rows: u32, cols: u32, seeds: &[u32]) -> write::Table {
    let mut taken = vec![false; (rows * cols) as usize];
    let mut cells = Vec::new();
    for place in 0..rows * cols {
        if taken[place as usize] {
            continue;
        }
        let (row, col) = (place / cols, place % cols);
        let seed = seeds[place as usize % seeds.len()];
        let width = (col..cols.min(col + 1 + seed % 3))
            .take_while(|c| !taken[(row * cols + c) as usize])
            .count() as u32;
        let height = 1 + seed / 3 % 2.min(rows - row).max(1);
        let height = height.min(rows - row);
        for r in row..row + height {
            (col..col + width).for_each(|c| taken[(r * cols + c) as usize] = true);
        }
        cells.push(write::Cell {
            row: row + 1,
            col: col + 1,
            row_span: height,
            col_span: width,
            text: format!("格{place}\n&<{seed}"),
        });
    }
    write::Table { rows, cols, cells }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn tables_come_back_as_they_were_written(rows in 1_u32..6, cols in 2_u32..6, seeds in proptest::collection::vec(0_u32..60, 1..30)) {
        let table = table_of(rows, cols, &seeds);
        let written: Vec<_> = table.cells.iter().map(|c| (c.row, c.col, c.row_span, c.col_span, c.text.as_str())).collect();
        // Word and HTML know no column in which no cell begins: only texts are compared there.
        let texts: Vec<_> = written.iter().map(|c| c.4).collect();
        let blocks = [write::Block::Paragraph { text: "题".into(), level: None }, write::Block::Table(table.clone())];
        let book = document("a", write::xlsx(&[("表", &table)]));
        if book.tables.is_empty() {
            // A sheet with text in one column only is read as paragraphs.
            proptest::prop_assert_eq!(paragraphs(&book).into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>(), texts.clone());
        } else {
            proptest::prop_assert_eq!(cells(&book, 1), written);
        }
        for read in [document("a", write::docx(&blocks)), document("a", write::html("题", &blocks).into_bytes())] {
            proptest::prop_assert_eq!(cells(&read, 1).iter().map(|c| c.4).collect::<Vec<_>>(), texts.clone());
            proptest::prop_assert_eq!(paragraphs(&read), ["题"]);
        }
    }

    #[test]
    fn damaged_documents_never_panic(at in 0.0_f64..1.0, len in 0_usize..40, with in "(<w:tc>|</w:tc>|</w:tbl>|<w:tbl>|<w:tr>|</w:p>|<w:sdt>|<|&#|\"|<w:txbxContent>|<w:vMerge/>|<w:gridSpan w:val='9999999999'/>){0,3}") {
        let body = format!("<w:p/><w:tbl><w:tr>{}{}</w:tr><w:tr>{}<w:tc><w:tbl><w:tr>{}</w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>{}",
            tc("<w:vMerge w:val=\"restart\"/>", "甲"), tc("<w:gridSpan w:val=\"2\"/>", "乙"), tc("<w:vMerge/>", ""), tc("", "丙"), p("末"));
        let mut from = (at * body.len() as f64) as usize;
        while !body.is_char_boundary(from) { from -= 1; }
        let mut to = (from + len).min(body.len());
        while !body.is_char_boundary(to) { to += 1; }
        word(&format!("{}{with}{}", &body[..from], &body[to..]));
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), head in 0_usize..5) {
        let heads: [&[u8]; 5] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"\tx\n"];
        read(&Package { files: vec![SourceFile { name: "a".into(), bytes: [heads[head], &bytes].concat() }] }).iter().for_each(check);
    }
}
