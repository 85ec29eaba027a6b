//! Reads a case: the header lines and the carets.

use rules::{
    ClusterSpec, Diagnostic, IngressExposure, Input, LoadBalancer, Report, Severity, Span, analyze, decode,
};

/// An expected diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Line from 0, and first and last-plus-one column in characters.
    pub at: (usize, usize, usize),
    /// Severity.
    pub severity: Severity,
    /// Code.
    pub code: String,
    /// Message; a trailing `...` stands for the rest.
    pub message: String,
}

/// A manifest with what is expected of it.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// What is analysed: the whole file, its expectations are comments.
    pub input: Input,
    /// Expected diagnostics.
    pub marks: Vec<Mark>,
    /// The other expectations: name, argument and value, such as `message`, `web` and a text.
    pub facts: Vec<(String, String, String)>,
    /// What is wrong with the bytes of the file, when they are no text; the input then has replacement characters.
    undecodable: Option<Diagnostic>,
}

impl Case {
    /// Reads the bytes of a case. That they are no text may be what the case is about.
    pub fn read_bytes(bytes: &[u8]) -> Result<Self, String> {
        match decode(bytes) {
            Ok(text) => Self::read(&text),
            Err(error) => {
                let case = Self::read(&String::from_utf8_lossy(bytes))?;
                // What cannot be read is one replacement character now.
                let at = error.span.start as usize;
                let span = Some(Span::new(at, at + char::REPLACEMENT_CHARACTER.len_utf8()));
                let diagnostic = Diagnostic::new(error.code, Severity::Error, error.message, span);
                Ok(Self { undecodable: Some(diagnostic), ..case })
            }
        }
    }

    /// What is reported: the analysis, or why there can be none.
    pub fn report(&self) -> Report {
        match &self.undecodable {
            Some(diagnostic) => Report { diagnostics: vec![diagnostic.clone()], ..Report::default() },
            None => analyze(&self.input),
        }
    }

    /// Reads a case; an error names what could not be understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut case = Self { input: Input { text: text.to_owned(), ..Input::default() }, ..Self::default() };
        let mut above = 0;
        for (number, line) in text.lines().enumerate() {
            if let Some(header) = line.strip_prefix("#:") {
                case.header(header.trim()).map_err(|error| format!("line {}: {error}", number + 1))?;
            } else if let Some(mark) = mark(line, above) {
                case.marks.push(mark.map_err(|error| format!("line {}: {error}", number + 1))?);
            } else {
                above = number;
            }
        }
        Ok(case)
    }

    fn header(&mut self, header: &str) -> Result<(), String> {
        let (name, value) = header.split_once(':').unwrap_or((header, ""));
        let (name, argument) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
        let value = value.trim();
        let cluster = &mut self.input.cluster;
        let number = || value.parse::<u32>().map_err(|_| format!("{name} needs a number, not `{value}`"));
        match name {
            "nodes" if argument.is_empty() => cluster.nodes = number()?,
            "control-plane" => cluster.control_plane = number()?,
            "zones" => cluster.zones = value.split_whitespace().map(str::to_owned).collect(),
            "taint" => Self::node(cluster, argument)?.taints.push(value.to_owned()),
            "label" => {
                let (key, label) = value.split_once('=').ok_or("a label is key=value")?;
                Self::node(cluster, argument)?.labels.insert(key.to_owned(), label.to_owned());
            }
            "load-balancer" => {
                cluster.load_balancer = match value {
                    "none" => LoadBalancer::None,
                    "pool" => LoadBalancer::Pool,
                    "nodes" => LoadBalancer::NodeAddresses,
                    _ => return Err(format!("no load balancer `{value}`")),
                }
            }
            "ingress" => {
                cluster.ingress = match value {
                    "none" => IngressExposure::None,
                    "host-network" => IngressExposure::HostNetwork,
                    "node-port" => IngressExposure::NodePort,
                    "load-balancer" => IngressExposure::LoadBalancer,
                    _ => return Err(format!("no Ingress controller `{value}`")),
                }
            }
            "host-ports" if value == "off" => cluster.host_ports = false,
            "external-ip" => value.clone_into(&mut Self::node(cluster, argument)?.external_ip),
            "cordoned" => Self::node(cluster, argument)?.unschedulable = true,
            "not-ready" => Self::node(cluster, argument)?.not_ready = true,
            "strict" => self.input.strict = true,
            "padded" => {
                let missing = (number()? as usize).saturating_sub(self.input.text.len());
                self.input.text.extend(std::iter::repeat_n('\n', missing));
            }
            "nodes" | "pods" | "running" | "pending" | "exit" | "stdout" | "stderr" | "message" | "route"
            | "no-route" | "forward" | "request" | "status" | "ip" | "error" | "warning" => {
                self.facts.push((name.to_owned(), argument.to_owned(), value.to_owned()));
            }
            _ => return Err(format!("no header `{name}`")),
        }
        Ok(())
    }

    /// What is different about the node of that name, `node-3`.
    fn node<'a>(cluster: &'a mut ClusterSpec, name: &str) -> Result<&'a mut rules::NodeOverride, String> {
        let index = name.strip_prefix("node-").and_then(|number| number.parse::<u32>().ok());
        let index =
            index.and_then(|number| number.checked_sub(1)).ok_or_else(|| format!("no node `{name}`"))?;
        Ok(cluster.overrides.entry(index).or_default())
    }
}

