//! Credentials of which a part is missing or blank.

use super::report::{AdapterCase, Draft, Report};
use super::{Check, Rule, wording};
use crate::adapter::{Auth, AuthMode, AuthType, Credential, Field};
use crate::bedrock::AccessKeyKind;
use crate::finding::{Confidence, Severity};

pub(super) const RULE: Rule = Rule {
    slug: "incomplete-credentials",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/incomplete-credentials.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    // what is published for others to fill in is blank on purpose
    if case.reading.fact.example || case.reading.credentials.chosen_later {
        return;
    }
    let auth = &case.adapter().auth;
    let found = match case.reading.credentials.mode {
        AuthMode::Chosen(credential) => chosen(case, credential),
        AuthMode::Open => unchosen(case).or_else(|| half_a_pair(case, auth)).or_else(|| empty_api_key(case, auth)),
        AuthMode::Unknown => None,
    };
    let found = found.or_else(|| no_session_token(case, auth));
    if let Some(draft) = found {
        report.push(draft);
    }
}

/// What the chosen type needs and does not have.
fn chosen(case: &AdapterCase<'_>, credential: Credential) -> Option<Draft> {
    let adapter = case.adapter();
    let known = adapter.consumer.auth_types();
    let chosen = known.iter().find(|known| known.credential == credential)?;
    let field = |name: &str| adapter.auth.fields().find(|field| field.key.as_str() == name);
    let missing: Vec<&str> = chosen.needs.iter().copied().filter(|name| field(name).is_none()).collect();
    let blank: Vec<&Field> =
        chosen.needs.iter().filter_map(|name| field(name)).filter(|field| field.is_blank()).collect();
    let declared = adapter.auth.declared.as_ref()?;
    let at = match blank.first() {
        Some(blank) => case.at_key(blank),
        None if missing.is_empty() => return None,
        None => case.at_value(declared),
    };
    let blank_names: Vec<&str> = blank.iter().map(|field| field.key.as_str()).collect();
    let verb = |names: &[&str]| if names.len() == 1 { "is" } else { "are" };
    let said = |names: &[&str], what: &str| {
        (!names.is_empty()).then(|| format!("{} {} {what}", wording::list(names, 3), verb(names)))
    };
    let what: Vec<String> = [said(&missing, "missing"), said(&blank_names, "blank")].into_iter().flatten().collect();
    let message = format!(
        "{}, and `{}` `{}` needs {}: {} refuses the adapter when it is used",
        what.join(" and "),
        declared.key.as_str(),
        chosen.word,
        if missing.len() + blank.len() == 1 { "it" } else { "both" },
        adapter.consumer.name()
    );
    let label = if blank.is_empty() { "needs more than is here" } else { "blank" };
    let mut draft = Draft::new(&RULE, at, message, label)
        .help(help(&adapter.auth, chosen, known))
        .anchor(case.anchor(blank.first().copied().unwrap_or(declared)));
    for blank in blank.iter().skip(1) {
        draft = draft.related(case.at_key(blank), "blank too");
    }
    Some(draft.related(case.at_value(declared), "the type that needs it"))
}

/// Fill them in, or choose the type of what is there.
fn help(auth: &Auth, chosen: &AuthType, known: &[AuthType]) -> String {
    let is_there =
        |other: &&AuthType| other.credential != chosen.credential && auth.filled(other.credential).next().is_some();
    match known.iter().find(is_there) {
        Some(other) => format!("write `{}`, whose credential is there, or fill in what is missing", other.word),
        None if chosen.credential == Credential::ApiKey => {
            "fill in a long-term Bedrock API key, or choose another type".to_owned()
        }
        None => "fill in both parts of an access key, or choose another type".to_owned(),
    }
}

/// A Bedrock API key that the client reads only where a setting chooses it, and none does.
fn unchosen(case: &AdapterCase<'_>) -> Option<Draft> {
    let adapter = case.adapter();
    let chosen = adapter.consumer.auth_types().iter().find(|known| known.credential == Credential::ApiKey)?;
    if case.reading.credentials.used.is_some() {
        return None;
    }
    let key = adapter.auth.filled(Credential::ApiKey).next()?;
    let consumer = adapter.consumer.name();
    let message = format!(
        "without an `auth_type`, {consumer} never reads `{}`: it calls Amazon Bedrock with what it finds where it runs",
        key.key.as_str()
    );
    let draft = Draft::new(&RULE, case.at_key(key), message, "never read")
        .help(format!("add `auth_type` with `{}`", chosen.word))
        .anchor(case.anchor(key));
    Some(draft)
}

