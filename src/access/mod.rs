//! What calls need, why a set of policies refuses them, and what keeps them from reaching a model at all.

mod application;
pub mod call;
mod caller;
mod calls;
mod ceiling;
mod grants;
mod model;
pub mod obstacle;
mod profile;
pub mod promise;
pub mod refusal;
pub mod requirement;
mod spared;
mod stack;
pub mod target;
pub mod target_error;
pub mod view;

pub use call::{Call, Operation, Target};
pub use caller::{Caller, NoCaller};
pub(crate) use calls::guardrail;
pub use calls::{RefusedCall, called_models, refused_calls};
pub use obstacle::{Extent, Obstacle, obstacle, perhaps_profile_only, profile_only, wants_provider};
pub use refusal::{Cause, ConditionPlace, Grounds, Refusal, Wanted, refusals};
pub use requirement::{By, Needed, Requirement, requirements, requirements_of};
pub(crate) use target::sources_of;
pub use target::{Asked, NamedTarget, partition_of, target_of};
pub use target_error::{Fault, TargetDoubt, TargetError};
pub use view::{Place, SetView};
