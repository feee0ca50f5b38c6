//! Which adapters come out of which variables, with what underlined.
#![expect(clippy::string_slice, reason = "tests")]

use super::super::field::field_of;
use super::{adapters, adapters_of_part};
use crate::adapter::{Adapter, Consumer, Credential, Field, RegionFallback};
use crate::bedrock::Endpoint;
use crate::syntax::dotenv;
use crate::text::SourceMap;

fn read(text: &str) -> Vec<Adapter> {
    let document = dotenv::parse(text, &SourceMap::Verbatim(0));
    adapters(document.root.entries().iter().filter_map(field_of).collect(), document.root.span)
}

/// The consumer and what belongs to it, a line each: `models` with what is underlined, then the settings by their keys.
fn shown(text: &str) -> Vec<String> {
    let said = |label: &str, field: &Option<Field>| {
        let field = field.as_ref()?;
        assert_eq!(&text[field.key.span().range()], field.key.as_str());
        let unknown = if field.is_filled() && field.literal().is_none() { "?" } else { "" };
        Some(format!("{label} {}{unknown}", field.key.as_str()))
    };
    let mut lines = Vec::new();
    for adapter in read(text) {
        let region = said("region", &adapter.region).into_iter().collect::<Vec<_>>();
        lines.push([vec![format!("{:?}", adapter.consumer)], region].concat().join(", "));
        for model in &adapter.models {
            assert!(adapter.span.contains(model.id.span()));
            let mut line = format!("  {} {}", model.field.key.as_str(), &text[model.id.span().range()]);
            line += &adapter.purpose_of(model).map(|purpose| format!(" {purpose:?}")).unwrap_or_default();
            line += if model.endpoint == Endpoint::BedrockMantle { " mantle" } else { "" };
            line += if model.stands_behind { " behind" } else { "" };
            line += if model.routed { " routed" } else { "" };
            line += &model.region.as_ref().map(|own| format!(" in {}", &text[own.span().range()])).unwrap_or_default();
            lines.push(line);
        }
        let (auth, guardrail) = (&adapter.auth, &adapter.guardrail);
        let rest = [
            said("endpoint", &adapter.endpoint),
            said("id", &auth.access_key_id),
            said("secret", &auth.secret_access_key),
            said("token", &auth.session_token),
            said("key", &auth.api_key),
            said("profile", &auth.profile),
            said("role", &auth.role),
            said("guardrail", &guardrail.identifier),
            said("version", &guardrail.version),
            said("budget", &adapter.thinking.budget),
            said("max", &adapter.max_tokens),
        ];
        lines.extend(rest.into_iter().flatten().map(|line| format!("  {line}")));
    }
    lines
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(shown(text), expected, "{text}");
}

#[test]
fn claude_code_on_amazon_bedrock() {
    check(
        "export CLAUDE_CODE_USE_BEDROCK=1\nexport AWS_REGION=eu-west-1 # Ireland\nAWS_PROFILE=dev\n\
         ANTHROPIC_MODEL='eu.anthropic.claude-sonnet-4-6[1m]'\nANTHROPIC_DEFAULT_OPUS_MODEL=opus\n\
         ANTHROPIC_DEFAULT_HAIKU_MODEL=us.anthropic.claude-haiku-4-5-20251001-v1:0\n\
         ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION=us-east-1\nCLAUDE_CODE_SUBAGENT_MODEL=inherit\n\
         MAX_THINKING_TOKENS=0\nCLAUDE_CODE_MAX_OUTPUT_TOKENS=8192\n",
        &[
            "ClaudeCode, region AWS_REGION",
            "  ANTHROPIC_MODEL eu.anthropic.claude-sonnet-4-6 Llm",
            "  ANTHROPIC_DEFAULT_HAIKU_MODEL us.anthropic.claude-haiku-4-5-20251001-v1:0 Llm in us-east-1",
            "  profile AWS_PROFILE",
            "  max CLAUDE_CODE_MAX_OUTPUT_TOKENS",
        ],
    );
    // a name of Anthropic's own API is sent as it is
    check(
        "CLAUDE_CODE_USE_BEDROCK=true\nANTHROPIC_MODEL=claude-sonnet-4-5\nAWS_BEARER_TOKEN_BEDROCK=${KEY}",
        &["ClaudeCode", "  ANTHROPIC_MODEL claude-sonnet-4-5 Llm", "  key AWS_BEARER_TOKEN_BEDROCK?"],
    );
}

#[test]
fn claude_code_on_mantle() {
    let models = "ANTHROPIC_MODEL=anthropic.claude-haiku-4-5\n\
                  ANTHROPIC_DEFAULT_OPUS_MODEL=us.anthropic.claude-opus-4-6-v1\n\
                  ANTHROPIC_DEFAULT_SONNET_MODEL=anthropic.claude-opus-4-6-v1\n";
    check(
        &format!("CLAUDE_CODE_USE_MANTLE=1\nAWS_REGION=us-east-1\n{models}"),
        &[
            "ClaudeCode, region AWS_REGION",
            "  ANTHROPIC_MODEL anthropic.claude-haiku-4-5 Llm mantle",
            "  ANTHROPIC_DEFAULT_OPUS_MODEL us.anthropic.claude-opus-4-6-v1 Llm mantle",
            "  ANTHROPIC_DEFAULT_SONNET_MODEL anthropic.claude-opus-4-6-v1 Llm mantle",
        ],
    );
    check(
        &format!("CLAUDE_CODE_USE_MANTLE=1\nCLAUDE_CODE_USE_BEDROCK=1\n{models}"),
        &[
            "ClaudeCode",
            "  ANTHROPIC_MODEL anthropic.claude-haiku-4-5 Llm mantle",
            "  ANTHROPIC_DEFAULT_OPUS_MODEL us.anthropic.claude-opus-4-6-v1 Llm",
            "  ANTHROPIC_DEFAULT_SONNET_MODEL anthropic.claude-opus-4-6-v1 Llm",
        ],
    );
}

