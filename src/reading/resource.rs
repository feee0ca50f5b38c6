//! Strings of `Resource` and `NotResource`: the fields of a Bedrock ARN, each literal, wildcard or unknown.

use std::ops::Range;

use crate::bedrock::{
    ActionCatalogue, ArnField, ArnFields, Catalogue, FieldRule, IdMistake, ModelIdKind, Partition, RegionName,
    classify_id, classify_region,
};
use crate::iam::Pattern;
use crate::text::{Part, Text};

/// What a string of `Resource` is.
#[derive(Clone, Debug)]
pub struct ResourceReading {
    /// What it names, as it was meant.
    pub names: Names,
    /// What is wrong with it, in the order of the string.
    pub faults: Vec<Fault>,
}

/// What a resource pattern names, as it was meant. Ids may hold wildcards, variables and holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// Resources of several types: `*`, `arn:aws:bedrock:*`.
    Anything,
    /// Foundation models.
    Model(Id),
    /// System-defined inference profiles.
    Profile(Id),
    /// Application inference profiles.
    ApplicationProfile(Id),
    /// Another resource of Amazon Bedrock.
    Other,
    /// Resources of another service.
    Elsewhere,
}

/// The id in an ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    /// As it was meant.
    pub text: String,
    /// Whether it is one id: no wildcard, variable or hole.
    pub literal: bool,
    /// Where the written id stands in the string, in bytes.
    pub range: Range<usize>,
}

/// Something wrong with a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Where in the string, in bytes.
    pub range: Range<usize>,
}

/// What can be wrong with a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A foundation-model ARN with an account.
    AccountInModel,
    /// No account where the type belongs to one.
    NoAccount,
    /// An account that is not twelve digits.
    NotAnAccount,
    /// No Region where the type lives in one.
    NoRegion,
    /// Fewer than six fields.
    MissingField,
    /// `bedrock-runtime` and the like as the service.
    NotAService,
    /// A profile id, or a pattern of them, under `foundation-model/`.
    ProfileUnderModel,
    /// A bare model id, or a pattern of them, under `inference-profile/`.
    ModelUnderProfile,
    /// A resource type that does not exist.
    NotAType {
        /// Up to three real ones, best first; empty if nothing is near, which may mean that it is new.
        nearest: Vec<String>,
    },
    /// `foundation-model:ID` instead of `foundation-model/ID`.
    ColonForSlash,
    /// A partition that does not hold the Region.
    WrongPartition {
        /// The one that does.
        expected: Partition,
    },
    /// `%2F` instead of `/`.
    PercentEncoded,
    /// A Region that AWS does not have.
    Region(RegionFault),
    /// A model or profile id that does not exist.
    Id {
        /// The documented mistake; `None` for a misspelling, or for an id that may be new.
        mistake: Option<IdMistake>,
        /// Up to three real ones, best first; empty if nothing is near, which may mean that it is new.
        nearest: Vec<String>,
    },
}

/// What stands in the place of a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionFault {
    /// An Availability Zone.
    Zone {
        /// Its Region.
        region: String,
    },
    /// A name instead of a code.
    Name {
        /// Its Region.
        region: String,
    },
    /// Upper case.
    Case {
        /// The Region meant.
        region: String,
    },
    /// A misspelling.
    Misspelt {
        /// Up to three real ones, best first.
        nearest: Vec<String>,
    },
    /// Like nothing known: maybe newer than the catalogue.
    Unknown,
}

impl RegionFault {
    /// What a string in the place of a Region has wrong with it.
    #[must_use]
    pub fn of(text: &str, catalogue: &Catalogue) -> Option<Self> {
        let code = |region: &crate::bedrock::Region| region.code.to_string();
        match classify_region(catalogue, text) {
            RegionName::Known(_) => None,
            RegionName::AvailabilityZone { region } => Some(Self::Zone { region: code(region) }),
            RegionName::DisplayName { region } => Some(Self::Name { region: code(region) }),
            RegionName::WrongCase { region } => Some(Self::Case { region: code(region) }),
            RegionName::NearMiss { nearest } => Some(Self::Misspelt {
                nearest: nearest.into_iter().map(str::to_owned).collect(),
            }),
            RegionName::Unknown => Some(Self::Unknown),
        }
    }

    /// The Region that was meant, where that is clear.
    #[must_use]
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::Zone { region } | Self::Name { region } | Self::Case { region } => Some(region),
            Self::Misspelt { nearest } => nearest.first().map(String::as_str),
            Self::Unknown => None,
        }
    }
}

