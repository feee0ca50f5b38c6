//! Which models a query means.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::spelt::{Spelt, of_account};
use super::{Hit, ModelsAnswer, ModelsRequest, ways};
use crate::bedrock::{
    ArnFields, Catalogue, IdMistake, Model, ModelIdKind, Profile, RegionName, Standing, classify_id, classify_region,
};
use crate::phrase::wrong_id;
use crate::similar::nearest;

/// At most so many ids are offered where nothing was found.
const OFFERED: usize = 5;

/// Words this short are in many others by chance.
const SHORT: usize = 3;

pub(super) fn search<'c>(request: &ModelsRequest, catalogue: &'c Catalogue) -> ModelsAnswer<'c> {
    let query = request.words.join(" ").trim().to_owned();
    let Spelt { request, mut notes } = Spelt::of(request, catalogue);
    let answer = Asked::of(&request, catalogue).answer();
    notes.extend(answer.note);
    ModelsAnswer { query, note: (!notes.is_empty()).then(|| notes.join("; ")), ..answer }
}

/// A query with what it is asked of.
struct Asked<'q, 'c> {
    catalogue: &'c Catalogue,
    words: Vec<&'q str>,
    region: Option<&'c str>,
    request: &'q ModelsRequest,
}

impl<'q, 'c> Asked<'q, 'c> {
    fn of(request: &'q ModelsRequest, catalogue: &'c Catalogue) -> Self {
        let mut words: Vec<&str> = request.words.iter().flat_map(|word| word.split_whitespace()).collect();
        let given = request.region.as_deref().and_then(|code| catalogue.region(code));
        let region = given.or_else(|| {
            let at = words.iter().position(|word| catalogue.region(word).is_some())?;
            catalogue.region(words.remove(at))
        });
        Self { catalogue, words, region: region.map(|region| &*region.code), request }
    }

