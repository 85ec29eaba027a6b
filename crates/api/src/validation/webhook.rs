//! Configurations of admission webhooks (`pkg/apis/admissionregistration/validation`), but for their URLs and match conditions.

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::meta;
use super::names;

const NO_SIDE_EFFECTS: &[&str] = &["None", "NoneOnDryRun"];
const REVIEW_VERSIONS: &[&str] = &["v1", "v1beta1"];
const OPERATIONS: &[&str] = &["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

/// A ValidatingWebhookConfiguration or MutatingWebhookConfiguration.
pub(crate) fn configuration(errors: &mut Errors, configuration: &Field<'_>) {
    let webhooks = configuration.child("webhooks").items();
    for (index, hook) in webhooks.iter().enumerate() {
        let (name, reviews) = (hook.child("name"), hook.child("admissionReviewVersions"));
        webhook(errors, hook);
        if reviews.is_empty() {
            required_choice(errors, &reviews, REVIEW_VERSIONS);
        } else if !reviews.strings().iter().any(|version| REVIEW_VERSIONS.contains(version)) {
            let detail = format!("must include at least one of {}", REVIEW_VERSIONS.join(", "));
            errors.invalid(&reviews, codes::UNSUPPORTED, &reviews.json(), &detail);
        }
        let is_taken = |earlier: &Field<'_>| earlier.child("name").str() == name.str();
        if !name.str().is_empty() && webhooks[..index].iter().any(is_taken) {
            errors.duplicate(&name, &name.quoted(), "");
        }
    }
}

fn required_choice(errors: &mut Errors, field: &Field<'_>, choices: &[&str]) {
    errors.required(field, &format!("must specify one of {}", choices.join(", ")));
}

fn webhook(errors: &mut Errors, hook: &Field<'_>) {
    let [name, effects, timeout, client] =
        ["name", "sideEffects", "timeoutSeconds", "clientConfig"].map(|name| hook.child(name));
    if !errors.require(&name) {
        let mut problem = names::dns_subdomain(name.str()).join(",");
        if problem.is_empty() && name.str().split('.').count() < 3 {
            "should be a domain with at least three segments separated by dots".clone_into(&mut problem);
        }
        if !problem.is_empty() {
            errors.invalid(&name, codes::NAME_FORMAT, &name.quoted(), &problem);
        }
    }
    for item in hook.child("rules").items() {
        rule(errors, &item);
    }
    errors.one_of_if_set(&hook.child("failurePolicy"), &["Fail", "Ignore"]);
    errors.one_of_if_set(&hook.child("matchPolicy"), &["Equivalent", "Exact"]);
    if effects.exists() {
        errors.one_of(&effects, NO_SIDE_EFFECTS);
    } else {
        required_choice(errors, &effects, NO_SIDE_EFFECTS);
    }
    if let Some(seconds) = timeout.int().filter(|seconds| !(1..=30).contains(seconds)) {
        let detail = "the timeout value must be between 1 and 30 seconds";
        errors.invalid(&timeout, codes::NUMBER_RANGE, &seconds.to_string(), detail);
    }
    meta::label_selector(errors, &hook.child("namespaceSelector"));
    meta::label_selector(errors, &hook.child("objectSelector"));
    errors.one_of_if_set(&hook.child("reinvocationPolicy"), &["IfNeeded", "Never"]);
    let service = client.child("service");
    if client.child("url").exists() == service.exists() {
        errors.required(&client, "exactly one of url or service is required");
    } else if service.exists() {
        errors.require(&service.child("name"));
        errors.require(&service.child("namespace"));
    }
}

/// What a webhook is asked about. A wildcard stands alone.
fn rule(errors: &mut Errors, rule: &Field<'_>) {
    for (name, what) in
        [("operations", "operations"), ("apiGroups", "API groups"), ("apiVersions", "API versions")]
    {
        let list = rule.child(name);
        errors.require(&list);
        if list.len() > 1 && list.strings().contains(&"*") {
            let detail = format!("if '*' is present, must not specify other {what}");
            errors.invalid(&list, codes::CONFLICT, &list.json(), &detail);
        }
        for operation in list.items().iter().filter(|_| name == "operations") {
            errors.one_of(operation, OPERATIONS);
        }
    }
    errors.require(&rule.child("resources"));
    errors.one_of_if_set(&rule.child("scope"), &["*", "Cluster", "Namespaced"]);
}

#[cfg(test)]
mod tests {
    use super::super::tests::check as validate;

    #[test]
    fn webhooks() {
        let check = |webhooks: &str, expected: &[&str]| {
            validate(
                &format!(
                    "{{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {{name: w}}, \
                     webhooks: [{webhooks}]}}"
                ),
                expected,
            );
        };
        let good = "{name: a.b.c, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: 'https://a'}}";
        check(good, &[]);
        check(&format!("{good}, {good}"), &["webhooks[1].name: Duplicate value: \"a.b.c\""]);
        check(
            "{name: a.b, clientConfig: {service: {name: s}}, rules: [{operations: ['*', GET], apiGroups: [''], apiVersions: [v1]}]}",
            &[
                "webhooks[0].name: Invalid value: \"a.b\": should be a domain with at least three segments separated by dots",
                "webhooks[0].rules[0].operations: Invalid value: [\"*\",\"GET\"]: if '*' is present, must not specify other operations",
                "webhooks[0].rules[0].operations[1]: Unsupported value: \"GET\": supported values: \"*\", \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\"",
                "webhooks[0].rules[0].resources: Required value",
                "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
                "webhooks[0].clientConfig.service.namespace: Required value",
                "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
            ],
        );
        check(
            "{name: A, sideEffects: Some, timeoutSeconds: 60, admissionReviewVersions: [v2]}",
            &[
                "webhooks[0].name: Invalid value: \"A\": a lowercase RFC 1123 subdomain…",
                "webhooks[0].sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\"",
                "webhooks[0].timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30 seconds",
                "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
                "webhooks[0].admissionReviewVersions: Invalid value: [\"v2\"]: must include at least one of v1, v1beta1",
            ],
        );
    }
}
