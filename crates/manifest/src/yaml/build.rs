//! Nodes to the value tree: scalars get their types, aliases and merge keys are resolved, keys become strings.

use std::ops::Range;

use crate::{Entry, Map, Number, Span, Tree, Value};

use super::compose::{Node, NodeId, NodeKind, Nodes};
use super::entries::Entries;
use super::go_syntax;
use super::resolve::{Scalar, TAG_PREFIX, resolve};
use super::token::Problem;

/// How deep a document may be nested.
///
/// DIFFERENCE: go-yaml allows 10000 levels; every later stage recurses over the tree, and no manifest has 50.
pub(crate) const MAX_DEPTH: usize = 250;
/// How many bytes of text aliases may repeat.
///
/// DIFFERENCE: go-yaml bounds the number of repeated nodes only, because in Go they share their text.
const MAX_ALIASED_BYTES: usize = 16 << 20;
/// How many nodes aliases may repeat.
///
/// DIFFERENCE: go-yaml's bound grows with the document; a page has less memory.
const MAX_ALIASED_NODES: usize = 500_000;

/// The value of the document that stands at a range of the file, and the keys that a later one of the same name replaces
/// (YAML-11).
pub(super) fn build(nodes: &Nodes, range: Range<usize>) -> Result<(Tree, Vec<Span>), Problem> {
    let mut builder = Builder {
        nodes,
        range,
        expanding: Vec::new(),
        decoded: 0,
        aliased: 0,
        bytes: 0,
        depth: 0,
        late: None,
        duplicates: Vec::new(),
    };
    if nodes.is_empty() {
        return Ok((Tree::default(), Vec::new()));
    }
    let tree = builder.value(0)?;
    match builder.late {
        Some(problem) => Err(problem),
        None => Ok((tree, builder.duplicates)),
    }
}

struct Builder<'a> {
    nodes: &'a Nodes,
    /// Where the document stands: its start is added to every offset, and nothing ends after it.
    range: Range<usize>,
    /// The aliases being expanded, outermost first.
    expanding: Vec<NodeId>,
    decoded: usize,
    aliased: usize,
    bytes: usize,
    depth: usize,
    /// The first problem of the conversion to JSON, which go-yaml begins when everything has been decoded.
    late: Option<Problem>,
    duplicates: Vec<Span>,
}

