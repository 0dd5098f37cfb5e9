//! What the service has that is new here: pages of changes, asked for one behind the other, read beside each other, and taken
//! together with the cursor behind them.

use crate::{Desktop, Seat, failure::of_store, line::Line};
use domain::{
    draft::DraftHead, form::FormId, ids::CaseId, outline::Outline, paper::PrintedRevision, policy::CountyRuleSet,
    record::PersonRecord,
};
use std::collections::BTreeSet;
use store::{KeptNotice, ToldCase};
use tokio::{sync::mpsc, task::JoinHandle};
use wire::{
    Code, Failure,
    http::{ChangesPage, SeenNotice, WrittenCase},
    views::SyncReport,
};

impl Desktop {
    /// Takes what is new: the pages that have come by now, with the cursor behind them, in one transaction, while the next are on
    /// their way. A county's first pull is some ten thousand cases, and a transaction waits for the disk.
    pub(crate) async fn pull(&self, seat: &Seat, token: &str, report: &mut SyncReport) -> Result<(), Failure> {
        let mut came = Vec::new();
        let after = seat.store.cursor().await.map_err(of_store)?;
        let mut coming = Coming::begin(&self.line, token, after);
        let mut more = true;
        while let Some(first) = coming.pages.recv().await {
            let mut page = first?;
            let mut broke = None;
            while page.cases.len() < TOGETHER {
                match coming.pages.try_recv() {
                    Ok(Ok(next)) => page.append(next),
                    Ok(Err(failure)) => broke = Some(failure),
                    Err(_) => break,
                }
            }
            report.received += u32::try_from(page.cases.len() + page.drafts.len() + page.notices.len()).unwrap_or(0);
            came.extend(page.cases.iter().map(|told| told.outline.case.id));
            // A version never changes: taken twice it is one, so it may go in before the cursor moves.
            seat.take_rules(&page.rule_sets).await?;
            // Told whole, so it may go in before the cursor moves too.
            if let Some(record) = &page.record {
                seat.keep_record(record).await?;
            }
            let Page { cursor, cases, drafts, notices, gone, .. } = page;
            more = page.more;
            seat.store.take_changes(cursor, cases, drafts, notices, gone).await.map_err(of_store)?;
            // What came before the line broke is taken; it need not come again.
            if let Some(failure) = broke {
                return Err(failure);
            }
        }
        if more {
            return Err(Failure::new(Code::Internal, "a page was not read"));
        }
        self.fetch_corrected(seat, token, &came).await
    }
}

/// Pages that wait to be taken, at most: each is some two megabytes.
const AHEAD: usize = 4;
/// With so many cases a transaction takes no further page.
const TOGETHER: usize = 2_000;

/// One page of changes, or several behind each other, as the store takes them.
struct Page {
    cursor: u64,
    more: bool,
    cases: Vec<ToldCase>,
    drafts: Vec<(CaseId, FormId, DraftHead, Vec<PrintedRevision>)>,
    notices: Vec<KeptNotice>,
    gone: Vec<CaseId>,
    rule_sets: Vec<CountyRuleSet>,
    record: Option<PersonRecord>,
}

impl Page {
    fn read(page: ChangesPage<WrittenCase>) -> Result<Self, Failure> {
        let told = |WrittenCase { case, papers_hidden }: WrittenCase| {
            let text = String::from(Box::<str>::from(case));
            let outline = Outline::read(&text)
                .map_err(|error| Failure::new(Code::Internal, format!("strange answer: {error}")))?;
            Ok(ToldCase { outline, text, papers_hidden })
        };
        let notice = |seen: SeenNotice| {
            let SeenNotice { id, kind, case, at, read, words } = seen;
            KeptNotice { id, kind, case, at, read, words }
        };
        Ok(Self {
            cursor: page.cursor,
            more: page.more,
            cases: page.cases.into_iter().map(told).collect::<Result<_, Failure>>()?,
            drafts: page.drafts.into_iter().map(|seen| (seen.case, seen.form, seen.head, seen.printed)).collect(),
            notices: page.notices.into_iter().map(notice).collect(),
            gone: page.gone,
            rule_sets: page.rule_sets,
            record: page.record,
        })
    }

