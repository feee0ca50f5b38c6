//! The rules: pure readings of facts and refusals.

use crate::finding::Severity;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name: file, page, suppression word and SARIF id.
    pub slug: &'static str,
    /// Its default severity.
    pub severity: Severity,
    /// Shown with `--pedantic` only.
    pub pedantic: bool,
    /// The page in Markdown; its first line is `# slug`, the next paragraph the one-line summary.
    pub page: &'static str,
}

/// All rules, sorted by slug.
#[must_use]
pub fn all() -> &'static [Rule] {
    &[]
}
