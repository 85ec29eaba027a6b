// Colours and measures of the editor, all from the custom properties of web/styles/tokens.css.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
  { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--code-value)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.meta, tags.squareBracket, tags.brace], color: "var(--code-mark)" },
  { tag: [tags.typeName, tags.labelName, tags.keyword, tags.attributeValue], color: "var(--code-anchor)" },
]);

// A wavy underline as an image: data: URLs are allowed for images only.
const squiggle = (colour) =>
  `url('data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="6" height="3"><path d="m0 2.5 1.5-2 1.5 2 1.5-2 1.5 2" fill="none" stroke="${encodeURIComponent(colour)}" stroke-width="1"/></svg>')`;

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--code-gutter)", border: "none", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 8px 0 8px", minWidth: "24px" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "4px 0 0 3px" },
  ".cm-lint-marker": { width: "10px", height: "10px" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-active)" },
  ".cm-glow": { backgroundColor: "var(--code-glow)", boxShadow: "inset 3px 0 0 var(--accent)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-selection)", outline: "none" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunken)", border: "1px solid var(--line)", color: "var(--muted)" },
  ".cm-lintRange-error": { backgroundImage: squiggle("#d33") },
  ".cm-lintRange-warning": { backgroundImage: squiggle("#c80") },
  ".cm-lintRange-info": { backgroundImage: squiggle("#48c") },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "4px",
    boxShadow: "var(--shadow)", maxWidth: "min(560px, 90vw)",
  },
  ".cm-about": { padding: "6px 8px", fontFamily: "var(--sans)", lineHeight: "20px", overflowWrap: "anywhere" },
  ".cm-about b, .cm-about code": { fontFamily: "var(--mono)" },
  ".cm-about a": { color: "var(--accent-text)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "12em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", lineHeight: "20px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { marginLeft: "12px", fontStyle: "normal", opacity: "0.8" },
  ".cm-diagnostic": { padding: "4px 8px", borderLeftWidth: "3px", fontFamily: "var(--sans)", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)", borderColor: "var(--line)" },
  ".cm-panel.cm-search": { fontFamily: "var(--sans)", paddingRight: "24px" },
  ".cm-textfield, .cm-button": {
    background: "var(--surface)", color: "var(--text)", border: "1px solid var(--line-strong)", borderRadius: "4px",
  },
  ".cm-searchMatch": { backgroundColor: "var(--code-glow)", outline: "1px solid var(--line-strong)" },
});
