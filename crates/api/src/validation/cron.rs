//! The schedule of a CronJob, read as the cron library does (VAL-CJ-1), and its next time.

/// The bits of a field on which every value of its range is set because it was written `*` or `?`.
const STAR: u64 = 1 << 63;

/// The range of a field, and names for its values.
struct Bounds {
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const BOUNDS: [Bounds; 5] = [
    Bounds { low: 0, high: 59, names: &[] },
    Bounds { low: 0, high: 23, names: &[] },
    Bounds { low: 1, high: 31, names: &[] },
    Bounds { low: 1, high: 12, names: MONTHS },
    Bounds { low: 0, high: 6, names: DAYS },
];

/// A schedule that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CronSchedule {
    /// Calendar fields, one bit a value.
    Fields {
        /// Minutes, 0 to 59.
        minutes: u64,
        /// Hours, 0 to 23.
        hours: u64,
        /// Days of the month, 1 to 31.
        days: u64,
        /// Months, 1 to 12.
        months: u64,
        /// Days of the week, 0 (Sunday) to 6.
        weekdays: u64,
    },
    /// `@every`: this many seconds, at least one.
    Every(i64),
}

impl CronSchedule {
    /// Reads a schedule; the error is the library's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut spec = text;
        if spec.starts_with("TZ=") || spec.starts_with("CRON_TZ=") {
            let Some((zone, rest)) = spec.split_once(' ') else { return Err("empty spec string".to_owned()) };
            let name = zone.split_once('=').map_or("", |(_, name)| name);
            if !super::time_zone::exists(name) {
                return Err(format!("provided bad location {name}: unknown time zone {name}"));
            }
            spec = rest.trim();
        }
        if spec.starts_with('@') {
            return Self::descriptor(spec);
        }
        let fields: Vec<&str> = spec.split_whitespace().collect();
        if fields.len() != 5 {
            return Err(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
        }
        let mut bits = [0; 5];
        for ((field, bounds), bits) in fields.iter().zip(&BOUNDS).zip(&mut bits) {
            for range in field.split(',').filter(|range| !range.is_empty()) {
                *bits |= bounds.range(range)?;
            }
        }
        let [minutes, hours, days, months, weekdays] = bits;
        Ok(Self::Fields { minutes, hours, days, months, weekdays })
    }

    fn descriptor(text: &str) -> Result<Self, String> {
        let expanded = match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => {
                let Some(duration) = text.strip_prefix("@every ") else {
                    return Err(format!("unrecognized descriptor: {text}"));
                };
                let seconds = duration_seconds(duration)
                    .map_err(|problem| format!("failed to parse duration {text}: {problem}"))?;
                return Ok(Self::Every(seconds.max(1)));
            }
        };
        Self::parse(expanded)
    }

    /// The first time after `after` at which the schedule fires, both in seconds since 1970 of the schedule's time zone;
    /// `None` when there is none within five years.
    pub fn next(&self, after: i64) -> Option<i64> {
        let Self::Fields { minutes, hours, days, months, weekdays } = *self else {
            let Self::Every(seconds) = *self else { return None };
            return after.checked_add(seconds);
        };
        let first = after.div_euclid(60) + 1;
        let has = |bits: u64, value: i64| bits >> value & 1 == 1;
        for day in first.div_euclid(1440)..=first.div_euclid(1440) + 5 * 366 {
            let (month, day_of_month) = civil(day);
            let weekday = (day + 4).rem_euclid(7);
            let (by_month, by_week) = (has(days, day_of_month), has(weekdays, weekday));
            let fits = if (days | weekdays) & STAR != 0 { by_month && by_week } else { by_month || by_week };
            if !fits || !has(months, month) {
                continue;
            }
            let found = (0..1440).map(|minute| day * 1440 + minute).find(|&at| {
                at >= first && has(hours, at.rem_euclid(1440) / 60) && has(minutes, at.rem_euclid(60))
            });
            if let Some(at) = found {
                return Some(at * 60);
            }
        }
        None
    }
}

/// Month and day of the month of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(day: i64) -> (i64, i64) {
    let shifted = day + 719_468;
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    (if month < 10 { month + 3 } else { month - 9 }, day_of_year - (153 * month + 2) / 5 + 1)
}

