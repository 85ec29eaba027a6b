//! `cargo xtask size`: what the page transfers, after brotli as static hosts send it, against the budgets.
//!
//! A first visit shows an example with its prepared answer and loads nothing else. The engine follows when the visitor touches the
//! page, or at once when a link brings a manifest of its own. `tests/e2e/loading.spec.mjs` holds what is counted here against what
//! a browser really asks for.

use std::path::Path;

use serde_json::json;

use crate::{setup, sh};

/// Everything that a first visit loads.
const FIRST_LOAD_BUDGET: usize = 500 * 1024;
/// All wasm of it.
const WASM_BUDGET: usize = 300 * 1024;

/// What the engine has been brought down to: lowered with every saving, raised only by a commit that says for what.
const CEILING: &str = "tests/size.ceiling";

/// The files of the engine begin so.
const ENGINE: &str = "worker";
/// What is fetched when somebody asks for it, and the answer that a first visit shows.
const FETCHED: [&str; 2] = ["answers/", "explanations/"];
const FIRST_ANSWER: &str = "answers/five-pods-four-nodes.bin";

/// When a file is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// At a first visit.
    First,
    /// With the first question that no prepared answer answers.
    Engine,
    /// When somebody asks for it.
    Later,
}

impl When {
    fn of(name: &str) -> Self {
        if name.starts_with(ENGINE) {
            Self::Engine
        } else if FETCHED.iter().any(|folder| name.starts_with(folder)) && name != FIRST_ANSWER {
            Self::Later
        } else {
            Self::First
        }
    }
}

/// Bytes after brotli.
struct Sizes {
    files: Vec<(String, usize)>,
    first_load: usize,
    /// The wasm of the first load.
    wasm: usize,
    engine: usize,
}

/// Prints the sizes; an error when a budget is exceeded.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let json = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["--format", "table"] => false,
        ["--format", "json"] => true,
        _ => return Err("size [--format table|json]".to_owned()),
    };
    let Sizes { files, first_load, wasm, engine } = measure()?;
    if json {
        let loaded = |when: When| -> serde_json::Map<_, _> {
            let files = files.iter().filter(|(name, _)| When::of(name) == when);
            files.map(|(name, size)| (name.clone(), json!(size))).collect()
        };
        let files = json!({
            "first_load": loaded(When::First),
            "engine": loaded(When::Engine),
            "later": loaded(When::Later),
        });
        println!("{}", json!({ "first_load": first_load, "wasm": wasm, "engine": engine, "files": files }));
    } else {
        for (name, size) in &files {
            let mark = match When::of(name) {
                When::First => ' ',
                When::Engine => 'e',
                When::Later => '-',
            };
            println!("{size:>9} {mark} {name}");
        }
        println!("{first_load:>9}   first load (budget {FIRST_LOAD_BUDGET})");
        println!("{wasm:>9}   of it wasm (budget {WASM_BUDGET})");
        println!("{engine:>9} e engine, loaded when the visitor touches the page or comes by a link");
        println!("bytes after brotli; `-` marks what is loaded only when somebody asks for it");
    }
    if first_load > FIRST_LOAD_BUDGET || wasm > WASM_BUDGET {
        return Err("a size budget is exceeded".to_owned());
    }
    Ok(())
}

/// For the tests: an error when a budget is exceeded, or the engine has grown beyond what was reached before.
pub(crate) fn check() -> Result<(), String> {
    let Sizes { first_load, wasm, engine, .. } = measure()?;
    let ceiling = setup::read(CEILING)?;
    let reached = ceiling.lines().find_map(|line| line.strip_prefix("engine")?.trim().parse::<usize>().ok());
    let reached = reached.ok_or(format!("{CEILING} has no line for the engine"))?;
    let limits = [
        ("first load", first_load, FIRST_LOAD_BUDGET),
        ("wasm of it", wasm, WASM_BUDGET),
        ("engine", engine, reached),
    ];
    for (name, size, limit) in limits {
        println!("{name}: {size} bytes of at most {limit}");
        if size > limit {
            return Err(format!("{name}: {size} bytes are more than {limit}"));
        }
    }
    Ok(())
}

fn measure() -> Result<Sizes, String> {
    let mut files = Vec::new();
    collect(&sh::root().join("dist"), "", &mut files)?;
    files.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let sum = |wanted: &dyn Fn(&str) -> bool| -> usize {
        files.iter().filter(|(name, _)| wanted(name)).map(|(_, size)| size).sum()
    };
    let first_load = sum(&|name| When::of(name) == When::First);
    let wasm = sum(&|name| When::of(name) == When::First && has_extension(name, "wasm"));
    let engine = sum(&|name| When::of(name) == When::Engine);
    Ok(Sizes { files, first_load, wasm, engine })
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

/// All files below `folder` with their compressed sizes in bytes.
#[expect(clippy::disallowed_methods, reason = "a command line tool reads files")]
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, usize)>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|_| "dist/ is missing: run `cargo xtask build` first")?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else {
            let bytes = std::fs::read(&path).map_err(|error| format!("{name}: {error}"))?;
            files.push((name, compressed(&bytes)));
        }
    }
    Ok(())
}

/// Size after brotli at its best quality.
fn compressed(bytes: &[u8]) -> usize {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).expect("memory does not fail");
    out.len()
}
