//! A filing of everything in a bundle comes in; when it holds several sets of material (other units,
//! an earlier year), which forms, files and report belong to which goes out.
//!
//! Sets are told apart only where they must be: two baseline or department forms, two reports or two
//! forms of one project that name different units or years. A lone form with another year or another
//! name stays where it is, and rules say so.

use super::majority;
use crate::narrative::terms::comparable;
use crate::narrative::{cover_of, narrative_in};
use crate::rulebook::Rulebook;
use jiheng_model::form::{Copies, Form};
use jiheng_model::{Document, Filing, Material};

/// Separates the sets of material of a bundle; a bundle of one set is left as it is.
pub fn separate(documents: &[Document], filing: &mut Filing, rulebook: &Rulebook) {
    if !may_be_several(&filing.forms) {
        return;
    }
    let pieces = pieces(documents, &filing.forms, rulebook);
    let sets = sets(&pieces);
    if sets.len() < 2 {
        return;
    }
    let mut owned: Vec<u16> = Vec::new();
    let mut materials: Vec<Material> = Vec::with_capacity(sets.len());
    for set in &sets {
        let mut forms: Vec<usize> = set.iter().flat_map(|p| pieces[*p].forms.clone()).collect();
        forms.sort_unstable();
        let mut files: Vec<u16> = set.iter().map(|p| pieces[*p].file).collect();
        files.sort_unstable();
        files.dedup();
        let own: Vec<Form> = forms.iter().map(|i| filing.forms[*i].clone()).collect();
        let free: Vec<u16> = files
            .iter()
            .copied()
            .filter(|f| !owned.contains(f))
            .collect();
        owned.extend(&free);
        materials.push(Material {
            narrative: narrative_in(documents, &free, &filing.forms, &own, rulebook),
            unit: set.iter().find_map(|p| pieces[*p].unit.clone()),
            year: majority(set.iter().filter_map(|p| pieces[*p].year)),
            before: None,
            forms,
            files,
        });
    }
    for later in 1..materials.len() {
        let now = (0..later).find(|first| is_before(&materials[later], &materials[*first]));
        materials[later].before = now;
    }
    if let Some(main) = materials.first() {
        filing.narrative = main.narrative.clone();
        filing.year = main.year;
    }
    filing.materials = materials;
}

/// Is one set an earlier year's of the other's unit?
fn is_before(one: &Material, other: &Material) -> bool {
    let earlier = matches!((one.year, other.year), (Some(a), Some(b)) if a < b);
    let unit = |m: &Material| m.unit.as_deref().map(comparable);
    earlier
        && other.before.is_none()
        && match (unit(one), unit(other)) {
            // A unit's name may have gained or lost a suffix over a year.
            (Some(a), Some(b)) => a.starts_with(&b) || b.starts_with(&a),
            _ => true,
        }
}

/// Two forms of which a package has one, or two forms of one project.
fn may_be_several(forms: &[Form]) -> bool {
    forms.iter().enumerate().any(|(at, form)| {
        forms[..at].iter().any(|other| {
            other.kind() == form.kind()
                && (form.def.copies == Copies::One
                    || form.file != other.file
                        && form.year != other.year
                        && project(form).is_some_and(|p| project(other) == Some(p)))
        })
    })
}

/// What lies together in one file.
#[derive(Debug, Default)]
struct Piece {
    file: u16,
    forms: Vec<usize>,
    /// Kinds of which a package has one.
    once: Vec<String>,
    /// Projects with a form of their own, with the form's kind.
    projects: Vec<(String, String)>,
    report: bool,
    year: Option<i16>,
    unit: Option<String>,
    /// The folder in the bundle, up to the last "/".
    folder: String,
    /// The file's own name in comparable form.
    name: String,
}

