//! Command lines and what they print.

mod actions;
mod descriptions;
mod tables;

use super::{KubectlAnswer, kubectl};
use crate::input::{Action, ClusterSpec, Input, LoadBalancer};
use crate::report::KubectlOutput;

/// Five pods under hostNetwork on four nodes: one of them waits.
const ARTICLE: &str = include_str!("../../../../../web/examples/five-pods-four-nodes.yaml");

/// A bit of everything, with names that nobody generates.
const SHOP: &str = include_str!("shop.yaml");

fn input(text: &str, actions: &[Action]) -> Input {
    let cluster = ClusterSpec {
        nodes: 2,
        control_plane: 1,
        load_balancer: LoadBalancer::Pool,
        ..ClusterSpec::default()
    };
    let cluster = if text == ARTICLE { ClusterSpec::default() } else { cluster };
    Input { text: text.to_owned(), cluster, actions: actions.to_vec(), ..Input::default() }
}

fn printed(text: &str, line: &str) -> KubectlOutput {
    match kubectl(&input(text, &[]), line) {
        KubectlAnswer::Printed(output) => output,
        KubectlAnswer::Acts { actions, .. } => panic!("{line}: {actions:?}"),
    }
}

/// Compares standard output. Blanks at the ends of lines are as kubectl prints them, but nobody sees them in a test.
fn check(text: &str, line: &str, expected: &str) {
    let output = printed(text, line);
    let found: Vec<&str> = output.stdout.iter().map(|line| line.trim_end()).collect();
    assert_eq!(found.join("\n"), expected.trim_matches('\n'), "{line}\n{}", output.stdout.join("\n"));
    assert_eq!(output.exit, 0, "{line}: {:?}", output.stderr);
}

/// Compares the first line of standard error.
fn refuse(line: &str, expected: &str) {
    let output = printed(SHOP, line);
    let first = output.stderr.first().map_or("", String::as_str);
    assert_eq!((first, output.exit), (expected, 1), "{line}: {output:?}");
}

/// Compares the actions and standard output.
fn act(line: &str, expected: &[Action], printed: &[&str]) {
    match kubectl(&input(SHOP, &[]), line) {
        KubectlAnswer::Acts { actions, output } => {
            assert_eq!(actions, expected, "{line}");
            assert_eq!(output.stdout, printed, "{line}: {output:?}");
        }
        KubectlAnswer::Printed(output) => panic!("{line}: {output:?}"),
    }
}

#[test]
fn nothing_to_list() {
    let table = [
        ("get pods", "No resources found in default namespace."),
        ("get po,deploy -n none", "No resources found in none namespace."),
        ("get deploy -A", "No resources found"),
        ("get sc,deploy", "No resources found"),
        ("get pod nothing --ignore-not-found", ""),
        ("describe ds", "No resources found in default namespace."),
    ];
    for (line, expected) in table {
        let output = printed(SHOP, line);
        assert_eq!((output.stderr.join("\n").as_str(), output.exit), (expected, 0), "{line}: {output:?}");
    }
}

#[test]
fn errors_are_those_of_kubectl() {
    refuse("get pod x", "Error from server (NotFound): pods \"x\" not found");
    refuse("get deploy/x", "Error from server (NotFound): deployments.apps \"x\" not found");
    refuse("describe pod x", "Error from server (NotFound): pods \"x\" not found");
    refuse("get pots", "error: the server doesn't have a resource type \"pots\"");
    refuse("get pod x -A", "error: a resource cannot be retrieved by name across all namespaces");
    refuse("get pod x -l a=b", "error: name cannot be provided when a selector is specified");
    refuse("get pods -l =", "error: unable to parse requirement: \"=\"");
    refuse("get pod/a/b", "error: arguments in resource/name form may not have more than one slash");
    refuse("get pods -o yaml --show-labels", "error: --show-labels option cannot be used with yaml printer");
    refuse(
        "get pods -o go-template=x",
        "error: -o go-template is not understood here; wide, name, yaml, json, jsonpath=... and custom-columns=... are",
    );
    refuse("apply", "error: must specify one of -f and -k");
    refuse("apply -f other.yaml", "error: the path \"other.yaml\" does not exist");
    refuse("delete pods", "error: resource(s) were provided, but no name was specified");
    refuse("scale sts/db -n shop", "error: required flag(s) \"replicas\" not set");
    refuse(
        "scale sts/db -n shop --replicas=-1",
        "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
    );
    refuse("drain node-9", "Error from server (NotFound): nodes \"node-9\" not found");
    refuse("cordon", "error: USAGE: cordon NODE [flags]");
    let all = printed(SHOP, "get pod db-0 nothing -n shop");
    assert_eq!((all.stdout.len(), all.stderr.len(), all.exit), (2, 1, 1), "{all:?}");
}

#[test]
fn what_is_not_understood_is_answered_with_what_is() {
    refuse("logs db-0", "error: kubectl logs is not simulated: no container runs behind the simulation");
    refuse("frobnicate", "error: unknown command \"frobnicate\" for \"kubectl\"");
    refuse(
        "get pods | grep db",
        "error: | cannot be used: one kubectl command at a time is understood, and there is no shell. Put it in quotes if it is part of a word",
    );
    for line in ["", "kubectl", "help", "logs x", "gte pods"] {
        let output = printed(SHOP, line);
        let said = [output.stdout, output.stderr].concat().join("\n");
        assert!(said.contains("get TYPE [NAME...]"), "{line}: {said}");
    }
    let close = printed(SHOP, "gte pods").stderr.join("\n");
    assert!(close.contains("Did you mean this?\n\tget"), "{close}");
}

#[test]
fn no_line_is_too_odd() {
    let lines = [
        "get",
        "get ,",
        "get , x",
        "get pods, -A",
        "get //",
        "get /",
        "get pods/",
        "get all -A -o json",
        "get all -A -o yaml",
        "get pods -o",
        "get pods -o jsonpath=",
        "get pods -o jsonpath={",
        "get pods -A -o jsonpath={.items[",
        "get pods -A -o jsonpath={range .items[*]}{",
        "get pods -o custom-columns=",
        "get pods -o custom-columns=x",
        "get pods --sort-by={.a",
        "get pods --sort-by=[",
        "get pods -l '(((,'",
        "get pods -l 'a in (b'",
        "get pods --field-selector ,=,",
        "get ev -A -o wide",
        "describe",
        "describe all -A",
        "describe nodes",
        "describe pods -A",
        "describe x y z",
        "delete",
        "delete all --all -n shop",
        "delete -f x",
        "scale",
        "scale pods --all --replicas=2 -n shop",
        "cordon -l 'x'",
        "drain pod/x",
        "create job",
        "create job x --from=y",
        "create job x --from=pod/y",
        "'",
        "\\",
        "-",
        "--",
        "-n",
        "- - -",
        "get \u{1f600}",
        "\u{0}",
        "get pods -n ''",
        "get pods -L ,,",
        "get po,svc,no,ns,cm,pv,pc -A -L a -o wide --show-kind",
        "describe job,deploy,rs,rc,ds,sts,ing,svc,po -A",
        "rollout restart x",
        "get ing -A -o yaml",
    ];
    for line in lines {
        let answer = kubectl(&input(SHOP, &[]), line);
        let (KubectlAnswer::Printed(output) | KubectlAnswer::Acts { output, .. }) = answer;
        assert!(output.exit == 0 || !output.stderr.is_empty(), "{line}: nothing is said");
    }
}
