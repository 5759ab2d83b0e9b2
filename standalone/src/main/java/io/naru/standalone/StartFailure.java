package io.naru.standalone;

import java.util.concurrent.CompletionException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;

/** Turns the reason why a service did not start into one line for a person. */
final class StartFailure {
    private StartFailure() {}

    /** The most telling cause of a service's failure to start: the outermost that is not Spring's wrapping. */
    static StartException explain(String role, Throwable failure) {
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartException known -> {
                    return known;
                }
                case PortInUseException inUse -> {
                    String flag = role.equals("broker") ? "--port" : "--coordinator-port";
                    return new StartException(
                            "port " + inUse.getPort() + " is in use: choose another with " + flag, failure);
                }
                case BindException unfit -> {
                    ConfigurationProperty property = unfit.getProperty();
                    String value = property == null ? "" : "=" + property.getValue();
                    return new StartException(
                            "the " + role + " could not start: " + unfit.getName() + value + " does not fit there",
                            failure);
                }
                default -> last = cause;
            }
            if (!isWrapping(cause)) {
                break;
            }
        }
        String message = last.getMessage();
        String text = message == null
                ? last.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return new StartException("the " + role + " could not start: " + text, failure);
    }

    private static boolean isWrapping(Throwable cause) {
        return cause.getClass().getName().startsWith("org.springframework.")
                || cause instanceof CompletionException
                || cause instanceof ReflectiveOperationException;
    }
}
