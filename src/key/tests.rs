#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

/// A long-term key of nobody, made here so that no scanner takes this file for a leak.
fn long(user: &str) -> String {
    let secret = STANDARD.encode(Sha256::digest(user));
    format!("ABSK{}", STANDARD.encode(format!("{user}-at-111122223333:{secret}")))
}

fn short(date: &str) -> String {
    let signature: String = Sha256::digest(date).iter().map(|byte| format!("{byte:02x}")).collect();
    let query = format!(
        "Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAQNZGKIQY56JQ7WML%2F20261122%2F\
         us-east-1%2Fbedrock%2Faws4_request&X-Amz-Date={date}&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=\
         {signature}&Version=1"
    );
    format!("bedrock-api-key-{}", STANDARD.encode(format!("bedrock.amazonaws.com/?{query}")))
}

fn shown(text: &str) -> Vec<String> {
    let show = |key: FoundKey| {
        let name = key.name.as_deref().unwrap_or("-");
        format!("{} {name} {} {}", key.prefix(), key.line, key.user().or(key.region()).or(key.account()).unwrap_or("-"))
    };
    find(text).keys.into_iter().map(show).collect()
}

#[test]
fn keys_are_found_wherever_they_stand() {
    let (long, short) = (long("ci"), short("20261122T101112Z"));
    for (text, expected) in [
        (long.clone(), "ABSK - 1 ci"),
        (format!("  {long}\n\n"), "ABSK - 1 ci"),
        (format!("AWS_BEARER_TOKEN_BEDROCK={long}"), "ABSK AWS_BEARER_TOKEN_BEDROCK 1 ci"),
        (format!("# x\nexport KEY=\"{long}\" # y"), "ABSK KEY 2 ci"),
        (format!("set KEY='{long}'\r\n"), "ABSK KEY 1 ci"),
        (
            format!("{{\"a\": 1,\n \"aws_bearer_token\": \"{}\"}}", long.replace('/', "\\/")),
            "ABSK aws_bearer_token 2 ci",
        ),
        (format!("Authorization: Bearer {short}"), "bedrock-api-key- - 1 us-east-1"),
        (format!("x: '{short}'"), "bedrock-api-key- x 1 us-east-1"),
        (format!("curl https://x/bearer/{short}?a"), "bedrock-api-key- - 1 us-east-1"),
        ("ASIAQNZGKIQY56JQ7WML".to_owned(), "ASIA - 1 029608264753"),
        ("Credential=ASIAQNZGKIQY56JQ7WML/20261122/us-east-1/bedrock".to_owned(), "ASIA Credential 1 029608264753"),
        ("{\"AccessKeyId\": \"AKIAQNZGKIQY56JQ7WML\"}".to_owned(), "AKIA AccessKeyId 1 029608264753"),
        ("[default]\naws_access_key_id = AKIAQNZGKIQY56JQ7WML\n".to_owned(), "AKIA aws_access_key_id 2 029608264753"),
        ("AKIAIOSFODNN7EXAMPLE".to_owned(), "AKIA - 1 -"),
        (format!("see ABSK... in a sentence, {long}"), "ABSK - 1 ci"),
        (format!("{long}\n{long}"), "ABSK - 1 ci"),
    ] {
        assert_eq!(shown(&text), [expected], "{text}");
    }
    assert_eq!(shown(&format!("A={long}\nB={short}\n")), ["ABSK A 1 ci", "bedrock-api-key- B 2 us-east-1"]);
}

#[test]
fn a_key_over_several_lines_is_one() {
    for key in [long("BedrockAPIKey-x7k2"), short("20261122T101112Z")] {
        for width in [40, 76] {
            let lines: Vec<String> =
                key.as_bytes().chunks(width).map(|part| String::from_utf8(part.to_vec()).unwrap()).collect();
            let found = find(&(lines.join("\n") + "\n")).keys;
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].state(Moment::Day("2026-11-22".parse().unwrap())), State::Usable);
            assert_eq!(found[0].key, find(&key).keys[0].key);
        }
    }
}

#[test]
fn what_is_no_key() {
    for text in ["", "\n", "hello", "ABSK is how they begin", "bedrock-api-key-rotation runs", "AKIA", "ASIA1234"] {
        assert!(find(text).keys.is_empty(), "{text}");
    }
    let lost = long("BedrockAPIKey-x7k2").replacen("ABSK", "", 1);
    assert_eq!(find(&lost).lost_prefix, Some("ABSK"));
    assert_eq!(
        find(&short("20261122T101112Z").replacen("bedrock-api-key-", "", 1)).lost_prefix,
        Some("bedrock-api-key-")
    );
    let foreign = format!("sk-ant-api03-{}", STANDARD.encode(Sha256::digest("x")).replace(['+', '/', '='], "A"));
    assert!(find(&foreign).foreign.is_some() && find(&foreign).keys.is_empty());
    // a key that is cut short is told of, as there is nothing else
    assert_eq!(shown(&long("ci").chars().take(30).collect::<String>()).len(), 1);
    assert_eq!(shown("KEY=ABSKyour-key-here").len(), 1);
}

#[test]
fn a_key_ends_to_the_second() {
    let key = &find(&short("20261122T101112Z")).keys[0];
    let at = |time: &str| key.state(Moment::Instant(time.parse().unwrap()));
    assert_eq!(at("2026-11-22T11:11:11Z"), State::Usable);
    assert_eq!(at("2026-11-22T11:11:12Z"), State::Expired);
    let on = |day: &str| key.state(Moment::Day(day.parse().unwrap()));
    assert_eq!((on("2026-11-22"), on("2026-11-23")), (State::Usable, State::Expired));
    let warned = |time: &str| key.warnings(Origin::Typed, Moment::Instant(time.parse().unwrap())).join("\n");
    assert!(warned("2026-11-22T09:00:00Z").contains("a clock is wrong"));
    assert!(!warned("2026-11-22T10:30:00Z").contains("a clock is wrong"));
}

#[test]
fn a_session_token_beside_a_temporary_key_is_seen() {
    let token =
        format!("IQoJ{}", STANDARD.encode([Sha256::digest("a"), Sha256::digest("b"), Sha256::digest("c")].concat()));
    let id = "AWS_ACCESS_KEY_ID=ASIAQNZGKIQY56JQ7WML\n";
    let warned =
        |text: &str| find(text).keys[0].warnings(Origin::File, Moment::Day("2026-11-22".parse().unwrap())).join("\n");
    assert!(warned(id).contains("which does not stand here"));
    assert!(warned(&format!("{id}AWS_SESSION_TOKEN={token}\n")).contains("which stands here too"));
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,80}", with in "(ABSK|bedrock-api-key-|AKIA|ASIA)?[A-Za-z0-9+/=%\\\\-]{0,60}") {
        for text in [text.clone() + &with, with.clone() + "\n" + &text, format!("{text}={with}")] {
            for key in find(&text).keys {
                let day = Moment::Day("2026-11-22".parse().unwrap());
                let _ = (key.warnings(Origin::File, day), key.state(day));
            }
        }
    }
}
