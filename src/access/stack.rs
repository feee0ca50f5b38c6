//! The policies of a set layer by layer, as read and as meant.

use std::sync::OnceLock;

use crate::iam::{Decision, Layer, Layers, Policy, Request, Statement, StatementId, evaluate};
use crate::link::{Basis, Set};
use crate::reading::Reading;

/// The policies of a set, layer by layer.
#[derive(Debug)]
pub(super) struct Stack<'a> {
    scps: Vec<Storey<'a>>,
    scps_are_whole: bool,
    identity: Storey<'a>,
    boundary: Storey<'a>,
    session: Storey<'a>,
    endpoint: Storey<'a>,
}

/// The policies of one layer. What stands in for a policy that nobody reads is meant, and has no reading.
#[derive(Debug, Default)]
struct Storey<'a> {
    readings: Vec<&'a Reading>,
    meant: Vec<&'a Policy>,
}

impl<'a> Storey<'a> {
    fn new(indexes: &[usize], readings: &'a [Reading]) -> Self {
        let readings: Vec<&Reading> = indexes.iter().filter_map(|index| readings.get(*index)).collect();
        Self { meant: readings.iter().map(|reading| &reading.meant).collect(), readings }
    }

    fn of(policy: &'static Policy) -> Self {
        Self { readings: Vec::new(), meant: vec![policy] }
    }
}

impl<'a> Stack<'a> {
    /// The layers of a set. Under a ceiling by itself everything is granted; a boundary that could not be read may allow
    /// anything.
    pub(super) fn new(set: &Set, readings: &'a [Reading]) -> Self {
        static OPEN: OnceLock<Policy> = OnceLock::new();
        static UNREAD: OnceLock<Policy> = OnceLock::new();
        let ceilings = &set.ceilings;
        Self {
            scps_are_whole: ceilings.scps_are_whole,
            scps: ceilings.scps.iter().map(|level| Storey::new(level, readings)).collect(),
            identity: match set.basis {
                Basis::Ceiling => Storey::of(OPEN.get_or_init(Policy::open)),
                _ => Storey::new(&set.identity, readings),
            },
            boundary: match ceilings.boundary {
                None if ceilings.unread_boundary => Storey::of(UNREAD.get_or_init(Policy::unread)),
                boundary => Storey::new(boundary.as_slice(), readings),
            },
            session: Storey::new(&ceilings.session, readings),
            endpoint: Storey::new(ceilings.endpoint.as_slice(), readings),
        }
    }

    fn storey(&self, layer: Layer) -> Option<&Storey<'a>> {
        match layer {
            Layer::Scp { level } => self.scps.get(level),
            Layer::Identity => Some(&self.identity),
            Layer::Boundary => Some(&self.boundary),
            Layer::Session => Some(&self.session),
            Layer::Endpoint => Some(&self.endpoint),
            // no set holds any
            Layer::Resource => None,
        }
    }

    /// The layers above the grants.
    pub(super) fn ceilings(&self) -> impl Iterator<Item = Layer> + '_ {
        let levels = (0..self.scps.len()).map(|level| Layer::Scp { level });
        let there = |layer: &Layer| self.storey(*layer).is_some_and(|storey| !storey.readings.is_empty());
        levels.chain([Layer::Boundary, Layer::Session, Layer::Endpoint]).filter(there)
    }

    /// The policies of a layer as read.
    pub(super) fn readings(&self, layer: Layer) -> &[&'a Reading] {
        self.storey(layer).map(|storey| storey.readings.as_slice()).unwrap_or_default()
    }

    /// The policies of a layer as meant.
    pub(super) fn meant(&self, layer: Layer) -> &[&'a Policy] {
        self.storey(layer).map(|storey| storey.meant.as_slice()).unwrap_or_default()
    }

    /// The statements of a layer as meant, in order.
    pub(super) fn statements(&self, layer: Layer) -> impl Iterator<Item = (StatementId, &'a Statement)> + '_ {
        self.meant(layer).iter().enumerate().flat_map(move |(policy, meant)| {
            let numbered = meant.statements.iter().enumerate();
            numbered.map(move |(statement, value)| (StatementId { layer, policy, statement }, value))
        })
    }

    /// The answer of all layers.
    pub(super) fn decide(&self, request: &Request) -> Decision {
        let scps: Vec<&[&Policy]> = self.scps.iter().map(|storey| storey.meant.as_slice()).collect();
        let layers = Layers {
            scps: &scps,
            scps_are_whole: self.scps_are_whole,
            identity: &self.identity.meant,
            boundary: self.boundary.meant.first().copied(),
            session: &self.session.meant,
            endpoint: self.endpoint.meant.first().copied(),
            ..Layers::default()
        };
        evaluate(layers, request)
    }

    /// The answer of the identity policies, ceilings aside.
    pub(super) fn decide_below(&self, request: &Request) -> Decision {
        evaluate(Layers { identity: &self.identity.meant, ..Layers::default() }, request)
    }
}
