//! The papers of many cases as one PDF: every form as it was sent, printed by the version it was filled in with, and its file,
//! behind a table of contents. Parts go to the disk one after another; what is missing is named, never left out in silence.

use crate::{
    Desktop, Seat,
    exports::Cases,
    failure::{of_file, of_scan},
    papers::{blocking, header, of_print},
};
use domain::{
    case::{Case, SentPaper, State},
    form::{FormDef, Label, Packs, check},
    ids::CaseId,
    time::{roc_date, taipei_day},
    workflow::{Sight, papers_place, plc, sight},
};
use print::{BundleCase, BundleContents, BundlePaper, PrintRequest, Tag};
use scan::{
    bundle::{Binder, Bookmark, Part, PartAsk, part},
    guard,
};
use serde_json::json;
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
};
use tokio::sync::Mutex;
use wire::{
    Code, Failure,
    exports::{BundleOf, Bundled, MissingPart, Progress, WhyMissing},
};

/// More cases than this make a file that no viewer likes to open.
const MOST_CASES: usize = 500;

/// How far the bundle is that is being made; one at a time.
#[derive(Debug, Default)]
pub(crate) struct Bundling {
    one: Mutex<()>,
    done: AtomicU32,
    of: AtomicU32,
    stop: AtomicBool,
}

impl Bundling {
    pub(crate) fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), of: self.of.load(Ordering::Relaxed) }
    }

    /// Asks the bundle that is being made to end without a file.
    pub(crate) fn stop(&self) -> Progress {
        self.stop.store(self.of.load(Ordering::Relaxed) > 0, Ordering::Relaxed);
        self.progress()
    }
}

/// The file while it is written; it gets its name when it is whole, and goes when it is not.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already when it has its name.
        let _ = std::fs::remove_file(&self.0);
    }
}

type Out = Binder<BufWriter<File>>;

/// What is gathered while the parts are written.
struct Book {
    binder: Out,
    contents: Vec<BundleCase>,
    /// The object of each page behind the contents.
    pages: Vec<u32>,
    bookmarks: Vec<Bookmark>,
    missing: Vec<MissingPart>,
}

