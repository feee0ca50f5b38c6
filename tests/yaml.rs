//! YAML against another reader, against JSON, and against what nobody would write.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bedrock_lint::bedrock::{ActionCatalogue, Catalogue};
use bedrock_lint::finding::Severity;
use bedrock_lint::formats::{self, FormatOptions};
use bedrock_lint::rules::Facts;
use bedrock_lint::source::Source;
use bedrock_lint::syntax::{Node, ScalarKind, Value, dotenv, json, yaml};
use bedrock_lint::text::{SourceMap, Text};
use bedrock_lint::{Verdict, lint};
use proptest::prelude::*;

/// Writes values as YAML, in a style that `choices` decides anew for every part.
struct Writer<'a> {
    choices: &'a [u8],
    at: usize,
    out: String,
}

impl Writer<'_> {
    fn choose(&mut self, among: u8) -> u8 {
        self.at += 1;
        self.choices.get((self.at - 1) % self.choices.len().max(1)).map_or(0, |choice| choice % among)
    }

    /// A value behind `key:` or `-`, with the line break that ends it.
    fn value(&mut self, value: &serde_json::Value, indent: usize) {
        match value {
            serde_json::Value::Array(items) if !items.is_empty() && self.choose(4) > 0 => {
                self.out.push('\n');
                for item in items {
                    write!(self.out, "{}-", " ".repeat(indent)).unwrap();
                    self.space();
                    self.value(item, indent + 2);
                }
            }
            serde_json::Value::Object(entries) if !entries.is_empty() && self.choose(4) > 0 => {
                self.out.push('\n');
                for (key, value) in entries {
                    self.out.push_str(&" ".repeat(indent));
                    self.key(key);
                    self.out.push(':');
                    self.value(value, indent + 2);
                }
            }
            serde_json::Value::String(text) => {
                self.out.push(' ');
                self.string(text, indent);
                self.out.push('\n');
            }
            serde_json::Value::Null if self.choose(2) == 0 => self.out.push('\n'),
            other => {
                self.out.push(' ');
                self.flow(other);
                self.out.push('\n');
            }
        }
    }

    /// More space than needed.
    fn space(&mut self) {
        if self.choose(8) == 0 {
            self.out.push_str("   ");
        }
    }

    fn flow(&mut self, value: &serde_json::Value) {
        match value {
            serde_json::Value::Array(items) => {
                self.out.push('[');
                for item in items {
                    self.flow(item);
                    let between = [", ", ",", " , "][usize::from(self.choose(3))];
                    self.out.push_str(between);
                }
                self.out.push(']');
            }
            serde_json::Value::Object(entries) => {
                self.out.push('{');
                for (key, value) in entries {
                    self.key(key);
                    self.out.push_str(": ");
                    self.flow(value);
                    self.out.push_str(", ");
                }
                self.out.push('}');
            }
            serde_json::Value::String(text) if self.choose(2) == 0 && is_plain(text) => {
                self.out.push_str(text);
            }
            serde_json::Value::String(text) => self.out.push_str(&double(text)),
            other => self.out.push_str(&other.to_string()),
        }
    }

    fn key(&mut self, key: &str) {
        match self.choose(3) {
            0 if is_plain(key) => self.out.push_str(key),
            1 if is_single(key) && !key.contains('\n') => write!(self.out, "'{}'", key.replace('\'', "''")).unwrap(),
            _ => self.out.push_str(&double(key)),
        }
    }

    fn string(&mut self, text: &str, indent: usize) {
        let pad = " ".repeat(indent.max(1));
        match self.choose(6) {
            0 if is_plain(text) => self.out.push_str(text),
            // folded at a space
            1 if is_plain(text) && text.contains(' ') => {
                self.out.push_str(&text.replacen(' ', &format!("  \n{pad} "), 1))
            }
            2 if is_single(text) => {
                self.out.push_str(&format!("'{}'", text.replace('\'', "''").replace('\n', &format!("\n\n{pad}"))))
            }
            3 if is_block(text) => {
                let (header, body) = block(text, indent);
                write!(self.out, "|{header}").unwrap();
                for line in body.lines() {
                    self.out.push('\n');
                    if !line.is_empty() {
                        write!(self.out, "{pad}{line}").unwrap();
                    }
                }
            }
            4 if is_block(text) && text.lines().all(|line| !line.starts_with([' ', '\t'])) => {
                let (header, body) = block(text, indent);
                write!(self.out, ">{header}").unwrap();
                let mut before = true;
                for line in body.lines() {
                    // a break between lines with words is written twice
                    if !before && !line.is_empty() {
                        self.out.push('\n');
                    }
                    before = line.is_empty() && before;
                    self.out.push('\n');
                    if !line.is_empty() {
                        write!(self.out, "{pad}{}", fold(line, &pad)).unwrap();
                    }
                }
            }
            5 => {
                // cut by an escaped line break
                let written = double(text);
                let middle = written.find('a').map(|at| at + 1);
                match middle {
                    Some(at) if !written[at..].starts_with([' ', '\t']) => {
                        self.out.push_str(&format!("{}\\\n{pad}{}", &written[..at], &written[at..]))
                    }
                    _ => self.out.push_str(&written),
                }
            }
            _ => self.out.push_str(&double(text)),
        }
    }
}

