package io.naru.broker.metadata;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataDelta;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.Heartbeat;
import io.naru.cluster.protocol.QuorumView;
import io.naru.cluster.protocol.TopicCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A coordinator in memory, whose image tests move by hand, and which can be made to fail. Thread-safe. */
final class FakeCoordinator implements Coordinator {
    final List<BrokerRegistration> registrations = new CopyOnWriteArrayList<>();
    final List<Heartbeat> heartbeats = new CopyOnWriteArrayList<>();

    private final UUID clusterId = UUID.randomUUID();
    private final List<ClusterImage> history = new ArrayList<>(List.of(ClusterImage.EMPTY));
    private final List<List<MetadataRecord>> entries = new ArrayList<>();
    private volatile boolean unavailable;
    private volatile boolean refusing;
    private boolean older;
    private final AtomicInteger olderAnswers = new AtomicInteger();

    synchronized void append(MetadataRecord... records) {
        entries.add(List.of(records));
        history.add(history.getLast().apply(List.of(records), history.size()));
        notifyAll();
    }

    synchronized ClusterImage image() {
        return history.getLast();
    }

    void unavailable(boolean now) {
        unavailable = now;
    }

    void refusing(boolean now) {
        refusing = now;
    }

    @Override
    public synchronized BrokerRegistration.Accepted register(int brokerId, BrokerRegistration registration) {
        check();
        if (refusing) {
            throw new NaruException(ErrorCode.FOREIGN_CLUSTER, "another cluster's data");
        }
        registrations.add(registration);
        if (image().clusterId() == null) {
            append(new MetadataRecord.ClusterCreated(clusterId));
        }
        long epoch = image().version() + 1;
        append(new MetadataRecord.BrokerRegistered(
                brokerId,
                registration.incarnation(),
                epoch,
                registration.directoryId(),
                registration.url(),
                registration.rack()));
        return new BrokerRegistration.Accepted(clusterId, epoch, epoch);
    }

    @Override
    public synchronized Heartbeat.Answer heartbeat(int brokerId, Heartbeat heartbeat) {
        check();
        heartbeats.add(heartbeat);
        var broker = image().broker(brokerId);
        if (broker == null || broker.epoch() != heartbeat.brokerEpoch()) {
            throw new NaruException(ErrorCode.STALE_BROKER_EPOCH, "register anew");
        }
        if (heartbeat.leaving() && !broker.fenced()) {
            append(new MetadataRecord.BrokerFenced(brokerId, broker.epoch()));
        } else if (broker.fenced() && !heartbeat.leaving() && heartbeat.metadataVersion() >= broker.epoch()) {
            append(new MetadataRecord.BrokerUnfenced(brokerId, broker.epoch()));
        }
        return new Heartbeat.Answer(image().broker(brokerId).fenced(), image().version());
    }

    /** Whether to answer like a coordinator that has replayed only a part of its log. */
    synchronized void answerOlder(boolean now) {
        older = now;
        notifyAll();
    }

    int olderAnswers() {
        return olderAnswers.get();
    }

    @Override
    public synchronized MetadataDelta metadataAfter(long version, Duration wait) {
        check();
        if (older) {
            olderAnswers.incrementAndGet();
            return MetadataDelta.snapshotOf(history.get(1));
        }
        long deadline = System.nanoTime() + wait.toNanos();
        while (image().version() <= version && System.nanoTime() < deadline && !unavailable && !older) {
            try {
                wait(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NaruException(ErrorCode.COORDINATOR_UNAVAILABLE, "interrupted");
            }
        }
        check();
        if (version == 0) {
            return MetadataDelta.snapshotOf(image());
        }
        var news = entries.subList((int) version, entries.size()).stream()
                .flatMap(List::stream)
                .toList();
        return new MetadataDelta(false, version, image().version(), news);
    }

    @Override
    public TopicCommand.Done createTopic(TopicCommand.Create command) {
        throw new AssertionError("not part of these tests");
    }

    @Override
    public TopicCommand.Done alterTopic(String topic, TopicCommand.Alter command) {
        throw new AssertionError("not part of these tests");
    }

    @Override
    public TopicCommand.Done deleteTopic(String topic, TopicCommand.Delete command) {
        throw new AssertionError("not part of these tests");
    }

    @Override
    public QuorumView quorum() {
        throw new AssertionError("not part of these tests");
    }

    private void check() {
        if (unavailable) {
            throw new NaruException(ErrorCode.COORDINATOR_UNAVAILABLE, "made unavailable by the test");
        }
    }
}
