//! Whether ids can be called.

use jiff::civil::Date;

use crate::access::{Asked, NamedTarget, TargetDoubt, TargetError, partition_of, sources_of, target_of};
use crate::bedrock::{ArnFields, Catalogue, Profile, Standing};

/// What came out for one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The id or ARN as it was given.
    pub id: String,
    /// Why it cannot be called; `None` if it can.
    pub fault: Option<String>,
    /// The nearest ids that can be called, best first, where it cannot.
    pub instead: Vec<String>,
    /// What else is to be known of it.
    pub notes: Vec<String>,
}

impl Checked {
    /// Whether it can be called.
    #[must_use]
    pub fn is_callable(&self) -> bool {
        self.fault.is_none()
    }

    /// The fault in words that follow the id.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        let fault = self.fault.as_deref()?;
        Some(fault.strip_prefix(&format!("`{}` ", self.id)).unwrap_or(fault))
    }
}

/// Whether a model id, the id of a system-defined profile, or an ARN of either can be called on a day: from a Region, or
/// from any at all.
///
/// # Errors
/// If AWS has no such Region, as far as the catalogue knows.
pub fn check(id: &str, region: Option<&str>, as_of: Date, catalogue: &Catalogue) -> Result<Checked, TargetError> {
    if let Some(region) = region {
        partition_of(region, catalogue)?;
    }
    let id = id.trim();
    let places = match region {
        Some(region) => Ok(vec![Some(region.to_owned())]),
        None if ArnFields::split(id).is_some() => Ok(vec![None]),
        None => sources_of(id, catalogue).map(|regions| regions.into_iter().map(Some).collect()),
    };
    let mut refused: Option<Checked> = None;
    for place in match places {
        Ok(places) => places,
        Err(error) => return Ok(Checked::refused(id, error)),
    } {
        let one = from(id, place.as_deref(), region.is_some(), as_of, catalogue);
        if one.is_callable() {
            return Ok(one);
        }
        refused.get_or_insert(one);
    }
    Ok(refused.unwrap_or_else(|| Checked::nowhere(id)))
}

fn from(id: &str, place: Option<&str>, is_given: bool, as_of: Date, catalogue: &Catalogue) -> Checked {
    let named = match target_of(&Asked { model: id, copies: None, region: place, as_of }, catalogue) {
        Ok(named) => named,
        Err(error) => {
            let refused = Checked::refused(id, error);
            let ended = place.filter(|_| is_given).and_then(|region| ended_there(id, region, as_of, catalogue));
            return Checked { fault: ended.or(refused.fault), ..refused };
        }
    };
    let model = named.model(catalogue);
    if let Some(ended) = named.doubts.iter().find(|doubt| matches!(doubt, TargetDoubt::Ended { .. })) {
        let since = model.and_then(|model| model.lifecycle.eol_date);
        let fault = match since {
            _ if is_given => ended.about(id, &named.source),
            Some(since) => format!("reached its end of life on {since}"),
            None => "is past its end of life".to_owned(),
        };
        let instead = successors(&named, as_of, catalogue);
        return Checked { id: id.to_owned(), fault: Some(fault), instead, notes: Vec::new() };
    }
    let mut notes: Vec<String> = named.doubts.iter().map(|doubt| doubt.about(id, &named.source)).collect();
    let region = is_given.then_some(&*named.source);
    notes.extend(model.and_then(|model| standing(model.standing(as_of, region, false), as_of)));
    Checked { id: id.to_owned(), fault: None, instead: Vec::new(), notes }
}

/// That a model has ended in a Region, where it is not offered any more.
fn ended_there(id: &str, region: &str, as_of: Date, catalogue: &Catalogue) -> Option<String> {
    let model = catalogue.model(catalogue.profile(id).map_or(id, Profile::model_id))?;
    let since = model.lifecycle.eol_date.filter(|_| model.ended_in(region, as_of) && !model.ended_everywhere(as_of))?;
    Some(format!("reached its end of life on {since} in `{region}`"))
}

/// Ids of what to call in the place of a model that has ended, from the same Region.
fn successors(named: &NamedTarget, as_of: Date, catalogue: &Catalogue) -> Vec<String> {
    let ids_for = |model| catalogue.ids_for(model, named.partition, Some(&named.source));
    let Some(model) = named.model(catalogue) else { return Vec::new() };
    let successors =
        catalogue.successors(model, as_of, |one| !one.ended_in(&named.source, as_of) && !ids_for(one).is_empty());
    successors.models.into_iter().flat_map(ids_for).map(str::to_owned).collect()
}

/// That something will end.
fn standing(standing: Standing, as_of: Date) -> Option<String> {
    match standing {
        Standing::Legacy { eol: Some(eol), .. } => {
            let days = as_of.until(eol).map(|span| span.get_days()).unwrap_or_default();
            Some(format!("legacy, ends on {eol}, in {days} days"))
        }
        Standing::Legacy { eol: None, .. } => Some("legacy".to_owned()),
        Standing::EndedInPart => Some("past its end of life in some Regions".to_owned()),
        _ => None,
    }
}

impl Checked {
    fn refused(id: &str, mut error: TargetError) -> Self {
        let instead = std::mem::take(&mut error.instead);
        Self { id: id.to_owned(), fault: Some(error.to_string()), instead, notes: Vec::new() }
    }

    fn nowhere(id: &str) -> Self {
        let fault = Some("cannot be called from any Region".to_owned());
        Self { id: id.to_owned(), fault, instead: Vec::new(), notes: Vec::new() }
    }
}
