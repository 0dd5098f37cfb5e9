//! Puts parts behind each other into one file: a page tree, bookmarks and one structure over all of them.

use super::{
    part::{Part, PartAsk},
    tags::{Tags, utf16},
};
use lopdf::{Dictionary, Object, Writer, dictionary};
use std::io::{self, Write};

/// The objects that every bundle has.
const CATALOG: u32 = 1;
const PAGE_TREE: u32 = 2;
const STRUCTURE: u32 = 3;
/// The one element at the top of the structure; every part lies beneath it.
const WHOLE: u32 = 4;
const FIRST_FREE: u32 = 5;

/// A line of the bookmarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookmark {
    /// Its words.
    pub words: String,
    /// The number of the page's object.
    pub page: u32,
    /// What lies beneath it.
    pub beneath: Vec<Bookmark>,
}

/// A bundle that is being written.
#[derive(Debug)]
pub struct Binder<W> {
    to: W,
    written: u64,
    /// Where each object lies; its number is its place and one.
    places: Vec<u64>,
    pages: Vec<u32>,
    tags: Tags,
}

impl<W: Write> Binder<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn begin(to: W) -> io::Result<Self> {
        let places = vec![0; FIRST_FREE as usize - 1];
        let mut binder = Self { to, written: 0, places, pages: Vec::new(), tags: Tags::default() };
        binder.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(binder)
    }

    /// What to ask of the next part.
    pub fn ask(&self, outside: Option<String>, targets: Vec<u32>) -> PartAsk {
        PartAsk {
            first: self.next(),
            page_tree: PAGE_TREE,
            structure: WHOLE,
            first_key: self.tags.next_key,
            outside,
            targets,
        }
    }

    fn next(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Adds a part that was asked for by [`Self::ask`], behind the pages there are or in front of them. Answers the numbers of
    /// its pages.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn add(&mut self, part: Part, bytes: &[u8], in_front: bool) -> io::Result<Vec<u32>> {
        let start = self.written;
        self.places.extend(part.offsets.iter().map(|offset| start + offset));
        self.write(bytes)?;
        let at = if in_front { 0 } else { self.pages.len() };
        self.pages.splice(at..at, part.pages.iter().copied());
        let at = if in_front { 0 } else { self.tags.roots.len() };
        self.tags.roots.splice(at..at, part.tags.roots);
        self.tags.parents.extend(part.tags.parents);
        self.tags.ids.extend(part.tags.ids);
        self.tags.roles.extend(part.tags.roles);
        self.tags.next_key = self.tags.next_key.max(part.tags.next_key);
        Ok(part.pages)
    }

    /// Pages so far.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Ends the file; answers its size.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn finish(mut self, title: &str, bookmarks: &[Bookmark]) -> io::Result<u64> {
        let outlines = self.outlines(bookmarks)?;
        let kids: Vec<Object> = self.pages.iter().map(|page| Object::Reference((*page, 0))).collect();
        let count = number(kids.len());
        self.object(PAGE_TREE, &dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into())?;
        self.structure()?;
        let info =
            self.new_object(&dictionary! { "Title" => utf16(title), "Producer" => utf16("教專通 ProTeacher") })?;
        let mut catalog = dictionary! {
            "Type" => "Catalog",
            "Pages" => Object::Reference((PAGE_TREE, 0)),
            "StructTreeRoot" => Object::Reference((STRUCTURE, 0)),
            "MarkInfo" => dictionary! { "Marked" => true },
            "Lang" => Object::string_literal("zh-TW"),
            "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        };
        if let Some(outlines) = outlines {
            catalog.set("Outlines", Object::Reference((outlines, 0)));
            catalog.set("PageMode", "UseOutlines");
        }
        self.object(CATALOG, &catalog.into())?;
        let start = self.written;
        let size = self.places.len() + 1;
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for place in &self.places {
            table.push_str(&format!("{place:010} 00000 n \n"));
        }
        table.push_str(&format!(
            "trailer\n<</Size {size}/Root {CATALOG} 0 R/Info {info} 0 R>>\nstartxref\n{start}\n%%EOF\n"
        ));
        self.write(table.as_bytes())?;
        self.to.flush()?;
        Ok(self.written)
    }

    /// The bookmarks; the number of the object over them.
    fn outlines(&mut self, bookmarks: &[Bookmark]) -> io::Result<Option<u32>> {
        if bookmarks.is_empty() {
            return Ok(None);
        }
        let root = self.reserve();
        let (first, last) = self.outline(bookmarks, root)?;
        let items = dictionary! {
            "Type" => "Outlines",
            "First" => Object::Reference((first, 0)),
            "Last" => Object::Reference((last, 0)),
            "Count" => number(bookmarks.len()),
        };
        self.object(root, &items.into())?;
        Ok(Some(root))
    }

    /// One level of bookmarks beneath `parent`; the first and the last of them.
    fn outline(&mut self, bookmarks: &[Bookmark], parent: u32) -> io::Result<(u32, u32)> {
        let numbers: Vec<u32> = bookmarks.iter().map(|_| self.reserve()).collect();
        for (at, (bookmark, own)) in bookmarks.iter().zip(&numbers).enumerate() {
            let mut item = dictionary! {
                "Title" => utf16(&bookmark.words),
                "Parent" => Object::Reference((parent, 0)),
                "Dest" => vec![Object::Reference((bookmark.page, 0)), Object::Name(b"Fit".to_vec())],
            };
            let beside = |at: Option<usize>| at.and_then(|at| numbers.get(at));
            if let Some(before) = beside(at.checked_sub(1)) {
                item.set("Prev", Object::Reference((*before, 0)));
            }
            if let Some(behind) = beside(at.checked_add(1)) {
                item.set("Next", Object::Reference((*behind, 0)));
            }
            if !bookmark.beneath.is_empty() {
                let (first, last) = self.outline(&bookmark.beneath, *own)?;
                item.set("First", Object::Reference((first, 0)));
                item.set("Last", Object::Reference((last, 0)));
                // Folded: a bundle of a hundred cases shows a hundred lines first.
                item.set("Count", -number(bookmark.beneath.len()));
            }
            self.object(*own, &item.into())?;
        }
        Ok((numbers.first().copied().unwrap_or(parent), numbers.last().copied().unwrap_or(parent)))
    }

    fn structure(&mut self) -> io::Result<()> {
        let tags = std::mem::take(&mut self.tags);
        let mut parents = tags.parents;
        parents.sort_by_key(|(key, _)| *key);
        let mut nums = String::from("<</Nums[");
        for (key, value) in &parents {
            nums.push_str(&format!("{key} {value} "));
        }
        nums.push_str("]>>");
        let parent_tree = self.reserve();
        self.raw(parent_tree, nums.as_bytes())?;
        let mut ids = tags.ids;
        ids.sort();
        let mut root = dictionary! {
            "Type" => "StructTreeRoot",
            "K" => Object::Reference((WHOLE, 0)),
            "ParentTree" => Object::Reference((parent_tree, 0)),
            "ParentTreeNextKey" => i64::from(tags.next_key),
        };
        let whole = dictionary! {
            "Type" => "StructElem",
            "S" => "Document",
            "P" => Object::Reference((STRUCTURE, 0)),
            "K" => tags.roots.iter().map(|root| Object::Reference((*root, 0))).collect::<Vec<_>>(),
        };
        self.object(WHOLE, &whole.into())?;
        let mut roles = Dictionary::new();
        for (name, like) in tags.roles {
            roles.set(name, Object::Name(like.into_bytes()));
        }
        if !roles.is_empty() {
            root.set("RoleMap", roles);
        }
        if !ids.is_empty() {
            let text = |id: &[u8]| Object::String(id.to_vec(), lopdf::StringFormat::Hexadecimal);
            let limits = ids.first().zip(ids.last()).map(|((first, _), (last, _))| vec![text(first), text(last)]);
            let names: Vec<Object> =
                ids.iter().flat_map(|(id, element)| [text(id), Object::Reference((*element, 0))]).collect();
            let leaf = self.new_object(&dictionary! { "Names" => names, "Limits" => limits.unwrap_or_default() })?;
            root.set("IDTree", dictionary! { "Kids" => vec![Object::Reference((leaf, 0))] });
        }
        self.object(STRUCTURE, &root.into())
    }

    /// A number for an object that is written later.
    fn reserve(&mut self) -> u32 {
        let number = self.next();
        self.places.push(0);
        number
    }

    fn new_object(&mut self, dict: &Dictionary) -> io::Result<u32> {
        let number = self.reserve();
        self.object(number, &Object::Dictionary(dict.clone()))?;
        Ok(number)
    }

    fn object(&mut self, number: u32, object: &Object) -> io::Result<()> {
        let mut text = Vec::new();
        Writer::write_object(&mut text, object)?;
        self.raw(number, &text)
    }

    fn raw(&mut self, number: u32, text: &[u8]) -> io::Result<()> {
        if let Some(place) = self.places.get_mut(number as usize - 1) {
            *place = self.written;
        }
        self.write(format!("{number} 0 obj\n").as_bytes())?;
        self.write(text)?;
        self.write(b"\nendobj\n")
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
