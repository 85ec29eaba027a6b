//! The tab with the terminal.

use rules::{Report, StoredLine, StoredObject};
use yew::{Html, html};

use super::command_line::CommandLine;
use super::listing::Listing;
use crate::page::Page;
use crate::shared::Shared;
use crate::state::{Answer, Findings};

/// More lines are counted.
const MAX_LINES: usize = 500;

/// With more pods a listing takes as long as the analysis itself, and is made only when somebody asks for it.
const MAX_PODS: u32 = 5_000;

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
            if report.pods_total > MAX_PODS {
                <p class="quiet">{ t.not_listed }</p>
            } else if !report.pods.is_empty() {
                { listing(page, answer, findings, pods_command(report), t.pods_output, "kubectl-pods") }
            }
            if report.pods_total <= MAX_PODS && !report.events.is_empty() {
                { listing(page, answer, findings, "get events -A", t.events_output, "kubectl-events") }
            }
            if !report.stored.is_empty() {
                <h3 class="stored-title">{ t.stored }</h3>
                <p class="quiet hint">{ t.stored_hint }</p>
                { for report.stored.iter().map(stored) }
            }
        </>
    }
}

/// All pods. One namespace needs no column.
fn pods_command(report: &Report) -> &'static str {
    let spread = report.pods.iter().any(|pod| pod.namespace != "default");
    if spread { "get pods -A -o wide" } else { "get pods -o wide" }
}

/// What a command prints, kept up to date.
fn listing(
    page: &Page,
    answer: &Shared<Answer>,
    findings: &Findings,
    command: &'static str,
    label: &'static str,
    id: &'static str,
) -> Html {
    let found = findings.listings.iter().find(|listing| listing.of == command).cloned();
    html! { <Listing page={page.clone()} revision={answer.revision} {command} {label} {id} {found} /> }
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
