//! Bedrock API keys. Both kinds hold more than a secret, readable without asking AWS.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;

use super::access_key::{AccessKeyId, AccessKeyKind};
use super::is_account;
use super::moment::Moment;
use super::shape::{LONG_TERM_BODY, SHORT_TERM_BODY, is_base64, is_made_up};

/// What a Bedrock API key says of itself. Nothing of the secret is kept.
///
/// AWS documents neither layout. Long-term keys: <https://github.com/BeyondTrust/bedrock-keys-security>. Short-term
/// keys: the source of AWS's own generators, `aws-bedrock-token-generator` 1.1.0 (PyPI) and
/// `@aws/bedrock-token-generator` 1.1.0 (npm).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiKey {
    /// `ABSK…`: a service-specific credential of an IAM user. It holds neither Region nor date.
    LongTerm(LongTermKey),
    /// `bedrock-api-key-…`: a presigned request, good for one Region and twelve hours at most.
    ShortTerm(ShortTermKey),
}

/// What a long-term key says of itself; what cannot be read is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongTermKey {
    /// The IAM user that it belongs to; `BedrockAPIKey-…` if the console made it.
    pub user: Option<Box<str>>,
    /// Whether it is the user's second key. A user has two at most.
    pub second: bool,
    /// The account of the user, twelve digits.
    pub account: Option<Box<str>>,
    /// See [`ApiKey::is_filler`].
    pub filler: bool,
}

/// What a short-term key says of itself; what cannot be read is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortTermKey {
    /// The only Region that it can be used in
    /// (<https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-reference.html>).
    pub region: Option<Box<str>>,
    /// When it was made.
    pub issued: Option<Timestamp>,
    /// How long it was made for, in seconds.
    pub lifetime: Option<u32>,
    /// What kind of credentials made it. Temporary ones may end before the key does, and it ends with them.
    pub made_with: Option<AccessKeyKind>,
    /// The account of these credentials, twelve digits.
    pub account: Option<Box<str>>,
    /// Whether it is base64 of such a request, or of its beginning, whatever is in it: not a word behind the prefix.
    pub presigned: bool,
    /// See [`ApiKey::is_filler`].
    pub filler: bool,
}

/// The longest life of a short-term key, in seconds: twelve hours.
const LONGEST_LIFE: u32 = 43_200;

/// Characters behind `ABSK` in the shortest key of a user that the console made, as gitleaks counts them
/// (<https://github.com/gitleaks/gitleaks>, rule `aws-amazon-bedrock-api-key-long-lived`).
const LONG_TERM_LENGTH: usize = 109;

/// Characters of the secret in a long-term key of any user that are surely too few.
const SECRET_LENGTH: usize = 32;

/// Characters behind the prefix that a presigned request with the shortest Region needs at least.
const SHORT_TERM_LENGTH: usize = 300;

/// Whom the presigned request is for.
const HOST: &str = "bedrock.amazonaws.com";

/// Characters of a signature: a SHA-256 in hexadecimal.
const SIGNATURE_LENGTH: usize = 64;

/// Both kinds of padding, and bits left over: a key that was copied by hand still tells what it can.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl ApiKey {
    /// How long-term keys begin.
    pub const LONG_TERM: &'static str = "ABSK";

    /// How short-term keys begin.
    pub const SHORT_TERM: &'static str = "bedrock-api-key-";

    /// Reads a key; white space around it does not count. `None` if it does not begin like one. A key that is cut
    /// short, damaged or made up gives what can be told.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(body) = text.strip_prefix(Self::LONG_TERM) {
            return Some(Self::LongTerm(LongTermKey::read(body)));
        }
        text.strip_prefix(Self::SHORT_TERM).map(|body| Self::ShortTerm(ShortTermKey::read(body)))
    }

    /// The prefix that a text lacks to be a key: it was lost on the way, as it looks like a part of the name.
    pub fn lost_prefix(text: &str) -> Option<&'static str> {
        let text = text.trim();
        if text.starts_with(LONG_TERM_BODY) && text.len() >= 2 * SECRET_LENGTH {
            return Some(Self::LONG_TERM);
        }
        (text.starts_with(SHORT_TERM_BODY) && text.len() >= SHORT_TERM_LENGTH).then_some(Self::SHORT_TERM)
    }

    /// The account that it belongs to, twelve digits.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::LongTerm(key) => key.account.as_deref(),
            Self::ShortTerm(key) => key.account.as_deref(),
        }
    }

    /// Whether it is nobody's: too short to be a key, of characters that no key has, or made up, as in `ABSK…` or
    /// `bedrock-api-key-your-key-here`.
    pub fn is_filler(&self) -> bool {
        match self {
            Self::LongTerm(key) => key.filler,
            Self::ShortTerm(key) => key.filler,
        }
    }
}

