package io.naru.broker.api.v1.topics;

import io.naru.broker.api.v1.BrokerContext;
import io.naru.broker.api.web.BlockingCalls;
import io.naru.broker.api.web.JsonBodies;
import io.naru.broker.metadata.Coordinator;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicImage;
import io.naru.cluster.TopicNames;
import io.naru.cluster.protocol.TopicCommand;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Changes topics: the coordinators decide, and the answer waits until this broker has replayed and acted on the
 * decision, so that whoever reads it can rely on it here. Thread-safe.
 */
public final class TopicChanges {
    private static final Duration REPLAY_LIMIT = Duration.ofSeconds(30);

    private final BrokerContext broker;
    private final Coordinator coordinator;
    private final JsonBodies bodies;
    private final BlockingCalls calls;

    public TopicChanges(BrokerContext broker, Coordinator coordinator, JsonBodies bodies, BlockingCalls calls) {
        this.broker = broker;
        this.coordinator = coordinator;
        this.bodies = bodies;
        this.calls = calls;
    }

    /** The topic that the request asks for. */
    Mono<TopicImage> create(ServerHttpRequest request) {
        return bodies.read(request, CreateTopic.class)
                .map(CreateTopic::toCommand)
                .flatMap(command ->
                        calls.run(() -> topic(command.name(), settled(() -> coordinator.createTopic(command)))));
    }

    /** The topic as the request changes it. */
    Mono<TopicImage> change(ServerHttpRequest request, String name, @Nullable String ifMatch) {
        requirePossible(name);
        String revision = IfMatch.revision(ifMatch, knownRevision(name));
        return bodies.read(request, ChangeTopic.class)
                .map(change -> change.toCommand(revision))
                .flatMap(command -> calls.run(() -> topic(name, settled(() -> coordinator.alterTopic(name, command)))));
    }

    /** Completes with the image in which the topic is gone. */
    Mono<ClusterImage> delete(String name, @Nullable String ifMatch) {
        requirePossible(name);
        String revision = IfMatch.revision(ifMatch, knownRevision(name));
        return calls.run(() -> settled(() -> coordinator.deleteTopic(name, new TopicCommand.Delete(revision))));
    }

    private ClusterImage settled(Supplier<TopicCommand.Done> call) {
        TopicCommand.Done done = call.get();
        return broker.cluster()
                .awaitVersion(done.version(), REPLAY_LIMIT)
                .toCompletableFuture()
                .join();
    }

    private static TopicImage topic(String name, ClusterImage image) {
        // Gone only if somebody deleted it in the same moment.
        return BrokerContext.topic(image, name);
    }

    private @Nullable String knownRevision(String name) {
        TopicImage topic = broker.cluster().image().topic(name);
        return topic == null ? null : topic.revision();
    }

    /** A topic whose name is impossible is simply not there; the coordinators need not be asked. */
    private void requirePossible(String name) {
        try {
            TopicNames.requireUserName(name);
        } catch (NaruException _) {
            if (broker.cluster().image().topic(name) == null) {
                throw BrokerContext.topicNotFound(name);
            }
        }
    }
}
