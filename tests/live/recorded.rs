//! Answers of AWS, shaped as the API references of IAM, STS, Organizations and Amazon Bedrock print them.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::server::{Answer, Question};

/// The account that answers.
pub const ACCOUNT: &str = "123456789012";

/// An answer in XML, of IAM or STS.
pub fn xml(operation: &str, inner: &str) -> Answer {
    let body = format!(
        "<{operation}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><{operation}Result>{inner}\
         </{operation}Result><ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId>\
         </ResponseMetadata></{operation}Response>"
    );
    Answer::Say { status: 200, headers: vec![("content-type", "text/xml".to_owned())], body }
}

/// An answer in JSON.
pub fn json(value: &Value) -> Answer {
    Answer::Say { status: 200, headers: vec![("content-type", "application/json".to_owned())], body: value.to_string() }
}

/// An error as the service of an operation writes it.
pub fn error(question: &Question, status: u16, code: &str, message: &str) -> Answer {
    if question.operation.starts_with("iam:") || question.operation.starts_with("sts:") {
        let body = format!(
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>{code}\
             </Code><Message>{message}</Message></Error><RequestId>7a62c49f-EXAMPLE</RequestId></ErrorResponse>"
        );
        return Answer::Say { status, headers: vec![("content-type", "text/xml".to_owned())], body };
    }
    let headers = vec![("content-type", "application/json".to_owned()), ("x-amzn-errortype", code.to_owned())];
    Answer::Say { status, headers, body: json!({ "__type": code, "message": message }).to_string() }
}

/// The refusal of an operation that the caller may not ask.
pub fn denied(question: &Question) -> Answer {
    let code = if question.operation.starts_with("iam:") { "AccessDenied" } else { "AccessDeniedException" };
    error(question, 403, code, &format!("User is not authorized to perform: {}", question.operation))
}

/// The refusal of an operation that is asked too often.
pub fn throttled(question: &Question) -> Answer {
    let code = if question.operation.starts_with("iam:") { "Throttling" } else { "ThrottlingException" };
    error(question, 400, code, "Rate exceeded")
}

/// Text inside of XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A document as IAM gives it.
pub fn encoded(document: &str) -> String {
    utf8_percent_encode(document, NON_ALPHANUMERIC).to_string()
}

/// What IAM's simulator answers to a request. A test says it: nothing here evaluates a policy.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// `allowed`, `explicitDeny` or `implicitDeny`.
    pub decision: &'static str,
    /// Policies by IAM's name, and line and column of the statements that decide.
    pub matched: Vec<(&'static str, usize, usize)>,
    /// Condition keys that the request lacks.
    pub missing: Vec<&'static str>,
    /// Whether service control policies allow it, if IAM says so.
    pub by_organization: Option<bool>,
    /// Whether the permissions boundary allows it, if IAM says so.
    pub by_boundary: Option<bool>,
}

/// Everything that a simulator allows, by a statement of a policy.
pub fn allowed(policy: &'static str, line: usize, column: usize) -> Evaluation {
    Evaluation { decision: "allowed", matched: vec![(policy, line, column)], ..Evaluation::default() }
}

/// A decision of a simulator by no statement.
pub fn decided(decision: &'static str) -> Evaluation {
    Evaluation { decision, ..Evaluation::default() }
}

/// The answer of a simulator to a question of one action on one resource.
pub fn simulated(question: &Question, evaluation: &Evaluation) -> Answer {
    simulated_page(question, Some(evaluation), None)
}

/// The same as a page of several, which the next follows if there is a marker.
pub fn simulated_page(question: &Question, evaluation: Option<&Evaluation>, next: Option<&str>) -> Answer {
    let (_, operation) = question.operation.split_once(':').unwrap();
    let result = evaluation.map_or_else(String::new, |evaluation| evaluated(question, evaluation));
    let marker = next.map_or_else(String::new, |next| format!("<Marker>{next}</Marker>"));
    let inner =
        format!("<IsTruncated>{}</IsTruncated>{marker}<EvaluationResults>{result}</EvaluationResults>", next.is_some());
    xml(operation, &inner)
}

