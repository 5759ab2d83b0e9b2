package io.naru.systemtests.documents;

import java.util.ArrayList;
import java.util.List;

/**
 * The terminal sessions of a Markdown document: its {@code console} blocks, in order. A line that begins with {@code $}
 * is a command, a backslash at its end or an open quote goes on with the next line, and what follows is its output. In a
 * block marked {@code console follow} the command goes on running.
 */
record Transcript(List<Step> steps) {
    private static final String FENCE = "```";
    private static final String PROMPT = "$ ";

    static Transcript of(String markdown) {
        List<Step> steps = new ArrayList<>();
        String block = "";
        String command = "";
        List<String> output = new ArrayList<>();
        for (String line : markdown.lines().toList()) {
            boolean inConsole = block.startsWith("console");
            if (line.startsWith(FENCE)) {
                command = finish(steps, block, command, output);
                block = block.isEmpty() ? line.substring(FENCE.length()).strip() + " " : "";
            } else if (inConsole && command.endsWith("\\")) {
                command = command.substring(0, command.length() - 1) + line.strip();
            } else if (inConsole
                    && command.chars().filter(character -> character == '\'').count() % 2 == 1) {
                command += "\n" + line;
            } else if (inConsole && line.startsWith(PROMPT)) {
                finish(steps, block, command, output);
                command = line.substring(PROMPT.length());
            } else if (inConsole) {
                output.add(line);
            }
        }
        return new Transcript(List.copyOf(steps));
    }

    private static String finish(List<Step> steps, String block, String command, List<String> output) {
        if (!command.isEmpty()) {
            steps.add(new Step(command, List.copyOf(output), block.contains(" follow")));
        }
        output.clear();
        return "";
    }
}
