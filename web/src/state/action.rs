//! What can happen to the page.

use rules::{Action as Act, Help, Lang, Report, Span};

use crate::examples::Example;
use crate::inquiry::{Finding, Inquiry};
use crate::settings::Settings;
use crate::share::LinkError;

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Action {
    /// The user changed the text in the editor.
    Typed(String),
    /// Another manifest replaces this one; this one can be brought back by [`Action::Undo`].
    Load(String, Settings, Origin),
    /// The cluster changed.
    Configure(Settings),
    /// The node count changed.
    SetNodes(u32),
    /// Something happens to the cluster.
    Happen(Act),
    /// See so many of the actions.
    StepTo(u32),
    /// Take what is typed from now on for an update of what runs.
    Hold,
    /// Forget what happened.
    StartOver,
    /// Analyse again at once.
    AnalyseNow,
    /// The worker has answered for a revision.
    Answered(u64, Box<Report>),
    /// The worker gives no answer for a revision.
    Failed(u64, Trouble),
    /// The caret stands at this byte of the text, and help is wanted under this number.
    AskHelp(u32, u32),
    /// What can be said there.
    Helped(u32, Option<Help>),
    /// Find something out.
    Inquire(Inquiry),
    /// It is found out, under the number of the inquiry; nothing when somebody else took it.
    Found(u32, Option<Finding>),
    /// Rewrite the manifest to the way of this index.
    TakeWay(usize),
    /// Take the offer of this index.
    TakeOffer(usize),
    /// Take the fix of the problem of this index.
    TakeFix(usize),
    /// Undo the last replacement, offer or fix.
    Undo,
    /// Explain the decision about a pod: namespace/name.
    Explain(String),
    /// Show a place of the text.
    Select(Span),
    /// Go to the next problem.
    NextProblem,
    /// Go to the previous problem.
    PreviousProblem,
    /// Show a tab of the result.
    Show(Tab),
    /// Show a half of the page, where there is room for one only.
    ShowPane(Pane),
    /// Open something above the page, or close it.
    Open(Panel),
    /// Point at a workload, or at none.
    Glow(Option<u32>),
    /// Change the language.
    SetLang(Lang),
    /// Change the colours.
    SetTheme(Theme),
    /// Tell something.
    Notify(Notice),
    /// Unfold or fold something.
    Look(View),
    /// Take the notice away.
    Dismiss,
}

/// Where a manifest came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The menu.
    Example(Example),
    /// A share link.
    Link,
    /// A file that was opened or dropped.
    File,
}

/// Tabs of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    /// Nodes and their pods.
    Cluster,
    /// Ways in.
    Reach,
    /// The scheduler's decision about one pod.
    Why,
    /// What happens, and what it changes.
    Timeline,
    /// What a terminal would show.
    Kubectl,
}

impl Tab {
    /// In the order of the page.
    pub(crate) const ALL: [Self; 5] = [Self::Cluster, Self::Reach, Self::Why, Self::Timeline, Self::Kubectl];

    /// Stable name, for `?tab=` and tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Reach => "reach",
            Self::Why => "why",
            Self::Timeline => "timeline",
            Self::Kubectl => "kubectl",
        }
    }
}

/// Halves of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    /// Editor and problems.
    Editor,
    /// Verdict and tabs.
    Result,
}

/// What is open above the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    /// Nothing.
    None,
    /// The cluster's settings.
    Cluster,
    /// The list of keys.
    Keys,
}

/// What the reader has unfolded and picked out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    /// How often lists were made longer.
    pub(crate) more: u32,
    /// Index of the node that is seen in full where nodes are cells.
    pub(crate) node: usize,
    /// Only the routes that do not work.
    pub(crate) failing_only: bool,
    /// Index of the offer whose change is shown.
    pub(crate) offer: Option<usize>,
    /// Index of the route whose way is shown.
    pub(crate) way: Option<u32>,
    /// Index of the workload whose ways in are compared.
    pub(crate) compared: Option<u32>,
    /// Index of the way whose change is shown.
    pub(crate) rewriting: Option<usize>,
}

/// Colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The text has this many bytes.
    TooLarge(usize),
    /// The analysis took too long and was stopped.
    Overdue,
    /// The worker stopped by itself.
    Crashed,
    /// The worker cannot be started.
    NoWorker,
}

/// What just happened, told in passing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Another manifest was opened.
    Opened(Origin),
    /// An offer or a fix was taken.
    Changed,
    /// The share link is in the clipboard.
    LinkCopied,
    /// The share link is in the address bar, the clipboard is closed to the page.
    LinkInAddressBar,
    /// Something was copied.
    Copied,
    /// The link could not be read.
    BadLink(LinkError),
    /// The file could not be read.
    BadFile,
    /// The browser does not let the page save.
    NotSaved,
}