fn evaluated(question: &Question, evaluation: &Evaluation) -> String {
    let matched = evaluation.matched.iter().map(|(policy, line, column)| {
        format!(
            "<member><SourcePolicyId>{policy}</SourcePolicyId><SourcePolicyType>IAM Policy</SourcePolicyType>\
             <EndPosition><Column>1</Column><Line>{}</Line></EndPosition>\
             <StartPosition><Column>{column}</Column><Line>{line}</Line></StartPosition></member>",
            line + 1
        )
    });
    let missing = evaluation.missing.iter().map(|key| format!("<member>{key}</member>"));
    let organization = evaluation.by_organization.map_or_else(String::new, |allowed| {
        format!(
            "<OrganizationsDecisionDetail><AllowedByOrganizations>{allowed}</AllowedByOrganizations>\
             </OrganizationsDecisionDetail>"
        )
    });
    let boundary = evaluation.by_boundary.map_or_else(String::new, |allowed| {
        format!(
            "<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>{allowed}\
             </AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>"
        )
    });
    format!(
        "<member><MatchedStatements>{}</MatchedStatements><MissingContextValues>{}</MissingContextValues>\
         <EvalResourceName>{}</EvalResourceName><EvalDecision>{}</EvalDecision><EvalActionName>{}</EvalActionName>\
         {organization}{boundary}</member>",
        matched.collect::<String>(),
        missing.collect::<String>(),
        question.field("ResourceArns.member.1"),
        evaluation.decision,
        question.field("ActionNames.member.1"),
    )
}

/// A role or user, and what is attached to it.
#[derive(Clone, Debug, Default)]
pub struct Holder {
    /// The path, if it is not `/`.
    pub path: Option<&'static str>,
    /// Inline policies: name and document.
    pub inline: Vec<(String, String)>,
    /// Managed policies: ARN and document.
    pub managed: Vec<(String, String)>,
    /// The permissions boundary: ARN and document.
    pub boundary: Option<(String, String)>,
    /// Names of the groups of a user.
    pub groups: Vec<String>,
    /// The trust policy of a role.
    pub trust: Option<String>,
    /// Long-term Bedrock API keys: id, whether it is active, and when it ends.
    pub keys: Vec<(String, bool, Option<String>)>,
}

/// An account that is known by heart.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// Services of which nothing is recorded: another server answers for them.
    pub beyond: &'static [&'static str],
    /// By kind and name: `role app`, `user ana`, `group staff`.
    pub holders: BTreeMap<String, Holder>,
    /// Regions and models that it may use; others are not authorised.
    pub models: Vec<(String, String)>,
    /// Regions, ids or ARNs, and destinations of inference profiles.
    pub profiles: Vec<(String, String, Vec<String>)>,
    /// Regions and bare ids that are served on-demand.
    pub on_demand: Vec<(String, String)>,
    /// Whether Anthropic's form was sent.
    pub use_case_sent: bool,
    /// How many rows a page of a list has; all if zero.
    pub page: usize,
}

impl Account {
    /// Its answer; none to what is not recorded.
    pub fn answer(&self, question: &Question) -> Option<Answer> {
        let (service, operation) = question.operation.split_once(':').filter(|(one, _)| !self.beyond.contains(one))?;
        let id = &self.id;
        match service {
            "sts" => Some(xml(
                "GetCallerIdentity",
                &format!("<Arn>arn:aws:iam::{id}:user/auditor</Arn><UserId>AIDA</UserId><Account>{id}</Account>"),
            )),
            "iam" => self.managed(question).or_else(|| self.iam(operation, question)),
            "organizations" => {
                Some(error(question, 400, "AWSOrganizationsNotInUseException", "Your account is not a member of one"))
            }
            "bedrock" => self.bedrock(operation, question),
            _ => None,
        }
    }

