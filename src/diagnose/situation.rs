//! What the facts of an error come to, held against the catalogue, and which of its causes they speak for.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::facts::{Facts, Field, KeyFact};
use super::known::{DenyingLayer, KnownCause};
use crate::access::call::STREAM;
use crate::bedrock::{
    AccessKeyKind, ActionCatalogue, ApiKey, ArnFields, Catalogue, IdMistake, Model, ModelIdKind, Partition, Profile,
    RegionName, ShortTermKey, classify_region, classify_runtime_id,
};

/// What a cause may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// The bare id of a model was called.
    BareId,
    /// The model is served through inference profiles only, there.
    ProfileOnly,
    /// The bare id works, but not there.
    OnDemandElsewhere,
    /// The model is past its end of life there.
    Ended,
    /// The id is a misspelling, or a mistake that is known.
    MisspeltId,
    /// The profile cannot be called from there.
    ForeignPrefix,
    /// The model cannot be called from there in any way.
    NotInRegion,
    /// It was called by an ARN.
    Arn,
    /// A system-defined inference profile was called.
    ProfileId,
    /// An application inference profile was called.
    ApplicationProfile,
    /// The right is missing on a foundation model.
    DeniedModel,
    /// … on a system-defined inference profile.
    DeniedProfile,
    /// … on an application inference profile.
    DeniedApplicationProfile,
    /// … on a foundation model in another Region than the one that was called.
    DeniedElsewhere,
    /// … on a foundation model without a Region, which is that of a global profile.
    DeniedGlobal,
    /// … on something that has a Region.
    NotDeniedGlobal,
    /// The right is that to stream.
    Streaming,
    /// The right has no resource types.
    Unscopable,
    /// The right is that to use API keys.
    BearerAction,
    /// The right is one of AWS Marketplace.
    MarketplaceAction,
    /// A service control policy decided.
    LayerScp,
    /// A statement denies it.
    Explicit,
    /// No statement allows it.
    NotExplicit,
    /// The API key in the text has expired.
    KeyExpired,
    /// The API key in the text is of another Region.
    KeyOfOtherRegion,
    /// The API key in the text is a long-term one.
    LongTermKey,
    /// The API key in the text is a short-term one.
    ShortTermKey,
    /// The text holds a key of another service.
    ForeignKey,
    /// The text holds a temporary access key.
    TemporaryKey,
    /// The model is Anthropic's.
    Anthropic,
    /// The model is sold through AWS Marketplace.
    SoldThroughMarketplace,
    /// The Region has to be enabled first.
    OptInRegion,
    /// AWS has no such Region.
    UnknownRegion,
    /// Amazon Bedrock is not offered there.
    RegionWithoutBedrock,
}

impl Condition {
    /// Whether its opposite speaks against a cause, and it does not speak for one.
    fn only_rules_out(self) -> bool {
        matches!(self, Self::NotDeniedGlobal | Self::NotExplicit)
    }
}

/// An error with all that is known about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation<'a> {
    pub(super) facts: &'a Facts,
    pub(super) explicit: Option<bool>,
    pub(super) catalogue: &'a Catalogue,
    pub(super) as_of: Date,
}

