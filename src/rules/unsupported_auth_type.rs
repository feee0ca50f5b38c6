//! A kind of credential that the version of the platform does not have yet.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::{AuthMode, Consumer, Credential};
use crate::finding::{Confidence, Severity};
use crate::settings::PlatformVersion;

pub(super) const RULE: Rule = Rule {
    slug: "unsupported-auth-type",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/unsupported-auth-type.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    let (Consumer::Unstract, AuthMode::Chosen(credential)) = (adapter.consumer, adapter.auth.mode) else { return };
    let Some(declared) = &adapter.auth.declared else { return };
    let Some((version, said)) = case.facts.settings.and_then(|settings| settings.unstract.as_ref()) else { return };
    let Some(gap) = Gap::of(credential, *version) else { return };
    let (message, confidence) = gap.told(credential, declared.value.as_str(), *version);
    report.push(
        Draft::new(&RULE, case.at_value(declared), message, "not in this version")
            .related(said.clone(), "the version that is deployed")
            .help(format!("upgrade to {} or later, or use access keys until then", upgrade(credential)))
            .confidence(confidence)
            .anchor(case.anchor(declared)),
    );
}

/// Why a version of Unstract cannot use a kind of credential.
///
/// Sources: the two schemas and `adapters/base1.py` at every tag of Zipstack/unstract; docs.unstract.com, "Amazon
/// Bedrock" and "AWS IRSA Setup for EKS Deployments", which may count releases of another line than the tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    /// By all sources it does not have it yet.
    Missing,
    /// By its tag it does not have it yet, by the documentation it does.
    Disputed,
    /// The API key is lost on the second call: Zipstack/unstract#1957.
    LostApiKey,
}

impl Gap {
    fn of(credential: Credential, version: PlatformVersion) -> Option<Self> {
        let before = |minor, patch| version < PlatformVersion::new(0, minor, patch);
        let missing = |in_documentation| if in_documentation { Self::Disputed } else { Self::Missing };
        match credential {
            Credential::Role => (!has_auth_types(version)).then(|| missing(!before(159, 3))),
            // "the next on-prem release after v0.162.0"
            Credential::ApiKey if before(168, 0) => Some(missing(!before(162, 1))),
            Credential::ApiKey => before(168, 1).then_some(Self::LostApiKey),
            // access keys need no word
            Credential::AccessKeys | Credential::Profile => None,
        }
    }

    /// What is wrong and why it fails, and how sure that is.
    fn told(self, credential: Credential, word: &str, version: PlatformVersion) -> (String, Confidence) {
        let outcome = match credential {
            _ if has_auth_types(version) => "it refuses the adapter",
            Credential::ApiKey => "it never sends the key",
            _ => "it uses the key fields, whatever they say",
        };
        let sources = match credential {
            Credential::ApiKey => {
                "its tags have it from v0.168.0 on, its documentation from the release after v0.162.0 on"
            }
            _ => "its tags have it from v0.163.4 (a line of fixes) and v0.165.4 on, its documentation from v0.159.3 on",
        };
        let message = match self {
            Self::Missing => format!("`{word}` is not in Unstract {version} yet, so {outcome}"),
            Self::Disputed => {
                format!("`{word}` may not be in Unstract {version} yet, so that {outcome}: {sources}")
            }
            Self::LostApiKey => {
                format!(
                    "the key of `{word}` is lost in Unstract {version} after the first call, so that later ones fail"
                )
            }
        };
        let confidence = match self {
            Self::Missing => Confidence::Certain,
            Self::Disputed => Confidence::Possible,
            Self::LostApiKey => Confidence::Likely,
        };
        (message, confidence)
    }
}

/// By the tags. v0.163 has a line of fixes that is younger than v0.164.
fn has_auth_types(version: PlatformVersion) -> bool {
    let from = |minor, patch| version >= PlatformVersion::new(0, minor, patch);
    from(165, 4) || (from(163, 4) && !from(164, 0))
}

/// The first version that has it whole, by all sources.
fn upgrade(credential: Credential) -> PlatformVersion {
    match credential {
        Credential::ApiKey => PlatformVersion::new(0, 168, 1),
        _ => PlatformVersion::new(0, 165, 4),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_line_by_line() {
        let (missing, disputed) = (Some(Gap::Missing), Some(Gap::Disputed));
        for (version, of_role, of_key) in [
            ("v0.158.2", missing, missing),
            ("v0.159.2", missing, missing),
            ("v0.159.3", disputed, missing),
            ("v0.162.0", disputed, missing),
            ("v0.162.1", disputed, disputed),
            ("v0.163.3", disputed, disputed),
            ("v0.163.4", None, disputed),
            // younger than v0.168.0, and without its changes
            ("v0.163.5", None, disputed),
            ("v0.164.0", disputed, disputed),
            ("v0.165.3", disputed, disputed),
            ("v0.165.4", None, disputed),
            ("v0.167.9", None, disputed),
            ("v0.168.0", None, Some(Gap::LostApiKey)),
            ("v0.168.1", None, None),
            ("v1.0.0", None, None),
        ] {
            let version = PlatformVersion::parse(version).unwrap();
            assert_eq!(Gap::of(Credential::Role, version), of_role, "{version}");
            assert_eq!(Gap::of(Credential::ApiKey, version), of_key, "{version}");
            assert_eq!(Gap::of(Credential::AccessKeys, version), None, "{version}");
        }
    }
}
