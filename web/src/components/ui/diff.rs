//! The preview of a change of the text.

use rules::TextEdit;
use yew::{Html, html};

use crate::edits::{Line, preview};

/// The change that `edits` make to `text`, with a line of context. Signs say it, colours only repeat it.
pub(crate) fn diff(text: &str, edits: &[TextEdit]) -> Html {
    let lines = preview(text, edits).into_iter().map(|line| match line {
        Line::Kept(line) => ("kept", " ", line),
        Line::Removed(line) => ("removed", "-", line),
        Line::Added(line) => ("added", "+", line),
        Line::Gap => ("gap", "", "⋯".to_owned()),
    });
    html! {
        <pre class="diff" tabindex="0">
            { for lines.map(|(class, sign, line)| html! { <span {class}>{ sign }{ line }{ "\n" }</span> }) }
        </pre>
    }
}
