//! PDFs written here by hand come in; what is read of them is held against what they show.

use jiheng_pdf::{Content, Element, Grid, Limits, Refusal, read};

/// A file of these objects; the first is the catalog. An encryption dictionary may follow in the trailer.
fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n")
            .bytes(),
    );
    out
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dictionary} /Length {} >>\nstream\n", content.len()).into_bytes();
    out.extend(content);
    out.extend(b"\nendstream");
    out
}

/// Objects of a file whose pages have these contents; the font is not embedded and says nothing of Unicode.
fn objects(pages: &[(&str, Vec<u8>)]) -> Vec<Vec<u8>> {
    let kids: Vec<String> = (0..pages.len())
        .map(|i| format!("{} 0 R", 6 + 2 * i))
        .collect();
    let mut out = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).into_bytes(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /GBK-EUC-H /DescendantFonts [4 0 R] >>".to_vec(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>".to_vec(),
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", &[0]),
    ];
    for (index, (extra, content)) in pages.iter().enumerate() {
        out.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] {extra} /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Im 5 0 R >> >> >>",
                7 + 2 * index
            )
            .into_bytes(),
        );
        out.push(stream("", content));
    }
    out
}

fn made(pages: &[(&str, String)]) -> Result<Content, Refusal> {
    let pages: Vec<(&str, Vec<u8>)> = pages
        .iter()
        .map(|(extra, content)| (*extra, content.clone().into_bytes()))
        .collect();
    read(pdf(&objects(&pages), ""), &Limits::default())
}

/// Words in GBK.
const JIXIAO: &str = "BCA8D0A7"; // 绩效
const ZIPING: &str = "D7D4C6C0"; // 自评
const WANCHENG: &str = "CDEAB3C9"; // 完成
const TUIJIN: &str = "CDC6BDF8"; // 推进
const ZHENGGAI: &str = "D5FBB8C4A1A3"; // 整改。

/// Shows words of 10 points at a place.
fn show(x: u32, y: u32, words: &str) -> String {
    format!("BT /F1 10 Tf 1 0 0 1 {x} {y} Tm <{words}> Tj ET\n")
}

fn paragraphs(content: &Content) -> Vec<&str> {
    let texts = content.elements.iter().map(|element| match element {
        Element::Paragraph { text, .. } => text.as_str(),
        Element::Table(_) => "a table",
    });
    texts.collect()
}

fn grids(content: &Content) -> Vec<&Grid> {
    let grids = content.elements.iter().filter_map(|element| match element {
        Element::Table(grid) => Some(grid),
        Element::Paragraph { .. } => None,
    });
    grids.collect()
}

#[test]
fn a_font_that_is_not_embedded_is_read_through_its_predefined_encoding() {
    let page = show(50, 500, &format!("{JIXIAO}{ZIPING}"));
    let content = made(&[("", page)]).expect("it has text");
    assert_eq!(paragraphs(&content), ["绩效自评"]);
    assert_eq!(content.unknown, 0);
}

#[test]
fn a_page_that_lies_on_its_side_is_read_as_it_is_shown() {
    let lying = |x: u32, words: &str| format!("BT /F1 10 Tf 0 1 -1 0 {x} 50 Tm <{words}> Tj ET\n");
    let page = lying(160, ZIPING) + &lying(100, JIXIAO);
    let content = made(&[("/Rotate 90", page)]).expect("it has text");
    assert_eq!(paragraphs(&content), ["绩效", "自评"]);
}

#[test]
fn text_outside_the_clip_is_not_shown_and_not_read() {
    let page = format!(
        "{}q 0 0 100 100 re W n\n{}Q\n{}",
        show(50, 500, JIXIAO),
        show(50, 300, WANCHENG),
        show(50, 200, ZIPING)
    );
    let content = made(&[("", page)]).expect("it has text");
    assert_eq!(paragraphs(&content).concat(), "绩效自评");
}

#[test]
fn pictures_alone_are_named_as_a_scan_and_pictures_between_text_by_page() {
    let picture = || "q 400 0 0 600 0 0 cm /Im Do Q\n".to_string();
    let scan = made(&[("", picture()), ("", picture())]);
    assert_eq!(scan.err(), Some(Refusal::NoText { pages: 2 }));
    let mixed = made(&[("", show(50, 500, JIXIAO)), ("", picture())]).expect("it has text");
    assert_eq!(mixed.pictures, [2]);
}

/// A table of two columns with horizontal lines at these heights.
fn ruled(heights: &[u32]) -> String {
    let (low, high) = (heights.iter().min(), heights.iter().max());
    let (Some(low), Some(high)) = (low, high) else {
        return String::new();
    };
    let across: String = heights
        .iter()
        .map(|y| format!("50 {y} m 350 {y} l S\n"))
        .collect();
    let down = [50, 100, 350].map(|x| format!("{x} {low} m {x} {high} l S\n"));
    across + &down.concat()
}

