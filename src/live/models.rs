//! What the scan calls, asked of the account: models, inference profiles, and the users of long-term keys.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::answers::{Answers, ModelAnswer};
use super::parallel::each;
use super::runs::{self, account_of};
use super::{Account, Asked, Failure, FailureKind, Gaps, Identity, ListedProfile, keys};
use crate::access::obstacle;
use crate::bedrock::{ActionCatalogue, ArnFields, Catalogue, Endpoint, Partition, Profile, Scope};
use crate::iam::Statement;
use crate::link::Linked;
use crate::reading::{AdapterReading, Called};

/// What is to be asked about what adapters call, each once.
#[derive(Debug, Default)]
struct Questions {
    /// Region and bare model id.
    models: BTreeSet<(String, String)>,
    /// Region, and profile id or ARN.
    profiles: BTreeSet<(String, String)>,
    /// Regions from which an id is called that the catalogue does not have there: what they serve on-demand.
    regions: BTreeSet<String>,
    /// A Region in which a model of Anthropic is called.
    use_case: Option<String>,
}

/// Asks the account about everything that the adapters of a scan call from a known Region, and about the users of their
/// long-term keys. Not about adapters whose credentials are evidently of another account.
#[must_use]
pub(super) fn ask_about(
    linked: &Linked,
    account: &dyn Account,
    identity: &Identity,
    catalogue: &Catalogue,
    actions: &ActionCatalogue,
    as_of: Date,
    gaps: &Gaps,
) -> Answers {
    let adapters: Vec<AdapterReading> =
        linked.adapters.iter().map(|fact| AdapterReading::new(fact, catalogue, actions)).collect();
    let mut questions = Questions::default();
    let of_account = |adapter: &&AdapterReading| {
        adapter.fact.adapter.other_provider.is_none() && account_of(adapter, &identity.account) != runs::Account::Other
    };
    // no credential reaches from one partition into another
    let partition = identity.arn.split(':').nth(1).and_then(Partition::parse).unwrap_or(Partition::Aws);
    for adapter in adapters.iter().filter(of_account) {
        questions.about(adapter, &identity.account, catalogue, as_of);
    }
    questions.about_grants(linked, &identity.account);
    questions.keep_to(partition, catalogue);
    let profiles: Vec<_> = questions.profiles.iter().collect();
    let seen = each(&profiles, |(region, id)| {
        let asked = account.inference_profile(region, id).map_err(|failure| failure.in_region(region, catalogue));
        (
            region.as_str(),
            id.as_str(),
            gaps.of(or_missing(asked), || format!("inference profile `{id}` from `{region}`")),
        )
    });
    let mut answers = Answers { account: identity.account.clone(), ..Answers::default() };
    for (region, id, profile) in seen {
        let answer = match profile {
            None => continue,
            Some(None) => ModelAnswer::Missing,
            Some(Some(profile)) => {
                if let Some(copied) = copied(&profile, region, catalogue).filter(|_| id.starts_with("arn:")) {
                    if let Some(model) = model_of(&copied, catalogue) {
                        questions.models.insert((region.to_owned(), model));
                    }
                    answers.applications.insert(id.to_owned(), copied);
                }
                if profile.active { ModelAnswer::Active } else { ModelAnswer::Inactive }
            }
        };
        answers.profiles.insert((region.to_owned(), id.to_owned()), answer);
    }
    let models: Vec<_> = questions.models.into_iter().collect();
    let available = each(&models, |(region, model)| {
        let asked = account.availability(region, model).map_err(|failure| failure.in_region(region, catalogue));
        gaps.of(asked, || format!("access to `{model}` in `{region}`"))
    });
    answers.availability = models.into_iter().zip(available).filter_map(|(key, one)| Some((key, one?))).collect();
    let regions: Vec<_> = questions.regions.into_iter().collect();
    let listed = each(&regions, |region| {
        let asked = account.foundation_models(region).map_err(|failure| failure.in_region(region, catalogue));
        let models = gaps.of(asked, || format!("which models `{region}` serves"))?;
        Some(models.into_iter().filter(|model| model.on_demand).map(|model| model.id).collect())
    });
    answers.on_demand = regions.into_iter().zip(listed).filter_map(|(region, ids)| Some((region, ids?))).collect();
    if let Some(region) = questions.use_case {
        let asked = account.use_case_sent(&region).map_err(|failure| failure.in_region(&region, catalogue));
        answers.use_case_sent = gaps.of(asked, || "whether Anthropic's use-case form was sent".to_owned());
    }
    answers.keys = keys::of_users(&keys::users(&adapters, &identity.account), account, gaps);
    answers
}

