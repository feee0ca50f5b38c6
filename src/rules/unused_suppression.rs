//! A suppression that silences nothing. It is told by [`crate::suppress`], which alone knows.

use super::report::Draft;
use super::{Check, Rule};
use crate::finding::{Finding, Severity};
use crate::source::Location;

pub(super) const RULE: Rule = Rule {
    slug: "unused-suppression",
    severity: Severity::Warning,
    pedantic: false,
    page: include_str!("../../rules/unused-suppression.md"),
    checks: &[Check::Suppression],
};

/// What is wrong with a suppression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Idle {
    /// There is no such finding.
    Nothing {
        /// The rule that it names.
        rule: &'static str,
    },
    /// It has ended, and there is no such finding either.
    Ended {
        /// The rule that it names.
        rule: &'static str,
    },
    /// It names a rule that there is not.
    NoSuchRule {
        /// Why, with the nearest names.
        message: String,
    },
    /// It names no rule.
    NoRule,
    /// It gives no reason.
    NoReason,
}

/// The finding about a suppression at `at`.
pub(crate) fn finding(at: Location, idle: &Idle) -> Finding {
    let remove = "remove it: it would silence the next finding of this rule here unseen";
    let (message, label, help) = match idle {
        Idle::Nothing { rule } => {
            (format!("there is no finding of `{rule}` here to silence"), "silences nothing", remove)
        }
        Idle::Ended { rule } => {
            (format!("this ignore of `{rule}` has ended, and there is no such finding any more"), "has ended", remove)
        }
        Idle::NoSuchRule { message } => (message.clone(), "silences nothing", "name a rule of `bedrock-lint rules`"),
        Idle::NoRule => {
            let message = "a suppression names its rules in brackets: this one silences nothing".to_owned();
            (message, "no rule", "write `bedrock-lint: ignore[rule] why it is meant`")
        }
        Idle::NoReason => {
            let message = "a suppression says why: this one gives no reason and silences nothing".to_owned();
            (message, "no reason follows", "write `bedrock-lint: ignore[rule] why it is meant`")
        }
    };
    let anchor = format!("suppression.{}", at.text());
    Draft::new(&RULE, at, message, label).help(help).anchor(anchor).done()
}
