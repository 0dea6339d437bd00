//! `jiheng backup` and `jiheng restore`: a platform's data folder comes in and a checked copy goes out, and the reverse.

use crate::{CLEAN, Refusal, Verdict, output};
use clap::Args;
use jiheng_server::upkeep::{self, Place};
use std::path::PathBuf;

/// Where the platform's data are.
#[derive(Args)]
pub struct PlaceArgs {
    /// 数据文件夹
    #[arg(
        long,
        value_name = "文件夹",
        default_value = "jiheng-data",
        help_heading = "选项"
    )]
    pub data: PathBuf,
    /// PostgreSQL 的地址（postgres://…）；不写则用数据文件夹里的 SQLite
    #[arg(long, value_name = "地址", help_heading = "选项")]
    pub database: Option<String>,
}

impl PlaceArgs {
    /// As the server takes it.
    pub fn place(&self) -> Place {
        Place {
            data: self.data.clone(),
            database: self.database.clone(),
        }
    }
}

/// `backup`.
#[derive(Args)]
pub struct BackupArgs {
    #[command(flatten)]
    pub place: PlaceArgs,
    /// 写出的备份；已有的文件不会被覆盖
    #[arg(long, value_name = "文件", help_heading = "选项")]
    pub out: PathBuf,
}

/// `restore`.
#[derive(Args)]
pub struct RestoreArgs {
    /// 备份文件
    #[arg(value_name = "备份", help_heading = "参数")]
    pub backup: PathBuf,
    /// 恢复到哪里：新的或空的文件夹
    #[arg(long, value_name = "文件夹", help_heading = "选项")]
    pub data: PathBuf,
}

/// Backs up, while the platform runs or not.
pub fn backup(args: &BackupArgs) -> Verdict {
    let rows = upkeep::backup(&args.place.place(), &args.out).map_err(Refusal)?;
    output::message(&format!(
        "已备份到 {}，核对无误：审计记录 {rows} 条。日签密钥（{}）不在备份里，请另行保管。",
        args.out.display(),
        upkeep::KEY
    ));
    Ok(CLEAN)
}

/// Restores into a new folder.
pub fn restore(args: &RestoreArgs) -> Verdict {
    let rows = upkeep::restore(&args.backup, &args.data).map_err(Refusal)?;
    output::message(&format!(
        "已恢复到 {}，核对无误：审计记录 {rows} 条。启动：jiheng serve --data {}",
        args.data.display(),
        args.data.display()
    ));
    Ok(CLEAN)
}
