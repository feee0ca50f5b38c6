//! What credentials say of themselves.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
#![expect(unreachable_pub, reason = "not a library")]

mod common;

use bedrock_lint::bedrock::{
    AccessKeyId, AccessKeyKind, ApiKey, Catalogue, LongTermKey, ShortTermKey, find_secret,
    looks_like_secret_access_key, looks_like_session_token,
};
use common::keys::{
    Minted, mint_access_key_id, mint_anthropic_key, mint_long_term, mint_secret_access_key, mint_session_token,
    mint_short_term, short_term,
};
use proptest::prelude::*;

const ACCOUNT: &str = "111122223333";

const DATE: &str = "20261122T101112Z";

fn long_term(text: &str) -> LongTermKey {
    match ApiKey::read(text) {
        Some(ApiKey::LongTerm(key)) => key,
        other => panic!("{other:?}"),
    }
}

fn short_term_of(text: &str) -> ShortTermKey {
    match ApiKey::read(text) {
        Some(ApiKey::ShortTerm(key)) => key,
        other => panic!("{other:?}"),
    }
}

fn temporary() -> Minted {
    mint_short_term("eu-central-1", DATE, 3600, &mint_access_key_id("ASIA", ACCOUNT))
}

#[test]
fn a_long_term_key_names_user_and_account() {
    for user in ["BedrockAPIKey-x7k2", "BedrockAPIKey-4abc", "ci", "svc+blue", "ops-at-home", "a.b@example.com"] {
        for second in [false, true] {
            let key = mint_long_term(user, ACCOUNT, second).text;
            let expected =
                LongTermKey { user: Some(user.into()), second, account: Some(ACCOUNT.into()), filler: false };
            for spelled in [
                key.clone(),
                format!("  {key}\n"),
                key.trim_end_matches('=').to_owned(),
                key.replace('+', "-").replace('/', "_"),
            ] {
                assert_eq!(long_term(&spelled), expected, "{user}");
            }
            assert_eq!(ApiKey::read(&key).unwrap().account(), Some(ACCOUNT));
        }
    }
}

#[test]
fn a_short_term_key_tells_region_time_and_account() {
    for (prefix, kind) in [("ASIA", AccessKeyKind::Temporary), ("AKIA", AccessKeyKind::LongLived)] {
        for region in Catalogue::builtin().regions().map(|region| &*region.code) {
            let key = mint_short_term(region, DATE, 3600, &mint_access_key_id(prefix, ACCOUNT)).text;
            let read = short_term_of(&key);
            assert_eq!(read.region.as_deref(), Some(region));
            assert_eq!((read.made_with, read.account.as_deref()), (Some(kind), Some(ACCOUNT)));
            assert_eq!(read.issued.unwrap().to_string(), "2026-11-22T10:11:12Z");
            assert_eq!(read.lifetime, Some(3600));
            assert_eq!(read.expires().unwrap().to_string(), "2026-11-22T11:11:12Z");
            assert!(!read.filler);
            let plain = key.trim_end_matches('=').replace('+', "-").replace('/', "_");
            assert_eq!(short_term_of(&format!("bedrock-api-key-{}", &plain[16..])), read);
        }
    }
    // twelve hours is the cap, whatever the key was made for
    let day = short_term_of(&mint_short_term("us-east-1", DATE, 86_400, &mint_access_key_id("AKIA", ACCOUNT)).text);
    assert_eq!((day.lifetime, day.expires().unwrap().to_string().as_str()), (Some(86_400), "2026-11-22T22:11:12Z"));
}

#[test]
fn parameters_come_in_any_order() {
    let id = mint_access_key_id("AKIA", ACCOUNT);
    let scope = format!("{id}/20261122/us-west-2/bedrock/aws4_request");
    let mut parameters = [
        ("X-Amz-Expires", "43200".to_owned()),
        ("X-Amz-Signature", "0f1e2d3c4b5a69788796a5b4c3d2e1f0a9b8c7d6e5f4031221304f5e6d7c8b9a".to_owned()),
        ("Version", "1".to_owned()),
        ("X-Amz-Security-Token", "x".repeat(200)),
        ("X-Amz-Date", DATE.to_owned()),
        ("X-Amz-Credential", scope),
        ("Action", "CallWithBearerToken".to_owned()),
    ];
    for _ in 0..parameters.len() {
        parameters.rotate_left(1);
        let read = short_term_of(&short_term(&parameters));
        assert_eq!((read.region.as_deref(), read.account.as_deref()), (Some("us-west-2"), Some(ACCOUNT)));
        assert_eq!(read.expires().unwrap().to_string(), "2026-11-22T22:11:12Z");
        assert!(!read.filler);
    }
}

