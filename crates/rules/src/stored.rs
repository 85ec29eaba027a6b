//! What the API server stored of each object of the manifest, with what it added marked: defaults, admission and allocated
//! addresses and ports, before any controller has seen it.

use std::rc::Rc;

use api::kubectl::Applied;
use api::server::{Server, split_api_version};
use manifest::sorted::SortedSet;
use manifest::{Tree, to_yaml};

use crate::report::{StoredLine, StoredObject};

/// At most this many lines are reported, over all objects.
const MAX_LINES: usize = 4_000;

/// kubectl's own memory of the manifest: the whole text once more.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The objects that were applied, in the order of the text, as long as there is room.
pub(crate) fn objects(server: &Server, applied: &Applied) -> Vec<StoredObject> {
    let (mut objects, mut seen, mut room) = (Vec::new(), SortedSet::new(), MAX_LINES);
    for &(uid, document, _) in &applied.created {
        let Some(tree) = server.tree(uid).filter(|_| seen.insert(uid)) else { continue };
        let lines: Vec<StoredLine> = to_yaml(&shown(&tree))
            .into_iter()
            .map(|line| StoredLine { text: line.text, added: line.added })
            .collect();
        room = room.saturating_sub(lines.len());
        if room == 0 {
            break;
        }
        objects.push(StoredObject { name: name(&tree), span: document, lines });
    }
    objects
}

/// `deployment.apps/web`, as kubectl names objects (PIPE-5).
fn name(tree: &Tree) -> String {
    let (group, _) = split_api_version(tree.str_at(&["apiVersion"]));
    let (kind, name) = (tree.str_at(&["kind"]).to_lowercase(), tree.str_at(&["metadata", "name"]));
    if group.is_empty() { format!("{kind}/{name}") } else { format!("{kind}.{group}/{name}") }
}

fn shown(tree: &Rc<Tree>) -> Tree {
    let mut tree = Tree::clone(tree);
    let Some(metadata) = tree.get_mut("metadata").and_then(Tree::as_map_mut) else { return tree };
    if let Some(annotations) = metadata.get_mut("annotations") {
        let is_added = annotations.span.is_none();
        if let Some(map) = annotations.as_map_mut() {
            map.remove(LAST_APPLIED);
            if map.is_empty() && is_added {
                metadata.remove("annotations");
            }
        }
    }
    tree
}
