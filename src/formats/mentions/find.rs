//! Finding what names something of Amazon Bedrock, by its looks and by what stands around it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::apart::Apart;
use super::arn::{self, Strings};
use super::around::Around;
use super::files::Content;
use super::nested::{self, Bracket, Cursor};
use super::program::Program;
use super::{Mentioned, Place, Stretch};
use crate::adapter::other_provider;
use crate::bedrock::{ApiKey, is_model_shaped, is_region_like, model_stems};
use crate::syntax::literals::{Region, RegionKind};

/// A partition as it is written in ARNs of programs and templates.
const PARTITION: &str = r"aws[a-z-]*|\*|\$\{[^}]{0,80}\}|\{\{[^}]{0,80}\}\}|\{[^}]{0,80}\}|#\{[^}]{0,80}\}|\$[A-Za-z_]\w*|%s|<[^<>\n]{0,40}>";

static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let stems: Vec<String> = model_stems().map(|stem| regex::escape(&stem)).collect();
    let key = r"[A-Za-z0-9+/_-]";
    Regex::new(&format!(
        r"(?<arn>arn:(?:{PARTITION}):bedrock[a-z-]*:)|(?<key>ABSK{key}{{32,}}={{0,2}}|bedrock-api-key-{key}{{32,}}={{0,2}})|(?<action>bedrock[a-z-]*:[A-Z][A-Za-z]+\*?)|(?<model>(?:{})[a-z0-9.-]*(?::[0-9]+k?|:mm){{0,2}})",
        stems.join("|")
    ))
    .ok()
});

/// Longer than any id.
const LONGEST_ID: usize = 100;

/// Longer than any key, its session token included.
const LONGEST_KEY: usize = 8192;

/// More prefixes than this are no mistake any more but another name.
const PREFIXES: usize = 2;

/// What stands in front of a model in the names and URLs of Amazon Bedrock, with a slash behind it.
const ROUTES: [&str; 18] = [
    "agent",
    "amazon-bedrock",
    "amazon_bedrock",
    "async_invoke",
    "aws-bedrock",
    "bedrock",
    "bedrock_converse",
    "bedrock_mantle",
    "chat_completions",
    "converse",
    "converse_like",
    "foundation-model",
    "foundation-models",
    "inference-profile",
    "invoke",
    "mantle",
    "model",
    "models",
];

/// What a file says that is about policies of IAM.
const POLICIES: [&str; 6] = ["Action", "actions", "Effect", "PolicyStatement", "iam:", "aws-iam"];

/// A program without its comments, with its brackets and what does not run with it.
struct Code {
    text: String,
    brackets: Vec<Bracket>,
    apart: Apart,
}

impl Code {
    fn of(around: Around<'_>, regions: &[Region]) -> Self {
        let text = nested::without_comments(around.text, regions);
        let brackets = nested::brackets(around.text, regions);
        let apart = Apart::of(around.text, Around { text: &text, ..around }, regions, &brackets);
        Self { text, brackets, apart }
    }
}

/// Goes over a text once.
pub(super) struct Finder<'a> {
    stretch: Stretch<'a>,
    content: Content,
    around: Around<'a>,
    strings: Strings<'a>,
    at: usize,
    around_at: Cursor,
    /// What is known of a program, once something was found in it.
    code: Option<Code>,
    bracket_at: Cursor,
    about_policies: Option<bool>,
}

impl Iterator for Finder<'_> {
    type Item = (Mentioned, Place);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = SHAPES.as_ref()?.captures_at(self.stretch.text, self.at)?;
            self.at = found.get(0)?.end();
            if let Some(mention) = self.mention(&found) {
                return Some(mention);
            }
        }
    }
}

impl<'a> Finder<'a> {
    pub(super) fn new(stretch: Stretch<'a>, content: Content, regions: &'a [Region]) -> Self {
        let strings = Strings { regions, joins_neighbours: content.lexis().joins_neighbours };
        Self {
            stretch,
            content,
            around: Around { text: stretch.text, content },
            strings,
            at: 0,
            around_at: Cursor::default(),
            code: None,
            bracket_at: Cursor::default(),
            about_policies: None,
        }
    }

    fn mention(&mut self, found: &Captures<'_>) -> Option<(Mentioned, Place)> {
        let range = |name| found.name(name).map(|found| found.range());
        if let Some(key) = range("key") {
            return self.key(key);
        }
        let region = self.innermost(found.get(0)?.start());
        if matches!(self.content, Content::Program(_)) && region.is_none() {
            return None;
        }
        if let Some(start) = range("arn") {
            return self.arn(start.start, region);
        }
        if let Some(action) = range("action") {
            return self.action(action, region);
        }
        self.model(range("model")?, region)
    }

