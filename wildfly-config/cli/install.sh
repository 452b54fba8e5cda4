#!/bin/sh
# Lays Postrider's modules over a WildFly and configures it, offline; or takes both away again.
#   install.sh WILDFLY              beside whatever that WildFly runs
#   install.sh --dedicated WILDFLY  it runs nothing else (dedicated.cli tells what that changes)
#   install.sh --remove WILDFLY     takes back the first form; mail, accounts and certificates stay
# Or installs a server of its own, complete, from what `mvn package` made; again over the old one to upgrade it:
#   install.sh --prefix PREFIX [--home DIRECTORY] [--user USER]
# The data directory is PREFIX/data unless --home names one. With --user, which root gives, it belongs to that user, and
# the server runs as that user.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)

refuse() {
  echo "$1" >&2
  exit 1
}

# A server of its own.
install_prefix() {
  prefix= home= user=
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix | --home | --user) [ $# -gt 1 ] || refuse "$1 needs a value." ;;
    esac
    case $1 in
      --prefix) prefix=$2 && shift 2 ;;
      --prefix=*) prefix=${1#*=} && shift ;;
      --home) home=$2 && shift 2 ;;
      --home=*) home=${1#*=} && shift ;;
      --user) user=$2 && shift 2 ;;
      --user=*) user=${1#*=} && shift ;;
      *) refuse "usage: install.sh --prefix PREFIX [--home DIRECTORY] [--user USER]" ;;
    esac
  done
  case $prefix$home$user in
    *[\\\"\$\`%\&\|]* | *"
"*) refuse "PREFIX, DIRECTORY and USER may not have any of \\ \" \$ \` % & | or a line feed in them." ;;
  esac
  [ -n "$prefix" ] || refuse "--prefix needs a directory."
  [ -z "$user" ] || id -u -- "$user" > /dev/null || exit 1
  for built in "$here/../../ear/target" "$here/../.."; do
    [ -f "$built/postrider.ear" ] && [ -f "$built/server/jboss-modules.jar" ] && break
    built=
  done
  [ -n "$built" ] || refuse "There is no server in ear/target/: mvn -DskipTests package makes it."

  if [ -e "$prefix" ] && [ ! -f "$prefix/jboss-modules.jar" ] && [ -n "$(ls -A "$prefix")" ]; then
    refuse "$prefix has other files in it: name a new directory, or one with a Postrider."
  fi
  mkdir -p "$prefix"
  prefix=$(CDPATH= cd -P -- "$prefix" && pwd -P)
  # Of an upgrade: the data directory that was noted, unless another is named.
  note=$prefix/standalone/configuration/postrider-tools
  if [ -z "$home" ] && [ -r "$note" ]; then
    home=$(sed -n 's/^home=//p' "$note")
  fi
  home=${home:-$prefix/data}
  case $home in /*) ;; *) home=$PWD/$home ;; esac
  if [ -x "$prefix/sbin/imapd" ] && POSTRIDER_HOME=$home "$prefix/sbin/imapd" status > /dev/null 2>&1; then
    refuse "The server there is running: stop it first ($prefix/sbin/imapd stop)."
  fi

  settings=$prefix/standalone/configuration/standalone.xml
  if [ -f "$settings" ] && ! cmp -s "$settings" "$built/server/standalone/configuration/standalone.xml"; then
    cp -p "$settings" "$settings.before"
    echo "The old $settings is kept as standalone.xml.before."
  fi
  rm -rf "$prefix/modules"
  cp -R "$built/server/." "$prefix/"
  cp "$built/postrider.ear" "$prefix/standalone/deployments/postrider.ear"
  POSTRIDER_REHEARSAL=1 "$prefix/sbin/userdb" > /dev/null 2>&1 || true

  if [ ! -d "$home" ]; then
    mkdir -p "$home"
    chmod 700 "$home"
  fi
  # Accounts may be made before the first start.
  if [ ! -d "$home/etc" ]; then
    mkdir "$home/etc"
    chmod 700 "$home/etc"
  fi
  java=$(sed -n 's/^java=/java=/p' "$note" 2> /dev/null || true)
  printf 'home=%s\n%s\n' "$home" "$java" > "$note"
  if [ -n "$user" ]; then
    # What the server itself keeps; Maildirs are their accounts'.
    for part in "$home" "$home/etc" "$home/tls" "$home/log" "$home/mail" "$home/run" "$home/imapd.lock"; do
      if [ -e "$part" ]; then chown -h "$user:$(id -g -- "$user")" "$part"; fi
    done
    for part in etc tls log run; do
      if [ -d "$home/$part" ]; then find "$home/$part" -user root -exec chown -h "$user:" {} +; fi
    done
  fi
  if [ -n "$user" ]; then
    # Readable, not more: what root's commands believe stays root's.
    find "$prefix/standalone/configuration" -type f ! -perm -004 \
      -exec chgrp "$(id -g -- "$user")" {} + -exec chmod g+r,o-rwx {} +
  fi
  # Says so here if there is no Java that is new enough.
  "$prefix/sbin/imapd" --help > /dev/null

  owner=$(stat -c %U "$home")
  more=
  [ "$owner" != root ] || more=" CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_SETUID CAP_SETGID CAP_KILL"
  for service in systemd/postrider.service init.d/postrider; do
    mkdir -p "$prefix/share/${service%/*}"
    template=$here/service/postrider.init
    [ "$service" = init.d/postrider ] || template=$here/service/postrider.service
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@HOME@|$home|g" -e "s|@USER@|$owner|g" -e "s|@CAPABILITIES@|$more|g" \
      "$template" > "$prefix/share/$service"
  done
  chmod 755 "$prefix/share/init.d/postrider"
  echo "Installed in $prefix; the data directory is $home."
  echo "Start it: $prefix/sbin/imapd start"
}

case ${1-} in
  --prefix | --prefix=*)
    install_prefix "$@"
    exit
    ;;
esac
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
  echo "       install.sh --prefix PREFIX [--home DIRECTORY] [--user USER]" >&2
  echo "WILDFLY is the directory of a WildFly: it has a jboss-modules.jar." >&2
  exit 2
fi
if [ "$mode" = --remove ] && [ -e "$wildfly/standalone/deployments/postrider.ear" ]; then
  echo "Take $wildfly/standalone/deployments/postrider.ear away first." >&2
  exit 1
fi
# What --dedicated took out of the configuration is written nowhere, so it cannot be put back; and half of it would not start.
if [ "$mode" = --remove ] &&
  grep -q 'key-store name="postrider-console"' "$wildfly/standalone/configuration/${SERVER_CONFIG:-standalone.xml}"; then
  echo "$wildfly was configured with --dedicated, which cannot be taken back: unpack a new WildFly instead of it." >&2
  echo "Mail, accounts and certificates are in the data directory. Nothing was changed." >&2
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