/// The mark on a line, if it is one; `above` is the line that it is about.
fn mark(line: &str, above: usize) -> Option<Result<Mark, String>> {
    let comment = line.trim_start().strip_prefix('#')?;
    let carets = comment.trim_start();
    if !carets.starts_with('^') {
        return None;
    }
    let text = carets.trim_start_matches('^');
    let end = line.chars().count() - text.chars().count();
    let mut start = end - (carets.chars().count() - text.chars().count());
    if comment.starts_with('^') {
        start -= 1;
    }
    Some(parse_mark(text.trim()).map(|(severity, code, message)| Mark {
        at: (above, start, end),
        severity,
        code,
        message,
    }))
}

/// `error[code]: message`.
fn parse_mark(text: &str) -> Result<(Severity, String, String), String> {
    let wrong = || format!("`{text}` is not `error[code]: message`");
    let (head, message) = text.split_once("]:").ok_or_else(wrong)?;
    let (severity, code) = head.split_once('[').ok_or_else(wrong)?;
    let severity = match severity {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "info" => Severity::Info,
        _ => return Err(wrong()),
    };
    Ok((severity, code.to_owned(), message.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_carets_are_read() {
        let text = "#: nodes: 2\n#: taint node-2: a=b:NoSchedule\n#: message web: 0/2 nodes: full\n\
                    kind: é\n#     ^ error[kind]: bad: kind\n#^^^ warning[key]: odd\n  # a comment\n";
        let case = Case::read(text).unwrap();
        assert_eq!(case.input.cluster.nodes, 2);
        assert_eq!(case.input.cluster.overrides[&1].taints, ["a=b:NoSchedule"]);
        assert_eq!(case.facts, [("message".into(), "web".into(), "0/2 nodes: full".into())]);
        let mark = |at, severity, code: &str, message: &str| Mark {
            at,
            severity,
            code: code.into(),
            message: message.into(),
        };
        assert_eq!(
            case.marks,
            [
                mark((3, 6, 7), Severity::Error, "kind", "bad: kind"),
                mark((3, 0, 4), Severity::Warning, "key", "odd")
            ]
        );
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for text in [
            "#: nods: 3",
            "#: nodes: many",
            "#: taint node-0: a",
            "#: load-balancer: x",
            "#: ingress: x",
            "#: host-ports: x",
            "a: 1\n# ^ error: no code",
        ] {
            assert!(Case::read(text).is_err(), "{text}");
        }
    }
}
