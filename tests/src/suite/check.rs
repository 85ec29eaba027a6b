//! Compares a report with what a case expects.

use rules::{Diagnostic, LineIndex, Report, Severity};

use super::case::{Case, Mark};
use super::route;

/// What differs, one line each; empty when everything is as expected.
pub fn check(case: &Case, report: &Report) -> Vec<String> {
    let mut wrong: Vec<String> = case.facts.iter().filter_map(|fact| fact_difference(fact, report)).collect();
    let lines = LineIndex::new(&case.input.text);
    let mut open: Vec<(Mark, &Diagnostic)> = report
        .diagnostics
        .iter()
        .map(|diagnostic| (mark_of(diagnostic, &lines, &case.input.text), diagnostic))
        .collect();
    for mark in &case.marks {
        match open.iter().position(|(found, _)| fits(mark, found)) {
            Some(at) => drop(open.remove(at)),
            None => wrong.push(format!("not reported: {}", show(mark))),
        }
    }
    for (name, code, message) in &case.facts {
        let severity = match name.as_str() {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => continue,
        };
        let is_meant = |(found, _): &(Mark, &Diagnostic)| {
            found.severity == severity && found.code == *code && says(message, &found.message)
        };
        match open.iter().position(is_meant) {
            Some(at) => drop(open.remove(at)),
            None => wrong.push(format!("not reported: {name}[{code}]: {message}")),
        }
    }
    let surplus = open.iter().filter(|(_, diagnostic)| diagnostic.severity == Severity::Error);
    wrong.extend(surplus.map(|(mark, _)| format!("not expected: {}", show(mark))));
    wrong
}

