//! IAM policies and how AWS evaluates them, on plain values with spans. Knows no file format.

pub mod condition;
pub mod evaluate;
mod fit;
mod glob;
mod layers;
pub mod pattern;
pub mod policy;
pub mod request;

pub use condition::{Condition, Operator};
pub use evaluate::{Decision, Doubt, DoubtAbout, NearMiss, evaluate};
pub use fit::Fit;
pub use glob::Case;
pub use layers::{Layer, Layers, StatementId};
pub use pattern::Pattern;
pub use policy::{Effect, Elements, Policy, Principal, Statement, Version};
pub use request::{Context, Held, Request};