/// What is not there is an answer too.
fn or_missing<T>(asked: Asked<T>) -> Asked<Option<T>> {
    match asked {
        Ok(found) => Ok(Some(found)),
        Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(None),
        Err(failure) => Err(failure),
    }
}

impl Questions {
    fn about(&mut self, adapter: &AdapterReading, account: &str, catalogue: &Catalogue, as_of: Date) {
        for (field, model) in adapter.called() {
            // an ARN of another account is that one's to answer
            let foreign = model.arn.as_ref().and_then(|arn| arn.account.as_ref()).is_some_and(|own| own != account);
            if field.endpoint != Endpoint::BedrockRuntime || foreign {
                continue;
            }
            let arn_region = model.arn.as_ref().and_then(|arn| arn.region.as_ref()).map(|region| region.code.as_str());
            let Some(region) = adapter.source_of(model).or(arn_region) else { continue };
            // the account may know what the catalogue does not
            let obstacle = obstacle(adapter, field, model, catalogue, as_of);
            let id = field.id.literal().filter(|_| obstacle.is_some_and(|one| one.is_of_the_catalogue()));
            if let Some(id) = id.filter(|id| is_id(id)) {
                match catalogue.split_profile_id(id) {
                    Some(_) => drop(self.profiles.insert((region.to_owned(), id.to_owned()))),
                    None => drop(self.regions.insert(region.to_owned())),
                }
                continue;
            }
            match &model.called {
                Called::Model(_) | Called::Own(_) | Called::Unknown => {}
                Called::Profile(id) | Called::ApplicationProfile(id) => {
                    self.profiles.insert((region.to_owned(), id.clone()));
                }
            }
            if let Some(known) = model.called.model(catalogue) {
                self.models.insert((region.to_owned(), known.id.to_string()));
                if known.id.starts_with("anthropic.") && self.use_case.is_none() {
                    self.use_case = Some(region.to_owned());
                }
            }
        }
    }

    /// Leaves the Regions of other partitions out.
    fn keep_to(&mut self, partition: Partition, catalogue: &Catalogue) {
        let lies_there = |region: &str| catalogue.region(region).is_none_or(|known| known.partition == partition);
        self.models.retain(|(region, _)| lies_there(region));
        self.profiles.retain(|(region, _)| lies_there(region));
        self.regions.retain(|region| lies_there(region));
        self.use_case = self.use_case.take().filter(|region| lies_there(region));
    }

    /// The application inference profiles of the account that policies name: what they copy decides which models must be
    /// granted beside.
    fn about_grants(&mut self, linked: &Linked, account: &str) {
        let statements = linked.policies.iter().flat_map(|fact| &fact.policy.statements);
        for pattern in statements.flat_map(Statement::named_resources) {
            let text = pattern.as_str();
            let Some(arn) = ArnFields::split(text).filter(|arn| arn.resource_type.text == APPLICATION) else {
                continue;
            };
            let is_literal = pattern.text().literal().is_some() && !text.contains(['*', '?', '$']);
            if is_literal && arn.account.text == account && !arn.region.text.is_empty() {
                self.profiles.insert((arn.region.text.to_owned(), text.to_owned()));
            }
        }
    }
}

/// The resource type of application inference profiles.
const APPLICATION: &str = "application-inference-profile";

/// Whether a text may be the id of a model or a profile, so that it can be asked about.
pub(super) fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-:._".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

/// What an application inference profile copies. The API tells only where it routes to, so it is the profile of that
/// model whose route from there is the same; a single foundation-model ARN of the own Region is the model itself.
fn copied(profile: &ListedProfile, region: &str, catalogue: &Catalogue) -> Option<String> {
    let mut routes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for arn in &profile.models {
        let fields = ArnFields::split(arn)?;
        routes.entry(fields.resource_id?.text).or_default().insert(fields.region.text);
    }
    let (model, regions) = routes.pop_first().filter(|_| routes.is_empty())?;
    if regions.iter().eq([&region]) {
        return Some(model.to_owned());
    }
    let known = catalogue.model(model)?;
    let is_global = regions.contains("");
    let same = |one: &&Profile| {
        let destinations = one.destinations(region).map(|regions| regions.iter().collect::<BTreeSet<_>>());
        if is_global { one.scope == Scope::Global } else { destinations.as_ref() == Some(&regions) }
    };
    known.profiles.iter().find(same).map(|profile| profile.id.to_string())
}

fn model_of(id: &str, catalogue: &Catalogue) -> Option<String> {
    let model = catalogue.profile(id).map_or(id, |profile| profile.model_id());
    catalogue.model(model).map(|model| model.id.to_string())
}
