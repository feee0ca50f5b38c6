//! Notebooks of Jupyter: JSON whose cells are programs and texts. What they once printed is nobody's own writing.

use super::files::{Content, Files};
use super::{Mentions, Stretch};
use crate::formats::{Reader, extension};
use crate::syntax::Node;
use crate::syntax::literals::Lexis;
use crate::text::{Run, SourceMap, Span};

/// Reads the cells of a notebook, if the file is called one.
pub(in crate::formats) fn read(root: &Node, reader: &mut Reader<'_>) {
    let path = reader.source.path();
    let (Some(cells), "ipynb") = (root.get("cells"), extension(path).as_str()) else { return };
    // a notebook is a program whose kernel mostly is Python
    let Some(files) = Files::of(&format!("{path}.py"), reader.example) else { return };
    reader.facts.searched = true;
    if files.are_passed_over("") {
        return;
    }
    let mut mentions = Mentions::default();
    for cell in cells.items() {
        let kind = cell.get("cell_type").and_then(Node::string).map_or("", |kind| kind.as_str());
        let Some((text, map)) = cell.get("source").and_then(whole) else { continue };
        let content = match kind {
            "code" if text.starts_with("%%bash") || text.starts_with("%%sh") => Content::Words(Lexis::of_words()),
            "code" => files.content,
            _ => Content::Prose(Lexis::of_pages()),
        };
        mentions.search(Stretch { text: &text, map: &map }, content, &files, reader);
    }
    mentions.hand_over(reader);
}

/// The text of a cell: a string, or a list of its lines.
fn whole(source: &Node) -> Option<(String, SourceMap)> {
    if let Some(text) = source.string() {
        return Some((text.as_str().to_owned(), text.map().clone()));
    }
    let (mut value, mut runs) = (String::new(), Vec::new());
    for line in source.items().iter().filter_map(Node::string) {
        let base = Span::new(value.len(), value.len()).start;
        match line.map() {
            SourceMap::Verbatim(start) => {
                let length = Span::new(0, line.as_str().len()).end;
                runs.push(Run { decoded: base, length, source: Span { start: *start, end: start + length } });
            }
            SourceMap::Runs(pieces) => {
                runs.extend(pieces.iter().map(|run| Run { decoded: base + run.decoded, ..*run }));
            }
        }
        value.push_str(line.as_str());
    }
    (!value.is_empty()).then(|| (value, SourceMap::Runs(runs.into())))
}
