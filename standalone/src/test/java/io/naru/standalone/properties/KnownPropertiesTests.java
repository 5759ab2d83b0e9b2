package io.naru.standalone.properties;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownPropertiesTests {
    private final KnownProperties known = KnownProperties.ofBothServices();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broker.heartbeat-interval",
                "streams.chunk-bytes",
                "produce.max-pending-bytes",
                "http.allowed-hosts",
                "http.allowed-hosts[0]",
                "coordinator.urls",
                "coordinator.session.check-interval",
                "coordinator.limits.partitions-per-topic",
                "advertised.url",
                "log.dir",
                "log.dirs",
                "log.roll.hours",
                "log.segment.bytes",
                "log.flush.messages",
                "server.address",
                "server.max-http-request-header-size",
                "server.tomcat.threads.max",
                "spring.application.name",
                "spring.profiles.active",
                "spring.main.register-shutdown-hook",
                "logging.level.io.naru",
                "logging.level.root",
                "management.endpoints.web.exposure.include",
                "management.endpoint.health.group.readiness.include",
                "management.server.port",
                "springdoc.api-docs.path"
            })
    void whatTheServicesAndSpringDeclareIsKnown(String name) {
        assertThat(known.contains(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "log.segment.byte,             log.segment.bytes",
        "segment.bytes,                log.segment.bytes",
        "broker.heartbeatInterval,     broker.heartbeat-interval",
        "http.max-body-bytes,          http.max-bodies-bytes",
        "coordinator.sesion.timeout,   coordinator.session.timeout",
        "server.adress,                server.address",
        "logging.level,                logging.level.<key>",
        "broker.id[0],                 broker.id",
    })
    void whatIsMisspeltIsUnknownAndTheNearestIsTold(String name, String meant) {
        assertThat(known.contains(name)).isFalse();
        assertThat(known.nearest(name)).hasValue(meant);
    }

    @Test
    void nothingIsNearToNonsense() {
        assertThat(known.contains("frobnicate")).isFalse();
        assertThat(known.nearest("frobnicate")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',abc,3", "abc,'',3", "abc,abc,0", "kitten,sitting,3", "log.dir,log.dirs,1", "ab,ba,2"})
    void distanceIsTheFewestChanges(String one, String other, int changes) {
        assertThat(EditDistance.between(one, other)).isEqualTo(changes);
    }
}
