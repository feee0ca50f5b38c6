//! What a program does with a string that says one thing and nothing else.
//!
//! No grammar is followed: from the string outwards, bracket by bracket, what stands right before and right behind tells.
//! Where nothing tells, it is a value. Of everything only what is near is looked at.

use std::ops::Range;

use super::Place;
use super::around::Around;
use super::beside::{binding, callee, head, is_of_word, plain, start_of_literal, unpacked};
use super::entries::says_gone;
use super::files::words;
use super::nested::Bracket;
use super::signs::{
    ASKING, CALLING, CHOOSING, COLLECTING, COMPARED_WORDS, COMPARING, COMPARING_SIGNS, COMPARING_WORDS, DEFINING,
    FETCHING, FILTERING, KEYING, OFFERING, OPERATORS, REPLACING, SEARCHING, TELLING, is_gone,
};
use crate::bedrock::model_stems;
use crate::syntax::literals::{Region, RegionKind};

/// So many brackets around a string are looked at.
const DEEPEST: usize = 8;

/// So many strings beside one, on each side.
const ALTERNATIVES: usize = 24;

/// So many methods that are called on one thing, one after the other.
const METHODS: usize = 4;

/// So many bytes between two strings that stand side by side.
const LONGEST_GAP: usize = 120;

/// So many strings before one in a list of pairs.
const PAIRS: usize = 400;

/// What an occurrence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// It is a value, or goes where values are called.
    Called,
    /// Others are compared with it, or looked up by it.
    Compared,
    /// It is one of those that may be chosen.
    Listed,
    /// It is said to be no longer called: another takes its place, or its name says so.
    Replaced,
    /// People are told of it.
    Told,
}

/// A program with its strings and brackets.
#[derive(Clone, Copy)]
pub(super) struct Program<'a> {
    pub(super) around: Around<'a>,
    pub(super) regions: &'a [Region],
    pub(super) brackets: &'a [Bracket],
}

/// What a string has become on the way outwards: itself, the list that it is an item of, the call that makes a set of that.
struct Item {
    range: Range<usize>,
    /// Whether it is a list with the string in it.
    list: bool,
    /// Whether it is a table, or the argument of a call, in which the string belongs to a name.
    named: bool,
    /// Whether it is a pair that begins with the string and goes on with a model or a number.
    pair: bool,
}

/// Strings with nothing but commas and bars between them.
struct Run {
    range: Range<usize>,
    bars: bool,
    /// Whether the string is the value of an option: `"--model", "…"`.
    behind_option: bool,
}

impl<'a> Program<'a> {
    /// Where a string stands. `bracket` is the index of the innermost bracket around it.
    pub(super) fn place(&self, region: &Region, bracket: Option<usize>) -> Place {
        match self.deed(region, bracket.and_then(|index| self.brackets.get(index))) {
            Deed::Called => Place::Code,
            Deed::Listed => Place::Listed,
            Deed::Compared | Deed::Replaced | Deed::Told => Place::Aside,
        }
    }

    fn deed(&self, region: &Region, bracket: Option<&'a Bracket>) -> Deed {
        let own = self.start_of(region)..region.whole.end;
        let run = self.run(region);
        if self.is_pattern(&run, &own) || self.is_key(&own) {
            return Deed::Compared;
        }
        if run.behind_option {
            return Deed::Called;
        }
        let range = if run.bars { run.range } else { own };
        match self.outwards(Item { range, list: false, named: false, pair: false }, bracket) {
            // a type of TypeScript
            Deed::Called if run.bars => Deed::Listed,
            deed => deed,
        }
    }

    fn outwards(&self, mut item: Item, mut bracket: Option<&'a Bracket>) -> Deed {
        for _ in 0..DEEPEST {
            if let Some(deed) = self.itself(&mut item, bracket) {
                return deed;
            }
            let Some(around) = bracket else { break };
            if let Some(deed) = self.inside(&mut item, around) {
                return deed;
            }
            bracket = around.parent.and_then(|index| self.brackets.get(index));
        }
        Deed::Called
    }

