package io.naru.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds out whether a port can be listened on, and who has it otherwise. Thread-safe. */
final class PortOwner {
    private static final int LISTENING = 0x0A;

    private PortOwner() {}

    /**
     * Passes if the port on loopback can be listened on now.
     *
     * @param flag the option that chooses another port
     * @throws StartException naming the port, its owner where the system tells, and the flag
     */
    static void requireFree(int port, String flag) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            String owner = find(port).map(who -> " by " + who).orElse("");
            throw new StartException("port " + port + " is in use" + owner + ": choose another with " + flag, e);
        }
    }

    /** The process that listens on the port, as "name (pid 42)"; empty where Linux' /proc is absent or does not tell. */
    static Optional<String> find(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                lines.skip(1).map(line -> line.strip().split("\\s+")).forEach(column -> {
                    // 1: local address:port in hexadecimal, 3: state, 9: the socket's inode.
                    String local = column[1];
                    if (Integer.parseInt(column[3], 16) == LISTENING
                            && Integer.parseInt(local.substring(local.indexOf(':') + 1), 16) == port) {
                        sockets.add("socket:[" + column[9] + "]");
                    }
                });
            } catch (IOException _) {
                // Not Linux, or without IPv6.
            }
        }
        return sockets.isEmpty()
                ? Optional.empty()
                : ProcessHandle.allProcesses()
                        .filter(process -> holds(process.pid(), sockets))
                        .findFirst()
                        .map(process -> name(process) + " (pid " + process.pid() + ")");
    }

    private static boolean holds(long pid, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException _) {
            // Another user's process, or one that has just ended.
        }
        return false;
    }

    private static String name(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString())
                .orElse("a process");
    }
}
