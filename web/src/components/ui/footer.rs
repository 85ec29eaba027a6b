//! The last line of the page: whose rules these are, and that nothing leaves the page.

use std::rc::Rc;

use yew::{Html, html};

use crate::page::Page;
use crate::platform::page;
use crate::settings::Settings;
use crate::share;
use crate::shared::Shared;
use crate::state::{Action, Panel};

/// The committed score against the recordings of a real control plane.
const SCORE: &str = include_str!("../../../../tests/conformance/score.snap");

/// How many of the comparisons match, and how many there are: the sums of the last line.
fn conformance(score: &str) -> Option<(u32, u32)> {
    let total = score.lines().find_map(|line| line.strip_prefix("total"))?;
    total.split_whitespace().try_fold((0, 0), |(matched, all), part| {
        let (part, whole) = part.split_once('/')?;
        Some((matched + part.parse::<u32>().ok()?, all + whole.parse::<u32>().ok()?))
    })
}

/// The footer.
pub(crate) fn footer(page: &Page, embedded: bool, text: &Rc<str>, settings: &Shared<Settings>) -> Html {
    let t = page.texts();
    html! {
        <footer class="footer">
            <span>{ concat!("Podreach ", env!("CARGO_PKG_VERSION")) }</span>
            <span>{ t.footer_rules }</span>
            if let Some((matched, all)) = conformance(SCORE) {
                <span class="footer-score" title={t.footer_score_hint}>{ (t.footer_score)(matched, all) }</span>
            }
            if embedded {
                <a href={page::link(&share::plain(text, settings))} target="_blank" rel="noopener">{ t.full_page }</a>
            } else {
                <span>{ t.footer_private }</span>
                <button type="button" class="link" onclick={page.on(|| Action::Open(Panel::Keys))}>{ t.keys }{ " " }<kbd>{ "?" }</kbd></button>
            }
        </footer>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_read() {
        assert_eq!(conformance("      a  b\none    1/2  3/4\ntotal  5/6  7/8\n"), Some((12, 14)));
        assert!(conformance(SCORE).is_some_and(|(matched, all)| matched > 0 && matched <= all));
    }
}
