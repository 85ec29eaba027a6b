//! A node in full.

use rules::NodeReport;
use yew::{Html, html};

use super::amounts;
use super::pod_chip::pod_chip;
use crate::components::ui::{bar, hue, letters};
use crate::i18n::Texts;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::Answer;

/// More pods are shown on demand.
const MAX_PODS: usize = 12;

/// Name, addresses, state, amounts, host ports and pods of a node.
pub(crate) fn node_card(page: &Page, answer: &Shared<Answer>, node: usize, glow: Option<u32>) -> Html {
    let t = page.texts();
    let Some(node) = answer.report.nodes.get(node) else { return Html::default() };
    let limit = page.limit(MAX_PODS);
    let pods = node.pods.iter().take(limit).map(|&pod| {
        let workload = answer.report.pods.get(pod as usize).map(|pod| pod.workload);
        html! { <li key={pod}>{ pod_chip(page, answer, pod, glow.is_some() && glow == workload) }</li> }
    });
    let out = (node.unschedulable || !node.ready).then_some("out");
    html! {
        <article class={yew::classes!("node-card", out)} aria-label={node.name.clone()} data-testid="node-card" data-node={node.name.clone()}>
            <header class="node-head">
                <h3>{ &node.name }</h3>
                <span class="node-ip">{ &node.internal_ip }</span>
                if !node.external_ip.is_empty() { <span class="node-ip">{ &node.external_ip }</span> }
            </header>
            { tags(node, t) }
            <div class="bars">
                { bar(t.cpu, &amounts::share(node.cpu, amounts::cpu, page.lang), node.cpu) }
                { bar(t.memory, &amounts::share(node.memory, amounts::memory, page.lang), node.memory) }
                { bar(t.pods, &amounts::share(node.pod_count, |count| count.to_string(), page.lang), node.pod_count) }
            </div>
            if !node.host_ports.is_empty() {
                <ul class="ports" aria-label={t.host_ports}>
                    { for node.host_ports.iter().map(|port| html! {
                        <li class={yew::classes!("port", hue(port.workload))} data-testid="host-port">
                            <span class="port-letters" aria-hidden="true">{ letters(port.workload) }</span>
                            if !port.host_ip.is_empty() { { &port.host_ip } }
                            { format!(":{}", port.port) }
                            if port.protocol != "TCP" { { format!("/{}", port.protocol) } }
                        </li>
                    }) }
                </ul>
            }
            if node.pods.is_empty() {
                <p class="quiet node-empty">{ t.no_pods }</p>
            } else {
                <ul class="node-pods">
                    { for pods }
                    if node.pods.len() > limit {
                        <li><button type="button" class="link" onclick={page.show_more()}>{ (t.more)(node.pods.len() - limit) }</button></li>
                    }
                </ul>
            }
        </article>
    }
}

/// Zone, roles, conditions and taints.
fn tags(node: &NodeReport, t: &Texts) -> Html {
    let plain = node.zone.is_empty()
        && !node.control_plane
        && !node.unschedulable
        && node.ready
        && node.taints.is_empty();
    if plain {
        return Html::default();
    }
    html! {
        <ul class="tags">
            if node.control_plane { <li class="tag">{ t.control_plane }</li> }
            if !node.zone.is_empty() { <li class="tag">{ (t.zone)(&node.zone) }</li> }
            if node.unschedulable { <li class="tag tag-warn">{ t.cordoned }</li> }
            if !node.ready { <li class="tag tag-warn">{ t.not_ready }</li> }
            { for node.taints.iter().map(|taint| html! { <li class="tag tag-taint" title={t.taint}>{ taint }</li> }) }
        </ul>
    }
}
