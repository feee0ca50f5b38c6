//! Inputs that cannot be read, or should not be: each is told of, none stops the rest, nothing hangs.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use common::{CLEAN, FAULTY, Folder, Run};

const CLEAN_RUN: &str = "no problems found in 1 file (1 mentions Bedrock)\n";

/// Whether permissions hold us back; they do not hold back root.
fn permissions_bite(folder: &Folder) -> bool {
    folder.write("probe", "x");
    fs::set_permissions(folder.path("probe"), Permissions::from_mode(0o000)).unwrap();
    let bites = File::open(folder.path("probe")).is_err();
    fs::remove_file(folder.path("probe")).unwrap();
    bites
}

#[test]
fn what_may_not_be_read_is_counted_or_told() {
    let folder = Folder::new(&[("a.json", CLEAN), ("shut/b.json", CLEAN), ("shut.json", CLEAN)]);
    let bites = permissions_bite(&folder);
    for path in ["shut", "shut.json"] {
        fs::set_permissions(folder.path(path), Permissions::from_mode(0o000)).unwrap();
    }
    let walked = folder.run(&[]);
    let named = folder.run(&["shut", "shut.json", "a.json"]);
    fs::set_permissions(folder.path("shut"), Permissions::from_mode(0o700)).unwrap();
    if bites {
        assert_eq!((walked.code, named.code), (0, 2));
        assert_eq!(walked.err, format!("2 files or folders could not be read: shut, …\n{CLEAN_RUN}"));
        assert!(
            named
                .err
                .starts_with("error: shut: no permission to read it\nerror: shut.json: no permission to read it\n")
        );
    } else {
        // root reads everything, and must then report all of it
        let all = "no problems found in 3 files (3 mention Bedrock)\n";
        assert_eq!((walked.code, walked.err.as_str()), (0, all));
        assert_eq!((named.code, named.err.as_str()), (0, all));
    }
}

