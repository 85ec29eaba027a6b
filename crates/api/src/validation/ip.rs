//! IP addresses and CIDRs as Go reads them: the sloppy parser accepts leading zeros, strict validation since 1.36 does not
//! (VAL-IP-1, WARN-SVC-2).

use std::net::{IpAddr, Ipv6Addr};

use super::codes;
use super::errors::Errors;
use super::field::{Field, quote};

/// An address and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// The address; an IPv4-mapped IPv6 address stays IPv6.
    pub(crate) address: IpAddr,
    /// Written with leading zeros.
    leading_zeros: bool,
}

/// Reads an address as `netutils.ParseIPSloppy` does.
pub(crate) fn parse(text: &str) -> Option<Parsed> {
    if let Ok(address) = text.parse() {
        return Some(Parsed { address, leading_zeros: false });
    }
    let start = text.rfind(':').map_or(0, |colon| colon + 1);
    let (head, quad) = text.split_at(start);
    let octets: Vec<&str> = quad.split('.').collect();
    let decimal = |octet: &&str| !octet.is_empty() && octet.bytes().all(|byte| byte.is_ascii_digit());
    if octets.len() != 4 || !octets.iter().all(decimal) {
        return None;
    }
    let stripped: Vec<&str> = octets
        .iter()
        .map(|octet| match octet.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        })
        .collect();
    let address = format!("{head}{}", stripped.join(".")).parse().ok()?;
    Some(Parsed { address, leading_zeros: true })
}

impl Parsed {
    fn mapped(self) -> bool {
        matches!(self.address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some())
    }

    /// As Go's `net.IP` prints it: mapped addresses as IPv4.
    fn go(self) -> IpAddr {
        self.address.to_canonical()
    }
}

/// A network and how it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    base: Parsed,
    prefix: u32,
    leading_zeros: bool,
}

/// Reads a CIDR as `netutils.ParseCIDRSloppy` does.
pub(crate) fn parse_cidr(text: &str) -> Option<Network> {
    let (address, length) = text.split_once('/')?;
    let base = parse(address)?;
    if length.is_empty() || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let prefix = length.parse().ok().filter(|&prefix| prefix <= bits(base.address))?;
    let zeros = length.len() > 1 && length.starts_with('0');
    Some(Network { base, prefix, leading_zeros: base.leading_zeros || zeros })
}

fn bits(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl Network {
    fn masked(self) -> IpAddr {
        let host_bits = bits(self.base.address) - self.prefix;
        let masked =
            number(self.base.address).checked_shr(host_bits).unwrap_or(0).checked_shl(host_bits).unwrap_or(0);
        match self.base.address {
            IpAddr::V4(_) => IpAddr::V4((masked as u32).into()),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(masked)),
        }
    }

    /// Whether `other` is a smaller network inside this one.
    pub(crate) fn strictly_contains(self, other: Network) -> bool {
        let host_bits = bits(self.base.address) - self.prefix;
        self.base.address.is_ipv4() == other.base.address.is_ipv4()
            && self.prefix < other.prefix
            && number(self.base.address).checked_shr(host_bits)
                == number(other.masked()).checked_shr(host_bits)
    }
}

/// The text must be an address in strict form (VAL-IP-1); whether it is.
pub(crate) fn strict_ip(errors: &mut Errors, field: &Field<'_>) -> bool {
    let detail = match parse(field.str()) {
        None => "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
        Some(ip) if ip.leading_zeros => "must not have leading 0s",
        Some(ip) if ip.mapped() => "must not be an IPv4-mapped IPv6 address",
        Some(_) => return true,
    };
    errors.invalid(field, codes::IP_FORMAT, &field.quoted(), detail);
    false
}

/// The text must be a CIDR in strict form (VAL-IP-1).
pub(crate) fn strict_cidr(errors: &mut Errors, field: &Field<'_>, text: &str) {
    let detail = match parse_cidr(text) {
        None => "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
        Some(network) if network.leading_zeros => "must not have leading 0s in IP or prefix length",
        Some(network) if network.base.mapped() => "must not have an IPv4-mapped IPv6 address",
        Some(network) if network.masked() != network.base.address => {
            "must not have bits set beyond the prefix length"
        }
        Some(_) => return,
    };
    errors.invalid(field, codes::IP_FORMAT, &quote(text), detail);
}

