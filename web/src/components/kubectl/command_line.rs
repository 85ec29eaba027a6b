//! A line to type commands in, and what they printed.

use rules::KubectlOutput;
use yew::{Callback, Html, InputEvent, SubmitEvent, component, html, use_state_eq};

use crate::inquiry::Inquiry;
use crate::page::Page;
use crate::platform::dom;
use crate::shared::Shared;
use crate::state::{Action, Answer};

/// More lines of one output are cut.
const MAX_LINES: usize = 500;

/// What the line needs.
#[derive(PartialEq, yew::Properties)]
pub(super) struct CommandLineProps {
    pub(super) page: Page,
    pub(super) answer: Shared<Answer>,
    /// Commands and outputs, oldest first.
    pub(super) log: Shared<Vec<(String, KubectlOutput)>>,
    /// An answer is under way.
    pub(super) waiting: bool,
}

/// The prompt, suggestions, and the outputs, newest first.
#[component]
pub(super) fn CommandLine(props: &CommandLineProps) -> Html {
    let CommandLineProps { page, answer, log, waiting } = props;
    let t = page.texts();
    let line = use_state_eq(String::new);
    let run = {
        let dispatch = page.dispatch.clone();
        Callback::from(move |line: String| {
            if !line.trim().is_empty() {
                dispatch.dispatch(Action::Inquire(Inquiry::Kubectl(line)));
            }
        })
    };
    let oninput = {
        let line = line.clone();
        Callback::from(move |event: InputEvent| line.set(dom::typed(&event)))
    };
    let onsubmit = {
        let (run, line) = (run.clone(), line.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit((*line).clone());
            line.set(String::new());
        })
    };
    let suggestion = |command: String| {
        let (run, typed) = (run.clone(), command.clone());
        html! { <li><button type="button" class="button small mono" onclick={move |_| run.emit(typed.clone())}>{ command }</button></li> }
    };
    html! {
        <section class="commands" aria-label="kubectl">
            <form class="command-line" {onsubmit}>
                <span class="mono" aria-hidden="true">{ "$ kubectl" }</span>
                <input type="text" class="control mono" aria-label={t.command_line} value={(*line).clone()} {oninput} placeholder="get pods -o wide"
                    spellcheck="false" autocomplete="off" autocapitalize="none" data-testid="command" />
                <button type="submit" class="button" data-testid="run-command">{ t.run_command }</button>
            </form>
            <ul class="suggestions">{ for suggestions(answer).into_iter().map(suggestion) }</ul>
            <p class="quiet hint">{ t.command_hint }</p>
            <div role="log" aria-busy={waiting.to_string()} data-testid="command-log">
                { for log.iter().enumerate().rev().map(|(at, (command, output))| entry(at, command, output)) }
            </div>
        </section>
    }
}

/// What is worth a look in this cluster.
fn suggestions(answer: &Answer) -> Vec<String> {
    let report = &answer.report;
    let mut commands: Vec<String> =
        ["get pods -o wide", "get all", "get nodes -o wide", "get events"].map(str::to_owned).to_vec();
    let pod = report.pods.iter().find(|pod| pod.node.is_none()).or(report.pods.first());
    commands.extend(pod.map(|pod| {
        let namespace =
            if pod.namespace == "default" { String::new() } else { format!(" -n {}", pod.namespace) };
        format!("describe pod{namespace} {}", pod.name)
    }));
    commands
}

fn entry(at: usize, command: &str, output: &KubectlOutput) -> Html {
    let typed = command.trim().strip_prefix("kubectl ").unwrap_or(command.trim());
    html! {
        <pre key={at} class="terminal" tabindex="0" data-testid="command-output"><span class="prompt">{ "$ " }</span><b>{ "kubectl " }{ typed }</b>{ "\n" }
            { for output.stderr.iter().take(MAX_LINES).map(|line| html! { <span class="stderr">{ line }{ "\n" }</span> }) }
            { for output.stdout.iter().take(MAX_LINES).map(|line| html! { <>{ line }{ "\n" }</> }) }
        </pre>
    }
}