fn pieces(documents: &[Document], forms: &[Form], rulebook: &Rulebook) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (file, document) in documents.iter().enumerate() {
        let file = file as u16;
        let own: Vec<usize> = (0..forms.len())
            .filter(|i| forms[*i].file == file)
            .collect();
        let cover = cover_of(document, file, forms, rulebook);
        if own.is_empty() && cover.is_none() {
            continue;
        }
        let (folder, name) = document
            .name
            .rsplit_once('/')
            .unwrap_or(("", &document.name));
        for (at, part) in parts(&own, forms).into_iter().enumerate() {
            let mut piece = Piece {
                file,
                folder: folder.into(),
                name: comparable(name),
                ..Piece::default()
            };
            for index in &part {
                let form = &forms[*index];
                if form.def.copies == Copies::One {
                    piece.once.push(form.kind().into());
                } else if let Some(project) = project(form) {
                    piece.projects.push((form.kind().into(), project));
                }
            }
            piece.year = majority(part.iter().filter_map(|i| forms[*i].year));
            piece.unit = unit(&part, forms);
            if let (0, Some((unit, year))) = (at, &cover) {
                piece.report = true;
                piece.unit = piece.unit.or_else(|| unit.clone());
                piece.year = piece.year.or(*year);
            }
            piece.forms = part;
            pieces.push(piece);
        }
    }
    pieces
}

/// The forms of one file: apart by year or in order when a form comes twice that a package has once.
fn parts(own: &[usize], forms: &[Form]) -> Vec<Vec<usize>> {
    let twice = |differs: fn(&Form, &Form) -> bool| {
        own.iter().enumerate().any(|(at, b)| {
            own[..at].iter().any(|a| {
                let (a, b) = (&forms[*a], &forms[*b]);
                a.def.copies == Copies::One && a.kind() == b.kind() && differs(a, b)
            })
        })
    };
    if twice(|a, b| matches!((a.year, b.year), (Some(a), Some(b)) if a != b)) {
        let mut years: Vec<(i16, Vec<usize>)> = Vec::new();
        let mut last = own.iter().find_map(|i| forms[*i].year);
        for index in own {
            last = forms[*index].year.or(last);
            let Some(year) = last else { continue };
            match years.iter_mut().find(|(y, _)| *y == year) {
                Some((_, part)) => part.push(*index),
                None => years.push((year, vec![*index])),
            }
        }
        return years.into_iter().map(|(_, part)| part).collect();
    }
    let names_differ = |a: &Form, b: &Form| {
        let name = |f: &Form| f.text("unit_name").map(comparable);
        matches!((name(a), name(b)), (Some(a), Some(b)) if a != b)
    };
    if twice(names_differ) {
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for index in own {
            let form = &forms[*index];
            let again = parts.last().is_none_or(|part| {
                form.def.copies == Copies::One
                    && part.iter().any(|other| forms[*other].kind() == form.kind())
            });
            match parts.last_mut().filter(|_| !again) {
                Some(part) => part.push(*index),
                None => parts.push(vec![*index]),
            }
        }
        return parts;
    }
    vec![own.to_vec()]
}

/// The unit that forms name: the department form's, else that of most project forms.
fn unit(part: &[usize], forms: &[Form]) -> Option<String> {
    let named = |path: &'static str| {
        let texts = part.iter().filter_map(move |i| forms[*i].text(path));
        texts.map(|t| t.replace('\n', "")).next()
    };
    named("unit_name").or_else(|| named("line_department"))
}

fn project(form: &Form) -> Option<String> {
    form.project_name()
        .map(|n| comparable(&n.text))
        .filter(|n| !n.is_empty())
}

/// Pieces by set, the set in question first.
fn sets(pieces: &[Piece]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    // What a package has once tells most; of years the latest is the one in question.
    order.sort_by_key(|p| {
        let piece = &pieces[*p];
        let named = piece.unit.is_some();
        let weight = match (piece.once.len(), piece.report, piece.projects.len()) {
            (1.., ..) if named => 0,
            (1.., ..) => 1,
            (0, true, _) => 2,
            (0, false, 1..) => 3,
            _ => 4,
        };
        (weight, std::cmp::Reverse(piece.year), *p)
    });
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let piece = &pieces[index];
        let fitting = by_name(piece, pieces, &sets)
            .or_else(|| by_folder(piece, pieces, &sets))
            .or_else(|| {
                sets.iter().position(|set| {
                    let likes = set.iter().any(|o| alike(piece, &pieces[*o]));
                    likes && set.iter().all(|o| agrees(piece, &pieces[*o]))
                })
            });
        let clash = |set: &Vec<usize>| set.iter().any(|o| clashes(piece, &pieces[*o]));
        match fitting {
            Some(set) => sets[set].push(index),
            None => match sets.iter().position(|set| !clash(set)) {
                Some(set) => sets[set].push(index),
                None => sets.push(vec![index]),
            },
        }
    }
    sets
}

