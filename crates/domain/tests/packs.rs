//! The packs of the program and their samples: every sample is judged exactly as it says, every fault in a pack is refused
//! with its place.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "the samples are files beside the packs")]

use domain::{
    form::{
        Answers, COUNTY_CHECKS, FORMULAS, FieldDef, FieldKind, FormDef, Level, NAMED_CHECKS, Options, Packs, Source,
        check, compare, migrate, suggest,
    },
    policy::{StampRule, WindowKind},
    time::PlanYear,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// `forms/<id>/v<N>/samples/*.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    answers: Answers,
    /// Every problem, as field and code.
    expected: Vec<Expected>,
    /// Whether it could be sent: warnings do not stand against it.
    complete: bool,
    /// Computed values that the sample is about.
    #[serde(default)]
    computed: BTreeMap<String, Value>,
    /// The county whose rules apply.
    county: Option<String>,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(deny_unknown_fields)]
struct Expected {
    field: String,
    code: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

#[test]
fn every_sample_is_judged_as_it_says() {
    for (form, _) in Packs::built_in().all() {
        let folder = root().join(format!("forms/{}/v{}/samples", form.id, form.version));
        let samples = files(&folder);
        for file in &samples {
            let name = file.display();
            let sample: Sample =
                serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
            let policy = Packs::built_in().policy(PlanYear(form.plan_year), sample.county.as_deref());
            let checked = check(form, sample.answers, &policy);
            let found = |problem: &domain::form::Problem| Expected {
                field: problem.field.clone(),
                code: problem.code.to_string(),
            };
            let mut problems: Vec<Expected> = checked.problems.iter().map(found).collect();
            problems.sort();
            let mut expected = sample.expected;
            expected.sort();
            assert_eq!(problems, expected, "{name}");
            assert_eq!(checked.is_complete(), sample.complete, "{name}");
            for (key, value) in &sample.computed {
                assert_eq!(checked.computed.get(key), Some(value), "{name}: {key}");
            }
        }
        for wanted in ["empty.json", "typical.json", "fullest.json", "wrong.json"] {
            assert!(samples.iter().any(|file| file.ends_with(wanted)), "{} has no sample {wanted}", form.id);
        }
    }
}

/// Keys, kinds and required marks as in the reference of the forms.
#[test]
fn the_packs_have_the_fields_of_the_forms() {
    check_fields(
        "plc_application",
        "school_name* plc_level* plc_name* plc_summary* plc_goals school_scope* partner_schools[school_code school_name*] continuity* \
         continuity_year* grade_subject_scope* teaching_stage* apply_funding* convener_name* convener_phone convener_email \
         members*[name* duty school subject] member_count plc_contents* plc_contents_other* schedule*[session_no session_date* \
         start_time* end_time* activity* mode* speaker place*] expected_outcomes stamp_area stamped_file",
    );
    check_fields(
        "plc_budget",
        "plc_name* county_district* lecturer_external_1 lecturer_external_2 lecturer_internal consultant_external assistant_external \
         assistant_internal printing materials meals transport lodging nhi_supplement misc total sign_handler sign_director \
         sign_accountant sign_principal stamped_file",
    );
    check_fields(
        "plc_summary",
        "school_name* class_count* student_count* teacher_count* principal_name* principal_phone* principal_email* \
         handler_name_title* handler_phone* handler_email* items*[plc_name* plc_level* plc_contents* convener_name* \
         member_count* amount*] plc_total funding_total level_counts[level* count*] sign_handler sign_director \
         sign_principal stamped_file",
    );
    check_fields(
        "plc_report",
        "school_name plc_name convener_name convener_email convener_phone plc_level plc_goals expected_outcomes \
         plc_contents members[name duty school subject] member_count sessions_per_year* co_planning_count* \
         observation_count* debrief_count* operation_modes* outcome_teacher outcome_student student_works q4_truncated \
         reflection outcome_file*",
    );
    check_fields(
        "open_class_proof",
        "school_county* school_name* teacher_name* grade* subject* unit* observer* lessons*[pre_date* pre_time* \
         pre_place* obs_date* obs_time* obs_place* post_date* post_time* post_place*] sign_teacher sign_school \
         stamped_file",
    );
    check_fields(
        "plc_participation_proof",
        "school_county* school_name* teacher_name* plc_name* period_from* period_to* is_convener* convener_from* \
         convener_to* convener_name* sign_teacher sign_convener sign_school stamped_file",
    );
    check_fields(
        "pre_conference_a",
        "teacher_name* grade* subject* observer* prep_plc unit* pre_date* pre_place* lesson_context* focus_and_tools* \
         observer_position* observer_position_group observer_role* observer_role_part* recording* consent_note \
         obs_plan_date* obs_plan_time* obs_plan_place* post_plan_date* post_plan_time* post_plan_place*",
    );
    check_fields(
        "pre_conference_b",
        "teacher_name* grade* subject* observer* prep_plc unit* pre_date* pre_place* learning_goals* student_experience* \
         teaching_flow* learning_strategies* assessment* obs_tools* obs_focus* post_plan_date* post_plan_place*",
    );
    check_fields(
        "obs_std105",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note facts rating*",
    );
    check_fields(
        "obs_std101",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note facts rating*",
    );
    check_fields(
        "obs_anecdotal",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note rows*[time* \
         behavior* facts* remark]",
    );
    check_fields(
        "obs_verbatim",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note focus* \
         rows*[time* speaker* seat words* category remark] category_counts analysis*",
    );
    check_fields(
        "obs_verbal_flow",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note \
         seats*[seat_id* row* col* student_label gender special_need present] kind_codes events*[seq time from* to* \
         kind* count note] direction_counts kind_counts balance seat_counts analysis*",
    );
    check_fields(
        "obs_at_task",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note code_book \
         seats*[seat_id* row* col* student_label gender special_need present] rounds*[round_no start_time* \
         activity] marks*[round_no* seat_id* code] code_counts at_task_rates student_rates analysis*",
    );
    check_fields(
        "obs_movement",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note \
         map*[objects[object* x y width height] seats*[seat_id* row* col* student_label gender special_need \
         present] zones*[zone* x y width height]] segments*[no from* to* colour*] stops*[seq segment* zone* x y \
         arrive* leave* reason] interactions[serial stop_seq seat_id* kind note] moves*[from_stop* to_stop* actor* \
         line_kind*] zone_times interaction_counts reason_counts analysis*",
    );
    check_fields(
        "obs_flanders",
        "teacher_name* grade* subject* observer* unit* period_total* period_no* obs_date* obs_place* note \
         interval_seconds* codes* matrix ratios interpretation*",
    );
    check_fields(
        "post_conference_a",
        "teacher_name* grade* subject* observer* unit* post_date* post_place* facts* relation* insight* next_action*",
    );
    check_fields(
        "post_conference_b",
        "teacher_name* grade* subject* observer* unit* post_date* post_place* strengths* to_adjust* \
         growth_plan*[indicator* direction* way* summary* partner due_date*] observer_gain*",
    );
    check_fields(
        "adv_checklist",
        "teacher_name* school_name* teaching_years* specialty* c1_done* c1_date* c2_done* c2_date* c3_done* c3_date* \
         c4_done* c4_pre_date* c4_obs_date* c4_post_date* c5_done* c5_from* c5_to* peer_consent sign_teacher sign_handler \
         sign_principal stamped_file",
    );
    check_fields(
        "adv_form_review",
        "teacher_name* school_name* slots*[slot* received* stamped_ok* dates_ok* comment] result* reason*",
    );
    check_fields(
        "adv_review",
        "teacher_name* school_name* round* grade_pre* grade_obs* grade_post* similarity* comment* weighted_score \
         result_first* result_second* result_appeal*",
    );
    check_fields(
        "adv_appeal",
        "teacher_name* county* school_name* apply_date* review_opinion* appeal_opinion* evidence_file",
    );
}

/// Yearly change: 110 and 111 stand beside each other, and a draft of 110 goes on in 111 with everything that was typed.
#[test]
fn a_draft_of_110_goes_on_in_111() {
    let packs = Packs::built_in();
    let id = "plc_application".parse().unwrap();
    let of = |year| packs.for_year(&id, PlanYear(year)).unwrap().0;
    assert_eq!([109, 110, 111, 114].map(|year| of(year).version), [110, 110, 111, 111]);
    let (before, after) = (of(110), of(111));
    let differences: Vec<String> = compare(before, after).iter().map(ToString::to_string).collect();
    assert_eq!(
        differences,
        [
            "~ teaching_stage: 學等階段 → 任教階段",
            "+ apply_funding",
            "~ plc_contents: 補助社群實施之內容(可複選) → 專業學習社群內容(可複選)",
        ]
    );
    let policy = packs.policy(PlanYear(111), None);
    for sample in ["typical", "fullest"] {
        let file = root().join(format!("forms/plc_application/v110/samples/{sample}.json"));
        let typed: Sample = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let moved = migrate(after, &packs.earlier(after), &policy, typed.answers.clone());
        assert!(moved.left_out.is_empty(), "{sample}: {:?}", moved.left_out);
        let mut wanted = typed.answers;
        for label in wanted.0.get_mut("plc_contents").and_then(Value::as_array_mut).unwrap() {
            if label == "備觀議課" {
                *label = "公開授課(備觀議課)".into();
            }
        }
        assert_eq!(moved.answers, wanted, "{sample}");
        // What 111 asks more, and days that lie in the year before.
        let problems = check(after, moved.answers, &policy).problems;
        let errors = problems.iter().filter(|problem| problem.level == Level::Error);
        for problem in errors.filter(|problem| problem.field != "apply_funding") {
            assert!(problem.field.ends_with(".session_date"), "{sample}: {problem:?}");
        }
        assert!(problems.iter().any(|problem| problem.field == "apply_funding"), "{sample}");
    }
}

/// What stands on another paper of the case is offered, whichever paper of a slot was chosen.
#[test]
fn what_stands_on_another_paper_is_offered() {
    let offered = |form: &str, other: &str, given: Value| {
        let (source, answers) = (newest(other).0, Answers(given.as_object().unwrap().clone()));
        let sources = [Source { form: source, answers: &answers, plan_year: None }];
        let found = suggest(newest(form).0, &Answers::default(), &sources, "", PlanYear(111));
        found.into_iter().map(|one| format!("{} {}", one.field, one.value)).collect::<Vec<_>>()
    };
    for (form, other, given, wanted) in [
        (
            "obs_std101",
            "pre_conference_a",
            json!({ "unit": "分數", "obs_plan_date": "2019-11-06" }),
            vec!["unit \"分數\"", "obs_date \"2019-11-06\""],
        ),
        ("obs_std101", "pre_conference_b", json!({ "unit": "分數", "pre_date": "2019-11-04" }), vec!["unit \"分數\""]),
        (
            "post_conference_b",
            "pre_conference_b",
            json!({ "post_plan_date": "2019-11-07" }),
            vec!["post_date \"2019-11-07\""],
        ),
        ("adv_checklist", "obs_verbatim", json!({ "obs_date": "2019-11-06" }), vec!["c4_obs_date \"2019-11-06\""]),
        (
            "adv_checklist",
            "post_conference_b",
            json!({ "post_date": "2019-11-07" }),
            vec!["c4_post_date \"2019-11-07\""],
        ),
        (
            "adv_checklist",
            "open_class_proof",
            json!({ "lessons": [{ "obs_date": "2019-12-02" }, { "obs_date": "2019-10-16" }] }),
            vec!["c3_date \"2019-10-16\""],
        ),
        ("plc_participation_proof", "obs_verbatim", json!({ "unit": "分數" }), vec![]),
    ] {
        assert_eq!(offered(form, other, given), wanted, "{form} from {other}");
    }
}

fn check_fields(form: &str, wanted: &str) {
    fn written(field: &FieldDef) -> String {
        let columns = match &field.kind {
            FieldKind::Rows { fields, .. } | FieldKind::Group { fields } => {
                format!("[{}]", fields.iter().map(written).collect::<Vec<_>>().join(" "))
            }
            _ => String::new(),
        };
        format!("{}{}{columns}", field.key, if field.required { "*" } else { "" })
    }
    let (form, _) = newest(form);
    let found: Vec<String> = form.fields().map(written).collect();
    assert_eq!(found.join(" "), wanted);
}

fn newest(id: &str) -> (&'static FormDef, u32) {
    let (form, _) = Packs::built_in().newest().find(|(form, _)| form.id.as_str() == id).unwrap();
    (form, form.version)
}

#[test]
fn every_label_is_written_in_both_languages() {
    fn words(zh: &str, en: &str, place: &str) {
        assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{place}: {zh:?} {en:?}");
    }
    fn label(label: &domain::form::Label, place: &str) {
        words(&label.zh, &label.en, place);
    }
    fn option(option: &domain::form::Opt, place: &str) {
        words(&option.zh, &option.en, place);
        if let Some(help) = &option.help {
            label(help, place);
        }
    }
    fn field(def: &FieldDef, place: &str) {
        let place = format!("{place}.{}", def.key);
        label(&def.label, &place);
        if let Some(help) = &def.help {
            label(help, &place);
        }
        match &def.kind {
            FieldKind::Rows { fields, .. } | FieldKind::Group { fields } => {
                fields.iter().for_each(|column| field(column, &place));
            }
            FieldKind::Choice { options: Options::Listed { options } }
            | FieldKind::Choices { options: Options::Listed { options } } => {
                options.iter().for_each(|one| option(one, &place));
            }
            _ => {}
        }
    }
    for (form, _) in Packs::built_in().all() {
        label(&form.title, "title");
        label(&form.name, "name");
        for section in &form.sections {
            label(&section.title, &section.key);
            section.notes.iter().for_each(|note| label(note, &section.key));
            section.fields.iter().for_each(|def| field(def, form.id.as_str()));
        }
    }
}

#[test]
fn policy_is_dated() {
    let packs = Packs::built_in();
    let contents = |year| packs.policy(PlanYear(year), None).list("plc_contents")[1].zh.clone();
    assert_eq!([contents(110), contents(111)], ["備觀議課", "公開授課(備觀議課)"]);
    let rate = |year| packs.policy(PlanYear(year), None).number("nhi_rate");
    assert_eq!(
        [rate(104), rate(105), rate(109), rate(110), rate(111), rate(114)],
        [None, Some(191), Some(191), Some(211), Some(211), Some(211)]
    );
    let ceiling = |year, county| packs.policy(PlanYear(year), Some(county)).number("max_per_plc");
    assert_eq!([ceiling(111, "新北市"), ceiling(112, "新北市"), ceiling(111, "臺中市")], [Some(15000), None, None]);
    assert!(packs.policy(PlanYear(111), Some("新北市")).windows.contains_key(&WindowKind::Apply));
    assert!(packs.policy(PlanYear(111), Some("臺中市")).windows.is_empty());
    let levels = |year| packs.policy(PlanYear(year), Some("桃園市")).list("plc_levels").len();
    assert_eq!([levels(102), levels(111)], [4, 8]);
    // A number that is known but set by nobody does not exist for the checks.
    assert_eq!(packs.policy(PlanYear(111), None).number("cap_meals"), None);
}

#[test]
fn stamp_rules_of_the_counties() {
    let rule = |county: &str, form: &str| {
        Packs::built_in().policy(PlanYear(111), Some(county)).stamp_rule(&form.parse().unwrap())
    };
    assert_eq!(rule("臺中市", "plc_application"), StampRule::Upload);
    assert_eq!(rule("臺中市", "plc_budget"), StampRule::Stamped);
    assert_eq!(rule("臺中市", "plc_summary"), StampRule::Stamped);
    assert_eq!(rule("連江縣", "plc_application"), StampRule::Stamped);
    assert_eq!(rule("連江縣", "plc_budget"), StampRule::Stamped);
    assert_eq!(rule("花蓮縣", "plc_application"), StampRule::None);
}

#[test]
fn all_districts_are_there_once() {
    let policy = Packs::built_in().policy(PlanYear(111), None);
    let names: BTreeSet<&str> = policy.list("county_districts").iter().map(|option| option.zh.as_str()).collect();
    assert_eq!((names.len(), policy.list("county_districts").len()), (368, 368));
    assert!(names.contains("連江縣 / 南竿鄉"));
    let counties: BTreeSet<&str> = names.iter().filter_map(|name| Some(name.split_once(" / ")?.0)).collect();
    assert_eq!(counties.len(), 22);
}

/// A named check that a county makes strict turns from advice into an error.
#[test]
fn a_county_can_make_a_warning_strict() {
    let (form, _) = newest("plc_application");
    let file = root().join(format!("forms/plc_application/v{}/samples/typical.json", form.version));
    let mut sample: Sample = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    sample.answers.0.get_mut("schedule").and_then(Value::as_array_mut).unwrap().pop();
    let mut policy = Packs::built_in().policy(PlanYear(111), None);
    let levels = |policy: &_| {
        check(form, sample.answers.clone(), policy)
            .problems
            .into_iter()
            .map(|p| (p.code.to_string(), p.level))
            .collect::<Vec<_>>()
    };
    let both = |level| {
        vec![("schedule_results_shared".to_owned(), level), ("schedule_each_semester".to_owned(), Level::Warning)]
    };
    assert_eq!(levels(&policy), both(Level::Warning));
    policy.strict_checks.insert("schedule_results_shared".to_owned());
    assert_eq!(levels(&policy), both(Level::Error));
}

const HEAD: &str = "id = \"plc_test\"\nversion = 1\nplan_year = 111\ntitle = { zh = \"甲\", en = \"A\" }\nname = { zh = \"甲\", en = \"A\" }\n";
const SECTION: &str = "[[sections]]\nkey = \"basic\"\ntitle = { zh = \"甲\", en = \"A\" }\n";

fn field(rest: &str) -> String {
    format!("[[sections.fields]]\nlabel = {{ zh = \"甲\", en = \"A\" }}\n{rest}\n")
}

/// A fault is refused with the file and the line it stands in, counted from 1.
#[test]
fn faults_of_packs_are_refused_with_their_place() {
    let name = field("key = \"name\"\nkind = \"text\"");
    let file = field("key = \"copy\"\nkind = \"file\"");
    let fault = |extra: &str| format!("{HEAD}{SECTION}{}", field(extra));
    // HEAD has 5 lines and SECTION 3; a field's own first line is the third of `field`.
    let cases: Vec<(String, usize, &str)> = vec![
        (format!("{HEAD}{SECTION}{name}{name}"), 15, "field name twice"),
        (format!("{HEAD}{SECTION}{name}{SECTION}fields = []"), 14, "section basic twice"),
        (
            format!("checks = [\n\"schedule_times\",\n\"no_such_check\",\n]\n{HEAD}{SECTION}{name}"),
            3,
            "unknown check no_such_check",
        ),
        (fault("key = \"level\"\nkind = \"choice\"\noptions_from = \"no_such_list\""), 11, "no list no_such_list"),
        (fault("key = \"level\"\nkind = \"choice\""), 11, "exactly one of options and options_from"),
        (
            fault("key = \"fee\"\nkind = \"line\"\nunit = { zh = \"節\", en = \"period\" }\ncap = \"no_such_number\""),
            11,
            "no number no_such_number",
        ),
        (fault("key = \"fee\"\nkind = \"line\""), 11, "fee needs unit"),
        (
            fault("key = \"sum\"\nkind = \"computed\"\nformula = \"no_such_formula\""),
            11,
            "unknown formula no_such_formula",
        ),
        (fault("key = \"name\"\nkind = \"text\"\ncolour = \"red\""), 13, "unknown field `colour`"),
        (fault("key = \"name\"\nkind = \"text\"\nmax_rows = 3"), 11, "max_rows does not belong"),
        (fault("key = \"name\"\nkind = \"poem\""), 12, "unknown variant `poem`"),
        (fault("key = \"copy\"\nkind = \"file\"\nrequired = true"), 11, "takes no answer"),
        (
            fault("key = \"name\"\nkind = \"text\"\nenclosure = { zh = \"甲\", en = \"A\" }"),
            11,
            "enclosure does not belong",
        ),
        (format!("{HEAD}{SECTION}{file}{}", file.replace("copy", "more")), 15, "one file at most"),
        (fault("key = \"Name\"\nkind = \"text\""), 11, "cannot be a key"),
        (fault("key = \"name\"\nkind = \"text\"\nprefill = \"moon.phase\""), 11, "unknown prefill"),
        (
            fault("key = \"name\"\nkind = \"text\"\nshow_if = { field = \"later\", is = \"是\" }"),
            11,
            "show_if names later",
        ),
        (fault("key = \"rows\"\nkind = \"rows\"\nmax_rows = 3"), 11, "rows needs fields"),
        (format!("{HEAD}{SECTION}{name}[["), 13, "unquoted keys cannot be empty"),
    ];
    for (text, line, reason) in cases {
        let policy = [("policy/lists.toml", "[[list]]\nname = \"known\"\nsource = \"x\"\noptions = []\n")];
        let error = Packs::parse(&[("forms/plc_test/v1/form.toml", &text)], &policy).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("forms/plc_test/v1/form.toml", line), "{error}\n{text}");
        assert!(error.reason.contains(reason), "{error} should say {reason}");
    }
    let text = format!("{HEAD}{SECTION}{name}");
    assert!(Packs::parse(&[("forms/plc_test/v1/form.toml", &text)], &[]).is_ok());
    let elsewhere = Packs::parse(&[("forms/other/v1/form.toml", &text)], &[]).unwrap_err();
    assert!(elsewhere.reason.contains("lies elsewhere"), "{elsewhere}");
    let policy =
        Packs::parse(&[], &[("policy/numbers.toml", "\n[[number]]\nname = \"a\"\nsource = \"x\"\ncolour = 1\n")])
            .unwrap_err();
    assert_eq!((policy.file.as_str(), policy.line), ("policy/numbers.toml", 5), "{policy}");
}

