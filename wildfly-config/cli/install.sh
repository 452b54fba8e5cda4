#!/bin/sh
# Lays Postrider's modules over a WildFly and configures it, offline; or takes both away again.
#   install.sh WILDFLY              beside whatever that WildFly runs
#   install.sh --dedicated WILDFLY  it runs nothing else (dedicated.cli tells what that changes)
#   install.sh --remove WILDFLY     takes back the first form; mail, accounts and certificates stay
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
mode=--shared
case ${1-} in
  --dedicated | --remove)
    mode=$1
    shift
    ;;
esac
wildfly=${1-}
if [ ! -f "$wildfly/jboss-modules.jar" ]; then
  echo "usage: install.sh [--dedicated | --remove] WILDFLY" >&2
  echo "WILDFLY is the directory of a WildFly: it has a jboss-modules.jar." >&2
  exit 2
fi
if [ "$mode" = --remove ] && [ -e "$wildfly/standalone/deployments/postrider.ear" ]; then
  echo "Take $wildfly/standalone/deployments/postrider.ear away first." >&2
  exit 1
fi

script=$(mktemp)
trap 'rm -f "$script"' EXIT
{
  echo "embed-server --server-config=${SERVER_CONFIG:-standalone.xml} --std-out=discard"
  case $mode in
    --remove) cat "$here/remove.cli" ;;
    --shared) cat "$here/configure.cli" ;;
    --dedicated) cat "$here/configure.cli" "$here/dedicated.cli" ;;
  esac
  echo stop-embedded-server
} > "$script"

# The modules have to be there while the configuration names them.
if [ "$mode" != --remove ]; then
  cp -R "$here/../content/." "$wildfly/"
fi
if [ "$mode" = --dedicated ]; then
  cp -R "$here/../dedicated/." "$wildfly/"
fi
"$wildfly/bin/jboss-cli.sh" --file="$script"
if [ "$mode" = --remove ]; then
  rm -rf "$wildfly/modules/org/postrider"
  (cd "$here/../content" && find bin sbin man standalone -type f) | while IFS= read -r file; do
    rm -f "$wildfly/$file"
  done
  rm -f "$wildfly/standalone/configuration/postrider-tools"
  # Where nobody else put anything.
  rmdir "$wildfly/sbin" "$wildfly/man/man1" "$wildfly/man/man8" "$wildfly/man" 2> /dev/null || true
  echo "Removed. The data directory was not touched."
else
  # The commands in sbin/ start sooner with it, and work without it.
  POSTRIDER_REHEARSAL=1 "$wildfly/sbin/userdb" > /dev/null 2>&1 || true
  echo "Configured. Next: $wildfly/bin/postrider.sh setup --home=DIRECTORY, then copy postrider.ear to"
  echo "$wildfly/standalone/deployments/ and start the server with -Dpostrider.home=DIRECTORY."
fi
