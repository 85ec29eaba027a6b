//! The mark of a workload: one of eight colours, and letters, so that colour is never the only sign.

use yew::{Classes, Html, classes, html};

/// The mark of the workload with this index.
pub(crate) fn mark(workload: u32) -> Html {
    html! { <span class={classes!("mark", hue(workload))} aria-hidden="true">{ letters(workload) }</span> }
}

/// The class that carries the colour.
pub(crate) fn hue(workload: u32) -> Classes {
    const HUES: [&str; 8] = ["hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5", "hue-6", "hue-7"];
    classes!(HUES[workload as usize % HUES.len()])
}

/// `A` to `Z`, then `AA` and so on, as spreadsheets count.
pub(crate) fn letters(mut workload: u32) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (workload % 26) as u8));
        match (workload / 26).checked_sub(1) {
            Some(rest) => workload = rest,
            None => return letters.into_iter().rev().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_on_after_z() {
        for (workload, expected) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letters(workload), expected);
        }
    }
}
