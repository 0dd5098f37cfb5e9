//! Takes a PDF apart: its pages with everything they need, and nothing else, numbered so that they fit into a bigger file.

use super::tags::{self, Tags};
use crate::ScanRefusal;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream, Writer, dictionary};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// How much the object streams of one part may unpack to together.
const UNPACKED: usize = 64 * 1024 * 1024;

/// What a page may carry along. Everything that acts, such as `AA`, stays behind.
const PAGE_KEYS: [&[u8]; 8] =
    [b"MediaBox", b"CropBox", b"Rotate", b"Resources", b"Contents", b"UserUnit", b"Group", b"StructParents"];

/// What a page may have from the nodes above it (ISO 32000, 7.7.3.4).
const INHERITED: [&[u8]; 4] = [b"Resources", b"MediaBox", b"CropBox", b"Rotate"];

/// Page trees are not deeper than this in any sound file.
const DEEPEST: usize = 64;

/// Where a part goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartAsk {
    /// The number of its first object.
    pub first: u32,
    /// The number of the whole file's page tree.
    pub page_tree: u32,
    /// The number of the element that is over all parts in the whole file's structure.
    pub structure: u32,
    /// The first key that is free in the structure's tree of parents.
    pub first_key: u32,
    /// For a file from outside: what its pages are, for someone who hears them read. Its own structure and its links stay
    /// behind. None: a paper of our own, whose structure is kept.
    pub outside: Option<String>,
    /// Links of our own that lead to `bundle:N` lead to the Nth of these pages.
    pub targets: Vec<u32>,
}

/// A part, beside the bytes of its objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where each object begins in the bytes; their numbers follow each other from [`PartAsk::first`] on.
    pub offsets: Vec<u64>,
    /// The numbers of its pages, in order.
    pub pages: Vec<u32>,
    /// Its structure.
    pub tags: Tags,
}

/// Takes a PDF apart into a [`Part`] and the bytes of its objects.
///
/// # Errors
/// `broken_file`, `encrypted`, `no_pages`.
pub fn part(pdf: &[u8], ask: &PartAsk) -> Result<(Part, Vec<u8>), ScanRefusal> {
    let mut document = Document::load_mem_with_options(pdf, LoadOptions::with_max_decompressed_size(UNPACKED))
        .map_err(|_| ScanRefusal::BrokenFile)?;
    if document.trailer.has(b"Encrypt") || document.was_encrypted() {
        return Err(ScanRefusal::Encrypted);
    }
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    if pages.is_empty() {
        return Err(ScanRefusal::NoPages);
    }
    let plain = pages.iter().map(|page| plain_page(&document, *page, ask)).collect::<Result<Vec<_>, _>>()?;
    for (page, dict) in pages.iter().zip(plain) {
        document.objects.insert(*page, Object::Dictionary(dict));
    }
    let mut found = match &ask.outside {
        Some(words) => tags::figures(&mut document, &pages, words, ask)?,
        None => {
            follow_targets(&mut document, ask);
            tags::kept(&mut document, ask)
        }
    };
    let roots: Vec<ObjectId> = pages.iter().copied().chain(found.roots.iter().copied()).collect();
    let numbers = reached(&document, &roots, ask);
    let number = |id: &ObjectId| numbers.get(id).copied();
    let mut bytes = Vec::new();
    let mut offsets = vec![0; numbers.len()];
    for (id, new) in &numbers {
        let Some(mut object) = document.objects.remove(id) else { return Err(ScanRefusal::BrokenFile) };
        renumber(&mut object, &numbers, ask);
        if let Object::Stream(stream) = &mut object {
            stream.dict.set("Length", i64::try_from(stream.content.len()).unwrap_or(i64::MAX));
        }
        if let Some(offset) = offsets.get_mut((new - ask.first) as usize) {
            *offset = bytes.len() as u64;
        }
        bytes.extend_from_slice(format!("{new} 0 obj\n").as_bytes());
        Writer::write_object(&mut bytes, &object).map_err(|_| ScanRefusal::BrokenFile)?;
        bytes.extend_from_slice(b"\nendobj\n");
    }
    for (_, value) in &mut found.parents {
        renumber(value, &numbers, ask);
    }
    let tags = found.written(&number).ok_or(ScanRefusal::BrokenFile)?;
    let pages = pages.iter().filter_map(number).collect();
    Ok((Part { offsets, pages, tags }, bytes))
}

