//! The closed list of diagnostic codes for broken text, and [`codes!`](crate::codes!), which declares such lists.
//!
//! Every code has an explanation and a case in the suite; tests go through the lists to see that none is forgotten.

/// Declares diagnostic codes once: as documented constants, and as the list `ALL`.
#[macro_export]
macro_rules! codes {
    ($($name:ident = $text:literal, $doc:literal;)*) => {
        $(#[doc = $doc] pub const $name: &str = $text;)*
        /// Every code, in the order of this file.
        pub const ALL: &[&str] = &[$($text),*];
    };
}

codes! {
    TOO_LARGE = "text-too-large", "A text over [`MAX_TEXT`](crate::MAX_TEXT).";
    NOT_TEXT = "not-text", "Bytes that are no text.";
    TAB = "yaml-tab", "A tab character in the indentation.";
    TEMPLATE = "yaml-template", "A template that is not filled in.";
    INDENT = "yaml-indent", "A line that does not line up with the keys around it.";
    LIST_INDENT = "yaml-list-indent", "A line that does not line up with the list around it.";
    COLON = "yaml-colon", "A key without its colon.";
    NESTED_COLON = "yaml-nested-colon", "A colon where no key may stand.";
    QUOTE = "yaml-quote", "A quote that is not closed.";
    BRACKET = "yaml-bracket", "A bracket that is not closed, or a missing comma.";
    CHARACTER = "yaml-character", "A character that cannot begin a value.";
    ALIAS = "yaml-alias", "An alias without its anchor.";
    SEPARATOR = "yaml-separator", "A document separator with something behind it.";
    ALIASING = "yaml-aliasing", "Aliases that would grow beyond measure.";
    MERGE = "yaml-merge", "A merge of something that is no mapping.";
    CONTROL_CHARACTER = "yaml-control-character", "A control character.";
    KEY = "yaml-key", "A mapping or list as a key.";
    YAML = "yaml-syntax", "Any other mistake in YAML.";
    JSON = "json-syntax", "A mistake in JSON.";
}
