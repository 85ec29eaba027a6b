//! NodeAffinity: nodeSelector and node affinity (SCH-NODEAFF, SCH-S-NODEAFF rules).

use api::labels::{Labels, Operator, Requirement};
use api::types::{Node, NodeSelectorTerm, PodSpec};
use manifest::sorted::SortedSet;

use super::Plugin;
use crate::attempt::Code;
use crate::verdict::Verdict;

/// What PreFilter found (SCH-NODEAFF-6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Restriction {
    /// Every node is looked at.
    None,
    /// Only nodes with these names are.
    Names(SortedSet<String>),
    /// The terms name no node that all of them accept.
    Conflict,
}

/// The message of [`Restriction::Conflict`].
pub(crate) const CONFLICT: &str = "pod affinity terms conflict";

/// The names to which the search is restricted: the union over the terms, when every term names nodes.
pub(crate) fn pre_filter(spec: &PodSpec) -> Restriction {
    let Some(terms) = spec.affinity.node.as_ref().and_then(|affinity| affinity.required.as_ref()) else {
        return Restriction::None;
    };
    if terms.is_empty() {
        return Restriction::None;
    }
    let mut union = SortedSet::new();
    for term in terms {
        let Some(names) = names_of(term) else { return Restriction::None };
        union.extend(names);
    }
    if union.is_empty() { Restriction::Conflict } else { Restriction::Names(union) }
}

/// The names that all `metadata.name In` fields of a term share; `None` when it has no such field.
fn names_of(term: &NodeSelectorTerm) -> Option<SortedSet<String>> {
    let fields = term
        .match_fields
        .iter()
        .filter(|field| field.key == "metadata.name" && field.operator == Operator::In);
    let sets = fields.map(|field| field.values.iter().cloned().collect::<SortedSet<_>>());
    sets.reduce(|mut left, right| {
        left.retain(|name| right.contains(name));
        left
    })
}

/// Turns down nodes that nodeSelector or the required affinity do not match (SCH-NODEAFF-1).
pub(crate) fn filter(spec: &PodSpec, node: &Node) -> Option<Verdict> {
    (!matches(spec, node)).then(|| Verdict::new(Plugin::NodeAffinity, Code::UnschedulableAndUnresolvable))
}

/// Whether nodeSelector and the required affinity match the node.
pub(crate) fn matches(spec: &PodSpec, node: &Node) -> bool {
    let selected = spec.node_selector.iter().all(|(key, value)| node.meta.labels.get(key) == Some(value));
    let required = spec.affinity.node.as_ref().and_then(|affinity| affinity.required.as_ref());
    selected && required.is_none_or(|terms| any_term_matches(terms, node))
}

/// Terms are ORed; a term without requirements matches nothing (SCH-NODEAFF-2).
pub(crate) fn any_term_matches(terms: &[NodeSelectorTerm], node: &Node) -> bool {
    terms.iter().any(|term| term_matches(term, node))
}

fn term_matches(term: &NodeSelectorTerm, node: &Node) -> bool {
    let fields = |field: &Requirement| {
        let labels = Labels::from([("metadata.name".to_owned(), node.meta.name.to_string())]);
        field.matches(&labels)
    };
    let empty = term.match_expressions.is_empty() && term.match_fields.is_empty();
    !empty
        && term.match_expressions.iter().all(|expression| expression.matches(&node.meta.labels))
        && term.match_fields.iter().all(fields)
}

/// Whether the pod has preferences at all (SCH-S-NODEAFF-1).
pub(crate) fn scores(spec: &PodSpec) -> bool {
    spec.affinity.node.as_ref().is_some_and(|affinity| !affinity.preferred.is_empty())
}

/// What is wrong with the preferences. The API server lets wrong values pass with a warning; PreScore does not, and the attempt ends
/// with this error.
pub(crate) fn pre_score(spec: &PodSpec) -> Option<String> {
    let preferred = spec.affinity.node.iter().flat_map(|affinity| &affinity.preferred).enumerate();
    let requirements = preferred.flat_map(|(term, preference)| {
        let expressions = preference.term.match_expressions.iter().enumerate();
        expressions
            .map(move |(index, expression)| (format!("[{term}].matchExpressions[{index}]"), expression))
    });
    let errors: Vec<String> = requirements.flat_map(|(path, expression)| expression.errors(&path)).collect();
    let text = match errors.as_slice() {
        [] => return None,
        [error] => error.clone(),
        _ => format!("[{}]", errors.join(", ")),
    };
    Some(format!("running PreScore plugin \"NodeAffinity\": {text}"))
}

