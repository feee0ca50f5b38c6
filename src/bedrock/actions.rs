//! IAM actions: lookup, wildcards, and what a written action is.
//!
//! Source: the service authorization reference, read through a data package;
//! `catalog/iam.json` names its version and date.

use std::sync::OnceLock;

use super::arn::ResourceType;
use super::keys::ConditionKey;
use super::raw_iam::{RawIam, compare};
use crate::iam::{Case, Context, Fit, Pattern};
use crate::similar::nearest;
use crate::text::Text;

/// An IAM action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The name in AWS's casing, with its prefix: `bedrock:InvokeModel`.
    pub name: Box<str>,
    /// The access level, `Read` for example; `None` where only the name is recorded.
    pub access: Option<Box<str>>,
    /// The names of the resource types it can be limited to; empty: it can only
    /// be granted on `*`. `None` where only the name is recorded. The types of
    /// InvokeModel are alternatives, chosen by the model id of the call.
    pub resources: Option<Vec<Box<str>>>,
    /// The condition keys of its own that a request carries, tag keys included.
    pub condition_keys: Vec<Box<str>>,
}

impl Action {
    /// The service prefix, `bedrock`.
    pub fn service(&self) -> &str {
        self.name.split_once(':').map_or("", |(service, _)| service)
    }

    /// The name after the prefix, `InvokeModel`.
    pub fn short_name(&self) -> &str {
        self.name.split_once(':').map_or("", |(_, name)| name)
    }

    /// Whether it has no resource types, so that only `*` grants it.
    pub fn is_unscopable(&self) -> bool {
        self.resources.as_ref().is_some_and(Vec::is_empty)
    }
}

/// What a string in an Action element is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionKind<'c> {
    /// An action, in any case.
    Known(&'c Action),
    /// A pattern that matches this many known actions.
    PatternMatches(usize),
    /// A pattern of a known service that matches no known action.
    PatternMatchesNothing {
        /// The actions behind API operations that it does match, if any.
        meant: Vec<&'static str>,
    },
    /// The name of an SDK client or endpoint in the place of the service prefix
    /// (`bedrock-runtime:`).
    NotAnIamPrefix {
        /// The action or narrower pattern with its real prefix. `None` for a
        /// bare `*`, which would widen, and for names that no service has.
        real: Option<String>,
    },
    /// No such action: a documented mistake or a misspelling.
    NotAnAction {
        /// One to three actions, best first.
        nearest: Vec<&'c str>,
        /// The action that the mistake is known to stand for.
        meant: Option<&'c str>,
    },
    /// Well-formed and like nothing known: maybe newer than the catalogue.
    UnknownAction,
    /// An action of a service this catalogue does not record.
    OtherService,
}

/// Names written for actions that do not exist, with the action that does the
/// work. Mostly API operations (service reference data of 2026-08-22,
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html>);
/// the last two are shortenings of a long name.
const MISTAKES: [(&str, &str); 8] = [
    ("bedrock:Converse", "bedrock:InvokeModel"),
    ("bedrock:ConverseStream", "bedrock:InvokeModelWithResponseStream"),
    ("bedrock:InvokeModelWithBidirectionalStream", "bedrock:InvokeModel"),
    ("bedrock:StartAsyncInvoke", "bedrock:InvokeModel"),
    ("bedrock:RetrieveAndGenerateStream", "bedrock:RetrieveAndGenerate"),
    ("bedrock:ListModels", "bedrock:ListFoundationModels"),
    ("bedrock:InvokeModelStream", "bedrock:InvokeModelWithResponseStream"),
    ("bedrock:InvokeModelWithStream", "bedrock:InvokeModelWithResponseStream"),
];

/// IAM actions, condition keys and resource types of Bedrock's services and of
/// AWS Marketplace, as of a day.
#[derive(Debug)]
pub struct ActionCatalogue {
    pub(super) generated: Box<str>,
    pub(super) services: Vec<Box<str>>,
    pub(super) not_services: Vec<Box<str>>,
    /// Sorted without case.
    pub(super) actions: Vec<Action>,
    /// Sorted without case.
    pub(super) keys: Vec<ConditionKey>,
    pub(super) types: Vec<ResourceType>,
}

