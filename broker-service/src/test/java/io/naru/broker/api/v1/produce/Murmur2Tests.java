package io.naru.broker.api.v1.produce;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

/** Keys land where Kafka's own clients would put them. */
class Murmur2Tests {
    @Property
    void hashesAsKafkaDoes(@ForAll byte[] key) {
        assertThat(Murmur2.hash(key, 0, key.length)).isEqualTo(Utils.murmur2(key));
    }

    @Property
    void choosesThePartitionThatKafkaChooses(@ForAll byte[] key, @ForAll @IntRange(min = 1, max = 10_000) int count) {
        byte[] around = new byte[key.length + 7];
        System.arraycopy(key, 0, around, 3, key.length);

        assertThat(Murmur2.partition(around, 3, key.length, count))
                .isEqualTo(BuiltInPartitioner.partitionForKey(key, count));
    }
}
