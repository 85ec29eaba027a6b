//! What the API server warns about an object that it accepts (section 14, WARN rules).

use manifest::sorted::SortedSet;
use manifest::{Span, Tree};

use super::codes;
use super::config;
use super::endpoints;
use super::field::{Field, equal};
use super::ingress;
use super::ip;
use super::key_pair;
use super::names;
use super::pod_warnings;
use super::service;

/// One warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The whole text behind `Warning: `.
    pub text: String,
    /// The path that is meant; empty when Kubernetes names none.
    pub path: String,
    /// Stable kebab-case code.
    pub code: &'static str,
    /// Where it is in the text.
    pub span: Option<Span>,
}

/// Characters of all warnings of one request beyond which each is cut, and how many of a long one are left
/// (`k8s.io/apiserver/pkg/endpoints/filters/warning.go`).
const MOST: usize = 4096;
const CUT: usize = 256;

/// What the server sends of a request's warnings: each text once; where they are too many together each is cut, and the rest left
/// out.
pub(crate) fn recorded(mut warnings: Vec<Warning>) -> Vec<Warning> {
    let mut known = SortedSet::new();
    warnings.retain(|warning| known.insert(warning.text.clone()));
    let length = |warning: &Warning| warning.text.chars().count();
    let mut total = 0;
    let over = warnings.iter().position(|warning| {
        total += length(warning);
        total > MOST
    });
    let Some(over) = over else { return warnings };
    let mut written = 0;
    let mut count = 0;
    for warning in &mut warnings {
        if count > over && written >= MOST {
            break;
        }
        if length(warning) > CUT {
            warning.text = warning.text.chars().take(CUT).collect();
        }
        written += length(warning);
        count += 1;
    }
    warnings.truncate(count);
    warnings
}

/// Collects warnings in order.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    list: Vec<Warning>,
    /// Characters of the texts as they would be cut.
    length: usize,
}

impl Warnings {
    /// `path: detail`.
    pub(crate) fn at(&mut self, field: &Field<'_>, code: &'static str, detail: &str) {
        self.push(field, code, format!("{}: {detail}", field.path()));
    }

    /// Whether what is added now cannot be among the [`recorded`] ones.
    pub(crate) fn is_full(&self) -> bool {
        self.length > MOST
    }

    /// A text that says where by itself.
    pub(crate) fn push(&mut self, field: &Field<'_>, code: &'static str, text: String) {
        if self.is_full() || self.list.iter().any(|known| known.text == text) {
            return;
        }
        self.length += text.chars().count().min(CUT);
        self.list.push(Warning { text, path: field.path().to_owned(), code, span: field.span() });
    }
}

/// The warnings about a valid object, in Kubernetes' order. `old`: what it replaces; names are no news then, nor are pods, nor
/// the pod templates of an object whose spec stays.
pub fn warnings(kind: &str, api_version: &str, tree: &Tree, old: Option<&Tree>) -> Vec<Warning> {
    let object = Field::root(tree);
    let (mut out, spec) = (Warnings::default(), object.child("spec"));
    let is_new = old.is_none();
    if is_new {
        match kind {
            "Pod" => pod_name(&mut out, &object, "the Pod's hostname"),
            "Deployment" | "ReplicaSet" | "ReplicationController" | "Job" | "CronJob" => {
                pod_name(&mut out, &object, "Pod names and hostnames");
            }
            _ => {}
        }
    }
    let is_changed = old.is_none_or(|old| !equal(old.get("spec"), tree.get("spec")));
    match (kind, api_version) {
        ("Pod", _) if is_new => pod_warnings::pod(&mut out, &object),
        ("Deployment" | "ReplicaSet" | "ReplicationController" | "DaemonSet", _) if is_changed => {
            pod_warnings::pod(&mut out, &spec.child("template"));
        }
        ("Job", _) if is_changed => job(&mut out, &spec),
        ("CronJob", _) if is_changed => job(&mut out, &spec.at("jobTemplate.spec")),
        ("StatefulSet", _) => {
            if is_changed {
                pod_warnings::pod(&mut out, &spec.child("template"));
            }
            stateful_set(&mut out, &spec, if is_new { "" } else { ".Spec" });
        }
        ("PodTemplate", _) => pod_warnings::pod(&mut out, &object.child("template")),
        ("Service", _) => service_warnings(&mut out, &object),
        ("Ingress", _) if is_new => {
            let note = object.at("metadata.annotations").key(ingress::CLASS_ANNOTATION);
            if note.exists() && !spec.child("ingressClassName").exists() {
                let text = "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead";
                out.push(&note, codes::WARN_DEPRECATED, text.to_owned());
            }
        }
        ("NetworkPolicy", _) => network_policy(&mut out, &spec),
        ("PersistentVolumeClaim", _) => claim(&mut out, &object.child("metadata"), &spec),
        ("PersistentVolume", _) => volume(&mut out, &object.child("metadata"), &spec),
        ("StorageClass", _) => storage_class(&mut out, &object),
        ("RuntimeClass", _) => {
            let selector = object.at("scheduling.nodeSelector");
            for (key, entry) in selector.entries() {
                if let Some(message) = pod_warnings::deprecated_node_label(key) {
                    out.at(&entry.with_path(selector.path()), codes::WARN_DEPRECATED, message);
                }
            }
        }
        ("ServiceAccount", _) => {
            let had = old.is_some_and(|old| note_of(old, MOUNTABLE_SECRETS));
            let note = object.at("metadata.annotations").key(MOUNTABLE_SECRETS);
            if note.exists() && !had {
                let detail =
                    "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets";
                out.at(&note, codes::WARN_DEPRECATED, detail);
            }
        }
        ("Secret", _) if object.child("type").str() == "kubernetes.io/tls" => {
            let (certificate, text) = config::content(&object, "tls.crt");
            let (_, key) = config::content(&object, "tls.key");
            if let Some(problem) = key_pair::problem(&text, &key) {
                out.push(&certificate, codes::FORMAT, problem);
            }
        }
        ("Node", _) => node(&mut out, &spec),
        ("Endpoints", "v1") => {
            let text = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
            out.push(&object, codes::WARN_DEPRECATED, text.to_owned());
            for address in endpoints::addresses(&object) {
                address_warning(&mut out, &address.child("ip"));
            }
        }
        _ => {}
    }
    out.list
}

