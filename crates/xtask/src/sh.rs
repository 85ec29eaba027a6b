//! Running other programs from the top of the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("xtask lies two levels below the top").to_owned()
}

/// A command that starts at the top, with the tools of `node_modules` on its path.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    let tools = root().join("node_modules/.bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(tools).chain(std::env::split_paths(&path));
    if let Ok(joined) = std::env::join_paths(paths) {
        command.env("PATH", joined);
    }
    command.current_dir(root());
    command
}

/// Runs a command line split at spaces; an error when it fails.
pub(crate) fn run(line: &str) -> Result<(), String> {
    let mut words = line.split(' ');
    let program = words.next().expect("a command line has a program");
    run_command(command(program).args(words), line)
}

/// Runs a prepared command; an error, naming `line`, when it fails.
pub(crate) fn run_command(command: &mut Command, line: &str) -> Result<(), String> {
    eprintln!("$ {line}");
    let status = command.status().map_err(|error| format!("`{line}` could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// What a command prints, trimmed; `None` when it is missing or fails.
pub(crate) fn output(line: &str) -> Option<String> {
    let mut words = line.split(' ');
    let output = command(words.next()?).args(words).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a program of the `tests` package, optimised for speed.
pub(crate) fn native_tool(name: &str, args: &[String]) -> Result<(), String> {
    let mut cargo = command("cargo");
    cargo
        .args(["run", "--quiet", "--profile", "native", "--package", "tests", "--bin", name, "--"])
        .args(args);
    let status = cargo.status().map_err(|error| format!("cargo could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}
