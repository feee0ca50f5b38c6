//! bedrock-lint: finds broken Amazon Bedrock access before it ships.
