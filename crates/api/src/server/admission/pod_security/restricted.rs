//! The checks that the restricted level adds, sorted by their identifier.

use manifest::Tree;
use manifest::sorted::SortedSet;

use super::baseline::bad_seccomp;
use super::pod::PodView;
use super::{Violation, containers, plural, quoted, setters};

/// Volume sources that are allowed.
const VOLUMES: [&str; 8] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

type Check = fn(&PodView<'_>) -> Option<Violation>;

/// The checks, and whether they are for pods of Windows, too.
const CHECKS: [(Check, bool); 6] = [
    (privilege_escalation, false),
    (capabilities, false),
    (volumes, true),
    (run_as_non_root, true),
    (run_as_user, true),
    (seccomp, false),
];

pub(super) fn check(pod: &PodView<'_>) -> Vec<Violation> {
    let is_windows = pod.is_windows();
    let wanted = CHECKS.iter().filter(|(_, everywhere)| *everywhere || !is_windows);
    wanted.filter_map(|(check, _)| check(pod)).collect()
}

fn violation(reason: &str, detail: String) -> Option<Violation> {
    Some(Violation { reason: reason.to_owned(), detail })
}

fn privilege_escalation(pod: &PodView<'_>) -> Option<Violation> {
    let path = ["securityContext", "allowPrivilegeEscalation"];
    let names = pod.names(|container| container.at(&path).and_then(Tree::as_bool) != Some(false));
    if names.is_empty() {
        return None;
    }
    let detail = format!("{} must set securityContext.allowPrivilegeEscalation=false", containers(&names));
    violation("allowPrivilegeEscalation != false", detail)
}

fn capabilities(pod: &PodView<'_>) -> Option<Violation> {
    let list = |container: &'_ Tree, field: &str| -> Vec<String> {
        let items = container.list_at(&["securityContext", "capabilities", field]);
        items.iter().filter_map(Tree::as_str).map(str::to_owned).collect()
    };
    let keeping = pod.names(|container| !list(container, "drop").iter().any(|name| name == "ALL"));
    let mut extra = SortedSet::new();
    let adding = pod.names(|container| {
        let bad: Vec<String> =
            list(container, "add").into_iter().filter(|name| name != "NET_BIND_SERVICE").collect();
        let is_bad = !bad.is_empty();
        extra.extend(bad);
        is_bad
    });
    let mut details = Vec::new();
    if !keeping.is_empty() {
        details
            .push(format!("{} must set securityContext.capabilities.drop=[\"ALL\"]", containers(&keeping)));
    }
    if !adding.is_empty() {
        let (who, extra) = (containers(&adding), quoted(extra));
        details.push(format!("{who} must not include {extra} in securityContext.capabilities.add"));
    }
    if details.is_empty() { None } else { violation("unrestricted capabilities", details.join("; ")) }
}

fn volumes(pod: &PodView<'_>) -> Option<Violation> {
    let (mut names, mut types) = (Vec::new(), SortedSet::new());
    for volume in pod.spec(&["volumes"]).and_then(Tree::as_list).unwrap_or(&[]) {
        let entries = volume.as_map().into_iter().flatten().filter(|entry| !entry.value.is_null());
        let source = entries.map(|entry| entry.key.as_str()).find(|&key| key != "name");
        if let Some(source) = source.filter(|source| !VOLUMES.contains(source)) {
            names.push(volume.str_at(&["name"]));
            types.insert(source);
        }
    }
    if names.is_empty() {
        return None;
    }
    let uses = if names.len() == 1 { "uses" } else { "use" };
    let (volumes, what) = (plural("volume", names.len()), plural("restricted volume type", types.len()));
    violation(
        "restricted volume types",
        format!("{volumes} {} {uses} {what} {}", quoted(&names), quoted(types)),
    )
}

fn run_as_non_root(pod: &PodView<'_>) -> Option<Violation> {
    if pod.has_user_namespace() {
        return None;
    }
    let reason = "runAsNonRoot != true";
    let of = |container: &Tree| container.at(&["securityContext", "runAsNonRoot"]).and_then(Tree::as_bool);
    let by_pod = pod.spec(&["securityContext", "runAsNonRoot"]).and_then(Tree::as_bool);
    let explicit = pod.names(|container| of(container) == Some(false));
    let who = setters(by_pod == Some(false), &explicit);
    if !who.is_empty() {
        return violation(reason, format!("{who} must not set securityContext.runAsNonRoot=false"));
    }
    let implicit = pod.names(|container| of(container).is_none() && by_pod != Some(true));
    if implicit.is_empty() {
        return None;
    }
    violation(reason, format!("pod or {} must set securityContext.runAsNonRoot=true", containers(&implicit)))
}

fn run_as_user(pod: &PodView<'_>) -> Option<Violation> {
    if pod.has_user_namespace() {
        return None;
    }
    let path = ["securityContext", "runAsUser"];
    let by_pod = pod.spec(&path).and_then(Tree::as_i64) == Some(0);
    let names = pod.names(|container| container.at(&path).and_then(Tree::as_i64) == Some(0));
    let who = setters(by_pod, &names);
    if who.is_empty() { None } else { violation("runAsUser=0", format!("{who} must not set runAsUser=0")) }
}

fn seccomp(pod: &PodView<'_>) -> Option<Violation> {
    if let Some(bad) = bad_seccomp(pod) {
        return Some(bad);
    }
    let path = ["securityContext", "seccompProfile"];
    let by_pod = pod.spec(&path).is_some();
    let implicit = pod.names(|container| container.at(&path).is_none() && !by_pod);
    if implicit.is_empty() {
        return None;
    }
    let detail = format!(
        "pod or {} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
        containers(&implicit)
    );
    violation("seccompProfile", detail)
}
