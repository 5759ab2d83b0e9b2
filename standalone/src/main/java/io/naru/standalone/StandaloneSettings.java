package io.naru.standalone;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a standalone Naru is asked to be.
 *
 * @param data the data folder; made where it is missing
 * @param port the broker's port on loopback, 1 to 65535
 * @param coordinatorPort the coordinator's, another one
 * @param properties settings for both services, over their defaults
 */
public record StandaloneSettings(Path data, int port, int coordinatorPort, Map<String, String> properties) {
    /** Properties that follow from the other settings, and what to use instead of setting them. */
    private static final Map<String, String> OWNED = Map.of(
            "server.port", "use --port and --coordinator-port",
            "broker.id", "it follows from the order of the brokers",
            "coordinator.id", "it follows from the order of the coordinators",
            "coordinator.urls", "use --coordinator-port",
            "log.dir", "use --data",
            "coordinator.data-dir", "use --data",
            "management.server.port", "the two services would fight over one port");

    public StandaloneSettings {
        properties = Map.copyOf(properties);
        if (port == coordinatorPort) {
            throw new StartException("--port and --coordinator-port are both " + port + ": choose two different ports");
        }
        for (String property : properties.keySet()) {
            String instead = OWNED.get(property);
            if (instead != null) {
                throw new StartException("--set " + property + " can't be used here: " + instead);
            }
        }
    }

    /** Where users reach the broker. */
    public String url() {
        return "http://localhost:" + port;
    }

    /** Where the broker reaches the coordinator. */
    public String coordinatorUrl() {
        return "http://localhost:" + coordinatorPort;
    }

    /** All that the broker is started with. */
    Map<String, Object> forBroker(DataFolder folder) {
        Map<String, Object> all = forBoth(port);
        all.put("broker.id", 1);
        all.put("advertised.url", url());
        all.put("log.dir", folder.broker(1).toString());
        all.put("coordinator.urls", coordinatorUrl());
        all.putAll(properties);
        return all;
    }

    /** All that the coordinator is started with. */
    Map<String, Object> forCoordinator(DataFolder folder) {
        Map<String, Object> all = forBoth(coordinatorPort);
        all.put("coordinator.id", 1);
        all.put("coordinator.data-dir", folder.coordinator(1).toString());
        all.putAll(properties);
        return all;
    }

    private static Map<String, Object> forBoth(int port) {
        Map<String, Object> all = new HashMap<>();
        all.put("server.port", port);
        all.put("spring.main.banner-mode", "off");
        // Standalone closes the broker before the coordinator; Spring's own hook knows no such order.
        all.put("spring.main.register-shutdown-hook", false);
        return all;
    }
}
