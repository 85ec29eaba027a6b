//! The page's frame: the state, the behaviours that watch it, and where everything stands.

use std::rc::Rc;

use yew::{Callback, DragEvent, Html, component, html, use_reducer_eq, use_state_eq};

use crate::components::cluster::cluster_tab;
use crate::components::editor::EditorPane;
use crate::components::header::header;
use crate::components::kubectl::kubectl_tab;
use crate::components::problems::problems;
use crate::components::reach::reach_tab;
use crate::components::settings::settings_panel;
use crate::components::timeline::timeline_tab;
use crate::components::ui::{footer, keys_panel, notice_bar, pane_switch, tab_id, tabs};
use crate::components::verdict::verdict_pane;
use crate::components::why::why_tab;
use crate::hooks::{first_state, use_analysis, use_appearance, use_keys, use_session};
use crate::page::Page;
use crate::platform::link::{self, Linked};
use crate::platform::{files, page as window};
use crate::settings::Settings;
use crate::shared::Shared;
use crate::state::{Action, Answer, Findings, Notice, Origin, Pane, Tab};

/// Draws the app into the page, as soon as the link in the address is read.
pub(crate) fn start() {
    link::read(&Callback::from(|linked| {
        if let Some(root) = window::root() {
            yew::Renderer::<App>::with_root_and_props(root, AppProps { linked }).render();
        }
    }));
}

#[derive(PartialEq, yew::Properties)]
struct AppProps {
    linked: Linked,
}

#[component]
fn App(props: &AppProps) -> Html {
    let state = use_reducer_eq(|| first_state(&props.linked));
    let page = Page { lang: state.lang, view: state.view, dispatch: state.dispatcher() };
    let dragging = use_state_eq(|| false);
    use_analysis(&state);
    use_appearance(&state);
    use_keys(&state, &page);
    use_session(&state);

    let t = page.texts();
    let over = |over: bool| {
        let dragging = dragging.clone();
        move |event: DragEvent| {
            event.prevent_default();
            dragging.set(over);
        }
    };
    let ondrop = {
        let (dragging, dispatch, settings) =
            (dragging.clone(), page.dispatch.clone(), state.settings.clone());
        move |event: DragEvent| {
            dragging.set(false);
            let (dispatch, settings) = (dispatch.clone(), settings.clone());
            let done = Callback::from(move |text: Option<String>| {
                dispatch.dispatch(match text {
                    Some(text) => Action::Load(text, Settings::clone(&settings), Origin::File),
                    None => Action::Notify(Notice::BadFile),
                });
            });
            if files::read_dropped(&event, &done) {
                event.prevent_default();
            }
        }
    };
    let pane = if state.pane == Pane::Editor { "shows-editor" } else { "shows-result" };

    let (answer, settings, current) = (state.answer.as_ref(), &state.settings, state.current());
    let (page, can_undo, found) =
        (&page, state.can_undo(), answer.map_or(0, |answer| answer.report.diagnostics.len()));
    html! {
        <div class={yew::classes!("page", pane, (*dragging).then_some("dragging"))} {ondrop}
            ondragover={over(true)} ondragleave={over(false)} data-drop={t.drop_here}>
            <a class="skip" href="#result" onclick={skip}>{ t.skip }</a>
            if !state.embedded { { header(page, &state.text, settings, state.theme, can_undo) } }
            { pane_switch(page, state.pane, found) }
            <main class="columns">
                <section class="left" aria-label={t.editor}>
                    <EditorPane page={page.clone()} text={state.text.clone()} answer={current.cloned()} glow={state.glow} help={state.help.clone()} order={state.order.clone()} />
                    { problems(page, answer, current.is_some()) }
                </section>
                <section class="right" id="result" aria-label={t.result} tabindex="-1">
                    { verdict_pane(page, &state) }
                    { tabs(page, state.tab) }
                    <ResultTab page={page.clone()} shown={state.shown.clone()} answer={state.answer.clone()} tab={state.tab} glow={state.glow}
                        pod={state.pod.clone()} settings={settings.clone()} findings={state.findings.clone()} busy={state.busy()} stale={state.stale()} />
                </section>
            </main>
            { footer(page, state.embedded, &state.text, settings) }
            { settings_panel(page, state.panel, settings, state.shown.as_ref()) }
            { keys_panel(page, state.panel) }
            { notice_bar(page, state.notice, can_undo) }
        </div>
    }
}

/// The link to the result must not become the fragment, which holds share links.
#[expect(clippy::needless_pass_by_value, reason = "the shape of an event's callback")]
fn skip(event: yew::MouseEvent) {
    event.prevent_default();
    window::focus_id("result");
}

#[derive(PartialEq, yew::Properties)]
struct ResultTabProps {
    page: Page,
    shown: Option<Shared<Answer>>,
    answer: Option<Shared<Answer>>,
    tab: Tab,
    glow: Option<u32>,
    pod: Option<Rc<str>>,
    settings: Shared<Settings>,
    findings: Findings,
    busy: bool,
    stale: bool,
}

/// The chosen tab. What it shows dims while it is older than the text. A component, so that typing does not draw it again.
#[component]
fn ResultTab(props: &ResultTabProps) -> Html {
    let ResultTabProps { page, shown, answer, tab, glow, pod, settings, findings, busy, stale } = props;
    let content = shown.as_ref().map(|shown| match tab {
        Tab::Cluster => cluster_tab(page, shown, *glow),
        Tab::Reach => reach_tab(page, shown, *glow, findings),
        Tab::Why => why_tab(page, shown, pod.as_deref(), *busy, settings),
        Tab::Timeline => timeline_tab(page, shown, settings, *busy),
        Tab::Kubectl => kubectl_tab(page, answer.as_ref().unwrap_or(shown), findings),
    });
    let stale = (*stale && *tab != Tab::Kubectl).then_some("stale");
    let loading = shown.is_none().then_some("loading-panel");
    html! {
        <div class={yew::classes!("panel", stale, loading)} role="tabpanel" id="panel" aria-labelledby={tab_id(*tab)} tabindex="0"
            data-testid={format!("panel-{}", tab.name())}>{ content.unwrap_or_default() }</div>
    }
}
