//! How AWS names policies in its answers, and back.
//!
//! A document that is sent is `PolicyInputList.N` or `PermissionsBoundaryPolicyInputList.N`, from 1 (IAM API Reference,
//! "Statement" and the examples of `SimulateCustomPolicy`). A managed policy is named by its name, an inline policy
//! `role_HOLDER_NAME`, `user_…` or `group_…`: AWS does not document that; its answers show it, and the acceptance tests of
//! the AWS provider of Terraform rely on it.

use super::document::Document;
use crate::can_invoke::stack::{Member, StatementPlace};
use crate::live::MatchedStatement;

/// A policy by AWS's name.
pub(super) struct Named {
    id: String,
    /// The name by itself, which the id of AWS ends in.
    name: String,
    document: Document,
}

impl Named {
    /// A policy of the account.
    pub(super) fn kept(member: &Member) -> Option<Self> {
        let fact = member.fact.as_ref()?;
        let (id, name) = ids(fact.source.path());
        Some(Self { id, name, document: Document::kept(fact) })
    }

    /// A document in a list that is sent.
    pub(super) fn sent(list: &str, index: usize, document: Document) -> Self {
        let id = format!("{list}.{}", index + 1);
        Self { name: id.clone(), id, document }
    }

    /// Whether an id ends in the name.
    fn may_be(&self, id: &str) -> bool {
        id.strip_suffix(self.name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    }
}

/// The statement that AWS means, if there is but one that it can be.
pub(super) fn place(policies: &[Named], matched: &MatchedStatement) -> Option<StatementPlace> {
    let id = matched.policy.as_str();
    let mut meant: Vec<&Named> = policies.iter().filter(|named| named.id == id).collect();
    if meant.is_empty() {
        let longest = policies.iter().filter(|named| named.may_be(id)).map(|named| named.name.len()).max()?;
        meant = policies.iter().filter(|named| named.may_be(id) && named.name.len() == longest).collect();
    }
    let mut places = meant.into_iter().filter_map(|named| named.document.place(matched.start));
    let first = places.next()?;
    places.all(|other| other == first).then_some(first)
}

/// AWS's id of a policy and its name, by the ARN under which it is shown: an inline policy is shown as that of its holder,
/// `#`, and its name.
fn ids(arn: &str) -> (String, String) {
    let last = |text: &str| text.rsplit('/').next().unwrap_or(text).to_owned();
    let Some((holder, name)) = arn.split_once('#') else { return (last(arn), last(arn)) };
    let resource = holder.splitn(6, ':').nth(5).unwrap_or(holder);
    let kind = resource.split('/').next().unwrap_or_default();
    (format!("{kind}_{}_{name}", last(resource)), name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_as_aws_writes_them() {
        let id = |arn: &str| ids(arn).0;
        assert_eq!(id("arn:aws:iam::aws:policy/service-role/Basic"), "Basic");
        assert_eq!(id("arn:aws:iam::111122223333:role/service/app#Invoke_it"), "role_app_Invoke_it");
        assert_eq!(id("arn:aws:iam::111122223333:user/ana#x"), "user_ana_x");
        assert_eq!(id("arn:aws:iam::111122223333:group/team#x"), "group_team_x");
        assert_eq!(id("arn:aws:organizations::111122223333:policy/o-a/service_control_policy/p-b"), "p-b");
    }
}