/// Breaks a line at its first single space between letters.
fn fold(line: &str, pad: &str) -> String {
    let letters = |at: usize| {
        line[..at].ends_with(|c: char| c.is_alphanumeric()) && line[at + 1..].starts_with(|c: char| c.is_alphanumeric())
    };
    match line.match_indices(' ').find(|(at, _)| letters(*at)) {
        Some((at, _)) => format!("{}\n{pad}{}", &line[..at], &line[at + 1..]),
        None => line.to_owned(),
    }
}

/// The indicators of a block scalar, and its lines.
fn block(text: &str, indent: usize) -> (String, String) {
    let chomping = match (text.ends_with('\n'), text.ends_with("\n\n")) {
        (false, _) => "-",
        (true, false) => "",
        (true, true) => "+",
    };
    let leading = text.starts_with([' ', '\n']) || indent == 0;
    (format!("{}{chomping}", if leading { indent.clamp(1, 2).to_string() } else { String::new() }), text.to_owned())
}

fn double(text: &str) -> String {
    serde_json::to_string(text).unwrap().replace('\u{7f}', "\\x7f")
}

fn is_plain(text: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '/' | '_' | '-' | ':' | '*' | '$');
    text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(word)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains("  ")
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str())
}

fn is_single(text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    !text.contains(|c: char| c.is_control() && c != '\n')
        && lines.iter().all(|line| lines.len() == 1 || (!line.is_empty() && line.trim() == *line))
}

fn is_block(text: &str) -> bool {
    !text.trim_matches(['\n', ' ']).is_empty()
        && !text.contains(|c: char| c.is_control() && c != '\n')
        // lines of blanks alone are beyond this writer
        && text.split('\n').all(|line| line.is_empty() || !line.trim_matches(' ').is_empty())
        && !text.lines().next().unwrap_or_default().starts_with(' ')
}

fn write(value: &serde_json::Value, choices: &[u8]) -> String {
    let mut writer = Writer { choices, at: 0, out: "---".to_owned() };
    writer.value(value, 0);
    writer.out
}

fn arbitrary() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        1 => Just(serde_json::Value::Null),
        1 => any::<bool>().prop_map(Into::into),
        1 => any::<i64>().prop_map(Into::into),
        1 => (-1_000_000..1_000_000i64).prop_map(|n| (n as f64 / 64.0).into()),
        4 => "[ab é\u{1F600}]{0,8}".prop_map(Into::into),
        2 => "[ab .:*/$_-]{0,12}".prop_map(Into::into),
        4 => "[ab \n'é]{0,10}".prop_map(Into::into),
        2 => "[ab\"\\\\\t\r{}#,&!|>%@\u{0}\u{7f}`\\[\\]?-]{0,8}".prop_map(Into::into),
        1 => prop::sample::select(vec!["true", "~", "1", "0x1f", "1e3", "null", "", "<<", "- a", "a: b", ".5", "2012-10-17"]).prop_map(Into::into),
    ];
    let key = prop_oneof!["[a-c]{0,3}", "[ab é:'\"#-]{0,5}"];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// The value without spans.
