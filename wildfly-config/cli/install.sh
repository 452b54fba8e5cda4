#!/bin/sh
# Lays Postrider's modules over a WildFly and configures it, offline: install.sh [--dedicated] WILDFLY
# --dedicated: that WildFly runs nothing else (dedicated.cli tells what it changes).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
dedicated=
if [ "${1-}" = --dedicated ]; then
  dedicated="$here/dedicated.cli"
  shift
fi
wildfly=${1-}
if [ ! -f "$wildfly/jboss-modules.jar" ]; then
  echo "usage: install.sh [--dedicated] WILDFLY, where WILDFLY is the directory of a WildFly (it has a jboss-modules.jar)" >&2
  exit 2
fi
cp -R "$here/../content/." "$wildfly/"
if [ -n "$dedicated" ]; then
  cp -R "$here/../dedicated/." "$wildfly/"
fi
script=$(mktemp)
trap 'rm -f "$script"' EXIT
{
  echo "embed-server --server-config=${SERVER_CONFIG:-standalone.xml} --std-out=discard"
  cat "$here/configure.cli" ${dedicated:+"$dedicated"}
  echo stop-embedded-server
} > "$script"
"$wildfly/bin/jboss-cli.sh" --file="$script"
echo "Configured. Next: $wildfly/bin/postrider.sh setup, then copy postrider.ear to $wildfly/standalone/deployments/."
