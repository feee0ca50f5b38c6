//! Programs that are not known by name. They read what variables they like, so a model counts only where its variable or
//! its value says that it is one of Amazon Bedrock, and a Region only where the list says no other.

use std::collections::HashSet;

use super::clients::{self, LIBRECHAT, LITELLM};
use super::gateway::Gateways;
use super::{AWS, AuthNames, Reads, Switch, Variables, model, unknown};
use crate::adapter::{Adapter, Consumer, Field, Guardrail, ModelField, Purpose, split_model_name};
use crate::bedrock::{Endpoint, is_bare_id, is_model_shaped, is_region_shaped, is_url_of_aws, names_provider};
use crate::formats::mentions::is_gone;
use crate::text::{Span, Text};

/// Names that only Amazon Bedrock can be meant by, before those that all of AWS shares.
const AUTH: &[AuthNames] = &[
    LIBRECHAT,
    ["BEDROCK_ACCESS_KEY_ID", "BEDROCK_SECRET_ACCESS_KEY", "BEDROCK_SESSION_TOKEN", "", "BEDROCK_PROFILE", ""],
    ["AWS_BEDROCK_ACCESS_KEY_ID", "AWS_BEDROCK_SECRET_ACCESS_KEY", "AWS_BEDROCK_SESSION_TOKEN", "", "", ""],
    AWS,
];

const ENDPOINTS: &[&str] = &[
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "BEDROCK_RUNTIME_ENDPOINT_URL",
    "BEDROCK_RUNTIME_ENDPOINT",
    "BEDROCK_ENDPOINT_URL",
    "BEDROCK_ENDPOINT",
    "BEDROCK_BASE_URL",
];

/// The Region by the names that the SDKs and LiteLLM know. boto3 reads the second of them alone, the SDK for JavaScript
/// the first, LangChain the first before the second: where they differ, it depends on the program.
const SHARED_REGIONS: [&str; 3] = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_REGION_NAME"];

/// Where other providers have models with names like those of Amazon Bedrock.
const OTHER_PROVIDERS: [&str; 9] =
    ["AZURE", "GEMINI", "GROQ", "OCI", "OLLAMA", "OPENAI", "OPENROUTER", "VERTEX", "VERTEXAI"];

/// More words than this no name of a variable has.
const MOST_WORDS: usize = 16;

/// Words of variables that list models, or name one for something else than to call it.
const NOT_CALLED: [&str; 10] =
    ["ALLOWED", "COST", "FAMILY", "MODELS", "PRICE", "PRICING", "TEACHER", "TOKEN", "TOKENIZER", "TOKENS"];

/// Whether the words of a variable say that what it holds is no longer called.
fn is_named_gone(words: &[&str]) -> bool {
    is_gone(&words.iter().map(|word| word.to_ascii_lowercase()).collect::<Vec<_>>())
}

/// Variables that say who serves the models.
const PROVIDERS: [&str; 6] =
    ["AI_PROVIDER", "GENAI_PROVIDER", "LLM_PROVIDER", "MODEL_PROVIDER", "PROVIDER", "DEFAULT_PROVIDER"];

/// Whether a variable chooses who serves the models. What it says by default is then what is called by default, and the
/// others are set up all the same.
pub(in crate::formats) fn is_choice(name: &str) -> bool {
    PROVIDERS.contains(&name)
        || SWITCHES.contains(&name)
        || ["CLAUDE_CODE_USE_", "GOOSE_"].iter().any(|start| name.starts_with(start) && !name.ends_with("MODEL"))
}

/// Variables that turn Amazon Bedrock off.
const SWITCHES: [&str; 4] = ["BEDROCK_ENABLED", "ENABLE_BEDROCK", "USE_BEDROCK", "USE_AWS_BEDROCK"];

/// Words beside `REGION` or `LOCATION` that may mean where models are called.
const MODEL_WORDS: [&str; 8] = ["AI", "BEDROCK", "BEDROCKREGION", "CLAUDE", "GENAI", "INFERENCE", "LLM", "MODEL"];

