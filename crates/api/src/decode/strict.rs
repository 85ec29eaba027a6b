//! Strict decoding: an object against the schema of its kind, as the API server reads JSON into Go structs (DEC-1 to DEC-9).
//!
//! [`strict`] walks the tree in the order in which kubectl sends it, keys sorted at every level. Three kinds of trouble differ:
//! an unknown field is noted; the first value of a wrong type is noted and hides the unknown fields; a text that a type reads with
//! code of its own (a quantity, a time) ends the walk at once and hides both.

use manifest::{Fix, Number, Span, TextEdit, Tree, Value};

use super::time;
use crate::quantity::Quantity;
use crate::schema::{self, Code, Definition, Field, Type};
use crate::server::quote;
use crate::{codes, validation};

/// The API server notes no more unknown fields than these.
const MAX_UNKNOWN: usize = 100;

/// Why an object cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// What follows `cannot be handled as a Pod: ` (DEC-1).
    pub message: String,
    /// What is wrong, each at its place, in the order of `message`.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field: `spec.containers[0].foo`.
    pub path: String,
    /// The server's text.
    pub message: String,
    /// Stable kebab-case code.
    pub code: &'static str,
    /// The key of an unknown field, the value otherwise.
    pub span: Option<Span>,
    /// What was probably meant.
    pub fix: Option<Fix>,
}

/// Checks an object against the schema of its kind.
pub fn strict(tree: &Tree, definition: Definition) -> Result<(), DecodeError> {
    let mut walk = Walk::default();
    match walk.object(tree, definition, "").and(walk.wrong_type.map_or(Ok(()), Err)) {
        Err(problem) => Err(DecodeError { message: problem.message.clone(), problems: vec![*problem] }),
        Ok(()) if walk.unknown.is_empty() => Ok(()),
        Ok(()) => {
            let texts: Vec<&str> = walk.unknown.iter().map(|problem| problem.message.as_str()).collect();
            let message = format!("strict decoding error: {}", texts.join(", "));
            Err(DecodeError { message, problems: walk.unknown })
        }
    }
}

/// Where the walk stands, and what it has noted.
#[derive(Default)]
struct Walk {
    /// The innermost struct.
    inside: &'static str,
    /// Names of the fields from the top, as type errors give them: no list indexes, no map keys.
    fields: Vec<&'static str>,
    /// The path as unknown fields give it: with both.
    path: String,
    wrong_type: Option<Box<Problem>>,
    unknown: Vec<Problem>,
}

/// `Err` ends the walk.
type Step = Result<(), Box<Problem>>;

impl Walk {
    fn object(&mut self, tree: &Tree, definition: Definition, go_type: &str) -> Step {
        let Value::Map(map) = &tree.value else {
            let code_type = definition.go_type();
            return self.mismatch(tree, if go_type.is_empty() { code_type } else { go_type });
        };
        let (outside, length) = (self.inside, self.path.len());
        for entry in map.sorted() {
            self.push_key(&entry.key);
            if let Some(field) = definition.field(&entry.key) {
                self.inside = definition.name();
                self.fields.push(field.name);
                self.field(&entry.value, field)?;
                self.fields.pop();
                self.inside = outside;
            } else {
                self.note_unknown(&entry.key, entry.key_span, definition);
            }
            self.path.truncate(length);
        }
        Ok(())
    }

    fn push_key(&mut self, key: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(key);
    }

    fn field(&mut self, tree: &Tree, field: &Field) -> Step {
        self.value(tree, field.code, field.declared_type())
    }

