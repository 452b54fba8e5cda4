#!/bin/sh
# The command line of Postrider, in the bin/ of a WildFly: postrider.sh --help
set -eu
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
case $("$java" --version 2>/dev/null) in
  "openjdk 2"[5-9]*|"java 2"[5-9]*|"openjdk "[3-9][0-9]*|"java "[3-9][0-9]*) ;;
  *)
    echo "Postrider needs Java 25 or newer: set JAVA_HOME to one ($java is older, or missing)." >&2
    exit 1
    ;;
esac
exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  -Dpostrider.server="$home" -jar "$home/jboss-modules.jar" -mp "$home/modules" org.postrider.tool "$@"