#[test]
fn claude_code_elsewhere() {
    for text in [
        "ANTHROPIC_MODEL=claude-sonnet-4-5\nANTHROPIC_API_KEY=x\nAWS_REGION=us-east-1",
        "CLAUDE_CODE_USE_BEDROCK=0\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6",
        "CLAUDE_CODE_USE_BEDROCK=false\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6",
        "CLAUDE_CODE_USE_BEDROCK=\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6",
        "CLAUDE_CODE_USE_VERTEX=1\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6",
        "# CLAUDE_CODE_USE_BEDROCK=1\nANTHROPIC_MODEL=claude-sonnet-4-5",
        "# ANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1",
    ] {
        check(text, &[]);
    }
    // the switch may be in another file, or is filled in later: then the id says it
    check(
        "ANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1",
        &["Program, region AWS_REGION", "  ANTHROPIC_MODEL us.anthropic.claude-sonnet-4-6"],
    );
    check(
        "CLAUDE_CODE_USE_BEDROCK=${B}\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6\n\
         ANTHROPIC_DEFAULT_OPUS_MODEL=claude-opus-4-5",
        &["ClaudeCode", "  ANTHROPIC_MODEL us.anthropic.claude-sonnet-4-6 Llm"],
    );
}

#[test]
fn behind_a_gateway_models_are_not_known() {
    check(
        "CLAUDE_CODE_USE_BEDROCK=1\nCLAUDE_CODE_SKIP_BEDROCK_AUTH=1\nAWS_PROFILE=x\nAWS_REGION=us-east-1\n\
         ANTHROPIC_BEDROCK_BASE_URL=https://llm.example.com/bedrock\nANTHROPIC_MODEL=anthropic.claude-sonnet-4-6",
        &["ClaudeCode, region AWS_REGION", "  endpoint ANTHROPIC_BEDROCK_BASE_URL"],
    );
    for endpoint in [
        "https://bedrock-runtime.us-east-1.amazonaws.com",
        "https://bedrock-runtime.${AWS_REGION:-us-east-1}.amazonaws.com",
        "https://vpce-0a1b-x.bedrock-runtime.us-east-1.vpce.amazonaws.com/",
        "https://bedrock-runtime.us-east-1.api.aws",
        "",
    ] {
        let text = format!("AWS_ENDPOINT_URL_BEDROCK_RUNTIME={endpoint}\nBEDROCK_MODEL_ID=amazon.nova-lite-v1:0");
        assert_eq!(read(&text).first().map(|adapter| adapter.models.len()), Some(1), "{text}");
    }
    check("AWS_ENDPOINT_URL=http://localhost:4566\nMODEL_ID=amazon.nova-lite-v1:0", &["Program"]);
}

#[test]
fn librechat() {
    check(
        "BEDROCK_AWS_DEFAULT_REGION=us-west-2\nBEDROCK_AWS_ACCESS_KEY_ID=user_provided\n\
         BEDROCK_AWS_SECRET_ACCESS_KEY=user_provided\n\
         BEDROCK_AWS_MODELS=us.anthropic.claude-sonnet-4-6, amazon.nova-lite-v1:0 ,,openai.gpt-5.5\nAWS_REGION=eu-west-1\n",
        &[
            "LibreChat, region BEDROCK_AWS_DEFAULT_REGION",
            "  BEDROCK_AWS_MODELS us.anthropic.claude-sonnet-4-6 Llm",
            "  BEDROCK_AWS_MODELS amazon.nova-lite-v1:0 Llm",
            "  BEDROCK_AWS_MODELS openai.gpt-5.5 Llm mantle",
            "  id BEDROCK_AWS_ACCESS_KEY_ID?",
            "  secret BEDROCK_AWS_SECRET_ACCESS_KEY?",
        ],
    );
    // its helper for embeddings is another program, in another Region
    check(
        "ENDPOINTS=bedrock\nBEDROCK_AWS_DEFAULT_REGION=us-west-2\nEMBEDDINGS_PROVIDER=bedrock\n\
         EMBEDDINGS_MODEL=amazon.titan-embed-text-v2:0\nAWS_DEFAULT_REGION=eu-west-1\nAWS_ACCESS_KEY_ID=x\n",
        &[
            "LibreChat, region BEDROCK_AWS_DEFAULT_REGION",
            "  id AWS_ACCESS_KEY_ID",
            "Program, region AWS_DEFAULT_REGION",
            "  EMBEDDINGS_MODEL amazon.titan-embed-text-v2:0 Embedding",
            "  id AWS_ACCESS_KEY_ID",
        ],
    );
    check(
        "BEDROCK_AWS_DEFAULT_REGION=us-west-2\nBEDROCK_SYNTHESIS_MODEL=us.anthropic.claude-sonnet-4-6\n",
        &["Program, region BEDROCK_AWS_DEFAULT_REGION", "  BEDROCK_SYNTHESIS_MODEL us.anthropic.claude-sonnet-4-6"],
    );
}

