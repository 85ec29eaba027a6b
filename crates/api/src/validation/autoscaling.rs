//! HorizontalPodAutoscalers.

use super::codes;
use super::errors::{Errors, NONNEGATIVE};
use super::field::{Field, quote};
use super::meta;
use super::names::NameRule;
use super::resources;

/// `spec` of a HorizontalPodAutoscaler; `lowest` is the lowest allowed minReplicas.
pub(crate) fn autoscaler(errors: &mut Errors, spec: &Field<'_>, lowest: i64) {
    let (min, max) = (spec.child("minReplicas"), spec.child("maxReplicas"));
    if let Some(value) = min.int().filter(|value| *value < lowest) {
        let detail = format!("must be greater than or equal to {lowest}");
        errors.invalid(&min, codes::NUMBER_RANGE, &value.to_string(), &detail);
    }
    let value = max.number().to_string();
    if max.number() == 0 {
        errors.required(&max, "must be set and greater than 0");
    } else if max.number() < 0 {
        errors.invalid(&max, codes::NUMBER_RANGE, &value, "must be greater than or equal to 1");
    }
    if min.int().is_some_and(|min| max.number() < min) {
        errors.invalid(&max, codes::NUMBER_RANGE, &value, "must be greater than or equal to `minReplicas`");
    }
    scale_target(errors, &spec.child("scaleTargetRef"));
    // `autoscaling/v1` has one metric, which the internal type holds among the others.
    let target = spec.child("targetCPUUtilizationPercentage");
    positive_utilization(errors, &target.shown_as(spec, "metrics[0].resource.target.averageUtilization"));
    let metrics = spec.child("metrics");
    for metric in metrics.items() {
        metric_spec(errors, &metric);
    }
    let outside =
        metrics.items().iter().any(|metric| matches!(metric.child("type").str(), "Object" | "External"));
    if min.int() == Some(0) && !outside {
        let detail =
            "must specify at least one Object or External metric to support scaling to zero replicas";
        errors.forbidden(&metrics, detail);
    }
    for direction in ["scaleUp", "scaleDown"] {
        let rules = spec.at("behavior").child(direction);
        if rules.exists() {
            scaling_rules(errors, &rules);
        }
    }
}

/// An object by kind, name and API version (`ValidateCrossVersionObjectReference`); whether the version is readable.
fn reference(errors: &mut Errors, reference: &Field<'_>) -> bool {
    for name in ["kind", "name"] {
        meta::required_name(errors, &reference.child(name), NameRule::PathSegment);
    }
    let version = reference.child("apiVersion");
    let readable = version.str().matches('/').count() < 2;
    if !readable {
        let detail = format!("unexpected GroupVersion string: {}", version.str());
        errors.invalid(&version, codes::FORMAT, &version.quoted(), &detail);
    }
    readable
}

/// All that can be scaled is in a group, but for ReplicationControllers.
fn scale_target(errors: &mut Errors, target: &Field<'_>) {
    let version = target.child("apiVersion");
    let has_group = version.str().split_once('/').is_some_and(|(group, _)| !group.is_empty());
    if reference(errors, target) && !has_group && target.child("kind").str() != "ReplicationController" {
        let detail = "apiVersion must specify API group";
        errors.invalid(&version, codes::FORMAT, &version.quoted(), detail);
    }
}

fn scaling_rules(errors: &mut Errors, rules: &Field<'_>) {
    let window = rules.child("stabilizationWindowSeconds");
    let value = window.number();
    if value < 0 {
        let detail = "must be greater than or equal to zero";
        errors.invalid(&window, codes::NUMBER_RANGE, &value.to_string(), detail);
    } else if value > 3600 {
        errors.invalid(
            &window,
            codes::NUMBER_RANGE,
            &value.to_string(),
            "must be less than or equal to 3600",
        );
    }
    errors.one_of_if_set(&rules.child("selectPolicy"), &["Disabled", "Max", "Min"]);
    let policies = rules.child("policies");
    if policies.is_empty() {
        errors.required(&policies, "must specify at least one Policy");
    }
    for policy in policies.items() {
        errors.one_of(&policy.child("type"), &["Percent", "Pods"]);
        errors.positive(&policy.child("value"));
        let period = policy.child("periodSeconds");
        errors.positive(&period);
        if period.number() > 1800 {
            let value = period.number().to_string();
            errors.invalid(&period, codes::NUMBER_RANGE, &value, "must be less than or equal to 1800");
        }
    }
    let tolerance = rules.child("tolerance");
    if let Some(amount) = resources::amount(&tolerance).filter(|amount| *amount < resources::ZERO) {
        errors.invalid(&tolerance, codes::QUANTITY, &quote(&amount.to_string()), NONNEGATIVE);
    }
}

/// Types and the fields that belong to them, in the order of the checks.
const SOURCES: &[(&str, &str)] = &[
    ("Object", "object"),
    ("External", "external"),
    ("Pods", "pods"),
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
];

fn metric_spec(errors: &mut Errors, metric: &Field<'_>) {
    let kind = metric.child("type");
    if kind.str().is_empty() {
        errors.required(&kind, "must specify a metric source type");
    }
    errors.one_of(&kind, &["ContainerResource", "External", "Object", "Pods", "Resource"]);
    let mut present: Vec<&str> = SOURCES.iter().map(|(_, name)| *name).collect();
    present.retain(|name| metric.child(name).exists());
    if let Some(first) = present.first() {
        metric_source(errors, &metric.child(first), first);
    }
    let expected = SOURCES.iter().find(|(known, _)| *known == kind.str()).map_or("", |(_, name)| *name);
    if !expected.is_empty() && !present.contains(&expected) {
        errors.required(&metric.child(expected), "must populate information for the given metric source");
    }
    if present.len() != 1 {
        present.sort_unstable();
        for name in present.into_iter().filter(|name| *name != expected) {
            errors.forbidden(&metric.child(name), "must populate the given metric source only");
        }
    }
}

