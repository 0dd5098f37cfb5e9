//! The reader that this crate's tests start; in the product it is the program itself.

fn main() {
    std::process::exit(scan::guard::reader_main())
}
