//! Questions to Amazon Bedrock, Region by Region.

use aws_sdk_bedrock::types::{
    AgreementStatus, AuthorizationStatus, FoundationModelLifecycleStatus, FoundationModelSummary,
    InferenceProfileModel, InferenceProfileStatus, InferenceProfileType, InferenceType, ModelModality,
    RegionAvailability,
};

use super::Aws;
use crate::live::{Agreement, AskBedrock, Asked, Availability, Failure, FailureKind, ListedModel, ListedProfile};

impl AskBedrock for Aws {
    fn foundation_models(&self, region: &str) -> Asked<Vec<ListedModel>> {
        let question = self.bedrock(region).list_foundation_models().send();
        let answer = self.ask("bedrock:ListFoundationModels", question)?;
        Ok(answer.model_summaries.unwrap_or_default().into_iter().map(listed).collect())
    }

    fn inference_profiles(&self, region: &str) -> Asked<Vec<ListedProfile>> {
        let question = self.bedrock(region).list_inference_profiles().type_equals(InferenceProfileType::SystemDefined);
        let pages = question.into_paginator().items().send();
        let profiles = self.ask("bedrock:ListInferenceProfiles", pages.collect::<Result<Vec<_>, _>>())?;
        let listed = profiles.into_iter().map(|profile| ListedProfile {
            active: profile.status == InferenceProfileStatus::Active,
            id: profile.inference_profile_id,
            arn: profile.inference_profile_arn,
            models: arns(profile.models),
        });
        Ok(listed.collect())
    }

    fn inference_profile(&self, region: &str, id: &str) -> Asked<ListedProfile> {
        let question = self.bedrock(region).get_inference_profile().inference_profile_identifier(id).send();
        let profile = self.ask("bedrock:GetInferenceProfile", question)?;
        Ok(ListedProfile {
            active: profile.status == InferenceProfileStatus::Active,
            id: profile.inference_profile_id,
            arn: profile.inference_profile_arn,
            models: arns(profile.models),
        })
    }

    fn availability(&self, region: &str, model: &str) -> Asked<Availability> {
        let question = self.bedrock(region).get_foundation_model_availability().model_id(model).send();
        let answer = self.ask("bedrock:GetFoundationModelAvailability", question)?;
        let agreement = answer.agreement_availability.map(|agreement| agreement.status);
        Ok(Availability {
            authorized: answer.authorization_status != AuthorizationStatus::NotAuthorized,
            in_region: answer.region_availability != RegionAvailability::NotAvailable,
            agreement: match agreement {
                Some(AgreementStatus::Available) => Agreement::Signed,
                Some(AgreementStatus::Pending) => Agreement::Pending,
                Some(AgreementStatus::NotAvailable) => Agreement::Missing,
                _ => Agreement::Unclear,
            },
        })
    }

    fn use_case_sent(&self, region: &str) -> Asked<bool> {
        let question = self.bedrock(region).get_use_case_for_model_access().send();
        match self.ask("bedrock:GetUseCaseForModelAccess", question) {
            Ok(_) => Ok(true),
            Err(Failure { kind: FailureKind::NotFound, .. }) => Ok(false),
            Err(failure) => Err(failure),
        }
    }
}

fn listed(model: FoundationModelSummary) -> ListedModel {
    let words = |modalities: Option<Vec<ModelModality>>| {
        modalities.unwrap_or_default().iter().map(|modality| modality.as_str().to_ascii_lowercase()).collect()
    };
    let legacy = model.model_lifecycle.is_some_and(|cycle| cycle.status == FoundationModelLifecycleStatus::Legacy);
    let inference = model.inference_types_supported.unwrap_or_default();
    ListedModel {
        name: model.model_name.unwrap_or_default(),
        provider: model.provider_name.unwrap_or_default(),
        input: words(model.input_modalities),
        output: words(model.output_modalities),
        on_demand: inference.contains(&InferenceType::OnDemand),
        legacy,
        id: model.model_id,
    }
}

fn arns(models: Vec<InferenceProfileModel>) -> Vec<String> {
    models.into_iter().filter_map(|model| model.model_arn).collect()
}
