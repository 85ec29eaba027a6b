//! Policies, ends that are no pods, the ways of routes, and texts that are no URLs.

use super::*;

#[test]
fn policies_and_other_ends() {
    let web = pod("web", "node-2", "", HTTP);
    let port = service("web", "type: NodePort, ports: [{port: 80, nodePort: 30080}]");
    let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: {}}}";
    let report = on(same, &[&web, &port, policy]);
    check(&report, "
        http://node-2:30080/ => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/web=10.0.0.12:30080 > Pod default/web=10.244.1.2:80
    ");
    let probe = probe(&report, "http://node-2:30080/");
    let notes = &report.routes[probe.route.expect("a route decides") as usize].notes;
    assert!(notes.contains(&crate::Note::NetworkPolicy("deny".into())), "{notes:?}");
    let by_hand = "{apiVersion: v1, kind: Service, metadata: {name: old}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30090}]}}";
    let endpoints = "{apiVersion: v1, kind: Endpoints, metadata: {name: old}, subsets: [{addresses: [{ip: 192.0.2.1}, {ip: 192.0.2.2}], ports: [{port: 8080, protocol: TCP}]}]}";
    let outside = "{apiVersion: v1, kind: Service, metadata: {name: out}, spec: {type: ExternalName, externalName: example.org}}";
    let site = ingress(
        "site",
        &format!("rules: [{{host: out.com, http: {{paths: [{}]}}}}]", path("Prefix", "/", "out")),
    );
    let report = on(same, &[by_hand, endpoints, outside, &site]);
    check(&report, "
        http://node-3:30090/ => Answers: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > NodePort Service default/old=10.0.0.13:30090 > Pod 192.0.2.1:8080 or 192.0.2.2:8080
        http://out.com/ => Answers: Name out.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=out.com/
    ");
    check(
        &analyze(&Input::default()),
        "
        http://node-5/ => NoSuchHost: Name node-5
    ",
    );
}

#[test]
fn ways() {
    let web = pod("web", "node-2", "", "ports: [{containerPort: 80, hostPort: 8080}]");
    let port = service("web", "type: LoadBalancer, ports: [{port: 80, nodePort: 30080}]");
    let db = influx("db", "node-3", "ports: [{containerPort: 8086}]");
    let rule = format!("{{host: '*.a.com', http: {{paths: [{}]}}}}", path("Prefix", "/shop", "web"));
    let site = ingress("site", &format!("rules: [{rule}]"));
    let ways =
        |report: &Report| (0..report.routes.len()).map(|at| line(&way(report, at))).collect::<Vec<_>>();
    let report = on(
        |cluster| (cluster.nodes, cluster.load_balancer) = (3, LoadBalancer::Pool),
        &[&web, &db, &port, &site],
    );
    let nodes = "Node node-1=10.0.0.11 or node-2=10.0.0.12 or node-3=10.0.0.13";
    let end = "Pod default/web=10.244.1.2:80";
    let expected = [
        &format!("Node node-2=10.0.0.12 > HostPort Pod default/web=10.0.0.12:8080 > {end}"),
        "Node node-3=10.0.0.13 > HostNetwork Pod default/db=10.0.0.13:8086 > Pod default/db=10.0.0.13:8086",
        &format!("{nodes} > NodePort Service default/web=:30080 > {end}"),
        &format!(
            "LoadBalancer 203.0.113.10:80 > {nodes} > LoadBalancer Service default/web=203.0.113.10:80 > {end}"
        ),
        &format!(
            "Name www.a.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=*.a.com/shop > {end}"
        ),
    ];
    assert_eq!(ways(&report), expected);
    // Without an address there is no way in, but what would be behind it is known.
    let report = on(|cluster| cluster.ingress = IngressExposure::None, &[&web, &port, &site]);
    let expected = [
        format!("LoadBalancer > LoadBalancer Service default/web > {end}"),
        format!("Name *.a.com > Http Ingress default/site=*.a.com/shop > {end}"),
    ];
    assert_eq!(ways(&report)[2..], expected);
}

/// Texts made of URLs by a few changes each, the same at every run.
#[test]
fn no_text_is_too_odd() {
    let site = ingress(
        "site",
        &format!("rules: [{{host: '*.a.com', http: {{paths: [{}]}}}}]", path("Prefix", "/", "web")),
    );
    let report = on(
        same,
        &[&pod("web", "node-2", "", HTTP), &service("web", "type: NodePort, ports: [{port: 80}]"), &site],
    );
    let seeds = [
        "http://node-2:30080/a/../b?c=d#e",
        "https://user:pass@x.a.com:443/",
        "tcp://[2001:db8::1]:5432",
        "10.0.0.12:8086",
        "redis://10.244.1.2",
    ];
    let pieces = [
        "", ":", "//", "@", "[", "]", "%", "..", "?", "#", "\\", "\u{0}", " ", "é", "語", "𝕏", "65536", "-",
        "*.", "://",
    ];
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..600 {
        let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..=next(4) {
            let start = next(text.len() + 1);
            let end = (start + next(3)).min(text.len());
            text.splice(start..end, pieces[next(pieces.len())].chars());
        }
        let text: String = text.into_iter().collect();
        let found = probe(&report, &text);
        let is_bad = matches!(found.outcome, Outcome::BadUrl(_));
        assert_eq!(found.hops.first().map(|hop| hop.kind), Some(HopKind::Client), "{text:?}");
        assert!(!is_bad || found.hops.len() == 1 && found.route.is_none(), "{text:?} {found:?}");
        assert!(found.route.is_none_or(|index| (index as usize) < report.routes.len()), "{text:?} {found:?}");
    }
}