impl<'a> Builder<'a> {
    fn node(&self, id: NodeId) -> &'a Node {
        &self.nodes[id]
    }

    fn span(&self, id: NodeId) -> Span {
        let node = self.node(id);
        let place = |offset: usize| (self.range.start + offset).min(self.range.end);
        Span::new(place(node.start), place(node.end))
    }

    fn problem(&self, id: NodeId, what: impl Into<String>) -> Problem {
        let node = self.node(id);
        Problem::decoder(node.start, node.end, what)
    }

    fn late(&mut self, id: NodeId, what: String) {
        let problem = Problem { in_json: true, ..self.problem(id, what) };
        self.late.get_or_insert(problem);
    }

    /// Counts a visit of a node, and refuses documents that are mostly aliases.
    fn visit(&mut self, id: NodeId) -> Result<(), Problem> {
        self.decoded += 1;
        if !self.expanding.is_empty() {
            self.aliased += 1;
        }
        let excessive = self.aliased > 100
            && self.decoded > 1000
            && self.aliased as f64 / self.decoded as f64 > allowed_alias_ratio(self.decoded);
        if excessive || self.aliased > MAX_ALIASED_NODES || self.bytes > MAX_ALIASED_BYTES {
            return Err(self.problem(id, "document contains excessive aliasing"));
        }
        Ok(())
    }

    fn value(&mut self, id: NodeId) -> Result<Tree, Problem> {
        self.visit(id)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem(id, format!("exceeded max depth of {MAX_DEPTH}")));
        }
        let value = match &self.node(id).kind {
            NodeKind::Alias { name, target } => {
                self.enter(id, name)?;
                let tree = self.value(*target)?;
                self.expanding.pop();
                self.depth -= 1;
                return Ok(tree);
            }
            NodeKind::Scalar { .. } => self.scalar(id)?,
            NodeKind::Sequence(children) => {
                let mut items = Vec::with_capacity(children.len());
                for &child in children {
                    items.push(self.value(child)?);
                }
                Value::List(items)
            }
            NodeKind::Mapping(children) => {
                let mut entries = Entries::default();
                self.mapping(children, &mut entries)?;
                Value::Map(Map::from_unique(entries.into_vec()))
            }
        };
        self.depth -= 1;
        Ok(Tree { value, span: Some(self.span(id)) })
    }

    fn enter(&mut self, id: NodeId, name: &str) -> Result<(), Problem> {
        if self.expanding.contains(&id) {
            return Err(self.problem(id, format!("anchor '{name}' value contains itself")));
        }
        self.expanding.push(id);
        Ok(())
    }

    /// Adds the pairs of a mapping to `entries`, in order, merges included (YAML-10).
    fn mapping(&mut self, children: &[NodeId], entries: &mut Entries) -> Result<(), Problem> {
        let merges = children.chunks_exact(2).any(|pair| is_merge(self.node(pair[0])));
        for pair in children.chunks_exact(2) {
            let (key, value) = (pair[0], pair[1]);
            if is_merge(self.node(key)) {
                self.merge(value, entries)?;
                continue;
            }
            let name = self.key(key, value)?;
            let value = self.value(value)?;
            let replaced = entries.set(Entry { key: name, key_span: Some(self.span(key)), value });
            // What an alias repeats was counted where it is written, and merges replace keys on purpose.
            if let Some(span) = replaced.filter(|_| self.expanding.is_empty() && !merges) {
                self.duplicates.push(span);
            }
        }
        Ok(())
    }

    fn merge(&mut self, id: NodeId, entries: &mut Entries) -> Result<(), Problem> {
        if let NodeKind::Sequence(children) = &self.node(id).kind {
            // From the last to the first, so that the first wins.
            for &child in children.iter().rev() {
                self.merge_one(child, entries)?;
            }
            return Ok(());
        }
        self.merge_one(id, entries)
    }

    fn merge_one(&mut self, id: NodeId, entries: &mut Entries) -> Result<(), Problem> {
        let (alias, target) = match &self.node(id).kind {
            NodeKind::Alias { name, target } => (Some(name), *target),
            _ => (None, id),
        };
        let NodeKind::Mapping(children) = &self.node(target).kind else {
            return Err(self.problem(id, "map merge requires map or sequence of maps as the value"));
        };
        self.visit(id)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem(id, format!("exceeded max depth of {MAX_DEPTH}")));
        }
        if let Some(name) = alias {
            self.enter(id, name)?;
            self.visit(target)?;
        }
        self.mapping(children, entries)?;
        if alias.is_some() {
            self.expanding.pop();
        }
        self.depth -= 1;
        Ok(())
    }

    /// The key of an entry as a string (YAML-9).
    fn key(&mut self, id: NodeId, value: NodeId) -> Result<String, Problem> {
        let key = self.value(id)?;
        let mut target = id;
        while let NodeKind::Alias { target: next, .. } = self.node(target).kind {
            target = next;
        }
        let uint = self.late.is_none() && go_syntax::is_uint(self.node(target));
        match key.value {
            Value::String(text) => Ok(text),
            Value::Bool(value) => Ok(value.to_string()),
            Value::List(_) | Value::Map(_) => {
                Err(self.problem(id, format!("invalid map key: {}", go_syntax::of(self.nodes, target))))
            }
            Value::Null => {
                let value = go_syntax::argument(self.nodes, value);
                self.late(id, format!("unsupported map key of type: %!s(<nil>), key: <nil>, value: {value}"));
                Ok(String::new())
            }
            Value::Number(_) if uint => {
                let (key, value) =
                    (go_syntax::argument(self.nodes, target), go_syntax::argument(self.nodes, value));
                self.late(id, format!("unsupported map key of type: uint64, key: {key}, value: {value}"));
                Ok(String::new())
            }
            Value::Number(_) => Ok(match go_syntax::scalar(self.node(target)) {
                Some(Scalar::Float(value)) => go_syntax::short_float(value),
                Some(Scalar::Int(value)) => value.to_string(),
                _ => String::new(),
            }),
        }
    }

    fn scalar(&mut self, id: NodeId) -> Result<Value, Problem> {
        let NodeKind::Scalar { value, implicit, tag } = &self.node(id).kind else { return Ok(Value::Null) };
        if !self.expanding.is_empty() {
            self.bytes += value.len();
        }
        if tag.is_empty() && !implicit {
            return Ok(Value::String(value.clone()));
        }
        if tag.strip_prefix(TAG_PREFIX) == Some("binary") {
            let decoded = crate::base64::decode(value)
                .map_err(|_| self.problem(id, "!!binary value contains invalid base64 data"))?;
            return Ok(Value::String(String::from_utf8_lossy(&decoded).into_owned()));
        }
        match resolve(tag, value) {
            Err(what) => Err(self.problem(id, what)),
            Ok(Scalar::Null) => Ok(Value::Null),
            Ok(Scalar::Bool(value)) => Ok(Value::Bool(value)),
            Ok(Scalar::Int(value)) => Ok(Value::Number(Number::Int(value))),
            Ok(Scalar::Uint(value)) => Ok(Value::Number(Number::of_json(value as f64))),
            Ok(Scalar::Float(value)) if value.is_finite() => Ok(Value::Number(Number::of_json(value))),
            Ok(Scalar::Float(value)) => {
                let name = if value.is_nan() {
                    "NaN"
                } else if value > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                self.late(id, format!("json: unsupported value: {name}"));
                Ok(Value::Null)
            }
            Ok(Scalar::String | Scalar::Timestamp | Scalar::Merge) => Ok(Value::String(value.clone())),
        }
    }
}

fn is_merge(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar { value, implicit, tag } => {
            value == "<<" && (*implicit || tag.strip_prefix(TAG_PREFIX) == Some("merge"))
        }
        _ => false,
    }
}

/// Which part of the visits may come from aliases: 99 % up to 400,000 visits, then less and less, down to 10 % at 4,000,000.
fn allowed_alias_ratio(decoded: usize) -> f64 {
    const LOW: usize = 400_000;
    const HIGH: usize = 4_000_000;
    match decoded {
        0..=LOW => 0.99,
        HIGH.. => 0.10,
        _ => 0.99 - 0.89 * ((decoded - LOW) as f64 / (HIGH - LOW) as f64),
    }
}
