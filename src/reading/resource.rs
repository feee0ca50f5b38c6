//! Strings of `Resource` and `NotResource`: the fields of a Bedrock ARN, each literal, wildcard or unknown.

use std::ops::Range;

use super::fault::{Fault, FaultKind, RegionFault};
use super::fields::{
    MASK, behind_the_gap, is_account, is_literal, masked, missing_field, respelt, stands_for_more, with_colon,
};
use super::names::{Id, NamedRegion, Names, ResourceReading};
use crate::bedrock::{
    ActionCatalogue, ArnField, ArnFields, Catalogue, FieldRule, IdMistake, ModelIdKind, classify_runtime_id,
};
use crate::iam::Pattern;
use crate::iam::request::UNSPECIFIED_REGION;
use crate::text::{Part, Text};

/// A string that is no ARN of Amazon Bedrock, or one too open to be read.
fn unread(pattern: &Pattern, names: Names) -> (ResourceReading, Vec<Pattern>) {
    let reading = ResourceReading { names, region: None, faults: Vec::new() };
    (reading, vec![pattern.clone()])
}

/// What an ARN names whose service is not Amazon Bedrock, nor meant to be.
fn of_another_service(service: &str) -> Option<Names> {
    match service {
        "bedrock" | "bedrock-runtime" | "bedrock-agent" | "bedrock-agent-runtime" => None,
        service if service.contains(['*', '?']) => Some(Names::Anything),
        service if service.starts_with("bedrock") => Some(Names::Other),
        _ => Some(Names::Elsewhere),
    }
}

/// Reads a resource with blanks around it as the one without; `None` if there are none, or it is not Amazon Bedrock's.
fn read_within_blanks(
    pattern: &Pattern,
    variables: bool,
    catalogue: &Catalogue,
    actions: &ActionCatalogue,
) -> Option<(ResourceReading, Vec<Pattern>)> {
    let value = pattern.text().as_str();
    let trimmed = value.trim();
    let lead = value.len() - value.trim_start().len();
    let service = trimmed.split(':').nth(2)?;
    if trimmed.len() == value.len() || !trimmed.starts_with("arn:") || !service.starts_with("bedrock") {
        return None;
    }
    let end = lead + trimmed.len();
    let inner = Pattern::new(pattern.text().rebuilt(&[Part::Kept(lead..end)]), variables);
    let (mut reading, meant) = read(&inner, variables, catalogue, actions);
    let shift = |range: &mut Range<usize>| *range = range.start + lead..range.end + lead;
    reading.faults.iter_mut().for_each(|fault| shift(&mut fault.range));
    if let Some(region) = &mut reading.region {
        shift(&mut region.range);
    }
    if let Names::Model(id) | Names::Profile(id) | Names::ApplicationProfile(id) = &mut reading.names {
        shift(&mut id.range);
    }
    let blanks = [0..lead, end..value.len()].into_iter().filter(|range| !range.is_empty());
    reading.faults.extend(blanks.map(|range| Fault { kind: FaultKind::Blanks, range }));
    reading.faults.sort_by_key(|fault| fault.range.start);
    Some((reading, meant))
}

