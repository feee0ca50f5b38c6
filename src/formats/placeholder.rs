//! Placeholders in strings: parts that a tool or a person fills in later.
//!
//! IAM's own policy variables (`${aws:PrincipalTag/team}`) are not placeholders; [`crate::iam::pattern`] reads those.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::{Count, FilledBy, Hole};

/// What tools fill: shells, Terraform, CloudFormation, Serverless, Jinja and Helm, ERB, Python, sed, make, Azure DevOps,
/// Concourse, VS Code and dev containers.
///
/// Nothing here runs on past the next opening sign: else one that is never closed is followed to the end of the string
/// from every placeholder before it.
const TEMPLATE: &str = r"(?x)
      \$\{ [^:{}]* (?: \[ [^\]{}]* \] [^:{}]* )? \}                # ${REGION} ${var.region} ${Token[AWS.Region.4]}
    | \$\{ [A-Za-z]+ :: [A-Za-z]+ \}                               # ${AWS::Region}
    | \$\{ (?: self | env | opt | sls | ssm | cf | file | param | secrets
            | localEnv | containerEnv | input | config | command ) (?: \( | : ) (?: [^{}] | \$\{ [^{}]* \} )* \}
    | \$ [A-Z_a-z] [A-Z_a-z0-9]*                                   # $AWS_REGION
    | \$\( [^()]* \) | \(\( [^()]* \)\) | \[\[ [^\[\]]* \]\]     # $(ACCOUNT) ((account)) [[account]]
    | \{\{ [^{}]* \}\} | <% [^<>]* %> | \#\{ [^{}]* \}
    | \{ [A-Za-z_] [A-Za-z_0-9.-]* \}                              # {region}
    | % \( [A-Za-z_0-9]+ \) s | %s
    | % [A-Z_]{3,} % | __ [A-Z] [A-Z0-9_]*? __ | @@? [A-Z_]{3,} @@?
";

/// What people leave behind. Words count only where they are a whole field, so that names are not taken for them.
const PERSON: &str = r"(?x)
      < [A-Za-z] [^<>]* >
    | \[ [A-Za-z] [A-Za-z0-9_\ -]* \]
    | \b (?: YOUR | MY | INSERT | ENTER | REPLACE (?: _WITH )? | CHANGE ) [_-] [A-Z] [A-Z0-9_-]*
    | \b (?: your | replace | change ) [_-] (?: aws[_-] )? (?: me | account | region | org | role | profile | model ) [a-z0-9_-]*
    | \b (?: REPLACEME | CHANGEME | TODO | FIXME | PLACEHOLDER ) \b
    | \b [xX]{12} \b
    | (?: AWS [_-]? )? (?: ACCOUNT | Account | account ) (?: [_-]? (?: ID | Id | id | NUMBER | number ) )? \b
    | \b (?: AWS_ )? REGION \b
";

static PLACEHOLDERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?<template>{TEMPLATE}\n)|(?<person>{PERSON}\n)")).ok());

/// The placeholders in a decoded string, in order.
#[must_use]
pub fn holes(value: &str) -> Vec<Hole> {
    // letters alone are the common case, and only the field words among them are placeholders
    let Some(regex) = PLACEHOLDERS.as_ref() else {
        return Vec::new();
    };
    let found = regex.captures_iter(value).filter_map(|captures| {
        let template = captures.name("template");
        let found = template.or_else(|| captures.name("person"))?;
        let filled_by = if template.is_some() { FilledBy::Template } else { FilledBy::Person };
        let whole = !found.as_str().starts_with(|c: char| c.is_ascii_alphabetic()) || is_field(value, found.range());
        let escape = matches!(found.as_str(), "${}" | "${*}" | "${?}" | "${$}");
        // what an evaluator leaves of a computed value does not tell two of them apart
        let count = if found.as_str().contains('…') { Count::Many } else { Count::Single };
        (whole && !escape).then(|| Hole { range: found.range(), count, filled_by })
    });
    found.collect()
}

/// Whether a word stands where it can only be a placeholder: as a whole field between colons, or, written the way people
/// write placeholders (`YOUR_…`, in capitals), as a whole part of a path.
fn is_field(value: &str, range: std::ops::Range<usize>) -> bool {
    let word = value.get(range.clone()).unwrap_or_default();
    let before = value.get(..range.start).and_then(|text| text.chars().next_back());
    let after = value.get(range.end..).and_then(|text| text.chars().next());
    if word.eq_ignore_ascii_case("account") || word.eq_ignore_ascii_case("region") || word.starts_with('a') {
        // `…::/account` is the path of a resource
        return before == Some(':') && after == Some(':');
    }
    before.is_none_or(|c| matches!(c, ':' | '/')) && after.is_none_or(|c| matches!(c, ':' | '/'))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    fn found(value: &str) -> Vec<(String, bool)> {
        let name = |hole: Hole| (value[hole.range].to_owned(), hole.filled_by == FilledBy::Person);
        holes(value).into_iter().map(name).collect()
    }

    #[test]
    fn what_people_leave_behind() {
        for left in [
            "<ACCOUNT_ID>",
            "<your-account-id>",
            "YOUR_ACCOUNT_ID",
            "your-account-id",
            "REPLACE_ME",
            "xxxxxxxxxxxx",
            "XXXXXXXXXXXX",
            "ACCOUNT_ID",
            "AWS_ACCOUNT_ID",
            "account-id",
            "[ACCOUNT]",
            "CHANGEME",
            "REPLACE_WITH_ID",
        ] {
            let arn = format!("arn:aws:bedrock:us-east-1:{left}:inference-profile/us.x");
            assert_eq!(found(&arn), [(left.to_owned(), true)], "{arn}");
        }
        assert_eq!(found("arn:aws:bedrock:REGION::foundation-model/x"), [("REGION".to_owned(), true)]);
    }

    #[test]
    fn what_tools_fill() {
        for filled in [
            "${AWS_REGION}",
            "$AWS_REGION",
            "${var.region}",
            "{{ region }}",
            "{{.Values.region}}",
            "${AWS::Region}",
            "<%= region %>",
            "{region}",
            "%REGION%",
            "__REGION__",
            "${self:custom.region}",
            "${localEnv:AWS_REGION:us-east-1}",
            "${input:region}",
            "@REGION@",
            "#{region}",
            "$(AWS_REGION)",
            "$(var.region)",
            "((region))",
            "((vault:aws.region))",
            "[[region]]",
            "${Token[AWS.Region.4]}",
            "%s",
        ] {
            let arn = format!("arn:aws:bedrock:{filled}::foundation-model/x");
            assert_eq!(found(&arn), [(filled.to_owned(), false)], "{arn}");
        }
    }

    #[test]
    fn what_is_neither() {
        for value in [
            "arn:aws:bedrock:*:*:agent-alias/${aws:PrincipalTag/AgentId}/${aws:username}",
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-sonnet-4-6",
            "arn:aws:s3:::my-account-bucket/REGION-logs/todo",
            "${*}",
            "${?}",
            "${$}",
            "bedrock:InvokeModel",
            "*",
            "arn:aws:bedrock:eu-*::foundation-model/anthropic.claude*",
            "${saml:sub}",
            "bedrock:GetAccount",
            "arn:aws:apigateway:*::/account",
            "aws:ResourceAccount",
            "aws:RequestedRegion",
            "arn:aws:iam::111122223333:role/account-admin",
        ] {
            assert_eq!(found(value), [], "{value}");
        }
    }
}
