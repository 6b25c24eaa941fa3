#!/usr/bin/env bash
# Builds the agent's Debian packages: a native program, and ONNX Runtime's library beside it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
name=instantnet-agent
out=$root/artifacts/deb architectures=()

usage() {
  cat <<TEXT
usage: deploy/build-deb.sh [--out FOLDER] [amd64] [arm64]

  amd64, arm64       what to build; both by default
  --out FOLDER       where packages go (artifacts/deb)
TEXT
}

die() { printf 'build-deb: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --out)
      [ $# -ge 2 ] || { echo "build-deb: $1 needs a folder." >&2; exit 2; }
      out=$2
      shift ;;
    amd64 | arm64) architectures+=("$1") ;;
    *) echo "build-deb: '$1' is no architecture: amd64 and arm64 are accepted." >&2; exit 2 ;;
  esac
  shift
done
[ ${#architectures[@]} -gt 0 ] || architectures=(amd64 arm64)
command -v dpkg-deb >/dev/null || die "dpkg-deb is missing: build on Debian or Ubuntu."

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
[ -n "$version" ] || die "Directory.Build.props names no version."
# The same commit gives the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

copyright() {
  cat "$root/LICENSE"
  printf '\nThe package also holds ONNX Runtime, parts of .NET and ASP.NET Core, and System.CommandLine (MIT) and Serilog (Apache-2.0, /usr/share/common-licenses/Apache-2.0).\n'
}

# The newest version of the C library whose symbols are used.
libc_of() { # program or library...
  readelf -V "$@" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -uV | tail -n 1
}

build() { # architecture, .NET's name of it
  local stage=$work/$1 lib=$work/$1/usr/lib/$name program
  local native=runtimes/linux-$2/native/libonnxruntime.so
  program=$("$root/deploy/build-agent.sh" "$1")
  install -d "$stage/DEBIAN" "$stage/etc/instantnet" "$stage/usr/bin"
  install -D -m 755 "$program/InstantNet.Agent" "$lib/$name"
  install -D -m 644 "$program/$native" "$lib/$native"
  ln -s "../lib/$name/$name" "$stage/usr/bin/$name"
  install -D -m 644 "$root/deploy/agent/instantnet-agent.service" "$stage/lib/systemd/system/instantnet-agent.service"
  install -D -m 644 "$root/deploy/agent/instantnet-agent.default" "$stage/etc/default/instantnet-agent"
  install -d "$stage/usr/share/doc/$name"
  copyright >"$stage/usr/share/doc/$name/copyright"
  chmod 644 "$stage/usr/share/doc/$name/copyright"
  for file in postinst prerm postrm; do install -m 755 "$root/deploy/agent/$file" "$stage/DEBIAN/$file"; done
  echo /etc/default/instantnet-agent >"$stage/DEBIAN/conffiles"
  cat >"$stage/DEBIAN/control" <<TEXT
Package: $name
Version: $version
Architecture: $1
Maintainer: InstantNet <root@localhost>
Depends: adduser, libc6 (>= $(libc_of "$lib/$name" "$lib/$native")), libstdc++6, libssl3 | libssl3t64
Section: net
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$stage" | cut -f1)
Description: device agent of InstantNet
 Runs switchable-precision neural networks, installs signed releases over MQTT
 and changes precision between two frames to stay within the device's budgets.
TEXT
  chmod 644 "$stage/DEBIAN/control" "$stage/DEBIAN/conffiles"
  mkdir -p "$out"
  # zstd: read by dpkg of Debian 12 and Ubuntu 22.04 on, and ten times faster to build than xz.
  dpkg-deb --root-owner-group -Zzstd -z10 --build "$stage" "$work/$name.deb" >/dev/null
  mv "$work/$name.deb" "$out/${name}_${version}_$1.deb"
  echo "$out/${name}_${version}_$1.deb"
}

for architecture in "${architectures[@]}"; do
  case $architecture in amd64) build amd64 x64 ;; arm64) build arm64 arm64 ;; esac
done
