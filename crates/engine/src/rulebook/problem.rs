//! What is wrong with a rulebook (family K): a code, a plain Chinese sentence and the places in its files.

use jiheng_model::{RuleInfo, Severity, Status};

/// A place in a file of a rulebook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Path below the shelf.
    pub file: String,
    /// Line from 1; 0 when only the file is meant.
    pub line: u32,
    /// Column from 1, in characters; 0 when only the file is meant.
    pub col: u32,
    /// The line as written.
    pub excerpt: String,
}

/// Something that the lint has to say. The rest of the rulebook is loaded all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Code of family K.
    pub code: &'static str,
    /// Plain Chinese: what is wrong and what to do.
    pub message: String,
    /// File below the shelf.
    pub file: String,
    /// Line from 1.
    pub line: u32,
    /// Column from 1, in characters.
    pub col: u32,
    /// The line as written.
    pub excerpt: String,
    /// Other places that belong to it (the other one of two definitions).
    pub also: Vec<Spot>,
}

impl Problem {
    /// A problem at a spot.
    pub fn new(code: &'static str, message: impl Into<String>, spot: Spot) -> Problem {
        Problem {
            code,
            message: message.into(),
            file: spot.file,
            line: spot.line,
            col: spot.col,
            excerpt: spot.excerpt,
            also: Vec::new(),
        }
    }

    /// Adds the other place.
    pub fn and(mut self, spot: Spot) -> Problem {
        self.also.push(spot);
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} {}\n  {}:{}:{}  {}",
            self.code, self.message, self.file, self.line, self.col, self.excerpt
        )?;
        for spot in &self.also {
            write!(
                f,
                "\n  {}:{}:{}  {}",
                spot.file, spot.line, spot.col, spot.excerpt
            )?;
        }
        Ok(())
    }
}