    /// What is done with an item by what stands beside it, in the bracket around it.
    fn itself(&self, item: &mut Item, bracket: Option<&Bracket>) -> Option<Deed> {
        let from = bracket.map_or(0, |bracket| bracket.open + 1);
        let before = self.around.near_before(item.range.start, from);
        let head = head(before);
        let loops = loops(before.rsplit('\n').next().unwrap_or_default());
        if !item.named {
            if self.is_compared(item, before, loops) {
                return Some(Deed::Compared);
            }
            // `f<"…">()`
            let is_type = before.ends_with('<') && self.around.byte(item.range.end) == Some(b'>');
            if is_type || (item.list && head.split_whitespace().next_back() == Some("return")) {
                return Some(Deed::Listed);
            }
            if loops {
                let callee = bracket.and_then(|bracket| callee(self.around, bracket.open));
                let asks = callee.is_some_and(|callee| matches!(callee.word, "any" | "all"));
                return Some(if asks { Deed::Compared } else { Deed::Called });
            }
            // `{ [id]: … }`
            if item.list && self.is_key(&item.range) {
                return Some(Deed::Compared);
            }
        }
        let binding = binding(head)?;
        let words = words(unpacked(before).unwrap_or(binding.name));
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if is_gone(&words) {
            return Some(Deed::Replaced);
        }
        let operator = binding.name.rsplit("__").next().unwrap_or_default();
        if has(&FILTERING) || OPERATORS.contains(&plain(operator).as_str()) {
            return Some(Deed::Compared);
        }
        if !item.named {
            let chosen = binding.of_type || self.is_of_enum(item.range.start, bracket);
            let argument = bracket.is_some_and(|bracket| self.around.byte(bracket.open) == Some(b'('));
            // a set has no order in which its items could be called
            let is_set = self.around.byte(item.range.start) == Some(b'{');
            let offers = if binding.keyed || argument { is_set || has(&OFFERING) } else { !has(&CALLING) };
            let offered = item.list && offers;
            if chosen || offered {
                return Some(Deed::Listed);
            }
        }
        item.named = true;
        None
    }

    /// What is done with an item by the bracket around it. Unless that tells, the item is what the bracket makes.
    fn inside(&self, item: &mut Item, bracket: &Bracket) -> Option<Deed> {
        let before = self.around.near_before(item.range.start, bracket.open + 1).trim();
        let behind = self.around.near_behind(item.range.end, bracket.close).trim();
        let first = before.is_empty();
        let several = before.ends_with(',') || behind.starts_with(',');
        let is_item = (first || before.ends_with(',')) && (behind.is_empty() || behind.starts_with(','));
        let next = behind.strip_prefix(',').map(str::trim).filter(|rest| !rest.is_empty());
        let (is_pair, opens) = (item.pair && is_item, self.around.byte(bracket.open));
        if says_gone(before, behind) {
            return Some(Deed::Replaced);
        }
        let mut start = bracket.open;
        // whether it makes a list of its items
        let collects = if let Some(callee) = callee(self.around, bracket.open) {
            start = callee.start;
            let defines = head(self.around.near_before(start, 0)).split_whitespace().next_back();
            if defines.is_some_and(|word| DEFINING.contains(&word)) && is_item && !item.named {
                return Some(Deed::Compared);
            }
            let next = next.filter(|_| first || !self.takes_a_place(item, bracket));
            if let Some(deed) = done_by(callee.word, item, first, next) {
                return Some(deed);
            }
            let word = plain(callee.word);
            if !COLLECTING.contains(&word.as_str()) {
                let looked_up = opens == Some(b'[') && !item.named;
                return Some(if looked_up { Deed::Compared } else { self.made_by(bracket) });
            }
            several || item.list || !matches!(word.as_str(), "of" | "from" | "freeze")
        } else {
            if !item.named && !is_item && opens != Some(b'(') {
                return Some(Deed::Called);
            }
            if opens == Some(b'{') {
                start = start_of_literal(self.around, bracket.open);
            }
            opens != Some(b'(') || several
        };
        if is_pair && collects {
            return Some(Deed::Replaced);
        }
        item.pair = first && !item.list && !item.named && next.is_some_and(is_other_half);
        item.list |= is_item && collects;
        item.range = start..(bracket.close + 1).min(self.around.text.len());
        None
    }

    /// Whether an argument may be what comes in the place of the one before it.
    fn takes_a_place(&self, item: &Item, bracket: &Bracket) -> bool {
        let index = |at: usize| self.regions.partition_point(|region| region.whole.start < at);
        let before = self.regions.get(index(bracket.open)..index(item.range.start)).unwrap_or_default();
        let strings = || before.iter().filter(|region| region.kind == RegionKind::String).count();
        before.len() <= PAIRS && if item.list { !before.is_empty() } else { strings() % 2 == 1 }
    }

