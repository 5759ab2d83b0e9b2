package io.naru.broker.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.naru.broker.testing.InMemoryCluster;
import io.naru.broker.testing.TestBroker;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.TopicId;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicTrafficTests {
    private final InMemoryCluster cluster = new InMemoryCluster(_ -> {}, TestBroker.ADVERTISED_URL);
    private final ImageWatch images = ImageWatch.start(cluster);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TopicTraffic traffic =
            new TopicTraffic(registry, cluster, images, new TopicTraffic.Direction("out", "records", "bytes"));

    @AfterEach
    void close() {
        images.close();
    }

    private double count(String meter, String topic) {
        Counter counter = registry.find(meter).tag("topic", topic).counter();
        return counter == null ? -1 : counter.count();
    }

    @Test
    void countsEachTopicOnItsOwn() {
        cluster.create("a", 1);
        cluster.create("b", 1);

        traffic.count("a", 2, 20);
        traffic.count("b", 3, 30);
        traffic.count("a", 0, 5);

        assertThat(count("messagesout", "a")).isEqualTo(2);
        assertThat(count("bytesout", "a")).isEqualTo(25);
        assertThat(count("messagesout", "b")).isEqualTo(3);
    }

    @Test
    void aTopicsCountersGoWithItAndDoNotComeBack() {
        cluster.create("a", 1);
        cluster.create("b", 1);
        traffic.count("a", 1, 10);
        traffic.count("b", 1, 10);

        cluster.delete("a");

        await().until(() -> count("messagesout", "a") == -1 && count("bytesout", "a") == -1);
        traffic.count("a", 1, 10);
        assertThat(count("messagesout", "a")).isEqualTo(-1);
        assertThat(count("bytesout", TopicTraffic.THE_REST)).isEqualTo(10);
        assertThat(count("messagesout", "b")).isEqualTo(1);
    }

    @Test
    void countsTheTopicsBeyondTheBoundTogether() {
        cluster.apply(IntStream.range(0, TopicTraffic.MOST_TOPICS + 5)
                .mapToObj(i -> new MetadataRecord.TopicCreated(new TopicId(UUID.randomUUID()), "topic-" + i, Map.of()))
                .toArray(MetadataRecord[]::new));

        for (int i = 0; i < TopicTraffic.MOST_TOPICS + 5; i++) {
            traffic.count("topic-" + i, 1, 1);
        }

        assertThat(registry.find("messagesout").counters()).hasSize(TopicTraffic.MOST_TOPICS + 1);
        assertThat(count("messagesout", TopicTraffic.THE_REST)).isEqualTo(5);
    }
}
