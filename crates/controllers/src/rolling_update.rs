//! The arithmetic of a Deployment's rolling update, without the objects.
//!
//! One sync asks [`Rollout::grow`] first; when that changes nothing, [`Rollout::shrink`]. Both are functions of counts only.

use api::int_or_string::{IntOrString, Rounding};
use api::types::DeploymentStrategy;

/// What a strategy allows for a number of replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Pods above the wanted number.
    pub(crate) surge: i32,
    /// Pods below the wanted number.
    pub(crate) unavailable: i32,
}

impl Limits {
    /// Surge rounded up, unavailable rounded down, never both zero, never more unavailable than wanted (WL-DEP-4).
    /// Recreate has neither.
    pub(crate) fn of(strategy: &DeploymentStrategy, replicas: i32) -> Self {
        let DeploymentStrategy::RollingUpdate { max_surge, max_unavailable } = strategy else {
            return Self { surge: 0, unavailable: 0 };
        };
        if replicas == 0 {
            return Self { surge: scaled(max_surge, 0, Rounding::Up), unavailable: 0 };
        }
        let surge = scaled(max_surge, replicas, Rounding::Up);
        let unavailable = scaled(max_unavailable, replicas, Rounding::Down);
        let unavailable = if surge == 0 && unavailable == 0 { 1 } else { unavailable };
        Self { surge, unavailable: unavailable.min(replicas) }
    }
}

fn scaled(value: &IntOrString, total: i32, rounding: Rounding) -> i32 {
    value.scaled(total, rounding).unwrap_or(0).max(0)
}

/// Sizes of one ReplicaSet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// `spec.replicas`.
    pub(crate) spec: i32,
    /// `status.availableReplicas`.
    pub(crate) available: i32,
}

/// A rolling update at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Rollout {
    /// Replicas that the Deployment wants.
    pub(crate) replicas: i32,
    /// What its strategy allows.
    pub(crate) limits: Limits,
    /// The ReplicaSet of the current template.
    pub(crate) new: Size,
    /// The others, oldest first.
    pub(crate) old: Vec<Size>,
}

impl Rollout {
    fn total(&self) -> i32 {
        self.old.iter().fold(self.new.spec, |sum, size| sum.saturating_add(size.spec))
    }

    /// The size that the new ReplicaSet gets (WL-DEP-5); it is also cut back when it is larger than wanted.
    pub(crate) fn grow(&self) -> i32 {
        if self.new.spec >= self.replicas {
            return self.replicas;
        }
        let room = self.replicas.saturating_add(self.limits.surge) - self.total();
        self.new.spec + room.clamp(0, self.replicas - self.new.spec)
    }

    /// The sizes that the old ReplicaSets get (WL-DEP-6): unhealthy replicas go first, then available ones.
    pub(crate) fn shrink(&self) -> Vec<i32> {
        let mut specs: Vec<i32> = self.old.iter().map(|size| size.spec).collect();
        let min_available = self.replicas - self.limits.unavailable;
        let mut budget = self.total() - min_available - (self.new.spec - self.new.available);
        if budget <= 0 {
            return specs;
        }
        for (spec, size) in specs.iter_mut().zip(&self.old) {
            let unhealthy = (size.spec - size.available).clamp(0, budget);
            *spec -= unhealthy;
            budget -= unhealthy;
        }
        let available = self.new.available + self.old.iter().map(|size| size.available).sum::<i32>();
        let mut surplus = (available - min_available).max(0);
        for spec in &mut specs {
            let removed = surplus.min(*spec);
            *spec -= removed;
            surplus -= removed;
        }
        specs
    }
}

