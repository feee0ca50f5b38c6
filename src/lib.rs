//! bedrock-lint: finds broken Amazon Bedrock access before it ships.

pub mod finding;
pub mod formats;
pub mod iam;
pub mod rules;
pub mod similar;
pub mod source;
pub mod syntax;
pub mod text;
