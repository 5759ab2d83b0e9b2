package io.naru.benchmarks.services;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@link BareHttp} in a process of its own, started with the JVM options of this one: the limit that Naru's HTTP
 * figures are put beside.
 */
public final class BareServer implements Server {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InetSocketAddress address;
    private final ServerProcess process;

    private BareServer(InetSocketAddress address, ServerProcess process) {
        this.address = address;
        this.process = process;
    }

    /**
     * Starts it on a free port and returns once it answers.
     *
     * @param folder for its output
     */
    public static BareServer start(Path folder) throws IOException {
        int port = FreePorts.find(1)[0];
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), BareHttp.class.getName(), Integer.toString(port)));
        InetSocketAddress address = FreePorts.address(port);
        ServerProcess process = ServerProcess.start(command, Map.of(), folder.resolve("bare-output"));
        BareServer server = new BareServer(address, process);
        try {
            new FirstRecord(address, "first-record", Topics.creation(address, "first-record", 1, true))
                    .await(PATIENCE, process::checkAlive);
            return server;
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Duration cpu() {
        return process.cpu();
    }

    @Override
    public long residentBytes() throws IOException {
        return process.residentBytes();
    }

    @Override
    public void close() {
        process.close();
    }
}
