package io.naru.broker.api.v1;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** How long requests take: {@code request_time}, with the kind of request as the tag {@code request}. */
public final class RequestTime {
    private RequestTime() {}

    /** Registers the timer of one kind of requests, a histogram from 1 ms to 30 s. */
    public static Timer timer(MeterRegistry registry, String request, String help) {
        return Timer.builder("request_time")
                .tag("request", request)
                .description(help)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
    }
}
