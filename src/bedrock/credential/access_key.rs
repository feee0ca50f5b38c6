//! Access key ids. They are no secrets: AWS prints them in logs and in the address of every presigned request.

use super::is_account;
use super::shape::is_made_up;

/// What an access key id says of itself.
///
/// Prefixes: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>. Accounts, which AWS does not
/// document: <https://awsteele.com/blog/2020/09/26/aws-access-key-format.html> and
/// <https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKeyId {
    /// What it is the id of.
    pub kind: AccessKeyKind,
    /// The account, twelve digits. Ids from before 2019 or so do not hold it, and examples have none.
    pub account: Option<Box<str>>,
    example: bool,
}

/// What an access key id is the id of, by its first four characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessKeyKind {
    /// `AKIA`: an access key of an IAM user, valid until it is deleted.
    LongLived,
    /// `ASIA`: temporary credentials of STS, which are refused without their session token.
    Temporary,
    /// `ABIA`: a bearer token of STS.
    Bearer,
    /// `ACCA`: a credential for one service; what IAM calls a long-term Bedrock API key, not the key itself.
    ServiceSpecific,
}

/// Characters of an id.
const LENGTH: usize = 20;

/// Characters of the prefix.
const PREFIX: usize = 4;

/// The alphabet of base32 (RFC 4648), in which the id holds its account.
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

impl AccessKeyKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::LongLived, Self::Temporary, Self::Bearer, Self::ServiceSpecific];

    /// How ids of this kind begin.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::LongLived => "AKIA",
            Self::Temporary => "ASIA",
            Self::Bearer => "ABIA",
            Self::ServiceSpecific => "ACCA",
        }
    }
}

impl AccessKeyId {
    /// Reads an access key id; white space around it does not count. `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let kind = AccessKeyKind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix()))?;
        let rest = text.get(PREFIX..)?;
        // published examples hold digits that base32 does not have
        if text.len() != LENGTH || !rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return None;
        }
        let example = is_made_up(rest);
        Some(Self { kind, account: account(rest).filter(|_| !example), example })
    }

    /// Whether it is nobody's: published by AWS (`AKIAIOSFODNN7EXAMPLE`), or a filler such as `AKIAXXXXXXXXXXXXXXXX`.
    pub fn is_example(&self) -> bool {
        self.example
    }
}

/// The account in the sixteen characters behind the prefix: 40 bits behind the first one of their first six bytes.
fn account(rest: &str) -> Option<Box<str>> {
    if rest.starts_with(['I', 'J']) {
        return None;
    }
    let mut bits: u128 = 0;
    for byte in rest.bytes() {
        let value = BASE32.iter().position(|letter| *letter == byte)?;
        bits = bits << 5 | value as u128;
    }
    let account = format!("{:012}", (bits >> 32 & 0x7fff_ffff_ff80) >> 7);
    is_account(&account).then(|| account.into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn published_vectors_give_their_accounts() {
        for (id, kind, account) in [
            ("ASIAQNZGKIQY56JQ7WML", AccessKeyKind::Temporary, Some("029608264753")),
            ("ASIAY34FZKBOKMUTVV7A", AccessKeyKind::Temporary, Some("609629065308")),
            // of before 2019
            ("AKIAJ7QWDB3ZK5TUFV2A", AccessKeyKind::LongLived, None),
            ("AKIAIOSBODNN7QWZRT2A", AccessKeyKind::LongLived, None),
            // a digit that base32 does not have, and a number that is no account
            ("AKIAQ1ZGKIQY56JQ7WML", AccessKeyKind::LongLived, None),
            ("AKIA7777KIQY56JQ7WML", AccessKeyKind::LongLived, None),
        ] {
            let read = AccessKeyId::read(id).unwrap();
            assert_eq!((read.kind, read.account.as_deref(), read.is_example()), (kind, account, false), "{id}");
        }
        assert_eq!(AccessKeyId::read(" ABIAQNZGKIQY56JQ7WML\n").unwrap().kind, AccessKeyKind::Bearer);
        assert_eq!(AccessKeyId::read("ACCAQNZGKIQY56JQ7WML").unwrap().kind, AccessKeyKind::ServiceSpecific);
    }

    #[test]
    fn examples_and_fillers_are_nobodys() {
        for id in [
            "AKIAIOSFODNN7EXAMPLE",
            "ASIAIOSFODNN7EXAMPLE",
            "AKIAI44QH8DHBEXAMPLE",
            "AKIAXXXXXXXXXXXXXXXX",
            "ASIA1234567890ABCDEF",
            "AKIAABCDEFGHIJKLMNOP",
            "AKIAABCDABCDABCDABCD",
        ] {
            let read = AccessKeyId::read(id).unwrap();
            assert!(read.is_example() && read.account.is_none(), "{id}");
        }
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in [
            "",
            "AKIA",
            "AKIAQNZGKIQY56JQ7WM",
            "AKIAQNZGKIQY56JQ7WMLX",
            "akiaqnzgkiqy56jq7wml",
            "AROAQNZGKIQY56JQ7WML",
            "AKIAqnzgkiqy56jq7wml",
            "AKIA<your-key-id-abc",
            "ASIAÉÉÉÉÉÉÉÉ",
        ] {
            assert_eq!(AccessKeyId::read(text), None, "{text}");
        }
    }
}