const MOUNTABLE_SECRETS: &str = "kubernetes.io/enforce-mountable-secrets";

fn note_of(object: &Tree, key: &str) -> bool {
    Field::root(object).at("metadata.annotations").key(key).exists()
}

/// WARN-POD-7.
fn pod_name(out: &mut Warnings, object: &Field<'_>, used_in: &str) {
    let name = object.at("metadata.name");
    let problems = names::dns_label(name.str());
    if !name.str().is_empty() && !problems.is_empty() {
        let problems = problems.join(" ");
        let detail = format!(
            "this is used in {used_in}, which can result in surprising behavior; a DNS label is recommended: [{problems}]"
        );
        out.at(&name, codes::WARN_NAME, &detail);
    }
}

fn job(out: &mut Warnings, spec: &Field<'_>) {
    let many = spec.child("completions").number() > 100_000 && spec.child("parallelism").number() > 10_000;
    if spec.child("completionMode").str() == "Indexed" && many {
        let detail = "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
        out.at(spec, codes::JOB, detail);
    }
    pod_warnings::pod(out, &spec.child("template"));
}

/// `shown`: what Kubernetes writes for the `spec` of a claim template, nothing on creation and `Spec` on update.
fn stateful_set(out: &mut Warnings, spec: &Field<'_>, shown: &str) {
    for template in spec.child("volumeClaimTemplates").items() {
        let path = format!("{}{shown}", template.path());
        claim_spec(out, &template.child("spec").with_path(path));
    }
    let history = spec.child("revisionHistoryLimit");
    if history.number() < 0 {
        out.at(
            &history,
            codes::NUMBER_RANGE,
            "a negative value retains all historical revisions; a value >= 0 is recommended",
        );
    }
}

