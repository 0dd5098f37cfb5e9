//! Each situation of a desktop is a row: what is there, and the steps in their order.

use domain::{
    ids::{BlobHash, CaseId, EventId},
    sync::{CaseHead, Heads, MOST_ACTS, QueuedAct, Step, plan},
};
use uuid::Uuid;

/// One case in short: `new` or `known`, then `draft:FORM`, `open`, `act:BLOB,BLOB`, `refused:…`. Acts are numbered from 1.
fn head(number: u128, text: &str) -> CaseHead {
    let mut words = text.split(' ');
    let known = words.next().unwrap() == "known";
    let mut head = CaseHead { case: CaseId(Uuid::from_u128(number)), known, changed_drafts: vec![], queued: vec![] };
    for word in words {
        let (kind, rest) = word.split_once(':').unwrap_or((word, ""));
        if kind == "draft" {
            head.changed_drafts.push(rest.parse().unwrap());
            continue;
        }
        let seq = head.queued.len() as u128 + 1;
        head.queued.push(QueuedAct {
            event: EventId(Uuid::from_u128(number * 100 + seq)),
            opens: kind.ends_with("open"),
            reopens: kind.ends_with("back"),
            blobs: rest.split(',').filter(|name| !name.is_empty()).map(blob).collect(),
            refused: kind.starts_with("refused"),
        });
    }
    head
}

fn blob(name: &str) -> BlobHash {
    BlobHash::of(name.as_bytes())
}

/// Steps in short: `draft1:FORM`, `act1.2` (the second act of case 1), `blob:NAME`, `pull`.
fn written(step: &Step) -> String {
    match step {
        Step::PutBlob(hash) => {
            let name = ["a", "b", "c"].into_iter().find(|name| blob(name) == *hash).unwrap();
            format!("blob:{name}")
        }
        Step::PushAct(case, event) => format!("act{}.{}", case.0.as_u128(), event.0.as_u128() % 100),
        Step::PushActs(acts) => {
            let names: Vec<_> = acts.iter().map(|(case, event)| written(&Step::PushAct(*case, *event))).collect();
            format!("[{}]", names.join(","))
        }
        Step::PushDraft(case, form) => format!("draft{}:{form}", case.0.as_u128()),
        Step::PullChanges => "pull".to_owned(),
    }
}

#[test]
fn every_situation() {
    #[rustfmt::skip]
    let rows: [(&str, &[&str], &[&str], &str); 24] = [
        ("nothing to send",                       &[],                                        &[],         "pull"),
        ("a draft changed",                       &["known draft:plc_budget"],                &[],         "draft1:plc_budget pull"),
        ("opened offline",                        &["new open"],                              &[],         "act1.1 pull"),
        ("opened and typed offline",              &["new draft:plc_application open"],        &[],         "act1.1 draft1:plc_application pull"),
        ("opened, typed and sent offline",        &["new draft:plc_application open act:a"],  &[],         "act1.1 draft1:plc_application blob:a act1.2 pull"),
        ("drafts go before the act",              &["known draft:plc_application act:a,b"],   &[],         "draft1:plc_application blob:a blob:b act1.1 pull"),
        ("drafts follow what takes a paper back", &["known draft:plc_summary back act:a"],     &[],         "act1.1 draft1:plc_summary blob:a act1.2 pull"),
        ("made, filled in and sent offline",      &["new draft:plc_summary open back act:a"], &[],         "act1.1 act1.2 draft1:plc_summary blob:a act1.3 pull"),
        ("taking back was refused",               &["known draft:plc_summary refused:back act:a"], &[],    "draft1:plc_summary pull"),
        ("taking back waits behind a refusal",    &["known draft:plc_summary refused back"],  &[],         "pull"),
        ("a file the service has",                &["known act:a,b"],                         &["a"],      "blob:b act1.1 pull"),
        ("one file for two acts",                 &["known act:a act:a"],                     &[],         "blob:a act1.1 act1.2 pull"),
        ("one file for two cases",                &["known act:a", "known act:a,c"],          &[],         "blob:a act1.1 blob:c act2.1 pull"),
        ("an act behind a refused one waits",     &["known refused act:a"],                   &[],         "pull"),
        ("what was before a refused one goes",    &["known act refused act"],                 &[],         "act1.1 pull"),
        ("a refused act does not hold drafts",    &["known draft:plc_budget refused"],        &[],         "draft1:plc_budget pull"),
        ("a refused opening holds everything",    &["new draft:plc_budget refused_open act"], &[],         "pull"),
        ("without its opening nothing can go",    &["new draft:plc_budget act:a"],            &[],         "pull"),
        ("one act without a file goes its way",   &["known act"],                             &[],         "act1.1 pull"),
        ("acts of many cases go together",        &["known act", "known act", "known act"],   &[],         "[act1.1,act2.1,act3.1] pull"),
        ("what needs more goes by itself",        &["known act", "known act act", "known draft:plc_budget act", "known act:a", "known act"], &["a"],
                                                  "[act1.1,act5.1] act2.1 act2.2 draft3:plc_budget act3.1 act4.1 pull"),
        ("an opening is never among them",        &["new open", "known act"],                 &[],         "act1.1 act2.1 pull"),
        ("nor a refused act",                     &["known refused", "known act", "known act"], &[],       "[act2.1,act3.1] pull"),
        ("a refusal is one case's own",           &["known refused act", "known act:b"],      &[],         "blob:b act2.1 pull"),
    ];
    for (situation, cases, there, expected) in rows {
        let heads = Heads {
            cases: (1..).zip(cases).map(|(number, text)| head(number, text)).collect(),
            blobs_there: there.iter().map(|name| blob(name)).collect(),
        };
        let steps: Vec<String> = plan(&heads).iter().map(written).collect();
        assert_eq!(steps.join(" "), expected, "{situation}");
    }
}

/// What goes together stays within the service's bound.
#[test]
fn many_acts_go_in_portions() {
    let heads = Heads { cases: (1..=1201).map(|number| head(number, "known act")).collect(), ..Heads::default() };
    let steps = plan(&heads);
    let sizes: Vec<usize> =
        steps.iter().filter_map(|step| if let Step::PushActs(acts) = step { Some(acts.len()) } else { None }).collect();
    assert_eq!((steps.len(), sizes), (4, vec![MOST_ACTS, MOST_ACTS, 201]));
}
