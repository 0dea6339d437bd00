//! Nothing comes in; the formats of the year's workbook go out.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Formats by what a cell is for.
pub(super) struct Styles {
    pub title: Format,
    pub plain: Format,
    pub label: Format,
    /// Open: the clerk writes here.
    pub open: Format,
    /// Known: filled in, may be changed.
    pub known: Format,
    /// Computed: locked.
    pub computed: Format,
}

/// What a cell holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Words.
    Text,
    /// A number with so many places.
    Number(u32),
    /// A number as it is typed.
    Free,
    /// A percentage.
    Rate,
}

impl Styles {
    pub(super) fn new() -> Styles {
        let cell = || {
            Format::new()
                .set_font_name("宋体")
                .set_font_size(11)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x0081_848b))
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
        };
        let fill = |color: u32| cell().set_background_color(Color::RGB(color));
        Styles {
            title: Format::new()
                .set_font_name("宋体")
                .set_font_size(16)
                .set_bold()
                .set_align(FormatAlign::Center),
            plain: Format::new()
                .set_font_name("宋体")
                .set_font_size(11)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            label: fill(0x00ec_ebe6).set_align(FormatAlign::Center),
            open: fill(0x00ff_f6d6).set_unlocked(),
            known: cell().set_unlocked(),
            computed: fill(0x00e4_eaf0),
        }
    }
}

impl Shown {
    /// A format for what is shown.
    pub(super) fn on(self, format: &Format) -> Format {
        let format = format.clone();
        match self {
            Shown::Text => format.set_num_format("@"),
            Shown::Free => format,
            Shown::Number(places) => {
                format.set_num_format(format!("0.{}", "0".repeat(places.min(12) as usize)))
            }
            Shown::Rate => format.set_num_format("0.00%"),
        }
    }
}
