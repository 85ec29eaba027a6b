//! A place in the text as a button that goes there.

use rules::Span;
use yew::{Html, html};

use crate::page::Page;
use crate::state::Action;

/// A button that selects a span in the editor.
pub(crate) fn line_button(page: &Page, span: Span, label: &str) -> Html {
    html! { <button type="button" class="link line-button" onclick={page.on(move || Action::Select(span))}>{ label }</button> }
}
