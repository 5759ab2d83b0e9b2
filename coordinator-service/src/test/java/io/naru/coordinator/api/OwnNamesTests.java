package io.naru.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnNamesTests {
    @Test
    void loopbackIsOursUnderAnyPort() {
        var names = new OwnNames("127.0.0.1", List.of());

        assertThat(List.of("localhost", "LOCALHOST:9080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:9080"))
                .allMatch(names::isOurHost);
        assertThat(List.of(
                        "evil.example",
                        "localhost.evil.example",
                        "127.0.0.1.evil.example:9080",
                        "10.0.0.5",
                        "",
                        "[::2]"))
                .noneMatch(names::isOurHost);
    }

    @Test
    void theBindAddressAndConfiguredNamesAreOurs() {
        var names = new OwnNames("10.0.0.5", List.of("coordinator-1.naru", " other "));

        assertThat(List.of("10.0.0.5:9080", "coordinator-1.naru:80", "Other")).allMatch(names::isOurHost);
        assertThat(new OwnNames("fe80::1", List.of()).isOurHost("[fe80::1]:9080"))
                .isTrue();
    }

    @Test
    void onAllAddressesAnyAddressIsOursButNoName() {
        for (String all : List.of("0.0.0.0", "::")) {
            var names = new OwnNames(all, List.of());
            assertThat(List.of("10.1.2.3:9080", "[fe80::1]:9080")).allMatch(names::isOurHost);
            assertThat(names.isOurHost("evil.example")).isFalse();
        }
        assertThat(new OwnNames(null, List.of()).isOurHost("10.1.2.3")).isTrue();
    }

    @Test
    void anOriginIsOursOnlyWhenItIsWhereTheRequestWent() {
        var names = new OwnNames("127.0.0.1", List.of());

        assertThat(names.isOurOrigin("http://localhost:9080", "localhost:9080")).isTrue();
        assertThat(names.isOurOrigin("http://localhost:3000", "localhost:9080")).isFalse();
        assertThat(names.isOurOrigin("null", "localhost:9080")).isFalse();
        assertThat(names.isOurOrigin("http://localhost:9080", null)).isFalse();
    }
}
