//! What the blocks of a module make: policies and whom they are given to, and what calls Amazon Bedrock as whom.

mod attachments;
mod blocks;
mod calls;
mod documents;
mod files;
mod loose;
mod policy_document;
mod principals;
mod reference;
mod region;

use self::blocks::Index;
use self::documents::Documents;
pub(super) use self::files::Files;
use self::principals::Principals;
use super::module::Module;
use crate::formats::{Facts, FormatOptions, Reader};

/// The facts of a module. Files that hold nothing but a policy, and that a resource names, are taken from `files`.
pub(super) fn facts(module: &Module, files: &mut Files<'_>) -> Facts {
    let Some(first) = module.blocks.first() else { return Facts::default() };
    let index = Index::new(module);
    let facts = Facts { apart: true, references: module.references.clone(), ..Facts::default() };
    let options = FormatOptions { kind: None, example: first.example };
    let reader = Reader::new(&first.source, &options, facts);
    let mut documents = Documents::new(&index, reader, files);
    let mut principals = Principals::of(&index);
    attachments::read(&mut documents, &mut principals);
    calls::read(&mut documents, &mut principals);
    let handed_on = loose::read(&mut documents);
    let mut facts = documents.into_facts();
    facts.principals = principals.into_facts();
    facts.principals.extend(handed_on);
    facts
}

#[cfg(test)]
mod tests;
