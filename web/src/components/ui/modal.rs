//! Something above the page: the browser's own dialog keeps the focus inside, and Escape closes it.

use yew::{
    AttrValue, Children, Event, Html, MouseEvent, Properties, classes, component, html, use_effect_with,
    use_node_ref,
};

use crate::page::Page;
use crate::platform::dom;
use crate::state::{Action, Panel};

/// Properties of [`Modal`].
#[derive(PartialEq, Properties)]
pub(crate) struct ModalProps {
    /// The page around it.
    pub(crate) page: Page,
    /// Whether it is open.
    pub(crate) open: bool,
    /// Its heading.
    pub(crate) title: AttrValue,
    /// Class of the dialog.
    pub(crate) class: AttrValue,
    /// Content.
    pub(crate) children: Children,
}

/// A dialog with a heading and a button that closes it.
#[component]
pub(crate) fn Modal(props: &ModalProps) -> Html {
    let page = &props.page;
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(
            props.open,
            move |&open| if open { dom::open_dialog(&node) } else { dom::close_dialog(&node) },
        );
    }
    let onclick = {
        let (node, close) = (node.clone(), page.on(|| Action::Open(Panel::None)));
        move |event: MouseEvent| {
            if dom::is_own(&event, &node) {
                close.emit(event);
            }
        }
    };
    let heading = format!("{}-title", props.class);
    html! {
        <dialog class={classes!("modal", props.class.to_string())} ref={node} {onclick} aria-labelledby={heading.clone()}
            onclose={page.on::<Event>(|| Action::Open(Panel::None))}>
            <div class="modal-box">
                <header class="modal-head">
                    <h2 id={heading}>{ &props.title }</h2>
                    <button type="button" class="icon" aria-label={page.texts().close} onclick={page.on(|| Action::Open(Panel::None))}>{ "✕" }</button>
                </header>
                if props.open {
                    { props.children.clone() }
                }
            </div>
        </dialog>
    }
}
