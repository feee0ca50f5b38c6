//! What an AWS account says of itself, asked only with `--live`.
//!
//! [`Account`] is what can be asked: one method is one operation of an API, with all of its pages. The program asks AWS
//! (`aws`, with the cargo feature `live`), tests ask recordings. What is made of the answers knows nothing of either.
//! Everything here reads: nothing in the account is changed, and no model is invoked.

mod answers;
#[cfg(feature = "live")]
pub mod aws;
mod failure;
mod keys;
mod models;
mod observe;
pub(crate) mod parallel;
mod permissions;
mod principal;
pub mod refresh;
mod runs;
mod who;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::bedrock::Moment;

pub use self::answers::{Answers, ModelAnswer};
pub use self::failure::{Asked, Failure, FailureKind, Gap, Gaps};
pub(crate) use self::observe::Observation;
pub use self::observe::{LiveCheck, LiveOutcome};
pub use self::permissions::read_only_policy;
pub use self::principal::{Document, Principal, read as read_principal};
pub(crate) use self::runs::{Account as CallingAccount, account_of};
pub use self::who::{Holder, HolderKind, Identity, Who};

/// Everything that can be asked of an account.
pub trait Account: AskIam + AskOrganizations + AskBedrock + Sync {}

impl<T: AskIam + AskOrganizations + AskBedrock + Sync> Account for T {}

/// What IAM and STS can be asked. Each method is one operation that only reads, over all of its pages.
///
/// # Errors
/// Every method gives a [`Failure`] if AWS refuses, is not reached, or gives an answer that cannot be read.
pub trait AskIam {
    /// Who asks (`sts:GetCallerIdentity`).
    fn caller(&self) -> Asked<Identity>;

    /// A role or user (`iam:GetRole`, `iam:GetUser`).
    fn holder(&self, holder: &Holder) -> Asked<HolderRecord>;

    /// The names of the groups of a user (`iam:ListGroupsForUser`).
    fn groups_of(&self, user: &str) -> Asked<Vec<String>>;

    /// The ARNs of the managed policies that are attached (`iam:ListAttachedRolePolicies` and its siblings).
    fn attached_policies(&self, holder: &Holder) -> Asked<Vec<String>>;

    /// The names of the inline policies (`iam:ListRolePolicies` and its siblings).
    fn inline_policies(&self, holder: &Holder) -> Asked<Vec<String>>;

    /// The document of an inline policy, decoded (`iam:GetRolePolicy` and its siblings).
    fn inline_policy(&self, holder: &Holder, name: &str) -> Asked<String>;

    /// The document of the default version of a managed policy, decoded (`iam:GetPolicy`, `iam:GetPolicyVersion`).
    fn managed_policy(&self, arn: &str) -> Asked<String>;

    /// The long-term Bedrock API keys of a user, without their secrets (`iam:ListServiceSpecificCredentials`).
    fn api_keys(&self, user: &str) -> Asked<Vec<KeyRecord>>;

    /// AWS's own answer to a request (`iam:SimulatePrincipalPolicy`, `iam:SimulateCustomPolicy`).
    fn simulate(&self, simulation: &Simulation) -> Asked<Simulated>;
}

/// What AWS Organizations can be asked, by its management account and accounts to which it delegates. Each method is one
/// operation that only reads, over all of its pages.
///
/// # Errors
/// See [`AskIam`].
pub trait AskOrganizations {
    /// The organization that the account belongs to, if it belongs to one (`organizations:DescribeOrganization`).
    fn organization(&self) -> Asked<Option<Organization>>;

    /// The id of what stands directly above an account or an organizational unit; nothing above the root
    /// (`organizations:ListParents`).
    fn parent(&self, child: &str) -> Asked<Option<String>>;

    /// The service control policies that are attached to a root, an organizational unit or an account
    /// (`organizations:ListPoliciesForTarget`).
    fn control_policies(&self, target: &str) -> Asked<Vec<ControlPolicy>>;

    /// The document of a service control policy (`organizations:DescribePolicy`).
    fn control_policy(&self, id: &str) -> Asked<String>;
}

/// What Amazon Bedrock can be asked in a Region. Each method is one operation that only reads, over all of its pages.
///
/// # Errors
/// See [`AskIam`].
pub trait AskBedrock {
    /// The foundation models of a Region (`bedrock:ListFoundationModels`).
    fn foundation_models(&self, region: &str) -> Asked<Vec<ListedModel>>;

    /// The system-defined inference profiles that can be called from a Region (`bedrock:ListInferenceProfiles`).
    fn inference_profiles(&self, region: &str) -> Asked<Vec<ListedProfile>>;

