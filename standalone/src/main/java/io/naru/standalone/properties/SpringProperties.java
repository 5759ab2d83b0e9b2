package io.naru.standalone.properties;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The properties of Spring Boot and of springdoc, as the metadata in their jars describes them: the same that their
 * reference documentation is made of, and of the versions that are on the class path.
 */
final class SpringProperties {
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final List<String> PREFIXES = List.of("server.", "spring.", "logging.", "management.", "springdoc.");

    private SpringProperties() {}

    static Stream<Property> all() {
        try {
            return Collections.list(SpringProperties.class.getClassLoader().getResources(METADATA)).stream()
                    .flatMap(SpringProperties::in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Property> in(URL metadata) {
        try (InputStream json = metadata.openStream()) {
            return JsonMapper.shared()
                    .readTree(json)
                    .path("properties")
                    .valueStream()
                    .filter(SpringProperties::isInForce)
                    .map(property -> new Property(
                            property.path("name").asString(),
                            shape(property.path("type").asString(""))));
        } catch (IOException e) {
            throw new UncheckedIOException("The configuration metadata " + metadata + " can't be read", e);
        }
    }

    private static boolean isInForce(JsonNode property) {
        String name = property.path("name").asString("");
        return PREFIXES.stream().anyMatch(name::startsWith)
                && !property.path("deprecation").path("level").asString("").equals("error");
    }

    private static Property.Shape shape(String type) {
        if (type.startsWith("java.util.Map") || type.startsWith("java.util.Properties")) {
            return Property.Shape.MAP;
        }
        boolean list = type.startsWith("java.util.List")
                || type.startsWith("java.util.Set")
                || type.startsWith("java.util.Collection")
                || type.endsWith("[]");
        return list ? Property.Shape.LIST : Property.Shape.VALUE;
    }
}
