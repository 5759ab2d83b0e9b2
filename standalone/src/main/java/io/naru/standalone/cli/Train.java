package io.naru.standalone.cli;

import io.naru.standalone.DataFolder;
import io.naru.standalone.Standalone;
import io.naru.standalone.StandaloneSettings;
import io.naru.standalone.log.LogFile;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Starts Naru on a temporary folder, uses it a little and stops: what the JVM sees meanwhile goes into its
 * ahead-of-time cache. Not for people.
 */
@Command(name = "train", hidden = true, description = "Run once for the JVM's ahead-of-time cache.")
final class Train extends Subcommand {
    private static final int ROUNDS = 50;

    @Override
    public Integer call() throws IOException {
        Path temporary = Files.createTempDirectory("naru-train");
        try {
            StandaloneSettings settings = settings(temporary);
            DataFolder folder = new DataFolder(temporary);
            folder.prepare();
            LogFile.use(folder.logs().resolve("naru.log"), Map.of());
            try (Standalone _ = Standalone.start(settings)) {
                use(settings.url());
            }
        } finally {
            delete(temporary);
        }
        return 0;
    }

    private static void use(String url) throws IOException {
        call("GET", url + "/actuator/health/readiness", "application/json", "");
        call("POST", url + "/v1/topics", "application/json", "{\"name\":\"training\",\"partitions\":1}");
        String records = url + "/v1/topics/training/records";
        for (int round = 0; round < ROUNDS; round++) {
            call(
                    "POST",
                    records,
                    "application/json",
                    "{\"records\":[{\"key\":\"k\",\"value\":{\"round\":" + round + "}}]}");
            call("POST", records, "text/plain", "round " + round);
        }
        call("POST", records, "application/x-ndjson", "{\"value\":1}\n{\"value\":2}\n");
        call("GET", url + "/v1/topics/training/partitions/0/records?offset=earliest", "application/json", "");
    }

    private static void call(String method, String url, String contentType, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setRequestMethod(method);
        if (!body.isEmpty()) {
            connection.setRequestProperty("Content-Type", contentType);
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        if (status >= HttpURLConnection.HTTP_BAD_REQUEST) {
            throw new IOException(method + " " + url + " answered " + status);
        }
        connection.getInputStream().readAllBytes();
    }

    private static StandaloneSettings settings(Path data) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket one = new ServerSocket(0, 1, loopback);
                ServerSocket other = new ServerSocket(0, 1, loopback)) {
            return new StandaloneSettings(data, one.getLocalPort(), other.getLocalPort(), Map.of());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