    /// An inference profile by its id or ARN, as it is seen from a Region (`bedrock:GetInferenceProfile`).
    fn inference_profile(&self, region: &str, id: &str) -> Asked<ListedProfile>;

    /// Whether the account may use a foundation model, by its bare id (`bedrock:GetFoundationModelAvailability`).
    fn availability(&self, region: &str, model: &str) -> Asked<Availability>;

    /// Whether the account has sent Anthropic's use-case form (`bedrock:GetUseCaseForModelAccess`).
    fn use_case_sent(&self, region: &str) -> Asked<bool>;
}

/// What IAM says of a role or user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolderRecord {
    /// Its ARN, with its path.
    pub arn: String,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// The trust policy of a role, decoded.
    pub trust: Option<String>,
}

/// What IAM says of a long-term Bedrock API key. The secret is never asked for, and IAM does not give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// The user whose it is.
    pub user: String,
    /// The id of the credential (`ACCA…`), which is no secret.
    pub id: String,
    /// Whether it can be used at all.
    pub active: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; `None` for one that never does.
    pub expires: Option<Timestamp>,
}

impl KeyRecord {
    /// Whether calls with it may be answered then, as far as the key itself goes.
    #[must_use]
    pub fn works(&self, as_of: Moment) -> bool {
        self.active && !self.expires.is_some_and(|end| as_of.is_after(end))
    }
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its management account, which no service control policy limits.
    pub management_account: String,
}

/// A service control policy without its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlPolicy {
    /// Its id: `p-…`.
    pub id: String,
    /// Its ARN.
    pub arn: String,
}

/// A foundation model as a Region lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedModel {
    /// Its bare id.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// Who made it.
    pub provider: String,
    /// What it takes: `text`, `image`, in lower case.
    pub input: Vec<String>,
    /// What it gives, in lower case.
    pub output: Vec<String>,
    /// Whether it is called on-demand there.
    pub on_demand: bool,
    /// Whether it is legacy there.
    pub legacy: bool,
}

/// An inference profile as a Region lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedProfile {
    /// The id of a system-defined one, `us.anthropic.…`.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The ARNs of the foundation models that calls are routed to; the one of a global profile may lack a Region.
    pub models: Vec<String>,
    /// Whether it is active.
    pub active: bool,
}

/// What Amazon Bedrock says of an account's access to a model in a Region. A value that this version does not know stands in
/// nobody's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Availability {
    /// Whether the account is authorised to use it.
    pub authorized: bool,
    /// Whether the Region has it.
    pub in_region: bool,
    /// Where the agreement that the model needs stands.
    pub agreement: Agreement,
}

/// The state of an agreement about a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It is there.
    Signed,
    /// It is being made.
    Pending,
    /// There is none. The first call makes it, if the caller may subscribe.
    Missing,
    /// It failed, or AWS gives a state that this version does not know.
    Unclear,
}

/// A request that AWS is asked to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// By whose policies.
    pub policies: SimulatedPolicies,
    /// The action.
    pub action: String,
    /// The ARN.
    pub resource: String,
    /// What the request holds, by condition key; a key with several values is a list.
    pub context: BTreeMap<String, Vec<String>>,
}

/// Whose policies decide a simulated request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SimulatedPolicies {
    /// Those of a role or user of the account, by its ARN: `iam:SimulatePrincipalPolicy`.
    Of(String),
    /// These documents: `iam:SimulateCustomPolicy`.
    Given {
        /// Identity policies.
        identity: Vec<String>,
        /// The permissions boundary.
        boundary: Option<String>,
    },
}

/// What AWS decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// The decision.
    pub decision: SimulatedDecision,
    /// The statements that decide it.
    pub statements: Vec<MatchedStatement>,
    /// Condition keys that the policies ask for and the request does not hold.
    pub missing: Vec<String>,
    /// Whether service control policies allow it, where AWS says so.
    pub allowed_by_organization: Option<bool>,
    /// Whether the permissions boundary allows it, where AWS says so.
    pub allowed_by_boundary: Option<bool>,
}

/// The decision of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulatedDecision {
    /// Some statement allows it, and none denies.
    Allowed,
    /// A statement denies it.
    ExplicitDeny,
    /// No statement allows it.
    ImplicitDeny,
}

/// A statement that AWS names, by its place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedStatement {
    /// AWS's name of the policy: `PolicyInputList.1`, the name of a managed policy, `role_app_name` of an inline one.
    pub policy: String,
    /// Line and column, both from 1, where it begins.
    pub start: Option<(u32, u32)>,
}
