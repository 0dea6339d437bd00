//! Small Word 97—2003 files made here come in; what is read of their text, headers and hidden text is held against what they say.

use crate::read::{Package, SourceFile, not_read, read};
use jiheng_model::{Document, NoticeKind};

const SECTOR: usize = 512;
/// Streams from this size on lie in sectors of their own.
const STREAM: usize = 4096;
const END: u32 = 0xffff_fffe;
const FREE: u32 = 0xffff_ffff;
/// Where the text lies in the main stream, behind its head.
const TEXT_AT: usize = 1024;
/// The page of formatted characters.
const PAGE: usize = 4;

fn put16(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn put(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

/// A file with this text, these headers, and some characters of the text hidden.
fn file(text: &str, headers: &str, hidden: std::ops::Range<usize>) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().chain(headers.encode_utf16()).collect();
    let (mut main, mut tables) = (vec![0; STREAM], vec![0; STREAM]);
    put16(&mut main, 0, 0xa5ec);
    put16(&mut main, 2, 0x00c1);
    put16(&mut main, 6, 0x0804);
    put16(&mut main, 10, 0x0200);
    put16(&mut main, 32, 14);
    put16(&mut main, 62, 22);
    put(&mut main, 64 + 3 * 4, text.encode_utf16().count() as u32);
    put(&mut main, 64 + 5 * 4, headers.encode_utf16().count() as u32);
    put16(&mut main, 152, 93);
    let range = |main: &mut [u8], part: usize, at: u32, len: u32| {
        put(main, 154 + part * 8, at);
        put(main, 158 + part * 8, len);
    };
    for (i, unit) in units.iter().enumerate() {
        put16(&mut main, TEXT_AT + i * 2, *unit);
    }
    let offset = |position: usize| (TEXT_AT + position * 2) as u32;
    // One piece of two bytes a character.
    range(&mut main, 33, 0, 21);
    tables[0] = 2;
    put(&mut tables, 1, 16);
    put(&mut tables, 9, units.len() as u32);
    put(&mut tables, 15, TEXT_AT as u32);
    // Runs before, of and after what is hidden; `sprmCFVanish` is set for the middle one.
    range(&mut main, 12, 64, 12);
    let bounds = [0, hidden.start, hidden.end, units.len()].map(offset);
    put(&mut tables, 64, bounds[0]);
    put(&mut tables, 68, bounds[3]);
    put(&mut tables, 72, PAGE as u32);
    let page = &mut main[PAGE * SECTOR..(PAGE + 1) * SECTOR];
    for (i, bound) in bounds.iter().enumerate() {
        put(page, i * 4, *bound);
    }
    page[17] = 250;
    page[500..504].copy_from_slice(&[3, 0x3c, 0x08, 1]);
    page[SECTOR - 1] = 3;
    compound(&[("1Table", &tables), ("WordDocument", &main)])
}

/// An OLE2 file: a table of sectors, the directory, then the streams one after the other.
fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = vec![0; 3 * SECTOR];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    for (at, value) in [(44, 1), (48, 1), (56, STREAM as u32), (60, END), (68, END)] {
        put(&mut file, at, value);
    }
    for at in 1..109 {
        put(&mut file, 76 + 4 * at, FREE);
    }
    for at in 0..SECTOR / 4 {
        put(&mut file, SECTOR + 4 * at, FREE);
    }
    put(&mut file, SECTOR, 0xffff_fffd);
    put(&mut file, SECTOR + 4, END);
    let entry = |file: &mut [u8], at: usize, name: &str, kind: u8, links: [u32; 5]| {
        let place = 2 * SECTOR + 128 * at;
        for (i, unit) in name.encode_utf16().enumerate() {
            put16(file, place + i * 2, unit);
        }
        file[place + 64] = name.len() as u8 * 2 + 2;
        file[place + 66] = kind;
        let [left, right, child, start, size] = links;
        for (at, value) in [
            (68, left),
            (72, right),
            (76, child),
            (116, start),
            (120, size),
        ] {
            put(file, place + at, value);
        }
    };
    entry(&mut file, 0, "Root Entry", 5, [FREE, FREE, 1, END, 0]);
    for (i, (name, bytes)) in streams.iter().enumerate() {
        let first = file.len() / SECTOR - 1;
        file.extend_from_slice(bytes);
        let last = file.len() / SECTOR - 2;
        for sector in first..=last {
            let next = if sector == last {
                END
            } else {
                sector as u32 + 1
            };
            put(&mut file, SECTOR + 4 * sector, next);
        }
        let right = if i + 1 < streams.len() {
            i as u32 + 2
        } else {
            FREE
        };
        let links = [FREE, right, FREE, first as u32, bytes.len() as u32];
        entry(&mut file, i + 1, name, 2, links);
    }
    file
}

fn document(text: &str, headers: &str, hidden: std::ops::Range<usize>) -> Document {
    let files = vec![SourceFile {
        name: "自评.doc".into(),
        bytes: file(text, headers, hidden),
    }];
    let document = read(&Package { files }).remove(0);
    assert!(document.is_sound());
    document
}

#[test]
fn headers_and_footers_are_lines_of_their_own() {
    let document = document("自评报告\r", "\r青禾市水利局\r第 1 页\r\r", 0..0);
    assert_eq!(document.text, "自评报告");
    assert_eq!(document.margins, ["青禾市水利局", "第 1 页"]);
    assert!(document.notices.is_empty(), "{:?}", document.notices);
}

#[test]
fn a_secrecy_mark_in_a_header_is_seen() {
    let marked = document("自评报告\r", "机密★5年\r", 0..0);
    assert!(not_read(&marked), "{:?}", marked.notices);
    assert!(!not_read(&document("自评报告\r", "保守国家秘密\r", 0..0)));
}

#[test]
fn hidden_text_is_read_and_said() {
    let text = "支出五万元\r另有三万元\r";
    let document = document(text, "", 6..11);
    assert_eq!(document.paragraph_text(2), "另有三万元");
    let said: Vec<_> = document
        .notices
        .iter()
        .map(|n| (n.kind, n.message.as_str()))
        .collect();
    assert_eq!(
        said,
        [(NoticeKind::Hidden, "有隐藏的文字，也读了：“另有三万元”。")]
    );
    assert!(self::document(text, "", 0..0).notices.is_empty());
}
