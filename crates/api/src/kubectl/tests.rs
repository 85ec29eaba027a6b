//! Runs over small files: output, and the tokens that diagnostics point at.

use super::{File, Options, apply, apply_files, command};
use crate::server::Server;

/// Output lines, then `code at token` of every diagnostic.
fn check(strict: bool, text: &str, expected: &[&str]) {
    let options = Options { strict, ..Options::default() };
    let applied = apply(&mut Server::new(), text, &options);
    let token = |span: Option<manifest::Span>| span.map_or("", |span| span.of(text));
    let diagnostics = applied.diagnostics.iter().map(|one| format!("{} at {}", one.code, token(one.span)));
    let lines: Vec<String> =
        applied.stdout.iter().chain(&applied.stderr).cloned().chain(diagnostics).collect();
    assert_eq!(lines, expected, "{text}");
}

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\n";
const CUSTOM: &str = "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n";

#[test]
fn a_missing_namespace_is_made_unless_strict() {
    check(false, CONFIG, &["configmap/c created", "namespace-not-found at shop"]);
    let error =
        "Error from server (NotFound): error when creating \"manifest.yaml\": namespaces \"shop\" not found";
    check(true, CONFIG, &[error, "namespace-not-found at shop"]);
    let late = format!("{CONFIG}---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: shop}}\n");
    check(false, &late, &["configmap/c created", "namespace/shop created", "namespace-not-found at shop"]);
}

#[test]
fn unknown_kinds_are_passed_over_unless_strict() {
    check(false, CUSTOM, &["unknown-kind at Widget"]);
    let error = "error: resource mapping not found for name: \"w\" namespace: \"\" from \"manifest.yaml\": no matches for kind \
                 \"Widget\" in version \"example.com/v1\"";
    check(true, CUSTOM, &[error, "ensure CRDs are installed first", "unknown-kind at Widget"]);
}

#[test]
fn empty_and_odd_types() {
    let object = |version: &str, kind: &str| {
        format!("{{apiVersion: '{version}', kind: '{kind}', metadata: {{name: c}}}}")
    };
    check(true, &object("", "ConfigMap"), &["configmap/c created"]);
    let error = "error: resource mapping not found for name: \"c\" namespace: \"\" from \"manifest.yaml\": no matches for kind \
                 \"Deployment\" in version \"\"";
    check(
        true,
        &object("", "Deployment"),
        &[error, "ensure CRDs are installed first", "unknown-kind at 'Deployment'"],
    );
    let error = "error: unable to decode \"manifest.yaml\": Object 'Kind' is missing in \
                 '{\"apiVersion\":\"v1\",\"kind\":\"\",\"metadata\":{\"name\":\"c\"}}'";
    check(true, &object("v1", ""), &[error, "not-an-object at ''"]);
    let error = "error: error validating \"manifest.yaml\": error validating data: unexpected GroupVersion string: a/b/c; if \
                 you choose to ignore these errors, turn validation off with --validate=false";
    check(true, &object("a/b/c", "Pod"), &[error, "not-an-object at 'a/b/c'"]);
}

#[test]
fn the_gateway_api_is_taken_for_installed_unless_strict() {
    let text = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: edge}\nspec: {anything: 1}\n";
    check(false, text, &["gateway.gateway.networking.k8s.io/edge created", "unknown-kind at Gateway"]);
    let error = "error: resource mapping not found for name: \"edge\" namespace: \"\" from \"manifest.yaml\": no matches for kind \
                 \"Gateway\" in version \"gateway.networking.k8s.io/v1\"";
    check(true, text, &[error, "ensure CRDs are installed first", "unknown-kind at Gateway"]);
    let later = text.replace("/v1\n", "/v2\n");
    check(false, &later, &["unknown-kind at Gateway"]);
}

#[test]
fn a_broken_document_ends_the_file_only_in_strict_mode() {
    let text = "a: [\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: one}\n";
    let applied = |strict| apply(&mut Server::new(), text, &Options { strict, ..Options::default() });
    assert_eq!(applied(false).stdout, ["namespace/one created"]);
    assert!(applied(true).stdout.is_empty());
    assert_eq!((applied(false).exit, applied(true).exit), (1, 1));
}

