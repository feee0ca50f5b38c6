//! The clients of Amazon Bedrock, and what each makes of its settings.

use super::{Auth, AuthMode, Field, Purpose};

/// A client, or a library that reads its settings from the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consumer {
    /// Aider, which hands its models to LiteLLM.
    Aider,
    /// An application inference profile, which names what it copies.
    ApplicationProfile,
    /// An AWS SDK, or something that leaves Region and credential to one.
    AwsSdk,
    /// Claude Code.
    ClaudeCode,
    /// Cline.
    Cline,
    /// Continue.
    Continue,
    /// Envoy AI Gateway.
    EnvoyAiGateway,
    /// Goose.
    Goose,
    /// Haystack's `amazon-bedrock-haystack`.
    Haystack,
    /// kagent.
    Kagent,
    /// Kong AI Gateway.
    Kong,
    /// LangChain's `langchain-aws`.
    LangChain,
    /// LibreChat.
    LibreChat,
    /// LiteLLM.
    LiteLlm,
    /// `aws-samples/bedrock-access-gateway`.
    BedrockAccessGateway,
    /// opencode.
    OpenCode,
    /// The variables of a module of infrastructure: something else calls what they name, perhaps with a prefix before it.
    Module,
    /// A program that is not known by name: what it makes of its variables is likely, not certain.
    Program,
    /// Roo Code.
    RooCode,
    /// Spring AI.
    SpringAi,
    /// The environment of the tests of Unstract's SDK.
    UnstractSdk,
    /// An adapter of Unstract.
    Unstract,
    /// Zed.
    Zed,
}

/// A kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// Access keys of a user, or temporary ones with a session token.
    AccessKeys,
    /// A Bedrock API key.
    ApiKey,
    /// A profile of the shared AWS configuration.
    Profile,
    /// A role that the client assumes, or that the place where it runs has.
    Role,
}

/// A word of a client's setting that chooses between credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthType {
    /// The word.
    pub word: &'static str,
    /// What it chooses.
    pub credential: Credential,
    /// The settings that must be filled in then.
    pub needs: &'static [&'static str],
}

/// What happens where no setting names the Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionFallback {
    /// The client refuses to start.
    Refused,
    /// What the environment says, else this Region, without a word.
    Silent(&'static str),
    /// What the environment says, else an error.
    Environment,
}

/// Whether a client asks for answers as a stream, which is an action of its own in IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streams {
    /// It waits for the whole answer.
    Never,
    /// It streams.
    Always,
    /// It does either.
    Both,
    /// It depends on how it is used.
    Unknown,
}

