//! Short-term keys as AWS's own generator makes them, `aws-bedrock-token-generator` of PyPI, from credentials of nobody.
//! Making a key needs no network.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bedrock_lint::bedrock::{AccessKeyKind, ApiKey};
use bedrock_lint::report::mask;
use common::keys::{mint_access_key_id, mint_secret_access_key, mint_session_token, mint_short_term};
use common::python::python;
use jiff::{SignedDuration, Timestamp};

/// Prints a key for each pair of Region and lifetime.
const GENERATE: &str = r"
import sys
from datetime import timedelta
from aws_bedrock_token_generator import provide_token
from botocore.credentials import Credentials

key_id, secret, token, *wanted = sys.argv[1:]

class Nobody:
    def load(self):
        return Credentials(key_id, secret, token or None)

for region, seconds in zip(wanted[::2], wanted[1::2]):
    print(provide_token(region, Nobody(), timedelta(seconds=int(seconds))))
";

const WANTED: [(&str, u32); 5] =
    [("us-east-1", 43_200), ("eu-central-1", 3_600), ("ap-northeast-3", 1), ("us-gov-west-1", 900), ("ca-west-1", 86)];

/// The names of the parameters in a key.
fn parameters(key: &str) -> Vec<String> {
    let url = String::from_utf8(STANDARD.decode(key.strip_prefix("bedrock-api-key-").unwrap()).unwrap()).unwrap();
    let query = url.strip_prefix("bedrock.amazonaws.com/?").unwrap();
    query.split('&').map(|pair| pair.split_once('=').unwrap().0.to_owned()).collect()
}

#[test]
fn keys_of_the_real_generator_are_read() {
    let python = python("token-generator");
    let account = "111122223333";
    let secret = mint_secret_access_key("generator");
    for (prefix, kind, token) in [
        ("AKIA", AccessKeyKind::LongLived, String::new()),
        ("ASIA", AccessKeyKind::Temporary, mint_session_token("generator")),
    ] {
        let begun = Timestamp::now();
        let mut command = Command::new(&python);
        command.args(["-c", GENERATE, &mint_access_key_id(prefix, account), &secret, &token]);
        let output =
            command.args(WANTED.iter().flat_map(|(region, life)| [(*region).to_owned(), life.to_string()])).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        let ended = Timestamp::now();
        let keys = String::from_utf8(output.stdout).unwrap();
        assert_eq!(keys.lines().count(), WANTED.len());
        for (text, (region, life)) in keys.lines().zip(WANTED) {
            let Some(ApiKey::ShortTerm(key)) = ApiKey::read(text) else { panic!("not a short-term key") };
            assert_eq!(key.region.as_deref(), Some(region));
            assert_eq!((key.made_with, key.account.as_deref(), key.filler), (Some(kind), Some(account), false));
            let issued = key.issued.unwrap();
            // the key counts whole seconds
            assert!(begun.as_second() <= issued.as_second() && issued <= ended, "{begun} {issued} {ended}");
            assert_eq!(key.lifetime, Some(life));
            assert_eq!(key.expires(), Some(issued + SignedDuration::from_secs(life.into())));
            // what other tests mint is laid out alike
            let minted = mint_short_term(region, "20261122T101112Z", life, &mint_access_key_id(prefix, account)).text;
            assert_eq!(parameters(text), parameters(&minted));
            assert_eq!(mask(text).trim_end_matches('*'), "bedrock-api-key-");
        }
    }
}
