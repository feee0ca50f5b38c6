//! How model ids are spelt, and which known one an unknown id is a slip of.
//!
//! The rule behind all of it: digits are never guessed at. An id that differs
//! from known ones in version digits or in words that other ids use is a model
//! newer than the catalogue, not a mistake.

use std::cmp::Reverse;

use strsim::osa_distance;

use super::catalogue::Catalogue;
use super::model::Model;

/// In what an id is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    /// A version suffix that the model does not have.
    InventedSuffix,
    /// The version suffix or the date is missing.
    MissingSuffix,
    /// Another date.
    Date,
    /// Misspelt, or in another order.
    Typo,
}

/// A model id taken apart: `stem[-YYYYMMDD][-vVERSION[:REVISION]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spelling<'a> {
    stem: &'a str,
    date: Option<&'a str>,
    version: Option<&'a str>,
    revision: Option<&'a str>,
    /// `-v1:0` rather than the `-1:0` of a few ids.
    with_v: bool,
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl<'a> Spelling<'a> {
    fn of(id: &'a str) -> Self {
        let (mut stem, mut revision) = (id, None);
        if let Some((front, last)) = id.rsplit_once(':').filter(|(_, last)| digits(last)) {
            (stem, revision) = (front, Some(last));
        }
        let (mut version, mut with_v) = (None, false);
        if let Some((front, last)) = stem.rsplit_once('-') {
            let after_v = last.strip_prefix('v').filter(|rest| digits(rest));
            if after_v.is_some() || (revision == Some("0") && last == "1") {
                with_v = after_v.is_some();
                version = after_v.or(Some(last));
                stem = front;
            }
        }
        let mut date = None;
        if let Some((front, last)) = stem.rsplit_once('-')
            && last.len() == 8
            && digits(last)
        {
            (stem, date) = (front, Some(last));
        }
        Self { stem, date, version, revision, with_v }
    }

    /// Whether this spelling says nothing after the stem that `other` does not.
    fn fits(&self, other: &Self) -> bool {
        let fits = |own: Option<&str>, other: Option<&str>| own.is_none() || own == other;
        fits(self.date, other.date) && fits(self.version, other.version) && fits(self.revision, other.revision)
    }
}

type Sibling<'c> = (Spelling<'c>, &'c Model);

fn siblings_of<'c>(catalogue: &'c Catalogue, id: &str) -> Vec<Sibling<'c>> {
    catalogue.models().filter(|model| *model.id != *id).map(|model| (Spelling::of(&model.id), model)).collect()
}

/// The known models that `id` (without prefix, not known itself, or known and
/// asked for its siblings) is a slip of, best first.
pub(super) fn suspects<'c>(catalogue: &'c Catalogue, id: &str) -> Option<(Slip, Vec<&'c Model>)> {
    let known = siblings_of(catalogue, id);
    let own = Spelling::of(id);
    if known.iter().any(|one| one.0.stem == own.stem) {
        return by_stem(&known, id);
    }
    by_stem(&known, id).or_else(|| {
        let found = misspelt(&known, id, &own);
        (!found.is_empty()).then(|| (Slip::Typo, ranked(&own, found)))
    })
}