impl Bounds {
    /// The bits of `number`, `a-b`, `*` or `?`, each with an optional `/step`.
    fn range(&self, expression: &str) -> Result<u64, String> {
        let parts: Vec<&str> = expression.split('/').collect();
        let ends: Vec<&str> = parts[0].split('-').collect();
        let (start, mut end, mut extra);
        if ends[0] == "*" || ends[0] == "?" {
            (start, end, extra) = (self.low, self.high, STAR);
        } else {
            start = self.value(ends[0])?;
            extra = 0;
            end = match ends[1..] {
                [] => start,
                [end] => self.value(end)?,
                _ => return Err(format!("too many hyphens: {expression}")),
            };
        }
        let step = match parts[1..] {
            [] => 1,
            [step] => {
                let step = integer(step)?;
                if ends.len() == 1 {
                    end = self.high;
                }
                if step > 1 {
                    extra = 0;
                }
                step
            }
            _ => return Err(format!("too many slashes: {expression}")),
        };
        if start < self.low {
            return Err(format!("beginning of range ({start}) below minimum ({}): {expression}", self.low));
        }
        if end > self.high {
            return Err(format!("end of range ({end}) above maximum ({}): {expression}", self.high));
        }
        if start > end {
            return Err(format!("beginning of range ({start}) beyond end of range ({end}): {expression}"));
        }
        if step == 0 {
            return Err(format!("step of range should be a positive number: {expression}"));
        }
        Ok((start..=end).step_by(step as usize).fold(extra, |bits, value| bits | 1 << value))
    }

    fn value(&self, text: &str) -> Result<u32, String> {
        let lower = text.to_lowercase();
        match self.names.iter().position(|name| *name == lower) {
            Some(index) => Ok(index as u32 + self.low),
            None => integer(text),
        }
    }
}

/// A number as Go's `strconv.Atoi` reads it.
fn integer(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let problem = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        "invalid syntax"
    } else {
        match text.parse::<i64>() {
            Ok(number) if number < 0 => {
                return Err(format!("negative number ({number}) not allowed: {text}"));
            }
            Ok(number) => return Ok(u32::try_from(number).unwrap_or(u32::MAX)),
            Err(_) => "value out of range",
        }
    };
    let quoted = super::field::quote(text);
    Err(format!("failed to parse int from {text}: strconv.Atoi: parsing {quoted}: {problem}"))
}

/// A duration as Go's `time.ParseDuration` reads it, in whole seconds.
fn duration_seconds(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", super::field::quote(text));
    let (sign, mut rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    rest = rest.strip_prefix('+').unwrap_or(rest);
    if rest == "0" {
        return Ok(0);
    }
    let mut nanoseconds: i128 = 0;
    if rest.is_empty() {
        return Err(invalid());
    }
    while !rest.is_empty() {
        let end = rest
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .unwrap_or(rest.len());
        let (number, tail) = rest.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 18 {
            return Err(invalid());
        }
        let unit_end =
            tail.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(tail.len());
        let (unit, next) = tail.split_at(unit_end);
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "" => return Err(format!("time: missing unit in duration {}", super::field::quote(text))),
            _ => {
                let (unit, text) = (super::field::quote(unit), super::field::quote(text));
                return Err(format!("time: unknown unit {unit} in duration {text}"));
            }
        };
        let denominator = 10_i128.pow(fraction.len() as u32);
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| invalid())?;
        nanoseconds += digits * scale / denominator;
        rest = next;
    }
    i64::try_from(sign * nanoseconds / 1_000_000_000).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::CronSchedule;

    #[test]
    fn problems_are_word_for_word() {
        let table = [
            ("every day", "expected exactly 5 fields, found 2: [every day]"),
            ("60 * * * *", "end of range (60) above maximum (59): 60"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            ("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax"),
            ("*/0 * * * *", "step of range should be a positive number: */0"),
            ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
            ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
            ("-1 * * * *", "failed to parse int from : strconv.Atoi: parsing \"\": invalid syntax"),
            ("@foo", "unrecognized descriptor: @foo"),
            ("@every 5", "failed to parse duration @every 5: time: missing unit in duration \"5\""),
        ];
        for (schedule, problem) in table {
            assert_eq!(CronSchedule::parse(schedule), Err(problem.to_owned()), "{schedule}");
        }
    }

    #[test]
    fn next_times() {
        // 2026-01-01 was a Thursday; 1767225600 is its midnight.
        let midnight = 1_767_225_600;
        let (minute, hour, day) = (60, 3600, 86_400);
        let table = [
            ("*/15 * * * *", midnight, 15 * minute),
            ("0 3 * * *", midnight + 3 * hour, 3 * hour + day),
            ("@hourly", midnight + 1, hour),
            ("0 0 * * mon", midnight, 4 * day),
            ("0 0 13 * fri", midnight, day),
            ("0 0 1 feb ?", midnight, 31 * day),
            ("@every 1h30m", midnight, hour + 30 * minute),
        ];
        for (schedule, after, expected) in table {
            assert_eq!(
                CronSchedule::parse(schedule).unwrap().next(after),
                Some(midnight + expected),
                "{schedule}"
            );
        }
        assert_eq!(CronSchedule::parse("0 0 30 2 *").unwrap().next(midnight), None);
    }
}