/// Addresses that make no sense as an endpoint or external IP (VAL-SVC-13).
pub(crate) fn endpoint_ip(errors: &mut Errors, field: &Field<'_>) {
    let Some(ip) = parse(field.str()).map(Parsed::go) else { return };
    let (link_local, local_multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(ip) => (ip.is_unicast_link_local(), ip.segments()[0] & 0xff0f == 0xff02),
    };
    let unspecified = format!("may not be unspecified ({})", field.str());
    let table = [
        (ip.is_unspecified(), unspecified.as_str()),
        (ip.is_loopback(), "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
        (link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
        (local_multicast, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"),
    ];
    for (_, detail) in table.into_iter().filter(|(bad, _)| *bad) {
        errors.invalid(field, codes::IP_SPECIAL, &field.quoted(), detail);
    }
}

/// The warning about an address in an unusual form (WARN-SVC-2); the part after the path.
pub(crate) fn ip_warning(text: &str) -> Option<String> {
    let ip = parse(text)?;
    if ip.leading_zeros || ip.mapped() {
        let preferred = quote(&ip.go().to_string());
        let text = quote(text);
        return Some(format!(
            "non-standard IP address {text} will be considered invalid in a future Kubernetes release: use {preferred}"
        ));
    }
    let canonical = ip.address.to_string();
    (ip.address.is_ipv6() && canonical != text).then(|| {
        format!("IPv6 address {} should be in RFC 5952 canonical format ({})", quote(text), quote(&canonical))
    })
}

/// The warnings about a CIDR in an unusual form; the parts after the path.
pub(crate) fn cidr_warnings(text: &str) -> Vec<String> {
    let Some(network) = parse_cidr(text) else { return Vec::new() };
    let mut warnings = Vec::new();
    let masked = network.masked();
    let shown = quote(&format!("{masked}/{}", network.prefix));
    if masked != network.base.address {
        let single = quote(&format!("{}/{}", network.base.go(), bits(network.base.address)));
        warnings.push(format!(
            "CIDR value {} is ambiguous in this context (should be {shown} or {single}?)",
            quote(text)
        ));
    }
    if network.leading_zeros || network.base.mapped() {
        let text = quote(text);
        warnings.push(format!(
            "non-standard CIDR value {text} will be considered invalid in a future Kubernetes release: use {shown}"
        ));
    }
    let canonical = format!("{}/{}", network.base.address, network.prefix);
    if warnings.is_empty() && masked.is_ipv6() && canonical != text {
        let canonical = quote(&canonical);
        warnings.push(format!(
            "IPv6 CIDR value {} should be in RFC 5952 canonical format ({canonical})",
            quote(text)
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::Tree;

    fn errors_of(text: &str, check: impl Fn(&mut Errors, &Field<'_>)) -> Vec<String> {
        let tree = Tree::added(text);
        let mut errors = Errors::default();
        check(&mut errors, &Field::root(&tree));
        errors.into_causes().into_iter().map(|cause| cause.text).collect()
    }

    #[test]
    fn strict_forms() {
        let table = [
            ("10.9.8.7", ""),
            ("2001:db8::1", ""),
            ("010.9.8.7", "must not have leading 0s"),
            ("::ffff:1.2.3.4", "must not be an IPv4-mapped IPv6 address"),
            ("example.com", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
            ("1.2.3", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
        ];
        for (text, detail) in table {
            let found = errors_of(text, |errors, field| {
                strict_ip(errors, field);
            });
            let expected =
                if detail.is_empty() { vec![] } else { vec![format!("Invalid value: \"{text}\": {detail}")] };
            assert_eq!(found, expected);
        }
        let table = [
            ("10.0.0.0/8", ""),
            ("10.0.0.0/08", "must not have leading 0s in IP or prefix length"),
            ("10.1.0.0/8", "must not have bits set beyond the prefix length"),
            ("10.0.0.0", "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"),
            ("::/0", ""),
        ];
        for (text, detail) in table {
            let found = errors_of(text, |errors, field| strict_cidr(errors, field, text));
            let expected =
                if detail.is_empty() { vec![] } else { vec![format!("Invalid value: \"{text}\": {detail}")] };
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn special_addresses() {
        assert_eq!(
            errors_of("0.0.0.0", endpoint_ip),
            ["Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)"]
        );
        assert_eq!(errors_of("fe80::1", endpoint_ip).len(), 1);
        assert!(errors_of("192.0.2.1", endpoint_ip).is_empty());
    }

    #[test]
    fn containment() {
        let network = |text| parse_cidr(text).unwrap();
        assert!(network("10.0.0.0/8").strictly_contains(network("10.1.0.0/16")));
        assert!(!network("10.0.0.0/8").strictly_contains(network("10.0.0.0/8")));
        assert!(!network("10.0.0.0/8").strictly_contains(network("11.0.0.0/16")));
        assert!(network("0.0.0.0/0").strictly_contains(network("11.0.0.0/16")));
    }

    #[test]
    fn warnings() {
        assert_eq!(ip_warning("10.0.0.1"), None);
        let expected =
            "IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")";
        assert_eq!(ip_warning("2001:DB8::1").as_deref(), Some(expected));
        assert_eq!(
            cidr_warnings("10.1.0.0/8"),
            [
                "CIDR value \"10.1.0.0/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.1.0.0/32\"?)"
            ]
        );
    }
}
