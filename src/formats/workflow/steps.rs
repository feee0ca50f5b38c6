//! What the steps of a job leave to those behind them.

use super::Given;
use crate::adapter::Field;
use crate::formats::environment;
use crate::syntax::{Node, ScalarKind};
use crate::text::Text;

/// The files by which a step hands variables on: of GitHub, of CircleCI.
const HANDED_ON: [&str; 2] = ["GITHUB_ENV", "BASH_ENV"];

/// The commands of a step: `run`, the `command` of CircleCI, the script of `actions/github-script`.
pub(super) fn commands(step: &Node) -> Option<&Text> {
    let run = step.get("run").map(|run| run.get("command").unwrap_or(run));
    run.or_else(|| step.get("with")?.get("script")).and_then(Node::string)
}

/// Adds what a step hands on: what its commands write to the file that is for this, and what an action may set that is
/// told of a Region, or is called after one.
pub(super) fn export(step: &Node, exported: &mut Given) {
    if let Some(commands) = commands(step) {
        let written = commands.as_str();
        let hands_on = |line: &str| HANDED_ON.iter().any(|file| line.contains(file));
        if hands_on(written) || written.contains("exportVariable(") {
            if written.lines().any(|line| hands_on(line) && !names_what_it_sets(line)) {
                exported.extend_unseen();
            }
            exported.extend_unknown(environment::set(commands));
        }
    }
    let Some(uses) = step.get("uses").and_then(Node::string).filter(|uses| may_set_region(uses.as_str(), step)) else {
        return;
    };
    exported.extend_unknown(["AWS_REGION", "AWS_DEFAULT_REGION"].map(|name| Field {
        key: Text::unplaced(name).used_at(uses.span()),
        value: uses.clone(),
        kind: ScalarKind::String,
        span: uses.span(),
    }));
}

/// Whether a line that writes to such a file shows which variable it sets, or closes a block in which that is shown.
fn names_what_it_sets(line: &str) -> bool {
    let closes = line.trim_start().starts_with(['}', ')']) || line.trim_start().starts_with("done");
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut signs = line.match_indices('=').filter_map(|(at, _)| line.get(..at));
    let names = signs.any(|before| {
        let rest = before.trim_end_matches(is_part);
        rest.len() < before.len() && !rest.ends_with(['$', '{'])
    });
    closes || line.contains("<<") || names
}

/// Whether an action may set the Region: one that is told of one, or one of the repository that is called like that.
/// Those of AWS do not, but for `configure-aws-credentials`.
fn may_set_region(uses: &str, step: &Node) -> bool {
    let inputs = step.get("with").map(Node::entries).unwrap_or_default();
    let is_told = inputs.iter().any(|input| input.key.as_str().to_ascii_lowercase().contains("region"));
    let mut words = uses.split(|c: char| !c.is_ascii_alphanumeric());
    let is_called = words.any(|word| matches!(word, "aws" | "credentials" | "env" | "environment" | "region"));
    !uses.starts_with("aws-actions/") && (is_told || (uses.starts_with("./") && is_called))
}
