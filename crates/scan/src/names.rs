//! Names (`/Word`) as they stand in the raw bytes of a PDF, whatever its cross-reference table claims.
//!
//! A second opinion beside the parser: a file can show one document to one reader and another to the next, but it
//! cannot hide a name that stands in the open. Names inside compressed streams are not seen here.

/// How often the names that matter stand in the open.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct OpenNames {
    pub(crate) encrypt: u32,
    pub(crate) object_streams: u32,
    pub(crate) javascript: u32,
    pub(crate) launch: u32,
    pub(crate) embedded_files: u32,
}

/// Longer than every name that is counted.
const LONGEST: usize = 16;

/// Goes through the bytes once. Only names of six letters and more are counted: shorter ones also turn up by chance in
/// compressed picture data.
pub(crate) fn count(bytes: &[u8]) -> OpenNames {
    let mut names = OpenNames::default();
    let mut rest = bytes;
    while let Some(slash) = rest.iter().position(|&byte| byte == b'/') {
        rest = &rest[slash + 1..];
        let (name, length) = decode(rest);
        match &name[..length] {
            b"Encrypt" => names.encrypt += 1,
            b"ObjStm" => names.object_streams += 1,
            b"JavaScript" => names.javascript += 1,
            b"Launch" => names.launch += 1,
            b"EmbeddedFile" | b"EmbeddedFiles" => names.embedded_files += 1,
            _ => {}
        }
    }
    names
}

/// The name that starts here, `#4A` spelled out as `J`; cut after [`LONGEST`] bytes.
fn decode(bytes: &[u8]) -> ([u8; LONGEST], usize) {
    let mut name = [0; LONGEST];
    let mut length = 0;
    let mut at = 0;
    while length < LONGEST
        && let Some(&byte) = bytes.get(at)
    {
        if byte <= b' ' || b"()<>[]{}/%".contains(&byte) {
            break;
        }
        let hex = |offset: usize| bytes.get(at + offset).and_then(|&digit| char::from(digit).to_digit(16));
        let spelled = if byte == b'#' { hex(1).zip(hex(2)) } else { None };
        (name[length], at) = match spelled {
            Some((high, low)) => ((high * 16 + low) as u8, at + 3),
            None => (byte, at + 1),
        };
        length += 1;
    }
    (name, length)
}

#[cfg(test)]
mod tests {
    use super::{OpenNames, count};

    #[test]
    fn names_are_seen_however_they_are_spelled() {
        let table: [(&[u8], OpenNames); 5] = [
            (b"", OpenNames::default()),
            (b"<</S/JavaScript/JS(x)>>", OpenNames { javascript: 1, ..OpenNames::default() }),
            (b"/J#61v#61Script /JavaScriptX", OpenNames { javascript: 1, ..OpenNames::default() }),
            (b"/Type/ObjStm /Encrypt 3 0 R", OpenNames { encrypt: 1, object_streams: 1, ..OpenNames::default() }),
            (b"/Launch/EmbeddedFile#", OpenNames { launch: 1, ..OpenNames::default() }),
        ];
        for (bytes, expected) in table {
            assert_eq!(count(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
