//! `kubectl port-forward`, for who debugs a pod that has no way in (EXP-DBG-1, EXP-DBG-3).

use api::server::Store;
use api::types::{Pod, Protocol, Uid};
use manifest::sorted::SortedSet;
use serde::{Deserialize, Serialize};

use crate::bind::opened;
use crate::route::{Route, RouteState};
use crate::url;
use crate::view::{hints, pod_name, process_state};

/// At most so many pods.
const MOST: usize = 100;

/// A command that opens ports of a pod on the user's own machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// namespace/name.
    pub pod: String,
    /// The command.
    pub command: String,
    /// Where the ports are while it runs.
    pub urls: Vec<String>,
}

/// One command for the first running pod of each owner that no route reaches and whose TCP ports are known.
pub fn forwards(store: &Store, routes: &[Route]) -> Vec<Forward> {
    let open =
        routes.iter().filter(|route| matches!(route.state, RouteState::Reachable | RouteState::NotReady));
    let reached: SortedSet<&str> = open.flat_map(|route| &route.pods).map(String::as_str).collect();
    let mut owners: SortedSet<Uid> = SortedSet::new();
    let lonely = store.pods.values().filter(|pod| {
        let owner = pod.meta.owner.as_ref().map_or(pod.meta.uid, |owner| owner.uid);
        process_state(pod).1.is_none() && !reached.contains(pod_name(pod).as_str()) && owners.insert(owner)
    });
    lonely.filter_map(forward).take(MOST).collect()
}

fn forward(pod: &Pod) -> Option<Forward> {
    let listeners = pod.spec.port_holders().flat_map(|container| opened(container).0);
    let mut ports: Vec<u16> = Vec::new();
    for listener in listeners.filter(|listener| listener.protocol == Protocol::Tcp) {
        if !ports.contains(&listener.port) {
            ports.push(listener.port);
        }
    }
    ports.first()?;
    let mut command = String::from("kubectl port-forward ");
    if &*pod.meta.namespace != "default" {
        command.extend(["-n ", &*pod.meta.namespace, " "]);
    }
    command.extend(["pod/", &*pod.meta.name]);
    let mut urls = Vec::new();
    for port in ports {
        // Low ports of one's own machine need privileges.
        let own = if port < 1024 { port + 8000 } else { port };
        let pair = if own == port { format!(" {port}") } else { format!(" {own}:{port}") };
        command.push_str(&pair);
        let scheme = url::shown(url::scheme(&hints(pod, port, Protocol::Tcp).0), Protocol::Tcp);
        urls.push(url::url(scheme, "127.0.0.1", own, "/"));
    }
    Some(Forward { pod: pod_name(pod), command, urls })
}
