//! A folder of fonts, or the system's, comes in; the faces for the roles of an official document go out, the embedded Song last.

use std::path::Path;
use std::sync::Arc;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// A subset of Noto Serif SC (OFL 1.1): see `fonts/README.md`.
static EMBEDDED: &[u8] = include_bytes!("../fonts/NotoSerifSC-subset.ttf");

/// Ticked boxes, which the Song has not: a subset of Noto Sans Symbols 2 (OFL 1.1).
static SIGNS: &[u8] = include_bytes!("../fonts/NotoSansSymbols2-subset.ttf");

/// What a face is for in an official document (GB/T 9704-2012, 7.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// 小标宋体: the title.
    Title,
    /// 仿宋体: the text.
    Body,
    /// 黑体: headings of the first level, annex marks.
    Hei,
    /// 楷体: headings of the second level.
    Kai,
    /// 宋体: page numbers, and whatever no other face has.
    Song,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 5] = [Role::Title, Role::Body, Role::Hei, Role::Kai, Role::Song];

    /// Its key in the template.
    pub fn key(self) -> &'static str {
        match self {
            Role::Title => "title",
            Role::Body => "body",
            Role::Hei => "hei",
            Role::Kai => "kai",
            Role::Song => "song",
        }
    }

    /// Its name for the user.
    pub fn label(self) -> &'static str {
        match self {
            Role::Title => "小标宋",
            Role::Body => "仿宋",
            Role::Hei => "黑体",
            Role::Kai => "楷体",
            Role::Song => "宋体",
        }
    }

    /// Names under which the face is installed, the official one first.
    fn families(self) -> &'static [&'static str] {
        match self {
            Role::Title => &[
                "方正小标宋简体",
                "方正小标宋_GBK",
                "FZXiaoBiaoSong-B05S",
                "FZXiaoBiaoSong-B05",
                "小标宋体",
            ],
            Role::Body => &[
                "仿宋_GB2312",
                "FangSong_GB2312",
                "仿宋",
                "FangSong",
                "FandolFang R",
                "FandolFang",
            ],
            Role::Hei => &["黑体", "SimHei", "FandolHei", "Noto Sans CJK SC"],
            Role::Kai => &[
                "楷体_GB2312",
                "KaiTi_GB2312",
                "楷体",
                "KaiTi",
                "FandolKai",
                "LXGW WenKai",
            ],
            Role::Song => &["宋体", "SimSun", "FandolSong"],
        }
    }
}

/// The faces at hand.
#[derive(Clone, Debug)]
pub struct Fonts {
    book: Arc<LazyHash<FontBook>>,
    faces: Arc<Vec<Font>>,
    found: Vec<(Role, String)>,
}

impl Fonts {
    /// The embedded Song alone.
    pub fn embedded() -> Fonts {
        Fonts::of(Vec::new())
    }

    /// The official faces in a folder; what it lacks is set in the embedded Song.
    ///
    /// # Errors
    /// A Chinese sentence when the folder holds no font.
    pub fn in_folder(folder: &Path) -> Result<Fonts, String> {
        let mut shelf = fontdb::Database::new();
        shelf.load_fonts_dir(folder);
        if shelf.is_empty() {
            return Err(format!(
                "字体文件夹 {} 里没有可用的字体（.ttf、.otf、.ttc），请改用存放字体文件的文件夹",
                folder.display()
            ));
        }
        Ok(Fonts::from_shelf(&shelf))
    }

    /// The official faces installed on this machine; what it lacks is set in the embedded Song.
    pub fn of_system() -> Fonts {
        let mut shelf = fontdb::Database::new();
        shelf.load_system_fonts();
        Fonts::from_shelf(&shelf)
    }

    fn from_shelf(shelf: &fontdb::Database) -> Fonts {
        let face = |name: &str| {
            let named = |face: &&fontdb::FaceInfo| face.families.iter().any(|(n, _)| n == name);
            // The lightest regular cut: a family may hold a bold one too.
            let regular = |face: &&fontdb::FaceInfo| (face.weight.0.abs_diff(400), face.index);
            shelf.faces().filter(named).min_by_key(regular)
        };
        let mut found = Vec::new();
        for role in Role::ALL {
            let Some(info) = role.families().iter().find_map(|name| face(name)) else {
                continue;
            };
            let loaded = shelf.with_face_data(info.id, |data, index| {
                Font::new(Bytes::new(data.to_vec()), index)
            });
            if let Some(font) = loaded.flatten() {
                found.push((role, font));
            }
        }
        Fonts::of(found)
    }

    fn of(found: Vec<(Role, Font)>) -> Fonts {
        let names = found
            .iter()
            .map(|(role, font)| (*role, font.info().family.to_string()));
        let names: Vec<(Role, String)> = names.collect();
        let mut faces: Vec<Font> = found.into_iter().map(|(_, font)| font).collect();
        faces.extend(Font::new(Bytes::new(SIGNS), 0));
        faces.extend(Font::new(Bytes::new(EMBEDDED), 0));
        Fonts {
            book: Arc::new(LazyHash::new(FontBook::from_fonts(&faces))),
            faces: Arc::new(faces),
            found: names,
        }
    }

    /// What typst looks faces up in.
    pub fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// One face.
    pub fn face(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    /// The families to try for a role, in order; together they reach every face at hand.
    pub fn families(&self, role: Role) -> Vec<String> {
        let own = self
            .found
            .iter()
            .filter(|(r, _)| *r == role)
            .map(|(_, name)| name.clone());
        let mut names: Vec<String> = own.collect();
        let all = self.faces.iter().rev().map(|f| f.info().family.to_string());
        for name in all {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Roles that are set in the embedded Song for want of their face.
    pub fn lacking(&self) -> Vec<Role> {
        let has = |role: &Role| self.found.iter().any(|(r, _)| r == role);
        Role::ALL
            .into_iter()
            .filter(|r| *r != Role::Song && !has(r))
            .collect()
    }

    /// Whether any face has a glyph for the character.
    pub fn has(&self, c: char) -> bool {
        self.faces
            .iter()
            .any(|f| f.info().coverage.contains(c as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_song_has_what_official_documents_are_written_with() {
        let fonts = Fonts::embedded();
        for c in "预算绩效自评≥≤％—〔2023〕号①×√□☑（）“”《》℃㎡".chars()
        {
            assert!(fonts.has(c), "{c}");
        }
        assert!(!fonts.has('𠮷'));
        assert_eq!(fonts.lacking().len(), 4);
    }

    #[test]
    fn a_folder_without_fonts_is_named() {
        let folder = std::env::temp_dir().join(format!("jiheng-no-fonts-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let why = Fonts::in_folder(&folder).unwrap_err();
        assert!(
            why.contains("没有可用的字体") && why.contains("jiheng-no-fonts"),
            "{why}"
        );
    }
}
