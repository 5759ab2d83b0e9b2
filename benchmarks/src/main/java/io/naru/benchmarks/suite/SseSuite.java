package io.naru.benchmarks.suite;

import io.naru.benchmarks.load.Arrivals;
import io.naru.benchmarks.load.FanOut;
import io.naru.benchmarks.load.Window;
import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Goal;
import io.naru.benchmarks.report.Measurements;
import io.naru.benchmarks.services.BareServer;
import io.naru.benchmarks.services.NaruServer;
import io.naru.benchmarks.services.Server;
import io.naru.benchmarks.services.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** Following a topic by server-sent events while one producer writes at an even rate. */
public final class SseSuite implements Suite {
    private static final String SUITE = "sse";
    private static final int[] READERS = {1, 10, 100};

    private final Settings settings;
    private final Arrivals.Paced rate;
    private final NaruServer naru;
    private final BareServer bare;
    private int topics;

    /** Starts Naru and, as the limit, a bare HTTP server. */
    public SseSuite(Settings settings) throws IOException {
        this.settings = settings;
        this.rate = new Arrivals.Paced(settings.rate());
        this.naru = NaruServer.start(settings.launcher().get(), settings.folder());
        try {
            this.bare = BareServer.start(settings.folder());
        } catch (IOException | RuntimeException e) {
            naru.close();
            throw e;
        }
    }

    @Override
    public void repeat(int repetition, Measurements measurements) throws IOException, InterruptedException {
        for (int readers : READERS) {
            String name = String.format(
                    Locale.ROOT, "%,.0f events/s, %d reader%s", rate.perSecond(), readers, readers == 1 ? "" : "s");
            if (repetition == 1 && !settings.quick()) {
                settings.progress().accept(name + ", warming up");
                Window unmeasured =
                        new Window(Duration.ZERO, settings.window().measured().multipliedBy(2));
                follow(bare, readers, unmeasured);
                follow(naru, readers, unmeasured);
            }
            settings.progress().accept(name);
            FanOut floor = follow(bare, readers, settings.window());
            FanOut ours = follow(naru, readers, settings.window());
            add(measurements, name, readers, ours, floor);
        }
        if (settings.peers().isPresent()) {
            settings.progress().accept("Apache Kafka, end to end");
            settings.peers().get().endToEnd(measurements);
        }
    }

    private FanOut follow(Server server, int readers, Window window) throws IOException, InterruptedException {
        String topic = "events-" + topics++;
        Topics.create(server, topic, 1, true);
        FanOut result = FanOut.run(
                new FanOut.Route(server.address(), Topics.records(topic), Topics.stream(topic)),
                readers,
                rate,
                settings.valueBytes(),
                window);
        Topics.delete(server, topic);
        return result;
    }

    private static void add(Measurements measurements, String name, int readers, FanOut ours, FanOut floor) {
        LatencyFigures floorLatency = LatencyFigures.of(SUITE, "limit: bare HTTP, " + name + ", intended → received");
        floorLatency.add(measurements, floor.sinceIntended());
        LatencyFigures acknowledged = LatencyFigures.of(SUITE, name + ", acknowledged → received");
        (readers == 1 ? acknowledged.withGoalForP99(Goal.atMost(5)) : acknowledged)
                .add(measurements, ours.sinceAcknowledged());
        LatencyFigures.of(SUITE, name + ", intended → received")
                .beside(floorLatency)
                .add(measurements, ours.sinceIntended());
        LatencyFigures.of(SUITE, "  " + name + ", intended → acknowledged").add(measurements, ours.acknowledgement());
        measurements.add(Figure.of(SUITE, "  " + name + ", generator's readers used", "cores"), ours.readersBusy());
    }

    @Override
    public void close() throws IOException {
        try (bare) {
            naru.close();
        }
    }
}
