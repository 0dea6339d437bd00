//! Rows of cells come in; a Parquet file, one row group after the other, goes out.

use crate::{Cell, Column, Kind};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// A row group is written when it holds so many rows…
const ROWS: usize = 65_536;
/// …or so many bytes of words.
const BYTES: usize = 16 << 20;
/// Places of decimals.
const SCALE: u32 = 6;
/// Digits of decimals: as many as fit 64 bits.
const PRECISION: i32 = 18;

/// A Parquet file being written.
pub struct Parquet {
    writer: SerializedFileWriter<File>,
    columns: Vec<Buffer>,
    rows: usize,
    bytes: usize,
}

/// The cells of a column since the last row group: 1 and a value, or 0.
struct Buffer {
    kind: Kind,
    present: Vec<i16>,
    words: Vec<ByteArray>,
    numbers: Vec<i64>,
}

impl Parquet {
    /// Begins with the schema: every column optional.
    pub fn new(file: File, columns: &[Column]) -> io::Result<Parquet> {
        let fields: Result<Vec<_>, _> = columns.iter().map(|c| field(c).map(Arc::new)).collect();
        let schema = Type::group_type_builder("schema")
            .with_fields(fields.map_err(other)?)
            .build()
            .map_err(other)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("jiheng".into())
            .build();
        Ok(Parquet {
            writer: SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))
                .map_err(other)?,
            columns: columns.iter().map(|c| Buffer::new(c.kind)).collect(),
            rows: 0,
            bytes: 0,
        })
    }

    /// Takes a row; writes when enough are together.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += column.push(cell);
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is left and the footer.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.writer.close().map_err(other)?;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group().map_err(other)?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column().map_err(other)? else {
                break;
            };
            let present = Some(column.present.as_slice());
            match column.kind {
                Kind::Text => (writer.typed::<ByteArrayType>())
                    .write_batch(&column.words, present, None)
                    .map_err(other)?,
                Kind::Count | Kind::Decimal => (writer.typed::<Int64Type>())
                    .write_batch(&column.numbers, present, None)
                    .map_err(other)?,
            };
            writer.close().map_err(other)?;
            column.present.clear();
            column.words.clear();
            column.numbers.clear();
        }
        group.close().map_err(other)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Buffer {
    fn new(kind: Kind) -> Buffer {
        Buffer {
            kind,
            present: Vec::new(),
            words: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Takes a cell and says how many bytes of words it had. A number that does not fit is missing.
    fn push(&mut self, cell: &Cell<'_>) -> usize {
        let number = match (self.kind, cell) {
            (Kind::Text, Cell::Text(text)) => {
                self.words.push(ByteArray::from(*text));
                self.present.push(1);
                return text.len();
            }
            (Kind::Count, Cell::Count(number)) => i64::try_from(*number).ok(),
            (Kind::Decimal, Cell::Decimal(number)) => scaled(*number),
            _ => None,
        };
        self.present.push(i16::from(number.is_some()));
        self.numbers.extend(number);
        0
    }
}

/// The number in millionths, when it fits and loses nothing.
fn scaled(number: rust_decimal::Decimal) -> Option<i64> {
    let mut scaled = number;
    scaled.rescale(SCALE);
    let mantissa = i64::try_from(scaled.mantissa()).ok()?;
    (scaled == number && mantissa.unsigned_abs() < 10_u64.pow(PRECISION as u32)).then_some(mantissa)
}

fn field(column: &Column) -> parquet::errors::Result<Type> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Count => (Physical::INT64, None),
        Kind::Decimal => (
            Physical::INT64,
            Some(LogicalType::decimal(SCALE as i32, PRECISION)),
        ),
    };
    let builder = Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    match column.kind {
        Kind::Decimal => builder
            .with_scale(SCALE as i32)
            .with_precision(PRECISION)
            .build(),
        _ => builder.build(),
    }
}

fn other(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => io::Error::other(inner),
        },
        error => io::Error::other(error),
    }
}