impl<'a> Situation<'a> {
    /// The Region that was called.
    pub(super) fn region(self) -> Option<&'a str> {
        self.facts.get(Field::Region)
    }

    /// The partition of the Region, or the one that nearly everybody is in.
    pub(super) fn partition(self) -> Partition {
        let region = self.region().or_else(|| self.denied().map(|arn| arn.region.text));
        region.and_then(|code| self.catalogue.region(code)).map_or(Partition::Aws, |region| region.partition)
    }

    /// What was denied, as an ARN.
    pub(super) fn denied(self) -> Option<ArnFields<'a>> {
        ArnFields::split(self.facts.get(Field::Resource)?)
    }

    /// The type of what was denied.
    pub(super) fn denied_type(self) -> Option<&'a str> {
        self.denied().map(|arn| arn.resource_type.text)
    }

    /// The id of what was called, out of its ARN if it was one.
    pub(super) fn called(self) -> Option<&'a str> {
        let model = self.facts.get(Field::Model).or_else(|| self.facts.get(Field::Value))?;
        match ArnFields::split(model) {
            Some(arn) if matches!(arn.resource_type.text, "foundation-model" | "inference-profile") => {
                arn.resource_id.map(|id| id.text)
            }
            Some(_) => None,
            None => Some(model),
        }
    }

    fn called_type(self) -> Option<&'a str> {
        ArnFields::split(self.facts.get(Field::Model)?).map(|arn| arn.resource_type.text)
    }

    /// What the id is that was called.
    pub(super) fn kind(self) -> Option<ModelIdKind<'a>> {
        self.called().map(|id| classify_runtime_id(self.catalogue, id))
    }

    /// The profile that was called.
    pub(super) fn profile(self) -> Option<&'a Profile> {
        match self.kind()? {
            ModelIdKind::Profile(profile) => Some(profile),
            _ => None,
        }
    }

    /// The model behind what was called, or else what was denied.
    pub(super) fn model(self) -> Option<&'a Model> {
        let called = match self.kind() {
            Some(ModelIdKind::Model(model) | ModelIdKind::Variant(model)) => Some(model),
            Some(ModelIdKind::Profile(profile) | ModelIdKind::RetiredProfile(profile)) => {
                self.catalogue.model(profile.model_id())
            }
            Some(ModelIdKind::UnconfirmedProfile { model, .. }) => model,
            Some(ModelIdKind::Mistake { reason: IdMistake::WrongPrefix, .. }) => self
                .called()
                .and_then(|id| self.catalogue.split_profile_id(id))
                .and_then(|(_, id)| self.catalogue.model(id)),
            _ => None,
        };
        called.or_else(|| {
            let denied = self.denied().filter(|arn| arn.resource_type.text == "foundation-model")?;
            self.catalogue.model(denied.resource_id?.text)
        })
    }

    /// The short-term keys of the text.
    pub(super) fn short_term_keys(self) -> impl Iterator<Item = &'a ShortTermKey> {
        self.facts.keys.iter().filter_map(|key| match key {
            KeyFact::Api(ApiKey::ShortTerm(key)) => Some(key),
            _ => None,
        })
    }

    pub(super) fn has_expired(self, key: &ShortTermKey) -> Option<bool> {
        // the key may end on the very day, at an hour that is not known
        let end = key.expires()?.to_zoned(TimeZone::UTC).date();
        (end != self.as_of).then_some(end < self.as_of)
    }

    /// The causes that are not ruled out, those that the facts speak for first. Whether they do stands beside each.
    pub(super) fn causes(self, causes: &'a [KnownCause]) -> Vec<(&'a KnownCause, bool)> {
        let judged = causes.iter().filter_map(|cause| {
            let answers: Vec<Option<bool>> = cause.conditions.iter().map(|one| self.holds(*one)).collect();
            let ruled_out = answers.contains(&Some(false));
            let speaks = cause.conditions.iter().any(|condition| !condition.only_rules_out());
            let spoken_for = speaks && answers.iter().all(|answer| *answer == Some(true));
            (!ruled_out).then_some((cause, spoken_for))
        });
        let mut causes: Vec<_> = judged.collect();
        causes.sort_by_key(|(_, spoken_for)| !spoken_for);
        causes
    }

    /// Whether a condition holds; `None` if that is not known.
    pub(super) fn holds(self, condition: Condition) -> Option<bool> {
        use Condition as C;
        let action = |wanted: fn(&str) -> bool| self.facts.get(Field::Action).map(wanted);
        let denied = |wanted: &str| self.denied_type().map(|kind| kind == wanted);
        match condition {
            C::BareId => self.kind().and_then(|kind| match kind {
                ModelIdKind::Model(_) => Some(true),
                ModelIdKind::Profile(_) | ModelIdKind::RetiredProfile(_) => Some(false),
                _ => None,
            }),
            C::ProfileOnly => self.profile_only(),
            C::OnDemandElsewhere => {
                let (model, region) = (self.model()?, self.region()?);
                let here =
                    |code: &str| self.catalogue.region(code).is_some_and(|one| one.partition == self.partition());
                Some(!model.on_demand.contains(region) && model.on_demand.iter().any(here))
            }
            C::Ended => self.model().map(|model| match self.region() {
                Some(region) => model.ended_in(region, self.as_of),
                None => model.ended_everywhere(self.as_of),
            }),
            C::MisspeltId => self.misspelt(),
            C::ForeignPrefix => self.foreign_prefix(),
            C::NotInRegion => {
                let (model, region) = (self.model()?, self.region()?);
                Some(self.catalogue.ids_for(model, self.partition(), Some(region)).is_empty())
            }
            C::Arn => self.facts.get(Field::Model).map(|model| model.starts_with("arn:")),
            C::ProfileId => self.called().map(|id| self.catalogue.split_profile_id(id).is_some()),
            C::ApplicationProfile => {
                self.facts.get(Field::Model)?;
                Some(self.called_type() == Some("application-inference-profile"))
            }
            C::DeniedModel => denied("foundation-model"),
            C::DeniedProfile => denied("inference-profile"),
            C::DeniedApplicationProfile => denied("application-inference-profile"),
            C::DeniedElsewhere => self.denied_elsewhere(),
            C::DeniedGlobal => self.denied_global(),
            C::NotDeniedGlobal => self.denied_global().map(|global| !global),
            C::Streaming => action(|action| action == STREAM),
            C::Unscopable => {
                let known = ActionCatalogue::builtin().action(self.facts.get(Field::Action)?)?;
                Some(known.is_unscopable())
            }
            C::BearerAction => action(|action| action.ends_with(":CallWithBearerToken")),
            C::MarketplaceAction => action(|action| action.starts_with("aws-marketplace:")),
            C::LayerScp => self.facts.get(Field::Layer).map(|layer| layer == DenyingLayer::Scp.as_str()),
            C::Explicit => self.explicit,
            C::NotExplicit => self.explicit.map(|explicit| !explicit),
            C::KeyExpired => self.short_term_keys().next().and_then(|key| self.has_expired(key)),
            C::KeyOfOtherRegion => {
                let key = self.short_term_keys().next()?.region.as_deref()?;
                self.region().map(|region| region != key)
            }
            C::LongTermKey => self.long_term_key(),
            C::ShortTermKey => self.long_term_key().map(|long| !long),
            C::ForeignKey => Some(self.facts.keys.iter().any(|key| matches!(key, KeyFact::Foreign(_)))),
            C::TemporaryKey => self.facts.keys.iter().find_map(|key| match key {
                KeyFact::Access(kind) => Some(*kind == AccessKeyKind::Temporary),
                _ => None,
            }),
            C::Anthropic => self.model().map(|model| &*model.provider == "Anthropic"),
            C::SoldThroughMarketplace => self.model().and_then(|model| model.marketplace),
            C::OptInRegion => self.catalogue.region(self.region()?)?.opt_in,
            C::UnknownRegion => match classify_region(self.catalogue, self.region()?) {
                RegionName::Known(_) => Some(false),
                RegionName::Unknown => None,
                _ => Some(true),
            },
            C::RegionWithoutBedrock => self.catalogue.region(self.region()?).map(|region| !region.bedrock),
        }
    }

    fn profile_only(self) -> Option<bool> {
        let model = self.model()?;
        match self.region() {
            Some(region) => Some(model.profile_only_in(region)),
            None if model.on_demand.is_empty() => Some(model.active_profiles().next().is_some()),
            None => None,
        }
    }

    fn misspelt(self) -> Option<bool> {
        match self.kind()? {
            ModelIdKind::Mistake { reason: IdMistake::WrongPrefix, .. } => Some(false),
            ModelIdKind::Mistake { .. } | ModelIdKind::NearMiss { .. } => Some(true),
            ModelIdKind::Unknown => None,
            _ => Some(false),
        }
    }

    fn foreign_prefix(self) -> Option<bool> {
        match self.kind()? {
            ModelIdKind::Profile(profile) => self.region().map(|region| !profile.sources().contains(region)),
            ModelIdKind::Mistake { reason: IdMistake::WrongPrefix, .. } | ModelIdKind::RetiredProfile(_) => Some(true),
            ModelIdKind::Model(_) | ModelIdKind::Variant(_) => Some(false),
            _ => None,
        }
    }

    fn denied_elsewhere(self) -> Option<bool> {
        let denied = self.denied()?;
        if denied.resource_type.text != "foundation-model" || denied.region.text.is_empty() {
            return Some(false);
        }
        self.region().map(|region| region != denied.region.text)
    }

    fn denied_global(self) -> Option<bool> {
        // of a value that was refused as a model id, the same
        let arn = self.denied().or_else(|| ArnFields::split(self.facts.get(Field::Value)?))?;
        Some(arn.resource_type.text == "foundation-model" && arn.region.text.is_empty())
    }

    fn long_term_key(self) -> Option<bool> {
        self.facts.keys.iter().find_map(|key| match key {
            KeyFact::Api(ApiKey::LongTerm(_)) => Some(true),
            KeyFact::Api(ApiKey::ShortTerm(_)) => Some(false),
            _ => None,
        })
    }

    /// A sentence of the catalogue with what was read out.
    pub(super) fn told(self, template: &str) -> String {
        let mut told = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            told.push_str(before);
            let (slot, behind) = after.split_once('}').unwrap_or((after, ""));
            let (name, words) = slot.split_once('|').unwrap_or((slot, ""));
            told.push_str(&self.slot(name, words));
            rest = behind;
        }
        told + rest
    }

    fn slot(self, name: &str, words: &str) -> String {
        let quoted = |value: &str| format!("`{}`", value.replace('`', "'"));
        let region = |preposition: &str| match self.region() {
            Some(region) => format!(" {preposition} {}", quoted(region)),
            None => String::new(),
        };
        match name {
            "from-region" => region("from"),
            "in-region" => region("in"),
            "denied" => {
                let layer = self.facts.get(Field::Layer);
                let name =
                    DenyingLayer::ALL.into_iter().find(|one| Some(one.as_str()) == layer).map(DenyingLayer::name);
                match (self.explicit, name) {
                    (Some(true), Some(name)) => format!("denied by {name}"),
                    (Some(true), None) => "denied by a policy".to_owned(),
                    _ => "granted by no policy".to_owned(),
                }
            }
            _ => match Field::named(name).and_then(|field| self.facts.get(field)) {
                Some(value) => quoted(value),
                None if words.contains(':') => quoted(words),
                None => words.to_owned(),
            },
        }
    }

    /// A command with what was read out; what was not stands in capitals, and so does what a shell would not take as it is.
    pub(super) fn command(self, template: &str) -> String {
        let mut command = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            command.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/+=,@* ".contains(c);
            match self.argument(name).filter(|value| !value.is_empty() && value.chars().all(plain)) {
                Some(value) => command.push_str(&value),
                None => command.push_str(&name.to_ascii_uppercase()),
            }
            rest = behind;
        }
        command + rest
    }

    fn argument(self, name: &str) -> Option<String> {
        let fact = |field| self.facts.get(field).map(str::to_owned);
        // blanks are for names between quotes
        let word = |value: Option<String>| value.filter(|value| !value.contains(' '));
        match name {
            "base" => self.model().map(|model| model.id.to_string()).or_else(|| word(self.called().map(str::to_owned))),
            "name" => self.model().map(|model| model.name.to_string()),
            "caller" => self.caller().map(|(arn, _)| arn),
            "role" => self.caller().map(|(_, role)| role).or(None),
            "resource" => fact(Field::Resource).or_else(|| Some("*".to_owned())),
            "policy" => fact(Field::Policy).and_then(|arn| arn.rsplit('/').next().map(str::to_owned)),
            _ => word(Field::named(name).and_then(fact)),
        }
    }

    /// The user or role behind the caller: its ARN and its name. Of a session of a role, the path of the role is not known.
    pub(super) fn caller(self) -> Option<(String, String)> {
        let principal = self.facts.get(Field::Principal)?;
        let arn = ArnFields::split(principal)?;
        let (partition, account) = (arn.partition.text, arn.account.text);
        match arn.resource_type.text {
            "assumed-role" => {
                let role = arn.resource_id.as_ref()?.text.split('/').next()?.to_owned();
                Some((format!("arn:{partition}:iam::{account}:role/{role}"), role))
            }
            "user" | "role" => {
                let name = arn.resource_id.as_ref()?.text.rsplit('/').next()?.to_owned();
                Some((principal.to_owned(), name))
            }
            _ => None,
        }
    }
}
