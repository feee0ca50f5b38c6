//! What AWS SAM makes of its own resources: a role with the policies that a function lists.
//!
//! Sources: AWS SAM Developer Guide, `AWS::Serverless::Function`, "Globals section of the AWS SAM template", "Generated
//! CloudFormation resources"; aws/serverless-application-model 1.115.0, `policy_templates.json`.

use super::principals::{Kind, Made};
use super::template::{Resource, Template};
use crate::formats::evaluate::each;
use crate::syntax::{Node, Value};

/// The role that SAM makes for a resource which names none.
pub(super) fn made(template: &Template<'_>, resource: &Resource<'_>) -> Option<Made> {
    if !matches!(resource.kind, "AWS::Serverless::Function" | "AWS::Serverless::StateMachine") {
        return None;
    }
    let property = |key: &str| property(template, resource, key);
    if property("Role").is_some() {
        return None;
    }
    let mut made = Made {
        kind: Kind::Role,
        id: role_of(resource),
        name: None,
        inline: Vec::new(),
        attached: Vec::new(),
        groups: Vec::new(),
        boundary: property("PermissionsBoundary"),
        trust: property("AssumeRolePolicyDocument"),
        open: false,
    };
    let policies = property("Policies");
    for policy in policies.iter().flat_map(each) {
        match &policy.value {
            Value::Map(_) if policy.get("Statement").is_some() => {
                made.inline.push(("Policies".to_owned(), policy.clone()));
            }
            // a policy template by its name: none of them grants anything of Amazon Bedrock
            Value::Map(entries) if entries.len() == 1 => {}
            Value::Map(_) | Value::List(_) => made.open = true,
            Value::Scalar(_) | Value::Call(_) => made.attached.push(policy.clone()),
        }
    }
    Some(made)
}

/// The logical id of the role that SAM makes.
pub(super) fn role_of(resource: &Resource<'_>) -> String {
    format!("{}Role", resource.id.as_str())
}

/// A property of a resource, or what the globals say for all of its type.
pub(super) fn property(template: &Template<'_>, resource: &Resource<'_>, key: &str) -> Option<Node> {
    template.property(resource, key).or_else(|| template.value_of(global(template, resource)?, key))
}

/// What the globals say for the type of a resource.
pub(super) fn global<'n>(template: &Template<'n>, resource: &Resource<'_>) -> Option<&'n Node> {
    template.globals?.get(resource.kind.strip_prefix("AWS::Serverless::")?)
}
