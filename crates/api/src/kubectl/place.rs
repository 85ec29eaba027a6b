//! Field paths to places in the text (ERR-FMT-12).

use manifest::{Entry, Span, Tree};

/// The token that a path means: a scalar's value, the key of anything else; for a missing field the nearest parent that stands
/// in the text.
pub(super) fn of_path(tree: &Tree, path: &str) -> Option<Span> {
    let mut place = first_key(tree).or(tree.span);
    let mut here = tree;
    for step in steps(path) {
        let next = match here.as_list() {
            Some(items) => {
                step.parse().ok().and_then(|index: usize| items.get(index)).map(|item| (item, None))
            }
            None => here.as_map().and_then(|map| map.entry(step)).map(|entry| (&entry.value, Some(entry))),
        };
        let Some((child, entry)) = next else { break };
        place = token(child, entry).or(place);
        here = child;
    }
    place
}

/// The value of a scalar, the key of a mapping or sequence; of a list item that is a mapping its first key.
fn token(value: &Tree, entry: Option<&Entry>) -> Option<Span> {
    let is_scalar = value.as_map().is_none() && value.as_list().is_none() && !value.is_null();
    let key = entry.and_then(|entry| entry.key_span);
    if is_scalar { value.span.or(key) } else { key.or_else(|| first_key(value)).or(value.span) }
}

fn first_key(tree: &Tree) -> Option<Span> {
    tree.as_map()?.iter().find_map(|entry| entry.key_span)
}

/// `spec.limits[cpu]` is `spec`, `limits`, `cpu`; dots in brackets do not count.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches('.');
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, after) = inner.split_once(']').unwrap_or((inner, ""));
            rest = after;
            return Some(step);
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (step, after) = rest.split_at(end);
        rest = after;
        (!step.is_empty()).then_some(step)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
kind: Pod
metadata: {labels: {a.b/c: x}}
spec:
  containers:
  - name: app
    ports:
    - containerPort: 80
";

    fn check(path: &str, expected: &str) {
        let parsed = manifest::parse(TEXT);
        let tree = parsed.documents[0].content.as_ref().expect("the text is well-formed");
        assert_eq!(of_path(tree, path).map_or("", |span| span.of(TEXT)), expected, "{path}");
    }

    #[test]
    fn paths_point_at_the_nearest_token() {
        check("kind", "Pod");
        check("spec", "spec");
        check("spec.containers[0].ports[0].containerPort", "80");
        check("spec.containers[0].ports[0].hostPort", "containerPort");
        check("spec.containers[0].image", "name");
        check("spec.containers[7]", "containers");
        check("metadata.labels[a.b/c]", "x");
        check("metadata.name", "metadata");
        check("status.x", "kind");
    }
}
