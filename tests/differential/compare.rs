//! Two answers to one case, side by side.

use bedrock_lint::iam::{Decision, Doubt, DoubtAbout, Layer, StatementId};

use super::simulator::{Answer, Statements};

/// What a comparison showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Both say the same, and name the same statements.
    Same,
    /// Both say the same; the simulator named no statements.
    SameDecision,
    /// The simulator refused the case.
    NoAnswer,
    /// We leave open what AWS leaves open.
    Open,
    /// They differ.
    Differ(String),
}

impl Outcome {
    /// What it is called in figures.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Same => "same statements",
            Self::SameDecision => "same decision",
            Self::NoAnswer => "not answered",
            Self::Open => "left open",
            Self::Differ(_) => "different",
        }
    }
}

/// Puts our decision beside the simulator's.
pub fn compare(ours: &Decision, theirs: &Answer) -> Outcome {
    let expected = match ours {
        Decision::Allowed { .. } => "Allowed",
        Decision::DeniedExplicitly { .. } => "ExplicitlyDenied",
        Decision::DeniedImplicitly { .. } => "ImplicitlyDenied",
        Decision::Unknown { because } if is_left_open(because) => return Outcome::Open,
        Decision::Unknown { .. } => "",
    };
    let Some(decision) = &theirs.decision else { return Outcome::NoAnswer };
    if decision != expected {
        return Outcome::Differ(format!("ours is {ours:?}, theirs {decision}"));
    }
    if theirs.refused.is_some() {
        return Outcome::SameDecision;
    }
    match layers(ours, theirs) {
        Ok(()) => Outcome::Same,
        Err(what) => Outcome::Differ(format!("{what}: ours is {ours:?}, theirs {theirs:?}")),
    }
}

impl Answer {
    fn layers(&self) -> Vec<(Layer, &Statements)> {
        let scps = self.scps.iter().enumerate().map(|(level, statements)| (Layer::Scp { level }, statements));
        let others = [
            (Layer::Resource, &self.resource),
            (Layer::Identity, &self.identity),
            (Layer::Boundary, &self.boundary),
            (Layer::Session, &self.session),
        ];
        let others = others.into_iter().filter_map(|(layer, statements)| Some((layer, statements.as_ref()?)));
        scps.chain(others).collect()
    }
}

fn written(id: StatementId) -> String {
    format!("{}/{}", id.policy, id.statement)
}

/// Whether layer and statements are the same.
fn layers(ours: &Decision, theirs: &Answer) -> Result<(), String> {
    let check = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
    let theirs = theirs.layers();
    let of = |wanted: Layer| theirs.iter().find(|(layer, _)| *layer == wanted).map(|(_, statements)| *statements);
    let first_deny = theirs.iter().find_map(|(layer, found)| Some((*layer, found.deny.first()?.clone())));
    if let Decision::DeniedExplicitly { by } = ours {
        return check(first_deny == Some((by.layer, written(*by))), "another statement denies");
    }
    check(first_deny.is_none(), "something denies")?;
    match ours {
        Decision::Allowed { by, assumed } => {
            let granting = of(by.layer).map(|found| found.allow.as_slice()).unwrap_or_default();
            let at = granting.iter().position(|granting| *granting == written(*by));
            // on the resource, the simulator also lists what leaves the grant to the account
            check(at.is_some_and(|at| at == 0 || by.layer == Layer::Resource), "another statement allows")?;
            let by_default = |(layer, found): &(Layer, &Statements)| {
                found.allow.first().is_some_and(|by| by.starts_with("FullAWSAccess")).then_some(*layer)
            };
            let theirs: Vec<Layer> = theirs.iter().filter_map(by_default).collect();
            check(theirs == *assumed, "other levels are assumed to be open")
        }
        Decision::DeniedImplicitly { layer, near } => {
            let lacking = theirs.iter().find(|(layer, found)| *layer != Layer::Resource && found.allow.is_empty());
            check(lacking.is_some_and(|(lacking, _)| lacking == layer), "another layer lacks an Allow")?;
            let near: Vec<String> = near.iter().map(|miss| written(miss.statement)).collect();
            check(of(*layer).is_some_and(|found| found.near == near), "other statements nearly allow")
        }
        Decision::DeniedExplicitly { .. } | Decision::Unknown { .. } => Ok(()),
    }
}

/// Whether an unknown answer rests on nothing but what AWS leaves open: a wildcard that leaves its field in an ARN.
fn is_left_open(because: &[Doubt]) -> bool {
    !because.is_empty() && because.iter().all(|doubt| doubt.about == DoubtAbout::Resource)
}
