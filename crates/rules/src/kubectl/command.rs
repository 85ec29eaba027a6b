//! A command line taken apart: the verb, its arguments and its flags, with the errors of kubectl's flag library.

use super::failed;
use crate::report::KubectlOutput;

/// A flag that is understood: long name, short one (or a blank), and whether it takes a value.
struct Flag(&'static str, char, bool);

/// The flags of all verbs. Which of them a verb obeys is up to the verb; kubectl has more, which [`UNSUPPORTED`] explains.
const FLAGS: [Flag; 23] = [
    Flag("namespace", 'n', true),
    Flag("all-namespaces", 'A', false),
    Flag("output", 'o', true),
    Flag("selector", 'l', true),
    Flag("field-selector", ' ', true),
    Flag("filename", 'f', true),
    Flag("label-columns", 'L', true),
    Flag("sort-by", ' ', true),
    Flag("replicas", ' ', true),
    Flag("from", ' ', true),
    Flag("show-labels", ' ', false),
    Flag("show-kind", ' ', false),
    Flag("no-headers", ' ', false),
    Flag("ignore-not-found", ' ', false),
    Flag("show-events", ' ', false),
    Flag("all", ' ', false),
    Flag("force", ' ', false),
    Flag("now", ' ', false),
    Flag("wait", ' ', false),
    Flag("ignore-daemonsets", ' ', false),
    Flag("delete-emptydir-data", ' ', false),
    Flag("grace-period", ' ', true),
    Flag("timeout", ' ', true),
];

/// Flags of kubectl that mean nothing here, and why.
const UNSUPPORTED: [(&str, &str); 8] = [
    ("watch", "time stands still in the simulation, so there is nothing to watch"),
    ("w", "time stands still in the simulation, so there is nothing to watch"),
    ("context", "there is one simulated cluster"),
    ("kubeconfig", "there is one simulated cluster"),
    ("cluster", "there is one simulated cluster"),
    ("as", "nobody is refused for lack of rights here"),
    ("raw", "there is no server behind the simulation that could be asked for a path"),
    ("dry-run", "the simulation changes nothing outside of this page"),
];

/// A command line.
#[derive(Clone, Debug, Default)]
pub(super) struct Command {
    /// The first word; empty when there is none.
    pub(super) verb: String,
    /// What is no flag, behind the verb.
    pub(super) arguments: Vec<String>,
    flags: Vec<(&'static str, String)>,
}

impl Command {
    /// The same without its first argument, where that is a verb itself: `rollout restart`.
    pub(super) fn without_first(&self) -> Self {
        Self { arguments: self.arguments.iter().skip(1).cloned().collect(), ..self.clone() }
    }

    /// Reads the words behind `kubectl`, which may stand there or not.
    pub(super) fn read(words: Vec<String>) -> Result<Self, KubectlOutput> {
        let mut command = Self::default();
        let mut words = words.into_iter().peekable();
        words.next_if(|word| word == "kubectl" || word == "k");
        let mut only_arguments = false;
        while let Some(word) = words.next() {
            let is_flag = !only_arguments && word.len() > 1 && word.starts_with('-');
            if is_flag && word == "--" {
                only_arguments = true;
            } else if is_flag {
                let read = match word.strip_prefix("--") {
                    Some(long) => command.long(long, &mut words),
                    None => command.short(&word[1..], &mut words),
                };
                read.map_err(|why| command.flag_error(&why))?;
            } else if command.verb.is_empty() {
                command.verb = word;
            } else {
                command.arguments.push(word);
            }
        }
        Ok(command)
    }

    fn long(&mut self, text: &str, words: &mut impl Iterator<Item = String>) -> Result<(), String> {
        let (name, inline) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        let Some(&Flag(known, _, takes_value)) = FLAGS.iter().find(|flag| flag.0 == name) else {
            return Err(unsupported(name).unwrap_or_else(|| format!("unknown flag: --{name}")));
        };
        let value = match inline {
            Some(value) => value,
            None if takes_value => words.next().ok_or_else(|| format!("flag needs an argument: --{name}"))?,
            None => "true".to_owned(),
        };
        self.flags.push((known, value));
        Ok(())
    }

    /// Short flags stand together: `-Aowide`.
    fn short(&mut self, text: &str, words: &mut impl Iterator<Item = String>) -> Result<(), String> {
        for (at, short) in text.char_indices() {
            let known = FLAGS.iter().find(|flag| flag.1 == short && short != ' ');
            let Some(&Flag(name, _, takes_value)) = known else {
                let unknown = || format!("unknown shorthand flag: '{short}' in -{text}");
                return Err(unsupported(&short.to_string()).unwrap_or_else(unknown));
            };
            let rest = &text[at + short.len_utf8()..];
            if let Some(value) = rest.strip_prefix('=') {
                self.flags.push((name, value.to_owned()));
                return Ok(());
            }
            if takes_value {
                let mut next =
                    || words.next().ok_or_else(|| format!("flag needs an argument: '{short}' in -{text}"));
                let value = if rest.is_empty() { next()? } else { rest.to_owned() };
                self.flags.push((name, value));
                return Ok(());
            }
            self.flags.push((name, "true".to_owned()));
        }
        Ok(())
    }

    fn flag_error(&self, why: &str) -> KubectlOutput {
        let of_kubectl = why.starts_with("unknown") || why.starts_with("flag needs");
        let verb = if self.verb.is_empty() { String::new() } else { format!(" {}", self.verb) };
        let more =
            if of_kubectl { format!("\nSee 'kubectl{verb} --help' for usage.") } else { String::new() };
        failed(&format!("error: {why}{more}"))
    }

    /// The value of a flag, by its long name. The last one counts.
    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().rev().find(|(flag, _)| *flag == name).map(|(_, value)| value.as_str())
    }

    /// Whether a switch is on.
    pub(super) fn is(&self, name: &str) -> bool {
        self.flag(name).is_some_and(|value| !matches!(value, "false" | "False" | "FALSE" | "f" | "F" | "0"))
    }

    /// The namespace that is meant when the object has one.
    pub(super) fn namespace(&self) -> &str {
        self.flag("namespace").filter(|namespace| !namespace.is_empty()).unwrap_or("default")
    }
}

fn unsupported(flag: &str) -> Option<String> {
    let (_, why) = UNSUPPORTED.iter().find(|(name, _)| *name == flag)?;
    let dashes = if flag.len() == 1 { "-" } else { "--" };
    Some(format!("{dashes}{flag} is not understood here: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Verb, arguments and flags.
    type Read<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

    fn check(line: &str, expected: Result<Read<'_>, &str>) {
        let words = super::super::words::split(line).expect("words");
        match (Command::read(words), expected) {
            (Ok(command), Ok((verb, arguments, flags))) => {
                assert_eq!(
                    (command.verb.as_str(), &*command.arguments),
                    (verb, &*arguments.iter().map(|&word| word.to_owned()).collect::<Vec<_>>()),
                    "{line}"
                );
                for (flag, value) in flags {
                    assert_eq!(command.flag(flag), Some(*value), "{line}");
                }
                assert_eq!(command.flags.len(), flags.len(), "{line}");
            }
            (Err(output), Err(expected)) => {
                assert_eq!(output.stderr, expected.lines().collect::<Vec<_>>(), "{line}");
            }
            (found, _) => panic!("{line}: {found:?}"),
        }
    }

    #[test]
    fn command_lines() {
        check("kubectl get pods", Ok(("get", &["pods"], &[])));
        check("get po a b -owide", Ok(("get", &["po", "a", "b"], &[("output", "wide")])));
        check("-n kube-system get po", Ok(("get", &["po"], &[("namespace", "kube-system")])));
        check("get po -Ao=yaml", Ok(("get", &["po"], &[("all-namespaces", "true"), ("output", "yaml")])));
        check(
            "get po --output name --show-labels=false",
            Ok(("get", &["po"], &[("output", "name"), ("show-labels", "false")])),
        );
        check("apply -f -", Ok(("apply", &[], &[("filename", "-")])));
        check("get -- -x", Ok(("get", &["-x"], &[])));
        check("", Ok(("", &[], &[])));
        check("get po --colour", Err("error: unknown flag: --colour\nSee 'kubectl get --help' for usage."));
        check(
            "get po -x",
            Err("error: unknown shorthand flag: 'x' in -x\nSee 'kubectl get --help' for usage."),
        );
        check(
            "get po -o",
            Err("error: flag needs an argument: 'o' in -o\nSee 'kubectl get --help' for usage."),
        );
        check(
            "get po --output",
            Err("error: flag needs an argument: --output\nSee 'kubectl get --help' for usage."),
        );
        check(
            "get po -w",
            Err(
                "error: -w is not understood here: time stands still in the simulation, so there is nothing to watch",
            ),
        );
    }
}
