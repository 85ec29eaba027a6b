//! Small questions to elements and events.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlSelectElement};
use yew::{Event, InputEvent, NodeRef, TargetCast};

/// The text of the field that a finished change comes from.
pub(crate) fn changed_value(event: &Event) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// The text of the field that is being typed in.
pub(crate) fn typed(event: &InputEvent) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// The chosen index of the list that an event comes from.
pub(crate) fn chosen(event: &Event) -> usize {
    let index = event.target_dyn_into::<HtmlSelectElement>().map(|select| select.selected_index());
    index.and_then(|index| usize::try_from(index).ok()).unwrap_or(0)
}

/// Whether the box that an event comes from is ticked.
pub(crate) fn checked(event: &Event) -> bool {
    event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked())
}

/// Opens a `<dialog>` above the page, with the focus kept inside.
pub(crate) fn open_dialog(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>().filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// Closes a `<dialog>`.
pub(crate) fn close_dialog(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// Whether an event happened on the element itself, not on one inside: a click on a dialog's own area is one on its backdrop.
pub(crate) fn is_own(event: &yew::MouseEvent, node: &NodeRef) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    target.is_some() && target == node.get()
}
