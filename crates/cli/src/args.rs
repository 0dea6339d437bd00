//! Words of the command line come in; a verb with its arguments, or help and errors in Chinese, go out.

use crate::{CLEAN, COULD_NOT_RUN, output};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Help of a verb: what it does, how it is called, what it takes.
pub(crate) const HELP: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
/// Help of the program.
const OVERVIEW: &str = "绩衡 {version}　{about}\n\n用法：{usage}\n\n{all-args}{after-help}";

#[derive(Parser)]
#[command(
    name = "jiheng",
    version,
    about = "核对预算绩效自评材料：读表、复算得分、核对数字、指出改法",
    override_usage = "jiheng <命令> [选项] [路径]",
    help_template = OVERVIEW,
    subcommand_help_heading = "命令",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = "\n退出码：0 没有错误级发现；1 有错误级发现；2 没能运行（读不了、参数不对、没有这个规程包）。\n例：jiheng evaluate 自评材料.docx --out 结果"
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// 显示帮助
    #[arg(short = 'h', long, global = true, action = clap::ArgAction::Help, help_heading = "选项")]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help_heading = "选项")]
    version: Option<bool>,
}

/// What to do.
#[derive(Subcommand)]
pub enum Verb {
    /// 核对并复算，写出结果页、整改清单和数据
    #[command(override_usage = "jiheng evaluate <路径>... --out <文件夹> [选项]", help_template = HELP)]
    Evaluate(EvaluateArgs),
    /// 核对，列出发现
    #[command(override_usage = "jiheng check <路径>... [选项]", help_template = HELP)]
    Check(CheckArgs),
    /// 一次核对许多套材料：汇总表、总览和各套的结果页
    #[command(override_usage = "jiheng batch <文件夹或 zip> --out <文件夹> [选项]", help_template = HELP)]
    Batch(BatchArgs),
    /// 在您自己的文件里加批注：另存一份，每个问题在它的格或字上
    #[command(override_usage = "jiheng annotate <路径>... --out <文件> [选项]", help_template = HELP)]
    Annotate(AnnotateArgs),
    /// 按规程包的表样排印整套材料：docx、xlsx、html、json
    #[command(override_usage = "jiheng render <路径>... --to docx,xlsx --out <文件夹> [选项]", help_template = HELP)]
    Render(RenderArgs),
    /// 按表自己的公式和文字规范直接改：都是修订，另存一份
    #[command(override_usage = "jiheng fix <路径> --out <文件> [选项]", help_template = HELP)]
    Fix(FixArgs),
    /// 只读表和报告，不作判断
    #[command(override_usage = "jiheng extract <路径>... [选项]", help_template = HELP)]
    Extract(PlainArgs),
    /// 复算得分，与填报得分并列
    #[command(override_usage = "jiheng score <路径>... [选项]", help_template = HELP)]
    Score(PlainArgs),
    /// 一个数是怎么算出来的：算式、用到的格子、依据
    #[command(override_usage = "jiheng explain <路径>... --at \"附件3 山水 执行率得分\"", help_template = HELP)]
    Explain(ExplainArgs),
    /// 开始新的一年：由项目清单、导出的数和上年材料写出填好一半的工作簿
    #[command(override_usage = "jiheng new --projects <清单> [--accounts <导出的数>] [--from <上年材料>] --out <工作簿.xlsx>", help_template = HELP)]
    New(NewArgs),
    /// 考核自评工作：附件5 的八项，算得出的算，由人定的给建议
    #[command(override_usage = "jiheng assess <路径>... [选项]", help_template = HELP)]
    Assess(AssessArgs),
    /// 两版或两年的材料有什么不同，按表说
    #[command(override_usage = "jiheng diff <原材料> <新材料> [选项]", help_template = HELP)]
    Diff(crate::diff::DiffArgs),
    /// 写退回修改的意见书：必须修改、建议修改、提示
    #[command(override_usage = "jiheng letter <路径>... --out <意见书.docx|.html|.pdf> [选项]", help_template = HELP)]
    Letter(crate::letter::LetterArgs),
    /// 写自评报告：带数的句子按附件生成，其余保留原文
    #[command(override_usage = "jiheng report <路径>... --out <报告.docx|.html|.pdf> [选项]", help_template = HELP)]
    Report(crate::report::ReportArgs),
    /// 列出规则，或显示一条规则的说明
    #[command(override_usage = "jiheng rule [编码] [选项]", help_template = HELP)]
    Rule(RuleArgs),
    /// 在受限的进程里读文件；由程序自己启动
    #[command(hide = true)]
    Worker,
    /// 在限度以内成为识别程序；由程序自己启动
    #[command(hide = true)]
    Recogniser {
        /// Seconds.
        seconds: u64,
        /// Megabytes.
        megabytes: u64,
        /// What it becomes.
        command: PathBuf,
    },
    /// 规程包：列出、检查
    #[command(
        override_usage = "jiheng rulebook <命令>",
        help_template = HELP,
        subcommand_help_heading = "命令",
        disable_help_subcommand = true
    )]
    Rulebook(RulebookArgs),
    /// 启动服务：网页核对、单位填报
    #[cfg(feature = "server")]
    #[command(override_usage = "jiheng serve [选项]", help_template = HELP)]
    Serve(ServeArgs),
    /// 备份平台的数据，平台运行时也可以
    #[cfg(feature = "server")]
    #[command(override_usage = "jiheng backup --out <文件> [选项]", help_template = HELP)]
    Backup(crate::data::BackupArgs),
    /// 由备份恢复出数据文件夹
    #[cfg(feature = "server")]
    #[command(override_usage = "jiheng restore <备份> --data <文件夹>", help_template = HELP)]
    Restore(crate::data::RestoreArgs),
    /// 平台的审计记录：导出，核对有没有被改过、少过
    #[cfg(feature = "server")]
    #[command(
        override_usage = "jiheng audit <命令>",
        help_template = HELP,
        subcommand_help_heading = "命令",
        disable_help_subcommand = true
    )]
    Audit(crate::audit::AuditArgs),
    /// 生成命令行补全脚本
    #[command(override_usage = "jiheng completions <外壳>", help_template = HELP)]
    Completions(CompletionsArgs),
}

