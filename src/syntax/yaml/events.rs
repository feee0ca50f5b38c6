//! The only place that knows the YAML parser in use: text to events with byte ranges.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ErrorKind, Event as Raw, Parser, ScalarStyle, ScanError, Tag as RawTag};

/// Flow and block collections may each nest this deep.
const NESTING: usize = 255;

/// The most faults that are kept of one text. Others follow from these in all likelihood.
const FAULTS: usize = 32;

/// A document as events, or why it cannot be read.
pub(super) type Document<'a> = Result<Vec<Placed<'a>>, Broken>;

/// Where reading stopped, and why.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    /// Whether it is nested deeper than is read.
    pub(super) limit: bool,
}

/// What a text consists of.
#[derive(Debug, Default)]
pub(super) struct Stream<'a> {
    pub(super) documents: Vec<Document<'a>>,
    /// Comments, `#` included, without the end of the line.
    pub(super) comments: Vec<Range<usize>>,
}

/// An event and where it stands.
#[derive(Debug)]
pub(super) struct Placed<'a> {
    pub(super) event: Event<'a>,
    /// Of a scalar its bytes, quotes included; of a block scalar those after the first indentation. Of a collection its
    /// first sign, and with [`Event::End`] its last.
    pub(super) range: Range<usize>,
    pub(super) tag: Option<Tag>,
    /// What aliases call the node by.
    pub(super) anchor: Option<usize>,
}

/// What happens in a document.
#[derive(Debug)]
pub(super) enum Event<'a> {
    Scalar(Cow<'a, str>, Style),
    ListStart,
    MapStart,
    /// The end of a list or map.
    End,
    Alias(usize),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Nothing at all, as after `key:`.
    Absent,
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// A tag and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) kind: TagKind,
    pub(super) range: Range<usize>,
}

/// What a tag says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    Null,
    Bool,
    Number,
    /// `!!str`, and the bare `!`.
    Str,
    /// `!!map` and `!!seq`, which say nothing new.
    Collection,
    /// Any other tag: somebody's function.
    Other,
}

/// Reads all documents of a text. After a fault, reading goes on with the next document.
pub(super) fn read(text: &str) -> Stream<'_> {
    let options = granit_parser::options! {
        flow_nesting_limit: NESTING,
        block_nesting_limit: NESTING,
        // bounded by the size of the file
        max_buffered_comment_events: usize::MAX,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut stream = Stream::default();
    let mut document: Option<Vec<Placed<'_>>> = None;
    let mut faults = 0;
    while let Some(next) = parser.next_event() {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => {
                document = None;
                faults += 1;
                stream.documents.push(Err(fault(text, &error)));
                if faults < FAULTS && matches!(parser.proceed_next_document(), Ok(true)) {
                    continue;
                }
                break;
            }
        };
        let range = span.byte_range().unwrap_or_default();
        if let Raw::Comment(..) = event {
            stream.comments.push(range);
            continue;
        }
        let anchor = event.anchor_id();
        let tag = event.tag().map(|tag| Tag {
            kind: kind(tag),
            range: span.tag_span().and_then(|span| span.byte_range()).unwrap_or(range.clone()),
        });
        let event = match event {
            Raw::DocumentStart(..) => {
                document = Some(Vec::new());
                continue;
            }
            Raw::DocumentEnd => {
                stream.documents.extend(document.take().map(Ok));
                continue;
            }
            Raw::Scalar(value, style, ..) => scalar(value, style, &range),
            Raw::SequenceStart(..) => Event::ListStart,
            Raw::MappingStart(..) => Event::MapStart,
            Raw::SequenceEnd | Raw::MappingEnd => Event::End,
            Raw::Alias(id) => Event::Alias(id),
            _ => continue,
        };
        if let Some(document) = &mut document {
            document.push(Placed { event, range, tag, anchor });
        }
    }
    stream
}

fn scalar<'a>(value: Cow<'a, str>, style: ScalarStyle, range: &Range<usize>) -> Event<'a> {
    let style = match style {
        // the parser's stand-in for a value that is not there
        ScalarStyle::Plain if range.is_empty() => return Event::Scalar(Cow::Borrowed(""), Style::Absent),
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Plain,
    };
    Event::Scalar(value, style)
}

fn kind(tag: &RawTag) -> TagKind {
    match tag.core_suffix() {
        Some("null") => TagKind::Null,
        Some("bool") => TagKind::Bool,
        Some("int" | "float") => TagKind::Number,
        Some("str") => TagKind::Str,
        Some(_) => TagKind::Collection,
        None if tag.suffix() == "!" && tag.handle().is_empty() => TagKind::Str,
        None => TagKind::Other,
    }
}

/// The character at which reading stopped, and why.
fn fault(text: &str, error: &ScanError) -> Broken {
    let start = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let width = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let limit = matches!(error.kind(), ErrorKind::RecursionLimitExceeded);
    let message = if limit { format!("nested deeper than {NESTING} levels") } else { error.info() };
    Broken { range: start..start + width, message, limit }
}
