//! Lists of objects, which kubectl takes apart (YAML-14).

use manifest::{Span, Tree};

use super::failure::Failure;
use super::read::{Found, Reader};
use super::{metadata, place};
use crate::codes;
use crate::server::{ApiError, Reason, Resource, quote};

/// What kubectl says of an item without this field.
const MISSING: [(&str, &str); 2] = [
    ("kind", "Object 'Kind' is missing in 'object has no kind field '"),
    ("apiVersion", "Object 'apiVersion' is missing in 'object has no apiVersion field'"),
];

impl Reader {
    /// YAML-14. Whatever has items is a list, when its kind is `List` or that of a served kind with `List` behind it.
    pub(super) fn list(&mut self, tree: &Tree, document: Span) -> Option<Found> {
        let items = tree.as_map()?.get("items")?;
        let kind = tree.str_at(&["kind"]).strip_suffix("List")?;
        self.list_resource(tree)?;
        let found = items.as_list().unwrap_or(&[]).iter().map(|item| {
            let mut item = item.clone();
            let bare = |key: &str| item.str_at(&[key]).is_empty();
            if !kind.is_empty() && bare("kind") && bare("apiVersion") {
                let api_version = tree.get("apiVersion").cloned().unwrap_or_default();
                if let Some(map) = item.as_map_mut() {
                    map.insert("apiVersion", api_version);
                    map.insert(
                        "kind",
                        Tree { value: kind.into(), span: tree.get("kind").and_then(|kind| kind.span) },
                    );
                }
            }
            self.list_item(item, document)
        });
        Some(Found::List(found.collect()))
    }

    /// What kubectl takes for the resource of a list: it guesses a name, which no server has.
    fn list_resource(&self, tree: &Tree) -> Option<Resource> {
        let (api_version, kind) = (tree.str_at(&["apiVersion"]), tree.str_at(&["kind"]));
        let item_kind = kind.strip_suffix("List")?;
        let served = self.resources.iter().find(|resource| {
            resource.api_version() == api_version && (item_kind.is_empty() || resource.kind == item_kind)
        })?;
        let (kind, plural) = (kind.to_owned().into(), format!("{}s", kind.to_lowercase()).into());
        Some(Resource {
            kind,
            plural,
            namespaced: served.namespaced && !item_kind.is_empty(),
            ..served.clone()
        })
    }

    /// A list without items is sent as it is.
    pub(super) fn bare_list(&mut self, tree: &Tree, document: Span) -> Option<Found> {
        let resource = self.list_resource(tree)?;
        let name = tree.str_at(&["metadata", "name"]);
        if name.is_empty() {
            return Some(self.item(tree.clone(), resource, document));
        }
        let why = "the server could not find the requested resource";
        self.error(codes::UNKNOWN_KIND, why, place::of_path(tree, "kind"));
        Some(Found::Failed(Failure::creating(
            ApiError::new(Reason::NotFound, why),
            &self.file,
            &resource,
            name,
        )))
    }

    /// Items that are no objects make the list unreadable as a whole.
    pub(super) fn items_type(&mut self, tree: &Tree) -> Result<(), Failure> {
        let Some(items) = tree.get("items") else { return Ok(()) };
        let list = items.as_list();
        let bad = list
            .map_or(Some(items), |list| list.iter().find(|item| !item.is_null() && item.as_map().is_none()));
        let Some(bad) = bad else { return Ok(()) };
        let wanted = if list.is_some() {
            "value of type map[string]interface {}"
        } else {
            "struct field decodeList.items of type []json.RawMessage"
        };
        let text = format!("json: cannot unmarshal {} into Go {wanted}", metadata::json_type(bad));
        self.error(codes::NOT_AN_OBJECT, &*text, bad.span);
        Err(Failure::Plain(format!("unable to decode {}: {text}", quote(&self.file))))
    }

