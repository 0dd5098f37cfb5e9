//! Every paper as it was last looked at by a person: the words of each page, and the page as a coarse picture. A change that
//! was meant is looked at, and then written with `PROTEACHER_GOLDEN=write`; the pages of all forms then also lie side by side
//! in `target/papers`.

use super::*;

/// The coarse picture of a page: so many fields across and down, each with its darkness from 0 to 9.
const ACROSS: usize = 42;
const DOWN: usize = 59;
/// Fields may differ by so much: letters are rasterised a little differently from one system to the next.
const TOLERANCE: u8 = 1;

#[test]
fn every_paper_looks_as_it_was_approved() {
    let mut differing = Vec::new();
    for (form, _) in Packs::built_in().all() {
        let file = root().join(format!("crates/print/src/tests/golden/{}-v{}.txt", form.id, form.version));
        let found = portrait(&Case::of(form, "typical").set());
        if std::env::var_os("PROTEACHER_GOLDEN").is_some_and(|wanted| wanted == "write") {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &found).unwrap();
            continue;
        }
        let approved = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        if let Some(line) = first_difference(&approved, &found) {
            differing.push(format!("{}: {line}", file.display()));
        }
    }
    assert!(
        differing.is_empty(),
        "look at these papers (PROTEACHER_GOLDEN=write when they are right):\n{}",
        differing.join("\n")
    );
}

/// The pages of a document as text: their words in the order of the layout, then the picture.
fn portrait(document: &PagedDocument) -> String {
    let mut out = String::new();
    let words = texts(document);
    for (number, page) in (1..).zip(document.pages()) {
        out.push_str(&format!("== page {number}\n"));
        for (text, _) in words.iter().filter(|(_, area)| area.page == number) {
            out.push_str(&text.replace('\u{200B}', ""));
            out.push('\n');
        }
        out.push_str("--\n");
        for row in darkness(page).chunks(ACROSS) {
            let row: String = row.iter().map(|dark| if *dark == 0 { '.' } else { char::from(b'0' + dark) }).collect();
            out.push_str(row.trim_end_matches('.'));
            out.push('\n');
        }
    }
    out
}

fn darkness(page: &typst_layout::Page) -> Vec<u8> {
    // Three dots each way for every field of the picture.
    let options =
        RenderOptions { pixel_per_pt: typst::utils::Scalar::new(3.0 * 42.0 / PAGE.0), ..RenderOptions::default() };
    let picture = typst_render::render(page, &options);
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut sums = vec![(0_u32, 0_u32); ACROSS * DOWN];
    for y in 0..height {
        for x in 0..width {
            let field = (y * DOWN / height) * ACROSS + x * ACROSS / width;
            sums[field].0 += 255 - u32::from(picture.pixels()[y * width + x].green());
            sums[field].1 += 1;
        }
    }
    sums.into_iter().map(|(dark, dots)| u8::try_from(dark * 10 / (256 * dots.max(1))).unwrap_or(9)).collect()
}

/// The first line that differs by more than the tolerance, as both stand.
fn first_difference(approved: &str, found: &str) -> Option<String> {
    let mut in_picture = false;
    let (mut left, mut right) = (approved.lines(), found.lines());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (Some(one), Some(other)) => {
                in_picture = one == "--" || in_picture && !one.starts_with("==");
                if one != other && !(in_picture && alike(one, other)) {
                    return Some(format!("{one:?} is now {other:?}"));
                }
            }
            (one, other) => return Some(format!("{one:?} is now {other:?}")),
        }
    }
}

fn alike(one: &str, other: &str) -> bool {
    let dark = |sign: Option<u8>| sign.and_then(|sign| sign.checked_sub(b'0')).filter(|dark| *dark < 10).unwrap_or(0);
    (0..ACROSS).all(|at| {
        let (one, other) = (dark(one.as_bytes().get(at).copied()), dark(other.as_bytes().get(at).copied()));
        one.abs_diff(other) <= TOLERANCE
    })
}

/// All papers side by side, first page each, for a person to look at.
#[test]
fn the_papers_stand_side_by_side() {
    const ROW: usize = 6;
    let options = RenderOptions { pixel_per_pt: typst::utils::Scalar::new(0.7), ..RenderOptions::default() };
    let pages: Vec<_> = Packs::built_in()
        .all()
        .map(|(form, _)| typst_render::render(&Case::of(form, "typical").set().pages()[0], &options))
        .collect();
    let (width, height) = (pages[0].width() as usize + 8, pages[0].height() as usize + 8);
    let (all_width, all_height) = (width * ROW, height * pages.len().div_ceil(ROW));
    let mut sheet = image::RgbImage::from_pixel(
        u32::try_from(all_width).unwrap(),
        u32::try_from(all_height).unwrap(),
        image::Rgb([120, 120, 120]),
    );
    for (number, page) in pages.iter().enumerate() {
        let (left, top) = ((number % ROW) * width + 4, (number / ROW) * height + 4);
        for (at, dot) in page.pixels().iter().enumerate() {
            let (x, y) = (left + at % page.width() as usize, top + at / page.width() as usize);
            let dot = image::Rgb([dot.red(), dot.green(), dot.blue()]);
            sheet.put_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap(), dot);
        }
    }
    let folder = std::env::var_os("PROTEACHER_PAPERS").map_or_else(|| root().join("target/papers"), PathBuf::from);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("contact-sheet.png");
    sheet.save(&file).unwrap();
    // A paper that came out blank would show as one colour.
    let inked = |page: &usize| {
        let (left, top) = ((page % ROW) * width + 4, (page / ROW) * height + 4);
        let dots = (0..height - 8).flat_map(|y| (0..width - 8).map(move |x| (x, y)));
        dots.filter(|(x, y)| {
            sheet.get_pixel(u32::try_from(left + x).unwrap(), u32::try_from(top + y).unwrap()).0[1] < 128
        })
        .count()
            > 500
    };
    assert!((0..pages.len()).all(|page| inked(&page)), "a blank page in {}", file.display());
}
