//! `cargo xtask test`: everything that must hold before a change lands, cheapest first.

use crate::{build, setup, sh, size};

/// One part; each can be run alone.
struct Part {
    option: &'static str,
    run: fn() -> Result<(), String>,
}

const PARTS: [Part; 4] = [
    Part { option: "--lint", run: lint },
    Part { option: "--engine", run: engine },
    Part { option: "--wasm", run: wasm },
    Part { option: "--e2e", run: end_to_end },
];

/// Runs the parts that are named, or all of them, and stops at the first that fails.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if let Some(unknown) = args.iter().find(|arg| PARTS.iter().all(|part| part.option != arg.as_str())) {
        return Err(format!("unknown option {unknown}"));
    }
    for part in PARTS.iter().filter(|part| args.is_empty() || args.iter().any(|arg| arg == part.option)) {
        eprintln!("\n== {}", part.option.trim_start_matches('-'));
        (part.run)()?;
    }
    Ok(())
}

/// Format and lints, for this machine and for wasm32.
fn lint() -> Result<(), String> {
    setup::rust_target()?;
    sh::run("cargo fmt --all --check")?;
    sh::run("cargo clippy --quiet --workspace --all-targets -- -D warnings")?;
    sh::run("cargo clippy --quiet --package web --target wasm32-unknown-unknown -- -D warnings")?;
    if sh::output("cargo deny --version").is_some() {
        sh::run("cargo deny --offline check bans licenses sources")?;
    } else {
        eprintln!("skipped: cargo-deny is not installed");
    }
    Ok(())
}

/// Unit tests, suite, layering, and the score against the recordings; the corpus where it is present.
fn engine() -> Result<(), String> {
    sh::run("cargo test --quiet --workspace")?;
    sh::native_tool("conformance", &[])?;
    sh::native_tool("corpus", &[])
}

/// The same rules as WebAssembly, in a headless browser, against what they answer natively.
fn wasm() -> Result<(), String> {
    setup::page()?;
    setup::browser()?;
    let cases = sh::root().join("target/browser-cases.json");
    let native = sh::output("cargo run --quiet --profile native --package tests --bin browser_cases");
    setup::write(&cases, &native.ok_or("the cases of the browser test could not be written")?)?;
    let mut cargo = sh::command("cargo");
    cargo
        .args(["test", "--package", "web", "--target", "wasm32-unknown-unknown", "--test", "browser"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("BROWSER_CASES", cases)
        .env("CHROMEDRIVER", "/usr/bin/chromedriver")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    sh::run_command(&mut cargo, "cargo test --package web --target wasm32-unknown-unknown --test browser")
}

/// The release build, its size, and the tests that use it as a person would.
fn end_to_end() -> Result<(), String> {
    build::run()?;
    size::check()?;
    setup::browser()?;
    sh::run("npx --no-install playwright test --config tests/e2e/playwright.config.mjs")
}
