//! Credentials of several kinds, of which the client uses one.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule, wording};
use crate::adapter::{AuthMode, Consumer, Credential, Field};
use crate::finding::{Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "mixed-credentials",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/mixed-credentials.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    // an example lists what there is to choose from, and so does a template that leaves the choice open
    if case.reading.fact.example || case.reading.credentials.chosen_later {
        return;
    }
    let found = match case.reading.credentials.used {
        Some(used) => ignored(case, used),
        None => undecided(case),
    };
    if let Some(draft) = found {
        report.push(draft);
    }
}

/// Every kind that says something.
fn configured<'a>(case: &AdapterCase<'a>) -> Vec<(Credential, &'a Field)> {
    let kinds = [Credential::ApiKey, Credential::AccessKeys, Credential::Profile, Credential::Role];
    let auth = &case.adapter().auth;
    kinds.into_iter().filter_map(|kind| Some((kind, auth.filled(kind).next()?))).collect()
}

/// What stands beside the credential that is used.
fn ignored(case: &AdapterCase<'_>, used: Credential) -> Option<Draft> {
    let adapter = case.adapter();
    let mode = case.reading.credentials.mode;
    let has_used = adapter.auth.filled(used).next();
    // a chosen type whose own fields are blank is told of as that
    if has_used.is_none() && matches!(used, Credential::AccessKeys | Credential::ApiKey) {
        return None;
    }
    let ignored: Vec<(Credential, &Field)> =
        configured(case).into_iter().filter(|(kind, _)| in_vain(*kind, used, mode)).collect();
    let (_, first) = ignored.first()?;
    let kinds: Vec<&str> = ignored.iter().map(|(kind, _)| kind.as_str()).collect();
    let consumer = adapter.consumer.name();
    let message = format!(
        "{} {} never used: {consumer} calls Amazon Bedrock with {}, so what is changed there has no effect",
        kinds.join(" and "),
        if matches!(ignored.as_slice(), [(Credential::AccessKeys, _)] | [_, _, ..]) { "are" } else { "is" },
        used.as_str()
    );
    let fields = ignored.iter().flat_map(|(kind, _)| adapter.auth.filled(*kind));
    let names: Vec<&str> = fields.map(|field| field.key.as_str()).collect();
    let mut draft = Draft::new(&RULE, case.at_key(first), message, "not used")
        .help(help(case, used, &names, ignored.first().map(|(kind, _)| *kind)))
        .confidence(confidence(adapter.consumer, has_used.filter(|_| mode == AuthMode::Open), &ignored))
        .anchor(case.anchor(first));
    for (_, field) in ignored.iter().skip(1) {
        draft = draft.related(case.at_key(field), "not used either");
    }
    if let Some(field) = has_used {
        draft = draft.related(case.at_key(field), "used");
    }
    match adapter.auth.declared.as_ref().filter(|_| mode != AuthMode::Open) {
        Some(declared) => Some(draft.related(case.at_value(declared), "this chooses")),
        None => Some(draft),
    }
}

/// Whether a kind of credential serves nothing beside the one that is used. Access keys may be what a role is assumed
/// with; a profile and a role beside access keys say nothing secret, and are common beside the keys of other services.
fn in_vain(kind: Credential, used: Credential, mode: AuthMode) -> bool {
    match (kind, used) {
        (kind, used) if kind == used => false,
        (Credential::ApiKey, _) | (_, Credential::ApiKey) | (Credential::AccessKeys, Credential::Profile) => true,
        (Credential::AccessKeys, Credential::Role) => mode == AuthMode::Chosen(Credential::Role),
        _ => false,
    }
}

/// Several, where it depends on the client's language which of them is used.
fn undecided(case: &AdapterCase<'_>) -> Option<Draft> {
    let configured = configured(case);
    let [(_, first), others @ ..] = configured.as_slice() else { return None };
    let (_, other) = others.first()?;
    // an unknown type is told of as that
    if case.reading.credentials.mode != AuthMode::Open {
        return None;
    }
    let kinds: Vec<&str> = configured.iter().map(|(kind, _)| kind.as_str()).collect();
    let message = format!(
        "{} stand side by side, and it is not known which of them {} uses",
        kinds.join(" and "),
        case.adapter().consumer.name()
    );
    let draft = Draft::new(&RULE, case.at_key(first), message, "one of several credentials")
        .related(case.at_key(other), "another one")
        .help("keep the one that is meant, and leave the others out")
        .confidence(Confidence::Possible)
        .anchor(case.anchor(first));
    Some(draft)
}

fn help(case: &AdapterCase<'_>, used: Credential, names: &[&str], ignored: Option<Credential>) -> String {
    let adapter = case.adapter();
    let word = |kind| adapter.consumer.auth_types().iter().find(|known| known.credential == kind);
    let names = wording::list(names, 4);
    match ignored.and_then(word) {
        Some(other) if used != Credential::Profile => {
            format!("delete {names}; if that is what is meant, write `auth_type` `{}`", other.word)
        }
        _ => format!("delete {names}, or {}: whatever is not meant", used.as_str()),
    }
}

/// A value that is filled in later may turn out to be blank. In an environment, what is not used for Amazon Bedrock may
/// serve something else.
fn confidence(consumer: Consumer, used: Option<&Field>, ignored: &[(Credential, &Field)]) -> Confidence {
    let known = |field: &Field| field.literal().is_some();
    if !used.is_none_or(known) || !ignored.iter().any(|(_, field)| known(field)) {
        Confidence::Possible
    } else if consumer == Consumer::Unstract {
        Confidence::Certain
    } else {
        Confidence::Likely
    }
}
