//! The condition keys and operators that cases are made of.

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Arn,
    Number,
    Date,
    Bool,
    Address,
    Bytes,
}

#[derive(Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub kind: Kind,
    /// Whether it may have several values.
    pub several: bool,
    /// What it may hold.
    pub values: &'static [&'static str],
}

const PROFILE_ARNS: &[&str] = &[
    "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6",
    "arn:aws:bedrock:us-east-1:111122223333:inference-profile/global.amazon.nova-lite-v1:0",
    "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2c3d4e5f6",
    "arn:aws:bedrock:eu-west-1:444455556666:inference-profile/eu.amazon.nova-lite-v1:0",
];

/// Every key that a policy may ask for.
pub const UNIVERSE: &[Key] = &[
    one("aws:RequestedRegion", Kind::Text, &["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "unspecified"]),
    one("bedrock:InferenceProfileArn", Kind::Arn, PROFILE_ARNS),
    one(
        "bedrock:GuardrailIdentifier",
        Kind::Arn,
        &[
            "arn:aws:bedrock:us-east-1:111122223333:guardrail/gr1abc",
            "arn:aws:bedrock:us-east-1:111122223333:guardrail/gr1abc:2",
        ],
    ),
    one(
        "aws:PrincipalTag/team",
        Kind::Text,
        &["ml", "ML", "us-east-1", "amazon.nova-lite-v1:0", "a1b2c3d4e5f6", "gr1abc", "m*l"],
    ),
    one("aws:PrincipalTag/blob", Kind::Bytes, &["QmVkcm9jaw==", "bGludA==", "bGludB=="]),
    one("aws:username", Kind::Text, &["alice", "Bob", "alice*"]),
    one("aws:PrincipalOrgID", Kind::Text, &["o-a1b2c3d4e5", "o-zzzzzzzzzz"]),
    one(
        "aws:PrincipalArn",
        Kind::Arn,
        &[
            "arn:aws:iam::111122223333:role/app",
            "arn:aws:iam::111122223333:role/service/app",
            "arn:aws:iam::111122223333:user/alice",
        ],
    ),
    one("aws:MultiFactorAuthAge", Kind::Number, &["0", "299", "300", "3600", "-1", "300.5"]),
    one("aws:CurrentTime", Kind::Date, &["2026-06-01T00:00:00Z", "2026-06-01T12:30:00Z", "2025-12-31T23:59:59Z"]),
    one("aws:TokenIssueTime", Kind::Date, &["2026-05-31T23:00:00Z", "2026-06-01T00:00:00Z"]),
    one("aws:SecureTransport", Kind::Bool, &["true", "false"]),
    one("aws:MultiFactorAuthPresent", Kind::Bool, &["true", "false"]),
    one("aws:SourceIp", Kind::Address, &["203.0.113.9", "203.0.113.200", "198.51.100.1", "2001:db8::1"]),
    many("aws:TagKeys", &["team", "cost", "Team", "stage"]),
    many("aws:CalledVia", &["bedrock.amazonaws.com", "athena.amazonaws.com", "cloudformation.amazonaws.com"]),
    many("aws:PrincipalOrgPaths", &["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/", "o-a1b2c3d4e5/r-ab12/"]),
];

const fn one(name: &'static str, kind: Kind, values: &'static [&'static str]) -> Key {
    Key { name, kind, several: false, values }
}

const fn many(name: &'static str, values: &'static [&'static str]) -> Key {
    Key { name, kind: Kind::Text, several: true, values }
}

/// All operators but `Null`, by what they compare.
pub const OPERATORS: &[(Kind, &[&str])] = &[
    (
        Kind::Text,
        &[
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringLike",
            "StringNotLike",
        ],
    ),
    (Kind::Arn, &["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"]),
    (
        Kind::Number,
        &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
    ),
    (
        Kind::Date,
        &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
    ),
    (Kind::Bool, &["Bool"]),
    (Kind::Address, &["IpAddress", "NotIpAddress"]),
    (Kind::Bytes, &["BinaryEquals"]),
];

/// The names of all keys that a case may ask for.
pub fn names() -> impl Iterator<Item = &'static str> {
    UNIVERSE.iter().map(|key| key.name)
}
