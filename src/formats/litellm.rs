//! LiteLLM: the entries of its proxy's `model_list`, and guardrails of Amazon Bedrock, in a file of any name or inside of
//! other settings such as values of Helm. Each entry is an adapter.
//!
//! What only names groups of models (`router_settings`, `fallbacks`, `model_name`) or prices (`base_model`, unless an ARN
//! hides the model) is not called.
//!
//! Sources: BerriAI/litellm 1.109.1, `types/router.py` (`LiteLLM_Params`, `CredentialLiteLLMParams`),
//! `llms/bedrock/base_aws_llm.py` (credentials, Region, endpoint), `proxy/guardrails/guardrail_hooks/bedrock_guardrails.py`, `llms/bedrock/common_utils.py` (`region_name` for
//! `aws_region_name`), `proxy/proxy_server.py` (`environment_variables`), `litellm_core_utils/get_llm_provider_logic.py`
//! (ids without a provider); robusta-dev/holmesgpt `docs/ai-providers/aws-bedrock.md` (`modelList`).

mod thinking;

use std::collections::HashMap;

use super::Reader;
use super::field::{field, field_of, unknown};
use crate::adapter::{
    Adapter, Auth, Consumer, Credential, Field, Guardrail, ModelField, SamplingParameter, split_model_name,
};
use crate::bedrock::{Endpoint, is_model_shaped, is_region_like};
use crate::syntax::{Entry, Node, ScalarKind};

/// How deep entries are looked for: deeper than the values of a Helm chart that is part of another.
const DEPTH: usize = 12;

/// How a value begins that is read from a variable.
const VARIABLE: &str = "os.environ/";

/// Finds the entries of a document.
pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    find(root, None, DEPTH, reader);
}

/// What a list of entries stands beside: what all of them may use.
struct Config<'n> {
    /// The values of credentials by their names.
    credentials: HashMap<&'n str, &'n Node>,
    /// The variables that are set before entries are read.
    variables: HashMap<&'n str, Field>,
    /// Where parameters stand that all entries have.
    shared: Vec<&'n Node>,
}

impl<'n> Config<'n> {
    fn of(node: &'n Node) -> Self {
        let credentials = node.get("credential_list").map(Node::items).unwrap_or_default();
        let named = |credential: &'n Node| {
            Some((credential.get("credential_name")?.string()?.as_str(), credential.get("credential_values")?))
        };
        let variables = node.get("environment_variables").map(Node::entries).unwrap_or_default();
        let variable = |entry: &'n Entry| Some((entry.key.as_str(), field_of(entry).filter(Field::is_filled)?));
        Self {
            // of two with one name, the first is found
            credentials: credentials.iter().rev().filter_map(named).collect(),
            variables: variables.iter().filter_map(variable).collect(),
            shared: shared(node),
        }
    }
}

/// The settings of a configuration whose parameters go into every call.
fn shared(node: &Node) -> Vec<&Node> {
    let ways: [&[&str]; 4] = [
        &["litellm_settings"],
        &["litellm_settings", "default_litellm_params"],
        &["router_settings", "default_litellm_params"],
        &["default_litellm_params"],
    ];
    ways.iter().filter_map(|way| way.iter().try_fold(node, |node, key| node.get(key))).collect()
}

/// `config` is what the entries stand in: the nearest map around them with a `model_list`.
fn find(node: &Node, config: Option<&Config<'_>>, depth: usize, reader: &mut Reader<'_>) {
    if let Some(params) = node.get("litellm_params") {
        reader.facts.understood = true;
        let name = field(node, "model_name").or_else(|| field(node, "guardrail_name"));
        let behind = node.get("model_info").and_then(|info| field(info, "base_model"));
        let settings = Settings::new(params, config);
        return entry(node, &settings, name, behind, reader);
    }
    let lists = ["model_list", "modelList"].map(|key| node.get(key));
    let own = lists.iter().any(Option::is_some).then(|| Config::of(node));
    let config = own.as_ref().or(config);
    // HolmesGPT gives each entry a key in the place of a name
    for named in lists.into_iter().flatten().flat_map(Node::entries) {
        let key = Field {
            key: named.key.clone(),
            value: named.key.clone(),
            kind: ScalarKind::String,
            span: named.key.span(),
        };
        entry(&named.value, &Settings::new(&named.value, None), Some(key), None, reader);
    }
    if depth > 0 {
        for inner in node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)) {
            find(inner, config, depth - 1, reader);
        }
    }
}

