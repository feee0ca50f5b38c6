//! The simulator as a process of its own, fed with lines.
//!
//! It is installed once, with pinned versions, into a folder of the target folder. Its licence is the AGPL: it is used
//! as a program, and nothing of it is part of this repository.

use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::thread;

use serde::Deserialize;

use super::case::Case;

const NEED: &str = "this test needs Node.js 20 or newer with npm (`node` and `npm` on the PATH), and the npm registry on \
                    its first run";

/// What the simulator says to a case. Statements are written `policy/statement`, counted from 0 in their layer.
#[derive(Clone, Debug, Deserialize)]
pub struct Answer {
    /// `Allowed`, `ExplicitlyDenied` or `ImplicitlyDenied`; `None` where only the refused call could say it.
    pub decision: Option<String>,
    /// Why there are no layers.
    pub refused: Option<String>,
    #[serde(default)]
    pub scps: Vec<Statements>,
    pub resource: Option<Statements>,
    pub identity: Option<Statements>,
    pub boundary: Option<Statements>,
    pub session: Option<Statements>,
}

/// The statements of a layer that match, and the Allows that do so but for their conditions.
#[derive(Clone, Debug, Deserialize)]
pub struct Statements {
    pub allow: Vec<String>,
    pub deny: Vec<String>,
    pub near: Vec<String>,
}

/// A running simulator.
pub struct Simulator {
    process: Child,
    questions: BufWriter<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// A folder that has the simulator and the driver.
pub fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(install)
}

fn install() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential");
    let files = [
        ("package.json", include_str!("package.json")),
        ("package-lock.json", include_str!("package-lock.json")),
        ("driver.mjs", include_str!("driver.mjs")),
    ];
    let [(_, package), (_, lock), (_, driver)] = files;
    let (wanted, mark) = (format!("{package}{lock}"), folder.join("installed.txt"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("driver.mjs"), driver).unwrap();
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return folder;
    }
    let version = Command::new("node").arg("--version").output().unwrap_or_else(|error| panic!("{NEED}\n{error}"));
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    assert!(major.is_some_and(|major| major >= 20), "{NEED}\nnode is {version}");
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    let install = Command::new(npm).args(arguments).current_dir(&folder).output();
    assert!(install.as_ref().is_ok_and(|install| install.status.success()), "{NEED}\n{install:?}");
    fs::write(mark, wanted).unwrap();
    folder
}

impl Simulator {
    pub fn start() -> Self {
        let mut command = Command::new("node");
        command.arg("driver.mjs").current_dir(installed()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap_or_else(|error| panic!("{NEED}\n{error}"));
        let questions = BufWriter::new(process.stdin.take().unwrap());
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, questions, answers }
    }

    /// The answers to all cases, in order. Meanwhile, `work` is done.
    pub fn ask<T>(&mut self, cases: &[Case], work: impl FnOnce() -> T) -> (Vec<Answer>, T) {
        let Self { questions, answers, .. } = self;
        let (lines, done) = thread::scope(|scope| {
            scope.spawn(move || {
                for case in cases {
                    serde_json::to_writer(&mut *questions, case).unwrap();
                    questions.write_all(b"\n").unwrap();
                }
                questions.flush().unwrap();
            });
            let lines = scope.spawn(move || answers.lines().take(cases.len()).collect::<Result<Vec<String>, _>>());
            let done = work();
            (lines.join().unwrap().unwrap(), done)
        });
        assert_eq!(lines.len(), cases.len(), "the simulator has ended: {:?}", self.process.try_wait());
        let read = |line: &String| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        (lines.iter().map(read).collect(), done)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
