//! Whole files as people write them, by format: `fixtures/FORMAT/clean` and `fixtures/FORMAT/broken`. Adapters, and
//! ceilings by themselves, whose kind is the name of their folder. A folder there is one fixture: its files are read
//! together.
//!
//! Nothing loud may be said of a clean file. Beside a broken `NAME` stands `NAME.expected`: a line for each error and
//! warning, `severity confidence rule: underlined text`, in the order of the report, notes marked as such included.
//! `UPDATE_GOLDEN=1` writes them anew.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::{Confidence, Finding, Severity};
use bedrock_lint::formats::{self, FormatOptions, PolicyKind};
use bedrock_lint::rules::{self, Facts};
use bedrock_lint::source::{Shelf, Source};

fn fixtures(which: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let formats = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path().join(which));
    let files = formats.filter(|folder| folder.parent().is_some_and(|format| format.join("broken").is_dir()));
    let mut files: Vec<PathBuf> = files
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_none_or(|extension| extension != "expected"))
        .collect();
    files.sort();
    files
}

/// The file under its path in `fixtures`, or all files of a folder.
fn sources(path: &Path) -> Vec<Arc<Source>> {
    if path.is_dir() {
        let mut inner: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inner.sort();
        return inner.iter().flat_map(|path| sources(path)).collect();
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let name = path.strip_prefix(fixtures).unwrap().to_str().unwrap().replace('\\', "/");
    vec![Arc::new(Source::decode(&name, fs::read(path).unwrap()).unwrap())]
}

/// What the fixtures of a format hold.
fn is_found(path: &Path) -> bool {
    let sources = sources(path);
    let read = sources.iter().map(|source| formats::read(source, &FormatOptions::default(), true)).collect();
    let all = formats::finish(read, &Shelf::new(&sources));
    let has_adapters = all.iter().any(|facts| !facts.adapters.is_empty());
    let mut policies = all.iter().flat_map(|facts| &facts.policies);
    let format = path.ancestors().nth(2).and_then(Path::file_name).and_then(|name| name.to_str()).unwrap();
    let ceiling = match format {
        "scp" => PolicyKind::Scp,
        "boundary" => PolicyKind::Boundary,
        "text" => return all.iter().any(|facts| facts.searched),
        _ => return has_adapters || policies.next().is_some(),
    };
    policies.any(|fact| fact.kind == ceiling)
}

/// What is said without `--pedantic`.
fn said_of(path: &Path) -> Vec<Finding> {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let verdict = bedrock_lint::lint(&sources(path), &FormatOptions::default(), &facts);
    assert_eq!(verdict.problems, [], "{}", path.display());
    let is_pedantic = |finding: &Finding| {
        let rule = rules::all().iter().find(|rule| rule.slug == finding.rule).unwrap();
        finding.confidence == Confidence::Possible || (rule.pedantic && finding.severity <= rule.severity)
    };
    verdict.findings.into_iter().filter(|finding| !is_pedantic(finding)).collect()
}

#[test]
fn correct_files_are_met_with_silence() {
    let paths = fixtures("clean");
    for (format, least) in [
        ("unstract", 4),
        ("scp", 50),
        ("boundary", 10),
        ("compose", 4),
        ("kubernetes", 4),
        ("github-actions", 3),
        ("cloudformation", 5),
    ] {
        let found = paths.iter().filter(|path| path.ancestors().nth(2).is_some_and(|folder| folder.ends_with(format)));
        assert!(found.count() >= least, "the fixtures of {format} are not there");
    }
    let mut loud = Vec::new();
    for path in paths {
        assert!(is_found(&path), "nothing of its format was found in {}", path.display());
        let findings = said_of(&path).into_iter().filter(|finding| finding.severity > Severity::Note);
        loud.extend(findings.map(|one| format!("{}: {}: {}", path.display(), one.rule, one.message)));
    }
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}

#[test]
fn broken_files_give_their_findings() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for path in fixtures("broken") {
        assert!(is_found(&path), "nothing of its format was found in {}", path.display());
        let lines = said_of(&path).into_iter().map(|one| {
            let confidence = format!("{:?}", one.confidence).to_lowercase();
            format!("{} {confidence} {}: {}\n", one.severity, one.rule, one.primary.at.text())
        });
        let found: String = lines.collect();
        let expected = path.with_file_name(format!("{}.expected", path.file_name().unwrap().to_str().unwrap()));
        if update {
            fs::write(&expected, &found).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if found != expected || found.is_empty() {
            wrong.push(format!("{}\nfound:\n{found}expected:\n{expected}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