/// Line and columns in characters; a span over several lines counts to the end of the first.
fn mark_of(diagnostic: &Diagnostic, lines: &LineIndex, text: &str) -> Mark {
    let at = diagnostic.span.map_or((0, 0, 0), |span| {
        let (start, end) = (span.start as usize, span.end as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let column = |offset: usize| text[line_start..offset].chars().count();
        (lines.line(span.start) as usize - 1, column(start), column(end.min(line_end)))
    });
    let Diagnostic { code, severity, message, .. } = diagnostic.clone();
    Mark { at, severity, code, message }
}

fn fits(expected: &Mark, found: &Mark) -> bool {
    let same = |mark: &Mark| (mark.at, mark.severity, mark.code.clone());
    same(expected) == same(found) && says(&expected.message, &found.message)
}

/// Whether a message is the expected one; a trailing `...` stands for the rest.
fn says(expected: &str, found: &str) -> bool {
    expected.strip_suffix("...").map_or(found == expected, |beginning| found.starts_with(beginning))
}

fn show(mark: &Mark) -> String {
    let (line, start, end) = mark.at;
    format!(
        "line {}, columns {start} to {end}: {:?}[{}]: {}",
        line + 1,
        mark.severity,
        mark.code,
        mark.message
    )
}

/// What is wrong with one expectation.
fn fact_difference((name, argument, value): &(String, String, String), report: &Report) -> Option<String> {
    let is =
        |ours: String| (ours != *value).then(|| format!("{name} {argument}: expected {value}, got {ours}"));
    let among = |ours: Vec<String>, found: bool| {
        (!found).then(|| format!("{name} {argument}: expected {value}, got\n  {}", ours.join("\n  ")))
    };
    match name.as_str() {
        "pods" => is(report.pods_total.to_string()),
        "running" => is(report.verdict.running.to_string()),
        "pending" => is(report.verdict.pending.to_string()),
        "exit" => is(report.kubectl.exit.to_string()),
        "stdout" => among(report.kubectl.stdout.clone(), report.kubectl.stdout.contains(value)),
        "stderr" => among(report.kubectl.stderr.clone(), report.kubectl.stderr.contains(value)),
        "message" => {
            let messages: Vec<String> = pods_of(argument, report)
                .map(|pod| pod.message.clone())
                .filter(|message| !message.is_empty())
                .collect();
            let found = messages.contains(value);
            among(messages, found)
        }
        "nodes" => {
            let node = |pod: &rules::PodReport| pod.node.and_then(|node| report.nodes.get(node as usize));
            let mut nodes: Vec<&str> =
                pods_of(argument, report).filter_map(node).map(|node| &*node.name).collect();
            nodes.sort_unstable();
            is(nodes.join(" "))
        }
        "status" | "ip" => {
            let of = |pod: &rules::PodReport| if name == "ip" { pod.ip.clone() } else { pod.status.clone() };
            let mut found: Vec<String> = pods_of(argument, report).map(of).collect();
            found.sort_unstable();
            is(found.join(" "))
        }
        "route" => {
            let found = report.routes.iter().any(|route| route::is(value, route));
            among(report.routes.iter().map(route::show).collect(), found)
        }
        "no-route" => {
            let found = report.routes.iter().any(|route| route::begins(value, route));
            among(report.routes.iter().map(route::show).collect(), !found)
        }
        "forward" => {
            let forwards = report.forwards.iter();
            let forwards: Vec<String> =
                forwards.map(|forward| format!("{} | {}", forward.command, forward.urls.join(" "))).collect();
            let found = forwards.contains(value);
            among(forwards, found || value == "none" && report.forwards.is_empty())
        }
        "request" => match route::request(argument) {
            None => Some(format!("{name} {argument}: no request")),
            Some(request) => {
                let routes: Vec<&rules::Route> = report.routes.iter().collect();
                let found = reach::choose(&routes, &request);
                let right = match found {
                    None => value == "404",
                    Some(route) => route::answers(value, route),
                };
                among(vec![found.map_or_else(|| "404".to_owned(), route::show)], right)
            }
        },
        // With the diagnostics.
        "error" | "warning" => None,
        _ => Some(format!("{name}: not checked")),
    }
}

fn pods_of<'a>(workload: &'a str, report: &'a Report) -> impl Iterator<Item = &'a rules::PodReport> {
    let is_of = move |pod: &&rules::PodReport| {
        report.workloads.get(pod.workload as usize).is_some_and(|found| found.name == workload)
    };
    report.pods.iter().filter(is_of)
}

#[cfg(test)]
mod tests {
    use rules::Span;

    use super::*;

    const TEXT: &str = "#: pods: 1\nkind: é x\n#     ^ error[kind]: bad...\n";

    fn report(start: u32, severity: Severity) -> Report {
        let diagnostic = Diagnostic::new("kind", severity, "bad kind", Some(Span { start, end: start + 2 }));
        Report { pods_total: 1, diagnostics: vec![diagnostic], ..Report::default() }
    }

    fn wrong(report: &Report) -> usize {
        check(&Case::read(TEXT).unwrap(), report).len()
    }

    #[test]
    fn errors_and_carets_correspond() {
        assert_eq!(wrong(&report(17, Severity::Error)), 0);
        assert_eq!(wrong(&report(11, Severity::Error)), 2, "elsewhere: one missing, one too many");
        assert_eq!(wrong(&report(17, Severity::Warning)), 1);
        let mut twice = report(17, Severity::Error);
        twice.diagnostics.push(twice.diagnostics[0].clone());
        assert_eq!(wrong(&twice), 1);
    }

    #[test]
    fn facts_are_compared() {
        assert_eq!(wrong(&Report { pods_total: 2, ..report(17, Severity::Error) }), 1);
        let fact = |name: &str, value: &str| (name.to_owned(), String::new(), value.to_owned());
        let mut report = Report::default();
        report.kubectl.stdout = vec!["a".into()];
        for (name, value, right) in [
            ("stdout", "a", true),
            ("stdout", "b", false),
            ("stderr", "a", false),
            ("exit", "0", true),
            ("exit", "1", false),
            ("running", "0", true),
            ("pending", "1", false),
            ("route", "NodePort Reachable http://x", false),
            ("no-route", "NodePort", true),
            ("request", "404", false),
            ("message", "x", false),
        ] {
            assert_eq!(fact_difference(&fact(name, value), &report).is_none(), right, "{name} {value}");
        }
    }
}
