//! The second opinion: AWS's own simulator on each request that was decided here.
//!
//! Sources: IAM API Reference, `SimulatePrincipalPolicy` (identity policies, those of groups, the permissions boundary and
//! service control policies with their conditions) and `SimulateCustomPolicy` (what it is given).

mod document;
mod named;

use self::document::Document;
use self::named::Named;
use super::answer::{Answer, RequirementAnswer, Verdict};
use super::stack::{Member, Stack, StatementPlace};
use crate::bedrock::ActionCatalogue;
use crate::iam::{Held, Layer, Request};
use crate::live::parallel::each;
use crate::live::{
    Account, Asked, FailureKind, Gaps, Principal, Simulated, SimulatedDecision, SimulatedPolicies, Simulation,
};
use crate::phrase::list;

/// More condition keys than this that a denial depends on are counted.
const KEYS: usize = 4;

/// What AWS answers to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// The decision.
    pub decision: SimulatedDecision,
    /// The statements that decide it.
    pub statements: Vec<NamedStatement>,
    /// Condition keys that the policies ask for and the request does not hold.
    pub missing_context: Vec<String>,
    /// Whether service control policies allow it, where AWS says so.
    pub allowed_by_organization: Option<bool>,
    /// Whether the permissions boundary allows it, where AWS says so.
    pub allowed_by_boundary: Option<bool>,
    /// Whether that is also what the policies that AWS considered allow or deny here; what is not known here contradicts
    /// nothing.
    pub agrees: bool,
}

/// A statement that AWS names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedStatement {
    /// AWS's name of its policy.
    pub policy: String,
    /// The statement, if it is found.
    pub place: Option<StatementPlace>,
}

/// The policies that AWS is asked about, and how it names them.
pub(super) struct Panel {
    policies: SimulatedPolicies,
    named: Vec<Named>,
    /// The policies that AWS considers.
    considered: Stack,
    /// What acts here and AWS does not consider.
    left_out: Vec<&'static str>,
    /// Service control policies that AWS considers.
    scps: Above,
    /// Whether there is a permissions boundary that AWS considers and that could not be read.
    unread_boundary: bool,
}

/// What is known here of the service control policies that AWS considers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Above {
    /// All of them, if there are any.
    Known,
    /// Nothing, and there may be some.
    Unread,
    /// Nothing: those of files stand in their place.
    Replaced,
}

impl Panel {
    /// The policies of a principal of the account, or else those of files.
    ///
    /// # Errors
    /// Why AWS cannot be asked about them, as a clause.
    pub(super) fn of(stack: &Stack, principal: Option<&Principal>) -> Result<Self, String> {
        let mut considered = stack.clone();
        let mut left_out = Vec::new();
        if !std::mem::take(&mut considered.session).is_empty() {
            left_out.push("session policies");
        }
        let read = |member: &Member| {
            let fact = member.fact.as_ref();
            fact.is_some_and(|fact| {
                principal.is_some_and(|one| one.documents.iter().any(|it| it.arn == fact.source.path()))
            })
        };
        // the simulator takes no others than those of the principal
        let mut scps = match principal {
            Some(principal) if principal.scps_known => Above::Known,
            _ => Above::Unread,
        };
        if !stack.scps.iter().flatten().all(read) {
            considered.scps.clear();
            left_out.push("service control policies of files");
            scps = Above::Replaced;
        }
        let unread_boundary = stack.boundary.as_ref().is_some_and(|boundary| boundary.fact.is_none());
        if let Some(principal) = principal {
            if !principal.path_known {
                return Err(format!(
                    "its simulator wants the ARN of {}, whose path could not be read: name it by its ARN",
                    principal.holder
                ));
            }
            let named = stack.all().filter(|member| read(member)).filter_map(Named::kept).collect();
            let policies = SimulatedPolicies::Of(principal.arn.clone());
            return Ok(Self { policies, named, considered, left_out, scps, unread_boundary });
        }
        let send = |member: &Member| match &member.fact {
            Some(fact) => Document::to_send(fact),
            None => Err("a policy that acts was not read".to_owned()),
        };
        let identity = stack.identity.iter().map(send).collect::<Result<Vec<Document>, String>>()?;
        if identity.is_empty() {
            return Err("its simulator wants an identity policy, and there is none".to_owned());
        }
        let boundary = stack.boundary.as_ref().map(send).transpose()?;
        let policies = SimulatedPolicies::Given {
            identity: identity.iter().map(|document| document.text().to_owned()).collect(),
            boundary: boundary.as_ref().map(|document| document.text().to_owned()),
        };
        let sent = identity.into_iter().enumerate();
        let sent = sent.map(|(index, document)| Named::sent("PolicyInputList", index, document));
        let boundary = boundary.map(|document| Named::sent("PermissionsBoundaryPolicyInputList", 0, document));
        let named = sent.chain(boundary).collect();
        Ok(Self { policies, named, considered, left_out, scps, unread_boundary })
    }

    /// What acts here and AWS does not consider, as a sentence.
    pub(super) fn left_out(&self) -> Option<String> {
        let left_out = self.left_out.join(" and the ");
        (!left_out.is_empty()).then(|| {
            format!(
                "AWS's simulator does not take the {left_out}: its answers stand beside what the other policies decide"
            )
        })
    }

