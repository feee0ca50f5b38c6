//! A policy as AWS reads it: as JSON, with the places of its statements.

use std::ops::Range;
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use crate::can_invoke::stack::StatementPlace;
use crate::formats::{self, PolicyFact};
use crate::iam::policy::{Elements, Policy, Statement, Version};
use crate::iam::{Condition, Effect};
use crate::source::{Location, Source};
use crate::text::Text;

/// How far beside a statement the place may be that AWS gives for it: it may count columns from 0, or from behind what it
/// read.
const BESIDE: usize = 2;

/// A policy as AWS reads it.
pub(super) struct Document {
    fact: Arc<PolicyFact>,
    text: String,
    /// Where the statements are in the text, in their order.
    statements: Vec<Range<usize>>,
}

impl Document {
    /// A document that AWS keeps, which is all of its source but for a byte order mark.
    pub(super) fn kept(fact: &Arc<PolicyFact>) -> Self {
        let (body, start) = fact.source.body();
        let statements = statements_from(fact, start);
        Self { text: body.to_owned(), statements, fact: Arc::clone(fact) }
    }

    /// A document of a file, to be sent: as it stands there if that is its JSON, else written anew.
    ///
    /// # Errors
    /// Why it cannot be written, as a clause.
    pub(super) fn to_send(fact: &Arc<PolicyFact>) -> Result<Self, String> {
        let path = fact.source.path();
        let Some(written) = Written::of(&fact.policy) else {
            return Err(format!("a part of the policy in `{path}` is filled in later"));
        };
        let (text, statements) = if stands(fact, &written) {
            (fact.source.slice(fact.policy.span).to_owned(), statements_from(fact, fact.policy.span.range().start))
        } else if written.faithful {
            (written.text, written.statements)
        } else {
            return Err(format!("the policy in `{path}` has elements that no JSON of a policy has"));
        };
        Ok(Self { fact: Arc::clone(fact), text, statements })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The statement at a line and column, both from 1; without any, the only one that there is.
    pub(super) fn place(&self, at: Option<(u32, u32)>) -> Option<StatementPlace> {
        let index = match at {
            None => (self.statements.len() == 1).then_some(0),
            Some((line, column)) => self.statement_at(offset(&self.text, line, column)?),
        }?;
        let statement = self.fact.policy.statements.get(index)?;
        let sid = statement.sid.as_ref().map(|sid| sid.as_str().to_owned());
        Some(StatementPlace { at: Location::new(&self.fact.source, statement.span), sid })
    }

    fn statement_at(&self, offset: usize) -> Option<usize> {
        let within = self.statements.iter().position(|range| range.contains(&offset));
        within.or_else(|| {
            let beside = offset..offset.saturating_add(BESIDE + 1);
            self.statements.iter().position(|range| beside.contains(&range.start))
        })
    }
}

/// Where the statements of a policy are in what begins there in its source.
fn statements_from(fact: &PolicyFact, start: usize) -> Vec<Range<usize>> {
    let ranges = fact.policy.statements.iter().map(|statement| statement.span.range());
    ranges.map(|range| range.start.saturating_sub(start)..range.end.saturating_sub(start)).collect()
}

/// The byte at a line and column, both from 1, the column in characters; the end of a line that is shorter.
fn offset(text: &str, line: u32, column: u32) -> Option<usize> {
    let (line, column) = (usize::try_from(line).ok()?, usize::try_from(column).ok()?);
    let before: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(before..)?.split('\n').next()?;
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(index, _)| index);
    Some(before + within)
}

/// Whether what stands in the file is the JSON of a policy that says just this.
fn stands(fact: &PolicyFact, written: &Written) -> bool {
    let slice = fact.source.slice(fact.policy.span);
    if serde_json::from_str::<IgnoredAny>(slice).is_err() {
        return false;
    }
    let alone = Arc::new(Source::new(fact.source.path(), slice));
    let read = formats::read_document(&alone, fact.kind, "");
    let again = read.policies.first().and_then(|read| Written::of(&read.policy));
    again.is_some_and(|again| again.text == written.text)
}

