// The one place that knows CodeMirror. web/src/platform/editor.rs is its only caller.
//
// The editor lives in a shadow root: there CodeMirror puts its styles into adopted stylesheets, while in the document it
// would add <style> elements, which the Content-Security-Policy forbids. Colours come in through custom properties.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, nextDiagnostic, previousDiagnostic, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorSelection, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { highlighting, theme } from "./editor-theme.js";

const SEVERITIES = ["error", "warning", "info"];

// The lines that the result points at while a pod is hovered: a range of offsets, or null.
const setGlow = StateEffect.define();
const glowLine = Decoration.line({ class: "cm-glow" });
const glow = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    let next = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setGlow)) continue;
      next = effect.value === null ? Decoration.none : Decoration.set(glowLine.range(transaction.state.doc.lineAt(effect.value).from));
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// Escape, then Tab leaves the editor, also where Escape does something else first.
const leave = {
  key: "Escape",
  run: (view) => {
    view.setTabFocusMode(2000);
    return false;
  },
};

// Typing over a selection: left to itself, Chromium keeps the look of what it removes by style attributes, which the
// Content-Security-Policy forbids.
const replacing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

/**
 * An editor inside `host`. Offsets are UTF-16 code units, as everywhere in CodeMirror.
 * `onChange(text)` is called for each change a person makes, not for `setText`.
 */
export function createEditor(host, text, label, onChange) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const labelling = new Compartment();
  const labelled = (value) => EditorView.contentAttributes.of({ "aria-label": value, "data-testid": "editor-content", tabindex: "0" });
  let silent = false;

  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        foldGutter(),
        codeFolding(),
        highlightSpecialChars(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        drawSelection(),
        history(),
        bracketMatching(),
        search({ top: true }),
        yaml(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        syntaxHighlighting(highlighting),
        theme,
        glow,
        labelling.of(labelled(label)),
        replacing,
        keymap.of([leave, indentWithTab, ...searchKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !silent) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });

  const clamp = (offset) => Math.min(offset, view.state.doc.length);

  return {
    /** Replaces the differing middle part only, so that the caret, folds and undo history stay. */
    setText(next) {
      const now = view.state.doc.toString();
      if (now === next) return;
      const shorter = Math.min(now.length, next.length);
      let start = 0;
      while (start < shorter && now.charCodeAt(start) === next.charCodeAt(start)) start++;
      let end = 0;
      while (end < shorter - start && now.charCodeAt(now.length - 1 - end) === next.charCodeAt(next.length - 1 - end)) end++;
      silent = true;
      view.dispatch({ changes: { from: start, to: now.length - end, insert: next.slice(start, next.length - end) } });
      silent = false;
    },
    /** `places` holds from, to and severity (0 error, 1 warning, 2 info) of each of the `messages`. */
    setProblems(places, messages) {
      const problems = messages.map((message, index) => {
        const [from, to, severity] = places.subarray(index * 3, index * 3 + 3);
        return { from: clamp(from), to: clamp(to), severity: SEVERITIES[severity], message };
      });
      view.dispatch(setDiagnostics(view.state, problems));
    },
    select(from, to) {
      const selection = EditorSelection.range(clamp(from), clamp(to));
      view.dispatch({ selection, effects: EditorView.scrollIntoView(selection, { y: "center" }) });
      view.focus();
    },
    /** Lights up the line at `offset`; a negative one clears it. */
    glow(offset) {
      view.dispatch({ effects: setGlow.of(offset < 0 ? null : clamp(offset)) });
    },
    problem(forward) {
      view.focus();
      (forward ? nextDiagnostic : previousDiagnostic)(view);
    },
    setLabel(value) {
      view.dispatch({ effects: labelling.reconfigure(labelled(value)) });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
