//! `kubectl get`.

use super::{ARTICLE, SHOP, check};

#[test]
fn the_listing_of_the_article() {
    check(
        ARTICLE,
        "kubectl get pod -o wide",
        "
NAME                         READY   STATUS    RESTARTS   AGE   IP          NODE     NOMINATED NODE   READINESS GATES
test-host-64b8788776-464w4   1/1     Running   0          0s    10.0.0.12   node-2   <none>           <none>
test-host-64b8788776-cp24m   1/1     Running   0          0s    10.0.0.14   node-4   <none>           <none>
test-host-64b8788776-mw9nn   1/1     Running   0          0s    10.0.0.13   node-3   <none>           <none>
test-host-64b8788776-n6mtj   1/1     Running   0          0s    10.0.0.11   node-1   <none>           <none>
test-host-64b8788776-z79n7   0/1     Pending   0          0s    <none>      <none>   <none>           <none>
",
    );
    check(
        ARTICLE,
        "get deploy,rs,ds,sts",
        "
NAME                        READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/test-host   4/5     5            4           0s

NAME                                   DESIRED   CURRENT   READY   AGE
replicaset.apps/test-host-64b8788776   5         5         4       0s
",
    );
    check(ARTICLE, "apply -f manifest.yaml", "deployment.apps/test-host created");
}

#[test]
fn workloads_and_services() {
    check(
        SHOP,
        "get sts,svc,ing,job,cj,pdb,hpa,quota -n shop",
        "
NAME                  READY   AGE
statefulset.apps/db   2/2     0s

NAME            TYPE           CLUSTER-IP    EXTERNAL-IP                 PORT(S)                      AGE
service/db      ClusterIP      None          <none>                      6379/TCP                     0s
service/front   LoadBalancer   10.96.10.10   203.0.113.10,198.51.100.7   80:30080/TCP,443:30443/TCP   0s

NAME                              CLASS   HOSTS          ADDRESS   PORTS     AGE
ingress.networking.k8s.io/front   nginx   shop.example             80, 443   0s

NAME                STATUS      COMPLETIONS   DURATION   AGE
job.batch/migrate   Suspended   0/3                      0s

NAME                    SCHEDULE    TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
cronjob.batch/nightly   0 3 * * *   <none>     False     0        <none>          0s

NAME                            MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE
poddisruptionbudget.policy/db   1               N/A               1                     0s

NAME                                     REFERENCE        TARGETS              MINPODS   MAXPODS   REPLICAS   AGE
horizontalpodautoscaler.autoscaling/db   StatefulSet/db   cpu: <unknown>/80%   1         5         2          0s

NAME                REQUEST     LIMIT                      AGE
resourcequota/all   pods: 3/9   limits.memory: 256Mi/8Gi   0s
",
    );
    check(
        SHOP,
        "get pods -n shop -o wide",
        "
NAME    READY   STATUS    RESTARTS   AGE   IP           NODE     NOMINATED NODE   READINESS GATES
db-0    1/1     Running   0          0s    10.244.0.2   node-1   <none>           <none>
db-1    1/1     Running   0          0s    10.244.1.2   node-2   <none>           <none>
front   0/2     Pending   0          0s    <none>       <none>   <none>           <none>
",
    );
    check(
        SHOP,
        "get nodes -o wide",
        "
NAME     STATUS   ROLES           AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE    KERNEL-VERSION   CONTAINER-RUNTIME
node-1   Ready    control-plane   0s    v1.36.2   10.0.0.11     <none>        <unknown>   <unknown>        <unknown>
node-2   Ready    <none>          0s    v1.36.2   10.0.0.12     <none>        <unknown>   <unknown>        <unknown>
",
    );
    check(
        SHOP,
        "get sts,svc db -n shop -o wide",
        "
NAME                  READY   AGE   CONTAINERS   IMAGES
statefulset.apps/db   2/2     0s    redis        redis:7

NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE   SELECTOR
service/db   ClusterIP   None         <none>        6379/TCP   0s    app=db
",
    );
}

