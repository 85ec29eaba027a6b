//! The tab with the table of routes.

use rules::{Route, RouteState};
use yew::{Html, html};

use super::compare::Compare;
use super::forwards::forwards;
use super::row::route_row;
use super::tester::Tester;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Action, Answer, Findings, View};

/// More are shown on demand.
const MAX_LISTED: usize = 200;

/// One row a route; those that do not work can be seen alone.
pub(crate) fn reach_tab(
    page: &Page,
    answer: &Shared<Answer>,
    glow: Option<u32>,
    findings: &Findings,
) -> Html {
    let t = page.texts();
    let failing_only = page.view.failing_only;
    let limit = page.limit(MAX_LISTED);
    let routes = &answer.report.routes;
    let tools = html! {
        <div class="reach-tools">
            <Tester page={page.clone()} answer={answer.clone()} probe={findings.probe.clone()} />
            <Compare page={page.clone()} answer={answer.clone()} ways={findings.ways.clone()} />
        </div>
    };
    if routes.is_empty() {
        return html! {
            <>
                { tools }
                <div class="empty"><p><strong>{ t.no_routes }</strong></p><p>{ t.no_routes_hint }</p></div>
                { forwards(page, answer) }
            </>
        };
    }
    let reachable = routes.iter().filter(|route| route.state == RouteState::Reachable).count();
    let wanted = |route: &&Route| !failing_only || route.state != RouteState::Reachable;
    let listed: Vec<usize> =
        routes.iter().enumerate().filter(|(_, route)| wanted(route)).map(|(index, _)| index).collect();
    let filter = |failing: bool, label: &'static str| {
        let (view, pressed) = (View { failing_only: failing, ..page.view }, failing_only == failing);
        html! { <button type="button" class="button small" aria-pressed={pressed.to_string()} onclick={page.on(move || Action::Look(view))}>{ label }</button> }
    };
    html! {
        <>
            { tools }
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
                { for listed.iter().take(limit).map(|&index| route_row(page, answer, index, glow, findings)) }
            </table>
            if listed.len() > limit {
                <button type="button" class="button" onclick={page.show_more()}>{ (t.more)(listed.len() - limit) }</button>
            }
            { forwards(page, answer) }
        </>
    }
}