/// The models that `name` (an id without its provider) names, suffix and dots
/// aside: other vendors leave out the one and write the other.
pub(super) fn named<'c>(catalogue: &'c Catalogue, name: &str) -> Vec<&'c Model> {
    let known = siblings_of(catalogue, "");
    for stem in catalogue.provider_stems() {
        let id = format!("{stem}.{name}");
        let mut found: Vec<&Model> = catalogue.model(&id).into_iter().collect();
        // the bedrock-mantle alias of a model is what other vendors write for it
        if found.iter().all(|model| !model.on_runtime()) {
            let others: Vec<_> = known.iter().filter(|one| *one.1.id != *id).cloned().collect();
            let more = by_stem(&others, &id).map_or(Vec::new(), |(_, models)| models);
            found.splice(0..0, more);
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// [`suspects`] among the models that share the stem, once dots are dashes.
fn by_stem<'c>(known: &[Sibling<'c>], id: &str) -> Option<(Slip, Vec<&'c Model>)> {
    let with = |stem: &str| -> Vec<&Sibling<'c>> { known.iter().filter(|one| one.0.stem == stem).collect() };
    let own = Spelling::of(id);
    let siblings = with(own.stem);
    if !siblings.is_empty() {
        return judge(&own, &siblings).map(|(slip, found)| (slip, ranked(&own, found)));
    }
    // claude-sonnet-4.6 for claude-sonnet-4-6
    let dashed = dashed(id);
    if dashed == id {
        return None;
    }
    let own = Spelling::of(&dashed);
    let same = with(own.stem);
    let mut found: Vec<&Sibling<'c>> = same.iter().copied().filter(|one| one.0 == own).collect();
    if found.iter().all(|one| !one.1.on_runtime()) {
        let others: Vec<_> = same.iter().copied().filter(|one| one.0 != own).collect();
        if !others.is_empty() {
            found.extend(judge(&own, &others).map_or(Vec::new(), |(_, more)| more));
        }
    }
    (!found.is_empty()).then(|| (Slip::Typo, ranked(&own, found)))
}

fn dashed(id: &str) -> String {
    let (provider, name) = id.split_once('.').unwrap_or(("", id));
    let name = name.replace(['.', '_'], "-");
    if provider.is_empty() { name } else { format!("{provider}.{name}") }
}

/// Those of the version written first, then callable ones, then the newest.
fn ranked<'c>(own: &Spelling<'_>, mut found: Vec<&Sibling<'c>>) -> Vec<&'c Model> {
    found.sort_by_key(|(spelling, model)| {
        let other = own.version.is_some() && own.version != spelling.version;
        let gone = model.callable_regions().is_empty() && model.mantle.is_empty();
        (other, gone, !model.on_runtime(), Reverse(spelling.date), Reverse(spelling.version))
    });
    found.into_iter().map(|(_, model)| *model).collect()
}

/// What is wrong with an id whose stem is right. `None`: nothing but digits that
/// may be new.
fn judge<'a, 'c>(own: &Spelling<'_>, siblings: &[&'a Sibling<'c>]) -> Option<(Slip, Vec<&'a Sibling<'c>>)> {
    let only = |keep: &dyn Fn(&Spelling<'c>) -> bool| -> Vec<&'a Sibling<'c>> {
        let kept = siblings.iter().copied().filter(|one| keep(&one.0));
        kept.collect()
    };
    if own.date.is_some() {
        let same = only(&|one| one.date == own.date);
        if same.is_empty() {
            return Some((Slip::Date, siblings.to_vec()));
        }
        let slip = if same.iter().any(|one| own.fits(&one.0)) { Slip::MissingSuffix } else { Slip::InventedSuffix };
        return Some((slip, same));
    }
    if own.version.is_none() && own.revision.is_none() {
        return Some((Slip::MissingSuffix, siblings.to_vec()));
    }
    let undated = only(&|one| one.date.is_none());
    let version = only(&|one| one.date.is_none() && one.version == own.version);
    if version.is_empty() {
        let dated = only(&|one| own.fits(one));
        if !dated.is_empty() {
            return Some((Slip::MissingSuffix, dated));
        }
        let plain = |one: &&Sibling<'c>| one.0.version.is_none() && one.0.revision.is_none();
        let invented = !undated.is_empty() && undated.iter().all(plain);
        return invented.then_some((Slip::InventedSuffix, undated));
    }
    let slip_of = |one: &Spelling<'c>| match (own.revision, one.revision) {
        (Some(_), None) => Some(Slip::InventedSuffix),
        (None, Some(_)) => Some(Slip::MissingSuffix),
        // -1:0 for -v1:0 is a letter lost, -v1:0 for -1:0 follows the usual form
        (own_revision, revision) if own_revision == revision => {
            Some(if own.with_v { Slip::InventedSuffix } else { Slip::Typo })
        }
        _ => None,
    };
    // one sibling that differs in the revision alone makes ours a new revision
    let slips: Option<Vec<Slip>> = version.iter().map(|one| slip_of(&one.0)).collect();
    Some((*slips?.first()?, version))
}

