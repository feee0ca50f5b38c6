//! What keeps the grammar from reading a file that is right, or from ever coming to an end.

use std::ops::Range;

/// The grammar compares every key of an object to all before it. So many comparisons are made at most, for all objects of
/// a file: one of twenty thousand keys is within this.
const COMPARISONS: usize = 300_000_000;

/// The brace of an object that is too large to be read.
pub(super) fn too_wide(text: &str) -> Option<usize> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut comparisons = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open.push((at, 0)),
            b'\n' | b',' => {
                if let Some((_, entries)) = open.last_mut() {
                    *entries += 1;
                }
            }
            b'}' => {
                let Some((start, entries)) = open.pop() else { continue };
                comparisons = comparisons.saturating_add(entries.saturating_mul(entries) / 2);
                if comparisons > COMPARISONS {
                    return Some(start);
                }
            }
            _ => {}
        }
    }
    None
}

/// Files up to this size are read again for each key that stands twice in an object, and so often at most.
const LARGEST: usize = 256 << 10;
const TIMES: usize = 16;

/// Terraform takes the last of equal keys in an object, and the grammar takes none. Here the later one is written
/// otherwise, in as many bytes, for the grammar alone.
pub(super) struct Renamed {
    text: String,
    times: usize,
}

impl Renamed {
    pub(super) fn new(text: &str) -> Option<Self> {
        (text.len() <= LARGEST).then(|| Self { text: text.to_owned(), times: 0 })
    }

    /// Writes the key at `at` otherwise; `None` if that cannot be done.
    pub(super) fn rename(&mut self, at: usize) -> Option<&str> {
        self.times += 1;
        if self.times > TIMES {
            return None;
        }
        let range = key(&self.text, at)?;
        let letters = (0..range.len()).map(|place| {
            let letter = (self.times * 7 + place * (self.times + 3)) % 26;
            char::from(b'a' + u8::try_from(letter).unwrap_or_default())
        });
        let other: String = letters.collect();
        self.text.replace_range(range, &other);
        Some(&self.text)
    }
}

/// The characters of a key that is a name, or a string without escapes.
fn key(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let (start, length) = match rest.strip_prefix('"') {
        Some(inner) => {
            (at + 1, inner.find(['"', '\\', '$', '%']).filter(|end| inner.get(*end..*end + 1) == Some("\""))?)
        }
        None => (at, rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')?),
    };
    (length > 0 && text.get(start..start + length)?.is_ascii()).then(|| start..start + length)
}
