//! One run over a file: the order of reading and sending, what is printed, and which diagnostic stands where.

use manifest::sorted::SortedSet;
use manifest::{Diagnostic, Document, Map, Severity, Span, Tree};

use super::failure::{self, Failure};
use super::read::{Found, Item, Reader, no_match};
use super::{Applied, File, Options, Verb, apply, place, suggest};
use crate::codes;
use crate::server::{ApiError, Reason, Server, custom_resources};
use crate::types::{Kind, Uid};
use crate::validation::{Warning, codes::NAME_MISSING};

pub(super) struct Run<'a> {
    pub(super) server: &'a mut Server,
    pub(super) options: &'a Options,
    pub(super) applied: Applied,
    /// Errors of requests, in order.
    failures: Vec<Failure>,
    /// Errors of reading, which kubectl holds together.
    unread: Vec<Failure>,
    /// Warnings that were printed: each only once.
    warned: SortedSet<String>,
    /// Namespaces that were created because something needed them.
    implied: SortedSet<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(server: &'a mut Server, options: &'a Options) -> Self {
        let (applied, failures, unread) = (Applied::default(), Vec::new(), Vec::new());
        server.take_warnings();
        Self {
            server,
            options,
            applied,
            failures,
            unread,
            warned: SortedSet::new(),
            implied: SortedSet::new(),
        }
    }

    pub(super) fn files(mut self, text: &str, files: &[File]) -> Applied {
        let documents = manifest::parse(text).documents;
        let mut reader = Reader::new(self.server, &self.options.file_name);
        if !self.options.strict {
            let trees = documents.iter().filter_map(|document| document.content.as_ref().ok());
            reader.resources.extend(trees.flat_map(custom_resources));
            reader.assumes = true;
        }
        let mut items = Vec::new();
        let mut ended = None;
        for document in documents {
            let file = file_of(text, files, document.span);
            if ended == Some(file) {
                continue;
            }
            if let Some(file) = file {
                reader.file = (*file.name).into();
            }
            match self.read(&mut reader, document) {
                Ok(found) => self.collect(found, &mut items),
                Err(()) => ended = Some(file),
            }
        }
        self.applied.diagnostics.append(&mut reader.diagnostics);
        reader.assumed.into_iter().for_each(|resource| self.server.assume(resource));
        if items.is_empty() && self.unread.is_empty() && self.applied.not_simulated.is_empty() {
            self.nothing(text);
        }
        for item in items {
            if let Err(failure) = self.send(&item) {
                self.failures.push(failure);
            }
        }
        self.finish()
    }

    /// Reads a document; an error ends the reading of the file, as it does in kubectl.
    fn read(&mut self, reader: &mut Reader, document: Document) -> Result<Vec<Found>, ()> {
        for &span in &document.duplicates {
            let message = "this key is given again below; only the last one counts";
            reader.diagnostics.push(Diagnostic::new(
                codes::DUPLICATE_KEY,
                Severity::Warning,
                message,
                Some(span),
            ));
        }
        let failure = match document.content {
            Err(error) => reader.broken(&error),
            Ok(tree) => match reader.validate(&tree) {
                Ok(()) => return Ok(vec![reader.document(tree, document.span)]),
                Err(failure) => failure,
            },
        };
        self.unread.push(failure);
        if self.options.strict { Err(()) } else { Ok(Vec::new()) }
    }

    /// Sorts what was found into objects and errors; the errors of a list stay together.
    fn collect(&mut self, found: Vec<Found>, items: &mut Vec<Item>) {
        for found in found {
            if let Some(failure) = self.sort(found, items) {
                self.unread.push(failure);
            }
        }
    }

    fn sort(&mut self, found: Found, items: &mut Vec<Item>) -> Option<Failure> {
        match found {
            Found::Item(item) => items.push(*item),
            Found::Failed(failure) => return Some(failure),
            Found::Unknown(tree, failure) => return self.unknown(&tree, failure),
            Found::List(list) => {
                let failures: Vec<_> = list.into_iter().filter_map(|found| self.sort(found, items)).collect();
                return (!failures.is_empty()).then_some(Failure::Group(failures));
            }
        }
        None
    }

    fn unknown(&mut self, tree: &Tree, failure: Failure) -> Option<Failure> {
        let span = place::of_path(tree, "kind");
        let severity = if self.options.strict { Severity::Error } else { Severity::Warning };
        let mut diagnostic = Diagnostic::new(codes::UNKNOWN_KIND, severity, no_match(tree), span);
        diagnostic.fix = suggest::kind(tree);
        self.applied.diagnostics.push(diagnostic);
        if self.options.strict {
            return Some(failure);
        }
        let (namespace, name) = (tree.str_at(&["metadata", "namespace"]), tree.str_at(&["metadata", "name"]));
        let name = if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") };
        self.applied.not_simulated.push((tree.str_at(&["kind"]).to_owned(), name));
        None
    }

    /// CLI-4. kubectl fails; who only begins to write has done nothing wrong.
    fn nothing(&mut self, text: &str) {
        let verb = if self.options.verb == Verb::Create { "create" } else { "apply" };
        let message = format!("no objects passed to {verb}");
        let severity = if self.options.strict { Severity::Error } else { Severity::Info };
        let span = Some(Span::at(text.trim_end().len()));
        self.applied.diagnostics.push(Diagnostic::new(codes::NO_OBJECTS, severity, &*message, span));
        self.failures.push(Failure::Plain(message));
    }

    fn send(&mut self, item: &Item) -> Result<(), Failure> {
        if !self.options.strict {
            self.imply_namespace(item);
        }
        let sent = match self.options.verb {
            Verb::Apply => apply::apply(self, item),
            Verb::Create => apply::create(self, item),
        };
        self.warnings(item);
        if let Err(failure) = &sent {
            self.diagnose(item, failure);
        }
        sent
    }

    /// Prints a success line and remembers the object.
    pub(super) fn done(&mut self, item: &Item, uid: Uid, outcome: &str) {
        let name = self.server.meta(uid).map_or_else(String::new, |meta| meta.name.to_string());
        let is_implied = item.resource.store_kind() == Kind::Namespace && self.implied.remove(&name);
        let outcome = if is_implied { "created" } else { outcome };
        self.applied.stdout.push(format!("{} {outcome}", item.resource.kubectl_name(&name)));
        self.applied.created.push((uid, item.document, item.name_span()));
    }

    /// Whether the namespace object exists only because something needed it.
    pub(super) fn is_implied(&self, item: &Item) -> bool {
        item.resource.store_kind() == Kind::Namespace && self.implied.contains(item.name())
    }

    /// Prints what the server warned of, each text once in a run (ERR-FMT-10).
    fn warnings(&mut self, item: &Item) {
        for Warning { text, path, code, span } in self.server.take_warnings() {
            let span = span.or_else(|| place::of_path(&item.tree, &path));
            self.applied.diagnostics.push(Diagnostic::new(code, Severity::Warning, &*text, span));
            if self.warned.insert(text.clone()) {
                self.applied.stderr.push(format!("Warning: {text}"));
            }
        }
    }

    /// One diagnostic for each cause, at its token; one for the whole when there are none.
    fn diagnose(&mut self, item: &Item, failure: &Failure) {
        let mut add = |code: &str, message: String, span, fix| {
            let diagnostic = Diagnostic::new(code, Severity::Error, message, span);
            self.applied.diagnostics.push(Diagnostic { fix, ..diagnostic });
        };
        let name = || Some(item.name_span());
        match failure {
            Failure::Api(refusal) if !refusal.error.causes.is_empty() => {
                for cause in &refusal.error.causes {
                    let span = cause.span.or_else(|| place::of_path(&item.tree, &cause.path));
                    let text = if cause.path.is_empty() { cause.text.clone() } else { cause.to_string() };
                    add(cause.code, text, span, cause.fix.clone());
                }
            }
            Failure::Api(refusal) => {
                let error = &refusal.error;
                let (code, path) = code_of(error);
                let span = if path.is_empty() { name() } else { place::of_path(&item.tree, path) };
                add(code, error.message.clone(), span, None);
            }
            Failure::Plain(text) => {
                let last = text.rsplit('\n').next().unwrap_or(text).to_owned();
                let code = if item.name().is_empty() { NAME_MISSING } else { codes::KUBECTL };
                add(code, last, place::of_path(&item.tree, "metadata.name"), None);
            }
            Failure::Group(list) => list.iter().for_each(|failure| self.diagnose(item, failure)),
        }
    }

    /// Creates the namespace that an object needs, with kubectl's words as a warning.
    fn imply_namespace(&mut self, item: &Item) {
        let namespace = item.namespace().to_owned();
        if namespace.is_empty() || self.server.find_kind(&Kind::Namespace, "", &namespace).is_some() {
            return;
        }
        let field = |key: &str, value: Tree| (key.to_owned(), value);
        let metadata: Map = [field("name", Tree::added(&*namespace))].into_iter().collect();
        let object: Map = [
            field("apiVersion", Tree::added("v1")),
            field("kind", Tree::added("Namespace")),
            field("metadata", Tree::added(metadata)),
        ]
        .into_iter()
        .collect();
        if self.server.create(Tree::added(object)).is_ok() {
            let span = place::of_path(&item.tree, "metadata.namespace");
            let message = format!("namespaces \"{namespace}\" not found");
            let diagnostic = Diagnostic::new(codes::NAMESPACE_NOT_FOUND, Severity::Warning, message, span);
            self.applied.diagnostics.push(diagnostic);
            self.implied.insert(namespace);
        }
    }

    /// Errors of reading come first with apply, which reads everything before it sends anything, and last with create.
    fn finish(mut self) -> Applied {
        if !self.unread.is_empty() {
            let group = Failure::Group(std::mem::take(&mut self.unread));
            let at = if self.options.verb == Verb::Apply { 0 } else { self.failures.len() };
            self.failures.insert(at, group);
        }
        self.applied.exit = i32::from(!self.failures.is_empty());
        self.applied.stderr.extend(failure::lines(self.failures));
        self.applied
            .diagnostics
            .sort_by_key(|diagnostic| diagnostic.span.map_or(u32::MAX, |span| span.start));
        self.applied
    }
}

