//! A model of one account, called with the credentials of another.

use super::RULE;
use crate::adapter::Credential;
use crate::bedrock::ApiKey;
use crate::finding::Confidence;
use crate::reading::Called;
use crate::rules::report::{AdapterCase, Draft, Report};
use crate::source::Location;
use crate::text::{Span, Text};

pub(super) fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let Some(own) = Own::of(case) else { return };
    for (field, reading) in case.reading.called() {
        let Some(account) = reading.arn.as_ref().and_then(|arn| arn.account.as_deref()) else { continue };
        if account == own.account {
            continue;
        }
        let message = format!(
            "this belongs to account `{account}`, and is called with {} of account `{}`, which does not have it",
            own.what, own.account
        );
        report.push(
            Draft::new(&RULE, case.at(account_span(&field.id, account)), message, "another account")
                .related(own.at.clone(), format!("a credential of account `{}`", own.account))
                .help(format!("name what account `{}` has, or use credentials of account `{account}`", own.account))
                .confidence(if belongs_to_caller(&reading.called) { own.confidence } else { Confidence::Likely })
                .anchor(case.anchor(&field.field)),
        );
    }
}

/// Profiles are called in the account that they belong to; of the rest it is not known whether all of it is.
fn belongs_to_caller(called: &Called) -> bool {
    matches!(called, Called::Profile(_) | Called::ApplicationProfile(_))
}

/// Where the account stands in an ARN; all of the ARN if it stands elsewhere than it should.
fn account_span(arn: &Text, account: &str) -> Span {
    let start: usize = arn.as_str().split(':').take(4).map(|part| part.len() + 1).sum();
    let range = start..start + account.len();
    if arn.as_str().get(range.clone()) == Some(account) { arn.span_of(range) } else { arn.span() }
}

/// The account of the credential that is used.
struct Own<'a> {
    account: &'a str,
    what: &'static str,
    at: Location,
    confidence: Confidence,
}

impl<'a> Own<'a> {
    fn of(case: &AdapterCase<'a>) -> Option<Self> {
        let (auth, credentials) = (&case.adapter().auth, &case.reading.credentials);
        let of_api_key = || {
            let (field, key) = (auth.api_key.as_ref()?, credentials.api_key.as_ref()?);
            // a long-term key names its account, the others only hold it in the id of an access key
            let confidence = match key {
                ApiKey::LongTerm(_) => Confidence::Certain,
                ApiKey::ShortTerm(_) => Confidence::Likely,
            };
            Some(Self { account: key.account()?, what: "a Bedrock API key", at: case.at_key(field), confidence })
        };
        let of_access_key = || {
            let (field, id) = (auth.access_key_id.as_ref()?, credentials.access_key_id.as_ref()?);
            let account = id.account.as_deref()?;
            let at = case.at_key(field);
            Some(Self { account, what: "an access key", at, confidence: Confidence::Likely })
        };
        let of_role = || {
            let field = auth.role.as_ref()?;
            Some(Self {
                account: field.account_of_arn()?,
                what: "a role",
                at: case.at_key(field),
                confidence: Confidence::Certain,
            })
        };
        // what is not given at all is that of the pod; a variable that is not seen would go before it
        let of_pod = || {
            let field = case.service_account.filter(|_| case.reading.fact.whole)?.role.as_ref()?;
            let at = Location::new(&case.service_account?.source, field.key.span());
            let what = "the role of its service account";
            Some(Self { account: field.account_of_arn()?, what, at, confidence: Confidence::Likely })
        };
        match credentials.used {
            Some(Credential::ApiKey) => of_api_key(),
            Some(Credential::AccessKeys) => of_access_key(),
            Some(Credential::Role) => of_role(),
            Some(Credential::Profile) => None,
            None => of_pod(),
        }
    }
}
