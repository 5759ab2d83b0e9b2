package io.naru.broker.config;

import io.naru.broker.metadata.BrokerSession;
import io.naru.broker.metadata.MetadataFollower;
import io.naru.broker.partition.PartitionHost;
import io.naru.broker.runtime.PeriodicTask;
import io.naru.commitlog.LogDirectories;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * The order in which a broker starts and stops. It starts before the web server and stops after it has answered its
 * last request: goodbye to the coordinators first, so that nobody is sent here any more, then no more images, then the
 * partitions, then the logs, whose clean-shutdown marker is the very last write.
 */
final class BrokerLifecycle implements SmartLifecycle {
    private final BrokerSession session;
    private final MetadataFollower follower;
    private final PartitionHost host;
    private final LogDirectories directories;
    private final List<PeriodicTask> upkeep;
    private volatile boolean running;

    BrokerLifecycle(
            BrokerSession session,
            MetadataFollower follower,
            PartitionHost host,
            LogDirectories directories,
            List<PeriodicTask> upkeep) {
        this.session = session;
        this.follower = follower;
        this.host = host;
        this.directories = directories;
        this.upkeep = List.copyOf(upkeep);
    }

    @Override
    public void start() {
        session.start();
        upkeep.forEach(PeriodicTask::start);
        running = true;
    }

    @Override
    public void stop() {
        session.close();
        host.stopOpening();
        follower.close();
        host.close();
        upkeep.forEach(PeriodicTask::close);
        directories.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Below the web server's phases: started before it, stopped after it. */
    @Override
    public int getPhase() {
        return 0;
    }
}
