//! Names for findings that outlive edits around them, for baselines and trackers.
//!
//! A fingerprint is the first 32 hexadecimal characters of the SHA-256 over these parts, each behind its length:
//!
//! 1. the rule's slug
//! 2. the path as it is shown, secrets masked
//! 3. the finding's anchor (resource address, Sid, key path without list indexes), secrets masked
//! 4. the SHA-256 of the value at the primary span in its canonical spelling, in which a secret is masked
//! 5. the ordinal among findings that are equal in all of these, in the order of the report
//!
//! Line numbers and indentation are not among them: the fingerprint survives inserted lines, another layout of the same
//! value, and moved statements.
//!
//! Where several places are to blame alike, a rule takes the first as the primary one. Its fingerprint follows that
//! place, and so changes when another of them is moved to the front. Hashing all of them instead would change it
//! whenever a place is added or mended, which happens far more often; and a related place does not say whether it is to
//! blame like the primary one, or only helps to understand.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::canonical::canonical;
use super::mask::mask;
use crate::finding::Finding;

/// Characters of a fingerprint; 128 bits.
const LENGTH: usize = 32;

/// The fingerprints of findings that were numbered (`number`).
#[must_use]
pub fn fingerprints(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(fingerprint).collect()
}

/// The fingerprint of a finding that was numbered (`number`).
#[must_use]
pub fn fingerprint(finding: &Finding) -> String {
    let digest = Sha256::new().chain_update(identity(finding)).chain_update(finding.ordinal.to_be_bytes()).finalize();
    hex(&digest)
}

/// Tells equals apart. Done once over all findings of a run, so that a fingerprint does not depend on which of them are
/// shown or silenced.
pub(crate) fn number(findings: &mut [Finding]) {
    let mut met: HashMap<Vec<u8>, u64> = HashMap::new();
    for finding in findings {
        let next = met.entry(identity(finding)).or_default();
        finding.ordinal = *next;
        *next += 1;
    }
}

fn identity(finding: &Finding) -> Vec<u8> {
    let value = Sha256::digest(canonical(finding.primary.at.text()).as_bytes());
    let mut identity = Vec::new();
    for part in [
        finding.rule.as_bytes(),
        mask(finding.primary.at.source.path()).as_bytes(),
        mask(&finding.anchor).as_bytes(),
        value.as_slice(),
    ] {
        identity.extend((part.len() as u64).to_be_bytes());
        identity.extend(part);
    }
    identity
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|n| char::from_digit(n.into(), 16))
        .take(LENGTH)
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::super::human::tests::finding;
    use super::*;

    fn one(text: &str) -> String {
        fingerprints(&[finding("a.json", text, "value", &[])])[0].clone()
    }

    #[test]
    fn it_survives_edits_elsewhere_and_sees_the_value() {
        let first = one("{ value }");
        assert_eq!(first.len(), LENGTH);
        assert_eq!(first, one("{\n\n   value }"));
        assert_ne!(first, fingerprints(&[finding("a.json", "{ other }", "other", &[])])[0]);
        assert_ne!(first, fingerprints(&[finding("b.json", "{ value }", "value", &[])])[0]);
    }

    #[test]
    fn it_survives_another_layout_of_a_list() {
        let print = |list: &str| {
            let text = format!("{{ \"aws:RequestedRegion\": {list} }}");
            fingerprints(&[finding("a.json", &text, list, &[])])[0].clone()
        };
        let minified = print(r#"["us-east-1","us-west-2"]"#);
        for list in [
            "[\n  \"us-east-1\",\n  \"us-west-2\"\n]",
            "[\n       \"us-east-1\",\n       \"us-west-2\"\n       ]",
            r#"["us-west-2", "us-east-1"]"#,
            r#"["us\u002dwest-2", "us-east-1"]"#,
        ] {
            assert_eq!(print(list), minified, "{list}");
        }
        assert_ne!(print(r#"["us-east-1","us-west-1"]"#), minified);
        assert_eq!(print(r"a\/b"), print("a/b"));
    }

    #[test]
    fn equals_are_told_apart_by_their_order() {
        let mut twice = vec![finding("a.json", "value", "value", &[]); 2];
        number(&mut twice);
        let prints = fingerprints(&twice);
        assert_ne!(prints[0], prints[1]);
        assert_eq!(prints[0], one("value"));
    }

    #[test]
    fn a_secret_does_not_shape_it() {
        let key = |end: &str| format!("ABSK{}{end}", "QmVkcm9ja0FQSUtleS0x".repeat(3));
        let prints: Vec<String> = ["aaaa", "bbbb"]
            .iter()
            .map(|end| fingerprints(&[finding("a", &key(end), &key(end), &[])]).pop().unwrap())
            .collect();
        assert_eq!(prints[0], prints[1]);
    }
}
