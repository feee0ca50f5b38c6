//! Addresses of gateways. Whoever calls one is served by the names that the gateway has for models, from where it calls
//! them: of ids beside such an address nothing is known.
//!
//! Sources: openai/openai-python (`OPENAI_BASE_URL`; `OPENAI_API_BASE` before its version 1), anthropics/anthropic-sdk-python
//! (`ANTHROPIC_BASE_URL`, `ANTHROPIC_BEDROCK_BASE_URL`), LiteLLM documentation, "LiteLLM Proxy (LLM Gateway)"
//! (`LITELLM_PROXY_API_BASE`), Open WebUI, "Environment Variable Configuration" (`OPENAI_API_BASE_URL`).

use super::Variables;
use crate::adapter::Field;
use crate::bedrock::is_url_of_aws;

/// What stands behind the client in the name of an address, the longer ends first; and whether any client has such an
/// address for its models: `APP_URL` is where the program itself is found.
const ENDS: [(&str, bool); 10] = [
    ("_API_BASE_URLS", true),
    ("_API_BASE_URL", true),
    ("_BASE_URLS", true),
    ("_BASE_URL", true),
    ("_API_BASE", true),
    ("_API_ENDPOINT", false),
    ("_ENDPOINT_URL", false),
    ("_ENDPOINT", false),
    ("_API_URL", false),
    ("_URL", false),
];

/// Words of clients whose address serves every model that is called.
const CLIENTS: [&str; 8] = ["AI", "ANTHROPIC", "BEDROCK", "CLAUDE", "GENAI", "LITELLM", "LLM", "OPENAI"];

/// Words that may stand beside those.
const KINDS: [&str; 4] = ["AWS", "GATEWAY", "MODEL", "PROXY"];

/// Where the clients go by default: no gateway, and nobody who has models of Amazon Bedrock.
const OWN_HOSTS: [&str; 2] = ["://api.openai.com", "://api.anthropic.com"];

/// The gateways that a list of variables names.
pub(super) struct Gateways<'a>(Vec<Gateway<'a>>);

struct Gateway<'a> {
    /// The words of the client that calls it.
    client: Vec<&'a str>,
    /// How many of these stand before those that mean any model.
    start: Option<usize>,
    /// Whether it may know models by the names that LiteLLM gives them.
    knows_routes: bool,
}

impl<'a> Gateways<'a> {
    pub(super) fn of(variables: &'a Variables) -> Self {
        let filled = variables.iter().filter(|(_, field)| is_elsewhere(field));
        Self(filled.filter_map(|(name, field)| Gateway::of(name, field)).collect())
    }

    /// Whether a model goes to one of them. `stem` is what stands before `MODEL` in the name of its variable; a `routed`
    /// one says by itself that LiteLLM, or a client like it, calls Amazon Bedrock.
    pub(super) fn serve(&self, stem: &[&str], routed: bool) -> bool {
        self.0.iter().any(|gateway| gateway.serves(stem, routed))
    }
}

impl<'a> Gateway<'a> {
    fn of(name: &'a str, field: &Field) -> Option<Self> {
        let bare = ["BASE_URL", "API_BASE", "API_BASE_URL"].contains(&name);
        let found = ENDS.iter().find_map(|(end, of_any)| Some((name.strip_suffix(end)?, *of_any)));
        let (client, of_any) = if bare { ("", true) } else { found? };
        let mut client: Vec<&str> = client.split('_').filter(|word| !word.is_empty()).collect();
        let of_all = client.iter().rev().take_while(|word| CLIENTS.contains(word) || KINDS.contains(word)).count();
        let start = client.len() - of_all;
        let names_one = client.iter().skip(start).any(|word| CLIENTS.contains(word));
        let start = Some(start).filter(|_| names_one);
        let says = |words: &[&str]| client.iter().any(|word| words.contains(word));
        let knows_routes = says(&["GATEWAY", "LITELLM", "PROXY"]) || field.value.as_str().contains("litellm");
        // `CHAT_MODEL_BASE_URL` is that of `CHAT_MODEL`
        if client.last() == Some(&"MODEL") {
            client.pop();
        }
        (of_any || start.is_some()).then_some(Self { client, start, knows_routes })
    }

    fn serves(&self, stem: &[&str], routed: bool) -> bool {
        let of_all = || self.start.and_then(|start| self.client.get(..start)).is_some_and(|own| stem.starts_with(own));
        self.client == stem || ((!routed || self.knows_routes) && of_all())
    }
}

/// Whether an address leads neither to AWS nor to the client's own provider, or is not known.
fn is_elsewhere(field: &Field) -> bool {
    let url = field.value.as_str();
    let is_other_scheme = url.contains("://") && !url.starts_with("http") && field.literal().is_some();
    let is_own = !url.contains([';', ',']) && OWN_HOSTS.iter().any(|host| url.contains(host));
    field.is_filled() && !is_other_scheme && !is_own && !is_url_of_aws(url)
}
