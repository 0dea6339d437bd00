//! A password comes in; its Argon2id hash, or whether it fits one, goes out, a few at a time.

use crate::store::{Result, StoreError};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes passwords away from the tasks that answer requests; each takes 19 MB while it runs, so few run at once.
#[derive(Clone)]
pub struct Hasher {
    places: Arc<Semaphore>,
    /// Fits no password: verified where there is no account, so that both take as long.
    nobody: Arc<str>,
}

impl Hasher {
    /// At most this many at once.
    pub fn new(at_once: usize) -> Hasher {
        let nobody = hash(&crate::store::id::secret()).unwrap_or_default();
        Hasher {
            places: Arc::new(Semaphore::new(at_once.max(1))),
            nobody: nobody.into(),
        }
    }

    /// The hash of a password, as a PHC string.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_string();
        self.run(move || hash(&password)).await?
    }

    /// Whether a password fits a hash. Takes its time without a hash too, and says no.
    pub async fn fits(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let password = password.to_string();
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.nobody).to_string();
        let fits = self
            .run(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| {
                    Argon2::default()
                        .verify_password(password.as_bytes(), &hash)
                        .is_ok()
                })
            })
            .await?;
        Ok(fits && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(|_| StoreError::Lost)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        })
        .await
        .map_err(|_| StoreError::Lost)
    }
}

fn hash(password: &str) -> Result<String> {
    let mut salt = [0u8; 16];
    crate::store::id::fill(&mut salt);
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|e| StoreError::Database(e.to_string()))
}
