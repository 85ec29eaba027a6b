//! Help while a manifest is being written: what may stand at the caret, and what is known of what stands there.
//!
//! [`help`] is the entry point. The place comes from the indentation ([`manifest::cursor`]), so that it works on broken text; the
//! names from the structural [`schema`], or from a definition in the text ([`custom`]); a default from [`defaults`] themselves, run
//! on the document without the field.

mod custom;

use manifest::{Cursor, Slot, Span, Step, Tree, cursor};

use crate::decode::strict;
use crate::defaults;
use crate::schema::{self, Field, Type};
use crate::server::{built_in, split_api_version};

/// What can be said about a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// What a choice replaces, and what `about` is about.
    pub span: Span,
    /// What may stand there.
    pub choices: Vec<Choice>,
    /// What is known of the field that stands there.
    pub about: Option<About>,
}

/// Something that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The field or value.
    pub label: String,
    /// Its type; empty for values.
    pub detail: String,
    /// What is written, with what follows the name.
    pub insert: String,
    /// The schema requires the field.
    pub required: bool,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// `spec.containers[].image`.
    pub path: String,
    /// `[]Container`.
    pub type_name: String,
    /// The schema requires it.
    pub required: bool,
    /// The values of an enumeration.
    pub values: Vec<String>,
    /// What the API server takes when it is not set, in JSON.
    pub default: Option<String>,
    /// The reference of the kind.
    pub link: String,
}

/// What can be said about `offset`, in bytes; `None` where nothing is known.
pub fn help(text: &str, offset: usize) -> Option<Help> {
    let place = cursor(text, offset)?;
    let document = Document::of(place.document.of(text));
    if document.known().is_none()
        && let Some(schema) = custom::schema_of(text, document.api_version, document.kind)
        && let Some(around) = custom::resolve(&schema, &place.path)
    {
        return help_custom(text, &place, around);
    }
    let around = document.resolve(&place.path);
    let fields = match around {
        Some(Type::Object(definition)) => definition.fields(),
        _ => &[],
    };
    let (choices, about) = match &place.slot {
        Slot::Value(key) => {
            let field = fields.iter().find(|field| field.name == key);
            (document.values(&place.path, key, field), None)
        }
        Slot::Key(_) if around.is_none() && place.path.is_empty() => (TOP.map(Choice::value).into(), None),
        Slot::Key(others) => {
            let name = place.span.of(text);
            let indent = indent(text, &place);
            let free = fields.iter().filter(|field| !others.iter().any(|other| other == field.name));
            let field = fields.iter().find(|field| field.name == name);
            (
                free.map(|field| Choice::of(field, indent)).collect(),
                field.map(|field| document.about(&place.path, field)),
            )
        }
    };
    (!choices.is_empty() || about.is_some()).then_some(Help { span: place.span, choices, about })
}

/// The same for a place in a custom resource; `around` is the schema of the mapping that is being written.
fn help_custom(text: &str, place: &Cursor, around: &Tree) -> Option<Help> {
    let (choices, about) = match &place.slot {
        Slot::Value(key) => {
            let values = around.at(&["properties", key]).map(custom::values).unwrap_or_default();
            (values.iter().map(|value| Choice::value(value)).collect(), None)
        }
        Slot::Key(others) => {
            let name = place.span.of(text);
            let about = custom::about(around, name, shown(&place.path, name));
            (custom::fields(around, others, indent(text, place)), about)
        }
    };
    (!choices.is_empty() || about.is_some()).then_some(Help { span: place.span, choices, about })
}

/// The column of the key, when what follows it is to be begun as well: a key that is there keeps what follows it.
fn indent(text: &str, place: &Cursor) -> Option<usize> {
    let keyed = text.get(place.span.end as usize..).is_some_and(|rest| rest.starts_with(':'));
    (!keyed).then_some(place.indent)
}

/// A path as people write it: `spec.containers[].image`.
fn shown(path: &[Step], name: &str) -> String {
    let mut shown = String::new();
    for step in path {
        match step {
            Step::Key(key) => shown.extend([key.as_str(), "."]),
            Step::Item(_) => {
                shown.pop();
                shown.push_str("[].");
            }
        }
    }
    shown + name
}

/// What a document without a kind begins with.
const TOP: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// A document that may still be incomplete.
struct Document<'a> {
    text: &'a str,
    api_version: &'a str,
    kind: &'a str,
}

