//! The type of a scalar: go-yaml v2's table of YAML 1.1 (YAML-4 to YAML-8).

/// What `!!` stands for.
pub(super) const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// A scalar's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    /// The text as it is.
    String,
    /// A date or time: the text as it is.
    Timestamp,
    /// `<<` without quotes: the text as it is.
    Merge,
}

impl Scalar {
    fn tag(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Uint(_) => "int",
            Self::Float(_) => "float",
            Self::String => "str",
            Self::Timestamp => "timestamp",
            Self::Merge => "merge",
        }
    }
}

/// The value of a scalar without quotes or with a tag; the problem is go-yaml's.
pub(super) fn resolve(tag: &str, text: &str) -> Result<Scalar, String> {
    let wanted = match tag.strip_prefix(TAG_PREFIX) {
        _ if tag.is_empty() => "",
        Some(short @ ("bool" | "int" | "float" | "null" | "timestamp")) => short,
        _ => return Ok(Scalar::String),
    };
    let found = by_form(text, wanted);
    match found {
        Scalar::Int(value) if wanted == "float" => Ok(Scalar::Float(value as f64)),
        _ if wanted.is_empty() || wanted == found.tag() => Ok(found),
        _ => Err(format!("cannot decode !!{} `{text}` as a !!{wanted}", found.tag())),
    }
}

fn by_form(text: &str, wanted: &str) -> Scalar {
    // Most scalars are words: only these characters begin anything else.
    if !text.is_empty() && !b"yYnNtTfFoO~.<+-0123456789".contains(&text.as_bytes()[0]) {
        return Scalar::String;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Scalar::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Scalar::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        "<<" => return Scalar::Merge,
        _ => {}
    }
    match text.as_bytes()[0] {
        b'.' => float(text).unwrap_or(Scalar::String),
        b'+' | b'-' | b'0'..=b'9' => {
            if matches!(wanted, "" | "timestamp") && is_timestamp(text) {
                return Scalar::Timestamp;
            }
            let plain = text.replace('_', "");
            integer(&plain).or_else(|| float(&plain)).unwrap_or(Scalar::String)
        }
        _ => Scalar::String,
    }
}

/// A decimal, `0x`, `0o`, `0b` or (leading zero) octal number of 64 bits; beyond `i64` only without a sign.
fn integer(text: &str) -> Option<Scalar> {
    let (sign, digits) = match text.as_bytes().first()? {
        sign @ (b'+' | b'-') => (Some(*sign), &text[1..]),
        _ => (None, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    if digits.is_empty() || !digits.bytes().all(|digit| char::from(digit).is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match sign {
        Some(b'-') => i64::try_from(-i128::from(magnitude)).ok().map(Scalar::Int),
        _ => match i64::try_from(magnitude) {
            Ok(value) => Some(Scalar::Int(value)),
            Err(_) => sign.is_none().then_some(Scalar::Uint(magnitude)),
        },
    }
}

/// `1`, `1.`, `1.5`, `.5`, each with an optional sign and exponent; nothing that is too large.
fn float(text: &str) -> Option<Scalar> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => (unsigned, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let formed = digits(whole) && digits(fraction) && digits(exponent);
    if !formed || exponent.is_empty() || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite()).map(Scalar::Float)
}

/// `2024-1-31`, alone or with a time of day: `2024-01-31T10:00:00.5Z`, `2024-01-31t1:00:00+02:00`, `2024-01-31 10:00:00`.
///
/// A timestamp stays a string, so this only matters to an explicit `!!timestamp`.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((text.as_bytes()[at], &text[at + 1..]))),
        None => (text, None),
    };
    let number = |text: &str, low: u32, high: u32| {
        (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) && {
            let value = text.parse().unwrap_or(u32::MAX);
            (low..=high).contains(&value)
        }
    };
    let mut parts = date.split('-');
    let year =
        parts.next().is_some_and(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
    let day = parts.next().is_some_and(|month| number(month, 1, 12))
        && parts.next().is_some_and(|day| number(day, 1, 31));
    if !year || !day || parts.next().is_some() {
        return false;
    }
    let Some((separator, time)) = time else { return true };
    let clock = if separator == b' ' {
        time
    } else if let Some(clock) = time.strip_suffix('Z') {
        clock
    } else {
        let Some((clock, zone)) = time.rsplit_once(['+', '-']) else { return false };
        let zoned = zone.split_once(':').is_some_and(|(hour, minute)| {
            hour.len() == 2 && minute.len() == 2 && number(hour, 0, 24) && number(minute, 0, 59)
        });
        if !zoned {
            return false;
        }
        clock
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    parts.next().is_some_and(|hour| number(hour, 0, 23))
        && parts.next().is_some_and(|minute| number(minute, 0, 59))
        && parts.next().is_some_and(|second| number(second, 0, 59))
        && parts.next().is_none()
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Scalar) {
        assert_eq!(resolve("", text), Ok(expected), "{text}");
    }

    #[test]
    fn plain_scalars_have_the_types_of_yaml_1_1() {
        for text in ["", "~", "null", "Null", "NULL"] {
            check(text, Scalar::Null);
        }
        for text in ["y", "Yes", "TRUE", "on", "On"] {
            check(text, Scalar::Bool(true));
        }
        for text in ["n", "No", "FALSE", "off", "OFF"] {
            check(text, Scalar::Bool(false));
        }
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("+12", 12),
            ("8_080", 8080),
            ("0x1F", 31),
            ("0X_1f", 31),
            ("0777", 511),
            ("010", 8),
            ("0o17", 15),
            ("-0b11", -3),
            ("-9223372036854775808", i64::MIN),
        ] {
            check(text, Scalar::Int(value));
        }
        check("18446744073709551615", Scalar::Uint(u64::MAX));
        for (text, value) in [
            ("08", 8.0),
            ("1e3", 1000.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("-1.5E-1", -0.15),
            ("-.inf", f64::NEG_INFINITY),
        ] {
            check(text, Scalar::Float(value));
        }
        for text in [
            "80:80", "yEs", "1e", "1.2.3", "0x", "0b2", "_1", "-", ".", "1e999", "nulL", "a", "1 core",
            "0xg", ".e1",
        ] {
            check(text, Scalar::String);
        }
        for text in ["2024-01-01", "2024-1-1T1:02:03Z", "2024-01-01 10:00:00.5", "2024-01-01t10:00:00-05:00"]
        {
            check(text, Scalar::Timestamp);
        }
        check("2024-01-01T10:00", Scalar::String);
    }

    #[test]
    fn tags_force_the_type() {
        let tag = |short: &str| format!("{TAG_PREFIX}{short}");
        assert_eq!(resolve(&tag("str"), "1"), Ok(Scalar::String));
        assert_eq!(resolve(&tag("float"), "1"), Ok(Scalar::Float(1.0)));
        assert_eq!(resolve("!custom", "1"), Ok(Scalar::String));
        assert_eq!(resolve(&tag("int"), "a"), Err("cannot decode !!str `a` as a !!int".to_owned()));
    }
}