/// Paths that make one package, and the rulebook.
#[derive(Args)]
pub struct Material {
    /// 文件、文件夹或 zip；合起来是一套材料
    #[arg(value_name = "路径", required = true, help_heading = "参数")]
    pub paths: Vec<PathBuf>,
    /// 规程包编号，如 cn/hunan/yueyang/2023，或规程包文件夹；不写则由材料判断
    #[arg(long, value_name = "编号", help_heading = "选项")]
    pub rulebook: Option<String>,
    /// 已说明、不再提示的清单；不写则用材料旁边的 jiheng.toml
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub config: Option<PathBuf>,
    /// Reading of pictures and scans.
    #[command(flatten)]
    pub ocr: Ocr,
    /// The day on which explanations are judged.
    #[arg(long, hide = true)]
    pub today: Option<String>,
}

/// The program that reads pictures and scans.
#[derive(Args, Clone, Default)]
pub struct Ocr {
    /// 识别图片和扫描件里文字的程序：标准输入给它原文件，从标准输出取 UTF-8 文字；只认这里写的，不认材料里的
    #[arg(long = "ocr", value_name = "程序", help_heading = "选项")]
    pub program: Option<PathBuf>,
    /// 识别程序每个文件最多用几秒、几 MB 内存，如 60,2048；不写则与读文件的限度相同
    #[arg(
        long = "ocr-limits",
        value_name = "秒,MB",
        value_parser = limits,
        requires = "program",
        help_heading = "选项"
    )]
    pub limits: Option<(u64, u64)>,
}

/// Seconds and megabytes as they are written: "60,2048".
fn limits(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once([',', '，']);
    let number = |s: &str| {
        s.trim()
            .parse::<u64>()
            .ok()
            .filter(|n| (1..100_000).contains(n))
    };
    parts
        .and_then(|(seconds, megabytes)| Some((number(seconds)?, number(megabytes)?)))
        .ok_or_else(|| "60,2048".into())
}

/// How terminal output looks.
#[derive(Args)]
pub struct Look {
    /// 只列发现，不列计数和提示
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
    /// 颜色：auto、always 或 never
    #[arg(
        long,
        value_name = "何时",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub color: Color,
    /// 不画框线，每条一段，便于读屏
    #[arg(long, help_heading = "选项")]
    pub plain: bool,
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// When standard output is a terminal and NO_COLOR is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Output of `check`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// For people.
    Terminal,
    /// Output contract.
    Json,
    /// SARIF 2.1.0.
    Sarif,
}

/// Output of verbs without findings.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Plain {
    /// For people.
    Terminal,
    /// Output contract.
    Json,
}

/// `evaluate`.
#[derive(Args)]
pub struct EvaluateArgs {
    #[command(flatten)]
    pub material: Material,
    /// 写结果的文件夹，没有就新建
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub out: PathBuf,
    /// 输出：terminal、json 或 sarif
    #[arg(
        long,
        value_name = "格式",
        default_value = "terminal",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub format: Report,
    #[command(flatten)]
    pub look: Look,
}

