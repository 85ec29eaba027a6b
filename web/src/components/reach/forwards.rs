//! Commands for who debugs a pod that no route reaches.

use yew::{Html, html};

use crate::page::Page;
use crate::shared::Shared;
use crate::state::Answer;

/// The list; nothing when every running pod has a way in.
pub(crate) fn forwards(page: &Page, answer: &Shared<Answer>) -> Html {
    let t = page.texts();
    let forwards = &answer.report.forwards;
    if forwards.is_empty() {
        return Html::default();
    }
    html! {
        <section class="forwards" aria-label={t.forwards} data-testid="forwards">
            <p class="quiet">{ t.forwards }</p>
            <ul>
                { for forwards.iter().map(|forward| {
                    let (page, command) = (page.clone(), forward.command.clone());
                    let onclick = move |_| page.copy(&command);
                    html! {
                        <li>
                            <code class="route-curl">{ &forward.command }</code>
                            <button type="button" class="button small" {onclick}>{ t.copy_command }</button>
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}
