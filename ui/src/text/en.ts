// English, for readers of English. States and form values keep their Chinese words: they are the office's own.

import { recordsEn } from "./records.en";
import { enclosures, figure, isDay, lacks, list, moment, type Params, paperName, type Sentences } from "./shape";
import type { Texts } from "./zh-TW";

const sentences: Sentences = {
  problem: {
    required: () => "Not filled in yet.",
    too_short: (p) => `${figure(p.missing)} more characters needed (${figure(p.count)} now, at least ${figure(p.min)}).`,
    too_long: (p) =>
      p.over === undefined
        ? `At most ${figure(p.max)} characters; please shorten it.`
        : `${figure(p.over)} characters too many; at most ${figure(p.max)}.`,
    not_an_option: (p) => `“${figure(p.value)}” is not among the options; please choose again.`,
    not_a_number: () => "Please enter digits only, without a unit.",
    below_min: (p) => `Must not be less than ${figure(p.min)}.`,
    above_max: (p) => `Must not be more than ${figure(p.max)}.`,
    bad_date: (p) =>
      p.from === undefined
        ? `“${figure(p.value)}” is not understood. Dates: 1110218, 111/2/18 or 2022-02-18; times: 1330.`
        : `The day must lie in plan year ${figure(p.plan_year)} (${figure(p.from)} to ${figure(p.to)}).`,
    out_of_order: order,
    not_shown: () => "Not needed with the present choice; please clear it.",
    too_few_rows: (p) => `At least ${figure(p.min)} rows are needed; there are ${figure(p.count)}.`,
    too_many_rows: (p) => `At most ${figure(p.max)} rows; there are ${figure(p.count)}. Please delete some.`,
    unknown_field: () => "This is not part of the form; it is neither printed nor sent.",
    wrong_type: (p) => wanted(p.wanted),
    schedule_lesson_cycle: (p) =>
      `The schedule has no ${list(p.missing).map(cycle).join(", ")}. The form asks for at least one session of joint preparation, open lesson and professional feedback.`,
    schedule_results_shared: () => "The schedule has no presentation of results. The form asks for at least one.",
    schedule_each_semester: (p) =>
      `At least ${figure(p.min)} sessions each semester; now ${figure(p.first)} in the first and ${figure(p.second)} in the second.`,
    enough_members: (p) =>
      `The county asks for at least ${figure(p.min)} members; there are ${figure(p.count)} with the convener.`,
    enough_sessions: (p) => `The county asks for at least ${figure(p.min)} sessions; there are ${figure(p.count)}.`,
    nhi_supplement_over: (p) => `By its rate the supplement is at most NT$${figure(p.max)}; now NT$${figure(p.value)}.`,
    misc_over: (p) => `By its share sundries are at most NT$${figure(p.max)}; now NT$${figure(p.value)}.`,
    printing_over: (p) => `Printing is usually at most NT$${figure(p.max)}; now NT$${figure(p.value)}. Please check.`,
    total_over: (p) =>
      `The county allows at most NT$${figure(p.max)} per community; the total is NT$${figure(p.value)}. Please check.`,
    level_counts_differ: (p) =>
      `The numbers by level add up to ${figure(p.value)}, but the list has ${figure(p.wanted)}. Please correct one of them.`,
    post_conference_late: (p) =>
      `The conference is best held within ${figure(p.max)} days of the open lesson; now ${figure(p.value)} days. Please check the day.`,
    semester_short: (p) =>
      `At least one semester (${figure(p.months)} months) in the same community: the end must be ${figure(p.until)} or later. Please check both days.`,
    convening_short: (p) =>
      `The community must have been active for ${figure(p.months)} months: the end must be ${figure(p.until)} or later. Please check both days.`,
    not_all_done: () => "All of these have to be done before the papers can be sent. Complete this one, then answer yes (是).",
    time_runs_back: () => "Earlier than a row above. Correct the time, or move the row to its place.",
    facts_missing: (p) =>
      `This indicator is rated; it needs at least ${figure(p.min)} written facts and has ${figure(p.count)}. Please write them under its points below.`,
    unknown_seat: (p) => `“${figure(p.value)}” is not on the seating chart. Correct it, or add the seat to the chart first.`,
    seat_twice: (p) => `Seat “${figure(p.value)}” is on the chart twice. Please delete or correct one.`,
    mark_twice: (p) =>
      `Seat “${figure(p.value)}” has a code in round ${figure(p.round)} already; one for each seat and round. Please delete or correct one.`,
    few_rounds: (p) => `At least ${figure(p.min)} rounds are advised; there are ${figure(p.count)}. Please check.`,
    segments_uncommon: (p) =>
      `A lesson is usually split into ${figure(p.min)} to ${figure(p.max)} segments; there are ${figure(p.count)}. Please check.`,
    day_differs: (p) =>
      `${figure(p.value)} here, ${figure(p.wanted)} on ${theOther(p, "another paper")}. They are the same day; please correct one.`,
    observes_oneself: (p) =>
      `A peer's lesson is observed, so the teacher cannot be the applicant, “${figure(p.value)}”. Please correct it.`,
    not_the_applicant: (p) => `This paper is the applicant's: “${figure(p.wanted)}” is expected, not “${figure(p.value)}”.`,
    few_activities: (p) =>
      `At least ${figure(p.min)} activities of the same community in a semester; the schedule has ${figure(p.count)} in this time. Please check both days.`,
    convener_differs: (p) =>
      `The convener of this case is “${figure(p.wanted)}”, not “${figure(p.value)}”. Changing the convener does not change the forms; please correct the convener's data here.`,
    funding_differs: (p) =>
      `The amount must be the total of the budget, NT$${figure(p.wanted)}; now NT$${figure(p.value)}. Please correct one of them.`,
    enclosure_missing: (p) => `Not uploaded yet: ${paperName(p.name, "en")}.`,
    budget_not_wanted: (p) =>
      `The application asks for no funds, so this budget (total NT$${figure(p.value)}) is not sent. To apply for funds, answer yes (是) there.`,
  },
  failure: {
    not_signed_in: () => "The session has ended. Everything is on this computer; sign in again to send it.",
    wrong_password: () => "Account and password do not match. Please try again, or ask the platform's office for a new password.",
    too_many_tries: (p) => `Too many tries. To protect the account, please wait ${figure(p.retry_after_seconds)} seconds.`,
    not_yours: () => "Another part has to do this step, so nothing was done. Please check which account is signed in.",
    not_found: () => "It was not found, or this account can no longer see it. Please open it again from the list.",
    bad_request: () => "The program sent something wrong and nothing was done. Try again; if it stays so, update the program.",
    bad_id: () => "The number is not right, so nothing was opened. Please open it from the list.",
    unknown_form: () => "This program does not have the form. Please update it.",
    unknown_action: () => "This program does not know the act. Please update it.",
    unknown_process: () => "This program does not know this kind of case. Please update it.",
    not_in_this_state: () => "The case has moved on and this step is not possible now. Please look at its present state.",
    act_incomplete: (p) =>
      lacks(p.missing, "target_convenes")
        ? "This teacher convenes another community by now, so nothing was changed. Please choose again."
        : "Something is still missing, so nothing was sent. The list beside the button names it.",
    answers_incomplete: () => "The form has gaps or errors, so nothing was sent. Open it and go through its list.",
    case_moved: () => "Somebody else acted on this case a moment ago, so nothing was done. Look at its state and decide again.",
    not_editable: () => "This form cannot be changed now. To change it, the school or the county has to return it.",
    case_exists: () => "This case exists already; it was not made twice.",
    hash_mismatch: () => "What was sent differs from what was printed, so it was not taken. Print, stamp and upload again.",
    too_large: (p) => `The file is too large (limit ${size(p.limit)}). Use fewer pages or scan with a lower resolution.`,
    not_a_pdf: () => "This file is not a PDF. Please choose a scanned PDF, JPEG or PNG.",
    unsupported_type: () => "This kind of file cannot be read. Please use PDF, JPEG or PNG.",
    broken_file: () => "The file is damaged and cannot be read. Please scan or save it again.",
    encrypted: () => "The file is protected by a password. Please save it as a PDF without one.",
    active_content: () =>
      "The file carries scripts, forms or attachments and cannot be uploaded. Scan the paper, or print it to a PDF.",
    too_many_pages: (p) => `Too many pages (limit ${figure(p.limit)}). Please include only the pages of this form.`,
    no_pages: () => "The file has no pages. Please scan again.",
    read_timeout: () => "Reading took too long and was stopped. Scan again or split the file.",
    out_of_memory: () =>
      "This computer ran out of memory and the step was not finished. Close other programs and try again; what you typed is still here.",
    reader_crashed: () => "The file made the reader stop; nothing was uploaded. Please scan again.",
    wrong_offset: () => "The upload broke off and did not join up. It is tried again by itself.",
    blob_mismatch: () => "The file changed while it was uploaded and was not taken. It is tried again by itself.",
    blob_missing: () => "The service does not have the scan yet. It is sent again by itself.",
    too_many_cases: (p) =>
      `One PDF takes at most ${figure(p.limit)} cases. Narrow the list by plan year or keyword and bundle it in parts.`,
    stopped: () => "Stopped; no file was written. You can make it again at any time.",
    qr_unreadable: () => "The QR code could not be read. Scan the whole sheet flat and evenly lit, with its edges.",
    other_case: (p) => `Page ${figure(p.page)} belongs to another case. Choose the paper printed for this one.`,
    other_form: (p) => `Page ${figure(p.page)} belongs to another form. Choose the paper of this one.`,
    other_revision: (p) =>
      `Page ${figure(p.page)} is from print ${figure(p.found)}, and the form has changed since; print ${figure(p.wanted)} is wanted. Stamp and scan the latest print.`,
    pages_missing: (p) =>
      `Missing: page ${list(p.missing).map(figure).join(", ")} of ${figure(p.pages)}. Please choose all pages together.`,
    pages_extra: (p) =>
      `${figure(p.extra)} pages do not belong to this print, which has ${figure(p.pages)}. Please take them out (blank back sides too).`,
    page_twice: (p) => `Page ${figure(p.page)} is there twice. Please take one out.`,
    not_printed: () => "The form changed and was not printed since, so there is no paper to compare. Print, stamp, then scan.",
    not_printable: () => "The form has gaps or errors, and a print could not be stamped. Go through its list first.",
    locked: () => "The data is locked. Please unlock it first.",
    wrong_passphrase: () => "The passphrase does not fit and the data stays locked. Please try again.",
    store_too_new: () => "A newer program wrote this computer's data; this one leaves it alone. Please update the program.",
    store_damaged: () => "This computer's data cannot be read. Delete nothing and ask the platform's office.",
    store_busy: () => "Another window is writing. One moment; it is tried again by itself.",
    disk_full: () =>
      "The disk is full and what you typed is not stored yet. Make room and leave the window open; it is tried again.",
    file_access: (p) => `${figure(p.path)} cannot be read or written. See that it is there and not open in another program.`,
    fonts_missing: () => "The program's fonts are gone, so it cannot print. Please install the program again.",
    offline: () => "The service cannot be reached. Everything is on this computer and is sent once connected.",
    other_service: () => "This computer's data belongs to another service, so it did not connect. Please check the address.",
    program_too_old: () => "The service needs a newer program. Everything is still here; update the program, then send.",
    busy: () => "The service is busy. It is tried again by itself.",
    internal: () =>
      "Something unexpected happened and the step was not finished. What you typed is still here; please try again.",
  },
  missing: {
    window_closed: (p) => `Outside the time for applying (${moment(p.from)} to ${moment(p.to)})`,
    papers_incomplete: (p, name) => `Not complete: ${forms(p, name)}`,
    stamp_missing: (p, name) => `Stamped copy not uploaded: ${forms(p, name)}`,
    enclosure_missing: (p) => `Not uploaded: ${enclosures(p, "en").join(", ") || "enclosure"}`,
    reason_missing: () => "No reason given",
    consent_missing: () => "The county's consent is not named",
    target_convenes: () => "This teacher convenes another community already",
    already_convener: () => "A teacher may convene only one community; you have an application this plan year",
  },
  paper: {
    empty: () => "Not filled in",
    unfinished: (status) => (status.problems === 1 ? "1 place left" : `${status.problems} places left`),
    to_print: () => "Complete, not printed",
    to_scan: () => "Printed, not scanned",
    print_again: () => "Changed since printing; print again",
    to_enclose: (status) => `Not uploaded: ${status.name.en}`,
    stamps_doubtful: (status) => `No seal seen: ${status.cells.map(cell).join(", ")}`,
    ready: () => "Done",
    not_needed: () => "Not needed",
    sent: () => "Sent",
  },
  act: {
    submit: {
      label: "Apply",
      title: "Send the papers",
      body: "Once sent they cannot be changed. To change them, the school or the county has to return them.",
      confirm: "Apply",
    },
    pass: {
      label: "Pass formal check",
      title: "Pass formal check",
      body: "The content follows the county's rules. The case goes to the county.",
      confirm: "Pass formal check",
    },
    return: {
      label: "Return",
      title: "Return",
      body: "The teacher is told, sees the reason, and can correct and send again.",
      confirm: "Return",
    },
    approve: { label: "Approve", title: "Approve", body: "The teacher is told and can begin.", confirm: "Approve" },
    reject: {
      label: "Reject",
      title: "Reject",
      body: "The case ends unapproved; the teacher sees the reason.",
      confirm: "Reject",
    },
    withdraw: {
      label: "Withdraw",
      title: "Withdraw",
      body: "The case ends. Its content can still be read, but not sent.",
      confirm: "Withdraw",
    },
    send_report: {
      label: "Send",
      title: "Send the report",
      body: "Once sent it cannot be changed.",
      note: "★ A report that was sent is never returned.",
      confirm: "Send",
    },
    change_convener: {
      label: "Change convener",
      title: "Change convener",
      body: "Only with the county's consent.",
      confirm: "Save",
    },
  },
  page: {
    home: "Home",
    functions: "Functions",
    cases: "Applications",
    search: "Search cases",
    charts: "Figures",
    messages: "Messages",
    downloads: "Forms",
    guide: "Guide",
    profile: "Profile",
    settings: "Settings",
  },
  role: {
    teacher: "teacher",
    principal: "principal",
    school: "school office",
    county: "county",
    reviewer: "reviewer",
    ministry: "ministry",
    platform: "platform office",
  },
  process: { plc: "Learning community" },
  place: { done: "done", here: "now", ahead: "to come" },
  theme: { system: "As the system", light: "Light", dark: "Dark" },
  verdict: { stamped: "stamped", empty: "looks empty", unsure: "not clear" },
  delivery: {
    local: "On this computer only",
    queued: "Not delivered yet (sent once connected)",
    accepted: "Delivered",
    refused: (failure) => `Not accepted: ${sentences.failure[failure.code](failure.params)}`,
  },
};

