package org.postrider.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.postrider.benchmark.Comparison.Measurement;

/**
 * What was found: as a table to read, as CSV to reckon with, as SVG to look at.
 *
 * @param servers in the order of the columns; the others are compared with the first
 * @param measurements of one run, at least one of each server and scenario
 */
record Report(List<String> servers, List<Measurement> measurements) {

  private static final String[] COLOURS = {"#1b6ca8", "#b0620e", "#5b7f2b", "#7a4b8c"};

  private List<Scenario> scenarios() {
    return measurements.stream().map(Measurement::scenario).distinct().toList();
  }

  private List<Sample> samples(String server, Scenario scenario) {
    return measurements.stream()
        .filter(it -> it.server().equals(server) && it.scenario().equals(scenario))
        .map(Measurement::sample)
        .toList();
  }

  private double median(String server, Scenario scenario) {
    return Sample.median(
        samples(server, scenario).stream().mapToDouble(Sample::perSecond).toArray());
  }

  /** A table in Markdown: medians over the rounds, how far the rounds lie apart, and ratios. */
  String table() {
    List<String> head = new ArrayList<>(List.of("operations a second"));
    head.addAll(servers);
    servers.stream().skip(1).forEach(other -> head.add(servers.getFirst() + " / " + other));
    servers.forEach(server -> head.add("CPU ms each, " + server));
    servers.forEach(server -> head.add("p50 / p99 ms, " + server));
    StringBuilder table = new StringBuilder("| " + String.join(" | ", head) + " |\n|");
    head.forEach(column -> table.append(column.equals(head.getFirst()) ? " --- |" : " ---: |"));
    table.append('\n');
    for (Scenario scenario : scenarios()) {
      table.append("| ").append(scenario.name()).append(" |");
      for (String server : servers) {
        double[] rates =
            samples(server, scenario).stream().mapToDouble(Sample::perSecond).toArray();
        long errors = samples(server, scenario).stream().mapToLong(Sample::errors).sum();
        table.append(
            format(
                " **%s** (%s–%s)%s |",
                number(Sample.median(rates)),
                number(DoubleStream.of(rates).min().orElseThrow()),
                number(DoubleStream.of(rates).max().orElseThrow()),
                errors == 0 ? "" : ", " + errors + " errors"));
      }
      for (String other : servers.subList(1, servers.size())) {
        table.append(
            format(" %.2f |", median(servers.getFirst(), scenario) / median(other, scenario)));
      }
      for (String server : servers) {
        double[] millis =
            measurements.stream()
                .filter(it -> it.server().equals(server) && it.scenario().equals(scenario))
                .mapToDouble(Measurement::processorMillis)
                .toArray();
        table.append(format(" %s |", number(Sample.median(millis))));
      }
      for (String server : servers) {
        List<Sample> samples = samples(server, scenario);
        table.append(
            format(
                " %s / %s |",
                number(Sample.median(samples.stream().mapToDouble(it -> it.millis(0.5)).toArray())),
                number(
                    Sample.median(samples.stream().mapToDouble(it -> it.millis(0.99)).toArray()))));
      }
      table.append('\n');
    }
    return table.toString();
  }

  /** A line for each measurement. */
  String csv() {
    StringBuilder csv =
        new StringBuilder(
            "server,scenario,unit,round,operations,seconds,per_second,p50_ms,p99_ms,cpu_ms_each,errors,load\r\n");
    for (Measurement it : measurements) {
      Sample sample = it.sample();
      csv.append(
          format(
              "%s,\"%s\",%s,%d,%d,%.3f,%.2f,%.3f,%.3f,%.3f,%d,%.2f\r\n",
              it.server(),
              it.scenario().name(),
              it.scenario().unit(),
              it.round(),
              sample.nanos().length,
              sample.seconds(),
              sample.perSecond(),
              sample.millis(0.5),
              sample.millis(0.99),
              it.processorMillis(),
              sample.errors(),
              it.load()));
    }
    return csv.toString();
  }

  /** Bars: one group a scenario, one bar a server, as long as its median is of the group's best. */
  String svg() {
    int bar = 14;
    int group = 30 + bar * servers.size();
    int height = 40 + group * scenarios().size();
    StringBuilder svg =
        new StringBuilder(
            format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"%d\""
                    + " font-family=\"sans-serif\" font-size=\"11\">\n",
                height));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    int y = 20;
    for (Scenario scenario : scenarios()) {
      svg.append(
          format(
              "<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s: %s a second</text>\n",
              y, escaped(scenario.name()), scenario.unit()));
      double best =
          servers.stream().mapToDouble(server -> median(server, scenario)).max().orElseThrow();
      for (int i = 0; i < servers.size(); i++) {
        double value = median(servers.get(i), scenario);
        int top = y + 6 + i * bar;
        svg.append(
            format(
                "<text x=\"10\" y=\"%d\">%s</text><rect x=\"90\" y=\"%d\" width=\"%.1f\""
                    + " height=\"%d\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\">%s</text>\n",
                top + 10,
                escaped(servers.get(i)),
                top,
                560 * value / Math.max(best, 1e-9),
                bar - 3,
                COLOURS[i % COLOURS.length],
                96 + 560 * value / Math.max(best, 1e-9),
                top + 10,
                number(value)));
      }
      y += group;
    }
    return svg.append("</svg>\n").toString();
  }

  private static String number(double value) {
    return format(value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
