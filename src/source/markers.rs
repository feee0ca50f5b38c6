//! Which files are worth parsing: one scan of the bytes for the words that policies and Bedrock calls cannot do without.

use std::io::{self, Read};
use std::path::Path;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::bedrock::model_stems;

/// A file without any of these and without the id of a model says nothing about Bedrock and is never decoded. Two are variables of
/// clients: all that a file of them may say.
const RELEVANT: [&str; 9] = [
    "bedrock",
    "foundation-model",
    "inference-profile",
    "aws:RequestedRegion",
    "AssumeRoleWithWebIdentity",
    "aws-marketplace:",
    "CLAUDE_CODE_USE_MANTLE",
    "ZED_AWS_REGION",
    // how API keys begin whose user the console made: `BedrockAPIKey-` in base64
    "ABSKQmVkcm9ja0FQSUtleS",
];

/// A relevant file with one of these is meant to be read: failing to read it is a problem, not a shrug.
const POLICY: [&str; 3] = ["\"Effect\"", "foundation-model", "bedrock:"];

/// What a client of Amazon Bedrock is told in a file of settings, beside the ids of models.
const ADAPTER: [&str; 7] = [
    "AWS_BEARER_TOKEN_BEDROCK",
    "BEDROCK_MODEL",
    "BEDROCK_REGION",
    "CLAUDE_CODE_USE_",
    "aws_bedrock",
    "bedrock/",
    "inference-profile",
];

fn is_called_terraform(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|end| name.ends_with(end))
}

/// What a file of Terraform has that attaches policies which stand elsewhere, or calls a module of the same repository:
/// without saying anything of Bedrock itself, it says who is granted what others grant.
const TIES: [&str; 3] = ["aws_iam_", "\"./", "\"../"];

/// What templates of AWS CloudFormation and manifests of Kubernetes have that do the same: principals, nested stacks, and
/// objects of the controllers of IAM.
const TEMPLATE_TIES: [&str; 5] =
    ["AWS::CloudFormation::Stack", "AWS::IAM::", "AWS::Serverless::Application", "iam.aws.", "iam.services.k8s.aws"];

fn is_called_template(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| matches!(extension, "json" | "template" | "yaml" | "yml"))
}

/// How much of a file that is not kept is held at a time.
const CHUNK: usize = 64 * 1024;

/// More than the longest marker, so that one which two chunks share is seen.
const OVERLAP: usize = 32;

/// Files with a NUL this early are taken for binary.
const BINARY_HEAD: usize = 1024;

/// The compiled markers.
#[derive(Debug)]
pub(super) struct Markers {
    relevant: Option<AhoCorasick>,
    policy: Option<AhoCorasick>,
    adapter: Option<AhoCorasick>,
    ties: Option<AhoCorasick>,
    template_ties: Option<AhoCorasick>,
}

impl Markers {
    /// Compiles the markers.
    pub(super) fn new() -> Self {
        let relevant = RELEVANT.into_iter().map(str::to_owned).chain(model_stems());
        let adapter = ADAPTER.into_iter().map(str::to_owned).chain(model_stems());
        Self {
            relevant: automaton(relevant),
            policy: automaton(POLICY),
            adapter: automaton(adapter),
            ties: automaton(TIES),
            template_ties: automaton(TEMPLATE_TIES),
        }
    }

    /// Whether the bytes mention something this program knows.
    pub(super) fn relevant(&self, bytes: &[u8]) -> bool {
        found(self.relevant.as_ref(), bytes)
    }

    /// Whether the bytes look like a policy or an adapter, given that they are relevant.
    pub(super) fn policy_or_adapter(&self, bytes: &[u8]) -> bool {
        let says = |bytes: &[u8]| found(self.policy.as_ref(), bytes) || found(self.adapter.as_ref(), bytes);
        if wide_encoding(bytes).is_some() { says(&without_nul(bytes)) } else { says(bytes) }
    }

    /// Whether a file of infrastructure may tie together what others say.
    pub(super) fn ties(&self, path: &Path, bytes: &[u8]) -> bool {
        (is_called_terraform(path) && found(self.ties.as_ref(), bytes))
            || (is_called_template(path) && found(self.template_ties.as_ref(), bytes))
    }

    /// Whether a relevant file may say something that other files of infrastructure tie to something: they are not worth
    /// reading where there is none.
    pub(super) fn may_be_tied(&self, path: &Path, bytes: &[u8]) -> bool {
        is_called_terraform(path) || found(self.policy.as_ref(), bytes)
    }

