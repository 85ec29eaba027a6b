//! What happens to a running cluster besides applying manifests: containers restart, nodes are drained, lost, brought back and
//! removed, a CronJob is run by hand.

use std::rc::Rc;

use api::kubectl::{self, Output};
use api::server::Typed;
use api::types::{Kind, Meta, Node, OwnerRef, Pod, PodPhase, Taint, TaintEffect, Uid};
use controllers::eviction_error;
use manifest::Tree;
use manifest::sorted::SortedSet;

use super::Simulation;
use crate::input::Action;
use crate::kubectl::time;

/// The taint of a node whose kubelet no longer answers (SCH-NODE-5).
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";

/// The annotation by which it does.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

impl Simulation {
    /// A container of a pod ends and is started again: the pod keeps its node and its address.
    pub(super) fn restart_container(&mut self, namespace: &str, name: &str) -> Output {
        let uid = self.server.find_kind(&Kind::Pod, namespace, name);
        let pod = uid.and_then(|uid| self.server.pod_mut(uid));
        match pod.filter(|pod| pod.status.phase == PodPhase::Running) {
            Some(pod) => pod.status.restarts += 1,
            None => return refused(&format!("pod {namespace}/{name} does not run")),
        }
        let meta = uid.and_then(|uid| self.server.meta(uid)).cloned();
        if let Some(meta) = meta {
            self.note((&Kind::Pod, &meta), false, "Started", "kubelet", "Container started");
        }
        Output::default()
    }

    /// `kubectl drain --ignore-daemonsets --force --delete-emptydir-data`: evicts pod after pod as the budgets allow, and gives
    /// up where kubectl would try for ever.
    pub(super) fn drain(&mut self, name: &str) -> Output {
        let mut output = kubectl::cordon(&mut self.server, name, true);
        if output.exit != 0 {
            return output;
        }
        self.settle();
        let mut waiting: Vec<Uid> = Vec::new();
        let (mut of_sets, mut bare) = (Vec::new(), Vec::new());
        for pod in self.pods_on(name) {
            match &pod.meta.owner {
                Some(owner) if owner.kind == Kind::DaemonSet => of_sets.push(full_name(&pod.meta)),
                Some(_) => waiting.push(pod.meta.uid),
                None => {
                    bare.push(full_name(&pod.meta));
                    waiting.push(pod.meta.uid);
                }
            }
        }
        let warnings = [
            ("deleting Pods that declare no controller", bare),
            ("ignoring DaemonSet-managed Pods", of_sets),
        ];
        let warnings: Vec<String> = warnings
            .into_iter()
            .filter(|(_, pods)| !pods.is_empty())
            .map(|(what, pods)| format!("{what}: {}", pods.join(", ")))
            .collect();
        if !warnings.is_empty() {
            output.stderr.push(format!("Warning: {}", warnings.join("; ")));
        }
        for uid in &waiting {
            if let Some(meta) = self.server.meta(*uid) {
                output.stdout.push(format!("evicting pod {}", full_name(meta)));
            }
        }
        // Each pod that went may let its replacement get ready elsewhere, and so the next one go.
        loop {
            let before = waiting.len();
            waiting.retain(|&uid| {
                let Some(name) = self.evict(uid) else { return true };
                output.stdout.push(format!("pod/{name} evicted"));
                self.settle();
                false
            });
            if waiting.is_empty() {
                output.stdout.push(format!("node/{name} drained"));
                return output;
            }
            if waiting.len() == before {
                break;
            }
        }
        for uid in waiting {
            let store = self.server.store();
            let Some(pod) = store.pods.get(&uid) else { continue };
            let Some(why) = eviction_error(store, pod) else { continue };
            let retry = if why.starts_with("Cannot") { " (will retry after 5s)" } else { "" };
            let (name, namespace) = (&*pod.meta.name, &*pod.meta.namespace);
            output.stderr.push(format!("error when evicting pods/{name:?} -n {namespace:?}{retry}: {why}"));
        }
        output.exit = 1;
        output
    }

    /// Evicts a pod unless a budget forbids it; its name when it went.
    fn evict(&mut self, uid: Uid) -> Option<String> {
        let pod = self.server.store().pods.get(&uid)?;
        if eviction_error(self.server.store(), pod).is_some() {
            return None;
        }
        let name = pod.meta.name.to_string();
        self.server.delete(uid);
        Some(name)
    }

