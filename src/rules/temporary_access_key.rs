//! A temporary access key for a client that has no setting for its session token.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule};
use crate::adapter::{Credential, Field};
use crate::bedrock::AccessKeyKind;
use crate::finding::{Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "temporary-access-key",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/temporary-access-key.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    let credentials = &case.reading.credentials;
    if adapter.consumer.carries_session_token() || !credentials.may_use(Credential::AccessKeys) {
        return;
    }
    let (auth, consumer) = (&adapter.auth, adapter.consumer.name());
    let token = auth.session_token.as_ref().filter(|token| token.is_filled());
    let outcome = format!("{consumer} has no setting for the session token, and AWS refuses the key without it");
    let found = match (&auth.access_key_id, &credentials.access_key_id) {
        (Some(id), Some(read)) if read.kind == AccessKeyKind::Temporary => {
            let message = format!("`{}` is the id of a temporary access key: {outcome}", id.key.as_str());
            let draft = Draft::new(&RULE, case.at_key(id), message, "begins with `ASIA`").anchor(case.anchor(id));
            match token {
                Some(token) => draft.related(case.at_key(token), "dropped without a word"),
                None => draft,
            }
        }
        // only temporary keys have a token; which they are may be filled in later
        (Some(id), None) if id.is_filled() && !is_known(id) => {
            let Some(token) = token else { return };
            let message =
                format!("`{}` stands here, as it does beside temporary access keys: {outcome}", token.key.as_str());
            Draft::new(&RULE, case.at_key(token), message, "dropped without a word")
                .confidence(Confidence::Likely)
                .anchor(case.anchor(token))
        }
        _ => return,
    };
    report.push(found.help("use an access key of an IAM user (`AKIA…`), a role, or a long-term Bedrock API key"));
}

fn is_known(field: &Field) -> bool {
    field.literal().is_some()
}
