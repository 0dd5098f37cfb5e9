//! What the service promises, over real HTTP, on whichever database it is given.

mod accounts;
mod acts;
mod blobs;
mod certify;
mod changes;
mod conveners;
mod county_rules;
mod drafts;
mod events;
mod garbage;
mod lists;
mod log;
mod mail;
mod many;
mod matrix;
mod records;
mod remarks;
mod reminders;
mod reviewers;
mod summary;
mod year;

use domain::{
    form::content_hash,
    ids::CaseId,
    people::{Actor, Person},
};
use server::db::{Db, accounts::NewAccount};
use testkit::{Caller, TestServer, paper, pdf};
use uuid::Uuid;
use wire::http::{ActBody, ActDone};

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// Declares every test once, for the database named.
macro_rules! every_test {
    ($database:ident) => {
        $crate::suite::tests! { $database;
            accounts: people_sign_in_and_out, tries_are_throttled_and_lock_nobody_else_out, an_unknown_account_is_told_nothing,
                sessions_end, more_sign_ins_than_can_wait_are_told_to_come_back;
            acts: one_application_makes_the_whole_trip, a_report_needs_what_belongs_to_it_and_is_final, the_same_act_is_done_once, an_id_is_not_used_twice,
                two_people_act_at_once, one_person_convenes_once, papers_are_checked_again, money_decides_which_papers_are_due,
                files_must_be_there_and_ones_own, the_convener_changes, nobody_takes_over_who_may_not, windows_are_judged_by_the_services_clock;
            blobs: an_upload_goes_on_where_it_was_cut, a_cut_line_loses_nothing_that_arrived, files_that_are_not_taken,
                a_file_is_its_senders_until_it_is_in_a_paper;
            certify: a_certification_passes_at_once, a_certification_passes_after_correction,
                a_certification_passes_the_second_review, an_appeal_is_accepted_and_passes, an_appeal_is_accepted_and_fails,
                an_appeal_is_refused, days_for_an_appeal_end_at_midnight, a_decision_sent_twice_is_taken_once,
                reviewers_are_named_and_replaced, sheets_are_read_by_whom_they_are_for, numbers_have_no_gaps_and_no_doubles;
            changes: changes_come_in_order_and_whole, many_changes_come_in_pages, a_restart_forgets_nothing;
            conveners: who_could_take_over_is_listed, a_returned_application_is_handed_over_whole,
                the_new_convener_corrects_their_own_data, nothing_else_is_corrected;
            county_rules: rules_come_in_versions, rules_are_set_by_the_countys_own_office, rules_are_heard_of_by_those_they_are_for,
                acts_are_judged_by_the_rules_of_their_year, what_arrives_after_the_window_is_refused, versions_of_rules_are_logged_and_stay;
            drafts: drafts_merge_field_by_field, the_same_push_changes_nothing, drafts_that_are_not_taken, prints_travel_with_drafts;
            events: the_life_of_a_case_is_told_by_sight, names_stay_with_those_who_may_know_them;
            garbage: every_route_refuses_garbage_with_a_code, the_description_is_true, the_program_counts;
            lists: lists_are_searched_and_paged, lists_are_narrowed, hidden_papers_do_not_show_through_filters,
                first_pages_go_by_an_index, rows_of_an_older_program_are_filled_once;
            log: the_log_is_whole_and_tampering_shows, what_was_done_cannot_be_undone_in_the_database;
            mail: a_mail_says_what_the_office_says_and_no_more, a_mail_server_may_be_down_for_a_day, refusals_are_for_now_or_for_ever,
                a_mail_that_is_never_taken_is_given_up, a_program_may_end_at_any_point, two_services_send_each_mail_once,
                everybody_chooses_how_to_hear, one_mail_a_day_tells_what_is_new, no_address_no_mail,
                without_a_mail_server_messages_stay_in_the_program, a_message_keeps_the_words_it_was_given;
            many: many_acts_are_done_and_every_refusal_is_named, many_acts_sent_again_are_done_once,
                the_second_of_two_officers_is_told_what_the_first_did, what_cannot_be_read_is_refused_at_its_place;
            matrix: who_sees_and_does_what, every_row_of_the_process_can_be_walked;
            records: everybody_sees_and_changes_the_own_record_alone, the_transfer_is_answered_by_its_person,
                lists_are_imported_once_and_whole, faulty_rows_are_named_and_the_office_chooses, the_largest_list_is_taken,
                eligibility_is_judged_by_the_service, what_is_done_to_records_is_logged;
            remarks: remarks_travel_with_their_act;
            summary: a_summary_is_sent_and_taken_back, a_summary_carries_its_own_schools_applications,
                who_sees_and_does_what_with_a_summary;
            reviewers: the_pool_is_kept_by_the_platform_and_the_own_county, a_case_is_given_to_those_without_a_conflict,
                whom_a_case_is_given_to_is_asked_by_its_desk_alone, many_cases_are_given_out_at_once,
                what_is_like_anothers_is_found, sketches_of_an_older_program_are_filled_once;
            year: one_plan_year;
            reminders: whoever_has_something_to_do_is_reminded_once, a_reminder_may_come_late_but_not_twice_and_not_after_the_end,
                a_running_community_is_reminded_of_its_report, a_school_is_reminded_of_its_summary_by_its_countys_own_window;
        }
    };
}

macro_rules! tests {
    ($database:ident; $($module:ident: $($name:ident),+;)+) => {
        mod $database {
            $($(#[test]
            fn $name() {
                $crate::suite::run(stringify!($database), $crate::suite::$name);
            })+)+
        }
    };
}
pub(crate) use {every_test, tests};

