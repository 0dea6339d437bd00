//! Bytes of an OLE2 compound file come in; the names of its streams go out, enough to say what it is.

const SIGNATURE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Sectors of the directory that are looked at; real files have a handful.
const DIRECTORY_SECTORS: usize = 512;

/// The bytes begin like an OLE2 compound file.
pub fn is_ole(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE)
}

/// Names of streams and storages in the directory; empty when the file is no OLE2 file or is cut off.
pub fn names(bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let Some(shift) = u16_at(bytes, 30).filter(|s| matches!(s, 9 | 12) && is_ole(bytes)) else {
        return names;
    };
    let size = 1_usize << shift;
    let Some(mut sector) = u32_at(bytes, 48) else {
        return names;
    };
    for _ in 0..DIRECTORY_SECTORS {
        let Some(block) = sector_at(bytes, sector, size) else {
            break;
        };
        for entry in block.chunks_exact(128) {
            let len = u16_at(entry, 64).unwrap_or(0) as usize;
            if entry[66] != 0 && (2..=64).contains(&len) {
                let units: Vec<u16> = entry[..len - 2]
                    .chunks_exact(2)
                    .map(|c| u16::from_le_bytes([c[0], c[1]]))
                    .collect();
                names.push(String::from_utf16_lossy(&units));
            }
        }
        match next_sector(bytes, sector, size) {
            Some(next) => sector = next,
            None => break,
        }
    }
    names
}

fn sector_at(bytes: &[u8], sector: u32, size: usize) -> Option<&[u8]> {
    let start = (sector as usize).checked_add(1)?.checked_mul(size)?;
    bytes.get(start..start.checked_add(size)?)
}

/// The next sector of a chain, by the allocation table whose first 109 sectors the header lists.
fn next_sector(bytes: &[u8], sector: u32, size: usize) -> Option<u32> {
    let per = size / 4;
    let table = sector as usize / per;
    if table >= 109 {
        return None;
    }
    let block = sector_at(bytes, u32_at(bytes, 76 + table * 4)?, size)?;
    u32_at(block, (sector as usize % per) * 4).filter(|next| *next < 0xffff_fffa)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
