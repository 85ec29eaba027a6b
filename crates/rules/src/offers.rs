//! Changes of the text that may clear what blocks a pod. Each is only a candidate: [`crate::verdict`] simulates it.

use api::quantity::Quantity;
use manifest::sorted::SortedSet;
use manifest::{Fix, Lang, TextEdit, Tree};

use crate::analyze::Run;
use crate::blocker::host_ports;
use crate::edits::{insert_first, insert_item, remove, replace, sorted};
use crate::input::Input;
use crate::places::containers;
use crate::report::{Blocker, OfferKind, Report};
use crate::target::Target;
use crate::ways::{WayKind, rewrite};
use crate::words;

/// A change that has not been simulated yet.
pub(crate) struct Candidate {
    pub(crate) kind: OfferKind,
    pub(crate) fix: Fix,
}

/// The candidates for the first pod that is blocked, or that crashes; the most natural ones first.
pub(crate) fn candidates(input: &Input, run: &Run, report: &Report) -> Vec<Candidate> {
    // Places belong to the first text: after another one was applied they would be wrong.
    if input.is_updated() {
        return Vec::new();
    }
    let stuck = report.pods.iter().find(|pod| pod.blocker.is_some());
    let Some(pod) = stuck.or_else(|| report.pods.iter().find(|pod| pod.status == "CrashLoopBackOff")) else {
        return Vec::new();
    };
    let Some(target) = Target::of(input, run, &pod.namespace, &pod.name) else { return Vec::new() };
    let fits = report
        .workloads
        .get(pod.workload as usize)
        .map_or(0, |workload| i32::try_from(workload.created.saturating_sub(workload.pending)).unwrap_or(0));
    let found: Vec<Option<(OfferKind, Vec<TextEdit>)>> = match &pod.blocker {
        Some(Blocker::HostPort { port, holders, .. }) => {
            vec![
                target.node_port_service(),
                target.remove_host_port(),
                target.change_port(*port, holders),
                target.lower_replicas(fits),
            ]
        }
        Some(Blocker::Resource { name, free, .. }) => {
            vec![target.lower_request(name, free), target.lower_replicas(fits)]
        }
        Some(Blocker::Taints { taints, .. }) => taints.iter().map(|taint| target.tolerate(taint)).collect(),
        Some(Blocker::NodeSelector { .. }) => vec![target.remove_node_rule()],
        Some(Blocker::TooManyPods | Blocker::Cordoned | Blocker::Pods { .. } | Blocker::Other(_)) => {
            vec![target.lower_replicas(fits)]
        }
        Some(Blocker::NoNodes) => Vec::new(),
        None => vec![target.node_port_service(), target.lower_replicas(fits)],
    };
    let candidate = |(kind, edits): (OfferKind, Vec<TextEdit>)| {
        let title = words::offer(&kind, Lang::En);
        Some(Candidate { fix: Fix { title, edits: sorted(edits)? }, kind })
    };
    found.into_iter().flatten().filter_map(candidate).collect()
}

