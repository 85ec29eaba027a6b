//! Why a pod is Pending: the exact message, the same in plain words, and the lines that cause it.

use rules::{Blocker, Lang, PodReport, Span, words};
use yew::{Html, html};

use crate::components::ui::line_button;
use crate::page::Page;
use crate::state::Answer;

/// The reason; nothing for a pod without one.
pub(crate) fn reason(page: &Page, answer: &Answer, pod: &PodReport) -> Html {
    let t = page.texts();
    if pod.message.is_empty() {
        return Html::default();
    }
    let copy = {
        let (page, message) = (page.clone(), pod.message.clone());
        move |_| page.copy(&message)
    };
    let (own, holder) = pod.blocker.as_ref().map_or((None, None), spans);
    let own = own.or(pod.span);
    html! {
        <section class="reason" data-testid="why-reason">
            if let Some(blocker) = &pod.blocker {
                <h3>{ t.plain_words }</h3>
                <p class="reason-plain" data-testid="why-plain">{ sentence(&words::blocker_in_full(blocker, page.lang), page.lang) }</p>
            }
            if own.is_some() || holder.is_some() {
                <p class="reason-lines">
                    { t.in_the_text }
                    if let Some(span) = own { { line_button(page, span, &(t.line)(answer.line(span))) } }
                    if let Some(span) = holder.filter(|holder| Some(*holder) != own) {
                        { " " }{ line_button(page, span, &(t.holder)(answer.line(span))) }
                    }
                </p>
            }
            <h3>{ t.message }</h3>
            <pre class="reason-message" data-testid="why-message" tabindex="0">{ &pod.message }</pre>
            <button type="button" class="button small" onclick={copy}>{ t.copy_message }</button>
        </section>
    }
}

/// Words as a sentence of their own.
fn sentence(words: &str, lang: Lang) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    // The scheduler's own words stay English.
    let stop = if lang == Lang::Zh && !words.is_ascii() { "。" } else { "." };
    first + letters.as_str() + stop
}

/// The place that is blocked, and the place that blocks it.
fn spans(blocker: &Blocker) -> (Option<Span>, Option<Span>) {
    match blocker {
        Blocker::HostPort { span, holder_span, .. } => (*span, *holder_span),
        Blocker::Resource { span, .. }
        | Blocker::Taints { span, .. }
        | Blocker::NodeSelector { span, .. }
        | Blocker::Pods { span, .. } => (*span, None),
        Blocker::NoNodes | Blocker::TooManyPods | Blocker::Cordoned | Blocker::Other(_) => (None, None),
    }
}