#[test]
fn a_list_in_quotes_is_underlined_id_by_id() {
    let text = "BEDROCK_AWS_MODELS=\"amazon.nova-lite-v1:0,\\\n  us.amazon.nova-pro-v1:0\"";
    let found = read(text);
    let models = found.first().map(|adapter| adapter.models.as_slice()).unwrap_or_default();
    let ids: Vec<&str> = models.iter().map(|model| &text[model.id.span().range()]).collect();
    assert_eq!(ids, ["amazon.nova-lite-v1:0", "us.amazon.nova-pro-v1:0"]);
}

#[test]
fn the_tests_of_unstract_are_two_calls() {
    check(
        "AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\nAWS_REGION_NAME=us-east-1\n\
         BEDROCK_MODEL=\"anthropic.claude-3-haiku-20240307-v1:0\"\nAWS_EMBEDDING_ACCESS_KEY_ID=c\n\
         AWS_EMBEDDING_SECRET_ACCESS_KEY=d\nAWS_EMBEDDING_REGION_NAME=us-west-2\n\
         BEDROCK_EMBEDDING_MODEL=amazon.titan-embed-text-v1\nANTHROPIC_MODEL=claude-3-5-sonnet-20241022\n",
        &[
            "UnstractSdk, region AWS_REGION_NAME",
            "  BEDROCK_MODEL anthropic.claude-3-haiku-20240307-v1:0 Llm",
            "  id AWS_ACCESS_KEY_ID",
            "  secret AWS_SECRET_ACCESS_KEY",
            "UnstractSdk, region AWS_EMBEDDING_REGION_NAME",
            "  BEDROCK_EMBEDDING_MODEL amazon.titan-embed-text-v1 Embedding",
            "  id AWS_EMBEDDING_ACCESS_KEY_ID",
            "  secret AWS_EMBEDDING_SECRET_ACCESS_KEY",
        ],
    );
    check(
        "AWS_REGION_NAME=us-east-1\nBEDROCK_MODEL=anthropic.claude-3-haiku-20240307-v1:0\n",
        &["Program, region AWS_REGION_NAME", "  BEDROCK_MODEL anthropic.claude-3-haiku-20240307-v1:0"],
    );
}

#[test]
fn models_written_for_litellm() {
    check(
        "LLM_MODEL=bedrock/converse/us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\nAWS_REGION_NAME=us-west-2\n\
         EMBEDDING_MODEL=bedrock/eu-west-1/amazon.titan-embed-text-v2:0\nAGENT_MODEL=bedrock/agent/A/B\n\
         AWS_PROFILE=dev\nFALLBACK_MODEL=openai/gpt-4o\n",
        &[
            "LiteLlm, region AWS_REGION_NAME",
            "  LLM_MODEL us.anthropic.claude-sonnet-4-6 Llm routed",
            "  EMBEDDING_MODEL amazon.titan-embed-text-v2:0 Embedding routed in eu-west-1",
            "  profile AWS_PROFILE",
        ],
    );
    check(
        "AIDER_MODEL=bedrock/us.anthropic.claude-sonnet-4-6\nAIDER_WEAK_MODEL=gpt-4o-mini\n\
         AIDER_THINKING_TOKENS=4096\nAWS_DEFAULT_REGION=us-east-1\n",
        &[
            "Aider, region AWS_DEFAULT_REGION",
            "  AIDER_MODEL us.anthropic.claude-sonnet-4-6 Llm routed",
            "  budget AIDER_THINKING_TOKENS",
        ],
    );
    check("AIDER_MODEL=openrouter/anthropic/claude-sonnet-4.5\nAIDER_THINKING_TOKENS=8k\nAWS_REGION=us-east-1", &[]);
    check(
        "MODEL=amazon-bedrock/us.anthropic.claude-sonnet-4-6\nAGENT_MODEL=bedrock:amazon.nova-lite-v1:0\n",
        &["Program", "  MODEL us.anthropic.claude-sonnet-4-6 routed", "  AGENT_MODEL amazon.nova-lite-v1:0 routed"],
    );
}

#[test]
fn goose_zed_and_the_access_gateway() {
    check(
        "GOOSE_PROVIDER=aws_bedrock\nGOOSE_MODEL=claude-sonnet-4-5\nGOOSE_PLANNER_PROVIDER=openai\n\
         GOOSE_PLANNER_MODEL=gpt-4o\nAWS_REGION=us-east-1\n",
        &["Goose, region AWS_REGION", "  GOOSE_MODEL claude-sonnet-4-5 Llm"],
    );
    check("GOOSE_PROVIDER=databricks\nGOOSE_MODEL=us.anthropic.claude-sonnet-4-6\n", &[]);
    check("GOOSE_MODEL=us.anthropic.claude-sonnet-4-6", &["Goose", "  GOOSE_MODEL us.anthropic.claude-sonnet-4-6 Llm"]);
    check(
        "ZED_AWS_REGION=us-east-1\nZED_BEDROCK_BEARER_TOKEN=x\nAWS_REGION=eu-west-1",
        &["Zed, region ZED_AWS_REGION", "  key ZED_BEDROCK_BEARER_TOKEN"],
    );
    check(
        "DEFAULT_MODEL=anthropic.claude-3-sonnet-20240229-v1:0\nDEFAULT_EMBEDDING_MODEL=cohere.embed-multilingual-v3\n\
         ENABLE_CROSS_REGION_INFERENCE=true\n",
        &[
            "BedrockAccessGateway",
            "  DEFAULT_MODEL anthropic.claude-3-sonnet-20240229-v1:0 Llm",
            "  DEFAULT_EMBEDDING_MODEL cohere.embed-multilingual-v3 Embedding",
        ],
    );
    check(
        "DEFAULT_MODEL=amazon.nova-lite-v1:0\nAWS_REGION=us-east-1\n",
        &["Program, region AWS_REGION", "  DEFAULT_MODEL amazon.nova-lite-v1:0"],
    );
}

