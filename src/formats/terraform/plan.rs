//! Plans of Terraform as JSON: `terraform show -json`. What the plan knows of each resource is its block; what it does not
//! know yet is what the configuration says that it depends on.
//!
//! States hold secrets in the clear, and are passed over.
//!
//! Source: Terraform documentation, "JSON Output Format".

mod configuration;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::configuration::Configuration;
use super::module::{Block, Module};
use super::resources::{Files, facts};
use crate::formats::field::at;
use crate::formats::{Facts, Reader};
use crate::source::{Shelf, Source};
use crate::syntax::{Call, Entry, Node, Value};
use crate::text::Text;

/// Reads a plan. Whether the document is one, or a state.
pub(in crate::formats) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    if root.get("terraform_version").is_none() {
        return false;
    }
    let Some(planned) = root.get("planned_values").or_else(|| root.get("resource_changes")) else {
        let is_state = root.get("lineage").is_some() || root.get("values").is_some();
        return is_state;
    };
    let (source, example) = (Arc::clone(reader.source), reader.example);
    let configuration = Configuration::of(root);
    let mut plan = Plan { root, source, example, configuration, modules: BTreeMap::new() };
    match planned.get("root_module") {
        Some(module) => plan.module(module, String::new()),
        None => plan.changes(planned),
    }
    plan.uses();
    let made = plan.modules.into_iter().map(|(address, blocks)| Module {
        blocks,
        references: Vec::new(),
        is_closed: true,
        followed: configuration.followed(&address),
    });
    let modules: Vec<Module> = made.collect();
    let shelf = Shelf::default();
    if let Some(found) = facts(&modules, &mut Files::new(&[], &shelf)) {
        add(found, &mut reader.facts);
    }
    reader.facts.apart = true;
    true
}

/// Adds facts whose principals tell of their policies and adapters by their places.
fn add(more: Facts, to: &mut Facts) {
    let (policies, adapters) = (to.policies.len(), to.adapters.len());
    to.principals.extend(more.principals.into_iter().map(|one| one.behind(policies, adapters)));
    to.policies.extend(more.policies);
    to.adapters.extend(more.adapters);
    to.references.extend(more.references);
    to.problems.extend(more.problems);
}

struct Plan<'p> {
    root: &'p Node,
    source: Arc<Source>,
    example: bool,
    configuration: Configuration<'p>,
    /// The blocks of each module, by its address.
    modules: BTreeMap<String, Vec<Block>>,
}

impl<'p> Plan<'p> {
    /// A module of the planned values, and those in it.
    fn module(&mut self, module: &'p Node, address: String) {
        for resource in module.get("resources").map(Node::items).unwrap_or_default() {
            if let Some(values) = resource.get("values") {
                self.resource(resource, values, &address);
            }
        }
        for child in module.get("child_modules").map(Node::items).unwrap_or_default() {
            let address = child.get("address").and_then(Node::scalar).map(|text| text.as_str().to_owned());
            self.module(child, address.unwrap_or_default());
        }
    }

    /// The changes, where there are no planned values.
    fn changes(&mut self, changes: &'p Node) {
        for change in changes.items() {
            let address = change.get("module_address").and_then(Node::scalar).map(|text| text.as_str().to_owned());
            if let Some(after) = at(change, &["change", "after"]) {
                self.resource(change, after, &address.unwrap_or_default());
            }
        }
    }

    fn resource(&mut self, resource: &Node, values: &Node, module: &str) {
        let text = |key: &str| resource.get(key).and_then(Node::string);
        let (Some(kind), Some(name)) = (text("type"), text("name")) else { return };
        let is_data = text("mode").is_some_and(|mode| mode.as_str() == "data");
        let mut body = values.clone();
        if let (Value::Map(entries), Some(written)) =
            (&mut body.value, self.configuration.resource(module, kind.as_str(), name.as_str()))
        {
            let known: Vec<String> = entries.iter().map(|entry| entry.key.as_str().to_owned()).collect();
            entries.retain(|entry| !is_null(&entry.value));
            let unknown = written.entries().iter().filter(|entry| !known.contains(&entry.key.as_str().to_owned()));
            entries.extend(unknown.filter_map(|attribute| self.configuration.depends_on(module, attribute)));
        }
        let block = self.block(module, if is_data { "data" } else { "resource" }, vec![kind, name], name, body);
        let provider = self.provider(module);
        self.modules.entry(module.to_owned()).or_insert_with(|| provider.into_iter().collect()).push(block);
    }

    /// Outputs and calls of modules, as far as the configuration tells of them. Where the plan has none, any policy may be
    /// used elsewhere.
    fn uses(&mut self) {
        for address in self.modules.keys().cloned().collect::<Vec<_>>() {
            let outputs = self.configuration.outputs(&address);
            let calls = self.configuration.calls(&address);
            let mut uses: Vec<Block> = outputs
                .into_iter()
                .map(|(name, body)| self.block(&address, "output", vec![name], name, body))
                .collect();
            uses.extend(calls.into_iter().map(|(name, body)| self.block(&address, "module", vec![name], name, body)));
            let Some(blocks) = self.modules.get_mut(&address) else { continue };
            if self.configuration.is_missing() {
                uses.extend(blocks.iter().filter(|block| block.address().starts_with("aws_iam_policy.")).map(used));
            }
            blocks.append(&mut uses);
        }
    }

