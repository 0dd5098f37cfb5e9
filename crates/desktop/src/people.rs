//! Signing in and out, unlocking without a network, several people on one computer, and what each chose.

use crate::{
    Desktop,
    failure::{of_file, of_store},
    rules::KnownRules,
    seat::{Seat, ServiceMemory},
    vault::{self, Card},
};
use domain::{people::Actor, workflow::advanced};
use serde_json::json;
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};
use store::{Key, Store};
use tokio::sync::RwLock;
use wire::{
    Code, Failure,
    http::{PROTOCOL, SignIn},
    rpc::{SignInRequest, UnlockRequest},
    views::{KnownPerson, SessionView, Settings, StatusView},
};

impl Desktop {
    fn folder(&self, account: &str) -> (String, PathBuf) {
        let name = vault::folder_name(&self.config.server, account);
        let path = self.config.data.join("people").join(&name);
        (name, path)
    }

    /// Signs in at the service and opens the person's store, which is made the first time.
    ///
    /// # Errors
    /// `offline`, `wrong_password`, `too_many_tries`; `wrong_passphrase` when the store was closed with another password and
    /// no keyring helps; faults of the store.
    pub async fn sign_in_with(&self, request: SignInRequest) -> Result<(), Failure> {
        let account = request.account.trim().to_owned();
        let hello = self.line.hello().await.inspect_err(|_| self.set_online(false))?;
        self.set_online(true);
        if hello.minimum_protocol > PROTOCOL {
            let params = json!({ "minimum": hello.minimum_protocol });
            return Err(Failure::with(Code::ProgramTooOld, params, "the service speaks a newer language"));
        }
        let session =
            self.line.sign_in(&SignIn { account: account.clone(), password: request.password.clone() }).await?;
        let passphrase = self.config.passphrase.clone().unwrap_or(request.password);
        let (folder, path) = self.folder(&account);
        std::fs::create_dir_all(&path).map_err(|error| of_file(&path, &error))?;
        let key = match Card::read(&path)? {
            None => {
                let person = &session.actor.person;
                let server = &self.config.server;
                let (key, card) = vault::new_key(&account, &person.name, session.actor.role, server, &passphrase)?;
                card.write(&path)?;
                key
            }
            Some(card) => self.known_key(card, &folder, &path, &passphrase).await?,
        };
        let store = Store::open(&path.join("store.db"), &key).await.map_err(of_store)?;
        if self.config.keyring {
            vault::keyring_put(folder.clone(), &key).await;
        }
        let seat = Seat {
            folder,
            actor: session.actor,
            store,
            token: RwLock::new(Some(session.token)),
            rules: KnownRules::default(),
        };
        seat.check_service(&hello.service_id).await?;
        let memory = seat.memory().await?;
        let memory = ServiceMemory {
            service_id: Some(hello.service_id),
            plan_year: Some(hello.plan_year),
            synced_at: memory.synced_at,
            behind: self.set_clock(hello.now),
        };
        seat.remember(&memory).await?;
        seat.store.put_meta("actor", &json!(seat.actor)).await.map_err(of_store)?;
        seat.store.put_meta("token", &json!(seat.token().await)).await.map_err(of_store)?;
        self.sit(seat).await;
        Ok(())
    }

    /// The key of a store that is there already. After a change of password the keyring still opens it, and the card is
    /// written anew for the new one.
    async fn known_key(
        &self,
        mut card: Card,
        folder: &str,
        path: &std::path::Path,
        passphrase: &str,
    ) -> Result<Key, Failure> {
        match card.unwrap_key(passphrase) {
            Ok(key) => Ok(key),
            Err(wrong) => {
                let kept = if self.config.keyring { vault::keyring_get(folder.to_owned()).await } else { None };
                let key = kept.ok_or(wrong)?;
                card.wrap(&key, passphrase)?;
                card.write(path)?;
                Ok(key)
            }
        }
    }

    /// Opens the store of a known person without the service.
    ///
    /// # Errors
    /// `not_found` for an account that never signed in here; `wrong_passphrase`; faults of the store.
    pub async fn unlock_with(&self, request: UnlockRequest) -> Result<(), Failure> {
        let (folder, path) = self.folder(&request.account);
        let card = Card::read(&path)?
            .ok_or_else(|| Failure::new(Code::NotFound, "this account has not signed in on this computer"))?;
        let key = match request.passphrase.or_else(|| self.config.passphrase.clone()) {
            Some(passphrase) => card.unwrap_key(&passphrase)?,
            None if self.config.keyring => vault::keyring_get(folder.clone())
                .await
                .ok_or_else(|| Failure::new(Code::WrongPassphrase, "the keyring has no key for this store"))?,
            None => return Err(Failure::new(Code::WrongPassphrase, "a passphrase is needed")),
        };
        let store = Store::open(&path.join("store.db"), &key).await.map_err(of_store)?;
        let actor = store.meta("actor").await.map_err(of_store)?;
        let actor: Actor = actor
            .and_then(|actor| serde_json::from_value(actor).ok())
            .ok_or_else(|| Failure::new(Code::StoreDamaged, "the store does not know its person"))?;
        let token = store.meta("token").await.map_err(of_store)?.and_then(|token| token.as_str().map(str::to_owned));
        self.sit(Seat { folder, actor, store, token: RwLock::new(token), rules: KnownRules::default() }).await;
        Ok(())
    }

