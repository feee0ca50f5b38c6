//! Which providers sell their models through AWS Marketplace.
//!
//! Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html>,
//! two copies of 2026. The page lists the providers that are *not* sold there.
//! OpenAI was on that list in the older copy and is gone from the newer one, and
//! newer OpenAI model cards carry Marketplace product ids: not decided here.

/// Providers whose models need no AWS Marketplace subscription.
const NOT_SOLD_THERE: [&str; 5] = ["Amazon", "DeepSeek", "Meta", "Mistral AI", "Qwen"];

/// Providers about which the sources disagree.
const UNDECIDED: [&str; 1] = ["OpenAI"];

/// Where AWS Marketplace is asked, whatever Region the model is called in. A condition on `aws:RequestedRegion` that
/// keeps it out breaks the first call: <https://github.com/binbashar/le-tf-infra-aws/pull/1050>.
pub const MARKETPLACE_REGION: &str = "us-east-1";

/// Whether the first use of a model of this provider (its name as the catalogue
/// writes it) subscribes the account through AWS Marketplace. `None` where the
/// sources disagree.
pub fn sold_through_marketplace(provider: &str) -> Option<bool> {
    if UNDECIDED.contains(&provider) {
        return None;
    }
    Some(!NOT_SOLD_THERE.contains(&provider))
}

#[cfg(test)]
mod tests {
    use super::sold_through_marketplace;

    #[test]
    fn the_page_is_followed() {
        for (provider, sold) in [
            ("Amazon", Some(false)),
            ("Mistral AI", Some(false)),
            ("Anthropic", Some(true)),
            ("Cohere", Some(true)),
            ("OpenAI", None),
        ] {
            assert_eq!(sold_through_marketplace(provider), sold, "{provider}");
        }
    }
}