/// The file that a document stands in. A separator at its beginning may be that between the files.
fn file_of<'a>(text: &str, files: &'a [File], document: Span) -> Option<&'a File> {
    let own = document.of(text);
    let separator = own.find('\n').filter(|_| own.starts_with("---")).map_or(0, |end| end + 1);
    let start = document.start as usize + separator;
    files.iter().rev().find(|file| file.start <= start)
}

/// The code of a refusal without causes, and the field that it is about when that is not the name.
fn code_of(error: &ApiError) -> (&'static str, &'static str) {
    match error.reason {
        Reason::NotFound if error.message.starts_with("namespaces ") => {
            (codes::NAMESPACE_NOT_FOUND, "metadata.namespace")
        }
        Reason::Conflict => (codes::CONFLICT, "metadata.resourceVersion"),
        Reason::Forbidden => (codes::FORBIDDEN, forbidden_field(&error.message)),
        Reason::BadRequest => (codes::BAD_REQUEST, "kind"),
        Reason::InternalError if error.message.contains("HealthCheck") => {
            (codes::NODEPORT_TAKEN, "spec.healthCheckNodePort")
        }
        Reason::Unknown => (codes::REFUSED, "metadata.resourceVersion"),
        Reason::NotFound | Reason::AlreadyExists | Reason::Invalid | Reason::InternalError => {
            (codes::REFUSED, "")
        }
    }
}

fn forbidden_field(message: &str) -> &'static str {
    const FIELDS: [(&str, &str); 5] = [
        ("RuntimeClass", "spec.runtimeClassName"),
        ("no PriorityClass", "spec.priorityClassName"),
        ("value of priority", "spec.priority"),
        ("PreemptionPolicy", "spec.preemptionPolicy"),
        ("service account", "spec.serviceAccountName"),
    ];
    FIELDS.iter().find(|(part, _)| message.contains(part)).map_or("", |(_, path)| path)
}
