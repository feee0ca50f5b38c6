//! The faults of an ARN, put into words, and what to write instead.

use std::ops::Range;

use crate::bedrock::{ModelIdKind, Partition, classify_runtime_id};
use crate::finding::{Applicability, Confidence, Edit};
use crate::reading::{Fault, FaultKind};
use crate::rules::report::Draft;
use crate::rules::{Facts, wording};
use crate::source::Location;
use crate::text::{FilledBy, Text};

/// An ARN as written, and what is known beside it.
pub(super) struct Written<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) text: &'a Text,
    /// The Region that is named or called.
    pub(super) region: Option<&'a str>,
    /// What stands for a Region that is missing.
    pub(super) any_region: Option<Filler<'a>>,
    /// What stands for an account that is missing.
    pub(super) account: Option<Filler<'a>>,
    /// Where the ARN stands.
    pub(super) place: Place,
}

/// Characters for a field that is empty, and who may put them there.
pub(super) type Filler<'a> = (&'a str, Applicability);

/// Where an ARN stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a policy, as the pattern of resources.
    Policy,
    /// In the place of the model that is called.
    Call,
}

/// A fault of the form, put into words.
pub(super) struct Flaw {
    /// Why nothing matches, as a clause.
    pub(super) reason: String,
    pub(super) label: &'static str,
    pub(super) confidence: Confidence,
    pub(super) mend: Mend,
}

/// What to write.
pub(super) enum Mend {
    /// Put this in the place of these characters.
    Put(Range<usize>, String, Applicability),
    /// Something else must be written; these words say what.
    Say(String),
    /// Nothing is known that could be meant.
    Nothing,
}

/// The reasons in one sentence, and how sure they are together: one flaw that is sure is enough.
pub(super) fn reasons(flaws: &[Flaw]) -> (String, Confidence) {
    let mut reasons: Vec<&str> = flaws.iter().map(|flaw| flaw.reason.as_str()).collect();
    // blanks on both sides
    reasons.dedup();
    let surest = flaws.iter().map(|flaw| flaw.confidence).max();
    (reasons.join("; "), surest.unwrap_or(Confidence::Certain))
}

/// Adds what to write, and the edit where every flaw has one, which is `safest` at best.
pub(super) fn mended(
    draft: Draft,
    text: &Text,
    flaws: &[Flaw],
    safest: Applicability,
    at: impl Fn(Range<usize>) -> Location,
) -> Draft {
    let mut help: Vec<String> = Vec::new();
    let mut edits = Vec::new();
    let mut corrected = text.as_str().to_owned();
    let mut safest = safest;
    for flaw in flaws.iter().rev() {
        match &flaw.mend {
            Mend::Put(range, new, applicability) => {
                if corrected.get(range.clone()).is_some() {
                    corrected.replace_range(range.clone(), new);
                }
                edits.insert(0, Edit { at: at(range.clone()), text: new.clone() });
                safest = riskier(safest, *applicability);
            }
            Mend::Say(words) => help.insert(0, words.clone()),
            Mend::Nothing => {}
        }
    }
    if edits.is_empty() {
        return if help.is_empty() { draft } else { draft.help(help.join("; ")) };
    }
    if help.is_empty() {
        let starred = edits.iter().any(|edit| edit.text.contains('*'));
        let own = if starred { ", or your own value in place of the `*`" } else { "" };
        draft.help(format!("write `{corrected}`{own}")).fix("write the ARN as Amazon Bedrock forms it", safest, edits)
    } else {
        draft.help(help.join("; "))
    }
}

/// Safe before unsafe before display-only.
fn riskier(a: Applicability, b: Applicability) -> Applicability {
    let risk = |one: Applicability| match one {
        Applicability::Safe => 0,
        Applicability::Unsafe => 1,
        Applicability::DisplayOnly => 2,
    };
    if risk(a) >= risk(b) { a } else { b }
}

