// SPDX-License-Identifier: MIT

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.linnet.Classifier;
import org.linnet.LinnetException;
import org.linnet.Model;
import org.linnet.Prediction;

/**
 * Says what is on pictures: the five most probable classes of each.
 *
 * <pre>
 *     mvn install                  in bindings/java, once: builds the jar
 *     java -cp bindings/java/target/linnet-1.0.0.jar \
 *         examples/classify/java/src/main/java/Classify.java PICTURE...
 * </pre>
 *
 * Or, as a Maven project: "mvn package" here, then java -jar target/classify.jar PICTURE...
 *
 * <p>The same program exists in C, C++, Python and Go; for lossless pictures all print the same
 * bytes.
 */
public final class Classify {
  private static final String USAGE = "usage: classify [--model MODEL] [--threads N] PICTURE...";
  private static final String HELP = USAGE + "\n\n"
      + "Says what is on pictures: the five most probable classes of each.\n\n"
      + "  --model MODEL  a model file (default: the embedded model)\n"
      + "  --threads N    threads of a run, 1 to 64 (default 1)\n"
      + "  -h, --help     this text\n";

  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private final PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
  private final List<String> pictures = new ArrayList<>();
  private String model;
  private int threads = 1;

  public static void main(String[] arguments) {
    System.exit(new Classify().run(List.of(arguments)));
  }

  private int run(List<String> arguments) {
    if (arguments.contains("-h") || arguments.contains("--help")) {
      out.print(HELP);
      out.flush();
      return 0;
    }
    try {
      parse(arguments);
    } catch (IllegalArgumentException error) {
      err.print(USAGE + "\nclassify: " + error.getMessage() + "\n");
      return 2;
    }
    try (Model opened = model == null ? Model.embedded() : Model.open(Path.of(model));
        Classifier classifier = new Classifier(opened, threads)) {
      return classifyAll(classifier);
    } catch (LinnetException | InvalidPathException error) {
      err.print("classify: " + error.getMessage() + "\n");
      return 1;
    } finally {
      out.flush();
    }
  }

  private void parse(List<String> arguments) {
    boolean options = true;
    for (int i = 0; i < arguments.size(); i++) {
      final String argument = arguments.get(i);
      if (!options || !argument.startsWith("-")) {
        pictures.add(argument);
      } else if (argument.equals("--")) {
        options = false;
      } else if (argument.contains("=")) {
        final int equals = argument.indexOf('=');
        set(argument.substring(0, equals), argument.substring(equals + 1));
      } else {
        set(argument, ++i < arguments.size() ? arguments.get(i) : null);
      }
    }
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("no picture is given");
    }
  }

  private void set(String option, String value) {
    if (!option.equals("--model") && !option.equals("--threads")) {
      throw new IllegalArgumentException("there is no option " + option);
    }
    if (value == null) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    if (option.equals("--model")) {
      model = value;
    } else {
      threads = positive(value);
    }
  }

  private static int positive(String text) {
    try {
      final int value = Integer.parseInt(text);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException error) {
      // told below
    }
    throw new IllegalArgumentException("'" + text + "' is not a number of 1 or more");
  }

  private int classifyAll(Classifier classifier) {
    boolean failed = false;
    for (String picture : pictures) {
      try {
        print(picture, classifier.classify(Path.of(picture), 5));
      } catch (LinnetException | InvalidPathException error) {
        final String text = error.getMessage();
        final String prefix = text.startsWith(picture) ? "" : picture + ": ";
        out.flush();
        err.print("classify: " + prefix + text + "\n");
        failed = true;
      }
    }
    return failed ? 1 : 0;
  }

  private void print(String picture, List<Prediction> predictions) {
    out.print(picture + "\n");
    for (Prediction each : predictions) {
      out.print("  " + fourDecimals(each.probability()) + "  " + each.label() + "\n");
    }
  }

  /** As C's "%.4f": String.format would round the decimal text of the number once more. */
  static String fourDecimals(float number) {
    if (Float.isNaN(number)) {
      return "nan";
    }
    return new BigDecimal(number).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
  }
}