/// Reads a resource, and gives the patterns that were meant: mostly the one written.
pub(super) fn read(
    pattern: &Pattern,
    variables: bool,
    catalogue: &Catalogue,
    actions: &ActionCatalogue,
) -> (ResourceReading, Vec<Pattern>) {
    if let Some(read) = read_within_blanks(pattern, variables, catalogue, actions) {
        return read;
    }
    let unread = |names| unread(pattern, names);
    let text = pattern.text();
    let masked = masked(text);
    if !masked.starts_with("arn:") {
        return unread(if pattern.has_wildcard() || text.literal().is_none() {
            Names::Anything
        } else {
            Names::Elsewhere
        });
    }
    let mut faults = Vec::new();
    let gap = missing_field(&masked);
    let whole = gap.and_then(|at| with_colon(&masked, at));
    let Some(mut fields) = ArnFields::split(whole.as_deref().unwrap_or(&masked)) else {
        return unread(Names::Anything);
    };
    if let Some(gap) = gap {
        if !stands_for_more(fields.region.text) {
            faults.push(Fault { kind: FaultKind::MissingField, range: gap..gap });
        }
        behind_the_gap(&mut fields, gap);
    } else if fields.account.text.contains('/') {
        // a wildcard before the type has taken a colon in, and the colon of the id was counted for it
        return unread(Names::Anything);
    }
    match of_another_service(fields.service.text) {
        Some(names) => return unread(names),
        None if fields.service.text == "bedrock" => {}
        None => faults.push(Fault { kind: FaultKind::NotAService, range: fields.service.range.clone() }),
    }
    if let Some(fault) = respelt(&mut fields, actions) {
        faults.push(fault);
    }
    if fields.resource_type.text.contains(['*', '?']) || fields.resource_type.text.contains(MASK) {
        return unread(Names::Anything);
    }
    let reader = Reader {
        text,
        variables,
        catalogue,
        actions,
        fields: &fields,
        shortened: gap.is_some(),
        faults,
        meant: Meant::default(),
    };
    reader.read(pattern)
}

/// Whether it looks like the ids that application inference profiles are given: twelve small letters and digits.
fn is_application_id(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Fields that were meant otherwise than written.
#[derive(Default)]
struct Meant {
    partition: Option<String>,
    region: Option<String>,
    account: Option<String>,
    resource_type: Option<String>,
    id: Option<String>,
    /// Resources meant besides, as whole ARNs.
    besides: Vec<String>,
}

struct Reader<'a> {
    text: &'a Text,
    variables: bool,
    catalogue: &'a Catalogue,
    actions: &'a ActionCatalogue,
    fields: &'a ArnFields<'a>,
    /// Whether a field was supplied.
    shortened: bool,
    faults: Vec<Fault>,
    meant: Meant,
}

