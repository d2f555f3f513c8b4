package io.neurograft.simulator.command;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** What a command answered that was typed. */
record Typed(int code, String out, String err) {
  /** Types a command: its words after the program's name. */
  static Typed type(Object... words) {
    CommandLine line = Neurograft.commandLine();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int code = line.execute(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
    return new Typed(code, out.toString(), err.toString());
  }

  /** The same, as an operator at a coordinator. */
  static Typed operate(Path identity, String at, Object... words) {
    List<Object> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--coordinator", at, "--identity", identity));
    return type(all.toArray());
  }
}
