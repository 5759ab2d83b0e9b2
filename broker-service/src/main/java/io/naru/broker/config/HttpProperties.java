package io.naru.broker.config;

import io.naru.broker.api.web.HttpLimits;
import io.naru.broker.api.web.MemoryBudget;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the HTTP API protects itself: the properties {@code http.*}. Sizes are bytes, or carry a unit as in {@code 16MB}.
 *
 * @param maxRequestBytes see {@link HttpLimits#maxRequestBytes}
 * @param maxRequestRecords see {@link HttpLimits#maxRequestRecords}
 * @param maxJsonDepth see {@link HttpLimits#maxJsonDepth}
 * @param maxBodiesBytes see {@link HttpLimits#maxBodiesBytes}; 0 for a quarter of the heap
 * @param bodyTimeout see {@link HttpLimits#bodyTimeout}
 * @param maxAnswersBytes of all answers to reading calls that are being made or sent at a time; 0 for a quarter of the
 *     heap
 * @param stallTimeout longest time in which a client may take nothing of what is being sent to it
 * @param allowedHosts further names this broker goes by, each {@code host} or {@code host:port}
 */
@ConfigurationProperties("http")
public record HttpProperties(
        @DefaultValue("16MB") DataSize maxRequestBytes,
        @DefaultValue("100000") int maxRequestRecords,
        @DefaultValue("500") int maxJsonDepth,
        @DefaultValue("0") DataSize maxBodiesBytes,
        @DefaultValue("60s") Duration bodyTimeout,
        @DefaultValue("0") DataSize maxAnswersBytes,
        @DefaultValue("60s") Duration stallTimeout,
        @DefaultValue List<String> allowedHosts) {

    public HttpProperties {
        if (stallTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("http.stall-timeout is at least 1ms; " + stallTimeout + " is not");
        }
    }

    HttpLimits limits() {
        return new HttpLimits(
                Math.toIntExact(maxRequestBytes.toBytes()),
                maxRequestRecords,
                maxJsonDepth,
                maxBodiesBytes.toBytes() > 0
                        ? maxBodiesBytes.toBytes()
                        : Math.max(maxRequestBytes.toBytes(), quarterOfTheHeap()),
                bodyTimeout);
    }

    /** What all answers to reading calls may hold. */
    MemoryBudget answerMemory() {
        long bytes = maxAnswersBytes.toBytes();
        return new MemoryBudget("http.max-answers-bytes", bytes > 0 ? bytes : quarterOfTheHeap());
    }

    private static long quarterOfTheHeap() {
        return Runtime.getRuntime().maxMemory() / 4;
    }
}