    fn iam(&self, operation: &str, question: &Question) -> Option<Answer> {
        let id = &self.id;
        let (kind, name) = ["Role", "User", "Group"].iter().find_map(|kind| {
            let name = question.field(&format!("{kind}Name"));
            (!name.is_empty()).then(|| (*kind, name.to_owned()))
        })?;
        let known = self.holders.get(&format!("{} {name}", kind.to_ascii_lowercase()));
        let Some(holder) = known else {
            let message = format!("The {} with name {name} cannot be found.", kind.to_ascii_lowercase());
            return Some(error(question, 404, "NoSuchEntity", &message));
        };
        Some(match operation {
            "GetRole" | "GetUser" => {
                let boundary = holder.boundary.as_ref().map_or_else(String::new, |(arn, _)| {
                    format!(
                        "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>\
                         <PermissionsBoundaryArn>{arn}</PermissionsBoundaryArn></PermissionsBoundary>"
                    )
                });
                let trust = holder.trust.as_deref().map_or_else(String::new, |trust| {
                    format!("<AssumeRolePolicyDocument>{}</AssumeRolePolicyDocument>", encoded(trust))
                });
                let path = holder.path.unwrap_or("/");
                let arn = format!("arn:aws:iam::{id}:{}{path}{name}", kind.to_ascii_lowercase());
                let inner = format!(
                    "<{kind}><Path>{path}</Path><{kind}Name>{name}</{kind}Name><{kind}Id>AROAEXAMPLE</{kind}Id><Arn>{arn}</Arn>\
                     <CreateDate>2026-01-01T00:00:00Z</CreateDate>{trust}{boundary}</{kind}>"
                );
                xml(operation, &inner)
            }
            "ListGroupsForUser" => {
                let rows = holder.groups.iter().map(|group| {
                    format!(
                        "<member><Path>/</Path><GroupName>{group}</GroupName><GroupId>AGPA</GroupId><Arn>arn:aws:iam::\
                         {id}:group/{group}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></member>"
                    )
                });
                self.paged(question, operation, "Groups", rows.collect())
            }
            "ListRolePolicies" | "ListUserPolicies" | "ListGroupPolicies" => {
                let rows = holder.inline.iter().map(|(name, _)| format!("<member>{name}</member>"));
                self.paged(question, operation, "PolicyNames", rows.collect())
            }
            "ListAttachedRolePolicies" | "ListAttachedUserPolicies" | "ListAttachedGroupPolicies" => {
                let rows = holder.managed.iter().map(|(arn, _)| {
                    let name = arn.rsplit('/').next().unwrap_or_default();
                    format!("<member><PolicyName>{name}</PolicyName><PolicyArn>{arn}</PolicyArn></member>")
                });
                self.paged(question, operation, "AttachedPolicies", rows.collect())
            }
            "GetRolePolicy" | "GetUserPolicy" | "GetGroupPolicy" => {
                let wanted = question.field("PolicyName");
                let (policy, document) = holder.inline.iter().find(|(name, _)| name == wanted)?;
                let inner = format!(
                    "<{kind}Name>{name}</{kind}Name><PolicyName>{policy}</PolicyName><PolicyDocument>{}</PolicyDocument>",
                    encoded(document)
                );
                xml(operation, &inner)
            }
            "ListServiceSpecificCredentials" => {
                let rows = holder.keys.iter().map(|(key, active, end)| {
                    let status = if *active { "Active" } else { "Inactive" };
                    let end = end.as_deref().map_or_else(String::new, |end| format!("<ExpirationDate>{end}</ExpirationDate>"));
                    format!(
                        "<member><UserName>{name}</UserName><Status>{status}</Status><ServiceUserName>{name}-at-{id}\
                         </ServiceUserName><CreateDate>2026-05-01T08:00:00Z</CreateDate>{end}<ServiceSpecificCredentialId>\
                         {key}</ServiceSpecificCredentialId><ServiceName>bedrock.amazonaws.com</ServiceName></member>"
                    )
                });
                self.paged(question, operation, "ServiceSpecificCredentials", rows.collect())
            }
            _ => return None,
        })
    }

    /// Documents of managed policies, by ARN: they are asked for without naming a holder.
    fn managed(&self, question: &Question) -> Option<Answer> {
        let arn = question.field("PolicyArn");
        let boundaries = self.holders.values().filter_map(|holder| holder.boundary.as_ref());
        let all = self.holders.values().flat_map(|holder| &holder.managed).chain(boundaries);
        let (_, document) = all.into_iter().find(|(known, _)| known == arn)?;
        Some(match question.operation.as_str() {
            "iam:GetPolicy" => {
                let inner = format!("<Policy><Arn>{arn}</Arn><DefaultVersionId>v3</DefaultVersionId></Policy>");
                xml("GetPolicy", &inner)
            }
            "iam:GetPolicyVersion" if question.field("VersionId") == "v3" => {
                let document = escaped(&encoded(document));
                let inner = format!(
                    "<PolicyVersion><Document>{document}</Document><VersionId>v3</VersionId><IsDefaultVersion>true\
                     </IsDefaultVersion></PolicyVersion>"
                );
                xml("GetPolicyVersion", &inner)
            }
            _ => return None,
        })
    }

