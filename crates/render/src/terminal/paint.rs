//! A word and its role come in; the word in its colour, or as it is, goes out.

use jiheng_model::Severity;

/// How terminal text is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Escape sequences for colour.
    pub color: bool,
    /// No frames and no underlines, one paragraph per finding, for screen readers.
    pub plain: bool,
    /// Columns of the terminal.
    pub columns: usize,
    /// No counts and no advice on what to call next.
    pub quiet: bool,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            color: false,
            plain: false,
            columns: 80,
            quiet: false,
        }
    }
}

/// What a word is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// 错误[…], 警告[…], 提示[…].
    Level(Severity),
    /// The line below marked words, and differences.
    Mark(Severity),
    /// 未核[…].
    Unchecked,
    /// 通过.
    Passed,
    /// Titles and stated values.
    Bold,
    /// Frames, positions, "为什么".
    Dim,
}

impl Style {
    /// `text` in its ink.
    pub fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_string();
        }
        let code = match ink {
            Ink::Level(Severity::Error) => "1;31",
            Ink::Level(Severity::Warning) => "1;33",
            Ink::Level(Severity::Hint) => "1;36",
            Ink::Mark(Severity::Error) => "31",
            Ink::Mark(Severity::Warning) => "33",
            Ink::Mark(Severity::Hint) => "36",
            Ink::Unchecked => "1;90",
            Ink::Passed => "32",
            Ink::Bold => "1",
            Ink::Dim => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
