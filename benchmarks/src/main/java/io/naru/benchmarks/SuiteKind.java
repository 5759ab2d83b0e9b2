package io.naru.benchmarks;

import io.naru.benchmarks.suite.CompactionSuite;
import io.naru.benchmarks.suite.HttpSuite;
import io.naru.benchmarks.suite.JmhSuite;
import io.naru.benchmarks.suite.RecoverySuite;
import io.naru.benchmarks.suite.Settings;
import io.naru.benchmarks.suite.SseSuite;
import io.naru.benchmarks.suite.StartupSuite;
import io.naru.benchmarks.suite.Suite;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;

/** The suites by the names the command line knows them by, in the order they run. */
enum SuiteKind {
    LOG,
    JSON,
    HTTP,
    SSE,
    STARTUP,
    RECOVERY,
    COMPACTION;

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    Suite open(Settings settings) throws IOException {
        return switch (this) {
            case LOG -> JmhSuite.log(settings);
            case JSON -> JmhSuite.json(settings);
            case HTTP -> new HttpSuite(settings);
            case SSE -> new SseSuite(settings);
            case STARTUP -> new StartupSuite(settings);
            case RECOVERY -> new RecoverySuite(settings);
            case COMPACTION -> new CompactionSuite(settings);
        };
    }

    /** The kinds that are meant, each once. */
    static List<SuiteKind> named(List<String> names, CommandLine line) {
        Set<SuiteKind> wanted = new LinkedHashSet<>();
        for (String name : names) {
            if (name.equals("all")) {
                return List.of(values());
            }
            wanted.add(Arrays.stream(values())
                    .filter(kind -> kind.title().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            line,
                            "there is no suite '" + name
                                    + "'; there are log, json, http, sse, startup, recovery, compaction and all")));
        }
        return wanted.stream().sorted().toList();
    }
}
