//! PostgreSQL's programs come in, where they are installed; a private cluster on a socket in a folder of its own goes out.

use super::Folder;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A cluster that lives as long as the test program.
pub struct Cluster {
    folder: Folder,
    programs: PathBuf,
}

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();

/// The address of a new, empty database; `None`, with a line on stderr, where PostgreSQL is not installed.
pub fn database() -> Option<String> {
    Some(CLUSTER.get_or_init(start).as_ref()?.database())
}

/// A cluster for a test that takes it down.
pub fn own() -> Option<Cluster> {
    start()
}

fn start() -> Option<Cluster> {
    let Some(programs) = programs() else {
        eprintln!("skipped: PostgreSQL is not installed (Debian: apt-get install postgresql)");
        return None;
    };
    let folder = Folder::new("pg");
    let cluster = Cluster { folder, programs };
    if is_root() {
        let owner = cluster.folder.0.clone();
        let owned = Command::new("chown").arg("postgres").arg(owner).status();
        assert!(owned.is_ok_and(|s| s.success()), "chown postgres");
    }
    let data = cluster.folder.path("data");
    let made = cluster.run(
        "initdb",
        &[
            "-D",
            &data,
            "-U",
            "jiheng",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ],
    );
    assert!(made, "initdb");
    cluster.go();
    // A static is never dropped: a shell waits for this program's end and takes the cluster down.
    let stop = format!(
        "while ps -p {} >/dev/null; do sleep 0.3; done; {} -D {data} -m immediate stop; rm -rf {}",
        std::process::id(),
        cluster.programs.join("pg_ctl").display(),
        cluster.folder.0.display(),
    );
    let mut shell = cluster.command(Path::new("sh"));
    shell.args(["-c", &stop]);
    let _ = shell.stderr(Stdio::null()).spawn();
    Some(cluster)
}

impl Cluster {
    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let made = self.run("createdb", &["-h", &self.socket(), "-U", "jiheng", &name]);
        assert!(made, "createdb {name}");
        format!("postgres://jiheng@localhost/{name}?host={}", self.socket())
    }

    /// Starts it, after a crash too.
    pub fn go(&self) {
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200",
            self.socket()
        );
        let (data, log) = (self.folder.path("data"), self.folder.path("log"));
        let started = self.run(
            "pg_ctl",
            &[
                "-D", &data, "-l", &log, "-w", "-t", "60", "-o", &options, "start",
            ],
        );
        assert!(started, "pg_ctl start");
    }

    /// Ends all its processes at once, as a crash does: nothing is written any more.
    pub fn crash(&self) {
        let data = self.folder.path("data");
        let args = ["-D", &data, "-m", "immediate", "-w", "stop"];
        assert!(self.run("pg_ctl", &args), "pg_ctl stop");
    }

    fn socket(&self) -> String {
        self.folder.0.to_string_lossy().into_owned()
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &Path) -> Command {
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .current_dir(&self.folder.0)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    fn run(&self, program: &str, args: &[&str]) -> bool {
        let mut command = self.command(&self.programs.join(program));
        command.args(args).status().is_ok_and(|s| s.success())
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|o| o.stdout == b"0\n")
}

/// The newest version's folder.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|e| Some(e.ok()?.path().join("bin")))
        .filter(|p| p.join("initdb").is_file() && p.join("pg_ctl").is_file())
        .collect();
    found.sort();
    found.pop()
}
