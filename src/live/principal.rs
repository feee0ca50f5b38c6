//! A role or user of the account with everything that grants to it and limits it, as documents and as facts.

use std::sync::Arc;

use super::parallel::each;
use super::{Account, Asked, Failure, FailureKind, Gaps, Holder, HolderKind, Identity, KeyRecord, Organization, Who};
use crate::formats::{self, BoundaryFact, Grants, PolicyFact, PolicyKind, PrincipalFact, Ties};
use crate::source::{Problem, Source};

/// A role or user of the account.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Which one.
    pub holder: Holder,
    /// Its ARN; without its path where IAM may not be asked for that.
    pub arn: String,
    /// Its account.
    pub account: String,
    /// Every policy document that was read, each once.
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
    /// Whether every identity policy was read.
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
            return Err(format!("account {} has no {} `{}`", identity.account, kind(&holder), holder.name));
        }
        asked => gaps.of(asked, || format!("trust policy and permissions boundary of {holder}")),
    };
    let partition = identity.arn.split(':').nth(1).unwrap_or("aws");
    let plain = || format!("arn:{partition}:iam::{}:{}/{}", identity.account, kind(&holder), holder.name);
    let mut reader = Reader { account, gaps, documents: Vec::new() };
    let arn = record.as_ref().map_or_else(plain, |record| record.arn.clone());
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
                text.map_or(BoundaryFact::Unread, |text| {
                    BoundaryFact::Policy(reader.add(arn.clone(), name_of(arn), PolicyKind::Boundary, text))
                })
            }
        },
    };
    let trust = record.and_then(|record| record.trust);
    let trust = trust.map(|text| reader.add(format!("{arn}#trust"), holder.name.clone(), PolicyKind::Trust, text));
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
        trust,
        boundary,
        scps,
        scps_known,
        whole,
    })
}

fn kind(holder: &Holder) -> &'static str {
    match holder.kind {
        HolderKind::Role => "role",
        HolderKind::User => "user",
        HolderKind::Group => "group",
    }
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
    /// The index of a document, which is added where it is new.
    fn add(&mut self, arn: String, name: String, kind: PolicyKind, text: String) -> usize {
        let known = self.documents.iter().position(|document| (&document.arn, document.kind) == (&arn, kind));
        known.unwrap_or_else(|| {
            self.documents.push(Document { arn, name, kind, text });
            self.documents.len() - 1
        })
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
            match text {
                Some(text) => indexes.push(self.add(arn, name, PolicyKind::Identity, text)),
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
                match text {
                    Some(text) => level.push(self.add(policy.arn.clone(), policy.id, PolicyKind::Scp, text)),
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
    /// Documents that cannot be understood.
    pub(crate) problems: Vec<Problem>,
}

impl Principal {
    /// The facts of its documents.
    pub(crate) fn facts(&self) -> PrincipalFacts {
        let mut policies = Vec::new();
        let mut problems = Vec::new();
        let indexes: Vec<Option<usize>> = self
            .documents
            .iter()
            .map(|document| {
                let source = Arc::new(Source::new(document.arn.clone(), document.text.clone()));
                let read = formats::read_document(&source, document.kind, &document.name);
                problems.extend(read.problems);
                let fact = read.policies.into_iter().next()?;
                policies.push(fact);
                Some(policies.len() - 1)
            })
            .collect();
        let at = |index: &usize| indexes.get(*index).copied().flatten();
        let identity: Vec<usize> = self.identity.iter().filter_map(at).collect();
        let whole = self.whole && identity.len() == self.identity.len();
        let boundary = match &self.boundary {
            BoundaryFact::Policy(index) => at(index).map_or(BoundaryFact::Unread, BoundaryFact::Policy),
            other => *other,
        };
        let scps = self.scps.iter().map(|level| level.iter().filter_map(at).collect()).collect();
        let principal = PrincipalFact {
            name: self.holder.to_string(),
            arn: Some(self.arn.clone()),
            account: Some(self.account.clone()),
            policies: identity,
            trust: self.trust.as_ref().and_then(at),
            boundary,
            adapters: Vec::new(),
            grants: if whole { Grants::Whole } else { Grants::Partial },
            ties: Ties::default(),
        };
        PrincipalFacts { policies, principal, scps, problems }
    }
}