/// A check or formula that no pack names would never run.
#[test]
fn every_named_check_and_formula_is_used() {
    let forms = || Packs::built_in().all().map(|(form, _)| form);
    let mut checks: BTreeSet<&str> = forms().flat_map(|form| form.checks.iter().map(String::as_str)).collect();
    checks.extend(COUNTY_CHECKS.iter().map(|(_, check)| *check));
    assert_eq!(checks, NAMED_CHECKS.iter().map(|check| check.name).collect());
    let formulas: BTreeSet<&str> = forms()
        .flat_map(FormDef::fields)
        .filter_map(|field| match &field.kind {
            FieldKind::Computed { formula } => Some(formula.as_str()),
            FieldKind::Line { suggest, .. } => suggest.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(formulas, FORMULAS.iter().map(|formula| formula.name).collect());
}

/// A published version is never edited: cases of that year are read and printed by it for ever. A new wording is a new
/// version; its hash is then added to `forms/published.txt`.
#[test]
fn published_versions_are_as_they_were_published() {
    let published = include_str!("../../../forms/published.txt");
    let known: BTreeMap<(&str, &str), &str> = published
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(((words.next()?, words.next()?), words.next()?))
        })
        .collect();
    for (def, form) in Packs::built_in().all() {
        let version = def.version.to_string();
        let kept = known.get(&(def.id.as_str(), version.as_str()));
        assert_eq!(kept, Some(&form.hash.as_str()), "{} v{version} differs from what was published", def.id);
    }
    assert_eq!(known.len(), Packs::built_in().all().count(), "a published version is missing");
}

/// Which forms carry a file of their own, and which wait for the stamped copy of their print.
#[test]
fn the_file_of_a_form_is_its_stamped_copy_or_an_enclosure() {
    for (def, form) in Packs::built_in().newest() {
        let encloses = def.enclosure().map(|(field, name)| (field.key.as_str(), name.zh.as_str()));
        let expected = match form.id.as_str() {
            "plc_report" => Some(("outcome_file", "成果分享")),
            "adv_appeal" => Some(("evidence_file", "相關證明資料")),
            _ => None,
        };
        assert_eq!(encloses, expected, "{}", form.id);
        assert_eq!(def.required_enclosure().is_some(), form.id.as_str() == "plc_report", "{}", form.id);
    }
}
