//! The policies that act on a call, layer by layer, as they were written.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::bedrock::{ActionCatalogue, ConditionKeyKind, is_account_id};
use crate::formats::PolicyFact;
use crate::iam::{Condition, Decision, Layer, Layers, Pattern, Policy, Request, Statement, StatementId, evaluate};
use crate::reading::fields::field;
use crate::source::Location;

/// The policies that act on a call. Identity policies are there always, even if there are none; the other layers only if
/// they hold something.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    /// Service control policies by level, the one nearest to the root first.
    pub scps: Vec<Vec<Member>>,
    /// Whether each level has all of them; see [`Layers::scps_are_whole`].
    pub scps_are_whole: bool,
    /// The identity policies of the caller.
    pub identity: Vec<Member>,
    /// The permissions boundary.
    pub boundary: Option<Member>,
    /// The session policies.
    pub session: Vec<Member>,
}

/// A policy of a layer.
#[derive(Clone, Debug)]
pub struct Member {
    /// The policy, as written.
    pub policy: Policy,
    /// The document that it was read from; `None` for one that is known to be there and is not in the file.
    pub fact: Option<Arc<PolicyFact>>,
}

/// A statement in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementPlace {
    /// The whole statement.
    pub at: Location,
    /// Its `Sid`.
    pub sid: Option<String>,
}

impl fmt::Display for StatementPlace {
    /// `policy.json:4 (Invoke)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.at.source.path(), self.at.start().line)?;
        match &self.sid {
            Some(sid) => write!(f, " ({sid})"),
            None => Ok(()),
        }
    }
}

impl From<Arc<PolicyFact>> for Member {
    fn from(fact: Arc<PolicyFact>) -> Self {
        Self { policy: fact.policy.clone(), fact: Some(fact) }
    }
}

impl Member {
    /// A policy that is known to be there, and nothing else is known of it.
    #[must_use]
    pub fn unread() -> Self {
        Self { policy: Policy::unread(), fact: None }
    }
}

impl Stack {
    /// The answer to a request.
    #[must_use]
    pub fn decide(&self, request: &Request) -> Decision {
        self.with_layers(|layers| evaluate(layers, request))
    }

    /// Levels of service control policies that allow nothing, and are taken to carry `FullAWSAccess` besides.
    #[must_use]
    pub fn assumed_open(&self) -> Vec<Layer> {
        self.with_layers(|layers| layers.present().filter(|layer| layers.is_assumed_open(*layer)).collect())
    }

    fn with_layers<T>(&self, ask: impl FnOnce(Layers<'_>) -> T) -> T {
        let levels: Vec<Vec<&Policy>> = self.scps.iter().map(|level| policies(level)).collect();
        let scps: Vec<&[&Policy]> = levels.iter().map(Vec::as_slice).collect();
        let (identity, session) = (policies(&self.identity), policies(&self.session));
        ask(Layers {
            scps: &scps,
            scps_are_whole: self.scps_are_whole,
            resource: &[],
            identity: &identity,
            boundary: self.boundary.as_ref().map(|member| &member.policy),
            session: &session,
            endpoint: None,
        })
    }

    /// The policies of a layer.
    #[must_use]
    pub fn members(&self, layer: Layer) -> &[Member] {
        match layer {
            Layer::Scp { level } => self.scps.get(level).map(Vec::as_slice).unwrap_or_default(),
            Layer::Resource | Layer::Endpoint => &[],
            Layer::Identity => &self.identity,
            Layer::Boundary => self.boundary.as_slice(),
            Layer::Session => &self.session,
        }
    }

    pub(super) fn member_mut(&mut self, layer: Layer, index: usize) -> Option<&mut Member> {
        let members = match layer {
            Layer::Scp { level } => self.scps.get_mut(level)?.as_mut_slice(),
            Layer::Resource | Layer::Endpoint => return None,
            Layer::Identity => self.identity.as_mut_slice(),
            Layer::Boundary => self.boundary.as_mut_slice(),
            Layer::Session => self.session.as_mut_slice(),
        };
        members.get_mut(index)
    }

    /// Every policy, layer by layer from the root down.
    pub fn all(&self) -> impl Iterator<Item = &Member> {
        self.scps.iter().flatten().chain(&self.identity).chain(&self.boundary).chain(&self.session)
    }

    /// The statements of a layer.
    pub fn statements(&self, layer: Layer) -> impl Iterator<Item = (StatementId, &Statement)> {
        self.members(layer).iter().enumerate().flat_map(move |(policy, member)| {
            let numbered = member.policy.statements.iter().enumerate();
            numbered.map(move |(statement, value)| (StatementId { layer, policy, statement }, value))
        })
    }

    /// The statement of an id.
    #[must_use]
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.members(id.layer).get(id.policy)?.policy.statements.get(id.statement)
    }

