//! The panel with the cluster's settings. It covers the editor, not the result: every change is seen at once.

use rules::{ClusterSpec, IngressExposure, LoadBalancer, NodeOverride};
use yew::{Callback, Event, Html, html};

use super::lists::entries;
use super::node::node_settings;
use crate::components::ui::Modal;
use crate::page::Page;
use crate::platform::dom;
use crate::settings::Settings;
use crate::shared::Shared;
use crate::state::{Action, Answer, Panel, Tab};

/// Nodes beyond these have no fields of their own.
const MAX_SINGLE_NODES: u32 = 50;

/// In the order of their texts.
const LOAD_BALANCERS: [LoadBalancer; 3] =
    [LoadBalancer::None, LoadBalancer::Pool, LoadBalancer::NodeAddresses];
const INGRESSES: [IngressExposure; 4] = [
    IngressExposure::None,
    IngressExposure::HostNetwork,
    IngressExposure::NodePort,
    IngressExposure::LoadBalancer,
];

/// The settings. Fields take effect when they are left.
pub(crate) fn settings_panel(
    page: &Page,
    open: Panel,
    settings: &Shared<Settings>,
    shown: Option<&Shared<Answer>>,
) -> Html {
    let t = page.texts();
    let cluster = &settings.cluster;
    let change = |set: Callback<(Settings, Event), Settings>| {
        let (dispatch, settings) = (page.dispatch.clone(), settings.clone());
        move |event: Event| {
            dispatch.dispatch(Action::Configure(set.emit((Settings::clone(&settings), event))));
        }
    };
    let text = |label: &'static str,
                value: String,
                hint: Option<&'static str>,
                set: fn(&mut Settings, String)| {
        let onchange = change(Callback::from(move |(mut settings, event): (Settings, Event)| {
            set(&mut settings, dom::changed_value(&event));
            settings
        }));
        html! {
            <label class="field"><span>{ label }</span>
                <input type="text" class="mono" {value} {onchange} spellcheck="false" autocomplete="off" />
                if let Some(hint) = hint { <small class="quiet">{ hint }</small> }
            </label>
        }
    };
    let choice = |label: &'static str,
                  texts: &[&'static str],
                  chosen: usize,
                  set: fn(&mut ClusterSpec, usize)| {
        let onchange = change(Callback::from(move |(mut settings, event): (Settings, Event)| {
            set(&mut settings.cluster, dom::chosen(&event));
            settings
        }));
        html! {
            <label class="field"><span>{ label }</span>
                <select {onchange}>{ for texts.iter().enumerate().map(|(at, text)| html! { <option selected={at == chosen}>{ *text }</option> }) }</select>
            </label>
        }
    };
    let tick = |label: &'static str, checked: bool, set: fn(&mut Settings, bool)| {
        let onchange = change(Callback::from(move |(mut settings, event): (Settings, Event)| {
            set(&mut settings, dom::checked(&event));
            settings
        }));
        html! { <label class="tick"><input type="checkbox" {checked} {onchange} />{ label }</label> }
    };
    let number = |label: &'static str, value: u64, max: u64, set: fn(&mut Settings, u64)| {
        let onchange = change(Callback::from(move |(mut settings, event): (Settings, Event)| {
            if let Ok(number) = dom::changed_value(&event).parse::<u64>() {
                set(&mut settings, number.min(max));
            }
            settings
        }));
        html! { <label class="field"><span>{ label }</span><input type="number" min="0" max={max.to_string()} value={value.to_string()} {onchange} /></label> }
    };
    let nodes = (0..cluster.nodes.min(MAX_SINGLE_NODES)).map(|node| {
        let shown = shown.as_ref().and_then(|shown| shown.report.nodes.get(node as usize));
        let name = shown.map_or_else(|| format!("node-{}", node + 1), |node| node.name.clone());
        let onchange = {
            let (dispatch, settings) = (page.dispatch.clone(), settings.clone());
            Callback::from(move |change: NodeOverride| {
                let mut settings = Settings::clone(&settings);
                settings.cluster.overrides.remove(&node);
                if change != NodeOverride::default() {
                    settings.cluster.overrides.insert(node, change);
                }
                dispatch.dispatch(Action::Configure(settings));
            })
        };
        node_settings(page, &name, &cluster.overrides.get(&node).cloned().unwrap_or_default(), &onchange)
    });
    let load_balancer =
        LOAD_BALANCERS.iter().position(|&choice| choice == cluster.load_balancer).unwrap_or(0);
    let ingress = INGRESSES.iter().position(|&choice| choice == cluster.ingress).unwrap_or(0);
    let reset = {
        let nodes = cluster.nodes;
        page.on(move || Action::Configure(Settings::with_nodes(nodes)))
    };
    html! {
        <Modal page={page.clone()} open={open == Panel::Cluster} title={(t.tab)(Tab::Cluster)} class="settings">
            <p class="quiet">{ t.cluster_hint }</p>
            <fieldset>
                <legend>{ t.node_size }</legend>
                <div class="fields">
                    { text(t.cpu, cluster.shape.cpu.clone(), None, |settings, text| text.trim().clone_into(&mut settings.cluster.shape.cpu)) }
                    { text(t.memory, cluster.shape.memory.clone(), None, |settings, text| text.trim().clone_into(&mut settings.cluster.shape.memory)) }
                    { text(t.max_pods, cluster.shape.pods.clone(), None, |settings, text| text.trim().clone_into(&mut settings.cluster.shape.pods)) }
                    { text(t.ephemeral_storage, cluster.shape.ephemeral_storage.clone(), None, |settings, text| text.trim().clone_into(&mut settings.cluster.shape.ephemeral_storage)) }
                </div>
            </fieldset>
            <fieldset>
                <legend>{ t.topology }</legend>
                <div class="fields">
                    { number(t.control_plane_nodes, u64::from(cluster.control_plane), u64::from(cluster.nodes), |settings, number| settings.cluster.control_plane = number as u32) }
                    { text(t.zones, cluster.zones.join(", "), Some(t.zones_hint), |settings, text| settings.cluster.zones = entries(&text)) }
                </div>
            </fieldset>
            <fieldset>
                <legend>{ t.exposure }</legend>
                <div class="fields">
                    { choice(t.load_balancer, &t.load_balancers, load_balancer, |cluster, at| cluster.load_balancer = LOAD_BALANCERS[at.min(2)]) }
                    { choice(t.ingress, &t.ingresses, ingress, |cluster, at| cluster.ingress = INGRESSES[at.min(3)]) }
                    { tick(t.cni_host_ports, cluster.host_ports, |settings, on| settings.cluster.host_ports = on) }
                </div>
            </fieldset>
            <fieldset>
                <legend>{ t.simulation }</legend>
                <div class="fields">
                    { tick(t.strict, settings.strict, |settings, on| settings.strict = on) }
                    { number(t.seed, settings.seed, u64::from(u32::MAX), |settings, number| settings.seed = number) }
                </div>
            </fieldset>
            <fieldset>
                <legend>{ t.single_nodes }</legend>
                <p class="quiet">{ t.single_nodes_hint }</p>
                { for nodes }
                if cluster.nodes > MAX_SINGLE_NODES { <p class="quiet">{ t.first_nodes }</p> }
            </fieldset>
            <button type="button" class="button" onclick={reset} data-testid="reset-cluster">{ t.reset }</button>
        </Modal>
    }
}
