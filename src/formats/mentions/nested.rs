//! What lies around a byte: strings, comments and brackets, each in one another or side by side.

use std::ops::Range;

use crate::syntax::literals::{Region, RegionKind};

/// Goes over ranges that are sorted by their beginnings, and is asked in the order of the text.
#[derive(Default)]
pub(super) struct Cursor {
    /// Those that begin before what was asked last, the innermost last; the first that does not.
    open: Vec<usize>,
    next: usize,
}

impl Cursor {
    /// The index of the innermost range around a byte.
    pub(super) fn innermost(&mut self, at: usize, range: impl Fn(usize) -> Option<Range<usize>>) -> Option<usize> {
        loop {
            while self.open.last().and_then(|index| range(*index)).is_some_and(|range| range.end <= at) {
                self.open.pop();
            }
            match range(self.next) {
                Some(range) if range.start <= at => self.open.push(self.next),
                _ => return self.open.last().copied(),
            }
            self.next += 1;
        }
    }
}

/// A bracket of a program: round, square or curly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bracket {
    /// Where it opens.
    pub(super) open: usize,
    /// Where it closes; the end of the text, or of the bracket around it, if nothing closes it.
    pub(super) close: usize,
    /// The index of the bracket around it.
    pub(super) parent: Option<usize>,
}

/// The brackets of a program outside of its strings and comments, sorted by where they open. Takes time in proportion to
/// the text. A bracket that does not fit is passed over, so that a sign that was no bracket spoils only what is near.
pub(super) fn brackets(text: &str, regions: &[Region]) -> Vec<Bracket> {
    const OPENS: &[u8; 3] = b"([{";
    const CLOSES: &[u8; 3] = b")]}";
    let bytes = text.as_bytes();
    let (mut found, mut regions) = (Vec::<Bracket>::new(), regions.iter().peekable());
    // those that are open, with their kinds; how many of each kind are
    let (mut open, mut counts) = (Vec::<(usize, usize)>::new(), [0_usize; 3]);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        while regions.next_if(|region| region.whole.start < at).is_some() {}
        if let Some(region) = regions.peek().filter(|region| region.whole.start == at && region.whole.end > at) {
            at = region.whole.end;
            continue;
        }
        // a character: `'('`
        let quote = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&b'\'');
        let is_character = || quote(at.checked_sub(1)) && quote(Some(at + 1));
        if let Some(kind) = OPENS.iter().position(|sign| sign == byte).filter(|_| !is_character()) {
            let parent = open.last().map(|(index, _)| *index);
            open.push((found.len(), kind));
            found.push(Bracket { open: at, close: bytes.len(), parent });
            if let Some(count) = counts.get_mut(kind) {
                *count += 1;
            }
        } else if let Some(kind) = CLOSES.iter().position(|sign| sign == byte).filter(|_| !is_character())
            && counts.get(kind).is_some_and(|count| *count > 0)
        {
            while let Some((index, own)) = open.pop() {
                if let Some(bracket) = found.get_mut(index) {
                    bracket.close = at;
                }
                if let Some(count) = counts.get_mut(own) {
                    *count -= 1;
                }
                if own == kind {
                    break;
                }
            }
        }
        at += 1;
    }
    found
}

/// The text with blanks in the place of its comments; lines stay lines.
pub(super) fn without_comments(text: &str, regions: &[Region]) -> String {
    let (mut kept, mut at) = (String::with_capacity(text.len()), 0);
    for region in regions {
        // in the code of a template strings lie in others
        if region.kind == RegionKind::String || region.whole.start < at {
            continue;
        }
        kept.push_str(text.get(at..region.whole.start).unwrap_or_default());
        let comment = text.get(region.whole.clone()).unwrap_or_default();
        kept.extend(comment.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        at = region.whole.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::literals::Lexis;

    #[test]
    fn brackets_lie_in_one_another() {
        let found = |text: &str| {
            let regions = Lexis::of_program("java").map(|lexis| lexis.regions(text)).unwrap_or_default();
            let brackets = brackets(text, &regions);
            brackets.iter().map(|one| (one.open, one.close, one.parent)).collect::<Vec<_>>()
        };
        assert_eq!(found("f(a[0], \"(\")"), [(1, 11, None), (3, 5, Some(0))]);
        assert_eq!(found("f('(', { x }) // ("), [(1, 12, None), (7, 11, Some(0))]);
        // what does not fit
        assert_eq!(found("{ ( } ] ["), [(0, 4, None), (2, 4, Some(0)), (8, 9, None)]);
        assert_eq!(found(&")]}".repeat(3)), []);
    }
    #[test]
    fn comments_are_blank() {
        let text = "a /* é\n\" */ \"// x\" // é";
        let regions = Lexis::of_program("java").map(|lexis| lexis.regions(text)).unwrap_or_default();
        assert_eq!(without_comments(text, &regions), "a      \n     \"// x\"      ");
    }
}
