//! An empty folder comes in; a made-up city with a half-finished year, and the passwords of its people, go out.
//!
//! The same city every time; only the passwords are random. Names are invented: nobody is meant.

use crate::desk::http::editor;
use crate::desk::import;
use crate::people::{Role, Scope};
use crate::site::Site;
use crate::store::{
    CampaignId, CampaignState, Context, NewPerson, NewUnit, PersonId, StoreError, UnitId, UnitKind,
    now,
};
use jiheng_engine::read::{Package, SourceFile};
use jiheng_specimen::print::{Format, print};
use jiheng_specimen::{invent, pieces};
use std::fmt::Write;
use std::path::Path;

/// The file that says what a folder is.
const MARK: &str = "演示数据.txt";
/// What it says.
const WORDS: &str = "这里是演示数据，可以随时整个删去。\n";
/// The year that is being evaluated, and the rulebook of the samples.
const RULEBOOK: &str = "cn/hunan/yueyang/2023";
/// Days until the year's task is due.
const DUE: i64 = 6;

/// Whether a folder holds a demonstration.
pub fn is_demo(folder: &Path) -> bool {
    folder.join(MARK).is_file()
}

/// Takes a folder for the demonstration: an empty one, or that of an earlier demonstration.
///
/// # Errors
/// When it holds something else, or a database of one's own is named.
pub fn admit(folder: &Path, database: Option<&str>) -> Result<(), String> {
    if database.is_some() {
        return Err("演示用自己的数据库，不要写 --database。".into());
    }
    if is_demo(folder) {
        return Ok(());
    }
    let holds = std::fs::read_dir(folder).is_ok_and(|mut d| d.next().is_some());
    if holds {
        return Err(format!(
            "{} 里已有别的数据，没有动。演示请用一个空文件夹：--data 文件夹。",
            folder.display()
        ));
    }
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(folder.join(MARK), WORDS))
        .map_err(|e| format!("写不了 {}：{e}。", folder.display()))
}

/// How far a unit of the city has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Come {
    /// Everything is filled.
    Far,
    /// The tables, not yet the report.
    Half,
    /// Not begun.
    Not,
}

/// Units by seed of their package, and how far each has come.
const UNITS: [(u64, Come); 6] = [
    (11, Come::Far),
    (12, Come::Half),
    (13, Come::Far),
    (14, Come::Not),
    (15, Come::Half),
    (16, Come::Not),
];

/// Makes the city where there is none; what to say about it.
///
/// # Errors
/// When the store does not take it.
pub async fn city(site: &Site, folder: &Path) -> Result<String, StoreError> {
    let store = &site.people.store;
    if store.has_people().await? {
        return Ok(format!(
            "演示城市已在 {}；密码在第一次启动时印过。要重新开始，删去这个文件夹。\n",
            folder.display()
        ));
    }
    let ctx = Context::program(now());
    let add = |kind, name: String, code: String, parent: Option<UnitId>| {
        store.add_unit(
            &ctx,
            NewUnit {
                kind,
                name,
                code: Some(code),
                parent,
            },
        )
    };
    let bureau = add(UnitKind::Bureau, "演示市财政局".into(), "100".into(), None).await?;
    let mut words = String::from("演示城市（人名、单位、数字都是编的）。密码只印这一次：\n");
    let mut person = City {
        site,
        ctx: ctx.clone(),
        words: &mut words,
    };
    person
        .add("shenhe", "绩效科 王某某", &bureau, Role::Reviewer)
        .await?;
    person
        .add("xitong", "系统管理员 李某某", &bureau, Role::SystemAdmin)
        .await?;
    person
        .add("anquan", "安全管理员 张某某", &bureau, Role::SecurityAdmin)
        .await?;
    person
        .add("shenji", "审计管理员 陈某某", &bureau, Role::AuditAdmin)
        .await?;
    let campaign = campaign(site, &ctx).await?;
    for (number, (seed, come)) in UNITS.into_iter().enumerate() {
        let plan = invent::plan(seed);
        let code = format!("{}", 201 + number);
        let department = add(
            UnitKind::Department,
            plan.unit.clone(),
            code.clone(),
            Some(bureau.clone()),
        )
        .await?;
        let login = format!("tianbao{}", number + 1);
        let clerk = person
            .add(
                &login,
                &format!("{} 填表人", plan.short),
                &department,
                Role::Preparer,
            )
            .await?;
        if number == 0 {
            person
                .add(
                    "fuzeren",
                    &format!("{} 负责人", plan.short),
                    &department,
                    Role::UnitHead,
                )
                .await?;
            person
                .add(
                    "caiwu",
                    &format!("{} 财务", plan.short),
                    &department,
                    Role::DepartmentFinance,
                )
                .await?;
        }
        let filing = store.begin_filing(&ctx, &campaign, &department).await?;
        if come != Come::Not {
            let bytes = print(&pieces(&plan), Format::Docx);
            fill(site, &clerk, &filing, bytes, come).await?;
        }
        for (below, name) in plan.subordinates.iter().take(2).enumerate() {
            let code = format!("{code}{:03}", below + 1);
            add(UnitKind::Unit, name.clone(), code, Some(department.clone())).await?;
        }
    }
    Ok(words)
}