#[test]
fn spring_ai_binds_names_loosely() {
    check(
        "SPRING_AI_BEDROCK_AWS_REGION=us-east-1\nSPRING_AI_BEDROCK_AWS_ACCESS_KEY=a\nSPRING_AI_BEDROCK_AWS_SECRETKEY=b\n\
         SPRING_AI_BEDROCK_CONVERSE_CHAT_OPTIONS_MODEL=us.anthropic.claude-sonnet-4-6\n\
         spring.ai.bedrock.titan.embedding.model=amazon.titan-embed-text-v2:0\n\
         SPRING_AI_BEDROCK_CONVERSE_CHAT_MAX_TOKENS=100\nAWS_REGION=eu-west-1\nAWS_PROFILE=x\n",
        &[
            "SpringAi, region SPRING_AI_BEDROCK_AWS_REGION",
            "  SPRING_AI_BEDROCK_CONVERSE_CHAT_OPTIONS_MODEL us.anthropic.claude-sonnet-4-6 Llm",
            "  spring.ai.bedrock.titan.embedding.model amazon.titan-embed-text-v2:0 Embedding",
            "  id SPRING_AI_BEDROCK_AWS_ACCESS_KEY",
            "  secret SPRING_AI_BEDROCK_AWS_SECRETKEY",
            "  max SPRING_AI_BEDROCK_CONVERSE_CHAT_MAX_TOKENS",
        ],
    );
    check("SPRING_AI_OPENAI_API_KEY=x\nAWS_PROFILE=y", &[]);
}

#[test]
fn programs_name_models_as_they_like() {
    for name in
        ["BEDROCK_MODEL_ID", "BEDROCK_MODEL", "MODEL_ID", "MODEL", "LLM_MODEL", "CHAT_LLM", "APP_SUMMARY_MODEL_ID"]
    {
        let text = format!("{name}=us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-west-2");
        let found: Vec<_> = read(&text).iter().map(|adapter| (adapter.consumer, adapter.models.len())).collect();
        assert_eq!(found, [(Consumer::Program, 1)], "{text}");
    }
    check(
        "BEDROCK_CLAUDE=us.anthropic.claude-sonnet-4-6\nBEDROCK_MODEL_ID=anthropic.cluade-sonnet-4-6\n\
         BEDROCK_EMBEDDING_MODEL_ID=${EMBED}\nMODEL_ID=${MODEL}\nX_MODEL=anthropic.cluade-sonnet-4-6\n\
         bedrock-rerank-model=cohere.rerank-v3-5:0\n",
        &[
            "Program",
            "  BEDROCK_CLAUDE us.anthropic.claude-sonnet-4-6",
            "  BEDROCK_MODEL_ID anthropic.cluade-sonnet-4-6",
            "  BEDROCK_EMBEDDING_MODEL_ID ${EMBED} Embedding",
            "  bedrock-rerank-model cohere.rerank-v3-5:0",
        ],
    );
}

#[test]
fn what_is_no_call_of_amazon_bedrock() {
    for text in [
        "",
        "AWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=x\nAWS_SECRET_ACCESS_KEY=y\nAWS_BUCKET=z\nAWS_ROLE_ARN=r",
        "MODEL_ID=gpt-4o\nAWS_REGION=us-east-1",
        "LLM_MODEL=claude-sonnet-4-5\nAWS_REGION=us-east-1",
        "OPENAI_MODEL=us.anthropic.claude-sonnet-4-6\nOPENAI_BASE_URL=https://llm.example.com",
        "VERTEX_MODEL=claude-sonnet-4@20250514\nAZURE_OPENAI_MODEL=gpt-4o\nGEMINI_MODEL=gemini-2.5-pro",
        "MODEL=meta.llama-3.1-405b-instruct\nOCI_REGION=us-chicago-1",
        "MODEL_ID=cohere.command-r-plus\nOCI_COMPARTMENT_ID=ocid1",
        "ALLOWED_MODEL=anthropic.claude-3-haiku-20240307-v1:0\nMODELS=anthropic.claude-3-haiku-20240307-v1:0,gpt-4o",
        "BEDROCK_MODEL_ID=\nBEDROCK_REGION=\nAWS_BEARER_TOKEN_BEDROCK=",
        "BEDROCK_MODEL=claude-3-sonnet",
        "BEDROCK_MODEL_TEMPERATURE=${T}\nBEDROCK_MODEL_BUCKET=amazon.data-1\nMODEL_PATH=bedrock/weights",
        "BEDROCK_AGENT_ID=ABCDEFGHIJ\nBEDROCK_AGENT_REGION=us-east-1\nBEDROCK_KB_ID=X",
        "BEDROCK_MODEL_PRICES={\"anthropic.claude-3-haiku-20240307-v1:0\": 0.25}",
        "MODEL_ARN=arn:aws:sagemaker:us-east-1:111122223333:model/anthropic.claude",
        "BEDROCK_GUARDRAIL_ARN=arn:aws:bedrock:us-east-1:111122223333:guardrail/abc",
    ] {
        check(text, &[]);
    }
}

#[test]
fn of_a_variable_given_twice_the_last_counts() {
    check(
        "MODEL_ID=amazon.nova-pro-v1:0\nAWS_REGION=us-east-1\nMODEL_ID=amazon.nova-lite-v1:0",
        &["Program, region AWS_REGION", "  MODEL_ID amazon.nova-lite-v1:0"],
    );
    check("MODEL_ID=amazon.nova-pro-v1:0\nMODEL_ID=gpt-4o", &[]);
}

