//! The account as AWS answers for it, by the official SDK. Nothing of the SDK is seen outside of this folder.
//!
//! Credentials and Region come from where the AWS tools look for them: environment, profiles, SSO, processes, roles of
//! containers and pods. Files that are checked are no such place.

mod bedrock;
mod failure;
mod iam;
mod organizations;

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_config::meta::region::ProvideRegion;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::auth::AuthSchemeId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use tokio::runtime::{Handle, Runtime};

use super::{Asked, Failure, FailureKind};

/// How the account is reached.
#[derive(Clone, Debug)]
pub struct AwsOptions {
    /// A profile of the shared configuration, in the place of the one that the environment names.
    pub profile: Option<String>,
    /// One endpoint for all services, as test servers have.
    pub endpoint_url: Option<String>,
    /// How long all questions together may take.
    pub timeout: Duration,
}

/// IAM, STS and Organizations have one endpoint in each partition, which any of its Regions names.
const DEFAULT_REGION: &str = "us-east-1";

/// Attempts at one question.
const ATTEMPTS: u32 = 6;

/// What is waited before the second attempt at most; before each further one it is twice that. A storm of throttling is
/// waited out for some eight seconds.
const BACKOFF: Duration = Duration::from_millis(250);

/// An AWS account that is asked over the network.
#[derive(Debug)]
pub struct Aws {
    /// There until it is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
    deadline: Instant,
    config: SdkConfig,
    /// Whether the environment or the profile names a Region.
    region_given: bool,
    iam: aws_sdk_iam::Client,
    sts: aws_sdk_sts::Client,
    organizations: aws_sdk_organizations::Client,
    /// A client for each Region that was asked about.
    bedrock: Mutex<BTreeMap<String, aws_sdk_bedrock::Client>>,
}

impl Aws {
    /// Prepares to ask; nothing is asked yet of the account. The time begins to run.
    ///
    /// # Errors
    /// If the operating system gives no threads, or what says where the Region is does not answer in time.
    pub fn new(options: &AwsOptions) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let deadline = Instant::now() + options.timeout;
        let config = runtime.block_on(async { tokio::time::timeout_at(deadline.into(), configuration(options)).await });
        let Ok(config) = config else {
            runtime.shutdown_background();
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the configuration of AWS's tools gave no answer in time",
            ));
        };
        let region_given = config.region().is_some();
        let config = match config.region() {
            Some(_) => config,
            None => config.into_builder().region(Region::from_static(DEFAULT_REGION)).build(),
        };
        Ok(Self {
            iam: aws_sdk_iam::Client::new(&config),
            sts: aws_sdk_sts::Client::new(&config),
            organizations: aws_sdk_organizations::Client::new(&config),
            bedrock: Mutex::default(),
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
            deadline,
            config,
            region_given,
        })
    }

    fn bedrock(&self, region: &str) -> aws_sdk_bedrock::Client {
        let mut clients = self.bedrock.lock().unwrap_or_else(PoisonError::into_inner);
        let made = clients.entry(region.to_owned()).or_insert_with(|| {
            let config = aws_sdk_bedrock::config::Builder::from(&self.config).region(Region::new(region.to_owned()));
            aws_sdk_bedrock::Client::from_conf(config.build())
        });
        made.clone()
    }

    /// Waits for an answer, but not longer than all questions together may take.
    fn ask<T, E>(&self, action: &'static str, question: impl Future<Output = Answered<T, E>>) -> Asked<T>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let answer = self.handle.block_on(async { tokio::time::timeout_at(self.deadline.into(), question).await });
        match answer {
            Ok(answer) => answer.map_err(|error| self.explained(failure::of(action, &error))),
            Err(_) => Err(Failure::new(action, FailureKind::TimedOut)),
        }
    }

    /// Credentials of another partition are taken for invalid where no Region says that they are.
    fn explained(&self, failure: Failure) -> Failure {
        match failure.kind {
            FailureKind::BadCredentials if !self.region_given => {
                let said =
                    format!("no Region is configured, so `{DEFAULT_REGION}` was asked: set `AWS_REGION` for another");
                Failure { said: Some(said), ..failure }
            }
            _ => failure,
        }
    }
}

impl Drop for Aws {
    /// Does not wait for what may never answer, such as a name that is being looked up.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What the AWS tools are configured with. A profile that is named goes before variables, as with these.
async fn configuration(options: &AwsOptions) -> SdkConfig {
    let https = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5).min(options.timeout))
        .operation_attempt_timeout(Duration::from_secs(20).min(options.timeout))
        .build();
    let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(BACKOFF);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(https.clone())
        .timeout_config(timeouts)
        .retry_config(retries)
        // a Bedrock API key of the environment is none of ours to send
        .auth_scheme_preference([AuthSchemeId::new("sigv4")]);
    if let Some(profile) = &options.profile {
        let region = ProfileFileRegionProvider::builder().profile_name(profile).build().region().await;
        let within = ProviderConfig::without_region().with_http_client(https).with_region(region.clone());
        let credentials = ProfileFileCredentialsProvider::builder().configure(&within).profile_name(profile).build();
        loader = loader.profile_name(profile).credentials_provider(credentials);
        if let Some(region) = region {
            loader = loader.region(region);
        }
    }
    if let Some(url) = &options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    loader.load().await
}

/// What the SDK gives for a question.
type Answered<T, E> = Result<T, SdkError<E, HttpResponse>>;

/// An answer that lacks what the API says is always there.
fn incomplete(action: &'static str) -> Failure {
    Failure::new(action, FailureKind::Unreadable(None))
}
