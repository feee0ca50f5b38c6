//! Keys of other services, put where a Bedrock API key belongs.

use super::shape::is_base64;

/// Whose key it is, by how it begins. Bedrock refuses it whatever it is: "Invalid API Key format: Must start with
/// pre-defined prefix" (<https://github.com/BerriAI/litellm/issues/37905>,
/// <https://github.com/earendil-works/pi/issues/6531>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignKey {
    /// `sk-ant-…`: an API key or OAuth token of Anthropic's own API.
    Anthropic,
    /// `aws-external-anthropic-api-key-…` (short-term) and `AEAA…` (long-term): the Claude Platform on AWS, which is
    /// another service than Amazon Bedrock (<https://github.com/BeyondTrust/bedrock-keys-security>).
    ClaudePlatform,
    /// `sk-…`: OpenAI, and gateways that write their keys the same way.
    OpenAi,
}

/// How short-term keys of the Claude Platform on AWS begin.
const CLAUDE_PLATFORM: &str = "aws-external-anthropic-api-key-";

/// How its long-term keys begin: base64 of bytes that only frame what follows.
const CLAUDE_PLATFORM_LONG_TERM: &str = "AEAA";

/// Characters that name, account and secret of such a long-term key need at least. Four letters alone prove nothing.
const LONG_TERM_LENGTH: usize = 60;

impl ForeignKey {
    /// Reads a key of another service; white space around it does not count. `None` for anything else, Bedrock's own
    /// keys among it.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let long_term = || {
            let body = text.strip_prefix(CLAUDE_PLATFORM_LONG_TERM)?;
            (body.len() >= LONG_TERM_LENGTH && is_base64(body)).then_some(Self::ClaudePlatform)
        };
        match text {
            _ if text.starts_with("sk-ant-") => Some(Self::Anthropic),
            _ if text.starts_with("sk-") => Some(Self::OpenAi),
            _ if text.starts_with(CLAUDE_PLATFORM) => Some(Self::ClaudePlatform),
            _ => long_term(),
        }
    }

    /// The service, as a message names it.
    pub fn service(self) -> &'static str {
        match self {
            Self::Anthropic => "Anthropic's own API",
            Self::ClaudePlatform => "the Claude Platform on AWS",
            Self::OpenAi => "OpenAI or a gateway",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_by_their_beginning() {
        let long_term = format!("AEAA{}", "QWVhQXBpS2V5LWFiY2QtYXQtMTEx".repeat(3));
        for (text, whose) in [
            ("sk-ant-api03-abc", Some(ForeignKey::Anthropic)),
            (" sk-ant-oat01-abc\n", Some(ForeignKey::Anthropic)),
            ("sk-proj-abc", Some(ForeignKey::OpenAi)),
            ("sk-1234", Some(ForeignKey::OpenAi)),
            ("aws-external-anthropic-api-key-YXdz", Some(ForeignKey::ClaudePlatform)),
            (long_term.as_str(), Some(ForeignKey::ClaudePlatform)),
            ("AEAA", None),
            ("bedrock-api-key-abc", None),
            ("ABSKabc", None),
            ("ask-ant-", None),
            ("", None),
        ] {
            assert_eq!(ForeignKey::read(text), whose, "{text}");
        }
    }
}