#[test]
fn broken_keys_tell_what_is_left() {
    let key = |parameters: &[(&str, &str)]| {
        let owned: Vec<_> = parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        short_term_of(&short_term(&owned))
    };
    let end = ("X-Amz-Signature", "0f1e2d3c4b5a69788796a5b4c3d2e1f0a9b8c7d6e5f4031221304f5e6d7c8b9a");
    let id = mint_access_key_id("ASIA", ACCOUNT);
    for scope in ["", "20261122", "20261122/us-east-1", "20261122/us east 1/bedrock", "x/us-east-1/bedrock"] {
        let read = key(&[("X-Amz-Credential", &format!("{id}/{scope}")), end]);
        assert_eq!((read.region, read.account.as_deref()), (None, Some(ACCOUNT)), "{scope}");
    }
    for (date, expires) in [("20261399T101112Z", "60"), ("2026-11-22", ""), ("", "-1"), (DATE, "99999999999")] {
        let read = key(&[("X-Amz-Date", date), ("X-Amz-Expires", expires), end]);
        assert_eq!(read.expires(), None, "{date} {expires}");
    }
    assert_eq!(key(&[("X-Amz-Date", DATE), ("X-Amz-Expires", "60")]).lifetime, None, "the end may be missing");
    // cut anywhere, a key says nothing that the whole key does not say
    let (whole, text) = (short_term_of(&temporary().text), temporary().text);
    for length in 16..text.len() {
        let part = short_term_of(&text[..length]);
        assert!(part.region.is_none() || part.region == whole.region, "{length}: {part:?}");
        assert!(part.issued.is_none() || part.issued == whole.issued, "{length}: {part:?}");
        assert!(part.lifetime.is_none() || part.lifetime == whole.lifetime, "{length}: {part:?}");
        assert!(part.account.is_none() || part.account == whole.account, "{length}: {part:?}");
    }
    let text = mint_long_term("ci", ACCOUNT, true).text;
    for length in 4..text.len() {
        let part = long_term(&text[..length]);
        assert!(part.account.is_none() || part.account.as_deref() == Some(ACCOUNT), "{length}");
        assert!(part.user.is_none() || part.user.as_deref() == Some("ci"), "{length}");
    }
}

