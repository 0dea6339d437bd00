//! Files named on the command line come in; what the reader makes of them goes to standard output.

use jiheng_engine::read::{Package, SourceFile, read};
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (times, args) = match args.first().and_then(|a| a.strip_prefix("--times=")) {
        Some(n) => (n.parse().unwrap_or(1), &args[1..]),
        None => (0, &args[..]),
    };
    for name in args {
        let Ok(bytes) = std::fs::read(name) else {
            continue;
        };
        let package = Package {
            files: vec![SourceFile {
                name: name.clone(),
                bytes,
            }],
        };
        if times > 0 {
            let mut best = f64::MAX;
            for _ in 0..times {
                let start = Instant::now();
                std::hint::black_box(read(&package));
                best = best.min(start.elapsed().as_secs_f64());
            }
            println!("{name}: {:.3} ms", best * 1e3);
            continue;
        }
        for document in read(&package) {
            println!("# {} {:?}", document.name, document.format);
            for notice in &document.notices {
                println!("! {:?} {:?} {}", notice.kind, notice.table, notice.message);
            }
            for block in &document.blocks {
                match *block {
                    jiheng_model::document::Block::Paragraph(n) => {
                        let p = &document.paragraphs[n as usize - 1];
                        println!(
                            "p{n} {:?} {} {:?}",
                            p.level,
                            p.numbering,
                            document.slice(&p.text)
                        );
                    }
                    jiheng_model::document::Block::Table(n) => println!("t{n}"),
                }
            }
            for table in &document.tables {
                println!(
                    "T{} {}x{} {:?} parent {:?} hidden {}",
                    table.number, table.rows, table.cols, table.sheet, table.parent, table.hidden
                );
                for c in &table.cells {
                    println!(
                        "{}\t{}\t{}\t{}\t{:?}",
                        c.row,
                        c.col,
                        c.row_span,
                        c.col_span,
                        document.cell_text(c)
                    );
                }
            }
        }
    }
}
