//! A policy document as a value: everything that was written, with its spans.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::condition::Condition;
use super::fit::Fit;
use super::glob::Case;
use super::pattern::Pattern;
use super::request::Context;
use crate::text::{Count, FilledBy, Hole, Span, Text};

/// A policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The whole document.
    pub span: Span,
    /// Its version: decides whether policy variables are read.
    pub version: Version,
    /// Its `Id`.
    pub id: Option<Text>,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// Elements that IAM does not know, by name.
    pub unknown: Vec<Text>,
}

/// The version of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `2012-10-17`, with policy variables.
    V2012,
    /// `2008-10-17`, which is also meant when no version is given.
    V2008,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The whole statement.
    pub span: Span,
    /// Its `Sid`.
    pub sid: Option<Text>,
    /// What it does.
    pub effect: Effect,
    /// The characters of its `Effect`.
    pub effect_span: Span,
    /// `Action` or `NotAction`.
    pub actions: Option<Elements>,
    /// `Resource` or `NotResource`.
    pub resources: Option<Elements>,
    /// `Principal` or `NotPrincipal`.
    pub principal: Option<Principal>,
    /// All conditions, each one key under one operator; all of them must hold.
    pub conditions: Vec<Condition>,
    /// Elements that IAM does not know, by name.
    pub unknown: Vec<Text>,
}

/// What a matching statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Refuses, whatever else grants.
    Deny,
}

/// The patterns of `Action` or `Resource`, or of their negations.
#[derive(Clone, Debug)]
pub struct Elements {
    /// The key as written, without quotes.
    pub key: Span,
    /// All bytes of the value.
    pub span: Span,
    /// Whether it is `NotAction` or `NotResource`.
    pub negated: bool,
    /// The patterns, in order. To be replaced as a whole: see [`Elements::with_patterns`].
    pub patterns: Vec<Pattern>,
    index: OnceLock<Index>,
}

/// Long lists, told apart: strings that match nothing but themselves, and the places of the others.
#[derive(Clone, Debug, Default)]
struct Index {
    literals: HashSet<String>,
    others: Vec<usize>,
}

/// Who a statement is about, in policies attached to a resource.
#[derive(Clone, Debug)]
pub struct Principal {
    /// The key as written, without quotes.
    pub key: Span,
    /// Whether it is `NotPrincipal`.
    pub negated: bool,
    /// Type (`AWS`, `Service`, `Federated`, …; `*` for the bare `"*"`) and value.
    pub entries: Vec<(String, Text)>,
}

impl Policy {
    /// The policy that allows everything, as AWS's `FullAWSAccess` does.
    #[must_use]
    pub fn open() -> Self {
        Self::allowing(&Text::unplaced("*"))
    }

    /// A policy that is there and could not be read: it may allow anything.
    #[must_use]
    pub fn unread() -> Self {
        const STAND_IN: &str = "${…}";
        let hole = Hole { range: 0..STAND_IN.len(), count: Count::Many, filled_by: FilledBy::Template };
        Self::allowing(&Text::unplaced(STAND_IN).with_holes(vec![hole]))
    }

    fn allowing(everything: &Text) -> Self {
        let nowhere = Span::default();
        let elements = || Elements::new(nowhere, nowhere, false, vec![Pattern::new(everything.clone(), false)]);
        let statement = Statement {
            span: nowhere,
            sid: None,
            effect: Effect::Allow,
            effect_span: nowhere,
            actions: Some(elements()),
            resources: Some(elements()),
            principal: None,
            conditions: Vec::new(),
            unknown: Vec::new(),
        };
        Self { span: nowhere, version: Version::V2012, id: None, statements: vec![statement], unknown: Vec::new() }
    }
}

impl Elements {
    /// Patterns of an element that is written at `key` and `span`.
    #[must_use]
    pub fn new(key: Span, span: Span, negated: bool, patterns: Vec<Pattern>) -> Self {
        Self { key, span, negated, patterns, index: OnceLock::new() }
    }

    /// The same element with other patterns.
    #[must_use]
    pub fn with_patterns(&self, patterns: Vec<Pattern>) -> Self {
        Self::new(self.key, self.span, self.negated, patterns)
    }

    /// Whether `text` is one of them, or, negated, none of them: a resource ([`Case::Sensitive`]) or an action.
    #[must_use]
    pub fn matches(&self, text: &str, case: Case, context: &Context) -> Fit {
        let named = self.named(text, case, context);
        if self.negated { !named } else { named }
    }

