//! A question for two evaluators: policies, a request, and everything that the request holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use bedrock_lint::formats::{self, FormatOptions};
use bedrock_lint::iam::{Context, Decision, Held, Layers, Policy, Request, evaluate};
use bedrock_lint::source::Source;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::keys::names;

/// Policies are JSON documents as a file holds them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The ARN of the session that asks.
    pub principal: String,
    /// Its account, to which the resource belongs too.
    pub account: String,
    pub action: String,
    pub resource: String,
    /// A string under a key with one value, a list under one that may have several. Other keys are not in the request.
    pub context: BTreeMap<String, Value>,
    pub scps: Vec<Vec<Value>>,
    pub on_resource: Option<Value>,
    pub identity: Vec<Value>,
    pub boundary: Option<Value>,
    pub session: Option<Value>,
}

/// Documents of a layer, as our program reads them from files.
fn read<'a>(documents: impl IntoIterator<Item = &'a Value>) -> Vec<Policy> {
    let read = |document: &Value| {
        let source = Arc::new(Source::new("policy.json", document.to_string()));
        let facts = formats::read(&source, &FormatOptions::default(), true);
        assert!(facts.problems.is_empty(), "{document}: {:?}", facts.problems);
        let [fact] = facts.policies.as_slice() else { panic!("{document} is not one policy") };
        fact.policy.clone()
    };
    documents.into_iter().map(read).collect()
}

/// The policies of a case, ready to be asked.
pub struct Read {
    scps: Vec<Vec<Policy>>,
    on_resource: Vec<Policy>,
    identity: Vec<Policy>,
    boundary: Vec<Policy>,
    session: Vec<Policy>,
    request: Request,
}

impl Case {
    /// Reads the policies. Of all that a policy may ask for, what the case does not name is absent.
    pub fn read(&self) -> Read {
        let mut context = Context::default();
        for key in names() {
            context.set(key, Held::Absent);
        }
        for (key, value) in &self.context {
            let values = match value {
                Value::Array(values) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                value => vec![value.as_str().unwrap().to_owned()],
            };
            context.set(key, Held::Values(values));
        }
        Read {
            scps: self.scps.iter().map(read).collect(),
            on_resource: read(&self.on_resource),
            identity: read(&self.identity),
            boundary: read(&self.boundary),
            session: read(&self.session),
            request: Request { action: self.action.clone(), resource: self.resource.clone(), context },
        }
    }
}

impl Read {
    /// The answer of our program.
    pub fn decide(&self) -> Decision {
        fn all(policies: &[Policy]) -> Vec<&Policy> {
            policies.iter().collect()
        }
        let scps: Vec<Vec<&Policy>> = self.scps.iter().map(|level| all(level)).collect();
        let scps: Vec<&[&Policy]> = scps.iter().map(Vec::as_slice).collect();
        let layers = Layers {
            scps: &scps,
            scps_are_whole: false,
            resource: &all(&self.on_resource),
            identity: &all(&self.identity),
            boundary: self.boundary.first(),
            session: &all(&self.session),
            endpoint: None,
        };
        evaluate(layers, &self.request)
    }
}