/// An id without its secret, a secret without its id, a session token without both.
fn half_a_pair(case: &AdapterCase<'_>, auth: &Auth) -> Option<Draft> {
    if !case.reading.credentials.may_use(Credential::AccessKeys) {
        return None;
    }
    let known = |field: &Option<Field>| field.as_ref().is_some_and(|field| field.given().is_some());
    let absent = |field: &Option<Field>| field.as_ref().is_none_or(Field::is_blank);
    let (there, blank, lacks) = if known(&auth.access_key_id) && absent(&auth.secret_access_key) {
        (&auth.access_key_id, &auth.secret_access_key, "its secret access key")
    } else if known(&auth.secret_access_key) && absent(&auth.access_key_id) {
        (&auth.secret_access_key, &auth.access_key_id, "the id of its access key")
    } else if known(&auth.session_token) && absent(&auth.access_key_id) && absent(&auth.secret_access_key) {
        (&auth.session_token, &auth.access_key_id, "the access key that it belongs to")
    } else {
        return None;
    };
    let there = there.as_ref()?;
    if blank.is_none() && more_is_given(case) {
        return None;
    }
    let message = format!("`{}` stands here without {lacks}, so no call can be signed with it", there.key.as_str());
    let at = blank.as_ref().unwrap_or(there);
    let label = if blank.is_some() { "blank" } else { "a part of a credential" };
    let draft = Draft::new(&RULE, case.at_key(at), message, label)
        .related(case.at_key(there), "this part is there")
        .help("fill in the other part, or leave both out")
        .confidence(Confidence::Likely)
        .anchor(case.anchor(at));
    Some(draft)
}

/// Whether the process is surely given more variables than these, from elsewhere.
fn more_is_given(case: &AdapterCase<'_>) -> bool {
    !case.reading.fact.whole
}

/// A variable that turns the use of an API key on by being there.
fn empty_api_key(case: &AdapterCase<'_>, auth: &Auth) -> Option<Draft> {
    let key = auth.api_key.as_ref().filter(|key| key.is_blank())?;
    let confidence = match case.adapter().consumer.breaks_on_empty_api_key() {
        Some(true) => Confidence::Likely,
        Some(false) => return None,
        None => Confidence::Possible,
    };
    let message = format!(
        "`{}` is set and empty: the AWS SDKs for Python and JavaScript send an empty key then, in the place of any \
         other credential",
        key.key.as_str()
    );
    let draft = Draft::new(&RULE, case.at_key(key), message, "empty")
        .help("leave the variable out, or fill it in")
        .confidence(confidence)
        .anchor(case.anchor(key));
    Some(draft)
}

/// A temporary access key without its session token, where the client has a setting for one.
fn no_session_token(case: &AdapterCase<'_>, auth: &Auth) -> Option<Draft> {
    let credentials = &case.reading.credentials;
    let is_temporary = credentials.access_key_id.as_ref()?.kind == AccessKeyKind::Temporary;
    let carried = auth.session_token.as_ref().is_some_and(Field::is_filled);
    if !is_temporary
        || carried
        || !case.adapter().consumer.carries_session_token()
        || !credentials.may_use(Credential::AccessKeys)
    {
        return None;
    }
    if auth.session_token.is_none() && more_is_given(case) {
        return None;
    }
    let id = auth.access_key_id.as_ref()?;
    let at = auth.session_token.as_ref().unwrap_or(id);
    let message = format!(
        "`{}` is the id of a temporary access key, which AWS refuses without its session token",
        id.key.as_str()
    );
    let draft = Draft::new(&RULE, case.at_key(at), message, "no session token")
        .related(case.at_key(id), "a temporary access key")
        .help("fill in the session token, or use credentials that do not end")
        .confidence(Confidence::Likely)
        .anchor(case.anchor(at));
    Some(draft)
}
