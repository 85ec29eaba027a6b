//! What Go's `tls.X509KeyPair` finds wrong with the certificate and the key of a TLS Secret, of which the API server warns
//! (`pkg/registry/core/secret/strategy.go`). The outermost layer of the certificates is read, not what they say.

/// The first mistake, in Go's words.
pub(crate) fn problem(certificate: &str, key: &str) -> Option<String> {
    let (certificates, skipped): (Vec<Block>, Vec<Block>) =
        blocks(certificate).into_iter().partition(|block| block.label == "CERTIFICATE");
    let Some(first) = certificates.first() else { return Some(no_certificate(&skipped)) };
    let blocks = blocks(key);
    let Some(at) = blocks.iter().position(Block::is_key) else { return Some(no_key(&blocks)) };
    if !is_sequence(&first.bytes) {
        return Some("x509: malformed certificate".to_owned());
    }
    (!is_sequence(&blocks[at].bytes)).then(|| "tls: failed to parse private key".to_owned())
}

fn no_certificate(skipped: &[Block]) -> String {
    match skipped {
        [] => "tls: failed to find any PEM data in certificate input".to_owned(),
        [only] if only.label.ends_with("PRIVATE KEY") => {
            "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been \
             switched"
                .to_owned()
        }
        _ => format!(
            "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: {}",
            labels(skipped)
        ),
    }
}

fn no_key(skipped: &[Block]) -> String {
    match skipped {
        [] => "tls: failed to find any PEM data in key input".to_owned(),
        [only] if only.label == "CERTIFICATE" => {
            "tls: found a certificate rather than a key in the PEM for the private key".to_owned()
        }
        _ => format!(
            "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the \
             following types: {}",
            labels(skipped)
        ),
    }
}

/// As Go prints a list of strings.
fn labels(blocks: &[Block]) -> String {
    let labels: Vec<&str> = blocks.iter().map(|block| block.label.as_str()).collect();
    format!("[{}]", labels.join(" "))
}

/// One block of PEM.
struct Block {
    label: String,
    bytes: Vec<u8>,
}

impl Block {
    fn is_key(&self) -> bool {
        self.label == "PRIVATE KEY" || self.label.ends_with(" PRIVATE KEY")
    }
}

/// The blocks of a text; what is no block is passed over (`encoding/pem`).
fn blocks(text: &str) -> Vec<Block> {
    let mut lines = text.lines().map(str::trim_end);
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let label = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----"));
        let Some(label) = label else { continue };
        let (end, mut rest) = (format!("-----END {label}-----"), lines.clone());
        let body: Vec<&str> = rest.by_ref().take_while(|line| !line.starts_with("-----END ")).collect();
        let is_closed = lines.clone().nth(body.len()) == Some(&*end);
        let body: String = body.into_iter().filter(|line| !line.contains(':')).collect();
        let bytes = manifest::base64::decode(&body.replace([' ', '\t'], "")).ok().filter(|_| is_closed);
        if let Some(bytes) = bytes {
            found.push(Block { label: label.to_owned(), bytes });
            lines = rest;
        }
    }
    found
}

/// Whether DER begins with a whole SEQUENCE.
fn is_sequence(bytes: &[u8]) -> bool {
    let [0x30, first, rest @ ..] = bytes else { return false };
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let Some((digits, rest)) = rest.split_at_checked(usize::from(first & 0x7f)) else { return false };
            let length = digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit));
            if digits[0] == 0 || length < 0x80 {
                return false;
            }
            (length, rest)
        }
        _ => return false,
    };
    rest.len() >= length
}

#[cfg(test)]
mod tests {
    use super::problem;

    fn block(label: &str, body: &str) -> String {
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    }

    #[test]
    fn the_first_mistake_is_told() {
        let (whole, key) = (block("CERTIFICATE", "MAA="), block("RSA PRIVATE KEY", "MAMCAQA="));
        let check = |certificate: &str, key: &str, expected: &str| {
            assert_eq!(problem(certificate, key).unwrap_or_default(), expected, "{certificate}{key}");
        };
        check(&whole, &key, "");
        check(
            &format!("Subject: CN = x\r\n{whole}"),
            &block("EC PARAMETERS", "").repeat(2),
            "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: [EC PARAMETERS EC PARAMETERS]",
        );
        check("cert", "key", "tls: failed to find any PEM data in certificate input");
        check(&block("CERTIFICATE", "..."), &key, "tls: failed to find any PEM data in certificate input");
        check(
            &whole.replace("END CERTIFICATE", "END"),
            &key,
            "tls: failed to find any PEM data in certificate input",
        );
        check(
            &key,
            &whole,
            "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
        );
        check(&whole, &whole, "tls: found a certificate rather than a key in the PEM for the private key");
        check(&whole, "", "tls: failed to find any PEM data in key input");
        check(&block("CERTIFICATE", "MIIC"), &key, "x509: malformed certificate");
        check(&whole, &block("PRIVATE KEY", "a2V5"), "tls: failed to parse private key");
    }
}
