//! Whether a text is TOML. What it holds is read as text.

use toml_edit::Document;

use super::Fault;
use crate::text::SourceMap;

/// The first place that cannot be read, nesting deeper than the 80 levels that the grammar allows included; `None` if all of
/// it can. `map` leads from `text` to the file.
#[must_use]
pub fn fault(text: &str, map: &SourceMap) -> Option<Fault> {
    let error = Document::parse(text).err()?;
    let range = error.span().unwrap_or_default();
    let message = error.message();
    let limit = message.contains("recursion");
    // the parser adds what it expected on further lines
    let message = message.split('\n').collect::<Vec<_>>().join(", ");
    Some(Fault { span: map.span(range), message, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<(u32, bool)> {
        fault(text, &SourceMap::Verbatim(0)).map(|fault| (fault.span.start, fault.limit))
    }

    #[test]
    fn what_is_toml_and_what_is_not() {
        assert_eq!(at("a = 1\n[b]\nc = [\"x\", 2026-11-22]\n"), None);
        assert_eq!(at(""), None);
        assert_eq!(at("a = 1\nb = \n"), Some((10, false)));
        assert_eq!(at("a = 1\na = 2\n"), Some((6, false)));
        assert_eq!(at(&format!("a = {}", "[".repeat(100_000))).map(|(_, limit)| limit), Some(true));
    }
}
