//! Cline and Roo Code: exported settings, of which each profile is a map with all of a provider's keys, and the providers
//! of Cline's SDK.
//!
//! Sources: cline/cline `apps/vscode/src/sdk/bedrock-config.ts` and `sdk/packages/llms/src/providers/config.ts`;
//! RooCodeInc/Roo-Code `packages/types/src/provider-settings.ts` and `src/api/providers/bedrock.ts`.

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text};
use super::completed;
use crate::adapter::{Adapter, Auth, AuthMode, Consumer, Credential, Field, ModelField, Purpose};
use crate::syntax::Node;

/// How deep profiles are looked for: `providerProfiles.apiConfigs.NAME`.
const DEPTH: usize = 5;

/// Cline may plan with another provider and model than it acts with.
const MODES: [(&str, &str); 3] = [
    ("apiProvider", "apiModelId"),
    ("planModeApiProvider", "planModeApiModelId"),
    ("actModeApiProvider", "actModeApiModelId"),
];

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    find(root, DEPTH, reader);
}

fn find(node: &Node, depth: usize, reader: &mut Reader<'_>) {
    if MODES.iter().any(|(provider, _)| is_bedrock(node, provider)) {
        reader.adapter(extension(node), node);
    } else if is_bedrock(node, "provider") && at(node, &["aws"]).is_some_and(|aws| aws.get("authentication").is_some())
    {
        reader.adapter(sdk(node), node);
    } else if depth > 0 {
        for inner in node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)) {
            find(inner, depth - 1, reader);
        }
    }
}

fn is_bedrock(node: &Node, key: &str) -> bool {
    text(node, &[key]).is_some_and(|provider| provider.as_str() == "bedrock")
}

/// Whether a switch is on, or not known.
fn may_be_on(node: &Node, key: &str) -> bool {
    field(node, key).is_some_and(|switch| switch.is_filled() && switch.given() != Some("false"))
}

fn extension(node: &Node) -> Adapter {
    let get = |key: &str| field(node, key).filter(Field::is_filled);
    let of_roo = ["awsCustomArn", "awsUseApiKey", "awsApiKey", "awsUsePromptCache", "awsBedrockEndpointEnabled"];
    let is_roo = of_roo.iter().any(|key| node.get(key).is_some());
    let mut adapter = Adapter::new(if is_roo { Consumer::RooCode } else { Consumer::Cline }, node.span);
    adapter.name = get("id").and_then(|id| Some(id.given()?.to_owned()));
    adapter.purpose = Some(Purpose::Llm);
    adapter.region = get("awsRegion");
    let arn = get("awsCustomArn");
    let named = MODES.iter().filter(|(provider, _)| is_bedrock(node, provider)).filter_map(|(_, id)| get(id));
    let named: Vec<ModelField> = named.filter(is_id).filter_map(|field| model(&field, None)).collect();
    let prefixed = ["awsUseCrossRegionInference", "awsUseGlobalInference"].iter().any(|key| may_be_on(node, key));
    adapter.models = match &arn {
        Some(arn) => model(arn, None).into_iter().collect(),
        None => named.into_iter().map(|model| if prefixed { completed(model) } else { model }).collect(),
    };
    // Roo Code calls the Region of the ARN
    if let Some(region) = arn.as_ref().and_then(region_of_arn) {
        adapter.region = Some(region);
    }
    adapter.endpoint = get("awsBedrockEndpoint").filter(|_| !is_roo || may_be_on(node, "awsBedrockEndpointEnabled"));
    let method = get("awsAuthentication");
    let uses = |key: &str, word: &str| {
        may_be_on(node, key) || method.as_ref().and_then(Field::given).is_some_and(|method| method == word)
    };
    let mode = if uses("awsUseApiKey", "apikey") {
        AuthMode::Chosen(Credential::ApiKey)
    } else if uses("awsUseProfile", "profile") {
        AuthMode::Chosen(Credential::Profile)
    } else {
        AuthMode::Open
    };
    // what is not chosen stays in the settings, and no harm is in that
    let of = |credential: Credential, key: &str| {
        get(key).filter(|_| mode == AuthMode::Open || mode == AuthMode::Chosen(credential))
    };
    adapter.auth = Auth {
        mode,
        access_key_id: of(Credential::AccessKeys, "awsAccessKey"),
        secret_access_key: of(Credential::AccessKeys, "awsSecretKey"),
        session_token: of(Credential::AccessKeys, "awsSessionToken"),
        api_key: of(Credential::ApiKey, "awsApiKey").or_else(|| of(Credential::ApiKey, "awsBedrockApiKey")),
        profile: get("awsProfile").filter(|_| mode == AuthMode::Chosen(Credential::Profile)),
        ..Auth::default()
    };
    adapter
}

/// Roo Code's word for the ARN that stands beside.
fn is_id(field: &Field) -> bool {
    field.given() != Some("custom-arn")
}

fn region_of_arn(arn: &Field) -> Option<Field> {
    let written = arn.literal()?;
    let before: usize = written.split(':').take(3).map(|part| part.len() + 1).sum();
    let region = written.split(':').nth(3).filter(|region| !region.is_empty())?;
    let value = arn.value.part(before..before + region.len());
    Some(Field { span: value.span(), value, ..arn.clone() })
}

/// An entry of `providers.json`.
fn sdk(node: &Node) -> Adapter {
    let aws = |key: &str| at(node, &["aws"]).and_then(|aws| field(aws, key)).filter(Field::is_filled);
    let mut adapter = Adapter::new(Consumer::Cline, node.span);
    adapter.purpose = Some(Purpose::Llm);
    adapter.models = field(node, "model").and_then(|field| model(&field, None)).into_iter().collect();
    adapter.region = field(node, "region").filter(Field::is_filled);
    adapter.endpoint = aws("endpoint");
    let method = aws("authentication");
    let is = |words: &[&str]| method.as_ref().and_then(Field::given).is_some_and(|word| words.contains(&word));
    adapter.auth = Auth {
        api_key: field(node, "apiKey").filter(|_| is(&["api-key", "apikey"])),
        profile: aws("profile").filter(|_| is(&["profile"])),
        ..Auth::default()
    };
    adapter
}
