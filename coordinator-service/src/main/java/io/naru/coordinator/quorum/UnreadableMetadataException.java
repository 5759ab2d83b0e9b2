package io.naru.coordinator.quorum;

/**
 * The metadata on disk cannot be read: it is damaged, or a newer version wrote it. The coordinator must not go on, because
 * its image would differ from the others'.
 */
public final class UnreadableMetadataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableMetadataException(String message, Throwable cause) {
        super(message, cause);
    }

    UnreadableMetadataException(String message) {
        super(message);
    }
}
