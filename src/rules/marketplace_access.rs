//! A model sold through AWS Marketplace: nobody may subscribe, or the caller may for good.

use super::report::{Draft, Report};
use super::statements::{SUBSCRIBE, VIEW};
use super::{Check, Rule, wording};
use crate::access::promise::{Granted, granted};
use crate::access::{Place, SetView};
use crate::bedrock::{Model, Partition};
use crate::finding::{Confidence, Severity};
use crate::iam::{Case, Context, Effect, Fit, Pattern};
use crate::reading::Names;

pub(super) const RULE: Rule = Rule {
    slug: "marketplace-access",
    severity: Severity::Note,
    pedantic: true,
    page: include_str!("../../rules/marketplace-access.md"),
    checks: &[Check::Set(check)],
};

fn check(view: &SetView<'_>, report: &mut Report) {
    let granted = granted(view);
    if granted.is_empty() {
        return;
    }
    // where the grant applies, and under which condition, is for other rules to judge; a Deny says that somebody else
    // subscribes
    let lacks = |action: &&'static str| {
        !view.statements().any(|(_, one)| match one.effect {
            Effect::Allow => one.covers_action(action) != Fit::No,
            Effect::Deny => names(one.named_actions(), action).is_some(),
        })
    };
    let lacking: Vec<&str> = [SUBSCRIBE, VIEW].into_iter().filter(lacks).collect();
    if lacking.is_empty() {
        kept_for_good(view, report);
    } else if !view.set.may_be_granted_more() {
        nobody_subscribes(view, &granted, &lacking, report);
    }
}

/// A model is named that the account must be subscribed to, and the set cannot do that.
fn nobody_subscribes(view: &SetView<'_>, granted: &[Granted<'_>], lacking: &[&str], report: &mut Report) {
    let mut sold = granted.iter().filter_map(|grant| Some((grant.place, sold_model(view, grant)?)));
    let Some((place, model)) = sold.next() else { return };
    let message = format!(
        "`{}` is sold through AWS Marketplace, and no statement grants {}: the first call of the account is refused, \
         unless somebody else has subscribed already",
        model.id,
        wording::list(lacking, 2)
    );
    let mut draft = Draft::new(&RULE, view.at(place), message, "sold through AWS Marketplace")
        .help(format!(
            "call the model once as a principal that may use {} on `*`, or grant {} here",
            wording::list(&[SUBSCRIBE, VIEW], 2),
            wording::number(lacking.len()).1
        ))
        .confidence(Confidence::Possible)
        .anchor(view.anchor(place.statement, "Resource"));
    for (other, _) in sold {
        draft = draft.related(view.at(other), "this too");
    }
    report.push(draft);
}

/// The model that a grant names, by its id or that of a profile, if it is sold through AWS Marketplace.
fn sold_model<'a>(view: &SetView<'a>, grant: &Granted<'_>) -> Option<&'a Model> {
    let id = match grant.names {
        Names::Model(id) if id.literal => id.text.as_str(),
        Names::Profile(id) if id.literal => view.catalogue.split_profile_id(&id.text)?.1,
        _ => return None,
    };
    // elsewhere the account that is linked to this one subscribes
    if wording::partition_of(grant.pattern.as_str()) != Partition::Aws {
        return None;
    }
    let model = view.catalogue.model(id)?;
    (model.marketplace == Some(true) && !model.ended_everywhere(view.as_of)).then_some(model)
}

/// Who calls models may also subscribe the account to any product, at any time.
fn kept_for_good(view: &SetView<'_>, report: &mut Report) {
    let Some((place, written)) = subscribes(view) else {
        return;
    };
    let message = format!(
        "`{written}` is needed once per account, but here whoever calls models keeps it for good: a caller can \
         subscribe the account to further products"
    );
    report.push(
        Draft::new(&RULE, view.at(place), message, "needed for the first call only")
            .help(
                "let an administrator make the first call and drop the statement, or limit it by \
                 `aws-marketplace:ProductId` or by `aws:CalledViaLast` = `bedrock.amazonaws.com`",
            )
            .confidence(Confidence::Possible)
            .anchor(view.anchor(place.statement, "Action")),
    );
}

/// The first pattern that names the action in an Allow without conditions; `*` is about more than that.
fn subscribes<'a>(view: &SetView<'a>) -> Option<(Place, &'a str)> {
    let allows = view.statements().filter(|(_, one)| {
        one.effect == Effect::Allow
            && one.conditions.is_empty()
            && one.covers_resource("*", &Context::default()) == Fit::Yes
    });
    let mut named = allows.filter_map(|(id, one)| Some((id, names(one.named_actions(), SUBSCRIBE)?)));
    let (statement, pattern) = named.next()?;
    let span = pattern.text().span();
    Some((Place { statement, span }, pattern.as_str()))
}

/// The pattern that surely means an action, and not everything.
fn names<'a>(patterns: &'a [Pattern], action: &str) -> Option<&'a Pattern> {
    patterns.iter().find(|pattern| {
        !pattern.is_any() && pattern.matches(action, Case::Insensitive, &Context::default()) == Fit::Yes
    })
}
