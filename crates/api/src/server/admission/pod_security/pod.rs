//! A pod as the checks look at it.

use manifest::Tree;

/// A pod or a template.
pub(super) struct PodView<'a> {
    pub(super) tree: &'a Tree,
    /// Init containers first, then regular ones, in the order in which they are visited.
    pub(super) containers: Vec<&'a Tree>,
}

impl<'a> PodView<'a> {
    pub(super) fn new(tree: &'a Tree) -> Self {
        let lists = ["initContainers", "containers", "ephemeralContainers"];
        let containers = lists.into_iter().flat_map(|list| tree.list_at(&["spec", list])).collect();
        Self { tree, containers }
    }

    /// `spec.<path>`.
    pub(super) fn spec(&self, path: &[&str]) -> Option<&'a Tree> {
        self.tree.get("spec")?.at(path)
    }

    /// Whether `spec.<path>` is `true`.
    pub(super) fn is_set(&self, path: &[&str]) -> bool {
        self.spec(path).and_then(Tree::as_bool) == Some(true)
    }

    /// Pods with their own user namespace may do more.
    pub(super) fn has_user_namespace(&self) -> bool {
        self.spec(&["hostUsers"]).and_then(Tree::as_bool) == Some(false)
    }

    /// Windows knows neither capabilities nor privilege escalation nor seccomp.
    pub(super) fn is_windows(&self) -> bool {
        self.spec(&["os", "name"]).and_then(Tree::as_str) == Some("windows")
    }

    /// The names of the containers that are bad.
    pub(super) fn names(&self, mut is_bad: impl FnMut(&'a Tree) -> bool) -> Vec<&'a str> {
        self.containers
            .iter()
            .filter(|container| is_bad(container))
            .map(|container| container.str_at(&["name"]))
            .collect()
    }
}

/// Whether `securityContext.<path>` of a container is `true`.
pub(super) fn container_sets(container: &Tree, path: &[&str]) -> bool {
    container.get("securityContext").and_then(|context| context.at(path)).and_then(Tree::as_bool)
        == Some(true)
}
