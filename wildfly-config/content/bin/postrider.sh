#!/bin/sh
# The command line of Postrider, in the bin/ of a WildFly: postrider.sh --help
set -eu
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
  -jar "$home/jboss-modules.jar" -mp "$home/modules" org.postrider.tool "$@"