#[test]
fn a_form_goes_on_over_a_page_break_and_a_cut_cell_has_its_text_back() {
    // 24 characters of 10 points fill the cell of 250 points: the line is broken, not ended.
    let full = TUIJIN.repeat(12);
    let first = ruled(&[60, 100, 140])
        + &show(55, 120, ZIPING)
        + &show(105, 120, JIXIAO)
        + &show(55, 80, WANCHENG)
        + &show(105, 80, &full);
    let second = ruled(&[480, 520, 560])
        + &show(105, 540, ZHENGGAI)
        + &show(55, 500, JIXIAO)
        + &show(105, 500, ZIPING);
    let content = made(&[("", first), ("", second)]).expect("it has text");
    let grids = grids(&content);
    assert_eq!(
        grids.iter().map(|g| (g.page, g.rows)).collect::<Vec<_>>(),
        [(1, 2), (2, 2)]
    );
    let text = |grid: &Grid, row, col| {
        let mut cells = grid.cells.iter();
        let cell = cells.find(|c| (c.row, c.col) == (row, col));
        cell.map(|c| c.text.clone()).unwrap_or_default()
    };
    assert_eq!(text(grids[0], 2, 2), format!("{}整改。", "推进".repeat(12)));
    assert_eq!(text(grids[1], 1, 2), "");
    assert_eq!(text(grids[1], 2, 1), "绩效");
}

/// MD5 and RC4, as the oldest encryption of PDF uses them.
mod cipher {
    pub fn md5(message: &[u8]) -> [u8; 16] {
        const TURNS: [[u32; 4]; 4] = [
            [7, 12, 17, 22],
            [5, 9, 14, 20],
            [4, 11, 16, 23],
            [6, 10, 15, 21],
        ];
        let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
        let mut data = message.to_vec();
        data.push(0x80);
        while data.len() % 64 != 56 {
            data.push(0);
        }
        data.extend((message.len() as u64 * 8).to_le_bytes());
        for chunk in data.chunks(64) {
            let words: Vec<u32> = chunk
                .chunks(4)
                .map(|w| u32::from_le_bytes(w.try_into().expect("four bytes")))
                .collect();
            let [mut a, mut b, mut c, mut d] = state;
            for i in 0..64 {
                let (f, g) = match i / 16 {
                    0 => ((b & c) | (!b & d), i),
                    1 => ((d & b) | (!d & c), (5 * i + 1) % 16),
                    2 => (b ^ c ^ d, (3 * i + 5) % 16),
                    _ => (c ^ (b | !d), (7 * i) % 16),
                };
                let sine = (((i + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
                let sum = f.wrapping_add(a).wrapping_add(sine).wrapping_add(words[g]);
                (a, d, c) = (d, c, b);
                b = b.wrapping_add(sum.rotate_left(TURNS[i / 16][i % 4]));
            }
            for (value, add) in state.iter_mut().zip([a, b, c, d]) {
                *value = value.wrapping_add(add);
            }
        }
        let mut out = [0; 16];
        for (to, value) in out.chunks_mut(4).zip(state) {
            to.copy_from_slice(&value.to_le_bytes());
        }
        out
    }

    pub fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
        let mut table: Vec<u8> = (0..=255).collect();
        let mut j = 0_u8;
        for i in 0..256 {
            j = j.wrapping_add(table[i]).wrapping_add(key[i % key.len()]);
            table.swap(i, j as usize);
        }
        let (mut i, mut j) = (0_u8, 0_u8);
        let mut next = || {
            i = i.wrapping_add(1);
            j = j.wrapping_add(table[i as usize]);
            table.swap(i as usize, j as usize);
            table[table[i as usize].wrapping_add(table[j as usize]) as usize]
        };
        data.iter().map(|byte| byte ^ next()).collect()
    }
}

/// The bytes that fill a password up to 32.
const PAD: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
    0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// A file that opens with this password.
fn encrypted(password: &[u8]) -> Vec<u8> {
    let mut padded = password.to_vec();
    padded.extend(&PAD[..32 - password.len()]);
    let (owner, id, rights) = ([7_u8; 32], [9_u8; 16], -4_i32);
    let seed = [&padded[..], &owner, &rights.to_le_bytes(), &id].concat();
    let key = &cipher::md5(&seed)[..5];
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let user = cipher::rc4(key, &PAD);
    // The content of the only page is object 7.
    let of_stream = &cipher::md5(&[key, &[7, 0, 0, 0, 0]].concat())[..10];
    let content = cipher::rc4(of_stream, show(50, 500, JIXIAO).as_bytes());
    let mut all = objects(&[("", content)]);
    let of_name = |number: u8, text: &str| {
        let key = &cipher::md5(&[key, &[number, 0, 0, 0, 0]].concat())[..10];
        format!("<{}>", hex(&cipher::rc4(key, text.as_bytes())))
    };
    // Strings are encrypted too.
    let descendant = String::from_utf8(all[3].clone()).expect("text");
    let descendant = descendant.replace("(Adobe)", &of_name(4, "Adobe"));
    all[3] = descendant.replace("(GB1)", &of_name(4, "GB1")).into_bytes();
    let trailer = format!(
        "/ID [<{id}> <{id}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P {rights} /O <{}> /U <{}> >>",
        hex(&owner),
        hex(&user),
        id = hex(&id),
    );
    pdf(&all, &trailer)
}

#[test]
fn a_file_that_only_restricts_printing_is_read_and_one_with_a_password_is_named() {
    let open = read(encrypted(b""), &Limits::default()).expect("no password is needed");
    assert_eq!(paragraphs(&open), ["绩效"]);
    let closed = read(encrypted(b"20231231"), &Limits::default());
    assert_eq!(closed.err(), Some(Refusal::Encrypted));
}
