package io.naru.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PortOwnerTests {
    @Test
    void aFreePortPassesAndATakenOneDoesNot() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            assertThatThrownBy(() -> PortOwner.requireFree(port, "--port"))
                    .isInstanceOf(StartException.class)
                    .hasMessageStartingWith("port " + port + " is in use")
                    .hasMessageEndingWith("choose another with --port");
        }
        PortOwner.requireFree(port, "--port");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theOwnerIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortOwner.find(taken.getLocalPort()))
                    .contains("java (pid " + ProcessHandle.current().pid() + ")");
        }
    }
}
