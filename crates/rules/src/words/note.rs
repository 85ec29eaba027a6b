//! Routes: their state, and what to know about them.

use manifest::{Lang, Text};
use reach::{Note, RouteState};

use super::text;

/// Whether somebody answers, in a word or two.
pub fn route_state(state: RouteState, lang: Lang) -> &'static str {
    let text = match state {
        RouteState::Reachable => text("reachable", "可访问"),
        RouteState::NotReady => text("not ready", "未就绪"),
        RouteState::Blocked => text("blocked", "不可访问"),
        RouteState::Pending => text("address pending", "地址待分配"),
    };
    text.get(lang)
}

/// What to know about a route, or why it is blocked.
pub fn note(note: &Note, lang: Lang) -> String {
    let list = |items: &[String]| items.join(if lang == Lang::En { ", " } else { "、" });
    let one = |text: Text, arg: &str| (text, vec![arg.to_owned()]);
    let plain = |text: Text| (text, Vec::new());
    let (text, args) = match note {
        Note::PortFromImage => plain(text(
            "The port is from the image's default, not declared in the manifest.",
            "端口来自镜像的默认值，清单中没有声明。",
        )),
        Note::NoKnownPort => plain(text(
            "No port is declared and the image is not known: no URL.",
            "没有声明端口，镜像也不在已知列表中，无法给出 URL。",
        )),
        Note::PortTakenByPod(holder) => one(
            text(
                "{0} already holds the port on this node: the process crashes at bind.",
                "该节点上的端口已被 {0} 占用，进程在 bind 时崩溃。",
            ),
            holder,
        ),
        Note::PortTakenByNode(daemon) => one(
            text(
                "{0} of the node already holds the port: the process crashes at bind.",
                "节点上的 {0} 已占用该端口，进程在 bind 时崩溃。",
            ),
            daemon,
        ),
        Note::AddressFollowsPod => plain(text(
            "The address changes when a new pod lands on another node.",
            "新的 Pod 落到其他节点时，地址会改变。",
        )),
        Note::NodeDns => plain(text(
            "Under hostNetwork, dnsPolicy ClusterFirst acts as Default: cluster names do not resolve.",
            "在 hostNetwork 下，dnsPolicy ClusterFirst 等同于 Default，无法解析集群内的名称。",
        )),
        Note::NeedsPortmap => plain(text(
            "The CNI plugin must support host ports (portmap).",
            "需要 CNI 插件支持 hostPort（portmap）。",
        )),
        Note::NoPortmap => plain(text(
            "The CNI plugin does not map host ports: nobody listens.",
            "CNI 插件不映射 hostPort，没有进程在监听。",
        )),
        Note::OnlyHostIp(ip) => one(text("hostIP limits it to {0}.", "hostIP 将其限制为 {0}。"), ip),
        Note::LoopbackOnly => plain(text("Only from the node itself.", "只能从节点本机访问。")),
        Note::SidecarNotMapped => plain(text(
            "A sidecar's host port is reserved but not mapped.",
            "sidecar 的 hostPort 会被占用，但不会被映射。",
        )),
        Note::SourceRewritten => plain(text(
            "The process sees the node's address, not the client's.",
            "进程看到的是节点地址，而不是客户端地址。",
        )),
        Note::TimesOutOn(nodes) => (
            text("Times out on nodes without a local endpoint: {0}.", "在没有本地端点的节点上会超时：{0}。"),
            vec![list(nodes)],
        ),
        Note::SelectsNothing => plain(text("No pod matches the selector.", "没有 Pod 匹配选择器。")),
        Note::NoSelector => plain(text(
            "The Service has no selector: it gets no endpoints by itself.",
            "该 Service 没有选择器，不会自动获得端点。",
        )),
        Note::NoReadyEndpoints => plain(text(
            "Pods match, but none is ready: connections are refused.",
            "有匹配的 Pod，但都未就绪，连接会被拒绝。",
        )),
        Note::NamedPortMissing(name) => {
            one(text("No matching pod has a port named {0}.", "匹配的 Pod 中没有名为 {0} 的端口。"), name)
        }
        Note::TargetPortUndeclared(port) => one(
            text(
                "No container declares port {0}; it may still answer.",
                "没有容器声明端口 {0}，但仍可能有应答。",
            ),
            &port.to_string(),
        ),
        Note::NoLoadBalancer => plain(text(
            "Nobody provides load balancers here: EXTERNAL-IP stays <pending>.",
            "集群中没有负载均衡器的提供者，EXTERNAL-IP 会一直是 <pending>。",
        )),
        Note::LoadBalancerClass(class) => one(
            text(
                "Nobody serves loadBalancerClass {0} here.",
                "集群中没有处理 loadBalancerClass {0} 的控制器。",
            ),
            class,
        ),
        Note::PoolExhausted => plain(text("The address pool is used up.", "地址池已用完。")),
        Note::SourceRanges(ranges) => (text("Only from {0}.", "只允许来自 {0} 的访问。"), vec![list(ranges)]),
        Note::NeedsRouting => {
            plain(text("Somebody must route this address to a node.", "需要自行把该地址路由到某个节点。"))
        }
        Note::NoIngressController => plain(text(
            "No Ingress controller: ADDRESS stays empty.",
            "没有 Ingress 控制器，ADDRESS 会一直为空。",
        )),
        Note::IngressClassUnserved(class) => {
            one(text("No controller serves the class {0}.", "没有控制器处理 IngressClass {0}。"), class)
        }
        Note::ServiceMissing(name) => {
            one(text("The Service {0} does not exist.", "Service {0} 不存在。"), name)
        }
        Note::ServicePortMissing { service, port } => (
            text("The Service {0} has no port {1}.", "Service {0} 没有端口 {1}。"),
            vec![service.clone(), port.clone()],
        ),
        Note::HostMustResolve { host, address } => {
            (text("{0} must resolve to {1}.", "{0} 必须解析到 {1}。"), vec![host.clone(), address.clone()])
        }
        Note::TlsTerminated => plain(text(
            "HTTP is redirected to HTTPS; without the secret the controller shows its own certificate.",
            "HTTP 会被重定向到 HTTPS；缺少 Secret 时使用控制器自带的证书。",
        )),
        Note::WildcardHost(suffix) => {
            one(text("Any host that ends in {0}.", "任何以 {0} 结尾的主机名。"), suffix)
        }
        Note::DefaultBackend => plain(text("Requests that no rule matches.", "没有规则匹配的请求。")),
        Note::ResourceBackend(kind) => {
            one(text("The backend is a {0}, not a Service.", "后端是 {0}，不是 Service。"), kind)
        }
        Note::ForwardedFor => plain(text(
            "Only HTTP headers such as X-Forwarded-For tell the client's address.",
            "只有 X-Forwarded-For 等 HTTP 头能给出客户端地址。",
        )),
        Note::NetworkPolicy(name) => one(
            text(
                "NetworkPolicy {0} selects the pods and may block this.",
                "NetworkPolicy {0} 选中了这些 Pod，可能会阻断访问。",
            ),
            name,
        ),
        Note::NodePortShadows(port) => one(
            text(
                "{0} is an allocated NodePort as well: which of the two answers is open.",
                "{0} 同时也是已分配的 NodePort，由哪一方应答并不确定。",
            ),
            &port.to_string(),
        ),
        Note::PodPending => plain(text("The pod has no node yet.", "Pod 还没有被调度到节点。")),
        Note::PodNotRunning => plain(text("The pod does not run.", "Pod 没有在运行。")),
        Note::SingleStack => plain(text(
            "The Service has no address of the other IP family.",
            "该 Service 没有另一 IP 协议族的地址。",
        )),
        Note::EarlierRule(other) => one(
            text(
                "A rule of {0} answers every request that this one matches.",
                "匹配此规则的请求都由 {0} 中的规则应答。",
            ),
            other,
        ),
        Note::LowPort(port) => one(
            text(
                "The process runs as an ordinary user: port {0} needs CAP_NET_BIND_SERVICE.",
                "进程以普通用户运行，监听端口 {0} 需要 CAP_NET_BIND_SERVICE。",
            ),
            &port.to_string(),
        ),
        Note::ShadowsNode(daemon) => one(
            text(
                "{0} of the node listens on this port and cannot be reached from outside any more.",
                "节点上的 {0} 监听同一端口，从外部将无法再访问它。",
            ),
            daemon,
        ),
        Note::HostPortShadows(pod) => one(
            text(
                "Packets for this port go to {0}, which has it as hostPort.",
                "该端口是 {0} 的 hostPort，数据包会转给它。",
            ),
            pod,
        ),
        Note::ExternalIpShadows(service) => one(
            text(
                "The address is an external IP of the Service {0}, which gets the packets for this port.",
                "该地址是 Service {0} 的 externalIP，此端口的数据包会转给它。",
            ),
            service,
        ),
        Note::SameUrl(other) => one(
            text("{0} has the same URL: only one of them answers.", "{0} 的 URL 相同，只有一方应答。"),
            other,
        ),
        Note::PortsTaken => plain(text(
            "The port is taken on every node: EXTERNAL-IP stays <pending>.",
            "该端口在每个节点上都被占用，EXTERNAL-IP 会一直是 <pending>。",
        )),
        Note::HealthCheckPort(port) => one(
            text(
                "Load balancers ask port {0} of each node whether it has a ready pod.",
                "负载均衡器通过每个节点的端口 {0} 检查该节点是否有就绪的 Pod。",
            ),
            &port.to_string(),
        ),
        Note::NoGatewayController => {
            plain(text("No Gateway controller: no address.", "没有 Gateway 控制器，不会有地址。"))
        }
        Note::GatewayClassUnserved(class) => one(
            text("No controller serves the GatewayClass {0}.", "没有控制器处理 GatewayClass {0}。"),
            class,
        ),
        Note::GatewayMissing(name) => {
            one(text("The Gateway {0} does not exist.", "Gateway {0} 不存在。"), name)
        }
        Note::ListenerMissing(name) => {
            one(text("There is no such listener: {0}.", "没有这样的监听器：{0}。"), name)
        }
        Note::ListenerConflict(name) => one(
            text(
                "The listener {0} has the same port and host name: neither works.",
                "监听器 {0} 使用相同的端口和主机名，两者都不生效。",
            ),
            name,
        ),
        Note::ListenerPortUnknown(port) => one(
            text(
                "The controller's Service has a node port for listener port {0} that is not known.",
                "控制器的 Service 为监听端口 {0} 分配的 nodePort 未知。",
            ),
            &port.to_string(),
        ),
        Note::RouteNotAllowed(namespace) => one(
            text(
                "The listener admits no routes from the namespace {0} (allowedRoutes).",
                "监听器不接受命名空间 {0} 的路由（allowedRoutes）。",
            ),
            namespace,
        ),
        Note::RouteKindNotAllowed(kind) => {
            one(text("The listener takes no {0}.", "监听器不接受 {0}。"), kind)
        }
        Note::NoSharedHostname(host) => one(
            text(
                "The route has no host name in common with the listener's {0}.",
                "路由的主机名与监听器的 {0} 没有交集。",
            ),
            host,
        ),
        Note::WildcardSuffix(host) => one(
            text(
                "Any host that matches {0}, with one or more labels for the asterisk.",
                "任何匹配 {0} 的主机名，星号代表一级或多级。",
            ),
            host,
        ),
        Note::OnlyRequests(conditions) => {
            (text("Only requests with {0}.", "仅限满足 {0} 的请求。"), vec![list(conditions)])
        }
        Note::Weights(shares) => (text("Shares: {0}.", "分配比例：{0}。"), vec![list(shares)]),
        Note::ShareFails(share) => one(text("{0} of the requests fail.", "{0} 的请求会失败。"), share),
        Note::ReferenceNotGranted(service) => one(
            text(
                "No ReferenceGrant lets the route refer to the Service {0}.",
                "没有 ReferenceGrant 允许路由引用 Service {0}。",
            ),
            service,
        ),
        Note::NoBackend => plain(text("Nothing stands behind the rule: 500.", "规则没有后端，返回 500。")),
        Note::Redirects => plain(text("Answers with a redirect.", "以重定向应答。")),
    };
    text.format(lang, &args)
}