#[test]
fn messages_name_their_file() {
    let wrong = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: 1}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\nstatus: 1\n";
    let space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: one}\n";
    let parts = [
        ("wrong.yaml", format!("---\n{wrong}")),
        ("dir/broken.yaml", format!("a: [\n---\n{wrong}")),
        ("empty.yaml", String::new()),
        ("two.yaml", format!("---\n{CUSTOM}---\n---\n{pod}")),
        ("STDIN", space.to_owned()),
    ];
    let (mut text, mut files) = (String::new(), Vec::new());
    for (name, part) in &parts {
        if !files.is_empty() {
            text.push_str("---\n");
        }
        files.push(File { name: (*name).to_owned(), start: text.len() });
        text.push_str(part);
    }
    let options = Options { strict: true, ..Options::default() };
    let applied = apply_files(&mut Server::new(), &text, &files, &options);
    assert_eq!(applied.stdout, ["namespace/one created"], "a broken file does not end the next one");
    let expected = [
        "[error parsing dir/broken.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content, \
         resource mapping not found for name: \"w\" namespace: \"\" from \"two.yaml\": ",
        "ensure CRDs",
        "Error from server (BadRequest): error when creating \"wrong.yaml\": ConfigMap in ",
        "Error from server (BadRequest): error when creating \"two.yaml\": Pod in ",
    ];
    for (line, beginning) in applied.stderr.iter().zip(expected) {
        assert!(line.starts_with(beginning), "{line}");
    }
    assert_eq!(applied.stderr.len(), expected.len(), "{:?}", applied.stderr);
}

#[test]
fn a_second_apply_says_what_changed() {
    let mut server = Server::new();
    let mut run = |text: &str| apply(&mut server, text, &Options::default()).stdout;
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n";
    assert_eq!(run(text), ["configmap/c created"]);
    assert_eq!(run(text), ["configmap/c unchanged"]);
    assert_eq!(run(&text.replace("a: b", "a: z")), ["configmap/c configured"]);
}

#[test]
fn plain_text_of_a_secret_is_sent_again_and_again() {
    let mut server = Server::new();
    let secret = |data: &str| format!("{{apiVersion: v1, kind: Secret, metadata: {{name: s}}, {data}}}");
    for (data, expected) in [
        ("stringData: {a: b}", "secret/s created"),
        ("stringData: {a: b}", "secret/s configured"),
        ("data: {a: Yg==}", "secret/s configured"),
        ("data: {a: Yg==}", "secret/s unchanged"),
    ] {
        assert_eq!(apply(&mut server, &secret(data), &Options::default()).stdout, [expected], "{data}");
    }
}

#[test]
fn the_manifest_counts_as_an_annotation() {
    const LIMIT: usize = 256 * 1024;
    let text = |data: &str, more: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{more}}}\ndata: {{a: {data}}}\n")
    };
    let key = "kubectl.kubernetes.io/last-applied-configuration".len();
    let rest = r#"{"apiVersion":"v1","data":{"a":""},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c","namespace":"default"}}"#;
    let most = LIMIT - key - rest.len() - "\n".len();
    let too_long =
        "The ConfigMap \"c\" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes";
    let mut server = Server::new();
    let mut run = |text: &str, expected: &str| {
        let applied = apply(&mut server, text, &Options::default());
        let place = |one: &manifest::Diagnostic| one.span.map_or("", |span| span.of(text)).to_owned();
        assert_eq!([applied.stdout, applied.stderr].concat().last().map(String::as_str), Some(expected));
        applied.diagnostics.iter().map(|one| (one.code.clone(), place(one))).collect::<Vec<_>>()
    };
    let over = text(&"x".repeat(most + 1), "");
    assert_eq!(run(&over, too_long), [("too-long".into(), "{name: c}".into())]);
    run(&text(&"x".repeat(most), ""), "configmap/c created");
    run(&over, too_long);
    // Go writes `<` as six characters. What the manifest itself has of the annotation does not count.
    let html = |count| {
        let own = ", annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}";
        text(&format!("'{}'", "<".repeat(count)), own)
    };
    run(&html(most / 6), "configmap/c configured");
    run(&html(most / 6), "configmap/c unchanged");
    run(&html(most / 6 + 1), too_long);
    // `create` remembers nothing.
    let create = Options { verb: super::Verb::Create, ..Options::default() };
    assert_eq!(apply(&mut Server::new(), &over, &create).stdout, ["configmap/c created"]);
}

