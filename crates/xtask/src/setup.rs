//! Installs what is missing, at the version that the build wants, and nothing else.

use std::path::Path;

use crate::sh;

/// 0.22 needs a newer Rust than this workspace.
const TRUNK: &str = "0.21.14";

/// What the page is built with: the wasm target, trunk, wasm-bindgen and the npm packages.
pub(crate) fn page() -> Result<(), String> {
    rust_target()?;
    rust_sources()?;
    if sh::output("trunk --version").as_deref() != Some(&format!("trunk {TRUNK}")) {
        eprintln!("trunk {TRUNK} is missing; installing it takes several minutes, once");
        sh::run(&format!("cargo install trunk --version {TRUNK} --locked"))?;
    }
    let bindgen = wasm_bindgen_version()?;
    if sh::output("wasm-bindgen --version").as_deref() != Some(&format!("wasm-bindgen {bindgen}")) {
        eprintln!("wasm-bindgen-cli {bindgen} is missing; installing it takes a few minutes, once");
        // Its own lock file does not resolve, hence no `--locked`.
        sh::run(&format!("cargo install wasm-bindgen-cli --version {bindgen} --no-default-features"))?;
    }
    node_packages()
}

/// Adds the wasm target where it is missing.
pub(crate) fn rust_target() -> Result<(), String> {
    let target = "wasm32-unknown-unknown";
    let installed = sh::output("rustc --print sysroot")
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(target).join("lib").exists());
    if installed { Ok(()) } else { sh::run(&format!("rustup target add {target}")) }
}

/// Adds the sources of the standard library where they are missing.
fn rust_sources() -> Result<(), String> {
    let installed = sh::output("rustc --print sysroot")
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/std").exists());
    if installed { Ok(()) } else { sh::run("rustup component add rust-src") }
}

/// The packages of the lock file, when they are not there in these very versions.
fn node_packages() -> Result<(), String> {
    let version = sh::output("node --version").ok_or("Node.js 20 or newer is needed: https://nodejs.org")?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        return Err(format!("Node.js 20 or newer is needed; this is {version}"));
    }
    let root = sh::root();
    let (locked, installed) = (root.join("package-lock.json"), root.join("node_modules/.package-lock.json"));
    let modified = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    if modified(&installed).is_some_and(|time| Some(time) >= modified(&locked)) {
        return Ok(());
    }
    let mut npm = sh::command("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    sh::run_command(&mut npm, "npm ci")
}

/// The version that Cargo.toml pins: library and command line tool must be equal.
fn wasm_bindgen_version() -> Result<String, String> {
    let manifest = read("Cargo.toml")?;
    let line = manifest
        .lines()
        .find(|line| line.starts_with("wasm-bindgen ="))
        .ok_or("Cargo.toml pins no wasm-bindgen")?;
    let version = line.split('"').nth(1).and_then(|version| version.strip_prefix('='));
    Ok(version.ok_or("Cargo.toml does not pin wasm-bindgen exactly")?.to_owned())
}

/// Chromium and its driver, with a font that has Chinese.
pub(crate) fn browser() -> Result<(), String> {
    let missing: Vec<&str> =
        [("chromium", "/usr/bin/chromium"), ("chromium-driver", "/usr/bin/chromedriver")]
            .into_iter()
            .filter(|(_, path)| !Path::new(path).exists())
            .map(|(package, _)| package)
            .chain((!Path::new("/usr/share/fonts/opentype/noto").exists()).then_some("fonts-noto-cjk"))
            .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    if sh::output("id -u").as_deref() != Some("0") || sh::output("apt-get --version").is_none() {
        return Err(format!("the browser tests need: {packages} (on Debian: apt-get install {packages})"));
    }
    sh::run("apt-get update -qq")?;
    sh::run(&format!("apt-get install -y -qq --no-install-recommends {packages}"))
}

/// A file of the repository.
#[expect(clippy::disallowed_methods, reason = "a command line tool reads files")]
pub(crate) fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(sh::root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// Writes a file, with its folder, unless it already reads so: an unchanged file builds nothing anew.
#[expect(clippy::disallowed_methods, reason = "a command line tool writes files")]
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