/// Reads a resource, and gives the patterns that were meant: mostly the one written.
pub(super) fn read(
    pattern: &Pattern,
    variables: bool,
    catalogue: &Catalogue,
    actions: &ActionCatalogue,
) -> (ResourceReading, Vec<Pattern>) {
    let unread = |names| {
        (
            ResourceReading {
                names,
                faults: Vec::new(),
            },
            vec![pattern.clone()],
        )
    };
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
    let padded = with_all_fields(&masked, text, &mut faults);
    let Some(fields) = ArnFields::split(padded.as_deref().unwrap_or(&masked)) else {
        return unread(Names::Anything);
    };
    match fields.service.text {
        "bedrock" => {}
        "bedrock-runtime" | "bedrock-agent" | "bedrock-agent-runtime" => {
            faults.push(Fault {
                kind: FaultKind::NotAService,
                range: fields.service.range.clone(),
            });
        }
        service if service.contains(['*', '?']) => return unread(Names::Anything),
        service if service.starts_with("bedrock") => return unread(Names::Other),
        _ => return unread(Names::Elsewhere),
    }
    if fields.resource_type.text.contains(['*', '?']) || fields.resource_type.text.contains(MASK) {
        return unread(Names::Anything);
    }
    let mut reader = Reader {
        text,
        variables,
        catalogue,
        actions,
        fields: &fields,
        faults,
        meant: Meant::default(),
    };
    let names = reader.names();
    let missing = padded.is_some();
    let meant = if reader.faults.is_empty() {
        vec![pattern.clone()]
    } else {
        reader.patterns(missing)
    };
    let mut faults = reader.faults;
    faults.sort_by_key(|fault| fault.range.start);
    if missing {
        // offsets behind the supplied colon are one too far
        let length = text.as_str().len();
        for fault in &mut faults {
            fault.range = fault.range.start.min(length)..fault.range.end.min(length);
        }
    }
    (ResourceReading { names, faults }, meant)
}

/// Stands for characters of holes and policy variables, whose colons and slashes separate nothing.
const MASK: char = '\u{1}';

/// The string with every byte of a hole or policy variable replaced, so that offsets stay.
fn masked(text: &Text) -> String {
    let value = text.as_str();
    let mut masked = String::with_capacity(value.len());
    let mut at = 0;
    for (start, end) in unknown_ranges(text) {
        // ranges may overlap: a hole inside a variable
        if end > at {
            masked.push_str(value.get(at..start).unwrap_or_default());
            masked.extend(std::iter::repeat_n(MASK, end - start.max(at)));
            at = end;
        }
    }
    masked.push_str(value.get(at..).unwrap_or_default());
    masked
}

/// Where holes and policy variables stand, sorted by their start.
fn unknown_ranges(text: &Text) -> Vec<(usize, usize)> {
    let value = text.as_str();
    let mut unknown: Vec<(usize, usize)> = text
        .holes()
        .iter()
        .map(|hole| (hole.range.start, hole.range.end))
        .collect();
    let mut at = 0;
    while let Some(start) = value.get(at..).and_then(|rest| rest.find("${")).map(|found| at + found) {
        let end = value
            .get(start..)
            .and_then(|rest| rest.find('}'))
            .map_or(value.len(), |found| start + found + 1);
        unknown.push((start, end));
        at = end;
    }
    unknown.sort_unstable();
    unknown
}

/// The field of that index in an ARN, as written: colons inside holes and policy variables separate nothing.
#[must_use]
pub fn field(pattern: &Pattern, index: usize) -> Option<&str> {
    let text = pattern.text().as_str();
    if pattern.text().literal().is_some() && !text.contains("${") {
        return text.splitn(6, ':').nth(index);
    }
    let masked = masked(pattern.text());
    let mut start = 0;
    for (at, field) in masked.splitn(6, ':').enumerate() {
        if at == index {
            return text.get(start..start + field.len());
        }
        start += field.len() + 1;
    }
    None
}

/// Whether a field is known to the last character.
fn is_literal(field: &str) -> bool {
    !field.contains(['*', '?', MASK])
}

/// An ARN with one field too few gets it, if no wildcard could stand for it: `arn:aws:bedrock:us-east-1:foundation-model/x`.
fn with_all_fields(masked: &str, text: &Text, faults: &mut Vec<Fault>) -> Option<String> {
    let parts: Vec<&str> = masked.splitn(6, ':').collect();
    let [arn, partition, service, region, resource] = *parts.as_slice() else {
        // `…:us-east-1:foundation-model/anthropic.x-v1:0` has the sixth colon in its id
        return match *parts.as_slice() {
            [arn, partition, service, region, resource, id] if resource.contains('/') && is_literal(region) => {
                faults.push(Fault {
                    kind: FaultKind::MissingField,
                    range: 0..text.as_str().len(),
                });
                Some(format!("{arn}:{partition}:{service}:{region}::{resource}:{id}"))
            }
            _ => None,
        };
    };
    if !resource.contains('/') || !is_literal(region) {
        return None;
    }
    faults.push(Fault {
        kind: FaultKind::MissingField,
        range: 0..text.as_str().len(),
    });
    Some(format!("{arn}:{partition}:{service}:{region}::{resource}"))
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
    faults: Vec<Fault>,
    meant: Meant,
}

