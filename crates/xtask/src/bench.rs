//! `cargo xtask bench`: how fast the scenes of `tests/bench` run, against kube-scheduler's rates and against what was reached before.
//!
//! Timings are noisy: what counts is the ratio in one run, on a machine that does nothing else. Instructions are not, so they have a
//! ceiling. None of this is part of `cargo xtask test`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::build::SMALL_STD;
use crate::{setup, sh};

const PACKAGE: &str = "tests/bench/Cargo.toml";

/// How many times as fast as kube-scheduler.
const NATIVE_GOAL: f64 = 100.0;
const WASM_GOAL: f64 = 40.0;

/// The most that a scene of 150,000 pods may take natively.
const LARGE_PODS: u32 = 150_000;
const LARGE_SECONDS: f64 = 60.0;
const LARGE_BYTES: u64 = 1 << 30;

/// The most that reading a text of 40 KB may take natively.
const READING: &str = "read-40k";
const READING_SECONDS: f64 = 0.010;

/// Thousands of instructions that each pod of a scene has been brought down to: lowered with every saving, raised only by a commit
/// that says for what. Compilers differ a little.
const CEILING: &str = "tests/bench/instructions.ceiling";
const TOLERANCE: f64 = 1.03;

/// What a scene is called, and what it is.
struct Scene {
    name: String,
    nodes: u32,
    pods: u32,
    /// Pods a second that kube-scheduler bound.
    reference: Option<f64>,
}

impl Scene {
    /// A line of the package's list: name, nodes, pods and kube-scheduler's rate, 0 when there is none.
    fn of(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        Some(Self {
            name: words.next()?.to_owned(),
            nodes: words.next()?.parse().ok()?,
            pods: words.next()?.parse().ok()?,
            reference: words.next()?.parse().ok().filter(|rate| *rate > 0.0),
        })
    }
}

/// What one scene took: the median of its runs.
struct Measured {
    seconds: f64,
    /// The most memory that the process, or the WebAssembly instance, has had.
    bytes: Option<u64>,
}

/// Measures all scenes, or those whose name has `filter` in it.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (options, filters): (Vec<&String>, Vec<&String>) = args.iter().partition(|arg| arg.starts_with("--"));
    let filter = match filters[..] {
        [] => "",
        [filter] => filter,
        _ => return Err("bench [--wasm | --instructions] [SCENE]".to_owned()),
    };
    match options.iter().map(|option| option.as_str()).collect::<Vec<_>>()[..] {
        [] => table(&scenes(filter)?, NATIVE_GOAL, natively),
        ["--wasm"] => {
            let module = node_module()?;
            table(&scenes(filter)?, WASM_GOAL, |scene| in_node(&module, scene))
        }
        ["--instructions"] => instructions(&scenes(filter)?),
        _ => Err("bench [--wasm | --instructions] [SCENE]".to_owned()),
    }
}

/// Measures each scene and prints the table of docs/performance.md; an error when a goal is missed.
fn table(
    scenes: &[Scene],
    goal: f64,
    measure: impl Fn(&Scene) -> Result<Measured, String>,
) -> Result<(), String> {
    let mut table = String::from(
        "| scene | nodes | pods | seconds | pods/s | kube-scheduler | times as fast | memory |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut missed = Vec::new();
    for scene in scenes {
        let Scene { name, nodes, pods, reference } = scene;
        let Measured { seconds, bytes } = measure(scene)?;
        let rate = f64::from(*pods) / seconds;
        let ratio = reference.map(|reference| rate / reference);
        let shown = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.0}"));
        let memory = bytes.map_or_else(String::new, |bytes| format!("{} MiB", bytes >> 20));
        let (reference, times) = (shown(*reference), shown(ratio));
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "| {name} | {nodes} | {pods} | {seconds:.3} | {rate:.0} | {reference} | {times} | {memory} |"
        );
        let is_large = *pods >= LARGE_PODS;
        let is_slow_to_read = name == READING && goal >= NATIVE_GOAL && seconds > READING_SECONDS;
        if is_slow_to_read
            || ratio.is_some_and(|ratio| ratio < goal)
            || (is_large && (seconds > LARGE_SECONDS || bytes.is_some_and(|bytes| bytes > LARGE_BYTES)))
        {
            missed.push(name.as_str());
        }
    }
    println!("\n{table}");
    if missed.is_empty() { Ok(()) } else { Err(format!("too slow or too large: {}", missed.join(", "))) }
}

/// The scenes whose name has `filter` in it.
fn scenes(filter: &str) -> Result<Vec<Scene>, String> {
    let list = once(&[])?;
    let scenes: Vec<Scene> =
        list.lines().filter_map(Scene::of).filter(|scene| scene.name.contains(filter)).collect();
    if scenes.is_empty() { Err(format!("no scene is called `{filter}`:\n{list}")) } else { Ok(scenes) }
}

