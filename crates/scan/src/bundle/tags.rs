//! The structure of a part, for those who have pages read to them: kept from papers of our own, and made for pages from outside,
//! each of which is one picture with a name.

use super::part::{PartAsk, set};
use crate::ScanRefusal;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, Writer, dictionary};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Number trees are not deeper than this in any sound file.
const DEEPEST: usize = 32;

/// The structure of a part as it goes into the whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// The numbers of its topmost elements.
    pub roots: Vec<u32>,
    /// The tree of parents: key, and the value as it is written.
    pub parents: Vec<(u32, String)>,
    /// The first key that is free behind it.
    pub next_key: u32,
    /// Elements with an id, for cells that name their headings: the id as it is written, and the element's number.
    pub ids: Vec<(Vec<u8>, u32)>,
    /// Kinds of elements by what they are like.
    pub roles: BTreeMap<String, String>,
}

/// The structure before its objects have their numbers.
#[derive(Default)]
pub(super) struct Found {
    pub(super) roots: Vec<ObjectId>,
    pub(super) parents: Vec<(u32, Object)>,
    next_key: u32,
    ids: Vec<(Vec<u8>, ObjectId)>,
    roles: BTreeMap<String, String>,
}

impl Found {
    pub(super) fn written(self, number: &impl Fn(&ObjectId) -> Option<u32>) -> Option<Tags> {
        let mut parents = Vec::with_capacity(self.parents.len());
        for (key, value) in self.parents {
            let mut text = Vec::new();
            Writer::write_object(&mut text, &value).ok()?;
            parents.push((key, String::from_utf8(text).ok()?));
        }
        Some(Tags {
            roots: self.roots.iter().filter_map(number).collect(),
            parents,
            next_key: self.next_key,
            ids: self.ids.into_iter().filter_map(|(id, element)| Some((id, number(&element)?))).collect(),
            roles: self.roles,
        })
    }
}

/// The structure of a paper of our own.
pub(super) fn kept(document: &mut Document, ask: &PartAsk) -> Found {
    let mut found = Found { next_key: ask.first_key, ..Found::default() };
    let Some(root) = document.catalog().ok().and_then(|catalog| follow(document, catalog.get(b"StructTreeRoot").ok()?))
    else {
        return found;
    };
    let Ok(root) = root.as_dict().cloned() else { return found };
    found.roots = match root.get(b"K") {
        Ok(Object::Reference(id)) => match document.get_object(*id) {
            Ok(Object::Array(items)) => items.iter().filter_map(|item| item.as_reference().ok()).collect(),
            _ => vec![*id],
        },
        Ok(Object::Array(items)) => items.iter().filter_map(|item| item.as_reference().ok()).collect(),
        _ => Vec::new(),
    };
    if let Some(Object::Dictionary(roles)) = root.get(b"RoleMap").ok().and_then(|roles| follow(document, roles)) {
        for (name, like) in roles {
            if let Ok(like) = like.as_name() {
                let words = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
                found.roles.insert(words(name), words(like));
            }
        }
    }
    if let Ok(tree) = root.get(b"ParentTree") {
        numbers(document, tree, DEEPEST, &mut found.parents);
    }
    for (key, _) in &mut found.parents {
        *key += ask.first_key;
        found.next_key = found.next_key.max(*key + 1);
    }
    for root in &found.roots {
        if let Ok(Object::Dictionary(element)) = document.get_object_mut(*root) {
            element.set("P", set(ask.structure));
            // What was a document of its own is a part of one now.
            element.set("S", "Part");
        }
    }
    // Two papers may call their headings alike; within the bundle each has its number in front.
    let mark = format!("{}-", ask.first);
    for (id, object) in &mut document.objects {
        let Object::Dictionary(element) = object else { continue };
        headings(element, &mark);
        if element.has(b"S")
            && element.has(b"P")
            && let Ok(Object::String(name, _)) = element.get_mut(b"ID")
        {
            *name = [mark.as_bytes(), name].concat();
            found.ids.push((name.clone(), *id));
        }
    }
    found
}

