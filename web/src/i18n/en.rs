//! English.

use super::Texts;
use crate::examples::Example;
use crate::state::Tab;

fn s(count: u32) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// All texts.
pub(crate) const TEXTS: Texts = Texts {
    title: "Podreach: where Kubernetes pods land, and how to reach them",
    skip: "Skip to the result",
    examples: "Examples",
    nodes: "Nodes",
    fewer_nodes: "One node fewer",
    more_nodes: "One node more",
    cluster_settings: "Cluster…",
    undo: "Undo",
    share: "Share",
    copy_link: "Copy link",
    copy_markdown: "Copy Markdown link",
    copy_embed: "Copy embed code",
    download: "Download YAML",
    open_file: "Open a file…",
    other_language: "中文",
    switch_language: "切换到中文",
    switch_theme: "Switch between light and dark",
    keys: "Keys",
    close: "Close",
    dismiss: "Dismiss",
    editor: "Manifest",
    editor_words: [
        "Kubernetes manifest, YAML. Press Escape, then Tab, to leave the editor.",
        "required",
        "Default:",
        "One of:",
        "API reference",
    ],
    result: "Result",
    view: "View",
    drop_here: "Drop the file to open it",

    problems: |count| format!("Problems ({count})"),
    no_problems: "No problems found.",
    explain: "What does this mean?",
    not_explained: "The explanation could not be loaded. Check the connection and reload.",
    fix: "Fix",
    line: |line| format!("line {line}"),
    line_column: |line, column| format!("{line}:{column}"),
    error: "Error",
    warning: "Warning",
    info: "Note",
    more: |count| format!("{count} more"),

    analysing: "Analysing…",
    older_result: "The text cannot be read as it stands. This is the last result that could be shown.",
    nothing_yet: "Nothing to place yet",
    nothing_yet_hint: "Paste a manifest into the editor, or choose one of the examples.",
    offers: "What would help (each was simulated)",
    preview: "Show the change",
    offer_result: |running, pending| match pending {
        0 if running == 1 => "it runs".to_owned(),
        0 => format!("all {running} run"),
        _ => format!("{running} run, {pending} Pending"),
    },
    nodes_change: |from, to| format!("Nodes: {from} → {to}"),
    try_again: "Try again",

    tabs: "Result",
    workloads: "Workloads",
    pending: |count| format!("Pending ({count})"),
    why: "Why?",
    why_pod: |pod| format!("Why is {pod} there?"),
    control_plane: "control plane",
    cordoned: "cordoned",
    not_ready: "not ready",
    zone: |zone| format!("zone {zone}"),
    taint: "taint",
    cpu: "cpu",
    memory: "memory",
    pods: "pods",
    host_ports: "Host ports in use",
    no_pods: "no pods",
    ready_of: |ready, wanted| format!("{ready} of {wanted} ready"),
    no_nodes: "The cluster has no nodes. Add one above.",
    dense_hint: |count| {
        format!(
            "{count} nodes. Numbers count pods, shades show requested cpu. Choose a node to see it in full."
        )
    },
    node_cell: |name, pods| format!("{name}: {pods} pod{}", s(pods as u32)),
    not_simulated: "Accepted, but not simulated",

    routes: "Ways in from outside the cluster",
    no_routes: "Nothing can be reached from outside the cluster",
    no_routes_hint: "A pod is reachable through hostNetwork, hostPort, or a Service of type NodePort or LoadBalancer, an Ingress, or externalIPs.",
    how: "How",
    address: "URL",
    nodes_that_answer: "Nodes that answer",
    pods_that_answer: "Pods that answer",
    client_ip: "Client IP",
    client_ip_kept: "kept",
    client_ip_lost: "rewritten",
    client_ip_depends: "depends on the provider",
    caveats: "Caveats",
    copy_url: "Copy URL",
    copy_curl: "Copy curl",
    no_url: "no URL",
    only_problems: "Only those that do not work",
    all_routes: "All",
    reachable_of: |reachable, all| match all {
        1 => format!("{reachable} of 1 route answers"),
        _ => format!("{reachable} of {all} routes answer"),
    },

    choose_pod: "Pod",
    message: "Message, as kubectl describe prints it",
    plain_words: "In plain words",
    in_the_text: "In the text: ",
    holder: |line| format!("holder, line {line}"),
    filters: "Filters",
    filters_hint: "In the scheduler's order. A node is out at the first filter that turns it down.",
    scores: "Scores",
    scores_hint: "Weighted score; below it raw → normalised. The highest total wins.",
    node: "Node",
    total: "Total",
    weight: |weight| format!("×{weight}"),
    message_column: "Reason",
    passes: "passes",
    not_looked_at: "not looked at",
    chosen: "chosen",
    tie: "tie",
    placed_on: |node| format!("Placed on {node}. "),
    only_feasible: "It is the only node that passes, so nothing is scored.",
    another_choice: "Choose differently among equals",
    no_decision: "The scheduler decided nothing about this pod: it names its node itself, or waits for something else.",
    no_pod: "There is no pod to explain.",
    prefilter: "Turned down before any node was looked at",
    excluded: |count| format!("{count} node{} excluded beforehand: ", s(count)),
    preempts: |victims, node| format!("Preempts {victims} on {node}."),
    copy_message: "Copy message",
    skipped: |plugins| format!("Nothing to score for: {plugins}."),

    apply_output: "Output of kubectl apply",
    pods_output: "Pods",
    events_output: "Events",
    columns_left_out: "READY, RESTARTS and AGE are left out.",
    stored: "What the API server stored",
    stored_hint: "Lines with + are not in the manifest: defaults, admission, allocated addresses and ports.",

    cluster_hint: "Every change is simulated at once. kind: Node documents in the manifest override all of this.",
    node_size: "Size of a node",
    ephemeral_storage: "ephemeral storage",
    max_pods: "pods",
    topology: "Topology",
    control_plane_nodes: "Control-plane nodes",
    zones: "Zones",
    zones_hint: "In turn, separated by commas",
    exposure: "From outside",
    load_balancer: "LoadBalancer addresses",
    load_balancers: [
        "none: stays <pending>",
        "from a pool (as MetalLB or a cloud)",
        "the nodes' own (as k3s)",
    ],
    ingress: "Ingress controller",
    ingresses: [
        "none",
        "on the workers' host network",
        "behind a NodePort Service (30080, 30443)",
        "behind a LoadBalancer Service",
    ],
    cni_host_ports: "The CNI plugin maps host ports",
    simulation: "Simulation",
    strict: "As kubectl against an empty cluster: missing namespaces and unknown kinds are errors",
    seed: "Choice among equals",
    single_nodes: "Single nodes",
    single_nodes_hint: "Several entries are separated by commas.",
    labels: "Labels",
    taints: "Taints",
    internal_ip: "InternalIP",
    external_ip: "ExternalIP",
    cordon: "Cordoned",
    mark_not_ready: "Not ready",
    changed: "changed",
    first_nodes: "Nodes beyond the first 50 take these settings only from here on the command line or from kind: Node documents.",
    reset: "Reset",

    key_analyse: "Analyse now",
    key_share: "Copy a share link",
    key_next: "Next problem",
    key_previous: "Previous problem",
    key_help: "This list",
    key_leave: "Leave the editor with the keyboard",
    key_undo: "Undo in the editor",

    too_large: |size, limit| {
        format!("The text has {size} KB; up to {limit} KB are analysed. It is kept as it is.")
    },
    overdue: "The analysis took too long and was stopped. Your text is kept; it is tried again when you change it.",
    crashed: "The analysis stopped unexpectedly. Your text is kept; it is tried again when you change it.",
    no_worker: "The analysis could not be started in this browser. Reloading the page may help; your text is kept.",
    opened_example: |title| format!("Opened “{title}”."),
    opened_link: "Opened the shared manifest. Your own is one undo away.",
    opened_file: "Opened the file.",
    changed_text: "Applied.",
    link_copied: "Link copied. Text and cluster are in the link itself.",
    link_in_address_bar: "The link is in the address bar; the browser does not let the page copy it.",
    copied: "Copied.",
    link_damaged: "The link is damaged or cut off and was not opened. What you had is still here.",
    link_too_new: "The link was made by a newer version of Podreach and was not opened. What you had is still here.",
    link_too_large: "The link holds more than this page accepts and was not opened. What you had is still here.",
    bad_file: "The file could not be read as text.",
    not_saved: "The browser does not let this page save. A share link keeps your work.",

    footer_rules: "Rules of Kubernetes 1.36.2",
    footer_private: "Nothing you type leaves this page.",
    full_page: "Open in Podreach",

    tab: |tab| match tab {
        Tab::Cluster => "Cluster",
        Tab::Reach => "Reach",
        Tab::Why => "Why",
        Tab::Kubectl => "kubectl",
    },
    example: |example| match example {
        Example::InfluxPod => {
            ("A Pod on the host network", "InfluxDB with no port declared: where does it answer?")
        }
        Example::FivePodsFourNodes => {
            ("Five replicas, four nodes", "hostNetwork and a declared port: one pod per node")
        }
        Example::SelectedNodes => ("The same with a nodeSelector", "Only two of the nodes match"),
        Example::TwoDeploymentsOnePort => ("Two Deployments, one port", "They share the nodes, not the port"),
        Example::DaemonSets => ("Two DaemonSets", "One tolerates the control plane's taint, one does not"),
        Example::FiveWays => {
            ("One database, five ways in", "hostNetwork, hostPort, NodePort, LoadBalancer, Ingress")
        }
        Example::UndeclaredPorts => {
            ("No ports declared", "All are placed, and fight for the port at run time")
        }
        Example::WebApp => ("Web app", "Deployment, Service and Ingress"),
        Example::StatefulSet => ("StatefulSet", "Ordered pods behind a headless Service"),
        Example::Spread => ("Zones and anti-affinity", "Topology spread over three zones"),
        Example::Preemption => ("Preemption", "A pod of high priority makes room for itself"),
    },
};
