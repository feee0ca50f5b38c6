//! Every rule page is well-formed, and its examples do what they say.
//!
//! Keys that scanners would take for leaks stand in the examples as what they are, in angle brackets, and are made when
//! an example is executed: `<long-term key: USER, ACCOUNT>`, `<short-term key: REGION, 20261120T080000Z>`,
//! `<secret access key>`, `<access key id: AKIA, ACCOUNT>`. A `yaml settings` block holds for the examples after it, and
//! so does a `json account` block, what an account answers.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bedrock_lint::Verdict;
use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Finding, Severity};
use bedrock_lint::formats::{FormatOptions, PolicyKind};
use bedrock_lint::live::{Agreement, Answers, Availability, KeyRecord, ModelAnswer};
use bedrock_lint::rules::{self, Facts, Rule};
use bedrock_lint::settings::{Base, Settings};
use bedrock_lint::source::Source;
use common::keys::{mint_access_key_id, mint_long_term, mint_secret_access_key, mint_short_term};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use serde_json::Value;

/// A page, as far as it is checked.
#[derive(Debug, Default)]
struct Page {
    title: String,
    /// Paragraphs before the first section.
    summary: Vec<String>,
    sections: Vec<Section>,
    /// The settings under which the examples that follow are checked.
    settings: Option<Arc<Settings>>,
    /// What an account says of what they call.
    answers: Option<Arc<Answers>>,
}

#[derive(Debug, Default)]
struct Section {
    title: String,
    /// Paragraphs and list items without the text of code blocks.
    text: String,
    links: Vec<String>,
    examples: Vec<Example>,
    /// Fenced blocks that are no examples.
    other_blocks: Vec<String>,
    /// Files that stand beside the next example.
    beside: Vec<(String, String)>,
}

/// A fenced block whose info string says `bad` or `good`, with the blocks before it that say `beside`.
#[derive(Debug)]
struct Example {
    is_bad: bool,
    language: String,
    kind: Option<PolicyKind>,
    file: Option<String>,
    also: Vec<String>,
    problems: bool,
    settings: Option<Arc<Settings>>,
    answers: Option<Arc<Answers>>,
    text: String,
    beside: Vec<(String, String)>,
    underlined: Option<String>,
}

const SECTIONS: [&str; 5] = ["Why it fails", "Examples", "How to fix", "When to allow it", "Sources"];

