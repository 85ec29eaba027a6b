//! A bar: how much of a resource is requested.

use rules::Usage;
use yew::{Html, html};

/// A named bar with its amounts in words beside it. Its length is an attribute: the Content-Security-Policy forbids inline styles.
pub(crate) fn bar(name: &str, text: &str, usage: Usage) -> Html {
    let percent = percent(usage);
    html! {
        <div class="bar">
            <span class="bar-name">{ name }</span>
            <svg class={yew::classes!("bar-track", (percent >= 100).then_some("full"))} aria-hidden="true">
                <rect width={format!("{percent}%")} height="100%" />
            </svg>
            <span class="bar-text">{ text }</span>
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
