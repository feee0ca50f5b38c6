//! Text that no other format is read from: programs, templates, pages for people. What its strings name of Amazon Bedrock
//! is found by how it looks, and every one stands by itself: what a program makes of it is not known.
//!
//! Sources of the shapes: the AWS documentation of each, and counts over public repositories, by which a provider alone
//! (`amazon.com`) is nearly always something else, and a family behind it nearly always a model.

mod apart;
mod arn;
mod around;
mod beside;
mod entries;
mod files;
mod find;
mod nested;
mod notebook;
mod program;
mod script;
mod signs;

use std::collections::HashSet;
use std::sync::Arc;

pub(super) use files::is_called_text;
pub(super) use notebook::read as read_notebook;
pub(super) use signs::is_gone;

use self::files::{Content, Files};
use self::find::Finder;
use super::{ADDRESS, Reader};
use crate::bedrock::ApiKey;
use crate::source::Source;
use crate::syntax::literals::RegionKind;
use crate::text::{SourceMap, Span, Text};

/// Something that a string of a text names.
#[derive(Debug)]
pub struct MentionFact {
    /// The file.
    pub source: Arc<Source>,
    /// What it names.
    pub what: Mentioned,
    /// Where it stands.
    pub place: Place,
}

/// What a mention names, as written. Parts that a program fills in are holes.
#[derive(Debug)]
pub enum Mentioned {
    /// A model or an inference profile, by its id.
    Model(Text),
    /// A resource of Amazon Bedrock.
    Arn(Text),
    /// An action of IAM.
    Action(Text),
    /// A Bedrock API key of real shape.
    Key {
        /// How it begins. No more of it is kept.
        prefix: Text,
        /// What it says of itself.
        key: ApiKey,
    },
}

/// Where a mention stands: how likely it is that something is called or granted by it.
///
/// They are sorted by that: what is surest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A string by itself in a program, a script or a template.
    Code,
    /// One of a list or an enumeration in a program, from which somebody chooses.
    Listed,
    /// In a program, and yet only spoken of: compared with, the key of a table, replaced by another, a part of a sentence.
    Aside,
    /// A comment.
    Comment,
    /// A text for people.
    Prose,
    /// A test, an example, a record of what once was.
    Example,
}

impl Place {
    /// Whether it may well be used.
    #[must_use]
    pub fn is_used(self) -> bool {
        matches!(self, Self::Code | Self::Listed)
    }
}

impl Mentioned {
    /// The characters that name it: of a key those that are no secret.
    #[must_use]
    pub fn text(&self) -> &Text {
        match self {
            Self::Model(text) | Self::Arn(text) | Self::Action(text) | Self::Key { prefix: text, .. } => text,
        }
    }
}

/// Files that name more models than this are tables of them.
const CATALOGUE: usize = 40;

/// Settings that name more models than this are tables of them.
const TABLE: usize = 8;

/// A text with its way back to the file.
#[derive(Clone, Copy)]
struct Stretch<'a> {
    text: &'a str,
    map: &'a SourceMap,
}

impl Stretch<'_> {
    /// A part of it.
    fn part(&self, range: std::ops::Range<usize>) -> Text {
        let value = self.text.get(range.clone()).unwrap_or_default();
        let start = Span::new(range.start, range.end).start;
        Text::new(value, SourceMap::Verbatim(start).within(self.map, value.len()))
    }
}

/// Searches a text of any kind, unless it is a table of models, nobody's own writing, or has a format of its own.
pub(super) fn read(body: &str, map: &SourceMap, reader: &mut Reader<'_>) {
    let Some(files) = Files::of(reader.source.path(), reader.example) else { return };
    reader.facts.searched = true;
    if !files.are_passed_over(body) {
        let mut mentions = Mentions::default();
        mentions.search(Stretch { text: body, map }, files.content, &files, reader);
        mentions.hand_over(reader);
    }
}

/// Searches JSON or YAML that no format knows. What no name calls a model is told to nobody: lists, tables, recordings.
pub(super) fn read_settings(body: &str, map: &SourceMap, reader: &mut Reader<'_>) {
    let Some(files) = Files::of_settings(reader.source.path(), reader.example) else { return };
    if !files.are_passed_over(body) {
        let mut mentions = Mentions::default();
        mentions.search(Stretch { text: body, map }, files.content, &files, reader);
        if mentions.models.len() > TABLE {
            mentions.found.retain(|mention| matches!(mention.what, Mentioned::Key { .. }));
        }
        mentions.found.retain(|mention| mention.place.is_used());
        mentions.hand_over(reader);
    }
}

/// What the stretches of one file mention.
#[derive(Default)]
struct Mentions {
    found: Vec<MentionFact>,
    models: HashSet<String>,
    comments: Vec<Span>,
}

impl Mentions {
    /// Searches a part of the file that is written in one language.
    fn search(&mut self, stretch: Stretch<'_>, content: Content, files: &Files, reader: &Reader<'_>) {
        let regions = content.lexis().regions(stretch.text);
        if stretch.text.contains(ADDRESS) {
            let comments = regions.iter().filter(|region| region.kind == RegionKind::Comment);
            let map = |range: std::ops::Range<usize>| stretch.part(range).span();
            self.comments.extend(comments.map(|comment| map(comment.whole.clone())));
        }
        for (what, place) in Finder::new(stretch, content, &regions) {
            if let Mentioned::Model(id) = &what {
                self.models.insert(id.as_str().to_owned());
            }
            let place = if files.are_examples && place != Place::Comment { Place::Example } else { place };
            self.found.push(MentionFact { source: Arc::clone(reader.source), what, place });
        }
    }

    /// Gives what was found to the facts of the file: first what is used, so that the rest is told of beside it.
    fn hand_over(mut self, reader: &mut Reader<'_>) {
        if self.models.len() > CATALOGUE {
            self.found.retain(|mention| matches!(mention.what, Mentioned::Key { .. }));
        }
        self.found.sort_by_key(|mention| mention.place.min(Place::Aside));
        reader.facts.mentions.extend(self.found.into_iter().map(Arc::new));
        reader.comments(self.comments);
    }
}