impl Consumer {
    /// The name that people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Aider => "Aider",
            Self::ApplicationProfile => "an application inference profile",
            Self::AwsSdk => "the AWS SDK",
            Self::ClaudeCode => "Claude Code",
            Self::Cline => "Cline",
            Self::Continue => "Continue",
            Self::EnvoyAiGateway => "Envoy AI Gateway",
            Self::Goose => "Goose",
            Self::Haystack => "Haystack",
            Self::Kagent => "kagent",
            Self::Kong => "Kong",
            Self::LangChain => "LangChain",
            Self::LibreChat => "LibreChat",
            Self::LiteLlm => "LiteLLM",
            Self::BedrockAccessGateway => "bedrock-access-gateway",
            Self::OpenCode => "opencode",
            Self::Module => "the module",
            Self::Program => "the program",
            Self::RooCode => "Roo Code",
            Self::SpringAi => "Spring AI",
            Self::Unstract | Self::UnstractSdk => "Unstract",
            Self::Zed => "Zed",
        }
    }

    /// What it does where no Region is given.
    ///
    /// Sources: Zipstack/unstract `adapters/base1.py` (the embedding adapter fails validation without the key, though not
    /// with null; the LLM adapter hands nothing to LiteLLM), BerriAI/litellm `llms/bedrock/base_aws_llm.py`,
    /// aws-samples/bedrock-access-gateway `src/api/setting.py`, spring-projects/spring-ai `bedrock-converse.adoc`
    /// (`spring.ai.bedrock.aws.region`), continuedev/continue `docs/customize/model-providers/top-level/bedrock.mdx`,
    /// opencode `packages/opencode/src/provider/provider.ts`.
    #[must_use]
    pub fn without_region(self, purpose: Option<Purpose>) -> RegionFallback {
        match (self, purpose) {
            (Self::Unstract, Some(Purpose::Embedding)) => RegionFallback::Refused,
            (Self::Aider | Self::BedrockAccessGateway | Self::LiteLlm | Self::Unstract, _) => {
                RegionFallback::Silent("us-west-2")
            }
            (Self::Continue | Self::OpenCode | Self::SpringAi, _) => RegionFallback::Silent("us-east-1"),
            _ => RegionFallback::Environment,
        }
    }

    /// What its setting that chooses between credentials can say; nothing where it has none, or where that is not known.
    ///
    /// Source: Zipstack/unstract `adapters/base1.py`, `_resolve_bedrock_aws_credentials`.
    #[must_use]
    pub fn auth_types(self) -> &'static [AuthType] {
        const UNSTRACT: &[AuthType] = &[
            AuthType {
                word: "access_keys",
                credential: Credential::AccessKeys,
                needs: &["aws_access_key_id", "aws_secret_access_key"],
            },
            AuthType { word: "iam_role", credential: Credential::Role, needs: &[] },
            AuthType { word: "bearer_token", credential: Credential::ApiKey, needs: &["aws_bearer_token"] },
        ];
        match self {
            Self::Unstract => UNSTRACT,
            _ => &[],
        }
    }

    /// Whether an API key that is set and empty keeps it from using what else there is, because it sends an empty one;
    /// `None` where that depends on the language it is written in.
    ///
    /// Sources: boto/botocore 1.44.5 `utils.py`, `get_token_from_environment`, and aws/aws-sdk-js-v3 `@aws-sdk/core`,
    /// `NODE_AUTH_SCHEME_PREFERENCE_OPTIONS`, ask whether the variable is there, not whether it says anything. LiteLLM
    /// asks for the latter (`bedrock_bearer_token`), and so does Claude Code from 2.1.97 on (its changelog).
    #[must_use]
    pub fn breaks_on_empty_api_key(self) -> Option<bool> {
        match self {
            Self::BedrockAccessGateway | Self::LangChain => Some(true),
            Self::AwsSdk | Self::Module | Self::Program => None,
            _ => Some(false),
        }
    }

    /// Whether it streams. Embeddings cannot be streamed.
    ///
    /// Sources: Zipstack/unstract `llm.py` (`litellm.completion` without `stream` for every prompt), the permissions that
    /// Claude Code's documentation asks for, LibreChat and Zed, which show answers as they come.
    #[must_use]
    pub fn streams(self, purpose: Option<Purpose>) -> Streams {
        match (self, purpose) {
            (_, Some(Purpose::Embedding)) | (Self::Unstract, _) => Streams::Never,
            (Self::ClaudeCode, _) => Streams::Both,
            (Self::LibreChat | Self::Zed, _) => Streams::Always,
            _ => Streams::Unknown,
        }
    }

    /// Whether it names models and profiles by their ARNs alone, and takes no id.
    ///
    /// Source: Amazon Bedrock API Reference, `InferenceProfileModelSource`.
    #[must_use]
    pub fn takes_arns_alone(self) -> bool {
        self == Self::ApplicationProfile
    }

    /// Whether something else calls what it names: then its ids are known, and neither their prefix nor the Region.
    #[must_use]
    pub fn names_for_others(self) -> bool {
        self == Self::Module
    }

    /// Whether it calls what it names. What an application inference profile copies is called by nobody: no grant on it is
    /// needed, neither by whoever makes the copy nor by whoever calls that.
    ///
    /// Source: Amazon Bedrock User Guide, "Prerequisites for inference profiles".
    #[must_use]
    pub fn calls(self) -> bool {
        !self.names_for_others() && self != Self::ApplicationProfile
    }

    /// Whether it has a setting for the session token that temporary access keys need.
    ///
    /// Source: Zipstack/unstract `adapters/base1.py` declares no `aws_session_token`, so the token is dropped. LiteLLM
    /// finds it again where it stands in the environment.
    #[must_use]
    pub fn carries_session_token(self) -> bool {
        self != Self::Unstract
    }

    /// Whether it raises a thinking budget below the least to the least instead of sending it.
    ///
    /// Source: BerriAI/litellm `llms/bedrock/chat/converse_transformation.py`.
    #[must_use]
    pub fn raises_small_budgets(self) -> bool {
        matches!(self, Self::Aider | Self::LiteLlm | Self::Unstract | Self::UnstractSdk)
    }

    /// Whether it reads the Region from the ARN of a model where no setting names one.
    #[must_use]
    pub fn reads_region_of_arn(self) -> bool {
        matches!(self, Self::Aider | Self::LiteLlm | Self::Unstract | Self::UnstractSdk)
    }

    /// The setting or variable that it reads the Region from first.
    ///
    /// Sources: Zipstack/unstract `adapters/llm1/static/bedrock.json`; BerriAI/litellm `types/llms/bedrock.py`;
    /// anthropics/claude-code `CHANGELOG.md`; langchain-ai/langchain-aws; LibreChat's `dotenv.mdx`; Zed's settings;
    /// aws-samples/bedrock-access-gateway `src/api/setting.py`; the AWS SDKs' reference guide; for the others the documents
    /// that their formats name.
    #[must_use]
    pub fn region_key(self) -> &'static str {
        match self {
            Self::Unstract => "region_name",
            Self::Haystack | Self::LiteLlm => "aws_region_name",
            Self::Cline | Self::RooCode => "awsRegion",
            Self::Continue | Self::EnvoyAiGateway | Self::Kagent | Self::OpenCode => "region",
            Self::Kong => "aws_region",
            Self::Aider | Self::UnstractSdk => "AWS_REGION_NAME",
            Self::LibreChat => "BEDROCK_AWS_DEFAULT_REGION",
            Self::SpringAi => "spring.ai.bedrock.aws.region",
            Self::Zed => "ZED_AWS_REGION",
            Self::ApplicationProfile
            | Self::AwsSdk
            | Self::BedrockAccessGateway
            | Self::ClaudeCode
            | Self::Goose
            | Self::LangChain
            | Self::Module
            | Self::Program => "AWS_REGION",
        }
    }

    /// Whether a Region that is there and blank is refused, and not taken for one that is not given. Null counts as not
    /// given.
    ///
    /// Source: BerriAI/litellm 1.90.3 `llms/bedrock/base_aws_llm.py` (`_validate_aws_region_name`), run.
    #[must_use]
    pub fn refuses_blank_region(self) -> bool {
        matches!(self, Self::LiteLlm | Self::Unstract)
    }

    /// Whether the Region of the settings is called although the name of the model has another in it
    /// (`bedrock/us-east-1/…`).
    ///
    /// Source: BerriAI/litellm 1.90.3 `llms/bedrock/chat/converse_handler.py`, which takes the Region out of the name
    /// and uses it where `aws_region_name` is not given.
    #[must_use]
    pub fn settings_win_over_names(self) -> bool {
        matches!(self, Self::Aider | Self::LiteLlm | Self::Unstract | Self::UnstractSdk)
    }

    /// The credential that it uses of those that are configured; `None` where nothing is configured, or where it is not
    /// known which wins. `mode` is what the setting that chooses says, as meant.
    ///
    /// Sources: Zipstack/unstract `adapters/base1.py`; BerriAI/litellm `base_aws_llm.py` (API key first, then role,
    /// profile, access keys); AWS SDKs take `AWS_BEARER_TOKEN_BEDROCK` before access keys (Amazon Bedrock User Guide,
    /// "How Amazon Bedrock API keys work"). Of access keys and a profile in the environment, boto3 takes the keys, and
    /// the SDK for JavaScript, which Claude Code is made with, the profile (aws/aws-sdk-js-v3
    /// `credential-provider-node/src/defaultProvider.ts`). LibreChat hands over an API key, else its keys, else its
    /// profile (danny-avila/LibreChat `packages/api/src/endpoints/bedrock/initialize.ts`).
    #[must_use]
    pub fn winner(self, auth: &Auth, mode: AuthMode) -> Option<Credential> {
        let has = |field: &Option<Field>| field.as_ref().is_some_and(Field::is_filled);
        let keys = has(&auth.access_key_id) || has(&auth.secret_access_key);
        let order: &[(bool, Credential)] = match (self, mode) {
            (_, AuthMode::Unknown) => &[],
            // a profile is kept in every mode, and wins over keys in LiteLLM
            (Self::Unstract, AuthMode::Chosen(Credential::ApiKey)) => &[(has(&auth.api_key), Credential::ApiKey)],
            (Self::Unstract, AuthMode::Chosen(credential)) => {
                &[(has(&auth.profile), Credential::Profile), (true, credential)]
            }
            // a key without the mode is ignored
            (Self::Unstract, AuthMode::Open) => {
                &[(has(&auth.profile), Credential::Profile), (keys, Credential::AccessKeys)]
            }
            (_, AuthMode::Chosen(credential)) => &[(true, credential)],
            (Self::Aider | Self::LiteLlm | Self::UnstractSdk, AuthMode::Open) => &[
                (has(&auth.api_key), Credential::ApiKey),
                (has(&auth.role), Credential::Role),
                (has(&auth.profile), Credential::Profile),
                (keys, Credential::AccessKeys),
            ],
            (Self::ClaudeCode, AuthMode::Open) => &[
                (has(&auth.api_key), Credential::ApiKey),
                (has(&auth.profile), Credential::Profile),
                (keys, Credential::AccessKeys),
                (has(&auth.role), Credential::Role),
            ],
            (Self::Program, AuthMode::Open) if !has(&auth.api_key) && keys && has(&auth.profile) => &[],
            (_, AuthMode::Open) => &[
                (has(&auth.api_key), Credential::ApiKey),
                (keys, Credential::AccessKeys),
                (has(&auth.profile), Credential::Profile),
                (has(&auth.role), Credential::Role),
            ],
        };
        order.iter().find(|(there, _)| *there).map(|(_, credential)| *credential)
    }
}

impl Credential {
    /// What people call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessKeys => "the access keys",
            Self::ApiKey => "the Bedrock API key",
            Self::Profile => "the AWS profile",
            Self::Role => "the role",
        }
    }
}