impl Page {
    fn parse(slug: &str, text: &str) -> Self {
        let mut page = Self::default();
        let mut heading = None;
        let mut info: Option<String> = None;
        let mut block = String::new();
        let mut paragraph = String::new();
        for event in Parser::new(text) {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some(level);
                    paragraph.clear();
                }
                Event::End(TagEnd::Heading(_)) => match heading.take() {
                    Some(HeadingLevel::H1) => page.title = std::mem::take(&mut paragraph),
                    Some(HeadingLevel::H2) => {
                        page.sections.push(Section { title: std::mem::take(&mut paragraph), ..Section::default() })
                    }
                    level => panic!("{slug}: a heading of level {level:?}"),
                },
                Event::Start(Tag::CodeBlock(kind)) => {
                    let CodeBlockKind::Fenced(words) = kind else {
                        panic!("{slug}: an indented code block");
                    };
                    info = Some(words.to_string());
                    block.clear();
                }
                Event::End(TagEnd::CodeBlock) => page.block(slug, &info.take().unwrap(), &block),
                Event::Start(Tag::Paragraph | Tag::Item) => paragraph.clear(),
                Event::End(TagEnd::Paragraph | TagEnd::Item) => page.paragraph(std::mem::take(&mut paragraph)),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    if let Some(section) = page.sections.last_mut() {
                        section.links.push(dest_url.to_string());
                    }
                }
                Event::Text(text) if info.is_some() => block.push_str(&text),
                Event::Text(text) => paragraph.push_str(&text),
                Event::Code(code) => paragraph.push_str(&format!("`{code}`")),
                Event::SoftBreak | Event::HardBreak => paragraph.push(' '),
                Event::Html(html) | Event::InlineHtml(html) => {
                    panic!("{slug}: HTML `{html}`, which terminals show as is")
                }
                _ => {}
            }
        }
        page
    }

    fn paragraph(&mut self, text: String) {
        let Some(section) = self.sections.last_mut() else {
            self.summary.push(text);
            return;
        };
        if let Some(underlined) = text.strip_prefix("Underlined: ") {
            let underlined = underlined.trim().trim_start_matches('`').trim_end_matches('`');
            section.examples.last_mut().unwrap().underlined = Some(underlined.to_owned());
        }
        section.text.push_str(&text);
        section.text.push('\n');
    }

    fn block(&mut self, slug: &str, info: &str, text: &str) {
        let section = self.sections.last_mut().unwrap();
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default().to_owned();
        let is_bad = match words.next() {
            Some("bad") => true,
            Some("good") => false,
            Some("beside") => {
                let file = words.next().and_then(|word| word.strip_prefix("file=")).unwrap();
                section.beside.push((file.to_owned(), text.to_owned()));
                return;
            }
            Some("account") => {
                self.answers = Some(Arc::new(answers(&serde_json::from_str(text).unwrap())));
                return;
            }
            Some("settings") => {
                let source = Arc::new(Source::new("bedrock-lint.yml", text));
                self.settings = Some(Arc::new(Settings::parse(&source, Base::default()).unwrap()));
                return;
            }
            None => {
                section.other_blocks.push(text.to_owned());
                return;
            }
            Some(word) => panic!("{slug}: `{word}` in an info string"),
        };
        let mut example = Example {
            is_bad,
            language,
            kind: None,
            file: None,
            also: Vec::new(),
            problems: false,
            settings: self.settings.clone(),
            answers: self.answers.clone(),
            text: with_keys(text),
            beside: std::mem::take(&mut section.beside),
            underlined: None,
        };
        for word in words {
            match word.split_once('=') {
                Some(("kind", kind)) => example.kind = Some(policy_kind(kind)),
                Some(("file", file)) => example.file = Some(file.to_owned()),
                Some(("also", rule)) => example.also.push(rule.to_owned()),
                None if word == "problems" => example.problems = true,
                _ => panic!("{slug}: `{word}` in an info string"),
            }
        }
        section.examples.push(example);
    }

    fn examples(&self) -> impl Iterator<Item = &Example> {
        self.sections.iter().flat_map(|section| &section.examples)
    }
}

fn policy_kind(word: &str) -> PolicyKind {
    match word {
        "identity" => PolicyKind::Identity,
        "scp" => PolicyKind::Scp,
        "boundary" => PolicyKind::Boundary,
        "session" => PolicyKind::Session,
        "trust" => PolicyKind::Trust,
        _ => panic!("no kind `{word}`"),
    }
}

/// What an account says, as pages write it.
fn answers(written: &Value) -> Answers {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = |key: &str| written[key].as_array().cloned().unwrap_or_default();
    let place = |row: &Value| (text(&row["region"]), text(&row["id"]));
    let yes = |row: &Value, key: &str| row[key].as_bool().unwrap();
    let availability = rows("models").into_iter().map(|row| {
        let agreement = match row["agreement"].as_str().unwrap() {
            "signed" => Agreement::Signed,
            "missing" => Agreement::Missing,
            other => panic!("no agreement `{other}`"),
        };
        let (authorized, in_region) = (yes(&row, "authorized"), yes(&row, "in_region"));
        (place(&row), Availability { authorized, in_region, agreement })
    });
    let profiles = rows("profiles").into_iter().map(|row| {
        let state = match row["state"].as_str().unwrap() {
            "active" => ModelAnswer::Active,
            "inactive" => ModelAnswer::Inactive,
            "missing" => ModelAnswer::Missing,
            other => panic!("no state `{other}`"),
        };
        (place(&row), state)
    });
    let keys = written["keys"].as_object().cloned().unwrap_or_default().into_iter().map(|(user, rows)| {
        let keys = rows.as_array().unwrap().iter().map(|row| KeyRecord {
            user: user.clone(),
            id: text(&row["id"]),
            active: yes(row, "active"),
            created: row["created"].as_str().unwrap().parse().unwrap(),
            expires: row["expires"].as_str().map(|end| end.parse().unwrap()),
        });
        (user.clone(), keys.collect())
    });
    Answers {
        account: text(&written["account"]),
        availability: availability.collect(),
        profiles: profiles.collect(),
        keys: keys.collect(),
        use_case_sent: written["use_case_sent"].as_bool(),
        ..Answers::default()
    }
}