/// `annotate`.
#[derive(Args)]
pub struct AnnotateArgs {
    #[command(flatten)]
    pub material: Material,
    /// 写到哪里：一个文件；材料是文件夹或 zip 时为文件夹
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub out: PathBuf,
    /// 不说写了什么
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
}

/// `render`.
#[derive(Args)]
pub struct RenderArgs {
    #[command(flatten)]
    pub material: Material,
    /// 写成哪些文件，用逗号隔开：docx、xlsx、html、json
    #[arg(
        long,
        value_name = "格式",
        value_delimiter = ',',
        required = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub to: Vec<Target>,
    /// 写文件的文件夹，没有就新建
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub out: PathBuf,
    /// 报告用哪一份：kept 原来的，written 带数的句子按附件重写的
    #[arg(
        long,
        value_name = "哪份",
        default_value = "kept",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub report: Whose,
    #[command(flatten)]
    pub faces: Faces,
    #[command(flatten)]
    pub look: Look,
}

/// The faces a PDF is set in.
#[derive(Args)]
pub struct Faces {
    /// PDF 用的字体（小标宋、仿宋_GB2312、楷体_GB2312、黑体）所在的文件夹；不写就用本机装的
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    font_dir: Option<PathBuf>,
}

impl Faces {
    /// The folder of fonts, if one was named.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.font_dir.as_deref()
    }
}

/// Which report `render` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Whose {
    /// The author's own.
    Kept,
    /// With the sentences that carry numbers written from the forms.
    Written,
}

/// What `render` writes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// package.docx
    Docx,
    /// package.html
    Html,
    /// filing.json
    Json,
    /// package.xlsx
    Xlsx,
    /// package.pdf
    Pdf,
}

/// `fix`.
#[derive(Args)]
pub struct FixArgs {
    #[command(flatten)]
    pub material: Material,
    /// 写到哪里：一个文件；材料是文件夹或 zip 时为文件夹
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub out: PathBuf,
    /// 只改一条规则的发现，如 N101
    #[arg(long, value_name = "编码", help_heading = "选项")]
    pub only: Option<String>,
    /// 输出：terminal 或 json
    #[arg(
        long,
        value_name = "格式",
        default_value = "terminal",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub format: Plain,
    /// 不说写到了哪里
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
}

/// `check`.
#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub material: Material,
    /// 输出：terminal、json 或 sarif
    #[arg(
        long,
        value_name = "格式",
        default_value = "terminal",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub format: Report,
    #[command(flatten)]
    pub look: Look,
}

/// `batch`.
#[derive(Args)]
pub struct BatchArgs {
    /// 文件夹或 zip；其中每个子文件夹、每个 zip、每个文件是一套材料
    #[arg(value_name = "文件夹或 zip", help_heading = "参数")]
    pub material: PathBuf,
    /// 写结果的文件夹，没有就新建
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub out: PathBuf,
    /// 同时核几套；不写则与处理器核数相同
    #[arg(long, value_name = "数", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024), help_heading = "选项")]
    pub jobs: Option<usize>,
    /// 接着上次中断的做，已核过、没有改动的不重做
    #[arg(long, help_heading = "选项")]
    pub resume: bool,
    /// 应报单位名单，每行一个单位，或有“单位名称”一列的表；列出没有报的
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub units: Option<PathBuf>,
    /// 哪些材料写结果页：all、errors（有错误的）或 none
    #[arg(
        long,
        value_name = "哪些",
        default_value = "errors",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub pages: PagesOf,
    /// name：文件名在“附件”“表”“报告”之前相同的，合为一套
    #[arg(
        long,
        value_name = "方式",
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub group: Option<Group>,
    /// 规程包编号，如 cn/hunan/yueyang/2023，或规程包文件夹；不写则由材料判断
    #[arg(long, value_name = "编号", help_heading = "选项")]
    pub rulebook: Option<String>,
    /// Reading of pictures and scans.
    #[command(flatten)]
    pub ocr: Ocr,
    /// 不显示进度和小结
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
    /// The day on which explanations are judged.
    #[arg(long, hide = true)]
    pub today: Option<String>,
}

/// Whose findings pages `batch` writes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PagesOf {
    /// Every package's.
    All,
    /// Those with errors.
    Errors,
    /// None.
    None,
}

/// How `batch` puts files together.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Group {
    /// By the common beginning of their names.
    Name,
}

