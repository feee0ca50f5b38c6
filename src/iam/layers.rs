//! The policies that act on a request, layer by layer.
//!
//! Sources: IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access"; AWS
//! Organizations User Guide, "SCP evaluation"; AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint
//! policies"; Amazon Bedrock User Guide, "Using resource-based policies for guardrails".

use super::policy::{Effect, Policy, Statement};

/// The policies that act on a request. A layer without policies is not there, but for the identity policies. Every
/// ceiling must allow, and so must an identity policy or a policy on the resource.
///
/// The request is one that ceilings reach: AWS exempts the management account of an organization and service-linked
/// roles from service control policies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Layers<'a> {
    /// The service control policies, from the root of the organization down to the account: each level must allow. A
    /// level without any Allow statement is taken to carry the `FullAWSAccess` that AWS attaches: what stands in a file
    /// is what was added to it, and without it nobody could do anything. Since 2025-09-19 an Allow may have conditions
    /// and name resources, as in any other policy.
    pub scps: &'a [&'a [&'a Policy]],
    /// Whether each level has all of its service control policies, as an account that was asked says: then nothing is
    /// taken to be there besides.
    pub scps_are_whole: bool,
    /// The policies that stand on the resource, if it belongs to the caller's account. Amazon Bedrock has them for
    /// guardrails, guardrail profiles, custom models and knowledge bases.
    pub resource: &'a [&'a Policy],
    /// The identity policies of the principal.
    pub identity: &'a [&'a Policy],
    /// The permissions boundary of the principal.
    pub boundary: Option<&'a Policy>,
    /// The session policies, inline and managed: together they are one layer.
    pub session: &'a [&'a Policy],
    /// The policy of the VPC endpoint that the request goes through.
    pub endpoint: Option<&'a Policy>,
}

/// A layer, in the order in which AWS looks for what allows a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The service control policies of one level.
    Scp {
        /// Index of the level: 0 is the one nearest to the root.
        level: usize,
    },
    /// The policies that stand on the resource.
    Resource,
    /// The identity policies.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The session policies.
    Session,
    /// The policy of a VPC endpoint.
    Endpoint,
}

/// A statement, by its place in the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId {
    /// Its layer.
    pub layer: Layer,
    /// Index of the policy in its layer.
    pub policy: usize,
    /// Index of the statement in its policy.
    pub statement: usize,
}

impl<'a> Layers<'a> {
    /// The layers that are there, in the order of [`Layer`].
    pub fn present(&self) -> impl Iterator<Item = Layer> + use<'a> {
        let resource = (!self.resource.is_empty()).then_some(Layer::Resource);
        let boundary = self.boundary.map(|_| Layer::Boundary);
        let session = (!self.session.is_empty()).then_some(Layer::Session);
        let levels = (0..self.scps.len()).map(|level| Layer::Scp { level });
        let endpoint = self.endpoint.map(|_| Layer::Endpoint);
        levels.chain(resource).chain([Layer::Identity]).chain(boundary).chain(session).chain(endpoint)
    }

    /// The policies of a layer.
    #[must_use]
    pub fn policies(&self, layer: Layer) -> &[&'a Policy] {
        match layer {
            Layer::Scp { level } => self.scps.get(level).copied().unwrap_or_default(),
            Layer::Resource => self.resource,
            Layer::Identity => self.identity,
            Layer::Boundary => self.boundary.as_slice(),
            Layer::Session => self.session,
            Layer::Endpoint => self.endpoint.as_slice(),
        }
    }

    /// The statements of a layer, in order.
    pub fn statements(&self, layer: Layer) -> impl Iterator<Item = (StatementId, &'a Statement)> {
        self.policies(layer).iter().enumerate().flat_map(move |(policy, value)| {
            let numbered = value.statements.iter().enumerate();
            numbered.map(move |(statement, value)| (StatementId { layer, policy, statement }, value))
        })
    }

    /// The statement of an id.
    #[must_use]
    pub fn statement(&self, id: StatementId) -> Option<&'a Statement> {
        self.policies(id.layer).get(id.policy)?.statements.get(id.statement)
    }

    /// Whether a layer is taken to carry `FullAWSAccess`: a level of service control policies that allows nothing.
    #[must_use]
    pub fn is_assumed_open(&self, layer: Layer) -> bool {
        matches!(layer, Layer::Scp { .. })
            && !self.scps_are_whole
            && self.statements(layer).all(|(_, statement)| statement.effect == Effect::Deny)
    }
}
