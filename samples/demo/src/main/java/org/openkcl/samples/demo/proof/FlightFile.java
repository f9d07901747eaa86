package org.openkcl.samples.demo.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads data files: CSV with the header of {@link Flight#HEADER}, gzipped if named {@code .gz}. */
public final class FlightFile {
  private static final String SAMPLE = "/org/openkcl/samples/demo/flights-2001-q1.csv.gz";

  private FlightFile() {}

  /**
   * The flights of {@code file}, or of the sample that comes with the demo.
   *
   * @throws IOException if the file cannot be read; its message names the line that is wrong
   */
  public static List<Flight> read(Optional<Path> file) throws IOException {
    if (file.isPresent()) {
      try (InputStream in = Files.newInputStream(file.get())) {
        return read(in, file.get().toString());
      }
    }
    try (InputStream in =
        Objects.requireNonNull(FlightFile.class.getResourceAsStream(SAMPLE), SAMPLE)) {
      return read(in, SAMPLE);
    }
  }

  private static List<Flight> read(InputStream in, String name) throws IOException {
    InputStream text = name.endsWith(".gz") ? new GZIPInputStream(in) : in;
    BufferedReader reader = new BufferedReader(new InputStreamReader(text, UTF_8));
    String header = reader.readLine();
    if (!Flight.HEADER.equals(header)) {
      throw new IOException(
          name + " must begin with the line '" + Flight.HEADER + "': got '" + header + "'");
    }
    List<Flight> flights = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      try {
        flights.add(Flight.parse(line));
      } catch (IllegalArgumentException e) {
        throw new IOException(name + " line " + (flights.size() + 2) + ": " + e.getMessage(), e);
      }
    }
    return List.copyOf(flights);
  }
}
