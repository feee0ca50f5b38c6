//! Strings of `Action` and `NotAction`.

use crate::bedrock::{ActionCatalogue, ActionKind};
use crate::iam::Pattern;
use crate::text::Part;

/// What a string of `Action` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionReading {
    /// What is wrong with it.
    pub fault: Option<ActionFault>,
}

/// What is wrong with an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionFault {
    /// No such action: a documented mistake or a misspelling.
    NoSuchAction {
        /// Up to three real ones, best first.
        nearest: Vec<String>,
    },
    /// The prefix is the name of an SDK client or endpoint.
    NoSuchPrefix {
        /// The action under its real prefix.
        real: Option<String>,
    },
    /// Blanks before or after an action or a pattern.
    Blanks {
        /// What stands between them.
        meant: String,
    },
    /// A pattern that matches no action.
    MatchesNothing {
        /// Actions behind the API operations that it does match.
        meant: Vec<String>,
    },
    /// Well-formed and like nothing known: maybe newer than the catalogue.
    Unknown,
}

/// Reads an action, and gives the pattern that was meant.
pub(super) fn read(pattern: &Pattern, actions: &ActionCatalogue) -> (ActionReading, Pattern) {
    let text = pattern.text();
    let Some(written) = text.literal() else {
        return (ActionReading { fault: None }, pattern.clone());
    };
    let trimmed = written.trim();
    if trimmed.len() < written.len()
        && matches!(actions.classify_action(trimmed), ActionKind::Known(_) | ActionKind::PatternMatches(_))
    {
        let meant = Pattern::new(text.rebuilt(&[Part::New(trimmed)]), false);
        return (ActionReading { fault: Some(ActionFault::Blanks { meant: trimmed.to_owned() }) }, meant);
    }
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let (fault, meant) = match actions.classify_action(written) {
        ActionKind::NotAnAction { nearest, meant } => {
            let best = meant.or(nearest.first().copied()).map(str::to_owned);
            let mut nearest = owned(nearest);
            if let Some(meant) = meant
                && !nearest.iter().any(|name| name == meant)
            {
                nearest.insert(0, meant.to_owned());
            }
            (Some(ActionFault::NoSuchAction { nearest }), best)
        }
        ActionKind::NotAnIamPrefix { real } => (Some(ActionFault::NoSuchPrefix { real: real.clone() }), real),
        ActionKind::PatternMatchesNothing { meant } => {
            let best = meant.first().map(|name| (*name).to_owned());
            (Some(ActionFault::MatchesNothing { meant: owned(meant) }), best)
        }
        ActionKind::UnknownAction => (Some(ActionFault::Unknown), None),
        ActionKind::Known(_) | ActionKind::PatternMatches(_) | ActionKind::OtherService => (None, None),
    };
    // the SDK's prefix may stand before an operation that is no action either (`bedrock-runtime:Converse`)
    let meant = meant.map(|name| match actions.classify_action(&name) {
        ActionKind::NotAnAction { meant: Some(action), .. } => action.to_owned(),
        _ => name,
    });
    let meant = meant.map_or_else(|| pattern.clone(), |name| Pattern::new(text.rebuilt(&[Part::New(&name)]), false));
    (ActionReading { fault }, meant)
}
