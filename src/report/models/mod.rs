//! What the catalogue says of models, for people, for tickets and for programs.

mod human;
mod json;
mod markdown;
mod words;

pub use human::{checked, human};
pub use json::{checked_json, json};
pub use markdown::{checked_markdown, markdown};
