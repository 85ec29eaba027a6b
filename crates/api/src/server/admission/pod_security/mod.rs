//! PodSecurity: the Pod Security Standards that a namespace asks for with its labels (WL-ADM-PS-1). Pods that break the enforced
//! level are refused; what breaks the `warn` level is warned of, for pods and for what makes pods. A namespace with a label that
//! names no level or version is refused itself.
//!
//! DIFFERENCE: the checks are those of the latest version; an older `-version` label only shows in the text. Nor are the pods
//! of a namespace looked at when its level is raised.

mod baseline;
mod pod;
mod restricted;

use manifest::Tree;

use crate::codes;
use crate::labels::Labels;
use crate::server::Server;
use crate::server::error::{ApiError, Cause, quote};
use crate::server::request::{Request, strings_at};
use crate::types::Kind;
use crate::validation::Warning;
use crate::validation::codes::UNSUPPORTED;
use pod::PodView;

/// What the labels begin with.
const PREFIX: &str = "pod-security.kubernetes.io/";

/// A level and the version that the label gives it.
#[derive(Clone, PartialEq, Eq)]
struct Policy {
    level: Level,
    version: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Privileged,
    Baseline,
    Restricted,
}

/// A check that a pod did not pass: `reason (detail)`.
struct Violation {
    reason: String,
    detail: String,
}

pub(super) fn validate(
    server: &Server,
    request: &Request,
    tree: &Tree,
    old: Option<&Tree>,
    warnings: &mut Vec<Warning>,
) -> Result<(), ApiError> {
    let path: &[&str] = match (request.resource.store_kind(), &*request.resource.kind) {
        (Kind::Namespace, _) => return validate_labels(request, tree, old),
        (Kind::Pod, _) => &[],
        (Kind::CronJob, _) => &["spec", "jobTemplate", "spec", "template"],
        (
            Kind::Deployment
            | Kind::ReplicaSet
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::Job
            | Kind::ReplicationController,
            _,
        ) => &["spec", "template"],
        (_, "PodTemplate") => &["template"],
        _ => return Ok(()),
    };
    let is_pod = path.is_empty();
    let Some(labels) = namespace_labels(server, &request.namespace) else { return Ok(()) };
    let enforce = policy(labels, "enforce");
    let warn = match policy(labels, "warn") {
        // Only `enforce` is given: warn of the same.
        warn if !labels.contains_key(&format!("{PREFIX}warn")) && enforce.level > warn.level => {
            enforce.clone()
        }
        warn => warn,
    };
    let Some(pod) = tree.at(path) else { return Ok(()) };
    let pod = PodView::new(pod);
    // Only images of a pod can change that matter here, and no check looks at them.
    if is_pod && old.is_some() {
        return Ok(());
    }
    if let (true, Some(why)) = (is_pod, violations(&pod, &enforce)) {
        return Err(ApiError::forbidden(
            &request.resource,
            &request.name,
            &format!("violates PodSecurity {why}"),
        ));
    }
    if let Some(why) = violations(&pod, &warn) {
        let text = format!("would violate PodSecurity {why}");
        let path = if is_pod { "spec".to_owned() } else { format!("{}.spec", path.join(".")) };
        warnings.push(Warning { text, path, code: codes::POD_SECURITY, span: None });
    }
    Ok(())
}

/// The labels of a new namespace must name levels and versions that exist, and so must those that an update changes
/// (WL-ADM-PS-1).
fn validate_labels(request: &Request, tree: &Tree, old: Option<&Tree>) -> Result<(), ApiError> {
    let mistakes = |tree: &Tree| label_mistakes(&strings_at(tree, &["metadata", "labels"]));
    let causes = mistakes(tree);
    if causes.is_empty() || old.is_some_and(|old| mistakes(old) == causes) {
        return Ok(());
    }
    Err(ApiError::invalid(&request.resource, &request.name, causes))
}

/// What is wrong with a namespace's labels, in Kubernetes' order.
fn label_mistakes(labels: &Labels) -> Vec<Cause> {
    let mut causes = Vec::new();
    for mode in ["enforce", "audit", "warn"] {
        for (suffix, why) in [
            ("", "must be one of privileged, baseline, restricted"),
            ("-version", "must be \"latest\" or \"v1.x\""),
        ] {
            let label = format!("{PREFIX}{mode}{suffix}");
            let is_valid = if suffix.is_empty() { is_level } else { is_version };
            let Some(value) = labels.get(&label).filter(|value| !is_valid(value)) else { continue };
            let text = format!("Invalid value: {}: {why}", quote(value));
            causes.push(Cause::new(format!("metadata.labels[{label}]"), text, UNSUPPORTED));
        }
    }
    causes
}

fn is_level(value: &str) -> bool {
    matches!(value, "privileged" | "baseline" | "restricted")
}

/// `latest` or `v1.` and a number without leading zeros.
fn is_version(value: &str) -> bool {
    let is_minor = |minor: &str| {
        minor.bytes().all(|byte| byte.is_ascii_digit())
            && (minor == "0" || !minor.starts_with('0'))
            && minor.parse::<i64>().is_ok()
    };
    value == "latest" || value.strip_prefix("v1.").is_some_and(is_minor)
}

