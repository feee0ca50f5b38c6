//! A model that the account cannot use from the Region that is called, as the account itself says. Nothing without
//! `--live`.

use super::report::{AdapterCase, CalledModel, Draft, Report};
use super::{Check, Rule};
use crate::bedrock::Model;
use crate::finding::{Confidence, Severity};
use crate::live::{Agreement, Answers, Availability, CallingAccount, ModelAnswer, account_of};
use crate::reading::Called;

pub(super) const RULE: Rule = Rule {
    slug: "unavailable-model",
    severity: Severity::Error,
    pedantic: false,
    page: include_str!("../../rules/unavailable-model.md"),
    checks: &[Check::Adapter(check)],
};

fn check(case: &AdapterCase<'_>, report: &mut Report) {
    let Some(answers) = case.facts.answers else { return };
    let account = account_of(case.reading, &answers.account);
    if account == CallingAccount::Other {
        return;
    }
    for called in case.called() {
        // what keeps the call from reaching the model is another rule's
        if called.obstacle.is_some() {
            continue;
        }
        let arn = called.reading.arn.as_ref();
        let owner = arn.and_then(|arn| arn.account.as_deref());
        let own = arn.and_then(|arn| arn.region.as_ref()).map(|region| region.code.as_str());
        let Some(source) = called.source.or(own) else { continue };
        if owner.is_none_or(|owner| owner == answers.account) {
            let known = report.len();
            report_model(case, &called, source, answers, report);
            if account == CallingAccount::Open {
                // a profile may be of another account
                report.limit(known, Confidence::Likely);
            }
        }
    }
}

fn report_model(
    case: &AdapterCase<'_>,
    called: &CalledModel<'_>,
    source: &str,
    answers: &Answers,
    report: &mut Report,
) {
    let profile = match &called.reading.called {
        Called::Profile(id) | Called::ApplicationProfile(id) => Some(id.as_str()),
        Called::Model(_) | Called::Own(_) | Called::Unknown => None,
    };
    let at = |id: &str| (source.to_owned(), id.to_owned());
    if let Some(id) = profile {
        let (wrong, label) = match answers.profiles.get(&at(id)) {
            Some(ModelAnswer::Missing) => ("has no inference profile", "not there"),
            Some(ModelAnswer::Inactive) => ("does not serve the inference profile", "not active"),
            Some(ModelAnswer::Active) | None => ("", ""),
        };
        if !wrong.is_empty() {
            let message = format!("account {} {wrong} `{id}` in `{source}`: the call is refused", answers.account);
            let help = format!("call an id that `bedrock-lint models --region {source}` lists");
            report.push(draft(case, called, message, label).help(help));
            return;
        }
    }
    let copied = profile.and_then(|arn| case.facts.catalogue.application(arn));
    let named = called.reading.called.model(case.facts.catalogue);
    let model = named.or_else(|| {
        let id = copied.map(|id| case.facts.catalogue.profile(id).map_or(id, |profile| profile.model_id()))?;
        case.facts.catalogue.model(id)
    });
    let Some(model) = model else { return };
    if let Some(availability) = answers.availability.get(&at(&model.id)) {
        let refused = refused(model, source, availability, profile.is_some(), answers);
        if let Some(Refused { message, help, severity }) = refused {
            let drafted = draft(case, called, message, "not available to the account").help(help).severity(severity);
            report.push_once(drafted, "called here, too");
            return;
        }
    }
    if model.id.starts_with("anthropic.") && answers.use_case_sent == Some(false) {
        let message = format!(
            "account {} has not sent Anthropic's use-case form: calls of Anthropic's models are refused until it is, here \
             or in the management account",
            answers.account
        );
        let drafted = draft(case, called, message, "a model of Anthropic")
            .help("send it once, in the console or with `bedrock:PutUseCaseForModelAccess`")
            .severity(Severity::Warning)
            .confidence(Confidence::Likely);
        report.push_once(drafted, "called here, too");
    }
}

struct Refused {
    message: String,
    help: &'static str,
    severity: Severity,
}

/// What stands between an account and a model
/// (<https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModelAvailability.html>). Through a profile
/// the model need not be in the Region that is called, and what is said of it there says nothing then.
fn refused(model: &Model, source: &str, said: &Availability, by_profile: bool, answers: &Answers) -> Option<Refused> {
    let (account, id) = (&answers.account, &model.id);
    if by_profile && !said.in_region {
        return None;
    }
    if !said.authorized {
        return Some(Refused {
            message: format!("account {account} is not authorised to use `{id}` in `{source}`: calls are refused"),
            help: "ask for access to the model in the console of Amazon Bedrock, or call another model",
            severity: Severity::Error,
        });
    }
    if !said.in_region {
        return Some(Refused {
            message: format!("account {account} cannot use `{id}` in `{source}`: the Region does not offer it"),
            help: "call it from a Region that `bedrock-lint models` lists, or through an inference profile",
            severity: Severity::Error,
        });
    }
    // models that nobody sells need none
    if said.agreement == Agreement::Missing && model.marketplace == Some(true) {
        return Some(Refused {
            message: format!(
                "account {account} has no agreement for `{id}`: the first call makes it, and is refused to a caller who \
                 may not subscribe in AWS Marketplace"
            ),
            help: "let somebody with `aws-marketplace:Subscribe` call the model once, or sign the agreement in the console",
            severity: Severity::Warning,
        });
    }
    None
}

fn draft(case: &AdapterCase<'_>, called: &CalledModel<'_>, message: String, label: &str) -> Draft {
    Draft::new(&RULE, case.at(called.field.id.span()), message, label)
        .confidence(case.confidence())
        .anchor(case.anchor(&called.field.field))
        .called_region(case, called)
}
