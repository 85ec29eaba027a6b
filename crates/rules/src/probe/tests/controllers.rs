//! Requests that a controller of Ingresses or Gateways answers.

use super::*;

const RULES: &str = "ingressClassName: nginx,";

#[test]
fn ingresses() {
    let web = pod("web", "node-2", "", HTTP);
    let all = service("web", "ports: [{port: 80}]");
    let none = service("none", "ports: [{port: 80}]");
    let rules =
        |host: &str, paths: &[String]| format!("{{host: '{host}', http: {{paths: [{}]}}}}", paths.join(", "));
    let one = rules(
        "a.example.com",
        &[
            path("Prefix", "/shop", "web"),
            path("Exact", "/shop/none", "none"),
            path("Prefix", "/gone", "gone"),
        ],
    );
    let two = rules("*.foo.com", &[path("Prefix", "/", "web")]);
    let site = ingress("site", &format!("{RULES} rules: [{one}, {two}]"));
    let report = on(same, &[&web, &all, &none, &site]);
    check(&report, "
        http://a.example.com/shop/cart => Answers: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop > Pod default/web=10.244.1.2:80
        http://A.example.com./shop => Answers: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop > Pod default/web=10.244.1.2:80
        http://a.example.com/shop/none => Unavailable: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop/none
        http://a.example.com/gone => Unavailable: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/gone
        http://a.example.com/shopping => NotFound: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller
        https://a.example.com/shop => Answers: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop > Pod default/web=10.244.1.2:80
        https://a.example.com:80/shop => WrongScheme(\"http\"): Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller
        http://a.example.com:443/shop => WrongScheme(\"https\"): Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller
        http://a.example.com:8080/shop => Refused: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12
        http://b.example.com/ => NoSuchHost: Name b.example.com
        http://bar.foo.com/ => Answers: Name bar.foo.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=*.foo.com/ > Pod default/web=10.244.1.2:80
        http://a.bar.foo.com/ => NoSuchHost: Name a.bar.foo.com
        http://foo.com/ => NoSuchHost: Name foo.com
        http://node-3/shop => NotFound: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > Controller
        http://node-1/shop => Refused: Name node-1=10.0.0.11 > Node node-1=10.0.0.11
        tcp://node-3:80 => Answers: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > Controller
    ");
    let secure = ingress(
        "site",
        &format!(
            "{RULES} tls: [{{hosts: [a.example.com], secretName: s}}], rules: [{one}], defaultBackend: {{service: {{name: web, port: {{number: 80}}}}}}"
        ),
    );
    let report = on(same, &[&web, &all, &none, &secure]);
    check(&report, "
        http://a.example.com/shop => Answers: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop > Redirect 308=https://a.example.com/shop > Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop > Pod default/web=10.244.1.2:80
        https://a.example.com/shop => Answers: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop > Pod default/web=10.244.1.2:80
        http://node-2/any => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site > Pod default/web=10.244.1.2:80
        https://a.example.com/any => Answers: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http Ingress default/site > Pod default/web=10.244.1.2:80
    ");
    let report = on(|cluster| cluster.ingress = IngressExposure::NodePort, &[&web, &all, &none, &secure]);
    check(&report, "
        https://a.example.com:30443/shop => Answers: Name a.example.com=10.0.0.11 > Node node-1=10.0.0.11 > NodePort 10.0.0.11:30443 > Controller > Http Ingress default/site=a.example.com/shop > Pod default/web=10.244.1.2:80
        http://a.example.com:30080/shop => Refused: Name a.example.com=10.0.0.11 > Node node-1=10.0.0.11 > NodePort 10.0.0.11:30080 > Controller > Http Ingress default/site=a.example.com/shop > Redirect 308=https://a.example.com/shop > Name a.example.com=10.0.0.11 > Node node-1=10.0.0.11
        http://a.example.com/shop => Refused: Name a.example.com=10.0.0.11 > Node node-1=10.0.0.11
    ");
    let report = on(|cluster| cluster.ingress = IngressExposure::None, &[&web, &all, &none, &secure]);
    check(
        &report,
        "
        http://a.example.com/shop => NoSuchHost: Name a.example.com
        http://node-2/ => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
    ",
    );
    let balanced: fn(&mut ClusterSpec) = |cluster| {
        cluster.nodes = 2;
        cluster.ingress = IngressExposure::LoadBalancer;
        cluster.load_balancer = LoadBalancer::Pool;
    };
    let report = on(balanced, &[&web, &all, &none, &site]);
    check(&report, "
        http://a.example.com/shop => Answers: Name a.example.com=203.0.113.10 > LoadBalancer 203.0.113.10:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller > Http Ingress default/site=a.example.com/shop > Pod default/web=10.244.1.2:80
        http://203.0.113.10/ => NotFound: LoadBalancer 203.0.113.10:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller
        http://node-2/ => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
    ");
    let taken = pod("taken", "node-2", "", "ports: [{containerPort: 80, hostPort: 80}]");
    let report = on(same, &[&web, &all, &none, &site, &taken]);
    check(&report, "
        http://node-2/ => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > HostPort Pod default/taken=10.0.0.12:80 > Pod default/taken=10.244.1.3:80
        http://node-3/ => NotFound: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > Controller
    ");
}

#[test]
fn a_controller_of_the_manifest() {
    let web = pod("web", "node-2", "", HTTP);
    let all = service("web", "ports: [{port: 80}]");
    let site =
        ingress("site", &format!("{RULES} rules: [{{http: {{paths: [{}]}}}}]", path("Prefix", "/", "web")));
    let controller = |ports: &str| {
        pod("controller", "node-3", "", ports)
            .replace("nginx", "registry.k8s.io/ingress-nginx/controller:v1.12.0")
    };
    let by_port = controller("ports: [{containerPort: 80, hostPort: 80}]");
    let report = on(same, &[&web, &all, &site, &by_port]);
    check(&report, "
        http://node-3/ => Answers: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > HostPort Pod default/controller=10.0.0.13:80 > Controller default/controller=10.244.2.2:80 > Http Ingress default/site=/ > Pod default/web=10.244.1.2:80
        http://node-2/ => Refused: Name node-2=10.0.0.12 > Node node-2=10.0.0.12
    ");
    let door = service(
        "controller",
        "type: NodePort, ports: [{name: http, port: 80, nodePort: 30000}, {name: https, port: 443, nodePort: 30443}]",
    );
    let report = on(same, &[&web, &all, &site, &controller(HTTP), &door]);
    check(&report, "
        http://node-2:30000/ => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/controller=10.0.0.12:30000 > Controller default/controller=10.244.2.2:80 > Http Ingress default/site=/ > Pod default/web=10.244.1.2:80
        https://node-2:30443/ => Answers: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > NodePort Service default/controller=10.0.0.12:30443 > Controller default/controller=10.244.2.2:443 > Http Ingress default/site=/ > Pod default/web=10.244.1.2:80
        http://node-3/ => Refused: Name node-3=10.0.0.13 > Node node-3=10.0.0.13
    ");
}

#[test]
fn gateways() {
    let web = pod("web", "node-2", "", HTTP);
    let all = service("web", "ports: [{port: 80}]");
    let none = service("none", "ports: [{port: 80}]");
    let gateway = "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gw}, spec: {gatewayClassName: c, listeners: \
                   [{name: http, port: 80, protocol: HTTP}, {name: tls, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: {certificateRefs: [{name: s}]}}, \
                   {name: tcp, port: 5432, protocol: TCP}]}}";
    let to = |name: &str, port: u16| format!("backendRefs: [{{name: {name}, port: {port}}}]");
    let route = |kind: &str, name: &str, spec: &str| {
        let version = if kind == "TCPRoute" { "v1alpha2" } else { "v1" };
        format!(
            "{{apiVersion: gateway.networking.k8s.io/{version}, kind: {kind}, metadata: {{name: {name}}}, spec: {{parentRefs: [{{name: gw}}], {spec}}}}}"
        )
    };
    let site = route(
        "HTTPRoute",
        "site",
        &format!(
            "hostnames: ['*.example.com'], rules: [{{matches: [{{path: {{type: PathPrefix, value: /shop}}}}], {}}}, {{matches: [{{path: {{type: Exact, value: /none}}}}], {}}}, {{matches: [{{path: {{type: Exact, value: /gone}}}}], {}}}, {{matches: [{{method: POST, path: {{type: Exact, value: /post}}}}], {}}}]",
            to("web", 80),
            to("none", 80),
            to("gone", 80),
            to("web", 80)
        ),
    );
    let db = route("TCPRoute", "db", &format!("rules: [{{{}}}]", to("web", 80)));
    let balanced: fn(&mut ClusterSpec) = |cluster| {
        cluster.nodes = 2;
        cluster.ingress = IngressExposure::LoadBalancer;
        cluster.load_balancer = LoadBalancer::Pool;
    };
    let report = on(balanced, &[&web, &all, &none, gateway, &site, &db]);
    check(&report, "
        http://a.b.example.com/shop => Answers: Name a.b.example.com=203.0.113.11 > LoadBalancer 203.0.113.11:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller > Http HTTPRoute default/site=*.example.com/shop > Pod default/web=10.244.1.2:80
        https://a.example.com/shop/x => Answers: Name a.example.com=203.0.113.11 > LoadBalancer 203.0.113.11:443 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller > Http HTTPRoute default/site=*.example.com/shop > Pod default/web=10.244.1.2:80
        http://example.com/ => NoSuchHost: Name example.com
        http://a.example.com/ => NotFound: Name a.example.com=203.0.113.11 > LoadBalancer 203.0.113.11:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller
        http://a.example.com/none => Unavailable: Name a.example.com=203.0.113.11 > LoadBalancer 203.0.113.11:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller > Http HTTPRoute default/site=*.example.com/none
        http://a.example.com/gone => ServerError: Name a.example.com=203.0.113.11 > LoadBalancer 203.0.113.11:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller > Http HTTPRoute default/site=*.example.com/gone
        http://a.example.com/post => NotFound: Name a.example.com=203.0.113.11 > LoadBalancer 203.0.113.11:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller
        postgresql://a.example.com => Answers: Name a.example.com=203.0.113.11 > LoadBalancer 203.0.113.11:5432 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller > Http TCPRoute default/db > Pod default/web=10.244.1.2:80
        http://203.0.113.11/shop => NotFound: LoadBalancer 203.0.113.11:80 > Node node-1=10.0.0.11 or node-2=10.0.0.12 > Controller
    ");
    let report = on(same, &[&web, &all, &none, gateway, &site, &db]);
    check(&report, "
        http://a.b.example.com/shop => Answers: Name a.b.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http HTTPRoute default/site=*.example.com/shop > Pod default/web=10.244.1.2:80
        https://a.example.com/shop/x => Answers: Name a.example.com=10.0.0.12 > Node node-2=10.0.0.12 > Controller > Http HTTPRoute default/site=*.example.com/shop > Pod default/web=10.244.1.2:80
        postgresql://node-3 => Answers: Name node-3=10.0.0.13 > Node node-3=10.0.0.13 > Controller > Http TCPRoute default/db > Pod default/web=10.244.1.2:80
        http://node-2/shop => NotFound: Name node-2=10.0.0.12 > Node node-2=10.0.0.12 > Controller
        http://node-1/shop => Refused: Name node-1=10.0.0.11 > Node node-1=10.0.0.11
    ");
}
