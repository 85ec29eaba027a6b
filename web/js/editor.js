// The one place that knows CodeMirror. web/src/platform/editor.rs is its only caller.
//
// The editor lives in a shadow root: there CodeMirror puts its styles into adopted stylesheets, while in the document it
// would add <style> elements, which the Content-Security-Policy forbids. Colours come in through custom properties.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
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
  hoverTooltip,
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

/** What the worker says about a field, as a tooltip. */
function aboutField([path, type, required, byDefault, link, ...values], words) {
  const dom = document.createElement("div");
  dom.className = "cm-about";
  const line = (name, text) => {
    const row = dom.appendChild(document.createElement("div"));
    row.append(name && `${name} `, Object.assign(document.createElement(name ? "code" : "b"), { textContent: text }));
    return row;
  };
  line("", path).append(` ${type}${required && ` · ${words.required}`}`);
  if (byDefault) line(words.byDefault, byDefault);
  if (values.length) line(words.values, values.join(", "));
  const anchor = Object.assign(document.createElement("a"), { href: link, target: "_blank", rel: "noreferrer", textContent: words.reference });
  if (link) dom.append(anchor);
  return dom;
}

// What can be part of a field's name, a kind, a version or a value of a list.
const word = /[\w./-]+$/;

/** Completion and hover. `ask(position)` promises what the worker knows of a place, or null. */
function help(ask, words) {
  const complete = async (context) => {
    if (!context.explicit && !context.matchBefore(word)) return null;
    const found = await ask(context.pos);
    if (!found?.choices.length || context.aborted) return null;
    return { from: found.from, to: found.to, options: found.choices, validFor: /^[\w./-]*$/ };
  };
  const hover = async (view, position) => {
    const found = await ask(position);
    if (!found?.about.length) return null;
    return { pos: found.from, end: found.to, above: true, create: () => ({ dom: aboutField(found.about, words()) }) };
  };
  return [autocompletion({ override: [complete], icons: false }), hoverTooltip(hover)];
}

/**
 * An editor inside `host`. Offsets are UTF-16 code units, as everywhere in CodeMirror.
 * `words` are the label, and the names of "required", "default", "values" and "reference" in the page's language.
 * `onChange(text)` is called for each change a person makes, not for `setText`.
 * `onHelp(number, byte)` asks about a place, in bytes of UTF-8; the answer comes to `help` under the same number.
 */
export function createEditor(host, text, words, onChange, onHelp) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const labelling = new Compartment();
  const labelled = (value) => EditorView.contentAttributes.of({ "aria-label": value, "data-testid": "editor-content", tabindex: "0" });
  const named = ([label, required, byDefault, values, reference]) => ({ label, required, byDefault, values, reference });
  let names = named(words);
  let silent = false;

  // Only the newest question waits: the others are about a text or a place that was left.
  let waiting = { number: 0, resolve() {} };
  const ask = (position) =>
    new Promise((resolve) => {
      waiting.resolve(null);
      waiting = { number: waiting.number + 1, resolve };
      onHelp(waiting.number, new TextEncoder().encode(view.state.doc.sliceString(0, position)).length);
    });

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
        labelling.of(labelled(names.label)),
        replacing,
        help(ask, () => names),
        keymap.of([...completionKeymap, leave, indentWithTab, ...searchKeymap, ...foldKeymap, ...historyKeymap, ...defaultKeymap]),
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
    /** Answers a question: `choices` holds label, type, text and "required" or "" of each, `about` what `aboutField` takes. */
    help(number, from, to, choices, about) {
      if (number !== waiting.number) return;
      const choice = (_, index) => {
        const [label, detail, apply, required] = choices.slice(index * 4, index * 4 + 4);
        return { label, detail, apply, boost: required ? 1 : 0 };
      };
      waiting.resolve({ from, to, choices: Array.from({ length: choices.length / 4 }, choice), about });
    },
    setWords(words) {
      names = named(words);
      view.dispatch({ effects: labelling.reconfigure(labelled(names.label)) });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