/// The text with the keys that it describes.
fn with_keys(text: &str) -> String {
    let mut parts = text.split('<');
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('>').unwrap_or((part, ""));
        let (kind, details) = name.split_once(": ").unwrap_or((name, ""));
        let (first, second) = details.split_once(", ").unwrap_or((details, ""));
        let key = match kind {
            "long-term key" => mint_long_term(first, second, false).text,
            "short-term key" => {
                mint_short_term(first, second, 43_200, &mint_access_key_id("ASIA", "111122223333")).text
            }
            "secret access key" => mint_secret_access_key("pages"),
            "access key id" => mint_access_key_id(first, second),
            _ => {
                made.push('<');
                made.push_str(part);
                continue;
            }
        };
        made.push_str(&key);
        made.push_str(rest);
    }
    made
}

fn lint(example: &Example) -> Verdict {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: example.settings.as_deref(),
        answers: example.answers.as_deref(),
    };
    // not called an example, which is judged mildly
    let extension = if example.language == "hcl" { "tf" } else { &example.language };
    let path = example.file.clone().unwrap_or_else(|| format!("page.{extension}"));
    let beside = example.beside.iter().map(|(path, text)| Arc::new(Source::new(path.as_str(), text.as_str())));
    let sources: Vec<_> = std::iter::once(Arc::new(Source::new(path, example.text.as_str()))).chain(beside).collect();
    bedrock_lint::lint(&sources, &FormatOptions { kind: example.kind, ..FormatOptions::default() }, &facts)
}

fn pages() -> Vec<(&'static Rule, Page)> {
    let page = |rule: &'static Rule| (rule, Page::parse(rule.slug, rule.page));
    rules::all().iter().map(page).collect()
}

/// What is wrong with a page, so that one run tells all of it.
#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pages_have_their_parts() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        let mut say = |what: &str| wrong.push(format!("{}: {what}", rule.slug));
        if page.title != rule.slug {
            say("the title is not the slug");
        }
        if page.summary.len() != 1 || rule.summary().is_empty() {
            say("one paragraph must stand before the first section");
        }
        let one_line = rule.page.lines().nth(2).unwrap_or_default();
        if one_line.trim_end_matches('.') != rule.summary() || !one_line.ends_with('.') || one_line.len() > 160 {
            say("the summary must be one short line, the third of the page");
        }
        let titles: Vec<&str> = page.sections.iter().map(|section| section.title.as_str()).collect();
        if titles != SECTIONS {
            say(&format!("sections {titles:?}"));
            continue;
        }
        for section in &page.sections {
            if section.text.trim().is_empty() {
                say(&format!("`{}` has no text", section.title));
            }
            let misplaced = !section.examples.is_empty() && section.title != "Examples";
            if misplaced {
                say(&format!("an example in `{}`", section.title));
            }
        }
        let why = page.sections.first().map(|section| &section.other_blocks);
        if rule.severity == Severity::Error && why.is_some_and(Vec::is_empty) {
            say("the error text is missing");
        }
        let links = page.sections.last().map(|section| section.links.as_slice()).unwrap_or_default();
        if links.is_empty() || links.iter().any(|link| !link.starts_with("https://")) {
            say("sources without links");
        }
        let bad = page.examples().filter(|example| example.is_bad).count();
        let good = page.examples().count() - bad;
        if bad < 1 || good < 2 {
            say(&format!("{bad} bad and {good} good examples"));
        }
    }
    none(&wrong);
}