/// The page with what it has from above, and without what does not belong into a bundle.
fn plain_page(document: &Document, id: ObjectId, ask: &PartAsk) -> Result<Dictionary, ScanRefusal> {
    let page = document.get_dictionary(id).map_err(|_| ScanRefusal::BrokenFile)?;
    let mut plain = dictionary! { "Type" => "Page", "Parent" => Object::Reference((ask.page_tree, SET)) };
    for key in PAGE_KEYS {
        if let Ok(value) = page.get(key) {
            plain.set(key, value.clone());
        }
    }
    if ask.outside.is_some() {
        plain.remove(b"StructParents");
    } else {
        for key in [b"Annots".as_slice(), b"Tabs"] {
            if let Ok(value) = page.get(key) {
                plain.set(key, value.clone());
            }
        }
    }
    let mut above = page;
    for _ in 0..DEEPEST {
        let Some(parent) = above.get(b"Parent").ok().and_then(|parent| parent.as_reference().ok()) else { break };
        let Ok(parent) = document.get_dictionary(parent) else { break };
        above = parent;
        for key in INHERITED {
            if let (false, Ok(value)) = (plain.has(key), above.get(key)) {
                plain.set(key, value.clone());
            }
        }
    }
    Ok(plain)
}

/// Marks a reference that has the number it will have in the whole file already: no real file counts so far.
const SET: u16 = u16::MAX;

/// A reference to an object of the whole file.
pub(super) fn set(number: u32) -> Object {
    Object::Reference((number, SET))
}

/// Points our own links to pages of the bundle.
fn follow_targets(document: &mut Document, ask: &PartAsk) {
    for object in document.objects.values_mut() {
        let Object::Dictionary(link) = object else { continue };
        let action = link.get(b"A").ok().and_then(|action| action.as_dict().ok());
        let address = action.and_then(|action| action.get(b"URI").ok()).and_then(|address| address.as_str().ok());
        let target =
            address.and_then(|address| std::str::from_utf8(address).ok()?.strip_prefix("bundle:")?.parse().ok());
        let Some(page) = target.and_then(|target: usize| ask.targets.get(target)) else { continue };
        link.remove(b"A");
        link.set("Dest", vec![set(*page), Object::Name(b"Fit".to_vec())]);
    }
}

/// Everything that the roots need, with the numbers they will have.
fn reached(document: &Document, roots: &[ObjectId], ask: &PartAsk) -> BTreeMap<ObjectId, u32> {
    let mut numbers = BTreeMap::new();
    let mut next = ask.first;
    let mut waiting: VecDeque<ObjectId> = roots.iter().copied().collect();
    while let Some(id) = waiting.pop_front() {
        let Some(object) = document.objects.get(&id).filter(|_| !numbers.contains_key(&id)) else { continue };
        numbers.insert(id, next);
        next += 1;
        references(object, &mut |id| waiting.push_back(id));
    }
    numbers
}

fn references(object: &Object, found: &mut impl FnMut(ObjectId)) {
    let mut waiting = vec![object];
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference(id) => found(*id),
            Object::Array(items) => waiting.extend(items),
            Object::Dictionary(dict) | Object::Stream(Stream { dict, .. }) => {
                waiting.extend(dict.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
}

/// Gives every reference its new number; what is not in the bundle becomes nothing.
fn renumber(object: &mut Object, numbers: &BTreeMap<ObjectId, u32>, ask: &PartAsk) {
    let mut waiting = vec![object];
    while let Some(object) = waiting.pop() {
        match object {
            Object::Reference((number, SET)) => *object = Object::Reference((*number, 0)),
            Object::Reference(id) => {
                *object = numbers.get(id).map_or(Object::Null, |number| Object::Reference((*number, 0)));
            }
            Object::Array(items) => waiting.extend(items),
            Object::Dictionary(dict) | Object::Stream(Stream { dict, .. }) => {
                tags::move_keys(dict, ask);
                waiting.extend(dict.iter_mut().map(|(_, value)| value));
            }
            _ => {}
        }
    }
}
