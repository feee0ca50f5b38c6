//! The hook that this repository ships, run by the real pre-commit.
//!
//! pre-commit and what it needs are installed once, with pinned versions, into an environment of their own in the target
//! folder. The hook builds the program from source; here it finds the one that is built already.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use common::{CLEAN, FAULTY, Folder};

const HOOKS: &str = include_str!("../.pre-commit-hooks.yaml");

/// The Python of an environment that has pre-commit.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| common::python::python("pre-commit"))
}

/// A repository whose git and pre-commit know nothing of the user's.
struct Repository(Folder);

impl Repository {
    fn new(files: &[(&str, &str)]) -> Self {
        let repository = Self(Folder::new(files));
        repository.git(&["init", "--quiet"]);
        repository
    }

    fn run(&self, program: &Path, arguments: &[&str]) -> Output {
        let built = Path::new(env!("CARGO_BIN_EXE_bedrock-lint")).parent().unwrap().to_path_buf();
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(built).chain(std::env::split_paths(&inherited))).unwrap();
        let mut command = Command::new(program);
        // of an outer hook that runs these tests
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "test").env(format!("GIT_{role}_EMAIL"), "test@example.com");
        }
        let home = self.0.path(".git");
        command.current_dir(self.0.root()).env("PATH", path).env("GIT_CONFIG_GLOBAL", home.join("no-config"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("PRE_COMMIT_HOME", home.join("pre-commit-home"));
        command.args(arguments).output().unwrap_or_else(|error| panic!("{}: {error}", program.display()))
    }

    /// The standard output of a git command that must work.
    fn git(&self, arguments: &[&str]) -> String {
        let output = self.run(Path::new("git"), arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn pre_commit(&self, arguments: &[&str]) -> Output {
        self.run(python(), &[&["-m", "pre_commit"], arguments].concat())
    }

    /// Commits everything; whether that worked, and what was said.
    fn commit(&self) -> (bool, String) {
        self.git(&["add", "--all"]);
        let output = self.run(Path::new("git"), &["commit", "--quiet", "--message", "change"]);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }
}

/// A repository that has the hook of this one installed.
fn with_hook() -> (Repository, Repository) {
    assert_eq!(HOOKS.matches("language: rust").count(), 1);
    let hooks = Repository::new(&[(".pre-commit-hooks.yaml", &HOOKS.replace("language: rust", "language: system"))]);
    assert!(hooks.commit().0);
    let (url, revision) = (hooks.0.root().display(), hooks.git(&["rev-parse", "HEAD"]));
    let config = format!("repos:\n- repo: '{url}'\n  rev: {revision}\n  hooks:\n  - id: bedrock-lint\n");
    let repository = Repository::new(&[(".pre-commit-config.yaml", &config)]);
    let installed = repository.pre_commit(&["install"]);
    assert!(installed.status.success(), "{installed:?}");
    (repository, hooks)
}

#[test]
fn the_shipped_hook_is_a_hook() {
    let repository = Repository::new(&[(".pre-commit-hooks.yaml", HOOKS)]);
    let valid = repository.pre_commit(&["validate-manifest", ".pre-commit-hooks.yaml"]);
    assert!(valid.status.success(), "{valid:?}");
}

#[test]
fn a_bad_commit_is_caught_and_a_good_one_passes() {
    let (repository, _hooks) = with_hook();
    // files that would be refused if they were named
    for (path, text) in [("values.yaml", "a: [b"), ("notes.md", "bedrock:*"), ("broken.json", "{"), ("empty", "")] {
        repository.0.write(path, text);
    }
    repository.0.write("image.bin", b"\x00\xff\xfe bedrock");
    repository.0.write("infra/policy.json", CLEAN);
    let (passed, said) = repository.commit();
    assert!(passed, "{said}");
    assert!(said.contains("bedrock-lint") && said.contains("Passed"), "{said}");
    let good = repository.git(&["rev-parse", "HEAD"]);

    repository.0.write("infra/policy.json", FAULTY);
    let (passed, said) = repository.commit();
    assert!(!passed, "{said}");
    assert!(said.contains("infra/policy.json:7:20") && said.contains("missing-model-grant"), "{said}");
    assert_eq!(repository.git(&["rev-parse", "HEAD"]), good);

    repository.0.write("infra/policy.json", CLEAN.replace("ListFoundationModels", "GetFoundationModel"));
    let (passed, said) = repository.commit();
    assert!(passed, "{said}");
}

#[test]
fn arguments_of_the_user_reach_the_hook() {
    let (repository, _hooks) = with_hook();
    let config = fs::read_to_string(repository.0.path(".pre-commit-config.yaml")).unwrap();
    repository.0.write(".pre-commit-config.yaml", config + "    args: [--format, concise, infra]\n");
    repository.0.write("infra/policy.json", CLEAN);
    repository.0.write("examples/policy.json", FAULTY);
    let (passed, said) = repository.commit();
    assert!(passed, "{said}");
    repository.0.write("infra/policy.json", FAULTY);
    let (passed, said) = repository.commit();
    assert!(!passed && said.contains("infra/policy.json:7:20: error[missing-model-grant] "), "{said}");
    assert!(!said.contains("examples/"), "{said}");
}
