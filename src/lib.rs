//! bedrock-lint: finds broken Amazon Bedrock access before it ships.

pub mod access;
pub mod bedrock;
pub mod finding;
pub mod formats;
pub mod iam;
pub mod link;
pub mod reading;
pub mod rules;
pub mod source;
pub mod syntax;
pub mod text;
