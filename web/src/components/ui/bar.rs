//! A bar: how much of a resource is requested.

use rules::Usage;
use yew::{AttrValue, Html, Properties, component, html, use_effect_with, use_node_ref};

use crate::platform::dom;

/// Properties of [`Bar`].
#[derive(PartialEq, Properties)]
pub(crate) struct BarProps {
    /// Name of the resource.
    pub(crate) name: AttrValue,
    /// The amounts as text.
    pub(crate) text: AttrValue,
    /// The amounts.
    pub(crate) usage: Usage,
}

/// A named bar with its amounts in words beside it.
#[component]
pub(crate) fn Bar(props: &BarProps) -> Html {
    let node = use_node_ref();
    let percent = percent(props.usage);
    {
        let node = node.clone();
        use_effect_with(percent, move |&percent| dom::set_fill(&node, percent));
    }
    html! {
        <div class="bar">
            <span class="bar-name">{ &props.name }</span>
            <span class={yew::classes!("bar-track", (percent >= 100).then_some("full"))} ref={node} aria-hidden="true"></span>
            <span class="bar-text">{ &props.text }</span>
        </div>
    }
}

/// How much is requested, from 0 to 100; anything requested is seen.
fn percent(usage: Usage) -> u8 {
    let whole = i128::from(usage.allocatable.max(1));
    let percent = i128::from(usage.requested.max(0)) * 100 / whole;
    percent.clamp(i128::from(usage.requested > 0), 100) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_bounded_and_show_the_least_request() {
        let cases = [
            (0, 4, 0),
            (1, 4000, 1),
            (2, 4, 50),
            (4, 4, 100),
            (9, 4, 100),
            (1, 0, 100),
            (-1, 4, 0),
            (i64::MAX, i64::MAX, 100),
        ];
        for (requested, allocatable, expected) in cases {
            assert_eq!(percent(Usage { requested, allocatable }), expected, "{requested} of {allocatable}");
        }
    }
}