/// Code, slug, title, 查什么, 为什么, 怎么办.
type Page = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// The pages of family K, by code.
const PAGES: &[Page] = &[
    (
        "K101",
        "rulebook-file-unreadable",
        "规程包文件读不成",
        "规程包文件是不是 UTF-8 编码的 TOML 文本。",
        "读不成的文件不起作用，里面的规则和参数都不核。",
        "按提示的行和列改正写法；文件另存为 UTF-8。",
    ),
    (
        "K102",
        "rulebook-value-malformed",
        "规程包里的值缺少或写法不对",
        "必有的键有没有，值的类型对不对；小数写成带引号的文字，例如 \"0.5\"。",
        "写错的值不起作用；不带引号的小数会失去精度。",
        "按提示补上或改正这个键。",
    ),
    (
        "K103",
        "rulebook-key-unknown",
        "规程包里有不认识的键",
        "每个键是不是规程包格式里有的。",
        "写错名字的键不起作用，容易以为已经设了。",
        "改正键名，或删去。",
    ),
    (
        "K104",
        "basis-unresolved",
        "依据找不到",
        "规则和参数引用的依据，本规程包和它继承的规程包里有没有。",
        "没有依据的规则不应当用来核对别人的材料。",
        "在 bases 文件里写出这条依据，或改正引用的名字。",
    ),
    (
        "K105",
        "basis-missing",
        "没有写依据",
        "每条规则和每个参数都写了依据。",
        "看结果的人要能查到每一条从哪里来。",
        "写上 basis；依据有三种：条款、印出的表样、通行做法。",
    ),
    (
        "K106",
        "extends-unresolved",
        "继承的规程包找不到或互相继承",
        "extends 写的规程包在不在，继承有没有绕回自己。",
        "继承不成，上级的规则和参数都不起作用。",
        "改正 extends 的名字，去掉绕回的继承。",
    ),
    (
        "K107",
        "error-without-binding-basis",
        "错误级规则只有通行做法作依据",
        "错误级规则是不是算术，或有条款、表样作依据。",
        "通行做法不足以认定错误，最多作警告。",
        "补上条款或表样依据，或把级别改为警告。",
    ),
    (
        "K110",
        "expression-units-differ",
        "算式里的计量不同，不能这样算",
        "相加、相减、比较的两边计量相同；万元加分这样的算式不载入。",
        "不同计量的数相加没有意义，核出的结果也就不对。",
        "按提示的位置改算式。",
    ),
    (
        "K111",
        "expression-malformed",
        "算式写法不对",
        "规则的 require 和 when 能不能读成算式。",
        "读不成的算式不起作用。",
        "按提示的位置改正。",
    ),
    (
        "K112",
        "expression-name-unknown",
        "算式里的名字找不到",
        "算式里的表、栏目、清单和参数是不是规程包里有的。",
        "找不到的名字取不到数，这条规则不起作用。",
        "改正名字，或先在表样、参数里写出它。",
    ),
    (
        "K113",
        "message-name-unknown",
        "说明文字里的名字找不到",
        "say、advise、title 里花括号中的名字有没有值可填。",
        "填不上的名字会原样出现在结果里。",
        "改正花括号里的名字。",
    ),
    (
        "K120",
        "bands-unreachable",
        "分档有重叠、空档或达不到的档",
        "分档的下限由高到低、互不相同，等次的最低一档从 0 起，最高一档不超过满分。",
        "达不到的档永远不起作用，空档里的分数没有等次。",
        "改正各档的 min。",
    ),
    (
        "K121",
        "weights-miss-total",
        "权重加起来到不了满分",
        "预算执行率分值与一级指标分值相加等于满分。",
        "权重到不了满分，每一套材料都会核出分值错误。",
        "改正各项权重，或满分。",
    ),
    (
        "K122",
        "required-and-forbidden",
        "同一项既要求有又要求没有",
        "没有两条规则对同一项提出相反的要求。",
        "相反的要求不可能都满足，每一套材料都会有一条不通过。",
        "删去其中一条，或给它们写上不同的 when。",
    ),
    (
        "K123",
        "policies-contradict",
        "两个赋分办法互相矛盾",
        "同一规程包里，同一种表、同一句印出的话是不是只指向一个赋分办法；仿照的办法在不在；执行率的分值是不是只有一个。",
        "两个办法都说用自己，同一张表就有两个得分，核不出对错。",
        "给其中一个写明 forms（用于哪种表）或 said（印有什么话），或删去一个。",
    ),
    (
        "K124",
        "policy-not-monotone",
        "赋分办法使完成得好的反而分少",
        "及格门槛、分档和超额扣分是不是让完成得更好的得分不少。",
        "完成得更好的得分更少，等于奖励做得差，多半是写反了。",
        "按办法原文核对比例和门槛。",
    ),
    (
        "K125",
        "library-indicator-unfit",
        "指标库里的指标不能衡量，或归错了类",
        "指标库里每个指标的指标值能不能衡量，名称的用语与它的二级指标是不是同一类，所属项目类型有没有。",
        "单位照指标库填写，库里的毛病会带进每一张表。",
        "改指标的名称、计量单位或二级指标；项目类型先写进 project_kinds。",
    ),
    (
        "K126",
        "report-sentence-unfit",
        "报告的句子里有找不到的项或部分",
        "report_sentences 里每一句写在提纲的哪一部分下，花括号里是哪一项，规程包里有没有；每一项有没有中文名称。",
        "找不到的项永远填不出，这句话写不进报告，用的人也不知道缺什么。",
        "改正部分或项的名字；要由单位自己填的项，写进 report_slots。",
    ),
    (
        "K127",
        "assessment-unfit",
        "考核评分表的参数写得不对",
        "assessment_items 的每一项有没有参数，量法程序会不会，分值是不是数、加起来是不是满分，写到的表和词有没有。",
        "写错的一项算不出分，考核结果就少一块。",
        "按提示的位置改正。",
    ),
    (
        "K201",
        "label-defined-twice",
        "同一级里同一个名字定义了两次",
        "同一级的规程包里，同一个规则、参数、依据或表只定义一次。",
        "两处定义不知道以哪处为准。",
        "删去一处；要改上级的定义，写在下级并注明 overrides。",
    ),
    (
        "K202",
        "override-undeclared",
        "改了上级的定义，没有注明",
        "改动继承来的规则、参数或表时，写明 overrides = \"上级规程包:名字\"。",
        "不注明的改动看不出是有意还是重名。",
        "有意改动的写上 overrides；不是的换一个名字。",
    ),
    (
        "K203",
        "override-unknown",
        "overrides 指的定义找不到",
        "overrides 写的规程包和名字，在继承的规程包里有没有。",
        "上级改了名字后，下级的改动会失去对象。",
        "改正 overrides，或删去。",
    ),
];

/// What is known of each code of family K, for `rule K201`.
pub fn infos() -> Vec<RuleInfo> {
    PAGES
        .iter()
        .map(|&(code, slug, title, what, why, advice)| RuleInfo {
            code: code.into(),
            slug: slug.into(),
            title: title.into(),
            severity: Severity::Error,
            status: Status::Stable,
            since: "0.1.0".into(),
            covers: Default::default(),
            basis: Vec::new(),
            what: what.into(),
            why: why.into(),
            advice: advice.into(),
            fix: None,
            rulebook: "built-in".into(),
        })
        .collect()
}
