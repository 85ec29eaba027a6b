//! Jobs and CronJobs (VAL-JOB, VAL-CJ).

use super::codes;
use super::cron::CronSchedule;
use super::errors::Errors;
use super::field::{Field, quote};
use super::go_json;
use super::job_policy;
use super::meta;
use super::names;
use super::pod;
use super::time_zone;
use super::workloads;

/// A Job, new or changed: `spec` and, for Indexed Jobs, the hostnames that its pods will have.
pub(crate) fn job(errors: &mut Errors, job: &Field<'_>) {
    let (spec, name) = (job.child("spec"), job.at("metadata.name"));
    generated_selector(errors, job, &spec);
    selecting_spec(errors, &spec);
    let completions = spec.child("completions").number();
    if spec.child("completionMode").str() == "Indexed" && completions > 0 {
        let hostname = format!("{}-{}", name.str(), completions - 1);
        if !names::dns_label(&hostname).is_empty() {
            let detail = format!("will not able to create pod with invalid DNS label: {hostname}");
            errors.invalid(&name, codes::NAME_FORMAT, &name.quoted(), &detail);
        }
    }
}

/// `spec` of a Job, with the selector that the strategy may have generated.
fn selecting_spec(errors: &mut Errors, spec: &Field<'_>) {
    job_spec(errors, spec);
    let (selector, template) = (spec.child("selector"), spec.child("template"));
    if selector.exists() {
        meta::label_selector(errors, &selector);
    } else {
        errors.required(&selector, "");
    }
    if meta::is_usable(&selector) && !meta::selects(&selector, &template.at("metadata.labels")) {
        workloads::mismatch(errors, &template);
    }
}

/// A selector of the user's own needs manualSelector, and labels of the user's own that the strategy would generate must be the
/// same (VAL-JOB-4).
fn generated_selector(errors: &mut Errors, job: &Field<'_>, spec: &Field<'_>) {
    let selector = spec.child("selector");
    if spec.child("manualSelector").is_true() || !selector.exists() {
        return;
    }
    let (uid, name) = (job.at("metadata.uid").str(), job.at("metadata.name").str());
    let expected = [
        ("controller-uid", uid),
        ("job-name", name),
        ("batch.kubernetes.io/controller-uid", uid),
        ("batch.kubernetes.io/job-name", name),
    ];
    let labels = spec.at("template.metadata.labels");
    for (key, value) in expected {
        let label = labels.key(key);
        if label.str() != value {
            let detail = format!("must be '{value}'");
            errors.invalid(&label, codes::JOB, &labels.json(), &detail);
        }
    }
    let expected: manifest::Map =
        expected.map(|(key, value)| (key.to_owned(), manifest::Tree::added(value))).into_iter().collect();
    let expected = manifest::Tree::added(expected);
    if meta::is_usable(&selector) && !meta::selects(&selector, &Field::root(&expected)) {
        let value = go_json::label_selector(&selector);
        errors.invalid(&selector, codes::JOB, &value, "`selector` not auto-generated");
    }
}

/// What a Job and the template of a CronJob have in common.
fn job_spec(errors: &mut Errors, spec: &Field<'_>) {
    let counts = [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ];
    for name in counts {
        errors.nonnegative(&spec.child(name));
    }
    let per_index = spec.child("backoffLimitPerIndex");
    if spec.child("maxFailedIndexes").exists() && !per_index.exists() {
        errors.required(&per_index, "when maxFailedIndexes is specified");
    }
    let managed_by = spec.child("managedBy");
    if managed_by.exists() {
        domain_prefixed_path(errors, &managed_by);
        if managed_by.str().len() > 63 {
            errors.too_long(&managed_by, 63);
        }
    }
    job_policy::completion_mode(errors, spec);
    job_policy::failure_policy(errors, spec);
    job_policy::success_policy(errors, spec);
    let replacement = spec.child("podReplacementPolicy");
    let allowed: &[&str] = if spec.child("podFailurePolicy").exists() {
        &["Failed"]
    } else {
        &["Failed", "TerminatingOrFailed"]
    };
    errors.one_of_if_set(&replacement, allowed);
    let template = spec.child("template");
    pod::template(errors, &template);
    let restart = template.at("spec.restartPolicy");
    match restart.str() {
        "Always" | "" => errors.required(&restart, "valid values: \"OnFailure\", \"Never\""),
        "OnFailure" if spec.child("podFailurePolicy").exists() => {
            let detail = "only \"Never\" is supported when podFailurePolicy is specified";
            errors.invalid(&restart, codes::JOB, &restart.json(), detail);
        }
        _ => errors.one_of(&restart, &["OnFailure", "Never"]),
    }
}

