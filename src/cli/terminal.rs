//! What the output streams can show, and writing to them.

use std::io::{self, IsTerminal, Write};

use bedrock_lint::report::{Style, mask};

use super::args::Color;

/// The style for the standard output.
pub(crate) fn stdout_style(color: Color) -> Style {
    style(color, io::stdout().is_terminal(), supports_unicode::Stream::Stdout)
}

/// The style for a table on the standard output: whatever reads it through a pipe takes a line for a row.
pub(crate) fn table_style(color: Color) -> Style {
    let style = stdout_style(color);
    if io::stdout().is_terminal() { style } else { Style { width: usize::MAX, ..style } }
}

/// Whether somebody looks at the standard output, as it is a terminal, or leads to one as colours are asked for.
pub(crate) fn is_seen(color: Color) -> bool {
    io::stdout().is_terminal() || color == Color::Always
}

/// The style for the standard error.
pub(crate) fn stderr_style(color: Color) -> Style {
    style(color, io::stderr().is_terminal(), supports_unicode::Stream::Stderr)
}

fn style(color: Color, is_terminal: bool, stream: supports_unicode::Stream) -> Style {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    };
    if !is_terminal {
        return Style { color, ..Style::PLAIN };
    }
    let width = terminal_size::terminal_size().map_or(Style::PLAIN.width, |(width, _)| usize::from(width.0));
    let width = width.max(MIN_WIDTH);
    Style { color, unicode: supports_unicode::on(stream), width, heading_width: width }
}

/// Narrower than this, wrapping only makes it worse.
const MIN_WIDTH: usize = 40;

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Writes to the standard output. A reader that left (`| head`) has seen enough, which is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes to the standard error, secrets masked; there is nobody to tell if that fails.
pub(crate) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(mask(text).as_bytes());
}