/// Sum of the weights of the preferences that match (SCH-S-NODEAFF-2).
pub(crate) fn score(spec: &PodSpec, node: &Node) -> i64 {
    let preferred = spec.affinity.node.iter().flat_map(|affinity| &affinity.preferred);
    preferred
        .filter(|preference| term_matches(&preference.term, node))
        .map(|preference| i64::from(preference.weight))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::node;
    use api::types::{Affinity, NodeAffinity, PreferredNodeTerm};

    fn requirement(key: &str, operator: Operator, values: &[&str]) -> Requirement {
        Requirement { key: key.into(), operator, values: values.iter().map(ToString::to_string).collect() }
    }

    fn term(labels: Vec<Requirement>, fields: Vec<Requirement>) -> NodeSelectorTerm {
        NodeSelectorTerm { match_expressions: labels, match_fields: fields }
    }

    fn spec(required: Vec<NodeSelectorTerm>) -> PodSpec {
        let node = Some(NodeAffinity { required: Some(required), preferred: vec![] });
        PodSpec { affinity: Affinity { node, ..Affinity::default() }, ..PodSpec::default() }
    }

    #[test]
    fn terms_are_alternatives() {
        let host = |value: &str| requirement("kubernetes.io/hostname", Operator::In, &[value]);
        let name = |operator, value: &str| requirement("metadata.name", operator, &[value]);
        let table = [
            (vec![term(vec![host("a")], vec![])], true),
            (vec![term(vec![host("b")], vec![])], false),
            (vec![term(vec![host("b")], vec![]), term(vec![host("a")], vec![])], true),
            (vec![term(vec![], vec![])], false),
            (vec![], false),
            (vec![term(vec![host("a")], vec![name(Operator::NotIn, "a")])], false),
            (vec![term(vec![], vec![name(Operator::In, "a")])], true),
        ];
        for (terms, fits) in table {
            assert_eq!(filter(&spec(terms.clone()), &node("a")).is_none(), fits, "{terms:?}");
        }
    }

    #[test]
    fn names_restrict_the_search() {
        let named = |names: &[&str]| term(vec![], vec![requirement("metadata.name", Operator::In, names)]);
        let only = |names: &[&str]| Restriction::Names(names.iter().map(ToString::to_string).collect());
        let both = term(vec![], [named(&["a"]).match_fields, named(&["b"]).match_fields].concat());
        let free = term(vec![requirement("x", Operator::Exists, &[])], vec![]);
        let table = [
            (vec![named(&["a"])], only(&["a"])),
            (vec![named(&["a"]), named(&["b"])], only(&["a", "b"])),
            (vec![named(&["a"]), free], Restriction::None),
            (vec![both.clone()], Restriction::Conflict),
            (vec![both, named(&["c"])], only(&["c"])),
        ];
        for (terms, expected) in table {
            assert_eq!(pre_filter(&spec(terms.clone())), expected, "{terms:?}");
        }
    }

    #[test]
    fn wrong_preferences_are_an_error() {
        let wrong = |operator, values: &[&str]| {
            let term = term(vec![requirement("cores", operator, values)], vec![]);
            let affinity =
                NodeAffinity { required: None, preferred: vec![PreferredNodeTerm { weight: 1, term }] };
            let affinity = Affinity { node: Some(affinity), ..Affinity::default() };
            pre_score(&PodSpec { affinity, ..PodSpec::default() }).unwrap_or_default()
        };
        let word = "running PreScore plugin \"NodeAffinity\": [0].matchExpressions[0].values[0]: Invalid value: \"many\": \
                    for 'Gt', 'Lt' operators, the value must be an integer";
        let label = "[0].matchExpressions[0].values[0][cores]: Invalid value: \"a b\": a valid label must be";
        assert_eq!(wrong(Operator::Gt, &["4"]), "");
        assert_eq!(wrong(Operator::Gt, &["many"]), word);
        assert!(wrong(Operator::In, &["a b"]).contains(label));
        assert!(wrong(Operator::Lt, &["a b"]).contains(&format!("the value must be an integer, {label}")));
    }

    #[test]
    fn weights_add_up() {
        let preference = |weight, key: &str| PreferredNodeTerm {
            weight,
            term: term(vec![requirement(key, Operator::Exists, &[])], vec![]),
        };
        let mut spec = spec(vec![]);
        let empty = PreferredNodeTerm { weight: 50, term: term(vec![], vec![]) };
        if let Some(affinity) = &mut spec.affinity.node {
            affinity.preferred = vec![
                preference(3, "kubernetes.io/hostname"),
                preference(4, "absent"),
                preference(5, "kubernetes.io/os"),
                empty,
            ];
        }
        assert_eq!(score(&spec, &node("a")), 8);
    }
}
