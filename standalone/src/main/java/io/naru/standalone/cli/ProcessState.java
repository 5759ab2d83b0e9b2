package io.naru.standalone.cli;

import io.naru.standalone.RunFile;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Locale;

/** How a process fares, as {@code status} tells it. */
enum ProcessState {
    READY,
    NOT_READY,
    STARTING,
    UNRESPONSIVE,
    STOPPED;

    private static final int TIMEOUT_MS = 2_000;

    /** Looks at the process and asks its readiness; takes up to four seconds where nothing answers. */
    static ProcessState of(RunFile file) {
        if (!file.isLive()) {
            return STOPPED;
        }
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create(file.url() + "/actuator/health/readiness")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK ? READY : NOT_READY;
            } finally {
                connection.disconnect();
            }
        } catch (IOException _) {
            return file.ready() ? UNRESPONSIVE : STARTING;
        }
    }

    /** The state as printed, for instance {@code not_ready}. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
