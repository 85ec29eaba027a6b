//! Dependencies between the crates only point down, and nothing below the page knows the web (ARCHITECTURE.md).

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// What each crate may depend on within the workspace. `tests` and `xtask` are tooling: nobody depends on them.
const ALLOWED: [(&str, &[&str]); 11] = [
    ("manifest", &[]),
    ("api", &["manifest"]),
    ("controllers", &["api", "manifest"]),
    ("scheduler", &["api", "manifest"]),
    ("reach", &["api", "manifest"]),
    ("checks", &["api", "manifest"]),
    ("rules", &["reach", "checks", "controllers", "scheduler", "api", "manifest"]),
    ("web", &["rules"]),
    ("cli", &["rules"]),
    ("xtask", &["rules", "api", "manifest"]),
    ("tests", &["rules", "reach", "checks", "controllers", "scheduler", "api", "manifest"]),
];

/// Crates that need a browser; a name that ends in `*` is a prefix.
const WEB: [&str; 6] = ["yew*", "gloo*", "web-sys", "js-sys", "wasm-bindgen*", "console_error_panic_hook"];

/// The only member that may use them.
const WEB_CRATE: &str = "web";

/// Names of the dependencies of each member, development and build dependencies included.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// What is wrong with a graph, one line for each edge.
fn violations(graph: &Graph) -> Vec<String> {
    let mut wrong = Vec::new();
    for (member, dependencies) in graph {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| name == member) else {
            wrong.push(format!("{member} has no place in the layers"));
            continue;
        };
        for dependency in dependencies {
            if graph.contains_key(dependency) && !allowed.contains(&dependency.as_str()) {
                wrong.push(format!("{member} -> {dependency}"));
            }
            if member != WEB_CRATE && WEB.iter().any(|pattern| is_named(pattern, dependency)) {
                wrong.push(format!("{member} -> {dependency} (web)"));
            }
        }
    }
    wrong
}

fn is_named(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(name == pattern, |prefix| name.starts_with(prefix))
}

/// The workspace as cargo sees it.
fn workspace() -> Graph {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs, since it runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let text = |value: &Value| value.as_str().expect("names are strings").to_owned();
    let packages = metadata["packages"].as_array().expect("a workspace has packages");
    let names = |package: &Value| {
        let dependencies = package["dependencies"].as_array().expect("a package lists its dependencies");
        dependencies.iter().map(|dependency| text(&dependency["name"])).collect()
    };
    packages.iter().map(|package| (text(&package["name"]), names(package))).collect()
}

#[test]
fn the_workspace_is_layered() {
    let graph = workspace();
    assert_eq!(violations(&graph), Vec::<String>::new());
    assert_eq!(graph.len(), ALLOWED.len(), "a layer without its crate: {:?}", graph.keys());
}

#[test]
fn wrong_edges_are_found() {
    let check = |member: &str, dependency: &str, expected: &[&str]| {
        let mut graph: Graph =
            ALLOWED.iter().map(|(name, _)| ((*name).to_owned(), BTreeSet::new())).collect();
        graph.entry(member.to_owned()).or_default().insert(dependency.to_owned());
        assert_eq!(violations(&graph), expected, "{member} -> {dependency}");
    };
    check("web", "rules", &[]);
    check("web", "gloo-worker", &[]);
    check("web", "scheduler", &["web -> scheduler"]);
    check("scheduler", "controllers", &["scheduler -> controllers"]);
    check("manifest", "api", &["manifest -> api"]);
    check("rules", "web", &["rules -> web"]);
    check("reach", "wasm-bindgen-futures", &["reach -> wasm-bindgen-futures (web)"]);
    check("cli", "yew", &["cli -> yew (web)"]);
    check("new", "serde", &["new has no place in the layers"]);
}
