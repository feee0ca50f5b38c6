//! What keeps an answer from being had, and what then remains unchecked.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bedrock::Catalogue;

/// An answer, or why there is none.
pub type Asked<T> = Result<T, Failure>;

/// Why an operation gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The operation as IAM names its permission: `iam:GetRole`.
    pub action: &'static str,
    /// What happened.
    pub kind: FailureKind,
    /// What was said of it, where that tells more.
    pub said: Option<String>,
}

/// What happened to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The caller may not ask it.
    Denied,
    /// There are no credentials to ask with.
    NoCredentials,
    /// The credentials are not valid, or no longer.
    BadCredentials,
    /// The Region has to be enabled first, and the account has not done so.
    NotEnabled,
    /// AWS asked to slow down, until the retries were used up.
    Throttled,
    /// There was no answer in time.
    TimedOut,
    /// The endpoint cannot be reached; a Region without the service has none.
    Unreachable,
    /// What was asked for is not there.
    NotFound,
    /// An answer that cannot be read; the HTTP status, where there was one.
    Unreadable(Option<u16>),
    /// AWS refused for another reason: the code of the error.
    Refused(String),
}

impl Failure {
    /// A failure of which nothing more is known.
    #[must_use]
    pub fn new(action: &'static str, kind: FailureKind) -> Self {
        Self { action, kind, said: None }
    }

    /// The same where a Region was asked: one that the account has not enabled takes its credentials for invalid, which
    /// they are not, as STS has taken them.
    pub(super) fn in_region(self, region: &str, catalogue: &Catalogue) -> Self {
        let may_be_off = catalogue.region(region).is_none_or(|known| known.opt_in == Some(true));
        match self.kind {
            FailureKind::BadCredentials if may_be_off => Self { kind: FailureKind::NotEnabled, ..self },
            _ => self,
        }
    }
}

impl fmt::Display for Failure {
    /// `` `iam:GetRole` is not allowed to the credentials in use ``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = self.action;
        match &self.kind {
            FailureKind::Denied => write!(f, "`{action}` is not allowed to the credentials in use"),
            FailureKind::NoCredentials => write!(f, "no AWS credentials were found to ask `{action}` with"),
            FailureKind::BadCredentials => {
                write!(f, "the AWS credentials in use are expired or not valid, so `{action}` could not be asked")
            }
            FailureKind::NotEnabled => {
                write!(f, "`{action}` does not take the credentials in use in Regions that the account has not enabled")
            }
            FailureKind::Throttled => write!(f, "`{action}` was throttled until no retry was left"),
            FailureKind::TimedOut => write!(f, "`{action}` gave no answer in time"),
            FailureKind::Unreachable => write!(f, "the endpoint of `{action}` could not be reached"),
            FailureKind::NotFound => write!(f, "`{action}` found nothing"),
            FailureKind::Unreadable(None) => write!(f, "the answer to `{action}` could not be read"),
            FailureKind::Unreadable(Some(status)) => {
                write!(f, "the answer to `{action}` (HTTP {status}) could not be read")
            }
            FailureKind::Refused(code) => write!(f, "`{action}` was refused ({code})"),
        }?;
        self.said.as_ref().map_or(Ok(()), |said| write!(f, ": {said}"))
    }
}

/// Something that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Why.
    pub failure: Failure,
    /// What: `the inline policies of role app`. One for each thing that the failure kept from being checked.
    pub unchecked: Vec<String>,
}

impl fmt::Display for Gap {
    /// The failure and what was not checked, three things at most by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<&str> = self.unchecked.iter().map(String::as_str).take(NAMED).collect();
        write!(f, "{}; not checked: {}", self.failure, named.join(", "))?;
        match self.unchecked.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// How many things are named that a failure kept from being checked.
const NAMED: usize = 3;

/// Collects what could not be checked, and counts what could. Shared by threads.
#[derive(Debug, Default)]
pub struct Gaps {
    gaps: Mutex<Vec<Gap>>,
    answered: AtomicUsize,
}

impl Gaps {
    /// The answer, or nothing and a gap: `unchecked` says what is not checked then.
    pub fn of<T>(&self, asked: Asked<T>, unchecked: impl FnOnce() -> String) -> Option<T> {
        match asked {
            Ok(answer) => {
                self.answered.fetch_add(1, Ordering::Relaxed);
                Some(answer)
            }
            Err(failure) => {
                self.add(failure, unchecked());
                None
            }
        }
    }

    /// Adds a gap; those of one failure are one.
    pub fn add(&self, failure: Failure, unchecked: String) {
        // a thread that panicked has added what it had to
        let mut gaps = self.gaps.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match gaps.iter_mut().find(|gap| gap.failure == failure) {
            Some(gap) if gap.unchecked.contains(&unchecked) => {}
            Some(gap) => gap.unchecked.push(unchecked),
            None => gaps.push(Gap { failure, unchecked: vec![unchecked] }),
        }
    }

    /// How many questions were answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::Relaxed)
    }

    /// The gaps, sorted by action: the order in which threads met them says nothing.
    #[must_use]
    pub fn all(&self) -> Vec<Gap> {
        let mut gaps = self.gaps.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        for gap in &mut gaps {
            gap.unchecked.sort();
        }
        gaps.sort_by(|a, b| (a.failure.action, &a.unchecked).cmp(&(b.failure.action, &b.unchecked)));
        gaps
    }
}
