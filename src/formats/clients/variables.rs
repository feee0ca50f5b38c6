//! Files whose keys are variables: Goose's `config.yaml`, and the environment that `agentcore.yaml` gives a runtime.
//!
//! Sources: block/goose, "Configuration Files"; Amazon Bedrock AgentCore starter toolkit.

use super::super::environment;
use super::super::field::{at, field_of};
use super::super::{Process, Reader};
use crate::syntax::Node;

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    let is_goose = ["GOOSE_PROVIDER", "GOOSE_MODEL"].iter().any(|key| root.get(key).is_some());
    let runtime = at(root, &["runtime", "environment"]);
    for map in [is_goose.then_some(root), runtime].into_iter().flatten() {
        let variables = map.entries().iter().filter_map(field_of).collect();
        reader.process(environment::adapters(variables, map.span), &Process::default());
    }
}