#[test]
fn which_region_is_meant() {
    let model = "BEDROCK_MODEL_ID=amazon.nova-lite-v1:0";
    for (text, region) in [
        ("AWS_REGION=us-east-1\nBEDROCK_REGION=us-west-2", "BEDROCK_REGION"),
        ("AWS_REGION=us-east-1\nBEDROCK_AWS_REGION=us-west-2", "BEDROCK_AWS_REGION"),
        ("AWS_REGION=us-east-1\nAWS_BEDROCK_REGION=us-west-2", "AWS_BEDROCK_REGION"),
        ("AWS_REGION=us-east-1\nBEDROCK_REGION=", "AWS_REGION"),
        ("AWS_REGION=us-east-1\nMY_BEDROCK_REGION=us-west-2", "MY_BEDROCK_REGION"),
        ("A_BEDROCK_REGION=us-east-1\nB_BEDROCK_REGION=us-west-2", "A_BEDROCK_REGION?"),
        ("AWS_REGION=us-east-1\nBEDROCK_AGENT_REGION=us-west-2", "AWS_REGION"),
        ("AWS_REGION=us-east-1\nBEDROCK_EMBEDDING_REGION=us-west-2", "AWS_REGION"),
        ("AWS_REGION=us-east-1\nAWS_DEFAULT_REGION=us-east-1", "AWS_REGION"),
        ("AWS_REGION=us-east-1\nAWS_DEFAULT_REGION=us-west-2", "AWS_REGION?"),
        ("AWS_REGION=us-east-1\nAWS_SES_REGION=us-west-2", "AWS_REGION"),
        ("AWS_DEFAULT_REGION=us-gov-west-1", "AWS_DEFAULT_REGION"),
        ("AWS_REGION=${REGION:-us-east-1}", "AWS_REGION?"),
    ] {
        let expected = [format!("Program, region {region}"), "  BEDROCK_MODEL_ID amazon.nova-lite-v1:0".to_owned()];
        assert_eq!(shown(&format!("{text}\n{model}")), expected, "{text}");
    }
    check(
        "AWS_REGION=us-east-1\nMODEL_ID=amazon.nova-lite-v1:0\nEMBEDDING_MODEL_ID=amazon.titan-embed-text-v2:0\n\
         EMBEDDING_REGION=us-west-2\nBEDROCK_MODEL=amazon.nova-pro-v1:0\nBEDROCK_MODEL_REGION=eu-west-1\n",
        &[
            "Program, region AWS_REGION",
            "  MODEL_ID amazon.nova-lite-v1:0",
            "  EMBEDDING_MODEL_ID amazon.titan-embed-text-v2:0 Embedding in us-west-2",
            "  BEDROCK_MODEL amazon.nova-pro-v1:0 in eu-west-1",
        ],
    );
    check(
        "X_BEDROCK_REGION=us-west-2\nX_BEDROCK_SMALL_MODEL=amazon.nova-lite-v1:0\nY_BEDROCK_REGION=eu-west-1\n\
         Y_BEDROCK_MODEL=eu.amazon.nova-pro-v1:0\n",
        &[
            "Program, region X_BEDROCK_REGION?",
            "  X_BEDROCK_SMALL_MODEL amazon.nova-lite-v1:0 in us-west-2",
            "  Y_BEDROCK_MODEL eu.amazon.nova-pro-v1:0 in eu-west-1",
        ],
    );
}

#[test]
fn ids_that_are_not_called_as_they_stand() {
    check(
        "BEDROCK_PRIMARY_MODEL_ID=anthropic.claude-sonnet-4-5-20250929-v1:0\n\
         BEDROCK_INFERENCE_PROFILE_ARN=arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123\n\
         OTHER_MODEL_ID=amazon.nova-lite-v1:0\n",
        &[
            "Program",
            "  BEDROCK_PRIMARY_MODEL_ID anthropic.claude-sonnet-4-5-20250929-v1:0 behind",
            "  BEDROCK_INFERENCE_PROFILE_ARN \
             arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123",
            "  OTHER_MODEL_ID amazon.nova-lite-v1:0",
        ],
    );
    for beside in [
        "INFERENCE_PROFILE_ID=us.anthropic.claude-sonnet-4-6",
        "BEDROCK_REGION_PREFIX=us.",
        "MODEL_PREFIX=us",
        "USE_CROSS_REGION_INFERENCE=true",
        "INFERENCE_PROFILE_PREFIX=global",
    ] {
        let found = read(&format!("MODEL_ID=anthropic.claude-sonnet-4-6\n{beside}"));
        let models = found.iter().flat_map(|adapter| &adapter.models);
        let behind: Vec<bool> = models.map(|model| model.stands_behind).collect();
        assert_eq!(behind.first(), Some(&true), "{beside}");
    }
    check(
        "MODEL_ID=anthropic.claude-sonnet-4-6\nUSE_CROSS_REGION_INFERENCE=false\nINFERENCE_PROFILE_ID=\nS3_PREFIX=x",
        &["Program", "  MODEL_ID anthropic.claude-sonnet-4-6"],
    );
}

