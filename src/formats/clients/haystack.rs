//! Haystack: components of Amazon Bedrock in a pipeline that was saved as YAML.
//!
//! Source: deepset-ai/haystack-core-integrations, `integrations/amazon_bedrock` (`init_parameters`; the Region and the
//! credential are secrets that name variables, unless a string stands there).

use super::super::Reader;
use super::super::environment::model;
use super::super::field::{at, field, text};
use crate::adapter::{Adapter, Auth, Consumer, Field, Purpose};
use crate::syntax::Node;

pub(super) fn read(root: &Node, reader: &mut Reader<'_>) {
    for component in root.get("components").map(Node::entries).unwrap_or_default() {
        let class = text(&component.value, &["type"]).map_or("", |class| class.as_str());
        let parameters = at(&component.value, &["init_parameters"]);
        let Some(parameters) = parameters.filter(|_| class.contains(".amazon_bedrock.")) else { continue };
        let mut adapter = Adapter::new(Consumer::Haystack, component.value.span);
        adapter.name = Some(component.key.as_str().to_owned());
        adapter.purpose = match () {
            () if class.contains(".generators.") => Some(Purpose::Llm),
            () if class.contains(".embedders.") => Some(Purpose::Embedding),
            () => None,
        };
        adapter.models = field(parameters, "model").and_then(|field| model(&field, None)).into_iter().collect();
        let get = |key: &str| field(parameters, key).filter(Field::is_filled);
        adapter.region = get("aws_region_name");
        adapter.auth = Auth {
            access_key_id: get("aws_access_key_id"),
            secret_access_key: get("aws_secret_access_key"),
            session_token: get("aws_session_token"),
            profile: get("aws_profile_name"),
            ..Auth::default()
        };
        reader.adapter(adapter, &component.value);
    }
}