/// Where the parameters of an entry are looked for: in its own, in those of a credential that it shares with others, in
/// the variables of the file.
struct Settings<'n> {
    /// Its own.
    params: &'n Node,
    /// The name of the credential.
    shared: Option<Field>,
    /// The values of that, where they stand in the same file.
    credential: Option<&'n Node>,
    config: Option<&'n Config<'n>>,
}

impl<'n> Settings<'n> {
    fn new(params: &'n Node, config: Option<&'n Config<'n>>) -> Self {
        let shared = field(params, "litellm_credential_name").filter(Field::is_filled);
        let name = shared.as_ref().and_then(Field::literal);
        let credential = config.and_then(|config| config.credentials.get(name?).copied());
        Self { params, shared, credential, config }
    }

    /// A parameter. Null counts as not given.
    fn get(&self, key: &str) -> Option<Field> {
        let is_null = |field: &Field| field.kind == ScalarKind::Null;
        let own = field(self.params, key);
        let given = own.clone().filter(|field| !is_null(field));
        let given = given.or_else(|| field(self.credential?, key).filter(|field| !is_null(field))).or(own)?;
        let named = given.value.as_str().strip_prefix(VARIABLE).and_then(|name| self.variable(&[name]));
        Some(named.unwrap_or(given))
    }

    /// The first of these variables that the file sets.
    fn variable(&self, names: &[&str]) -> Option<Field> {
        let variables = &self.config?.variables;
        names.iter().find_map(|name| variables.get(name)).cloned()
    }

    /// A parameter, else the variable that LiteLLM reads in its place.
    fn get_or(&self, key: &str, variables: &[&str]) -> Option<Field> {
        let own = self.get(key);
        own.clone().filter(|field| field.kind != ScalarKind::Null).or_else(|| self.variable(variables)).or(own)
    }
}

fn entry(node: &Node, settings: &Settings<'_>, name: Option<Field>, base: Option<Field>, reader: &mut Reader<'_>) {
    let model = settings.get("model").filter(|model| is_of_bedrock(model, settings));
    let is_guardrail = settings.get("guardrail").is_some_and(|name| name.literal() == Some("bedrock"));
    if model.is_none() && !is_guardrail {
        return;
    }
    let mut adapter = Adapter::new(Consumer::LiteLlm, node.span);
    adapter.name = name.and_then(|name| Some(name.given()?.to_owned()));
    adapter.models = model.map(|model| models(model, settings.get("model_id"), base)).unwrap_or_default();
    adapter.region = region(&adapter.models, settings);
    adapter.ignored_regions = ["aws_region", "region"].into_iter().filter_map(|key| settings.get(key)).collect();
    // the first two are where requests are sent to in any case
    let proxy = settings.get_or("aws_bedrock_runtime_endpoint", &["AWS_BEDROCK_RUNTIME_ENDPOINT"]);
    adapter.endpoint = proxy.filter(Field::is_filled).or_else(|| settings.get("api_base"));
    adapter.auth = auth(settings);
    adapter.thinking = thinking::of(settings);
    adapter.max_tokens = settings.get("max_tokens").or_else(|| settings.get("max_completion_tokens"));
    adapter.sampling = sampling(settings.params);
    adapter.drops_refused_parameters = drops_refused_parameters(settings);
    let config = settings.params.get("guardrailConfig").or_else(|| Some(settings.params).filter(|_| is_guardrail));
    adapter.guardrail = config.map(guardrail).unwrap_or_default();
    reader.adapter(adapter, node);
}

/// Whether LiteLLM sends a call to Amazon Bedrock: the provider is named, or the id alone is in its table of models. No
/// other provider has ids of that shape; one that is not in the table is refused.
fn is_of_bedrock(model: &Field, settings: &Settings<'_>) -> bool {
    let is_ours = |provider: &str| matches!(provider, "bedrock" | "bedrock_converse" | "bedrock_mantle");
    let name = model.value.as_str();
    if split_model_name(name, is_region_like).routed {
        return true;
    }
    match settings.get("custom_llm_provider").filter(Field::is_filled) {
        Some(provider) => provider.given().is_some_and(is_ours),
        None => model.literal().is_some_and(is_model_shaped),
    }
}

