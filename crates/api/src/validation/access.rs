//! Roles and their bindings (`pkg/apis/rbac/validation`).

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::meta;
use super::names::NameRule;

const GROUP: &str = "rbac.authorization.k8s.io";

/// A Role or ClusterRole, by `kind`.
pub(crate) fn role(errors: &mut Errors, kind: &str, role: &Field<'_>) {
    for rule in role.child("rules").items() {
        policy_rule(errors, kind, &rule);
    }
    let selectors = role.at("aggregationRule.clusterRoleSelectors");
    if role.child("aggregationRule").exists() && selectors.is_empty() {
        let detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
        errors.required(&selectors, detail);
    }
    for selector in selectors.items() {
        meta::label_selector(errors, &selector);
    }
}

fn policy_rule(errors: &mut Errors, kind: &str, rule: &Field<'_>) {
    let [verbs, urls, groups, resources, names] =
        ["verbs", "nonResourceURLs", "apiGroups", "resources", "resourceNames"].map(|name| rule.child(name));
    if verbs.is_empty() {
        errors.required(&verbs, "verbs must contain at least one value");
    }
    if urls.is_empty() {
        for (list, what) in [(groups, "api group"), (resources, "resource")] {
            if list.is_empty() {
                errors.required(&list, &format!("resource rules must supply at least one {what}"));
            }
        }
        return;
    }
    let mut refuse = |detail: &str| errors.invalid(&urls, codes::CONFLICT, &urls.json(), detail);
    if kind == "Role" {
        refuse("namespaced rules cannot apply to non-resource URLs");
    }
    if [groups, resources, names].iter().any(|list| !list.is_empty()) {
        refuse("rules cannot apply to both regular resources and non-resource URLs");
    }
}

/// A RoleBinding or ClusterRoleBinding, by `kind`.
pub(crate) fn binding(errors: &mut Errors, kind: &str, binding: &Field<'_>) {
    let role = binding.child("roleRef");
    let kinds = ["Role", "ClusterRole"];
    errors.one_of(&role.child("apiGroup"), &[GROUP]);
    errors.one_of(&role.child("kind"), if kind == "RoleBinding" { &kinds[..] } else { &kinds[1..] });
    meta::required_name(errors, &role.child("name"), NameRule::PathSegment);
    for subject in binding.child("subjects").items() {
        let [name, namespace, group, of] =
            ["name", "namespace", "apiGroup", "kind"].map(|name| subject.child(name));
        let missing = errors.require(&name);
        match of.str() {
            "ServiceAccount" => {
                meta::name_if_set(errors, &name, NameRule::Subdomain);
                errors.one_of(&group, &[""]);
                if kind == "ClusterRoleBinding" {
                    errors.require(&namespace);
                }
            }
            "User" | "Group" => {
                if missing {
                    let detail = format!("{} name cannot be empty", of.str().to_lowercase());
                    errors.invalid(&name, codes::REQUIRED, "\"\"", &detail);
                }
                errors.one_of(&group, &[GROUP]);
            }
            _ => errors.one_of(&of, &["ServiceAccount", "User", "Group"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check as validate, check_update};

    fn check(kind: &str, rest: &str, expected: &[&str]) {
        let yaml = format!(
            "{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {{name: a:b}}, {rest}}}"
        );
        validate(&yaml, expected);
    }

    #[test]
    fn rules() {
        check("Role", "rules: [{verbs: [get], apiGroups: [''], resources: [pods], resourceNames: [a]}]", &[]);
        check(
            "Role",
            "rules: [{}, {verbs: [get], nonResourceURLs: [/a], resources: [pods]}]",
            &[
                "rules[0].verbs: Required value: verbs must contain at least one value",
                "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
                "rules[0].resources: Required value: resource rules must supply at least one resource",
                "rules[1].nonResourceURLs: Invalid value: [\"/a\"]: namespaced rules cannot apply to non-resource URLs",
                "rules[1].nonResourceURLs: Invalid value: [\"/a\"]: rules cannot apply to both regular resources and non-resource URLs",
            ],
        );
        check("ClusterRole", "rules: [{verbs: [get], nonResourceURLs: [/a]}]", &[]);
        check(
            "ClusterRole",
            "aggregationRule: {}",
            &[
                "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil",
            ],
        );
    }

    #[test]
    fn bindings() {
        let role = |kind: &str| format!("roleRef: {{kind: {kind}, name: a}}");
        let account = "subjects: [{kind: ServiceAccount, name: a}]";
        check("RoleBinding", &format!("{}, {account}", role("Role")), &[]);
        check(
            "ClusterRoleBinding",
            &format!("{}, {account}", role("Role")),
            &[
                "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"",
                "subjects[0].namespace: Required value",
            ],
        );
        check(
            "RoleBinding",
            "subjects: [{kind: Group}, {kind: user, name: a}, {kind: ServiceAccount, name: A, apiGroup: x}]",
            &[
                "roleRef.kind: Unsupported value: \"\": supported values: \"Role\", \"ClusterRole\"",
                "roleRef.name: Required value",
                "subjects[0].name: Required value",
                "subjects[0].name: Invalid value: \"\": group name cannot be empty",
                "subjects[1].kind: Unsupported value: \"user\": supported values: \"ServiceAccount\", \"User\", \"Group\"",
                "subjects[2].name: Invalid value: \"A\": a lowercase RFC 1123 subdomain…",
                "subjects[2].apiGroup: Unsupported value: \"x\": supported values: \"\"",
            ],
        );
        let binding = |role: &str| {
            format!(
                "{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: b}}, roleRef: {{kind: Role, name: {role}}}}}"
            )
        };
        let changed = "roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\",\"Name\":\"w\"}: cannot change roleRef";
        check_update("RoleBinding", &binding("v"), &binding("w"), &[changed]);
    }
}
