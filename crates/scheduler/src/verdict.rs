//! The verdict of a filter, small enough to be kept for each node.

use std::rc::Rc;

use crate::attempt::{Code, Rejection};
use crate::class::Class;
use crate::plugins::Plugin;
use crate::resources::ResourceNames;

/// A node is turned down by `plugin`. What the bits of `reasons` mean is the plugin's own affair, see [`reasons`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Verdict {
    pub(crate) plugin: Plugin,
    pub(crate) code: Code,
    pub(crate) reasons: u64,
}

impl Verdict {
    /// The plugin's only reason, or the first of its [`Plugin::reasons`].
    pub(crate) const fn new(plugin: Plugin, code: Code) -> Self {
        Self::with_reason(plugin, code, 0)
    }

    /// The reason at this index of the plugin's [`Plugin::reasons`].
    pub(crate) const fn with_reason(plugin: Plugin, code: Code, index: u8) -> Self {
        Self { plugin, code, reasons: 1 << index }
    }

    /// The reasons in words, in the order in which the plugin gives them.
    pub(crate) fn texts(self, class: &Class, names: &ResourceNames) -> Vec<Rc<str>> {
        let fixed = self.plugin.reasons();
        let bits = (0..u64::BITS as usize).filter(|bit| self.reasons & (1 << bit) != 0);
        bits.filter_map(|bit| match fixed.get(bit) {
            Some(text) => Some(Rc::from(*text)),
            None => class
                .wanted
                .get(bit - fixed.len())
                .map(|(id, _)| format!("Insufficient {}", names.name(*id)).into()),
        })
        .collect()
    }

    /// For the trace.
    pub(crate) fn rejection(self, class: &Class, names: &ResourceNames) -> Rejection {
        Rejection { code: self.code, plugin: self.plugin.name().into(), reasons: self.texts(class, names) }
    }
}