    /// A node stops to answer. Its pods are not ready any more; when their tolerations of that run out they are deleted, but as no
    /// kubelet confirms it they stay Terminating, and only controllers that do not wait for that replace them
    /// (`pkg/controller/nodelifecycle`, `pkg/controller/tainteviction`).
    pub(super) fn lose_node(&mut self, name: &str) -> Output {
        if self.kubelet.is_lost(name) {
            return refused(&format!("node {name} is lost already"));
        }
        let taints = [TaintEffect::NoSchedule, TaintEffect::NoExecute];
        let taints = taints.map(|effect| Taint { key: UNREACHABLE.to_owned(), value: String::new(), effect });
        let changed = self.change_node(name, |node| {
            node.ready = false;
            node.taints.extend(taints.clone());
        });
        let Some(meta) = changed else { return no_node(name) };
        self.kubelet.lose(&meta.name);
        let text = format!("Node {name} status is now: NodeNotReady");
        self.note((&Kind::Node, &meta), false, "NodeNotReady", "node-controller", &text);
        let pods = self.pods_on(name);
        for pod in &pods {
            self.change_pod(pod.meta.uid, |pod| pod.status.ready = false);
            self.note((&Kind::Pod, &pod.meta), true, "NodeNotReady", "node-controller", "Node is not ready");
        }
        self.settle();
        let moments: SortedSet<u64> = pods.iter().filter_map(|pod| patience(pod, &taints[1])).collect();
        let mut passed = 0;
        for moment in moments {
            self.server.advance((moment - passed) * 1_000);
            passed = moment;
            for pod in pods.iter().filter(|pod| patience(pod, &taints[1]) == Some(moment)) {
                if self.change_pod(pod.meta.uid, |pod| pod.meta.deleting = true) {
                    let text = format!("Marking for deletion Pod {}", full_name(&pod.meta));
                    let from = "taint-eviction-controller";
                    self.note((&Kind::Pod, &pod.meta), false, "TaintManagerEviction", from, &text);
                }
            }
            self.settle();
        }
        Output::default()
    }

    /// A lost node answers again: what was to be deleted is, and the rest is ready.
    pub(super) fn return_node(&mut self, name: &str) -> Output {
        if !self.kubelet.find(name) {
            return refused(&format!("node {name} is not lost"));
        }
        let changed = self.change_node(name, |node| {
            node.ready = true;
            node.taints.retain(|taint| taint.key != UNREACHABLE);
        });
        let Some(meta) = changed else { return no_node(name) };
        let text = format!("Node {name} status is now: NodeReady");
        self.note((&Kind::Node, &meta), false, "NodeReady", "kubelet", &text);
        for pod in self.pods_on(name) {
            if pod.meta.deleting {
                self.server.delete(pod.meta.uid);
            } else {
                self.change_pod(pod.meta.uid, |pod| pod.status.ready = pod.status.phase == PodPhase::Running);
            }
        }
        Output::default()
    }

    /// `kubectl delete node`: the pod garbage collector removes what was on it.
    pub(super) fn remove_node(&mut self, name: &str) -> Output {
        let pods = self.pods_on(name);
        let output = kubectl::delete(&mut self.server, "node", "", name);
        if output.exit == 0 {
            self.kubelet.find(name);
            for pod in pods {
                self.server.delete(pod.meta.uid);
            }
        }
        output
    }

    /// `kubectl create job JOB --from=cronjob/NAME`.
    pub(super) fn run_cron_job(&mut self, namespace: &str, name: &str, job: &str) -> Output {
        let found = self.server.find_kind(&Kind::CronJob, namespace, name);
        let cron_job = found.and_then(|uid| match &self.server.store().objects.get(&uid)?.typed {
            Typed::CronJob(cron_job) => Some(Rc::clone(cron_job)),
            _ => None,
        });
        let Some(cron_job) = cron_job else {
            return Output {
                stderr: vec![format!("Error from server (NotFound): cronjobs.batch {name:?} not found")],
                exit: 1,
                ..Output::default()
            };
        };
        let owner =
            OwnerRef { kind: Kind::CronJob, name: Rc::clone(&cron_job.meta.name), uid: cron_job.meta.uid };
        let tree = job_tree(&cron_job.job_template, namespace, job);
        match self.server.create_owned(&Rc::new(owner), tree) {
            Ok(_) => Output { stdout: vec![format!("job.batch/{job} created")], ..Output::default() },
            Err(error) => refused(&format!("failed to create job: {}", error.message)),
        }
    }