impl Desktop {
    /// Writes the papers of cases as one PDF.
    ///
    /// # Errors
    /// `too_many_cases`, `not_found` when there is none, `stopped`, `fonts_missing`, `file_access`, faults of the store. A scan
    /// that cannot be had is named in the file and in the answer instead.
    pub async fn write_bundle(&self, of: &BundleOf) -> Result<Bundled, Failure> {
        let seat = self.seat().await?;
        let _one = self.bundling.one.lock().await;
        let cases = cases_of(&seat, of).await?;
        self.bundling.stop.store(false, Ordering::Relaxed);
        self.bundling.done.store(0, Ordering::Relaxed);
        self.bundling.of.store(u32::try_from(cases.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
        let made = self.bind(&seat, &cases, Path::new(&of.path)).await;
        self.bundling.of.store(0, Ordering::Relaxed);
        made
    }

    async fn bind(&self, seat: &Seat, cases: &[(String, Case)], path: &Path) -> Result<Bundled, Failure> {
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let unfinished = Unfinished(PathBuf::from(name));
        let file = File::create(&unfinished.0).map_err(|error| of_file(path, &error))?;
        let binder = Binder::begin(BufWriter::new(file)).map_err(|error| of_file(path, &error))?;
        let mut book =
            Book { binder, contents: Vec::new(), pages: Vec::new(), bookmarks: Vec::new(), missing: Vec::new() };
        for (title, case) in cases {
            if self.bundling.stop.load(Ordering::Relaxed) {
                return Err(Failure::new(Code::Stopped, "a person stopped the bundle"));
            }
            self.bind_case(seat, title, case, path, &mut book).await?;
            self.bundling.done.fetch_add(1, Ordering::Relaxed);
        }
        let contents = BundleContents {
            title: title_of(cases),
            facts: vec![
                ("件數".to_owned(), format!("{} 件", cases.len())),
                ("製作".to_owned(), seat.actor.person.name.clone()),
                ("日期".to_owned(), roc_date(taipei_day(self.now()))),
            ],
            pages_behind: book.pages.len(),
            cases: std::mem::take(&mut book.contents),
        };
        let (loaded, settings) = (self.fonts().await?, contents.clone());
        let typeface = self.typeface(&loaded.fonts).await;
        let front = blocking(move || {
            print::bundle_front(&loaded.fonts, &settings, typeface)
                .map_err(|error| Failure::new(Code::Internal, error.to_string()))
        })
        .await?;
        let ask = book.binder.ask(None, book.pages.clone());
        let (whole, bytes) = blocking(move || part(&front.pdf, &ask).map_err(|refusal| of_scan(&refusal))).await?;
        let own = book.binder.add(whole, &bytes, true).map_err(|error| of_file(path, &error))?;
        let first = own.get(1).or(own.first()).copied();
        let contents_mark = first.map(|page| Bookmark { words: "目次".to_owned(), page, beneath: Vec::new() });
        let bookmarks: Vec<Bookmark> = contents_mark.into_iter().chain(book.bookmarks).collect();
        let pages = u32::try_from(book.binder.pages()).unwrap_or(u32::MAX);
        let bytes = book.binder.finish(&contents.title, &bookmarks).map_err(|error| of_file(path, &error))?;
        std::fs::rename(&unfinished.0, path).map_err(|error| of_file(path, &error))?;
        Ok(Bundled {
            path: path.display().to_string(),
            pages,
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
            cases: u32::try_from(cases.len()).unwrap_or(u32::MAX),
            missing: book.missing,
        })
    }

    async fn bind_case(
        &self,
        seat: &Seat,
        title: &str,
        case: &Case,
        path: &Path,
        book: &mut Book,
    ) -> Result<(), Failure> {
        let mut papers: Vec<&SentPaper> = match sight(case, &seat.actor) {
            Sight::Papers | Sight::Own => case.papers.iter().collect(),
            Sight::Row | Sight::Nothing => Vec::new(),
        };
        papers.sort_by_key(|paper| papers_place(&paper.form.id));
        let mut lines = Vec::new();
        let mut marks = Vec::new();
        let mut lacking = Vec::new();
        let mut missing = |lines: &mut Vec<BundlePaper>, name: String, paper: Option<&Label>, why: WhyMissing| {
            lines.push(BundlePaper { name, place: Err(said(why, case.state).to_owned()) });
            let (title, paper) = (title.to_owned(), paper.cloned());
            lacking.push(MissingPart { case: case.id, title, paper, why });
        };
        if papers.is_empty() {
            missing(&mut lines, "全部表件".to_owned(), None, WhyMissing::NotSent);
        }
        let papers: Vec<_> = papers
            .into_iter()
            .map(|paper| (paper, Packs::built_in().get(&paper.form.id, paper.form.version).map(|(def, _)| def)))
            .collect();
        let known = papers.iter().filter_map(|(paper, def)| Some((*paper, (*def)?))).collect();
        let mut printed = self.sent_pdfs(case, known).await?.into_iter();
        for (paper, def) in papers {
            let (Some(def), Some(pdf)) = (def, def.and_then(|_| printed.next())) else {
                missing(&mut lines, paper.form.id.to_string(), None, WhyMissing::FormUnknown);
                continue;
            };
            let name = def.name.zh.clone();
            let ask = book.binder.ask(None, Vec::new());
            let (whole, bytes) = blocking(move || part(&pdf, &ask).map_err(|refusal| of_scan(&refusal))).await?;
            let pages = book.binder.add(whole, &bytes, false).map_err(|error| of_file(path, &error))?;
            lines.push(BundlePaper { name: name.clone(), place: Ok(book.pages.len()) });
            marks.extend(pages.first().map(|page| mark(&name, *page)));
            book.pages.extend(pages);

            let Some(file) = &paper.stamped else { continue };
            let called = def.enclosure().map_or_else(|| format!("{name}（核章掃描檔）"), |(_, name)| name.zh.clone());
            let words = format!("{called}，{}", case.school.name);
            let scan = match self.blob(seat, &file.blob).await {
                Ok(pdf) => self.scan_part(pdf, book.binder.ask(Some(words), Vec::new())).await,
                Err(failure) => Err(failure),
            };
            match scan {
                Ok((whole, bytes)) => {
                    let pages = book.binder.add(whole, &bytes, false).map_err(|error| of_file(path, &error))?;
                    lines.push(BundlePaper { name: called.clone(), place: Ok(book.pages.len()) });
                    marks.extend(pages.first().map(|page| mark(&called, *page)));
                    book.pages.extend(pages);
                }
                Err(failure) => {
                    let why = why_missing(&failure)?;
                    missing(&mut lines, called, Some(&def.name), why);
                }
            }
        }
        if let Some(page) = marks.first().map(|first| first.page) {
            book.bookmarks.push(Bookmark { words: format!("{title}　{}", case.school.name), page, beneath: marks });
        }
        book.missing.extend(lacking);
        let about = format!("{}　{}　{}", case.school.name, case.owner.name, case.state.label());
        book.contents.push(BundleCase { title: title.to_owned(), about, papers: lines });
        Ok(())
    }

    /// Papers as they were sent, printed again in their order: the same revision, by the same version of the form.
    async fn sent_pdfs(
        &self,
        case: &Case,
        papers: Vec<(&SentPaper, &'static FormDef)>,
    ) -> Result<Vec<Vec<u8>>, Failure> {
        let policy = self.seat().await?.policy_of(case);
        let papers: Vec<_> = papers
            .into_iter()
            .map(|(paper, def)| {
                let (version, revision, hash) = (paper.form.version, paper.revision, paper.hash.clone());
                let tag = Tag::Frozen { case: case.id, version, revision, hash };
                (def, check(def, paper.answers.clone(), &policy), tag)
            })
            .collect();
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let case = case.clone();
        blocking(move || {
            let requests: Vec<_> = papers
                .iter()
                .map(|(form, checked, tag)| PrintRequest {
                    form,
                    answers: &checked.answers,
                    computed: &checked.computed,
                    policy: &policy,
                    header: header(&case),
                    tag: tag.clone(),
                    typeface,
                })
                .collect();
            let printed = print::render_all(&loaded.fonts, &requests).into_iter();
            printed.map(|one| Ok(one.map_err(|error| of_print(&error))?.pdf)).collect()
        })
        .await
    }

    /// A file from outside is taken apart in the guarded process, like everything from outside.
    async fn scan_part(&self, pdf: Vec<u8>, ask: PartAsk) -> Result<(Part, Vec<u8>), Failure> {
        let reader = self.config.reader.clone();
        blocking(move || {
            guard::part_guarded(&reader, &pdf, &ask, &scan::Limits::default()).map_err(|refusal| of_scan(&refusal))
        })
        .await
    }
}

/// The cases that are asked for, each with its title.
async fn cases_of(seat: &Seat, of: &BundleOf) -> Result<Vec<(String, Case)>, Failure> {
    let mut found = Vec::new();
    if of.cases.is_empty() {
        let mut cases = Cases::of(&of.query);
        while let Some(portion) = cases.next(seat).await? {
            found.extend(portion.into_iter().map(|(row, case)| (called(&row.title, &case), case)));
            too_many(found.len())?;
        }
    } else {
        too_many(of.cases.len())?;
        for id in &of.cases {
            let case = seat.seen_case(*id).await?;
            let title = case.papers.iter().find(|paper| paper.form.id.as_str() == plc::APPLICATION);
            let title = title.map(|paper| paper.answers.text("plc_name").to_owned()).unwrap_or_default();
            found.push((called(&title, &case), case));
        }
    }
    found.retain(|(_, case)| case.id != CaseId::LOOSE);
    if found.is_empty() {
        return Err(Failure::new(Code::NotFound, "there is no case to bundle"));
    }
    Ok(found)
}

fn too_many(cases: usize) -> Result<(), Failure> {
    if cases <= MOST_CASES {
        return Ok(());
    }
    Err(Failure::with(Code::TooManyCases, json!({ "limit": MOST_CASES }), "more cases than one PDF takes"))
}

/// What a case is called where its title may not be known: by who convenes it.
fn called(title: &str, case: &Case) -> String {
    let title = title.trim();
    if title.is_empty() { format!("{}的社群", case.owner.name) } else { title.to_owned() }
}

fn title_of(cases: &[(String, Case)]) -> String {
    let mut years: Vec<u16> = cases.iter().map(|(_, case)| case.plan_year.0).collect();
    years.sort_unstable();
    years.dedup();
    match years.as_slice() {
        [year] => format!("{year}學年度教師專業學習社群表件彙整"),
        _ => "教師專業學習社群表件彙整".to_owned(),
    }
}

fn mark(words: &str, page: u32) -> Bookmark {
    Bookmark { words: words.to_owned(), page, beneath: Vec::new() }
}

/// Why a file is not in the bundle; a fault of this computer ends it instead.
fn why_missing(failure: &Failure) -> Result<WhyMissing, Failure> {
    match failure.code {
        Code::Offline | Code::NotSignedIn | Code::NotFound | Code::Busy => Ok(WhyMissing::FileNotHere),
        Code::StoreBusy | Code::DiskFull | Code::Locked | Code::Internal => Err(failure.clone()),
        _ => Ok(WhyMissing::FileBroken),
    }
}

fn said(why: WhyMissing, state: State) -> &'static str {
    match why {
        WhyMissing::NotSent if state == State::Draft => "尚未送出，或退件修改中",
        WhyMissing::NotSent => "目前無法查看",
        WhyMissing::FileNotHere => "檔案不在這台電腦，且連不到服務",
        WhyMissing::FileBroken => "檔案讀不出來",
        WhyMissing::FormUnknown => "這個版本的程式沒有這份表單",
    }
}
