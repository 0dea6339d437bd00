//! Nothing comes in; the formats of the year's guide and library go out.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Formats by what a cell is for.
pub(super) struct Styles {
    pub title: Format,
    pub plain: Format,
    pub label: Format,
    /// Known: filled in, may be changed.
    pub known: Format,
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
            label: cell()
                .set_background_color(Color::RGB(0x00ec_ebe6))
                .set_align(FormatAlign::Center),
            known: cell().set_unlocked(),
        }
    }
}
