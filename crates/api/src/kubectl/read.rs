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

    /// The check that ends the reading of the file (CLI-1, YAML-16).
    pub(super) fn validate(&mut self, tree: &Tree) -> Result<(), Failure> {
        let mut problems = Vec::new();
        if tree.as_map().is_none() {
            problems.push(("invalid object to validate".to_owned(), tree.span));
        } else {
            for key in ["apiVersion", "kind"] {
                match tree.get(key) {
                    None => problems.push((format!("{key} not set"), place::of_path(tree, key))),
                    Some(value) if value.as_str() == Some("") => {
                        problems.push((format!("{key} not set"), value.span));
                    }
                    Some(value) if value.as_str().is_none() => {
                        problems.push((format!("{key} isn't string type"), value.span));
                    }
                    Some(_) => {}
                }
            }
        }
        if problems.is_empty() {
            return Ok(());
        }
        let texts: Vec<&str> = problems.iter().map(|(text, _)| text.as_str()).collect();
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
    pub(super) fn document(&mut self, tree: Tree, document: Span) -> Found {
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
            Ok(resource) => self.item(tree, resource, document),
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

    /// The resource of a kind. kubectl also takes the kind in lower case; the server then refuses the object.
    pub(super) fn resource_of(&self, tree: &Tree) -> Result<Resource, String> {
        let (api_version, kind) = (tree.str_at(&["apiVersion"]), tree.str_at(&["kind"]));
        let served = || self.resources.iter().filter(|resource| resource.api_version() == api_version);
        let exact = served().find(|resource| resource.kind == kind);
        let found = exact.or_else(|| served().find(|resource| resource.kind.to_lowercase() == kind));
        found.cloned().ok_or_else(|| no_match(tree))
    }
}

/// `no matches for kind "X" in version "Y"` (CLI-2).
pub(super) fn no_match(tree: &Tree) -> String {
    format!(
        "no matches for kind {} in version {}",
        quote(tree.str_at(&["kind"])),
        quote(tree.str_at(&["apiVersion"]))
    )
}
