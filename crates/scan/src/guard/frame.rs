//! Messages between the program and its reader: a JSON head and parts of bytes, each with its length in front.
//!
//! Lengths are checked before memory is taken for them. Little-endian: `PTSC`, u32 length of the head, u32 number of
//! parts, u64 length of each part, the head, the parts.

use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read};

const MAGIC: [u8; 4] = *b"PTSC";

/// Names, a layout or the pages of a scan.
const LONGEST_HEAD: u32 = 4 * 1024 * 1024;

const MOST_PARTS: u32 = 1000;

pub(crate) fn pack(head: &impl Serialize, parts: &[&[u8]]) -> io::Result<Vec<u8>> {
    let head = serde_json::to_vec(head)?;
    let too_long = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let mut message = MAGIC.to_vec();
    message.extend(u32::try_from(head.len()).map_err(too_long)?.to_le_bytes());
    message.extend(u32::try_from(parts.len()).map_err(too_long)?.to_le_bytes());
    for part in parts {
        message.extend((part.len() as u64).to_le_bytes());
    }
    message.extend(head);
    for part in parts {
        message.extend_from_slice(part);
    }
    Ok(message)
}

/// Reads one message whose parts have at most `most` bytes together.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl Read, most: u64) -> io::Result<(T, Vec<Vec<u8>>)> {
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    if bytes::<4>(from)? != MAGIC {
        return Err(broken());
    }
    let head = u32::from_le_bytes(bytes(from)?);
    let parts = u32::from_le_bytes(bytes(from)?);
    if head > LONGEST_HEAD || parts > MOST_PARTS {
        return Err(broken());
    }
    let lengths = (0..parts).map(|_| bytes(from).map(u64::from_le_bytes)).collect::<io::Result<Vec<u64>>>()?;
    let sum = lengths.iter().try_fold(0_u64, |sum, length| sum.checked_add(*length));
    if sum.is_none_or(|sum| sum > most) {
        return Err(broken());
    }
    let head = serde_json::from_slice(&exactly(from, head.into())?)?;
    let parts = lengths.into_iter().map(|length| exactly(from, length)).collect::<io::Result<_>>()?;
    Ok((head, parts))
}

fn bytes<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn exactly(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::{pack, read};

    #[test]
    fn a_message_comes_back_as_it_was() {
        let message = pack(&"head", &[b"one", b"", b"three"]).unwrap();
        let (head, parts) = read::<String>(&mut message.as_slice(), 8).unwrap();
        assert_eq!(head, "head");
        assert_eq!(parts, [b"one".to_vec(), Vec::new(), b"three".to_vec()]);
    }

    #[test]
    fn broken_messages_are_refused() {
        let good = pack(&"head", &[b"part"]).unwrap();
        let changed = |at: usize, byte: u8| {
            let mut message = good.clone();
            message[at] = byte;
            message
        };
        let table = [
            ("empty", Vec::new(), 100),
            ("cut", good[..good.len() - 1].to_vec(), 100),
            ("too big for the reader", good.clone(), 3),
            ("wrong magic", changed(0, b'X'), 100),
            ("endless head", changed(7, 0xff), 100),
            ("endless part", changed(19, 0xff), 100),
            ("no JSON", changed(20, b'{'), 100),
        ];
        for (what, message, most) in table {
            assert!(read::<String>(&mut message.as_slice(), most).is_err(), "{what}");
        }
    }
}
