//! The same workload by each of the five ways in, side by side.

use rules::{Way, words};
use yew::{Event, Html, component, html, use_effect_with};

use crate::components::ui::diff;
use crate::inquiry::Inquiry;
use crate::page::Page;
use crate::platform::dom;
use crate::shared::Shared;
use crate::state::{Action, Answer, Found, View};

/// More URLs are counted.
const MAX_URLS: usize = 5;

/// What the comparison needs.
#[derive(PartialEq, yew::Properties)]
pub(super) struct CompareProps {
    pub(super) page: Page,
    pub(super) answer: Shared<Answer>,
    pub(super) ways: Option<Shared<Found<u32, Vec<Way>>>>,
}

/// A button; once pressed, the choice of the workload and a card for each way.
#[component]
pub(super) fn Compare(props: &CompareProps) -> Html {
    let CompareProps { page, answer, ways } = props;
    let t = page.texts();
    let workloads = &answer.report.workloads;
    let chosen = page.view.compared.filter(|&at| (at as usize) < workloads.len());
    let dispatch = page.dispatch.clone();
    use_effect_with((chosen, answer.revision), move |(chosen, _)| {
        if let Some(workload) = *chosen {
            dispatch.dispatch(Action::Inquire(Inquiry::Ways(workload)));
        }
    });
    let look = |compared: Option<u32>| {
        let view = View { compared, rewriting: None, ..page.view };
        page.on(move || Action::Look(view))
    };
    let first = workloads.iter().position(|workload| workload.created > 0).map(|at| at as u32);
    let Some(chosen) = chosen else {
        return html! {
            if first.is_some() {
                <button type="button" class="button" onclick={look(first)} data-testid="compare">{ t.compare }</button>
            }
        };
    };
    let choose = {
        let (dispatch, view) = (page.dispatch.clone(), page.view);
        move |event: Event| {
            let compared = Some(dom::chosen(&event) as u32);
            dispatch.dispatch(Action::Look(View { compared, rewriting: None, ..view }));
        }
    };
    let found = ways.as_ref().filter(|ways| ways.of == chosen);
    let fresh = found.is_some_and(|ways| ways.revision == answer.revision);
    html! {
        <section class="compare" aria-labelledby="compare-title" data-testid="comparison">
            <div class="compare-head">
                <h3 id="compare-title">{ t.compare }</h3>
                <select class="control" aria-label={t.workload} onchange={choose} data-testid="compare-workload">
                    { for workloads.iter().enumerate().map(|(at, workload)| html! {
                        <option selected={at == chosen as usize}>{ format!("{} {}", workload.kind, workload.name) }</option>
                    }) }
                </select>
                <button type="button" class="button small" onclick={look(None)}>{ t.close }</button>
            </div>
            <p class="quiet">{ t.compare_hint }</p>
            if let Some(found) = found {
                <ul class={yew::classes!("ways", (!fresh).then_some("stale"))}>
                    { for found.what.iter().enumerate().map(|(at, way)| card(page, answer, at, way, fresh)) }
                </ul>
            } else {
                <p class="empty">{ t.analysing }</p>
            }
        </section>
    }
}

fn card(page: &Page, answer: &Answer, at: usize, way: &Way, fresh: bool) -> Html {
    let t = page.texts();
    let open = page.view.rewriting == Some(at);
    let view = View { rewriting: (!open).then_some(at), ..page.view };
    let name = words::way(way.kind);
    let outcome = (t.step_outcome)(way.running, way.pending + way.crashing);
    let row = |term: &'static str, text: String| html! { <><dt>{ term }</dt><dd>{ text }</dd></> };
    html! {
        <li class={yew::classes!("way-card", way.current.then_some("current"))} key={name} data-testid="way-card" data-way={name}>
            <h4>{ name }if way.current { <span class="badge">{ t.way_now }</span> }</h4>
            if let Some(why) = &way.unavailable { <p class="quiet">{ words::unavailable(why, page.lang) }</p> }
            <dl>
                { row(t.pods, outcome) }
                <dt>{ t.address }</dt>
                <dd>{ urls(&way.urls, t.more) }</dd>
                if !way.other_urls.is_empty() { <dt>{ t.other_urls }</dt><dd>{ urls(&way.other_urls, t.more) }</dd> }
                if let Some(lost) = &way.lost_node { { row(t.if_a_node_is_lost, words::lost_node(lost, way.urls.len(), page.lang)) } }
                if let Some(after) = &way.after_restart { { row(t.after_restart, words::after_restart(after, page.lang)) } }
            </dl>
            if !way.notes.is_empty() {
                <ul class="way-notes">{ for way.notes.iter().map(|note| html! { <li>{ words::note(note, page.lang) }</li> }) }</ul>
            }
            if let Some(fix) = &way.fix {
                <div class="way-buttons">
                    <button type="button" class="button small" aria-expanded={open.to_string()} onclick={page.on(move || Action::Look(view))} data-testid="way-preview">{ t.preview }</button>
                    <button type="button" class="button small" disabled={!fresh} onclick={page.on(move || Action::TakeWay(at))} data-testid="way-apply">{ t.use_way }</button>
                </div>
                if open { { diff(&answer.text, &fix.edits) } }
            }
        </li>
    }
}

fn urls(urls: &[String], more: fn(usize) -> String) -> Html {
    if urls.is_empty() {
        return html! { "–" };
    }
    html! {
        <ul class="names">
            { for urls.iter().take(MAX_URLS).map(|url| html! { <li><code>{ url }</code></li> }) }
            if urls.len() > MAX_URLS { <li class="quiet">{ more(urls.len() - MAX_URLS) }</li> }
        </ul>
    }
}
