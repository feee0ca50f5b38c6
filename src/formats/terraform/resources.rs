//! What the blocks of all modules make: policies and whom they are given to, and what calls Amazon Bedrock as whom. One
//! module may attach what another one makes, so they are read together.

mod attachments;
mod blocks;
mod calls;
mod documents;
mod files;
mod handed_on;
mod leaving;
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

/// The facts of modules, if they say anything. Files that hold nothing but a policy, and that a resource names, are taken
/// from `files`.
pub(super) fn facts(modules: &[Module], files: &mut Files<'_>) -> Option<Facts> {
    let first = modules.iter().find_map(|module| module.blocks.first())?;
    let index = Index::new(modules);
    let references = modules.iter().flat_map(|module| module.references.iter().cloned()).collect();
    let facts = Facts { apart: true, references, ..Facts::default() };
    let options = FormatOptions { kind: None, example: first.example };
    let reader = Reader::new(&first.source, &options, facts);
    let mut documents = Documents::new(&index, reader, files);
    let mut principals = Principals::of(&index);
    attachments::read(&mut documents, &mut principals);
    leaving::read(&documents, &mut principals);
    calls::read(&mut documents, &mut principals);
    let handed_on = loose::read(&mut documents, &principals);
    let mut facts = documents.into_facts();
    facts.principals = principals.into_facts();
    facts.principals.extend(handed_on);
    Some(facts)
}

#[cfg(test)]
mod tests;
