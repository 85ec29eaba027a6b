//! The command line. Plain code: two subcommands and four flags do not pay for a parser library.

/// What `--help` prints.
pub(crate) const HELP: &str = "\
podreach: where Kubernetes pods are placed and how they are reached, without a cluster

USAGE
    podreach check FILE... [--nodes N] [--output text|json|yaml] [--strict]

    FILE            a manifest, YAML or JSON; `-` reads standard input
    -n, --nodes N   nodes of the simulated cluster (default 4)
    -o, --output F  `text`, `json` or `yaml` (default text)
    --strict        exactly kubectl: missing namespaces and unknown kinds are errors
    -h, --help      this text
    -V, --version   the version

EXIT STATUS
    0   everything is accepted and every pod is placed
    1   something is refused, or a pod is Pending
    2   the command line or a file cannot be read
";

/// The most nodes that are simulated: what a real cluster supports.
const MAX_NODES: u32 = 5_000;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print [`HELP`].
    Help,
    /// Print the version.
    Version,
    /// Check manifests.
    Check(Arguments),
}

/// How the report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// For people.
    Text,
    /// The report as it is, in JSON.
    Json,
    /// The same in YAML.
    Yaml,
}

/// Of `podreach check`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) files: Vec<String>,
    pub(crate) nodes: u32,
    pub(crate) output: Output,
    pub(crate) strict: bool,
}

/// Reads the words after the command's name.
pub(crate) fn read(words: &[String]) -> Result<Command, String> {
    let mut arguments = Arguments { files: Vec::new(), nodes: 4, output: Output::Text, strict: false };
    let mut verb = None;
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let (flag, inline) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value)),
            _ => (word, None),
        };
        let mut value = || inline.or_else(|| words.next()).ok_or_else(|| format!("{flag} needs a value"));
        match flag {
            "-h" | "--help" | "help" if verb.is_none() || flag != "help" => return Ok(Command::Help),
            "-V" | "--version" => return Ok(Command::Version),
            "-n" | "--nodes" => arguments.nodes = nodes(value()?)?,
            "-o" | "--output" => arguments.output = output(value()?)?,
            "--strict" => arguments.strict = true,
            "-" => arguments.files.push("-".to_owned()),
            _ if flag.starts_with('-') => return Err(format!("unknown flag {flag}")),
            _ if verb.is_none() => verb = Some(word),
            _ => arguments.files.push(word.to_owned()),
        }
    }
    match verb {
        None => Err("no command given".to_owned()),
        Some("check") if arguments.files.is_empty() => Err("no file given".to_owned()),
        Some("check") => Ok(Command::Check(arguments)),
        Some(other) => Err(format!("unknown command {other}")),
    }
}

fn nodes(value: &str) -> Result<u32, String> {
    let number = value.parse().ok().filter(|&number| number <= MAX_NODES);
    number.ok_or_else(|| format!("--nodes takes a number from 0 to {MAX_NODES}, not {value}"))
}

fn output(value: &str) -> Result<Output, String> {
    match value {
        "text" => Ok(Output::Text),
        "json" => Ok(Output::Json),
        "yaml" => Ok(Output::Yaml),
        _ => Err(format!("--output takes text, json or yaml, not {value}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<Command, &str>) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert_eq!(read(&words), expected.map_err(str::to_owned), "{line}");
    }

    fn arguments(files: &[&str], nodes: u32, output: Output, strict: bool) -> Result<Command, &'static str> {
        let files = files.iter().map(|&file| file.to_owned()).collect();
        Ok(Command::Check(Arguments { files, nodes, output, strict }))
    }

    #[test]
    fn command_lines() {
        check("check a.yaml b.yaml", arguments(&["a.yaml", "b.yaml"], 4, Output::Text, false));
        check("check - --nodes=2 -o json --strict", arguments(&["-"], 2, Output::Json, true));
        check("check a -o yaml", arguments(&["a"], 4, Output::Yaml, false));
        check("--nodes 0 check a", arguments(&["a"], 0, Output::Text, false));
        check("--help", Ok(Command::Help));
        check("check --version", Ok(Command::Version));
        check("", Err("no command given"));
        check("check", Err("no file given"));
        check("apply a", Err("unknown command apply"));
        check("check a --nodes", Err("--nodes needs a value"));
        check("check a --nodes=-1", Err("--nodes takes a number from 0 to 5000, not -1"));
        check("check a --colour", Err("unknown flag --colour"));
    }
}
