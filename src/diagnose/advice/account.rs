//! Advice about accounts and Regions: who must do what once, and where.

use super::Advised;
use crate::bedrock::{Model, RegionName, classify_region};
use crate::diagnose::facts::Field;
use crate::diagnose::situation::{Condition, Situation};
use crate::iam::Effect;
use crate::policy::{self, Document, Format, Kind, Statement, Value, Written};

/// What opens a model for an account.
///
/// Source: Amazon Bedrock User Guide, "Access Amazon Bedrock foundation models".
pub(super) fn model_access(on: Situation<'_>) -> Option<Advised> {
    let model = on.model();
    let needs: Vec<&str> = [
        (model.is_none_or(is_anthropic), "of Anthropic: the use-case form, once per account or once per organization"),
        (
            model.is_none_or(|model| model.marketplace != Some(false)),
            "sold through AWS Marketplace: one call by a principal that may subscribe, once per account",
        ),
        (
            model.is_none_or(|model| model.marketplace == Some(false)),
            "of Amazon, Meta, Mistral AI, DeepSeek, Qwen: nothing",
        ),
    ]
    .into_iter()
    .filter_map(|(applies, need)| applies.then_some(need))
    .collect();
    Some(Advised::listed(
        "the page `Model access` of the console is retired, and nobody asks for models there any more; what is needed once, for models",
        needs,
    ))
}

fn is_anthropic(model: &Model) -> bool {
    &*model.provider == "Anthropic"
}

/// The right to subscribe, and who needs it.
///
/// Sources: Amazon Bedrock User Guide, "Access Amazon Bedrock foundation models"; the condition is that of the policies
/// which AWS manages ("AWS managed policies for Amazon Bedrock").
pub(super) fn marketplace(on: Situation<'_>) -> Option<Advised> {
    if on.holds(Condition::SoldThroughMarketplace) == Some(false) {
        return None;
    }
    let statement = Statement {
        sid: "SubscribeToModels".to_owned(),
        effect: Effect::Allow,
        actions: ["aws-marketplace:Subscribe", "aws-marketplace:ViewSubscriptions"].map(str::to_owned).to_vec(),
        negated: false,
        resources: vec![Value::from("*")],
        conditions: vec![policy::Condition {
            operator: "StringEquals",
            key: crate::iam::request::CALLED_VIA_LAST,
            values: vec![Value::from("bedrock.amazonaws.com")],
        }],
    };
    let document = Document { statements: vec![statement] };
    let written = Written { document, kind: Kind::Identity, calls: Vec::new(), warnings: Vec::new() };
    let account =
        on.facts.get(Field::Account).map_or("the account".to_owned(), |account| format!("account `{account}`"));
    let name = on.model().map_or("the model".to_owned(), |model| model.name.to_string());
    let told = format!(
        "once for {account}, an administrator with these rights calls {name}, which subscribes the account; afterwards \
         nobody needs them. Wait up to 15 minutes"
    );
    Some(Advised::document(told, "json", policy::render(&written, Format::Json).ok()?))
}

/// The form, and who sends it.
///
/// Source: Amazon Bedrock User Guide, "Access Amazon Bedrock foundation models".
pub(super) fn form(on: Situation<'_>) -> Option<Advised> {
    if on.holds(Condition::Anthropic) == Some(false) {
        return None;
    }
    let region = match on.region() {
        Some(region) if on.holds(Condition::OptInRegion) == Some(true) => {
            format!(" in `{region}`, which is opt-in and asks again,")
        }
        _ => String::new(),
    };
    let account =
        on.facts.get(Field::Account).map_or("the account".to_owned(), |account| format!("account `{account}`"));
    Some(Advised::plain(format!(
        "once for {account}, or once in the management account of its organization for all of them, somebody with \
         `bedrock:PutUseCaseForModelAccess` sends the use-case form of Anthropic{region}: in the console, choose one of \
         its models in the model catalog. Wait 15 minutes"
    )))
}

/// Regions with an endpoint, near to the one that was called.
pub(super) fn regions(on: Situation<'_>) -> Option<Advised> {
    let region = on.region()?;
    let nearest = match classify_region(on.catalogue, region) {
        RegionName::Known(known) if known.bedrock => return None,
        RegionName::Known(known) => {
            let area = known.code.split('-').next().unwrap_or_default();
            let near = on.catalogue.regions().filter(|one| {
                one.bedrock && one.partition == known.partition && one.code.split('-').next() == Some(area)
            });
            let near: Vec<&str> = near.map(|one| &*one.code).take(8).collect();
            let told = format!("Amazon Bedrock has no endpoint in `{region}`: call another Region");
            return Some(if near.is_empty() {
                Advised::plain(told)
            } else {
                Advised::listed(format!("{told}, for example"), near)
            });
        }
        RegionName::AvailabilityZone { region }
        | RegionName::DisplayName { region }
        | RegionName::WrongCase { region } => {
            vec![&*region.code]
        }
        RegionName::NearMiss { nearest } => nearest,
        RegionName::Impossible { begun } => begun,
        RegionName::Unknown => Vec::new(),
    };
    let told = format!("there is no Region `{region}` in the catalogue of {}", on.catalogue.as_of());
    Some(if nearest.is_empty() {
        Advised::plain(told)
    } else {
        Advised::listed(format!("{told}; it may be that this is meant"), nearest)
    })
}

/// One Region for endpoint, key and signature.
pub(super) fn one_region(on: Situation<'_>) -> Option<Advised> {
    let region = on.region().unwrap_or("REGION");
    Some(Advised::listed(
        "set the Region where the client reads it, and leave endpoint URLs out",
        [
            format!("AWS_REGION={region} for the SDKs of AWS and most tools"),
            format!("AWS_REGION_NAME={region}, or `aws_region_name`, for LiteLLM"),
            format!("\"region_name\": \"{region}\" in the adapter of Unstract"),
        ],
    ))
}

/// How to ask for more.
pub(super) fn quotas(on: Situation<'_>) -> Option<Advised> {
    let name = on.model().map(|model| model.name.to_string())?;
    let called = on.called().filter(|_| on.profile().is_some());
    let through =
        called.map_or("by its bare id (`On-demand`)".to_owned(), |id| format!("through `{id}` (`Cross-region`)"));
    Some(Advised::plain(format!(
        "in Service Quotas, ask for more of the quota of Amazon Bedrock that names `{name}` and is counted for calls {through}"
    )))
}