/// What is called: the ARN in `model_id` where there is one, and the model behind it.
fn models(model: Field, arn: Option<Field>, base: Option<Field>) -> Vec<ModelField> {
    let arn = arn.filter(Field::is_filled);
    let name = split_model_name(model.value.as_str(), is_region_like);
    if name.is_no_model && arn.is_none() {
        return Vec::new();
    }
    let hides = model.value.as_str().get(name.id).is_some_and(|id| id.starts_with("arn:"));
    let base = base.filter(|base| arn.is_none() && hides && base.is_filled());
    let mut models = vec![model_field(model, arn.is_some())];
    models.extend(base.map(|base| model_field(base, true)));
    models.extend(arn.map(|arn| model_field(arn, false)));
    models
}

/// A model as LiteLLM, or who hands it to LiteLLM, reads it.
pub(super) fn model_field(field: Field, stands_behind: bool) -> ModelField {
    let name = split_model_name(field.value.as_str(), is_region_like);
    let id = field.value.part(name.id);
    ModelField {
        id,
        purpose: None,
        endpoint: if name.mantle { Endpoint::BedrockMantle } else { Endpoint::BedrockRuntime },
        region: name.region.map(|range| field.value.part(range)),
        routed: name.routed,
        stands_behind,
        is_foundation: false,
        field,
    }
}

/// The Region in the settings. What the model's own name says comes before variables.
fn region(models: &[ModelField], settings: &Settings<'_>) -> Option<Field> {
    let own = settings.get("aws_region_name").or_else(|| settings.get("region_name"));
    if own.as_ref().is_some_and(|own| own.kind != ScalarKind::Null) {
        return own;
    }
    // what a credential says that stands elsewhere is not known
    if let Some(elsewhere) = settings.shared.as_ref().filter(|_| settings.credential.is_none()) {
        return Some(unknown(elsewhere));
    }
    let of_arn = |id: &str| id.starts_with("arn:") && id.split(':').nth(3).is_some_and(|region| !region.is_empty());
    let mut called = models.iter().filter(|model| !model.stands_behind);
    if called.any(|model| model.region.is_some() || of_arn(model.id.as_str())) {
        return own;
    }
    settings.variable(&["AWS_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION"]).or(own)
}

/// The entry's own credential. Variables serve entries without one, and an API key among them is taken before all others.
fn auth(settings: &Settings<'_>) -> Auth {
    let own = Auth {
        access_key_id: settings.get("aws_access_key_id"),
        secret_access_key: settings.get("aws_secret_access_key"),
        session_token: settings.get("aws_session_token"),
        api_key: settings.get_or("api_key", &["AWS_BEARER_TOKEN_BEDROCK"]),
        profile: settings.get("aws_profile_name"),
        role: settings.get("aws_role_name"),
        ..Auth::default()
    };
    let kinds = [Credential::AccessKeys, Credential::Profile, Credential::Role];
    let has_own = kinds.iter().any(|kind| own.filled(*kind).next().is_some());
    if has_own || settings.get("api_key").is_some_and(|key| key.is_filled()) {
        return own;
    }
    let variable = |name: &str| settings.variable(&[name]);
    Auth {
        access_key_id: variable("AWS_ACCESS_KEY_ID"),
        secret_access_key: variable("AWS_SECRET_ACCESS_KEY"),
        session_token: variable("AWS_SESSION_TOKEN"),
        profile: variable("AWS_PROFILE_NAME"),
        role: variable("AWS_ROLE_NAME"),
        ..own
    }
}

fn sampling(params: &Node) -> Vec<(SamplingParameter, Field)> {
    let parameters = [
        ("temperature", SamplingParameter::Temperature),
        ("top_p", SamplingParameter::TopP),
        ("top_k", SamplingParameter::TopK),
    ];
    let sent = parameters.into_iter().filter(|(key, _)| !is_dropped(params, key));
    sent.filter_map(|(key, parameter)| Some((parameter, field(params, key)?))).collect()
}

/// Whether LiteLLM is told, for the entry or for all, to leave out what a model does not take. One that says so is enough.
fn drops_refused_parameters(settings: &Settings<'_>) -> bool {
    let shared = settings.config.map(|config| config.shared.as_slice()).unwrap_or_default();
    let mut said =
        [settings.params].into_iter().chain(shared.iter().copied()).filter_map(|node| field(node, "drop_params"));
    // what is not known may be so
    said.any(|field| field.is_filled() && field.given().is_none_or(|given| given.eq_ignore_ascii_case("true")))
}