fn plain(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Scalar(scalar) => match scalar.kind {
            ScalarKind::String => scalar.text.as_str().into(),
            ScalarKind::Null => serde_json::Value::Null,
            ScalarKind::Bool => (scalar.text.as_str().to_lowercase() == "true").into(),
            ScalarKind::Number => serde_json::from_str(scalar.text.as_str()).unwrap(),
        },
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(entries) => {
            let pairs = entries.iter().map(|entry| (entry.key.as_str().to_owned(), plain(&entry.value)));
            serde_json::Value::Object(pairs.collect())
        }
        Value::Call(_) => serde_json::Value::Null,
    }
}

/// Every character leads to itself, or to an escape.
fn assert_characters_lead_back(text: &Text, file: &str) {
    for (at, c) in text.as_str().char_indices() {
        let end = at + c.len_utf8();
        let written = &file[text.span_of(at..end).range()];
        let itself = written == text.as_str()[at..end].to_owned();
        let folded = c.is_whitespace() && written.trim_matches([' ', '\t', '\n', '\r', '\\']).is_empty();
        assert!(
            itself || folded || written.starts_with('\\') || written == "''",
            "{c:?} of {text:?} led to {written:?} in\n{file}"
        );
    }
}

fn assert_spans(node: &Node, file: &str) {
    assert!(file.get(node.span.range()).is_some());
    if let Value::Scalar(scalar) = &node.value {
        assert_characters_lead_back(&scalar.text, file);
        let text = scalar.text.as_str();
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len();
        assert!(start >= end || node.span.contains(scalar.text.span_of(start..end)));
    }
    for item in node.items() {
        assert!(node.span.contains(item.span), "{:?} in {:?} of\n{file}", item.span, node.span);
        assert_spans(item, file);
    }
    for entry in node.entries() {
        assert_characters_lead_back(&entry.key, file);
        assert!(node.span.contains(entry.value.span), "{:?} in {:?} of\n{file}", entry.value.span, node.span);
        assert_spans(&entry.value, file);
    }
}

fn judge(name: &str, text: &str) -> Verdict {
    let facts = Facts {
        catalogue: Catalogue::builtin(),
        actions: ActionCatalogue::builtin(),
        as_of: "2026-11-22".parse().unwrap(),
        settings: None,
        answers: None,
    };
    let verdict = lint(&[Arc::new(Source::new(name, text))], &FormatOptions::default(), &facts);
    for finding in &verdict.findings {
        let labels = std::iter::once(&finding.primary).chain(&finding.related).map(|label| &label.at);
        for at in labels.chain(finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| &edit.at)) {
            assert!(text.get(at.span.range()).is_some(), "{} at {:?} in {text}", finding.rule, at.span);
        }
    }
    verdict
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_is_what_serde_reads(value in arbitrary(), choices in prop::collection::vec(any::<u8>(), 1..40), crlf in any::<bool>()) {
        let mut text = write(&value, &choices);
        let serde: serde_json::Value = serde_yaml::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error} in\n{text}")))?;
        prop_assert_eq!(&serde, &value, "{}", text);
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let stream = yaml::parse(&text, &SourceMap::Verbatim(0));
        prop_assert_eq!(stream.documents.len(), 1);
        let root = stream.documents[0].as_ref().map_err(|fault| TestCaseError::fail(format!("{fault:?} in\n{text}")))?;
        prop_assert_eq!(plain(root), value, "{}", text);
        assert_spans(root, &text);
    }

    #[test]
    fn json_is_yaml_with_the_same_spans(value in arbitrary(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        // which JSON leaves as it is, and YAML does not have
        let text = text.replace('\u{7f}', "\\u007f");
        let json = json::parse(&text, &SourceMap::Verbatim(0)).unwrap().unwrap().root;
        let yaml = yaml::parse(&text, &SourceMap::Verbatim(0)).documents.remove(0).unwrap();
        prop_assert_eq!(format!("{yaml:?}"), format!("{json:?}"), "{}", text);
    }

    #[test]
    fn any_yaml_signs_are_survived(text in r#"(---|\.\.\.|<<: |[\-\?:,\[\]{}#&*!|>'"%@` ab0~\\\n\t\r\u{feff}é😀+<-]){0,40}"#) {
        let stream = yaml::parse(&text, &SourceMap::Verbatim(0));
        for document in &stream.documents {
            match document {
                Ok(_) => {}
                Err(fault) => prop_assert!(text.get(fault.span.range()).is_some(), "{:?}", fault),
            }
        }
        for comment in &stream.comments {
            prop_assert!(text[comment.range()].starts_with('#'));
        }
        judge("p.yaml", &text);
        judge("-", &text);
    }

    #[test]
    fn any_dotenv_signs_are_survived(text in r#"(export |\$\{|:-|[A-C_0-9=:"'`\\#\$\{\} \n\r\t\u{feff}é😀nt]){0,60}"#) {
        let document = dotenv::parse(&text, &SourceMap::Verbatim(0));
        prop_assert!(document.faults.iter().all(|fault| text.get(fault.span.range()).is_some()));
        prop_assert!(document.comments.iter().all(|span| text[span.range()].starts_with('#')));
        let mut end = 0;
        for entry in document.root.entries() {
            assert_characters_lead_back(&entry.key, &text);
            prop_assert!(end <= entry.key.span().start && entry.key.span().end <= entry.value.span.start);
            end = entry.value.span.end;
            prop_assert!(text.get(entry.value.span.range()).is_some());
            if let Some(value) = entry.value.string() {
                assert_characters_lead_back(value, &text);
                for hole in value.holes() {
                    prop_assert!(value.as_str()[hole.range.clone()].starts_with('$'));
                }
            }
        }
    }
}