impl Reader<'_> {
    fn fault(&mut self, kind: FaultKind, field: &ArnField<'_>) {
        self.faults.push(Fault {
            kind,
            range: field.range.clone(),
        });
    }

    fn names(&mut self) -> Names {
        let fields = self.fields;
        self.region();
        self.partition();
        let Some(kind) = self.resource_type() else {
            return Names::Other;
        };
        let id = fields.resource_id.clone();
        let Some(id) = id else { return Names::Other };
        if id.text.to_ascii_lowercase().contains("%2f") || kind.to_ascii_lowercase().contains("%2f") {
            self.fault(FaultKind::PercentEncoded, &fields.resource.clone());
        }
        self.account(&kind);
        match kind.as_str() {
            "foundation-model" => self.model(&id),
            "inference-profile" => self.profile(&id),
            "application-inference-profile" => Names::ApplicationProfile(self.id(&id, None)),
            _ => Names::Other,
        }
    }

    fn region(&mut self) {
        let region = self.fields.region.clone();
        if region.text.is_empty() || !is_literal(region.text) {
            return;
        }
        if let Some(fault) = RegionFault::of(region.text, self.catalogue) {
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
        if written.text.to_ascii_lowercase().contains("%2f") {
            self.fault(FaultKind::PercentEncoded, &self.fields.resource.clone());
            return None;
        }
        if let Some((before, _)) = written.text.split_once(':')
            && self.actions.resource_type(service, before).is_some()
        {
            self.fault(FaultKind::ColonForSlash, &written);
            return None;
        }
        let nearest: Vec<String> = self
            .actions
            .nearest_resource_types(service, written.text)
            .into_iter()
            .map(str::to_owned)
            .collect();
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
        if rules.region == FieldRule::Filled && region.text.is_empty() {
            self.meant.region = Some("*".to_owned());
            self.fault(FaultKind::NoRegion, &region);
        }
        let supplied = self.faults.iter().any(|fault| fault.kind == FaultKind::MissingField);
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
        let prefixed = self
            .catalogue
            .split_profile_id(id.text)
            .map(|(_, rest)| rest.to_owned());
        if let Some(model) = prefixed {
            // both ARNs of the profile are meant; where they route is not to be asked of a mistake
            self.fault(FaultKind::ProfileUnderModel, id);
            let partition = self.fields.partition.text;
            self.meant
                .besides
                .push(format!("arn:{partition}:bedrock:*:*:inference-profile/{}", id.text));
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
            self.meant.id = Some(format!("*.{}", id.text));
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
        let (mistake, nearest) = match classify_id(self.catalogue, id.text) {
            ModelIdKind::Mistake { reason, nearest } => (Some(reason), nearest),
            ModelIdKind::NearMiss { nearest } => (None, nearest),
            ModelIdKind::Unknown => (None, Vec::new()),
            _ => return None,
        };
        let nearest: Vec<String> = nearest.into_iter().map(str::to_owned).collect();
        // a prefix that the catalogue lists no profile for may be new: nothing else is meant by it
        let meant = nearest
            .first()
            .filter(|_| mistake != Some(IdMistake::WrongPrefix))
            .cloned();
        self.fault(FaultKind::Id { mistake, nearest }, id);
        self.meant.id.clone_from(&meant);
        meant
    }

    fn id(&self, id: &ArnField<'_>, meant: Option<String>) -> Id {
        let written = self.text.as_str().get(id.range.clone()).unwrap_or(id.text);
        Id {
            text: meant.unwrap_or_else(|| written.to_owned()),
            literal: is_literal(id.text),
            range: id.range.clone(),
        }
    }

    /// The patterns that were meant.
    fn patterns(&self, missing_field: bool) -> Vec<Pattern> {
        let fields = self.fields;
        let shift = usize::from(missing_field);
        let kept = |field: &ArnField<'_>, behind: bool| {
            let by = if behind { shift } else { 0 };
            Part::Kept(field.range.start.saturating_sub(by)..field.range.end.saturating_sub(by))
        };
        fn or<'m>(meant: Option<&'m String>, kept: Part<'m>) -> Part<'m> {
            meant.map_or(kept, |new| Part::New(new))
        }
        let id = fields.resource_id.as_ref();
        let mut parts = vec![
            Part::New("arn:"),
            or(self.meant.partition.as_ref(), kept(&fields.partition, false)),
            Part::New(":bedrock:"),
            or(self.meant.region.as_ref(), kept(&fields.region, false)),
            Part::New(":"),
            or(self.meant.account.as_ref(), kept(&fields.account, false)),
            Part::New(":"),
        ];
        match id {
            Some(id) => {
                parts.push(or(self.meant.resource_type.as_ref(), kept(&fields.resource_type, true)));
                parts.push(Part::New("/"));
                parts.push(or(self.meant.id.as_ref(), kept(id, true)));
            }
            None => parts.push(kept(&fields.resource, true)),
        }
        let mut patterns = vec![Pattern::new(self.text.rebuilt(&parts), self.variables)];
        for besides in &self.meant.besides {
            patterns.push(Pattern::new(self.text.rebuilt(&[Part::New(besides)]), self.variables));
        }
        patterns
    }
}

/// Whether a field is the id of an account, or AWS itself.
fn is_account(text: &str) -> bool {
    text == "aws" || (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()))
}
