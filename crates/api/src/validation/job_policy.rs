//! Completion mode, failure policy and success policy of Jobs (VAL-JOB-2).

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};
use super::go_json;
use super::names;

const LIMIT: i64 = 100_000;
const LIMIT_OF_MANY: i64 = 10_000;
const INDEXES_LIMIT: usize = 64 * 1024;

/// Indexed and NonIndexed Jobs.
pub(crate) fn completion_mode(errors: &mut Errors, spec: &Field<'_>) {
    let [mode, completions, parallelism, failed, per_index] =
        ["completionMode", "completions", "parallelism", "maxFailedIndexes", "backoffLimitPerIndex"]
            .map(|name| spec.child(name));
    errors.one_of_if_set(&mode, &["NonIndexed", "Indexed"]);
    if mode.str() != "Indexed" {
        if mode.str() == "NonIndexed" || !mode.exists() {
            for field in [&per_index, &failed].into_iter().filter(|field| field.exists()) {
                errors.invalid(field, codes::JOB, &field.json(), "requires indexed completion mode");
            }
        }
        return;
    }
    let over = |errors: &mut Errors, field: &Field<'_>, limit: i64, detail: &str| {
        if field.number() > limit {
            errors.invalid(field, codes::JOB, &field.number().to_string(), detail);
        }
    };
    if !completions.exists() {
        errors.required(&completions, "when completion mode is Indexed");
    }
    let detail = format!("must be less than or equal to {LIMIT} when completion mode is Indexed");
    over(errors, &parallelism, LIMIT, &detail);
    if let Some(count) = completions.int() {
        over(errors, &failed, count, "must be less than or equal to completions");
    }
    over(errors, &failed, LIMIT, &format!("must be less than or equal to {LIMIT}"));
    if completions.number() > LIMIT && per_index.exists() {
        if !failed.exists() {
            errors.required(&failed, &format!("must be specified when completions is above {LIMIT}"));
        }
        let detail = format!(
            "must be less than or equal to {LIMIT_OF_MANY} when completions are above {LIMIT} and used with backoff limit per index"
        );
        over(errors, &parallelism, LIMIT_OF_MANY, &detail);
        over(errors, &failed, LIMIT_OF_MANY, &detail);
    }
}

/// `podFailurePolicy`.
pub(crate) fn failure_policy(errors: &mut Errors, spec: &Field<'_>) {
    let rules = spec.at("podFailurePolicy.rules");
    if rules.len() > 20 {
        errors.too_many(&rules, rules.len(), 20);
    }
    for rule in rules.items() {
        let (action, codes_rule, conditions) =
            (rule.child("action"), rule.child("onExitCodes"), rule.child("onPodConditions"));
        match action.str() {
            "" => errors.required(&action, "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]"),
            "FailIndex" => {
                if !spec.child("backoffLimitPerIndex").exists() {
                    let detail = "requires the backoffLimitPerIndex to be set";
                    errors.invalid(&action, codes::JOB, &action.json(), detail);
                }
            }
            _ => errors.one_of(&action, &["Count", "FailIndex", "FailJob", "Ignore"]),
        }
        if codes_rule.exists() {
            exit_codes(errors, &codes_rule, spec);
        }
        pod_conditions(errors, &conditions);
        let detail = match (codes_rule.exists(), !conditions.is_empty()) {
            (true, true) => "specifying both OnExitCodes and OnPodConditions is not supported",
            (false, false) => "specifying one of OnExitCodes and OnPodConditions is required",
            _ => continue,
        };
        errors.invalid_plain(&rule, codes::JOB, detail);
    }
}

fn pod_conditions(errors: &mut Errors, conditions: &Field<'_>) {
    if conditions.len() > 20 {
        errors.too_many(conditions, conditions.len(), 20);
    }
    for pattern in conditions.items() {
        let (kind, status) = (pattern.child("type"), pattern.child("status"));
        errors.invalid_text(&kind, codes::LABEL_KEY, names::qualified_name(kind.str()));
        if status.str().is_empty() {
            errors.required(&status, "valid values: [\"False\" \"True\" \"Unknown\"]");
        } else {
            errors.one_of(&status, &["False", "True", "Unknown"]);
        }
    }
}