#[test]
fn what_a_program_has_beside_models() {
    check(
        "AWS_BEARER_TOKEN_BEDROCK=x\nAWS_REGION=us-east-1",
        &["Program, region AWS_REGION", "  key AWS_BEARER_TOKEN_BEDROCK"],
    );
    check("BEDROCK_REGION=us-east-1a", &["Program, region BEDROCK_REGION"]);
    check(
        "MODEL_ID=amazon.nova-lite-v1:0\nBEDROCK_ACCESS_KEY_ID=a\nBEDROCK_SECRET_ACCESS_KEY=b\nAWS_SESSION_TOKEN=c\n\
         AWS_ACCESS_KEY_ID=d\n",
        &[
            "Program",
            "  MODEL_ID amazon.nova-lite-v1:0",
            "  id BEDROCK_ACCESS_KEY_ID",
            "  secret BEDROCK_SECRET_ACCESS_KEY",
        ],
    );
    check(
        "MY_BEDROCK_GUARDRAIL_IDENTIFIER=abc\nMY_BEDROCK_GUARDRAIL_VERSION=\n",
        &["Program", "  guardrail MY_BEDROCK_GUARDRAIL_IDENTIFIER", "  version MY_BEDROCK_GUARDRAIL_VERSION"],
    );
    // the version has a default in the program
    check("MODEL_ID=amazon.nova-lite-v1:0\nGUARDRAIL_ID=abc", &["Program", "  MODEL_ID amazon.nova-lite-v1:0"]);
}

#[test]
fn clients_share_what_all_of_aws_shares() {
    check(
        "CLAUDE_CODE_USE_BEDROCK=1\nANTHROPIC_MODEL=us.anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\n\
         AWS_BEARER_TOKEN_BEDROCK=x\nBEDROCK_MODEL_ID=eu.amazon.nova-pro-v1:0\nBEDROCK_REGION=eu-west-1\n",
        &[
            "ClaudeCode, region AWS_REGION",
            "  ANTHROPIC_MODEL us.anthropic.claude-sonnet-4-6 Llm",
            "  key AWS_BEARER_TOKEN_BEDROCK",
            "Program, region BEDROCK_REGION",
            "  BEDROCK_MODEL_ID eu.amazon.nova-pro-v1:0",
            "  key AWS_BEARER_TOKEN_BEDROCK",
        ],
    );
    check("CLAUDE_CODE_USE_BEDROCK=1\nAWS_BEARER_TOKEN_BEDROCK=x", &["ClaudeCode", "  key AWS_BEARER_TOKEN_BEDROCK"]);
}

#[test]
fn references_to_vaults_are_not_known() {
    check(
        "BEDROCK_MODEL_ID=op://vault/bedrock/model\nAWS_ACCESS_KEY_ID=vault:secret/aws#id\n\
         AWS_SECRET_ACCESS_KEY=arn:aws:secretsmanager:us-east-1:111122223333:secret:x\n",
        &[
            "Program",
            "  BEDROCK_MODEL_ID op://vault/bedrock/model",
            "  id AWS_ACCESS_KEY_ID?",
            "  secret AWS_SECRET_ACCESS_KEY?",
        ],
    );
}

#[test]
fn which_credential_wins_and_which_region_without_one() {
    let keys = "AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\nAWS_PROFILE=c\n";
    let (us_west, us_east) = (RegionFallback::Silent("us-west-2"), RegionFallback::Silent("us-east-1"));
    let id = "amazon.nova-lite-v1:0";
    for (text, winner, fallback) in [
        ("CLAUDE_CODE_USE_BEDROCK=1".to_owned(), Some(Credential::Profile), RegionFallback::Environment),
        (
            "CLAUDE_CODE_USE_BEDROCK=1\nAWS_BEARER_TOKEN_BEDROCK=x".to_owned(),
            Some(Credential::ApiKey),
            RegionFallback::Environment,
        ),
        (format!("MODEL_ID={id}"), None, RegionFallback::Environment),
        (format!("GOOSE_MODEL={id}"), Some(Credential::AccessKeys), RegionFallback::Environment),
        // a profile by the SDK's name is none of LiteLLM's
        (format!("AIDER_MODEL=bedrock/{id}"), Some(Credential::AccessKeys), us_west),
        (format!("LLM_MODEL=bedrock/{id}\nAWS_PROFILE_NAME=d"), Some(Credential::Profile), us_west),
        (
            format!("BEDROCK_AWS_MODELS={id}\nBEDROCK_AWS_PROFILE=e"),
            Some(Credential::Profile),
            RegionFallback::Environment,
        ),
        (format!("SPRING_AI_BEDROCK_CONVERSE_CHAT_MODEL={id}"), Some(Credential::AccessKeys), us_east),
    ] {
        let found = read(&format!("{keys}{text}"));
        let said = found
            .first()
            .map(|one| (one.consumer.winner(&one.auth, one.auth.mode), one.consumer.without_region(one.purpose)));
        assert_eq!(said, Some((winner, fallback)), "{text}");
    }
}

