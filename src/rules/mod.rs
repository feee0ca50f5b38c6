//! The rules: pure readings of facts and refusals. No input or output, no clock.
//!
//! One rule is one file here, one page in `rules/`, one word. A rule over refusals is an arm of `refused`; the others
//! look at a policy or at a set by themselves.

mod account_mismatch;
mod application_profile_not_granted;
mod arn_region_mismatch;
mod deny_blocks_profile;
mod duplicate_key;
mod endpoint_region_mismatch;
mod forbidden_geography;
mod forbidden_model;
mod forbidden_region;
mod hardcoded_key;
mod inactive_key;
mod incomplete_credentials;
mod incomplete_guardrail;
mod incomplete_key_ban;
mod invalid_max_tokens;
mod invalid_thinking_budget;
mod key_region_mismatch;
mod leftover_placeholder;
mod limits;
mod malformed_bedrock_arn;
mod marketplace_access;
mod mention;
mod misplaced_model_id;
mod missing_geo_prefix;
mod missing_global_model_grant;
mod missing_model_grant;
mod missing_profile_grant;
mod missing_region;
mod missing_streaming_action;
mod mixed_credentials;
mod model_not_in_region;
mod open_ended_allow;
mod open_web_identity_trust;
mod pinned_profile_region;
mod prefix_region_mismatch;
mod profile_condition_on_profile;
mod region_condition_blocks_profile;
mod report;
mod retired_model;
mod scoped_marketplace_action;
mod short_term_key;
mod statements;
mod temporary_access_key;
mod thinking_sampling_conflict;
mod unannotated_service_account;
mod unavailable_model;
mod uncallable_model;
mod uncovered_destination_region;
mod unknown_action;
mod unknown_auth_type;
mod unknown_condition_key;
mod unknown_model_id;
mod unknown_region;
mod unroutable_embedding_model;
mod unscopable_action;
mod unsupported_auth_type;
mod unsupported_thinking;
mod untracked_cost;
mod unused_suppression;
mod vacuous_marketplace_condition;
mod wording;
mod wrong_adapter_kind;

use std::sync::Arc;

use jiff::civil::Date;

use crate::access::{Cause, Refusal, RefusedCall, SetView, Wanted, called_models, refusals, refused_calls};
use crate::bedrock::{ActionCatalogue, Catalogue};
use crate::finding::{Finding, Severity};
use crate::formats::{AdapterFact, MentionFact, PolicyFact};
use crate::iam::Layer;
use crate::link::{Basis, Linked};
use crate::live::Answers;
use crate::reading::{AdapterReading, MentionReading, Reading};
use crate::settings::Settings;

pub(crate) use unused_suppression::{Idle, finding as unused_suppression};

pub use mention::MentionCase;
pub use report::{AdapterCase, PolicyCase, Report};

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name: file, page, suppression word and SARIF id.
    pub slug: &'static str,
    /// Its default severity.
    pub severity: Severity,
    /// Shown with `--pedantic` only.
    pub pedantic: bool,
    /// The page in Markdown; its first line is `# slug`, the next paragraph the one-line summary.
    pub page: &'static str,
    checks: &'static [Check],
}

