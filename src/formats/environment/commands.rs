//! What shell commands do to the variables of what they start.

use std::ops::Range;

use crate::adapter::Field;
use crate::syntax::ScalarKind;
use crate::text::{Count, Text};

/// More variables than this no script sets.
const MOST: usize = 1000;

/// Scripts that a shell takes over and that say nothing of Amazon Bedrock: of Python, Node.js, Rust, the shell itself.
const HARMLESS: [&str; 7] = ["activate", "nvm.sh", "cargo/env", ".bashrc", ".profile", "/etc/profile", "ssh-agent"];

/// The variables that commands set, remove or read in, each with a value that is not known: it may depend on what ran
/// before, and the command may be one of several.
pub(in crate::formats) fn set(commands: &Text) -> Vec<Field> {
    let written = commands.as_str();
    let names = names(written).filter(|name| is_set(written, name));
    let fields = names.take(MOST).map(|name| {
        let key = commands.part(name);
        let span = key.span();
        Field { key, value: Text::unknown("${…}", span, Count::Single), kind: ScalarKind::String, span }
    });
    fields.collect()
}

/// Whether commands take over what another script sets: `source FILE`, `. FILE`, `eval …`.
pub(super) fn take_over(commands: &str) -> bool {
    let is_taken = |command: &str| {
        let mut words = command.split_whitespace().skip_while(|word| matches!(*word, "do" | "else" | "if" | "then"));
        matches!(words.next(), Some("." | "source" | "eval")) && words.next().is_some()
    };
    let lines = commands.lines().filter(|line| !HARMLESS.iter().any(|script| line.contains(script)));
    lines.flat_map(|line| line.split([';', '&', '|', '(', '{', '"', '\''])).any(is_taken)
}

/// The words of a text that are written like names of variables: in capitals, whole.
fn names(written: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut at = 0;
    let words = written.split(move |c: char| !is_part(c)).map(move |word| {
        let start = at;
        // what splits is one character, of which the rest of the text tells the length
        let end = start + word.len();
        at = end + written.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        start..end
    });
    words.filter(|name| {
        let word = written.get(name.clone()).unwrap_or_default();
        word.len() > 1
            && word.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && !word.contains(|c: char| c.is_ascii_lowercase())
    })
}

/// Whether the variable of a name that stands here is set: by a shell (`NAME=value`, `unset NAME`, `read NAME`), by
/// `PowerShell` (`$env:NAME = …`), by what scripts of other languages do (`environ["NAME"] = …`, `exportVariable("NAME", …`).
/// Not where it is only set to what it is already.
fn is_set(written: &str, name: &Range<usize>) -> bool {
    let (before, behind) = (written.get(..name.start), written.get(name.end..));
    let (before, behind) = (before.unwrap_or_default(), behind.unwrap_or_default());
    if before.ends_with('$') || before.ends_with("${") {
        return false;
    }
    let command = before.trim_end_matches(['"', '\'', ' ']);
    if ["unset", "read", "read -r", "env -u", "exportVariable("].iter().any(|sets| command.ends_with(sets)) {
        return true;
    }
    let closed = behind.trim_start_matches(['"', '\'', ']']);
    let may_be_apart = before.ends_with(':') || closed.len() < behind.len();
    let sign = if may_be_apart { closed.trim_start_matches(' ') } else { closed };
    let Some(value) = sign.strip_prefix('=').filter(|value| !value.starts_with(['=', '~', '>'])) else {
        return sign.starts_with("<<");
    };
    let word = written.get(name.clone()).unwrap_or_default();
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let itself = value.strip_prefix("${").or_else(|| value.strip_prefix('$')).and_then(|rest| rest.strip_prefix(word));
    itself.is_none_or(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;
    use crate::text::SourceMap;

    fn shown(written: &str) -> Vec<String> {
        let fields = set(&Text::new(written, SourceMap::Verbatim(0)));
        fields
            .iter()
            .map(|field| {
                assert_eq!(field.literal(), None);
                assert_eq!(&written[field.key.span().range()], field.key.as_str());
                field.key.as_str().to_owned()
            })
            .collect()
    }

    #[test]
    fn variables_that_commands_set() {
        for written in [
            "export AWS_REGION=eu-west-1",
            "set -e\n  AWS_REGION=eu-west-1 ./chat",
            "sh -c \"AWS_REGION=eu-west-1 exec app\"",
            "env AWS_REGION=eu-west-1 app",
            "echo \"AWS_REGION=eu-west-1\" >> $GITHUB_ENV",
            "echo 'AWS_REGION<<END' >> $GITHUB_ENV",
            "$env:AWS_REGION = 'eu-west-1'",
            "os.environ[\"AWS_REGION\"] = region",
            "core.exportVariable('AWS_REGION', region)",
            "unset AWS_REGION",
            "echo \u{e9}; read -r AWS_REGION < region.txt",
            "AWS_REGION=$AWS_REGION_OF_MODELS app",
        ] {
            assert_eq!(shown(written), ["AWS_REGION"], "{written}");
        }
    }

    #[test]
    fn variables_that_commands_only_read() {
        for written in [
            "echo \"$AWS_REGION\"",
            "test \"$AWS_REGION\" = eu-west-1",
            "[[ $AWS_REGION == eu-west-1 ]]",
            "echo ${AWS_REGION:=us-east-1}",
            "export AWS_REGION=\"${AWS_REGION:-us-east-1}\"",
            "AWS_REGION=$AWS_REGION app",
            "print(os.environ[\"AWS_REGION\"])",
            "if environ['AWS_REGION'] == 'x': pass",
            "echo AWS_REGION is not set",
            "region=eu-west-1",
            "",
        ] {
            assert_eq!(shown(written), [""; 0], "{written}");
        }
    }

    #[test]
    fn scripts_that_are_taken_over() {
        for written in
            ["source ./env.sh", "set -a; . ./.env; set +a", "sh -c '. /etc/app.env && exec app'", "eval $(x)"]
        {
            assert!(take_over(written), "{written}");
        }
        for written in
            [". .venv/bin/activate", "docker build .", "eval $(ssh-agent -s)", "ls . && cat source", "echo source"]
        {
            assert!(!take_over(written), "{written}");
        }
    }
}
