//! The files that are named: which policies of them act, and as which layer.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::stack::{Member, Stack};
use crate::formats::{self, AdapterFact, BoundaryFact, Facts, FormatOptions, Grants, PolicyKind, PrincipalFact};
use crate::phrase::list;
use crate::similar::did_you_mean;
use crate::source::{self, Problem, Source};

/// Files by what the policies in them are. `-` is standard input; a file may be named for several layers.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Identity policies of the caller, or an account dump that has them.
    pub policies: Vec<PathBuf>,
    /// Service control policies by level, the one nearest to the root first.
    pub scps: Vec<Vec<PathBuf>>,
    /// The permissions boundary.
    pub boundary: Option<PathBuf>,
    /// Session policies.
    pub session: Vec<PathBuf>,
    /// Settings of clients that make the calls.
    pub adapter: Option<PathBuf>,
    /// The role or user of an account dump whose policies are meant: `Build`, or `role Build` where a user is called
    /// the same.
    pub principal: Option<String>,
}

/// What is asked about: the policies that act, and who calls what, as far as files say so.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The policies.
    pub stack: Stack,
    /// The clients whose calls are asked about; empty if the request itself says what is called.
    pub adapters: Vec<Arc<AdapterFact>>,
    /// The principal of an account dump, or of an account that was asked, that the policies are of.
    pub principal: Option<Principal>,
    /// Whether the account is known to be one that service control policies reach.
    pub is_member: bool,
}

/// A principal of an account dump, or of an account that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// `role Build`, `user ana`.
    pub name: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its account.
    pub account: Option<String>,
    /// Whether policies are attached to it, or a permissions boundary is, that were not read.
    pub partial: bool,
}

/// Reads the files.
///
/// # Errors
/// Every file that cannot be read or understood, or does not hold what it is named for: nothing is answered by half of
/// what was meant.
pub fn read(files: &Files) -> Result<Given, Vec<Problem>> {
    let mut reader = Reader { wanted: files.principal.as_deref(), ..Reader::default() };
    let mut given = Given::default();
    for path in &files.policies {
        reader.identity(path, &mut given);
    }
    for level in &files.scps {
        let members = level.iter().flat_map(|path| reader.members(path)).collect();
        given.stack.scps.push(members);
    }
    if let Some(path) = &files.boundary {
        given.stack.boundary = reader.boundary(path, given.stack.boundary.is_some());
    }
    given.stack.session = files.session.iter().flat_map(|path| reader.members(path)).collect();
    if let Some(path) = &files.adapter {
        given.adapters = reader.adapters(path);
    }
    if let Some(principal) = files.principal.as_deref().filter(|_| !reader.dumped) {
        let message = format!("none of the files for identity policies is an account dump that has `{principal}`");
        reader.problems.push(Problem { path: shown(files.policies.first()), position: None, message });
    }
    if reader.problems.is_empty() {
        Ok(given)
    } else {
        reader.problems.sort();
        reader.problems.dedup();
        Err(reader.problems)
    }
}