    /// Whether one of the patterns matches, negated or not.
    #[must_use]
    pub fn named(&self, text: &str, case: Case, context: &Context) -> Fit {
        const LONG: usize = 16;
        if case == Case::Sensitive && self.patterns.len() > LONG {
            let index = self.index.get_or_init(|| Index::of(&self.patterns));
            if index.literals.contains(text) {
                return Fit::Yes;
            }
            let others = index.others.iter().filter_map(|at| self.patterns.get(*at));
            return Fit::any(others.map(|pattern| pattern.matches_resource(text, context)));
        }
        Fit::any(self.patterns.iter().map(|pattern| match case {
            Case::Sensitive => pattern.matches_resource(text, context),
            Case::Insensitive => pattern.matches(text, case, context),
        }))
    }
}

impl Index {
    fn of(patterns: &[Pattern]) -> Self {
        let mut index = Self::default();
        let mut seen = HashSet::new();
        for (at, pattern) in patterns.iter().enumerate() {
            match pattern.only_match() {
                Some(text) => {
                    index.literals.insert(text);
                }
                // the same string may stand there often
                None if seen.insert(pattern.as_str()) => index.others.push(at),
                None => {}
            }
        }
        index
    }
}

impl Statement {
    /// The patterns of `Resource`; none for `NotResource`.
    #[must_use]
    pub fn named_resources(&self) -> &[Pattern] {
        named(self.resources.as_ref())
    }

    /// The patterns of `Action`; none for `NotAction`.
    #[must_use]
    pub fn named_actions(&self) -> &[Pattern] {
        named(self.actions.as_ref())
    }

    /// Whether it is about `action` (`service:Action`).
    #[must_use]
    pub fn covers_action(&self, action: &str) -> Fit {
        // IAM reads no variables in actions, so no context is needed
        self.actions
            .as_ref()
            .map_or(Fit::Maybe, |actions| actions.matches(action, Case::Insensitive, &Context::default()))
    }

    /// Whether it is about `resource`.
    #[must_use]
    pub fn covers_resource(&self, resource: &str, context: &Context) -> Fit {
        // a trust policy names no resource: it stands on it
        self.resources.as_ref().map_or(Fit::Maybe, |elements| elements.matches(resource, Case::Sensitive, context))
    }

    /// Whether a statement of a policy that stands on `resource` is about a caller of the account that the resource
    /// belongs to. Known of everybody (`*`) and of whole accounts alone: who else a policy names, the caller may be.
    ///
    /// An Allow to an account leaves it to the identity policies of that account (IAM User Guide, "AWS JSON policy
    /// elements: Principal"), so it grants nothing by itself; services are no callers.
    #[must_use]
    pub fn covers_caller(&self, resource: &str) -> Fit {
        let own = resource.split(':').nth(4).and_then(account);
        let Some(principal) = self.principal.as_ref().filter(|principal| !principal.negated) else {
            return Fit::Maybe;
        };
        Fit::any(principal.entries.iter().map(|(kind, value)| match (kind.as_str(), value.literal()) {
            ("*" | "AWS", Some("*")) => Fit::Yes,
            ("Service", _) => Fit::No,
            ("AWS", Some(named)) => match (account(named), self.effect) {
                (Some(_), Effect::Allow) => Fit::No,
                (Some(named), Effect::Deny) => own.map_or(Fit::Maybe, |own| Fit::from(own == named)),
                (None, _) => Fit::Maybe,
            },
            _ => Fit::Maybe,
        }))
    }

    /// Whether a statement of a policy on a VPC endpoint is about every caller; those whom it names, the caller may be.
    #[must_use]
    pub fn covers_everybody(&self) -> Fit {
        let Some(principal) = self.principal.as_ref().filter(|principal| !principal.negated) else {
            return Fit::Maybe;
        };
        let is_anybody = |(kind, value): &(String, Text)| matches!(kind.as_str(), "*" | "AWS") && value.as_str() == "*";
        if principal.entries.iter().any(is_anybody) { Fit::Yes } else { Fit::Maybe }
    }
}

/// The number of an account that is named by it, or by the ARN of its root.
fn account(principal: &str) -> Option<&str> {
    let number = match principal.strip_suffix(":root") {
        Some(arn) => arn.rsplit(':').next().unwrap_or_default(),
        None => principal,
    };
    (number.len() == 12 && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

fn named(elements: Option<&Elements>) -> &[Pattern] {
    match elements {
        Some(Elements { negated: false, patterns, .. }) => patterns,
        _ => &[],
    }
}
