//! The page of a message, from the same data that it is recognised by.

use super::known::{KnownError, KnownErrors};

/// The page, in Markdown.
#[must_use]
pub fn page(error: &KnownError) -> String {
    let mut text = format!("# {}\n\n{}.\n", error.id, capital(&without_fields(&error.what)));
    let status = error.status.map_or(String::new(), |status| format!(", status {status}"));
    text.push_str(&format!("\n`{}`{status}:\n\n```text\n{}\n```\n", error.exception, error.example));
    text.push_str("\n## Causes\n\n");
    for cause in &error.causes {
        text.push_str(&format!("- {}\n  How to tell: {}\n", without_fields(&cause.cause), without_fields(&cause.tell)));
    }
    text.push_str("\n## What to do\n\n");
    for fix in &error.fixes {
        text.push_str(&format!("- {fix}\n"));
    }
    if !error.checks.is_empty() {
        text.push_str("\n## Look it up\n\n```sh\n");
        for check in &error.checks {
            text.push_str(&format!("{}\n", in_capitals(check)));
        }
        text.push_str("```\n");
    }
    if !error.rules.is_empty() {
        text.push_str("\n## Rules that find it in files\n\n");
        for rule in &error.rules {
            text.push_str(&format!("- {rule}\n"));
        }
    }
    if let Some(note) = &error.note {
        text.push_str(&format!("\n## Note\n\n{note}\n"));
    }
    text.push_str(&format!("\n## Sources\n\nRead as of {}.\n\n", KnownErrors::builtin().as_of()));
    for source in &error.sources {
        text.push_str(&format!("- {source}\n"));
    }
    if let Some(confidence) = &error.confidence {
        text.push_str(&format!("\nNot certain: {confidence}.\n"));
    }
    text
}

/// The sentence with the words that stand where nothing was read out.
pub(super) fn without_fields(what: &str) -> String {
    replaced(what, |slot| match slot.split_once('|') {
        Some((_, words)) if words.contains(':') => format!("`{words}`"),
        Some((_, words)) => words.to_owned(),
        None if slot == "denied" => "denied or granted by no policy".to_owned(),
        None => String::new(),
    })
}

fn in_capitals(command: &str) -> String {
    replaced(command, str::to_ascii_uppercase)
}

fn replaced(template: &str, slot: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(&slot(name));
        rest = behind;
    }
    text + rest
}

fn capital(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or(String::new(), |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_a_page() {
        for error in KnownErrors::builtin().iter() {
            let page = page(error);
            assert!(page.starts_with(&format!("# {}\n", error.id)) && page.contains(&*error.example), "{page}");
            assert!(!page.contains("{model") && !page.contains("{region") && !page.contains("|the "), "{page}");
            assert!(page.contains("\n## Sources\n"));
        }
    }
}
