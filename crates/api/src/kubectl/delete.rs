//! `kubectl delete KIND NAME` and `kubectl delete KIND -l SELECTOR`.

use super::command::{Arguments, Output, resource_of};
use crate::labels::Labels;
use crate::server::{ApiError, Resource, Server, quote};
use crate::types::{Kind, Uid};

/// Namespaces that stay.
const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// What kubectl says of `--force`.
const FORCED: &str = "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. \
                      The resource may continue to run on the cluster indefinitely.";

/// Deletes one object, by any name of its kind.
pub fn delete(server: &mut Server, kind: &str, namespace: &str, name: &str) -> Output {
    match resource_of(server, kind) {
        Ok(resource) => one(server, &resource, namespace, name),
        Err(output) => output,
    }
}

pub(super) fn run(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    let (resource, names) = match arguments.targets(server) {
        Ok(targets) => targets,
        Err(output) => return output,
    };
    let namespace = arguments.namespace();
    let selector = arguments.flag(&["l", "selector"]);
    let mut names: Vec<String> = names.into_iter().map(str::to_owned).collect();
    if names.is_empty() {
        if selector.is_none() && arguments.flag(&["all"]).is_none() {
            return Output::error("resource(s) were provided, but no name was specified");
        }
        names = selected(server, &resource, namespace, selector.unwrap_or(""));
        if names.is_empty() {
            return Output::line("No resources found");
        }
    }
    let force = arguments.flag(&["force"]) == Some("true");
    let mut output = Output::default();
    if force {
        output.stderr.push(FORCED.to_owned());
    }
    for name in names {
        let mut deleted = one(server, &resource, namespace, &name);
        for line in deleted.stdout.iter_mut().filter(|_| force) {
            *line = line.replacen(" deleted", " force deleted", 1);
        }
        output.extend(deleted);
    }
    output
}

fn one(server: &mut Server, resource: &Resource, namespace: &str, name: &str) -> Output {
    let Some(uid) = server.find(resource, namespace, name) else {
        return Output::refused(&ApiError::not_found(resource, name));
    };
    if resource.store_kind() == Kind::Namespace && IMMORTAL.contains(&name) {
        return Output::refused(&ApiError::forbidden(resource, name, "this namespace may not be deleted"));
    }
    server.delete(uid);
    let from = if resource.namespaced { format!(" from {namespace} namespace") } else { String::new() };
    let kind = resource.kubectl_name("");
    Output::line(format!("{} {} deleted{from}", kind.trim_end_matches('/'), quote(name)))
}

/// The names of the objects that a selector takes, sorted.
fn selected(server: &Server, resource: &Resource, namespace: &str, selector: &str) -> Vec<String> {
    let store = server.store();
    let kind = resource.store_kind();
    let metas: Vec<_> = match kind {
        Kind::Pod => store.pods.values().map(|pod| &pod.meta).collect(),
        Kind::Node => store.nodes.values().map(|node| &node.meta).collect(),
        _ => store.objects.values().filter(|object| object.kind == kind).map(|object| &object.meta).collect(),
    };
    let inside = metas.into_iter().filter(|meta| !resource.namespaced || *meta.namespace == *namespace);
    let mut names: Vec<(String, Uid)> = inside
        .filter(|meta| matches(selector, &meta.labels))
        .map(|meta| (meta.name.to_string(), meta.uid))
        .collect();
    names.sort();
    names.into_iter().map(|(name, _)| name).collect()
}

/// Selectors: `a=b,c!=d,e,!f,g in (h,i),j notin (k)`. An empty one takes everything.
fn matches(selector: &str, labels: &Labels) -> bool {
    let mut depth = 0_usize;
    let parts = selector.split(|letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).all(|part| requirement(part, labels))
}

fn requirement(part: &str, labels: &Labels) -> bool {
    let listed = |values: &str, value: &str| {
        values.trim().trim_matches(['(', ')']).split(',').any(|listed| listed.trim() == value)
    };
    if let Some((key, values)) = part.split_once(" notin ") {
        labels.get(key.trim()).is_none_or(|label| !listed(values, label))
    } else if let Some((key, values)) = part.split_once(" in ") {
        labels.get(key.trim()).is_some_and(|label| listed(values, label))
    } else if let Some((key, value)) = part.split_once("!=") {
        labels.get(key.trim()).is_none_or(|label| label != value.trim())
    } else if let Some((key, value)) = part.split_once('=') {
        labels.get(key.trim()).is_some_and(|label| label == value.trim_start_matches('=').trim())
    } else if let Some(key) = part.strip_prefix('!') {
        !labels.contains_key(key.trim())
    } else {
        labels.contains_key(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors() {
        let mut labels = Labels::default();
        labels.insert("app".into(), "web".into());
        labels.insert("tier".into(), String::new());
        for (selector, expected) in [
            ("", true),
            ("app=web,tier", true),
            ("app==db", false),
            ("app!=db,!zone", true),
            ("app in (db, web),tier", true),
            ("app in (db),tier", false),
            ("zone in (a)", false),
            ("app notin (db,web)", false),
            ("zone notin (a,b),app", true),
        ] {
            assert_eq!(matches(selector, &labels), expected, "{selector}");
        }
    }
}
