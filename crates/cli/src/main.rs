//! The `podreach` command: what the page shows, in a terminal or a pipeline.
//!
//! `podreach check FILE...` applies manifests to a simulated cluster and exits with 0 when nothing is wrong, 1 when something is
//! refused or Pending, 2 when the command line or a file cannot be read. `podreach probe FILE... --url URL` follows a request into
//! that cluster, and exits with 0 when it is answered. `podreach kubectl FILE... -- COMMAND...` asks that cluster as kubectl would.
//! `podreach export FILE... --to kwok` prints a script that checks the answer on a real control plane.
#![expect(clippy::print_stderr, reason = "a command says on standard error why it cannot go on")]

mod arguments;
mod excerpt;
mod sources;
mod text;

use std::io::Write as _;
use std::process::ExitCode;

use rules::{Input, KubectlAnswer, Outcome, Report, Severity};
use serde::Serialize;

use arguments::{Arguments, Command, Output, Tool};
use sources::Sources;

fn main() -> ExitCode {
    let words: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    match arguments::read(&words) {
        Ok(Command::Help) => {
            print(arguments::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            print(concat!("podreach ", env!("CARGO_PKG_VERSION"), "\n"));
            ExitCode::SUCCESS
        }
        Ok(Command::Check(arguments)) => check(&arguments),
        Ok(Command::Export(arguments, tool)) => export(&arguments, tool),
        Ok(Command::Kubectl(arguments, words)) => kubectl(&arguments, &words),
        Ok(Command::Probe(arguments, url)) => probe(&arguments, &url),
        Err(why) => usage(&why),
    }
}

/// Writes to standard output. Whoever closed it early (`| head`) has seen enough.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn usage(why: &str) -> ExitCode {
    eprintln!("podreach: {why}\nTry `podreach --help`.");
    ExitCode::from(2)
}

fn check(arguments: &Arguments) -> ExitCode {
    analyzed(arguments, |report, sources| {
        let printed = write(arguments.output, report, || text::render(report, sources));
        printed.map(|()| is_bad(report))
    })
}

fn probe(arguments: &Arguments, url: &str) -> ExitCode {
    analyzed(arguments, |report, _| {
        let found = rules::probe(report, url);
        let printed = write(arguments.output, &found, || text::probe(report, &found));
        printed.map(|()| found.outcome != Outcome::Answers)
    })
}

/// What a command would change ends with the process: each one finds the cluster as the manifests make it.
fn kubectl(arguments: &Arguments, words: &[String]) -> ExitCode {
    let (_, input) = match read(arguments) {
        Ok(read) => read,
        Err(why) => return usage(&why),
    };
    // A shell has read the quotes of these words already.
    let quoted: Vec<String> = words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
    let (KubectlAnswer::Printed(output) | KubectlAnswer::Acts { output, .. }) =
        rules::kubectl(&input, &quoted.join(" "));
    for line in &output.stdout {
        print(&format!("{line}\n"));
    }
    for line in &output.stderr {
        eprintln!("{line}");
    }
    ExitCode::from(u8::try_from(output.exit).unwrap_or(1))
}

fn export(arguments: &Arguments, tool: Tool) -> ExitCode {
    let (_, input) = match read(arguments) {
        Ok(read) => read,
        Err(why) => return usage(&why),
    };
    let exported = rules::export(&input);
    print(match tool {
        Tool::Kind => &exported.kind_script,
        Tool::Kwok => &exported.kwok_script,
    });
    ExitCode::SUCCESS
}

/// The files, and the input that they make as one text.
fn read(arguments: &Arguments) -> Result<(Sources, Input), String> {
    let sources = Sources::read(&arguments.files)?;
    let mut input = Input { text: sources.text().to_owned(), strict: arguments.strict, ..Input::default() };
    input.cluster.nodes = arguments.nodes;
    Ok((sources, input))
}

/// Reads the files, simulates, and says by the exit status whether what was done with the report found something wrong.
fn analyzed(arguments: &Arguments, show: impl FnOnce(&Report, &Sources) -> Result<bool, String>) -> ExitCode {
    let (sources, input) = match read(arguments) {
        Ok(read) => read,
        Err(why) => return usage(&why),
    };
    let report = rules::analyze_files(&input, &sources.names());
    show(&report, &sources).map_or_else(|why| usage(&why), |is_bad| ExitCode::from(u8::from(is_bad)))
}

/// Prints in the wanted format.
fn write(output: Output, data: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), String> {
    let printed = match output {
        Output::Text => text(),
        Output::Json => serde_json::to_string_pretty(data).map_err(|error| error.to_string())? + "\n",
        Output::Yaml => serde_yaml::to_string(data).map_err(|error| error.to_string())?,
    };
    print(&printed);
    Ok(())
}

/// Errors, Pending pods, and pods that could not even be created.
fn is_bad(report: &Report) -> bool {
    let verdict = &report.verdict;
    let refused = report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    refused || report.kubectl.exit != 0 || verdict.pending > 0 || verdict.refused > 0 || verdict.crashing > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_json_hold_the_same_report() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: \"x: 'y'\"}]}\n";
        let report = rules::analyze(&Input { text: text.to_owned(), ..Input::default() });
        let yaml = serde_yaml::to_string(&report).expect("a report is plain data");
        // The leaves in order, whatever stands around them.
        let json = serde_json::to_value(&report).expect("a report is plain data");
        let keys =
            |value: &serde_json::Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
        let mut top: Vec<_> = yaml.lines().filter(|line| !line.starts_with([' ', '-'])).collect();
        top.sort_unstable();
        let names: Vec<_> = top.iter().filter_map(|line| line.split(':').next().map(str::to_owned)).collect();
        assert_eq!(Some(names), keys(&json));
        assert!(yaml.contains("- pod/a created"), "{yaml}");
    }
}