/// New sizes when a Deployment with several active ReplicaSets is scaled: each keeps its share, the first takes the rest.
///
/// `sets` are (current size, total that was allowed when the set was last scaled), the largest first; `allowed` is the total
/// allowed now.
pub(crate) fn proportional(sets: &[(i32, i32)], replicas: i32, allowed: i32) -> Vec<i32> {
    let to_add = allowed - sets.iter().map(|set| set.0).sum::<i32>();
    if to_add == 0 {
        return sets.iter().map(|set| set.0).collect();
    }
    let mut added = 0;
    let mut sizes: Vec<i32> = sets
        .iter()
        .map(|&(size, before)| {
            let share = if replicas == 0 { -size } else { round_div(size, allowed, before) - size };
            let left = to_add - added;
            let share = if size == 0 || left == 0 {
                0
            } else if to_add > 0 {
                share.min(left)
            } else {
                share.max(left)
            };
            added += share;
            size + share
        })
        .collect();
    if let Some(first) = sizes.first_mut() {
        *first = (*first + to_add - added).max(0);
    }
    sizes
}

/// `a * b / divisor`, rounded to the nearest, halves up.
fn round_div(a: i32, b: i32, divisor: i32) -> i32 {
    let divisor = i64::from(divisor.max(1));
    let doubled = 2 * i64::from(a) * i64::from(b) + divisor;
    i32::try_from(doubled / (2 * divisor)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default_limits(replicas: i32) -> Limits {
        let quarter = IntOrString::String("25%".into());
        let strategy =
            DeploymentStrategy::RollingUpdate { max_surge: quarter.clone(), max_unavailable: quarter };
        Limits::of(&strategy, replicas)
    }

    /// The table of WL-DEP-4.
    #[test]
    fn limits() {
        let table = [
            (1, 1, 0),
            (2, 1, 0),
            (3, 1, 0),
            (4, 1, 1),
            (5, 2, 1),
            (6, 2, 1),
            (7, 2, 1),
            (8, 2, 2),
            (10, 3, 2),
        ];
        for (replicas, surge, unavailable) in table {
            assert_eq!(default_limits(replicas), Limits { surge, unavailable }, "{replicas}");
        }
    }

    /// Runs an update of `replicas` on `nodes` nodes that take one pod each, as a declared host port does: (old running,
    /// new running, new Pending) when nothing moves any more.
    fn run(replicas: i32, nodes: i32) -> (i32, i32, i32) {
        let running = replicas.min(nodes);
        let mut rollout = Rollout {
            replicas,
            limits: default_limits(replicas),
            new: Size::default(),
            old: vec![Size { spec: replicas, available: running }],
        };
        loop {
            let before = (rollout.new, rollout.old.clone());
            let grown = rollout.grow();
            if grown == rollout.new.spec {
                let old = &rollout.old;
                rollout.old = rollout
                    .shrink()
                    .into_iter()
                    .zip(old)
                    .map(|(spec, size)| Size { spec, available: size.available.min(spec) })
                    .collect();
            }
            rollout.new.spec = grown;
            rollout.new.available = grown.min(nodes - rollout.old[0].available);
            if before == (rollout.new, rollout.old.clone()) {
                let Size { spec, available } = rollout.new;
                return (rollout.old[0].available, available, spec - available);
            }
        }
    }

    /// The table of WL-DEP-8.
    #[test]
    fn host_port_deadlock() {
        for replicas in 1..=3 {
            assert_eq!(run(replicas, replicas), (replicas, 0, 1), "{replicas} on as many");
        }
        for replicas in 4..=8 {
            assert_eq!(run(replicas, replicas), (0, replicas, 0), "{replicas} on as many");
        }
        for replicas in 1..=8 {
            assert_eq!(run(replicas, replicas + 1), (0, replicas, 0), "{replicas} with one to spare");
        }
        for (replicas, pending) in [(4, 2), (5, 3), (6, 3), (7, 3)] {
            assert_eq!(
                run(replicas, replicas - 1),
                (replicas - 1, 0, pending),
                "{replicas} with one too few"
            );
        }
        assert_eq!(run(8, 7), (0, 7, 1));
    }

    #[test]
    fn scaling_keeps_shares() {
        assert_eq!(proportional(&[(8, 13), (5, 13)], 15, 18), [11, 7]);
        assert_eq!(proportional(&[(8, 13), (5, 13)], 10, 13), [8, 5]);
        assert_eq!(proportional(&[(3, 5), (2, 5)], 0, 0), [0, 0]);
    }
}
