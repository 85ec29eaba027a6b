//! `cargo xtask build`: the release build of the page, in `dist/`.

use crate::{setup, sh};

/// Sets up and builds.
pub(crate) fn run() -> Result<(), String> {
    setup::page()?;
    sh::run("npm run --silent bundle")?;
    let mut trunk = sh::command("trunk");
    // Trunk reads NO_COLOR as a boolean option and refuses other values that the convention allows.
    trunk.args(["build", "--release"]).env_remove("NO_COLOR");
    sh::run_command(&mut trunk, "trunk build --release")
}
