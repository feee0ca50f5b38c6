//! What to do, made ready: ids, policies and commands for the very error.

mod access;
mod account;
mod keys;
mod models;

use super::known::Advice;
use super::situation::Situation;

/// One thing to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advised {
    /// What, as a clause that items or a document complete if there are any.
    pub text: String,
    /// Ids, ARNs or settings.
    pub items: Vec<String>,
    /// A document to copy.
    pub code: Option<Code>,
}

/// A document to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// `json` or `sh`.
    pub language: &'static str,
    /// Its text, which ends in a line break.
    pub text: String,
}

impl Advised {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn listed(text: impl Into<String>, items: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { text: text.into(), items: items.into_iter().map(Into::into).collect(), code: None }
    }

    fn document(text: impl Into<String>, language: &'static str, code: String) -> Self {
        Self { text: text.into(), items: Vec::new(), code: Some(Code { language, text: code }) }
    }
}

/// What can be made ready of what a message wants.
pub(super) fn advise(wanted: &[Advice], on: Situation<'_>) -> Vec<Advised> {
    wanted.iter().flat_map(|advice| one(*advice, on)).collect()
}

fn one(advice: Advice, on: Situation<'_>) -> Vec<Advised> {
    match advice {
        Advice::IdsForRegion => models::ids(on),
        Advice::NearestIds => models::nearest(on).into_iter().collect(),
        Advice::Successors => models::successors(on).into_iter().collect(),
        Advice::OtherProfile => models::other_profile(on).into_iter().collect(),
        Advice::OtherProvider => models::other_provider(on).into_iter().collect(),
        Advice::Thinking => models::thinking(on).into_iter().collect(),
        Advice::Sampling => models::sampling(on).into_iter().collect(),
        Advice::MaxOutput => models::max_output(on).into_iter().collect(),
        Advice::Grant => access::grant(on),
        Advice::BearerGrant => access::bearer(on).into_iter().collect(),
        Advice::ScpExemption | Advice::DenyExemption => access::exemption(on),
        Advice::PassRole => access::pass_role(on).into_iter().collect(),
        Advice::ModelAccess => account::model_access(on).into_iter().collect(),
        Advice::MarketplaceOnce => account::marketplace(on).into_iter().collect(),
        Advice::UseCaseForm => account::form(on).into_iter().collect(),
        Advice::Regions => account::regions(on).into_iter().collect(),
        Advice::OneRegion => account::one_region(on).into_iter().collect(),
        Advice::Quotas => account::quotas(on).into_iter().collect(),
        Advice::Key => keys::api_key(on),
        Advice::NoKey => vec![keys::without()],
        Advice::NoCredentials => vec![keys::missing()],
        Advice::Credentials => vec![keys::access_keys(on)],
    }
}
