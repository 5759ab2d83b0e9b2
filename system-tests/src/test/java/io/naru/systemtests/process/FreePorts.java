package io.naru.systemtests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Different ports on loopback that nobody listened on a moment ago; the coordinator's Raft port is free, too. */
public record FreePorts(int broker, int coordinator) {
    /** Between the coordinator's two ports. */
    private static final int RAFT_DISTANCE = 1_000;

    private static final int ATTEMPTS = 20;

    public static FreePorts find() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        IOException last = new IOException("not tried");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (ServerSocket broker = new ServerSocket(0, 1, loopback);
                    ServerSocket coordinator = new ServerSocket(0, 1, loopback);
                    ServerSocket _ = new ServerSocket(coordinator.getLocalPort() + RAFT_DISTANCE, 1, loopback)) {
                return new FreePorts(broker.getLocalPort(), coordinator.getLocalPort());
            } catch (IOException e) {
                last = e;
            }
        }
        throw new UncheckedIOException(last);
    }
}
