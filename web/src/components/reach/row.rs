//! One route: how, where, who answers, and what to know about it.

use rules::{RouteState, words};
use yew::{Html, html};

use super::picture::picture;
use crate::components::ui::mark;
use crate::i18n::route_kind;
use crate::inquiry::Inquiry;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer, Findings, View};

/// More names are counted.
const MAX_NAMES: usize = 6;

/// A body of the table: the route, and below it its caveats.
pub(crate) fn route_row(
    page: &Page,
    answer: &Shared<Answer>,
    index: usize,
    glow: Option<u32>,
    findings: &Findings,
) -> Html {
    let t = page.texts();
    let Some(route) = answer.report.routes.get(index) else { return Html::default() };
    let (sign, class) = match route.state {
        RouteState::Reachable => ("✓", "state good"),
        RouteState::NotReady => ("◐", "state warning"),
        RouteState::Pending => ("…", "state warning"),
        RouteState::Blocked => ("✕", "state bad"),
    };
    let copy = |text: &str, label: &'static str, id: &'static str| {
        let (page, text) = (page.clone(), text.to_owned());
        let onclick = move |_| page.copy(&text);
        html! { <button type="button" class="button small" {onclick} data-testid={id}>{ label }</button> }
    };
    let client = match route.client_ip_kept {
        _ if route.url.is_empty() => "–",
        Some(true) => t.client_ip_kept,
        Some(false) => t.client_ip_lost,
        None => t.client_ip_depends,
    };
    let workload = workload(answer, &route.pods);
    let glow = (glow.is_some() && glow == workload).then_some("glow");
    html! {
        <tbody class={yew::classes!("route", glow)} data-testid="route-row" data-kind={route_kind(route.kind)} data-state={format!("{:?}", route.state)}>
            <tr>
                <td data-label={t.how}>
                    <div class="route-how">
                        <span {class} role="img" aria-label={words::route_state(route.state, page.lang)} title={words::route_state(route.state, page.lang)}>{ sign }</span>
                        <div><strong>{ route_kind(route.kind) }</strong><br /><span class="route-source">{ &route.source }</span></div>
                    </div>
                </td>
                <td data-label={t.address}>
                    if route.url.is_empty() {
                        <span class="quiet">{ if route.address.is_empty() { t.no_url } else { &route.address } }</span>
                    } else {
                        <code class="route-url" data-testid="route-url">{ &route.url }</code>
                        if let Some(others) = route.urls.get(1..).filter(|others| !others.is_empty()) { { names(others, t.more) } }
                        <code class="route-curl">{ &route.curl }</code>
                        <div class="route-copy">{ copy(&route.url, t.copy_url, "copy-url") }{ copy(&route.curl, t.copy_curl, "copy-curl") }{ way_button(page, index) }</div>
                    }
                </td>
                <td data-label={t.nodes_that_answer}>{ names(&route.nodes, t.more) }</td>
                <td data-label={t.pods_that_answer}>
                    <div class="route-pods">
                        if let Some(workload) = workload { { mark(workload) } }
                        { names(&route.pods, t.more) }
                    </div>
                </td>
                <td data-label={t.client_ip}>{ client }</td>
            </tr>
            if page.view.way == Some(index as u32) {
                <tr class="route-notes"><td colspan="5">{ way(page, answer, index, findings) }</td></tr>
            }
            if !route.notes.is_empty() {
                <tr class="route-notes">
                    <td colspan="5">
                        <ul aria-label={t.caveats}>{ for route.notes.iter().map(|note| html! { <li>{ words::note(note, page.lang) }</li> }) }</ul>
                    </td>
                </tr>
            }
        </tbody>
    }
}

/// Shows the way of the packets, or hides it.
fn way_button(page: &Page, index: usize) -> Html {
    let route = index as u32;
    let open = page.view.way == Some(route);
    let view = View { way: (!open).then_some(route), ..page.view };
    let dispatch = page.dispatch.clone();
    let onclick = move |_| {
        dispatch.dispatch(Action::Look(view));
        if !open {
            dispatch.dispatch(Action::Inquire(Inquiry::Way(route)));
        }
    };
    html! {
        <button type="button" class="button small" aria-expanded={open.to_string()} {onclick} data-testid="route-way">
            { page.texts().way }
        </button>
    }
}

/// The way of the route's packets, for this very scene.
fn way(page: &Page, answer: &Answer, index: usize, findings: &Findings) -> Html {
    let fresh = findings.way.as_ref().filter(|way| way.of == index as u32 && way.revision == answer.revision);
    match fresh {
        Some(way) => picture(page, &way.what, &answer.report.routes[index].url),
        None => html! { <p class="quiet">{ page.texts().analysing }</p> },
    }
}

/// The first names, and how many more there are.
fn names(names: &[String], more: fn(usize) -> String) -> Html {
    if names.is_empty() {
        return html! { "–" };
    }
    let listed = names.iter().take(MAX_NAMES).map(|name| name.strip_prefix("default/").unwrap_or(name));
    html! {
        <ul class="names">
            { for listed.map(|name| html! { <li>{ name }</li> }) }
            if names.len() > MAX_NAMES { <li class="quiet">{ more(names.len() - MAX_NAMES) }</li> }
        </ul>
    }
}

/// The workload of the pods that answer.
fn workload(answer: &Answer, pods: &[String]) -> Option<u32> {
    let pod = answer.pod(pods.first()?)?;
    Some(answer.report.pods.get(pod)?.workload)
}
