//! Cluster IPs and IP families of Services (VAL-SVC-14): the part that the API server checks before it allocates anything, and
//! again with the rest.

use std::net::IpAddr;

use super::codes;
use super::errors::Errors;
use super::field::Field;
use super::ip;
use super::service::is_headless;

/// `clusterIPs[0]`; its place is that of `clusterIP` when the list was filled in from it.
pub(super) fn shown_first<'a>(spec: &Field<'a>) -> Field<'a> {
    let (ips, single) = (spec.child("clusterIPs"), spec.child("clusterIP"));
    let first = ips.index(0);
    let written = first.tree().is_some_and(|tree| tree.span.is_some());
    if written || !single.exists() { first } else { single.with_path(first.path()) }
}

/// `clusterIP`, `clusterIPs`, `ipFamilies` and `ipFamilyPolicy` against one another.
pub(crate) fn related_fields(errors: &mut Errors, spec: &Field<'_>) {
    if spec.child("type").str() == "ExternalName" {
        return;
    }
    let [single, ips, families, policy] =
        ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"].map(|name| spec.child(name));
    let list = ips.strings();
    match (single.str(), list.first()) {
        ("", Some(_)) => {
            let detail = "must be empty when `clusterIP` is not specified";
            errors.invalid(&ips, codes::CONFLICT, &ips.json(), detail);
        }
        (single, Some(first)) if single != *first => {
            errors.invalid(&ips, codes::CONFLICT, &ips.json(), "first value must match `clusterIP`");
        }
        _ => {}
    }
    let mut seen: Vec<&str> = Vec::new();
    for family in families.items() {
        errors.one_of(&family, &["IPv4", "IPv6"]);
        if seen.contains(&family.str()) {
            errors.duplicate(&family, &family.json(), "");
        }
        seen.push(family.str());
    }
    errors.one_of_if_set(&policy, &["PreferDualStack", "RequireDualStack", "SingleStack"]);
    if addresses(errors, spec, &ips) {
        families_of_addresses(errors, spec, &ips, &families);
    }
}

/// The addresses alone; whether they are all valid.
fn addresses(errors: &mut Errors, spec: &Field<'_>, ips: &Field<'_>) -> bool {
    let mut valid = true;
    for (index, address) in ips.items().iter().enumerate() {
        if index == 0 && address.str() == "None" {
            if ips.len() > 1 {
                valid = false;
                errors.invalid(ips, codes::CONFLICT, &ips.json(), "'None' must be the first and only value");
            }
        } else {
            let shown = if index == 0 { shown_first(spec) } else { address.clone() };
            valid &= ip::strict_ip(errors, &shown);
        }
    }
    if ips.len() > 2 {
        errors.invalid(ips, codes::TOO_MANY, &ips.json(), "may only hold up to 2 values");
    }
    valid
}

fn families_of_addresses(errors: &mut Errors, spec: &Field<'_>, ips: &Field<'_>, families: &Field<'_>) {
    let parsed: Vec<IpAddr> =
        ips.strings().iter().filter_map(|text| ip::parse(text)).map(|parsed| parsed.address).collect();
    let dual = parsed.iter().any(IpAddr::is_ipv4) && parsed.iter().any(IpAddr::is_ipv6);
    if ips.len() > 1 && !dual {
        let detail = "may specify no more than one IP for each IP family";
        errors.invalid(ips, codes::IP_FAMILY, &ips.json(), detail);
    }
    if is_headless(spec) {
        return;
    }
    for (index, (address, family)) in parsed.iter().zip(families.strings()).enumerate() {
        let expected = match (family, address.is_ipv4()) {
            ("IPv4", false) => "IPv4",
            ("IPv6", true) => "IPv6",
            _ => continue,
        };
        let shown = ips.index(index);
        let detail = format!("expected an {expected} value as indicated by `ipFamilies[{index}]`");
        errors.invalid(&shown, codes::IP_FAMILY, &shown.quoted(), &detail);
    }
}

/// What the allocator refuses on a cluster with IPv4 addresses only. It answers alone (ALLOC-1). `old` is what an update replaces.
pub(crate) fn single_stack(errors: &mut Errors, spec: &Field<'_>, old: Option<&Field<'_>>) {
    related_fields(errors, spec);
    if errors.len() > 0 {
        return;
    }
    let [ips, families, policy] = ["clusterIPs", "ipFamilies", "ipFamilyPolicy"].map(|name| spec.child(name));
    let is_single = policy.str() == "SingleStack";
    for (name, one, many) in
        [("clusterIPs", "cluster IP", "cluster IPs"), ("ipFamilies", "IP family", "IP families")]
    {
        let (now, before) = (spec.child(name).len(), old.map_or(0, |old| old.child(name).len()));
        let detail = if is_single && now == 2 {
            format!("must be 'RequireDualStack' or 'PreferDualStack' when multiple {many} are specified")
        } else if !is_single && (1..before).contains(&now) {
            format!("must be 'SingleStack' to release the secondary {one}")
        } else {
            continue;
        };
        errors.invalid(&policy, codes::IP_FAMILY, &policy.json(), &detail);
    }
    for (index, address) in ips.strings().iter().enumerate().skip(families.len()) {
        if ip::parse(address).is_some_and(|parsed| parsed.address.is_ipv6()) {
            let shown = ips.index(index);
            errors.invalid(&shown, codes::IP_FAMILY, &ips.json(), "IPv6 is not configured on this cluster");
        }
    }
    // Headless without selector: the user may ask for any family, whatever the cluster has.
    if errors.len() > 0 || (is_headless(spec) && spec.child("selector").is_empty()) {
        return;
    }
    if policy.str() == "RequireDualStack" {
        let detail = "this cluster is not configured for dual-stack services";
        errors.invalid(&policy, codes::IP_FAMILY, &policy.json(), detail);
    }
    for family in families.items().iter().filter(|family| family.str() != "IPv4") {
        errors.invalid(family, codes::IP_FAMILY, &family.json(), "not configured on this cluster");
    }
}