    fn list_item(&mut self, tree: Tree, document: Span) -> Found {
        if let Some(list) = self.list(&tree, document) {
            return list;
        }
        for (key, missing) in MISSING {
            if tree.str_at(&[key]).is_empty() {
                let text = format!(
                    "unable to get type info from the object \"*unstructured.Unstructured\": {missing}"
                );
                self.error(codes::NOT_AN_OBJECT, missing, place::of_path(&tree, key).or(Some(document)));
                return Found::Failed(Failure::Plain(text));
            }
        }
        match self.resource_of(&tree).or_else(|why| self.assume(&tree).ok_or(why)) {
            Ok(resource) => self.item(tree, resource, document),
            Err(why) => Found::Unknown(tree, Failure::Plain(format!("unable to recognize {why}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, apply};
    use crate::server::Server;

    fn check(text: &str, expected: &[&str]) {
        let options = Options { strict: true, ..Options::default() };
        let applied = apply(&mut Server::new(), text, &options);
        let lines: Vec<String> = applied.stdout.into_iter().chain(applied.stderr).collect();
        assert_eq!(lines, expected, "{text}");
        assert_eq!(applied.diagnostics.is_empty(), applied.exit == 0, "{text}");
    }

    #[test]
    fn lists_are_taken_apart() {
        let one = "{metadata: {name: x}}";
        let named = "{apiVersion: v1, kind: Namespace, metadata: {name: x}}";
        let untyped = "unable to get type info from the object \"*unstructured.Unstructured\": ";
        let no_kind = format!("{untyped}Object 'Kind' is missing in 'object has no kind field '");
        let list = |version: &str, items: &str, expected: &[&str]| {
            check(&format!("{{apiVersion: {version}, kind: List, items: {items}}}"), expected);
        };
        list("v1", &format!("[{named}]"), &["namespace/x created"]);
        check(&format!("{{apiVersion: v1, kind: NamespaceList, items: [{one}]}}"), &["namespace/x created"]);
        // Only what claims to be a v1 List is validated as one.
        for (items, problems) in [
            ("null", "invalid object to validate"),
            ("[x, null]", "invalid object to validate"),
            (&*format!("[{named}, {{kind: Pod}}]"), "apiVersion not set"),
            (
                &*format!("[{one}, {named}, null]"),
                "[apiVersion not set, kind not set, invalid object to validate]",
            ),
        ] {
            list(
                "v1",
                items,
                &[&format!(
                    "error: error validating \"manifest.yaml\": error validating data: {problems}; if you choose to ignore these errors, turn validation off with --validate=false"
                )],
            );
        }
        list("v1", "[]", &["error: no objects passed to apply"]);
        list("apps/v1", "null", &["error: no objects passed to apply"]);
        list("apps/v1", &format!("[{one}, {named}, null]"), &["namespace/x created", &no_kind, &no_kind]);
        list(
            "apps/v1",
            "[{kind: Pod}]",
            &[&format!("{untyped}Object 'apiVersion' is missing in 'object has no apiVersion field'")],
        );
        list(
            "apps/v1",
            "[x]",
            &[
                "error: unable to decode \"manifest.yaml\": json: cannot unmarshal string into Go value of type map[string]interface {}",
            ],
        );
        list(
            "apps/v1",
            "{a: b}",
            &[
                "error: unable to decode \"manifest.yaml\": json: cannot unmarshal object into Go struct field decodeList.items of type []json.RawMessage",
            ],
        );
        check(
            "{apiVersion: v1, kind: GadgetList, items: []}",
            &[
                "error: resource mapping not found for name: \"\" namespace: \"\" from \"manifest.yaml\": no matches for kind \"GadgetList\" in version \"v1\"",
                "ensure CRDs are installed first",
            ],
        );
    }

    #[test]
    fn a_list_without_items_is_sent_as_it_is() {
        check(
            "{apiVersion: apps/v1, kind: List, metadata: {name: l}}",
            &[
                "Error from server (NotFound): error when creating \"manifest.yaml\": the server could not find the requested resource",
            ],
        );
        check(
            "{apiVersion: v1, kind: PodList}",
            &[
                "error: error when retrieving current configuration of:",
                "Resource: \"/v1, Resource=podlists\", GroupVersionKind: \"/v1, Kind=PodList\"",
                "Name: \"\", Namespace: \"default\"",
                "from server for: \"manifest.yaml\": resource name may not be empty",
            ],
        );
    }
}