impl<'a> Document<'a> {
    fn of(text: &'a str) -> Self {
        let top = |key: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            let value = value.and_then(|value| value.split('#').next()).unwrap_or("");
            value.trim().trim_matches(['"', '\''])
        };
        Self { text, api_version: top("apiVersion"), kind: top("kind") }
    }

    /// The built-in kind; that of another version as long as none is written.
    fn known(&self) -> Option<&'static schema::Kind> {
        let mut named = schema::kinds().iter().filter(|known| known.kind == self.kind);
        if self.api_version.is_empty() {
            return named.next_back();
        }
        named.find(|known| known.api_version == self.api_version)
    }

    /// The type of what a path leads to.
    fn resolve(&self, path: &[Step]) -> Option<Type> {
        path.iter().try_fold(Type::Object(self.known()?.definition), |around, step| {
            let code = match (step, around) {
                (Step::Key(key), Type::Object(definition)) => definition.field(key)?.code,
                (Step::Key(_), Type::Map(value)) => value,
                (Step::Item(_), Type::List(item)) => item,
                _ => return None,
            };
            Some(code.get())
        })
    }

    /// The values that a field can have, when they can be listed.
    fn values(&self, path: &[Step], key: &str, field: Option<&Field>) -> Vec<Choice> {
        let kinds = || schema::kinds().iter();
        let mut values: Vec<&str> = match (path, key, field) {
            ([], "kind", _) => {
                let wanted = |known: &&schema::Kind| {
                    self.api_version.is_empty() || known.api_version == self.api_version
                };
                kinds().filter(wanted).map(|known| known.kind).collect()
            }
            ([], "apiVersion", _) => {
                let wanted = |known: &&schema::Kind| self.kind.is_empty() || known.kind == self.kind;
                kinds().filter(wanted).map(|known| known.api_version).collect()
            }
            (_, _, Some(field)) if field.code.get() == Type::Bool => vec!["true", "false"],
            (_, _, Some(field)) => field.values().collect(),
            _ => Vec::new(),
        };
        if path.is_empty() {
            values.sort_unstable();
            values.dedup();
        }
        values.into_iter().map(Choice::value).collect()
    }

    fn about(&self, path: &[Step], field: &Field) -> About {
        About {
            path: shown(path, field.name),
            type_name: type_name(field),
            required: field.required,
            values: field.values().map(str::to_owned).collect(),
            default: self.default(path, field.name),
            link: self.known().map(link).unwrap_or_default(),
        }
    }

    /// What the API server would add if the field were not there, in JSON (DEF rules).
    fn default(&self, path: &[Step], name: &str) -> Option<String> {
        let known = self.known()?;
        let (group, _) = split_api_version(known.api_version);
        let resource = built_in().find(|resource| resource.kind == known.kind && resource.group == group)?;
        let document = manifest::parse(self.text).documents.into_iter().next()?;
        let mut tree = document.content.ok()?;
        inside_mut(&mut tree, path)?.as_map_mut()?.remove(name);
        strict::strict(&tree, known.definition).ok()?;
        defaults::apply(&resource.store_kind(), &mut tree);
        inside_mut(&mut tree, path)?.get(name).map(Tree::to_json)
    }
}

fn inside_mut<'a>(tree: &'a mut Tree, path: &[Step]) -> Option<&'a mut Tree> {
    path.iter().try_fold(tree, |tree, step| match step {
        Step::Key(key) => tree.get_mut(key),
        Step::Item(index) => tree.as_list_mut()?.get_mut(*index),
    })
}

impl Choice {
    fn value(label: &str) -> Self {
        Self { label: label.to_owned(), detail: String::new(), insert: label.to_owned(), required: false }
    }

    /// A field of a built-in kind.
    fn of(field: &Field, indent: Option<usize>) -> Self {
        let shape = match field.code.get() {
            Type::Object(_) | Type::Map(_) => Shape::Map,
            Type::List(_) => Shape::List,
            _ => Shape::Scalar,
        };
        Self::field(field.name, type_name(field), field.required, shape, indent)
    }

    /// `indent` is the column of the key when what follows it is to be begun as well.
    fn field(name: &str, detail: String, required: bool, shape: Shape, indent: Option<usize>) -> Self {
        let blanks = |indent: usize| " ".repeat(indent);
        let rest = match (indent, shape) {
            (None, _) => String::new(),
            (Some(indent), Shape::Map) => format!(":\n{}", blanks(indent + 2)),
            (Some(indent), Shape::List) => format!(":\n{}- ", blanks(indent)),
            (Some(_), Shape::Scalar) => ": ".to_owned(),
        };
        Self { label: name.to_owned(), detail, insert: format!("{name}{rest}"), required }
    }
}

/// What follows a key.
#[derive(Clone, Copy)]
enum Shape {
    Map,
    List,
    Scalar,
}

/// The Go type without its package: `[]Container`.
fn type_name(field: &Field) -> String {
    let name = field.go_type();
    let front = name.rfind(']').map_or(0, |at| at + 1);
    let (front, name) = name.split_at(front);
    format!("{front}{}", name.rsplit('.').next().unwrap_or(name))
}

