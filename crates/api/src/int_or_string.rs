//! `intstr.IntOrString`: a number, or a name or percentage.

use std::fmt;

/// A number, or a name or percentage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrString {
    /// A number.
    Int(i32),
    /// A port name, or a percentage such as `25%`.
    String(String),
}

impl IntOrString {
    /// The number, or the percentage of `total` rounded as asked; `None` for any other string.
    pub fn scaled(&self, total: i32, rounding: Rounding) -> Option<i32> {
        match self {
            Self::Int(value) => Some(*value),
            Self::String(text) => {
                let percent: i64 = text.strip_suffix('%')?.parse().ok()?;
                let product = percent * i64::from(total);
                let value = match rounding {
                    Rounding::Up => product.div_euclid(100) + i64::from(product.rem_euclid(100) != 0),
                    Rounding::Down => product.div_euclid(100),
                };
                i32::try_from(value).ok()
            }
        }
    }
}

/// Which way a percentage is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the next whole number (maxSurge).
    Up,
    /// To the last whole number (maxUnavailable of a Deployment).
    Down,
}

impl fmt::Display for IntOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::String(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_as_asked() {
        let quarter = IntOrString::String("25%".into());
        let table: Vec<_> =
            (1..=5).map(|n| (quarter.scaled(n, Rounding::Up), quarter.scaled(n, Rounding::Down))).collect();
        let expected = [(1, 0), (1, 0), (1, 0), (1, 1), (2, 1)].map(|(up, down)| (Some(up), Some(down)));
        assert_eq!(table, expected);
        assert_eq!(IntOrString::String("http".into()).scaled(3, Rounding::Up), None);
    }
}
