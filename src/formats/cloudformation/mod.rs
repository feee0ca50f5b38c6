//! Templates of AWS CloudFormation in YAML and JSON, those of AWS SAM, what the AWS CDK synthesizes, and services of the
//! Serverless Framework, which hold one.
//!
//! What a template makes is read with what is known of its parameters, mappings and conditions ([`template`]): the policies
//! of each principal ([`principals`]), those that belong to none, and what calls Amazon Bedrock as which role
//! ([`callers`]). A resource that is made under a condition is read as if it were made.

mod attachments;
mod callers;
mod intrinsics;
mod principals;
mod sam;
mod serverless;
mod states;
mod template;
mod ties;

use std::sync::Arc;

use self::principals::Principals;
use self::template::Template;
use super::envelope::document_at;
use super::evaluate::alternatives;
use super::{PolicyKind, Reader, ReferenceFact};
use crate::source::Location;
use crate::syntax::{Call, Node, Value};

/// Whether a text in YAML whose name only says that it is some template begins as one of these.
pub(super) fn is_begun(body: &str) -> bool {
    let keys = ["AWSTemplateFormatVersion:", "Description:", "Parameters:", "Resources:", "Transform:"];
    let mut lines = body.lines().map(|line| line.trim_start_matches(['"', '\'']));
    let is_json = body.trim_start().starts_with('{');
    !is_json && lines.any(|line| keys.iter().any(|key| line.starts_with(key)))
}

/// Reads a template. `false` for what is none.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) -> bool {
    let Some(template) = Template::of(root) else { return false };
    let region = template.service.and_then(|service| serverless::region(&template, service));
    reader.region = region.and_then(|region| Some(region.scalar()?.literal()?.to_owned()));
    reader.profiles = template.profiles();
    let mut principals = Principals::of(&template, reader);
    for resource in &template.resources {
        by_themselves(&template, resource, reader);
        callers::read(&template, resource, &mut principals, reader);
    }
    if let Some(service) = template.service {
        callers::of_service(&template, service, &mut principals, reader);
    }
    let (principals, offers) = principals.facts();
    reader.facts.principals.extend(principals);
    reader.facts.offers.extend(offers);
    (reader.region, reader.profiles) = (None, Arc::default());
    let source = reader.source;
    let references = template.references().into_iter().map(|(span, overridable)| {
        let at = Location::new(source, span);
        ReferenceFact { at, overridable, written: None }
    });
    reader.facts.references.extend(references);
    true
}

/// Reads the policies of a resource that no principal has.
fn by_themselves(template: &Template<'_>, resource: &template::Resource<'_>, reader: &mut Reader<'_>) {
    let kind = match resource.kind {
        "AWS::Organizations::Policy" => {
            let kind = template.property(resource, "Type");
            match kind.as_ref().and_then(Node::scalar).map(crate::text::Text::as_str) {
                Some("SERVICE_CONTROL_POLICY") => PolicyKind::Scp,
                Some("RESOURCE_CONTROL_POLICY") => PolicyKind::Resource,
                _ => return,
            }
        }
        "AWS::Organizations::ResourcePolicy" => PolicyKind::Resource,
        "AWS::EC2::VPCEndpoint" => PolicyKind::Endpoint,
        kind if principals::is_about_principals(kind) => return,
        _ => PolicyKind::Resource,
    };
    // of the policies on endpoints and other resources only those matter that speak of Amazon Bedrock
    let written = reader.source.text().get(resource.properties.span.range()).unwrap_or_default();
    if matches!(kind, PolicyKind::Endpoint | PolicyKind::Resource) && !written.contains("bedrock:") {
        return;
    }
    for key in ["Content", "PolicyDocument", "ResourcePolicy", "KeyPolicy", "Policy"] {
        if let Some(document) = template.property(resource, key) {
            documents(&document, resource.id.as_str(), Some(kind), reader);
        }
    }
}

/// Reads the documents that a value may be: both sides of a choice. Returns their indexes in the facts.
fn documents(node: &Node, name: &str, kind: Option<PolicyKind>, reader: &mut Reader<'_>) -> Vec<usize> {
    let unwrapped = |node| match node {
        &Node { value: Value::Call(Call { ref name, ref args }), .. } if name.as_str() == intrinsics::TO_JSON => {
            args.first().unwrap_or(node)
        }
        node => node,
    };
    let documents = alternatives(node).into_iter().map(unwrapped);
    documents.filter_map(|document| document_at(document, Some(name.to_owned()), kind, reader)).collect()
}

#[cfg(test)]
mod tests;
