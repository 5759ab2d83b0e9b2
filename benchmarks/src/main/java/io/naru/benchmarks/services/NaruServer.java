package io.naru.benchmarks.services;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Naru of one broker and one coordinator, started as a user starts it. */
public final class NaruServer implements Server {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String FIRST_TOPIC = "first-record";

    private final InetSocketAddress address;
    private final ServerProcess process;
    private final Duration untilFirstRecord;

    private NaruServer(InetSocketAddress address, ServerProcess process, Duration untilFirstRecord) {
        this.address = address;
        this.process = process;
        this.untilFirstRecord = untilFirstRecord;
    }

    /**
     * How to start Naru: the front door, or a Java command line that means the same.
     *
     * @param command everything before {@code up}
     * @param environment added to that of this process
     */
    public record Launcher(List<String> command, Map<String, String> environment) {
        public Launcher {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        /** Starts what the {@code naru} script has built, and builds nothing. */
        public static Launcher script(Path naru) {
            return new Launcher(List.of(naru.toString()), Map.of("NARU_NO_BUILD", "1"));
        }

        /** The same, but may first build, or make what speeds later starts up. */
        public Launcher mayBuild() {
            return new Launcher(command, Map.of());
        }
    }

    /**
     * Starts Naru on free ports and returns once it has stored a record.
     *
     * @param folder for its data and its output; exists and is new
     * @throws IllegalStateException with the end of its output, if it ends or stays mute
     */
    public static NaruServer start(Launcher launcher, Path folder) throws IOException {
        int[] ports = FreePorts.find(2);
        List<String> command = new ArrayList<>(launcher.command());
        command.addAll(List.of(
                "up",
                "--port",
                Integer.toString(ports[0]),
                "--coordinator-port",
                Integer.toString(ports[1]),
                "--data",
                folder.resolve("data").toString()));
        InetSocketAddress address = FreePorts.address(ports[0]);
        ServerProcess process = ServerProcess.start(command, launcher.environment(), folder.resolve("output"));
        try {
            long storedAt = new FirstRecord(address, FIRST_TOPIC, Topics.creation(address, FIRST_TOPIC, 1, true))
                    .await(PATIENCE, process::checkAlive);
            return new NaruServer(address, process, Duration.ofNanos(storedAt - process.startedAt()));
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** From just before the process was made until its first record had been acknowledged. */
    public Duration untilFirstRecord() {
        return untilFirstRecord;
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
