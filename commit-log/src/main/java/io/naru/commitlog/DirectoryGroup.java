package io.naru.commitlog;

import io.naru.commitlog.LogDirectoryException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which data directories belong together, as each of them remembers it in the file {@value #NAME}: so it is known that one
 * is missing, and no log that may lie there is taken for new.
 *
 * <pre>
 * version=1
 * group=UUID               the same as long as one directory is left that remembers it
 * directory=UUID PATH      a line for each, with where it was last
 * </pre>
 *
 * @param members id of each directory that belongs to the group, here or not → where it was last
 */
record DirectoryGroup(UUID id, Map<UUID, Path> members) {
    static final String NAME = "naru-directories";

    private static final String VERSION = "version=1";
    private static final String GROUP = "group=";
    private static final String MEMBER = "directory=";

    DirectoryGroup {
        members = Map.copyOf(members);
    }

    /** What a directory remembers; null where it has never been one of several. */
    static @Nullable DirectoryGroup rememberedBy(LogDirectory directory) throws IOException {
        String text = directory.group();
        return text == null ? null : parse(directory, text);
    }

    /**
     * What all of these remember together; null if none does.
     *
     * @throws LogDirectoryException if they remember different groups
     */
    static @Nullable DirectoryGroup rememberedByAll(List<LogDirectory> directories) throws IOException {
        DirectoryGroup common = null;
        for (LogDirectory directory : directories) {
            DirectoryGroup own = rememberedBy(directory);
            if (own == null || own.equals(common)) {
                continue;
            }
            if (common != null && !own.id().equals(common.id())) {
                throw new LogDirectoryException(
                        Reason.NOT_A_LOG_DIRECTORY,
                        "The data directory " + directory.path() + " belongs to others than those named before it: they"
                                + " hold the data of different brokers. Name only those that belong together; " + NAME
                                + " in each lists them");
            }
            Map<UUID, Path> members = new LinkedHashMap<>(common == null ? Map.of() : common.members());
            members.putAll(own.members());
            common = new DirectoryGroup(own.id(), members);
        }
        return common;
    }

    /**
     * The group of these directories, which all remember it from now on.
     *
     * @param remembered what they did before, null if nothing
     * @throws LogDirectoryException if one is a copy of another
     */
    static DirectoryGroup of(@Nullable DirectoryGroup remembered, List<LogDirectory> directories) throws IOException {
        Map<UUID, Path> members = new LinkedHashMap<>(remembered == null ? Map.of() : remembered.members());
        Map<UUID, Path> here = new LinkedHashMap<>();
        for (LogDirectory directory : directories) {
            Path other = here.put(directory.directoryId(), directory.path());
            if (other != null) {
                throw new LogDirectoryException(
                        Reason.FOUND_TWICE,
                        "The data directories " + other + " and " + directory.path()
                                + " have the same id: one is a copy of the other. Name only one of them");
            }
        }
        members.putAll(here);
        DirectoryGroup group = new DirectoryGroup(
                remembered == null ? directories.getFirst().directoryId() : remembered.id(), members);
        if (group.members().size() > 1) {
            // A new one first: were it forgotten by a crash in between, it would be taken for one that may begin empty.
            for (LogDirectory directory : newestFirst(directories)) {
                if (!group.equals(rememberedBy(directory))) {
                    directory.noteGroup(group.text());
                }
            }
        }
        return group;
    }

    private static List<LogDirectory> newestFirst(List<LogDirectory> directories) throws IOException {
        List<LogDirectory> sorted = new ArrayList<>();
        for (LogDirectory directory : directories) {
            sorted.add(rememberedBy(directory) == null ? 0 : sorted.size(), directory);
        }
        return sorted;
    }

    private String text() {
        StringBuilder text =
                new StringBuilder(VERSION).append('\n').append(GROUP).append(id).append('\n');
        members.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(member -> text.append(MEMBER)
                        .append(member.getKey())
                        .append(' ')
                        .append(member.getValue())
                        .append('\n'));
        return text.toString();
    }

    private static DirectoryGroup parse(LogDirectory directory, String text) throws LogDirectoryException {
        List<String> lines = new ArrayList<>(text.lines().toList());
        UUID id = null;
        Map<UUID, Path> members = new LinkedHashMap<>();
        try {
            if (lines.isEmpty() || !lines.removeFirst().equals(VERSION)) {
                throw new IllegalArgumentException("it does not begin with " + VERSION);
            }
            for (String line : lines) {
                if (line.startsWith(GROUP)) {
                    id = UUID.fromString(line.substring(GROUP.length()).strip());
                } else if (line.startsWith(MEMBER)) {
                    String[] parts = line.substring(MEMBER.length()).split(" ", 2);
                    members.put(UUID.fromString(parts[0]), Path.of(parts.length == 2 ? parts[1] : ""));
                }
            }
            if (id == null) {
                throw new IllegalArgumentException("it has no line " + GROUP);
            }
        } catch (IllegalArgumentException e) {
            throw new LogDirectoryException(
                    Reason.NOT_A_LOG_DIRECTORY,
                    "The file " + directory.path().resolve(NAME) + " is damaged (" + e.getMessage()
                            + "). It says which data directories belong together; copy it from one of the others, or"
                            + " restore it from a backup",
                    e);
        }
        return new DirectoryGroup(id, members);
    }
}