    fn answer(&self) -> ModelsAnswer<'c> {
        if let Some(hit) = self.exact() {
            return ModelsAnswer { hits: vec![hit], is_detail: true, ..self.nothing() };
        }
        if let Some(note) = self.words.iter().find_map(|word| of_account(word)) {
            return ModelsAnswer { note: Some(note), ..self.nothing() };
        }
        let hits = self.all_holding(&self.words);
        if self.words.is_empty() {
            return self.without_ended(hits);
        }
        if !hits.is_empty() && !self.has_wrong_prefix() {
            return self.found(hits);
        }
        self.mistaken().unwrap_or_else(|| self.near())
    }

    fn nothing(&self) -> ModelsAnswer<'c> {
        ModelsAnswer {
            query: String::new(),
            region: self.region,
            hits: Vec::new(),
            is_detail: false,
            note: None,
            nearest: Vec::new(),
            left_out: 0,
            as_of: self.request.as_of,
        }
    }

    fn found(&self, hits: Vec<Hit<'c>>) -> ModelsAnswer<'c> {
        ModelsAnswer { is_detail: hits.len() == 1, hits, ..self.nothing() }
    }

    /// Whoever asks for all models asks for those that can be called.
    fn without_ended(&self, mut hits: Vec<Hit<'c>>) -> ModelsAnswer<'c> {
        let all = hits.len();
        hits.retain(|hit| !hit.standing.is_over());
        ModelsAnswer { left_out: all - hits.len(), hits, ..self.nothing() }
    }

    fn hit(&self, model: &'c Model, profile: Option<&'c Profile>) -> Hit<'c> {
        let retired = profile.is_some_and(|profile| !profile.is_active());
        Hit {
            model,
            profile,
            standing: model.standing(self.request.as_of, self.region, retired),
            ways: ways(model, self.region, self.catalogue),
        }
    }

    /// The model whose id is given, or that of a profile of it, also in an ARN.
    fn exact(&self) -> Option<Hit<'c>> {
        let [word] = self.words.as_slice() else { return None };
        let id = ArnFields::split(word).and_then(|arn| arn.resource_id.map(|id| id.text)).unwrap_or(word);
        if let Some(profile) = self.catalogue.profile(id) {
            return Some(self.hit(self.catalogue.model(profile.model_id())?, Some(profile)));
        }
        self.catalogue.model(id).map(|model| self.hit(model, None))
    }

    fn terms(&self, model: &'c Model) -> Terms<'c> {
        Terms::of(model, model.standing(self.request.as_of, self.region, false))
    }

    /// The models that hold all words and, if a Region is called, can be called from there: those that can be called
    /// longest first, those for `bedrock-mantle` alone behind others, newer models of a provider before older ones.
    fn all_holding(&self, words: &[&str]) -> Vec<Hit<'c>> {
        let models = self.catalogue.models().filter(|model| {
            let terms = self.terms(model);
            words.iter().all(|word| terms.hold(word, self.catalogue))
        });
        let mut hits: Vec<Hit<'c>> = models.map(|model| self.hit(model, None)).collect();
        if self.region.is_some() {
            hits.retain(|hit| !hit.ways.is_empty() && !hit.standing.is_over());
        }
        hits.sort_by_cached_key(|hit| {
            let standing = match hit.standing {
                Standing::Offered => 0,
                standing if standing.is_over() => 2,
                _ => 1,
            };
            let model = hit.model;
            (standing, !model.on_runtime(), model.provider.clone(), Reverse(model.launch_date), model.id.clone())
        });
        hits
    }

    /// Whether it is an id that is wrong although each of its words is right.
    fn has_wrong_prefix(&self) -> bool {
        let [word] = self.words.as_slice() else { return false };
        let wrong = [IdMistake::DoubledPrefix, IdMistake::UnknownPrefix, IdMistake::WrongPrefix];
        matches!(classify_id(self.catalogue, word), ModelIdKind::Mistake { reason, .. } if wrong.contains(&reason))
    }

    /// The models that a wrong id is meant for.
    fn mistaken(&self) -> Option<ModelsAnswer<'c>> {
        let text = self.words.join(" ");
        let (mistake, ids) = match classify_id(self.catalogue, &text) {
            ModelIdKind::Mistake { reason: IdMistake::Blank, .. } => return None,
            ModelIdKind::Mistake { reason, nearest } => (Some(reason), nearest),
            ModelIdKind::NearMiss { nearest } => (None, nearest),
            ModelIdKind::Variant(model) => {
                let note = format!("`{text}` is sold as Provisioned Throughput alone, and called by the ARN of that");
                let hits = vec![self.hit(model, None)];
                return Some(ModelsAnswer { note: Some(note), ..self.found(hits) });
            }
            ModelIdKind::UnconfirmedProfile { model, .. } => {
                let note = format!("`{text}` is known from a price table alone, so where it routes is not known");
                let hits = model.map(|model| self.hit(model, None)).into_iter().collect();
                return Some(ModelsAnswer { note: Some(note), ..self.found(hits) });
            }
            _ => return None,
        };
        let mut hits: Vec<Hit<'c>> = Vec::new();
        for id in &ids {
            let profile = self.catalogue.profile(id);
            let model = self.catalogue.model(profile.map_or(id, Profile::model_id));
            if let Some(model) = model.filter(|model| hits.iter().all(|hit| hit.model.id != model.id)) {
                hits.push(self.hit(model, profile));
            }
        }
        let noun = if self.catalogue.split_profile_id(&text).is_some() { "inference profile" } else { "model" };
        let note = wrong_id(mistake, &text, noun);
        (!hits.is_empty()).then(|| ModelsAnswer { note: Some(note), ..self.found(hits) })
    }

    /// What comes near: what the words are misspellings of, or else the models that hold most of them.
    fn near(&self) -> ModelsAnswer<'c> {
        let known = self.vocabulary();
        let meant: Vec<Cow<'_, str>> = self.words.iter().map(|word| self.meant(word, &known)).collect();
        let corrected = meant.join(" ");
        let request = ModelsRequest { words: vec![corrected.clone()], ..self.request.clone() };
        let mut hits = Vec::new();
        if meant.iter().zip(&self.words).any(|(meant, word)| meant != word) {
            let asked = Asked::of(&request, self.catalogue);
            hits = asked.all_holding(&asked.words);
        }
        let note = (!hits.is_empty()).then(|| format!("did you mean `{corrected}`?"));
        if hits.is_empty() {
            let held = |hit: &Hit<'c>| {
                let terms = self.terms(hit.model);
                // numbers alone are shared by models that have nothing else in common
                let telling = |word: &&&str| word.len() > 2 && word.bytes().any(|byte| byte.is_ascii_alphabetic());
                self.words.iter().filter(telling).filter(|word| terms.hold(word, self.catalogue)).count()
            };
            hits = self.all_holding(&[]);
            let most = hits.iter().map(held).max().unwrap_or_default();
            hits.retain(|hit| most > 0 && held(hit) == most);
        }
        let ids = hits.iter().map(|hit| hit.ways.first().map_or(&*hit.model.id, |way| way.id));
        ModelsAnswer { note, nearest: ids.take(OFFERED).collect(), ..self.nothing() }
    }

    /// The word itself if a model holds it, or what it is a misspelling of.
    fn meant<'w>(&self, word: &'w str, known: &[String]) -> Cow<'w, str> {
        if is_path(word) || self.catalogue.models().any(|model| self.terms(model).hold(word, self.catalogue)) {
            return word.into();
        }
        if let RegionName::NearMiss { nearest } = classify_region(self.catalogue, word)
            && let Some(region) = nearest.first()
        {
            return (*region).to_owned().into();
        }
        nearest(known.iter().map(String::as_str), word, 1).first().map_or(word.into(), |near| (*near).to_owned().into())
    }

    /// Every word that names of models consist of.
    fn vocabulary(&self) -> Vec<String> {
        let models = self.catalogue.models();
        let mut known: Vec<String> = models
            .flat_map(|model| {
                plain(&format!("{} {}", model.name, model.provider)).split('-').map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        known.retain(|word| word.len() > 3);
        known.sort_unstable();
        known.dedup();
        known
    }
}

/// What a model is found by.
struct Terms<'m> {
    model: &'m Model,
    /// Its id, names and properties in plain form, a blank between two.
    text: String,
}