    /// A value of the type `code`. `go_type` is its Go type where that does not follow from `code`, else empty.
    fn value(&mut self, tree: &Tree, code: Code, go_type: &str) -> Step {
        // DEC-7: null leaves any field as it was.
        if tree.is_null() {
            return Ok(());
        }
        let fits = match (code.get(), &tree.value) {
            (Type::Any, _)
            | (Type::String, Value::String(_))
            | (Type::Bool, Value::Bool(_))
            | (Type::Double, Value::Number(_))
            | (Type::Int64, Value::Number(Number::Int(_))) => true,
            (Type::Int32, Value::Number(Number::Int(value))) => i32::try_from(*value).is_ok(),
            (Type::Bytes, Value::String(text)) => {
                if let Err(at) = manifest::base64::decode(text) {
                    let problem =
                        self.problem(codes::BASE64, format!("illegal base64 data at input byte {at}"), tree);
                    self.wrong_type.get_or_insert(Box::new(problem));
                }
                true
            }
            (Type::IntOrString, value) => return self.int_or_string(tree, value),
            (Type::Quantity, value) => return self.quantity(tree, value),
            (Type::Time, value) => return self.time(tree, value, time::SECONDS),
            (Type::MicroTime, value) => return self.time(tree, value, time::MICROSECONDS),
            (Type::Object(definition), _) => return self.object(tree, definition, go_type),
            (Type::List(item), Value::List(items)) => return self.list(items, item, element(go_type)),
            (Type::Map(value), Value::Map(_)) => return self.map(tree, value, element(go_type)),
            _ => false,
        };
        if fits {
            return Ok(());
        }
        let derived = code.go_type();
        self.mismatch(tree, if go_type.is_empty() { &derived } else { go_type })
    }

    fn list(&mut self, items: &[Tree], code: Code, go_type: &str) -> Step {
        let length = self.path.len();
        for (index, item) in items.iter().enumerate() {
            self.path.push('[');
            self.path.push_str(&index.to_string());
            self.path.push(']');
            self.value(item, code, go_type)?;
            self.path.truncate(length);
        }
        Ok(())
    }

    fn map(&mut self, tree: &Tree, code: Code, go_type: &str) -> Step {
        let length = self.path.len();
        for entry in tree.as_map().into_iter().flat_map(manifest::Map::sorted) {
            self.push_key(&entry.key);
            self.value(&entry.value, code, go_type)?;
            self.path.truncate(length);
        }
        Ok(())
    }

    /// DEC-6. Go reads the integer on its own, so a misfit ends the walk.
    fn int_or_string(&self, tree: &Tree, value: &Value) -> Step {
        match value {
            Value::String(_) => Ok(()),
            Value::Number(Number::Int(number)) if i32::try_from(*number).is_ok() => Ok(()),
            _ => Err(Box::new(self.type_problem(tree, "int32"))),
        }
    }

    /// DEC-5, QTY-2.
    fn quantity(&self, tree: &Tree, value: &Value) -> Step {
        let text = match value {
            Value::String(text) => text.clone(),
            _ => tree.to_json(),
        };
        Quantity::parse(&text)
            .map(drop)
            .map_err(|error| Box::new(self.problem(validation::codes::QUANTITY, error.to_string(), tree)))
    }

    fn time(&self, tree: &Tree, value: &Value, layout: time::Layout) -> Step {
        let Value::String(text) = value else { return Err(Box::new(self.type_problem(tree, "string"))) };
        time::check(text, layout).map_err(|message| Box::new(self.problem(codes::TIME, message, tree)))
    }

    /// Notes a value of the wrong type (DEC-3, DEC-4, DEC-9).
    fn mismatch(&mut self, tree: &Tree, go_type: &str) -> Step {
        if self.wrong_type.is_none() {
            self.wrong_type = Some(Box::new(self.type_problem(tree, go_type)));
        }
        Ok(())
    }

    fn type_problem(&self, tree: &Tree, go_type: &str) -> Problem {
        let integer = go_type.starts_with("int");
        let (what, code) = match &tree.value {
            Value::Null => ("null".to_owned(), codes::WRONG_TYPE),
            Value::Bool(_) => ("bool".to_owned(), codes::WRONG_TYPE),
            Value::String(_) => ("string".to_owned(), codes::WRONG_TYPE),
            Value::List(_) => ("array".to_owned(), codes::WRONG_TYPE),
            Value::Map(_) => ("object".to_owned(), codes::WRONG_TYPE),
            Value::Number(number) if integer => (format!("number {number}"), validation::codes::NUMBER_RANGE),
            Value::Number(_) => ("number".to_owned(), codes::WRONG_TYPE),
        };
        let place = if self.fields.is_empty() {
            "value".to_owned()
        } else {
            format!("struct field {}.{}", self.inside, self.fields.join("."))
        };
        let message = format!("json: cannot unmarshal {what} into Go {place} of type {go_type}");
        Problem { fix: conversion(tree, go_type), ..self.problem(code, message, tree) }
    }

