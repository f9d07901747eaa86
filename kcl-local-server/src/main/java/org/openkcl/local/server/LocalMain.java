package org.openkcl.local.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.openkcl.local.LocalCloud;
import org.openkcl.local.LocalCloudBuilder;
import org.openkcl.local.model.ServiceLimits;
import org.openkcl.local.model.StreamDescription;
import org.openkcl.local.model.StreamException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code kcl local}. */
@Command(
    name = "kcl local",
    sortOptions = false,
    description = {
      "Runs Kinesis, DynamoDB and an intake for CloudWatch metrics on this machine, for programs in"
          + " any language, until it is stopped (Ctrl-C). Any credentials will do.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "1:it could not start; the reason is printed",
      "2:the command line is wrong",
      "130, 143:it was stopped"
    })
final class LocalMain implements Callable<Integer> {
  @Option(
      names = "--kinesis-port",
      paramLabel = "PORT",
      defaultValue = "4567",
      description = "Port of Kinesis; 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int kinesisPort;

  @Option(
      names = "--dynamodb-port",
      paramLabel = "PORT",
      defaultValue = "8000",
      description = "Port of DynamoDB (default: ${DEFAULT-VALUE}).")
  private int dynamoDbPort;

  @Option(
      names = "--cloudwatch-port",
      paramLabel = "PORT",
      defaultValue = "4582",
      description = "Port of the CloudWatch intake (default: ${DEFAULT-VALUE}).")
  private int cloudWatchPort;

  @Option(
      names = "--stream",
      paramLabel = "NAME[:SHARDS]",
      converter = WantedStream.Converter.class,
      description = "Create a stream, unless it exists; may be given several times.")
  private List<WantedStream> wanted = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep streams and tables in this folder. What was acknowledged survives the end of the"
              + " process, however it ends. Without it everything is in memory.")
  private @Nullable Path data;

  @Option(
      names = "--wait-for-disk",
      description =
          "With --data: acknowledge changes to streams once they are on the disk, so that they"
              + " survive the end of the machine too. Slower.")
  private boolean waitForDisk;

  @Option(
      names = "--tls",
      paramLabel = "FILE",
      description =
          "Serve Kinesis over TLS too, on the same port, and write the certificate that programs are"
              + " to trust to this file (PEM).")
  private @Nullable Path certificate;

  @Option(
      names = "--limits",
      description = "Enforce the service's limits per shard and its call rates.")
  private boolean limits;

  @Option(
      names = "--realistic",
      description =
          "Limits, and delays like the service's: creating, resharding, settings, listing.")
  private boolean realistic;

  @Option(names = "--quiet", description = "Print the endpoints only, no settings to copy.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private final PrintWriter out;
  private final CountDownLatch stopped = new CountDownLatch(1);

  LocalMain(PrintWriter out) {
    this.out = out;
  }

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    System.exit(new CommandLine(new LocalMain(out)).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (waitForDisk && data == null) {
      throw new ParameterException(
          spec.commandLine(), "--wait-for-disk is of use with --data only: say where to keep data");
    }
    LocalCloud cloud;
    try {
      cloud = builder().start();
    } catch (IllegalStateException cannot) {
      return fail(cannot.getMessage() + (isPortTaken(cannot) ? hint() : ""));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(cloud), "stop"));
    try {
      create(cloud);
      if (certificate != null) {
        Files.writeString(certificate, cloud.certificatePem());
      }
    } catch (StreamException refused) {
      return fail("--stream cannot be created: " + refused.getMessage());
    } catch (IOException unwritable) {
      return fail("The certificate cannot be written: " + unwritable);
    }
    out.print(new Banner(cloud, data, certificate).text(!quiet));
    out.println("Ready.");
    out.flush();
    stopped.await();
    return 0;
  }

  private LocalCloudBuilder builder() {
    LocalCloudBuilder builder = LocalCloud.builder()
        .kinesisPort(kinesisPort)
        .dynamoDbPort(dynamoDbPort)
        .cloudWatchPort(cloudWatchPort);
    if (data != null) {
      builder.dataFolder(data).waitForDisk(waitForDisk);
    }
    if (certificate != null) {
      builder.tls();
    }
    if (realistic) {
      builder.realistic();
    } else if (limits) {
      builder.limits(ServiceLimits.service());
    }
    return builder;
  }

  private void create(LocalCloud cloud) {
    cloud.changeStreams(streams -> {
      List<String> present =
          streams.listStreams().stream().map(StreamDescription::name).toList();
      for (WantedStream stream : wanted) {
        if (!present.contains(stream.name())) {
          streams.createStream(stream.name(), stream.shards());
        }
      }
    });
  }

  private void stop(LocalCloud cloud) {
    cloud.close();
    out.println("Stopped.");
    out.flush();
    stopped.countDown();
  }

  private int fail(@Nullable String why) {
    System.err.println("kcl local: " + why);
    return 1;
  }

  private static boolean isPortTaken(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("cannot listen on");
  }

  private static String hint() {
    return ". Is another kcl local, or something else, listening there? Stop it, or choose other"
        + " ports with --kinesis-port, --dynamodb-port and --cloudwatch-port (0: any free one).";
  }
}
