//! Changes come in from many tasks; each goes out acknowledged once it is synced to disk, many to one sync.
//!
//! One task writes. It takes all changes that wait, runs each in a savepoint of one transaction, commits once, and only
//! then answers. A change that fails undoes itself and its audit rows and nobody else's. On PostgreSQL the head of the
//! audit chain is locked for the length of the transaction, so several servers take turns.

use super::sql::{Link, args};
use super::{Result, StoreError};
use crate::audit::Head;
use sqlx::{PgPool, SqlitePool};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};

/// How many changes share one commit at most.
const MOST_IN_ONE_COMMIT: usize = 256;

/// How many changes may wait before askers wait too.
const MOST_WAITING: usize = 4096;

/// A change in progress: the connection and the head of the audit chain.
pub(crate) struct Tx {
    pub link: Link,
    pub head: Head,
    /// Audit rows written by this change.
    pub traces: usize,
}

/// A future that borrows the change in progress.
pub(crate) type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

type Answer = Box<dyn FnOnce(Result<()>) + Send>;
type Ran<'t> = Pin<Box<dyn Future<Output = (bool, Answer)> + Send + 't>>;
type Job = Box<dyn for<'t> FnOnce(&'t mut Tx) -> Ran<'t> + Send>;

/// Where the writer's connection comes from.
#[derive(Clone)]
pub(crate) enum Source {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Source {
    pub async fn link(&self) -> Result<Link> {
        Ok(match self {
            Source::Sqlite(pool) => Link::Sqlite(pool.acquire().await?),
            Source::Postgres(pool) => Link::Postgres(pool.acquire().await?),
        })
    }

    /// A connection that is closed, not given back, when it is dropped.
    pub async fn own_link(&self) -> Result<Link> {
        let mut link = self.link().await?;
        match &mut link {
            Link::Sqlite(c) => c.close_on_drop(),
            Link::Postgres(c) => c.close_on_drop(),
        }
        Ok(link)
    }
}

/// The door to the writing task.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    stop: Arc<Notify>,
}

impl Writer {
    /// Starts the writing task; at most `together` changes share a commit.
    pub fn start(source: Source, together: usize) -> Writer {
        let (jobs, waiting) = mpsc::channel(MOST_WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let stop = Arc::new(Notify::new());
        let stopped = stop.clone();
        let together = together.clamp(1, MOST_IN_ONE_COMMIT);
        tokio::spawn(async move {
            // A change that panics takes its batch with it, unacknowledged, and the next batch begins on a new connection.
            while tokio::spawn(write_all(
                source.clone(),
                waiting.clone(),
                stopped.clone(),
                together,
            ))
            .await
            .is_err()
            {}
        });
        Writer { jobs, stop }
    }

    /// How many changes wait.
    pub fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Takes no more changes; those that wait are still made.
    pub fn stop(&self) {
        self.stop.notify_one();
    }

    /// Runs a change and comes back when it is on disk.
    ///
    /// A change that leaves no audit row is refused, unless it is `silent`.
    pub async fn write<T, F>(&self, silent: bool, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        let (done, answered) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            Box::pin(async move {
                tx.traces = 0;
                let mut result = change(tx).await;
                if result.is_ok() && tx.traces == 0 && !silent {
                    result = Err(StoreError::Database("a change left no audit row".into()));
                }
                let ok = result.is_ok();
                let answer: Answer = Box::new(move |committed: Result<()>| {
                    // Whoever asked may be gone: the change is made all the same.
                    let _ = done.send(match result {
                        Ok(value) => committed.map(|()| value),
                        Err(e) => Err(e),
                    });
                });
                (ok, answer)
            })
        });
        self.jobs.send(job).await.map_err(|_| StoreError::Lost)?;
        answered.await.map_err(|_| StoreError::Lost)?
    }
}

async fn write_all(
    source: Source,
    waiting: Arc<Mutex<mpsc::Receiver<Job>>>,
    stop: Arc<Notify>,
    together: usize,
) {
    let mut waiting = waiting.lock().await;
    let mut batch = Vec::with_capacity(together);
    let mut kept = None;
    loop {
        tokio::select! {
            biased;
            () = stop.notified() => {
                waiting.close();
                continue;
            }
            taken = waiting.recv_many(&mut batch, together) => if taken == 0 {
                return;
            }
        }
        let mut answers = Vec::with_capacity(batch.len());
        let outcome = write_together(&source, &mut kept, batch.drain(..), &mut answers).await;
        for answer in answers {
            answer(outcome.clone());
        }
    }
}

/// One transaction for all of them; `answers` holds those that ran. The connection is kept for the next batch if it is sound.
async fn write_together(
    source: &Source,
    kept: &mut Option<Link>,
    batch: impl Iterator<Item = Job>,
    answers: &mut Vec<Answer>,
) -> Result<()> {
    let (link, head) = match kept.take() {
        Some(mut link) => match begin(&mut link).await {
            Ok(head) => (link, head),
            // The database was restarted since: nothing ran yet, so a new connection may try.
            Err(_) => {
                drop(link);
                begin_anew(source).await?
            }
        },
        None => begin_anew(source).await?,
    };
    let mut tx = Tx {
        link,
        head,
        traces: 0,
    };
    let outcome = match run_each(&mut tx, batch, answers).await {
        Ok(()) => tx.link.run("COMMIT", vec![]).await,
        Err(e) => Err(e),
    };
    // On a failed batch the connection is closed by dropping it, and what it had begun with it.
    outcome?;
    *kept = Some(tx.link);
    Ok(())
}

async fn begin_anew(source: &Source) -> Result<(Link, Head)> {
    let mut link = source.own_link().await?;
    let head = begin(&mut link).await?;
    Ok((link, head))
}

async fn run_each(
    tx: &mut Tx,
    batch: impl Iterator<Item = Job>,
    answers: &mut Vec<Answer>,
) -> Result<()> {
    for job in batch {
        tx.link.run("SAVEPOINT one", vec![]).await?;
        let before = tx.head.clone();
        let (ok, answer) = job(tx).await;
        answers.push(answer);
        if !ok {
            tx.head = before;
            tx.link.run("ROLLBACK TO SAVEPOINT one", vec![]).await?;
        }
        tx.link.run("RELEASE SAVEPOINT one", vec![]).await?;
    }
    let head = tx.head.clone();
    head.keep(&mut tx.link).await
}

/// Begins the transaction that writes, and reads the head of the chain under its lock.
async fn begin(link: &mut Link) -> Result<Head> {
    let (start, lock) = if link.is_sqlite() {
        ("BEGIN IMMEDIATE", "")
    } else {
        ("BEGIN", " FOR UPDATE")
    };
    link.run(start, vec![]).await?;
    let sql = format!("SELECT seq, hash FROM chain WHERE one = $1{lock}");
    let row = link.row(super::sql::made(sql), args![1]).await?;
    let row = row.ok_or_else(|| StoreError::Database("the audit chain has no head".into()))?;
    Ok(Head::at(row.int(0)?, row.text(1)?))
}
