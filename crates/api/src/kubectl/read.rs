//! Documents to objects: apiVersion and kind, metadata, the resource of the kind (PIPE-1).

use std::rc::Rc;

use manifest::{Diagnostic, Severity, Span, SyntaxError, Tree};

use super::failure::Failure;
use super::{metadata, place};
use crate::codes;
use crate::server::{Resource, Server, gateway_api, quote};

/// An object that is about to be sent.
pub(super) struct Item {
    pub(super) tree: Tree,
    pub(super) resource: Resource,
    pub(super) document: Span,
    /// The name of its file.
    pub(super) file: Rc<str>,
}

impl Item {
    /// `metadata.name`.
    pub(super) fn name(&self) -> &str {
        self.tree.str_at(&["metadata", "name"])
    }

    /// The namespace of the request; empty for cluster-scoped resources.
    pub(super) fn namespace(&self) -> &str {
        match self.tree.str_at(&["metadata", "namespace"]) {
            _ if !self.resource.namespaced => "",
            "" => "default",
            given => given,
        }
    }

    /// Where its name stands; the document when it has none.
    pub(super) fn name_span(&self) -> Span {
        self.tree.at(&["metadata", "name"]).and_then(|name| name.span).unwrap_or(self.document)
    }

    /// How kubectl describes it in long messages.
    pub(super) fn description(&self) -> String {
        let Resource { group, version, kind, plural, .. } = &self.resource;
        format!(
            "Resource: \"{group}/{version}, Resource={plural}\", GroupVersionKind: \"{group}/{version}, Kind={kind}\"\n\
             Name: {}, Namespace: {}",
            quote(self.name()),
            quote(self.namespace())
        )
    }
}

/// What a document or an item of a list is.
pub(super) enum Found {
    /// An object.
    Item(Box<Item>),
    /// An object of a kind that is not served: its tree and the error.
    Unknown(Tree, Failure),
    /// Nothing that can be sent.
    Failed(Failure),
    /// A list: what its items are.
    List(Vec<Found>),
}

