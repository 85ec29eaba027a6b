//! Compares an attempt with a recorded one.

use std::collections::BTreeMap;

use scheduler::{Attempt, Rejection};
use serde_json::{Value as Json, json};

/// What differs; `None` when nothing does.
pub(crate) fn difference(attempt: &Attempt, recorded: &Json) -> Option<String> {
    let mut ours = ours(attempt);
    let mut recorded = recorded.clone();
    if let Some(Json::Array(feasible)) = recorded.get_mut("feasible") {
        feasible.sort_by_key(ToString::to_string);
    }
    if let Some(Json::Array(best)) = recorded.get_mut("best") {
        best.sort_by_key(ToString::to_string);
    }
    let sampled = recorded["num_nodes"].as_u64() > Some(100) && recorded["absent_status"].is_object();
    if sampled {
        keep_common_nodes(&mut ours, &mut recorded);
    }
    let fields = [
        "num_nodes",
        "start_index",
        "feasible",
        "rejected",
        "prefilter_rejected",
        "score_plugins",
        "scores",
        "totals",
        "best",
        "preemption",
        "postfilter_message",
        "error",
    ];
    for field in fields {
        let (left, right) = (&ours[field], &recorded[field]);
        if left != right {
            return Some(format!("{field}: ours {left}, recorded {right}"));
        }
    }
    let skipped = |json: &Json| {
        let mut names: Vec<String> = json.as_array().into_iter().flatten().map(ToString::to_string).collect();
        names.sort();
        names
    };
    if skipped(&ours["skipped_score_plugins"]) != skipped(&recorded["skipped_score_plugins"]) {
        return Some(format!(
            "skipped: {} {}",
            ours["skipped_score_plugins"], recorded["skipped_score_plugins"]
        ));
    }
    let excluded = attempt.excluded.as_ref().map(|(status, _)| rejection(status));
    let named = recorded["absent_status"]["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty());
    if excluded.is_some() != named || excluded.is_some_and(|excluded| excluded != recorded["absent_status"]) {
        return Some(format!("excluded: {:?}, recorded {}", attempt.excluded, recorded["absent_status"]));
    }
    let chosen = recorded["chosen"].as_str();
    if attempt.chosen.is_some() != chosen.is_some() {
        return Some(format!("chosen: ours {:?}, recorded {chosen:?}", attempt.chosen));
    }
    let chosen = chosen.filter(|_| !sampled);
    chosen
        .filter(|chosen| !attempt.best.iter().any(|best| **best == **chosen))
        .map(|chosen| format!("{chosen} is not among the best"))
}

/// In a large cluster the workers race for the last feasible nodes (SCH-ORDER-4): the number of nodes found is compared, and
/// the scores of the nodes that both found.
fn keep_common_nodes(ours: &mut Json, recorded: &mut Json) {
    for field in ["scores", "totals"] {
        let (Some(left), Some(right)) = (ours[field].as_object_mut(), recorded[field].as_object_mut()) else {
            continue;
        };
        left.retain(|node, _| right.contains_key(node));
        right.retain(|node, _| left.contains_key(node));
    }
    for json in [ours, recorded] {
        json["best"] = Json::Null;
        json["feasible"] = json!(json["feasible"].as_array().map(Vec::len));
    }
}

fn rejection(rejection: &Rejection) -> Json {
    json!({ "code": format!("{:?}", rejection.code), "plugin": &*rejection.plugin,
        "reasons": rejection.reasons.iter().map(ToString::to_string).collect::<Vec<_>>() })
}

/// The attempt in the shape of a recording.
fn ours(attempt: &Attempt) -> Json {
    let names = |names: &[std::rc::Rc<str>]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let sorted = |list: &[std::rc::Rc<str>]| {
        let mut list = names(list);
        list.sort();
        list
    };
    let text = |text: &str| if text.is_empty() { Json::Null } else { json!(text) };
    let rejected: BTreeMap<String, Json> =
        attempt.rejected.iter().map(|(node, verdict)| (node.to_string(), rejection(verdict))).collect();
    let mut scores: BTreeMap<String, BTreeMap<String, [i64; 3]>> = BTreeMap::new();
    for plugin in &attempt.scores {
        for (node, score) in attempt.feasible.iter().zip(&plugin.scores) {
            let triple = [score.raw, score.normalized, score.weighted];
            scores.entry(node.to_string()).or_default().insert(plugin.plugin.to_string(), triple);
        }
    }
    let if_scored = |json: Json| if attempt.totals.is_empty() { Json::Null } else { json };
    let weights: BTreeMap<String, i64> =
        attempt.scores.iter().map(|plugin| (plugin.plugin.to_string(), plugin.weight)).collect();
    let totals: BTreeMap<String, i64> =
        attempt.feasible.iter().map(ToString::to_string).zip(attempt.totals.iter().copied()).collect();
    json!({
        "num_nodes": attempt.nodes,
        "start_index": attempt.start_index,
        "feasible": sorted(&attempt.feasible),
        "rejected": rejected,
        "prefilter_rejected": attempt.prefilter_rejection.as_ref().map(rejection),
        "score_plugins": if_scored(json!(weights)),
        "skipped_score_plugins": if_scored(json!(names(&attempt.skipped_score_plugins))),
        "scores": if_scored(json!(scores)),
        "totals": if_scored(json!(totals)),
        "best": if_scored(json!(sorted(&attempt.best))),
        "preemption": attempt.preemption.as_ref()
            .map(|preemption| json!({ "node": &*preemption.node, "victims": names(&preemption.victims) })),
        "postfilter_message": text(&attempt.postfilter_message),
        "error": text(&attempt.message),
    })
}
