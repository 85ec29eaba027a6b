//! The score: matched and total for each area and category, the misses, and how both are printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

/// What is compared, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the categories")]
pub enum Category {
    Apply,
    Objects,
    Attempts,
    Messages,
    Outcome,
    Endpoints,
    Routes,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Apply,
        Self::Objects,
        Self::Attempts,
        Self::Messages,
        Self::Outcome,
        Self::Endpoints,
        Self::Routes,
    ];

    /// As it is written in table and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Objects => "objects",
            Self::Attempts => "attempts",
            Self::Messages => "messages",
            Self::Outcome => "outcome",
            Self::Endpoints => "endpoints",
            Self::Routes => "routes",
        }
    }
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Equal on both sides.
    pub matched: u64,
    /// Compared.
    pub total: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.matched += other.matched;
        self.total += other.total;
    }
}

/// Something that differs, with both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The unit: `stage 0, Service default/web`.
    pub unit: String,
    /// Where and how it differs, recorded and ours.
    pub difference: String,
}

/// The result of comparing one category of one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Count.
    pub tally: Tally,
    /// What differs.
    pub misses: Vec<Miss>,
}

impl Outcome {
    /// Counts one unit; `difference` is `None` when both sides are equal.
    pub fn count(&mut self, unit: impl Into<String>, difference: Option<String>) {
        self.tally.total += 1;
        match difference {
            None => self.tally.matched += 1,
            Some(difference) => self.misses.push(Miss { unit: unit.into(), difference }),
        }
    }

    /// Adds the units of another comparison.
    pub fn add(&mut self, other: Self) {
        self.tally += other.tally;
        self.misses.extend(other.misses);
    }
}

/// The outcome of one scenario, by category.
pub(super) type Card = BTreeMap<Category, Outcome>;

/// Tallies by name of the category.
type Row = BTreeMap<&'static str, Tally>;

/// The whole: cards by scenario.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Cards by name of the scenario.
    pub cards: BTreeMap<String, Card>,
}

impl Score {
    /// Tallies by area and category; every category is there, `total` sums over all areas.
    fn tallies(&self) -> (BTreeMap<&str, Row>, Row) {
        let none = || Category::ALL.iter().map(|category| (category.name(), Tally::default())).collect();
        let mut areas: BTreeMap<&str, Row> = BTreeMap::new();
        let mut total: Row = none();
        for (name, card) in &self.cards {
            let area = areas.entry(super::recording::area(name)).or_insert_with(none);
            for (category, outcome) in card {
                *area.entry(category.name()).or_default() += outcome.tally;
                *total.entry(category.name()).or_default() += outcome.tally;
            }
        }
        (areas, total)
    }

    /// One line of JSON: `{"areas":{"hostnet":{"apply":{"matched":1,"total":2},...}},"total":{...}}`.
    pub fn json(&self) -> String {
        let row = |tallies: &Row| -> Value {
            let pair = |tally: &Tally| json!({"matched": tally.matched, "total": tally.total});
            tallies
                .iter()
                .map(|(name, tally)| ((*name).to_owned(), pair(tally)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let (areas, total) = self.tallies();
        let areas: serde_json::Map<String, Value> =
            areas.iter().map(|(area, tallies)| ((*area).to_owned(), row(tallies))).collect();
        json!({"areas": areas, "total": row(&total)}).to_string()
    }

    /// A table: a row for each area, a column for each category.
    pub fn table(&self) -> String {
        let (areas, total) = self.tallies();
        let mut out = format!("{:<10}", "");
        for category in Category::ALL {
            write!(out, "{:>13}", category.name()).expect("writing to a string cannot fail");
        }
        for (name, tallies) in areas.iter().chain([(&"total", &total)]) {
            write!(out, "\n{name:<10}").expect("writing to a string cannot fail");
            for category in Category::ALL {
                let Tally { matched, total } = tallies[category.name()];
                write!(out, "{:>13}", format!("{matched}/{total}")).expect("writing to a string cannot fail");
            }
        }
        out.push('\n');
        out
    }

    /// What is committed: the table, and below it the scenarios with a miss and in which categories.
    pub fn snapshot(&self) -> String {
        let open = self.open_scenarios();
        if open.is_empty() { self.table() } else { self.table() + "\n" + &open }
    }

    fn open_scenarios(&self) -> String {
        let mut out = String::new();
        for (name, card) in &self.cards {
            let open = card.iter().filter(|(_, outcome)| !outcome.misses.is_empty());
            let counts: Vec<String> = open
                .map(|(category, outcome)| format!("{} {}", category.name(), outcome.misses.len()))
                .collect();
            if !counts.is_empty() {
                writeln!(out, "{name}: {}", counts.join(", ")).expect("writing to a string cannot fail");
            }
        }
        out
    }

    /// The first `limit` misses with both sides.
    pub fn misses(&self, limit: usize) -> String {
        let all = self.cards.iter().flat_map(|(name, card)| {
            card.iter().flat_map(move |(category, outcome)| {
                outcome.misses.iter().map(move |miss| (name, category.name(), miss))
            })
        });
        let mut out = String::new();
        for (name, category, miss) in all.take(limit) {
            writeln!(out, "{category} {name}: {}\n{}", miss.unit, indent(&miss.difference))
                .expect("writing to a string cannot fail");
        }
        out
    }
}

fn indent(text: &str) -> String {
    text.lines().flat_map(|line| ["    ", line, "\n"]).collect()
}

/// A difference as it is shown: the two sides below one another.
pub(super) fn sides(at: &str, recorded: impl std::fmt::Display, ours: impl std::fmt::Display) -> String {
    format!("{at}\n  recorded: {recorded}\n  ours:     {ours}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score() -> Score {
        let mut outcome = Outcome::default();
        outcome.count("stage 0", None);
        outcome.count("stage 1", Some(sides("exit", 1, 0)));
        let cards = BTreeMap::from([("hostnet-001-x".to_owned(), Card::from([(Category::Apply, outcome)]))]);
        Score { cards }
    }

    #[test]
    fn json_is_one_line_with_every_category() {
        let none = r#"{"matched":0,"total":0}"#;
        let row = format!(
            r#"{{"apply":{{"matched":1,"total":2}},"attempts":{none},"endpoints":{none},"messages":{none},"objects":{none},"outcome":{none},"routes":{none}}}"#
        );
        assert_eq!(score().json(), format!(r#"{{"areas":{{"hostnet":{row}}},"total":{row}}}"#));
    }

    #[test]
    fn misses_show_both_sides() {
        let expected = "apply hostnet-001-x: stage 1\n    exit\n      recorded: 1\n      ours:     0\n\n";
        assert_eq!(score().misses(9), expected);
        assert_eq!(score().misses(0), "");
        assert_eq!(score().open_scenarios(), "hostnet-001-x: apply 1\n");
    }
}