#[test]
fn bad_examples_give_their_finding() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for (index, example) in page.examples().filter(|example| example.is_bad).enumerate() {
            let mut say = |what: String| wrong.push(format!("{}, bad example {}: {what}", rule.slug, index + 1));
            let verdict = lint(example);
            if verdict.problems.is_empty() == example.problems {
                say(format!("problems {:?}", verdict.problems));
            }
            let own: Vec<&Finding> = verdict.findings.iter().filter(|one| one.rule == rule.slug).collect();
            let [finding] = own.as_slice() else {
                say(format!("{} findings of the rule: {}", own.len(), show(&verdict.findings)));
                continue;
            };
            if example.underlined.as_deref() != Some(finding.primary.at.text()) {
                say(format!("underlined `{}`", finding.primary.at.text()));
            }
            let is_foreign = |one: &&Finding| {
                one.severity > Severity::Note
                    && one.rule != rule.slug
                    && !example.also.iter().any(|also| also == one.rule)
            };
            for foreign in verdict.findings.iter().filter(is_foreign) {
                say(format!("also {}: {}", foreign.rule, foreign.message));
            }
            for also in &example.also {
                if !verdict.findings.iter().any(|one| one.rule == also) {
                    say(format!("no finding of {also}"));
                }
            }
        }
    }
    none(&wrong);
}

#[test]
fn good_examples_are_clean() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for (index, example) in page.examples().filter(|example| !example.is_bad).enumerate() {
            let mut say = |what: String| wrong.push(format!("{}, good example {}: {what}", rule.slug, index + 1));
            let verdict = lint(example);
            if verdict.problems.is_empty() == example.problems {
                say(format!("problems {:?}", verdict.problems));
            }
            // a note that is only possible is for those who ask for it
            let is_told = |one: &Finding| one.rule == rule.slug && one.confidence > Confidence::Possible;
            let counts = |one: &&Finding| one.severity > Severity::Note || is_told(one);
            for finding in verdict.findings.iter().filter(counts) {
                say(format!("{}: {}", finding.rule, finding.message));
            }
        }
    }
    none(&wrong);
}

#[test]
fn messages_keep_their_style() {
    let mut wrong = Vec::new();
    for (_, page) in pages() {
        for finding in page.examples().flat_map(|example| lint(example).findings) {
            let labels = finding.related.iter().chain([&finding.primary]).map(|label| label.message.as_str());
            for text in labels.chain([finding.message.as_str()]).chain(finding.help.as_deref()) {
                let start = |c: char| c.is_lowercase() || c.is_ascii_digit() || c == '`';
                let fine = text.starts_with(start) && !text.ends_with('.') && !text.contains(['\n', '\r']);
                if !fine || text.contains("  ") {
                    wrong.push(format!("{}: {text}", finding.rule));
                }
            }
            if finding.anchor.is_empty() {
                wrong.push(format!("{}: no anchor", finding.rule));
            }
        }
    }
    none(&wrong);
}

#[test]
fn rules_pages_and_files_are_the_same() {
    let slugs: Vec<&str> = rules::all().iter().map(|rule| rule.slug).collect();
    assert!(slugs.is_sorted_by(|a, b| a < b), "{slugs:?}");
    let registered: BTreeSet<String> = slugs.iter().map(|slug| (*slug).to_owned()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = |folder: &str| {
        let read = fs::read_dir(root.join(folder)).unwrap();
        read.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let pages: BTreeSet<String> = files("rules").iter().map(|path| stem(path)).collect();
    assert_eq!(pages, registered, "pages and rules");
    // the parts of a rule are in a folder of its name
    let declares = |path: &&std::path::PathBuf| {
        path.is_file() && fs::read_to_string(path).unwrap().contains("const RULE: Rule = Rule {")
    };
    let code: BTreeSet<String> =
        files("src/rules").iter().filter(declares).map(|path| stem(path).replace('_', "-")).collect();
    assert_eq!(code, registered, "files and rules");
}

fn show(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|one| format!("\n  {} `{}`: {}", one.rule, one.primary.at.text(), one.message));
    lines.collect()
}
