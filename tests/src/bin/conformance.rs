//! `cargo xtask conformance`: how much of what a real control plane answered the engine answers as well.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its user")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match tests::conformance::command(&args) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
