//! What a command prints of the cluster as it is, asked anew whenever that changes.

use rules::KubectlOutput;
use yew::{Html, component, html, use_effect_with};

use crate::inquiry::Inquiry;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Found};

/// More lines are cut.
const MAX_LINES: usize = 500;

/// What a listing needs.
#[derive(PartialEq, yew::Properties)]
pub(super) struct ListingProps {
    pub(super) page: Page,
    /// The revision that is shown.
    pub(super) revision: u64,
    /// The command, without `kubectl`.
    pub(super) command: &'static str,
    pub(super) label: &'static str,
    pub(super) id: &'static str,
    pub(super) found: Option<Shared<Found<String, KubectlOutput>>>,
}

/// The command and its output. An output of an older revision is dimmed.
#[component]
pub(super) fn Listing(props: &ListingProps) -> Html {
    let ListingProps { page, revision, command, label, id, found } = props;
    let dispatch = page.dispatch.clone();
    use_effect_with((*revision, *command), move |(_, command)| {
        dispatch.dispatch(Action::Inquire(Inquiry::Listing((*command).to_owned())));
    });
    let fresh = found.as_ref().is_some_and(|found| found.revision == *revision);
    let lines =
        found.iter().flat_map(|found| found.what.stdout.iter().chain(&found.what.stderr)).take(MAX_LINES);
    html! {
        <pre class={yew::classes!("terminal", (!fresh).then_some("stale"))} tabindex="0" aria-label={*label} role="region" data-testid={*id}>
            <span class="prompt">{ "$ " }</span><b>{ "kubectl " }{ *command }</b>{ "\n" }
            { for lines.map(|line| html! { <>{ line }{ "\n" }</> }) }
        </pre>
    }
}
