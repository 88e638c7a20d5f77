#!/bin/sh
# Makes sure that what `make test` needs from the system is there. Changes nothing when it is, which is quick to see;
# else installs Debian packages as root, or says with which command somebody who is root can do it.
# `packages.sh test` brings along what runs machines in QEMU, `packages.sh quickstart` what an OS image for them is made with,
# too, and `packages.sh e2e` what makes all images of tests.
set -eu

here=${0%/*}

# What becomes of the rest when what is wanted is not there.
without="some tests will be skipped"
[ "${1:-}" != quickstart ] || without="machines will be simulated"

missing=""
reasons=""
needed=false

need() { # need PACKAGE... WHY
  needed=true
  add "$@"
}

# What some tests do without, by saying that they are skipped: installed along by root, never a reason to stop.
want() { # want PACKAGE... WHY
  add "$@"
}

add() {
  while [ $# -gt 1 ]; do
    case "$missing " in
    *" $1 "*) ;;
    *) missing="$missing $1" ;;
    esac
    shift
  done
  reasons="$reasons
  - $1"
}

# The 26 of `go 1.26.0` in go.mod.
while read -r word version _; do
  [ "$word" = go ] && go_minimum=${version#1.} && break
done <"$here/kubernetes/go.mod"
go_minimum=${go_minimum%%.*}

# Go builds the Kubernetes programs; without a Go that is new enough, Python fetches one.
has_go() {
  version=$(GOTOOLCHAIN=local go version 2>/dev/null) || return 1
  minor=${version#*go1.}
  minor=${minor%%[!0-9]*}
  [ "${minor:-0}" -ge "$go_minimum" ]
}

has_python_venv() {
  python3 -c 'import ensurepip, venv' 2>/dev/null
}

if ! has_go && ! has_python_venv; then
  need python3 python3-venv "there is no Go 1.$go_minimum or newer; Python fetches one as a wheel to build Kubernetes with"
fi

if [ ! -s /etc/ssl/certs/ca-certificates.crt ] && [ ! -s /etc/pki/tls/certs/ca-bundle.crt ]; then
  need ca-certificates "downloads (npm, pip, Go modules) are checked against the authorities in it"
fi

if ! command -v ipmitool >/dev/null 2>&1; then
  want ipmitool "tests drive our virtual BMC with it: a client that we did not write"
fi

if ! command -v ipmi_sim >/dev/null 2>&1; then
  want openipmi "tests of the IPMI driver run against its ipmi_sim: a BMC that we did not write"
fi

if ! command -v redfishtool >/dev/null 2>&1; then
  want redfishtool "tests drive our virtual Redfish BMC with it: a client that we did not write"
fi

# A library without a command; the folder is where Debian's Python looks (the tests of this script name another).
if [ ! -e "${PYTHON_PACKAGES:-/usr/lib/python3/dist-packages}/sushy/__init__.py" ]; then
  want python3-sushy "tests install a machine through our virtual Redfish BMC with it, as OpenStack does"
fi

if ! command -v busybox >/dev/null 2>&1; then
  want busybox "tests let its DHCP client ask our server: a client that we did not write"
fi

if ! command -v perfdhcp >/dev/null 2>&1; then
  want kea-admin "tests and benchmarks ask our DHCP server through the relay of its perfdhcp"
fi

if ! command -v ip >/dev/null 2>&1; then
  want iproute2 "tests give machines networks of their own, in namespaces"
fi

if ! command -v tftp >/dev/null 2>&1; then
  want tftp-hpa "tests fetch files from our TFTP server with it: a client that we did not write"
fi

if ! command -v atftp >/dev/null 2>&1; then
  want atftp "tests fetch files from our TFTP server with it: a client that we did not write"
fi

if ! command -v curl >/dev/null 2>&1; then
  want curl "tests fetch files from our TFTP server with it, a thousand at once"
fi

if [ ! -e "${IPXE_PROGRAMS:-/usr/lib/ipxe}/undionly.kpxe" ]; then
  want ipxe "machines boot these programs, in tests too"
fi

if ! command -v zstd >/dev/null 2>&1 || ! command -v xz >/dev/null 2>&1 || ! command -v bzip2 >/dev/null 2>&1; then
  want zstd xz-utils bzip2 "tests stream images in these formats to disks"
fi

if ! command -v unsquashfs >/dev/null 2>&1; then
  want squashfs-tools "a test reads the file system of the installer with it: a reader that we did not write"
fi

# Programs for administrators are not on everybody's PATH.
has_tool() {
  command -v "$1" >/dev/null 2>&1 || [ -x "${ADMIN_PROGRAMS:-/usr/sbin}/$1" ]
}

if [ "${1:-}" = test ] || [ "${1:-}" = e2e ] || [ "${1:-}" = quickstart ]; then
  if ! command -v qemu-system-x86_64 >/dev/null 2>&1; then
    want qemu-system-x86 ipxe-qemu "machines of end-to-end tests run in it"
  fi
  if [ ! -e "${OVMF:-/usr/share/OVMF}/OVMF_VARS_4M.fd" ]; then
    want ovmf "some of them boot by UEFI"
  fi
  if ! has_tool radvd; then
    want radvd "iPXE in them looks for an IPv6 router for 16 seconds, unless it is told that there is none"
  fi
fi

if [ "${1:-}" = e2e ]; then
  if ! has_tool mkfs.btrfs || ! has_tool mkfs.vfat || ! has_tool mcopy; then
    want btrfs-progs dosfstools mtools "a test makes an image like Flatcar's with them"
  fi
  if ! has_tool grub-mkstandalone || [ ! -e "${GRUB:-/usr/lib/grub}/x86_64-efi" ]; then
    want grub-common grub-efi-amd64-bin "that image boots by UEFI"
  fi
fi

# Its tests do a quick start, too.
if [ "${1:-}" = e2e ] || [ "${1:-}" = quickstart ]; then
  if ! has_tool mmdebstrap; then
    want mmdebstrap "the OS image of machines is made of Debian packages with it"
  fi
  if ! has_tool mkfs.ext4 || ! has_tool mkfs.vfat || ! has_tool mcopy; then
    want e2fsprogs dosfstools mtools "file systems of that image are made with them"
  fi
  if ! has_tool grub-mkimage || [ ! -e "${GRUB:-/usr/lib/grub}/i386-pc" ] || [ ! -e "${GRUB:-/usr/lib/grub}/x86_64-efi" ]; then
    want grub-common grub-pc-bin grub-efi-amd64-bin "that image boots by BIOS and by UEFI"
  fi
fi

[ -n "$missing" ] || exit 0

if ! $needed && { [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; }; then
  echo "make: $without, because system packages are missing:$missing$reasons" >&2
  exit 0
fi

install="apt-get update && apt-get install -y --no-install-recommends$missing"

if ! command -v apt-get >/dev/null 2>&1; then
  echo "make: system packages are missing, and this system has no apt-get to install them with:$missing$reasons" >&2
  echo "Install them the way this system does, then run make again." >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "make: system packages are missing:$missing$reasons" >&2
  echo "Only root can install them. Run this, then make again:" >&2
  echo "  sudo sh -c '$install'" >&2
  exit 1
fi

echo "installing system packages:$missing$reasons"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of names
if apt-get -q update && apt-get -q install -y --no-install-recommends $missing; then exit 0; fi
if $needed; then exit 1; fi
echo "make: that failed; $without" >&2