fn metric_source(errors: &mut Errors, source: &Field<'_>, kind: &str) {
    let target = source.child("target");
    if kind == "object" {
        reference(errors, &source.child("describedObject"));
    }
    match kind {
        "resource" | "containerResource" => {
            let (name, container) = (source.child("name"), source.child("container"));
            if name.str().is_empty() {
                errors.required(&name, "must specify a resource name");
            } else if kind == "containerResource" {
                resources::container_resource_name(errors, &name, name.str());
            }
            if kind == "containerResource" {
                if container.str().is_empty() {
                    errors.required(&container, "must specify a container");
                }
                meta::name_if_set(errors, &container, NameRule::Label);
            }
        }
        _ => {
            let name = source.at("metric.name");
            if name.str().is_empty() {
                errors.required(&name, "must specify a metric name");
            }
            meta::name_if_set(errors, &name, NameRule::PathSegment);
        }
    }
    metric_target(errors, &target);
    let [value, average, utilization] =
        ["value", "averageValue", "averageUtilization"].map(|name| target.child(name));
    match kind {
        "object" if !value.exists() && !average.exists() => {
            errors.required(&average, "must set either a target value or averageValue");
        }
        "external" if !value.exists() && !average.exists() => {
            errors.required(&average, "must set either a target value for metric or a per-pod target");
        }
        "external" if value.exists() && average.exists() => {
            errors.forbidden(&value, "may not set both a target value for metric and a per-pod target");
        }
        "pods" if !average.exists() => {
            errors.required(&average, "must specify a positive target averageValue");
        }
        "resource" | "containerResource" => match (utilization.exists(), average.exists()) {
            (false, false) => {
                errors.required(&utilization, "must set either a target raw value or a target utilization");
            }
            (true, true) => {
                errors.forbidden(&average, "may not set both a target raw value and a target utilization");
            }
            _ => {}
        },
        _ => {}
    }
}

fn metric_target(errors: &mut Errors, target: &Field<'_>) {
    let kind = target.child("type");
    if kind.str().is_empty() {
        errors.required(&kind, "must specify a metric target type");
    }
    if !matches!(kind.str(), "Utilization" | "Value" | "AverageValue") {
        let detail = "must be either Utilization, Value, or AverageValue";
        errors.invalid(&kind, codes::UNSUPPORTED, &kind.quoted(), detail);
    }
    for name in ["value", "averageValue"] {
        let field = target.child(name);
        if let Some(amount) = resources::amount(&field).filter(|amount| *amount <= resources::ZERO) {
            errors.invalid(&field, codes::QUANTITY, &quote(&amount.to_string()), "must be positive");
        }
    }
    positive_utilization(errors, &target.child("averageUtilization"));
}

fn positive_utilization(errors: &mut Errors, utilization: &Field<'_>) {
    if let Some(value) = utilization.int().filter(|value| *value < 1) {
        errors.invalid(utilization, codes::NUMBER_RANGE, &value.to_string(), "must be greater than 0");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check as validate;

    fn check(version: &str, rest: &str, expected: &[&str]) {
        let yaml = format!(
            "{{apiVersion: autoscaling/{version}, kind: HorizontalPodAutoscaler, metadata: {{name: web}}, spec: \
             {{scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}, maxReplicas: 3, {rest}}}}}"
        );
        validate(&yaml, expected);
    }

    #[test]
    fn utilization_and_tolerance() {
        check("v1", "targetCPUUtilizationPercentage: 80", &[]);
        check(
            "v1",
            "targetCPUUtilizationPercentage: 0",
            &["spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0"],
        );
        check(
            "v2",
            "behavior: {scaleUp: {tolerance: -1, policies: [{type: Pods, value: 1, periodSeconds: 1}]}}",
            &["spec.behavior.scaleUp.tolerance: Invalid value: \"-1\": must be greater than or equal to 0"],
        );
        check("v2", "behavior: {scaleDown: {stabilizationWindowSeconds: 60}}", &[]);
        check(
            "v2",
            "behavior: {scaleDown: {policies: [], tolerance: -1}}",
            &[
                "spec.behavior.scaleDown.policies: Required value: must specify at least one Policy",
                "spec.behavior.scaleDown.tolerance: Invalid value: \"-1\": must be greater than or equal to 0",
            ],
        );
    }

    #[test]
    fn targets() {
        let check = |spec: &str, expected: &[&str]| {
            let yaml = format!(
                "{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: web}}, spec: {{{spec}}}}}"
            );
            validate(&yaml, expected);
        };
        let group =
            "spec.scaleTargetRef.apiVersion: Invalid value: \"v1\": apiVersion must specify API group";
        check("maxReplicas: 3, scaleTargetRef: {apiVersion: v1, kind: Deployment, name: web}", &[group]);
        check(
            "maxReplicas: 3, scaleTargetRef: {apiVersion: v1, kind: ReplicationController, name: web}",
            &[],
        );
        check(
            "maxReplicas: 3, scaleTargetRef: {apiVersion: a/b/c, kind: Deployment, name: web}",
            &[
                "spec.scaleTargetRef.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c",
            ],
        );
        check(
            "maxReplicas: -1, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}",
            &[
                "spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1",
                "spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`",
            ],
        );
        check(
            "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment}",
            &[
                "spec.maxReplicas: Required value: must be set and greater than 0",
                "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
                "spec.scaleTargetRef.name: Required value",
            ],
        );
    }
}
