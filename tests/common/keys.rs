//! Credentials of nobody, put together by the documented layouts. Their random parts are hashes of what they are for, so
//! they are the same in every run and look like real ones, which no file of this repository may hold.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest, Sha256};

/// A credential, and the parts of it that must never be seen, as they are before any encoding.
#[derive(Debug, Clone)]
pub struct Minted {
    pub text: String,
    pub secrets: Vec<String>,
}

/// A long-term Bedrock API key of an IAM user.
pub fn mint_long_term(user: &str, account: &str, second: bool) -> Minted {
    let number = if second { "+1" } else { "" };
    let secret = STANDARD.encode(digest(&format!("{user}{number}-at-{account}")));
    let text = format!("ABSK{}", STANDARD.encode(format!("{user}{number}-at-{account}:{secret}")));
    Minted { text, secrets: vec![secret] }
}

/// A short-term Bedrock API key for one Region, made at `date` (`20261122T101112Z`) for `expires` seconds with the access
/// key `key_id`. The key of temporary credentials (`ASIA…`) carries their session token.
pub fn mint_short_term(region: &str, date: &str, expires: u32, key_id: &str) -> Minted {
    let day: String = date.chars().take(8).collect();
    let mut parameters = vec![
        ("Action", "CallWithBearerToken".to_owned()),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("X-Amz-Credential", format!("{key_id}%2F{day}%2F{region}%2Fbedrock%2Faws4_request")),
        ("X-Amz-Date", date.to_owned()),
        ("X-Amz-Expires", expires.to_string()),
        ("X-Amz-SignedHeaders", "host".to_owned()),
    ];
    let mut secrets = Vec::new();
    if key_id.starts_with("ASIA") {
        let token = mint_session_token(key_id);
        parameters.push(("X-Amz-Security-Token", token.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D")));
        secrets.push(token);
    }
    let signature = hex(&digest(&format!("{key_id}{region}{date}")));
    parameters.push(("X-Amz-Signature", signature.clone()));
    parameters.push(("Version", "1".to_owned()));
    secrets.push(signature);
    Minted { text: short_term(&parameters), secrets }
}

/// A short-term key of these parameters, whose values are escaped already.
pub fn short_term(parameters: &[(&str, String)]) -> String {
    let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("bedrock-api-key-{}", STANDARD.encode(format!("bedrock.amazonaws.com/?{}", query.join("&"))))
}

/// The id of an access key of an account. `prefix` is `AKIA`, `ASIA`, `ABIA` or `ACCA`.
pub fn mint_access_key_id(prefix: &str, account: &str) -> String {
    let number: u128 = account.parse().unwrap_or_default();
    // one bit set, then the account, then what tells keys apart
    let bits = 1 << 79 | number << 39 | 0x2a_a7c3_e916;
    let letter = |at: u32| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".chars().nth((bits >> (75 - 5 * at) & 31) as usize);
    prefix.chars().chain((0..16).filter_map(letter)).collect()
}

/// A secret access key.
pub fn mint_secret_access_key(purpose: &str) -> String {
    STANDARD_NO_PAD.encode(digest(purpose)).chars().take(40).collect()
}

/// A session token, as long as short ones are.
pub fn mint_session_token(purpose: &str) -> String {
    let random: Vec<u8> = (0..12).flat_map(|part| digest(&format!("{purpose}{part}"))).collect();
    format!("IQoJb3JpZ2luX2VjEPX//////////wEaCXVzLWVhc3QtMSJ{}", STANDARD.encode(random))
}

/// An API key of Anthropic's own API.
pub fn mint_anthropic_key(purpose: &str) -> String {
    let random: Vec<u8> = (0..3).flat_map(|part| digest(&format!("{purpose}{part}"))).collect();
    format!("sk-ant-api03-{}", STANDARD_NO_PAD.encode(random).replace('+', "-").replace('/', "_"))
}

fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
