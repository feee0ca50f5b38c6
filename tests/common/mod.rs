//! A throw-away folder and the program run in it.

#![allow(dead_code, reason = "every test file uses a part of it")]
#![allow(clippy::indexing_slicing, reason = "values of JSON, in tests")]

pub mod keys;
pub mod python;
#[cfg(unix)]
pub mod terminal;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A policy without a fault.
pub const CLEAN: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{ "Effect": "Allow", "Action": "bedrock:ListFoundationModels", "Resource": "*" }]
}
"#;

/// A policy with one error: the profile is granted, its foundation model is not.
pub const FAULTY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "bedrock:InvokeModel*",
      "Resource": "arn:aws:bedrock:*:123456789012:inference-profile/us.amazon.nova-lite-v1:0"
    }
  ]
}
"#;

/// A folder with files, gone at the end of the test.
#[derive(Debug)]
pub struct Folder(TempDir);

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// The program with a clean environment, killed when it hangs.
    pub fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = Command::cargo_bin("bedrock-lint").unwrap();
        command.current_dir(self.0.path()).env_clear().env("HOME", self.0.path());
        command.args(arguments).timeout(Duration::from_secs(60));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], stdin: impl Into<Vec<u8>>) -> Run {
        Run::of(self.command(arguments).write_stdin(stdin))
    }
}

impl Run {
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap_or_else(|| panic!("killed: it hung or crashed: {output:?}")),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The lines of the standard output.
    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }
}

/// Rule, path, underlined text, confidence, message, texts of related places.
pub type Told = (String, String, String, String, String, Vec<String>);

/// The errors and warnings of a run in the folder.
pub fn told(folder: &Folder) -> Vec<Told> {
    let run = folder.run(&["check", "--as-of", "2026-11-22", "--format", "json", "."]);
    assert!(run.code <= 1, "{}", run.err);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let text = |place: &Value| {
        let file = std::fs::read_to_string(folder.path(place["path"].as_str().unwrap())).unwrap();
        let at = |end: &str| usize::try_from(place[end]["byte"].as_u64().unwrap()).unwrap();
        file.get(at("start")..at("end")).unwrap().to_owned()
    };
    let string = |value: &Value| value.as_str().unwrap().to_owned();
    let loud = report["findings"].as_array().unwrap().iter().filter(|one| one["severity"] != "note");
    let told = loud.map(|one| {
        let related = one["related"].as_array().unwrap().iter().map(text).collect();
        let [rule, path, sure, says] = ["rule", "path", "confidence", "message"].map(|key| string(&one[key]));
        (rule, path, text(one), sure, says, related)
    });
    told.collect()
}

/// The schema with no room for properties that it does not list.
pub fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(object) => {
            object.values_mut().for_each(|value| *value = closed(value.take()));
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = closed(item.take())),
        _ => {}
    }
    schema
}
