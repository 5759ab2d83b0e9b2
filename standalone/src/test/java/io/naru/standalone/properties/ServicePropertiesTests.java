package io.naru.standalone.properties;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.broker.BrokerApplication;
import io.naru.cluster.TopicConfig;
import io.naru.coordinator.CoordinatorApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known, what the code asks for and what the page on configuration says are the same properties. */
class ServicePropertiesTests {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Pattern NAME = Pattern.compile("[a-z]+(\\.[a-z][a-z0-9-]*)+");

    private final Set<String> known =
            ServiceProperties.all().map(Property::name).collect(Collectors.toCollection(TreeSet::new));

    @Test
    void thePageOnConfigurationListsThemAll() throws IOException {
        Set<String> topicConfigs = Arrays.stream(TopicConfig.values())
                .map(config -> "log." + config.key())
                .collect(Collectors.toSet());
        Set<String> listed = new TreeSet<>();
        try (Stream<String> lines = Files.lines(PAGE)) {
            lines.filter(line -> line.startsWith("| `"))
                    .flatMap(line -> Pattern.compile("`([^`]+)`")
                            .matcher(line.split("\\|")[1])
                            .results())
                    .map(match -> match.group(1))
                    .filter(name -> !name.startsWith("server.") && !name.startsWith("management."))
                    .forEach(listed::add);
        }

        assertThat(listed.remove("log.<topic config>")).isTrue();
        assertThat(listed)
                .isEqualTo(known.stream()
                        .filter(name -> !topicConfigs.contains(name))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A property that is read by name alone would otherwise be missing where nobody looks. */
    @ParameterizedTest
    @ValueSource(classes = {BrokerApplication.class, CoordinatorApplication.class})
    void whatTheCodeNamesIsKnown(Class<?> application) throws Exception {
        Set<String> firstWords =
                known.stream().map(name -> name.substring(0, name.indexOf('.'))).collect(Collectors.toSet());

        Set<String> named = stringsIn(application).stream()
                .filter(text -> NAME.matcher(text).matches())
                .filter(text -> firstWords.contains(text.substring(0, text.indexOf('.'))))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).isNotEmpty();
        assertThat(known).containsAll(named);
    }

    /** All string constants of the packages {@code config} of a service. */
    private static Set<String> stringsIn(Class<?> application) throws IOException, URISyntaxException {
        URI place =
                application.getProtectionDomain().getCodeSource().getLocation().toURI();
        String config = application.getPackageName().replace('.', '/') + "/config";
        if (Files.isDirectory(Path.of(place))) {
            return stringsBelow(Path.of(place).resolve(config));
        }
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(place))) {
            return stringsBelow(jar.getPath(config));
        }
    }

    private static Set<String> stringsBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .flatMap(ServicePropertiesTests::strings)
                    .collect(Collectors.toSet());
        }
    }

    private static Stream<String> strings(Path file) {
        try {
            return StreamSupport.stream(
                            ClassFile.of()
                                    .parse(Files.readAllBytes(file))
                                    .constantPool()
                                    .spliterator(),
                            false)
                    .filter(StringEntry.class::isInstance)
                    .map(entry -> ((StringEntry) entry).stringValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