/// The kind in the API reference: one page, an anchor a kind.
fn link(known: &schema::Kind) -> String {
    let (group, version) = split_api_version(known.api_version);
    let group = if group.is_empty() { "core".to_owned() } else { group.replace('.', "-") };
    let kind = known.kind.to_lowercase();
    format!("https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#{kind}-{version}-{group}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The caret is `^` in the text.
    fn at(text: &str) -> Option<Help> {
        let offset = text.find('^').unwrap();
        help(&text.replacen('^', "", 1), offset)
    }

    fn labels(text: &str) -> Vec<String> {
        at(text).unwrap_or_default().choices.into_iter().map(|choice| choice.label).collect()
    }

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n";

    #[test]
    fn fields_are_those_of_the_place() {
        assert_eq!(labels("^"), TOP);
        assert_eq!(labels("apiVersion: v1\nkind: Pod\n^"), ["metadata", "spec", "status"]);
        let inside = labels(&format!("{POD}  hostNetwork: true\n  containers:\n  - name: a\n    ^"));
        assert!(inside.contains(&"image".to_owned()) && !inside.contains(&"name".to_owned()), "{inside:?}");
        assert!(!inside.contains(&"hostNetwork".to_owned()));
        assert_eq!(labels(&format!("{POD}  nodeSelector:\n    ^")), [""; 0], "any label may stand there");
        assert_eq!(at("kind: Widget\nspec:\n  ^"), None);
    }

    #[test]
    fn values_are_those_of_the_field() {
        assert_eq!(labels(&format!("{POD}  restartPolicy: ^")), ["Always", "Never", "OnFailure"]);
        assert_eq!(labels(&format!("{POD}  hostNetwork: ^")), ["true", "false"]);
        assert_eq!(labels("kind: Deployment\napiVersion: ^"), ["apps/v1"]);
        assert_eq!(labels("apiVersion: policy/v1\nkind: ^"), ["PodDisruptionBudget"]);
        assert!(labels("kind: ^").len() > 60);
    }

    #[test]
    fn what_is_written_begins_what_follows() {
        let insert = |text: &str, label: &str| {
            at(text).unwrap().choices.into_iter().find(|choice| choice.label == label).unwrap().insert
        };
        let text = format!("{POD}  ^");
        assert_eq!(insert(&text, "containers"), "containers:\n  - ");
        assert_eq!(insert(&text, "securityContext"), "securityContext:\n    ");
        assert_eq!(insert(&text, "nodeName"), "nodeName: ");
        assert_eq!(
            insert(&format!("{POD}  hostNetw^ork: true"), "nodeName"),
            "nodeName",
            "the colon is there"
        );
    }

    #[test]
    fn a_field_is_known_with_what_the_server_would_take() {
        let about = |text: &str| at(text).unwrap().about.unwrap();
        let found =
            about(&format!("{POD}  containers:\n  - name: a\n    image: b\n    imagePullPol^icy: Never\n"));
        assert_eq!(found.path, "spec.containers[].imagePullPolicy");
        assert_eq!((&*found.type_name, found.required), ("PullPolicy", false));
        assert_eq!(found.values, ["Always", "IfNotPresent", "Never"]);
        assert_eq!(found.default.as_deref(), Some("\"Always\""), "an image without tag");
        assert!(found.link.ends_with("/#pod-v1-core"), "{}", found.link);
        let found = about("apiVersion: apps/v1\nkind: Deployment\nspec:\n  repl^icas: 3\n");
        assert_eq!((&*found.type_name, found.default.as_deref()), ("int32", Some("1")));
        assert_eq!(about(&format!("{POD}  cont^ainers: []")).type_name, "[]Container");
    }

    #[test]
    fn a_custom_resource_is_known_by_its_definition() {
        const TEXT: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: example.com
  names: {kind: Widget}
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, default: 3}
              colour: {type: string, enum: [red, blue]}
              since: {type: string, format: date-time}
              parts: {type: array, items: {type: object, properties: {name: {type: string}}}}
---
apiVersion: example.com/v1
kind: Widget
";
        assert_eq!(labels(&format!("{TEXT}spec:\n  ^")), ["size", "colour", "since", "parts"]);
        assert_eq!(labels(&format!("{TEXT}spec:\n  size: 1\n  parts:\n  - ^")), ["name"]);
        assert_eq!(labels(&format!("{TEXT}spec:\n  colour: ^")), ["red", "blue"]);
        assert_eq!(labels(&format!("{TEXT}spec:\n  size: ^")), [""; 0]);
        let about = at(&format!("{TEXT}spec:\n  si^ze: 1\n")).unwrap().about.unwrap();
        assert_eq!((&*about.path, &*about.type_name, about.required), ("spec.size", "integer", true));
        assert_eq!(about.default.as_deref(), Some("3"));
        let parts = at(&format!("{TEXT}spec:\n  parts^: []\n")).unwrap().about.unwrap();
        assert_eq!(parts.type_name, "[]object");
    }
}