fn exit_codes(errors: &mut Errors, rule: &Field<'_>, spec: &Field<'_>) {
    let [operator, container, values] = ["operator", "containerName", "values"].map(|name| rule.child(name));
    if operator.str().is_empty() {
        errors.required(&operator, "valid values: [\"In\" \"NotIn\"]");
    } else {
        errors.one_of(&operator, &["In", "NotIn"]);
    }
    let known = ["containers", "initContainers"].iter().any(|list| {
        let containers = spec.at("template.spec").child(list).items();
        containers.iter().any(|known| known.child("name").str() == container.str())
    });
    if container.exists() && !known {
        let detail = "must be one of the container or initContainer names in the pod template";
        errors.invalid(&container, codes::JOB, &container.quoted(), detail);
    }
    if values.is_empty() {
        errors.invalid(&values, codes::JOB, &values.json(), "at least one value is required");
    } else if values.len() > 255 {
        errors.too_many(&values, values.len(), 255);
    }
    let items = values.items();
    for (index, value) in items.iter().enumerate() {
        let code = value.number();
        if operator.str() == "In" && code == 0 {
            errors.invalid(value, codes::JOB, "0", "must not be 0 for the In operator");
        }
        if items[..index].iter().any(|earlier| earlier.number() == code) {
            errors.duplicate(value, &code.to_string(), "");
        }
    }
    if !items.is_sorted_by_key(Field::number) {
        errors.invalid(&values, codes::JOB, &values.json(), "must be ordered");
    }
}

/// `successPolicy`.
pub(crate) fn success_policy(errors: &mut Errors, spec: &Field<'_>) {
    let policy = spec.child("successPolicy");
    if !policy.exists() {
        return;
    }
    if spec.child("completionMode").str() != "Indexed" {
        let value = go_json::render(&policy, go_json::SUCCESS_POLICY);
        errors.invalid(&policy, codes::JOB, &value, "requires indexed completion mode");
        return;
    }
    let rules = policy.child("rules");
    if rules.is_empty() {
        errors.required(&rules, "at least one rules must be specified when the successPolicy is specified");
    }
    if rules.len() > 20 {
        errors.too_many(&rules, rules.len(), 20);
    }
    let completions = spec.child("completions").number();
    for rule in rules.items() {
        let (indexes, count) = (rule.child("succeededIndexes"), rule.child("succeededCount"));
        if !indexes.exists() && !count.exists() {
            errors.required(&rule, "at least one of succeededCount or succeededIndexes must be specified");
        }
        let mut total = None;
        if indexes.exists() {
            if indexes.str().len() > INDEXES_LIMIT {
                errors.too_long(&indexes, INDEXES_LIMIT);
            }
            match index_count(indexes.str(), completions) {
                Ok(number) => total = Some(number),
                Err(problem) => {
                    let detail = format!("error parsing succeededIndexes: {problem}");
                    errors.invalid(&indexes, codes::JOB, &indexes.quoted(), &detail);
                    total = Some(0);
                }
            }
        }
        errors.nonnegative(&count);
        let value = count.number();
        if value > completions {
            let detail =
                format!("must be less than or equal to {completions} (the number of specified completions)");
            errors.invalid(&count, codes::JOB, &value.to_string(), &detail);
        }
        if let Some(total) = total.filter(|total| count.exists() && value > *total) {
            let detail = format!(
                "must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
            );
            errors.invalid(&count, codes::JOB, &value.to_string(), &detail);
        }
    }
}

/// The number of indexes in `1,3-5`.
fn index_count(text: &str, completions: i64) -> Result<i64, String> {
    let (mut total, mut last) = (0, None);
    if text.is_empty() {
        return Ok(0);
    }
    for interval in text.split(',') {
        let limits: Vec<&str> = interval.split('-').collect();
        if limits.len() > 2 {
            return Err(format!(
                "the fragment {} violates the requirement that an index interval can have at most two parts separated by '-'",
                quote(interval)
            ));
        }
        let number = |text: &str| match text.parse::<i64>() {
            Ok(index) if index >= completions => Err(format!("too large index: {}", quote(text))),
            Ok(index) => Ok(index),
            Err(_) => Err(format!("cannot convert string to integer for index: {}", quote(text))),
        };
        let first = number(limits[0])?;
        let end = limits.get(1).map_or(Ok(first), |text| number(text))?;
        if limits.len() == 2 && first >= end {
            return Err(format!("non-increasing order, previous: {first}, current: {end}"));
        }
        if let Some(last) = last.filter(|last| *last >= first) {
            return Err(format!("non-increasing order, previous: {last}, current: {first}"));
        }
        total += end - first + 1;
        last = Some(end);
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::index_count;

    #[test]
    fn indexes_are_counted() {
        assert_eq!(index_count("1,3-5", 9), Ok(4));
        assert_eq!(index_count("", 9), Ok(0));
        assert_eq!(index_count("9", 9), Err("too large index: \"9\"".into()));
        assert_eq!(index_count("09-x", 9), Err("too large index: \"09\"".into()));
        assert_eq!(index_count("5,3", 9), Err("non-increasing order, previous: 5, current: 3".into()));
    }
}
