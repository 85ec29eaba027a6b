//! What kubectl makes of a text, one line a case: the values as JSON, documents separated by ` --- `, or its error.

use manifest::{Tree, parse};

fn shown(text: &str) -> String {
    let show = |document: &manifest::Document| match &document.content {
        Ok(tree) => tree.to_json(),
        Err(error) => error.message.replace("error converting YAML to JSON: ", ""),
    };
    parse(text).documents.iter().map(show).collect::<Vec<_>>().join(" --- ")
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(text), *expected, "{text:?}");
    }
}

#[test]
fn documents_are_split_before_they_are_parsed() {
    check(&[
        ("", ""),
        ("# only\n---\n---\n~\n---\nnull\n", ""),
        ("a: 1\n---\nb: 2", r#"{"a":1} --- {"b":2}"#),
        ("---\na: 1\n--- # next\nb: 2\n---\t\n", r#"{"a":1} --- {"b":2}"#),
        ("a: 1\r\n---\r\nb: |\r\n  x\r\n  y\r\n", r#"{"a":1} --- {"b":"x\ny\n"}"#),
        ("a: 1\n----\nb: 2\n", r#"invalid Yaml document separator: - --- {"a":1} --- {"b":2}"#),
        ("a: |\n  x\n---\n  z\n", r#"{"a":"x\n"} --- "z""#),
        ("a: [\n---\nb: 2\n", r#"yaml: line 1: did not find expected node content --- {"b":2}"#),
        ("a: 1\n...\nb: {{\n", r#"{"a":1}"#),
        ("\u{feff}a: 1\n", r#"{"a":1}"#),
    ]);
}

#[test]
fn json_objects_may_follow_one_another() {
    check(&[
        ("{\"a\":\t1}\n{\"b\":2}", r#"{"a":1} --- {"b":2}"#),
        ("{\"a\":1}\n---\nb: yes\n", r#"{"a":1} --- {"b":true}"#),
        ("{a: yes}\n", r#"{"a":true}"#),
        (
            "{\"a\":1}{\"b\":2} x",
            r#"{"a":1} --- {"b":2} --- invalid character 'x' looking for beginning of value"#,
        ),
        (
            "{{- if .x }}\na: b\n",
            "json: offset 2: invalid character '{' looking for beginning of object key string",
        ),
        ("{\"a\": [1, 2", "unexpected EOF"),
        ("{\n\t\"a\": 1, # c\n\t\"b\": 2,\n}\n", r#"{"a":1,"b":2}"#),
    ]);
}

#[test]
fn scalars_and_keys_follow_yaml_1_1() {
    check(&[
        ("[]: x", "[]"),
        ("a: [y, No, 0644, 1_000, 0x1f, 1.0, 1e3, 1.5]", r#"{"a":[true,false,420,1000,31,1,1000,1.5]}"#),
        (
            "a: ['yes', \"0644\", 2024-01-01, 80:80, 1.2.3]",
            r#"{"a":["yes","0644","2024-01-01","80:80","1.2.3"]}"#,
        ),
        (
            "on: 1\n8080: 2\n1.5: 3\nNo: 4\n0x10: 5\n1e6: 6",
            r#"{"1.5":3,"16":5,"1e+06":6,"8080":2,"false":4,"true":1}"#,
        ),
        (
            "a: !!str 1\nb: !!float 2\nc: !!binary aGk=\nd: !x 3\ne: ! 4",
            r#"{"a":"1","b":2,"c":"hi","d":"3","e":"4"}"#,
        ),
        ("a: 18446744073709551615", r#"{"a":18446744073709552000}"#),
        ("a: .inf", "json: unsupported value: +Inf"),
        ("a: !!int x", "yaml: cannot decode !!str `x` as a !!int"),
        ("? a\n: b", r#"{"a":"b"}"#),
        ("~: b", "unsupported map key of type: %!s(<nil>), key: <nil>, value: \"b\""),
        ("a: {{ x }}", "yaml: invalid map key: map[interface {}]interface {}{\"x\":interface {}(nil)}"),
        ("? [1, b]\n: c", "yaml: invalid map key: []interface {}{1, \"b\"}"),
        ("? {b: 1, a: 2, b: 3}", "yaml: invalid map key: map[interface {}]interface {}{\"a\":2, \"b\":3}"),
        ("a: 1\na: 2", r#"{"a":2}"#),
    ]);
}

#[test]
fn scalars_over_several_lines_are_folded() {
    check(&[
        ("a: b\n  c\n\n  d", r#"{"a":"b c\nd"}"#),
        ("a: \"b\n  c\\\n  d\\ne\\x41\\u00e9\"", r#"{"a":"b cd\neAé"}"#),
        ("a: 'it''s\n\n  b'", r#"{"a":"it's\nb"}"#),
        ("a: |\n \n  b\n\n   c\n\n\nd: 1", r#"{"a":"\nb\n\n c\n","d":1}"#),
        // libyaml takes the indentation from the widest of the leading lines, blank ones too.
        ("a: |\n    \n  b", "yaml: line 2: did not find expected key"),
        ("a: >-\n  b\n  c\n\n  d\n   e\n", r#"{"a":"b c\nd\n e"}"#),
        ("a: |+\n  b\n\n", r#"{"a":"b\n\n"}"#),
        ("a: |2\n   b\n", r#"{"a":" b\n"}"#),
        ("a: \"x\"#c\nb: {\n\tc: d\n}", r#"{"a":"x","b":{"c":"d"}}"#),
        ("a: [b?c, -, x:y]", "yaml: did not find expected ',' or ']'"),
    ]);
}

#[test]
fn anchors_and_merges_follow_go_yaml() {
    check(&[
        ("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}", r#"{"a":{"b":1},"c":{"b":1},"d":{"b":1,"e":2}}"#),
        (
            "a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\nd:\n  b: 2\n  <<: *x",
            r#"{"a":{"b":1},"c":{"b":2},"d":{"b":1}}"#,
        ),
        (
            "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}",
            r#"{"a":{"b":1},"c":{"b":2,"d":3},"e":{"b":1,"d":3}}"#,
        ),
        ("a: &x 1\nb: {<<: *x}", "yaml: map merge requires map or sequence of maps as the value"),
        ("a: *x", "yaml: unknown anchor 'x' referenced"),
        ("a: &x [*x]", "yaml: anchor 'x' value contains itself"),
        ("host: *.example.com", "yaml: did not find expected alphabetic or numeric character"),
    ]);
}

#[test]
fn syntax_errors_have_the_words_and_lines_of_kubectl() {
    check(&[
        ("a:\n\tb: c", "yaml: line 2: found character that cannot start any token"),
        ("a: b\n\tc: d", "yaml: line 2: found a tab character that violates indentation"),
        ("a:\n  b: c\n d: e", "yaml: line 2: did not find expected key"),
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("a: b\n  c: d", "yaml: line 2: mapping values are not allowed in this context"),
        ("a: b\nfoo\nc: d", "yaml: line 3: could not find expected ':'"),
        ("a: b\nfoo:bar\n", "yaml: line 3: could not find expected ':'"),
        ("a: b\n- c", "yaml: line 1: did not find expected key"),
        ("- a\nb: c", "yaml: line 1: did not find expected '-' indicator"),
        ("a: - b", "yaml: block sequence entries are not allowed in this context"),
        ("a: \"b\nc: d", "yaml: line 3: found unexpected end of stream"),
        ("a: \"b\nc: \"d\"", "yaml: line 1: did not find expected key"),
        ("a: 'it's'\nb: c", "yaml: did not find expected key"),
        ("a: [b, c\nd: e", "yaml: line 1: did not find expected ',' or ']'"),
        ("a: {b: c\nd: e", "yaml: line 1: did not find expected ',' or '}'"),
        ("a: @b", "yaml: found character that cannot start any token"),
        ("a: \"\\.\"", "yaml: found unknown escape character"),
        ("a: |x", "yaml: did not find expected comment or line break"),
        ("%YAML 1.2\n", "yaml: found incompatible YAML document"),
        ("%YAML 1.1\n", "yaml: line 1: did not find expected <document start>"),
        ("x: 1\na: !e!b c", "yaml: line 1: found undefined tag handle"),
        ("x: 1\n[]: 2", "yaml: line 1: did not find expected key"),
        ("- {}: 1", "yaml: did not find expected '-' indicator"),
        ("x: [{}, {}: 1]", "yaml: did not find expected ',' or ']'"),
        ("x: {[a]: 1}", "yaml: invalid map key: []interface {}{\"a\"}"),
        ("a: b\u{1}", "yaml: control characters are not allowed"),
    ]);
    // Characters are read in pieces, before keys are looked at.
    let far = |text: &str| [text, "\n#", &".".repeat(1000), "\u{1}"].concat();
    check(&[
        (&far("a: {{x}}"), "yaml: control characters are not allowed"),
        (&far("a: ]"), "yaml: did not find expected node content"),
    ]);
}

#[test]
fn places_are_those_of_the_tokens() {
    let text = "x: 1\n---\nspec:\n  语: [80, \"b\"]\n  c: |\n    text\n";
    let documents = parse(text).documents;
    let tree = documents[1].content.as_ref().expect("sound");
    let slice_of = |tree: &Tree, text: &str| tree.span.expect("from the text").of(text).to_owned();
    let slice = |tree: &Tree| slice_of(tree, text);
    assert_eq!(documents[1].first_line, 3);
    assert_eq!(slice(tree.at(&["spec", "语"]).expect("there")), "[80, \"b\"]");
    assert_eq!(slice(&tree.list_at(&["spec", "语"])[1]), "\"b\"");
    assert_eq!(slice(tree.at(&["spec", "c"]).expect("there")), "|\n    text");
    assert_eq!(slice(tree.at(&["spec"]).expect("there")), "语: [80, \"b\"]\n  c: |\n    text");
    let key = tree.as_map().and_then(|map| map.entry("spec")).and_then(|entry| entry.key_span);
    assert_eq!(key.map(|span| span.of(text)), Some("spec"));
    // The line break that kubectl adds at the end is in no place.
    for text in ["a: |", "a: >\n  b", "- >2 # c"] {
        let tree = parse(text).documents.remove(0).content.expect("sound");
        assert_eq!(slice_of(&tree, text), text);
    }
}

#[test]
fn duplicates_are_remembered() {
    let text = "a: 1\nb: &x {c: 1}\nd: {c: 2, <<: *x, c: 3}\na: 4\n";
    let documents = parse(text).documents;
    let places: Vec<_> = documents[0].duplicates.iter().map(|span| (span.start, span.of(text))).collect();
    assert_eq!(places, [(0, "a")]);
}

#[test]
fn errors_mark_what_is_meant() {
    let check = |text: &str, code: &str, marked: &str| {
        let error = parse(text).documents.remove(0).content.expect_err(text);
        assert_eq!((error.code, error.span.of(text)), (code, marked), "{text:?}");
    };
    check("a: b\nfoo bar\nc: d", "yaml-colon", "foo bar");
    check("a: \"b\nc: d", "yaml-quote", "\"b");
    check("a:\n\tb: c", "yaml-tab", "\t");
    check("a: {{ .x }}", "yaml-template", "{ .x }");
    check("a: b\n--- foo\n", "yaml-separator", "--- foo");
    check("a: [b\n", "yaml-bracket", "b");
}
