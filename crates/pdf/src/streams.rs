//! A stream of the file comes in; its unpacked bytes go out, never more than a limit allows.

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, Stream};
use std::io::Read;

/// A stream that is packed in a way whose size cannot be limited beforehand is only unpacked up to this many bytes.
const PACKED_LIMIT: usize = 256 << 10;

/// Unpacks a stream; `None` when it cannot be, or would be larger than `limit`.
pub(crate) fn unpack(stream: &Stream<'_>, limit: usize) -> Option<Vec<u8>> {
    let filters = stream.filters();
    let packing = |f: &&Filter| {
        matches!(
            f,
            Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode
        )
    };
    let dict = stream.dict();
    let plain = !dict.contains_key(b"DecodeParms") && !dict.contains_key(b"DP");
    match filters.as_slice() {
        [] => Some(stream.raw_data().into_owned()).filter(|d| d.len() <= limit),
        [Filter::FlateDecode] if plain => inflate(&stream.raw_data(), limit),
        _ if filters.iter().filter(packing).count() > 1 => None,
        _ if stream.raw_data().len() > PACKED_LIMIT => None,
        _ => Some(stream.decoded_data().ok()?.into_owned()).filter(|d| d.len() <= limit),
    }
}

/// Inflates as much as is whole; a damaged end leaves what came before it.
fn inflate(data: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let _ = ZlibDecoder::new(data)
        .take(limit as u64 + 1)
        .read_to_end(&mut out);
    if out.is_empty() {
        let _ = DeflateDecoder::new(data)
            .take(limit as u64 + 1)
            .read_to_end(&mut out);
    }
    (out.len() <= limit).then_some(out)
}

/// A dictionary's number.
pub(crate) fn number(dict: &Dict<'_>, key: &str) -> Option<f64> {
    dict.get::<f64>(key).filter(|n| n.is_finite())
}
