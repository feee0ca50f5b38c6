//! Where the Allow statements of a layer grant something.

use super::call::{model_arn, profile_arn};
use super::view::{Place, SetView, fits, literal_account};
use crate::bedrock::Partition;
use crate::iam::{Effect, Layer, Pattern, Statement, StatementId};

impl<'a> SetView<'a> {
    /// The resource patterns of a layer's Allow statements for `action` that grant the model in one of these Regions, an
    /// empty one being the Region-less ARN; if there are none, those that grant it anywhere.
    #[must_use]
    pub fn model_grants(
        &self,
        layer: Layer,
        action: &'a str,
        partition: Partition,
        model: &str,
        regions: &[&str],
    ) -> Vec<Place> {
        let arns = |regions: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            regions.map(|region| model_arn(partition, region, model)).collect()
        };
        let in_one_of =
            |arns: &[String]| self.grants(layer, action, |pattern| arns.iter().any(|arn| fits(pattern, arn)));
        let near = in_one_of(&arns(&mut regions.iter().copied()));
        if near.is_empty() { in_one_of(&arns(&mut self.regions(partition).chain([""]))) } else { near }
    }

    /// The resource patterns of a layer's Allow statements for `action` that grant a system-defined profile from some
    /// Region or in some account.
    #[must_use]
    pub fn profile_grants(&self, layer: Layer, action: &'a str, partition: Partition, profile: &str) -> Vec<Place> {
        self.grants(layer, action, |pattern| {
            let account = literal_account(pattern).unwrap_or(self.likely_account());
            self.regions(partition).any(|region| fits(pattern, &profile_arn(partition, region, account, profile)))
        })
    }

    fn grants(&self, layer: Layer, action: &'a str, wanted: impl Fn(&Pattern) -> bool) -> Vec<Place> {
        let allows = self.allows_of(layer, action);
        let patterns = allows.flat_map(|(id, statement)| statement.named_resources().iter().map(move |one| (id, one)));
        let wanted = patterns.filter(|(_, pattern)| wanted(pattern));
        wanted.map(|(statement, pattern)| Place { statement, span: pattern.text().span() }).collect()
    }

    /// The first Allow statement of a layer that covers an action of Amazon Bedrock, else its first Allow, else its
    /// first statement.
    #[must_use]
    pub fn first_statement(&self, layer: Layer) -> Option<StatementId> {
        let about_bedrock = |id: &StatementId| {
            let reading = self.reading(*id).and_then(|reading| reading.statements.get(id.statement));
            reading.is_some_and(|reading| reading.about_bedrock)
        };
        let statements: Vec<(StatementId, &Statement)> = self.stack.statements(layer).collect();
        let allows = || statements.iter().filter(|(_, statement)| statement.effect == Effect::Allow);
        let nearest = allows().find(|(id, _)| about_bedrock(id)).or_else(|| allows().next());
        nearest.or(statements.first()).map(|(id, _)| *id)
    }
}
