//! Writes the answers about the examples into a folder: `prepare FOLDER`. `cargo xtask build` runs it natively, and the page fetches
//! them (`web/src/platform/prepared.rs`).
#![expect(clippy::disallowed_methods, reason = "a build step writes files")]

use std::path::PathBuf;

fn main() -> Result<(), String> {
    let folder = std::env::args().nth(1).map(PathBuf::from).ok_or("prepare FOLDER")?;
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, answer) in web::prepared_answers() {
        let file = folder.join(format!("{name}.bin"));
        std::fs::write(&file, answer).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}
