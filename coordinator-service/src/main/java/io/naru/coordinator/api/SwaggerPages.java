package io.naru.coordinator.api;

import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Swagger UI over {@code /openapi}. Served from its web jar file by file: springdoc's own way would have every start
 * wait for parts that only a reader of these pages needs.
 */
@RestController
@Hidden
public final class SwaggerPages {
    private static final String JAR = "/META-INF/resources/webjars/swagger-ui/";
    private static final String INITIALIZER = """
            window.onload = () => {
              window.ui = SwaggerUIBundle({
                url: '/openapi',
                dom_id: '#swagger-ui',
                presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
                layout: 'BaseLayout',
                tryItOutEnabled: true
              });
            };
            """;

    private static final Map<String, MediaType> FILES = Map.of(
            "index.html", MediaType.TEXT_HTML,
            "index.css", MediaType.valueOf("text/css"),
            "swagger-ui.css", MediaType.valueOf("text/css"),
            "swagger-ui-bundle.js", MediaType.valueOf("text/javascript"),
            "swagger-ui-standalone-preset.js", MediaType.valueOf("text/javascript"),
            "favicon-16x16.png", MediaType.IMAGE_PNG,
            "favicon-32x32.png", MediaType.IMAGE_PNG);

    @GetMapping("/openapi/ui")
    ResponseEntity<Void> entrance() {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, "/openapi/ui/index.html")
                .build();
    }

    @GetMapping("/openapi/ui/swagger-initializer.js")
    ResponseEntity<byte[]> initializer() {
        return answer(MediaType.valueOf("text/javascript"), INITIALIZER.getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/openapi/ui/{file}")
    ResponseEntity<byte[]> file(@PathVariable String file) throws IOException, NoResourceFoundException {
        MediaType type = FILES.get(file);
        byte[] bytes = type == null ? null : read(JAR + version() + "/" + file);
        if (type == null || bytes == null) {
            throw new NoResourceFoundException(HttpMethod.GET, "/openapi/ui", file);
        }
        return answer(type, bytes);
    }

    private static ResponseEntity<byte[]> answer(MediaType type, byte[] bytes) {
        return ResponseEntity.ok().contentType(type).body(bytes);
    }

    private static String version() throws IOException {
        var properties = new Properties();
        try (InputStream in =
                SwaggerPages.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "");
    }

    private static byte @Nullable [] read(String resource) throws IOException {
        try (InputStream in = SwaggerPages.class.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        }
    }
}