#[test]
fn verbs_answer_as_kubectl_does() {
    let mut server = Server::new();
    apply(&mut server, "{apiVersion: v1, kind: Node, metadata: {name: one}}", &Options::default());
    apply(&mut server, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}", &Options::default());
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: b}]}}";
    apply(&mut server, pod, &Options::default());
    for (line, expected) in [
        ("cordon one", "node/one cordoned"),
        ("cordon one", "node/one already cordoned"),
        ("uncordon one", "node/one uncordoned"),
        ("set image pod/p a=c", "pod/p image updated"),
        ("set image pod p b=c", "error: unable to find container named \"b\""),
        ("label nodes one disk=ssd", "node/one labeled"),
        ("label node/one disk=ssd", "node/one not labeled"),
        ("label node one disk=hdd", "error: 'disk' already has a value (ssd), and --overwrite is false"),
        ("label node one disk=hdd --overwrite", "node/one labeled"),
        ("label node one disk-", "node/one unlabeled"),
        ("label cm c app=x", "configmap/c labeled"),
        ("label cm none app=x", "Error from server (NotFound): configmaps \"none\" not found"),
        ("taint nodes one a=b:NoSchedule", "node/one tainted"),
        (
            "taint node one a=c:NoSchedule",
            "error: node one already has a taint(s) with same effect(s) and --overwrite is false",
        ),
        ("taint node one a=c:NoSchedule --overwrite", "node/one modified"),
        ("taint node one a:NoExecute", "node/one tainted"),
        ("taint node one a:NoSchedule-", "node/one untainted"),
        ("taint node one a-", "node/one untainted"),
        ("taint node one a-", "error: taint \"a\" not found"),
        ("delete cm c", "configmap \"c\" deleted from default namespace"),
        ("delete cm c", "Error from server (NotFound): configmaps \"c\" not found"),
        ("delete widget w", "error: the server doesn't have a resource type \"widget\""),
        ("delete pod -l app=x", "No resources found"),
        (
            "delete ns default",
            "Error from server (Forbidden): namespaces \"default\" is forbidden: this namespace may not be deleted",
        ),
        ("delete ns kube-node-lease", "namespace \"kube-node-lease\" deleted"),
        ("scale deploy/d --replicas=2", "Error from server (NotFound): deployments.apps \"d\" not found"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let output = command(&mut server, &words);
        assert_eq!([output.stdout, output.stderr].concat(), [expected], "{line}");
    }
}

#[test]
fn zero_values_and_admitted_tolerations_change_nothing() {
    let pod = |rest: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: a, labels: {{hostname: x}}}}, spec: {{{rest}}}}}"
        )
    };
    let ports = pod(
        "containers: [{name: a, image: x, ports: [{containerPort: 80, hostPort: 0}]}], hostNetwork: false",
    );
    let taints =
        pod("containers: [{name: a, image: x}], tolerations: [{key: a, value: '', operator: Exists}]");
    let job = "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {restartPolicy: Never, hostNetwork: false, containers: [{name: a, image: x, env: [{name: A}, {name: A}], stdin: false}]}}}}";
    for text in [&ports, &taints, job] {
        let mut server = Server::new();
        let first = apply(&mut server, text, &Options::default());
        assert_eq!(first.exit, 0, "{:?}", first.stderr);
        let second = apply(&mut server, text, &Options::default());
        assert!(second.stdout.concat().ends_with(" configured"), "{:?} {:?}", second.stdout, second.stderr);
        assert_eq!(second.stderr, [""; 0], "{text}");
    }
    let mut server = Server::new();
    apply(&mut server, &ports, &Options::default());
    let changed = apply(&mut server, &ports.replace("hostPort: 0", "hostPort: 80"), &Options::default());
    assert!(changed.stderr.concat().contains("pod updates may not change fields"), "{:?}", changed.stderr);
}

#[test]
fn string_data_is_for_writing_only() {
    let secret = |text: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{text}\n---\n");
    let plain = secret("stringData: {a: b}");
    let again = format!("{plain}{plain}");
    check(true, &again, &["secret/s created", "secret/s configured"]);
    let frozen = |value: &str| secret(&format!("immutable: true\nstringData: {{a: {value}}}"));
    check(
        true,
        &format!("{}{}", frozen("b"), frozen("c")),
        &[
            "secret/s created",
            "The Secret \"s\" is invalid: data: Forbidden: field is immutable when `immutable` is set",
            "immutable-field at {a: c}",
        ],
    );
}
