//! Wrong settings: what is wrong is underlined, and odd files do no harm.

#![expect(clippy::unwrap_used, clippy::string_slice, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::sync::Arc;

use bedrock_lint::settings::{Base, Settings};
use bedrock_lint::source::Source;
use common::Folder;

/// Wrong settings, what is underlined, and a part of the message.
const WRONG: &[(&str, &str, &str)] = &[
    ("ruls: {}", "ruls", "there is no setting `ruls`; did you mean `rules`?"),
    ("colour: red", "colour", "there is no setting `colour`: here stand `rules`, "),
    ("rules:\n  missing-modl-grant: off", "missing-modl-grant", "did you mean `missing-model-grant`?"),
    ("rules:\n  missing-model-grant: loud", "loud", "`loud` is none of `off`, `error`, `warning`, `note`"),
    ("rules:\n  missing-model-grant: 2", "2", "`2` is none of `off`"),
    ("rules:\n  missing-model-grant:\n", "missing-model-grant", "one of `off`"),
    ("rules:\n  missing-model-grant: [off]", "[off]", "one of `off`"),
    ("rules: []", "[]", "a map is expected here, not a list"),
    ("rules: off", "off", "a map is expected here, not `off`"),
    ("rules:\n  unknown-action: off\n  unknown-action: note", "unknown-action", "`unknown-action` stands twice"),
    ("pedantic: yes", "yes", "a boolean is expected here, not `yes`"),
    ("fail-on: always", "always", "`always` is none of `error`, `warning`, `note`, `never`"),
    ("fail_on: note", "fail_on", "did you mean `fail-on`?"),
    ("exclude: [\"a[\"]", "\"a[\"", "not a path pattern: "),
    ("exclude: /etc", "/etc", "relative to the folder of the settings file"),
    ("include: ['../x']", "'../x'", "relative to the folder of the settings file"),
    ("exclude: {a: b}", "a", "a list is expected here, not a map"),
    ("examples:\n  - docs\n  - ''", "''", "the pattern is empty"),
    ("kinds:\n  spc: [a]", "spc", "there is no setting `spc`; did you mean `scp`?"),
    ("kinds:\n  scp: [{}]", "{}", "a path pattern is expected here, not a map"),
    ("ignore: {}", "{}", "a list is expected here, not a map"),
    ("ignore:\n  - rule: unknown-action\n    path: a\n", "rule", "`reason` is missing"),
    ("ignore:\n  - path: a\n    reason: x\n", "path", "`rule` is missing"),
    ("ignore:\n  - rule: unknown-action\n    reason: x\n", "rule", "`path` is missing"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: ' '}", "' '", "say why it is meant"),
    ("ignore:\n  - {rule: unknwn-action, path: a, reason: x}", "unknwn-action", "did you mean `unknown-action`?"),
    ("ignore:\n  - {rule: [unknown-action, x], path: a, reason: x}", "x", "there is no rule `x`"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: x, until: soon}", "soon", "`soon` is no day"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: x, until: 2026-02-30}", "2026-02-30", "is no day"),
    ("ignore:\n  - {rule: unknown-action, path: a, reason: x, pointer: S/0}", "S/0", "write `/S/0`"),
    ("ignore:\n  - {rule: unused-suppression, path: a, reason: x}", "unused-suppression", "turn it off under `rules`"),
    ("ignore:\n  - {rule: [], path: a, reason: x}", "[]", "the list is empty: at least one is needed"),
    ("pairs: {}", "{}", "a list is expected here, not a map"),
    ("pairs: [a]", "a", "a map is expected here, not `a`"),
    ("pairs:\n  - policies: p", "policies", "`adapters` is missing"),
    ("pairs:\n  - adapters: a", "adapters", "`policies` is missing"),
    ("pairs:\n  - {adapters: [], policies: p}", "[]", "the list is empty: at least one is needed"),
    ("pairs:\n  - {adapters: a, policies: []}", "[]", "the list is empty"),
    ("pairs:\n  - {adapters: a, policies:\n }", "policies", "a list is expected here, not nothing"),
    ("pairs:\n  - {adapters: [a, /b], policies: p}", "/b", "relative to the folder of the settings file"),
    ("pairs:\n  - {adapter: a, policies: p}", "adapter", "did you mean `adapters`?"),
    ("pairs:\n  - {adapters: a, policies: p, scp: s}", "scp", "did you mean `scps`?"),
    ("pairs:\n  - {adapters: a, policies: p, scps: []}", "[]", "the list is empty"),
    ("pairs:\n  - {adapters: a, policies: p, scps: [s, []]}", "[]", "the list is empty"),
    ("pairs:\n  - {adapters: a, policies: p, scps: [s, [t, '']]}", "''", "the pattern is empty"),
    (
        "pairs:\n  - {adapters: a, policies: p, boundary: [b, c]}",
        "[b, c]",
        "a path pattern is expected here, not a list",
    ),
    ("pairs:\n  - {adapters: a, policies: p, session: {s: t}}", "s", "a list is expected here, not a map"),
    ("pairs:\n  - {adapters: a, policies: p, account: 12345678901}", "12345678901", "as in `\"012345678901\"`"),
    ("pairs:\n  - {adapters: a, policies: p, account: 1111-2222-3333}", "1111-2222-3333", "write `\"111122223333\"`"),
    ("pairs:\n  - {adapters: a, policies: p, account: '0x19debd01c5'}", "'0x19debd01c5'", "an account has 12 digits"),
    ("pairs:\n  - {adapters: a, policies: p, account: 1.1e+11}", "1.1e+11", "an account has 12 digits"),
    ("api-key: []", "api-key", "did you mean `api-keys`?"),
    ("api-keys:\n  - path: a", "path", "`region` is missing"),
    ("api-keys:\n  - region: us-east-1", "region", "`path` is missing"),
    ("api-keys:\n  - {path: [], region: us-east-1}", "[]", "the list is empty"),
    ("api-keys:\n  - {path: a, region: us-esat-1}", "us-esat-1", "no Region `us-esat-1`; did you mean `us-east-1`?"),
    ("api-keys:\n  - {path: a, region: us-east-1a}", "us-east-1a", "is a zone: write its Region, `us-east-1`"),
    ("api-keys:\n  - {path: a, region: Frankfurt}", "Frankfurt", "write its code, `eu-central-1`"),
    ("api-keys:\n  - {path: a, region: US-EAST-1}", "US-EAST-1", "in lower case: write `us-east-1`"),
    ("api-keys:\n  - {path: a, region: us-gov}", "us-gov", "did you mean `us-gov-east-1` or `us-gov-west-1`?"),
    ("api-keys:\n  - {path: a, region: 'us-*'}", "'us-*'", "is no Region, whose codes have a form such as"),
    ("api-keys:\n  - {path: a, region: ''}", "''", "is no Region"),
    ("api-keys:\n  - {path: a, region: ZA-SOUTH-1}", "ZA-SOUTH-1", "is no Region"),
    ("api-keys:\n  - {path: a, region: us-east-1, user: a b}", "a b", "the name of an IAM user is expected here"),
    ("api-keys:\n  - {path: a, region: us-east-1, usr: a}", "usr", "did you mean `user`?"),
    ("platforms: {unstrat: v1.0.0}", "unstrat", "did you mean `unstract`?"),
    ("platforms: {unstract: 0.159}", "0.159", "`0.159` is no version of three numbers, such as `v0.159.3`"),
    ("platforms: {unstract: latest}", "latest", "is no version of three numbers"),
    ("platforms:\n  unstract:\n", "unstract", "a version is expected here, not nothing"),
    ("limits: {geographes: [us]}", "geographes", "did you mean `geographies`?"),
    ("limits: {geographies: [us, europe]}", "europe", "is no prefix of inference profiles: write `eu`"),
    ("limits: {geographies: [glboal]}", "glboal", "did you mean `global`?"),
    ("limits: {geographies: [US]}", "US", "write `us`"),
    ("limits: {geographies: ['us.*']}", "'us.*'", "write `us`"),
    ("limits: {geographies: [eu-west-1]}", "eu-west-1", "is a Region: source Regions are limited under `regions`"),
    ("limits: {geographies: [latam]}", "latam", "known are `apac`, "),
    ("limits: {geographies: {us: true}}", "us", "a list is expected here, not a map"),
    ("limits: {models: []}", "[]", "the list is empty"),
    ("limits: {models: ['us.amazon.*']}", "'us.amazon.*'", "has a prefix: models stand here without one"),
    ("limits: {models: ['*.anthropic.*']}", "'*.anthropic.*'", "has a prefix"),
    ("limits: {models: ['us.*']}", "'us.*'", "has a prefix"),
    ("limits: {models: ['antropic.claude-*']}", "'antropic.claude-*'", "did you mean `anthropic.claude-*`?"),
    ("limits: {models: ['claude-*']}", "'claude-*'", "no model fits `claude-*`; did you mean `anthropic.claude-*`?"),
    ("limits: {models: ['Amazon.Nova-*']}", "'Amazon.Nova-*'", "in lower case: write `amazon.nova-*`"),
    ("limits: {models: [amazon.nova-lite]}", "amazon.nova-lite", "did you mean `amazon.nova-lite-v1:0`?"),
    ("limits: {models: [amazon.nvoa-lite-v1:0]}", "amazon.nvoa-lite-v1:0", "did you mean `amazon.nova-lite-v1:0`?"),
    ("limits: {models: ['arn:aws:bedrock:*']}", "'arn:aws:bedrock:*'", "by its id here, not by an ARN"),
    ("limits: {models: [nova]}", "nova", "is no id of a model"),
    ("limits: {models: ['amazon/*']}", "'amazon/*'", "is no id of a model"),
    ("limits: {models: ['']}", "''", "is no id of a model"),
    ("limits: {regions: []}", "[]", "the list is empty"),
    ("limits: {regions: [us-esat-1]}", "us-esat-1", "did you mean `us-east-1`?"),
    ("limits: {regions: ['EU-*']}", "'EU-*'", "in lower case: write `eu-*`"),
    ("limits: {regions: ['europe-*']}", "'europe-*'", "no Region fits `europe-*`; did you mean `eu-*`?"),
    ("limits: {regions: ['eu_west_*']}", "'eu_west_*'", "codes have a form such as `us-east-1`"),
    ("exclude: &x docs\ninclude: *y", "*", "not YAML: "),
    ("rules: {}\n---\npedantic: true", "pedantic: true", "settings are one document"),
    ("# é\nrules: {", "{", "not YAML: "),
];

