//! The command `key` as a user meets it: what it prints, its exit codes, and that no secret is in any of it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use aho_corasick::AhoCorasick;
use bedrock_lint::key::find;
use common::keys::{
    Minted, mint_access_key_id, mint_anthropic_key, mint_long_term, mint_secret_access_key, mint_session_token,
    mint_short_term, short_term,
};
use common::{Folder, Run, closed};
use serde_json::{Value, json};

const NOW: [&str; 2] = ["--as-of", "2026-11-22T12:00:00Z"];

/// Stretches of a secret part that are this long must not be seen.
const SEEN: usize = 12;

fn long() -> Minted {
    mint_long_term("BedrockAPIKey-x7k2", "111122223333", false)
}

fn short() -> Minted {
    mint_short_term("eu-west-1", "20261122T101112Z", 43200, &mint_access_key_id("ASIA", "444455556666"))
}

/// The key on the standard input.
fn typed(text: &str, arguments: &[&str]) -> Run {
    Folder::new(&[]).run_with(&[&["key"], &NOW[..], arguments].concat(), text)
}

#[test]
fn a_long_term_key_tells_whose_it_is() {
    for text in [long().text, format!("  {}\n", long().text), format!("K={}", long().text)] {
        let run = typed(&text, &[]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{text}");
        for part in
            ["long-term Bedrock API key", "ABSK\n", "BedrockAPIKey-x7k2\n", "111122223333\n", "list-service-specific"]
        {
            assert!(run.out.contains(part), "{part}: {}", run.out);
        }
        assert!(!run.out.contains("stands in a file"), "{}", run.out);
    }
    let second = typed(&mint_long_term("ci", "111122223333", true).text, &["-"]);
    assert!(second.out.contains("ci (its second key)"), "{}", second.out);
}

#[test]
fn a_short_term_key_tells_where_and_how_long() {
    let text = short().text;
    let run = typed(&text, &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    for part in [
        "short-term Bedrock API key\n",
        "bedrock-api-key-\n",
        "eu-west-1, and no other",
        "444455556666",
        "2026-11-22T10:11:12Z\n",
        "2026-11-22T22:11:12Z at the latest, not past as of 2026-11-22T12:00:00Z",
        "made with temporary credentials",
        "bedrock:CallWithBearerToken",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    for (time, code) in [
        ("2026-11-22T22:11:11Z", 0),
        ("2026-11-22T22:11:12Z", 1),
        ("2026-11-22T22:11:12", 1),
        ("2026-11-23T00:11:11+02:00", 0),
        ("2026-11-22", 0),
        ("2026-11-23", 1),
    ] {
        let run = Folder::new(&[]).run_with(&["key", "--as-of", time], text.as_str());
        assert_eq!(run.code, code, "{time}");
        assert_eq!(run.out.starts_with("past its expiry: "), code == 1, "{}", run.out);
    }
    assert!(!Folder::new(&[]).run_with(&["key"], text.as_str()).out.contains("T12:00:00Z"), "now by default");
    assert_eq!(typed(&text, &["--as-of", "soon"]).code, 2);
}

#[test]
fn a_damaged_key_tells_what_is_left_of_it() {
    // a signature that is put in by hand
    let parameters = [
        ("Action", "CallWithBearerToken".to_owned()),
        ("X-Amz-Date", "20261122T101112Z".to_owned()),
        ("X-Amz-Expires", "43200".to_owned()),
        ("X-Amz-Signature", "deadbeef".to_owned()),
    ];
    let run = Folder::new(&[]).run_with(&["key", "--as-of", "2026-11-25"], short_term(&parameters).as_str());
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.out.starts_with("no usable key: "), "{}", run.out);
    assert!(run.out.contains("2026-11-22T22:11:12Z at the latest, past as of 2026-11-25\n"), "{}", run.out);
    assert!(!run.out.contains("not past"), "{}", run.out);
}

#[test]
fn a_region_that_there_is_not_is_remarked() {
    let text = mint_short_term("mars-1", "20261122T101112Z", 43200, &mint_access_key_id("ASIA", "444455556666")).text;
    let said = typed(&text, &[]).out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("warning: no Region `mars-1` is known as of 2026-"), "{said}");
    assert!(!typed(&short().text, &[]).out.contains("no Region"));
}

#[test]
fn moments_are_told_to_the_second() {
    let run = Folder::new(&[]).run_with(&["key"], short().text.as_str());
    let said = run.out.split_once("past as of ").unwrap().1.lines().next().unwrap();
    assert!(said.len() == "2026-11-22T12:00:00Z".len() && said.ends_with('Z'), "{said}");
}

#[test]
fn ids_of_access_keys_tell_their_account() {
    for (prefix, kind, part) in [
        ("AKIA", "access key id\n", "together with its secret access key"),
        ("ASIA", "id of a temporary access key\n", "refused without its session token"),
        ("ABIA", "id of a bearer token of STS\n", "nothing by itself"),
        ("ACCA", "id of a service-specific credential\n", "long-term Bedrock API key"),
    ] {
        let run = typed(&mint_access_key_id(prefix, "111122223333"), &[]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        let text = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(run.out.starts_with(kind) && run.out.contains("111122223333"), "{}", run.out);
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_key_comes_from_a_file_or_a_variable() {
    let folder = Folder::new(&[]);
    let both = format!("# keys\nLONG={}\nSHORT='{}'\n", long().text, short().text);
    folder.write(".env", &both);
    let file = folder.run(&["key", ".env", NOW[0], NOW[1]]);
    assert_eq!((file.code, file.err.as_str()), (0, ""));
    for part in [
        "in LONG, line 2\n",
        "in SHORT, line 3\n",
        "until it is deleted in IAM",
        "what stores a key needs a long-term one",
    ] {
        let text = file.out.replace("\n    ", " ");
        assert!(text.contains(part), "{part}: {text}");
    }
    let late = folder.run(&["key", ".env", "--as-of", "2026-11-24"]);
    assert_eq!(late.code, 1, "one of them is past");
    let mut command = folder.command(["key", "--env", "TOKEN", NOW[0], NOW[1]]);
    let variable = Run::of(command.env("TOKEN", short().text));
    assert_eq!((variable.code, variable.err.as_str()), (0, ""));
    assert!(!variable.out.contains("stands in a file"));
    let none = folder.run(&["key", "--env", "TOKEN"]);
    assert!(
        none.code == 2 && none.err.starts_with("error: there is no environment variable of that name"),
        "{}",
        none.err
    );
    for (arguments, message) in [
        (&["key", "gone"][..], "error: there is no file of that name"),
        (&["key", "."], "error: .: is a folder, not a file"),
        (&["key", ".env", "--env", "X"], "cannot be used with"),
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(message), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn what_is_no_key_is_2_and_not_repeated() {
    for (text, message) in [
        (String::new(), "no key is there"),
        ("please use the usual one".to_owned(), "no key is there"),
        (mint_anthropic_key("x"), "a key of Anthropic's own API, which Amazon Bedrock refuses"),
        (mint_secret_access_key("x"), "a secret access key says nothing of itself"),
        (long().text.replacen("ABSK", "", 1), "has lost its beginning, `ABSK`"),
        (short().text.replacen("bedrock-api-key-", "", 1), "has lost its beginning, `bedrock-api-key-`"),
    ] {
        let run = typed(&text, &[]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}");
        assert!(run.err.starts_with("error: ") && run.err.contains(message), "{}", run.err);
        assert!(text.is_empty() || !run.err.contains(&text));
    }
    for text in ["ABSKyour-key-here", "bedrock-api-key-xxxxxxxx", "AKIAIOSFODNN7EXAMPLE", &long().text[..40]] {
        let run = typed(text, &[]);
        assert_eq!(run.code, 2, "{text}");
        assert!(run.out.starts_with("no usable key: ") && run.err.is_empty(), "{}", run.out);
    }
    let binary = Folder::new(&[]).run_with(&["key"], vec![0, 159, 146, 150]);
    assert!(binary.code == 2 && binary.err.contains("is not UTF-8"), "{}", binary.err);
}

#[test]
fn a_key_as_an_argument_is_read_and_warned_of() {
    let folder = Folder::new(&[]);
    for key in [long().text, short().text] {
        for arguments in [&["key", &key, NOW[0], NOW[1]][..], &["key", "--env", &key, NOW[0], NOW[1]]] {
            let run = folder.run(arguments);
            assert_eq!(run.code, 0, "{}", run.err);
            assert!(run.err.starts_with("warning: the key was given as an argument"), "{}", run.err);
            assert!(run.out.contains("Bedrock API key\n") && !run.out.contains("stands in a file"), "{}", run.out);
        }
    }
    let id = folder.run(&["key", &mint_access_key_id("AKIA", "111122223333")]);
    assert!(id.code == 0 && id.err.starts_with("hint: the id of an access key is no secret"), "{}", id.err);
    let secret = folder.run(&["key", &mint_secret_access_key("x")]);
    assert!(secret.code == 2 && secret.err.contains("warning: ") && secret.err.contains("says nothing of itself"));
    // a file of that name is a file
    folder.write("ABSKfile", long().text);
    assert_eq!(folder.run(&["key", "ABSKfile", NOW[0], NOW[1]]).err, "");
}

#[test]
fn json_is_what_the_published_schema_says_and_no_more() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/key.schema.json")).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let closed = jsonschema::validator_for(&closed(schema.clone())).unwrap();
    let open = jsonschema::validator_for(&schema).unwrap();
    let ids = ["AKIA", "ASIA", "ABIA", "ACCA"].map(|prefix| mint_access_key_id(prefix, "111122223333"));
    let all = [&[long().text, short().text, "AKIAIOSFODNN7EXAMPLE".to_owned()][..], &ids].concat();
    for text in all.iter().chain([&all.join("\n"), &all[0][..40].to_owned(), &"ABSKx".to_owned()]) {
        for time in [NOW[1], "2026-11-24"] {
            let run = Folder::new(&[]).run_with(&["key", "--format", "json", "--as-of", time], text.as_str());
            let mut answer: Value = serde_json::from_str(&run.out).unwrap();
            for validator in [&open, &closed] {
                let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{errors:#?}");
            }
            answer["keys"][0]["added_later"] = 1.into();
            assert!(open.is_valid(&answer) && !closed.is_valid(&answer));
        }
    }
    let run = typed(&format!("A={}", short().text), &["--format", "json"]);
    let key = &serde_json::from_str::<Value>(&run.out).unwrap()["keys"][0];
    for (name, value) in [
        ("kind", json!("short-term-api-key")),
        ("state", json!("usable")),
        ("name", json!("A")),
        ("region", json!("eu-west-1")),
        ("issued", json!("2026-11-22T10:11:12Z")),
        ("expires", json!("2026-11-22T22:11:12Z")),
        ("account", json!("444455556666")),
        ("made_with", json!("ASIA")),
        ("user", Value::Null),
    ] {
        assert_eq!(key[name], value, "{name}");
    }
}

/// Every secret, in every way in which it can be given, whole and damaged; nothing of it is in anything that comes out.
#[test]
fn no_secret_is_in_anything_that_is_written() {
    let plain = |text: String| Minted { text, secrets: Vec::new() };
    let token = plain(mint_session_token("a"));
    let secrets = [long(), short(), plain(mint_secret_access_key("a")), token, plain(mint_anthropic_key("a"))];
    for secret in &secrets {
        let open = if secret.text.starts_with("ABSK") { 16 } else { 4 };
        let open = if secret.text.starts_with("bedrock") { 32 } else { open };
        let stretches = secret.secrets.iter().map(String::as_str).chain([&secret.text[open..]]);
        let stretches = AhoCorasick::new(stretches.flat_map(|part| part.as_bytes().windows(SEEN))).unwrap();
        let unseen = |text: &str, what: &str| {
            let found = stretches.find(text);
            assert_eq!(found.map(|found| &text[found.range()]), None, "{what} of {}", secret.text);
        };
        let (text, half) = (&secret.text, &secret.text[..secret.text.len() / 2]);
        let folded = text.as_bytes().chunks(60).map(|part| String::from_utf8(part.to_vec()).unwrap());
        let whole = [
            text.clone(),
            folded.collect::<Vec<_>>().join("\n"),
            format!("{text}: {text}"),
            format!("{text}={text}\n"),
            format!("{{\"{text}\": \"{text}\"}}"),
            format!("AKIAQNZGKIQY56JQ7WML={text}"),
            format!("{text}=AKIAQNZGKIQY56JQ7WML"),
        ];
        // nobody can tell the parts of some from other words
        let damaged = [half.to_owned(), text[2..].to_owned()];
        for (text, is_whole) in whole.iter().map(|text| (text, true)).chain(damaged.iter().map(|text| (text, false))) {
            unseen(&format!("{:?}", find(text)), "what is found");
            let folder = Folder::new(&[("file", text)]);
            let name = text.replace(['\n', '\0'], "");
            let at = ["--as-of", "2026-11-24"];
            let mut runs = vec![
                folder.run_with(&["key", at[0], at[1]], text.as_str()),
                folder.run_with(&["key", "--format", "json", at[0], at[1]], text.as_str()),
                folder.run(&["key", "file", at[0], at[1]]),
                folder.run(&["key", &name, at[0], at[1]]),
                folder.run(&["key", "--env", &name, at[0], at[1]]),
                Run::of(folder.command(["key", "--env", "X", at[0], at[1]]).env("X", text)),
            ];
            if is_whole {
                runs.extend([
                    folder.run(&["key", "file", &name]),
                    folder.run(&["key", "file", "--as-of", &name]),
                    folder.run(&["key", "file", "--format", &name]),
                    folder.run(&["key", &format!("--{name}")]),
                    folder.run(&["models", &name]),
                    folder.run(&["models", "--region", &name]),
                    folder.run(&["models", "--check", &name, "--format", "json"]),
                    folder.run(&["explain", &name]),
                ]);
            }
            for run in runs {
                unseen(&run.out, "standard output");
                unseen(&run.err, "standard error");
                assert!(!(run.out + &run.err).is_empty());
            }
        }
    }
}

#[test]
fn a_large_log_is_read_in_time() {
    let line = "2026-11-22T10:00:00Z INFO request 5b1f served in 12 ms by /var/lib/app/Worker7 with status=200\n";
    let log = format!("{}{}\n{}", line.repeat(50_000), short().text, line.repeat(50_000));
    let run = typed(&log, &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("in line 50001"), "{}", run.out);
}

#[test]
fn help_and_completions_know_it() {
    let folder = Folder::new(&[]);
    let help = folder.run(&["key", "--help"]).out;
    for part in ["--env", "--as-of", "A key is never given as an argument", "1 past its expiry"] {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert!(folder.run(&["--help"]).out.contains("\n  key "));
    let script = folder.run(&["completions", "zsh"]).out;
    assert!(script.contains("--env=["), "{script}");
}