/// Rule and underlined value of every finding, however it is written.
fn told(verdict: &Verdict) -> Vec<String> {
    let told = verdict.findings.iter().map(|finding| {
        let at = &finding.primary.at;
        let column = usize::try_from(at.start().column).unwrap();
        let text = format!("{}{}", " ".repeat(column - 1), at.text());
        // a string that goes on behind an escaped line break
        let text = match text.split_once("\\\n") {
            Some((first, rest)) => format!("{first}{}", rest.trim_start()),
            None => text,
        };
        let value = serde_yaml::from_str::<serde_json::Value>(&text).unwrap_or_else(|_| at.text().into());
        format!("{} {:?} {value}", finding.rule, finding.confidence)
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

#[test]
fn policies_in_yaml_are_judged_as_in_json() {
    let mut count = 0;
    for folder in ["fixtures/broken", "fixtures/clean"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else {
                continue;
            };
            count += 1;
            let json = judge(&format!("{name}.json"), &serde_json::to_string_pretty(&value).unwrap());
            for choices in [[1, 1, 1, 1].as_slice(), &[1, 0, 1, 2, 1], &[3, 1, 2, 5, 7, 1, 0, 3, 2, 1, 1]] {
                let text = write(&value, choices);
                let yaml = judge(&format!("{name}.yaml"), &text);
                assert_eq!(told(&yaml), told(&json), "{name}\n{text}");
                assert_eq!(yaml.problems.len(), json.problems.len(), "{name}: {:?}", yaml.problems);
            }
        }
    }
    assert!(count > 80, "the fixtures are not there");
}

const PROFILE: &str = "arn:aws:bedrock:*:111122223333:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0";

/// Rules of errors and what they underline.
fn errors(verdict: &Verdict) -> Vec<(&str, &str)> {
    let errors = verdict.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.rule, finding.primary.at.text())).collect()
}

