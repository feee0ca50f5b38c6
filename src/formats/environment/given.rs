//! What a process is given, put together in the order in which one source of variables goes before another.

use super::{Variables, commands, found, is_choice, is_secret};
use crate::adapter::{Adapter, Field};
use crate::syntax::ScalarKind;
use crate::text::{Count, Span, Text};

/// The variables of a process. Those that are added later go before those that are there.
#[derive(Clone, Default)]
pub(in crate::formats) struct Given {
    variables: Vec<Field>,
    /// Whether it is given others that cannot be seen.
    more: bool,
}

impl Given {
    /// Adds variables.
    pub(in crate::formats) fn extend(&mut self, variables: impl IntoIterator<Item = Field>) {
        self.variables.extend(variables);
    }

    /// Adds what cannot be seen: it may set anew whatever is there. Secrets stay, since they are to be seen where they are
    /// written, and so does who serves the models.
    pub(in crate::formats) fn extend_unseen(&mut self) {
        self.more = true;
        let replaced =
            self.variables.iter_mut().filter(|field| !is_secret(field.key.as_str()) && !is_choice(field.key.as_str()));
        for field in replaced {
            field.value = Text::unknown("${…}", field.span, Count::Single);
            field.kind = ScalarKind::String;
        }
    }

    /// Adds variables of which it is not known what they are set to.
    pub(in crate::formats) fn extend_unknown(&mut self, variables: impl IntoIterator<Item = Field>) {
        for field in variables {
            let name = field.key.as_str();
            let stays = is_secret(name) || is_choice(name);
            if !stays || !self.variables.iter().any(|other| other.key.as_str() == name) {
                let value = Text::unknown("${…}", field.span, Count::Single);
                self.variables.push(Field { value, kind: ScalarKind::String, ..field });
            }
        }
    }

    /// Adds what commands set that run in the process, or start it.
    pub(in crate::formats) fn run(&mut self, commands: &Text) {
        if commands::take_over(commands.as_str()) {
            self.extend_unseen();
        }
        self.extend_unknown(commands::set(commands));
    }

    /// How many variables there are.
    pub(in crate::formats) fn len(&self) -> usize {
        self.variables.len()
    }

    /// Keeps the variables of the names that `is_kept` tells.
    pub(in crate::formats) fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.variables.retain(|field| is_kept(field.key.as_str()));
    }

    /// Whether it is given others that cannot be seen.
    pub(in crate::formats) fn more(&self) -> bool {
        self.more
    }

    /// The variables alone.
    pub(in crate::formats) fn into_variables(self) -> Vec<Field> {
        self.variables
    }

    /// The adapters that the variables configure. `span` is where they stand.
    pub(in crate::formats) fn adapters(self, span: Span) -> Vec<Adapter> {
        self.adapters_beside(Vec::new(), span)
    }

    /// The same, where Claude Code is told of `models` beside its variables, on a command line for example.
    pub(in crate::formats) fn adapters_beside(self, models: Vec<Field>, span: Span) -> Vec<Adapter> {
        found(&Variables { models, more: self.more, ..Variables::new(self.variables, span) })
    }
}
