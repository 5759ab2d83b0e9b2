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
            Load floor = follow(bare, readers, settings.window());
            Load ours = follow(naru, readers, settings.window());
            add(measurements, name, readers, ours, floor);
        }
        if (settings.peers().isPresent()) {
            settings.progress().accept("Apache Kafka, end to end");
            settings.peers().get().endToEnd(measurements);
        }
    }

    /** A load and the share of cores that the server used for it. */
    private record Load(FanOut result, double cores) {}

    private Load follow(Server server, int readers, Window window) throws IOException, InterruptedException {
        String topic = "events-" + topics++;
        Topics.create(server, topic, 1, true);
        Duration cpu = server.cpu();
        long began = System.nanoTime();
        FanOut result = FanOut.run(
                new FanOut.Route(server.address(), Topics.records(topic), Topics.stream(topic)),
                readers,
                rate,
                settings.valueBytes(),
                window);
        double cores = server.cpu().minus(cpu).toNanos() / (double) (System.nanoTime() - began);
        Topics.delete(server, topic);
        return new Load(result, cores);
    }

    private static void add(Measurements measurements, String group, int readers, Load ours, Load floor) {
        LatencyFigures acknowledged = LatencyFigures.of(SUITE, group, "acknowledged → received");
        (readers == 1 ? acknowledged.withGoalForP99(Goal.atMost(5)) : acknowledged)
                .add(measurements, ours.result().sinceAcknowledged());
        LatencyFigures.of(SUITE, group, "intended → acknowledged")
                .add(measurements, ours.result().acknowledgement());
        LatencyFigures floorLatency = LatencyFigures.of(SUITE, group, "bare HTTP, intended → received");
        LatencyFigures.of(SUITE, group, "intended → received")
                .beside(floorLatency)
                .add(measurements, ours.result().sinceIntended());
        floorLatency.add(measurements, floor.result().sinceIntended());
        measurements.add(Figure.of(SUITE, group, "server used", "cores"), ours.cores());
        measurements.add(
                Figure.of(SUITE, group, "generator's readers used", "cores"),
                ours.result().readersBusy());
    }

    @Override
    public void close() throws IOException {
        try (bare) {
            naru.close();
        }
    }
}
