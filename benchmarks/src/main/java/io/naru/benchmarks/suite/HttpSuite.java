package io.naru.benchmarks.suite;

import io.naru.benchmarks.load.Arrivals;
import io.naru.benchmarks.load.LoadResult;
import io.naru.benchmarks.load.Window;
import io.naru.benchmarks.report.Figure;
import io.naru.benchmarks.report.Measurements;
import io.naru.benchmarks.services.BareServer;
import io.naru.benchmarks.services.NaruServer;
import io.naru.benchmarks.services.Server;
import io.naru.benchmarks.services.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Producing over HTTP, each way in turn against Naru and against a bare HTTP server. */
public final class HttpSuite implements Suite {
    private static final String SUITE = "http";

    private final Settings settings;
    private final List<HttpCase> cases;
    private final NaruServer naru;
    private final BareServer bare;
    private int topics;

    /** Starts both servers, and loads them until what they run is compiled. */
    public HttpSuite(Settings settings) throws IOException {
        this.settings = settings;
        this.cases = HttpCase.all(settings);
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
        for (HttpCase one : cases) {
            if (repetition == 1 && !settings.quick()) {
                settings.progress().accept(one.name() + ", warming up");
                Window unmeasured =
                        new Window(Duration.ZERO, settings.window().measured().multipliedBy(2));
                load(bare, one, unmeasured);
                load(naru, one, unmeasured);
            }
            settings.progress().accept(one.name());
            Load limit = load(bare, one, settings.window());
            Load ours = load(naru, one, settings.window());
            add(measurements, one, ours, limit);
        }
        if (settings.peers().isPresent()) {
            settings.progress().accept("Apache Kafka's own producer");
            settings.peers().get().produce(repetition, measurements);
        }
    }

    /** A load and the share of cores that the server used for it. */
    private record Load(LoadResult result, double cores) {}

    private Load load(Server server, HttpCase one, Window window) throws IOException {
        String topic = "load-" + topics++;
        Topics.create(server, topic, settings.partitions(), one.forced());
        Duration cpu = server.cpu();
        long began = System.nanoTime();
        LoadResult result = one.run(server.address(), topic, settings.valueBytes(), window);
        double cores = server.cpu().minus(cpu).toNanos() / (double) (System.nanoTime() - began);
        Topics.delete(server, topic);
        return new Load(result, cores);
    }

    private static void add(Measurements measurements, HttpCase one, Load ours, Load limit) {
        int records = one.recordsPerAnswer();
        String group = one.name();
        LatencyFigures latency = LatencyFigures.of(SUITE, group, "latency");
        switch (one.arrivals()) {
            case Arrivals.Closed() -> {
                Figure bareRate = Figure.of(SUITE, group, "bare HTTP", "records/s");
                measurements.add(bareRate, limit.result().perSecond() * records);
                measurements.add(
                        Figure.of(SUITE, group, "throughput", "records/s").beside(bareRate),
                        ours.result().perSecond() * records);
            }
            case Arrivals.Paced _ -> {
                LatencyFigures floor = LatencyFigures.of(SUITE, group, "bare HTTP");
                floor.add(measurements, limit.result().latency());
                latency = latency.beside(floor);
            }
        }
        latency.add(measurements, ours.result().latency());
        measurements.add(Figure.of(SUITE, group, "server used", "cores"), ours.cores());
        measurements.add(
                Figure.of(SUITE, group, "generator used", "cores"),
                ours.result().generatorBusy());
    }

    @Override
    public void close() throws IOException {
        try (bare) {
            naru.close();
        }
    }
}