    /// What an argument of a function becomes of which nothing is known: the constant of an enumeration, or a value.
    fn made_by(&self, bracket: &Bracket) -> Deed {
        let around = bracket.parent.and_then(|index| self.brackets.get(index));
        if around.is_some_and(|around| self.is_enum(around)) { Deed::Listed } else { Deed::Called }
    }

    /// Whether others are compared with an item, by a sign, a word or a method. What is called of it belongs to it.
    fn is_compared(&self, item: &mut Item, before: &str, loops: bool) -> bool {
        let before = before.trim_end();
        let word = before.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default().to_ascii_lowercase();
        let is_condition = || head(before).split_whitespace().any(|word| word.eq_ignore_ascii_case("where"));
        let compares = COMPARING_SIGNS.iter().any(|sign| before.ends_with(sign))
            || (before.ends_with('=') && is_condition())
            || (COMPARING_WORDS.contains(&word.as_str()) && !(loops && word == "in"));
        compares || self.is_asked(item) || {
            let behind = self.around.near_behind(item.range.end, self.around.text.len()).trim_start();
            COMPARING_SIGNS.iter().any(|sign| behind.starts_with(sign))
                || COMPARED_WORDS.iter().any(|word| behind.starts_with(word))
        }
    }

    /// Whether one of the methods that are called of an item compares.
    fn is_asked(&self, item: &mut Item) -> bool {
        for _ in 0..METHODS {
            let behind = self.around.near_behind(item.range.end, self.around.text.len());
            let rest = behind.trim_start();
            let Some(rest) = rest.trim_start_matches(['?', '!', '&']).strip_prefix('.') else { return false };
            let length = rest.bytes().take_while(|byte| is_of_word(*byte)).count();
            let Some(word) = rest.get(..length).filter(|word| !word.is_empty()) else { return false };
            let word = plain(word);
            if COMPARING.contains(&word.as_str()) || SEARCHING.contains(&word.as_str()) {
                return true;
            }
            let end = item.range.end + behind.len() - rest.len() + length;
            let call = self.brackets.binary_search_by_key(&end, |bracket| bracket.open).ok();
            let close = call.and_then(|index| self.brackets.get(index)).map(|bracket| bracket.close + 1);
            item.range.end = close.unwrap_or(end).min(self.around.text.len());
        }
        false
    }

    /// Whether a string is the key of a table, or what an arm of a switch is for.
    fn is_key(&self, own: &Range<usize>) -> bool {
        let before = self.around.near_before(own.start, 0).trim_end();
        let behind = self.around.near_behind(own.end, self.around.text.len()).trim_start();
        // `if let "…" = model`
        let is_matched = behind.starts_with("= ");
        is_matched
            || behind.starts_with("=>")
            || behind.starts_with("->")
            || (behind.starts_with(':') && !behind.starts_with("::") && !before.ends_with('?'))
    }

    /// Whether strings are those that a value is matched with.
    fn is_pattern(&self, run: &Run, own: &Range<usize>) -> bool {
        let before = self.around.near_before(run.range.start, 0).trim_end().trim_end_matches('|').trim_end();
        let behind = self.around.near_behind(run.range.end, self.around.text.len()).trim_start();
        let word = before.rsplit(|c: char| c.is_whitespace() || c == ';' || c == '{').next();
        // the value of the pair before
        let is_value = run.range.start == own.start && (before.ends_with("=>") || before.ends_with("->"));
        let leads = behind.starts_with("=>") || behind.starts_with("->");
        word.is_some_and(|word| matches!(word, "case" | "when")) || (leads && !is_value)
    }