impl ActionCatalogue {
    /// The compiled-in catalogue, parsed on the first call.
    #[allow(clippy::expect_used, reason = "the text is compiled in and a unit test parses it")]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<ActionCatalogue> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            serde_json::from_str::<RawIam>(include_str!("../../catalog/iam.json"))
                .expect("the compiled-in catalogue is valid")
                .resolve()
        })
    }

    /// The day the file was put together, `2026-11-22` for example.
    pub fn generated(&self) -> &str {
        &self.generated
    }

    /// Every action.
    pub fn actions(&self) -> impl ExactSizeIterator<Item = &Action> {
        self.actions.iter()
    }

    /// The action of this name, with prefix, in any case.
    pub fn action(&self, name: &str) -> Option<&Action> {
        let found = self.actions.binary_search_by(|action| compare(&action.name, name));
        self.actions.get(found.ok()?)
    }

    /// The actions that a pattern (`bedrock:Invoke*`, `bedrock:?et*`, `*`)
    /// matches; for a plain name, the action itself.
    pub fn matching(&self, pattern: &str) -> impl Iterator<Item = &Action> {
        let matches = wildcards(pattern);
        self.actions.iter().filter(move |action| matches(&action.name))
    }

    /// Whether this is a service prefix whose actions are recorded in full.
    pub fn is_known_service(&self, prefix: &str) -> bool {
        contains(&self.services, prefix)
    }

    /// Whether this is an SDK client or endpoint name (`bedrock-runtime`) that is
    /// no IAM prefix.
    pub fn is_not_a_service(&self, prefix: &str) -> bool {
        contains(&self.not_services, prefix)
    }

    /// Says what `written`, standing in an Action or NotAction element, is.
    pub fn classify_action(&self, written: &str) -> ActionKind<'_> {
        if let Some(action) = self.action(written) {
            return ActionKind::Known(action);
        }
        let pattern = written.contains(['*', '?']);
        let Some((service, name)) = written.split_once(':') else {
            return self.without_prefix(written, pattern);
        };
        if self.is_not_a_service(service) {
            let real = self.real_name(service, name, pattern);
            return ActionKind::NotAnIamPrefix { real };
        }
        if pattern {
            return self.classify_pattern(service, written);
        }
        if self.is_known_service(service) {
            return self.not_known(service, name);
        }
        // "bedrok:InvokeModel": only a slip of a prefix if the action is right
        let slips = nearest(self.services.iter().map(AsRef::as_ref), service, 3);
        let found: Vec<&str> = slips
            .into_iter()
            .filter_map(|slip| self.action(&format!("{slip}:{name}")))
            .map(|action| action.name.as_ref())
            .collect();
        if found.is_empty() {
            ActionKind::OtherService
        } else {
            ActionKind::NotAnAction { meant: found.first().copied(), nearest: found }
        }
    }

    fn without_prefix(&self, written: &str, pattern: bool) -> ActionKind<'_> {
        if pattern {
            // IAM accepts no pattern without a prefix but "*"; others match nothing
            return match self.matching(written).count() {
                0 => ActionKind::PatternMatchesNothing { meant: Vec::new() },
                count => ActionKind::PatternMatches(count),
            };
        }
        match self.elsewhere(written) {
            Some(name) => ActionKind::NotAnAction { nearest: vec![name], meant: Some(name) },
            None => ActionKind::UnknownAction,
        }
    }

    fn classify_pattern(&self, service: &str, written: &str) -> ActionKind<'_> {
        let count = self.matching(written).count();
        if count > 0 {
            return ActionKind::PatternMatches(count);
        }
        if !self.is_known_service(service) {
            return ActionKind::OtherService;
        }
        let matches = wildcards(written);
        let mut meant: Vec<&'static str> = Vec::new();
        for (mistake, real) in MISTAKES {
            if matches(mistake) && !meant.contains(&real) {
                meant.push(real);
            }
        }
        ActionKind::PatternMatchesNothing { meant }
    }

    /// `service` is known, the action is not.
    fn not_known(&self, service: &str, name: &str) -> ActionKind<'_> {
        let meant = self.documented(service, name).or_else(|| self.elsewhere(name));
        let mut near: Vec<&str> = meant.into_iter().collect();
        for close in self.misspelt(service, name) {
            if !near.contains(&close) && near.len() < 3 {
                near.push(close);
            }
        }
        if near.is_empty() { ActionKind::UnknownAction } else { ActionKind::NotAnAction { nearest: near, meant } }
    }

    fn documented(&self, service: &str, name: &str) -> Option<&str> {
        let (_, real) = MISTAKES.iter().find(|(mistake, _)| {
            mistake
                .split_once(':')
                .is_some_and(|(own, wrong)| own.eq_ignore_ascii_case(service) && wrong.eq_ignore_ascii_case(name))
        })?;
        self.action(real).map(|action| action.name.as_ref())
    }

    /// The action of this name at another recorded service, Bedrock's own first.
    fn elsewhere(&self, name: &str) -> Option<&str> {
        const ORDER: [&str; 4] = ["bedrock", "bedrock-mantle", "bedrock-agentcore", "aws-marketplace"];
        ORDER
            .into_iter()
            .find_map(|service| self.action(&format!("{service}:{name}")))
            .map(|action| action.name.as_ref())
    }

    fn misspelt(&self, service: &str, name: &str) -> Vec<&str> {
        let own = || self.actions.iter().filter(move |action| action.service().eq_ignore_ascii_case(service));
        let short: Vec<&str> = own().map(Action::short_name).collect();
        let close = near_miss(&short, name);
        close
            .into_iter()
            .filter_map(|one| own().find(|action| action.short_name() == one))
            .map(|action| action.name.as_ref())
            .collect()
    }

    /// What stands after a wrong prefix, under the right one: AgentCore's for its
    /// clients, since both services have actions such as TagResource.
    fn real_name(&self, wrong: &str, name: &str, pattern: bool) -> Option<String> {
        let agentcore = wrong.to_ascii_lowercase().starts_with("bedrock-agentcore");
        let home = if agentcore { "bedrock-agentcore" } else { "bedrock" };
        let real = format!("{home}:{name}");
        if pattern {
            let bare = name.chars().all(|one| one == '*');
            return (!bare && self.matching(&real).next().is_some()).then_some(real);
        }
        let found = self.action(&real).map(|action| action.name.as_ref());
        found.or_else(|| self.documented(home, name)).or_else(|| self.elsewhere(name)).map(ToOwned::to_owned)
    }
}