/// Criterion measures the time, and a process of its own the memory.
fn natively(scene: &Scene) -> Result<Measured, String> {
    let home = target().join("criterion");
    let name = &scene.name;
    let line = format!("cargo bench --manifest-path {PACKAGE} --profile native --bench scenes");
    let mut cargo = sh::command("cargo");
    cargo
        .args(line.split(' ').skip(1))
        .args(["--", "--exact", &format!("scenes/{name}")])
        .env("CRITERION_HOME", &home);
    sh::run_command(&mut cargo, &format!("{line} -- --exact scenes/{name}"))?;
    let estimates = home.join("scenes").join(name).join("new/estimates.json");
    let estimates = setup::read(&estimates.to_string_lossy())?;
    let estimates: Value = serde_json::from_str(&estimates).map_err(|error| error.to_string())?;
    let nanoseconds = estimates["median"]["point_estimate"].as_f64().ok_or("criterion gave no median")?;
    let peak = once(&[name])?.lines().find_map(|line| line.strip_suffix(" KiB at most")?.parse::<u64>().ok());
    Ok(Measured { seconds: nanoseconds / 1e9, bytes: peak.map(|peak| peak << 10) })
}

/// Runs a scene in Node.js.
fn in_node(module: &str, scene: &Scene) -> Result<Measured, String> {
    let line = format!("node tests/bench/node.mjs {module} {}", scene.name);
    eprintln!("$ {line}");
    let printed = sh::output(&line).ok_or(format!("`{line}` failed"))?;
    let measured: Value = serde_json::from_str(&printed).map_err(|error| error.to_string())?;
    let milliseconds = measured["median"].as_f64().ok_or(format!("{printed} has no median"))?;
    Ok(Measured { seconds: milliseconds / 1e3, bytes: measured["bytes"].as_u64() })
}

/// Builds the scenes as the page is built, for Node.js.
fn node_module() -> Result<String, String> {
    setup::page()?;
    let line = format!(
        "cargo rustc --release --lib --crate-type cdylib --manifest-path {PACKAGE} --target wasm32-unknown-unknown"
    );
    let mut cargo = sh::command("cargo");
    cargo.args(line.split(' ').skip(1)).envs(SMALL_STD);
    sh::run_command(&mut cargo, &line)?;
    let wasm = target().join("wasm32-unknown-unknown/release/bench.wasm");
    let folder = target().join("bench-node");
    sh::run(&format!("wasm-bindgen --target nodejs --out-dir {} {}", folder.display(), wasm.display()))?;
    // wasm-bindgen writes CommonJS; the package.json above this folder says that scripts are modules.
    setup::write(&folder.join("package.json"), "{ \"type\": \"commonjs\" }\n")?;
    Ok(folder.join("bench.js").display().to_string())
}

/// Counts the instructions of the small scenes with valgrind, and holds them to the ceiling.
fn instructions(scenes: &[Scene]) -> Result<(), String> {
    if sh::output("valgrind --version").is_none() {
        return Err("valgrind is needed (on Debian: apt-get install valgrind)".to_owned());
    }
    let ceiling = setup::read(CEILING)?;
    let mut exceeded = Vec::new();
    for (name, limit) in ceiling.lines().filter_map(|line| line.split_once(' ')) {
        let Some(scene) = scenes.iter().find(|scene| scene.name == name) else { continue };
        let limit: f64 = limit.trim().parse().map_err(|_| format!("{CEILING}: {name} has no number"))?;
        let thousands = counted(scene)? / f64::from(scene.pods) / 1e3;
        println!("{name}: {thousands:.1} thousand instructions a pod, of at most {limit}");
        if thousands > limit * TOLERANCE {
            exceeded.push(name);
        }
    }
    if exceeded.is_empty() {
        Ok(())
    } else {
        Err(format!("more instructions than before: {}", exceeded.join(", ")))
    }
}

/// The instructions of a whole scene, without what comes before it.
fn counted(scene: &Scene) -> Result<f64, String> {
    let mut valgrind = sh::command("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=once::measured"])
        .arg(target().join("native/once"))
        .arg(&scene.name);
    let output = valgrind.output().map_err(|error| format!("valgrind could not be started: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stderr);
    let collected = printed.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    collected.filter(|count| *count > 0.0).ok_or(format!("valgrind counted nothing:\n{printed}"))
}

/// What the program for single runs prints; without a scene, the list of all.
fn once(args: &[&str]) -> Result<String, String> {
    let build = format!("cargo build --quiet --manifest-path {PACKAGE} --profile native --bin once");
    sh::run(&build)?;
    let output = Command::new(target().join("native/once")).args(args).output();
    let output = output.map_err(|error| format!("once could not be started: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("once {} failed: {}", args.join(" "), String::from_utf8_lossy(&output.stderr)))
    }
}

/// Where the package is built.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| sh::root().join("tests/bench/target"), PathBuf::from)
}
