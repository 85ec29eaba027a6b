//! Endpoints that somebody wrote by hand (`ValidateEndpoints`).

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::ip;
use super::meta;
use super::names::{self, NameRule};
use super::ports;

/// The subsets of an Endpoints object.
pub(crate) fn endpoints(errors: &mut Errors, endpoints: &Field<'_>) {
    for subset in endpoints.child("subsets").items() {
        if subset.child("addresses").is_empty() && subset.child("notReadyAddresses").is_empty() {
            errors.required(&subset, "must specify `addresses` or `notReadyAddresses`");
        }
        for address in subset_addresses(&subset) {
            endpoint_address(errors, &address);
        }
        let list = subset.child("ports");
        for port in list.items() {
            endpoint_port(errors, &port, list.len() > 1);
        }
    }
}

/// All addresses with their paths.
pub(crate) fn addresses<'a>(endpoints: &Field<'a>) -> Vec<Field<'a>> {
    endpoints.child("subsets").items().iter().flat_map(subset_addresses).collect()
}

fn subset_addresses<'a>(subset: &Field<'a>) -> Vec<Field<'a>> {
    ["addresses", "notReadyAddresses"].iter().flat_map(|list| subset.child(list).items()).collect()
}

fn endpoint_address(errors: &mut Errors, address: &Field<'_>) {
    let [ip, host, node] = ["ip", "hostname", "nodeName"].map(|name| address.child(name));
    ip::strict_ip(errors, &ip);
    meta::name_if_set(errors, &host, NameRule::Label);
    if node.exists() {
        meta::name(errors, &node, NameRule::Subdomain);
    }
    if ip::parse(ip.str()).is_none() {
        errors.invalid(&ip, codes::IP_FORMAT, &ip.quoted(), "must be a valid IP address");
    }
    ip::endpoint_ip(errors, &ip);
}

/// Of several ports each needs a name.
fn endpoint_port(errors: &mut Errors, port: &Field<'_>, is_named: bool) {
    let name = port.child("name");
    if is_named && name.str().is_empty() {
        errors.required(&name, "");
    }
    meta::name_if_set(errors, &name, NameRule::Label);
    ports::port_number(errors, &port.child("port"));
    errors.required_one_of(&port.child("protocol"), ports::PROTOCOLS);
    let protocol = port.child("appProtocol");
    if protocol.exists() {
        errors.invalid_text(&protocol, codes::LABEL_KEY, names::qualified_name(protocol.str()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn subsets_have_addresses_and_named_ports() {
        check(
            "{apiVersion: v1, kind: Endpoints, metadata: {name: e}, subsets: [{ports: [{port: 80}]}, \
             {addresses: [{ip: 10.0.0.1}, {ip: node-1}, {ip: 127.0.0.1, hostname: A.b}], ports: [{name: a, port: 80}, {port: 0}]}]}",
            &[
                "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
                "subsets[1].addresses[1].ip: Invalid value: \"node-1\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
                "subsets[1].addresses[1].ip: Invalid value: \"node-1\": must be a valid IP address",
                "subsets[1].addresses[2].hostname: Invalid value: \"A.b\": a lowercase RFC 1123 label…",
                "subsets[1].addresses[2].ip: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
                "subsets[1].ports[1].name: Required value",
                "subsets[1].ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            ],
        );
    }
}
