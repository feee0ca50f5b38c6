//! Why a question to AWS was not answered, from the errors of the SDK.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::live::{Failure, FailureKind};

/// What a failure of the SDK means.
pub(super) fn of<E>(action: &'static str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let failure = |kind| Failure::new(action, kind);
    if let Some(of_credentials) = source::<CredentialsError>(error) {
        return credentials(action, of_credentials);
    }
    let status = error.raw_response().map(|response| response.status().as_u16());
    match error {
        SdkError::ServiceError(service) => {
            let said = service.err().message().map(str::to_owned).filter(|said| !said.is_empty());
            match service.err().code() {
                Some(code) => by_code(action, code, said),
                // not even an error of the API: what answers is no AWS, or a proxy before it
                None if status == Some(429) => failure(FailureKind::Throttled),
                None => failure(FailureKind::Unreadable(status)),
            }
        }
        SdkError::TimeoutError(_) => failure(FailureKind::TimedOut),
        SdkError::DispatchFailure(dispatch) if dispatch.is_timeout() => failure(FailureKind::TimedOut),
        SdkError::DispatchFailure(_) => Failure { said: innermost(error), ..failure(FailureKind::Unreachable) },
        SdkError::ResponseError(_) => failure(FailureKind::Unreadable(status)),
        _ => Failure { said: innermost(error), ..failure(FailureKind::Unreachable) },
    }
}

/// The codes of IAM, STS, Organizations and Bedrock
/// (<https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html> and its siblings).
fn by_code(action: &'static str, code: &str, said: Option<String>) -> Failure {
    let kind = match code {
        "AccessDenied" | "AccessDeniedException" | "NotAuthorized" | "UnauthorizedOperation" => FailureKind::Denied,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "RequestExpired"
        | "AuthFailure"
        | "InvalidAccessKeyId" => FailureKind::BadCredentials,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown" => FailureKind::Throttled,
        "NoSuchEntity" | "NoSuchEntityException" | "ResourceNotFoundException" => FailureKind::NotFound,
        other => FailureKind::Refused(other.to_owned()),
    };
    // the name of the kind says it all, but for a code that is not known
    let said = said.filter(|_| matches!(kind, FailureKind::Refused(_)));
    Failure { action, kind, said }
}

fn credentials(action: &'static str, error: &CredentialsError) -> Failure {
    let kind = match error {
        CredentialsError::ProviderTimedOut(_) => FailureKind::TimedOut,
        _ => FailureKind::NoCredentials,
    };
    let said = match error {
        CredentialsError::CredentialsNotLoaded(_) | CredentialsError::ProviderTimedOut(_) => None,
        _ => innermost(error).map(|said| beginning(&said)).filter(|said| !said.is_empty()),
    };
    Failure { action, kind, said }
}

/// The first line of a text, and nothing that a process wrote: it may hold a secret.
fn beginning(said: &str) -> String {
    const LONGEST: usize = 200;
    let lower = said.to_ascii_lowercase();
    let end = ["stderr", "stdout"].iter().filter_map(|of| lower.find(of)).min().unwrap_or(said.len());
    let line = said.get(..end).unwrap_or_default().lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST).collect();
    short.trim_end_matches([' ', '.', ':', ',']).to_owned()
}

/// The first error of a type among the causes of an error.
fn source<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    std::iter::successors(Some(error), cause).find_map(|error| error.downcast_ref())
}

fn cause<'e>(error: &&'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    (*error).source()
}

/// What the innermost cause says.
fn innermost(error: &(dyn Error + 'static)) -> Option<String> {
    let last = std::iter::successors(error.source(), cause).last();
    last.map(ToString::to_string)
}
