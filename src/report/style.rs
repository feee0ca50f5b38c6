//! How output for people looks: colours, drawing characters, width.

use anstyle::{AnsiColor, Style as Paint};

use crate::finding::Severity;

/// What the terminal can show. The caller looks at the terminal; the renderers do as they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours.
    pub color: bool,
    /// Whether to draw with characters beyond ASCII.
    pub unicode: bool,
    /// Columns to wrap at.
    pub width: usize,
    /// Columns to wrap the headings and the help of findings at: a search in a pipe takes a line for each.
    pub heading_width: usize,
}

impl Style {
    /// For pipes and files: the same bytes wherever they are made.
    pub const PLAIN: Self = Self { color: false, unicode: false, width: 100, heading_width: usize::MAX };

    /// The text in a paint, or as it is without colours.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        if self.color { format!("{paint}{text}{paint:#}") } else { text.to_owned() }
    }

    /// Bold.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint(Paint::new().bold(), text)
    }

    /// Less visible than the rest.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint(Paint::new().dimmed(), text)
    }

    /// The colour of code in prose.
    pub(crate) fn code(self, text: &str) -> String {
        self.paint(AnsiColor::Cyan.on_default(), text)
    }

    /// The colour of a severity.
    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        self.paint(Self::paint_of(severity), text)
    }

    /// The paint of a severity.
    pub(crate) fn paint_of(severity: Severity) -> Paint {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Note => AnsiColor::Cyan,
        };
        color.on_default().bold()
    }
}