impl Target<'_> {
    fn lower_replicas(&self, fits: i32) -> Option<(OfferKind, Vec<TextEdit>)> {
        let replicas = self.tree.at(&["spec", "replicas"])?;
        let lower = fits >= 1 && i64::from(fits) < replicas.as_i64()?;
        let edit = replace(replicas, fits.to_string()).filter(|_| lower)?;
        Some((OfferKind::LowerReplicas(self.name.clone(), fits), vec![edit]))
    }

    fn remove_host_port(&self) -> Option<(OfferKind, Vec<TextEdit>)> {
        let edits = self.without_host_ports().filter(|_| !self.pod.spec.host_network)?;
        Some((OfferKind::RemoveHostPort(self.name.clone()), edits))
    }

    /// Takes hostNetwork and host ports out and lets a NodePort Service lead to the pods.
    fn node_port_service(&self) -> Option<(OfferKind, Vec<TextEdit>)> {
        let edits = rewrite(self, WayKind::NodePort).ok()?;
        Some((OfferKind::UseNodePortService(self.name.clone()), edits))
    }

    /// Another port, when another workload holds this one somewhere.
    fn change_port(&self, port: u16, holders: &[String]) -> Option<(OfferKind, Vec<TextEdit>)> {
        let server = self.run.simulation.server();
        let root_of = |full: &String| {
            let (namespace, name) = full.split_once('/')?;
            Some(self.run.simulation.root(server.find_kind(&api::types::Kind::Pod, namespace, name)?))
        };
        if holders.iter().all(|holder| root_of(holder) == Some(self.root)) {
            return None;
        }
        let used: SortedSet<u16> =
            server.store().pods.values().flat_map(host_ports).map(|port| port.host_port).collect();
        let free = (port.checked_add(1)?..=u16::MAX).find(|port| !used.contains(port))?;
        let keys: &[&str] =
            if self.pod.spec.host_network { &["containerPort", "hostPort"] } else { &["hostPort"] };
        let numbers = self.ports().flat_map(|tree| keys.iter().filter_map(|key| tree.get(key)));
        let edits = numbers
            .filter(|number| number.as_i64() == Some(i64::from(port)))
            .filter_map(|number| replace(number, free.to_string()))
            .collect();
        Some((OfferKind::ChangePort(self.name.clone(), free), edits))
    }

    /// Lowers the request of the only container that makes one to what the freest node has left.
    fn lower_request(&self, resource: &str, free: &str) -> Option<(OfferKind, Vec<TextEdit>)> {
        let free = Quantity::parse(free).ok().filter(|free| !free.is_zero() && !free.is_negative())?;
        let requests = || {
            containers(self.template())
                .filter_map(|container| container.at(&["resources", "requests", resource]))
        };
        let only = requests().next().filter(|_| requests().count() == 1)?;
        let amount = free.to_string();
        let edit = replace(only, amount.clone())?;
        Some((OfferKind::LowerRequest(self.name.clone(), resource.to_owned(), amount), vec![edit]))
    }

    fn tolerate(&self, taint: &str) -> Option<(OfferKind, Vec<TextEdit>)> {
        let (rest, effect) = taint.rsplit_once(':')?;
        let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
        let quoted = |text: &str| Tree::added(text).to_json();
        let mut lines = vec![format!("key: {}", quoted(key))];
        if value.is_empty() {
            lines.push("operator: Exists".to_owned());
        } else {
            lines.extend(["operator: Equal".to_owned(), format!("value: {}", quoted(value))]);
        }
        lines.push(format!("effect: {effect}"));
        let spec = self.spec()?;
        let edit = if let Some(list) = spec.get("tolerations").filter(|list| list.span.is_some()) {
            insert_item(self.text, list, &lines)?
        } else {
            let item =
                |(index, line): (usize, &String)| format!("{} {line}", if index == 0 { "-" } else { " " });
            let mut whole = vec!["tolerations:".to_owned()];
            whole.extend(lines.iter().enumerate().map(item));
            insert_first(self.text, spec, &whole)?
        };
        Some((OfferKind::Tolerate(self.name.clone(), taint.to_owned()), vec![edit]))
    }

    fn remove_node_rule(&self) -> Option<(OfferKind, Vec<TextEdit>)> {
        let spec = self.spec()?;
        let edit = if spec.get("nodeSelector").is_some_and(|selector| selector.span.is_some()) {
            remove(self.text, spec, "nodeSelector")
        } else {
            let affinity = spec.get("affinity")?;
            let alone = affinity.as_map()?.iter().filter(|entry| entry.key_span.is_some()).count() == 1;
            if alone {
                remove(self.text, spec, "affinity")
            } else {
                remove(self.text, affinity, "nodeAffinity")
            }
        };
        Some((OfferKind::RemoveNodeSelector(self.name.clone()), vec![edit?]))
    }
}