#[test]
fn a_path_that_is_no_file_is_told_by_kind() {
    let folder = Folder::new(&[("a.json", CLEAN)]);
    symlink("nowhere", folder.path("broken")).unwrap();
    let outside = Folder::new(&[("faulty.json", FAULTY)]);
    let faulty = outside.path("faulty.json");
    let run = folder.run(&["broken", "a.json/x", "/dev/null", "a.json", faulty.to_str().unwrap()]);
    assert_eq!(run.code, 2, "before 1");
    assert!(run.out.starts_with("error[missing-model-grant]"), "the rest is still checked: {}", run.out);
    for line in [
        "error: broken: is a link to `nowhere`, which does not exist\n",
        "error: /dev/null: is a device, not a file\n",
        "error: a.json/x: cannot be read: ",
    ] {
        assert!(run.err.contains(line), "{}", run.err);
    }
    assert_eq!(folder.run(&["."]).err, CLEAN_RUN, "a walk does not follow links, broken or not");
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new(&[("a.json", CLEAN)]);
    folder.write("prose.txt", b"bedrock caf\xe9");
    folder.write("policy.json", b"{\n \"Effect\": \"bedrock:\xe9\"}");
    folder.write("image.png", b"\x89PNG\0\0 bedrock: \"Effect\"");
    let utf16: Vec<u8> = format!("\u{feff}{CLEAN}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("powershell.json", &utf16);
    folder.write("utf16.txt", "\u{feff}no marker".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let walked = folder.run(&[]);
    assert_eq!(walked.code, 2);
    assert_eq!(
        walked.err,
        "error: policy.json:2:21: the file is not UTF-8: byte 22 does not belong to a character\n\
         error: powershell.json:1:1: the file is UTF-16, which neither IAM nor this program reads: save it as UTF-8\n\
         1 file without a policy or adapter skipped: not UTF-8\n\
         no problems found in 6 files (4 mention Bedrock); 2 inputs could not be read\n"
    );
    let named = folder.run(&["prose.txt", "-q"]);
    let told = "error: prose.txt:1:12: the file is not UTF-8: byte 11 does not belong to a character\n";
    assert_eq!((named.code, named.err.as_str()), (2, told));
}

#[test]
fn settings_that_are_no_utf8() {
    let settings = "AWS_REGION=eu-west-1\nBEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\n";
    let utf16: Vec<u8> = format!("\u{feff}{settings}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf32 = |text: &str| format!("\u{feff}{text}").chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let latin = |text: &str| [text.as_bytes(), b"# caf\xe9\n"].concat();
    let compose = "services:\n  a:\n    image: b\n    environment: {BEDROCK_MODEL_ID: amazon.nova-lite-v1:0}\n";
    let folder = Folder::new(&[("a.json", CLEAN)]);
    let files: [(&str, Vec<u8>); 8] = [
        (".env", latin(settings)),
        ("compose.yaml", latin(compose)),
        ("main.tf", latin("# bedrock:InvokeModel\n")),
        ("notes.yaml", latin("title: the bedrock below us\n")),
        ("other.env", latin("TITLE=x\n")),
        ("program.py", latin("MODEL = 'us.anthropic.claude-sonnet-4-6'\n")),
        ("wide.env", utf16),
        ("wider.json", utf32(CLEAN)),
    ];
    for (name, bytes) in &files {
        folder.write(name, bytes);
    }
    let run = folder.run(&[]);
    // IAM reads policies alone
    let wide = |encoding: &str, refused: &str| format!("the file is {encoding}, which {refused}: save it as UTF-8");
    let told = format!(
        "error: .env:3:6: the file is not UTF-8: byte 74 does not belong to a character\n\
         error: compose.yaml:5:6: the file is not UTF-8: byte 92 does not belong to a character\n\
         error: main.tf:2:6: the file is not UTF-8: byte 27 does not belong to a character\n\
         error: wide.env:1:1: {}\n\
         error: wider.json:1:1: {}\n\
         2 files without a policy or adapter skipped: not UTF-8\n\
         no problems found in 9 files (8 mention Bedrock); 5 inputs could not be read\n",
        wide("UTF-16", "this program does not read"),
        wide("UTF-32", "neither IAM nor this program reads")
    );
    assert_eq!((run.code, run.err), (2, told));
    let report: serde_json::Value = serde_json::from_str(&folder.run(&["--format", "json"]).out).unwrap();
    let paths: Vec<_> = report["errors"].as_array().unwrap().iter().map(|error| error["path"].clone()).collect();
    assert_eq!(paths, [".env", "compose.yaml", "main.tf", "wide.env", "wider.json"]);
}

#[test]
fn what_is_nested_too_deep_is_told_of() {
    let yaml = format!("bedrock: {}{}\n", "[".repeat(3000), "]".repeat(3000));
    let json = format!("{{\"bedrock\": {}{}}}\n", "[".repeat(3000), "]".repeat(3000));
    let hcl = format!("x = \"bedrock\"\ny = {}1{}\n", "(".repeat(3000), ")".repeat(3000));
    let template = "{{ if .Values.bedrock }}\nmodel: {{ .Values.model }\n";
    let folder = Folder::new(&[("a.yaml", &yaml), ("b.json", &json), ("c.tf", &hcl), ("t.yaml", template)]);
    let run = folder.run(&[]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            2,
            "error: a.yaml:1:265: not YAML: nested deeper than 255 levels\n\
             error: b.json:1:523: not JSON: maximum nesting depth exceeded\n\
             error: c.tf:2:70: not HCL: invalid nesting depth; expected at most 64 nested levels\n\
             no problems found in 4 files (4 mention Bedrock); 3 inputs could not be read\n"
        )
    );
}

#[test]
fn named_toml_must_be_some() {
    let broken = "[model]\nid = \"us.anthropic.claude-sonnet-4-6\nregion = \"eu-west-1\"\n";
    let folder = Folder::new(&[("a.toml", broken), ("b.toml", "id = \"us.anthropic.claude-sonnet-4-6\"\n")]);
    let run = folder.run(&["a.toml", "-q"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: a.toml:2:37: not TOML: "), "{}", run.err);
    assert_eq!((folder.run(&["b.toml"]).code, folder.run(&[]).code), (0, 0), "a walk reads it as text");
}

#[test]
fn files_that_cannot_be_parsed_are_named() {
    let broken = "{ \"model\": \"bedrock/x\"";
    let folder = Folder::new(&[("d.json", broken), ("b.json", broken), ("a.jsonc", broken), ("c.tf", "bedrock = {")]);
    let run = folder.run(&[]);
    assert!(run.err.starts_with("4 files could not be parsed: a.jsonc, b.json, c.tf, …\n"), "{}", run.err);
    let report: serde_json::Value = serde_json::from_str(&folder.run(&["--format", "json"]).out).unwrap();
    assert_eq!(report["unparsed"], serde_json::json!(["a.jsonc", "b.json", "c.tf", "d.json"]));
    assert_eq!((run.code, report["errors"].as_array().unwrap().len()), (0, 0));
}

#[test]
fn empty_files_are_called_empty() {
    let folder = Folder::new(&[("a.json", ""), ("a.ipynb", " \n"), ("a.txt", "\n"), ("a.yml", "")]);
    for name in ["a.json", "a.ipynb", "a.txt", "a.yml"] {
        let run = folder.run(&[name, "-q"]);
        let told = format!("error: {name}:1:1: the file is empty: an IAM policy or an adapter is expected\n");
        assert_eq!((run.code, run.err), (2, told));
    }
}

#[test]
fn a_sparse_file_of_200_megabytes() {
    let folder = Folder::new(&[("a.json", CLEAN)]);
    let length = 200 << 20;
    File::create(folder.path("big.json")).unwrap().set_len(length).unwrap();
    let walked = folder.run(&[]);
    assert_eq!(
        (walked.code, walked.err.as_str()),
        (0, "1 file over 16 MiB without a policy skipped\nno problems found in 2 files (1 mentions Bedrock)\n")
    );
    let message = "error: big.json: the input has 200 MiB, more than the 16 MiB that are read at most: \
                   raise `--max-file-size`, or leave it out\n";
    let named = folder.run(&["big.json", "-q"]);
    assert_eq!((named.code, named.err.as_str()), (2, message));

    let mut file = File::options().write(true).open(folder.path("big.json")).unwrap();
    file.seek(SeekFrom::Start(length - 40)).unwrap();
    file.write_all(b"\"Effect\": \"Allow\", bedrock:InvokeModel  ").unwrap();
    let walked = folder.run(&["-q"]);
    assert_eq!((walked.code, walked.err.as_str()), (2, message));
}

#[test]
fn files_of_every_size_are_read_whole() {
    let folder = Folder::new(&[]);
    for size in [8 << 10, 64 << 10, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20] {
        let padding = " ".repeat(size - CLEAN.len());
        folder.write(&format!("{size}.json"), format!("{padding}{CLEAN}"));
        folder.write(&format!("{size}.txt"), "x".repeat(size));
    }
    let run = folder.run(&[]);
    assert_eq!((run.code, run.err.as_str()), (0, "no problems found in 12 files (6 mention Bedrock)\n"));
    assert_eq!(folder.run(&["--max-file-size", "1M"]).code, 2);
    assert_eq!(folder.run(&["--max-file-size", "3M"]).code, 0);
}

#[test]
fn links_in_circles_end() {
    let folder = Folder::new(&[("infra/a.json", CLEAN)]);
    symlink("..", folder.path("infra/up")).unwrap();
    symlink("self", folder.path("self")).unwrap();
    symlink("infra", folder.path("link")).unwrap();
    symlink("infra/a.json", folder.path("link.json")).unwrap();
    assert_eq!(folder.run(&[]).err, CLEAN_RUN);
    assert_eq!(folder.run(&["link", "--list-files"]).lines(), ["link/a.json"]);
    assert_eq!(folder.run(&["link.json", "--list-files"]).lines(), ["link.json"]);
    assert_eq!(folder.run(&["self"]).code, 2);
}

#[test]
fn a_file_with_many_names_is_read_once() {
    let folder = Folder::new(&[("infra/a.json", CLEAN)]);
    symlink("infra", folder.path("link")).unwrap();
    let absolute = folder.path("infra/a.json");
    let names =
        ["./infra/a.json", "infra/../infra/a.json", "link/a.json", absolute.to_str().unwrap(), "infra", ".", "link"];
    let run = folder.run(&[&names[..], &["--list-files"]].concat());
    assert_eq!(run.lines(), ["infra/a.json"]);
    assert_eq!(folder.run(&[absolute.to_str().unwrap(), "--list-files"]).lines(), ["infra/a.json"]);
    assert_eq!(folder.run(&names).err, CLEAN_RUN);
}

#[test]
fn pipes_are_never_waited_for_and_substitutions_work() {
    let folder = Folder::new(&[("a.json", CLEAN)]);
    assert!(Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    assert_eq!(folder.run(&[]).err, CLEAN_RUN);
    let named = folder.run(&["pipe", "-q"]);
    assert_eq!(named.code, 2);
    assert!(
        named.err.starts_with("error: pipe: is a named pipe, which may never end: pipe it to `-`"),
        "{}",
        named.err
    );
    assert_eq!(folder.run_with(&["/dev/stdin", "--list-files"], CLEAN).lines(), ["<stdin>"]);

    let program = folder.command([""; 0]).get_program().to_owned();
    let script = format!("{} --list-files <(cat a.json)", program.to_str().unwrap());
    let output = Command::new("bash").args(["-c", &script]).current_dir(folder.root()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stdout.starts_with(b"/dev/fd/"), "{output:?}");
}

#[test]
fn names_that_are_not_utf8_are_shown_as_well_as_can_be() {
    let folder = Folder::new(&[]);
    let name = OsStr::from_bytes(b"caf\xe9.json");
    fs::write(folder.root().join(name), CLEAN).unwrap();
    assert_eq!(folder.run(&["--list-files"]).lines(), ["caf\u{fffd}.json"]);
    let run = Run::of(&mut folder.command([OsStr::new("--list-files"), name]));
    assert_eq!(run.lines(), ["caf\u{fffd}.json"]);
}

#[test]
fn ignore_files_count_everywhere_and_named_files_always() {
    let folder = Folder::new(&[
        (".gitignore", "hidden.json\n[broken\n"),
        ("hidden.json", CLEAN),
        (".github/a.json", CLEAN),
        (".git/config.json", CLEAN),
        (".env", "AWS_BEDROCK=1"),
        ("sub/.ignore", "*.json"),
        ("sub/b.json", CLEAN),
    ]);
    assert_eq!(folder.run(&["--list-files"]).lines(), [".env", ".github/a.json"]);
    assert_eq!(
        folder.run(&["--list-files", "--no-ignore"]).lines(),
        [".env", ".github/a.json", "hidden.json", "sub/b.json"]
    );
    assert_eq!(folder.run(&["--list-files", "hidden.json", "sub/b.json"]).lines(), ["hidden.json", "sub/b.json"]);
    assert_eq!(folder.run(&["--list-files", "hidden.json", "."]).lines(), [".env", ".github/a.json", "hidden.json"]);
}

#[test]
fn a_binary_that_quotes_a_policy_is_passed_over() {
    let folder = Folder::new(&[("a.json", common::CLEAN)]);
    let pdf = b"%PDF-1.4\n%\xaa\xab\xac\xad\n/URI (arn:aws:bedrock:us-east-1::foundation-model/x \"Effect\")\n";
    folder.write("guide.pdf", pdf);
    let run = folder.run(&["check", "."]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("not UTF-8"), "{}", run.err);
    // what is called a policy was meant to be read
    folder.write("policy.json", pdf);
    assert_eq!(folder.run(&["check", "."]).code, 2);
}