async fn campaign(site: &Site, ctx: &Context) -> Result<CampaignId, StoreError> {
    let store = &site.people.store;
    let due = Some(ctx.now + DUE * 24 * 3_600_000);
    let title = "2023年度部门整体支出和项目支出绩效自评";
    let campaign = store.add_campaign(ctx, 2023, title, RULEBOOK, due).await?;
    store
        .set_campaign_state(ctx, &campaign, CampaignState::Open)
        .await?;
    Ok(campaign)
}

/// Adds people and writes their passwords down.
struct City<'a> {
    site: &'a Site,
    ctx: Context,
    words: &'a mut String,
}

impl City<'_> {
    async fn add(
        &mut self,
        login: &str,
        name: &str,
        unit: &UnitId,
        role: Role,
    ) -> Result<PersonId, StoreError> {
        let people = &self.site.people;
        let new = NewPerson {
            unit: unit.clone(),
            login: login.into(),
            name: name.into(),
        };
        let person = people.store.add_person(&self.ctx, new).await?;
        people.store.grant(&self.ctx, &person, unit, role).await?;
        let password = crate::store::id::secret()[..14].to_string();
        let invited = people.invite(&self.ctx, &person).await?;
        people.redeem(&invited.token, &password, now()).await?;
        let _ = writeln!(
            self.words,
            "  {login:<10} {password}  {}（{name}）",
            role.label()
        );
        Ok(person)
    }
}

/// Fills a filing from a package, as its clerk would by importing it.
async fn fill(
    site: &Site,
    clerk: &PersonId,
    filing: &crate::store::FilingId,
    bytes: Vec<u8>,
    come: Come,
) -> Result<(), StoreError> {
    let (desk, store) = (&site.desk, &site.people.store);
    let program = Context::program(now());
    let person = store
        .person(&program, clerk)
        .await?
        .ok_or(StoreError::Missing)?;
    let ctx = Context {
        person: Some(clerk.clone()),
        pseudonym: person.pseudonym,
        scope: Scope::everything(),
        now: now(),
    };
    let shelf = desk.shelf;
    let read = tokio::task::spawn_blocking(move || {
        let file = SourceFile {
            name: "自评材料.docx".into(),
            bytes,
        };
        jiheng_engine::evaluate(&Package { files: vec![file] }, shelf, Some(RULEBOOK))
    });
    let read = read
        .await
        .map_err(|e| StoreError::Database(e.to_string()))?;
    let read = read.map_err(|_| StoreError::Missing)?;
    let checked = desk.check(&ctx, filing).await?.ok_or(StoreError::Missing)?;
    let mut moves = import::plan(&checked.opened, &read).moves;
    if come == Come::Half {
        // The tables are there; of the projects one is still missing, and so is the report.
        let last = moves.iter().rposition(|m| m.form == "project");
        if let Some(last) = last {
            moves.remove(last);
        }
        moves.retain(|m| m.form != crate::desk::filing::REPORT);
    }
    editor::apply(desk, &ctx, filing, &checked, moves).await?;
    Ok(())
}