/// `acme.io/foo` (VAL-IC-1).
pub(crate) fn domain_prefixed_path(errors: &mut Errors, field: &Field<'_>) {
    let text = field.str();
    if errors.require(field) {
        return;
    }
    match text.split_once('/') {
        Some((domain, path)) if !domain.is_empty() && !path.is_empty() => {
            for message in names::dns_subdomain(domain) {
                errors.invalid(field, codes::NAME_FORMAT, &quote(domain), &message);
            }
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/:@!$&'()*+,;=._~-%".contains(&byte);
            if !path.bytes().all(allowed) {
                let detail = r"Invalid path (regex used for validation is '[A-Za-z0-9/\-._~%!$&'()*+,;=:]+')";
                errors.invalid(field, codes::FORMAT, &quote(path), detail);
            }
        }
        _ => {
            let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
            errors.invalid(field, codes::FORMAT, &field.quoted(), detail);
        }
    }
}

/// The longest name whose Jobs still have valid names (VAL-NAME-8).
const CRON_JOB_NAME_LIMIT: usize = 52;

/// A CronJob on creation.
pub(crate) fn cron_job(errors: &mut Errors, cron_job: &Field<'_>) {
    cron_job_spec(errors, &cron_job.child("spec"));
    let name = cron_job.at("metadata.name");
    if name.str().len() > CRON_JOB_NAME_LIMIT {
        let detail = format!("must be no more than {CRON_JOB_NAME_LIMIT} characters");
        errors.invalid(&name, codes::NAME_FORMAT, &name.quoted(), &detail);
    }
}

/// VAL-CJ-1 to VAL-CJ-3.
pub(crate) fn cron_job_spec(errors: &mut Errors, spec: &Field<'_>) {
    let schedule = spec.child("schedule");
    if !errors.require(&schedule) {
        if let Err(problem) = CronSchedule::parse(schedule.str()) {
            errors.invalid(&schedule, codes::SCHEDULE, &schedule.quoted(), &problem);
        }
        if schedule.str().contains("TZ") {
            let detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
            errors.invalid(&schedule, codes::SCHEDULE, &schedule.quoted(), detail);
        }
    }
    errors.nonnegative(&spec.child("startingDeadlineSeconds"));
    let zone = spec.child("timeZone");
    if zone.exists() {
        for problem in time_zone::problems(zone.str()) {
            errors.invalid(&zone, codes::TIME_ZONE, &zone.quoted(), &problem);
        }
    }
    errors.required_one_of(&spec.child("concurrencyPolicy"), &["Allow", "Forbid", "Replace"]);
    let job = spec.at("jobTemplate.spec");
    job_spec(errors, &job);
    let selector = job.child("selector");
    if selector.exists() {
        let value = go_json::label_selector(&selector);
        errors.invalid(&selector, codes::JOB, &value, "`selector` will be auto-generated");
    }
    let manual = job.child("manualSelector");
    if manual.is_true() {
        errors.unsupported(&manual, "true", &["nil", "false"]);
    }
    errors.nonnegative(&spec.child("successfulJobsHistoryLimit"));
    errors.nonnegative(&spec.child("failedJobsHistoryLimit"));
}
