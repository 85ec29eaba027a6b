//! apply: exit code, standard output and standard error, line by line. One command is one unit.

use super::diff;
use super::names::Names;
use super::record::Command;
use super::score::sides;

/// How the outcome of a command differs; `None` when it does not.
pub(super) fn difference(
    recorded: &Command,
    recorded_names: &Names,
    ours: &Command,
    our_names: &Names,
) -> Option<String> {
    let normal =
        |names: &Names, lines: &[String]| lines.iter().map(|line| names.normalize(line)).collect::<Vec<_>>();
    let pair = |theirs: &[String], ours: &[String]| (normal(recorded_names, theirs), normal(our_names, ours));
    let (stderr, our_stderr) = pair(&recorded.stderr, &ours.stderr);
    let (stdout, our_stdout) = pair(&recorded.stdout, &ours.stdout);
    let exit = || (recorded.exit != ours.exit).then(|| sides("exit", recorded.exit, ours.exit));
    diff::lines("stderr", &stderr, &our_stderr)
        .or_else(|| diff::lines("stdout", &stdout, &our_stdout))
        .or_else(exit)
        .map(|difference| format!("{}\n{difference}", recorded.line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_counts() {
        let none = Names::default();
        let base =
            Command { exit: 1, stdout: vec!["a".into()], stderr: vec!["b".into()], ..Command::default() };
        assert_eq!(difference(&base, &none, &Command { line: "other".into(), ..base.clone() }, &none), None);
        for wrong in [
            Command { exit: 0, ..base.clone() },
            Command { stdout: vec![], ..base.clone() },
            Command { stderr: vec!["b".into(), String::new()], ..base.clone() },
        ] {
            assert!(difference(&base, &none, &wrong, &none).is_some(), "{wrong:?}");
        }
    }
}