/// Reason, label and what to write.
type Words = (String, &'static str, Mend);

/// What a fault is in words; `None` if another rule speaks of it.
pub(super) fn flaw(arn: &Written<'_>, fault: &Fault) -> Option<Flaw> {
    let written = arn.text.as_str().get(fault.range.clone()).unwrap_or_default();
    let (reason, label, mend) = field_words(arn, fault, written).or_else(|| resource_words(arn, fault, written))?;
    let confidence = match &fault.kind {
        // a template may fill in nothing
        FaultKind::AccountInModel if filled_by_template(arn.text, &fault.range) => Confidence::Likely,
        // such ids are what AWS gives out, not what it promises
        FaultKind::ApplicationUnderSystem => Confidence::Likely,
        // the form that the API checks leaves the account open
        FaultKind::NoAccount if arn.place == Place::Call => Confidence::Likely,
        kind if kind.may_be_new() => Confidence::Possible,
        _ => Confidence::Certain,
    };
    Some(Flaw { reason, label, confidence, mend })
}

fn put(fault: &Fault, new: &str, applicability: Applicability) -> Mend {
    Mend::Put(fault.range.clone(), new.to_owned(), applicability)
}

/// Puts what is known into an empty field, or says what belongs there.
fn fill(fault: &Fault, filler: Option<Filler<'_>>, what: &str) -> Mend {
    match filler {
        Some((new, applicability)) => put(fault, new, applicability),
        None => Mend::Say(format!("write {what}")),
    }
}

const AN_ACCOUNT: &str = "the twelve digits of the account id";
const A_REGION: &str = "the code of the Region";

/// The fields before the resource.
fn field_words(arn: &Written<'_>, fault: &Fault, written: &str) -> Option<Words> {
    let kind = kind_of(arn.text.as_str());
    Some(match &fault.kind {
        FaultKind::AccountInModel => (
            format!("foundation models belong to no account, and this ARN has `{written}` in the account field"),
            "an account in a foundation-model ARN",
            put(fault, "", Applicability::Safe),
        ),
        FaultKind::NoAccount => (
            format!("{} belongs to an account, and the account field is empty", a(kind)),
            "no account",
            fill(fault, arn.account, AN_ACCOUNT),
        ),
        FaultKind::NotAnAccount => {
            let any = if arn.place == Place::Policy { ", or `*`" } else { "" };
            (
                format!("`{written}` is no account id, which has twelve digits"),
                "not an account id",
                Mend::Say(format!("write {AN_ACCOUNT}{any}")),
            )
        }
        FaultKind::NoRegion => (
            format!("{} lives in a Region, and the Region field is empty", a(kind)),
            "no Region",
            fill(fault, arn.any_region, A_REGION),
        ),
        FaultKind::MissingField => missing_field(arn, fault),
        FaultKind::NotAService => (
            format!("`{written}` is the name of a client or an endpoint, the service in the ARN is `bedrock`"),
            "not a service",
            put(fault, "bedrock", Applicability::Safe),
        ),
        FaultKind::WrongPartition { expected } => (
            format!("the Region lies in the partition `{expected}`, not in `{written}`"),
            "another partition",
            put(fault, expected.as_str(), Applicability::Unsafe),
        ),
        _ => return None,
    })
}

/// The resource: type, separator and id.
fn resource_words(arn: &Written<'_>, fault: &Fault, written: &str) -> Option<Words> {
    let text = arn.text;
    Some(match &fault.kind {
        FaultKind::ProfileUnderModel => profile_under_model(arn, written),
        FaultKind::ModelUnderProfile => model_under_profile(arn, written),
        FaultKind::SystemUnderApplication => (
            format!(
                "`{}` is the id of a system-defined inference profile, not of an application's",
                behind(text, fault)
            ),
            "a system-defined profile",
            put(fault, "inference-profile", Applicability::Unsafe),
        ),
        FaultKind::ApplicationUnderSystem => (
            format!(
                "`{}` looks like the id of an application inference profile, and a system-defined one begins with a \
                 prefix such as `us.`",
                behind(text, fault)
            ),
            "an application inference profile",
            put(fault, "application-inference-profile", Applicability::Unsafe),
        ),
        FaultKind::Blanks => {
            let reason = match arn.place {
                Place::Policy => "IAM does not drop the blanks around it",
                Place::Call => "the blanks around it are a part of what is called",
            };
            (reason.to_owned(), "blanks around it", put(fault, "", Applicability::Unsafe))
        }
        FaultKind::NotAType { nearest } => match nearest.as_slice() {
            [] => {
                let date = arn.facts.actions.generated();
                (format!("`{written}` is not among the resource types known on {date}"), "unknown type", Mend::Nothing)
            }
            several => {
                let mend = match several {
                    [one] => put(fault, one, Applicability::Unsafe),
                    _ => Mend::Say(format!("write {} as the type", wording::either(several))),
                };
                (format!("there is no resource type `{written}`"), "no such type", mend)
            }
        },
        FaultKind::ColonForSlash => (
            "a `/` stands between the type and the id, not a `:`".to_owned(),
            "`:` for `/`",
            put(fault, "/", Applicability::Safe),
        ),
        FaultKind::PercentEncoded => {
            let reason = match arn.place {
                Place::Policy => "IAM does not decode `%2F`, which only stands for `/` in URLs",
                Place::Call => "`%2F` only stands for `/` in URLs, and the client encodes the ARN itself",
            };
            let decoded = written.replace("%2f", "/").replace("%2F", "/");
            (reason.to_owned(), "percent-encoded", put(fault, &decoded, Applicability::Safe))
        }
        _ => return None,
    })
}

fn missing_field(arn: &Written<'_>, fault: &Fault) -> Words {
    let before = arn.text.as_str().get(..fault.range.start).unwrap_or_default();
    let with_colon = |filler: Option<Filler<'_>>, what: &str, form: &dyn Fn(&str) -> String| match filler {
        Some((new, applicability)) => Mend::Put(fault.range.clone(), form(new), applicability),
        None => Mend::Say(format!("write {what}")),
    };
    let mend = if before.ends_with(':') {
        // the account stands where the Region belongs
        with_colon(arn.any_region, "the code of the Region before the account", &|region| format!("{region}:"))
    } else if kind_of(arn.text.as_str()) == "foundation-model" {
        put(fault, ":", Applicability::Safe)
    } else {
        with_colon(arn.account, "the twelve digits of the account id behind the Region", &|account| {
            format!(":{account}")
        })
    };
    ("six fields parted by colons make an ARN, and this one has five".to_owned(), "a colon too few", mend)
}

