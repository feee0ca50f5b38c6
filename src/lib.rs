//! bedrock-lint: finds broken Amazon Bedrock access before it ships.

pub mod bedrock;
