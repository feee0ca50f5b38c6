//! A role or user of the account with everything that grants to it and limits it, as documents and as facts.

use std::sync::Arc;

use super::parallel::each;
use super::{Account, Asked, Failure, FailureKind, Gaps, Holder, HolderKind, Identity, KeyRecord, Organization, Who};
use crate::formats::{self, BoundaryFact, Facts, Grants, PolicyFact, PolicyKind, PrincipalFact, Ties};
use crate::source::{Problem, Source};

/// A role or user of the account.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Which one.
    pub holder: Holder,
    /// Its ARN.
    pub arn: String,
    /// Whether that has its path: where IAM may not be asked for it, the session of a role does not tell.
    pub path_known: bool,
    /// Its account.
    pub account: String,
    /// Every policy document that was read and understood, each once.
    pub documents: Vec<Document>,
    /// Indexes in `documents` of the identity policies.
    pub identity: Vec<usize>,
    /// Index in `documents` of the trust policy.
    pub trust: Option<usize>,
    /// The permissions boundary, as an index in `documents`.
    pub boundary: BoundaryFact,
    /// Indexes in `documents` of the service control policies by level, the root's first; empty where there are none or
    /// they may not be read.
    pub scps: Vec<Vec<usize>>,
    /// Whether every service control policy was read, and nothing else above the account can deny.
    pub scps_known: bool,
    /// Whether every identity policy was read and understood.
    pub whole: bool,
    /// The long-term API keys of a user.
    pub keys: Vec<KeyRecord>,
}

/// A policy document as AWS keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The ARN under which it is shown. Inline policies have none: that of their holder, `#`, and their name.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: PolicyKind,
    /// The JSON.
    pub text: String,
}

/// Reads whoever is asked for. What could not be read goes to `gaps`, and the rest is read on.
///
/// # Errors
/// Why nothing can be read of them: they are not there, or are not of the account.
pub fn read(account: &dyn Account, identity: &Identity, who: &Who, gaps: &Gaps) -> Result<Principal, String> {
    let holder = match who {
        Who::Caller => Holder::of(identity)?,
        Who::Role(text) => Holder::named(HolderKind::Role, text, &identity.account)?,
        Who::User(text) => Holder::named(HolderKind::User, text, &identity.account)?,
    };
    let record = match account.holder(&holder) {
        Err(Failure { kind: FailureKind::NotFound, .. }) => {
            return Err(format!("account {} has no {} `{}`", identity.account, holder.kind.noun(), holder.name));
        }
        asked => gaps.of(asked, || format!("trust policy and permissions boundary of {holder}")),
    };
    let partition = identity.arn.split(':').nth(1).unwrap_or("aws");
    let plain = || format!("arn:{partition}:iam::{}:{}/{}", identity.account, holder.kind.noun(), holder.name);
    let mut reader = Reader { account, gaps, documents: Vec::new() };
    let given = match who {
        Who::Role(text) | Who::User(text) => Some(text).filter(|text| text.starts_with("arn:")),
        Who::Caller => Some(&identity.arn).filter(|_| holder.kind == HolderKind::User),
    };
    let told = record.as_ref().map(|record| &record.arn).or(given).cloned();
    let path_known = told.is_some();
    let arn = told.unwrap_or_else(plain);
    let mut holders = vec![(holder.clone(), arn.clone())];
    let mut whole = true;
    if holder.kind == HolderKind::User {
        match gaps.of(account.groups_of(&holder.name), || format!("groups of {holder}")) {
            Some(groups) => holders.extend(groups.into_iter().map(|name| {
                let arn = format!("arn:{partition}:iam::{}:group/{name}", identity.account);
                (Holder { kind: HolderKind::Group, name }, arn)
            })),
            None => whole = false,
        }
    }
    let mut identity_policies = Vec::new();
    for (holder, arn) in &holders {
        whole &= reader.policies_of(holder, arn, &mut identity_policies);
    }
    let boundary = match &record {
        None => BoundaryFact::Unread,
        Some(record) => match &record.boundary {
            None => BoundaryFact::None,
            Some(arn) => {
                let asked = account.managed_policy(arn);
                let text = gaps.of(asked, || format!("permissions boundary `{arn}`"));
                let added = text.and_then(|text| reader.add(arn.clone(), name_of(arn), PolicyKind::Boundary, text));
                added.map_or(BoundaryFact::Unread, BoundaryFact::Policy)
            }
        },
    };
    let trust = record.and_then(|record| record.trust);
    let trust = trust.and_then(|text| reader.add(format!("{arn}#trust"), holder.name.clone(), PolicyKind::Trust, text));
    // service-linked roles are out of reach of service control policies
    let is_reached = !arn.contains(":role/aws-service-role/");
    let (scps, scps_known) = if is_reached { reader.control_policies(&identity.account) } else { (Vec::new(), true) };
    let keys = match holder.kind {
        HolderKind::User => gaps.of(account.api_keys(&holder.name), || format!("Bedrock API keys of {holder}")),
        HolderKind::Role | HolderKind::Group => None,
    };
    Ok(Principal {
        account: identity.account.clone(),
        identity: identity_policies,
        documents: reader.documents,
        keys: keys.unwrap_or_default(),
        holder,
        arn,
        path_known,
        trust,
        boundary,
        scps,
        scps_known,
        whole,
    })
}

