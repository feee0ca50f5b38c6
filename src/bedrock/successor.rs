//! What to call in the place of a model that has ended or will.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::catalogue::Catalogue;
use super::model::Model;
use super::standing::Standing;

/// So many models of a line are offered: more do not help to choose.
const MOST: usize = 2;

/// Models to call in the place of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Successors<'c> {
    /// The models, best first; none if nothing is known that could take its place.
    pub models: Vec<&'c Model>,
    /// Who says so.
    pub basis: SuccessorBasis,
}

/// Why models are offered in the place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuccessorBasis {
    /// AWS recommends them, in its place or in the place of what it once recommended.
    Recommended,
    /// They are the newest of the line of what AWS recommends, which is legacy or gone.
    SameLine,
    /// AWS recommends them though they are legacy, and nothing else of their line is on offer.
    Legacy,
}

impl Catalogue {
    /// What to call on the day `as_of` instead of a model, of that for which `can_be_called` holds. What is on offer goes
    /// before what is legacy, recommendations are followed on from model to model, and nothing that has ended everywhere is
    /// among them.
    #[must_use]
    pub fn successors<'c>(
        &'c self,
        model: &Model,
        as_of: Date,
        can_be_called: impl Fn(&'c Model) -> bool,
    ) -> Successors<'c> {
        let recommended = self.recommended(model, as_of);
        let is_offered = |one: &&Model| one.standing(as_of, None, false) == Standing::Offered;
        let kept = |models: Vec<&'c Model>, basis| {
            let models: Vec<&Model> = models.into_iter().filter(|one| can_be_called(one)).collect();
            (!models.is_empty()).then_some(Successors { models, basis })
        };
        let offered = recommended.iter().copied().filter(is_offered).collect();
        kept(offered, SuccessorBasis::Recommended)
            .or_else(|| {
                let line = |one: &&'c Model| recommended.iter().any(|other| is_of_line(one, other));
                let mut models: Vec<&Model> = self.models().filter(is_offered).filter(line).collect();
                models.retain(|one| can_be_called(one));
                models.sort_by_key(|one| (Reverse(one.launch_date), one.id.clone()));
                models.truncate(MOST);
                kept(models, SuccessorBasis::SameLine)
            })
            .or_else(|| {
                let living = recommended.iter().copied().filter(|one| !one.ended_everywhere(as_of)).collect();
                kept(living, SuccessorBasis::Legacy)
            })
            .unwrap_or(Successors { models: Vec::new(), basis: SuccessorBasis::Recommended })
    }

    /// What AWS recommended in the place of a model, and in the place of that where it is not on offer either.
    fn recommended<'c>(&'c self, model: &Model, as_of: Date) -> Vec<&'c Model> {
        let mut found: Vec<&Model> = Vec::new();
        let mut ahead: Vec<&str> = model.successors.iter().map(AsRef::as_ref).collect();
        while !ahead.is_empty() {
            let mut next = Vec::new();
            for one in ahead.into_iter().filter_map(|id| self.model(id)) {
                if one.id == model.id || found.contains(&one) {
                    continue;
                }
                found.push(one);
                if one.standing(as_of, None, false) != Standing::Offered {
                    next.extend(one.successors.iter().map(|id| &**id));
                }
            }
            ahead = next;
        }
        found
    }
}

/// Whether models are of one line: `Claude Sonnet 4.5` and `Claude Sonnet 5`.
fn is_of_line(one: &Model, other: &Model) -> bool {
    fn line(model: &Model) -> BTreeSet<&str> {
        model.name.split_whitespace().filter(|word| !word.bytes().any(|byte| byte.is_ascii_digit())).collect()
    }
    one.on_runtime() && one.provider == other.provider && one.kind == other.kind && line(one) == line(other)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a missing model fails the test")]

    use super::*;

    #[test]
    fn what_is_on_offer_goes_before_what_is_legacy() {
        let catalogue = Catalogue::builtin();
        let found = |id: &str, day: &str| {
            let found = catalogue.successors(catalogue.model(id).unwrap(), day.parse().unwrap(), |_| true);
            (found.models.into_iter().map(|one| &*one.id).collect::<Vec<_>>(), found.basis)
        };
        for (id, day, ids, basis) in [
            (
                "amazon.titan-text-express-v1",
                "2026-11-22",
                &["amazon.nova-micro-v1:0"][..],
                SuccessorBasis::Recommended,
            ),
            // through two that have ended
            (
                "stability.stable-diffusion-xl-v0",
                "2026-11-22",
                &[
                    "stability.stable-image-core-v1:1",
                    "stability.stable-image-ultra-v1:1",
                    "stability.sd3-5-large-v1:0",
                ],
                SuccessorBasis::Recommended,
            ),
            (
                "anthropic.claude-v2",
                "2026-11-22",
                &["anthropic.claude-sonnet-5-5", "anthropic.claude-sonnet-4-6"],
                SuccessorBasis::SameLine,
            ),
            (
                "ai21.j2-mid-v1",
                "2026-11-22",
                &["ai21.jamba-1-5-mini-v1:0", "ai21.jamba-1-5-large-v1:0"],
                SuccessorBasis::Legacy,
            ),
            ("ai21.j2-mid-v1", "2026-12-01", &[], SuccessorBasis::Recommended),
        ] {
            assert_eq!(found(id, day), (ids.to_vec(), basis), "{id}");
        }
        let nowhere = catalogue.successors(
            catalogue.model("anthropic.claude-v2").unwrap(),
            "2026-11-22".parse().unwrap(),
            |_| false,
        );
        assert_eq!(nowhere.models, Vec::<&Model>::new());
    }

    #[test]
    fn nothing_that_has_ended_is_recommended() {
        let catalogue = Catalogue::builtin();
        let as_of = "2026-11-22".parse().unwrap();
        for model in catalogue.models() {
            let found = catalogue.successors(model, as_of, |_| true);
            for one in &found.models {
                let standing = one.standing(as_of, None, false);
                assert!(!standing.is_over() && one.id != model.id, "{} {}", model.id, one.id);
                assert_eq!(standing == Standing::Offered, found.basis != SuccessorBasis::Legacy, "{}", model.id);
            }
        }
    }
}