/// Both name the same unit or the same year.
fn alike(a: &Piece, b: &Piece) -> bool {
    let units = matches!((&a.unit, &b.unit), (Some(a), Some(b)) if comparable(a) == comparable(b));
    let years = a.year.is_some() && a.year == b.year;
    units || years && a.folder == b.folder
}

/// Neither unit nor year of the two differs.
fn agrees(a: &Piece, b: &Piece) -> bool {
    let units = match (&a.unit, &b.unit) {
        (Some(a), Some(b)) => comparable(a) == comparable(b),
        _ => !clashes(a, b),
    };
    let years = match (a.year, b.year) {
        (Some(a), Some(b)) => a == b,
        _ => !clashes(a, b),
    };
    units && years
}

/// The two cannot be of one package.
fn clashes(a: &Piece, b: &Piece) -> bool {
    let differ = {
        let units =
            matches!((&a.unit, &b.unit), (Some(a), Some(b)) if comparable(a) != comparable(b));
        let years = matches!((a.year, b.year), (Some(a), Some(b)) if a != b);
        units || years || a.folder != b.folder
    };
    let project = |p: &Piece, other: &(String, String)| p.projects.contains(other);
    differ
        && (a.once.iter().any(|kind| b.once.contains(kind))
            || a.report && b.report
            || a.year != b.year && a.projects.iter().any(|p| project(b, p)))
}

/// The set whose folder, and no other set's, the piece lies in.
fn by_folder(piece: &Piece, pieces: &[Piece], sets: &[Vec<usize>]) -> Option<usize> {
    let mut found = (0..sets.len()).filter(|set| {
        let set = &sets[*set];
        set.iter().any(|o| pieces[*o].folder == piece.folder)
            && !set.iter().any(|o| clashes(piece, &pieces[*o]))
    });
    let first = found.next()?;
    let apart = sets.len() > 1 && !piece.folder.is_empty();
    (apart && found.next().is_none()).then_some(first)
}

