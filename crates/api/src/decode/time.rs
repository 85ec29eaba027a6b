//! Times as Go's `time.Parse` reads them, for its error texts.

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    text: &'static str,
    /// Digits that the fraction of a second must have; none: any number, or no fraction.
    fraction: Option<usize>,
}

/// `metav1.Time`: RFC 3339.
pub(crate) const SECONDS: Layout = Layout { text: "2006-01-02T15:04:05Z07:00", fraction: None };
/// `metav1.MicroTime`.
pub(crate) const MICROSECONDS: Layout =
    Layout { text: "2006-01-02T15:04:05.000000Z07:00", fraction: Some(6) };

/// Go's text when `text` is no time of that layout.
pub(crate) fn check(text: &str, layout: Layout) -> Result<(), String> {
    let mut reader = Reader { text, rest: text, layout: layout.text };
    let year = reader.number("2006", 4)?;
    reader.literal("-")?;
    let month = reader.number("01", 2)?;
    reader.range(month, 1, 12, "month")?;
    reader.literal("-")?;
    let day = reader.number("02", 2)?;
    reader.literal("T")?;
    let hour = reader.number("15", 2)?;
    reader.range(hour, 0, 23, "hour")?;
    reader.literal(":")?;
    let minute = reader.number("04", 2)?;
    reader.range(minute, 0, 59, "minute")?;
    reader.literal(":")?;
    let second = reader.number("05", 2)?;
    reader.range(second, 0, 59, "second")?;
    reader.fraction(layout.fraction)?;
    reader.zone()?;
    if !reader.rest.is_empty() {
        return Err(format!("parsing time {:?}: extra text: {:?}", text, reader.rest));
    }
    reader.range(day, 1, days_in(year, month), "day")
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    layout: &'static str,
}

impl Reader<'_> {
    fn mismatch(&self, wanted: &str) -> String {
        format!(
            "parsing time {:?} as {:?}: cannot parse {:?} as {wanted:?}",
            self.text, self.layout, self.rest
        )
    }

    fn number(&mut self, wanted: &str, digits: usize) -> Result<u32, String> {
        let number =
            self.rest.get(..digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.ok_or_else(|| self.mismatch(wanted))?;
        self.rest = &self.rest[digits..];
        Ok(number.parse().unwrap_or(0))
    }

    fn literal(&mut self, wanted: &str) -> Result<(), String> {
        self.rest = self.rest.strip_prefix(wanted).ok_or_else(|| self.mismatch(wanted))?;
        Ok(())
    }

    fn range(&self, value: u32, low: u32, high: u32, what: &str) -> Result<(), String> {
        if (low..=high).contains(&value) {
            return Ok(());
        }
        Err(format!("parsing time {:?}: {what} out of range", self.text))
    }

    fn fraction(&mut self, digits: Option<usize>) -> Result<(), String> {
        let found = match self.rest.strip_prefix(['.', ',']) {
            Some(rest) => rest.bytes().take_while(u8::is_ascii_digit).count(),
            None => 0,
        };
        match digits {
            Some(wanted) if found != wanted => return Err(self.mismatch(".000000")),
            _ if found == 0 => return Ok(()),
            _ => {}
        }
        self.rest = &self.rest[1 + found..];
        Ok(())
    }

    fn zone(&mut self) -> Result<(), String> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(());
        }
        let formed = match self.rest.as_bytes() {
            [b'+' | b'-', a, b, b':', c, d, ..] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        if !formed {
            return Err(self.mismatch("Z07:00"));
        }
        self.rest = &self.rest[6..];
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_go_reads_them() {
        let seconds = |text: &str, expected: &str| {
            assert_eq!(check(text, SECONDS).err().unwrap_or_default(), expected, "{text}");
        };
        seconds("2024-02-29T10:00:00Z", "");
        seconds("2024-02-29T10:00:00.25+02:00", "");
        seconds("2023-02-29T10:00:00Z", "parsing time \"2023-02-29T10:00:00Z\": day out of range");
        seconds("2024-13-01T10:00:00Z", "parsing time \"2024-13-01T10:00:00Z\": month out of range");
        seconds(
            "2024-01-01",
            "parsing time \"2024-01-01\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\"",
        );
        seconds("2024-01-01T10:00:00Zx", "parsing time \"2024-01-01T10:00:00Zx\": extra text: \"x\"");
        assert_eq!(check("2024-01-01T10:00:00.000001Z", MICROSECONDS), Ok(()));
        assert!(check("2024-01-01T10:00:00Z", MICROSECONDS).is_err());
    }
}