impl<'m> Terms<'m> {
    fn of(model: &'m Model, standing: Standing) -> Self {
        let state = match standing {
            Standing::Offered => "active",
            Standing::Ended { .. } | Standing::EndedThere { .. } => "ended retired",
            _ => "legacy",
        };
        let access = match (model.on_demand.is_empty(), model.active_profiles().next()) {
            (false, _) => "on-demand",
            (true, Some(_)) => "profile-only",
            (true, None) => "",
        };
        let mantle = if model.mantle.is_empty() { "" } else { "bedrock-mantle" };
        let parts = [&*model.id, &model.name, &model.provider, model.kind.as_str()].map(plain);
        Self { model, text: format!("{} {state} {access} {mantle}", parts.join(" ")) }
    }

    fn hold(&self, word: &str, catalogue: &Catalogue) -> bool {
        if catalogue.region(word).is_some() {
            return self.model.callable_regions().contains(word) || self.model.mantle.contains(word);
        }
        if is_path(word) {
            return false;
        }
        let word = plain(word);
        if catalogue.prefix(&word).is_some() {
            return self.model.active_profiles().any(|profile| profile.prefix() == word);
        }
        if self.has(&word) || word.strip_suffix('s').is_some_and(|one| one.len() > 3 && self.has(one)) {
            return true;
        }
        // `claude-4.5-haiku`: in another order
        let parts = parts(&word);
        parts.len() > 1 && parts.iter().all(|part| self.hold(part, catalogue))
    }

    /// Whether it stands there, and no number is cut in two: `4-5` is not in `14-50`. Few letters begin a word.
    fn has(&self, word: &str) -> bool {
        let is_digit = |one: Option<char>| one.is_some_and(|one| one.is_ascii_digit());
        let (first, last) = (is_digit(word.chars().next()), is_digit(word.chars().next_back()));
        let cuts = |at: usize| {
            let before = self.text.get(..at).and_then(|text| text.chars().next_back());
            let after = self.text.get(at + word.len()..).and_then(|text| text.chars().next());
            let is_within = word.len() <= SHORT && before.is_some_and(char::is_alphabetic);
            is_within || (first && is_digit(before)) || (last && is_digit(after))
        };
        !word.is_empty() && self.text.match_indices(word).any(|(at, _)| !cuts(at))
    }
}

/// Whether a word is the path of a file.
fn is_path(word: &str) -> bool {
    word.starts_with(['.', '/', '~']) || word.contains('\\')
}

/// Small letters and digits, with one dash for whatever stands between them.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts = lower.split(|one: char| !one.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// The words of a plain text; numbers that follow each other are one version.
fn parts(plain: &str) -> Vec<String> {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts: Vec<String> = Vec::new();
    for part in plain.split('-') {
        match parts.last_mut() {
            Some(last) if is_number(part) && last.split('-').all(is_number) => {
                last.push('-');
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}
