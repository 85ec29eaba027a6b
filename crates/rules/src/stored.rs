//! What the API server stored of each object of the manifest, with what it added marked: defaults, admission and allocated
//! addresses and ports, before any controller has seen it.

use std::rc::Rc;

use api::kubectl::{Applied, LAST_APPLIED};
use api::server::Server;
use manifest::sorted::SortedSet;
use manifest::{Tree, to_yaml};

use crate::report::{StoredLine, StoredObject};

/// At most this many lines are reported, over all objects.
const MAX_LINES: usize = 4_000;

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
        objects.push(StoredObject { name: name(server, &tree), span: document, lines });
    }
    objects
}

/// `deployment.apps/web`, as kubectl names objects (PIPE-5).
fn name(server: &Server, tree: &Tree) -> String {
    let resource = server.resource(tree.str_at(&["apiVersion"]), tree.str_at(&["kind"]));
    let name = tree.str_at(&["metadata", "name"]);
    resource.map_or_else(|| name.to_owned(), |resource| resource.kubectl_name(name))
}

/// The object without kubectl's own memory of the manifest, which is the whole text once more.
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