/// `extract` and `score`.
#[derive(Args)]
pub struct PlainArgs {
    #[command(flatten)]
    pub material: Material,
    /// 输出：terminal 或 json
    #[arg(
        long,
        value_name = "格式",
        default_value = "terminal",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub format: Plain,
    #[command(flatten)]
    pub look: Look,
}

/// `explain`.
#[derive(Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub material: Material,
    /// 哪个数：用空格隔开的几个词，依次出现在表名或附件号、项目名、行名、列名中
    #[arg(long, value_name = "词", help_heading = "选项")]
    pub at: String,
    #[command(flatten)]
    pub look: Look,
}

/// `new`.
#[derive(Args)]
pub struct NewArgs {
    /// 项目清单（xlsx 或 csv）：一行一个一级项目
    #[arg(long, value_name = "清单", help_heading = "选项")]
    pub projects: PathBuf,
    /// 部门决算或预算系统导出的数（xlsx 或 csv）
    #[arg(long, value_name = "导出的数", help_heading = "选项")]
    pub accounts: Option<PathBuf>,
    /// 上年的自评材料：文件、文件夹或 zip
    #[arg(long, value_name = "上年材料", help_heading = "选项")]
    pub from: Option<PathBuf>,
    /// 写出的工作簿（.xlsx）
    #[arg(long, value_name = "工作簿", help_heading = "选项")]
    pub out: PathBuf,
    /// 年度，如 2024；不写则是上年材料的下一年，或清单写的年度
    #[arg(long, value_name = "年度", value_parser = clap::value_parser!(i16).range(1990..=2200), help_heading = "选项")]
    pub year: Option<i16>,
    /// 规程包编号或文件夹；不写则由上年材料判断
    #[arg(long, value_name = "编号", help_heading = "选项")]
    pub rulebook: Option<String>,
    /// 只报告问题，不列填了什么
    #[arg(long, short, help_heading = "选项")]
    pub quiet: bool,
}

/// `assess`.
#[derive(Args)]
pub struct AssessArgs {
    #[command(flatten)]
    pub material: Material,
    /// 规定的报送日期，如 2024-04-30
    #[arg(long, value_name = "日期", help_heading = "选项")]
    pub due: Option<String>,
    /// 实际报送日期，如 2024-05-08
    #[arg(long, value_name = "日期", help_heading = "选项")]
    pub submitted: Option<String>,
    /// 应开展自查的单位名单，每行一个单位，或有“单位名称”一列的表
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub units: Option<PathBuf>,
    /// 放佐证材料的文件夹：通知、工作小组文件、汇总情况；按文中的话认
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub evidence: Option<PathBuf>,
    /// 输出：terminal、json、docx、html 或 xlsx
    #[arg(
        long,
        value_name = "格式",
        default_value = "terminal",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub format: Paper,
    /// 写到这个文件；docx 和 xlsx 要写
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub look: Look,
}

/// Output of `assess`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Paper {
    /// For people.
    Terminal,
    /// Output contract.
    Json,
    /// The printed sheet.
    Docx,
    /// The printed sheet as a page.
    Html,
    /// A workbook.
    Xlsx,
}

/// `rule`.
#[derive(Args)]
pub struct RuleArgs {
    /// 规则编码，如 X301；不写则列出全部
    #[arg(value_name = "编码", help_heading = "参数")]
    pub code: Option<String>,
    /// 规程包编号或文件夹；不写则列出所有规程包的规则
    #[arg(long, value_name = "编号", help_heading = "选项")]
    pub rulebook: Option<String>,
    /// 输出：terminal 或 json
    #[arg(
        long,
        value_name = "格式",
        default_value = "terminal",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "选项"
    )]
    pub format: Plain,
    #[command(flatten)]
    pub look: Look,
}

/// `rulebook`.
#[derive(Args)]
pub struct RulebookArgs {
    #[command(subcommand)]
    pub verb: RulebookVerb,
}

/// What to do with rulebooks.
#[derive(Subcommand)]
pub enum RulebookVerb {
    /// 列出随程序带的规程包
    #[command(override_usage = "jiheng rulebook list", help_template = HELP)]
    List,
    /// 检查一个规程包文件夹
    #[command(override_usage = "jiheng rulebook lint <文件夹>", help_template = HELP)]
    Lint {
        /// 规程包文件夹，或放着多个规程包的文件夹
        #[arg(value_name = "文件夹", help_heading = "参数")]
        dir: PathBuf,
    },
    /// 读放假通知，写出那一年的工作日历，放进规程包文件夹后生效
    #[command(override_usage = "jiheng rulebook calendar <通知>", help_template = HELP)]
    Calendar {
        /// 国务院办公厅关于某年部分节假日安排的通知（Word、网页或文本）
        #[arg(value_name = "通知", help_heading = "参数")]
        notice: PathBuf,
    },
}

