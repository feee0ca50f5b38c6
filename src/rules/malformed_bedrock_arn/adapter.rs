//! ARNs that an adapter calls: Amazon Bedrock refuses what is not the ARN of one resource.

use super::words::{Flaw, Mend, Place, Written, flaw, mended, only_account, reasons};
use crate::adapter::{Adapter, Consumer};
use crate::bedrock::ArnFields;
use crate::finding::{Applicability, Confidence, Severity};
use crate::reading::Called;
use crate::rules::report::{AdapterCase, CalledModel, Draft, Report};
use crate::text::Text;

pub(super) fn check(case: &AdapterCase<'_>, report: &mut Report) {
    for called in case.called() {
        let flaws = flaws(case, &called);
        if !flaws.is_empty() {
            report.push(finding(case, &called, &flaws));
        } else if let Some(draft) = no_arn(case, &called).or_else(|| no_application_profile(case, &called)) {
            report.push(draft);
        }
    }
}

fn flaws(case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Vec<Flaw> {
    if called.reading.arn.is_none() {
        return Vec::new();
    }
    let text = &called.field.id;
    let account = only_account(arns(case.adapter()).filter_map(Text::literal));
    let arn = Written {
        facts: case.facts,
        text,
        region: called.source,
        any_region: called.source.map(|region| (region, Applicability::Unsafe)),
        account: account.map(|account| (account, Applicability::Unsafe)),
        place: Place::Call,
    };
    let mut flaws: Vec<Flaw> = called.reading.faults.iter().filter_map(|fault| flaw(&arn, fault)).collect();
    // the rest is right in a policy
    if flaws.is_empty() && called.reading.faults.is_empty() {
        flaws.extend(of_patterns(text));
    }
    flaws
}

/// Strings that hold ARNs.
fn arns(adapter: &Adapter) -> impl Iterator<Item = &Text> {
    let guardrail = adapter.guardrail.identifier.iter().map(|field| &field.value);
    adapter.models.iter().map(|model| &model.id).chain(guardrail)
}

/// What names resources in a policy and none in a call: wildcards, and the ARN without a Region of a model behind a global
/// profile.
fn of_patterns(text: &Text) -> Option<Flaw> {
    let arn = text.literal()?;
    let fields = ArnFields::split(arn)?;
    let id = fields.resource_id.as_ref().map_or("", |id| id.text);
    let (reason, label) = if arn.contains(['*', '?']) {
        ("a wildcard stands for many resources, and a call names one", "a pattern")
    } else if fields.region.text.is_empty() && fields.resource_type.text == "foundation-model" {
        (
            "the ARN of a model without a Region is for policies that grant global profiles, and a call goes to a Region",
            "no Region",
        )
    } else {
        return None;
    };
    let whole = !id.is_empty() && !id.contains(['*', '?']);
    let mend =
        if whole { format!("write `{id}` in the place of the ARN") } else { "write the id of one model".to_owned() };
    Some(Flaw { reason: reason.to_owned(), label, confidence: Confidence::Certain, mend: Mend::Say(mend) })
}

fn finding(case: &AdapterCase<'_>, called: &CalledModel<'_>, flaws: &[Flaw]) -> Draft {
    let text = &called.field.id;
    let (reasons, confidence) = reasons(flaws);
    let message = if confidence == Confidence::Possible {
        format!("{reasons}: unless the type is newer, the call is refused")
    } else {
        format!("this ARN names nothing that can be called: {reasons}")
    };
    let label = flaws.first().map_or("malformed", |flaw| flaw.label);
    let draft = Draft::new(&super::RULE, case.at(text.span()), message, label)
        .confidence(confidence)
        .anchor(case.anchor(&called.field.field));
    mended(draft, text, flaws, Applicability::Safe, |range| case.at(text.span_of(range)))
}

/// An id where only an ARN is taken.
fn no_arn(case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Option<Draft> {
    let id = called.field.id.literal()?.trim();
    if !case.adapter().consumer.takes_arns_alone() || id.is_empty() || id.starts_with("arn:") {
        return None;
    }
    let catalogue = case.facts.catalogue;
    let help = match (catalogue.profile(id), catalogue.model(id)) {
        (Some(_), _) => format!("write `arn:aws:bedrock:REGION:ACCOUNT:inference-profile/{id}` with both filled in"),
        (None, Some(_)) => format!("write `arn:aws:bedrock:REGION::foundation-model/{id}` with the Region filled in"),
        (None, None) => "write the ARN of a foundation model or of a system-defined inference profile".to_owned(),
    };
    let message =
        format!("`{id}` is no ARN, and {} copies nothing else: it is not created", case.adapter().consumer.name());
    let draft = Draft::new(&super::RULE, case.at(called.field.id.span()), message, "an id, not an ARN");
    Some(draft.help(help).anchor(case.anchor(&called.field.field)))
}

/// A setting that is for the ARN of an application inference profile, while another names the model behind it, and that
/// holds something else. The call goes through all the same.
fn no_application_profile(case: &AdapterCase<'_>, called: &CalledModel<'_>) -> Option<Draft> {
    // only there is the setting for nothing else
    if case.adapter().consumer != Consumer::Unstract {
        return None;
    }
    let field = &called.field.field;
    let behind = case.reading.models().find(|(other, _)| other.stands_behind)?.0;
    let what = match &called.reading.called {
        Called::Model(_) => "a foundation model",
        Called::Profile(_) => "a system-defined inference profile",
        _ => return None,
    };

    if called.obstacle.is_some() {
        return None;
    }
    let (key, model) = (field.key.as_str(), behind.field.key.as_str());
    let message = format!(
        "`{key}` is for the ARN of an application inference profile, and this names {what}: that is called, whatever \
         `{model}` says"
    );
    Some(
        Draft::new(&super::RULE, case.at(called.field.id.span()), message, "no application inference profile")
            .severity(Severity::Note)
            .help(format!(
                "write it as `{model}` and leave `{key}` out, or write the ARN of an application inference profile"
            ))
            .related(case.at(behind.id.span()), "named here as the model behind it")
            .anchor(case.anchor(field)),
    )
}