    fn block(&self, module: &str, kind: &str, labels: Vec<&Text>, name: &Text, body: Node) -> Block {
        Block {
            module: module.into(),
            source: Arc::clone(&self.source),
            example: self.example,
            kind: kind.to_owned(),
            labels: labels.into_iter().map(|label| label.as_str().to_owned()).collect(),
            name: name.clone(),
            body,
        }
    }

    /// The provider of AWS that has no alias, with the Region that it is given, by a variable too.
    fn provider(&self, module: &str) -> Option<Block> {
        let provider = at(self.root, &["configuration", "provider_config", "aws"])?;
        let region = at(provider, &["expressions"])?.entry("region")?;
        let given = || {
            let variable = region.value.get("references")?.items().first()?.scalar()?.as_str().strip_prefix("var.")?;
            at(self.root, &["variables", variable, "value"])
        };
        let value = region.value.get("constant_value").or_else(given)?.clone();
        let name = provider.get("name")?.string()?;
        let entries = vec![Entry { key: region.key.clone(), value }];
        Some(self.block(module, "provider", vec![name], name, Node { span: provider.span, value: Value::Map(entries) }))
    }
}

fn is_null(node: &Node) -> bool {
    matches!(node.value, Value::Scalar(_)) && node.scalar().is_none()
}

/// An output that gives a resource.
fn used(resource: &Block) -> Block {
    let name = Text::unplaced(resource.address()).used_at(resource.name.span());
    let value = Node { span: name.span(), value: Value::Call(Call { name: name.clone(), args: Vec::new() }) };
    let entry = Entry { key: Text::unplaced("value").used_at(name.span()), value };
    Block {
        module: Arc::clone(&resource.module),
        source: Arc::clone(&resource.source),
        example: resource.example,
        kind: "output".to_owned(),
        labels: vec![resource.name.as_str().to_owned()],
        name: name.clone(),
        body: Node { span: name.span(), value: Value::Map(vec![entry]) },
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use crate::formats::{self, Facts, FormatOptions, Grants};
    use crate::source::Source;

    const POLICY: &str = r#""{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"arn:aws:bedrock:*::foundation-model/x\"}]}""#;

    fn read(text: &str) -> Facts {
        let facts = formats::read(&Arc::new(Source::new("plan.json", text)), &FormatOptions::default(), true);
        assert_eq!(facts.problems, []);
        facts
    }

    fn plan(resources: &str) -> String {
        format!(
            r#"{{"format_version": "1.2", "terraform_version": "1.9.0",
 "variables": {{"region": {{"value": "us-west-2"}}}},
 "planned_values": {{"root_module": {{"child_modules": [{{"address": "module.caller[0]", "resources": [{resources}]}}]}}}},
 "configuration": {{
  "provider_config": {{"aws": {{"name": "aws", "expressions": {{"region": {{"references": ["var.region"]}}}}}}}},
  "root_module": {{"module_calls": {{"caller": {{"module": {{"resources": [
   {{"type": "aws_iam_role_policy", "name": "p", "expressions": {{"role": {{"references": ["aws_iam_role.r.id", "aws_iam_role.r"]}}}}}},
   {{"type": "aws_lambda_function", "name": "f", "expressions": {{"role": {{"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}}}}}}
  ]}}}}}}}}}}}}"#
        )
    }

    #[test]
    fn planned_values_are_blocks() {
        let text = plan(&format!(
            r#"{{"mode": "managed", "type": "aws_iam_role", "name": "r", "values": {{"name": "caller", "inline_policy": []}}}},
{{"mode": "managed", "type": "aws_iam_role_policy", "name": "p", "values": {{"name": "p", "policy": {POLICY}}}}},
{{"mode": "managed", "type": "aws_lambda_function", "name": "f", "values": {{"environment": [{{"variables":
 {{"BEDROCK_MODEL_ID": "us.anthropic.claude-sonnet-4-6"}}}}]}}}}"#
        ));
        let facts = read(&text);
        let [role] = facts.principals.as_slice() else { panic!("{:?}", facts.principals) };
        assert_eq!((role.name.as_str(), role.grants), ("role caller", Grants::Named));
        assert_eq!((role.policies.as_slice(), role.adapters.as_slice()), ([0].as_slice(), [0].as_slice()));
        let statement = &facts.policies[0].policy.statements[0];
        let resource = statement.resources.as_ref().unwrap().patterns[0].text().span();
        assert_eq!(facts.policies[0].source.slice(resource), "arn:aws:bedrock:*::foundation-model/x");
        let adapter = &facts.adapters[0].adapter;
        assert_eq!(adapter.region.as_ref().unwrap().literal(), Some("us-west-2"));
    }

    #[test]
    fn changes_stand_in_for_planned_values_and_states_are_passed_over() {
        let changes = format!(
            r#"{{"terraform_version": "1.9.0", "resource_changes": [{{"mode": "managed", "type": "aws_iam_policy", "name": "p",
 "change": {{"after": {{"policy": {POLICY}}}}}}}, {{"type": "aws_iam_policy", "name": "gone", "change": {{"after": null}}}}]}}"#
        );
        assert_eq!(read(&changes).policies.len(), 1);
        let state = format!(
            r#"{{"version": 4, "terraform_version": "1.9.0", "lineage": "x", "resources": [{{"instances": [{{"attributes":
 {{"policy": {POLICY}, "environment": {{"MODEL_ID": "us.anthropic.claude-sonnet-4-6"}}}}}}]}}]}}"#
        );
        let facts = read(&state);
        assert!(facts.policies.is_empty() && facts.adapters.is_empty());
    }
}
