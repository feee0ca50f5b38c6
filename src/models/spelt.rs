//! What a query means where it is more than words: routes of clients, zones, resources of an account.

use super::ModelsRequest;
use crate::adapter::split_model_name;
use crate::bedrock::{ArnFields, Catalogue, RegionName, classify_region, is_region_like};

/// What Claude Code takes behind an id: it asks for a longer context.
const CONTEXT: &str = "[1m]";

/// Resources whose model is known to their account alone: the type in their ARNs, what they are, and the command that
/// tells.
const OF_ACCOUNT: [(&str, &str, &str); 6] = [
    (
        "application-inference-profile",
        "an application inference profile",
        "get-inference-profile --inference-profile-identifier",
    ),
    ("provisioned-model", "Provisioned Throughput", "get-provisioned-model-throughput --provisioned-model-id"),
    ("custom-model", "a custom model", "get-custom-model --model-identifier"),
    (
        "custom-model-deployment",
        "a deployment of a custom model",
        "get-custom-model-deployment --custom-model-deployment-identifier",
    ),
    ("imported-model", "an imported model", "get-imported-model --model-identifier"),
    ("prompt-router", "a prompt router", "get-prompt-router --prompt-router-arn"),
];

/// A query without what clients put around an id.
pub(super) struct Spelt {
    pub(super) request: ModelsRequest,
    /// What was taken away or taken for something else.
    pub(super) notes: Vec<String>,
}

impl Spelt {
    pub(super) fn of(request: &ModelsRequest, catalogue: &Catalogue) -> Self {
        let mut spelt = Self { request: ModelsRequest { words: Vec::new(), ..request.clone() }, notes: Vec::new() };
        for word in request.words.iter().flat_map(|word| word.split_whitespace()) {
            let word = spelt.without_client(word);
            spelt.request.words.push(match classify_region(catalogue, word) {
                RegionName::AvailabilityZone { region } => {
                    spelt.notes.push(format!("`{word}` is an Availability Zone of the Region `{}`", region.code));
                    region.code.to_string()
                }
                _ => word.to_owned(),
            });
        }
        let known = |code: &String| catalogue.region(code).is_some();
        spelt.request.region = spelt.request.region.filter(known);
        spelt
    }

    /// The id or ARN in a word; the Region of a route is taken for the one that is called.
    fn without_client<'w>(&mut self, word: &'w str) -> &'w str {
        let (mut id, had_context) = word.strip_suffix(CONTEXT).map_or((word, false), |id| (id, true));
        let name = split_model_name(id, is_region_like);
        let alone = id.get(name.id.clone()).filter(|alone| name.routed && !name.is_no_model && !alone.is_empty());
        if let Some(alone) = alone {
            let route = id.get(..name.id.start).unwrap_or_default();
            self.notes.push(format!("`{route}` is a route of LiteLLM, and no part of the id"));
            let region = name.region.and_then(|range| id.get(range)).map(str::to_owned);
            self.request.region = self.request.region.take().or(region);
            id = alone;
        }
        if had_context {
            self.notes.push(format!("`{CONTEXT}` asks Claude Code for a longer context, and is no part of the id"));
        }
        id
    }
}

/// What is to be said of the ARN of a resource that belongs to an account.
pub(super) fn of_account(word: &str) -> Option<String> {
    let arn = ArnFields::split(word)?;
    let (_, noun, command) = OF_ACCOUNT.into_iter().find(|(kind, ..)| *kind == arn.resource_type.text)?;
    Some(format!("it is {noun}, whose model its account alone knows: `aws bedrock {command} {word}` tells it"))
}