/// Whether the entry tells LiteLLM to leave a parameter out.
fn is_dropped(params: &Node, key: &str) -> bool {
    let dropped = params.get("additional_drop_params").map(Node::items).unwrap_or_default();
    dropped.iter().filter_map(Node::string).any(|name| name.as_str() == key)
}

/// `guardrailConfig`, which goes into the request as it is.
pub(super) fn guardrail(config: &Node) -> Guardrail {
    Guardrail {
        identifier: field(config, "guardrailIdentifier"),
        version: field(config, "guardrailVersion"),
        trace: field(config, "trace"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use crate::adapter::{Adapter, RequestedThinking};
    use crate::bedrock::{Endpoint, ThinkingMode};
    use crate::formats::{FormatOptions, read};
    use crate::source::Source;

    fn adapters(name: &str, text: &str) -> Vec<Adapter> {
        let facts = read(&Arc::new(Source::new(name, text)), &FormatOptions::default(), false);
        assert_eq!(facts.problems, []);
        facts.adapters.iter().map(|fact| fact.adapter.clone()).collect()
    }

    /// The adapter of one entry with these parameters, in a file with these settings beside the list.
    fn adapter(params: &str, beside: &str) -> Option<Adapter> {
        let text = format!("{beside}\nmodel_list:\n- {{model_name: m, litellm_params: {{{params}}}}}\n");
        adapters("config.yaml", &text).pop()
    }

    fn region(params: &str, beside: &str) -> Option<String> {
        let region = adapter(params, beside).unwrap().region?;
        Some(region.literal().unwrap_or("?").to_owned())
    }

    #[test]
    fn spans_underline_what_is_called() {
        let text = "model_list:\n- model_name: \"m\"\n  litellm_params: &p\n    model: \"bedrock/converse/us-east-1/amazon.nova-lite-v1:0\"\n    \
                    thinking: {type: enabled, budget_tokens: 2048}\n- litellm_params:\n    <<: *p\n    aws_region_name: 'us-west-2'\n";
        let found = adapters("a.yml", text);
        let written = |span: crate::text::Span| &text[span.range()];
        for adapter in &found {
            let model = &adapter.models[0];
            assert_eq!(written(model.id.span()), "amazon.nova-lite-v1:0");
            assert_eq!(written(model.region.as_ref().unwrap().span()), "us-east-1");
            assert_eq!(written(adapter.thinking.budget.as_ref().unwrap().value.span()), "2048");
            assert_eq!(adapter.requested_thinking(), RequestedThinking::Mode(ThinkingMode::Enabled));
        }
        assert_eq!(found[0].name.as_deref(), Some("m"));
        assert_eq!(written(found[1].region.as_ref().unwrap().value.span()), "us-west-2");
    }

    #[test]
    fn the_region_is_found_in_the_order_of_litellm() {
        let variables = "environment_variables: {AWS_DEFAULT_REGION: eu-west-3, AWS_REGION: eu-west-1}";
        let profile = "model: bedrock/eu.amazon.nova-lite-v1:0";
        let arn = "model: 'bedrock/arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6'";
        for (params, beside, expected) in [
            (profile.to_owned(), "", None),
            (profile.to_owned(), variables, Some("eu-west-1")),
            (format!("{profile}, aws_region_name: null"), variables, Some("eu-west-1")),
            (format!("{profile}, region_name: eu-west-2"), variables, Some("eu-west-2")),
            (format!("{profile}, aws_region_name: eu-west-2"), variables, Some("eu-west-2")),
            (format!("{profile}, aws_region_name: os.environ/AWS_REGION"), variables, Some("eu-west-1")),
            (format!("{profile}, aws_region_name: os.environ/OTHER"), variables, Some("?")),
            (format!("{profile}, aws_region_name: $AWS_REGION"), variables, Some("?")),
            (format!("{profile}, litellm_credential_name: c"), variables, Some("?")),
            (arn.to_owned(), variables, None),
            ("model: bedrock/us-east-1/amazon.nova-lite-v1:0".to_owned(), variables, None),
        ] {
            assert_eq!(region(&params, beside).as_deref(), expected, "{params}");
        }
        let shared = "credential_list: [{credential_name: c, credential_values: {aws_region_name: eu-north-1}}]";
        assert_eq!(region(&format!("{profile}, litellm_credential_name: c"), shared).as_deref(), Some("eu-north-1"));
    }

    #[test]
    fn only_what_is_called_on_amazon_bedrock_counts() {
        for (params, called) in [
            ("model: bedrock/us.amazon.nova-lite-v1:0", Some("us.amazon.nova-lite-v1:0")),
            ("model: us.amazon.nova-lite-v1:0", Some("us.amazon.nova-lite-v1:0")),
            ("model: house, custom_llm_provider: bedrock", Some("house")),
            ("model: bedrock/*", Some("")),
            ("model: bedrock/claude_platform/claude-opus-4-8", Some("")),
            ("model: anthropic/claude-opus-4-8", None),
            ("model: amazon.nova-lite-v1:0, custom_llm_provider: openai", None),
            ("model: oci/cohere.command-r-plus", None),
            ("model: claude-opus-4-8", None),
            ("model: os.environ/MODEL", None),
            ("guardrail: bedrock, guardrailIdentifier: gr1a2b3c4d5e", Some("")),
            ("guardrail: presidio", None),
        ] {
            let found = adapter(params, "");
            let id = found.map(|adapter| adapter.models.first().map_or("", |model| model.id.as_str()).to_owned());
            assert_eq!(id.as_deref(), called, "{params}");
        }
        let mantle = adapter("model: bedrock_mantle/openai.gpt-oss-120b", "").unwrap();
        assert_eq!(mantle.models[0].endpoint, Endpoint::BedrockMantle);
        let behind = "model: 'bedrock/arn:aws:bedrock:us-east-1:111122223333:imported-model/a1b2c3d4e5f6'}, model_info: {base_model: x";
        let stands_behind =
            |params| adapter(params, "").unwrap().models.iter().map(|model| model.stands_behind).collect::<Vec<_>>();
        assert_eq!(stands_behind(behind), [false, true]);
        assert_eq!(stands_behind("model: bedrock/x}, model_info: {base_model: x"), [false]);
        assert_eq!(
            stands_behind("model: bedrock/x, model_id: 'arn:aws:bedrock:us-east-1:1:imported-model/x'"),
            [true, false]
        );
    }

    #[test]
    fn what_litellm_decides_by_itself_is_not_known() {
        let thinking = |params: &str| adapter(&format!("model: bedrock/x, {params}"), "").unwrap().requested_thinking();
        assert_eq!(thinking("reasoning_effort: high"), RequestedThinking::Unknown);
        assert_eq!(thinking("reasoning_effort: null"), RequestedThinking::Nothing);
        assert_eq!(thinking("thinking: os.environ/THINKING"), RequestedThinking::Unknown);
        let dropped = "thinking: {type: enabled}, additional_drop_params: [thinking, top_p], top_p: 1, top_k: 5";
        assert_eq!(thinking(dropped), RequestedThinking::Nothing);
        assert_eq!(adapter(&format!("model: bedrock/x, {dropped}"), "").unwrap().sampling.len(), 1);
    }

    #[test]
    fn variables_serve_entries_without_a_credential() {
        let variables = "environment_variables: {AWS_ACCESS_KEY_ID: of-the-file, AWS_BEARER_TOKEN_BEDROCK: a}";
        let auth = |params: &str| adapter(&format!("model: bedrock/x, {params}"), variables).unwrap().auth;
        let key = |params| auth(params).access_key_id.and_then(|key| key.literal().map(str::to_owned));
        assert_eq!(key("rpm: 1").as_deref(), Some("of-the-file"));
        assert_eq!(key("aws_access_key_id: own").as_deref(), Some("own"));
        assert_eq!(key("aws_role_name: 'arn:aws:iam::111122223333:role/r'"), None);
        assert_eq!(key("api_key: b"), None);
        assert!(auth("aws_access_key_id: own").api_key.is_some());
    }

    #[test]
    fn entries_are_not_looked_for_without_end() {
        let nested = |depth: usize| {
            format!(
                "{}{{\"model_name\": \"m\", \"litellm_params\": {{\"model\": \"bedrock/x\"}}}}{}",
                "[".repeat(depth),
                "]".repeat(depth)
            )
        };
        assert_eq!(adapters("a.json", &nested(10)).len(), 1);
        assert_eq!(adapters("a.json", &nested(400)).len(), 0);
    }
}
