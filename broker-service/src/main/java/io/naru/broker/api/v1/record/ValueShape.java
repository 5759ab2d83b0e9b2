package io.naru.broker.api.v1.record;

/** In which of three fields a value's bytes are shown. */
public enum ValueShape {
    /** One JSON text other than null: shown with its very bytes in {@code value}. */
    JSON,
    /** Other UTF-8: a string in {@code value_text}. */
    TEXT,
    /** Anything else, in {@code value_base64}. */
    BASE64
}
