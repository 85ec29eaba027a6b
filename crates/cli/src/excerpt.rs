//! A diagnostic with the line it is about and carets below the token.

use std::fmt::Write as _;

use rules::{Diagnostic, Lang, Severity, words};

use crate::sources::Sources;

/// `file:line:column: error[code]: message`, the line and the carets.
pub(crate) fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let message = words::diagnostic(diagnostic, Lang::En);
    let head = format!("{severity}[{}]: {}", diagnostic.code, message.trim_end());
    let Some(place) = diagnostic.span.and_then(|span| sources.place(span)) else {
        return format!("{head}\n");
    };
    let number = place.at.line.to_string();
    let margin = " ".repeat(number.len());
    // Tabs stay tabs, so that the carets stand below the token whatever the terminal makes of them.
    let before = place.line.chars().take(place.at.column as usize - 1);
    let before: String = before.map(|character| if character == '\t' { '\t' } else { ' ' }).collect();
    let carets = "^".repeat(place.marked.chars().count().max(1));
    let mut out = String::new();
    let _ = writeln!(out, "{}:{}:{}: {head}", place.file, place.at.line, place.at.column);
    let _ = writeln!(out, " {number} | {}", place.line);
    let _ = writeln!(out, " {margin} | {before}{carets}");
    out
}