    /// Whether a file of UTF-16 or UTF-32 mentions something this program knows (PowerShell's `>` writes such files).
    pub(super) fn relevant_wide(&self, bytes: &[u8]) -> bool {
        wide_encoding(bytes).is_some() && self.relevant(&without_nul(bytes))
    }

    /// Searches a stream in bounded memory; stops reading as soon as `enough` is known.
    pub(super) fn survey(&self, stream: &mut impl Read, enough: Enough) -> io::Result<Seen> {
        let mut seen = Seen { relevant: false, policy: false };
        let mut window: Vec<u8> = Vec::with_capacity(CHUNK + OVERLAP);
        loop {
            let kept = window.len();
            stream.by_ref().take(CHUNK as u64).read_to_end(&mut window)?;
            if window.len() == kept {
                return Ok(seen);
            }
            seen.relevant |= self.relevant(&window);
            seen.policy |= found(self.policy.as_ref(), &window);
            let done = match enough {
                Enough::Relevant => seen.relevant,
                Enough::RelevantPolicy => seen.relevant && seen.policy,
            };
            if done {
                return Ok(seen);
            }
            window.drain(..window.len().saturating_sub(OVERLAP));
        }
    }
}

/// Whether a text that is part of a file mentions something this program knows.
pub(crate) fn mentions_bedrock(text: &str) -> bool {
    static MARKERS: LazyLock<Markers> = LazyLock::new(Markers::new);
    MARKERS.relevant(text.as_bytes())
}

/// What a [`Markers::survey`] has to find out.
#[derive(Clone, Copy, Debug)]
pub(super) enum Enough {
    /// Whether the stream is relevant.
    Relevant,
    /// Whether it is a relevant policy.
    RelevantPolicy,
}

/// What a [`Markers::survey`] saw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) relevant: bool,
    pub(super) policy: bool,
}

/// Whether the head of a file is that of a binary one.
pub(super) fn is_binary(head: &[u8]) -> bool {
    head.iter().take(BINARY_HEAD).any(|byte| *byte == 0)
}

/// The encoding whose byte order mark a file begins with, if its characters have more bytes than those of UTF-8.
pub(super) fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    // that of UTF-32 begins like that of UTF-16
    let marks: [(&[u8], &str); 4] = [
        (&[0xff, 0xfe, 0, 0], "UTF-32"),
        (&[0, 0, 0xfe, 0xff], "UTF-32"),
        (&[0xff, 0xfe], "UTF-16"),
        (&[0xfe, 0xff], "UTF-16"),
    ];
    marks.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, encoding)| encoding)
}

fn without_nul(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != 0).collect()
}

/// The search for some words; none if it cannot be built, and then everything counts as found. A handful of short words
/// always can.
fn automaton(words: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        // some hundred states: the table is small, and it is the fastest kind on text that has no match
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .ok()
}

fn found(automaton: Option<&AhoCorasick>, bytes: &[u8]) -> bool {
    automaton.is_none_or(|automaton| automaton.is_match(bytes))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_in_any_case_and_across_chunks() {
        let markers = Markers::new();
        assert!(markers.relevant(b"x BeDrock y") && markers.relevant(b"MODEL=us.anthropic.claude-sonnet-4-6"));
        assert!(!markers.relevant(b"bed rock, anthropic.com, claude-sonnet-4-5"));
        for shift in 0..40 {
            let mut text = vec![b' '; CHUNK - shift];
            text.extend_from_slice(b"foundation-model");
            text.resize(CHUNK * 2, b' ');
            let seen = markers.survey(&mut text.as_slice(), Enough::RelevantPolicy).unwrap();
            assert!(seen.relevant && seen.policy, "shift {shift}");
        }
    }

    #[test]
    fn wide_encodings_are_looked_through() {
        let text = "\u{feff}\"Effect\" bedrock";
        let markers = Markers::new();
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        for text in [utf16, utf32] {
            assert!(!markers.relevant(&text) && markers.relevant_wide(&text) && markers.policy_or_adapter(&text));
        }
    }

    #[test]
    fn what_is_meant_as_an_adapter() {
        let markers = Markers::new();
        for text in ["MODEL=us.anthropic.claude-sonnet-4-6", "model: bedrock/x", "export CLAUDE_CODE_USE_BEDROCK=1"] {
            assert!(markers.policy_or_adapter(text.as_bytes()), "{text}");
        }
        assert!(!markers.policy_or_adapter(b"the bedrock of our house"));
    }
}