    /// `kubectl rollout restart`: a time in the annotations of the template makes it a new one.
    pub(super) fn rollout_restart(&mut self, kind: &str, namespace: &str, name: &str) -> Output {
        let resource = Action::RESTARTS.into_iter().find(|known| known.eq_ignore_ascii_case(kind));
        let Some(resource) = resource.and_then(|kind| self.server.resource("apps/v1", kind)) else {
            return refused(&format!("{} {name:?} restarting is not supported", kind.to_lowercase()));
        };
        let full = resource.kubectl_name(name);
        let found = self.server.find(&resource, namespace, name);
        let Some((uid, tree)) = found.and_then(|uid| Some((uid, self.server.tree(uid)?))) else {
            let what = resource.group_resource();
            return Output {
                stderr: vec![format!("Error from server (NotFound): {what} {name:?} not found")],
                exit: 1,
                ..Output::default()
            };
        };
        if tree.at(&["spec", "paused"]).and_then(Tree::as_bool) == Some(true) {
            let what = resource.group_resource();
            return refused(&format!(
                "{what} {name:?} can't restart paused deployment (run rollout resume first)"
            ));
        }
        // Two restarts in one second would be one.
        self.server.advance(1_000);
        let mut tree = Tree::clone(&tree);
        let template = tree.at_mut(&["spec", "template"]).and_then(Tree::as_map_mut);
        let metadata = template.map(|template| template.or_insert_with("metadata", Tree::map));
        let metadata = metadata.and_then(Tree::as_map_mut);
        let annotations = metadata.map(|metadata| metadata.or_insert_with("annotations", Tree::map));
        if let Some(annotations) = annotations.and_then(Tree::as_map_mut) {
            annotations.insert(RESTARTED_AT, Tree::added(time::stamp(self.server.now())));
        }
        match self.server.update(uid, tree) {
            Ok(()) => Output { stdout: vec![format!("{full} restarted")], ..Output::default() },
            Err(error) => refused(&error.message),
        }
    }

    /// Changes a node; its metadata when there is such a node.
    fn change_node(&mut self, name: &str, change: impl FnOnce(&mut Node)) -> Option<Meta> {
        let uid = self.server.find_kind(&Kind::Node, "", name)?;
        let node = self.server.store_mut().nodes.get_mut(&uid)?;
        change(Rc::make_mut(node));
        Some(node.meta.clone())
    }

    /// Changes a pod and tells the scheduler; whether there is one.
    fn change_pod(&mut self, uid: Uid, change: impl FnOnce(&mut Pod)) -> bool {
        let Some(pod) = self.server.pod_mut(uid) else { return false };
        let old = pod.clone();
        change(pod);
        let new = pod.clone();
        self.pod_changed(&old, &new);
        true
    }

    /// The pods of a node that have not ended, in order of creation.
    fn pods_on(&self, node: &str) -> Vec<Pod> {
        let pods = self.server.store().pods.values();
        pods.filter(|pod| pod.node.as_deref() == Some(node) && !pod.status.phase.is_terminal())
            .cloned()
            .collect()
    }

    fn note(
        &mut self,
        (kind, meta): (&Kind, &Meta),
        warning: bool,
        reason: &'static str,
        from: &'static str,
        message: &str,
    ) {
        let event = controllers::Event {
            warning,
            reason,
            kind: kind.clone(),
            namespace: Rc::clone(&meta.namespace),
            name: Rc::clone(&meta.name),
            message: message.into(),
            from,
        };
        self.log.take_in(vec![event], self.server.now(), self.step);
    }
}

/// Ten years in seconds: whoever tolerates a lost node longer is not told apart, and the clock does not overflow.
const MAX_PATIENCE: i64 = 315_360_000;

/// How many seconds a pod tolerates a NoExecute taint: the fewest of the tolerations that match it, none at all without one, and
/// `None` for ever (`pkg/controller/tainteviction`).
fn patience(pod: &Pod, taint: &Taint) -> Option<u64> {
    let mut matching = pod.spec.tolerations.iter().filter(|toleration| toleration.matches(taint)).peekable();
    if matching.peek().is_none() {
        return Some(0);
    }
    let least = matching.filter_map(|toleration| toleration.seconds).min()?;
    Some(least.clamp(0, MAX_PATIENCE).unsigned_abs())
}

/// The Job that `--from` makes of a template.
fn job_tree(template: &Tree, namespace: &str, name: &str) -> Tree {
    let mut tree = template.clone();
    let Some(job) = tree.as_map_mut() else { return tree };
    job.insert("apiVersion", Tree::added("batch/v1"));
    job.insert("kind", Tree::added("Job"));
    let metadata = job.or_insert_with("metadata", Tree::map);
    if let Some(metadata) = metadata.as_map_mut() {
        metadata.insert("name", Tree::added(name));
        metadata.insert("namespace", Tree::added(namespace));
        let annotations = metadata.or_insert_with("annotations", Tree::map);
        if let Some(annotations) = annotations.as_map_mut() {
            annotations.insert("cronjob.kubernetes.io/instantiate", Tree::added("manual"));
        }
    }
    tree
}

fn full_name(meta: &Meta) -> String {
    format!("{}/{}", meta.namespace, meta.name)
}

fn refused(text: &str) -> Output {
    Output { stderr: vec![format!("error: {text}")], exit: 1, ..Output::default() }
}

fn no_node(name: &str) -> Output {
    Output {
        stderr: vec![format!("Error from server (NotFound): nodes {name:?} not found")],
        exit: 1,
        ..Output::default()
    }
}
