//! A web archive (MHT, "single file web page") comes in; the web page in it goes out.
//!
//! Word and many office systems save forms as such archives, often under the name .doc.

use encoding_rs::Encoding;
use memchr::memmem;

/// The head of an archive ends within so many bytes.
const HEAD: usize = 8 << 10;
/// Archives inside archives that are looked into.
const DEPTH: usize = 4;

/// The first web page of an archive, in UTF-8; `None` when the bytes are no archive.
pub(super) fn page(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.get(..bytes.len().min(HEAD))?;
    let first = head.trim_ascii_start().split(|b| *b == b'\n').next()?;
    let name = first.iter().position(|b| *b == b':')?;
    let is_head = [
        "mime-version",
        "from",
        "content-type",
        "subject",
        "date",
        "x-",
    ]
    .iter()
    .any(|known| starts_with(&first[..name], known));
    if !is_head {
        return None;
    }
    part(bytes.trim_ascii_start(), DEPTH)
}

/// The page of a part: its own, or that of the first of its parts that has one.
fn part(bytes: &[u8], depth: usize) -> Option<String> {
    let (head, body) = split(bytes)?;
    let kind = value(&head, "content-type")?;
    if let Some(boundary) = parameter(&kind, "boundary").filter(|b| !b.is_empty()) {
        if depth == 0 {
            return None;
        }
        let mark = format!("--{boundary}");
        let mut at = memmem::find(body, mark.as_bytes())? + mark.len();
        loop {
            let rest = body.get(at..)?;
            if rest.starts_with(b"--") {
                return None;
            }
            let len = memmem::find(rest, mark.as_bytes()).unwrap_or(rest.len());
            if let Some(page) = part(rest[..len].trim_ascii_start(), depth - 1) {
                return Some(page);
            }
            at += len + mark.len();
        }
    }
    if !starts_with(kind.as_bytes(), "text/html") {
        return None;
    }
    let coding = value(&head, "content-transfer-encoding").unwrap_or_default();
    let bytes = match coding.trim().to_ascii_lowercase().as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.to_vec(),
    };
    let named = parameter(&kind, "charset").and_then(|c| Encoding::for_label(c.as_bytes()));
    Some(match named {
        Some(encoding) => encoding.decode(&bytes).0.into_owned(),
        None => super::html::decode(&bytes)?.into_owned(),
    })
}

/// The lines of a head, folded ones joined, and what follows its blank line.
fn split(bytes: &[u8]) -> Option<(String, &[u8])> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let ends =
        [&b"\r\n\r\n"[..], b"\n\n"].map(|end| memmem::find(head, end).map(|at| (at, end.len())));
    let (at, len) = ends.into_iter().flatten().min()?;
    let lines = String::from_utf8_lossy(&head[..at]).replace("\r\n", "\n");
    let joined = lines.replace("\n\t", " ").replace("\n ", " ");
    Some((joined, &bytes[at + len..]))
}

fn value(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_string())
    })
}

/// `boundary="…"` and the like of a value.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let is_it = key.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"').to_string())
    })
}

fn starts_with(bytes: &[u8], word: &str) -> bool {
    let head = bytes.get(..word.len());
    head.is_some_and(|h| h.eq_ignore_ascii_case(word.as_bytes()))
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in bytes {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    out
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at + 1..];
        at += 1;
        if byte != b'=' {
            out.push(byte);
        } else if let (Some(high), Some(low)) = (hex(rest.first()), hex(rest.get(1))) {
            out.push((high << 4 | low) as u8);
            at += 2;
        } else if let Some(end) = rest
            .iter()
            .position(|b| *b == b'\n')
            .filter(|end| rest[..*end].trim_ascii().is_empty())
        {
            // A line that goes on.
            at += end + 1;
        } else {
            out.push(byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::read::{Package, SourceFile, read};

    #[test]
    fn a_web_archive_is_read_as_its_page() {
        let quoted = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"--=_a\"\r\n\r\n本文档是单个文件网页。\r\n\r\n----=_a\r\nContent-Type: image/png\r\n\r\nx\r\n----=_a\r\nContent-Location: file:///C:/1.htm\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n<html><table><tr><td width=3D10>=E9=A1=\r\n=B9=E7=9B=AE</td><td>5</td></tr></table></html>\r\n----=_a--\r\n";
        let coded = "From: <WPS>\nContent-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: base64\n\nPGh0bWw+PHRhYmxlPjx0cj48dGQ+z+7Evzwv\ndGQ+PHRkPjU8L3RkPjwvdHI+PC90YWJsZT48L2h0bWw+\n";
        for archive in [quoted, coded] {
            let files = vec![SourceFile {
                name: "自评表.doc".into(),
                bytes: archive.as_bytes().to_vec(),
            }];
            let document = read(&Package { files }).remove(0);
            let table = document.table(1).expect("a table");
            let said: Vec<&str> = table.cells.iter().map(|c| document.cell_text(c)).collect();
            assert_eq!(said, ["项目", "5"]);
            assert_eq!(document.text, "项目5");
        }
    }

    #[test]
    fn a_letter_and_a_text_with_a_colon_are_no_archive() {
        for text in [
            "From: 财政局\n\n请于月底前报送。\n",
            "项目: 水利\n\n文本\n",
            "Content-Type: multipart/mixed; boundary=a\n\n--a",
        ] {
            assert!(super::page(text.as_bytes()).is_none(), "{text}");
        }
    }
}
