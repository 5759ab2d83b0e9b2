package io.naru.commitlog.producer;

/**
 * What a log remembers of those who write it.
 *
 * @param producerExpirationMillis silence in ms after which a producer is forgotten ({@code producer.id.expiration.ms})
 * @param maxProducers producers remembered at once, about 300 bytes of memory each; beyond them the longest silent one
 *     is forgotten, if it has been silent for longer than anybody retries, or else a new one is refused
 * @param keyExpirationMillis time in ms for which a request's key is remembered
 * @param maxKeys batches of requests with a key remembered at once, about 60 bytes of memory each; beyond them new ones
 *     are refused
 */
public record ProducerLimits(long producerExpirationMillis, int maxProducers, long keyExpirationMillis, int maxKeys) {
    /** A day for producers, as in Kafka, and an hour for keys. */
    public static final ProducerLimits DEFAULT = new ProducerLimits(86_400_000, 10_000, 3_600_000, 100_000);

    public ProducerLimits {
        if (producerExpirationMillis < 1 || maxProducers < 1 || keyExpirationMillis < 1 || maxKeys < 1) {
            throw new IllegalArgumentException("Each limit has to be 1 or more: " + producerExpirationMillis + ", "
                    + maxProducers + ", " + keyExpirationMillis + ", " + maxKeys);
        }
    }
}