    /// Where a statement stands; `None` for those of policies that are not in the files.
    #[must_use]
    pub fn place(&self, id: StatementId) -> Option<StatementPlace> {
        let fact = self.members(id.layer).get(id.policy)?.fact.as_ref()?;
        let statement = fact.policy.statements.get(id.statement)?;
        let sid = statement.sid.as_ref().map(|sid| sid.as_str().to_owned());
        Some(StatementPlace { at: Location::new(&fact.source, statement.span), sid })
    }

    /// Whether a condition or a policy variable asks for a condition key, whose case does not matter.
    #[must_use]
    pub fn asks_for(&self, key: &str) -> bool {
        let variable = format!("${{{}", key.to_ascii_lowercase());
        let mut statements = self.all().flat_map(|member| &member.policy.statements);
        statements.any(|statement| {
            statement.conditions.iter().any(|condition| condition.is_about(key))
                || strings(statement).any(|pattern| pattern.as_str().to_ascii_lowercase().contains(&variable))
        })
    }

    /// What conditions ask for that is no condition key, each once: no request holds it.
    pub(super) fn no_keys(&self) -> BTreeSet<&str> {
        let statements = self.all().flat_map(|member| &member.policy.statements);
        let keys = statements.flat_map(|statement| &statement.conditions).filter_map(|one| one.key.literal());
        keys.filter(|key| is_no_key(key)).collect()
    }

    /// The accounts in ARNs of Amazon Bedrock, each once: those in the identity policies, or, if they name none, in the
    /// ceilings.
    #[must_use]
    pub fn accounts(&self) -> Vec<&str> {
        let identity = accounts(self.identity.iter());
        if identity.is_empty() { accounts(self.all()) } else { identity }
    }
}

/// Whether a key is a misspelling of one that exists, or known not to exist; one that is like nothing known may be newer.
pub(super) fn is_no_key(key: &str) -> bool {
    matches!(ActionCatalogue::builtin().classify_condition_key(key), ConditionKeyKind::NotAKey { .. })
}

fn policies(members: &[Member]) -> Vec<&Policy> {
    members.iter().map(|member| &member.policy).collect()
}

/// The strings of a statement in which policy variables are read.
fn strings(statement: &Statement) -> impl Iterator<Item = &Pattern> {
    let resources = statement.resources.iter().flat_map(|resources| &resources.patterns);
    resources.chain(statement.conditions.iter().flat_map(|condition: &Condition| &condition.values))
}

fn accounts<'a>(members: impl Iterator<Item = &'a Member>) -> Vec<&'a str> {
    let mut accounts: Vec<&str> = Vec::new();
    for pattern in members.flat_map(|member| &member.policy.statements).flat_map(strings) {
        let account = field(pattern, 4).filter(|account| is_account_id(account));
        let account = account.filter(|account| field(pattern, 2) == Some("bedrock") && !accounts.contains(account));
        accounts.extend(account);
    }
    accounts
}
