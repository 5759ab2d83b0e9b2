package io.naru.broker.metadata;

import io.naru.cluster.MetadataDelta;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.cluster.protocol.QuorumView;
import io.naru.cluster.protocol.TopicCommand;
import java.time.Duration;

/**
 * What this broker asks of the coordinators. Thread-safe; every call blocks until the answer and belongs on a virtual
 * thread or a thread of its own. Refusals come as {@link io.naru.cluster.NaruException} with the coordinator's code;
 * {@code COORDINATOR_UNAVAILABLE} when none could be reached.
 */
public interface Coordinator {
    BrokerRegistration.Accepted register(int brokerId, BrokerRegistration registration);

    Heartbeat.Answer heartbeat(int brokerId, Heartbeat heartbeat);

    /** News after {@code version}; waits up to {@code wait} for some, then answers an empty delta. */
    MetadataDelta metadataAfter(long version, Duration wait);

    TopicCommand.Done createTopic(TopicCommand.Create command);

    TopicCommand.Done alterTopic(String topic, TopicCommand.Alter command);

    TopicCommand.Done deleteTopic(String topic, TopicCommand.Delete command);

    QuorumView quorum();
}