fn namespace_labels<'a>(server: &'a Server, namespace: &str) -> Option<&'a Labels> {
    let uid = server.find_kind(&Kind::Namespace, "", namespace)?;
    let labels = &server.object(uid)?.meta.labels;
    labels.keys().any(|key| key.starts_with(PREFIX)).then_some(labels)
}

fn policy(labels: &Labels, mode: &str) -> Policy {
    let label = |suffix: &str| labels.get(&format!("{PREFIX}{mode}{suffix}"));
    let level = match label("").map(String::as_str) {
        Some("restricted") => Level::Restricted,
        Some("baseline") => Level::Baseline,
        _ => Level::Privileged,
    };
    Policy { level, version: label("-version").map_or_else(|| "latest".to_owned(), Clone::clone) }
}

/// `"baseline:latest": reason (detail), reason (detail)`; `None` when the pod conforms.
fn violations(pod: &PodView<'_>, policy: &Policy) -> Option<String> {
    let (found, name) = match policy.level {
        Level::Privileged => return None,
        Level::Baseline => (baseline::check(pod, baseline::Scope::Baseline), "baseline"),
        Level::Restricted => {
            let mut found = baseline::check(pod, baseline::Scope::WithinRestricted);
            found.extend(restricted::check(pod));
            (found, "restricted")
        }
    };
    if found.is_empty() {
        return None;
    }
    let texts: Vec<String> = found.iter().map(|one| format!("{} ({})", one.reason, one.detail)).collect();
    Some(format!("{}: {}", quote(&format!("{name}:{}", policy.version)), texts.join(", ")))
}

/// `"a", "b"`.
fn quoted<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("\"{}\"", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// `container "a"`, `containers "a", "b"`.
fn containers(names: &[&str]) -> String {
    format!("{} {}", plural("container", names.len()), quoted(names))
}

fn plural(word: &str, count: usize) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// `pod and containers "a"`: who sets something; empty when nobody does.
fn setters(pod: bool, names: &[&str]) -> String {
    let pod = pod.then(|| "pod".to_owned());
    let names = (!names.is_empty()).then(|| containers(names));
    pod.into_iter().chain(names).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(level: Level, spec: &str, expected: &str) {
        let parsed = manifest::parse(&format!("spec: {spec}"));
        let tree = parsed.documents[0].content.clone().expect("the text is well-formed");
        let policy = Policy { level, version: "latest".to_owned() };
        assert_eq!(violations(&PodView::new(&tree), &policy).unwrap_or_default(), expected, "{spec}");
    }

    #[test]
    fn labels_name_levels_and_versions() {
        let check = |suffix: &str, value: &str, expected: &str| {
            let labels = [(format!("{PREFIX}{suffix}"), value.to_owned())].into_iter().collect();
            let found: Vec<String> = label_mistakes(&labels).iter().map(ToString::to_string).collect();
            assert_eq!(found.join("; "), expected, "{suffix}: {value}");
        };
        let level = "must be one of privileged, baseline, restricted";
        let version = "must be \"latest\" or \"v1.x\"";
        let wrong = |suffix: &str, value: &str, why: &str| {
            check(
                suffix,
                value,
                &format!("metadata.labels[{PREFIX}{suffix}]: Invalid value: {value:?}: {why}"),
            );
        };
        for mode in ["enforce", "audit", "warn"] {
            check(mode, "baseline", "");
            check(mode, "privileged", "");
            check(mode, "restricted", "");
            wrong(mode, "Baseline", level);
            wrong(mode, "", level);
        }
        for value in ["latest", "v1.0", "v1.36", "v1.99"] {
            check("warn-version", value, "");
        }
        for value in ["", "1.36", "v1", "v1.", "v1.036", "v2.0", "v1.36.2", "v1.99999999999999999999"] {
            wrong("warn-version", value, version);
        }
        check("mode", "strict", "");
    }

    #[test]
    fn baseline() {
        let level = Level::Baseline;
        check(level, "{containers: [{name: c}]}", "");
        check(
            level,
            "{hostNetwork: true, containers: [{name: c, ports: [{containerPort: 80, hostPort: 80}]}]}",
            "\"baseline:latest\": host namespaces (hostNetwork=true), hostPort (container \"c\" uses hostPort 80)",
        );
        check(
            level,
            "{volumes: [{name: v, hostPath: {path: /}}], containers: [{name: a, securityContext: {privileged: true}}, \
             {name: b, securityContext: {capabilities: {add: [NET_ADMIN, CHOWN]}}}]}",
            "\"baseline:latest\": non-default capabilities (container \"b\" must not include \"NET_ADMIN\" in \
             securityContext.capabilities.add), hostPath volumes (volume \"v\"), privileged (container \"a\" must not set \
             securityContext.privileged=true)",
        );
    }

    #[test]
    fn restricted() {
        let level = Level::Restricted;
        check(
            level,
            "{containers: [{name: nginx}]}",
            "\"restricted:latest\": allowPrivilegeEscalation != false (container \"nginx\" must set \
             securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"nginx\" must set \
             securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"nginx\" must set \
             securityContext.runAsNonRoot=true), seccompProfile (pod or container \"nginx\" must set \
             securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
        );
        check(
            level,
            "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, \
             securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}",
            "",
        );
        check(
            level,
            "{os: {name: windows}, containers: [{name: c}]}",
            "\"restricted:latest\": runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true)",
        );
    }
}