impl Reader<'_> {
    fn read(mut self, pattern: &Pattern) -> (ResourceReading, Vec<Pattern>) {
        let names = self.names();
        let region = self.named_region();
        let meant = if self.faults.is_empty() { vec![pattern.clone()] } else { self.patterns() };
        let mut faults = self.faults;
        faults.sort_by_key(|fault| fault.range.start);
        (ResourceReading { names, region, faults }, meant)
    }

    fn fault(&mut self, kind: FaultKind, field: &ArnField<'_>) {
        self.faults.push(Fault { kind, range: field.range.clone() });
    }

    fn names(&mut self) -> Names {
        let fields = self.fields;
        self.region();
        self.partition();
        let Some(kind) = self.resource_type() else {
            return Names::Other;
        };
        let Some(id) = fields.resource_id.clone() else {
            return Names::Other;
        };
        self.account(&kind);
        match kind.as_str() {
            _ if self.is_encoded(&id) => Names::Other,
            "foundation-model" => self.model(&id),
            "inference-profile" if is_application_id(id.text) => {
                self.other_type(FaultKind::ApplicationUnderSystem, "application-inference-profile");
                Names::ApplicationProfile(self.id(&id, None))
            }
            "inference-profile" => self.profile(&id),
            "application-inference-profile" if self.is_system_id(id.text) => {
                self.other_type(FaultKind::SystemUnderApplication, "inference-profile");
                self.profile(&id)
            }
            "application-inference-profile" => Names::ApplicationProfile(self.id(&id, None)),
            _ => Names::Other,
        }
    }

    /// The id shows that another type was meant. A type that is none is told of once, with that one.
    fn other_type(&mut self, kind: FaultKind, meant: &str) {
        self.meant.resource_type = Some(meant.to_owned());
        let misspelt = self.faults.iter_mut().find_map(|fault| match &mut fault.kind {
            FaultKind::NotAType { nearest } => Some(nearest),
            _ => None,
        });
        match misspelt {
            Some(nearest) => *nearest = vec![meant.to_owned()],
            None => self.fault(kind, &self.fields.resource_type),
        }
    }

    /// Whether it begins as the ids of system-defined profiles do, prefix and provider.
    fn is_system_id(&self, id: &str) -> bool {
        let model = self.catalogue.split_profile_id(id).and_then(|(_, model)| model.split_once('.'));
        model.is_some_and(|(provider, _)| self.catalogue.provider_stems().any(|stem| stem == provider))
    }

    /// An id with `%2F` in it, which is read as the `/` it stands for.
    fn is_encoded(&mut self, id: &ArnField<'_>) -> bool {
        let encoded = id.text.to_ascii_lowercase().contains("%2f");
        if encoded {
            self.meant.id = Some(id.text.replace("%2f", "/").replace("%2F", "/"));
            self.fault(FaultKind::PercentEncoded, id);
        }
        encoded
    }

    fn named_region(&self) -> Option<NamedRegion> {
        let field = &self.fields.region;
        let code = self.meant.region.as_deref().unwrap_or(field.text);
        (!field.text.is_empty() && !code.is_empty() && is_literal(field.text) && is_literal(code))
            .then(|| NamedRegion { code: code.to_owned(), range: field.range.clone() })
    }

    fn region(&mut self) {
        let region = self.fields.region.clone();
        if region.text.is_empty() || !is_literal(region.text) {
            return;
        }
        let account = self.fields.account.text;
        if is_account(region.text) && !account.is_empty() && is_literal(account) && !is_account(account) {
            // the two fields are swapped, which is told of at the account
            self.meant.region = Some(self.catalogue.region(account).map_or("*", |_| account).to_owned());
            return;
        }
        // what stands for no Region elsewhere; a global profile has its models without one
        let for_empty = matches!(region.text, "global" | UNSPECIFIED_REGION)
            && self.fields.resource_type.text == "foundation-model";
        let fault = if for_empty { Some(RegionFault::ForEmpty) } else { RegionFault::of(region.text, self.catalogue) };
        if let Some(fault) = fault {
            self.meant.region = fault.meant().map(str::to_owned);
            self.fault(FaultKind::Region(fault), &region);
        }
    }

    fn partition(&mut self) {
        let (partition, region) = (self.fields.partition.clone(), self.fields.region.text);
        let region = self.meant.region.as_deref().unwrap_or(region);
        let Some(expected) = self.catalogue.region(region).map(|region| region.partition) else {
            return;
        };
        if is_literal(partition.text) && partition.text != expected.as_str() {
            self.meant.partition = Some(expected.as_str().to_owned());
            self.fault(FaultKind::WrongPartition { expected }, &partition);
        }
    }

    /// The type, as it was meant.
    fn resource_type(&mut self) -> Option<String> {
        let written = self.fields.resource_type.clone();
        let service = "bedrock";
        if self.actions.resource_type(service, written.text).is_some() {
            return Some(written.text.to_owned());
        }
        let nearest: Vec<String> =
            self.actions.nearest_resource_types(service, written.text).into_iter().map(str::to_owned).collect();
        let meant = nearest.first().cloned();
        self.fault(FaultKind::NotAType { nearest }, &written);
        self.meant.resource_type.clone_from(&meant);
        meant
    }

    fn account(&mut self, kind: &str) {
        let (region, account) = (self.fields.region.clone(), self.fields.account.clone());
        let Some(rules) = self.actions.resource_type("bedrock", kind) else {
            return;
        };
        // a field that is missing altogether is told of once, and a wildcard before it may stand for it
        let supplied = self.shortened;
        if rules.region == FieldRule::Filled && region.text.is_empty() {
            self.meant.region = Some("*".to_owned());
            if !supplied {
                self.fault(FaultKind::NoRegion, &region);
            }
        }
        if rules.account == FieldRule::Empty && !rules.account.allows(account.text) {
            self.meant.account = Some(String::new());
            self.fault(FaultKind::AccountInModel, &account);
        } else if rules.account == FieldRule::Filled && account.text.is_empty() {
            self.meant.account = Some("*".to_owned());
            if !supplied {
                self.fault(FaultKind::NoAccount, &account);
            }
        } else if is_literal(account.text) && !account.text.is_empty() && !is_account(account.text) {
            self.meant.account = Some("*".to_owned());
            self.fault(FaultKind::NotAnAccount, &account);
        }
    }

    fn model(&mut self, id: &ArnField<'_>) -> Names {
        let prefixed = self.catalogue.split_profile_id(id.text).map(|(_, rest)| rest.to_owned());
        if let Some(model) = prefixed {
            // both ARNs of the profile are meant; where they route is not to be asked of a mistake
            self.fault(FaultKind::ProfileUnderModel, id);
            let partition = self.fields.partition.text;
            self.meant.besides.push(format!("arn:{partition}:bedrock:*:*:inference-profile/{}", id.text));
            self.meant.region = Some("*".to_owned());
            self.meant.id = Some(model);
            return Names::Anything;
        }
        let meant = self.catalogue_id(id);
        Names::Model(self.id(id, meant))
    }

    fn profile(&mut self, id: &ArnField<'_>) -> Names {
        let bare = self
            .catalogue
            .provider_stems()
            .any(|stem| id.text.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.')));
        if bare {
            self.fault(FaultKind::ModelUnderProfile, id);
            let meant = match classify_runtime_id(self.catalogue, id.text) {
                ModelIdKind::Mistake { nearest, .. } | ModelIdKind::NearMiss { nearest } => nearest.first().copied(),
                _ => None,
            };
            self.meant.id = Some(format!("*.{}", meant.unwrap_or(id.text)));
            return Names::Anything;
        }
        let meant = self.catalogue_id(id);
        Names::Profile(self.id(id, meant))
    }

    /// Looks a literal id up; gives the one that was meant.
    fn catalogue_id(&mut self, id: &ArnField<'_>) -> Option<String> {
        if !is_literal(id.text) {
            return None;
        }
        let (mistake, nearest) = match classify_runtime_id(self.catalogue, id.text) {
            ModelIdKind::Mistake { reason, nearest } => (Some(reason), nearest),
            ModelIdKind::NearMiss { nearest } => (None, nearest),
            ModelIdKind::Unknown => (None, Vec::new()),
            _ => return None,
        };
        let nearest: Vec<String> = nearest.into_iter().map(str::to_owned).collect();
        // a prefix that the catalogue lists no profile for may be new: nothing else is meant by it
        let meant = nearest.first().filter(|_| mistake != Some(IdMistake::WrongPrefix)).cloned();
        self.fault(FaultKind::Id { mistake, nearest }, id);
        self.meant.id.clone_from(&meant);
        meant
    }

    fn id(&self, id: &ArnField<'_>, meant: Option<String>) -> Id {
        let written = self.text.as_str().get(id.range.clone()).unwrap_or(id.text);
        Id { text: meant.unwrap_or_else(|| written.to_owned()), literal: is_literal(id.text), range: id.range.clone() }
    }

    /// The patterns that were meant.
    fn patterns(&self) -> Vec<Pattern> {
        let fields = self.fields;
        let kept = |field: &ArnField<'_>| Part::Kept(field.range.clone());
        fn or<'m>(meant: Option<&'m String>, kept: Part<'m>) -> Part<'m> {
            meant.map_or(kept, |new| Part::New(new))
        }
        let id = fields.resource_id.as_ref();
        let mut parts = vec![
            Part::New("arn:"),
            or(self.meant.partition.as_ref(), kept(&fields.partition)),
            Part::New(":bedrock:"),
            or(self.meant.region.as_ref(), kept(&fields.region)),
            Part::New(":"),
            or(self.meant.account.as_ref(), kept(&fields.account)),
            Part::New(":"),
        ];
        match id {
            Some(id) => {
                parts.push(or(self.meant.resource_type.as_ref(), kept(&fields.resource_type)));
                parts.push(Part::New("/"));
                parts.push(or(self.meant.id.as_ref(), kept(id)));
            }
            None => parts.push(kept(&fields.resource)),
        }
        let mut patterns = vec![Pattern::new(self.text.rebuilt(&parts), self.variables)];
        for besides in &self.meant.besides {
            patterns.push(Pattern::new(self.text.rebuilt(&[Part::New(besides)]), self.variables));
        }
        patterns
    }
}

#[cfg(test)]
#[path = "resource_tests.rs"]
mod tests;
