//! Stretches of text that keys may be made of, seen through the escapes in which files write them.

use std::borrow::Cow;
use std::ops::Range;

/// A stretch of letters, digits, `+`, `/`, `-`, `_` and padding behind them. Escapes of these (`%2B`, `\/`, `\u002f`) count
/// as what they stand for, also if they were escaped once more.
#[derive(Debug)]
pub(crate) struct Word<'t> {
    text: &'t str,
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
    /// Its characters without escapes, all of them ASCII.
    pub(crate) plain: Cow<'t, str>,
}

/// All words of a text, in order.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let unit = unit(text.as_bytes(), at);
        if unit.is_in_key() {
            let word = Word::starting(text, at);
            at = word.range.end;
            words.push(word);
        } else {
            at += unit.length;
        }
    }
    words
}

impl<'t> Word<'t> {
    fn starting(text: &'t str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let mut end = run(bytes, start, usize::MAX, Unit::is_in_key);
        let padded = run(bytes, end, 2, |unit| unit.plain == Some(b'='));
        // `KEY=value`: no padding
        if padded == bytes.len() || !(unit(bytes, padded).is_in_key() || unit(bytes, padded).plain == Some(b'=')) {
            end = padded;
        }
        let written = text.get(start..end).unwrap_or_default();
        let plain = if written.contains(['%', '\\']) {
            Cow::Owned(units(bytes, start..end).filter_map(|(_, unit)| unit.plain.map(char::from)).collect())
        } else {
            Cow::Borrowed(written)
        };
        Self { text, range: start..end, plain }
    }

    /// Where a character of the plain text stands in the text.
    pub(crate) fn place(&self, plain: usize) -> usize {
        let places = || units(self.text.as_bytes(), self.range.clone()).map(|(at, _)| at);
        match self.plain {
            Cow::Borrowed(_) => self.range.start + plain,
            Cow::Owned(_) => places().nth(plain).unwrap_or(self.range.end),
        }
    }

    /// What stands in front of the word, as far as `limit` bytes.
    pub(crate) fn before(&self, limit: usize) -> &'t [u8] {
        let bytes = self.text.as_bytes();
        bytes.get(self.range.start.saturating_sub(limit)..self.range.start).unwrap_or_default()
    }

    /// What stands behind the word.
    pub(crate) fn after(&self) -> &'t str {
        self.text.get(self.range.end..).unwrap_or_default()
    }
}

/// One character as it is written.
#[derive(Clone, Copy)]
struct Unit {
    /// The ASCII character that it stands for.
    plain: Option<u8>,
    /// How many bytes it takes.
    length: usize,
}

impl Unit {
    fn is_in_key(self) -> bool {
        self.plain.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_'))
    }
}

fn units(bytes: &[u8], range: Range<usize>) -> impl Iterator<Item = (usize, Unit)> {
    let mut at = range.start;
    std::iter::from_fn(move || {
        let here = (at < range.end).then_some((at, unit(bytes, at)))?;
        at += here.1.length;
        Some(here)
    })
}

/// Where the units that are wanted, and at most so many, end.
fn run(bytes: &[u8], start: usize, most: usize, wanted: impl Fn(Unit) -> bool) -> usize {
    units(bytes, start..bytes.len())
        .take(most)
        .take_while(|(_, unit)| wanted(*unit))
        .last()
        .map_or(start, |(at, unit)| at + unit.length)
}

fn unit(bytes: &[u8], at: usize) -> Unit {
    let escaped = match bytes.get(at) {
        Some(b'%') => percent(bytes, at),
        Some(b'\\') => Some(backslash(bytes, at)),
        _ => None,
    };
    let plain = || bytes.get(at).copied().filter(u8::is_ascii);
    escaped.unwrap_or_else(|| Unit { plain: plain(), length: 1 })
}

/// `%2F`, `%252F`
fn percent(bytes: &[u8], at: usize) -> Option<Unit> {
    let mut digits = at + 1;
    while bytes.get(digits..)?.starts_with(b"25") && hex(bytes, digits + 2, 2).is_some() {
        digits += 2;
    }
    Some(Unit { plain: Some(hex(bytes, digits, 2)?), length: digits + 2 - at })
}

/// `\/`, `\\/`, `\u002f`, `\x2f`, and what is a separator in any case: `\n`, `\"`. A row of backslashes is one unit, which
/// keeps the time linear.
fn backslash(bytes: &[u8], at: usize) -> Unit {
    let slashes = bytes.iter().skip(at).take_while(|byte| **byte == b'\\').count();
    let letter = at + slashes;
    let (plain, end) = match bytes.get(letter) {
        Some(b'/') => (Some(b'/'), letter + 1),
        Some(b'u') => (hex(bytes, letter + 1, 4), letter + 5),
        Some(b'x') => (hex(bytes, letter + 1, 2), letter + 3),
        Some(b'n' | b'r' | b't') => (Some(b'\n'), letter + 1),
        _ => (None, letter),
    };
    let end = if plain.is_some() { end } else { letter };
    Unit { plain: plain.or(Some(b'\\')), length: end - at }
}

/// The ASCII character of so many hexadecimal digits. A control character is none: `%AB` may as well be a text.
fn hex(bytes: &[u8], start: usize, digits: usize) -> Option<u8> {
    let digits = std::str::from_utf8(bytes.get(start..start + digits)?).ok()?;
    let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = u32::from_str_radix(digits, 16).ok().filter(|_| all)?;
    u8::try_from(value).ok().filter(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.plain.into_owned()).collect()
    }

    #[test]
    fn words_end_where_keys_do() {
        for (text, expected) in [
            ("", &[][..]),
            ("KEY=a+/-_9== b", &["KEY", "a+/-_9==", "b"]),
            ("A=B==C a=", &["A", "B", "C", "a="]),
            ("\"x\": 'é日a'", &["x", "a"]),
            ("a%2Bb%2f%3D%3D&c", &["a+b/==", "c"]),
            ("%22a%252Fb%22%3A100%", &["a/b", "100"]),
            (r#"{\"a\/b\": \"\u0041\u002fc\nd\"}"#, &["a/b", "A/c", "d"]),
            (r"a\\/b \\n", &["a/b"]),
            ("%ABSK %zz %", &["ABSK", "zz"]),
            (r"\", &[]),
            (r"\u12 \x", &["u12", "x"]),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn places_lead_back_to_the_text() {
        let text = r"x: ab%2Fcd\/e é";
        let all = words(text);
        let word = all.iter().find(|word| word.plain == "ab/cd/e");
        let places: Vec<usize> = word.map(|word| (0..8).map(|at| word.place(at)).collect()).unwrap_or_default();
        assert_eq!(places, [3, 4, 5, 8, 9, 10, 12, 13]);
    }
}
