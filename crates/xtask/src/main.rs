//! Developer commands, run as `cargo xtask COMMAND`. Each is one file; `setup` installs what is missing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its user")]

mod bench;
mod build;
mod schema;
mod serve;
mod setup;
mod sh;
mod size;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N] [--base /PATH/] [--no-build]   set up, build, and serve the playground on this machine
  test [--lint] [--engine] [--wasm] [--e2e]       set up and run everything, or only the parts named
  build                                           write the release build of the page to dist/
  size [--format json]                            transfer sizes of dist/ after brotli, against their budgets
  conformance [--dir PATH] [--area NAME] [--format table|json] [--misses N]
                                                  compare with the recordings of a real control plane
  corpus [--dir PATH] [--format table|json]       compare with real published manifests, where they are present
  bench [--wasm | --instructions] [SCENE]         speed and memory, against kube-scheduler and what was reached before
  schema PATH                                     generate the committed schema table from an API server's schema
  setup                                           install what the other commands need, and nothing else";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = args.split_first() else {
        println!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let outcome = match command.as_str() {
        "serve" => serve::run(rest),
        "test" => test::run(rest),
        "build" => build::run(),
        "size" => size::run(rest),
        "conformance" | "corpus" => sh::native_tool(command, rest),
        "bench" => bench::run(rest),
        "schema" => schema::run(rest),
        "setup" => setup::page().and_then(|()| setup::browser()),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("unknown command `{other}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
