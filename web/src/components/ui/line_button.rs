//! A place in the text as a button that goes there.

use rules::Span;
use yew::{AttrValue, Html, Properties, component, html};

use crate::hooks::use_page;
use crate::state::Action;

/// Properties of [`LineButton`].
#[derive(PartialEq, Properties)]
pub(crate) struct LineButtonProps {
    /// Where it goes.
    pub(crate) span: Span,
    /// Its text.
    pub(crate) label: AttrValue,
}

/// A button that selects a span in the editor.
#[component]
pub(crate) fn LineButton(props: &LineButtonProps) -> Html {
    let page = use_page();
    let span = props.span;
    html! { <button type="button" class="link line-button" onclick={page.on(move || Action::Select(span))}>{ &props.label }</button> }
}
