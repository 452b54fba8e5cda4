#!/bin/sh
# @tool@ of Postrider: see @tool@(@section@), or @tool@ --help. Runs from anywhere, by symbolic links too.
script=$0
while [ -L "$script" ]; do
  link=$(readlink "$script")
  case $link in
    /*) script=$link ;;
    *) script=${script%/*}/$link ;;
  esac
done
case $script in */*) ;; *) script=./$script ;; esac
server=$(CDPATH= cd -P -- "${script%/*}/.." && pwd -P) || exit 1

# Java 25 or newer: JAVA_HOME's, the path's, the one that the data directory was made with, or what the system has. Its
# file "release" tells the version without the start of a JVM.
is_new() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  while read -r line; do
    case $line in
      JAVA_VERSION=\"2[5-9]* | JAVA_VERSION=\"[3-9][0-9]*) return 0 ;;
    esac
  done < "$1/release"
  return 1
}
noted=
if [ -r "$server/standalone/configuration/postrider-tools" ]; then
  while IFS= read -r line; do
    case $line in java=*) noted=${line#java=} ;; esac
  done < "$server/standalone/configuration/postrider-tools"
fi
java=
if [ -n "${JAVA_HOME-}" ] && is_new "$JAVA_HOME"; then
  java=$JAVA_HOME
else
  path=$(command -v java) && path=$(readlink -f "$path") && path=${path%/bin/java}
  for candidate in "$path" "$noted" /usr/lib/jvm/*; do
    if is_new "$candidate"; then
      java=$candidate
      break
    fi
  done
fi
if [ -z "$java" ]; then
  echo "@tool@ needs Java 25 or newer, and none was found: set JAVA_HOME to one." >&2
  exit 1
fi

classes=
for jar in "$server"/modules/org/postrider/*/main/*.jar; do
  case $jar in
    */tool/main/*) ;;
    *) classes=$classes${classes:+:}$jar ;;
  esac
done
for jar in rar-classes ejb-classes caffeine; do
  classes=$classes:$server/modules/org/postrider/tool/main/$jar.jar
done
asks=false
[ -t 0 ] && asks=true
shows=false
[ -t 2 ] && shows=true

# Arguments are UTF-8 whatever the locale; and what is meant for other programs on Java is not for this one.
export LC_ALL=C.UTF-8
unset JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS CLASSPATH
set -- "-Djava.util.logging.config.file=$server/modules/org/postrider/tool/main/logging.properties" \
  "-Dpostrider.server=$server" "-Dpostrider.asks=$asks" "-Dpostrider.shows=$shows" \
  -cp "$classes" org.postrider.tool.Tools @tool@ "$@"

# Classes in the form in which they lie in memory, made when the server was set up, and as trusted as the jars beside
# it. The JVM looks whether it fits Java and the jars, and otherwise does without, which costs a tenth of a second.
cache=$server/modules/org/postrider/tool/main/tools.aot
if [ -n "${POSTRIDER_REHEARSAL-}" ]; then
  "$java/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
    -Xlog:disable -XX:AOTCacheOutput="$cache.new" -cp "$classes" org.postrider.tool.Rehearsal &&
    mv "$cache.new" "$cache"
  exit
fi
[ -r "$cache" ] && set -- -XX:AOTCache="$cache" -Xlog:disable "$@"
exec "$java/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData --enable-native-access=ALL-UNNAMED "$@"