/// A policy written as JSON, a statement a line.
struct Written {
    text: String,
    statements: Vec<Range<usize>>,
    /// Whether AWS reads it as this program does: it has no element that only tells it from others here.
    faithful: bool,
}

impl Written {
    /// `None` if a part is not known.
    fn of(policy: &Policy) -> Option<Self> {
        let version = match policy.version {
            Version::V2012 => "2012-10-17",
            Version::V2008 => "2008-10-17",
        };
        let mut faithful = policy.unknown.is_empty();
        let mut head = Map::new();
        head.insert("Version".to_owned(), version.into());
        if let Some(id) = &policy.id {
            head.insert("Id".to_owned(), id.literal()?.into());
        }
        unknown(&mut head, &policy.unknown)?;
        let head = Value::Object(head).to_string();
        let mut text = format!("{},\"Statement\":[\n", head.strip_suffix('}')?);
        let mut statements = Vec::with_capacity(policy.statements.len());
        for (index, one) in policy.statements.iter().enumerate() {
            if index > 0 {
                text.push_str(",\n");
            }
            let start = text.len();
            text.push_str(&statement(one, &mut faithful)?);
            statements.push(start..text.len());
        }
        text.push_str("\n]}");
        Some(Self { text, statements, faithful })
    }
}

fn statement(statement: &Statement, faithful: &mut bool) -> Option<String> {
    let mut written = Map::new();
    if let Some(sid) = &statement.sid {
        written.insert("Sid".to_owned(), sid.literal()?.into());
    }
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    written.insert("Effect".to_owned(), effect.into());
    elements(&mut written, ["Action", "NotAction"], statement.actions.as_ref())?;
    elements(&mut written, ["Resource", "NotResource"], statement.resources.as_ref())?;
    if !statement.conditions.is_empty() {
        written.insert("Condition".to_owned(), conditions(&statement.conditions, faithful)?);
    }
    if let Some(principal) = &statement.principal {
        // belongs to policies of resources, and is here to tell one from another
        *faithful = false;
        let entries = principal.entries.iter().map(|(kind, value)| Some(json!([kind, value.literal()?])));
        written.insert("Principal".to_owned(), json!([principal.negated, entries.collect::<Option<Vec<_>>>()?]));
    }
    *faithful &= statement.unknown.is_empty();
    unknown(&mut written, &statement.unknown)?;
    Some(Value::Object(written).to_string())
}

fn elements(into: &mut Map<String, Value>, names: [&str; 2], elements: Option<&Elements>) -> Option<()> {
    let Some(elements) = elements else { return Some(()) };
    let [plain, negated] = names;
    let patterns = elements.patterns.iter().map(|pattern| pattern.text().literal());
    let name = if elements.negated { negated } else { plain };
    into.insert(name.to_owned(), json!(patterns.collect::<Option<Vec<_>>>()?));
    Some(())
}

fn conditions(conditions: &[Condition], faithful: &mut bool) -> Option<Value> {
    let mut written: Map<String, Value> = Map::new();
    for condition in conditions {
        let values = condition.values.iter().map(|value| value.text().literal());
        let values = json!(values.collect::<Option<Vec<_>>>()?);
        let operator = written.entry(condition.operator_text.literal()?).or_insert_with(|| json!({}));
        let known = operator.as_object_mut()?.insert(condition.key.literal()?.to_owned(), values);
        // both must hold, and an object has a key once
        *faithful &= known.is_none();
    }
    Some(Value::Object(written))
}

/// Elements that IAM does not know: they tell one policy from another here, and are never sent in this form.
fn unknown(into: &mut Map<String, Value>, names: &[Text]) -> Option<()> {
    for name in names {
        into.insert(name.literal()?.to_owned(), Value::Null);
    }
    Some(())
}
