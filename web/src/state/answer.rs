//! A report together with the text that it is about.

use std::rc::Rc;

use rules::{LineIndex, Report, Severity, Span};

/// What the worker found for one revision.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The revision that was analysed.
    pub(crate) revision: u64,
    /// The text that was analysed: spans of the report point into it.
    pub(crate) text: Rc<str>,
    /// The report.
    pub(crate) report: Report,
    lines: LineIndex,
}

impl Answer {
    /// A report on `text`.
    pub(crate) fn new(revision: u64, text: Rc<str>, report: Report) -> Self {
        let lines = LineIndex::new(&text);
        Self { revision, text, report, lines }
    }

    /// Line of the start of a span, from 1.
    pub(crate) fn line(&self, span: Span) -> u32 {
        self.lines.line(span.start)
    }

    /// Line and column of the start of a span, both from 1.
    pub(crate) fn place(&self, span: Span) -> (u32, u32) {
        let place = self.lines.line_column(&self.text, span.start);
        (place.line, place.column)
    }

    /// Nothing could be made of the text, most likely because it is being typed: the last good result stays.
    pub(crate) fn is_broken(&self) -> bool {
        !self.text.trim().is_empty()
            && self.report.workloads.is_empty()
            && self.report.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }

    /// The decision about a pod (namespace/name) is part of the report, or nobody decides about it.
    pub(crate) fn explains(&self, pod: &str) -> bool {
        self.report
            .pods
            .iter()
            .any(|found| found.attempt.is_some() && is_pod(&found.namespace, &found.name, pod))
    }

    /// Index of a pod by namespace/name.
    pub(crate) fn pod(&self, pod: &str) -> Option<usize> {
        self.report.pods.iter().position(|found| is_pod(&found.namespace, &found.name, pod))
    }
}

fn is_pod(namespace: &str, name: &str, key: &str) -> bool {
    key.split_once('/') == Some((namespace, name))
}
