//! `kubectl set image KIND/NAME CONTAINER=IMAGE...`.

use manifest::Tree;

use super::command::{Arguments, Output};
use super::failure::{self, Failure};
use crate::server::{ApiError, Server, quote};

pub(super) fn run(server: &mut Server, arguments: &Arguments<'_>) -> Output {
    let (resource, words) = match arguments.targets(server) {
        Ok(targets) => targets,
        Err(output) => return output,
    };
    let images: Vec<(&str, &str)> = words.iter().filter_map(|word| word.split_once('=')).collect();
    let mut output = Output::default();
    for name in words.iter().filter(|word| !word.contains('=')) {
        let found = server.find(&resource, arguments.namespace(), name);
        let Some((uid, old)) = found.and_then(|uid| Some((uid, server.tree(uid)?))) else {
            output.extend(Output::refused(&ApiError::not_found(&resource, name)));
            continue;
        };
        let mut tree = Tree::clone(&old);
        if let Some(missing) = images.iter().find(|(container, image)| !set(&mut tree, container, image)) {
            output.extend(Output::error(&format!("unable to find container named {}", quote(missing.0))));
            continue;
        }
        if tree == *old {
            continue;
        }
        match server.update(uid, tree) {
            Ok(()) => output.stdout.push(format!("{} image updated", resource.kubectl_name(name))),
            Err(error) => {
                let failure = Failure::api(error, String::new(), &resource, name);
                output.extend(Output { stderr: failure::lines(vec![failure]), exit: 1, ..Output::default() });
            }
        }
    }
    output
}

/// Gives containers of this name, or all for `*`, another image. Whether there was one.
fn set(tree: &mut Tree, name: &str, image: &str) -> bool {
    const SPECS: [&[&str]; 3] =
        [&["spec", "jobTemplate", "spec", "template", "spec"], &["spec", "template", "spec"], &["spec"]];
    let Some(path) = SPECS.iter().find(|path| tree.at(path).is_some()) else { return false };
    let mut found = false;
    for list in ["initContainers", "containers"] {
        let containers = tree.at_mut(path).and_then(|spec| spec.get_mut(list)).and_then(Tree::as_list_mut);
        for container in containers.into_iter().flatten() {
            if name == "*" || container.str_at(&["name"]) == name {
                found = true;
                if let Some(map) = container.as_map_mut() {
                    map.insert("image", Tree::added(image));
                }
            }
        }
    }
    found
}
