//! The report for people: kubectl's output, diagnostics, pods, what keeps pods waiting, and the ways in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rules::{Hop, Lang, PodReport, Probe, Report, Route, words};

use crate::excerpt;
use crate::sources::Sources;

/// The whole report, in paragraphs.
pub(crate) fn render(report: &Report, sources: &Sources) -> String {
    let kubectl = [report.kubectl.stdout.as_slice(), report.kubectl.stderr.as_slice()].concat();
    let diagnostics: Vec<String> =
        report.diagnostics.iter().map(|one| excerpt::render(one, sources)).collect();
    let paragraphs = [
        lines(&kubectl),
        diagnostics.join("\n"),
        pods(report),
        waiting(report),
        routes(&report.routes),
        forwards(report),
        passed_over(report),
        format!("{}\n", words::verdict(&report.verdict, Lang::En)),
    ];
    paragraphs.into_iter().filter(|paragraph| !paragraph.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// The hops of a request, one a line, the route that decides, and what comes of it.
pub(crate) fn probe(report: &Report, probe: &Probe) -> String {
    let rows: Vec<[String; 2]> = probe.hops.iter().map(hop).collect();
    let route = probe.route.and_then(|index| report.routes.get(index as usize));
    let notes = route.map_or_else(String::new, |route| routes(std::slice::from_ref(route)));
    let paragraphs = [table(&rows), notes, format!("{}\n", words::outcome(&probe.outcome, Lang::En))];
    paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What it is, and its name and address; of several places a few.
fn hop(hop: &Hop) -> [String; 2] {
    const MOST: usize = 4;
    let places = hop.places.iter().take(MOST).map(|place| format!("{} {}", place.label, place.address));
    let mut text = places.map(|place| place.trim().to_owned()).collect::<Vec<_>>().join(" or ");
    if hop.places.len() > MOST {
        let _ = write!(text, " or {} more", hop.places.len() - MOST);
    }
    [words::hop(hop.kind, Lang::En).to_owned(), text]
}

fn lines(lines: &[String]) -> String {
    if lines.is_empty() { String::new() } else { lines.join("\n") + "\n" }
}

fn pods(report: &Report) -> String {
    let node = |pod: &PodReport| {
        let node = pod.node.and_then(|index| report.nodes.get(index as usize));
        node.map_or_else(|| "<none>".to_owned(), |node| node.name.clone())
    };
    let row = |pod: &PodReport| {
        let ip = if pod.ip.is_empty() { "<none>" } else { &pod.ip };
        [pod.namespace.clone(), pod.name.clone(), pod.status.clone(), ip.to_owned(), node(pod)]
    };
    let mut rows: Vec<[String; 5]> = report.pods.iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    rows.insert(0, ["NAMESPACE", "NAME", "STATUS", "IP", "NODE"].map(str::to_owned));
    let mut out = table(&rows);
    let listed = report.pods.len();
    if listed < report.pods_total as usize {
        let _ = writeln!(out, "... and {} more", report.pods_total as usize - listed);
    }
    out
}

/// Columns three blanks apart, as kubectl prints them.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: [usize; N] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0) + 3
    });
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(out, "{}", cells.concat().trim_end());
    }
    out
}

/// The messages of Pending pods, each with the pods it is about.
fn waiting(report: &Report) -> String {
    let mut by_message: BTreeMap<&str, Vec<&PodReport>> = BTreeMap::new();
    for pod in report.pods.iter().filter(|pod| !pod.message.is_empty()) {
        by_message.entry(&pod.message).or_default().push(pod);
    }
    let mut out = String::new();
    for (message, pods) in by_message {
        let more = if pods.len() > 1 { format!(" and {} more", pods.len() - 1) } else { String::new() };
        let _ = writeln!(out, "Pending: {}/{}{more}: {message}", pods[0].namespace, pods[0].name);
        if let Some(blocker) = &pods[0].blocker {
            let _ = writeln!(out, "         {}", words::blocker(blocker, Lang::En));
        }
    }
    out
}

fn routes(routes: &[Route]) -> String {
    let mut out = String::new();
    for route in routes {
        let url = if route.url.is_empty() { "(no address)" } else { &route.url };
        let state = words::route_state(route.state, Lang::En);
        let _ = writeln!(out, "{url}  {}: {state}", route.source);
        for note in &route.notes {
            let _ = writeln!(out, "    {}", words::note(note, Lang::En));
        }
    }
    out
}

/// For pods that no route reaches.
fn forwards(report: &Report) -> String {
    let commands: Vec<String> =
        report.forwards.iter().map(|forward| format!("For debugging: {}", forward.command)).collect();
    lines(&commands)
}

fn passed_over(report: &Report) -> String {
    let passed: Vec<String> =
        report.not_simulated.iter().map(|(kind, name)| format!("Not simulated: {kind} {name}")).collect();
    lines(&passed)
}