/// `serve`.
#[cfg(feature = "server")]
#[derive(Args)]
pub struct ServeArgs {
    /// 演示：造一座城市和填了一半的一年，只在本机开放，密码随机、只印一次
    #[arg(long, help_heading = "选项")]
    pub demo: bool,
    /// 放数据的文件夹，没有就新建；不写则用 jiheng-data，演示用 jiheng-demo
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub data: Option<PathBuf>,
    /// 数据库，如 postgres://…；不写则用数据文件夹里的 SQLite
    #[arg(long, value_name = "地址", help_heading = "选项")]
    pub database: Option<String>,
    /// 在哪里听，如 0.0.0.0:8080；不写则 127.0.0.1:8080
    #[arg(long, value_name = "地址:端口", help_heading = "选项")]
    pub listen: Option<std::net::SocketAddr>,
    /// 前面有反向代理：来访地址以它说的为准，登录只经 HTTPS
    #[arg(long, help_heading = "选项")]
    pub behind_proxy: bool,
}

/// `completions`.
#[derive(Args)]
pub struct CompletionsArgs {
    /// 外壳：bash、zsh、fish、elvish 或 powershell
    #[arg(
        value_name = "外壳",
        hide_possible_values = true,
        help_heading = "参数"
    )]
    pub shell: clap_complete::Shell,
}

/// The command line's definition, for completions.
pub fn command() -> clap::Command {
    Cli::command()
}

/// The verb asked for; help and errors are printed here and give their exit code.
pub fn parse() -> Result<Verb, u8> {
    match command()
        .try_get_matches()
        .and_then(|m| Cli::from_arg_matches(&m))
    {
        Ok(cli) => Ok(cli.verb),
        Err(error) => Err(answer(&error)),
    }
}

fn answer(error: &clap::Error) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::print(&error.to_string());
            CLEAN
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::message(error.to_string().trim_end());
            COULD_NOT_RUN
        }
        kind => {
            output::message(&sentence(kind, error));
            output::message("写 jiheng --help 看用法。");
            COULD_NOT_RUN
        }
    }
}

/// One Chinese sentence for an error of the command line.
fn sentence(kind: ErrorKind, error: &clap::Error) -> String {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(s)) => s.join("、"),
        _ => String::new(),
    };
    let arg = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    match kind {
        ErrorKind::InvalidSubcommand => {
            let near = context(ContextKind::SuggestedSubcommand);
            let near = if near.is_empty() {
                String::new()
            } else {
                format!("，是不是 {near}")
            };
            format!(
                "没有“{}”这个命令{near}。",
                context(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::UnknownArgument => {
            let near = context(ContextKind::SuggestedArg);
            let near = if near.is_empty() {
                String::new()
            } else {
                format!("，是不是 {near}")
            };
            format!("没有“{arg}”这个选项{near}。")
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后面要写一个值。"),
        ErrorKind::InvalidValue => {
            let valid = context(ContextKind::ValidValue);
            let valid = if valid.is_empty() {
                String::new()
            } else {
                format!("，可以写 {valid}")
            };
            format!("{arg} 不能是“{value}”{valid}。")
        }
        ErrorKind::MissingRequiredArgument => format!("还缺 {arg}。"),
        ErrorKind::MissingSubcommand => "还缺一个命令。".into(),
        ErrorKind::ArgumentConflict => format!("{arg} 不能重复，也不能与另一个选项同用。"),
        ErrorKind::InvalidUtf8 => "参数里有不是 UTF-8 的字。".into(),
        _ => "参数不对。".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn usage_errors_are_chinese_sentences() {
        let say = |words: &[&str]| match command().try_get_matches_from(words) {
            Ok(_) => String::new(),
            Err(error) => sentence(error.kind(), &error),
        };
        assert_eq!(
            say(&["jiheng", "chekc"]),
            "没有“chekc”这个命令，是不是 check。"
        );
        assert_eq!(say(&["jiheng", "check"]), "还缺 <路径>...。");
        assert_eq!(
            say(&["jiheng", "check", "a", "--format", "xml"]),
            "--format <格式> 不能是“xml”，可以写 terminal、json、sarif。"
        );
        assert_eq!(
            say(&["jiheng", "check", "a", "--colour"]),
            "没有“--colour”这个选项，是不是 --color。"
        );
    }
}