/// The set whose unit's name, and no other's, the file's name contains.
fn by_name(piece: &Piece, pieces: &[Piece], sets: &[Vec<usize>]) -> Option<usize> {
    if piece.unit.is_some() {
        return None;
    }
    let mut found = (0..sets.len()).filter(|set| {
        let set = &sets[*set];
        let named = set.iter().filter_map(|o| pieces[*o].unit.as_deref());
        named.map(comparable).any(|unit| piece.name.contains(&unit))
            && !set.iter().any(|o| clashes(piece, &pieces[*o]))
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::read::markdown;
    use crate::rulebook::Shelf;
    use jiheng_model::Filing;
    use jiheng_office::Budget;

    fn department(year: i16, unit: &str) -> String {
        format!(
            "{year}年度部门整体支出绩效自评表\n\n| 市级预算部门名称 | {unit} | < | < |\n|---|---|---|---|\n| 年度预算申请（万元） |  | 全年预算数 | 全年执行数 |\n| ^ | 年度资金总额 | 10 | 9 |\n\n"
        )
    }

    fn baseline(year: i16) -> String {
        format!(
            "{year}年度部门整体支出绩效评价基础数据表\n\n| 经费控制情况（万元） | {}年决算数 | {year}年预算数 | {year}年决算数 |\n|---|---|---|---|\n| 三公经费 | 1 | 2 | 3 |\n| 公用经费 | 4 | 5 | 6 |\n\n",
            year - 1
        )
    }

    fn project(year: i16, name: &str, unit: &str) -> String {
        format!(
            "{year}年度项目支出绩效自评表\n\n| 项目支出名称 | {name} | < | < |\n|---|---|---|---|\n| 主管部门 | {unit} | 实施单位 | {unit} |\n| 项目资金（万元） |  | 全年预算数 | 全年执行数 |\n| ^ | 年度资金总额 | 10 | 9 |\n\n"
        )
    }

    fn filing(files: &[(&str, String)]) -> Filing {
        let documents: Vec<_> = files
            .iter()
            .map(|(name, text)| markdown::read(name, text, &Budget::default()))
            .collect();
        let shelf = Shelf::embedded();
        super::super::recognize(&documents, &shelf.rulebooks["cn/municipal/2023"])
    }

    /// Each set as the files of its forms, with the set it is an earlier year's of.
    fn sets(files: &[(&str, String)]) -> Vec<(Vec<u16>, Option<usize>)> {
        let found = filing(files).materials;
        found.into_iter().map(|m| (m.files, m.before)).collect()
    }

    #[test]
    fn a_package_in_several_files_is_one_set_even_when_a_year_or_a_name_is_wrong() {
        let files = [
            ("附件1.docx", baseline(2023)),
            ("附件2.docx", department(2022, "青渚市水务局")),
            ("附件3-1.docx", project(2023, "甲河治理", "青渚市水务居")),
        ];
        assert_eq!(sets(&files), []);
    }

    #[test]
    fn last_years_package_is_a_set_of_its_own_in_folders_side_by_side_and_in_one_file() {
        let unit = "青渚市水务局";
        let two = |a: &'static str, b: &'static str| {
            [
                (
                    a,
                    baseline(2022) + &department(2022, unit) + &project(2022, "甲河治理", unit),
                ),
                (
                    b,
                    baseline(2023) + &department(2023, unit) + &project(2023, "甲河治理", unit),
                ),
            ]
        };
        let apart = [(vec![1], None), (vec![0], Some(0))];
        assert_eq!(sets(&two("2022/自评.docx", "2023/自评.docx")), apart);
        assert_eq!(sets(&two("a.docx", "b.docx")), apart);
        let one = [("全部.docx", two("", "").map(|(_, text)| text).concat())];
        assert_eq!(sets(&one), [(vec![0], None), (vec![0], Some(0))]);
        assert_eq!(filing(&one).year, Some(2023));
    }

    #[test]
    fn files_of_one_form_each_go_with_their_year_and_folder() {
        let unit = "青渚市水务局";
        let files = [
            ("上年/附件1.docx", baseline(2022)),
            ("上年/附件3-1.docx", project(2022, "甲河治理", unit)),
            ("上年/附件3-2.docx", project(2022, "乙湖监测", unit)),
            ("本年/附件1.docx", baseline(2023)),
            ("本年/附件2.docx", department(2023, unit)),
            ("本年/附件3-1.docx", project(2023, "甲河治理", unit)),
        ];
        assert_eq!(
            sets(&files),
            [(vec![3, 4, 5], None), (vec![0, 1, 2], Some(0))]
        );
    }

    #[test]
    fn units_are_told_apart_by_their_department_forms_and_lone_baselines_follow_folder_or_file_name()
     {
        let (a, b) = ("青渚市水务局", "青渚市河道管理处");
        let folders = [
            ("局本级/附件1.docx", baseline(2023)),
            ("局本级/附件2.docx", department(2023, a)),
            ("河道处/附件1.docx", baseline(2023)),
            ("河道处/附件2.docx", department(2023, b)),
        ];
        assert_eq!(sets(&folders), [(vec![0, 1], None), (vec![2, 3], None)]);
        let flat = [
            ("青渚市河道管理处附件1.docx", baseline(2023)),
            ("青渚市河道管理处附件2.docx", department(2023, b)),
            ("青渚市水务局附件1.docx", baseline(2023)),
            ("青渚市水务局附件2.docx", department(2023, a)),
        ];
        assert_eq!(sets(&flat), [(vec![0, 1], None), (vec![2, 3], None)]);
        let one = [(
            "全部.docx",
            baseline(2023) + &department(2023, a) + &baseline(2023) + &department(2023, b),
        )];
        let found = filing(&one).materials;
        let forms: Vec<_> = found.iter().map(|m| m.forms.clone()).collect();
        assert_eq!(forms, [vec![0, 1], vec![2, 3]]);
    }
}
