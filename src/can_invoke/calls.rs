//! Which calls are asked about: a model from Regions, or what adapters call.

use std::sync::Arc;

use super::InvokeRequest;
use super::adapters;
use super::caller::KeyKind;
use super::error::InvokeError;
use crate::access::target::is_application_profile;
use crate::access::{Asked, Fault, NamedTarget, Operation, TargetError, sources_of, target_of};
use crate::adapter::Adapter;
use crate::bedrock::{ArnFields, Catalogue};
use crate::formats::AdapterFact;
use crate::source::Location;

/// A call that is asked about; in which account is still open.
pub(super) struct AskedCall<'a> {
    /// The model as it was named.
    pub(super) model: String,
    pub(super) target: NamedTarget,
    pub(super) operation: Operation,
    /// The API key that the call carries.
    pub(super) key: Option<KeyKind>,
    /// The adapter that makes it.
    pub(super) adapter: Option<&'a Adapter>,
    /// Whether the Region was asked for, and is not one of all that are possible.
    pub(super) region_given: bool,
}

/// The calls, and what was assumed to get at them.
#[derive(Default)]
pub(super) struct AskedCalls<'a> {
    pub(super) calls: Vec<AskedCall<'a>>,
    pub(super) assumed: Vec<String>,
}

/// One model, as named by the request or by an adapter.
pub(super) struct Ask<'a> {
    pub(super) model: String,
    pub(super) copies: Option<String>,
    /// None: all that are possible.
    pub(super) regions: Vec<String>,
    pub(super) operations: Vec<Operation>,
    pub(super) key: Option<KeyKind>,
    pub(super) adapter: Option<&'a Adapter>,
    /// Where the model is named, if it is in a file.
    pub(super) at: Option<Location>,
    /// Where its Region is.
    pub(super) region_at: Option<Location>,
}

/// The calls that a request asks about.
///
/// # Errors
/// Everything that names nothing that can be called.
pub(super) fn asked_calls<'a>(
    request: &InvokeRequest,
    facts: &'a [Arc<AdapterFact>],
    catalogue: &Catalogue,
) -> Result<AskedCalls<'a>, Vec<InvokeError>> {
    let mut asked = AskedCalls::default();
    let mut errors = Vec::new();
    let asks = match &request.model {
        _ if !facts.is_empty() => adapters::asks(request, facts, catalogue, &mut asked.assumed, &mut errors),
        Some(model) => vec![Ask::of_request(request, model)],
        None => {
            errors.push(InvokeError::NoModel);
            Vec::new()
        }
    };
    for ask in asks {
        ask.calls(request, catalogue, &mut asked.calls, &mut errors);
    }
    if let Some(copies) = &request.copies
        && errors.is_empty()
        && !asked.calls.iter().any(|call| is_application_profile(&call.model))
    {
        errors.push(InvokeError::NoCopy { copies: copies.clone() });
    }
    if errors.is_empty() { Ok(asked) } else { Err(errors) }
}

impl<'a> Ask<'a> {
    /// The model of a request without adapters.
    fn of_request(request: &InvokeRequest, model: &str) -> Self {
        Self {
            model: model.to_owned(),
            copies: request.copies.clone(),
            regions: request.regions.clone(),
            operations: vec![if request.stream { Operation::Stream } else { Operation::Invoke }],
            key: request.api_key,
            adapter: None,
            at: None,
            region_at: None,
        }
    }

    fn calls(
        &self,
        request: &InvokeRequest,
        catalogue: &Catalogue,
        calls: &mut Vec<AskedCall<'a>>,
        errors: &mut Vec<InvokeError>,
    ) {
        let refused = |error: TargetError| {
            let at = match error.fault {
                Fault::UnknownRegion { .. } | Fault::OtherRegion { .. } => self.region_at.as_ref().or(self.at.as_ref()),
                _ => self.at.as_ref(),
            };
            InvokeError::Target { at: at.cloned(), error }
        };
        let places = match self.places(catalogue) {
            Ok(places) => places,
            Err(error) => return errors.push(refused(error)),
        };
        for region in places {
            let asked = Asked {
                model: &self.model,
                copies: self.copies.as_deref(),
                region: region.as_deref(),
                as_of: request.as_of,
            };
            match target_of(&asked, catalogue) {
                Ok(target) => calls.extend(self.operations.iter().map(|operation| AskedCall {
                    model: self.model.clone(),
                    target: target.clone(),
                    operation: operation.clone(),
                    key: self.key,
                    adapter: self.adapter,
                    region_given: !self.regions.is_empty() || region.is_none(),
                })),
                Err(error) => errors.push(refused(error)),
            }
        }
    }

    /// From where it is called; an ARN names its own Region.
    fn places(&self, catalogue: &Catalogue) -> Result<Vec<Option<String>>, TargetError> {
        if let Some(arn) = ArnFields::split(&self.model) {
            let own = self.regions.is_empty() || self.regions.iter().any(|region| region == arn.region.text);
            return Ok(vec![self.regions.first().filter(|_| !own).cloned()]);
        }
        let regions = if self.regions.is_empty() { sources_of(&self.model, catalogue)? } else { self.regions.clone() };
        let mut once: Vec<Option<String>> = Vec::new();
        for region in regions.into_iter().map(Some) {
            if !once.contains(&region) {
                once.push(region);
            }
        }
        Ok(once)
    }
}