#[test]
fn wrong_settings_are_underlined() {
    let mut wrong = Vec::new();
    for &(text, underlined, message) in WRONG {
        let source = Arc::new(Source::new("bedrock-lint.yml", text));
        let Err(error) = Settings::parse(&source, Base::default()) else { panic!("nothing wrong with {text}") };
        let (at, problem) = (error.at.unwrap(), error.problem);
        let fine = problem.message.contains(message) && !problem.message.ends_with('.');
        if at.text() != underlined || !fine || problem.position != Some(at.start()) {
            wrong.push(format!("{text}\n  `{}`: {}", at.text(), problem.message));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn odd_files_are_settings_or_an_error_and_no_crash() {
    let deep = "- ".repeat(100_000);
    let flow = "[".repeat(100_000);
    for text in [
        "",
        "\n",
        "# only a comment\n",
        "---\n",
        "{}",
        "\u{feff}pedantic: true\r\n",
        "exclude: &x [docs]\nexamples: *x",
    ] {
        let source = Arc::new(Source::new("bedrock-lint.yml", text));
        assert!(Settings::parse(&source, Base::default()).is_ok(), "{text:?}");
    }
    for text in
        ["[]", "x", "rules:\n\ta: b", "a: b: c", "? [a]\n: b", "!!map x", "<<: {a: b}", deep.as_str(), flow.as_str()]
    {
        let source = Arc::new(Source::new("bedrock-lint.yml", text));
        assert!(Settings::parse(&source, Base::default()).is_err(), "{}", text.chars().take(20).collect::<String>());
    }
}

#[test]
fn a_key_in_the_place_of_its_user_is_not_printed() {
    let secret = format!("ABSK{}", "QmVkcm9ja0FQSUtleS0".repeat(8));
    let text = format!("api-keys:\n  - {{path: a, region: us-east-1, user: {secret}}}\n");
    let folder = Folder::new(&[("bedrock-lint.yml", &text)]);
    let run = folder.run(&[]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: bedrock-lint.yml:2:"), "{}", run.err);
    assert!(run.err.contains(": the name of an IAM user is expected here"), "{}", run.err);
    assert!(!run.err.contains(&secret[..24]), "{}", run.err);
}