/// Reads one document after the other.
pub(super) struct Reader {
    /// The name of the file that is being read.
    pub(super) file: Rc<str>,
    /// What is served.
    pub(super) resources: Vec<Resource>,
    /// Whether the kinds of the Gateway API are taken for served, with a warning, when they are not.
    pub(super) assumes: bool,
    /// The resources for which that was done.
    pub(super) assumed: Vec<Resource>,
    /// One for each failure.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Reader {
    pub(super) fn new(server: &Server, file: &str) -> Self {
        Self {
            file: file.into(),
            resources: server.resources().collect(),
            assumes: false,
            assumed: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, code: &str, message: impl Into<String>, span: Option<Span>) {
        self.diagnostics.push(Diagnostic::new(code, Severity::Error, message, span));
    }

    /// A document that is no YAML (YAML-12).
    pub(super) fn broken(&mut self, error: &SyntaxError) -> Failure {
        self.error(error.code, &*error.message, Some(error.span));
        Failure::Plain(format!("error parsing {}: {}", self.file, error.message))
    }

    /// The check that ends the reading of the file (CLI-1, YAML-16). What a v1 List holds is checked with it.
    ///
    /// DIFFERENCE: kubectl also validates the items of such a List by the published schema, in words of its own.
    pub(super) fn validate(&mut self, tree: &Tree) -> Result<(), Failure> {
        let mut problems = type_problems(tree);
        if problems.is_empty() && tree.str_at(&["apiVersion"]) == "v1" && tree.str_at(&["kind"]) == "List" {
            problems = match tree.get("items").and_then(Tree::as_list) {
                Some(items) => items.iter().flat_map(type_problems).collect(),
                None => vec![(NO_OBJECT.to_owned(), place::of_path(tree, "items"))],
            };
        }
        if problems.is_empty() {
            return Ok(());
        }
        let mut texts: Vec<&str> = Vec::new();
        for (text, _) in &problems {
            if !texts.contains(&&**text) {
                texts.push(text);
            }
        }
        let list = if let [only] = texts[..] { only.to_owned() } else { format!("[{}]", texts.join(", ")) };
        let failure = Failure::Plain(format!(
            "error validating {}: error validating data: {list}; if you choose to ignore these errors, turn validation \
             off with --validate=false",
            quote(&self.file)
        ));
        for (text, span) in problems {
            self.error(codes::NOT_AN_OBJECT, text, span);
        }
        Err(failure)
    }

    /// The object of a document that passed [`Reader::validate`].
    pub(super) fn document(&mut self, mut tree: Tree, document: Span) -> Found {
        if tree.str_at(&["kind"]).is_empty() {
            let why = "Object 'Kind' is missing in";
            self.error(codes::NOT_AN_OBJECT, why, place::of_path(&tree, "kind"));
            let file = quote(&self.file);
            return Found::Failed(Failure::Plain(format!(
                "unable to decode {file}: {why} '{}'",
                tree.to_json()
            )));
        }
        if let Err(failure) = self.items_type(&tree) {
            return Found::Failed(failure);
        }
        let checked = metadata::times(&tree).map_err(|failure| (codes::TIME, failure));
        let checked =
            checked.and_then(|()| metadata::check(&tree).map_err(|why| (codes::METADATA_TYPE, why)));
        if let Err((code, (text, span))) = checked {
            self.error(code, &*text, span);
            return Found::Failed(Failure::Plain(format!("unable to decode {}: {text}", quote(&self.file))));
        }
        if let Some(list) = self.list(&tree, document).or_else(|| self.bare_list(&tree, document)) {
            return list;
        }
        match self.resource_of(&tree).or_else(|why| self.assume(&tree).ok_or(why)) {
            Ok(resource) => {
                if tree.str_at(&["apiVersion"]).is_empty()
                    && let Some(map) = tree.as_map_mut()
                {
                    map.insert("apiVersion", Tree::added(resource.api_version()));
                }
                self.item(tree, resource, document)
            }
            Err(why) => {
                let failure = Failure::Plain(format!(
                    "resource mapping not found for name: {} namespace: {} from {}: {why}\nensure CRDs are installed first",
                    quote(tree.str_at(&["metadata", "name"])),
                    quote(tree.str_at(&["metadata", "namespace"])),
                    quote(&self.file),
                ));
                Found::Unknown(tree, failure)
            }
        }
    }

    pub(super) fn item(&self, tree: Tree, resource: Resource, document: Span) -> Found {
        Found::Item(Box::new(Item { tree, resource, document, file: Rc::clone(&self.file) }))
    }

    /// The resource of a kind of the Gateway API that no CustomResourceDefinition makes known (EXP-GW-1).
    pub(super) fn assume(&mut self, tree: &Tree) -> Option<Resource> {
        let found = gateway_api(tree.str_at(&["apiVersion"]), tree.str_at(&["kind"]));
        let resource = found.filter(|_| self.assumes)?;
        let span = place::of_path(tree, "kind");
        self.diagnostics.push(Diagnostic::new(codes::UNKNOWN_KIND, Severity::Warning, no_match(tree), span));
        self.assumed.push(resource.clone());
        Some(resource)
    }

    /// The resource of a kind; an empty version means that of the core group. kubectl also takes the kind in lower case; the
    /// server then refuses the object.
    pub(super) fn resource_of(&self, tree: &Tree) -> Result<Resource, String> {
        let (api_version, kind) = (tree.str_at(&["apiVersion"]), tree.str_at(&["kind"]));
        let api_version = if api_version.is_empty() { "v1" } else { api_version };
        let served = || self.resources.iter().filter(|resource| resource.api_version() == api_version);
        let exact = served().find(|resource| resource.kind == kind);
        let found = exact.or_else(|| served().find(|resource| resource.kind.to_lowercase() == kind));
        found.cloned().ok_or_else(|| no_match(tree))
    }
}

const NO_OBJECT: &str = "invalid object to validate";

/// What is wrong with an object's `apiVersion` and `kind`, each with its place.
fn type_problems(tree: &Tree) -> Vec<(String, Option<Span>)> {
    if tree.as_map().is_none() {
        return vec![(NO_OBJECT.to_owned(), tree.span)];
    }
    let problem = |key: &str| {
        let value = tree.get(key).filter(|value| !value.is_null());
        let Some(value) = value else {
            return Some((format!("{key} not set"), place::of_path(tree, key)));
        };
        match value.as_str() {
            None => Some((format!("{key} isn't string type"), value.span)),
            Some(text) if key == "apiVersion" && text.matches('/').count() > 1 => {
                Some((format!("unexpected GroupVersion string: {text}"), value.span))
            }
            Some(_) => None,
        }
    };
    ["apiVersion", "kind"].into_iter().filter_map(problem).collect()
}

/// `no matches for kind "X" in version "Y"` (CLI-2).
pub(super) fn no_match(tree: &Tree) -> String {
    format!(
        "no matches for kind {} in version {}",
        quote(tree.str_at(&["kind"])),
        quote(tree.str_at(&["apiVersion"]))
    )
}