#[test]
fn policies_where_they_stand_in_yaml() {
    let statement = |resource: &str| {
        format!("Statement:\n- Effect: Allow\n  Action: bedrock:InvokeModel\n  Resource: {resource}\n")
    };
    let document = format!("Version: 2012-10-17\n{}", statement(PROFILE));
    let inside =
        |head: &str| format!("{head}\n{}", document.lines().map(|line| format!("    {line}\n")).collect::<String>());
    let json = format!(
        "{{\"Version\": \"2012-10-17\",\n    \"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"bedrock:*\", \"Resource\": \"{PROFILE}\"}}}}"
    );
    let anchored = document.replace("Resource: arn", "Resource: &a arn");
    for text in [
        document.clone(),
        format!("\u{feff}{document}"),
        document.replace('\n', "\r\n"),
        format!("# first\n---\nother: file\n---\n{document}"),
        format!("a: [\n---\n{document}"),
        format!("- Sid: x\n- {}", document.replace('\n', "\n  ")),
        json.replace("\n    ", "\n\t"),
        format!("\t{}", json.replace("\n    ", "\n\t")),
        inside("PolicyVersion:\n  VersionId: v1\n  Document:"),
        inside("RoleName: r\nPolicyName: p\nPolicyDocument:"),
        format!("Policy:\n  Content: '{json}'\n  PolicySummary: {{Type: NONE}}\n"),
        format!("Policy:\n  Content: {}\n", serde_json::to_string(&json).unwrap()),
        format!("PolicyDocument: |-\n    {json}\nRoleName: r\n"),
        format!("PolicyDocument: >\n    {json}\n"),
        format!("x: &a\n  Effect: Allow\n  Resource: {PROFILE}\nStatement: {{<<: *a, Action: bedrock:InvokeModel}}\n"),
        anchored
            .replace("Effect", "Condition: {StringNotEquals: {aws:PrincipalTag/x: *a}}\n  Effect")
            .replace("*a", "y"),
    ] {
        for name in ["p.yaml", "p.yml", "-", "policy"] {
            let verdict = judge(name, &text);
            assert_eq!(errors(&verdict), [("missing-model-grant", PROFILE)], "{name}\n{text}");
            let broken = usize::from(text.starts_with("a: [") && name.starts_with("p."));
            assert_eq!(
                verdict.problems.len(),
                if name == "policy" { 0 } else { broken },
                "{name}: {:?}\n{text}",
                verdict.problems
            );
        }
    }
    let escaped = judge("p.yaml", &statement(&format!("\"{}\"", PROFILE.replace('/', "\\x2f"))));
    assert_eq!(errors(&escaped), [("missing-model-grant", PROFILE.replace('/', "\\x2f").as_str())]);
}

#[test]
fn what_is_computed_is_not_known() {
    for text in [
        format!(
            "Statement:\n- {{Effect: Allow, Action: bedrock:InvokeModel, Resource: [{PROFILE}, !Sub 'arn:${{X}}']}}\n"
        ),
        format!("Statement:\n- {{Effect: Allow, Action: bedrock:InvokeModel, Resource: [{PROFILE}, !GetAtt a.b]}}\n"),
        format!("Statement:\n- {{Effect: Allow, Action: bedrock:InvokeModel, Resource: {PROFILE}}}\n- !If [a, b, c]\n"),
        format!("Statement:\n- {{Effect: Allow, Action: !Ref A, Resource: {PROFILE}}}\n"),
        format!("Statement:\n- {{Effect: !Ref E, Action: bedrock:InvokeModel, Resource: {PROFILE}}}\n"),
        "Statement:\n- {Effect: Allow, Action: bedrock:InvokeModel, Resource: {{ .Values.arn }}}\n".to_owned(),
        "Statement: !Ref S\nVersion: !Ref V\n".to_owned(),
    ] {
        let verdict = judge("p.yaml", &text);
        assert_eq!(errors(&verdict), [], "{text}");
        assert_eq!(verdict.problems, [], "{text}");
    }
}

/// Problems and policies of a file that was found on the way.
fn walked(name: &str, text: &str) -> (Vec<String>, usize) {
    let facts = formats::read(&Arc::new(Source::new(name, text)), &FormatOptions::default(), false);
    (facts.problems.into_iter().map(|problem| problem.message).collect(), facts.policies.len())
}

#[test]
fn other_files_are_met_with_silence() {
    let helm =
        "{{- if .Values.bedrock }}\nStatement:\n  - Effect: Allow\n    Action: bedrock:InvokeModel\n{{- end }}\n";
    for (name, text) in [
        ("templates/role.yaml", helm),
        ("values.yaml", "model: bedrock:x\nContent: '{{ tpl }}'\nDocument: {{ x }}\n"),
        ("playbook.yml", "- hosts: all\n  tasks: [{% raw %}\n  Effect Statement bedrock:\n"),
        ("broken.yaml", "bedrock: [\n"),
        ("notes", "Statement: Effect bedrock: [\n"),
        ("main.tf", "resource \"aws_iam_policy\" \"p\" {}\n"),
    ] {
        assert_eq!(walked(name, text), (vec![], 0), "{name}");
    }
    // but not where a policy goes unread
    let broken = format!(
        "Statement:\n- Effect: Allow\n  Action: bedrock:*\n  Resource: *\n---\nStatement: {{Effect: Deny, Action: '*', Resource: {PROFILE}}}\n"
    );
    let (problems, policies) = walked("policy.yaml", &broken);
    assert!(problems.len() == 1 && problems[0].starts_with("not YAML: "), "{problems:?}");
    assert_eq!(policies, 1);
    // nor where the user named the file
    let named = |name: &str, text: &str| {
        judge(name, text).problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
    };
    assert!(named("role.yaml", helm)[0].starts_with("not YAML before this template is rendered: "));
    assert!(named("a.yaml", "\t- x: [\n")[0].starts_with("not YAML: "));
    assert_eq!(named("a.yaml", "# nothing\n"), ["the file is empty: an IAM policy or an adapter is expected"]);
    assert!(named("main.tf", "Some: words\n")[0].starts_with("not HCL: "));
    for name in ["-", "README"] {
        let message = "not a format that is read yet: an IAM policy or an adapter in JSON or YAML, or environment \
                       variables that call Amazon Bedrock, are expected";
        assert_eq!(named(name, "Some: words\nof: prose\n"), [message]);
        assert_eq!(named(name, "resource \"a\" {\n"), [message]);
    }
}

