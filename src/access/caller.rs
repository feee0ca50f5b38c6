//! Who makes a call, where that is known by name.

use std::str::FromStr;

use thiserror::Error;

use crate::bedrock::{ArnFields, Partition, is_account_id};
use crate::iam::request::PRINCIPAL_ARN;
use crate::iam::{Context, Held};

/// A role or a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The ARN under which policies know it, also of the session of a role: `arn:aws:iam::111122223333:role/app`.
    pub arn: String,
    /// Its partition.
    pub partition: Partition,
    /// Its account.
    pub account: String,
    /// The name, if it is a user.
    pub user: Option<String>,
    /// Whether the ARN was that of a session, which lacks the path of the role.
    pub session: bool,
}

/// A text that is no ARN of a caller.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no ARN of a caller: it is written `arn:aws:iam::111122223333:role/NAME` or `…:user/NAME`, or is that of the \
     session of a role, `arn:aws:sts::111122223333:assumed-role/NAME/SESSION`"
)]
pub struct NoCaller(String);

impl FromStr for Caller {
    type Err = NoCaller;

    fn from_str(text: &str) -> Result<Self, NoCaller> {
        Self::of_arn(text).ok_or_else(|| NoCaller(text.to_owned()))
    }
}

impl Caller {
    fn of_arn(text: &str) -> Option<Self> {
        let fields = ArnFields::split(text).filter(|_| !text.contains(['*', '?', '$', '<']))?;
        let partition = Partition::parse(fields.partition.text)?;
        let account = Some(fields.account.text).filter(|account| is_account_id(account))?;
        let id = fields.resource_id.as_ref()?.text;
        let name = id.rsplit('/').next().filter(|name| !name.is_empty())?;
        let caller = |arn: String, user: Option<&str>, session: bool| Self {
            arn,
            partition,
            account: account.to_owned(),
            user: user.map(str::to_owned),
            session,
        };
        match (fields.service.text, fields.resource_type.text) {
            ("iam", "role") => Some(caller(text.to_owned(), None, false)),
            ("iam", "user") => Some(caller(text.to_owned(), Some(name), false)),
            ("sts", "assumed-role") => {
                let (role, _) = id.split_once('/')?;
                Some(caller(format!("arn:{partition}:iam::{account}:role/{role}"), None, true))
            }
            _ => None,
        }
    }

    /// Sets what requests of this caller hold. What a role's requests hold under `aws:userid` is not known.
    ///
    /// Sources: IAM User Guide, "AWS global condition context keys" (`aws:PrincipalArn`: of a session, the role's) and
    /// "IAM policy elements: Variables and tags" (which principals have which keys).
    pub(crate) fn describe(&self, context: &mut Context) {
        context.set(PRINCIPAL_ARN, one(&self.arn));
        let kind = if self.user.is_some() { "User" } else { "AssumedRole" };
        context.set("aws:PrincipalType", one(kind));
        context.set("aws:username", self.user.as_deref().map_or(Held::Absent, one));
    }
}

fn one(value: &str) -> Held {
    Held::Values(vec![value.to_owned()])
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn held(arn: &str, key: &str) -> Held {
        let mut context = Context::assumed("us-east-1", None);
        arn.parse::<Caller>().unwrap().describe(&mut context);
        context.get(key).clone()
    }

    #[test]
    fn callers_are_known_by_their_arns() {
        let role = "arn:aws:iam::111122223333:role/service/app";
        assert_eq!(held(role, "aws:PrincipalArn"), one(role));
        assert_eq!(held(role, "aws:PrincipalType"), one("AssumedRole"));
        assert_eq!(held(role, "aws:username"), Held::Absent);
        assert_eq!(held(role, "aws:userid"), Held::Unknown);
        let user = "arn:aws-us-gov:iam::111122223333:user/team/ana";
        assert_eq!(held(user, "aws:PrincipalType"), one("User"));
        assert_eq!(held(user, "aws:username"), one("ana"));
        let session = "arn:aws:sts::111122223333:assumed-role/app/session";
        assert_eq!(held(session, "aws:PrincipalArn"), one("arn:aws:iam::111122223333:role/app"));
        for text in [
            "app",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::1111:role/app",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:group/staff",
            "arn:aws:s3:::bucket/key",
        ] {
            assert_eq!(text.parse::<Caller>(), Err(NoCaller(text.to_owned())));
        }
    }
}
