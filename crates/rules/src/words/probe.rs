//! The route tester: what the client sees, and what stands on the way.

use manifest::{Lang, Text};

use super::text;
use crate::probe::{HopKind, Outcome, Rewrite, UrlError};

/// What the client sees, as a sentence.
pub fn outcome(outcome: &Outcome, lang: Lang) -> String {
    let (text, arg): (Text, &str) = match outcome {
        Outcome::Answers => (text("It answers.", "有应答。"), ""),
        Outcome::Refused => (
            text(
                "Connection refused: nobody listens there, or no ready pod is behind the Service.",
                "连接被拒绝：没有进程在监听，或 Service 后面没有就绪的 Pod。",
            ),
            "",
        ),
        Outcome::TimesOut => (
            text(
                "It times out: nobody has the address, or the node does not pass the packets on.",
                "超时：没有谁使用该地址，或节点没有转发数据包。",
            ),
            "",
        ),
        Outcome::NoSuchHost => {
            (text("No such host: the name cannot be resolved.", "找不到主机：无法解析该名称。"), "")
        }
        Outcome::NotFound => (
            text(
                "404: no rule of the controller has this host and path.",
                "404：控制器没有匹配该主机和路径的规则。",
            ),
            "",
        ),
        Outcome::Unavailable => (text("503: no ready pod is behind it.", "503：后面没有就绪的 Pod。"), ""),
        Outcome::ServerError => (
            text(
                "500: the backend does not exist, or the route may not refer to it.",
                "500：后端不存在，或路由无权引用它。",
            ),
            "",
        ),
        Outcome::Unreachable => (
            text(
                "No way from outside: only nodes and pods know this address.",
                "从集群外无法访问：只有节点和 Pod 才能到达该地址。",
            ),
            "",
        ),
        Outcome::OwnMachine => {
            (text("That is your own machine, not the cluster.", "这是你自己的电脑，不属于集群。"), "")
        }
        Outcome::WrongScheme(scheme) => (text("The port speaks {0}.", "该端口使用 {0}。"), scheme),
        Outcome::BadUrl(UrlError::NoHost) => {
            (text("Type a URL, a host name or an address.", "请输入 URL、主机名或地址。"), "")
        }
        Outcome::BadUrl(UrlError::Host(host)) => {
            (text("{0} is neither a host name nor an address.", "{0} 既不是主机名也不是地址。"), host)
        }
        Outcome::BadUrl(UrlError::Port(port)) => {
            (text("{0} is not a port from 1 to 65535.", "{0} 不是 1 到 65535 之间的端口。"), port)
        }
        Outcome::BadUrl(UrlError::NoPort(scheme)) => {
            (text("{0} has no usual port: add one.", "{0} 没有默认端口，请写明端口。"), scheme)
        }
    };
    text.format(lang, &[arg.to_owned()])
}

/// What a hop is, in a word or two.
pub fn hop(kind: HopKind, lang: Lang) -> &'static str {
    let text = match kind {
        HopKind::Client => text("client", "客户端"),
        HopKind::Name => text("host name", "主机名"),
        HopKind::LoadBalancer => text("load balancer", "负载均衡器"),
        HopKind::Node => text("node", "节点"),
        HopKind::Rule(Rewrite::HostNetwork) => text("host network, nothing rewritten", "主机网络，不改写"),
        HopKind::Rule(Rewrite::HostPort) => text("port map of the CNI plugin", "CNI 插件的端口映射"),
        HopKind::Rule(Rewrite::NodePort) => text("kube-proxy, node port", "kube-proxy，节点端口"),
        HopKind::Rule(Rewrite::LoadBalancer) => {
            text("kube-proxy, balancer's address", "kube-proxy，负载均衡地址")
        }
        HopKind::Rule(Rewrite::ExternalIp) => text("kube-proxy, external IP", "kube-proxy，外部 IP"),
        HopKind::Rule(Rewrite::Http) => text("rule of the controller", "控制器的规则"),
        HopKind::Controller => text("controller", "控制器"),
        HopKind::Redirect => text("redirect", "重定向"),
        HopKind::Service => text("ClusterIP", "ClusterIP"),
        HopKind::Pod => text("pod", "Pod"),
        HopKind::Daemon => text("daemon of the node", "节点的守护进程"),
    };
    text.get(lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes() {
        let table = [
            (Outcome::WrongScheme("https".into()), "The port speaks https.", "该端口使用 https。"),
            (
                Outcome::BadUrl(UrlError::Port("0".into())),
                "0 is not a port from 1 to 65535.",
                "0 不是 1 到 65535 之间的端口。",
            ),
        ];
        for (data, en, zh) in table {
            assert_eq!((&*outcome(&data, Lang::En), &*outcome(&data, Lang::Zh)), (en, zh));
        }
    }
}