    /// The strings beside a string.
    fn run(&self, region: &Region) -> Run {
        let index = self.regions.binary_search_by_key(&region.whole.start, |one| one.whole.start).unwrap_or_default();
        let string = |index: usize| self.regions.get(index).filter(|one| one.kind == RegionKind::String);
        let between = |left: &Region, right: &Region| {
            let length = self.start_of(right).saturating_sub(left.whole.end);
            let between = self.around.slice(left.whole.end..left.whole.end + length.min(LONGEST_GAP)).trim();
            Some(between).filter(|between| matches!(*between, "," | "|" | "or"))
        };
        let mut run = Run { range: self.start_of(region)..region.whole.end, bars: false, behind_option: false };
        let mut left = region;
        for back in 1..=ALTERNATIVES {
            let Some(next) = index.checked_sub(back).and_then(string) else { break };
            let Some(sign) = between(next, left) else { break };
            run.behind_option |= back == 1 && self.around.slice(next.inner.clone()).starts_with('-');
            run.bars |= sign == "|";
            run.range.start = self.start_of(next);
            left = next;
        }
        let mut right = region;
        for next in (index + 1..=index + ALTERNATIVES).map_while(string) {
            let Some(sign) = between(right, next) else { break };
            run.bars |= sign == "|";
            run.range.end = next.whole.end;
            right = next;
        }
        run
    }

    /// Where a string begins, with the letters before its quote.
    fn start_of(&self, region: &Region) -> usize {
        let letters = (1..=2).take_while(|back| {
            let byte = region.whole.start.checked_sub(*back).and_then(|at| self.around.byte(at));
            byte.is_some_and(|byte| b"bBfFrRuU$@".contains(&byte))
        });
        let start = region.whole.start - letters.count();
        if self.around.before(start).is_some_and(is_of_word) { region.whole.start } else { start }
    }

    /// Whether what is named there is a constant of an enumeration.
    fn is_of_enum(&self, start: usize, bracket: Option<&Bracket>) -> bool {
        let Some(bracket) = bracket else { return self.is_in_enum_class(start) };
        self.is_enum(bracket)
    }

    fn is_enum(&self, bracket: &Bracket) -> bool {
        let is_block = self.around.byte(bracket.open) == Some(b'{');
        is_block && self.around.line_before(bracket.open).split_whitespace().any(|word| word == "enum")
    }

    /// Whether the line is one of a class of Python that is an enumeration.
    fn is_in_enum_class(&self, at: usize) -> bool {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let own = indent(self.around.line_before(at));
        let before = self.around.near_before(at, 0);
        let outer = before.rsplit('\n').skip(1).find(|line| !line.trim().is_empty() && indent(line) < own);
        outer.is_some_and(|line| line.trim_start().starts_with("class ") && line.contains("Enum"))
    }
}

/// Whether a line is the beginning of a loop or a comprehension over what stands behind it.
fn loops(line: &str) -> bool {
    let mut words = line.split_whitespace().rev().take_while(|word| *word != "for");
    let over = words.next();
    over.is_some_and(|word| matches!(word, "in" | "of")) && !words.any(|word| word == "in") && line.contains("for ")
}

/// What a function does with its argument. `next` is what stands behind that.
fn done_by(word: &str, item: &Item, first: bool, next: Option<&str>) -> Option<Deed> {
    let named = words(word);
    let begins = |list: &[&str]| named.first().is_some_and(|first| list.contains(&first.as_str()));
    let asks = begins(&ASKING) || (begins(&FETCHING) && named.iter().any(|word| word == "by"));
    let word = plain(word);
    let is = |list: &[&str]| list.contains(&word.as_str());
    let is_number = |rest: &str| rest.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if asks || is(&COMPARING) || (!item.list && !item.named && first && next.is_some() && is(&KEYING)) {
        Some(Deed::Compared)
    } else if tells(&word) {
        Some(Deed::Told)
    } else if item.named {
        None
    } else if is(&REPLACING) && next.is_some_and(|next| !is_number(next)) {
        Some(Deed::Replaced)
    } else {
        is(&CHOOSING).then_some(Deed::Listed)
    }
}

/// Whether a function only tells people of its arguments: `log.warning`, `Errorf`, `new ValueError`.
fn tells(word: &str) -> bool {
    // `printf` is one of them itself
    let formats = word.strip_suffix('f').unwrap_or(word);
    [word, formats].iter().any(|word| TELLING.contains(word) || word.ends_with("error") || word.ends_with("exception"))
}

/// Whether it is the only other half of a pair with a model: the model in its place, or a number.
fn is_other_half(rest: &str) -> bool {
    let rest = rest.trim_end_matches(',');
    !rest.contains(',')
        && (rest.starts_with(|c: char| c.is_ascii_digit()) || model_stems().any(|stem| rest.contains(&*stem)))
}
