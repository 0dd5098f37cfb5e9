//! 訊息通知: the messages of this person, with the office's words.

use crate::{Desktop, failure::of_store};
use domain::{form::Packs, ids::NoticeId};
use wire::{Failure, rpc::NoticeList, views::NoticeRow};

impl Desktop {
    /// The messages, newest first.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn list_notices(&self) -> Result<NoticeList, Failure> {
        let seat = self.seat().await?;
        let mut rows = Vec::new();
        for notice in seat.store.notices().await.map_err(of_store)? {
            // The words it came with; for one from before messages had any, this program's own.
            let own = || Packs::built_in().notice(notice.kind).cloned();
            let Some(text) = notice.words.or_else(own) else { continue };
            let case = seat.store.case(notice.case).await.map_err(of_store)?.map(|kept| kept.case.id);
            rows.push(NoticeRow {
                id: notice.id,
                title: text.title,
                body: text.body,
                case,
                at: notice.at,
                read: notice.read,
            });
        }
        rows.sort_by(|a, b| b.at.cmp(&a.at).then(b.id.cmp(&a.id)));
        Ok(NoticeList { rows })
    }

    /// 確認.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn read_notice(&self, notice: NoticeId) -> Result<NoticeList, Failure> {
        let seat = self.seat().await?;
        seat.store.mark_read(notice).await.map_err(of_store)?;
        self.list_notices().await
    }
}
