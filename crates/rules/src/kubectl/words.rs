//! A line to words, as a shell takes it apart: blanks, quotes and backslashes. There is no shell behind it.

/// The words of a line. The error says what a shell would be needed for.
pub(super) fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            blank if blank.is_whitespace() => words.extend(word.take()),
            '\'' | '"' => {
                quoted(character, &mut characters, word.get_or_insert_default())
                    .ok_or_else(|| format!("the quote {character} is not closed"))?;
            }
            '\\' => match characters.next() {
                Some('\n') | None => {}
                Some(next) => word.get_or_insert_default().push(next),
            },
            '|' | '>' | '<' | ';' | '&' | '`' | '$' => {
                let why = "one kubectl command at a time is understood, and there is no shell";
                return Err(format!(
                    "{character} cannot be used: {why}. Put it in quotes if it is part of a word"
                ));
            }
            '#' if word.is_none() => break,
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Reads up to the closing quote; `None` when there is none.
fn quoted(quote: char, characters: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match characters.next()? {
            end if end == quote => return Some(()),
            '\\' if quote == '"' => match characters.next()? {
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            other => word.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<&[&str], &str>) {
        let found = split(line);
        match (&found, expected) {
            (Ok(words), Ok(expected)) => assert_eq!(words, expected, "{line}"),
            (Err(why), Err(expected)) => assert!(why.contains(expected), "{line}: {why}"),
            _ => panic!("{line}: {found:?}"),
        }
    }

    #[test]
    fn lines() {
        check("get  pods\t-o wide", Ok(&["get", "pods", "-o", "wide"]));
        check(
            "get po -o jsonpath='{.items[*].metadata.name}'",
            Ok(&["get", "po", "-o", "jsonpath={.items[*].metadata.name}"]),
        );
        check(r#"a "b \"c\" \d" e\ f ''"#, Ok(&["a", "b \"c\" \\d", "e f", ""]));
        check("get pods # all of them", Ok(&["get", "pods"]));
        check("get \\\npods", Ok(&["get", "pods"]));
        check("", Ok(&[]));
        check("get pods 'x", Err("the quote ' is not closed"));
        check("get pods | grep web", Err("| cannot be used"));
        check("get pods; get svc", Err("; cannot be used"));
    }
}