fn contains(names: &[Box<str>], wanted: &str) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(wanted))
}

/// Names of CamelCase words that `written` is a misspelling of. A written name
/// made of words that are all in use elsewhere (`UpdatePromptRouter` beside
/// `CreatePromptRouter`) is a new name, not a slip, unless it differs from a
/// known one in a plural alone, or by a word that was left out of its middle.
pub(super) fn near_miss<'a>(names: &[&'a str], written: &str) -> Vec<&'a str> {
    let plural: Vec<&str> = names.iter().copied().filter(|name| differs_in_a_plural(name, written)).collect();
    if !plural.is_empty() {
        return plural;
    }
    let shortened: Vec<&str> = names.iter().copied().filter(|name| lacks_a_word(name, written)).collect();
    if !shortened.is_empty() {
        return shortened;
    }
    let in_use = |word: &str| names.iter().any(|name| words(name).any(|one| one == word));
    if words(written).all(in_use) {
        return Vec::new();
    }
    nearest(names.iter().copied(), written, 3)
}

fn differs_in_a_plural(a: &str, b: &str) -> bool {
    let mut pairs = words(a).zip(words(b)).filter(|(x, y)| x != y);
    let one = |x: &str, y: &str| x.strip_suffix('s') == Some(y) || y.strip_suffix('s') == Some(x);
    words(a).count() == words(b).count() && pairs.next().is_some_and(|(x, y)| one(x, y)) && pairs.next().is_none()
}

/// Whether `written` is `name` without one of the words between its first and its last: `CreateActionGroup` for
/// `CreateAgentActionGroup`.
fn lacks_a_word(name: &str, written: &str) -> bool {
    let (full, short): (Vec<&str>, Vec<&str>) = (words(name).collect(), words(written).collect());
    let same = full.iter().zip(&short).take_while(|(a, b)| a == b).count();
    let tail = full.iter().rev().zip(short.iter().rev()).take_while(|(a, b)| a == b).count();
    short.len() >= 3 && full.len() == short.len() + 1 && same > 0 && tail > 0 && same + tail >= short.len()
}

/// The words of a CamelCase name.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        chars.next()?;
        let end = chars.find(|(_, one)| one.is_ascii_uppercase()).map_or(rest.len(), |(at, _)| at);
        let (word, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some(word)
    })
}

/// A pattern as IAM matches actions, and whether it matches.
fn wildcards(pattern: &str) -> impl Fn(&str) -> bool + use<> {
    let pattern = Pattern::new(Text::unplaced(pattern), false);
    move |action| pattern.matches(action, Case::Insensitive, &Context::default()) == Fit::Yes
}

#[cfg(test)]
#[path = "actions_tests.rs"]
mod tests;
