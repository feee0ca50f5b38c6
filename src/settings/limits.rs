//! What may be called at all: data residency, allowed models.

use std::sync::Arc;

use super::raw::RawLimits;
use crate::iam::{Case, Context, Fit, Pattern};
use crate::source::{Location, Source};
use crate::text::Text;

/// The limits of the settings. What is not limited is allowed.
#[derive(Debug, Default)]
pub struct Limits {
    /// Allowed prefixes of inference profiles, `global` being one.
    pub geographies: Option<Limit>,
    /// Allowed models, by their ids without a prefix.
    pub models: Option<Limit>,
    /// Allowed source Regions.
    pub regions: Option<Limit>,
}

/// A list of what is allowed.
#[derive(Debug)]
pub struct Limit {
    allowed: Vec<Pattern>,
    /// The list in the settings.
    pub at: Location,
}

/// A pattern of names: `*` is any number of characters, `?` is one.
pub(super) fn wildcards(text: &str) -> Pattern {
    Pattern::new(Text::unplaced(text), false)
}

/// Whether the whole of a name matches.
pub(super) fn fits(pattern: &Pattern, name: &str) -> bool {
    pattern.matches(name, Case::Sensitive, &Context::default()) == Fit::Yes
}

impl Limits {
    pub(super) fn checked(source: &Arc<Source>, raw: RawLimits) -> Self {
        let limit = |span, names: Vec<String>| Limit {
            allowed: names.iter().map(|name| wildcards(name)).collect(),
            at: Location::new(source, span),
        };
        Self {
            geographies: raw
                .geographies
                .map(|list| limit(list.span, list.value.0.into_iter().map(|one| one.0).collect())),
            models: raw.models.map(|list| limit(list.span, list.value.0.into_iter().map(|one| one.0).collect())),
            regions: raw.regions.map(|list| limit(list.span, list.value.0.into_iter().map(|one| one.0).collect())),
        }
    }

    /// Whether profiles with this prefix (without its dot) are allowed.
    #[must_use]
    pub fn allows_geography(&self, prefix: &str) -> bool {
        self.geographies.as_ref().is_none_or(|limit| limit.allows(prefix))
    }

    /// Whether the model with this id (without a prefix) is allowed.
    #[must_use]
    pub fn allows_model(&self, id: &str) -> bool {
        self.models.as_ref().is_none_or(|limit| limit.allows(id))
    }

    /// Whether calls may be made in the Region with this code.
    #[must_use]
    pub fn allows_region(&self, code: &str) -> bool {
        self.regions.as_ref().is_none_or(|limit| limit.allows(code))
    }
}

impl Limit {
    /// Whether a name is allowed.
    #[must_use]
    pub fn allows(&self, name: &str) -> bool {
        self.allowed.iter().any(|pattern| fits(pattern, name))
    }

    /// Whether a pattern of names (`*` is any number of characters, `?` is one) may stand for a name that is allowed.
    #[must_use]
    pub fn allows_some(&self, pattern: &str) -> bool {
        self.allowed.iter().any(|allowed| have_a_name_in_common(allowed.as_str().as_bytes(), pattern.as_bytes()))
    }

    /// The names and patterns as they are written in the settings.
    pub fn written(&self) -> impl ExactSizeIterator<Item = &str> {
        self.allowed.iter().map(Pattern::as_str)
    }
}

/// Whether two patterns match a string in common. Asked of all pairs of beginnings, so that no pattern takes long.
fn have_a_name_in_common(a: &[u8], b: &[u8]) -> bool {
    // of each beginning of `a`, whether it has one in common with the beginning of `b` that is looked at
    let mut row = vec![true];
    for first in a {
        row.push(*first == b'*' && row.last() == Some(&true));
    }
    for second in b {
        let mut next = vec![*second == b'*' && row.first() == Some(&true)];
        for (first, pair) in a.iter().zip(row.windows(2)) {
            let [shorter, same] = pair else { continue };
            let fits = match (*first, *second) {
                (b'*', _) | (_, b'*') => *same || next.last() == Some(&true),
                (b'?', _) | (_, b'?') => *shorter,
                (first, second) => *shorter && first == second,
            };
            next.push(fits);
        }
        row = next;
    }
    row.last() == Some(&true)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::settings::{Base, Settings};

    fn limits(text: &str) -> Limits {
        Settings::parse(&Arc::new(Source::new("bedrock-lint.yml", text)), Base::default()).unwrap().limits
    }

    #[test]
    fn what_is_not_limited_is_allowed() {
        let none = limits("pedantic: true");
        assert!(none.allows_geography("global") && none.allows_model("x.y") && none.allows_region("us-east-1"));
        let nowhere = limits("limits: {geographies: []}");
        assert!(!nowhere.allows_geography("us") && nowhere.allows_model("x.y"));
    }

    #[test]
    fn patterns_match_whole_names() {
        let limits = limits(
            "limits:\n  geographies: eu\n  models: ['anthropic.claude-*-4-?', amazon.nova-lite-v1:0]\n  \
             regions: ['eu-*', us-east-1]\n",
        );
        assert!(limits.allows_geography("eu"));
        assert!(!limits.allows_geography("eu-west-1") && !limits.allows_geography("global"));
        assert!(limits.allows_model("anthropic.claude-sonnet-4-6") && limits.allows_model("amazon.nova-lite-v1:0"));
        for other in ["anthropic.claude-sonnet-4-6-v1", "us.amazon.nova-lite-v1:0", "Amazon.Nova-Lite-V1:0"] {
            assert!(!limits.allows_model(other), "{other}");
        }
        assert!(limits.allows_region("eu-central-1") && limits.allows_region("us-east-1"));
        assert!(!limits.allows_region("us-east-2") && !limits.allows_region("eusc-de-east-1"));
        let models = limits.models.unwrap();
        assert_eq!(models.at.text(), "['anthropic.claude-*-4-?', amazon.nova-lite-v1:0]");
        assert_eq!(models.written().collect::<Vec<_>>(), ["anthropic.claude-*-4-?", "amazon.nova-lite-v1:0"]);
    }

    #[test]
    fn patterns_meet_where_one_name_fits_both() {
        let meet = |a: &str, b: &str| {
            let both = have_a_name_in_common(a.as_bytes(), b.as_bytes());
            assert_eq!(both, have_a_name_in_common(b.as_bytes(), a.as_bytes()), "{a} {b}");
            both
        };
        for (a, b) in [
            ("", ""),
            ("", "**"),
            ("*", "x"),
            ("eu-*", "eu-west-?"),
            ("*-1", "us-*"),
            ("a*b", "ab"),
            ("a*c", "*b*"),
            ("?", "*"),
            ("anthropic.claude-*-4-?", "anthropic.claude-sonnet-4-6"),
        ] {
            assert!(meet(a, b), "{a} {b}");
        }
        for (a, b) in
            [("", "?"), ("eu-*", "us-*"), ("a", "ab"), ("a*b", "a"), ("*1", "*2"), ("a?", "a"), ("us-*", "e*")]
        {
            assert!(!meet(a, b), "{a} {b}");
        }
        let long = "a*".repeat(2_000);
        assert!(!meet(&format!("{long}b"), &format!("{long}c")));
        let limits = limits("limits: {models: 'anthropic.*', geographies: []}");
        let models = limits.models.unwrap();
        assert!(models.allows_some("*claude*") && models.allows_some("*") && !models.allows_some("meta.*"));
        assert!(!limits.geographies.unwrap().allows_some("*"));
    }
}
