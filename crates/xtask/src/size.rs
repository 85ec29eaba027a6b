//! `cargo xtask size`: what a first visit transfers, after brotli as static hosts send it, against the budgets.

use std::path::Path;

use serde_json::json;

use crate::{setup, sh};

/// Everything that a first visit loads.
const FIRST_LOAD_BUDGET: usize = 500 * 1024;
/// All wasm of it.
const WASM_BUDGET: usize = 300 * 1024;

/// What is accepted until the budgets are met: lowered with every saving, never raised.
const CEILING: &str = "tests/size.ceiling";

/// What a first visit transfers, in bytes after brotli.
struct Sizes {
    files: Vec<(String, usize)>,
    first_load: usize,
    wasm: usize,
}

/// Prints the sizes; an error when a budget is exceeded.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let json = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["--format", "table"] => false,
        ["--format", "json"] => true,
        _ => return Err("size [--format table|json]".to_owned()),
    };
    let Sizes { files, first_load, wasm } = measure()?;
    if json {
        let sizes: serde_json::Map<_, _> =
            files.iter().map(|(name, size)| (name.clone(), json!(size))).collect();
        println!("{}", json!({ "first_load": first_load, "wasm": wasm, "files": sizes }));
    } else {
        for (name, size) in &files {
            let mark = if is_first_load(name) { ' ' } else { '-' };
            println!("{size:>9} {mark} {name}");
        }
        println!("{first_load:>9}   first load (budget {FIRST_LOAD_BUDGET})");
        println!("{wasm:>9}   of it wasm (budget {WASM_BUDGET})");
        println!("bytes after brotli; `-` marks files that a first visit does not load");
    }
    if first_load > FIRST_LOAD_BUDGET || wasm > WASM_BUDGET {
        return Err("a size budget is exceeded".to_owned());
    }
    Ok(())
}

/// For the tests: an error when the page has grown beyond what was reached before.
pub(crate) fn check() -> Result<(), String> {
    let Sizes { first_load, wasm, .. } = measure()?;
    let ceiling = setup::read(CEILING)?;
    for (name, size, budget) in [("first_load", first_load, FIRST_LOAD_BUDGET), ("wasm", wasm, WASM_BUDGET)] {
        let line = ceiling.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<usize>().ok());
        let reached = line.ok_or(format!("{CEILING} has no line for {name}"))?;
        println!("{name}: {size} bytes; budget {budget}, reached so far {reached}");
        if size > reached.max(budget) {
            return Err(format!("{name} grew from {reached} to {size} bytes"));
        }
        if size > budget {
            println!("{name} is over its budget: a known gap (docs/differences.md)");
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
    let first_load = sum(&is_first_load);
    let wasm = sum(&|name| is_first_load(name) && has_extension(name, "wasm"));
    Ok(Sizes { files, first_load, wasm })
}

/// Everything counts but what only a later visit or a reader of the page's source loads.
fn is_first_load(name: &str) -> bool {
    !has_extension(name, "map") && !has_extension(name, "txt") && !has_extension(name, "png")
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
