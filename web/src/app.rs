//! The page's frame: the state, the behaviours that watch it, and where everything stands.

use yew::{ContextProvider, DragEvent, Html, component, html, use_reducer_eq, use_state_eq};

use crate::components::cluster::ClusterTab;
use crate::components::editor::EditorPane;
use crate::components::header::Header;
use crate::components::kubectl::KubectlTab;
use crate::components::problems::Problems;
use crate::components::reach::ReachTab;
use crate::components::settings::SettingsPanel;
use crate::components::ui::{Footer, KeysPanel, NoticeBar, PaneSwitch, Tabs};
use crate::components::verdict::VerdictPane;
use crate::components::why::WhyTab;
use crate::hooks::{Page, first_state, use_analysis, use_appearance, use_keys, use_session};
use crate::platform::{files, page as window};
use crate::state::{Action, Notice, Origin, Pane, State, Tab};

/// Draws the app into the page.
pub(crate) fn start() {
    if let Some(root) = window::root() {
        yew::Renderer::<App>::with_root(root).render();
    }
}

#[component]
fn App() -> Html {
    let state = use_reducer_eq(first_state);
    let page = Page { lang: state.lang, dispatch: state.dispatcher() };
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
            let done = yew::Callback::from(move |text: Option<String>| {
                dispatch.dispatch(match text {
                    Some(text) => {
                        Action::Load(text, crate::settings::Settings::clone(&settings), Origin::File)
                    }
                    None => Action::Notify(Notice::BadFile),
                });
            });
            if files::read_dropped(&event, done) {
                event.prevent_default();
            }
        }
    };
    let pane = if state.pane == Pane::Editor { "shows-editor" } else { "shows-result" };

    html! {
        <ContextProvider<Page> context={page.clone()}>
            <div class={yew::classes!("page", pane, (*dragging).then_some("dragging"))} {ondrop}
                ondragover={over(true)} ondragleave={over(false)} data-drop={t.drop_here}>
                <a class="skip" href="#result" onclick={skip}>{ t.skip }</a>
                if !state.embedded {
                    <Header text={state.text.clone()} settings={state.settings.clone()} theme={state.theme} can_undo={state.can_undo()} />
                }
                <PaneSwitch pane={state.pane} problems={state.answer.as_ref().map_or(0, |answer| answer.report.diagnostics.len())} />
                <main class="columns">
                    <section class="left" aria-label={t.editor}>
                        <EditorPane text={state.text.clone()} answer={state.current().cloned()} glow={state.glow} order={state.order.clone()} />
                        <Problems answer={state.answer.clone()} fixable={state.current().is_some()} />
                    </section>
                    <section class="right" id="result" aria-label={t.result} tabindex="-1">
                        <VerdictPane answer={state.answer.clone()} shown={state.shown.clone()} busy={state.busy()}
                            trouble={state.trouble} nodes={state.settings.cluster.nodes} takes={state.current().is_some()} />
                        <Tabs tab={state.tab} />
                        <ResultTab state={State::clone(&state)} />
                    </section>
                </main>
                <Footer embedded={state.embedded} text={state.text.clone()} settings={state.settings.clone()} />
                <SettingsPanel open={state.panel} settings={state.settings.clone()} shown={state.shown.clone()} />
                <KeysPanel open={state.panel} />
                <NoticeBar notice={state.notice} can_undo={state.can_undo()} />
            </div>
        </ContextProvider<Page>>
    }
}

/// The link to the result must not become the fragment, which holds share links.
fn skip(event: yew::MouseEvent) {
    event.prevent_default();
    window::focus_id("result");
}

#[derive(PartialEq, yew::Properties)]
struct ResultTabProps {
    state: State,
}

/// The chosen tab. What it shows dims while it is older than the text.
#[component]
fn ResultTab(props: &ResultTabProps) -> Html {
    let state = &props.state;
    let Some(shown) = state.shown.clone() else {
        return html! { <div class="panel loading-panel" role="tabpanel" id="panel" aria-labelledby={Tabs::id(state.tab)} tabindex="0"></div> };
    };
    let content = match state.tab {
        Tab::Cluster => html! { <ClusterTab answer={shown} glow={state.glow} /> },
        Tab::Reach => html! { <ReachTab answer={shown} glow={state.glow} /> },
        Tab::Why => {
            html! { <WhyTab answer={shown} pod={state.pod.clone()} busy={state.busy()} settings={state.settings.clone()} /> }
        }
        Tab::Kubectl => html! { <KubectlTab answer={state.answer.clone().unwrap_or(shown)} /> },
    };
    let stale = (state.stale() && state.tab != Tab::Kubectl).then_some("stale");
    html! {
        <div class={yew::classes!("panel", stale)} role="tabpanel" id="panel" aria-labelledby={Tabs::id(state.tab)} tabindex="0"
            data-testid={format!("panel-{}", state.tab.name())}>
            { content }
        </div>
    }
}