/// The adapters of what is left: one of LiteLLM, if models are written for it, and one of the program itself.
pub(super) fn adapters(variables: &Variables, known: &[Adapter]) -> Vec<Adapter> {
    let mut used: HashSet<Span> = known.iter().flat_map(keys).collect();
    let (for_litellm, own): (Vec<Named>, Vec<Named>) =
        models(variables, &used).into_iter().partition(|named| is_for_litellm(&named.model.field));
    let own = own.into_iter().map(Named::with_region).collect();
    let region = region(variables, &used);
    let mut found = litellm(variables, for_litellm, region.as_ref(), &used);
    used.extend(found.iter().flat_map(keys));
    found.extend(program(variables, own, region, &used));
    if is_elsewhere(variables) {
        found.iter_mut().for_each(|adapter| adapter.models.clear());
    }
    if names_mantle(variables) {
        let models = found.iter_mut().flat_map(|adapter| &mut adapter.models);
        models.for_each(|model| model.endpoint = Endpoint::BedrockMantle);
    }
    // an endpoint for every service of AWS is a stand-in such as LocalStack
    if variables.filled("AWS_ENDPOINT_URL").is_some_and(|endpoint| !is_url_of_aws(endpoint.value.as_str())) {
        found.iter_mut().for_each(|adapter| adapter.models.clear());
    }
    found
}

/// Whether another provider serves the models, or Amazon Bedrock is switched off.
fn is_elsewhere(variables: &Variables) -> bool {
    let provider = PROVIDERS.iter().find_map(|name| variables.filled(name)).and_then(Field::given);
    let other = provider
        .map(str::to_ascii_lowercase)
        .is_some_and(|provider| !["amazon", "aws", "bedrock", "litellm"].iter().any(|word| provider.contains(word)));
    other || SWITCHES.iter().any(|name| variables.switch(name) == Switch::Off)
}

/// Whether some address in the list is that of `bedrock-mantle`, which has ids of its own.
fn names_mantle(variables: &Variables) -> bool {
    variables.iter().any(|(_, field)| field.value.as_str().contains("://bedrock-mantle."))
}

/// Whether a variable beside the Region that all of AWS shares names another one that may be meant for models.
fn another_region(variables: &Variables, shared: &Field, models: &[ModelField], used: &HashSet<Span>) -> bool {
    let of_model = |field: &Field| {
        let own = models.iter().filter_map(|model| model.region.as_ref()).filter(|own| own.literal().is_some());
        own.map(Text::span).any(|own| own == field.value.span())
    };
    let mut free = variables.iter().filter(|(_, field)| !used.contains(&field.key.span()) && !of_model(field));
    free.any(|(name, field)| {
        let words: Vec<&str> = name.split('_').collect();
        let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
        let is_region = says(&["BEDROCKREGION", "LOCATION", "REGION"]);
        let plain = matches!(name, "REGION" | "LOCATION");
        // `BEDROCK_AGENT_REGION` is for something of its own
        let of_nothing_else = || {
            let shared = ["AWS", "DEFAULT", "LOCATION", "NAME", "REGION"];
            words.iter().all(|word| MODEL_WORDS.contains(word) || shared.contains(word))
        };
        let of_models = plain || (says(&MODEL_WORDS) && of_nothing_else());
        let other = field.given().is_some_and(|code| is_region_shaped(code) && Some(code) != shared.given());
        is_region && of_models && other && !SHARED_REGIONS.contains(&name)
    })
}

fn is_for_litellm(field: &Field) -> bool {
    split_model_name(field.value.as_str(), |_| false).routed
}

/// What a program that uses LiteLLM hands to it: for each model the Region of its own, else that which is meant for Amazon
/// Bedrock. One adapter for each Region, which LiteLLM takes before one in a model's name.
fn litellm(variables: &Variables, models: Vec<Named>, region: Option<&Field>, used: &HashSet<Span>) -> Vec<Adapter> {
    let reads =
        Reads { region: &["AWS_REGION_NAME"], endpoint: &["AWS_BEDROCK_RUNTIME_ENDPOINT"], auth: &[LITELLM, AWS] };
    let mut found: Vec<(Option<(Span, bool)>, Adapter)> = Vec::new();
    let own: HashSet<Span> =
        models.iter().filter_map(|named| named.region.as_ref()).map(|region| region.key.span()).collect();
    let used: HashSet<Span> = used.union(&own).copied().collect();
    for Named { model, region: own } in models {
        let key = own.as_ref().map(|own| (own.key.span(), own.literal().is_some()));
        if let Some((_, adapter)) = found.iter_mut().find(|(other, _)| *other == key) {
            adapter.models.push(model);
            continue;
        }
        let mut adapter = variables.adapter(Consumer::LiteLlm, reads);
        let shared = || {
            let said = variables.region(&["AWS_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION"])?;
            Some(if another_region(variables, &said, &[], &used) { unknown(&said) } else { said })
        };
        let said = adapter.region.take().filter(Field::is_filled);
        adapter.region = own.or(said).or_else(|| region.cloned()).or_else(shared);
        adapter.models.push(model);
        found.push((key, adapter));
    }
    found.into_iter().map(|(_, adapter)| adapter).collect()
}

