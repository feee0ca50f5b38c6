//! An account that answers from memory: one role, `app`, and whatever a test says of it.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fmt;
use std::sync::Mutex;

use bedrock_lint::live::*;

pub const ACCOUNT: &str = "111122223333";
pub const ROLE: &str = "arn:aws:iam::111122223333:role/service/app";

type Answering = Box<dyn Fn(&Simulation) -> Asked<Simulated> + Sync>;

/// The account.
pub struct Recorded {
    inline: Vec<(String, String)>,
    managed: Vec<(String, String)>,
    attached: Vec<String>,
    boundary: Option<String>,
    /// What service control policies are attached to, the root first, and their documents.
    organization: Vec<(String, Vec<String>)>,
    refused: Option<&'static str>,
    answering: Answering,
    simulations: Mutex<Vec<Simulation>>,
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorded")
    }
}

pub fn decided(decision: SimulatedDecision) -> Simulated {
    Simulated {
        decision,
        statements: Vec::new(),
        missing: Vec::new(),
        allowed_by_organization: None,
        allowed_by_boundary: None,
    }
}

pub fn decided_by(decision: SimulatedDecision, statement: MatchedStatement) -> Simulated {
    Simulated { statements: vec![statement], ..decided(decision) }
}

pub fn allowed(statements: Vec<MatchedStatement>) -> Simulated {
    Simulated { statements, ..decided(SimulatedDecision::Allowed) }
}

impl Recorded {
    pub fn new() -> Self {
        Self {
            inline: Vec::new(),
            managed: Vec::new(),
            attached: Vec::new(),
            boundary: None,
            organization: Vec::new(),
            refused: None,
            answering: Box::new(|_| Ok(allowed(Vec::new()))),
            simulations: Mutex::default(),
        }
    }

    /// An inline policy of the role.
    pub fn inline(mut self, name: &str, text: &str) -> Self {
        self.inline.push((name.to_owned(), text.to_owned()));
        self
    }

    /// A managed policy that is attached to the role.
    pub fn attached(mut self, arn: &str, text: &str) -> Self {
        self.managed.push((arn.to_owned(), text.to_owned()));
        self.attached.push(arn.to_owned());
        self
    }

    pub fn boundary(mut self, arn: &str, text: &str) -> Self {
        self.managed.push((arn.to_owned(), text.to_owned()));
        self.boundary = Some(arn.to_owned());
        self
    }

    pub fn organization(mut self, levels: &[(&str, &[&str])]) -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        self.organization = levels.iter().map(|(target, level)| ((*target).to_owned(), texts(level))).collect();
        self
    }

    /// An operation that is not allowed.
    pub fn without(mut self, action: &'static str) -> Self {
        self.refused = Some(action);
        self
    }

    pub fn simulating(mut self, answering: impl Fn(&Simulation) -> Asked<Simulated> + Sync + 'static) -> Self {
        self.answering = Box::new(answering);
        self
    }

    /// Every simulation that was asked for.
    pub fn asked(&self) -> Vec<Simulation> {
        self.simulations.lock().unwrap().clone()
    }

    fn allows(&self, action: &'static str) -> Asked<()> {
        if self.refused == Some(action) { Err(Failure::new(action, FailureKind::Denied)) } else { Ok(()) }
    }

    fn found<T>(&self, action: &'static str, found: Option<T>) -> Asked<T> {
        self.allows(action)?;
        found.ok_or_else(|| Failure::new(action, FailureKind::NotFound))
    }

    fn document(&self, known: &[(String, String)], name: &str) -> Option<String> {
        known.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    }
}

impl AskIam for Recorded {
    fn caller(&self) -> Asked<Identity> {
        self.allows("sts:GetCallerIdentity")?;
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/app/session");
        Ok(Identity { account: ACCOUNT.to_owned(), arn })
    }

    fn holder(&self, holder: &Holder) -> Asked<HolderRecord> {
        let record = HolderRecord { arn: ROLE.to_owned(), boundary: self.boundary.clone(), trust: None };
        self.found("iam:GetRole", Some(record).filter(|_| holder.to_string() == "role app"))
    }

    fn groups_of(&self, _: &str) -> Asked<Vec<String>> {
        Ok(Vec::new())
    }

    fn attached_policies(&self, _: &Holder) -> Asked<Vec<String>> {
        self.found("iam:ListAttachedRolePolicies", Some(self.attached.clone()))
    }

    fn inline_policies(&self, _: &Holder) -> Asked<Vec<String>> {
        let names = self.inline.iter().map(|(name, _)| name.clone()).collect();
        self.found("iam:ListRolePolicies", Some(names))
    }

    fn inline_policy(&self, _: &Holder, name: &str) -> Asked<String> {
        self.found("iam:GetRolePolicy", self.document(&self.inline, name))
    }

    fn managed_policy(&self, arn: &str) -> Asked<String> {
        self.found("iam:GetPolicyVersion", self.document(&self.managed, arn))
    }

    fn api_keys(&self, _: &str) -> Asked<Vec<KeyRecord>> {
        Ok(Vec::new())
    }

    fn simulate(&self, simulation: &Simulation) -> Asked<Simulated> {
        self.simulations.lock().unwrap().push(simulation.clone());
        self.allows("iam:SimulatePrincipalPolicy")?;
        (self.answering)(simulation)
    }
}

impl AskOrganizations for Recorded {
    fn organization(&self) -> Asked<Option<Organization>> {
        self.allows("organizations:DescribeOrganization")?;
        let management_account = "444455556666".to_owned();
        Ok((!self.organization.is_empty()).then_some(Organization { management_account }))
    }

    fn parent(&self, child: &str) -> Asked<Option<String>> {
        let at = self.organization.iter().position(|(target, _)| target == child);
        let above = at.and_then(|at| at.checked_sub(1)).and_then(|above| self.organization.get(above));
        Ok(above.map(|(target, _)| target.clone()))
    }

    fn control_policies(&self, target: &str) -> Asked<Vec<ControlPolicy>> {
        let level = self.organization.iter().find(|(known, _)| known == target);
        let count = level.map_or(0, |(_, texts)| texts.len());
        let policy = |index: usize| {
            let id = format!("{target}.{index}");
            let arn = format!("arn:aws:organizations::444455556666:policy/o-a/service_control_policy/{id}");
            ControlPolicy { id, arn }
        };
        Ok((0..count).map(policy).collect())
    }

    fn control_policy(&self, id: &str) -> Asked<String> {
        let (target, index) = id.rsplit_once('.').unwrap();
        let level = self.organization.iter().find(|(known, _)| known == target);
        let text = level.and_then(|(_, texts)| texts.get(index.parse::<usize>().unwrap()).cloned());
        self.found("organizations:DescribePolicy", text)
    }
}

impl AskBedrock for Recorded {
    fn foundation_models(&self, _: &str) -> Asked<Vec<ListedModel>> {
        self.found("bedrock:ListFoundationModels", None)
    }

    fn inference_profiles(&self, _: &str) -> Asked<Vec<ListedProfile>> {
        self.found("bedrock:ListInferenceProfiles", None)
    }

    fn inference_profile(&self, _: &str, _: &str) -> Asked<ListedProfile> {
        self.found("bedrock:GetInferenceProfile", None)
    }

    fn availability(&self, _: &str, _: &str) -> Asked<Availability> {
        self.found("bedrock:GetFoundationModelAvailability", None)
    }

    fn use_case_sent(&self, _: &str) -> Asked<bool> {
        self.found("bedrock:GetUseCaseForModelAccess", None)
    }
}