    /// The innermost string or comment around a byte. Asked in the order of the text.
    fn innermost(&mut self, at: usize) -> Option<&'a Region> {
        let regions = self.strings.regions;
        let index = self.around_at.innermost(at, |index| regions.get(index).map(|region| region.whole.clone()))?;
        regions.get(index)
    }

    /// Where something stands that takes these bytes. Asked in the order of the text.
    fn place(&mut self, range: Range<usize>, region: Option<&Region>) -> Option<Place> {
        let (around, regions) = (self.around, self.strings.regions);
        if !matches!(self.content, Content::Program(_)) {
            return around.place(range, region, |_| Place::Code);
        }
        let code = self.code.get_or_insert_with(|| Code::of(around, regions));
        let span = |index: usize| code.brackets.get(index).map(|bracket: &Bracket| bracket.open..bracket.close + 1);
        let bracket = self.bracket_at.innermost(range.start, span);
        let place = around.place(range.clone(), region, |region| {
            let around = Around { text: &code.text, ..around };
            Program { around, regions, brackets: &code.brackets }.place(region, bracket)
        })?;
        let apart = code.apart.place(range.start).filter(|_| place.is_used());
        Some(apart.unwrap_or(place))
    }

    fn key(&mut self, range: Range<usize>) -> Option<(Mentioned, Place)> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/_-=".contains(&byte);
        let opens = |byte: u8| byte != b'=' && is_part(byte);
        if self.around.before(range.start).is_some_and(opens) || range.len() > LONGEST_KEY {
            return None;
        }
        let key = ApiKey::read(self.around.slice(range.clone())).filter(|key| !key.is_filler())?;
        let prefix = match &key {
            ApiKey::LongTerm(_) => ApiKey::LONG_TERM,
            ApiKey::ShortTerm(_) => ApiKey::SHORT_TERM,
        };
        let region = self.innermost(range.start);
        let place = match (self.content, region.map(|region| region.kind)) {
            (Content::Prose(_), _) => Place::Prose,
            (_, Some(RegionKind::Comment | RegionKind::Documentation)) => Place::Comment,
            _ => Place::Code,
        };
        let prefix = self.stretch.part(range.start..range.start + prefix.len());
        Some((Mentioned::Key { prefix, key }, place))
    }

    fn arn(&mut self, start: usize, region: Option<&'a Region>) -> Option<(Mentioned, Place)> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        if self.around.before(start).is_some_and(is_part) && !self.is_behind_escape(start) {
            return None;
        }
        let within = region.filter(|_| matches!(self.content, Content::Program(_)));
        let written = arn::read(self.stretch, start, within.map(|region| (region, &self.strings)))?;
        self.at = self.at.max(written.end);
        let place = self.place(written.first, region)?;
        Some((Mentioned::Arn(written.text), place))
    }

    fn action(&mut self, range: Range<usize>, region: Option<&'a Region>) -> Option<(Mentioned, Place)> {
        // in text for people, a span of code names an operation as often as an action
        let is_prose = matches!(self.content, Content::Prose(_));
        let is_quote = |byte: u8| matches!(byte, b'"' | b'\'') || (byte == b'`' && !is_prose);
        let behind = match self.around.byte(range.end) {
            Some(b'\\') => self.around.byte(range.end + 1),
            byte => byte,
        };
        let is_quoted = self.around.before(range.start).is_some_and(is_quote) && behind.is_some_and(is_quote);
        let is_item = matches!(self.content, Content::Words(_))
            && self.around.line_before(range.start).trim_start() == "- "
            && self.around.byte(range.end).is_none_or(|byte| byte.is_ascii_whitespace());
        if !is_quoted && !is_item {
            return None;
        }
        let text = self.stretch.text;
        let about_policies =
            *self.about_policies.get_or_insert_with(|| POLICIES.iter().any(|word| text.contains(word)));
        let place = self.place(range.clone(), region).filter(|_| about_policies)?;
        Some((Mentioned::Action(self.stretch.part(range)), place))
    }

    fn model(&mut self, range: Range<usize>, region: Option<&'a Region>) -> Option<(Mentioned, Place)> {
        let written = self.around.slice(range.clone());
        let kept = written.trim_end_matches('.');
        // the beginning of several ids
        if kept.ends_with('-') || kept.len() > LONGEST_ID {
            return None;
        }
        let (start, end) = (self.with_prefixes(range.start)?, range.start + kept.len());
        let id = self.around.slice(start..end);
        // no word of a family alone: `anthropic.claude-code` is an editor's extension
        let has_digit = kept.bytes().any(|byte| byte.is_ascii_digit());
        if !has_digit || !is_model_shaped(id) || !self.ends_there(end) || !self.is_of_bedrock(start) {
            return None;
        }
        if region.is_some_and(|region| end == region.inner.end && self.goes_on(region.whole.end)) {
            return None;
        }
        let place = self.place(start..end, region)?;
        Some((Mentioned::Model(self.stretch.part(start..end)), place))
    }

    /// Where an id begins whose provider begins at `stem`: the prefixes before it belong to it. `None` if it is a part of
    /// another word.
    fn with_prefixes(&self, stem: usize) -> Option<usize> {
        let is_part = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        let mut start = stem;
        for _ in 0..PREFIXES {
            let Some(dot) = start.checked_sub(1).filter(|at| self.around.byte(*at) == Some(b'.')) else { break };
            let bytes = self.stretch.text.as_bytes().get(..dot).unwrap_or_default();
            let length = bytes.iter().rev().take(16).take_while(|byte| is_part(byte)).count();
            // `${MODEL:-us.anthropic…}`
            let dashes = bytes.iter().skip(dot - length).take_while(|byte| **byte == b'-').count();
            let opens = dot - length + dashes;
            let length = length - dashes;
            match self.around.before(opens) {
                // the prefix is filled in: `${prefix}.anthropic…`, `$prefix.anthropic…`, `"." + …`
                Some(b'}' | b')' | b'>' | b'"' | b'\'' | b'`' | b' ') if length == 0 => return Some(stem),
                Some(b'$') => return Some(stem),
                _ if length == 0 => return None,
                _ => start = opens,
            }
        }
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        let is_default = || self.around.slice(start.saturating_sub(2)..start) == ":-";
        let begins = !self.around.before(start).is_some_and(is_word) || self.is_behind_escape(start) || is_default();
        begins.then_some(start)
    }

    /// Whether the letter before is that of an escape: `\n`.
    fn is_behind_escape(&self, at: usize) -> bool {
        at.checked_sub(2).and_then(|at| self.around.byte(at)) == Some(b'\\')
            && self.around.before(at).is_some_and(|byte| matches!(byte, b'n' | b't' | b'r'))
    }

    /// Whether an id ends there, and is not the beginning of another word or of a pattern.
    fn ends_there(&self, end: usize) -> bool {
        let (Some(byte), behind) = (self.around.byte(end), self.around.byte(end + 1)) else { return true };
        match byte {
            b'_' | b'@' | b'+' | b'^' | b'?' | b'$' | b'{' | b'%' | b'(' | b'-' | b'~' => false,
            b'*' => behind == Some(b'*'),
            b'<' => !behind.is_some_and(|byte| byte.is_ascii_alphabetic()),
            b':' if behind.is_some_and(|byte| b"\"'`".contains(&byte)) => false,
            b':' | b'.' => !behind.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"*${<%[".contains(&byte)),
            b'\\' => behind.is_none_or(|byte| b"\"'`nrt\\\n\r".contains(&byte)),
            // `[1m]` of Claude Code
            b'[' => behind.is_some_and(|byte| byte.is_ascii_digit()),
            byte => !byte.is_ascii_alphanumeric(),
        }
    }

    /// Whether what stands before a model names no other provider than Amazon Bedrock.
    fn is_of_bedrock(&self, start: usize) -> bool {
        let Some(sign @ (b'/' | b':')) = self.around.before(start) else { return true };
        let bytes = self.stretch.text.as_bytes().get(..start - 1).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = bytes.iter().rev().take(40).take_while(|byte| is_part(byte)).count();
        let word = self.around.slice(start - 1 - length..start - 1);
        let is_other = word == "oci" || other_provider(&format!("{word}/")).is_some();
        let is_known = || word.is_empty() || ROUTES.contains(&word) || is_region_like(word);
        if sign == b'/' { is_known() } else { !is_other }
    }

    /// Whether the program puts something behind a string that ends at `at`.
    fn goes_on(&self, at: usize) -> bool {
        let behind = self.stretch.text.get(at..).unwrap_or_default().trim_start_matches([' ', '\t', '\r', '\n', '\\']);
        behind.starts_with('+') || behind.starts_with(".concat(") || behind.starts_with("% ")
    }
}