/// What the program does by itself: it calls models, or at least has something that is for Amazon Bedrock alone.
fn program(
    variables: &Variables,
    models: Vec<ModelField>,
    region: Option<Field>,
    used: &HashSet<Span>,
) -> Option<Adapter> {
    let mut adapter = variables.adapter(Consumer::Program, Reads { region: &[], endpoint: ENDPOINTS, auth: AUTH });
    adapter.guardrail = guardrail(variables, !models.is_empty());
    let is_own = |name: &&&str| !AWS.contains(name) || **name == "AWS_BEARER_TOKEN_BEDROCK";
    let auth = AUTH.iter().flatten().filter(is_own).filter_map(|name| variables.filled(name));
    let own = [&region, &adapter.endpoint, &adapter.guardrail.identifier].into_iter().flatten().chain(auth);
    let evident = own.filter(|field| field.is_filled()).any(|field| !used.contains(&field.key.span()));
    if models.is_empty() && !evident {
        return None;
    }
    let shared = || {
        let shared = variables.settled_region(agreed(variables, &SHARED_REGIONS)?, "AWS_REGION");
        Some(if another_region(variables, &shared, &models, used) { unknown(&shared) } else { shared })
    };
    adapter.region = region.or_else(shared);
    adapter.models = models;
    Some(adapter)
}

/// The keys of an adapter's settings.
fn keys(adapter: &Adapter) -> Vec<Span> {
    let auth = &adapter.auth;
    let single = [&adapter.region, &adapter.endpoint, &adapter.guardrail.identifier, &auth.profile, &auth.role];
    let settings = single.into_iter().flatten().chain(auth.fields());
    settings.chain(adapter.models.iter().map(|model| &model.field)).map(|field| field.key.span()).collect()
}

/// A model, and the Region that the list names for it alone.
struct Named {
    model: ModelField,
    region: Option<Field>,
}

impl Named {
    fn with_region(self) -> ModelField {
        let Self { mut model, region } = self;
        model.region = model.region.or_else(|| region.map(|region| region.value));
        model
    }
}

fn models(variables: &Variables, used: &HashSet<Span>) -> Vec<Named> {
    let of_oracle = variables.iter().any(|(name, _)| name.starts_with("OCI_") || name.starts_with("ORACLE_"));
    let completed = Completed::of(variables);
    let gateways = Gateways::of(variables);
    let models = variables.iter().filter_map(|(name, field)| {
        if used.contains(&field.key.span()) || clients::own(name, variables) || field.is_blank() {
            return None;
        }
        let naming = Naming::of(name)?;
        let mut model = model(field, naming.purpose())?;
        let id = model.id.as_str();
        // the ARN of a foundation model is what policies name; calls name its id
        let for_policies = id.starts_with("arn:") && id.contains(":foundation-model/");
        let is_bare = is_bare_id(id);
        let id_prefix = id.split_once('.').filter(|_| !is_bare).map(|(prefix, _)| prefix.to_owned());
        let is_id = is_model_shaped(id) && (naming.says_bedrock || !of_oracle);
        let is_meant = naming.says_bedrock && (names_provider(id) || field.literal().is_none());
        if !is_id && !(naming.is_of_model && (is_meant || is_for_litellm(field))) {
            return None;
        }
        if gateways.serve(naming.stem(), model.routed) {
            return None;
        }
        // `EU_MODEL=eu.…`: each geography has a client of its own
        let of_geography =
            id_prefix.is_some_and(|prefix| naming.words.iter().any(|word| word.eq_ignore_ascii_case(&prefix)));
        let region = region_beside(name, &naming, variables).or_else(|| of_geography.then(|| unknown(field)));
        model.stands_behind = for_policies || completed.completes(&naming);
        model.is_foundation = naming.words.windows(2).any(|pair| pair == ["FOUNDATION", "MODEL"]);
        Some(Named { model, region })
    });
    models.collect()
}

