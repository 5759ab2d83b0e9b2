package io.naru.cluster;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that could not be carried out. {@link #getMessage()} is written for the caller: what happened, what it
 * means and what to do. {@link #properties()} carry machine-readable facts such as {@code log_start_offset}.
 */
public final class NaruException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final transient Map<String, Object> properties;

    public NaruException(ErrorCode code, String detail) {
        this(code, detail, Map.of(), null);
    }

    public NaruException(ErrorCode code, String detail, Throwable cause) {
        this(code, detail, Map.of(), cause);
    }

    public NaruException(ErrorCode code, String detail, Map<String, ?> properties) {
        this(code, detail, properties, null);
    }

    private NaruException(ErrorCode code, String detail, Map<String, ?> properties, @Nullable Throwable cause) {
        // Callers' mistakes are ordinary: without a stack trace they cost next to nothing.
        super(detail, cause, false, code == ErrorCode.INTERNAL);
        this.code = code;
        this.properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    public ErrorCode code() {
        return code;
    }

    /** The text for the caller; never null, unlike {@link #getMessage()} of exceptions in general. */
    public String detail() {
        return Objects.requireNonNullElse(getMessage(), code.title());
    }

    /** Facts for programs, in the order they were given; keys in snake_case. */
    public Map<String, Object> properties() {
        return properties;
    }
}
