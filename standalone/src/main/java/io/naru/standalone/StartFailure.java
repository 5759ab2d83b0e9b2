package io.naru.standalone;

import io.naru.cluster.NaruException;
import java.net.BindException;
import org.springframework.boot.web.server.PortInUseException;

/** Turns the reason why a service did not start into one line for a person. */
final class StartFailure {
    private StartFailure() {}

    /** The most telling cause of a service's failure to start. */
    static StartException explain(String role, Throwable failure) {
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartException known -> {
                    return known;
                }
                case NaruException known -> {
                    return new StartException("the " + role + " could not start: " + known.detail(), failure);
                }
                case PortInUseException inUse -> {
                    String flag = role.equals("broker") ? "--port" : "--coordinator-port";
                    return new StartException(
                            "port " + inUse.getPort() + " is in use: choose another with " + flag, failure);
                }
                case BindException inUse -> {
                    return new StartException(
                            "the " + role + " could not listen on a port: " + inUse.getMessage(), failure);
                }
                default -> last = cause;
            }
        }
        String message = last.getMessage();
        String text = message == null
                ? last.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
        return new StartException("the " + role + " could not start: " + text, failure);
    }
}