/// What a rule looks at; it may look at several things.
#[derive(Clone, Copy, Debug)]
enum Check {
    /// Refusals, and refused calls: see `judge_set`.
    Refusal,
    /// Each policy that speaks of Amazon Bedrock.
    Policy(fn(&PolicyCase<'_>, &mut Report)),
    /// Each adapter that calls Amazon Bedrock.
    Adapter(fn(&AdapterCase<'_>, &mut Report)),
    /// Each adapter, also those that call another provider: for what is wrong whoever reads it.
    AnyAdapter(fn(&AdapterCase<'_>, &mut Report)),
    /// Each string that names something of Amazon Bedrock, where no format is read.
    Mention(fn(&MentionCase<'_>, &mut Report)),
    /// Each set with policies that grant, or with a trust policy.
    Set(fn(&SetView<'_>, &mut Report)),
    /// Each set with ceilings, one by itself included.
    Ceilings(fn(&SetView<'_>, &mut Report)),
    /// Nothing: it is told by [`crate::suppress`].
    Suppression,
}

/// All rules, sorted by slug.
#[must_use]
pub fn all() -> &'static [Rule] {
    const RULES: &[Rule] = &[
        account_mismatch::RULE,
        application_profile_not_granted::RULE,
        arn_region_mismatch::RULE,
        deny_blocks_profile::RULE,
        duplicate_key::RULE,
        endpoint_region_mismatch::RULE,
        forbidden_geography::RULE,
        forbidden_model::RULE,
        forbidden_region::RULE,
        hardcoded_key::RULE,
        inactive_key::RULE,
        incomplete_credentials::RULE,
        incomplete_guardrail::RULE,
        incomplete_key_ban::RULE,
        invalid_max_tokens::RULE,
        invalid_thinking_budget::RULE,
        key_region_mismatch::RULE,
        leftover_placeholder::RULE,
        malformed_bedrock_arn::RULE,
        marketplace_access::RULE,
        misplaced_model_id::RULE,
        missing_geo_prefix::RULE,
        missing_global_model_grant::RULE,
        missing_model_grant::RULE,
        missing_profile_grant::RULE,
        missing_region::RULE,
        missing_streaming_action::RULE,
        mixed_credentials::RULE,
        model_not_in_region::RULE,
        open_ended_allow::RULE,
        open_web_identity_trust::RULE,
        pinned_profile_region::RULE,
        prefix_region_mismatch::RULE,
        profile_condition_on_profile::RULE,
        region_condition_blocks_profile::RULE,
        retired_model::RULE,
        scoped_marketplace_action::RULE,
        short_term_key::RULE,
        temporary_access_key::RULE,
        thinking_sampling_conflict::RULE,
        unannotated_service_account::RULE,
        unavailable_model::RULE,
        uncallable_model::RULE,
        uncovered_destination_region::RULE,
        unknown_action::RULE,
        unknown_auth_type::RULE,
        unknown_condition_key::RULE,
        unknown_model_id::RULE,
        unknown_region::RULE,
        unroutable_embedding_model::RULE,
        unscopable_action::RULE,
        unsupported_auth_type::RULE,
        unsupported_thinking::RULE,
        untracked_cost::RULE,
        unused_suppression::RULE,
        vacuous_marketplace_condition::RULE,
        wrong_adapter_kind::RULE,
    ];
    RULES
}

impl Rule {
    /// The one-line summary of its page, without the final full stop.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let line = self.page.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        line.unwrap_or_default().trim_end_matches('.')
    }
}

/// What rules judge by.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Models, profiles, routes, Regions.
    pub catalogue: &'a Catalogue,
    /// Actions, condition keys, resource types.
    pub actions: &'a ActionCatalogue,
    /// The day on which lifecycles and expiries are judged.
    pub as_of: Date,
    /// What the user set: limits, versions, Regions of keys.
    pub settings: Option<&'a Settings>,
    /// What an account said of what is called, if one was asked.
    pub answers: Option<&'a Answers>,
}

/// Judges all policies, adapters and sets. Findings are sorted by path, place and rule, each told once.
#[must_use]
pub fn judge(linked: &Linked, facts: &Facts<'_>) -> Vec<Finding> {
    let read = |fact: &Arc<PolicyFact>| Reading::new(fact, facts.catalogue, facts.actions);
    let readings: Vec<Reading> = linked.policies.iter().map(read).collect();
    let mut report = Report::default();
    for reading in readings.iter().filter(|reading| reading.about_bedrock()) {
        let case = PolicyCase { reading, facts };
        for check in checks() {
            if let Check::Policy(check) = check {
                check(&case, &mut report);
            }
        }
    }
    let read = |fact: &Arc<AdapterFact>| AdapterReading::new(fact, facts.catalogue, facts.actions);
    let adapters: Vec<AdapterReading> = linked.adapters.iter().map(read).collect();
    for reading in &adapters {
        let case = AdapterCase { reading, service_account: linked.service_account_of(&reading.fact), facts };
        // an adapter of another provider calls that one
        let ours = reading.fact.adapter.other_provider.is_none();
        let known = report.len();
        for check in checks() {
            if let (Check::Adapter(check), true) = (check, ours) {
                check(&case, &mut report);
            }
        }
        report.limit(known, case.confidence());
        if case.is_of_test() {
            report.demote(known);
        }
        for check in checks() {
            if let Check::AnyAdapter(check) = check {
                check(&case, &mut report);
            }
        }
    }
    judge_mentions(linked, facts, &mut report);
    let mut told = Told::new();
    for set in &linked.sets {
        let about_bedrock = |index: &usize| readings.get(*index).is_some_and(Reading::about_bedrock);
        // what limits or grants everything need not speak of Amazon Bedrock
        let of_everything = set.basis == Basis::Ceiling || !set.adapters.is_empty();
        if !of_everything && !set.identity.iter().any(about_bedrock) && set.trust.is_none() {
            continue;
        }
        let view = SetView::new(set, &readings, &adapters, &linked.policies, facts.catalogue, facts.as_of);
        judge_set(&view, facts, &mut told, &mut report);
    }
    report.mind(&linked.references);
    report.finish()
}

/// Judges lone strings.
fn judge_mentions(linked: &Linked, facts: &Facts<'_>, report: &mut Report) {
    let read = |fact: &Arc<MentionFact>| MentionReading::new(fact, facts.catalogue, facts.actions);
    for reading in linked.mentions.iter().map(read) {
        let case = MentionCase { reading: &reading, facts };
        for check in checks() {
            if let Check::Mention(check) = check {
                check(&case, report);
            }
        }
    }
}

/// Broken promises that were told: the policy, by its index in [`Linked::policies`], and what it promised.
type Told = Vec<(usize, Wanted)>;

/// Judges what a set promises, and the calls that are made as it. A call settles what is promised about its model, the
/// settings settle which geographies nobody is to call, and what is told of a policy is not told again of a call that may
/// be made as it.
fn judge_set(view: &SetView<'_>, facts: &Facts<'_>, told: &mut Told, report: &mut Report) {
    let mut told_here: Vec<Refusal> = Vec::new();
    if view.set.basis != Basis::Folder {
        let called = called_models(view);
        let limits = facts.settings.map(|settings| &settings.limits);
        let is_settled = |wanted: &Wanted| {
            let forbidden = match wanted {
                Wanted::Geography { prefix, .. } => limits.is_some_and(|limits| !limits.allows_geography(prefix)),
                _ => false,
            };
            forbidden || called.iter().any(|model| wanted.is_about(model, view.catalogue))
        };
        for refusal in refusals(view) {
            if refusal.wanted().all(is_settled) {
                continue;
            }
            let below = refusal.places.iter().filter(|place| place.statement.layer == Layer::Identity);
            let policies = below.filter_map(|place| view.set.identity.get(place.statement.policy));
            let wanted = |policy: &usize| refusal.wanted().map(|wanted| (*policy, wanted.clone())).collect::<Vec<_>>();
            told.extend(policies.flat_map(wanted));
            refused(view, &refusal, report);
            told_here.push(refusal);
        }
        for check in checks() {
            match check {
                Check::Set(check) if view.set.basis != Basis::Ceiling => check(view, report),
                Check::Ceilings(check) if view.ceilings().next().is_some() => check(view, report),
                _ => {}
            }
        }
    }
    let is_told = |call: &RefusedCall<'_>| {
        let about = |wanted: &Wanted| call.model_id.as_ref().is_some_and(|id| wanted.is_about(id, view.catalogue));
        told.iter().any(|(policy, wanted)| view.set.identity.contains(policy) && about(wanted))
    };
    for call in refused_calls(view) {
        // what is told of a policy says it for a call that may be made from anywhere, too
        let by_ceiling = |refusal: &Refusal| refusal.is_of_ceiling_and_refuses(&call, view.catalogue);
        let may_be_told = view.set.basis == Basis::Folder || !call.from_known_source;
        let told = may_be_told && (is_told(&call) || told_here.iter().any(by_ceiling));
        if !told && (view.set.basis != Basis::Folder || call.is_evidently_theirs(view)) {
            uncallable_model::report(view, &call, report);
        }
    }
}

fn checks() -> impl Iterator<Item = &'static Check> {
    all().iter().flat_map(|rule| rule.checks)
}

/// Gives each refusal to the rule of its cause.
fn refused(view: &SetView<'_>, refusal: &Refusal, report: &mut Report) {
    match &refusal.cause {
        Cause::MissingProfileGrant { layer, profiles, on_demand, callable } => {
            let wanted = missing_profile_grant::Missing { layer: *layer, profiles, on_demand, callable };
            missing_profile_grant::report(view, refusal, &wanted, report);
        }
        Cause::ProfileNotAllowed { layer, granted } => {
            missing_profile_grant::not_allowed(view, refusal, *layer, granted, report);
        }
        Cause::ApplicationProfileNotGranted { named } => {
            application_profile_not_granted::report(view, refusal, *named, report);
        }
        Cause::MissingModelGrant { layer, blocked, other_action } => {
            missing_model_grant::report(view, refusal, *layer, blocked, *other_action, report);
        }
        Cause::ProfileNotCallable { sources, instead, foreign } => {
            missing_profile_grant::not_callable(view, refusal, sources, instead, *foreign, report);
        }
        Cause::UncoveredDestinationRegion { layer, model, missing, source, granted, one_region } => {
            let source = source.as_deref();
            let gap = uncovered_destination_region::Gap { layer: *layer, model, missing, source, granted };
            uncovered_destination_region::report(view, refusal, &gap, *one_region, report);
        }
        Cause::UncoveredFromSomeSources { model, sources, granted } => {
            uncovered_destination_region::hint(view, refusal, model, sources, granted, report);
        }
        Cause::MissingGlobalModelGrant { layer, model, granted } => {
            missing_global_model_grant::report(view, refusal, *layer, model, granted, report);
        }
        Cause::RegionConditionBlocksProfile { condition, blocked, profile_too } => {
            region_condition_blocks_profile::report(view, refusal, *condition, blocked, *profile_too, report);
        }
        Cause::DenyBlocksProfile { deny, resource } => {
            deny_blocks_profile::report(view, refusal, *deny, resource, report);
        }
        Cause::ProfileConditionOnProfile { condition } => {
            profile_condition_on_profile::report(view, refusal, *condition, report);
        }
        Cause::Unexplained => {}
    }
}
