//! Events to nodes: aliases find their anchors.

use std::collections::BTreeMap;

use super::parser::{Event, Parser, Properties, What};
use super::token::Problem;

/// Index of a node in [`Nodes`].
pub(super) type NodeId = usize;

/// One node of a document.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    /// Byte offset of the first byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum NodeKind {
    Scalar {
        value: String,
        implicit: bool,
        tag: String,
    },
    Sequence(Vec<NodeId>),
    /// Keys and values in turn.
    Mapping(Vec<NodeId>),
    Alias {
        name: String,
        target: NodeId,
    },
}

/// The nodes of one document; the first is the root.
pub(super) type Nodes = Vec<Node>;

/// Reads the first document of a text; no nodes when there is none. Nothing after that document is looked at, as in go-yaml.
pub(super) fn compose(text: &str) -> Result<Nodes, Problem> {
    let mut parser = Parser::new(text);
    let mut composer = Composer::default();
    loop {
        let event = parser.next()?;
        match event.what {
            What::DocumentStart => {}
            What::DocumentEnd | What::StreamEnd => return Ok(composer.nodes),
            _ => composer.take(event)?,
        }
    }
}

#[derive(Default)]
struct Composer {
    nodes: Nodes,
    /// The collections that are open, outermost first.
    open: Vec<NodeId>,
    anchors: BTreeMap<String, NodeId>,
}

impl Composer {
    fn take(&mut self, event: Event) -> Result<(), Problem> {
        let (start, end) = (event.start, event.end);
        match event.what {
            What::Alias(name) => {
                let Some(&target) = self.anchors.get(&name) else {
                    return Err(Problem::decoder(start, end, format!("unknown anchor '{name}' referenced")));
                };
                self.add(NodeKind::Alias { name, target }, start, end);
            }
            What::Scalar { value, implicit, properties: Properties { anchor, tag } } => {
                let id = self.add(NodeKind::Scalar { value, implicit, tag }, start, end);
                self.name(anchor, id);
            }
            What::SequenceStart(properties) => {
                self.begin(NodeKind::Sequence(Vec::new()), properties, start, end);
            }
            What::MappingStart(properties) => {
                self.begin(NodeKind::Mapping(Vec::new()), properties, start, end);
            }
            What::SequenceEnd | What::MappingEnd => self.finish(start, end),
            What::DocumentStart | What::DocumentEnd | What::StreamEnd => {}
        }
        Ok(())
    }

    /// Adds a node to the innermost open collection.
    fn add(&mut self, kind: NodeKind, start: usize, end: usize) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(Node { kind, start, end });
        if let Some(&parent) = self.open.last()
            && let NodeKind::Sequence(children) | NodeKind::Mapping(children) = &mut self.nodes[parent].kind
        {
            children.push(id);
        }
        id
    }

    fn name(&mut self, anchor: String, id: NodeId) {
        if !anchor.is_empty() {
            self.anchors.insert(anchor, id);
        }
    }

    fn begin(&mut self, kind: NodeKind, properties: Properties, start: usize, end: usize) {
        let id = self.add(kind, start, end);
        self.name(properties.anchor, id);
        self.open.push(id);
    }

    /// Ends the innermost collection: at its bracket, or else where its last child ends.
    fn finish(&mut self, start: usize, end: usize) {
        let Some(id) = self.open.pop() else { return };
        let last = match &self.nodes[id].kind {
            NodeKind::Sequence(children) | NodeKind::Mapping(children) => children.last().copied(),
            _ => None,
        };
        let end =
            if end > start { end } else { last.map_or(self.nodes[id].end, |last| self.nodes[last].end) };
        self.nodes[id].end = end.max(self.nodes[id].start);
    }
}
