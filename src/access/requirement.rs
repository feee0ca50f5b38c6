//! The grants that a call needs. Sources: Amazon Bedrock User Guide, "Geographic cross-Region inference", "Global
//! cross-Region inference", "Prerequisites for inference profiles", "Prerequisites for running model inference",
//! "Required permissions for batch inference", "API keys permissions" and "Access foundation models".

use super::call::{Call, Operation, Target, model_arn, profile_arn};
use crate::bedrock::{Catalogue, MARKETPLACE_REGION, Route};
use crate::iam::request::UNSPECIFIED_REGION;
use crate::iam::{Context, Request};

/// One grant that a call needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `service:Action`.
    pub action: String,
    /// The ARN, or `*`.
    pub resource: String,
    /// The value of `aws:RequestedRegion` when it is evaluated.
    pub region: String,
    /// The value of `bedrock:InferenceProfileArn`: on foundation models that are reached through a profile.
    pub profile: Option<String>,
    /// The AWS service that makes the request for the caller; `None` if the caller does.
    pub called_via: Option<&'static str>,
    /// What it is for.
    pub needed: Needed,
}

/// Who must have a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The principal that makes the call.
    Caller,
    /// The role that a batch job runs as.
    ServiceRole,
}

/// What a requirement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needed {
    /// The inference profile itself, system-defined or application.
    Profile,
    /// The foundation model in the source Region.
    SourceModel,
    /// The foundation model in a destination Region.
    DestinationModel,
    /// The Region-less foundation-model ARN of a global profile.
    GlobalModel,
    /// Provisioned throughput, a custom, deployed or imported model, or a project: its own ARN.
    OwnModel,
    /// A prompt router.
    Router,
    /// The batch job itself, and passing its role.
    BatchJob,
    /// Applying a guardrail.
    Guardrail,
    /// Using a Bedrock API key.
    BearerToken,
    /// Subscribing to a Marketplace model, once per account.
    Subscription,
}

impl Requirement {
    /// The request that IAM answers: a direct call by an ordinary principal, or what a service asks for it.
    #[must_use]
    pub fn request(&self) -> Request {
        let context = Context::assumed(&self.region, self.profile.as_deref());
        let is_model = self.resource.contains("::foundation-model/");
        let context = if is_model { context.on_aws() } else { context };
        Request {
            action: self.action.clone(),
            resource: self.resource.clone(),
            context: match self.called_via {
                Some(service) => context.via(service),
                None => context,
            },
        }
    }
}

/// The action that starts a batch job.
pub const CREATE_JOB: &str = "bedrock:CreateModelInvocationJob";

/// The resource types of [`CREATE_JOB`] that name a model; profiles are not among them.
const JOB_MODELS: [&str; 2] = [":foundation-model/", ":custom-model/"];

/// All grants that the caller needs. Of a batch job its service role needs others: see [`requirements_of`].
#[must_use]
pub fn requirements(call: &Call, catalogue: &Catalogue) -> Vec<Requirement> {
    requirements_of(call, By::Caller, catalogue)
}

/// All grants that a principal needs for a call, profiles before models, source before destinations. A profile that the catalogue
/// does not know, or that cannot be called from the source Region, needs its own ARN and the model in the source
/// Region; where it routes is not known.
///
/// A batch job is started by the caller, on the job and its models, and invokes them as its service role. Other calls
/// have no service role.
#[must_use]
pub fn requirements_of(call: &Call, by: By, catalogue: &Catalogue) -> Vec<Requirement> {
    let mut list = List { call, action: call.operation.action(), catalogue, needs: Vec::new() };
    match (&call.operation, by) {
        (Operation::Batch { .. }, By::ServiceRole) => {
            list.target(&call.target);
            return list.needs;
        }
        (_, By::ServiceRole) => return list.needs,
        (Operation::Batch { role }, By::Caller) => {
            list.action = CREATE_JOB;
            list.target(&call.target);
            list.needs.retain(|need| JOB_MODELS.iter().any(|model| need.resource.contains(model)));
            // its id is made by the call
            let job = format!("arn:{}:bedrock:{}:{}:model-invocation-job/*", call.partition, call.source, call.account);
            list.plain(CREATE_JOB, &job, Needed::BatchJob);
            list.plain("iam:PassRole", role, Needed::BatchJob);
        }
        (Operation::Invoke | Operation::Stream, By::Caller) => list.target(&call.target),
    }
    if let Some(guardrail) = &call.guardrail {
        list.plain("bedrock:ApplyGuardrail", guardrail, Needed::Guardrail);
    }
    let is_mantle = matches!(call.target, Target::MantleProject(_));
    if call.api_key {
        let service = if is_mantle { "bedrock-mantle" } else { "bedrock" };
        list.plain(&format!("{service}:CallWithBearerToken"), "*", Needed::BearerToken);
    }
    if call.first_use {
        list.subscription(if is_mantle { "bedrock-mantle.amazonaws.com" } else { "bedrock.amazonaws.com" });
    }
    list.needs
}