fn name_of(arn: &str) -> String {
    arn.rsplit('/').next().unwrap_or(arn).to_owned()
}

struct Reader<'a> {
    account: &'a dyn Account,
    gaps: &'a Gaps,
    documents: Vec<Document>,
}

impl Reader<'_> {
    /// The index of a document, which is added where it is new; nothing and a gap if it cannot be understood: what it says
    /// is as little known then as if it could not be read.
    fn add(&mut self, arn: String, name: String, kind: PolicyKind, text: String) -> Option<usize> {
        let known = self.documents.iter().position(|document| (&document.arn, document.kind) == (&arn, kind));
        if known.is_some() {
            return known;
        }
        let document = Document { arn, name, kind, text };
        if let Some(problem) = document.read().problems.into_iter().next() {
            self.gaps.add(document.not_understood(problem), format!("policy document `{}`", document.arn));
            return None;
        }
        self.documents.push(document);
        Some(self.documents.len() - 1)
    }

    /// Reads the managed and inline policies of a holder; tells whether these are all.
    fn policies_of(&mut self, holder: &Holder, arn: &str, indexes: &mut Vec<usize>) -> bool {
        let (account, gaps) = (self.account, self.gaps);
        let attached = gaps.of(account.attached_policies(holder), || format!("managed policies of {holder}"));
        let inline = gaps.of(account.inline_policies(holder), || format!("inline policies of {holder}"));
        let mut whole = attached.is_some() && inline.is_some();
        let attached = attached.unwrap_or_default();
        let documents = each(&attached, |arn| {
            let asked = account.managed_policy(arn);
            (arn.clone(), name_of(arn), gaps.of(asked, || format!("managed policy `{arn}`")))
        });
        let inline = inline.unwrap_or_default();
        let more = each(&inline, |name| {
            let asked = account.inline_policy(holder, name);
            let text = gaps.of(asked, || format!("inline policy `{name}` of {holder}"));
            (format!("{arn}#{name}"), name.clone(), text)
        });
        for (arn, name, text) in documents.into_iter().chain(more) {
            match text.and_then(|text| self.add(arn, name, PolicyKind::Identity, text)) {
                Some(index) => indexes.push(index),
                None => whole = false,
            }
        }
        whole
    }

    /// Reads the service control policies of an account by level, the root's first, and tells whether these are all.
    /// Only the management account and accounts to which it delegates may read them.
    fn control_policies(&mut self, id: &str) -> (Vec<Vec<usize>>, bool) {
        let (account, gaps) = (self.account, self.gaps);
        let unchecked = || "service control policies of the account".to_owned();
        match gaps.of(account.organization(), unchecked) {
            None => return (Vec::new(), false),
            Some(None) => return (Vec::new(), true),
            Some(Some(Organization { management_account })) if management_account == id => return (Vec::new(), true),
            Some(Some(_)) => {}
        }
        let mut targets = vec![id.to_owned()];
        loop {
            let nearest = targets.last().cloned().unwrap_or_default();
            match gaps.of(account.parent(&nearest), unchecked) {
                None => return (Vec::new(), false),
                // an organization is at most five units deep; a circle would be AWS's mistake
                Some(Some(parent)) if targets.len() < 16 => targets.push(parent),
                Some(_) => break,
            }
        }
        targets.reverse();
        let levels: Vec<Asked<_>> = each(&targets, |target| account.control_policies(target));
        let mut scps = Vec::new();
        let mut known = true;
        for asked in levels {
            let Some(policies) = gaps.of(asked, unchecked) else {
                known = false;
                continue;
            };
            let texts = each(&policies, |policy| {
                gaps.of(account.control_policy(&policy.id), || format!("service control policy `{}`", policy.arn))
            });
            let mut level = Vec::new();
            for (policy, text) in policies.into_iter().zip(texts) {
                match text.and_then(|text| self.add(policy.arn, policy.id, PolicyKind::Scp, text)) {
                    Some(index) => level.push(index),
                    None => known = false,
                }
            }
            scps.push(level);
        }
        // an organization that uses them has one on every level; a level of which one is missing would seem to allow less
        // than it does
        let in_use = scps.iter().all(|level| !level.is_empty());
        if known && in_use { (scps, true) } else { (Vec::new(), known) }
    }
}

