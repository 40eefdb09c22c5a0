# shellcheck shell=sh
# Signs in to the registry of $repository; the proof is in the file $keys, which goes with the script.
mkdir -p build
keys=$(mktemp build/keys.XXXXXX)
trap 'rm -f "$keys"' EXIT
echo '{}' > "$keys"
if [ -n "${REGISTRY_USR:-}" ]; then
    printf %s "$REGISTRY_PSW" \
        | podman login --authfile "$keys" --username "$REGISTRY_USR" --password-stdin "${repository:?}" > /dev/null
fi
