//! The tab with the table of routes.

use rules::{Route, RouteState};
use yew::{Html, Properties, component, html, use_state_eq};

use super::row::RouteRow;
use crate::hooks::use_page;
use crate::shared::Shared;
use crate::state::Answer;

/// More are shown on demand.
const MAX_LISTED: usize = 200;

/// Properties of [`ReachTab`].
#[derive(PartialEq, Properties)]
pub(crate) struct ReachTabProps {
    /// What is shown.
    pub(crate) answer: Shared<Answer>,
    /// The workload that is pointed at.
    pub(crate) glow: Option<u32>,
}

/// One row a route; those that do not work can be seen alone.
#[component]
pub(crate) fn ReachTab(props: &ReachTabProps) -> Html {
    let page = use_page();
    let t = page.texts();
    let failing_only = use_state_eq(|| false);
    let limit = use_state_eq(|| MAX_LISTED);
    let routes = &props.answer.report.routes;
    if routes.is_empty() {
        return html! { <div class="empty"><p><strong>{ t.no_routes }</strong></p><p>{ t.no_routes_hint }</p></div> };
    }
    let reachable = routes.iter().filter(|route| route.state == RouteState::Reachable).count();
    let wanted = |route: &&Route| !*failing_only || route.state != RouteState::Reachable;
    let listed: Vec<usize> =
        routes.iter().enumerate().filter(|(_, route)| wanted(route)).map(|(index, _)| index).collect();
    let filter = |failing: bool, label: &'static str| {
        let failing_only = failing_only.clone();
        let pressed = *failing_only == failing;
        html! { <button type="button" class="button small" aria-pressed={pressed.to_string()} onclick={move |_| failing_only.set(failing)}>{ label }</button> }
    };
    let show_more = {
        let limit = limit.clone();
        move |_| limit.set(*limit * 10)
    };
    html! {
        <>
            <div class="reach-head">
                <p class="reach-count">{ (t.reachable_of)(reachable, routes.len()) }</p>
                if reachable < routes.len() {
                    <div class="filter" role="group" aria-label={t.routes}>
                        { filter(false, t.all_routes) }
                        { filter(true, t.only_problems) }
                    </div>
                }
            </div>
            <table class="routes" aria-label={t.routes}>
                <thead>
                    <tr>
                        <th scope="col">{ t.how }</th>
                        <th scope="col">{ t.address }</th>
                        <th scope="col">{ t.nodes_that_answer }</th>
                        <th scope="col">{ t.pods_that_answer }</th>
                        <th scope="col">{ t.client_ip }</th>
                    </tr>
                </thead>
                { for listed.iter().take(*limit).map(|&index| html! {
                    <RouteRow key={index} answer={props.answer.clone()} {index} glow={props.glow} />
                }) }
            </table>
            if listed.len() > *limit {
                <button type="button" class="button" onclick={show_more}>{ (t.more)(listed.len() - *limit) }</button>
            }
        </>
    }
}