/** What has to come before or after what: days, times of day, or the number of a lesson. */
function order(p: Params): string {
  if (p.before !== undefined) return `Must be before ${figure(p.before)}${onPaper(p)}; please check both days.`;
  if (p.max !== undefined) return `Number ${figure(p.value)} of ${figure(p.max)} lessons cannot be; please correct one of them.`;
  if (p.after === undefined) return "The end must come after the beginning.";
  return isDay(p.after)
    ? `Must not be before ${figure(p.after)}${onPaper(p)}; please check both days.`
    : `Must end after ${figure(p.after)}.`;
}

/** The other paper that a sentence compares with. */
function theOther(p: Params, otherwise: string): string {
  const name = paperName(p.paper, "en");
  return name === "" ? otherwise : `“${name}”`;
}

function onPaper(p: Params): string {
  const other = theOther(p, "");
  return other === "" ? "" : ` (${other})`;
}

function wanted(kind: unknown): string {
  switch (kind) {
    case "email":
      return "This does not look like an e-mail address, e.g. name@school.edu.tw.";
    case "phone":
      return "This does not look like a telephone number, e.g. 0836-12345 or 0912-345678.";
    case "school_code":
      return "A school code has six characters, e.g. 193625.";
    default:
      return "This has the wrong shape; please fill it in again.";
  }
}