    /// A page of a list: where the marker points, and one for the next.
    fn paged(&self, question: &Question, operation: &str, list: &str, rows: Vec<String>) -> Answer {
        let from: usize = question.field("Marker").parse().unwrap_or(0);
        let page = if self.page == 0 { rows.len().max(1) } else { self.page };
        let shown: String = rows.iter().skip(from).take(page).cloned().collect();
        let more = from + page < rows.len();
        let marker = if more { format!("<Marker>{}</Marker>", from + page) } else { String::new() };
        xml(operation, &format!("<{list}>{shown}</{list}><IsTruncated>{more}</IsTruncated>{marker}"))
    }

    /// A page of the system-defined profiles of a Region. Its token is opaque to whoever asks.
    fn listed_profiles(&self, question: &Question) -> Answer {
        let (region, account) = (&question.region, &self.id);
        let here = self.profiles.iter().filter(|(place, id, _)| place == region && !id.starts_with("arn:"));
        let rows = here.map(|(_, id, models)| {
            json!({
                "inferenceProfileName": id, "inferenceProfileId": id, "status": "ACTIVE", "type": "SYSTEM_DEFINED",
                "inferenceProfileArn": format!("arn:aws:bedrock:{region}:{account}:inference-profile/{id}"),
                "models": models.iter().map(|arn| json!({ "modelArn": arn })).collect::<Vec<_>>(),
                "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
            })
        });
        let rows: Vec<Value> = rows.collect();
        let from: usize = question.field("nextToken").strip_prefix("page+").map_or(0, |from| from.parse().unwrap());
        let page = if self.page == 0 { rows.len().max(1) } else { self.page };
        let mut answer =
            json!({ "inferenceProfileSummaries": rows.get(from..).unwrap().iter().take(page).collect::<Vec<_>>() });
        if from + page < rows.len() {
            answer["nextToken"] = format!("page+{}", from + page).into();
        }
        json(&answer)
    }

    fn bedrock(&self, operation: &str, question: &Question) -> Option<Answer> {
        let (region, id) = (&question.region, question.field("id"));
        Some(match operation {
            "GetFoundationModelAvailability" => {
                let known = self.models.iter().any(|(place, model)| place == region && model == id);
                let (authorized, available) =
                    if known { ("AUTHORIZED", "AVAILABLE") } else { ("NOT_AUTHORIZED", "NOT_AVAILABLE") };
                json(&json!({
                    "modelId": id, "agreementAvailability": { "status": available },
                    "authorizationStatus": authorized, "entitlementAvailability": available,
                    "regionAvailability": "AVAILABLE",
                }))
            }
            "ListFoundationModels" => {
                let here = self.on_demand.iter().filter(|(place, _)| place == region);
                let rows = here.map(|(_, id)| {
                    json!({
                        "modelArn": format!("arn:aws:bedrock:{region}::foundation-model/{id}"), "modelId": id,
                        "modelName": id, "providerName": "Provider", "inputModalities": ["TEXT"],
                        "outputModalities": ["TEXT"], "inferenceTypesSupported": ["ON_DEMAND"],
                        "modelLifecycle": { "status": "ACTIVE" },
                    })
                });
                json(&json!({ "modelSummaries": rows.collect::<Vec<_>>() }))
            }
            "ListInferenceProfiles" => self.listed_profiles(question),
            "GetInferenceProfile" => {
                let known = self.profiles.iter().find(|(place, profile, _)| place == region && profile == id);
                match known {
                    None => error(question, 404, "ResourceNotFoundException", "The provided profile does not exist"),
                    Some((_, profile, models)) => json(&json!({
                        "inferenceProfileName": "profile", "inferenceProfileArn": profile, "inferenceProfileId": profile,
                        "models": models.iter().map(|arn| json!({ "modelArn": arn })).collect::<Vec<_>>(),
                        "status": "ACTIVE", "type": "SYSTEM_DEFINED",
                    })),
                }
            }
            "GetUseCaseForModelAccess" if self.use_case_sent => json(&json!({ "formData": "e30=" })),
            "GetUseCaseForModelAccess" => error(question, 404, "ResourceNotFoundException", "No use case was sent"),
            _ => return None,
        })
    }
}