/// What the name of a variable says of the model in it.
struct Naming<'a> {
    words: Vec<&'a str>,
    /// How many words stand before `MODEL` or `INFERENCE_PROFILE`; all where there is none.
    stem: usize,
    says_bedrock: bool,
    /// Whether it can hold nothing but a model: `…_MODEL_ID`, not `…_MODEL_BUCKET`.
    is_of_model: bool,
    is_profile: bool,
}

impl<'a> Naming<'a> {
    /// `None` if the variable names no model that is called on Amazon Bedrock.
    fn of(name: &'a str) -> Option<Self> {
        let words: Vec<&str> = name.splitn(MOST_WORDS + 1, '_').collect();
        let says = |word: &str| words.contains(&word);
        let says_bedrock = says("BEDROCK");
        let profile = words.windows(2).position(|pair| pair == ["INFERENCE", "PROFILE"]);
        let model = words.iter().position(|word| matches!(*word, "MODEL" | "MODELID"));
        let says_model = profile.or(model).is_some() || says("LLM");
        let is_other = words.len() > MOST_WORDS
            || NOT_CALLED.iter().any(|word| says(word))
            || is_named_gone(&words)
            || (!says_bedrock && (!says_model || OTHER_PROVIDERS.iter().any(|word| says(word))));
        let ends = ["ARN", "ID", "LLM", "MODEL", "MODELID", "NAME", "PROFILE"];
        let is_of_model = says_model && words.last().is_some_and(|last| ends.contains(last));
        let (stem, is_profile) = (profile.or(model).unwrap_or(words.len()), profile.is_some());
        (!is_other).then_some(Self { words, stem, says_bedrock, is_of_model, is_profile })
    }

    fn stem(&self) -> &[&'a str] {
        self.words.get(..self.stem).unwrap_or_default()
    }

    fn purpose(&self) -> Option<Purpose> {
        let says = |wanted: &[&str]| self.words.iter().any(|word| wanted.contains(word));
        match () {
            () if says(&["EMBED", "EMBEDDING", "EMBEDDINGS"]) => Some(Purpose::Embedding),
            () if says(&["CHAT", "LLM"]) => Some(Purpose::Llm),
            () => None,
        }
    }
}

/// How a program makes what it calls out of a model id that stands beside.
struct Completed<'a> {
    /// The words before `INFERENCE_PROFILE` of the profiles in the list: they are called, and the ids beside them tell
    /// what model that is.
    profiles: HashSet<Vec<&'a str>>,
    /// Whether a prefix is put before ids.
    by_prefix: bool,
}

impl<'a> Completed<'a> {
    fn of(variables: &'a Variables) -> Self {
        let mut completed = Self { profiles: HashSet::new(), by_prefix: false };
        for (name, _) in variables.iter().filter(|(_, field)| field.is_filled()) {
            let says = |word: &str| name.split('_').any(|one| one == word);
            let crosses = says("CROSS") && says("REGION") && variables.switch(name) != Switch::Off;
            let prefix = says("PREFIX") && ["GEO", "INFERENCE", "MODEL", "PROFILE", "REGION"].into_iter().any(says);
            completed.by_prefix |= crosses || prefix;
            let profile = Naming::of(name).filter(|naming| naming.is_profile && !prefix);
            completed.profiles.extend(profile.map(|naming| naming.stem().to_vec()));
        }
        completed
    }

    fn completes(&self, naming: &Naming<'_>) -> bool {
        let base = naming.words.windows(2).any(|pair| pair == ["BASE", "MODEL"]);
        let stem = naming.stem();
        let mut starts = (0..=stem.len()).filter_map(|length| stem.get(..length));
        let by_profile = starts.any(|start| self.profiles.contains(start));
        !naming.is_profile && (base || self.by_prefix || by_profile)
    }
}

