//! Finding what names something of Amazon Bedrock, by its looks and by what stands around it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::arn::{self, Strings};
use super::files::Content;
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

/// As many bytes show what stands around something.
const NEAR: usize = 400;

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

/// What stands before a string that others are compared with.
const COMPARES: [&str; 30] = [
    "==",
    "!=",
    "=~",
    "<>",
    " in",
    " case",
    "\tcase",
    " when",
    "startswith(",
    "startsWith(",
    "StartsWith(",
    "starts_with(",
    "endswith(",
    "endsWith(",
    "ends_with(",
    "HasPrefix(",
    "includes(",
    "contains(",
    "Contains(",
    "has(",
    "indexOf(",
    "match(",
    "matches(",
    "equals(",
    "Equals(",
    "replace(",
    "replaceAll(",
    "removeprefix(",
    "strip_prefix(",
    "toContain(",
];

/// What words begin a line of a script that prints the rest.
const PRINTS: [&str; 5] = ["echo", "printf", "print", "Write-Host", "Write-Output"];

/// Goes over a text once.
pub(super) struct Finder<'a> {
    stretch: Stretch<'a>,
    content: Content,
    strings: Strings<'a>,
    at: usize,
    /// Regions that begin before `at`, the innermost last; the first region that does not.
    open: Vec<usize>,
    next: usize,
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
        let joins_neighbours = content.lexis().is_some_and(|lexis| lexis.joins_neighbours);
        let strings = Strings { regions, joins_neighbours };
        Self { stretch, content, strings, at: 0, open: Vec::new(), next: 0, about_policies: None }
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
        let region = |index: &usize| regions.get(*index);
        loop {
            while self.open.last().and_then(region).is_some_and(|region| region.whole.end <= at) {
                self.open.pop();
            }
            match regions.get(self.next) {
                Some(region) if region.whole.start <= at => self.open.push(self.next),
                _ => return self.open.last().and_then(region),
            }
            self.next += 1;
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.stretch.text.as_bytes().get(at).copied()
    }

    fn before(&self, at: usize) -> Option<u8> {
        self.byte(at.checked_sub(1)?)
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.stretch.text.get(range).unwrap_or_default()
    }

    fn key(&mut self, range: Range<usize>) -> Option<(Mentioned, Place)> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/_-=".contains(&byte);
        let opens = |byte: u8| byte != b'=' && is_part(byte);
        if self.before(range.start).is_some_and(opens) || range.len() > LONGEST_KEY {
            return None;
        }
        let key = ApiKey::read(self.slice(range.clone())).filter(|key| !key.is_filler())?;
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
        if self.before(start).is_some_and(is_part) && !self.is_behind_escape(start) {
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
        let behind = match self.byte(range.end) {
            Some(b'\\') => self.byte(range.end + 1),
            byte => byte,
        };
        let is_quoted = self.before(range.start).is_some_and(is_quote) && behind.is_some_and(is_quote);
        let is_item = matches!(self.content, Content::Words(_))
            && self.line_before(range.start).trim_start() == "- "
            && self.byte(range.end).is_none_or(|byte| byte.is_ascii_whitespace());
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
        let written = self.slice(range.clone());
        let kept = written.trim_end_matches('.');
        // the beginning of several ids
        if kept.ends_with('-') || kept.len() > LONGEST_ID {
            return None;
        }
        let (start, end) = (self.with_prefixes(range.start)?, range.start + kept.len());
        let id = self.slice(start..end);
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
            let Some(dot) = start.checked_sub(1).filter(|at| self.byte(*at) == Some(b'.')) else { break };
            let bytes = self.stretch.text.as_bytes().get(..dot).unwrap_or_default();
            let length = bytes.iter().rev().take(16).take_while(|byte| is_part(byte)).count();
            // `${MODEL:-us.anthropic…}`
            let dashes = bytes.iter().skip(dot - length).take_while(|byte| **byte == b'-').count();
            let opens = dot - length + dashes;
            let length = length - dashes;
            match self.before(opens) {
                // the prefix is filled in: `${prefix}.anthropic…`, `$prefix.anthropic…`, `"." + …`
                Some(b'}' | b')' | b'>' | b'"' | b'\'' | b'`' | b' ') if length == 0 => return Some(stem),
                Some(b'$') => return Some(stem),
                _ if length == 0 => return None,
                _ => start = opens,
            }
        }
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        let is_default = || self.slice(start.saturating_sub(2)..start) == ":-";
        let begins = !self.before(start).is_some_and(is_word) || self.is_behind_escape(start) || is_default();
        begins.then_some(start)
    }

    /// Whether the letter before is that of an escape: `\n`.
    fn is_behind_escape(&self, at: usize) -> bool {
        at.checked_sub(2).and_then(|at| self.byte(at)) == Some(b'\\')
            && self.before(at).is_some_and(|byte| matches!(byte, b'n' | b't' | b'r'))
    }

    /// Whether an id ends there, and is not the beginning of another word or of a pattern.
    fn ends_there(&self, end: usize) -> bool {
        let (Some(byte), behind) = (self.byte(end), self.byte(end + 1)) else { return true };
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
        let Some(sign @ (b'/' | b':')) = self.before(start) else { return true };
        let bytes = self.stretch.text.as_bytes().get(..start - 1).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = bytes.iter().rev().take(40).take_while(|byte| is_part(byte)).count();
        let word = self.slice(start - 1 - length..start - 1);
        let is_other = word == "oci" || other_provider(&format!("{word}/")).is_some();
        let is_known = || word.is_empty() || ROUTES.contains(&word) || is_region_like(word);
        if sign == b'/' { is_known() } else { !is_other }
    }

    /// Whether the program puts something behind a string that ends at `at`.
    fn goes_on(&self, at: usize) -> bool {
        let behind = self.stretch.text.get(at..).unwrap_or_default().trim_start_matches([' ', '\t', '\r', '\n', '\\']);
        behind.starts_with('+') || behind.starts_with(".concat(") || behind.starts_with("% ")
    }

    /// What stands near before a byte, on its line.
    fn line_before(&self, at: usize) -> &'a str {
        let near = self.near_before(at, 0);
        near.rsplit('\n').next().unwrap_or(near)
    }

    /// What stands near before a byte, no further than `from`.
    fn near_before(&self, at: usize, from: usize) -> &'a str {
        let mut start = at.saturating_sub(NEAR).max(from);
        while !self.stretch.text.is_char_boundary(start) {
            start += 1;
        }
        self.slice(start..at.max(start))
    }

    /// What stands near behind a byte, no further than `until`.
    fn near_behind(&self, at: usize, until: usize) -> &'a str {
        let mut end = (at + NEAR).min(until).max(at);
        while !self.stretch.text.is_char_boundary(end) {
            end -= 1;
        }
        self.slice(at..end)
    }

    /// Where something stands that takes these bytes; `None` if it counts for nothing there.
    fn place(&self, range: Range<usize>, region: Option<&Region>) -> Option<Place> {
        let kind = region.map(|region| region.kind);
        match (self.content, kind) {
            (Content::Prose(_), _) => Some(Place::Prose),
            (_, Some(RegionKind::Comment | RegionKind::Documentation)) => Some(Place::Comment),
            (Content::Words(_), _) => Some(if self.is_value(&range) { Place::Code } else { Place::Aside }),
            (Content::Program(_), _) => {
                let region = region?;
                Some(if self.is_by_itself(&range, region) { Place::Code } else { Place::Aside })
            }
        }
    }

    /// Whether what stands in a script or template is the value of something, not a word of a sentence.
    fn is_value(&self, range: &Range<usize>) -> bool {
        let line = self.line_before(range.start);
        let prints = PRINTS.iter().any(|word| line.trim_start().trim_start_matches('@').starts_with(word));
        if prints {
            return false;
        }
        let before = line.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.'));
        let lead = before.trim_end_matches(['"', '\'', '\\', ' ', '\t']);
        // the item of a list, a value, an argument
        let is_flag = |word: &str| word.starts_with('-');
        lead.is_empty()
            || lead.ends_with([':', '=', '[', ',', '(', '{', '-', '|', '>', '}'])
            || before.split_whitespace().next_back().is_some_and(is_flag)
            || before.ends_with(['"', '\'']) && !lead.ends_with('.')
    }

    /// Whether a string of a program says this and nothing else, and is not what others are compared with.
    fn is_by_itself(&self, range: &Range<usize>, region: &Region) -> bool {
        let before = self.near_before(range.start, region.inner.start);
        let behind = self.near_behind(range.end, region.inner.end);
        let is_blank = |c: char| c.is_whitespace() || c == '"' || c == '\'' || c == '`';
        if !before.trim_start().contains(is_blank) && !behind.trim_end().contains(is_blank) {
            return !self.is_compared(region);
        }
        // a string in a document that the string holds
        let route = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | ':');
        let opens = before.trim_end_matches(route);
        let closes = behind.trim_start_matches('\\');
        let is_quoted = opens.ends_with(['"', '\'']) && closes.starts_with(['"', '\'']);
        let outside = opens.trim_end_matches(['"', '\'', '\\']).trim_end();
        let is_key = || closes.get(1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        is_quoted && outside.ends_with([':', '=', '[', ',', '(', '{']) && !is_key()
    }

    /// Whether others are compared with a string, or looked up by it.
    fn is_compared(&self, region: &Region) -> bool {
        let before = self.near_before(region.whole.start, 0).trim_end_matches(['f', 'r', 'b']).trim_end();
        let behind = self.near_behind(region.whole.end, self.stretch.text.len()).trim_start();
        let compares = COMPARES.iter().any(|sign| before.ends_with(sign));
        let is_compared =
            ["==", "!=", "in ", "not in ", ".includes(", ".startsWith("].iter().any(|sign| behind.starts_with(sign));
        let is_key = behind.starts_with("=>")
            || ((behind.starts_with(':') || behind.starts_with("]:"))
                && !behind.starts_with("::")
                && !before.ends_with('?'));
        compares || is_compared || is_key
    }
}