    fn problem(&self, code: &'static str, message: String, tree: &Tree) -> Problem {
        Problem { path: self.path.clone(), message, code, span: tree.span, fix: None }
    }

    /// Notes a field that the struct does not have (DEC-2); its value is not looked at.
    fn note_unknown(&mut self, key: &str, span: Option<Span>, definition: Definition) {
        if self.unknown.len() == MAX_UNKNOWN {
            return;
        }
        let fix =
            span.zip(schema::field_for(definition, key)).and_then(|(span, name)| rename(key, name, span));
        let message = format!("unknown field {}", quote(&self.path));
        self.unknown.push(Problem {
            path: self.path.clone(),
            message,
            code: codes::UNKNOWN_FIELD,
            span,
            fix,
        });
    }
}

/// The Go type of the elements of a list or map; empty when it is not known.
fn element(go_type: &str) -> &str {
    match go_type.strip_prefix("[]") {
        Some(item) => item,
        None => {
            go_type.strip_prefix("map[").and_then(|rest| rest.split_once(']')).map_or("", |(_, value)| value)
        }
    }
}

/// The fix of a misspelt field.
pub(super) fn rename(key: &str, name: &str, span: Span) -> Option<Fix> {
    let edits = vec![in_place(key, name, span)?];
    Some(Fix { title: format!("Rename `{key}` to `{name}`"), edits })
}

/// Another word in place of one, in quotes where that one has quotes; `None` when it is written in another way, with escapes or
/// a tag.
pub(crate) fn in_place(old: &str, new: &str, span: Span) -> Option<TextEdit> {
    match (span.end - span.start) as usize {
        length if length == old.len() => Some(TextEdit { span, text: new.to_owned() }),
        length if length == old.len() + 2 => Some(TextEdit { span, text: format!("\"{new}\"") }),
        _ => None,
    }
}