/// A principal of the account as facts.
#[derive(Debug)]
pub(crate) struct PrincipalFacts {
    /// The policies; those of the principal and its ceilings are indexes in them.
    pub(crate) policies: Vec<Arc<PolicyFact>>,
    /// What is attached to whom.
    pub(crate) principal: PrincipalFact,
    /// Service control policies by level, the root's first.
    pub(crate) scps: Vec<Vec<usize>>,
}

impl Document {
    fn read(&self) -> Facts {
        let source = Arc::new(Source::new(self.arn.clone(), self.text.clone()));
        formats::read_document(&source, self.kind, &self.name)
    }

    /// Why nothing is known of it.
    fn not_understood(&self, problem: Problem) -> Failure {
        let at = problem.position.map(|at| format!(" (line {}, column {})", at.line, at.column));
        let said = Some(format!("{}{}", problem.message, at.unwrap_or_default()));
        Failure { said, ..Failure::new(self.given_by(), FailureKind::Unreadable(None)) }
    }

    /// The operation that gave it.
    fn given_by(&self) -> &'static str {
        let holder = self.arn.split_once('#').map(|(holder, _)| holder);
        match (self.kind, holder) {
            (PolicyKind::Trust, _) => "iam:GetRole",
            (PolicyKind::Scp, _) => "organizations:DescribePolicy",
            (_, None) => "iam:GetPolicyVersion",
            (_, Some(holder)) if holder.contains(":user/") => "iam:GetUserPolicy",
            (_, Some(holder)) if holder.contains(":group/") => "iam:GetGroupPolicy",
            (_, Some(_)) => "iam:GetRolePolicy",
        }
    }
}

impl Principal {
    /// The facts of its documents.
    pub(crate) fn facts(&self) -> PrincipalFacts {
        // each was understood, so the indexes are the same
        let policies =
            self.documents.iter().filter_map(|document| document.read().policies.into_iter().next()).collect();
        let principal = PrincipalFact {
            name: self.holder.to_string(),
            // without its path it would be taken for another
            arn: self.path_known.then(|| self.arn.clone()),
            account: Some(self.account.clone()),
            policies: self.identity.clone(),
            trust: self.trust,
            boundary: self.boundary,
            adapters: Vec::new(),
            grants: if self.whole { Grants::Whole } else { Grants::Partial },
            ties: Ties::default(),
        };
        PrincipalFacts { policies, principal, scps: self.scps.clone() }
    }
}
