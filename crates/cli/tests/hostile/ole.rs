//! Old Office files whose chains and trees run in circles go in; a sentence comes out.

use crate::bomb::check;

const SECTOR: usize = 512;
const END: u32 = 0xffff_fffe;
const FAT: u32 = 0xffff_fffd;
const FREE: u32 = 0xffff_ffff;

/// An OLE2 file: a table of sectors, then the directory and streams; chains are written as they are given.
fn ole(
    fat: &[(usize, u32)],
    directory: &[Entry<'_>],
    sectors: usize,
    change: impl Fn(&mut [u8]),
) -> Vec<u8> {
    let mut file = vec![0; SECTOR * (sectors + 1)];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[24..32].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0]);
    file[32] = 6;
    put(&mut file, 44, 1);
    put(&mut file, 48, 1); // the directory begins in sector 1
    put(&mut file, 56, 4096);
    put(&mut file, 60, END);
    put(&mut file, 68, END);
    put(&mut file, 76, 0); // the table lies in sector 0
    for at in 1..109 {
        put(&mut file, 76 + 4 * at, FREE);
    }
    for at in 0..SECTOR / 4 {
        put(&mut file, SECTOR + 4 * at, FREE);
    }
    put(&mut file, SECTOR, FAT);
    for (sector, next) in fat {
        put(&mut file, SECTOR + 4 * sector, *next);
    }
    for (at, entry) in directory.iter().enumerate() {
        let place = 2 * SECTOR + 128 * at;
        let name: Vec<u8> = entry
            .name
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        file[place..place + name.len()].copy_from_slice(&name);
        file[place + 64] = name.len() as u8 + 2;
        file[place + 66] = entry.kind;
        put(&mut file, place + 68, entry.left);
        put(&mut file, place + 72, entry.right);
        put(&mut file, place + 76, entry.child);
        put(&mut file, place + 116, entry.start);
        put(&mut file, place + 120, entry.size);
    }
    change(&mut file);
    file
}

struct Entry<'a> {
    name: &'a str,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u32,
}

fn root(child: u32) -> Entry<'static> {
    Entry {
        name: "Root Entry",
        kind: 5,
        left: FREE,
        right: FREE,
        child,
        start: END,
        size: 0,
    }
}

fn stream(name: &str, left: u32, right: u32, start: u32, size: u32) -> Entry<'_> {
    Entry {
        name,
        kind: 2,
        left,
        right,
        child: FREE,
        start,
        size,
    }
}

fn put(file: &mut [u8], at: usize, value: u32) {
    file[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn a_directory_whose_chain_comes_back_to_itself_is_named() {
    let file = ole(
        &[(1, 2), (2, 1)],
        &[root(1), stream("WordDocument", FREE, FREE, 2, 8192)],
        4,
        |_| {},
    );
    let said = check("目录成环.doc", &file);
    assert_eq!(said.code, 2);
    said.says("已损坏");
}

#[test]
fn a_directory_whose_tree_comes_back_to_itself_is_named() {
    let directory = [
        root(1),
        stream("WordDocument", 2, 2, 2, 4096),
        stream("1Table", 1, 1, 2, 4096),
    ];
    let said = check(
        "树成环.doc",
        &ole(&[(1, END), (2, 2)], &directory, 4, |_| {}),
    );
    assert_eq!(said.code, 2);
    said.says("已损坏");
    let own_child = [
        Entry {
            kind: 1,
            child: 1,
            ..stream("仓库", 1, 1, 2, 0)
        },
        root(1),
    ];
    check("自含.xls", &ole(&[(1, END)], &own_child, 4, |_| {}));
}

#[test]
fn a_stream_whose_chain_comes_back_to_itself_is_named() {
    for (name, stream_name) in [("流成环.doc", "WordDocument"), ("流成环.xls", "Workbook")] {
        let directory = [root(1), stream(stream_name, FREE, FREE, 2, u32::MAX - 1)];
        let file = ole(&[(1, END), (2, 3), (3, 2)], &directory, 4, |_| {});
        let said = check(name, &file);
        assert_eq!(said.code, 2);
        said.says("已损坏");
    }
}

#[test]
fn a_table_of_tables_that_comes_back_to_itself_is_named() {
    let directory = [root(1), stream("Workbook", FREE, FREE, 2, 4096)];
    let file = ole(&[(1, END), (2, END)], &directory, 6, |file| {
        put(file, 68, 3); // more of the table of tables in sector 3 …
        put(file, 72, u32::MAX);
        for at in 0..127 {
            put(file, SECTOR * 4 + 4 * at, 0);
        }
        put(file, SECTOR * 4 + SECTOR - 4, 3); // … which goes on in sector 3
    });
    check("表成环.xls", &file);
}
