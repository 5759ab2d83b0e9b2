package io.naru.standalone.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.naru.standalone.DataFolder;
import io.naru.standalone.RunFile;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Lists what runs on a data folder. */
@Command(
        name = "status",
        header = "List what runs on a data folder: role, id, pid, url and state.",
        description = {
            "The state is ready, not_ready (it says so itself), starting, unresponsive (it runs and does not answer) or "
                    + "stopped (it ended without a farewell).",
            "Exit code 0 if all is ready, 3 if something is not or nothing runs."
        },
        sortOptions = false,
        usageHelpAutoWidth = false)
final class Status extends Subcommand {
    private static final int NOT_READY = 3;
    private static final String LINE = "%-12s %-3s %-8s %-24s %s";

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--json",
            description = "Print {\"data\":…,\"processes\":[{\"role\",\"id\",\"pid\",\"url\",\"state\"}]}.")
    private boolean json;

    /** One process in one role; a process with two roles is listed twice. */
    record Row(String role, int id, long pid, String url, String state) {}

    /** The answer of {@code --json}. */
    record Listing(
            @JsonProperty("data") String data,
            @JsonProperty("processes") List<Row> processes) {}

    @Override
    public Integer call() {
        DataFolder folder = data.folder();
        List<Row> rows = RunFile.readAll(folder.run()).stream()
                .map(file -> new Row(
                        file.role(),
                        file.id(),
                        file.pid(),
                        file.url(),
                        ProcessState.of(file).text()))
                .toList();
        if (json) {
            say(new JsonMapper().writeValueAsString(new Listing(folder.root().toString(), rows)));
        } else if (rows.isEmpty()) {
            say("Nothing runs on " + folder.root() + ".");
        } else {
            say(LINE.formatted("ROLE", "ID", "PID", "URL", "STATE"));
            rows.forEach(row -> say(LINE.formatted(row.role(), row.id(), row.pid(), row.url(), row.state())));
        }
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.state().equals(ProcessState.READY.text()))
                ? 0
                : NOT_READY;
    }
}
