# shellcheck shell=sh disable=SC2154
# An environment on a machine without Kubernetes: podman plays the same manifests. It knows no namespaces, so names end
# with the environment's; the secrets are made once by `k8s/make-secrets ADMIN | podman kube play -`.
# PUBLISH: where each environment listens for the proxy before it, as "test=127.0.0.1:8001 production=127.0.0.1:8002".
# RELEASES: the folder that remembers what was good.
seconds=${READY_SECONDS:-300}
suffix=-$environment
pod=board$suffix-pod
memory=${RELEASES:-$HOME/.local/state/board}/$environment
# shellcheck disable=SC2086  # a list
address=$(printf '%s\n' ${PUBLISH:-} | sed -n "s/^$environment=//p")

migrate() { :; }  # the pod does, before it serves
apply() {
    # A folder that goes with its pod has no more than its own name here, and two pods would share it.
    for each in $(awk '/- emptyDir:/ { next_name = 1 } next_name && $1 == "name:" { print $2; next_name = 0 }' "$manifests"); do
        sed -i "s/name: $each\$/name: $each$suffix/" "$manifests"
    done
    podman kube play --quiet --replace ${address:+--publish "$address:8000"} "$manifests" > /dev/null
}
ready() {
    left=$seconds
    asks='import urllib.request as web; web.urlopen("http://127.0.0.1:8000/health/ready", timeout=5)'
    until podman exec "$pod-app" python -c "$asks" > /dev/null 2>&1; do
        [ "$left" -gt 0 ] || return 1
        sleep 1
        left=$((left - 1))
    done
}
tell() {
    podman pod ps
    podman ps --all --pod
    for container in app postgres; do podman logs --tail 200 "$pod-$container"; done
}
live() { podman container inspect --format '{{.ImageName}}' "$pod-app" 2> /dev/null || :; }
releases() { cat "$memory" 2> /dev/null || :; }
remember() {
    mkdir -p "${memory%/*}"
    cat > "$memory.new"
    mv "$memory.new" "$memory"
}
