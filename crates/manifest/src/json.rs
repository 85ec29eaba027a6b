//! JSON as Go's `encoding/json` reads it, with places.

use crate::yaml::MAX_DEPTH;
use crate::yaml::entries::Entries;
use crate::{Entry, Map, Number, Span, Tree, Value};

/// Why a value could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// Go's words.
    pub(crate) message: String,
    /// Offset of the character that is meant.
    pub(crate) at: usize,
    /// Whether the text is simply not complete.
    pub(crate) at_end: bool,
}

/// A value, where it ends, and the keys that a later one of the same name replaces.
pub(crate) struct Parsed {
    pub(crate) tree: Tree,
    pub(crate) end: usize,
    pub(crate) duplicates: Vec<Span>,
}

/// Reads the value that starts at or after `start`; nothing when only white space is left.
pub(crate) fn read(text: &str, start: usize) -> Option<Result<Parsed, JsonError>> {
    let mut reader = Reader { text, at: start, depth: 0, duplicates: Vec::new() };
    reader.skip_space();
    reader.peek()?;
    Some(reader.value().map(|tree| Parsed { tree, end: reader.at, duplicates: reader.duplicates }))
}

/// What Go's `json.Unmarshal` says when it cannot read the text into a map.
pub fn map_error(text: &str) -> Option<String> {
    let parsed = match read(text, 0) {
        Some(Ok(parsed)) => parsed,
        Some(Err(problem)) if !problem.at_end => return Some(problem.message),
        _ => return Some("unexpected end of JSON input".to_owned()),
    };
    let mut rest = Reader { text, at: parsed.end, depth: 0, duplicates: Vec::new() };
    rest.skip_space();
    if rest.peek().is_some() {
        return Some(rest.invalid("after top-level value").message);
    }
    let what = match parsed.tree.value {
        Value::Null | Value::Map(_) => return None,
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::List(_) => "array",
    };
    Some(format!("json: cannot unmarshal {what} into Go value of type map[string]interface {{}}"))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    duplicates: Vec<Span>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A complaint about the byte at hand, met `place`.
    fn invalid(&self, place: &str) -> JsonError {
        let Some(byte) = self.peek() else {
            return JsonError { message: "unexpected EOF".to_owned(), at: self.at, at_end: true };
        };
        let shown = match char::from(byte) {
            '\'' => "\\'".to_owned(),
            '"' => "\"".to_owned(),
            other if other.is_control() => match other {
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                '\t' => "\\t".to_owned(),
                _ if byte < 0x80 => format!("\\x{byte:02x}"),
                _ => format!("\\u{byte:04x}"),
            },
            other => other.to_string(),
        };
        JsonError { message: format!("invalid character '{shown}' {place}"), at: self.at, at_end: false }
    }

    fn value(&mut self) -> Result<Tree, JsonError> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => Value::String(self.string()?),
            Some(b't') => self.literal("true", Value::Bool(true))?,
            Some(b'f') => self.literal("false", Value::Bool(false))?,
            Some(b'n') => self.literal("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.invalid("looking for beginning of value")),
        };
        Ok(Tree { value, span: Some(Span::new(start, self.at)) })
    }

    fn enter(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(JsonError {
                message: "exceeded max depth".to_owned(),
                at: self.at - 1,
                at_end: false,
            });
        }
        self.skip_space();
        Ok(())
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        self.enter()?;
        let mut entries = Entries::default();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                self.skip_space();
                if self.peek() != Some(b'"') {
                    return Err(self.invalid("looking for beginning of object key string"));
                }
                let start = self.at;
                let key = self.string()?;
                let key_span = Some(Span::new(start, self.at));
                self.skip_space();
                if self.peek() != Some(b':') {
                    return Err(self.invalid("after object key"));
                }
                self.at += 1;
                let value = self.value()?;
                self.duplicates.extend(entries.set(Entry { key, key_span, value }));
                if self.ends(b'}', "after object key:value pair")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(Value::Map(Map::from_unique(entries.into_vec())))
    }

    fn array(&mut self) -> Result<Value, JsonError> {
        self.enter()?;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                items.push(self.value()?);
                if self.ends(b']', "after array element")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(Value::List(items))
    }

    /// Passes a comma (false) or the closing bracket (true).
    fn ends(&mut self, close: u8, place: &str) -> Result<bool, JsonError> {
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.invalid(place)),
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return Err(
                    self.invalid(&format!("in literal {word} (expecting '{}')", char::from(expected)))
                );
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self, place: &str) -> Result<(), JsonError> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.invalid(place));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = &self.text[start..self.at];
        let number = text.parse().map_or_else(
            |_| Number::of_json(text.parse().unwrap_or(0.0_f64).clamp(f64::MIN, f64::MAX)),
            Number::Int,
        );
        Ok(Value::Number(number))
    }

    fn string(&mut self) -> Result<String, JsonError> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= b' ') {
                self.at += 1;
            }
            out.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                _ => return Err(self.invalid("in string literal")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), JsonError> {
        let plain = match self.peek() {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'u') => {
                self.at += 1;
                out.push(self.unicode()?);
                return Ok(());
            }
            _ => return Err(self.invalid("in string escape code")),
        };
        self.at += 1;
        out.push(plain);
        Ok(())
    }

    /// The character of the four digits after `\u`, with those of a second `\u` when the two form a pair.
    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.four_digits()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.four_digits()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn four_digits(&mut self) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return Err(self.invalid("in \\u hexadecimal character escape"));
            };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown = match read(text, 0) {
            None => String::new(),
            Some(Ok(parsed)) => parsed.tree.to_json(),
            Some(Err(error)) => format!("{}: {}", error.at, error.message),
        };
        assert_eq!(shown, expected, "{text:?}");
    }

    #[test]
    fn values_and_errors_are_those_of_go() {
        check(
            " {\"a\":\t[1, 1.0, 2.5, true, null, \"\\u00e9\\ud83d\\ude00\"]} rest",
            r#"{"a":[1,1,2.5,true,null,"é😀"]}"#,
        );
        check(r#"{"a":1,"a":2}"#, r#"{"a":2}"#);
        check(r#""\ud800x""#, "\"\u{fffd}x\"");
        check("{{ .x }}", "1: invalid character '{' looking for beginning of object key string");
        check(r#"{"a" 1}"#, "5: invalid character '1' after object key");
        check(r#"{"a":1 "b"}"#, "7: invalid character '\"' after object key:value pair");
        check("[1 2]", "3: invalid character '2' after array element");
        check("[tru]", "4: invalid character ']' in literal true (expecting 'e')");
        check(r#"{"a":1"#, "6: unexpected EOF");
        check("\"a\nb\"", "2: invalid character '\\n' in string literal");
        check("  ", "");
    }

    #[test]
    fn maps_or_what_go_says() {
        let table = [
            ("{\"a\": 1} ", None),
            ("null", None),
            ("", Some("unexpected end of JSON input")),
            ("{\"a\"", Some("unexpected end of JSON input")),
            ("{a}", Some("invalid character 'a' looking for beginning of object key string")),
            ("{} x", Some("invalid character 'x' after top-level value")),
            ("[]", Some("json: cannot unmarshal array into Go value of type map[string]interface {}")),
        ];
        for (text, expected) in table {
            assert_eq!(map_error(text).as_deref(), expected, "{text}");
        }
    }
}