/// WARN-SVC-1, WARN-SVC-2.
fn service_warnings(out: &mut Warnings, object: &Field<'_>) {
    let spec = object.child("spec");
    let note = object.at("metadata.annotations").key("service.kubernetes.io/topology-aware-hints");
    let deprecated = codes::WARN_DEPRECATED;
    if note.exists() {
        let text = "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead";
        out.push(&note, deprecated, text.to_owned());
    }
    let [external, balancer, affinity, name] =
        ["externalIPs", "loadBalancerIP", "sessionAffinity", "externalName"].map(|name| spec.child(name));
    let kind = spec.child("type").str();
    let headless = kind == "ClusterIP" && service::is_headless(&spec);
    if !headless {
        for address in spec.child("clusterIPs").items() {
            address_warning(out, &address);
        }
    }
    let mut ignored = |field: &Field<'_>, text: &str| out.push(field, codes::WARN_IGNORED, text.to_owned());
    if headless {
        if !balancer.str().is_empty() {
            ignored(&balancer, "spec.loadBalancerIP is ignored for headless services");
        }
        if !external.is_empty() {
            ignored(&external, "spec.externalIPs is ignored for headless services");
        }
        if affinity.str() != "None" {
            ignored(&affinity, "spec.SessionAffinity is ignored for headless services");
        }
    }
    for address in external.items() {
        address_warning(out, &address);
    }
    if !external.is_empty() && !headless && kind != "ExternalName" {
        let text = "spec.externalIPs is deprecated and may no longer be implemented in some clusters";
        out.push(&external, deprecated, text.to_owned());
    }
    address_warning(out, &balancer);
    for range in spec.child("loadBalancerSourceRanges").items() {
        cidr_warning(out, &range);
    }
    if kind == "ExternalName" && !external.is_empty() {
        let text = "spec.externalIPs is ignored when spec.type is \"ExternalName\"";
        out.push(&external, codes::WARN_IGNORED, text.to_owned());
    }
    if kind != "ExternalName" && !name.str().is_empty() {
        let text = "spec.externalName is ignored when spec.type is not \"ExternalName\"";
        out.push(&name, codes::WARN_IGNORED, text.to_owned());
    }
    let distribution = spec.child("trafficDistribution");
    if distribution.str() == "PreferClose" {
        out.at(&distribution, deprecated, "\"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }
}

/// An address in an unusual form.
pub(crate) fn address_warning(out: &mut Warnings, field: &Field<'_>) {
    if let Some(detail) = ip::ip_warning(field.str()) {
        out.at(field, codes::WARN_ADDRESS, &detail);
    }
}

fn cidr_warning(out: &mut Warnings, field: &Field<'_>) {
    for detail in ip::cidr_warnings(field.str()) {
        out.at(field, codes::WARN_ADDRESS, &detail);
    }
}

fn network_policy(out: &mut Warnings, spec: &Field<'_>) {
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.child(direction).items() {
            for block in rule.child(peers).items().iter().map(|peer| peer.child("ipBlock")) {
                cidr_warning(out, &block.child("cidr"));
                for except in block.child("except").items() {
                    cidr_warning(out, &except);
                }
            }
        }
    }
}

/// Fields of a Node that mean nothing any more, and networks in an unusual form.
fn node(out: &mut Warnings, spec: &Field<'_>) {
    for (name, text) in [
        ("configSource", "spec.configSource: the feature is removed"),
        ("externalID", "spec.externalID: this field is deprecated, and is unused by Kubernetes"),
    ] {
        let field = spec.child(name);
        if field.exists() {
            out.push(&field, codes::WARN_DEPRECATED, text.to_owned());
        }
    }
    for cidr in spec.child("podCIDRs").items() {
        cidr_warning(out, &cidr);
    }
}

const CLASS_NOTE: &str = "volume.beta.kubernetes.io/storage-class";

fn claim(out: &mut Warnings, metadata: &Field<'_>, spec: &Field<'_>) {
    let note = metadata.child("annotations").key(CLASS_NOTE);
    if note.exists() {
        out.at(
            &note,
            codes::WARN_DEPRECATED,
            "deprecated since v1.8; use \"storageClassName\" attribute instead",
        );
    }
    claim_spec(out, spec);
}

/// Fractions of a byte in a claim.
pub(crate) fn claim_spec(out: &mut Warnings, spec: &Field<'_>) {
    for list in ["requests", "limits"] {
        pod_warnings::fraction(out, &spec.at("resources").child(list).key("storage"));
    }
}

/// Kinds of volumes that are on their way out, as PersistentVolumes name them.
const VOLUME_SOURCES: &[(&str, &str)] = &[
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
];

fn volume(out: &mut Warnings, metadata: &Field<'_>, spec: &Field<'_>) {
    let notes = metadata.child("annotations");
    for (key, detail) in [
        (CLASS_NOTE, "deprecated since v1.8; use \"storageClassName\" attribute instead"),
        (
            "volume.beta.kubernetes.io/mount-options",
            "deprecated since v1.31; use \"mountOptions\" attribute instead",
        ),
    ] {
        let note = notes.key(key);
        if note.exists() {
            out.at(&note, codes::WARN_DEPRECATED, detail);
        }
    }
    let policy = spec.child("persistentVolumeReclaimPolicy");
    if policy.str() == "Recycle" {
        let detail = "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";
        out.at(&policy, codes::WARN_DEPRECATED, detail);
    }
    let terms = spec.at("nodeAffinity.required.nodeSelectorTerms");
    for term in terms.items() {
        pod_warnings::node_selector_term(out, &term);
    }
    for (name, detail) in VOLUME_SOURCES {
        let source = spec.child(name);
        if source.exists() {
            out.at(&source, codes::WARN_DEPRECATED, detail);
        }
    }
    pod_warnings::fraction(out, &spec.child("capacity").key("storage"));
}

fn storage_class(out: &mut Warnings, class: &Field<'_>) {
    for term in class.child("allowedTopologies").items() {
        for expression in term.child("matchLabelExpressions").items() {
            let key = expression.child("key");
            if let Some(message) = pod_warnings::deprecated_node_label(key.str()) {
                out.at(&key, codes::WARN_DEPRECATED, &format!("{} is {message}", key.str()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(text: &str) -> Warning {
        Warning { text: text.to_owned(), path: String::new(), code: codes::WARN_IGNORED, span: None }
    }

    #[test]
    fn many_warnings_are_cut() {
        let lengths = |warnings: Vec<Warning>| -> Vec<usize> {
            recorded(warnings).iter().map(|warning| warning.text.chars().count()).collect()
        };
        let long =
            |count: usize| (0..count).map(|index| warning(&format!("{index:é>1000}"))).collect::<Vec<_>>();
        assert_eq!(lengths(vec![warning("a"), warning("b"), warning("a")]), [1, 1]);
        assert_eq!(lengths(long(4)), [1000; 4]);
        assert_eq!(lengths(long(5)), [256; 5]);
        assert_eq!(lengths(long(40)), [256; 16]);
    }
}
