//! What stands right before something in a program: the name that it belongs to, the function that it is given to.

use super::around::Around;
use super::signs::{BLOCKS, KEYWORDS};

/// So many bytes before something are looked through for what it belongs to.
const LONGEST_HEAD: usize = 300;

/// The beginning of the expression or statement that goes on behind `before`: what stands behind the last comma,
/// semicolon, bracket or line that belongs to something else.
pub(super) fn head(before: &str) -> &str {
    let (mut depth, mut angles, mut blank) = (0_usize, 0_usize, true);
    let mut start = before.len().saturating_sub(LONGEST_HEAD);
    let bytes = before.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(start).rev() {
        let left = at.checked_sub(1).and_then(|at| bytes.get(at));
        let stops = match byte {
            b'}' if depth == 0 => true,
            b')' | b']' | b'}' => {
                depth += 1;
                false
            }
            b'(' | b'[' | b'{' => {
                let outside = depth == 0;
                depth = depth.saturating_sub(1);
                outside
            }
            // `Map<String, Integer>`, not `=>`
            b'>' if !matches!(left, Some(b'=' | b'-' | b' ')) => {
                angles += 1;
                false
            }
            b'<' => {
                angles = angles.saturating_sub(1);
                false
            }
            b',' => depth == 0 && angles == 0,
            b';' => depth == 0,
            b'\n' => depth == 0 && !blank,
            _ => false,
        };
        if stops {
            start = at + 1;
            break;
        }
        blank &= byte.is_ascii_whitespace();
    }
    let head = before.get(start..).unwrap_or_default();
    let written = head.trim_end();
    // on the line before stands another statement, unless it goes on
    let goes_on = written.ends_with(['=', ':', '>', '|', '?', '+', '&', '\\']) || written.ends_with("return");
    let is_apart = head.get(written.len()..).is_some_and(|blanks| blanks.contains('\n'));
    if is_apart && !goes_on { "" } else { written.trim_start() }
}

/// What belongs to a name.
pub(super) struct Binding<'a> {
    pub(super) name: &'a str,
    /// Whether it is done as in a table: with a colon or an arrow.
    pub(super) keyed: bool,
    /// Whether the name is that of a type.
    pub(super) of_type: bool,
}

/// The name that what stands behind a head belongs to.
pub(super) fn binding(head: &str) -> Option<Binding<'_>> {
    let bytes = head.as_bytes();
    let is_assignment = |at: &usize| {
        let (left, right) = (at.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(at + 1));
        bytes.get(*at) == Some(&b'=')
            && !matches!(left, Some(b'=' | b'!' | b'<' | b'>' | b'~'))
            && !matches!(right, Some(b'=' | b'>' | b'~'))
    };
    let colon = |text: &str| {
        let at = text.find(':')?;
        (text.as_bytes().get(at + 1) != Some(&b':')).then_some(at)
    };
    let (written, keyed) = if let Some(at) = (0..bytes.len()).rev().find(is_assignment) {
        let left = head.get(..at)?.trim_end_matches([':', '+', '|', '?', '&', ' ']);
        let word = left.split_whitespace().next().unwrap_or_default();
        let block = BLOCKS.contains(&word.trim_end_matches(':'));
        // its type stands behind a colon
        let named = colon(left).filter(|_| !block).and_then(|at| left.get(..at));
        (named.unwrap_or(left), false)
    } else {
        let end = colon(head).or_else(|| head.find("=>"))?;
        // more words are no key
        (head.get(..end).map(str::trim).filter(|key| !key.contains(char::is_whitespace))?, true)
    };
    let name = written.trim_end_matches(|c: char| c.is_whitespace() || "\"'`]?!)".contains(c));
    let start = name.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).map_or(0, |at| at + 1);
    let of_type = written.split_whitespace().any(|word| word == "type");
    let name = name.get(start..).filter(|name| !name.is_empty())?;
    Some(Binding { name, keyed, of_type })
}

/// The name that the first of several values belongs to: `old, new = "…", "…"`.
pub(super) fn unpacked(before: &str) -> Option<&str> {
    let line = before.rsplit('\n').next()?;
    let (first, rest) = line.trim_end().strip_suffix('=')?.split_once(',')?;
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(is_of_word);
    let first = first.split_whitespace().next_back()?;
    (is_name(first) && rest.split(',').all(|name| is_name(name.trim().trim_end_matches(':')))).then_some(first)
}

/// A word right before a bracket: a function, a type, what is looked up in.
pub(super) struct Callee<'a> {
    /// Its last part.
    pub(super) word: &'a str,
    /// Where the whole of it begins.
    pub(super) start: usize,
}

/// The callee of a round or square bracket that opens there.
pub(super) fn callee(around: Around<'_>, open: usize) -> Option<Callee<'_>> {
    if !matches!(around.byte(open), Some(b'(' | b'[')) {
        return None;
    }
    let end = without_group(around, open, b'<', b'>');
    let before = around.near_before(end, 0);
    let word = before.get(before.len() - trailing(before, |byte| is_of_word(byte) || byte == b'!')..)?;
    let is_method = before.get(..before.len() - word.len()).is_some_and(|before| before.ends_with('.'));
    let is_word = word.bytes().any(|byte| byte.is_ascii_alphanumeric()) && (is_method || !KEYWORDS.contains(&word));
    is_word.then(|| Callee { word, start: start_of_path(around, end) })
}

/// Where a literal begins whose curly bracket opens there: with its type, as in Go, C# and Java.
pub(super) fn start_of_literal(around: Around<'_>, open: usize) -> usize {
    let before = around.near_before(open, 0);
    let end = open - (before.len() - before.trim_end_matches(' ').len());
    let mut start = end;
    for _ in 0..4 {
        let inner = without_group(around, without_group(around, start, b'[', b']'), b'<', b'>');
        let next = start_of_path(around, inner);
        if next == start {
            break;
        }
        start = next;
    }
    // `return {`, `if x {`
    let is_made =
        end == open || around.slice(start..end).starts_with("new") || around.slice(start..end).contains(['[', '<']);
    if is_made { start } else { open }
}

/// Where the path begins that ends there: `new java.util.Set`, `z.enum`, `&std::set::Set`.
fn start_of_path(around: Around<'_>, end: usize) -> usize {
    let before = around.near_before(end, 0);
    let length = trailing(before, |byte| is_of_word(byte) || b".:!?&*@".contains(&byte));
    let start = end - length;
    let before = before.get(..before.len() - length).unwrap_or_default();
    if before.ends_with("new ") { start - "new ".len() } else { start }
}

/// Where the brackets begin that end there; the same place if there are none.
fn without_group(around: Around<'_>, end: usize, open: u8, close: u8) -> usize {
    let before = around.near_before(end, 0);
    let mut depth = 0_usize;
    for (length, byte) in before.bytes().rev().enumerate() {
        if byte == close {
            depth += 1;
        } else if depth == 0 {
            return end;
        } else if byte == open {
            depth -= 1;
            if depth == 0 {
                return end - length - 1;
            }
        }
    }
    end
}

fn trailing(text: &str, is_part: impl Fn(u8) -> bool) -> usize {
    text.bytes().rev().take_while(|byte| is_part(*byte)).count()
}

/// Whether a byte is a part of a name.
pub(super) fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A word in the way in which the tables write it.
pub(super) fn plain(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