    /// Adds the page behind this one. What it tells of a case again is newer; a case that it shows is not gone, and of one that is
    /// gone nothing stays.
    fn append(&mut self, next: Self) {
        let Self { cursor, more, cases, drafts, notices, gone, rule_sets, record } = next;
        let shown: BTreeSet<CaseId> = cases.iter().map(|told| told.outline.case.id).collect();
        let left: BTreeSet<CaseId> = gone.iter().copied().collect();
        self.gone.retain(|case| !shown.contains(case));
        self.cases.retain(|told| !shown.contains(&told.outline.case.id) && !left.contains(&told.outline.case.id));
        self.drafts.retain(|(case, ..)| !left.contains(case));
        (self.cursor, self.more) = (cursor, more);
        self.cases.extend(cases);
        self.drafts.extend(drafts);
        self.notices.extend(notices);
        self.gone.extend(gone);
        self.rule_sets.extend(rule_sets);
        self.record = record.or(self.record.take());
    }
}

/// Pages on their way, in order; the last is the one behind which there is no more, or a failure. Dropped, nobody waits for them.
struct Coming {
    pages: mpsc::Receiver<Result<Page, Failure>>,
    work: JoinHandle<()>,
}

impl Coming {
    fn begin(line: &Line, token: &str, after: u64) -> Self {
        let (sender, pages) = mpsc::channel(AHEAD);
        let (line, token) = (line.clone(), token.to_owned());
        let work = tokio::spawn(async move {
            let ask = |after| {
                let (line, token) = (line.clone(), token.clone());
                async move { line.changes(&token, after).await }
            };
            let mut answer = ask(after).await;
            loop {
                let next = answer.as_ref().ok().filter(|page| page.more).map(|page| page.cursor);
                // A page is read while the next is on its way.
                let reading = async { answer.and_then(Page::read) };
                let (page, coming) = match next {
                    Some(cursor) => {
                        let coming = tokio::spawn(ask(cursor));
                        (reading.await, Some(coming))
                    }
                    None => (reading.await, None),
                };
                let ends = page.is_err() || coming.is_none();
                if sender.send(page).await.is_err() || ends {
                    return;
                }
                let Some(coming) = coming else { return };
                answer = coming.await.unwrap_or_else(|_| Err(Failure::new(Code::Internal, "a page was not read")));
            }
        });
        Self { pages, work }
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.work.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn id(number: u32) -> CaseId {
        format!("0190a5b8-c7d0-7def-8abc-{number:012}").parse().expect("an id")
    }

    /// A page with cases, each with the number of its newest event, and with cases that are gone.
    fn page(cursor: u64, cases: &[(u32, u32)], gone: &[u32]) -> Page {
        let told = |&(number, seq): &(u32, u32)| {
            let case = json!({
                "id": id(number), "process": "plc", "plan_year": 111, "state": "draft", "seq": seq, "reason": null,
                "school": { "code": "193625", "name": "國小", "county": "臺中市" },
                "owner": { "id": "0190a5b8-c7d0-7def-8abc-0123456789ff", "name": "甲" },
                "created_at": "2022-02-18T02:00:00Z", "updated_at": "2022-02-18T02:00:00Z",
                "papers": [], "approved_amount": null,
            });
            serde_json::from_value(json!({ "case": case, "papers_hidden": false })).expect("a case")
        };
        let read = Page::read(ChangesPage {
            cursor,
            more: false,
            cases: cases.iter().map(told).collect(),
            drafts: Vec::new(),
            notices: Vec::new(),
            gone: gone.iter().copied().map(id).collect(),
            rule_sets: Vec::new(),
            record: None,
        });
        read.expect("cases as the service writes them")
    }

    /// Pages that are taken together end as if each had been taken by itself.
    #[test]
    fn the_newest_word_on_a_case_counts() {
        let mut whole = page(1, &[(1, 1), (2, 1), (3, 1)], &[4, 5]);
        whole.drafts = [1, 2]
            .map(|number| (id(number), "plc_application".parse().expect("a form"), DraftHead::default(), vec![]))
            .into();
        whole.append(page(2, &[(1, 2), (4, 7)], &[2, 6]));
        let cases: Vec<_> = whole.cases.iter().map(|told| (told.outline.case.id, told.outline.case.seq)).collect();
        assert_eq!(cases, [(id(3), 1), (id(1), 2), (id(4), 7)]);
        assert_eq!(whole.gone, [id(5), id(2), id(6)]);
        assert_eq!(whole.drafts.iter().map(|(case, ..)| *case).collect::<Vec<_>>(), [id(1)]);
        assert_eq!(whole.cursor, 2);
    }
}
