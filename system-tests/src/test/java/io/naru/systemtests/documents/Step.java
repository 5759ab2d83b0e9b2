package io.naru.systemtests.documents;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A command in a document and the output printed below it.
 *
 * @param follows whether the command runs on while the next ones are typed elsewhere
 */
record Step(String command, List<String> output, boolean follows) {
    private static final Pattern VARYING =
            Pattern.compile("…|(?<!\\d)\\d{13}(?!\\d)|\\d+\\.\\d s\\b|(?<=pid )\\d+|\\b4242\\b| {2,}");

    /**
     * What the output has to match: literally, but for {@code …}, which stands for anything, and for times, durations,
     * pids (in a table {@code 4242}) and the width of columns, which stand for any other of their kind.
     */
    Pattern expected() {
        StringBuilder regex = new StringBuilder();
        String text = String.join("\n", output).strip();
        var varying = VARYING.matcher(text);
        int end = 0;
        while (varying.find()) {
            regex.append(Pattern.quote(text.substring(end, varying.start())));
            String found = varying.group();
            if (found.equals("…")) {
                regex.append(".*?");
            } else if (found.isBlank()) {
                regex.append(" +");
            } else if (found.endsWith(" s")) {
                regex.append("\\d+\\.\\d s");
            } else {
                regex.append("\\d+");
            }
            end = varying.end();
        }
        regex.append(Pattern.quote(text.substring(end)));
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
