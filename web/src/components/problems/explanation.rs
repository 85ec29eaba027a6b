//! What a diagnostic code means and what to do about it, fetched when somebody unfolds it.

use std::rc::Rc;

use rules::Lang;
use yew::{Callback, Event, Html, Properties, component, html, use_state_eq};

use crate::platform::prepared;

/// Properties of [`Explanation`].
#[derive(PartialEq, Properties)]
pub(crate) struct ExplanationProps {
    /// The code.
    pub(crate) code: Rc<str>,
    /// The language.
    pub(crate) lang: Lang,
    /// Unfolded from the beginning.
    pub(crate) open: bool,
    /// What unfolds it.
    pub(crate) title: &'static str,
    /// What is shown when it cannot be had.
    pub(crate) missing: &'static str,
}

/// A text that unfolds.
#[component]
pub(crate) fn Explanation(props: &ExplanationProps) -> Html {
    let text = use_state_eq(|| None::<Rc<str>>);
    let ontoggle = {
        let (text, code, lang, missing) = (text.clone(), Rc::clone(&props.code), props.lang, props.missing);
        move |_: Event| {
            if text.is_none() {
                let text = text.clone();
                prepared::explanation(
                    &code,
                    lang,
                    &Callback::from(move |found: Option<String>| {
                        text.set(Some(found.as_deref().unwrap_or(missing).into()));
                    }),
                );
            }
        }
    };
    html! {
        <details class="explanation" open={props.open} {ontoggle} data-testid="explanation">
            <summary>{ props.title }</summary>
            { for text.iter().map(|text| markdown(text)) }
        </details>
    }
}

/// The little Markdown that explanations use: code between backquotes, and at the end a link in a line of its own.
fn markdown(text: &str) -> Html {
    let text = text.trim_end();
    let (words, link) =
        text.rsplit_once("\n<").map_or((text, None), |(words, link)| (words, link.strip_suffix('>')));
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => html! { { part } },
        _ => html! { <code>{ part }</code> },
    };
    html! {
        <>
            <p>{ for words.split('`').enumerate().map(part) }</p>
            if let Some(link) = link {
                <p><a href={link.to_owned()} target="_blank" rel="noreferrer">{ link }</a></p>
            }
        </>
    }
}
