//! Labels and the selectors that match them.

use std::fmt;

use manifest::sorted::SortedMap;

use crate::validation::names;

/// Labels or annotations: sorted, so that iteration is stable.
pub type Labels = SortedMap<String, String>;

/// How a requirement compares a label with its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// Present with one of the values.
    In,
    /// Absent, or present with none of the values.
    NotIn,
    /// Present.
    Exists,
    /// Absent.
    DoesNotExist,
    /// Present; greater than the value, both as signed 64-bit integers. Node selectors only.
    Gt,
    /// Present; less than the value, both as signed 64-bit integers. Node selectors only.
    Lt,
}

/// One requirement of a selector (SCH-NODEAFF-3 for the meaning on node labels).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    /// Label key.
    pub key: String,
    /// Comparison.
    pub operator: Operator,
    /// Values, as the operator takes them.
    pub values: Vec<String>,
}

impl Requirement {
    /// Whether the labels meet it.
    pub fn matches(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In => value.is_some_and(|value| self.values.contains(value)),
            Operator::NotIn => value.is_none_or(|value| !self.values.contains(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::Gt => self.compare(value).is_some_and(|(label, bound)| label > bound),
            Operator::Lt => self.compare(value).is_some_and(|(label, bound)| label < bound),
        }
    }

    /// What is wrong with the values, as `labels.NewRequirement` words it; `path` leads to the requirement.
    pub fn errors(&self, path: &str) -> Vec<String> {
        let values = || self.values.iter().enumerate();
        let invalid = |index: usize, key: &str, value: &str, detail: &str| {
            format!("{path}.values[{index}]{key}: Invalid value: {value:?}: {detail}")
        };
        let compares = matches!(self.operator, Operator::Gt | Operator::Lt);
        let words = values().filter(|(_, value)| compares && value.parse::<i64>().is_err());
        let mut errors: Vec<String> = words
            .map(|(index, value)| {
                invalid(index, "", value, "for 'Gt', 'Lt' operators, the value must be an integer")
            })
            .collect();
        errors.extend(values().filter_map(|(index, value)| {
            let details = names::label_value(value);
            let key = format!("[{}]", self.key);
            (!details.is_empty()).then(|| invalid(index, &key, value, &details.join("; ")))
        }));
        errors
    }

    fn compare(&self, value: Option<&String>) -> Option<(i64, i64)> {
        Some((value?.parse().ok()?, self.values.first()?.parse().ok()?))
    }
}

/// A `metav1.LabelSelector` as a list of requirements that are all met. No requirement matches everything; where Kubernetes
/// has "no selector matches nothing", the field is an `Option`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    /// `matchLabels` as `In` with one value, then `matchExpressions`.
    pub requirements: Vec<Requirement>,
}

impl Selector {
    /// The selector that wants exactly these labels.
    pub fn from_labels(labels: &Labels) -> Self {
        let requirements = labels
            .iter()
            .map(|(key, value)| Requirement {
                key: key.clone(),
                operator: Operator::In,
                values: vec![value.clone()],
            })
            .collect();
        Self { requirements }
    }

    /// Whether the labels meet all requirements.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(labels))
    }

    /// Whether it matches everything.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }
}

/// Prints as `kubectl get -o wide` prints selectors: `app=web,tier in (a,b),!gone`.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.requirements.is_empty() {
            return f.write_str("<none>");
        }
        for (index, Requirement { key, operator, values }) in self.requirements.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            let list = values.join(",");
            match operator {
                Operator::In if values.len() == 1 => write!(f, "{key}={list}")?,
                Operator::In => write!(f, "{key} in ({list})")?,
                Operator::NotIn => write!(f, "{key} notin ({list})")?,
                Operator::Exists => write!(f, "{key}")?,
                Operator::DoesNotExist => write!(f, "!{key}")?,
                Operator::Gt => write!(f, "{key}>{list}")?,
                Operator::Lt => write!(f, "{key}<{list}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(operator: Operator, values: &[&str]) -> Requirement {
        Requirement { key: "a".into(), operator, values: values.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn operators() {
        let labels = Labels::from([("a".to_owned(), "5".to_owned())]);
        let none = Labels::new();
        let table = [
            (Operator::In, &["5"][..], true, false),
            (Operator::NotIn, &["5"], false, true),
            (Operator::Exists, &[], true, false),
            (Operator::DoesNotExist, &[], false, true),
            (Operator::Gt, &["4"], true, false),
            (Operator::Lt, &["4"], false, false),
            (Operator::Gt, &["x"], false, false),
        ];
        for (operator, values, with, without) in table {
            let requirement = requirement(operator, values);
            assert_eq!(
                (requirement.matches(&labels), requirement.matches(&none)),
                (with, without),
                "{operator:?}"
            );
        }
    }

    #[test]
    fn prints_as_kubectl_does() {
        let selector = Selector {
            requirements: vec![
                requirement(Operator::In, &["x"]),
                requirement(Operator::NotIn, &["y", "z"]),
                requirement(Operator::DoesNotExist, &[]),
            ],
        };
        assert_eq!(selector.to_string(), "a=x,a notin (y,z),!a");
    }
}
