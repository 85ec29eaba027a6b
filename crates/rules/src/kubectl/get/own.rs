//! Columns of custom resources, as their definition describes them.

use api::server::Resource;
use manifest::Tree;

use crate::kubectl::objects::Cluster;
use crate::kubectl::path;
use crate::kubectl::resource::definition;
use crate::kubectl::tree::shown;

/// A column that a CustomResourceDefinition describes.
pub(super) struct OwnColumn {
    /// Its head.
    pub(super) head: String,
    path: String,
    is_date: bool,
    /// Shown by `-o wide` only.
    pub(super) wide: bool,
}

impl OwnColumn {
    pub(super) fn text(&self, cluster: &Cluster<'_>, tree: &Tree) -> String {
        let found: Vec<String> =
            path::values(&self.path, tree).unwrap_or_default().into_iter().map(shown).collect();
        let text = found.join(" ");
        if self.is_date && !text.is_empty() {
            crate::kubectl::time::since(cluster.now(), &text)
        } else {
            text
        }
    }
}

/// `additionalPrinterColumns` of the served version; without them a custom resource shows its age.
pub(super) fn own_columns(cluster: &Cluster<'_>, resource: &Resource) -> Option<Vec<OwnColumn>> {
    let definition = (!resource.is_built_in()).then(|| definition(cluster.server(), resource)).flatten()?;
    let mut versions = definition.list_at(&["spec", "versions"]).iter();
    let version = versions.find(|version| version.str_at(&["name"]) == resource.version)?;
    let own: Vec<OwnColumn> = version
        .list_at(&["additionalPrinterColumns"])
        .iter()
        .map(|column| OwnColumn {
            head: column.str_at(&["name"]).to_uppercase(),
            path: column.str_at(&["jsonPath"]).to_owned(),
            is_date: column.str_at(&["type"]) == "date",
            wide: column.get("priority").and_then(Tree::as_i64).unwrap_or(0) > 0,
        })
        .collect();
    (!own.is_empty()).then_some(own)
}
