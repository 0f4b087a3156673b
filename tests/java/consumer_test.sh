#!/usr/bin/env bash
# A project of somebody else uses the jar: through Maven, on the class path and as a module.
# Everything happens in a temporary folder.
#
# usage: consumer_test.sh [MAVEN_OPTION...]      such as -o, or -Dlinnet.source=DIR
#
# SPDX-License-Identifier: MIT
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=$root/examples/pictures

fail() { echo "consumer_test: $*" >&2; exit 1; }

# A repository of its own; plugins come from the user's, if that has them.
mkdir "$work/repository"
if [ -d "$HOME/.m2/repository" ]; then
    cp -a "$HOME/.m2/repository/." "$work/repository" 2>/dev/null || true
    rm -rf "$work/repository/org/linnet"
fi
maven() { mvn -q -B "-Dmaven.repo.local=$work/repository" "$@"; }

maven -f "$root/bindings/java/pom.xml" install -DskipTests "$@"
jar=$work/repository/org/linnet/linnet/1.0.0/linnet-1.0.0.jar
[ -f "$jar" ] || fail "mvn install made no jar"

# The example, as its own project.
cp -r "$root/examples/classify/java" "$work/classify"
rm -rf "$work/classify/target"
maven -f "$work/classify/pom.xml" package "$@"
run() { java "-Dlinnet.extract.dir=$work/extracted" "$@"; }
run -jar "$work/classify/target/classify.jar" "$pictures/cat_1.png" "$pictures/ship_1.png" \
    >"$work/one.txt"
grep -q '^  0\.[0-9]\{4\}  cat$' "$work/one.txt" || fail "no cat in $(cat "$work/one.txt")"
[ "$(wc -l <"$work/one.txt")" = 12 ] || fail "expected 12 lines: $(cat "$work/one.txt")"

# The same without a build: Java runs the source file. Same bytes, also with threads.
run -cp "$jar" "$root/examples/classify/java/src/main/java/Classify.java" --threads 3 \
    --model "$root/examples/model/default.onnx" "$pictures/cat_1.png" "$pictures/ship_1.png" \
    >"$work/two.txt"
cmp "$work/one.txt" "$work/two.txt" || fail "the two ways differ"

# Errors: the others are still done, and the status tells.
echo junk >"$work/junk.png"
status=0
run -jar "$work/classify/target/classify.jar" "$work/junk.png" "$pictures/cat_1.png" \
    >"$work/out.txt" 2>"$work/err.txt" || status=$?
[ "$status" = 1 ] || fail "status $status for a broken picture"
grep -q "^classify: $work/junk.png: " "$work/err.txt" || fail "says $(cat "$work/err.txt")"
[ "$(wc -l <"$work/out.txt")" = 6 ] || fail "the good picture is missing"
status=0
run -jar "$work/classify/target/classify.jar" 2>/dev/null || status=$?
[ "$status" = 2 ] || fail "status $status without pictures"

# As a module of a modular program.
mkdir -p "$work/module/user"
cat >"$work/module/module-info.java" <<'END'
module user {
  requires org.linnet;
  requires java.desktop;
}
END
cat >"$work/module/user/Main.java" <<'END'
package user;

import java.nio.file.Path;
import org.linnet.Classifier;

public class Main {
  public static void main(String[] arguments) {
    try (Classifier classifier = new Classifier()) {
      System.out.println(classifier.classify(Path.of(arguments[0]), 1).get(0).label());
    }
  }
}
END
javac -p "$jar" -d "$work/modules" "$work/module/module-info.java" "$work/module/user/Main.java"
label=$(run -p "$jar:$work/modules" -m user/user.Main "$pictures/frog_1.png")
[ "$label" = frog ] || fail "the module says '$label'"

echo "consumer_test: passed"