fn misspelt<'a, 'c>(known: &'a [Sibling<'c>], id: &str, own: &Spelling<'_>) -> Vec<&'a Sibling<'c>> {
    let squeeze = |text: &str| -> String { text.chars().filter(|one| one.is_alphanumeric()).collect() };
    let squeezed = squeeze(id);
    let (provider, name) = id.split_once('.').unwrap_or_default();
    let stranger = !known.iter().any(|one| one.1.id.split('.').next() == Some(provider));
    let same: Vec<&Sibling<'c>> = known
        .iter()
        .filter(|one| {
            let known_name = one.1.id.split_once('.').map(|(_, name)| name);
            // anthropic-claude-…; or a provider nobody knows before a name all know
            squeeze(&one.1.id) == squeezed || (stranger && known_name == Some(name))
        })
        .collect();
    if !same.is_empty() {
        return same;
    }
    let fitting = || known.iter().filter(|one| own.fits(&one.0));
    let reordered: Vec<&Sibling<'c>> = fitting().filter(|one| in_another_order(own.stem, one.0.stem)).collect();
    if !reordered.is_empty() {
        return reordered;
    }
    let in_use = |word: &str| known.iter().any(|one| tokens(one.0.stem).any(|token| token == word));
    fitting().filter(|one| slip_of_the_pen(own.stem, one.0.stem, &in_use)).collect()
}

/// `claude-3-5-sonnet` and `claude-sonnet-3-5`: the same words, the numbers in the
/// same order. `5-4` for `4-5` is another version.
fn in_another_order(a: &str, b: &str) -> bool {
    let parts = |text: &str, numbers: bool| -> Vec<String> {
        text.split(['-', '.']).filter(|part| digits(part) == numbers).map(ToOwned::to_owned).collect()
    };
    let sorted = |text: &str| {
        let mut words = parts(text, false);
        words.sort_unstable();
        words
    };
    a.len() == b.len() && parts(a, true) == parts(b, true) && sorted(a) == sorted(b)
}

/// Runs of letters and runs of digits: `llama3-70b` is llama, 3, 70, b.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|one: char| !one.is_alphanumeric());
        let first = rest.chars().next()?;
        let end = rest
            .find(|one: char| !one.is_alphanumeric() || one.is_ascii_digit() != first.is_ascii_digit())
            .unwrap_or(rest.len());
        let (token, tail) = rest.split_at_checked(end)?;
        rest = tail;
        Some(token)
    })
}

/// The same numbers, and one or two words that are misspelt.
fn slip_of_the_pen(written: &str, known: &str, in_use: &dyn Fn(&str) -> bool) -> bool {
    if tokens(written).count() != tokens(known).count() {
        return false;
    }
    let mut wrong = 0;
    for (a, b) in tokens(written).zip(tokens(known)).filter(|(a, b)| a != b) {
        wrong += 1;
        if wrong > 2 || !misspelt_word(a, b) || in_use(a) {
            return false;
        }
    }
    wrong > 0
}

fn misspelt_word(written: &str, known: &str) -> bool {
    let length = known.len();
    if digits(written) || digits(known) || length < 4 {
        return false;
    }
    // one letter for another in a short word makes another word: lite, line
    let swapped = |a: &str, b: &str| {
        let mut letters: [Vec<char>; 2] = [a.chars().collect(), b.chars().collect()];
        letters.iter_mut().for_each(|one| one.sort_unstable());
        let [a, b] = letters;
        a == b
    };
    if length < 6 && written.len() == length && !swapped(written, known) {
        return false;
    }
    osa_distance(written, known) <= if length < 8 { 1 } else { 2 }
}

#[cfg(test)]
#[path = "spelling_tests.rs"]
mod tests;