function cycle(words: unknown): string {
  return (
    { words_prepare: "joint preparation", words_observe: "open lesson", words_debrief: "professional feedback" }[String(words)] ??
    ""
  );
}

function cell(key: string): string {
  const names: Record<string, string> = {
    sign_handler: "handler",
    sign_director: "director",
    sign_accountant: "accountant",
    sign_principal: "principal",
    stamp_area: "stamp area",
  };
  return names[key] ?? key;
}

function forms(params: { forms?: unknown }, name: (form: string) => string): string {
  return list(params.forms)
    .map((form) => name(String(form)))
    .join(", ");
}

function size(bytes: unknown): string {
  return typeof bytes === "number" ? `${Math.floor((bytes / 1_048_576) * 10) / 10} MB` : "2 MB";
}

export const en: Texts = {
  ...sentences,
  ...recordsEn,
  cell,
  separator: ", ",
  product: "ProTeacher",
  skip: "Skip to content",
  loading: "Reading…",
  again: "Try again",
  close: "Close",
  cancel: "Cancel",
  ok: "OK",
  unknownProblem: "Please check this once more.",
  connection: {
    online: "Connected",
    offline: "Offline",
    banner: "Offline now. Everything is kept on this computer and sent once connected.",
    waiting: (count) => `${count} waiting`,
    refused: (count) => `${count} not accepted`,
    signInAgain: "The session has ended; sign in again to send",
    sync: "Sync now",
    synced: (at) => `Last synced ${at}`,
    never: "Not synced yet",
    report: (sent, received) => `Synced: ${sent} sent, ${received} received.`,
    conflicts: (count) => `${count} fields were changed on two computers; open the form to choose.`,
  },
  person: {
    shown: (name, role) => `${name} (${role})`,
    menu: (name) => `Menu of ${name}`,
    signOut: "Sign out",
    lock: "Lock",
  },
  nav: { label: "Main menu", breadcrumb: "You are here", unread: (count) => `${count} unread` },
  signIn: {
    welcome: "Fill in, print, scan and send from your own computer. It works without a network, too.",
    heading: "Account sign-in",
    note: "Teachers, schools, counties and reviewers sign in with their platform account. A school's account is “school” and its six-character code, e.g. school193625. The first time on this computer needs a network.",
    account: "Account",
    password: "Password",
    act: "Sign in",
    acting: "Signing in…",
    missing: "Please enter account and password.",
    knownHeading: "People on this computer",
    knownNote: "Who has signed in here before can unlock and go on without a network.",
    passphrase: "Passphrase",
    passphraseNote: "Leave it empty if you never set one: the system's keyring is used.",
    unlock: "Unlock",
    server: (address) => `Service: ${address}`,
  },
  home: {
    greeting: (name) => `Hello, ${name}`,
    todo: "Waiting for you",
    todoEmpty: "No case is waiting for you.",
    message: "News",
    apply: (year) => `Apply for plan year ${year}`,
    functions: "Functions",
  },
  tile: {
    plc: "Learning community",
    plc_cases: "Applications",
    plc_apply: "Applications",
    cases: "Applications",
    apply: "Applications",
    plc_search: "Search plans",
    case_search: "Search cases",
    search: "Search cases",
    messages: "Messages",
    downloads: "Forms",
    guide: "Guide",
    profile: "Profile",
    settings: "Settings",
  },
  tileNote: {
    home: "",
    functions: "",
    cases: "Application, budget, and earlier years",
    search: "Cases by plan year and keyword",
    charts: "Cases by state, and money",
    messages: "Returns, results and reminders",
    downloads: "Empty forms, or fill in a single one",
    guide: "Print, stamp, scan, send",
    profile: "Basic information",
    settings: "Language, look and printing",
  },
  waitingHere: (count) => `${count} waiting`,
  list: {
    year: "Year",
    state: "State",
    updated: "Last change",
    created: "Created",
    owner: "Teacher",
    school: "School",
    title: "Community",
    yours: "Waiting for you",
    pending: "Not delivered",
    filter: "Filter this list",
    count: (shown, total) => (shown === total ? `${total} in all` : `${shown} of ${total}`),
    keys: "↑↓ or j k to move, Enter to open",
    more: "Show more",
  },
  cases: {
    title: "Learning community",
    crumb: "Apply",
    history: "Applications so far",
    historyNote: "Applications of earlier years are listed here; they do not affect a new one.",
    empty: "No application yet.",
    emptyNext: "Press Apply to begin; it works without a network, too.",
    apply: "Apply",
    why: "Not possible now:",
    opened: "The application is open; go on with its forms.",
  },
  search: {
    title: "Search cases",
    year: "Plan year",
    all: "All",
    keyword: "School or teacher",
    placeholder: "School or teacher",
    act: "Search",
    empty: "No case fits.",
    emptyNext: "Try another plan year or a shorter keyword.",
  },
  case: {
    title: (process) => `${process} - progress`,
    process: "Process",
    state: "State",
    school: "School",
    teacher: "Teacher",
    year: "Plan year",
    message: "News",
    reason: "Reason",
    amount: "Approved amount",
    amountUnit: (amount) => `NT$${amount}`,
    delivery: "Delivery",
    way: "The way of the case",
    editList: "Forms to fill in",
    viewList: "Forms to read",
    hidden: "The application is being written; its content cannot be seen yet.",
    clashing: (count) => `${count} fields were changed on two computers; open the form to choose.`,
    why: "Not possible yet:",
    new: "New",
    edit: "Edit",
    view: "View",
    print: "Print",
    attach: "Upload scan",
    attachAgain: "Upload again",
    scan: "View scan",
    review: "Side by side",
    scanFile: (pages, bytes) => `Scan of ${pages} ${pages === 1 ? "page" : "pages"}, ${bytes}`,
    enclose: (name) => `Upload ${name}`,
    enclosed: (name) => `View ${name}`,
    enclosedFile: (_, pages, bytes) => `Enclosed: ${pages} ${pages === 1 ? "page" : "pages"}, ${bytes}`,
    stamp: { none: "", upload: "upload, no seal needed", stamped: "upload with seals" },
    done: (act) => `Done: ${act}.`,
    doneWaiting: (act) => `${act}: kept on this computer, sent once connected.`,
  },
  convener: {
    old: "Convener until now:",
    choose: "Choose the new convener:",
    search: "Filter by name or account",
    chosen: "Chosen:",
    hint: "The new convener must have signed in once before they can be chosen.",
    nobody: "No other teacher of this school has signed in yet.",
    nobodyFits: "No teacher fits.",
    personMissing: "Please choose the new convener.",
    consent: "The county's consent (document number or note)",
    consentMissing: "Please name the county's consent: a document number or a note.",
    offline:
      "Whom you can choose is known only once connected, and the service cannot be reached now. Please connect and try again.",
    notes: [
      "A teacher may convene only one community; whoever convenes one already cannot be chosen.",
      "The convener may be changed only with the consent of the county (its centre for teacher professional development).",
      "Taichung City: for a community of several schools, changes of members must be reported to the Education Bureau by letter; for a community within one school, follow the school's procedure.",
    ],
  },
  ask: {
    reason: "Reason",
    reasonOf: { return: "Reason for returning" },
    reasonHint: "Say what to change; the teacher reads this.",
    reasonMissing: "Please give a reason, so that the teacher knows what to change.",
    amount: "Approved amount (NT$)",
    amountHint: "Empty: as applied for.",
    amountWrong: "Please enter digits.",
  },
  form: {
    crumb: "Form",
    close: "Close",
    save: "Save",
    print: "Print",
    printing: "Setting the pages…",
    saving: "Saving…",
    saved: (time) => `Saved ${time}`,
    unsaved: "Not saved yet",
    stayOpen: "Some text is not saved yet, so nothing was closed; it is tried again. To give it up, close the window once more.",
    clear: "Clear",
    failed: (why) => `Not saved yet; it is tried again. ${why}`,
    sections: "Parts of the form",
    left: (count) => `${count} left`,
    problems: (count) => (count === 1 ? "1 place left" : `${count} places left`),
    warnings: (count) => `${count} ${count === 1 ? "reminder" : "reminders"} (sending is possible)`,
    noProblems: "All filled in.",
    showProblems: "Show list",
    hideProblems: "Hide list",
    paper: "Paper",
    paperPage: (page, pages) => `Paper, page ${page} of ${pages}`,
    paperHide: "Hide paper",
    paperShow: "Paper",
    paperKey: "F8 shows and hides the paper",
    paperWait: "Setting the pages; the paper follows.",
    paperFailed: "The paper cannot be shown just now. Filling in and saving go on.",
    glyphs: (characters) =>
      `There is no glyph to print: ${characters}. Check the characters, or write them on the paper by hand.`,
    revertTitle: "Undo changes",
    revertBody: "Give up the changes since the last Save? They cannot be brought back.",
    revertAct: "Give up changes",
    revertKeep: "Go on editing",
    readOnly: "Read only.",
    loose: "A single paper: kept on this computer only, printed as a draft",
    clearPaper: "Empty and start again",
    clearBody: (name) => `Empty all that was filled in on “${name}” and start again? It cannot be brought back.`,
    cleared: "Emptied; you can start again.",
    clash: "Changed on two computers",
    clashNote: "Both texts are kept. Choose the one to stay.",
    mine: "Mine (this computer)",
    theirs: "The other computer",
    pickMine: "Keep mine",
    pickTheirs: "Keep the other",
    emptied: "(emptied)",
    row: (label, row) => `${label}, row ${row}`,
    fileHere: "After stamping, upload it from the case page with “Upload scan”.",
    fileLoose: "A single paper is not uploaded.",
    signHere: "Stamped on the printed paper",
  },
  field: {
    chars: (count, min, max) =>
      `${count}${min !== null && min > 1 && max !== null ? `/${min}–${max}` : max !== null ? `/${max}` : min !== null ? `/${min}+` : ""} characters`,
    select: "Please select",
    none: "–",
    option: (name, help) => `${name} · ${help}`,
    county: "County",
    district: "District",
    datePlaceholder: "111/02/18",
    openCalendar: "Open calendar",
    previousMonth: "Previous month",
    nextMonth: "Next month",
    month: (year, month) => `${year + 1911}-${String(month).padStart(2, "0")} (ROC ${year})`,
    day: (year, month, day) => `${year + 1911}-${month}-${day}`,
    weekdays: ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"],
    timePlaceholder: "13:30",
    quantity: "Quantity",
    unitPrice: "Unit price",
    subtotal: "Subtotal",
    note: "Remark",
    cap: (amount) => `At most NT$${amount} per unit`,
    suggest: (amount) => `Use ${amount}`,
    suggestNote: "Computed from the other lines",
    money: (amount) => `NT$${amount}`,
    people: (count) => `${count}`,
    nothing: "—",
    noFigures: "Nothing to compute from yet.",
  },
  codes: {
    count: (count) => `${count} codes; a line of 20 is one minute (one every 3 seconds)`,
    hint: (ten) =>
      `Press digits to record${ten ? ", 0 for 10" : ""}; Backspace deletes; choose with the arrows to correct; lists can be pasted.`,
    textHint: "Separated by spaces, commas or new lines.",
    asText: "Edit as text",
    asGrid: "Back to the grid",
    minute: (minute) => `${minute} min`,
    at: (code, place) => `No. ${place}: ${code}`,
    next: (place) => `No. ${place}: next`,
    place: (label, place) => (label === "" ? `No. ${place}` : `${label}, no. ${place}`),
    heard: (code, place) => `${code}, no. ${place}`,
    removed: (place) => `No. ${place} deleted`,
    pasted: (count) => `${count} codes pasted.`,
    full: (most) => `At most ${most} codes; there is no room for more.`,
  },
  rows: {
    add: "Add",
    empty: "No rows yet.",
    emptyNext: "Press Add; what was copied from Excel can be pasted into the first cell.",
    hint: "Enter goes to the next row; paste from Excel; drag or Alt+↑↓ to order.",
    number: "No.",
    move: (row) => `Move row ${row}: drag, or Alt with up and down`,
    duplicate: (row) => `Duplicate row ${row}`,
    remove: (row) => `Delete row ${row}`,
    tools: "Row tools",
    pasted: (rows) => `${rows} rows pasted.`,
    count: (count) => `${count} rows`,
    part: (first, last, total) => `Rows ${first}–${last} of ${total}`,
    goTo: "Go to row",
    back: "Earlier rows",
    on: "Later rows",
    partsHint: " PageUp and PageDown turn.",
  },
  suggestions: {
    title: "Can be carried over",
    from: (count, papers) => `${count} ${count === 1 ? "field" : "fields"} from ${papers.join(", ")}`,
    paper: (name, year) => `“${name}${year === null ? "" : `, plan year ${year}`}”`,
    of: (paper) => `From ${paper}`,
    accept: "Use",
    acceptOne: (label, value) => `Use for ${label}: ${value}`,
    acceptAll: "Use all",
    accepted: (label) => `Carried over: ${label}.`,
    acceptedAll: (count) => `${count} ${count === 1 ? "field" : "fields"} carried over; please look through them.`,
    offer: (value) => `Use: ${value}`,
    origin: (paper) => `(from ${paper})`,
    fold: "Fold",
    unfold: "One by one",
    rows: (count) => `${count} ${count === 1 ? "row" : "rows"}`,
    codes: (count) => `${count} ${count === 1 ? "code" : "codes"}`,
    parts: (count) => `${count} ${count === 1 ? "item" : "items"}`,
  },
  downloads: {
    lead: "Download an empty form, or fill in a single one here: ODT is the government's editable format; a single paper stays on this computer and is not sent.",
    filter: "Filter forms",
    count: (shown, total) => (shown === total ? `${total} forms` : `${shown} of ${total} forms`),
    number: (count) => `${count}`,
    keys: "Arrow keys move between buttons",
    nothing: "No form fits.",
    nothingNext: "Shorten or clear the filter.",
    blank: "Empty form",
    blankOf: (name) => `Empty form: ${name}`,
    blankAs: (kind, name) => `${kind}, empty form: ${name}`,
    blankName: (name) => `${name} (empty)`,
    saveTitle: "Save the empty form",
    making: "Making the file…",
    done: "The empty form is saved.",
    written: (path) => `Saved at ${path}`,
    fill: "Fill in",
    goOn: "Go on",
    fillOf: (begun, name) => `${begun ? "Go on" : "Fill in"}: ${name}`,
    started: (at) => `Last saved ${at}`,
  },
  file: { open: "Open" },
  export: {
    act: "Export",
    as: { odt: "Export as ODT", docx: "Export as DOCX" },
    note: { odt: "The government's editable format", docx: "For those who can open nothing else" },
    saveTitle: "Export the form",
    done: "Exported as it stands. The file can be edited; it cannot be uploaded as a stamped paper.",
  },
  print: {
    title: "Print",
    draftTitle: "Print a draft",
    done: (pages, revision) => `Print ${revision}, ${pages} pages. Print it, have it stamped, then upload the scan.`,
    plain: (pages) => (pages === 1 ? "1 page; no stamp is asked for." : `${pages} pages; no stamp is asked for.`),
    draft: (pages) => `Draft, ${pages} pages. A draft cannot be stamped.`,
    loose: (pages) =>
      `Draft, ${pages} ${pages === 1 ? "page" : "pages"}, each marked as one. Print what is to be sent from its case.`,
    where: "The file is at",
    open: "Open PDF",
    openFailed: "The system did not open it; please open the file at the place above.",
  },
  attach: {
    title: (name) => `Upload scan: ${name}`,
    rule: "PDF, JPEG or PNG; turned upright and packed into one PDF of at most 2 MB.",
    drop: "Drop the scan here",
    pick: "Choose files",
    pickTitle: "Choose the stamped scan",
    reading: "Reading pages, QR codes and seals…",
    refused: "Not uploaded",
    again: "Choose again",
    found: (pages) => (pages === 1 ? "1 page found" : `${pages} pages found`),
    file: (bytes) => `${bytes} after packing`,
    page: (page) => `Page ${page}`,
    qr: (page, pages, revision) => `QR: print ${revision}, page ${page} of ${pages}`,
    noQr: "No QR code on this page",
    turned: (degrees) => `turned ${degrees}°`,
    picture: (page) => `Scan, page ${page}`,
    stampEmpty: (name) =>
      `The cell of the ${name} looks empty. Please compare the picture; if it is stamped you can send, and the reviewer sees this remark.`,
    stampUnsure: (name) => `The cell of the ${name} is not clear. Please compare the picture; if it is stamped you can send.`,
    stampGood: (cells) => `Seen: ${cells}.`,
    done: "Done",
    remove: "Remove scan",
    previous: "Previous page",
    next: "Next page",
  },
  enclose: {
    title: (name, paper) => `Upload ${name}: ${paper}`,
    rule: "One PDF of at most 2 MB. Photographs (JPEG, PNG) can be taken too; they are packed into one.",
    drop: "Drop the file here",
    pickTitle: (name) => `Choose the file of ${name}`,
    reading: "Reading the file…",
    found: (pages) => (pages === 1 ? "1 page enclosed" : `${pages} pages enclosed`),
    picture: (page) => `Enclosure, page ${page}`,
    remove: "Remove the file",
    missing: (name) => `Not uploaded: ${name}`,
  },
  review: {
    title: "Side by side",
    noScan: "No scan was uploaded.",
    noEnclosure: (name) => `Not uploaded: ${name}.`,
    hint: "What was filled in on the left, the uploaded file on the right.",
  },
  messages: {
    title: "Messages",
    subject: "Subject",
    body: "Text",
    at: "Time",
    note: "Also sent by e-mail",
    empty: "No messages.",
    emptyNext: "Returns and results appear here.",
    unread: "unread",
    open: "Open the case",
  },
  profile: {
    title: "Profile",
    basic: "Basic information",
    name: "Name",
    role: "Part",
    school: "School",
    schoolCode: "School code",
    county: "County",
    email: "E-mail",
    phone: "Telephone",
    none: "not given",
  },
  settings: {
    title: "Settings",
    language: "Language",
    languages: { "zh-TW": "正體中文", en: "English" },
    theme: "Look",
    print: "Printing",
    kai: "Print with the system's 標楷體",
    kaiNote: "Used where this computer has it; otherwise the program's own font.",
    paper: "Show the paper beside the form",
    service: "Service",
    saved: "Applied.",
  },
  guide: {
    title: "Guide",
    lead: "Five steps from filling in to sending. The first four work without a network.",
    steps: [
      {
        title: "Fill in",
        body: "Press Apply under Applications and open the application and the budget from the case page. What you type is stored on this computer at every pause.",
      },
      {
        title: "Print",
        body: "When a form is complete, Print makes an A4 PDF. A QR code on every page names case, form and print; after a change, print again.",
      },
      {
        title: "Stamp",
        body: "The budget is stamped by handler, director, accountant and principal; the application on the blank space of its last page. Whether a stamp is needed is the county's rule.",
      },
      {
        title: "Scan and upload",
        body: "Scan or photograph all pages (PDF, JPEG, PNG) and press Upload scan on the case page. Pages are turned upright, packed below 2 MB, matched by QR, and empty stamp cells are pointed out.",
      },
      {
        title: "Send",
        body: "Press Apply when all is done. Offline it waits here and is sent once connected; “Delivered” means the service has it. If it is returned you get a message with the reason.",
      },
    ],
    tips: "Scanning well",
    tipList: [
      "Flat, evenly lit, all four corners in the picture.",
      "Do not cover or cut the QR code.",
      "Scan in colour or grey, not in pure black and white.",
    ],
    keys: "Keys",
    keyList: [
      ["Tab / Shift+Tab", "next and previous field"],
      ["Enter", "next row in a table"],
      ["Alt + ↑ ↓", "move a row"],
      ["Ctrl + S", "save"],
      ["F8", "show and hide the paper"],
      ["j k or ↑ ↓", "move in a list"],
    ],
  },
};