    /// Asks AWS each request of an answer once, and puts its answers beside ours, or in their place where AWS decides with
    /// more than is known here. Tells whether it answered any.
    pub(super) fn ask(&self, answer: &mut Answer, account: &dyn Account, gaps: &Gaps) -> bool {
        let mut simulations: Vec<Simulation> = Vec::new();
        for one in answer.calls.iter().flat_map(|call| &call.requirements) {
            let simulation = self.simulation(&one.request);
            if !simulations.contains(&simulation) {
                simulations.push(simulation);
            }
        }
        let asked = simulate_all(&simulations, account);
        let answers: Vec<Option<Simulated>> = simulations
            .iter()
            .zip(asked)
            .map(|(asked, answer)| {
                gaps.of(answer, || format!("AWS's answer to `{}` on `{}`", asked.action, asked.resource))
            })
            .collect();
        for call in &mut answer.calls {
            for one in &mut call.requirements {
                let simulation = self.simulation(&one.request);
                let known = simulations.iter().zip(&answers).find(|(known, _)| **known == simulation);
                let Some(simulated) = known.and_then(|(_, simulated)| simulated.as_ref()) else { continue };
                one.aws = Some(self.opinion(simulated, one));
                self.settle(simulated, one);
            }
            call.decision = Verdict::of(call.requirements.iter().map(|one| one.decision));
        }
        answer.decision = Verdict::of(answer.calls.iter().map(|call| call.decision));
        answers.iter().any(Option::is_some)
    }

    /// The question: the request with the condition keys that it holds with values. Those that it lacks, and those that are
    /// not known, are not sent.
    fn simulation(&self, request: &Request) -> Simulation {
        let held = request.context.values();
        Simulation {
            policies: self.policies.clone(),
            action: request.action.clone(),
            resource: request.resource.clone(),
            context: held.map(|(key, values)| (spelled(key), values.to_vec())).collect(),
        }
    }

    fn opinion(&self, simulated: &Simulated, one: &RequirementAnswer) -> Opinion {
        let statements = simulated.statements.iter().map(|matched| NamedStatement {
            policy: matched.policy.clone(),
            place: named::place(&self.named, matched),
        });
        Opinion {
            decision: simulated.decision,
            statements: statements.collect(),
            missing_context: simulated.missing.clone(),
            allowed_by_organization: simulated.allowed_by_organization,
            allowed_by_boundary: simulated.allowed_by_boundary,
            agrees: self.agrees(simulated, one),
        }
    }

    /// The ceiling that could not be read and by which AWS denies a request, if it does.
    fn unread_ceiling(&self, simulated: &Simulated) -> Option<(Layer, &'static str)> {
        if self.scps == Above::Unread && simulated.allowed_by_organization == Some(false) {
            return Some((Layer::Scp { level: 0 }, "service control policy"));
        }
        let by_boundary = self.unread_boundary && simulated.allowed_by_boundary == Some(false);
        by_boundary.then_some((Layer::Boundary, "permissions boundary"))
    }

    /// Takes AWS's denial for the answer where it is by what could not be read: AWS has decided with more policies. What
    /// it lacked keys for may be allowed to a request that holds them.
    fn settle(&self, simulated: &Simulated, one: &mut RequirementAnswer) {
        let Some((layer, what)) = self.unread_ceiling(simulated).filter(|_| one.decision != Verdict::Denied) else {
            return;
        };
        let by = format!("AWS decides that a {what} that could not be read does not allow it");
        // that the request lacks what it is known to lack opens nothing
        let is_open = |key: &&String| *one.request.context.get(key) != Held::Absent;
        let open: Vec<&String> = simulated.missing.iter().filter(is_open).collect();
        (one.decision, one.reason) = if open.is_empty() {
            Verdict::of_denial(one.guessed, by)
        } else {
            (Verdict::Unknown, format!("{by} without {}", list(&open, KEYS)))
        };
        (one.layer, one.statement) = (Some(layer), None);
    }

    /// Whether AWS decides as the policies that it considers do here.
    fn agrees(&self, simulated: &Simulated, one: &RequirementAnswer) -> bool {
        let aws = simulated.decision;
        let by_others = self.scps == Above::Replaced && simulated.allowed_by_organization == Some(false);
        if one.decision == Verdict::Unknown || by_others || self.unread_ceiling(simulated).is_some() {
            return true;
        }
        match Verdict::from(&self.considered.decide(&one.request)) {
            Verdict::Unknown => true,
            Verdict::Allowed => aws == SimulatedDecision::Allowed,
            Verdict::Denied => aws != SimulatedDecision::Allowed,
        }
    }
}

/// The answers to questions. What the credentials may not ask once, they may not ask again.
fn simulate_all(simulations: &[Simulation], account: &dyn Account) -> Vec<Asked<Simulated>> {
    let Some((first, rest)) = simulations.split_first() else { return Vec::new() };
    let asked = account.simulate(first);
    let others = match &asked {
        Err(failure) if is_final(&failure.kind) => rest.iter().map(|_| Err(failure.clone())).collect(),
        _ => each(rest, |simulation| account.simulate(simulation)),
    };
    std::iter::once(asked).chain(others).collect()
}

fn is_final(kind: &FailureKind) -> bool {
    matches!(kind, FailureKind::Denied | FailureKind::NoCredentials | FailureKind::BadCredentials)
}

/// A condition key in AWS's casing, which does not matter to policies, and reads better in what AWS answers.
fn spelled(key: &str) -> String {
    let Some(known) = ActionCatalogue::builtin().condition_key(key) else { return key.to_owned() };
    match known.name.split_once("${") {
        None => known.name.to_string(),
        Some((stem, _)) => format!("{stem}{}", key.get(stem.len()..).unwrap_or_default()),
    }
}