    async fn sit(&self, seat: Seat) {
        let settings = seat.store.meta("settings").await.ok().flatten();
        if let Some(settings) = settings.and_then(|settings| serde_json::from_value::<Settings>(settings).ok()) {
            *self.settings.write().await = settings;
        }
        if let Err(failure) = seat.load_rules().await {
            // What ships holds then, and the next sync tries again.
            tracing::error!(code = %failure.code, "the rules of the county cannot be read");
        }
        // Without a line the clock is as wrong as it was when there was one.
        if let Ok(memory) = seat.memory().await {
            self.behind.store(memory.behind, Ordering::Relaxed);
        }
        *self.seat.write().await = Some(Arc::new(seat));
        self.nudge.notify_one();
    }

    /// Closes the store; the session stays, so that unlocking needs no network.
    ///
    /// # Errors
    /// None that a person can do something about; kept for the shape of commands.
    pub async fn lock_seat(&self) -> Result<(), Failure> {
        let _quiet = self.sync.lock().await;
        self.seat.write().await.take();
        self.sweep_prints().await;
        Ok(())
    }

    /// Ends the session, here and at the service if it can be reached, and closes the store. Nothing is deleted.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn sign_out_here(&self) -> Result<(), Failure> {
        let seat = self.seat().await?;
        if let Some(token) = seat.token.write().await.take()
            && let Err(failure) = self.line.sign_out(&token).await
        {
            tracing::info!(code = %failure.code, "the service was not told of the sign-out");
        }
        seat.store.put_meta("token", &json!(null)).await.map_err(of_store)?;
        if self.config.keyring {
            vault::keyring_drop(seat.folder.clone()).await;
        }
        drop(seat);
        self.lock_seat().await
    }

    /// The people with a store on this computer.
    fn known_people(&self) -> Vec<KnownPerson> {
        let folder = self.config.data.join("people");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let cards = entries.filter_map(|entry| Card::read(&entry.path()).ok().flatten());
        let ours = cards.filter(|card| card.server == self.config.server);
        let mut known: Vec<_> =
            ours.map(|card| KnownPerson { account: card.account, name: card.name, role: card.role }).collect();
        known.sort_by(|a, b| a.name.cmp(&b.name));
        known
    }

    /// Who is at the program.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn session(&self) -> Result<SessionView, Failure> {
        let seat = self.seat.read().await.clone();
        Ok(SessionView {
            actor: seat.as_ref().map(|seat| seat.actor.clone()),
            known: self.known_people(),
            server: self.config.server.clone(),
            status: self.status_view().await?,
            settings: self.settings.read().await.clone(),
        })
    }

    /// The connection and what waits.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn status_view(&self) -> Result<StatusView, Failure> {
        let seat = self.seat.read().await.clone();
        let Some(seat) = seat else {
            let online = self.is_online();
            return Ok(StatusView { online, waiting: 0, refused: 0, unread: 0, sign_in_again: false, synced_at: None });
        };
        let outbox = seat.store.outbox(None).await.map_err(of_store)?;
        let refused = outbox.iter().filter(|item| item.refused.is_some()).count();
        let drafts = seat.store.changed_drafts().await.map_err(of_store)?;
        // What somebody writes about another person's case goes along with the act, and waits for nothing else.
        let drafts = drafts.iter().filter(|(_, form)| !advanced::is_sheet(form)).count();
        let profile = usize::from(seat.typed_profile().await?.is_some_and(|typed| typed.refused.is_none()));
        let unread = seat.store.unread_count().await.map_err(of_store)?;
        Ok(StatusView {
            online: self.is_online(),
            waiting: u32::try_from(outbox.len() - refused + drafts + profile).unwrap_or(u32::MAX),
            refused: u32::try_from(refused).unwrap_or(u32::MAX),
            unread,
            sign_in_again: seat.token().await.is_none(),
            synced_at: seat.memory().await?.synced_at,
        })
    }

    /// Keeps the person's choices; before anybody signed in, the computer's.
    ///
    /// # Errors
    /// Faults of the store or the disk.
    pub async fn put_settings(&self, settings: Settings) -> Result<(), Failure> {
        if let Some(seat) = self.seat.read().await.clone() {
            seat.store.put_meta("settings", &json!(settings)).await.map_err(of_store)?;
        }
        let path = self.settings_file();
        let text = serde_json::to_vec_pretty(&settings).map_err(|e| Failure::new(Code::Internal, e.to_string()))?;
        tokio::fs::write(&path, text).await.map_err(|error| of_file(&path, &error))?;
        *self.settings.write().await = settings;
        Ok(())
    }

    pub(crate) async fn read_settings(&self) {
        let kept = tokio::fs::read(self.settings_file()).await.ok();
        if let Some(settings) = kept.and_then(|kept| serde_json::from_slice(&kept).ok()) {
            *self.settings.write().await = settings;
        }
    }

    fn settings_file(&self) -> PathBuf {
        self.config.data.join("settings.json")
    }
}

impl Seat {
    /// A store belongs to one service. Meeting another one under the same address must not move or delete anything.
    pub(crate) async fn check_service(&self, service_id: &str) -> Result<(), Failure> {
        match self.memory().await?.service_id {
            Some(known) if known != service_id => {
                Err(Failure::new(Code::OtherService, "the store belongs to another service"))
            }
            _ => Ok(()),
        }
    }
}
