//! A Bedrock ARN whose form no resource has.

use std::ops::Range;

use super::report::{Draft, PolicyCase, Report};
use super::{Check, Rule, wording};
use crate::bedrock::{ModelIdKind, classify_runtime_id};
use crate::finding::{Applicability, Confidence, Edit, Severity};
use crate::iam::{Effect, Elements, Statement};
use crate::reading::{Fault, FaultKind, ResourceReading};
use crate::text::{FilledBy, Hole, Text};

pub(super) const RULE: Rule = Rule {
    slug: "malformed-bedrock-arn",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/malformed-bedrock-arn.md"),
    checks: &[Check::Policy(check)],
};

fn check(case: &PolicyCase<'_>, report: &mut Report) {
    for (_, statement, reading) in case.reading.bedrock_statements() {
        let Some(elements) = &statement.resources else { continue };
        for (pattern, resource) in elements.patterns.iter().zip(&reading.resources) {
            let text = pattern.text();
            let flaws: Vec<Flaw> =
                resource.faults.iter().filter_map(|fault| flaw(case, text, resource, fault)).collect();
            if !flaws.is_empty() {
                report.push(finding(case, statement, elements, text, &flaws));
            }
        }
    }
}

/// A fault of the form, put into words.
struct Flaw {
    /// Why nothing matches, as a clause.
    reason: String,
    label: &'static str,
    confidence: Confidence,
    mend: Mend,
}

enum Mend {
    /// Put this in the place of these characters.
    Put(Range<usize>, String, Applicability),
    /// Something else must be written; these words say what.
    Say(String),
    /// Nothing is known that could be meant.
    Nothing,
}

fn finding(case: &PolicyCase<'_>, statement: &Statement, elements: &Elements, text: &Text, flaws: &[Flaw]) -> Draft {
    let mut reasons: Vec<&str> = flaws.iter().map(|flaw| flaw.reason.as_str()).collect();
    // blanks on both sides
    reasons.dedup();
    // one flaw that is sure is enough
    let surest = flaws.iter().map(|flaw| flaw.confidence).max();
    let confidence = surest.unwrap_or(Confidence::Certain);
    let outcome = wording::outcome(statement.effect, elements.negated);
    let message = if confidence == Confidence::Possible {
        format!("{}: unless the type is newer, {outcome}", reasons.join("; "))
    } else {
        format!("this ARN matches nothing, so {outcome}: {}", reasons.join("; "))
    };
    let label = flaws.first().map_or("malformed", |flaw| flaw.label);
    let element = if elements.negated { "NotResource" } else { "Resource" };
    let draft = Draft::new(&RULE, case.at(text.span()), message, label)
        .confidence(confidence)
        .anchor(case.anchor(statement, element));
    mended(case, statement, elements, text, flaws, draft)
}

