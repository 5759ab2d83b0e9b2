package io.naru.broker.config;

import io.naru.broker.api.web.HttpLimits;
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
 * @param allowedHosts further names this broker goes by, each {@code host} or {@code host:port}
 */
@ConfigurationProperties("http")
public record HttpProperties(
        @DefaultValue("16MB") DataSize maxRequestBytes,
        @DefaultValue("100000") int maxRequestRecords,
        @DefaultValue("500") int maxJsonDepth,
        @DefaultValue("0") DataSize maxBodiesBytes,
        @DefaultValue("60s") Duration bodyTimeout,
        @DefaultValue List<String> allowedHosts) {

    HttpLimits limits() {
        long bodies = maxBodiesBytes.toBytes();
        return new HttpLimits(
                Math.toIntExact(maxRequestBytes.toBytes()),
                maxRequestRecords,
                maxJsonDepth,
                bodies > 0
                        ? bodies
                        : Math.max(
                                maxRequestBytes.toBytes(), Runtime.getRuntime().maxMemory() / 4),
                bodyTimeout);
    }
}
