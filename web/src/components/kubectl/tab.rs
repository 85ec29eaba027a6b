//! The tab with the terminal.

use rules::{Report, StoredLine, StoredObject};
use yew::{Html, html};

use super::command_line::CommandLine;
use super::table::table;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Answer, Findings};

/// More lines are counted.
const MAX_LINES: usize = 500;

/// Commands and what they print.
pub(crate) fn kubectl_tab(page: &Page, answer: &Shared<Answer>, findings: &Findings) -> Html {
    let t = page.texts();
    let report = &answer.report;
    let apply = html! {
        <>
            { for report.kubectl.stdout.iter().take(MAX_LINES).map(|line| html! { <>{ line }{ "\n" }</> }) }
            { for report.kubectl.stderr.iter().take(MAX_LINES).map(|line| html! { <span class="stderr">{ line }{ "\n" }</span> }) }
        </>
    };
    html! {
        <>
            <CommandLine page={page.clone()} answer={answer.clone()} log={findings.terminal.clone()} waiting={!findings.open.is_empty()} />
            { terminal("kubectl apply -f manifest.yaml", t.apply_output, apply, "kubectl-apply") }
            if !report.pods.is_empty() {
                { terminal("kubectl get pods -A -o wide", t.pods_output, html! { pods(report) }, "kubectl-pods") }
                <p class="quiet hint">{ t.columns_left_out }</p>
            }
            if !report.events.is_empty() {
                { terminal("kubectl get events -A", t.events_output, html! { events(report) }, "kubectl-events") }
            }
            if !report.stored.is_empty() {
                <h3 class="stored-title">{ t.stored }</h3>
                <p class="quiet hint">{ t.stored_hint }</p>
                { for report.stored.iter().map(stored) }
            }
        </>
    }
}

fn terminal(command: &'static str, label: &'static str, output: Html, id: &'static str) -> Html {
    html! {
        <pre class="terminal" tabindex="0" aria-label={label} role="region" data-testid={id}><span class="prompt">{ "$ " }</span><b>{ command }</b>{ "\n" }{ output }</pre>
    }
}

/// An object as it is stored, folded.
fn stored(object: &StoredObject) -> Html {
    let line = |line: &StoredLine| {
        let (class, mark) = if line.added { (Some("added"), "+ ") } else { (None, "  ") };
        html! { <span {class}>{ mark }{ &line.text }{ "\n" }</span> }
    };
    let added = object.lines.iter().filter(|line| line.added).count();
    html! {
        <details class="stored" key={format!("{}{}", object.name, object.span.start)} data-testid="stored">
            <summary><code>{ &object.name }</code>{ format!(" +{added}") }</summary>
            <pre class="terminal" tabindex="0">{ for object.lines.iter().map(line) }</pre>
        </details>
    }
}

fn pods(report: &Report) -> String {
    let head = ["NAMESPACE", "NAME", "STATUS", "IP", "NODE"].map(str::to_owned);
    let or_none = |text: &str| if text.is_empty() { "<none>".to_owned() } else { text.to_owned() };
    let rows = report.pods.iter().take(MAX_LINES).map(|pod| {
        let node = pod.node.and_then(|node| report.nodes.get(node as usize)).map_or("", |node| &node.name);
        [pod.namespace.clone(), pod.name.clone(), pod.status.clone(), or_none(&pod.ip), or_none(node)]
    });
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

fn events(report: &Report) -> String {
    let head = ["TYPE", "REASON", "OBJECT", "MESSAGE"].map(str::to_owned);
    let rows = report.events.iter().take(MAX_LINES).map(|event| {
        let weight = if event.warning { "Warning" } else { "Normal" };
        [weight.to_owned(), event.reason.clone(), event.object.clone(), event.message.clone()]
    });
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}