impl LongTermKey {
    /// Reads what stands behind the prefix: base64 of `NAME[+N]-at-ACCOUNT:SECRET`.
    fn read(body: &str) -> Self {
        let decoded = decode(body);
        let text = String::from_utf8_lossy(&decoded);
        let owner = owner(&text);
        let secret = owner.and_then(|owner| text.get(owner.end..)?.strip_prefix(':')).unwrap_or_default();
        let long_enough = secret.len() >= SECRET_LENGTH || body.len() >= LONG_TERM_LENGTH;
        let filler = !long_enough || !is_base64(body) || is_made_up(body) || is_made_up(secret);
        let (user, second) = match owner.map(|owner| owner.name.rsplit_once('+').unwrap_or((owner.name, ""))) {
            Some((user, number)) if is_number(number) => (Some(user), true),
            _ => (owner.map(|owner| owner.name), false),
        };
        Self {
            user: user.filter(|user| is_user_name(user)).map(Into::into),
            second,
            account: owner.map(|owner| owner.account.into()),
            filler,
        }
    }
}

/// Whose a long-term key is, as it says itself.
#[derive(Clone, Copy)]
struct Owner<'a> {
    name: &'a str,
    account: &'a str,
    /// Where the account ends.
    end: usize,
}

/// Names may hold `-at-` and a damaged key has no colon, so the account tells where the name ends. What stands behind
/// it is the secret and never taken for a name.
fn owner(text: &str) -> Option<Owner<'_>> {
    const AT: &str = "-at-";
    let owner = |(at, _): (usize, &str)| {
        let (start, end) = (at + AT.len(), at + AT.len() + 12);
        let account = text.get(start..end).filter(|account| is_account(account))?;
        let more = text.get(end..)?.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        (!more).then_some(Owner { name: text.get(..at)?, account, end })
    };
    let mut owners = text.match_indices(AT).filter_map(owner);
    let first = owners.next()?;
    let ends_in_colon = |owner: &Owner<'_>| text.get(owner.end..).is_some_and(|rest| rest.starts_with(':'));
    if ends_in_colon(&first) { Some(first) } else { owners.find(ends_in_colon).or(Some(first)) }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html>
fn is_user_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

impl ShortTermKey {
    /// Reads what stands behind the prefix: base64 of a presigned URL without its scheme. Only the parameters that are
    /// no secret are taken; they come in any order.
    fn read(body: &str) -> Self {
        let decoded = decode(body);
        let url = String::from_utf8_lossy(&decoded);
        let signature = parameter(&url, "X-Amz-Signature");
        // where a key was cut short, the last value may have been longer
        let whole = if signature.is_some() { &url } else { url.rsplit_once('&').map_or("", |(whole, _)| whole) };
        let readable = |name| Some(percent_decode_str(parameter(whole, name)?).decode_utf8().ok()?.into_owned());

        let scope = readable("X-Amz-Credential").unwrap_or_default();
        let (maker, region) = match scope.split('/').collect::<Vec<_>>().as_slice() {
            [id, date, region, _, ..] if is_number(date) && is_region(region) => {
                (AccessKeyId::read(id), Some((*region).into()))
            }
            [id, ..] => (AccessKeyId::read(id), None),
            [] => (None, None),
        };
        let made_up = is_made_up(body)
            || maker.as_ref().is_some_and(AccessKeyId::is_example)
            || signature.is_some_and(|signature| !is_signature(signature));
        Self {
            region,
            issued: readable("X-Amz-Date").and_then(|date| instant(&date)),
            lifetime: readable("X-Amz-Expires").filter(|seconds| is_number(seconds)).and_then(|one| one.parse().ok()),
            made_with: maker.as_ref().map(|maker| maker.kind),
            account: maker.and_then(|maker| maker.account),
            presigned: is_base64(body) && url.starts_with(HOST),
            filler: body.len() < SHORT_TERM_LENGTH || !is_base64(body) || made_up,
        }
    }

    /// The last moment at which it can work. It ends earlier if the credentials that made it do.
    pub fn expires(&self) -> Option<Timestamp> {
        let lifetime = SignedDuration::from_secs(self.lifetime?.min(LONGEST_LIFE).into());
        self.issued?.checked_add(lifetime).ok()
    }

    /// Whether it has ended at the latest; `None` where that cannot be read.
    pub fn has_ended(&self, as_of: Moment) -> Option<bool> {
        self.expires().map(|end| as_of.is_after(end))
    }
}

/// The first value of that name in the query of a URL, as it is written.
fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    url.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

fn is_signature(text: &str) -> bool {
    text.len() == SIGNATURE_LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit()) && !is_made_up(text)
}

/// Of characters that codes of Regions are made of, whether there is such a Region or not.
fn is_region(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `20261122T101112Z`
fn instant(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The bytes of base64 in either alphabet, with or without padding, up to the first character of neither.
fn decode(body: &str) -> Vec<u8> {
    let standard = body.bytes().map(|byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte,
    });
    let mut digits: Vec<u8> =
        standard.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).collect();
    if digits.len() % 4 == 1 {
        // six bits are no byte
        digits.pop();
    }
    LENIENT.decode(&digits).unwrap_or_default()
}