pub(crate) use self::{
    accounts::*, acts::*, blobs::*, certify::*, changes::*, conveners::*, county_rules::*, drafts::*, events::*,
    garbage::*, lists::*, log::*, mail::*, many::*, matrix::*, records::*, remarks::*, reminders::*, reviewers::*,
    summary::*, year::*,
};

/// A service with a database of its own, and the way behind its back into that database.
pub(crate) struct Ground {
    pub(crate) server: TestServer,
    pub(crate) kind: Kind,
}

impl Ground {
    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// A demo person, signed in.
    pub(crate) async fn signed_in(&self, account: &str) -> Caller {
        Caller::signed_in(&self.url(), account).await
    }

    /// The database itself.
    pub(crate) async fn db(&self) -> Db {
        Db::open(self.server.database_url()).await.unwrap()
    }

    /// Someone new like a demo person, signed in; the password is everybody's.
    pub(crate) async fn another(&self, account: &str, like: &str) -> Caller {
        let db = self.db().await;
        let model = testkit::person(like);
        let mut tx = db.read().await.unwrap();
        let row = tx.one("SELECT password_hash FROM accounts WHERE account = 'teacher-a'", vec![]).await.unwrap();
        drop(tx);
        let person = Person { id: Uuid::now_v7().into(), name: format!("{}之二", model.person.name) };
        let actor = Actor { person, ..model };
        let new = NewAccount { account: account.to_owned(), actor, password_hash: row.text(0).unwrap() };
        server::db::accounts::add(&db, &[new], self.server.clock().now()).await.unwrap();
        db.close().await;
        self.signed_in(account).await
    }
}

impl Ground {
    /// Someone new at teacher-a's school who may apply for a certification.
    pub(crate) async fn applicant(&self, account: &str) -> Caller {
        let caller = self.another(account, "teacher-a").await;
        testkit::qualify(&self.server, account, &caller.session().actor).await;
        caller
    }
}

/// The papers of a complete application, with their uploaded files, as 臺中市 and 連江縣 ask for them.
pub(crate) async fn application(owner: &Caller, mark: u32) -> ActBody {
    let (application, budget) = (pdf(mark * 2, 200), pdf(mark * 2 + 1, 200));
    owner.upload(&application).await;
    owner.upload(&budget).await;
    ActBody::Submit {
        papers: vec![
            paper("plc_application", "typical", Some(&application)),
            paper("plc_budget", "typical", Some(&budget)),
        ],
    }
}

/// [`application`] of another level, asking for so much.
pub(crate) async fn application_for(owner: &Caller, mark: u32, level: &str, amount: u32) -> ActBody {
    let ActBody::Submit { mut papers } = application(owner, mark).await else { unreachable!() };
    papers[0].answers.0.insert("plc_level".to_owned(), level.into());
    let funding = if amount == 0 { "否" } else { "是" };
    papers[0].answers.0.insert("apply_funding".to_owned(), funding.into());
    papers[1].answers.0.retain(|key, _| ["plc_name", "county_district"].contains(&key.as_str()));
    let line = serde_json::json!({ "quantity": amount, "unit_price": 1 });
    papers[1].answers.0.insert("materials".to_owned(), line);
    for paper in &mut papers {
        paper.hash = content_hash(&paper.form, &paper.answers);
    }
    if amount == 0 {
        papers.truncate(1);
    }
    ActBody::Submit { papers }
}

/// The 成果報告 with its uploaded enclosure.
pub(crate) async fn report(owner: &Caller, mark: u32) -> ActBody {
    let outcome = pdf(mark * 2, 300);
    owner.upload(&outcome).await;
    ActBody::SendReport { papers: vec![paper("plc_report", "typical", Some(&outcome))] }
}

/// Opens a case and sends its application.
pub(crate) async fn submitted(owner: &Caller, mark: u32) -> CaseId {
    let case = owner.open_case().await;
    let body = application(owner, mark).await;
    let done: ActDone = owner.act(case, 1, body).await.read();
    assert_eq!(done.seq, 2);
    case
}

pub(crate) fn returned() -> ActBody {
    ActBody::Return { reason: "您好，請核章後上傳檔案，再重新送出申請。".to_owned(), sheet: None }
}

/// Runs one test on a fresh service.
pub(crate) fn run<F: Future<Output = ()>>(database: &str, test: impl FnOnce(Ground) -> F) {
    let kind = if database == "postgres" { Kind::Postgres } else { Kind::Sqlite };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (server, made) = match kind {
            Kind::Sqlite => (tokio::task::spawn_blocking(TestServer::start).await.unwrap(), None),
            Kind::Postgres => {
                let made = make_database().await;
                let url = made.1.clone();
                (tokio::task::spawn_blocking(move || TestServer::start_on(&url)).await.unwrap(), Some(made))
            }
        };
        test(Ground { server, kind }).await;
        if let Some((admin, _, name)) = made {
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&admin).await.unwrap();
        }
    });
}

/// A database of its own: the way to remove it, its address, its name.
async fn make_database() -> (sqlx::PgPool, String, String) {
    let url = std::env::var("PROTEACHER_TEST_POSTGRES_URL")
        .expect("PROTEACHER_TEST_POSTGRES_URL is not set; `cargo xtask test` starts a server and sets it");
    let admin = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
    let name = format!("t_{}", Uuid::now_v7().simple());
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
    // The address is postgres://USER@HOST/DATABASE?…; only the database changes.
    let (before, query) = url.split_once('?').map_or((url.as_str(), ""), |(before, query)| (before, query));
    let server = before.rsplit_once('/').map_or(before, |(server, _)| server);
    let own = format!("{server}/{name}{}{query}", if query.is_empty() { "" } else { "?" });
    (admin, own, name)
}
