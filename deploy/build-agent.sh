#!/usr/bin/env bash
# Compiles the agent to a native program that needs no .NET, unless that is done already, and prints the folder that it lies in.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<TEXT
usage: deploy/build-agent.sh [--restore] [amd64 | arm64]

The folder printed holds InstantNet.Agent and, below runtimes/, ONNX Runtime's native library. Without an architecture: this machine's.
--restore fetches what the compiler needs from the package registry and compiles nothing.
Needs a C compiler of that architecture: gcc, or gcc-aarch64-linux-gnu with libc6-dev-arm64-cross.
TEXT
}

restore=0
[ "${1-}" = --restore ] && { restore=1; shift; }
[ $# -le 1 ] || { usage >&2; exit 2; }
case ${1-$(dpkg --print-architecture 2>/dev/null || uname -m)} in
  -h | --help) usage; exit 0 ;;
  amd64 | x86_64) runtime=linux-x64 compiler=x86_64-linux-gnu-gcc ;;
  arm64 | aarch64) runtime=linux-arm64 compiler=aarch64-linux-gnu-gcc ;;
  *) echo "build-agent: '${1-$(uname -m)}' is no architecture: amd64 and arm64 are accepted." >&2; exit 2 ;;
esac

command -v $compiler >/dev/null || {
  echo "build-agent: $compiler is missing: install gcc, or for arm64 on amd64 gcc-aarch64-linux-gnu and libc6-dev-arm64-cross." >&2
  exit 1
}
work=$root/artifacts/agent folder=$root/artifacts/agent/$runtime log=$root/artifacts/agent/$runtime.log
# Its own build folder: the build for development beside it is not touched.
options=("$root/agent/InstantNet.Agent.csproj" -r "$runtime" -p:ArtifactsPath="$work/build" --verbosity quiet)
mkdir -p "$work"

run() { # dotnet's verb and options
  dotnet "$@" "${options[@]}" -nodeReuse:false >"$log" 2>&1 9>&- && return
  { grep -E 'error|warn' "$log" | sort -u | head -n 20 >&2; echo "build-agent: the agent did not compile; the whole log is $log" >&2; exit 1; }
}

# Two tests may ask at once: the second waits and finds it done.
exec 9>"$work/.lock"
flock 9
if [ $restore = 1 ]; then run restore; exit; fi
# The folder is as old as the moment at which its build began: what changed since makes it stale.
if [ ! -d "$folder" ] || [ -n "$(find "$root/agent" "$root/shared/contracts" "$root/shared/onnxruntime" "$root"/Directory.*.props \
    -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' \) -newer "$folder" -print -quit)" ]; then
  new=$folder.new began=$work/.began
  rm -rf "$new"
  touch "$began"
  run publish -c Release -p:RunAnalyzers=false -o "$new"
  find "$new" -maxdepth 1 -type f ! -name InstantNet.Agent -delete
  find "$new/runtimes" -mindepth 1 -maxdepth 1 ! -name "$runtime" -exec rm -r {} +
  rm -rf "$folder"
  mv "$new" "$folder"
  touch -r "$began" "$folder"
fi
echo "$folder"
