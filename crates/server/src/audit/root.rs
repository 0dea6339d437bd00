//! The chain's last row of a day comes in; its signature, and whether one holds, go out.

use super::{from_hex, hex};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// A day's last row, signed by the server (日签).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRoot {
    /// The day, as 2026-05-08 (Chinese time).
    pub day: String,
    /// Number of its last row.
    pub seq: i64,
    /// Hash of that row.
    pub hash: String,
    /// Public key (ed25519), hexadecimal.
    pub key: String,
    /// Signature, hexadecimal.
    pub signature: String,
}

impl DayRoot {
    fn message(day: &str, seq: i64, hash: &str) -> Vec<u8> {
        format!("jiheng day 1\n{day}\n{seq}\n{hash}\n").into_bytes()
    }

    /// Whether the signature is that of the key that stands beside it.
    ///
    /// Whose key it is must be known from elsewhere: the server prints it, and an export names it.
    pub fn holds(&self) -> bool {
        let parts = || {
            let key: [u8; 32] = from_hex(&self.key)?.try_into().ok()?;
            let signature: [u8; 64] = from_hex(&self.signature)?.try_into().ok()?;
            let key = VerifyingKey::from_bytes(&key).ok()?;
            let message = DayRoot::message(&self.day, self.seq, &self.hash);
            key.verify_strict(&message, &Signature::from_bytes(&signature))
                .ok()
        };
        parts().is_some()
    }
}

/// The server's key for signing days.
#[derive(Clone)]
pub struct Signer(SigningKey);

impl Signer {
    /// Reads the key from a file, or makes one that only its owner can read.
    pub fn open(path: &Path) -> io::Result<Signer> {
        match fs::read(path) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                let key = from_hex(text.trim()).and_then(|b| <[u8; 32]>::try_from(b).ok());
                key.map(|k| Signer(SigningKey::from_bytes(&k)))
                    .ok_or_else(|| {
                        io::Error::new(
                            io::ErrorKind::InvalidData,
                            format!("{} 不是签名密钥", path.display()),
                        )
                    })
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Signer::make(path),
            Err(e) => Err(e),
        }
    }

    fn make(path: &Path) -> io::Result<Signer> {
        let mut key = [0u8; 32];
        crate::store::id::fill(&mut key);
        let beside = path.with_extension("new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(&beside)?;
        file.write_all(hex(&key).as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        Ok(Signer(SigningKey::from_bytes(&key)))
    }

    /// The public key, hexadecimal.
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// Signs a day's last row.
    pub fn sign(&self, day: &str, seq: i64, hash: &str) -> DayRoot {
        let signature = self.0.sign(&DayRoot::message(day, seq, hash));
        DayRoot {
            day: day.to_string(),
            seq,
            hash: hash.to_string(),
            key: self.public(),
            signature: hex(&signature.to_bytes()),
        }
    }
}