#[test]
fn files_that_nobody_would_write() {
    let policy = |resource: &str| {
        format!("Statement:\n- Effect: Allow\n  Action: bedrock:InvokeModel\n  Resource: {resource}\n")
    };
    for open in ["[", "{a: ", "- ", "? ", "!a [", "&a [", "- !b\n  "] {
        let verdict = judge("p.yaml", &format!("a: {}", open.repeat(100_000)));
        assert_eq!(verdict.problems.len(), 1, "{open}");
    }
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..60 {
        writeln!(bomb, "a{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 9].join(", ")).unwrap();
    }
    let verdict = judge("p.yaml", &format!("{bomb}---\n{}", policy(PROFILE)));
    assert_eq!(verdict.problems.len(), 1);
    assert!(verdict.problems[0].message.contains("aliases") && verdict.problems[0].position.is_some());
    assert_eq!(errors(&verdict), [("missing-model-grant", PROFILE)]);
    // values that go on and on
    for line in [
        "A=\"${\n",
        "A='\n",
        "A=`${x\n",
        "A=\"\\$\\${\n",
        "A: ${a:-${b\n",
        "# c\n",
        "x",
        "A=# \n",
        "export ",
        "$",
        "${",
    ] {
        let text = format!("A=\"b{}", line.repeat(100_000));
        assert_eq!(dotenv::parse(&text, &SourceMap::Verbatim(0)).root.span.range(), 0..text.len());
        let repeated = line.repeat(100_000);
        assert_eq!(dotenv::parse(&repeated, &SourceMap::Verbatim(0)).root.span.range(), 0..repeated.len());
    }
    let verdict = judge("p.yaml", &policy(&format!("[{}]", "'x', ".repeat(100_000))));
    assert_eq!(verdict.problems, []);
    for long in [
        "a ".repeat(200_000),
        format!("|\n{}", "    a\n\n".repeat(100_000)),
        format!(">\n{}", "    a\n".repeat(100_000)),
        format!("\"{}\"", "\\x41\\\n  ".repeat(50_000)),
        format!("'{}'", "''".repeat(100_000)),
    ] {
        assert_eq!(judge("p.yaml", &policy(&long)).problems, [], "{:?}", &long[..20]);
    }
}

#[test]
fn fixes_are_quoted_where_the_value_was_not() {
    for resource in [
        "arn:aws:aws-marketplace:us-east-1::x",
        "[ arn:aws:aws-marketplace:us-east-1::x ]",
        "'arn:aws:aws-marketplace:us-east-1::x'",
    ] {
        let text =
            format!("Statement:\n- Effect: Allow\n  Action: aws-marketplace:Subscribe\n  Resource: {resource}\n");
        let verdict = judge("p.yaml", &text);
        let finding = verdict.findings.iter().find(|finding| finding.rule == "scoped-marketplace-action").unwrap();
        let edit = &finding.fix.as_ref().unwrap().edits[0];
        let fixed =
            format!("{}{}{}", &text[..edit.at.span.range().start], edit.text, &text[edit.at.span.range().end..]);
        let verdict = judge("p.yaml", &fixed);
        assert_eq!(verdict.problems, [], "{fixed}");
        assert_eq!(errors(&verdict), [], "{fixed}");
    }
}
