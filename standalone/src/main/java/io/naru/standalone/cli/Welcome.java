package io.naru.standalone.cli;

import io.naru.standalone.DataFolder;
import io.naru.standalone.StandaloneSettings;
import java.nio.file.Path;

/** What a person is told once Naru is ready. */
final class Welcome {
    private Welcome() {}

    static String text(StandaloneSettings settings, DataFolder folder, String howToStop) {
        return """
                  API         %s/v1
                  Swagger UI  %s/swagger-ui
                  Data        %s
                  Log         %s
                Stop with %s.""".formatted(
                settings.url(), settings.url(), folder.root(), folder.logs().resolve("naru.log"), howToStop);
    }

    static String stopCommand(DataFolder folder) {
        Path usual = Path.of("data").toAbsolutePath().normalize();
        return folder.root().equals(usual) ? "./naru down" : "./naru down --data " + folder.root();
    }
}