/// What the name of a Region ends with, behind what it is for.
const REGIONS: [&str; 6] =
    ["REGION", "AWS_REGION", "REGION_NAME", "AWS_REGION_NAME", "BEDROCK_REGION", "AWS_BEDROCK_REGION"];

/// The Region that the list names for one model: `EMBEDDING_REGION` or `AWS_EMBEDDING_REGION` for `EMBEDDING_MODEL_ID`,
/// `X_BEDROCK_REGION` for `X_BEDROCK_SMALL_MODEL`. The nearest name counts; that of something wider (`APP_REGION` for `APP_CHAT_MODEL`) only says
/// that another Region may be meant than all of AWS shares.
fn region_beside(name: &str, naming: &Naming<'_>, variables: &Variables) -> Option<Field> {
    let of = |start: &str| {
        let behind = ["REGION", "REGION_NAME"].map(|end| format!("AWS_{start}_{end}"));
        let names = REGIONS.map(|end| format!("{start}_{end}")).into_iter().chain(behind);
        let names: Vec<String> = names.filter(|name| variables.filled(name).is_some()).collect();
        agreed(variables, &names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let stem = naming.stem();
    let starts = (1..=stem.len()).rev().filter_map(|length| stem.get(..length));
    let beside = starts.filter(|words| *words != ["AWS"]).find_map(|words| {
        let found = of(&words.join("_"))?;
        let is_its_own = words.len() == stem.len() || words.contains(&"BEDROCK");
        let differs = || agreed(variables, &SHARED_REGIONS).is_none_or(|shared| shared.given() != found.given());
        if is_its_own { Some(found) } else { differs().then(|| unknown(&found)) }
    });
    of(name).or(beside)
}

/// The Region of Amazon Bedrock, where the list tells it from that of other services. Shorter names go first; where
/// longer ones differ, each belongs to something of its own.
fn region(variables: &Variables, used: &HashSet<Span>) -> Option<Field> {
    let free = variables.iter().filter(|(_, field)| !used.contains(&field.key.span()));
    let names = free.map(|(name, _)| name).filter(|name| {
        let mut behind = name.split('_').skip_while(|word| *word != "BEDROCK").skip(1);
        let region = behind.clone().any(|word| word == "REGION");
        region
            && !is_named_gone(&name.split('_').collect::<Vec<_>>())
            && behind.all(|word| ["AWS", "DEFAULT", "NAME", "REGION", "RUNTIME"].contains(&word))
    });
    let names: Vec<&str> = names.collect();
    let (short, long): (Vec<&str>, Vec<&str>) =
        names.into_iter().partition(|name| name.starts_with("BEDROCK_") || name.starts_with("AWS_BEDROCK_"));
    agreed(variables, &short).filter(Field::is_filled).or_else(|| agreed(variables, &long).filter(Field::is_filled))
}

/// What all of these variables that say something say; not known where they differ.
fn agreed(variables: &Variables, names: &[&str]) -> Option<Field> {
    let first = variables.first(names)?;
    let filled = names.iter().filter_map(|name| variables.filled(name));
    let mut values = filled.map(Field::given);
    let known = values.next().unwrap_or_default();
    Some(if values.all(|value| value == known) { first } else { unknown(&first) })
}

/// The guardrail, where its version is there as well: else the program knows one.
fn guardrail(variables: &Variables, has_models: bool) -> Guardrail {
    let found = variables.iter().find_map(|(name, field)| {
        let start = ["_IDENTIFIER", "_ARN", "_ID"].iter().find_map(|end| name.strip_suffix(end))?;
        let words: Vec<&str> = start.split('_').collect();
        let is_one = words.last().is_some_and(|word| matches!(*word, "GUARDRAIL" | "GUARDRAILS"));
        let beside = |end: &str| variables.get(&format!("{start}_{end}")).cloned();
        let version = beside("VERSION")?;
        let guardrail =
            || Guardrail { identifier: Some(field.clone()), version: Some(version), trace: beside("TRACE") };
        (is_one && field.is_filled() && (has_models || words.contains(&"BEDROCK"))).then(guardrail)
    });
    found.unwrap_or_default()
}
