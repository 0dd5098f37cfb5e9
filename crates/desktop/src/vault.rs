//! The key of a person's store. It is random, lies in the system's keyring where there is one, and lies beside the store
//! wrapped by the person's passphrase: so a lost keyring locks nobody out, and a stolen disk opens nothing.

use crate::failure::of_file;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _},
};
use domain::people::Role;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{path::Path, time::Duration};
use store::Key;
use wire::{Code, Failure};
use zeroize::Zeroizing;

/// Argon2id for the local passphrase: 64 MiB, 3 passes, 1 lane; about a quarter of a second on an office PC.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// The keyring of a locked desktop session may ask and wait; after this we go on without.
const KEYRING_WAIT: Duration = Duration::from_secs(4);
const KEYRING_SERVICE: &str = "tw.proteacher.desktop";

/// The card beside a store: who it belongs to and the wrapped key. Nothing on it is secret by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The account's name.
    pub(crate) account: String,
    /// The person's name, for the list on the sign-in page.
    pub(crate) name: String,
    /// The part.
    pub(crate) role: Role,
    /// The service's address.
    pub(crate) server: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    wrapped: String,
}

/// The folder name of a person at a service.
pub(crate) fn folder_name(server: &str, account: &str) -> String {
    hex::encode(&Sha256::digest(format!("{server}\n{account}"))[..12])
}

/// A fresh key and its card.
pub(crate) fn new_key(
    account: &str,
    name: &str,
    role: Role,
    server: &str,
    passphrase: &str,
) -> Result<(Key, Card), Failure> {
    let mut bytes = [0_u8; 32];
    random(&mut bytes)?;
    let key = Key::new(bytes);
    let mut card = Card {
        account: account.to_owned(),
        name: name.to_owned(),
        role,
        server: server.to_owned(),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        salt: String::new(),
        nonce: String::new(),
        wrapped: String::new(),
    };
    card.wrap(&key, passphrase)?;
    Ok((key, card))
}

impl Card {
    /// Wraps the key anew, after a change of passphrase.
    pub(crate) fn wrap(&mut self, key: &Key, passphrase: &str) -> Result<(), Failure> {
        let (mut salt, mut nonce) = ([0_u8; 16], [0_u8; 24]);
        random(&mut salt)?;
        random(&mut nonce)?;
        (self.memory_kib, self.passes) = (MEMORY_KIB, PASSES);
        let cipher = self.cipher(&salt, passphrase)?;
        let wrapped = cipher.encrypt(&XNonce::from(nonce), key.bytes().as_slice()).map_err(|_| internal("wrapping"))?;
        (self.salt, self.nonce, self.wrapped) = (hex::encode(salt), hex::encode(nonce), hex::encode(wrapped));
        Ok(())
    }

    /// The key, when the passphrase is right.
    ///
    /// # Errors
    /// `wrong_passphrase`.
    pub(crate) fn unwrap_key(&self, passphrase: &str) -> Result<Key, Failure> {
        let wrong = || Failure::new(Code::WrongPassphrase, "the passphrase does not open the key");
        let salt = hex::decode(&self.salt).map_err(|_| wrong())?;
        let nonce: [u8; 24] = hex::decode(&self.nonce).ok().and_then(|n| n.try_into().ok()).ok_or_else(wrong)?;
        let wrapped = hex::decode(&self.wrapped).map_err(|_| wrong())?;
        let plain = self.cipher(&salt, passphrase)?.decrypt(&XNonce::from(nonce), wrapped.as_slice());
        let plain = Zeroizing::new(plain.map_err(|_| wrong())?);
        Ok(Key::new(plain.as_slice().try_into().map_err(|_| wrong())?))
    }

    fn cipher(&self, salt: &[u8], passphrase: &str) -> Result<XChaCha20Poly1305, Failure> {
        let params = Params::new(self.memory_kib, self.passes, 1, Some(32)).map_err(|_| internal("parameters"))?;
        let mut derived = Zeroizing::new([0_u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), salt, derived.as_mut_slice())
            .map_err(|_| internal("derivation"))?;
        Ok(XChaCha20Poly1305::new(&(*derived).into()))
    }

    /// Reads the card of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, Failure> {
        let path = folder.join("card.json");
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|_| Failure::new(Code::StoreDamaged, "the card beside the store cannot be read")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(of_file(&path, &error)),
        }
    }

    /// Writes the card, whole or not at all: without it only the keyring opens the store.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Failure> {
        use std::io::Write as _;
        let (path, new) = (folder.join("card.json"), folder.join("card.json.new"));
        let bytes = serde_json::to_vec_pretty(self).map_err(|_| internal("card"))?;
        let written = std::fs::File::create(&new)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&new, &path));
        written.map_err(|error| of_file(&path, &error))
    }
}

/// The key in the system's keyring, if there is a keyring and it has one.
pub(crate) async fn keyring_get(folder: String) -> Option<Key> {
    let secret = keyring(move || keyring::Entry::new(KEYRING_SERVICE, &folder)?.get_secret()).await?;
    let secret = Zeroizing::new(secret);
    Some(Key::new(secret.as_slice().try_into().ok()?))
}

/// Puts the key into the system's keyring; whether it took it.
pub(crate) async fn keyring_put(folder: String, key: &Key) -> bool {
    let bytes = Zeroizing::new(*key.bytes());
    keyring(move || keyring::Entry::new(KEYRING_SERVICE, &folder)?.set_secret(bytes.as_slice())).await.is_some()
}

/// Takes the key out of the system's keyring.
pub(crate) async fn keyring_drop(folder: String) {
    keyring(move || keyring::Entry::new(KEYRING_SERVICE, &folder)?.delete_credential()).await;
}

async fn keyring<T: Send + 'static>(act: impl FnOnce() -> keyring::Result<T> + Send + 'static) -> Option<T> {
    let work = tokio::task::spawn_blocking(act);
    match tokio::time::timeout(KEYRING_WAIT, work).await {
        Ok(Ok(Ok(done))) => Some(done),
        Ok(Ok(Err(error))) => {
            tracing::debug!(%error, "no key from the system's keyring");
            None
        }
        _ => {
            tracing::debug!("the system's keyring did not answer");
            None
        }
    }
}

fn random(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|_| internal("randomness"))
}

fn internal(what: &str) -> Failure {
    Failure::new(Code::Internal, format!("the key could not be handled: {what}"))
}
