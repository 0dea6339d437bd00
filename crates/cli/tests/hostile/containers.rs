//! Zips that unfold to more than there is go in; a sentence comes out before they do.

use crate::bomb::{Entry, check, package, spaces, zip};

const TEN_GIGABYTES: u64 = 10 << 30;

fn docx(claims: Option<u64>) -> Vec<u8> {
    let (deflated, size) = spaces(TEN_GIGABYTES);
    assert!(size >= TEN_GIGABYTES && deflated.len() < 12 << 20);
    zip(&[Entry {
        name: "word/document.xml",
        deflated: &deflated,
        claims: claims.unwrap_or(size),
        same: false,
    }])
}

#[test]
fn the_bomb_of_spaces_is_a_deflate_stream() {
    let (deflated, size) = spaces(100_000);
    let mut out = vec![0; size as usize + 1];
    let len = libdeflater::Decompressor::new().deflate_decompress(&deflated, &mut out);
    assert_eq!(len, Ok(size as usize));
    assert!(out[..size as usize].iter().all(|b| *b == b' '));
}

#[test]
fn a_docx_of_ten_gigabytes_is_not_unfolded() {
    let said = check("十个吉.docx", &docx(None));
    assert_eq!(said.code, 2);
    said.says("展开后太大");
}

#[test]
fn a_docx_of_ten_gigabytes_that_claims_to_be_small_is_stopped() {
    let said = check("说小了.docx", &docx(Some(1 << 20)));
    assert_eq!(said.code, 2);
    said.says("已损坏");
}

#[test]
fn ten_gigabytes_in_many_texts_over_the_same_bytes_are_stopped_by_their_sum() {
    let (deflated, claims) = spaces(40 << 20);
    let names: Vec<String> = (0..256).map(|n| format!("第{n}份.txt")).collect();
    let entries: Vec<Entry<'_>> = names
        .iter()
        .enumerate()
        .map(|(at, name)| Entry {
            name,
            deflated: &deflated,
            claims,
            same: at > 0,
        })
        .collect();
    check("叠在一起.zip", &zip(&entries)).says("展开后太大");
}

#[test]
fn a_zip_in_a_zip_in_a_zip_is_named_and_not_opened() {
    let mut inner = package(&[("自评.txt", "一、概况".as_bytes())]);
    for _ in 0..40 {
        inner = package(&[("再来.zip", &inner)]);
    }
    let said = check("套娃.zip", &inner);
    assert_eq!(said.code, 2);
    said.says("压缩包里的压缩包");
}

#[test]
fn a_zip_of_sixty_thousand_empty_files_is_named() {
    let entries: Vec<Entry<'_>> = (0..60_000)
        .map(|at| Entry {
            name: "a.txt",
            deflated: &[3, 0],
            claims: 0,
            same: at > 0,
        })
        .collect();
    let said = check("很多.zip", &zip(&entries));
    assert_eq!(said.code, 2);
    said.says("文件太多");
}
