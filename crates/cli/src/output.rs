//! Finished text and bytes come in; standard output, standard error and files get them. A closed pipe is no panic.

use crate::Refusal;
use crate::args::{Color, Look};
pub use jiheng_batch::disk::reason;
use jiheng_render::terminal::Style;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Writes to standard output; a reader who went away ends the output quietly.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a line to standard error.
pub fn message(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "{text}");
}

/// How terminal text is drawn under these flags.
pub fn style(look: &Look) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let color = match look.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let unwanted = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
            terminal && !unwanted && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
        }
    };
    let columns = std::env::var("COLUMNS")
        .ok()
        .filter(|_| terminal)
        .and_then(|c| c.parse().ok());
    Style {
        color,
        plain: look.plain,
        columns: columns.unwrap_or(80).clamp(40, 120),
        quiet: look.quiet,
    }
}

/// Writes a file beside its final name and renames it, so that no half-written file is ever seen.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let done = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    done.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        Refusal(format!("写不了 {}：{}", path.display(), reason(&error)))
    })
}

/// Makes a folder and those above it.
pub fn folder(path: &Path) -> Result<(), Refusal> {
    std::fs::create_dir_all(path)
        .map_err(|e| Refusal(format!("建不了文件夹 {}：{}。", path.display(), reason(&e))))
}
