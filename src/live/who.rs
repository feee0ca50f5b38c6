//! Whose policies are asked for.

use std::fmt;

/// Whose policies are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// Whoever asks.
    #[default]
    Caller,
    /// A role, by its name or its ARN.
    Role(String),
    /// A user, by their name or ARN.
    User(String),
}

/// Who asks, as STS knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account, 12 digits.
    pub account: String,
    /// The ARN: of a user, of a session of a role, of the root user.
    pub arn: String,
}

/// What policies can be attached to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// What it is.
    pub kind: HolderKind,
    /// Its name, without a path.
    pub name: String,
}

/// Kinds of what policies can be attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    /// A role.
    Role,
    /// A user.
    User,
    /// A group of users.
    Group,
}

impl HolderKind {
    /// Its word, as ARNs have it.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

impl fmt::Display for Holder {
    /// `role Build`, as account dumps are told of.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.noun(), self.name)
    }
}

impl Holder {
    /// A role or user of an account by a name or an ARN.
    ///
    /// # Errors
    /// What is wrong: an ARN of something else, or of another account than the one that can be asked.
    pub(super) fn named(kind: HolderKind, text: &str, account: &str) -> Result<Self, String> {
        let noun = kind.noun();
        if !text.starts_with("arn:") {
            return Ok(Self { kind, name: text.to_owned() });
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let [_, _, "iam", "", owner, resource] = parts.as_slice() else {
            return Err(format!("`{text}` is not the ARN of a {noun}"));
        };
        let path = resource.strip_prefix(noun).and_then(|rest| rest.strip_prefix('/'));
        let name = path.map(|path| path.rsplit('/').next().unwrap_or(path)).filter(|name| !name.is_empty());
        let Some(name) = name else { return Err(format!("`{text}` is not the ARN of a {noun}")) };
        if *owner != account {
            return Err(format!(
                "`{text}` is of account {owner}, and the credentials in use are of account {account}: an account can be \
                 asked only with credentials of its own"
            ));
        }
        Ok(Self { kind, name: name.to_owned() })
    }

    /// The role or user behind who asks.
    ///
    /// # Errors
    /// What else it is.
    pub(super) fn of(identity: &Identity) -> Result<Self, String> {
        let resource = identity.arn.splitn(6, ':').nth(5).unwrap_or_default();
        let mut parts = resource.split('/');
        let (kind, name) = match parts.next() {
            Some("user") => (HolderKind::User, parts.next_back()),
            Some("assumed-role") => (HolderKind::Role, parts.next()),
            Some("root") => {
                return Err(
                    "the credentials in use are those of the root user, to whom no policy is attached: name a \
                            role or user with `--role` or `--user`"
                        .to_owned(),
                );
            }
            _ => (HolderKind::User, None),
        };
        match name {
            Some(name) => Ok(Self { kind, name: name.to_owned() }),
            None => Err(format!(
                "`{}` is neither a user nor a session of a role: name one with `--role` or `--user`",
                identity.arn
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_users_by_name_and_arn() {
        let named = |kind, text: &str| Holder::named(kind, text, "111122223333").map(|holder| holder.to_string());
        let (role, user) = (HolderKind::Role, HolderKind::User);
        assert_eq!(named(role, "app"), Ok("role app".to_owned()));
        assert_eq!(named(role, "arn:aws:iam::111122223333:role/service/app"), Ok("role app".to_owned()));
        assert_eq!(named(user, "arn:aws-us-gov:iam::111122223333:user/ana"), Ok("user ana".to_owned()));
        for wrong in [
            "arn:aws:iam::111122223333:user/ana",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::444455556666:role/app",
            "arn:aws:sts::111122223333:assumed-role/app/s",
            "arn:",
        ] {
            assert!(named(role, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn who_asks() {
        let of = |arn: &str| {
            let identity = Identity { account: "111122223333".to_owned(), arn: arn.to_owned() };
            Holder::of(&identity).map(|holder| holder.to_string())
        };
        assert_eq!(of("arn:aws:sts::111122223333:assumed-role/app/session"), Ok("role app".to_owned()));
        assert_eq!(of("arn:aws:iam::111122223333:user/team/ana"), Ok("user ana".to_owned()));
        for other in
            ["arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/x", "", "arn:aws:iam::1:user"]
        {
            assert!(of(other).is_err(), "{other}");
        }
    }
}
