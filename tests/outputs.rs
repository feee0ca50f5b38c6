//! Reports for hooks and CI: their bytes over the tour, and where they are written.
//!
//! `UPDATE_GOLDEN=1 cargo test --test outputs` writes the expected reports into `tests/golden`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{CLEAN, FAULTY, Folder};

const DAY: [&str; 2] = ["--as-of", "2026-11-22"];

const FORMATS: [&str; 8] = ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"];

fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The tour, and a file that cannot be read as what it claims to be.
fn tour() -> Folder {
    let folder = Folder::new(&[("broken.json", "{ \"Effect\": \"Allow\", \"Action\": \"bedrock:*\" ")]);
    for entry in fs::read_dir(repository("fixtures/tour")).unwrap() {
        let entry = entry.unwrap();
        folder.write(&format!("tour/{}", entry.file_name().to_str().unwrap()), fs::read(entry.path()).unwrap());
    }
    folder
}

/// A SARIF report without what changes with every release and rule page.
fn without_tool(sarif: &str) -> String {
    let mut log: serde_json::Value = serde_json::from_str(sarif).unwrap();
    log["runs"][0].as_object_mut().unwrap().remove("tool").expect("a tool");
    serde_json::to_string_pretty(&log).unwrap() + "\n"
}

#[test]
fn the_tour_in_every_format() {
    let folder = tour();
    let mut stale = Vec::new();
    for (format, name) in [
        ("concise", "tour.txt"),
        ("sarif", "tour.sarif"),
        ("github", "tour.github"),
        ("gitlab", "tour.gitlab.json"),
        ("junit", "tour.xml"),
        ("markdown", "tour.md"),
    ] {
        let run = folder.run(&[&DAY[..], &["--format", format]].concat());
        assert_eq!(run.code, 2, "{}", run.err);
        assert_eq!(run.err.contains("error: broken.json:1:"), format != "github", "{format}: {}", run.err);
        let out = if format == "sarif" { without_tool(&run.out) } else { run.out };
        let golden = repository("tests/golden").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &out).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != out {
            stale.push(format!("{name}:\n{out}"));
        }
    }
    assert!(stale.is_empty(), "look at the changes, then UPDATE_GOLDEN=1\n{}", stale.join("\n"));
}

#[test]
fn threads_and_runs_change_no_byte() {
    let folder = tour();
    for i in 0..60 {
        folder.write(&format!("d{}/{i}.json", i % 7), FAULTY);
    }
    for format in FORMATS {
        let run = |threads: &str| folder.run(&[&DAY[..], &["--format", format, "--threads", threads]].concat());
        let (one, eight) = (run("1"), run("8"));
        assert_eq!((one.code, &one.out, &one.err), (eight.code, &eight.out, &eight.err), "{format}");
    }
}

#[test]
fn a_file_gets_what_a_pipe_gets() {
    let folder = tour();
    for format in FORMATS {
        let plain = folder.run(&[&DAY[..], &["--format", format, "tour"]].concat());
        let arguments = ["--format", format, "tour", "--output-file", "out/report", "--color", "always"];
        folder.write("out/.keep", "");
        let run = folder.run(&[&DAY[..], &arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (plain.code, ""), "{format}: {}", run.err);
        assert_eq!(fs::read_to_string(folder.path("out/report")).unwrap(), plain.out, "{format}");
        assert_eq!(fs::read_dir(folder.path("out")).unwrap().count(), 2, "no temporary file is left");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_2() {
    let folder = Folder::new(&[("a.json", CLEAN), ("taken/x", "")]);
    for (path, why) in [("no/such/folder/report", "its folder does not exist"), ("taken", "is a directory")] {
        let run = folder.run(&["a.json", "--format", "sarif", "--output-file", path]);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert_eq!(run.err, format!("error: the output cannot be written: {path}: {why}\n"));
    }
    assert_eq!(folder.run(&["--list-files", "--output-file", "x"]).code, 2);
}

#[cfg(unix)]
#[test]
fn links_permissions_and_devices_stay_what_they_are() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new(&[("a.json", CLEAN), ("real/report", "old")]);
    fs::set_permissions(folder.path("real/report"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real/report", folder.path("link")).unwrap();
    let write = |path: &str| folder.run(&["a.json", "--format", "gitlab", "--output-file", path]);
    assert_eq!(write("link").code, 0);
    assert!(folder.path("link").is_symlink());
    assert_eq!(fs::read_to_string(folder.path("real/report")).unwrap(), "[]\n");
    let mode = |path: &str| fs::metadata(folder.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("real/report"), 0o640);
    assert_eq!(write("/dev/stdout").out, "[]\n");
    assert_eq!(write("new").code, 0);
    folder.write("other", "");
    assert_eq!(mode("new"), mode("other"), "as open as any new file");
}

#[test]
fn a_report_beside_the_files_changes_no_later_run() {
    let folder = tour();
    for format in FORMATS {
        let run = || {
            let arguments = ["--format", format, "--output-file", "report.json"];
            folder.run(&[&DAY[..], &arguments].concat());
            folder.run(&[&DAY[..], &["--format", "concise"]].concat()).out
        };
        assert_eq!(run(), run(), "{format}");
    }
}

#[test]
fn statistics_are_not_a_report_for_ci() {
    let folder = tour();
    let run = folder.run(&["--statistics", "--format", "sarif"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`--statistics` is printed as `human` or `json`"), "{}", run.err);
    let run = folder.run(&["rules", "--format", "sarif"]);
    assert_eq!(run.code, 2);
}