/// Adds what to write, and the edit where every flaw has one.
fn mended(
    case: &PolicyCase<'_>,
    statement: &Statement,
    elements: &Elements,
    text: &Text,
    flaws: &[Flaw],
    draft: Draft,
) -> Draft {
    let mut help: Vec<String> = Vec::new();
    let mut edits = Vec::new();
    let mut corrected = text.as_str().to_owned();
    let mut safest = Applicability::Safe;
    for flaw in flaws.iter().rev() {
        match &flaw.mend {
            Mend::Put(range, new, applicability) => {
                if corrected.get(range.clone()).is_some() {
                    corrected.replace_range(range.clone(), new);
                }
                edits.insert(0, Edit { at: case.at(text.span_of(range.clone())), text: new.clone() });
                safest = riskier(safest, *applicability);
            }
            Mend::Say(words) => help.insert(0, words.clone()),
            Mend::Nothing => {}
        }
    }
    // a resource that is spared from a Deny is a resource that becomes reachable
    if statement.effect == Effect::Deny && elements.negated {
        safest = riskier(safest, Applicability::Unsafe);
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

fn flaw(case: &PolicyCase<'_>, text: &Text, resource: &ResourceReading, fault: &Fault) -> Option<Flaw> {
    let region = resource.region.as_ref().map(|region| region.code.as_str());
    let written = text.as_str().get(fault.range.clone()).unwrap_or_default();
    let (reason, label, mend) =
        field_words(case, text, fault, written).or_else(|| resource_words(case, text, region, fault, written))?;
    let confidence = match &fault.kind {
        // a template may fill in nothing
        FaultKind::AccountInModel if filled_by_template(text.holes(), &fault.range) => Confidence::Likely,
        // such ids are what AWS gives out, not what it promises
        FaultKind::ApplicationUnderSystem => Confidence::Likely,
        FaultKind::NotAType { nearest } if nearest.is_empty() => Confidence::Possible,
        _ => Confidence::Certain,
    };
    Some(Flaw { reason, label, confidence, mend })
}

fn put(fault: &Fault, new: &str, applicability: Applicability) -> Mend {
    Mend::Put(fault.range.clone(), new.to_owned(), applicability)
}

/// The fields before the resource.
fn field_words(case: &PolicyCase<'_>, text: &Text, fault: &Fault, written: &str) -> Option<Words> {
    let kind = kind_of(text.as_str());
    Some(match &fault.kind {
        FaultKind::AccountInModel => (
            format!("foundation models belong to no account, and this ARN has `{written}` in the account field"),
            "an account in a foundation-model ARN",
            put(fault, "", Applicability::Safe),
        ),
        FaultKind::NoAccount => {
            let (account, applicability) = sibling_account(case);
            (
                format!("{} belongs to an account, and the account field is empty", a(kind)),
                "no account",
                put(fault, &account, applicability),
            )
        }
        FaultKind::NotAnAccount => (
            format!("`{written}` is no account id, which has twelve digits"),
            "not an account id",
            Mend::Say("write the twelve digits of the account id, or `*`".to_owned()),
        ),
        FaultKind::NoRegion => (
            format!("{} lives in a Region, and the Region field is empty", a(kind)),
            "no Region",
            put(fault, "*", Applicability::DisplayOnly),
        ),
        FaultKind::MissingField => missing_field(case, text, fault),
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
fn resource_words(
    case: &PolicyCase<'_>,
    text: &Text,
    region: Option<&str>,
    fault: &Fault,
    written: &str,
) -> Option<Words> {
    Some(match &fault.kind {
        FaultKind::ProfileUnderModel | FaultKind::ModelUnderProfile => {
            misplaced(case, text, region, &fault.kind, written)
        }
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
        FaultKind::Blanks => (
            "IAM does not drop the blanks around it".to_owned(),
            "blanks around it",
            put(fault, "", Applicability::Unsafe),
        ),
        FaultKind::NotAType { nearest } => match nearest.as_slice() {
            [] => {
                let date = case.facts.actions.generated();
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
        FaultKind::PercentEncoded => (
            "IAM does not decode `%2F`, which only stands for `/` in URLs".to_owned(),
            "percent-encoded",
            put(fault, &written.replace("%2f", "/").replace("%2F", "/"), Applicability::Safe),
        ),
        _ => return None,
    })
}

fn missing_field(case: &PolicyCase<'_>, text: &Text, fault: &Fault) -> Words {
    let before = text.as_str().get(..fault.range.start).unwrap_or_default();
    let (new, applicability) = if before.ends_with(':') {
        // the account stands where the Region belongs
        ("*:".to_owned(), Applicability::DisplayOnly)
    } else if kind_of(text.as_str()) == "foundation-model" {
        (":".to_owned(), Applicability::Safe)
    } else {
        let (account, applicability) = sibling_account(case);
        (format!(":{account}"), applicability)
    };
    let reason = "six fields parted by colons make an ARN, and this one has five".to_owned();
    (reason, "a colon too few", Mend::Put(fault.range.clone(), new, applicability))
}

/// The id of a profile where a model's belongs, or the reverse.
fn misplaced(case: &PolicyCase<'_>, text: &Text, region: Option<&str>, kind: &FaultKind, id: &str) -> Words {
    let partition = wording::partition_of(text.as_str());
    if *kind == FaultKind::ProfileUnderModel {
        let model = id.split_once('.').map_or(id, |(_, model)| model);
        let (account, _) = sibling_account(case);
        let help = format!(
            "write `arn:{partition}:bedrock:*:{account}:inference-profile/{id}`, and \
             `arn:{partition}:bedrock:*::foundation-model/{model}` for the model behind it"
        );
        let reason = format!("`{id}` is the id of an inference profile, not of a foundation model");
        return (reason, "an inference profile", Mend::Say(help));
    }
    let mut profiles: Vec<&str> = Vec::new();
    let meant = match classify_runtime_id(case.facts.catalogue, id) {
        ModelIdKind::Model(model) => Some(model),
        ModelIdKind::Mistake { nearest, .. } | ModelIdKind::NearMiss { nearest } => {
            nearest.first().and_then(|id| case.facts.catalogue.model(id))
        }
        _ => None,
    };
    let model_arn = format!("arn:{partition}:bedrock:*::foundation-model/{}", meant.map_or(id, |model| &*model.id));
    if let Some(model) = meant {
        let callable = case.facts.catalogue.profiles_for(model, partition, region);
        profiles.extend(callable.iter().map(|profile| &*profile.id));
    }
    let help = match (profiles.as_slice(), region) {
        ([], Some(region)) if meant.is_some() => {
            format!("write `{model_arn}`: no inference profile of the model can be called from `{region}`")
        }
        ([], _) => {
            format!("put a prefix such as `us.` before the id, or write `{model_arn}` if the model itself is meant")
        }
        _ => format!("write {} as the id, or `{model_arn}` if the model itself is meant", wording::either(&profiles)),
    };
    let reason = format!("`{id}` is the id of a foundation model, and a profile's begins with a prefix such as `us.`");
    (reason, "a foundation model", Mend::Say(help))
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
fn filled_by_template(holes: &[Hole], field: &Range<usize>) -> bool {
    holes.iter().any(|hole| {
        hole.filled_by == FilledBy::Template && field.start <= hole.range.start && hole.range.end <= field.end
    })
}

/// The account that the other ARNs of the policy name, if they agree; else a wildcard that nobody asked for.
fn sibling_account(case: &PolicyCase<'_>) -> (String, Applicability) {
    let statements = &case.reading.fact.policy.statements;
    let arns = statements.iter().flat_map(|statement| statement.named_resources());
    let mut accounts: Vec<&str> = arns
        .filter_map(|arn| arn.as_str().split(':').nth(4))
        .filter(|account| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    accounts.sort_unstable();
    accounts.dedup();
    match accounts.as_slice() {
        [one] => ((*one).to_owned(), Applicability::Unsafe),
        _ => ("*".to_owned(), Applicability::DisplayOnly),
    }
}