/// The id of a profile where a model's belongs.
fn profile_under_model(arn: &Written<'_>, id: &str) -> Words {
    let partition = wording::partition_of(arn.text.as_str());
    let help = match arn.place {
        Place::Call => format!("write `{id}` in the place of the ARN"),
        Place::Policy => {
            let model = id.split_once('.').map_or(id, |(_, model)| model);
            let account = arn.account.map_or("*", |(account, _)| account);
            format!(
                "write `arn:{partition}:bedrock:*:{account}:inference-profile/{id}`, and \
                 `arn:{partition}:bedrock:*::foundation-model/{model}` for the model behind it"
            )
        }
    };
    let reason = format!("`{id}` is the id of an inference profile, not of a foundation model");
    (reason, "an inference profile", Mend::Say(help))
}

/// The id of a model where a profile's belongs.
fn model_under_profile(arn: &Written<'_>, id: &str) -> Words {
    let partition = wording::partition_of(arn.text.as_str());
    let meant = match classify_runtime_id(arn.facts.catalogue, id) {
        ModelIdKind::Model(model) => Some(model),
        ModelIdKind::Mistake { nearest, .. } | ModelIdKind::NearMiss { nearest } => {
            nearest.first().and_then(|id| arn.facts.catalogue.model(id))
        }
        _ => None,
    };
    let help = match (arn.place, meant) {
        (Place::Call, None) => {
            "write the id of an inference profile, which begins with a prefix such as `us.`".to_owned()
        }
        (Place::Call, Some(model)) => match arn.facts.catalogue.ids_for(model, partition, arn.region).as_slice() {
            [] => "call another model: nothing serves this one there".to_owned(),
            ids => format!("write {} in the place of the ARN", wording::either(ids)),
        },
        (Place::Policy, _) => model_in_policy(arn, partition, id, meant.map(|model| &*model.id)),
    };
    let reason = format!("`{id}` is the id of a foundation model, and a profile's begins with a prefix such as `us.`");
    (reason, "a foundation model", Mend::Say(help))
}

/// What to grant in the place of a model's id under `inference-profile/`.
fn model_in_policy(arn: &Written<'_>, partition: Partition, id: &str, meant: Option<&str>) -> String {
    let catalogue = arn.facts.catalogue;
    let model_arn = format!("arn:{partition}:bedrock:*::foundation-model/{}", meant.unwrap_or(id));
    let model = meant.and_then(|id| catalogue.model(id));
    let callable = model.map(|model| catalogue.profiles_for(model, partition, arn.region)).unwrap_or_default();
    let profiles: Vec<&str> = callable.iter().map(|profile| &*profile.id).collect();
    match (profiles.as_slice(), arn.region) {
        ([], Some(region)) if meant.is_some() => {
            format!("write `{model_arn}`: no inference profile of the model can be called from `{region}`")
        }
        ([], _) => {
            format!("put a prefix such as `us.` before the id, or write `{model_arn}` if the model itself is meant")
        }
        _ => format!("write {} as the id, or `{model_arn}` if the model itself is meant", wording::either(&profiles)),
    }
}

/// The id behind a fault of the type.
fn behind<'t>(text: &'t Text, fault: &Fault) -> &'t str {
    text.as_str().get(fault.range.end..).unwrap_or_default().trim_start_matches('/')
}

/// The resource type as written, for words.
fn kind_of(arn: &str) -> &str {
    let before = arn.split('/').next().unwrap_or_default();
    before.rsplit(':').next().unwrap_or_default()
}

fn a(kind: &str) -> String {
    let noun = kind.replace('-', " ");
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { format!("an {noun}") } else { format!("a {noun}") }
}

/// Whether a template variable stands in the field.
fn filled_by_template(text: &Text, field: &Range<usize>) -> bool {
    text.holes().iter().any(|hole| {
        hole.filled_by == FilledBy::Template && field.start <= hole.range.start && hole.range.end <= field.end
    })
}

/// The one account that ARNs name, if they name one and no other.
pub(super) fn only_account<'a>(arns: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let is_account = |account: &&str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let mut accounts: Vec<&str> = arns.filter_map(|arn| arn.split(':').nth(4)).filter(is_account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    match accounts.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}
