//! `cargo xtask build`: the release build of the page, in `dist/`.

use crate::{setup, sh};

/// The standard library is compiled with the page, for size and without the texts of panics: this saves a tenth of the wasm.
/// Cargo calls it unstable, hence the switch that lets a stable compiler do it. Nothing but the page and what measures it
/// (`bench`) is built this way.
pub(crate) const SMALL_STD: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Zunstable-options -Cpanic=immediate-abort"),
];

/// Sets up and builds.
pub(crate) fn run() -> Result<(), String> {
    setup::page()?;
    sh::run("npm run --silent bundle")?;
    sh::run("cargo run --quiet --package web --bin prepare -- web/js/bundle/answers")?;
    let mut trunk = sh::command("trunk");
    trunk.envs(SMALL_STD);
    // Trunk reads NO_COLOR as a boolean option and refuses other values that the convention allows.
    trunk.args(["build", "--release"]).env_remove("NO_COLOR");
    sh::run_command(&mut trunk, "trunk build --release")
}