/// Turns a number or boolean into a string by quotes, or a string into what it holds.
fn conversion(tree: &Tree, go_type: &str) -> Option<Fix> {
    let span = tree.span?;
    let quotes = |title: &str| {
        let quote = |at| TextEdit { span: Span { start: at, end: at }, text: "\"".to_owned() };
        Some(Fix { title: title.to_owned(), edits: vec![quote(span.start), quote(span.end)] })
    };
    match &tree.value {
        Value::Number(_) | Value::Bool(_) if go_type == "string" => quotes("Put the value in quotes"),
        Value::String(text)
            if (go_type.starts_with("int") && text.parse::<i32>().is_ok())
                || (go_type == "bool" && matches!(text.as_str(), "true" | "false")) =>
        {
            // Without quotes there is a tag that makes a text of it.
            if (span.end - span.start) as usize != text.len() + 2 {
                return None;
            }
            let edit = TextEdit { span, text: text.clone() };
            Some(Fix { title: "Take the quotes away".to_owned(), edits: vec![edit] })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The problem's message and what is marked; both empty when the object decodes.
    fn check(text: &str, message: &str, marked: &[&str]) {
        let tree = manifest::parse(text).documents.remove(0).content.expect(text);
        let (api_version, kind) =
            (tree.str_at(&["apiVersion"]).to_owned(), tree.str_at(&["kind"]).to_owned());
        let definition = schema::lookup(&api_version, &kind).expect("a built-in kind");
        let (found, places) = match strict(&tree, definition) {
            Ok(()) => (String::new(), Vec::new()),
            Err(error) => {
                let places = error
                    .problems
                    .iter()
                    .map(|problem| problem.span.map_or("", |span| span.of(text)))
                    .collect();
                (error.message, places)
            }
        };
        assert_eq!((found.as_str(), &places[..]), (message, marked), "{text}");
    }

    fn pod(container: &str, message: &str, marked: &[&str]) {
        check(
            &format!("{{apiVersion: v1, kind: Pod, spec: {{containers: [{{{container}}}]}}}}"),
            message,
            marked,
        );
    }

    #[test]
    fn unknown_fields_are_listed_in_the_order_sent() {
        pod("name: a, image: b", "", &[]);
        pod(
            "zoo: 1, image: b, Ports: []",
            "strict decoding error: unknown field \"spec.containers[0].Ports\", unknown field \"spec.containers[0].zoo\"",
            &["Ports", "zoo"],
        );
        check(
            "apiVersion: v1\nkind: ConfigMap\ndata: {any: x}\nbar: null\nmetadata:\n  foo: 1",
            "strict decoding error: unknown field \"bar\", unknown field \"metadata.foo\"",
            &["bar", "foo"],
        );
    }

    #[test]
    fn the_first_wrong_type_hides_unknown_fields() {
        pod(
            "foo: 1, ports: [{containerPort: '80', hostPort: x}]",
            "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
            &["'80'"],
        );
        pod(
            "env: [{name: A, value: 8080}]",
            "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string",
            &["8080"],
        );
        pod(
            "ports: [{protocol: yes}]",
            "json: cannot unmarshal bool into Go struct field ContainerPort.spec.containers.ports.protocol of type v1.Protocol",
            &["yes"],
        );
        pod(
            "resources: {limits: 1Gi}",
            "json: cannot unmarshal string into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
            &["1Gi"],
        );
        pod(
            "command: [a, 1], args: b",
            "json: cannot unmarshal string into Go struct field Container.spec.containers.args of type []string",
            &["b"],
        );
        check(
            "{apiVersion: v1, kind: Pod, spec: [1]}",
            "json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec",
            &["[1]"],
        );
        check(
            "{apiVersion: v1, kind: Service, spec: {selector: web}}",
            "json: cannot unmarshal string into Go struct field ServiceSpec.spec.selector of type map[string]string",
            &["web"],
        );
        check(
            "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 99999999999}}",
            "json: cannot unmarshal number 99999999999 into Go struct field DeploymentSpec.spec.replicas of type int32",
            &["99999999999"],
        );
        check(
            "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 1.5}}",
            "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
            &["1.5"],
        );
    }

    #[test]
    fn types_with_code_of_their_own_end_the_walk() {
        pod(
            "args: 1, resources: {requests: {cpu: 1, memory: 1GB}}",
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
            &["1GB"],
        );
        pod("resources: {requests: {cpu: 0.5, memory: 1e3}}", "", &[]);
        let service = |port: &str, message: &str, marked: &[&str]| {
            check(
                &format!("{{apiVersion: v1, kind: Service, spec: {{ports: [{{targetPort: {port}}}]}}}}"),
                message,
                marked,
            );
        };
        service("http", "", &[]);
        service("80", "", &[]);
        service(
            "1.5",
            "json: cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.targetPort of type int32",
            &["1.5"],
        );
        service(
            "yes",
            "json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32",
            &["yes"],
        );
        check("{apiVersion: v1, kind: Secret, data: {a: cGFzcw==}}", "", &[]);
        check(
            "{apiVersion: v1, kind: Secret, data: {a: my_pass}}",
            "illegal base64 data at input byte 2",
            &["my_pass"],
        );
        check("{apiVersion: v1, kind: Pod, metadata: {creationTimestamp: null}}", "", &[]);
        check(
            "{apiVersion: v1, kind: Pod, metadata: {creationTimestamp: soon}}",
            "parsing time \"soon\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"soon\" as \"2006\"",
            &["soon"],
        );
    }

    #[test]
    fn fixes_turn_the_value_into_what_is_wanted() {
        let fixed = |text: &str| {
            let tree = manifest::parse(text).documents.remove(0).content.expect(text);
            let definition = schema::lookup("apps/v1", "Deployment").expect("built in");
            let problem = strict(&tree, definition).expect_err(text).problems.remove(0);
            let mut out = text.to_owned();
            for edit in problem.fix.expect("a fix").edits.iter().rev() {
                out.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            out
        };
        assert_eq!(fixed("spec: {replicas: \"3\"}"), "spec: {replicas: 3}");
        assert_eq!(fixed("spec: {paused: 'true'}"), "spec: {paused: true}");
        assert_eq!(fixed("spec: {replcias: 3}"), "spec: {replicas: 3}");
        assert_eq!(fixed("metadata: {labels: {on: 1.0}}"), "metadata: {labels: {on: \"1.0\"}}");
    }
}