struct List<'a> {
    call: &'a Call,
    /// What is checked on models and profiles.
    action: &'static str,
    catalogue: &'a Catalogue,
    needs: Vec<Requirement>,
}

impl List<'_> {
    fn plain(&mut self, action: &str, resource: &str, needed: Needed) {
        self.push(action, resource.to_owned(), &self.call.source.clone(), None, needed);
    }

    /// Amazon Bedrock subscribes the account with the rights of the caller: the policies that AWS manages grant it under
    /// `aws:CalledViaLast`.
    fn subscription(&mut self, service: &'static str) {
        for action in ["aws-marketplace:Subscribe", "aws-marketplace:ViewSubscriptions"] {
            self.add(Requirement {
                action: action.to_owned(),
                resource: "*".to_owned(),
                region: MARKETPLACE_REGION.to_owned(),
                profile: None,
                called_via: Some(service),
                needed: Needed::Subscription,
            });
        }
    }

    fn push(&mut self, action: &str, resource: String, region: &str, profile: Option<&str>, needed: Needed) {
        self.add(Requirement {
            action: action.to_owned(),
            resource,
            region: region.to_owned(),
            profile: profile.map(str::to_owned),
            called_via: None,
            needed,
        });
    }

    fn add(&mut self, requirement: Requirement) {
        // a router's targets may share a model
        if !self.needs.contains(&requirement) {
            self.needs.push(requirement);
        }
    }

    fn target(&mut self, target: &Target) {
        let call = self.call;
        let action = self.action;
        match target {
            Target::Model(id) => {
                self.push(action, model_arn(call.partition, &call.source, id), &call.source, None, Needed::SourceModel);
            }
            Target::Profile(id) => {
                let arn = profile_arn(call.partition, &call.source, &call.account, id);
                self.push(action, arn.clone(), &call.source, None, Needed::Profile);
                self.models_behind(id, &arn);
            }
            Target::ApplicationProfile { arn, copies } => {
                self.push(action, arn.clone(), &call.source, None, Needed::Profile);
                match &**copies {
                    Target::Profile(id) => self.models_behind(id, arn),
                    Target::Model(id) => {
                        let model = model_arn(call.partition, &call.source, id);
                        self.push(action, model, &call.source, Some(arn), Needed::SourceModel);
                    }
                    other => self.target(other),
                }
            }
            Target::Own(arn) => self.push(action, arn.clone(), &call.source, None, Needed::OwnModel),
            Target::Router { arn, routed } => {
                self.push("bedrock:GetPromptRouter", arn.clone(), &call.source, None, Needed::Router);
                self.push(action, arn.clone(), &call.source, None, Needed::Router);
                for target in routed {
                    self.target(target);
                }
            }
            Target::MantleProject(arn) => {
                self.push("bedrock-mantle:CreateInference", arn.clone(), &call.source, None, Needed::OwnModel);
            }
        }
    }

    /// The foundation model in every Region that a profile may route to, as seen through the profile `arn`.
    fn models_behind(&mut self, profile: &str, arn: &str) {
        let call = self.call;
        let action = self.action;
        let known = self.catalogue.profile(profile);
        let model =
            known.map_or_else(|| profile.split_once('.').map_or(profile, |(_, id)| id), |known| known.model_id());
        let source = model_arn(call.partition, &call.source, model);
        self.push(action, source, &call.source, Some(arn), Needed::SourceModel);
        match known.and_then(|known| known.route(&call.source)) {
            Some(Route::Geographic(destinations)) => {
                for region in destinations.iter().filter(|region| *region != call.source) {
                    let destination = model_arn(call.partition, region, model);
                    self.push(action, destination, region, Some(arn), Needed::DestinationModel);
                }
            }
            Some(Route::Global) => {
                let anywhere = model_arn(call.partition, "", model);
                self.push(action, anywhere, UNSPECIFIED_REGION, Some(arn), Needed::GlobalModel);
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bedrock::Partition;

    fn call(target: Target, source: &str) -> Call {
        Call::plain(target, Operation::Invoke, Partition::Aws, source, "111122223333")
    }

    fn needs(call: &Call) -> Vec<String> {
        needs_of(call, By::Caller)
    }

    fn needs_of(call: &Call, by: By) -> Vec<String> {
        let short = |arn: &str| arn.strip_prefix("arn:aws:bedrock:").unwrap_or(arn).to_owned();
        let requirements = requirements_of(call, by, Catalogue::builtin());
        requirements
            .iter()
            .map(|need| format!("{} {}", need.action.replace("bedrock:", ""), short(&need.resource)))
            .collect()
    }

    const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

    #[test]
    fn a_bare_id_needs_the_model_in_the_source_region() {
        let call = call(Target::Model("amazon.nova-lite-v1:0".to_owned()), "us-east-1");
        assert_eq!(needs(&call), ["InvokeModel us-east-1::foundation-model/amazon.nova-lite-v1:0"]);
    }

    #[test]
    fn a_geographic_profile_needs_the_route_of_its_source() {
        let regions = |source: &str| -> Vec<String> {
            let call = call(Target::Profile(format!("us.{HAIKU}")), source);
            let models = needs(&call).split_off(1);
            models.iter().filter_map(|need| need.split([' ', ':']).nth(1).map(str::to_owned)).collect()
        };
        assert_eq!(regions("us-east-1"), ["us-east-1", "us-east-2", "us-west-2"]);
        assert_eq!(regions("us-west-1"), ["us-west-1", "us-east-1", "us-east-2", "us-west-2"]);
    }

    #[test]
    fn a_global_profile_needs_the_region_less_model() {
        let call = call(Target::Profile(format!("global.{HAIKU}")), "eu-west-1");
        let expected = [
            format!("InvokeModel eu-west-1:111122223333:inference-profile/global.{HAIKU}"),
            format!("InvokeModel eu-west-1::foundation-model/{HAIKU}"),
            format!("InvokeModel ::foundation-model/{HAIKU}"),
        ];
        assert_eq!(needs(&call), expected);
        let region = requirements(&call, Catalogue::builtin()).pop().map(|need| need.region);
        assert_eq!(region.as_deref(), Some("unspecified"));
    }

    #[test]
    fn an_application_profile_does_not_need_the_profile_it_copies() {
        let arn = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6".to_owned();
        let copies = Box::new(Target::Profile(format!("us.{HAIKU}")));
        let needs = needs(&call(Target::ApplicationProfile { arn, copies }, "us-east-1"));
        assert_eq!(needs.len(), 4);
        assert!(needs.iter().all(|need| !need.contains(":inference-profile/")), "{needs:?}");
    }

    #[test]
    fn everything_else_a_call_can_carry() {
        let arn = |rest: &str| format!("arn:aws:bedrock:us-east-1:111122223333:{rest}");
        let mut own = call(Target::Own(arn("provisioned-model/abcdefghijkl")), "us-east-1");
        own.guardrail = Some(arn("guardrail/abc"));
        own.api_key = true;
        own.first_use = true;
        assert_eq!(
            needs(&own),
            [
                "InvokeModel us-east-1:111122223333:provisioned-model/abcdefghijkl",
                "ApplyGuardrail us-east-1:111122223333:guardrail/abc",
                "CallWithBearerToken *",
                "aws-marketplace:Subscribe *",
                "aws-marketplace:ViewSubscriptions *",
            ]
        );
        let routed = vec![Target::Model("amazon.nova-lite-v1:0".to_owned()), Target::Profile(format!("us.{HAIKU}"))];
        let router = call(Target::Router { arn: arn("prompt-router/r"), routed }, "us-east-1");
        assert_eq!(needs(&router).len(), 2 + 1 + 4);
        let mantle = "arn:aws:bedrock-mantle:us-east-1:111122223333:project/default".to_owned();
        let mut mantle = call(Target::MantleProject(mantle), "us-east-1");
        mantle.api_key = true;
        assert!(needs(&mantle).contains(&"bedrock-mantle:CallWithBearerToken *".to_owned()));
    }

    #[test]
    fn the_account_is_subscribed_by_the_service_that_is_called() {
        let mantle = "arn:aws:bedrock-mantle:eu-west-1:111122223333:project/default".to_owned();
        for (target, service) in [
            (Target::Model("amazon.nova-lite-v1:0".to_owned()), "bedrock.amazonaws.com"),
            (Target::MantleProject(mantle), "bedrock-mantle.amazonaws.com"),
        ] {
            let needs = requirements(&Call { first_use: true, ..call(target, "eu-west-1") }, Catalogue::builtin());
            for need in &needs {
                let held = |key: &str| need.request().context.get(key).clone();
                let value = |text: &str| crate::iam::Held::Values(vec![text.to_owned()]);
                let subscribes = need.needed == Needed::Subscription;
                let last = if subscribes { value(service) } else { crate::iam::Held::Absent };
                assert_eq!(held("aws:CalledViaLast"), last, "{}", need.action);
                assert_eq!(held("aws:ViaAWSService"), value(if subscribes { "true" } else { "false" }));
                assert_eq!(held("aws:RequestedRegion"), value(if subscribes { "us-east-1" } else { "eu-west-1" }));
            }
            assert_eq!(needs.len(), 3);
        }
    }

    fn batch(target: Target) -> [Vec<String>; 2] {
        let mut call = call(target, "us-west-2");
        call.operation = Operation::Batch { role: "arn:aws:iam::111122223333:role/batch".to_owned() };
        assert_eq!(requirements(&call, Catalogue::builtin()), requirements_of(&call, By::Caller, Catalogue::builtin()));
        [By::Caller, By::ServiceRole].map(|by| needs_of(&call, by))
    }

    const STARTS: [&str; 2] = [
        "CreateModelInvocationJob us-west-2:111122223333:model-invocation-job/*",
        "iam:PassRole arn:aws:iam::111122223333:role/batch",
    ];

    #[test]
    fn a_batch_job_is_started_by_the_caller_and_invokes_as_its_role() {
        let model = "us-west-2::foundation-model/amazon.nova-lite-v1:0";
        let [caller, role] = batch(Target::Model("amazon.nova-lite-v1:0".to_owned()));
        assert_eq!(caller, [&*format!("CreateModelInvocationJob {model}"), STARTS[0], STARTS[1]]);
        assert_eq!(role, [format!("InvokeModel {model}")]);

        let models =
            ["us-west-2", "us-east-1", "us-east-2"].map(|region| format!("{region}::foundation-model/{HAIKU}"));
        let [caller, role] = batch(Target::Profile(format!("us.{HAIKU}")));
        let mut expected: Vec<String> =
            models.iter().map(|model| format!("CreateModelInvocationJob {model}")).collect();
        expected.extend(STARTS.map(str::to_owned));
        assert_eq!(caller, expected, "the action has no resource type for profiles");
        let mut expected = vec![format!("InvokeModel us-west-2:111122223333:inference-profile/us.{HAIKU}")];
        expected.extend(models.iter().map(|model| format!("InvokeModel {model}")));
        assert_eq!(role, expected);

        let custom = "us-west-2:111122223333:custom-model/amazon.nova-lite-v1:0/abcdefghijkl";
        let [caller, role] = batch(Target::Own(format!("arn:aws:bedrock:{custom}")));
        assert_eq!(caller, [&*format!("CreateModelInvocationJob {custom}"), STARTS[0], STARTS[1]]);
        assert_eq!(role, [format!("InvokeModel {custom}")]);
    }

    #[test]
    fn other_calls_have_no_service_role() {
        assert_eq!(needs_of(&call(Target::Profile(format!("us.{HAIKU}")), "us-east-1"), By::ServiceRole), [""; 0]);
    }
}
