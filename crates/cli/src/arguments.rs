//! The command line. Plain code: four subcommands and six flags do not pay for a parser library.

/// What `--help` prints.
pub(crate) const HELP: &str = "\
podreach: where Kubernetes pods are placed and how they are reached, without a cluster

USAGE
    podreach check FILE... [--nodes N] [--output text|json|yaml] [--strict]
    podreach probe FILE... --url URL [--nodes N] [--output text|json|yaml] [--strict]
    podreach kubectl FILE... [--nodes N] [--strict] -- COMMAND...
    podreach export FILE... --to kind|kwok [--nodes N] [--strict]

    check           what becomes of the manifests: pods, problems, ways in
    probe           where a request from outside goes, hop by hop, or why it fails
    kubectl         what kubectl would print: podreach kubectl web.yaml -- get pods -o wide
    export          a shell script that makes the same nodes with kind or KWOK, applies the manifests
                    and compares the placement: podreach export web.yaml --to kwok | sh

    FILE            a manifest, YAML or JSON; `-` reads standard input
    -n, --nodes N   nodes of the simulated cluster (default 4)
    -o, --output F  `text`, `json` or `yaml` (default text)
    -u, --url URL   `http://node-2:30080/`, a host name of an Ingress, an address and a port
    --to TOOL       `kwok`: the real scheduler, nodes and pods only pretend to run; `kind`: pods run
    --strict        exactly kubectl: missing namespaces and unknown kinds are errors
    COMMAND         of kubectl; `help` lists what is understood
    -h, --help      this text
    -V, --version   the version

EXIT STATUS
    0   everything is accepted and every pod is placed; the request is answered;
        the script is printed
    1   something is refused, or a pod is Pending; the request fails
    2   the command line or a file cannot be read
    podreach kubectl exits as kubectl does
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
    /// Follow a request to this URL.
    Probe(Arguments, String),
    /// Run kubectl's command of these words in the cluster that the manifests make.
    Kubectl(Arguments, Vec<String>),
    /// Print the script for a real control plane.
    Export(Arguments, Tool),
}

/// What a script is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Nodes that are containers.
    Kind,
    /// Nodes that only pretend to run pods.
    Kwok,
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

/// Of all subcommands.
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
    let (mut verb, mut url, mut to, mut command) = (None, None, None, None);
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
            "-u" | "--url" => url = Some(value()?.to_owned()),
            "--to" => to = Some(tool(value()?)?),
            "--strict" => arguments.strict = true,
            "-" => arguments.files.push("-".to_owned()),
            "--" if verb == Some("kubectl") => command = Some(words.by_ref().map(str::to_owned).collect()),
            _ if flag.starts_with('-') => return Err(format!("unknown flag {flag}")),
            _ if verb.is_none() => verb = Some(word),
            _ => arguments.files.push(word.to_owned()),
        }
    }
    match verb {
        None => Err("no command given".to_owned()),
        Some("check" | "probe" | "kubectl" | "export") if arguments.files.is_empty() => {
            Err("no file given".to_owned())
        }
        Some("check" | "kubectl" | "export") if url.is_some() => Err("--url is for probe".to_owned()),
        Some("check" | "probe" | "kubectl") if to.is_some() => Err("--to is for export".to_owned()),
        Some("check") => Ok(Command::Check(arguments)),
        Some("probe") => match url {
            Some(url) => Ok(Command::Probe(arguments, url)),
            None => Err("no --url given".to_owned()),
        },
        Some("kubectl") => match command {
            Some(command) => Ok(Command::Kubectl(arguments, command)),
            None => Err("no command of kubectl given behind --".to_owned()),
        },
        Some("export") => match to {
            Some(to) => Ok(Command::Export(arguments, to)),
            None => Err("no --to given".to_owned()),
        },
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

fn tool(value: &str) -> Result<Tool, String> {
    match value {
        "kind" => Ok(Tool::Kind),
        "kwok" => Ok(Tool::Kwok),
        _ => Err(format!("--to takes kind or kwok, not {value}")),
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
        let files = |url: &str| match arguments(&["a"], 2, Output::Text, false) {
            Ok(Command::Check(arguments)) => Ok(Command::Probe(arguments, url.to_owned())),
            other => other,
        };
        check("probe a -n 2 --url http://node-2:30080/?a=b", files("http://node-2:30080/?a=b"));
        check("probe --url=10.0.0.12:80 --nodes 2 a", files("10.0.0.12:80"));
        check("probe a", Err("no --url given"));
        check("probe --url a", Err("no file given"));
        check("check a --url b", Err("--url is for probe"));
        check("--help", Ok(Command::Help));
        check("check --version", Ok(Command::Version));
        check("", Err("no command given"));
        check("check", Err("no file given"));
        let export = |to| match arguments(&["a"], 2, Output::Text, false) {
            Ok(Command::Check(arguments)) => Ok(Command::Export(arguments, to)),
            other => other,
        };
        check("export a --to kwok -n 2", export(Tool::Kwok));
        check("export --to=kind a --nodes 2", export(Tool::Kind));
        check("export a", Err("no --to given"));
        check("export --to kind", Err("no file given"));
        check("export a --to minikube", Err("--to takes kind or kwok, not minikube"));
        let kubectl = |words: &[&str]| match arguments(&["a"], 2, Output::Text, false) {
            Ok(Command::Check(arguments)) => {
                Ok(Command::Kubectl(arguments, words.iter().map(|&word| word.to_owned()).collect()))
            }
            other => other,
        };
        check("kubectl a -n 2 -- get po -n x", kubectl(&["get", "po", "-n", "x"]));
        check("kubectl a -n 2 --", kubectl(&[]));
        check("kubectl a", Err("no command of kubectl given behind --"));
        check("kubectl -- get po", Err("no file given"));
        check("check a -- get po", Err("unknown flag --"));
        check("apply a", Err("unknown command apply"));
        check("check a --nodes", Err("--nodes needs a value"));
        check("check a --nodes=-1", Err("--nodes takes a number from 0 to 5000, not -1"));
        check("check a --colour", Err("unknown flag --colour"));
    }
}
