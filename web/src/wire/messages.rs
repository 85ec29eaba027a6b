//! The messages between page and worker, and what help consists of.

use rules::{
    About, AfterRestart, Choice, Help, Hop, HopKind, LostNode, Outcome, Place, Probe, Rewrite, Unavailable,
    UrlError, Way, WayKind,
};

use super::shapes::{enums, structs};
use crate::inquiry::{Finding, Inquiry, Tool};
use crate::protocol::{Answer, Question};

enums! {
    Question or Self::Help(0, "".into(), 0) => {
        0 Analyze(revision input),
        1 Help(number text offset),
        2 Inquire(number input inquiry),
    }
    Answer or Self::Help(0, None) => {
        0 Report(revision report),
        1 Help(number help),
        2 Found(number finding),
    }
    Inquiry or Self::Ways(0) => {
        0 Ways(workload),
        1 Probe(url),
        2 Way(route),
        3 Kubectl(line),
        4 Export(tool),
        5 Listing(line),
    }
    Tool or Self::Kind => {
        0 Kind,
        1 Kwok,
    }
    Finding or Self::Way(Vec::new()) => {
        0 Ways(ways),
        1 Probe(probe),
        2 Way(hops),
        3 Kubectl(output acts),
        4 File(name text),
    }
    WayKind or Self::HostNetwork => {
        0 HostNetwork,
        1 HostPort,
        2 NodePort,
        3 LoadBalancer,
        4 Ingress,
    }
    Unavailable or Self::NoPods => {
        0 NoPods,
        1 Updated,
        2 NotEditable,
        3 NoPorts,
        4 NotHttp(protocol),
        5 Refused(message),
        6 TooLarge,
    }
    Outcome or Self::Answers => {
        0 Answers,
        1 Refused,
        2 TimesOut,
        3 NoSuchHost,
        4 NotFound,
        5 Unavailable,
        6 ServerError,
        7 Unreachable,
        8 OwnMachine,
        9 WrongScheme(scheme),
        10 BadUrl(error),
    }
    UrlError or Self::NoHost => {
        0 NoHost,
        1 Host(host),
        2 Port(port),
        3 NoPort(scheme),
    }
    HopKind or Self::Client => {
        0 Client,
        1 Name,
        2 LoadBalancer,
        3 Node,
        4 Rule(rewrite),
        5 Controller,
        6 Redirect,
        7 Service,
        8 Pod,
        9 Daemon,
    }
    Rewrite or Self::HostNetwork => {
        0 HostNetwork,
        1 HostPort,
        2 NodePort,
        3 LoadBalancer,
        4 ExternalIp,
        5 Http,
    }
}

structs! {
    Help { span choices about }
    Choice { label detail insert required }
    Way {
        kind current fix unavailable running pending crashing urls other_urls notes lost_node after_restart
    }
    LostNode { node running pending crashing urls }
    AfterRestart { pod gone new equal_nodes }
    Probe { hops outcome route }
    Hop { kind places }
    Place { label address }
    About { path type_name required values default link }
}
