//! What happens to the cluster after the manifest was applied, and how much of it is seen.

use rules::Action;

/// The story of a scene. By default it is empty: the text is applied, and that is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Story {
    /// The text that was applied first, when the editor holds an update of it. Otherwise that is the editor's own.
    pub(crate) base: Option<String>,
    /// What happened then, in order.
    pub(crate) actions: Vec<Action>,
    /// How many of the actions are seen: those after it can be stepped to.
    pub(crate) at: u32,
}

impl Story {
    /// The actions up to what is seen. At the end an update that was typed but not applied yet is tried out.
    pub(crate) fn seen(&self, text: &str) -> Vec<Action> {
        let mut seen: Vec<Action> = self.actions.iter().take(self.at as usize).cloned().collect();
        if self.is_draft(text) {
            seen.push(Action::Apply(text.to_owned()));
        }
        seen
    }

    /// Whether the editor holds an update that is tried out after all that happened.
    pub(crate) fn is_draft(&self, text: &str) -> bool {
        self.base.is_some() && self.is_at_end() && self.applied(text) != text
    }

    /// The text that is spoken of: the one that was applied last of what is seen.
    pub(crate) fn spoken<'a>(&'a self, text: &'a str) -> &'a str {
        if self.is_draft(text) { text } else { self.applied(text) }
    }

    fn applied<'a>(&'a self, text: &'a str) -> &'a str {
        let applied = self.actions.iter().take(self.at as usize).rev().find_map(|action| match action {
            Action::Apply(text) => Some(text.as_str()),
            _ => None,
        });
        applied.or(self.base.as_deref()).unwrap_or(text)
    }

    /// Nothing that happened is left out.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at as usize >= self.actions.len()
    }

    /// Does something now: what was to come is forgotten, and a draft is applied first.
    pub(crate) fn go_on(&mut self, text: &str, action: Option<Action>) {
        let draft = self.is_draft(text).then(|| Action::Apply(text.to_owned()));
        self.actions.truncate(self.at as usize);
        self.actions.extend(draft);
        self.actions.extend(action);
        self.at = self.actions.len() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain() -> Action {
        Action::Drain("node-1".into())
    }

    #[test]
    fn without_a_base_the_text_itself_is_applied_first() {
        let mut story = Story::default();
        story.go_on("a", Some(drain()));
        assert_eq!((story.seen("b"), story.spoken("b")), (vec![drain()], "b"));
        story.at = 0;
        assert_eq!(story.seen("b"), []);
        story.go_on("b", Some(Action::Uncordon("node-1".into())));
        assert_eq!(story.seen("b"), [Action::Uncordon("node-1".into())], "what was to come is forgotten");
    }

    #[test]
    fn what_is_typed_over_a_base_is_an_update() {
        let mut story = Story { base: Some("a".into()), ..Story::default() };
        assert_eq!((story.seen("a"), story.spoken("a")), (vec![], "a"));
        assert_eq!((story.seen("b"), story.spoken("b")), (vec![Action::Apply("b".into())], "b"));
        story.go_on("b", Some(drain()));
        assert_eq!(story.actions, [Action::Apply("b".into()), drain()]);
        assert_eq!((story.spoken("b"), story.is_draft("b"), story.is_draft("c")), ("b", false, true));
        story.at = 0;
        assert_eq!((story.spoken("c"), story.is_draft("c")), ("a", false), "the past is not changed");
    }
}
