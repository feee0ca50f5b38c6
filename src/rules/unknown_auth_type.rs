//! A word for a kind of credential that the client does not know.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule, wording};
use crate::adapter::AuthMode;
use crate::bedrock::find_secret;
use crate::finding::{Applicability, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "unknown-auth-type",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unknown-auth-type.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let adapter = case.adapter();
    let Some(declared) = adapter.auth.declared.as_ref().filter(|_| adapter.auth.mode == AuthMode::Unknown) else {
        return;
    };
    let (key, consumer) = (declared.key.as_str(), adapter.consumer.name());
    // a key that was pasted into the wrong field is not repeated
    let quoted = declared.given().filter(|word| find_secret(word).is_none()).map(|_| declared.value.as_str());
    let what = match quoted {
        Some(word) => format!("`{word}` is no `{key}`"),
        None => format!("what stands in `{key}` is none"),
    };
    let message = format!("{what} that {consumer} knows, so it refuses the adapter when it is used");
    let known: Vec<&str> = adapter.consumer.auth_types().iter().map(|known| known.word).collect();
    let nearest = &case.reading.credentials.nearest;
    let meant = if nearest.is_empty() { &known } else { nearest };
    let at = if quoted.is_some() { case.at_value(declared) } else { case.at_key(declared) };
    let mut draft = Draft::new(&RULE, at.clone(), message, "not a known type").anchor(case.anchor(declared));
    if !meant.is_empty() {
        draft = draft.help(format!("write {}", wording::either(meant)));
    }
    report.push(match nearest.as_slice() {
        // another credential is used then
        [only] => draft.replace(at, *only, "write the type that is meant", Applicability::Unsafe),
        _ => draft,
    });
}