#[test]
fn what_the_list_leaves_open_of_a_program_is_not_claimed() {
    const MODEL: &str = "BEDROCK_MODEL_ID=us.anthropic.claude-sonnet-4-6\nAWS_REGION=eu-west-1\n";
    let known = ["Program, region AWS_REGION", "  BEDROCK_MODEL_ID us.anthropic.claude-sonnet-4-6"];
    check(MODEL, &known);
    check(&format!("{MODEL}S3_REGION=us-east-1\nREGION=eu-west-1\n"), &known);
    for other in ["BEDROCKREGION", "BEDROCK_LOCATION", "AI_REGION", "REGION_LLM", "REGION", "MODEL_REGION"] {
        let text = format!("{MODEL}{other}=us-east-1\n");
        let lines = shown(&text);
        let said = lines.iter().any(|line| line.contains("AWS_REGION?") || line.contains(" in us-east-1"));
        assert!(said, "{other}: {lines:?}");
    }
    for elsewhere in ["PROVIDER=openrouter\n", "LLM_PROVIDER=openai\n", "BEDROCK_ENABLED=false\n", "USE_BEDROCK=0\n"] {
        let text = format!("MODEL_ID=anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\n{elsewhere}");
        assert!(read(&text).iter().all(|adapter| adapter.models.is_empty()), "{text}");
    }
    for ours in ["PROVIDER=aws-bedrock\n", "LLM_PROVIDER=${PROVIDER}\n", "BEDROCK_ENABLED=true\n"] {
        assert!(read(&format!("{MODEL}{ours}")).iter().any(|adapter| !adapter.models.is_empty()), "{ours}");
    }
    for address in ["BEDROCK_ENDPOINT", "BASE_URL", "OPENAI_BASE_URL"] {
        let text = format!(
            "BEDROCK_MODEL_ID=anthropic.claude-haiku-4-5\n{address}=https://bedrock-mantle.us-west-2.api.aws/v1\n"
        );
        let models: Vec<_> = read(&text).into_iter().flat_map(|adapter| adapter.models).collect();
        assert!(models.iter().all(|model| model.endpoint == Endpoint::BedrockMantle), "{text}");
    }
    // a price table, and a client for each geography
    check(
        "TOKENIZER_MODEL=anthropic.claude-sonnet-4-6\nPRICING_MODEL=anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\n",
        &[],
    );
    let both =
        read("AWS_REGION=us-east-1\nEU_MODEL=eu.anthropic.claude-sonnet-4-6\nMODEL_ID=us.amazon.nova-lite-v1:0\n");
    let open: Vec<bool> = both.iter().flat_map(|one| &one.models).map(|model| model.region.is_some()).collect();
    assert_eq!(open, [true, false]);
    // a family is no id, and the ARN of a foundation model is for policies
    check("BEDROCK_MODEL_FAMILY=anthropic.claude-sonnet-4-6\nAWS_REGION=us-east-1\n", &[]);
    let arn = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6";
    check(&format!("BEDROCK_MODEL_ARN={arn}\n"), &["Program", &format!("  BEDROCK_MODEL_ARN {arn} behind")]);
}

#[test]
fn behind_a_gateway_no_id_is_known() {
    const PROXY: &str = "http://models.internal:4000/v1";
    let models = |text: &str| {
        let models = read(text).into_iter().flat_map(|adapter| adapter.models);
        models.map(|model| model.field.key.as_str().to_owned()).collect::<Vec<_>>()
    };
    for address in [
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
        "OPENAI_API_BASE_URL",
        "ANTHROPIC_BASE_URL",
        "ANTHROPIC_BEDROCK_BASE_URL",
        "LITELLM_URL",
        "LITELLM_BASE_URL",
        "LITELLM_PROXY_URL",
        "LITELLM_API_BASE",
        "LLM_BASE_URL",
        "BEDROCK_GATEWAY_URL",
        "AWS_BEDROCK_ENDPOINT_URL",
        "AI_GATEWAY_URL",
    ] {
        for name in ["MODEL", "LLM_MODEL", "BEDROCK_MODEL_ID", "ANTHROPIC_MODEL", "CHAT_LLM", "APP_SUMMARY_MODEL"] {
            let text = format!("AWS_REGION=us-east-1\n{name}=anthropic.claude-sonnet-4-6\n{address}={PROXY}\n");
            assert_eq!(models(&text), [""; 0], "{text}");
        }
    }
    for (addresses, is_served) in [
        ("CHAT_BASE_URL=http://a", true),
        ("CHAT_MODEL_API_BASE=http://a", true),
        ("APP_LLM_URL=http://a", false),
        ("EMBEDDING_BASE_URL=http://a", false),
        ("CHAT_URL=https://chat.example.com", false),
        ("BASE_URL=https://app.example.com", false),
        ("GATEWAY_URL=https://app.example.com\nHTTP_PROXY=http://a:3128\nHTTPS_PROXY=http://a:3128", false),
        ("OPENAI_BASE_URL=", false),
        ("OPENAI_BASE_URL=https://api.openai.com/v1", false),
        ("OPENAI_API_BASE_URLS=https://api.openai.com/v1;http://a", true),
        ("OPENAI_BASE_URL=${PROXY}", true),
        ("OPENAI_BASE_URL=https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1", false),
        ("OPENAI_BASE_URL=https://bedrock-mantle.us-east-1.api.aws/v1", false),
        ("OPENAI_BASE_URL=https://a1b2.execute-api.us-east-1.amazonaws.com/v1", true),
    ] {
        let text = format!("CHAT_MODEL=anthropic.claude-sonnet-4-6\n{addresses}\n");
        assert_eq!(models(&text).is_empty(), is_served, "{text}");
    }
    // who says `bedrock/` goes there, unless the address is its own or one of LiteLLM
    for (addresses, is_served) in [
        ("OPENAI_BASE_URL=http://a", false),
        ("ANTHROPIC_BASE_URL=http://a", false),
        ("OPENAI_BASE_URL=http://litellm:4000", true),
        ("LITELLM_API_BASE=http://a", true),
        ("BEDROCK_GATEWAY_URL=http://a", true),
        ("CHAT_BASE_URL=http://a", true),
        ("CHAT_BASE_URL=https://bedrock-runtime.us-east-1.amazonaws.com", false),
    ] {
        for route in ["bedrock/", "bedrock/converse/", "bedrock:"] {
            let text = format!("CHAT_MODEL={route}anthropic.claude-sonnet-4-6\n{addresses}\n");
            assert_eq!(models(&text).is_empty(), is_served, "{text}");
        }
    }
    check(
        "CLAUDE_CODE_USE_BEDROCK=1\nANTHROPIC_BASE_URL=http://a\nANTHROPIC_MODEL=anthropic.claude-sonnet-4-6\n",
        &["ClaudeCode", "  ANTHROPIC_MODEL anthropic.claude-sonnet-4-6 Llm"],
    );
}

