package io.naru.coordinator.config;

import io.naru.coordinator.quorum.DirectoryException;
import io.naru.coordinator.quorum.QuorumStartException;
import io.naru.coordinator.quorum.UnreadableMetadataException;
import java.util.Optional;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/**
 * Knows the failures to start that somebody can do something about, and says each in one line. Spring Boot asks every
 * reporter on the class path; this one answers for coordinators only.
 */
public final class StartFailures implements SpringBootExceptionReporter {
    private final boolean ofCoordinator;

    /** For Spring Boot. */
    public StartFailures(ConfigurableApplicationContext context) {
        ofCoordinator = context != null && context.containsBeanDefinition("coordinatorLifecycle");
    }

    /** Keeps Spring Boot from printing pages about what is told in one line. */
    @Override
    public boolean reportException(Throwable failure) {
        return ofCoordinator && explain(failure).isPresent();
    }

    /** The line that explains a failure; empty for one that nobody foresaw. */
    public static Optional<String> explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    && NestedExceptionUtils.getRootCause(cause) instanceof InvalidPropertyException) {
                continue;
            }
            switch (cause) {
                case DirectoryException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                case QuorumStartException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                case UnreadableMetadataException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                case PortInUseException e -> {
                    return Optional.of(
                            "Port " + e.getPort()
                                    + ", which this coordinator answers HTTP on, is in use. Set server.port to a free one, or stop what uses it.");
                }
                case BindException e -> {
                    return Optional.of("The property " + e.getName() + " cannot be used: "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage());
                }
                case InvalidPropertyException e -> {
                    return Optional.ofNullable(e.getMessage());
                }
                default -> {}
            }
        }
        return Optional.empty();
    }
}