#[test]
fn what_is_written_in_the_place_of_a_key_is_a_filler() {
    let example = mint_short_term("us-east-1", DATE, 60, "AKIAIOSFODNN7EXAMPLE").text;
    let unsigned = short_term(&[
        ("Action", "CallWithBearerToken".to_owned()),
        ("X-Amz-Security-Token", mint_session_token("x")),
        ("X-Amz-Signature", "0".repeat(64)),
    ]);
    let documented = format!("ABSK{}", base64_of(&format!("ci-at-{ACCOUNT}:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")));
    for text in [
        "ABSK",
        "ABSK...",
        "ABSKxxxxxxxx",
        "ABSK<your key>",
        "ABSK_your_key_here",
        "ABSKQmVkcm9ja0FQSUtleS1hYmNk",
        &format!("ABSK{}", "x".repeat(128)),
        &format!("ABSK{}", "A".repeat(128)),
        &format!("ABSK{}==", "abcd1234".repeat(16)),
        &format!("ABSK{}", "1234567890".repeat(12)),
        &format!("ABSK{}...", "QmVkcm9ja0FQSUtleS1"),
        &documented,
        "bedrock-api-key-",
        "bedrock-api-key-xxxxxxxx",
        "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t...",
        &format!("bedrock-api-key-{}", "x".repeat(600)),
        &example,
        &unsigned,
    ] {
        assert!(ApiKey::read(text).unwrap().is_filler(), "{text}");
    }
    for text in ["", "ABS", "absk", "abskQmVk", "your-key", "bedrock-api", "sk-ant-api03-x", "eyJhbGciOiJIUzI1NiJ9"] {
        assert_eq!(ApiKey::read(text), None, "{text}");
    }
    // shaped like a key by gitleaks, whatever it decodes to
    let shaped = format!("ABSK{}", mint_session_token("shape").chars().skip(50).take(130).collect::<String>());
    assert!(!ApiKey::read(&shaped).unwrap().is_filler());
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn secret_access_keys_are_told_from_what_only_looks_alike() {
    for purpose in 0..500 {
        let secret = mint_secret_access_key(&purpose.to_string());
        assert!(looks_like_secret_access_key(&secret), "{secret}");
        assert_eq!(find_secret(&secret), Some(4..40));
        let id = mint_access_key_id("AKIA", ACCOUNT);
        assert_eq!(find_secret(&format!("{id}/{secret}")), Some(25..61));
    }
    for text in [
        "",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
        "your-secret-key-here-your-secret-key-her",
        "YourSecretAccessKeyGoesHere1234567890abc",
        &"xX1/".repeat(10),
        &"A".repeat(40),
        "1234567890123456789012345678901234567890",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN",
        "changemechangemechangemeCHANGEMEchangeme",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "src/main/java/com/acme/bedrock/Client.kt",
    ] {
        assert!(!looks_like_secret_access_key(text), "{text}");
        assert_eq!(find_secret(text), None, "{text}");
    }
}

#[test]
fn secrets_are_found_in_words() {
    let session = mint_session_token("a");
    assert!(looks_like_session_token(&session) && !looks_like_session_token("IQoJb3JpZ2luX2Vj"));
    let (long, short) = (mint_long_term("ci", ACCOUNT, false).text, temporary().text);
    let console = mint_long_term("BedrockAPIKey-x7k2", ACCOUNT, false).text;
    let api_keys = [&long, &short, &console[4..].to_owned(), &short[16..].to_owned()].map(|key| (key.clone(), 16));
    for (secret, open) in api_keys.into_iter().chain([(session, 4), (mint_anthropic_key("a"), 4)]) {
        let end = secret.len();
        assert_eq!(find_secret(&secret), Some(open..end), "{secret}");
        assert_eq!(find_secret(&format!("bearer/{secret}")), Some(open + 7..end + 7), "{secret}");
    }
    assert_eq!(find_secret(&format!("x{long}")), Some(17..long.len() + 1));
    for word in [
        "bedrock-api-key-rotation-schedule",
        "bedrock-api-key-",
        "ABSK",
        "ABSKETCHBOOK",
        "sk-learn",
        "task-ant-colony-Optimization-2024",
        "scikit-learn-Contrib-Sk-Project-x",
        "InvokeModelWithResponseStream",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "8d18571f-5e96-4505-bd28-ad0379c64064",
        "AKIAIOSFODNN7EXAMPLE",
        "/usr/local/share/Bedrock/policies",
    ] {
        assert_eq!(find_secret(word), None, "{word}");
    }
}

/// Every stretch of twelve characters of the secret parts, which nothing may show.
fn shows(debug: &str, minted: &Minted) -> Option<String> {
    let body = &minted.text[16..];
    let parts = minted.secrets.iter().map(String::as_str).chain([body]);
    parts
        .flat_map(|part| part.as_bytes().windows(12))
        .map(|window| String::from_utf8_lossy(window).into_owned())
        .find(|part| debug.contains(part.as_str()))
}

fn minted() -> impl Strategy<Value = Minted> {
    let region = prop::sample::select(vec!["us-east-1", "eu-central-1", "us-gov-west-1"]);
    let id = prop::sample::select(vec!["AKIA", "ASIA"]);
    let short =
        (region, id, 0_u32..100_000, 0_u64..1_000_000_000_000).prop_map(|(region, prefix, expires, account)| {
            mint_short_term(region, DATE, expires, &mint_access_key_id(prefix, &format!("{account:012}")))
        });
    let long = ("[A-Za-z0-9+=,.@_-]{1,64}", 0_u64..1_000_000_000_000, any::<bool>())
        .prop_map(|(user, account, second)| mint_long_term(&user, &format!("{account:012}"), second));
    prop_oneof![short, long]
}

proptest! {
    #[test]
    fn any_text_is_read(text in ".{0,200}", prefix in prop::sample::select(vec!["", "ABSK", "bedrock-api-key-", "AKIA"])) {
        let text = format!("{prefix}{text}");
        let _ = (ApiKey::read(&text), AccessKeyId::read(&text), looks_like_secret_access_key(&text));
        let found = find_secret(&text);
        prop_assert!(found.is_none_or(|hidden| hidden.end == text.len()));
    }

    #[test]
    fn any_bytes_behind_a_prefix_are_read(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        prefix in prop::sample::select(vec!["ABSK", "bedrock-api-key-"]),
    ) {
        use base64::Engine;
        let text = format!("{prefix}{}", base64::engine::general_purpose::STANDARD.encode(bytes));
        prop_assert!(ApiKey::read(&text).is_some());
    }

    #[test]
    fn what_a_key_says_is_no_secret(minted in minted()) {
        let key = ApiKey::read(&minted.text).unwrap();
        prop_assert!(!key.is_filler());
        prop_assert!(key.account().is_some());
        prop_assert_eq!(shows(&format!("{key:?}"), &minted), None);
    }

    #[test]
    fn a_damaged_key_shows_no_secret(minted in minted(), at in any::<prop::sample::Index>(), to in any::<char>()) {
        let mut characters: Vec<char> = minted.text.chars().collect();
        let at = at.index(characters.len());
        characters[at] = to;
        let text: String = characters.into_iter().collect();
        if let Some(key) = ApiKey::read(&text) {
            prop_assert_eq!(shows(&format!("{key:?}"), &minted), None);
        }
    }

    #[test]
    fn a_damaged_key_of_the_same_alphabet_shows_no_secret(
        minted in minted(),
        at in any::<prop::sample::Index>(),
        to in "[A-Za-z0-9+/]",
    ) {
        let mut text = minted.text.clone();
        let at = at.index(text.len());
        text.replace_range(at..=at, &to);
        if let Some(key) = ApiKey::read(&text) {
            prop_assert_eq!(shows(&format!("{key:?}"), &minted), None);
        }
    }

    #[test]
    fn every_account_is_read_from_an_id(account in 0_u64..1_000_000_000_000) {
        let account = format!("{account:012}");
        for prefix in ["AKIA", "ASIA", "ABIA", "ACCA"] {
            let read = AccessKeyId::read(&mint_access_key_id(prefix, &account)).unwrap();
            prop_assert_eq!((read.kind.prefix(), read.account.as_deref()), (prefix, Some(account.as_str())));
        }
    }
}