fn shown(path: Option<&PathBuf>) -> String {
    path.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether a policy grants to or limits whatever it is attached to. Trust policies and those of other resources name
/// whom they are about.
fn is_attached(kind: PolicyKind) -> bool {
    match kind {
        PolicyKind::Identity | PolicyKind::Scp | PolicyKind::Boundary | PolicyKind::Session => true,
        PolicyKind::Trust | PolicyKind::Endpoint | PolicyKind::Resource => false,
    }
}

/// Whether the policies of a file are those of several principals, or of nobody in particular. One by itself has nothing
/// that it could be apart from.
fn act_apart(facts: &Facts) -> bool {
    let attached = facts.policies.iter().filter(|fact| is_attached(fact.kind)).count();
    facts.apart && (!facts.principals.is_empty() || attached > 1)
}

#[derive(Default)]
struct Reader<'a> {
    /// The principal that is asked for.
    wanted: Option<&'a str>,
    /// Whether an account dump was among the files.
    dumped: bool,
    /// Standard input can be read but once, and a file should say the same each time.
    sources: HashMap<PathBuf, Option<Arc<Source>>>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// What a file says; `None`, and a problem, if it cannot be read or understood.
    fn facts(&mut self, path: &Path) -> Option<Facts> {
        if !self.sources.contains_key(path) {
            let opened = source::open(path).map_err(|problem| self.problems.push(problem)).ok();
            self.sources.insert(path.to_path_buf(), opened.map(Arc::new));
        }
        let source = self.sources.get(path)?.as_ref()?;
        let read = formats::read(source, &FormatOptions::default(), true);
        let library = source::Disk { max_file_size: source::DEFAULT_MAX_FILE_SIZE };
        let mut facts = formats::finish(vec![read], &library).pop()?;
        let understood = facts.problems.is_empty();
        self.problems.append(&mut facts.problems);
        understood.then_some(facts)
    }

    /// The policies of a file that act together in one layer.
    fn members(&mut self, path: &Path) -> Vec<Member> {
        self.facts(path).map(|facts| self.members_of(path, facts)).unwrap_or_default()
    }

    fn members_of(&mut self, path: &Path, facts: Facts) -> Vec<Member> {
        if act_apart(&facts) {
            self.problem(path, "is an account dump, whose policies do not act together: name a file with the policy");
            return Vec::new();
        }
        let held = facts.policies.len();
        let attached = facts.policies.into_iter().filter(|fact| is_attached(fact.kind));
        let members: Vec<Member> = attached.map(Member::from).collect();
        if members.is_empty() {
            let message = match held {
                0 => "holds no IAM policy",
                _ => {
                    "holds no policy that is attached to a principal, an account or a session: a statement with a \
                      `Principal` speaks for a resource"
                }
            };
            self.problem(path, message);
        }
        members
    }

    fn identity(&mut self, path: &Path, given: &mut Given) {
        let Some(facts) = self.facts(path) else { return };
        if !act_apart(&facts) {
            given.stack.identity.extend(self.members_of(path, facts));
            return;
        }
        self.dumped = true;
        let Some(chosen) = self.choose(path, &facts.principals) else { return };
        let of = |index: &usize| facts.policies.get(*index).cloned().map(Member::from);
        given.stack.identity.extend(chosen.policies.iter().filter_map(of));
        // a policy that is not in the dump may grant what the others do not
        given.stack.identity.extend((chosen.grants != Grants::Whole).then(Member::unread));
        given.stack.boundary = match &chosen.boundary {
            BoundaryFact::None => None,
            BoundaryFact::Policy(index) => of(index),
            BoundaryFact::Unread => Some(Member::unread()),
        };
        given.principal = Some(Principal {
            name: chosen.name.clone(),
            arn: chosen.arn.clone(),
            account: chosen.account.clone(),
            partial: chosen.grants != Grants::Whole || chosen.boundary == BoundaryFact::Unread,
        });
    }

    /// The principal that is asked for, of those that a dump has.
    fn choose<'p>(&mut self, path: &Path, principals: &'p [PrincipalFact]) -> Option<&'p PrincipalFact> {
        let names: Vec<&str> = principals.iter().map(|principal| principal.name.as_str()).collect();
        if principals.is_empty() {
            self.problem(path, "holds several policies, and nobody whose they are: name a file with the policy");
            return None;
        }
        let Some(wanted) = self.wanted else {
            let message = format!("is an account dump: say whose policies are asked about; it has {}", list(&names, 6));
            self.problem(path, &message);
            return None;
        };
        let bare = |name: &str| name.split_once(' ').is_some_and(|(_, bare)| bare == wanted);
        let chosen: Vec<&PrincipalFact> =
            principals.iter().filter(|principal| principal.name == wanted || bare(&principal.name)).collect();
        match chosen.as_slice() {
            [one] => Some(one),
            [] => {
                let near = did_you_mean(wanted, names.iter().filter_map(|name| Some(name.split_once(' ')?.1)));
                self.problem(path, &format!("has no user, group or role `{wanted}`{near}"));
                None
            }
            [first, ..] => {
                let message = format!("has several that are called `{wanted}`: write `{}`, for example", first.name);
                self.problem(path, &message);
                None
            }
        }
    }

    fn boundary(&mut self, path: &Path, taken: bool) -> Option<Member> {
        let mut members = self.members(path);
        if members.len() > 1 {
            let count = members.len();
            self.problem(path, &format!("holds {count} policies, and a principal has one permissions boundary"));
        } else if taken {
            self.problem(path, "is a second permissions boundary: the principal of the account dump has one");
        }
        members.pop()
    }

    fn adapters(&mut self, path: &Path) -> Vec<Arc<AdapterFact>> {
        let Some(facts) = self.facts(path) else { return Vec::new() };
        let held = facts.adapters.len();
        let ours: Vec<Arc<AdapterFact>> =
            facts.adapters.into_iter().filter(|fact| fact.adapter.other_provider.is_none()).collect();
        if ours.is_empty() {
            let message = match held {
                0 => "holds no adapter that is read yet",
                _ => "holds adapters of other providers than Amazon Bedrock only",
            };
            self.problem(path, message);
        }
        ours
    }

    fn problem(&mut self, path: &Path, message: &str) {
        let path = self.sources.get(path).and_then(Option::as_ref).map(|source| source.path().to_owned());
        self.problems.push(Problem { path: path.unwrap_or_default(), position: None, message: message.to_owned() });
    }
}