#[test]
fn the_region_of_the_nearest_name_goes_before_that_of_all() {
    for (beside, region) in [
        ("CHAT_AWS_REGION=us-west-2", "CHAT_AWS_REGION"),
        ("CHAT_AWS_REGION_NAME=us-west-2", "CHAT_AWS_REGION_NAME"),
        ("CHAT_REGION=us-west-2", "CHAT_REGION"),
        ("AWS_CHAT_REGION=us-west-2", "AWS_CHAT_REGION"),
        ("CHAT_MODEL_REGION=us-west-2\nCHAT_REGION=eu-west-1", "CHAT_MODEL_REGION"),
        ("CHAT_REGION=us-west-2\nCHAT_AWS_REGION=eu-west-1", "CHAT_REGION?"),
        ("CHAT_REGION=us-west-2\nBEDROCK_REGION=eu-west-1", "CHAT_REGION"),
        ("CHAT_REGION=us-west-2\nAWS_REGION_NAME=eu-west-1", "CHAT_REGION"),
        ("LLM_REGION=us-west-2", "AWS_REGION?"),
        ("LLM_REGION=us-east-1", "AWS_REGION"),
        ("SEARCH_REGION=us-west-2", "AWS_REGION"),
    ] {
        let text = format!("AWS_REGION=us-east-1\n{beside}\nCHAT_MODEL=bedrock/amazon.nova-lite-v1:0\n");
        let expected =
            [format!("LiteLlm, region {region}"), "  CHAT_MODEL amazon.nova-lite-v1:0 Llm routed".to_owned()];
        assert_eq!(shown(&text).get(..2), Some(expected.as_slice()), "{text}");
    }
    check(
        "AWS_REGION=us-east-1\nA_MODEL=bedrock/amazon.nova-lite-v1:0\nB_REGION=us-west-2\nB_MODEL=bedrock/amazon.nova-pro-v1:0\n\
         C_MODEL=bedrock/eu-west-1/amazon.nova-pro-v1:0\nB_TITLE_MODEL=bedrock/amazon.nova-lite-v1:0\n",
        &[
            "LiteLlm, region AWS_REGION",
            "  A_MODEL amazon.nova-lite-v1:0 routed",
            "  C_MODEL amazon.nova-pro-v1:0 routed in eu-west-1",
            "LiteLlm, region B_REGION",
            "  B_MODEL amazon.nova-pro-v1:0 routed",
            "LiteLlm, region B_REGION?",
            "  B_TITLE_MODEL amazon.nova-lite-v1:0 routed",
        ],
    );
}

#[test]
fn what_else_is_given_may_name_another_region() {
    let region = |text: &str, more: bool| {
        let document = dotenv::parse(text, &SourceMap::Verbatim(0));
        let variables = document.root.entries().iter().filter_map(field_of).collect();
        let found = adapters_of_part(variables, more, document.root.span);
        let region = found.first().and_then(|adapter| adapter.region.as_ref());
        region.map(|region| region.literal().unwrap_or("?").to_owned())
    };
    for (text, known) in [
        ("AWS_REGION=us-east-1\nBEDROCK_MODEL_ID=amazon.nova-lite-v1:0", "us-east-1"),
        ("AWS_DEFAULT_REGION=us-east-1\nBEDROCK_MODEL_ID=amazon.nova-lite-v1:0", "?"),
        ("BEDROCK_REGION=us-east-1\nBEDROCK_MODEL_ID=amazon.nova-lite-v1:0", "us-east-1"),
        ("AWS_REGION=us-east-1\nCHAT_MODEL=bedrock/amazon.nova-lite-v1:0", "?"),
        ("AWS_REGION_NAME=us-east-1\nCHAT_MODEL=bedrock/amazon.nova-lite-v1:0", "us-east-1"),
        ("CHAT_REGION=us-east-1\nCHAT_MODEL=bedrock/amazon.nova-lite-v1:0", "us-east-1"),
        ("AWS_DEFAULT_REGION=us-east-1\nCLAUDE_CODE_USE_BEDROCK=1\nANTHROPIC_MODEL=amazon.nova-lite-v1:0", "?"),
    ] {
        assert_eq!(region(text, true).as_deref(), Some(known), "{text}");
        assert_eq!(region(text, false).as_deref(), Some("us-east-1"), "{text}");
    }
    assert_eq!(region("BEDROCK_MODEL_ID=amazon.nova-lite-v1:0", true), None);
}

#[test]
fn a_foundation_model_is_asked_for_and_not_always_called() {
    let is_foundation = |text: &str| read(text).iter().flat_map(|one| &one.models).any(|model| model.is_foundation);
    assert!(is_foundation("BEDROCK_FOUNDATION_MODEL_ID=anthropic.claude-sonnet-4-6"));
    assert!(is_foundation("FOUNDATION_MODEL_ARN=anthropic.claude-sonnet-4-6"));
    assert!(!is_foundation("BEDROCK_MODEL_ID=anthropic.claude-sonnet-4-6"));
}
