//! `kubectl describe`.

use super::{SHOP, check};

#[test]
fn a_pod_in_full() {
    check(
        SHOP,
        "describe pod db-0 -n shop",
        "
Name:             db-0
Namespace:        shop
Priority:         0
Service Account:  default
Node:             node-1/10.0.0.11
Start Time:       Thu, 01 Jan 2026 00:00:00 +0000
Labels:           app=db
                  apps.kubernetes.io/pod-index=0
                  controller-revision-hash=db-57fc8458f9
                  statefulset.kubernetes.io/pod-name=db-0
Annotations:      <none>
Status:           Running
IP:               10.244.0.2
IPs:
  IP:           10.244.0.2
Controlled By:  StatefulSet/db
Containers:
  redis:
    Container ID:
    Image:          redis:7
    Image ID:
    Port:           6379/TCP (redis)
    Host Port:      0/TCP (redis)
    State:          Running
      Started:      Thu, 01 Jan 2026 00:00:00 +0000
    Ready:          True
    Restart Count:  0
    Limits:
      memory:  128Mi
    Requests:
      cpu:      250m
      memory:   64Mi
    Readiness:  tcp-socket :redis delay=0s timeout=1s period=10s #success=1 #failure=3
    Environment:
      MODE:   fast
      ME:     db-0 (v1:metadata.name)
      KEY:    <set to the key 'a' in secret 'keys'>  Optional: false
      LIMIT:  128 (limits.memory)
    Mounts:
      /config from config (ro)
      /data from data (rw)
Conditions:
  Type                        Status
  PodReadyToStartContainers   True
  Initialized                 True
  Ready                       True
  ContainersReady             True
  PodScheduled                True
Volumes:
  data:
    Type:       EmptyDir (a temporary directory that shares a pod's lifetime)
    Medium:
    SizeLimit:  <unset>
  config:
    Type:        ConfigMap (a volume populated by a ConfigMap)
    Name:        settings
    Optional:    false
QoS Class:       Burstable
Node-Selectors:  <none>
Tolerations:     op=Exists
Events:
  Type    Reason     Age   From               Message
  ----    ------     ----  ----               -------
  Normal  Scheduled  0s    default-scheduler  Successfully assigned shop/db-0 to node-1
",
    );
    check(
        SHOP,
        "describe pod fro -n shop",
        "
Name:             front
Namespace:        shop
Priority:         0
Service Account:  default
Node:             <none>
Labels:           app=front
                  tier=web
Annotations:      <none>
Status:           Pending
IP:
IPs:              <none>
Init Containers:
  setup:
    Image:        busybox
    Port:         <none>
    Host Port:    <none>
    Environment:  <none>
    Mounts:       <none>
  proxy:
    Image:        envoy
    Port:         <none>
    Host Port:    <none>
    Environment:  <none>
    Mounts:       <none>
Containers:
  web:
    Image:        nginx:1.27
    Port:         8080/TCP (web)
    Host Port:    0/TCP (web)
    Environment:  <none>
    Mounts:       <none>
Conditions:
  Type           Status
  PodScheduled   False
Volumes:         <none>
QoS Class:       BestEffort
Node-Selectors:  disk=ssd
Tolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                 node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
Events:
  Type     Reason            Age   From               Message
  ----     ------            ----  ----               -------
  Warning  FailedScheduling  0s    default-scheduler  0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
",
    );
}

#[test]
fn services_and_nodes_in_full() {
    check(
        SHOP,
        "describe svc front -n shop",
        "
Name:                     front
Namespace:                shop
Labels:                   <none>
Annotations:              <none>
Selector:                 app=front
Type:                     LoadBalancer
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.96.10.10
IPs:                      10.96.10.10
External IPs:             198.51.100.7
LoadBalancer Ingress:     203.0.113.10 (VIP)
Port:                     http  80/TCP
TargetPort:               web/TCP
NodePort:                 http  30080/TCP
Endpoints:
Port:                     https  443/TCP
TargetPort:               8443/TCP
NodePort:                 https  30443/TCP
Endpoints:
Session Affinity:         None
External Traffic Policy:  Cluster
Internal Traffic Policy:  Cluster
Events:                   <none>
",
    );
    check(
        SHOP,
        "describe ing -n shop",
        r#"
Name:             front
Labels:           <none>
Namespace:        shop
Address:
Ingress Class:    nginx
Default backend:  <default>
TLS:
  cert terminates shop.example
Rules:
  Host          Path  Backends
  ----          ----  --------
  shop.example
                /       db:6379 (10.244.0.2:6379,10.244.1.2:6379)
                /none   gone:80 (<error: services "gone" not found>)
Annotations:    <none>
Events:         <none>
"#,
    );
    check(
        SHOP,
        "describe node node-2",
        r#"
Name:               node-2
Roles:              <none>
Labels:             kubernetes.io/arch=amd64
                    kubernetes.io/hostname=node-2
                    kubernetes.io/os=linux
Annotations:        <none>
CreationTimestamp:  Thu, 01 Jan 2026 00:00:00 +0000
Taints:             <none>
Unschedulable:      false
Lease:              Failed to get lease: leases.coordination.k8s.io "node-2" not found
Conditions:
  Type    Status  LastHeartbeatTime                 LastTransitionTime                Reason         Message
  ----    ------  -----------------                 ------------------                ------         -------
  Ready   True    Thu, 01 Jan 2026 00:00:00 +0000   Thu, 01 Jan 2026 00:00:00 +0000   KubeletReady   kubelet is posting ready status
Addresses:
  InternalIP:  10.0.0.12
  Hostname:    node-2
Capacity:
  cpu:                4
  ephemeral-storage:  100Gi
  memory:             16Gi
  pods:               110
Allocatable:
  cpu:                4
  ephemeral-storage:  100Gi
  memory:             16Gi
  pods:               110
System Info:
  Machine ID:
  System UUID:
  Boot ID:
  Kernel Version:
  OS Image:
  Operating System:           linux
  Architecture:               amd64
  Container Runtime Version:
  Kubelet Version:            v1.36.2
Non-terminated Pods:          (1 in total)
  Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----    ------------  ----------  ---------------  -------------  ---
  shop                        db-1    250m (6%)     0 (0%)      64Mi (0%)        128Mi (0%)     0s
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests   Limits
  --------           --------   ------
  cpu                250m (6%)  0 (0%)
  memory             64Mi (0%)  128Mi (0%)
  ephemeral-storage  0 (0%)     0 (0%)
Events:              <none>
"#,
    );
}