/// The headings that a cell names, in the element or among its attributes.
fn headings(element: &mut Dictionary, mark: &str) {
    let mut waiting = vec![element];
    while let Some(dict) = waiting.pop() {
        for (key, value) in dict.iter_mut() {
            match (key.as_slice(), value) {
                (b"Headers", Object::Array(names)) => {
                    for name in names {
                        if let Object::String(name, _) = name {
                            *name = [mark.as_bytes(), name].concat();
                        }
                    }
                }
                (b"A", Object::Dictionary(attributes)) => waiting.push(attributes),
                (b"A", Object::Array(all)) => {
                    waiting.extend(all.iter_mut().filter_map(|one| one.as_dict_mut().ok()));
                }
                _ => {}
            }
        }
    }
}

fn follow<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Object> {
    match object {
        Object::Reference(id) => document.get_object(*id).ok(),
        other => Some(other),
    }
}

/// The entries of a number tree.
fn numbers(document: &Document, node: &Object, deep: usize, found: &mut Vec<(u32, Object)>) {
    let Some(Object::Dictionary(node)) = follow(document, node) else { return };
    if let Some(Object::Array(entries)) = node.get(b"Nums").ok().and_then(|entries| follow(document, entries)) {
        for entry in entries.chunks_exact(2) {
            if let (Ok(key), Some(value)) = (entry[0].as_i64(), entry.get(1)) {
                let value = match follow(document, value) {
                    // The list of a page's elements; an element itself stays a reference.
                    Some(Object::Array(elements)) => Object::Array(elements.clone()),
                    _ => value.clone(),
                };
                found.extend(u32::try_from(key).ok().map(|key| (key, value)));
            }
        }
    }
    if let (true, Some(Object::Array(kids))) =
        (deep > 0, node.get(b"Kids").ok().and_then(|kids| follow(document, kids)))
    {
        for kid in kids {
            numbers(document, kid, deep - 1, found);
        }
    }
}

/// Moves the keys into the tree of parents that pages and links carry.
pub(super) fn move_keys(dict: &mut Dictionary, ask: &PartAsk) {
    if ask.outside.is_some() {
        return;
    }
    for key in [b"StructParents".as_slice(), b"StructParent"] {
        if let Ok(Object::Integer(number)) = dict.get_mut(key) {
            *number += i64::from(ask.first_key);
        }
    }
}

/// Each page from outside is one figure with a name: all that is known of a picture of a paper.
pub(super) fn figures(
    document: &mut Document,
    pages: &[ObjectId],
    words: &str,
    ask: &PartAsk,
) -> Result<Found, ScanRefusal> {
    // Keys of its own would point into a tree that stays behind.
    for object in document.objects.values_mut() {
        if let Object::Dictionary(dict) | Object::Stream(Stream { dict, .. }) = object {
            dict.remove(b"StructParents");
            dict.remove(b"StructParent");
        }
    }
    let before = document.add_object(Stream::new(Dictionary::new(), b"/Figure <</MCID 0>> BDC q\n".to_vec()));
    let behind = document.add_object(Stream::new(Dictionary::new(), b"\nQ EMC\n".to_vec()));
    let mut found = Found { next_key: ask.first_key, ..Found::default() };
    for (number, id) in (1_u32..).zip(pages) {
        let page = document.get_dictionary(*id).map_err(|_| ScanRefusal::BrokenFile)?;
        let contents = page.get(b"Contents").ok().cloned();
        let contents = match contents.as_ref().and_then(|contents| follow(document, contents)) {
            Some(Object::Array(all)) => all.clone(),
            Some(Object::Stream(_)) => contents.into_iter().collect(),
            _ => Vec::new(),
        };
        let all: Vec<Object> = [Object::Reference(before)].into_iter().chain(contents).chain([behind.into()]).collect();
        let figure = document.add_object(dictionary! {
            "Type" => "StructElem",
            "S" => "Figure",
            "P" => set(ask.structure),
            "Pg" => Object::Reference(*id),
            "K" => 0,
            "Alt" => utf16(&format!("{words}（{number}/{}）", pages.len())),
        });
        let key = found.next_key;
        found.next_key += 1;
        found.roots.push(figure);
        found.parents.push((key, Object::Array(vec![figure.into()])));
        let page = document.get_object_mut(*id).and_then(Object::as_dict_mut).map_err(|_| ScanRefusal::BrokenFile)?;
        page.set("Contents", all);
        page.set("StructParents", i64::from(key));
    }
    Ok(found)
}

/// A text string of PDF.
pub(super) fn utf16(words: &str) -> Object {
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(words.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}