#[test]
fn storage_configuration_and_custom_resources() {
    check(
        SHOP,
        "get pv,pvc -n shop",
        "
NAME                    CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS   CLAIM        STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
persistentvolume/disk   5Gi        RWO,ROX        Retain           Bound    shop/bound   fast           <unset>                          0s

NAME                            STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
persistentvolumeclaim/bound     Bound     disk     5Gi        RWO,ROX        fast           <unset>                 0s
persistentvolumeclaim/waiting   Pending                                      slow           <unset>                 0s
",
    );
    check(
        SHOP,
        "get cm,secret -n shop",
        "
NAME                 DATA   AGE
configmap/settings   2      0s

NAME          TYPE     DATA   AGE
secret/keys   Opaque   1      0s
",
    );
    check(
        SHOP,
        "get shops -n shop -o wide",
        "
NAME     SIZE   OWNER   AGE
corner   3      Ada     0s
",
    );
    check(
        SHOP,
        "get crd",
        "
NAME                CREATED AT
shops.example.com   2026-01-01T00:00:00Z
",
    );
    check(
        SHOP,
        "get ns -l team=blue --show-labels",
        "
NAME   STATUS   AGE   LABELS
shop   Active   0s    kubernetes.io/metadata.name=shop,team=blue
",
    );
}

#[test]
fn endpoints() {
    check(
        SHOP,
        "get endpointslices -n shop -o custom-columns=OF:.metadata.ownerReferences[0].name,PORT:.ports[*].port,IP:.endpoints[*].addresses[0]",
        "
OF      PORT     IP
db      6379     10.244.0.2,10.244.1.2
front   <none>   <none>
",
    );
    check(
        SHOP,
        "get ep -n shop",
        "
NAME    ENDPOINTS                         AGE
db      10.244.0.2:6379,10.244.1.2:6379   0s
front   <none>                            0s
",
    );
}

#[test]
fn flags() {
    check(
        SHOP,
        "get pods -A -L app,tier",
        "
NAMESPACE   NAME    READY   STATUS    RESTARTS   AGE   APP     TIER
shop        db-0    1/1     Running   0          0s    db
shop        db-1    1/1     Running   0          0s    db
shop        front   0/2     Pending   0          0s    front   web
",
    );
    check(
        SHOP,
        "get svc -A --no-headers",
        "
default   kubernetes   ClusterIP      10.96.0.1     <none>                      443/TCP                      0s
shop      db           ClusterIP      None          <none>                      6379/TCP                     0s
shop      front        LoadBalancer   10.96.10.10   203.0.113.10,198.51.100.7   80:30080/TCP,443:30443/TCP   0s
",
    );
    check(
        SHOP,
        "get pods -n shop --field-selector status.phase=Pending",
        "
NAME    READY   STATUS    RESTARTS   AGE
front   0/2     Pending   0          0s
",
    );
    check(
        SHOP,
        "get po -n shop -o name --sort-by=.spec.nodeName",
        "
pod/front
pod/db-0
pod/db-1
",
    );
    check(SHOP, "get secret keys -n shop -o jsonpath='{.data.a} {.type}'", "eA== Opaque");
    check(
        SHOP,
        "get no -o custom-columns=NAME:.metadata.name,CPU:.status.capacity.cpu,ZONE:.metadata.labels.zone",
        "
NAME     CPU   ZONE
node-1   4     <none>
node-2   4     <none>
",
    );
    check(
        SHOP,
        "get pods -l app=db,app!=web -n shop -o name",
        "
pod/db-0
pod/db-1
",
    );
    check(
        SHOP,
        "get pod/front svc/front -n shop",
        "
NAME        READY   STATUS    RESTARTS   AGE
pod/front   0/2     Pending   0          0s

NAME            TYPE           CLUSTER-IP    EXTERNAL-IP                 PORT(S)                      AGE
service/front   LoadBalancer   10.96.10.10   203.0.113.10,198.51.100.7   80:30080/TCP,443:30443/TCP   0s
",
    );
    check(
        SHOP,
        "get events -n shop --field-selector type=Warning",
        "
LAST SEEN   TYPE      REASON             OBJECT      MESSAGE
0s          Warning   FailedScheduling   pod/front   0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.
",
    );
}
